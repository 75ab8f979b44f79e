"""Quick capture on every screen: what is said in a meeting is kept with one key, a line and enter."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from store import schema
from store.running import in_meeting, running
from tui.i18n import _
from tui.screens.desk_edits import DeskEdits
from tui.screens.meeting_start import StartingMeetings
from tui.theme import glyph

if TYPE_CHECKING:
    from store.capture import Capture
    from store.commands import Change
    from tui.widgets.capture_bar import CaptureBar

CAPTURE_DRAFT = "capture"


class Capturing(DeskEdits, StartingMeetings):
    """Opens the capture line, says what it understands, and keeps it."""

    async def action_add(self) -> None:
        """Open the capture line for an item."""
        await self.open_capture("")

    async def action_log_conflict(self) -> None:
        """Open the capture line for a conflict."""
        await self.open_capture("conflict")

    async def action_log_feedback(self) -> None:
        """Open the capture line for feedback."""
        await self.open_capture("feedback")

    async def action_log_promise(self) -> None:
        """Open the capture line for a promise."""
        await self.open_capture("commitment")

    async def open_capture(self, kind: str) -> None:
        """Open the line for a kind, with what was typed there before; '' lets the line itself say what it is."""
        from tui.widgets.capture_bar import CaptureBar

        await self.close_filter_line()
        for bar in self.query(CaptureBar):
            await bar.remove()
        text = self.boat.drafts.get(f"{CAPTURE_DRAFT}/{kind}")
        bar = CaptureBar(kind, text)
        # Over what is shown and before all of it in order: that way nothing else is laid out or painted anew.
        bar.styles.margin = (0, 0, self._lines_below(), 0)
        await self.mount(bar, before=0)
        self.set_focus(bar.line)  # at once: what is typed right behind the key is meant for the line

    def _lines_below(self) -> int:
        """Return how many lines there are below the part of the screen that has all the room."""
        found = 0
        for child in reversed(self.children):
            if child.layer == "default" and child.display:
                if child.styles.height is not None and child.styles.height.is_fraction:
                    break
                found += child.outer_size.height
        return found

    def on_capture_bar_changed(self, event: CaptureBar.Changed) -> None:
        """Show what the line is understood to mean."""
        from textual.content import Content

        from tui.widgets.capture_bar import preview

        event.stop()
        if not event.text.strip():
            event.bar.show_preview(Content(""), ())
            event.bar.show_similar("")
            return
        capture = self._understand(event.text, event.bar.kind)
        spans = [(part.start, part.end) for part in capture.understood]
        event.bar.show_preview(preview(self._preview_parts(capture)), spans)
        event.bar.show_similar(self._similar_words(capture) if capture.kind == "conflict" else "")

    def _similar_words(self, capture: Capture) -> str:
        """Return how something like it was settled before."""
        from store.similar import similar
        from tui.similar_words import similar_words

        parties = capture.fields.get("parties")
        found = similar(
            self.boat.store,
            capture.title,
            parties=[str(party) for party in parties] if isinstance(parties, (list, tuple)) else (),
            root_cause=str(capture.fields.get("root_cause") or ""),
        )
        return similar_words(found[0].short, found[0].settled) if found else ""

    def _understand(self, text: str, kind: str) -> Capture:
        from store.capture import parse

        store = self.boat.store
        return parse(text, self.directory.vocabulary, store.today(), kind=kind, me=store.member)

    def _preview_parts(self, capture: Capture) -> list[tuple[str, str]]:
        from tui.widgets.days import day_words

        fields = schema.KINDS[capture.kind].fields
        parts: list[tuple[str, str]] = []
        for name, value in {**self.preset(capture), **capture.fields}.items():
            if name == "title":
                continue
            field = fields["place" if name == "status" else name]
            values = value if isinstance(value, list) else [value]
            if name == "parties":
                sides = f" {glyph('conflict')} ".join(self.directory.department(str(side)) for side in values)
                parts.insert(0, ("", sides))
            elif field.type == schema.DATE:
                parts.append((_(field.label), day_words(str(value), self.boat.store.today())))
            elif name == "labels":
                parts.append(("", " ".join(f"#{label}" for label in values)))
            else:
                parts.append((_(field.label), ", ".join(self.directory.value(field, one) for one in values)))
        if affected := self._affected(capture):
            parts.append((_("Affected items"), self.cards_said(affected)))
        meeting = running(self.boat.store) if "meeting" in fields else None
        if meeting:
            parts.append((_("Meeting"), meeting[1]))
        return [(_(schema.KINDS[capture.kind].label), capture.title), *parts]

    def preset(self, capture: Capture) -> dict[str, object]:
        """Return the fields that what is written down here has unless the line says otherwise."""
        return {}

    def _affected(self, capture: Capture) -> list[str]:
        """Return the items selected, which a conflict that is logged now is about; drafts are nobody else's."""
        if capture.kind != "conflict" or not getattr(self.cards_view, "selected", ()):
            return []
        return [card.id for card in self.targets() if card.kind == "item" and not card.private]

    # The keys of the line

    async def action_capture_keep(self) -> None:
        """Keep the line and close, in one repaint: it waits for the line to be gone, which lays the screen out."""
        held = ExitStack()
        held.enter_context(self.app.batch_update())
        try:
            await self._keep(close=True)
        finally:
            self.app.call_next(held.close)

    async def action_capture_next(self) -> None:
        """Keep the line and go on with another."""
        await self._keep(close=False)

    def action_capture_private(self) -> None:
        """Make it a private draft, or not."""
        bar = self._capture_bar
        if bar is not None:
            bar.set_private(not bar.private)

    async def action_capture_close(self) -> None:
        """Close without keeping; the text stays for the next time."""
        bar = self._capture_bar
        if bar is not None:
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{bar.kind}", bar.line.value)
            self._close_capture(bar)

    @property
    def _capture_bar(self) -> CaptureBar | None:
        from tui.widgets.capture_bar import CaptureBar

        bars = [bar for bar in self.query(CaptureBar) if bar.line is self.focused]
        return bars[0] if bars else None

    async def _keep(self, *, close: bool) -> None:
        """Make what it says of the line and say its short id; a line that cannot be kept stays."""
        bar = self._capture_bar
        if bar is None:
            return
        line = bar.line.value
        if not line.strip():
            await self.action_capture_close()
            return
        capture = self._understand(line, bar.kind)
        fields = in_meeting(self.boat.store, capture.kind, capture.fields)
        if affected := self._affected(capture):
            fields = {**fields, "items": affected}
        fields = {**self.preset(capture), **fields}

        def work(change: Change) -> None:
            made = change.create(capture.kind, fields, private=bar.private)
            change.detail = change.shorts.get(made, "")

        made = self.boat.perform("add", work)
        if made is None:
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{bar.kind}", line)
            return
        self.boat.drafts.put(f"{CAPTURE_DRAFT}/{bar.kind}", "")
        if close:
            self._close_capture(bar)
        else:
            bar.line.value = ""
        ent = made.ids[0]
        text = f"{made.shorts[ent]} {capture.title}"
        if not self.show_made(ent):
            text = self.hidden_words().format(what=text)
        self.say_done(text)

    def _close_capture(self, bar: CaptureBar) -> None:
        """Take the line away; the very next key is for the cards."""
        self.set_focus(self.cards_view)
        bar.display = False  # at once: until it is taken away, several messages go round
        # Waited for here, its end would be told twice, and the screen laid out twice.
        bar.remove()

    def show_made(self, ent: str) -> bool:
        """Put the cursor on what was just made; tells whether it shows here."""
        return True

    def hidden_words(self) -> str:
        """Return the sentence for something that was made and does not show here."""
        return _("{what} (the board hides it now)")

    async def close_filter_line(self, *, force: bool = False) -> None:
        """Take the filter line away, unless it filters something."""

    async def keep_everything_typed(self) -> None:
        """Keep what stands in open lines and editors as drafts, for the app is about to close."""
        from tui.widgets.capture_bar import CaptureBar

        for bar in self.query(CaptureBar):
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{bar.kind}", bar.line.value)
        await super().keep_everything_typed()

    def relabel(self) -> None:
        """Show everything in another language, the open line too."""
        from tui.widgets.capture_bar import CaptureBar

        super().relabel()
        for capture in self.query(CaptureBar):
            capture.relabel()
