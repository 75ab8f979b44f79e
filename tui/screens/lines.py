"""The lines at the bottom of the board: quick capture, and the filter that works as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from tui.i18n import _, ngettext
from tui.screens.card_edits import CardEdits
from tui.theme import glyph

if TYPE_CHECKING:
    from store.capture import Capture
    from store.changes import ChangeSet
    from store.commands import Change
    from tui.widgets.capture_bar import CaptureBar
    from tui.widgets.filter_bar import FilterBar

CAPTURE_DRAFT = "capture"


class BottomLines(CardEdits):
    """Keeps what is said in a meeting with one key, a line and enter; narrows the board while a query is typed."""

    # Quick capture

    async def action_add(self) -> None:
        """Open the capture line for an item."""
        await self._open_capture("")

    async def action_log_conflict(self) -> None:
        """Open the capture line for a conflict."""
        await self._open_capture("conflict")

    async def _open_capture(self, kind: str) -> None:
        from tui.widgets.capture_bar import CaptureBar

        await self._close_filter_line()
        for bar in self.query(CaptureBar):
            await bar.remove()
        text = self.boat.drafts.get(f"{CAPTURE_DRAFT}/{kind}")
        await self.mount(CaptureBar(kind, text), before=self.footer)

    def on_capture_bar_changed(self, event: CaptureBar.Changed) -> None:
        """Show what the line is understood to mean."""
        from textual.content import Content

        from tui.widgets.capture_bar import preview

        event.stop()
        if not event.text.strip():
            event.bar.show_preview(Content(""), ())
            return
        capture = self._understand(event.text, event.bar.kind)
        spans = [(part.start, part.end) for part in capture.understood]
        event.bar.show_preview(preview(self._preview_parts(capture)), spans)

    def _understand(self, text: str, kind: str) -> Capture:
        from store.capture import parse

        store = self.boat.store
        return parse(text, self.directory.vocabulary, store.today(), kind=kind, me=store.member)

    def _preview_parts(self, capture: Capture) -> list[tuple[str, str]]:
        from tui.widgets.days import day_words

        fields = schema.KINDS[capture.kind].fields
        parts: list[tuple[str, str]] = []
        for name, value in capture.fields.items():
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
        return [(_(schema.KINDS[capture.kind].label), capture.title), *parts]

    def on_capture_bar_kept(self, event: CaptureBar.Kept) -> None:
        """Make an item or a conflict of the line and say its short id; a line that cannot be kept stays."""
        event.stop()
        bar = event.bar
        capture = self._understand(event.text, bar.kind)

        def work(change: Change) -> None:
            made = change.create(capture.kind, capture.fields, private=bar.private)
            change.detail = change.shorts.get(made, "")

        made = self.boat.perform("add", work)
        if made is None:
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{bar.kind}", event.text)
            return
        self.boat.drafts.put(f"{CAPTURE_DRAFT}/{bar.kind}", "")
        bar.kept(close=not event.go_on)
        if not event.go_on:
            self.board.focus()
        ent = made.ids[0]
        text = f"{made.shorts[ent]} {capture.title}"
        if self._source().position(ent) is None:
            text = _("{what} (the board hides it now)").format(what=text)
        else:
            self.board.go_to(ent)
        self.say_done(text)
        self.show_details()

    async def on_capture_bar_closed(self, event: CaptureBar.Closed) -> None:
        """Close the line; its text is there again the next time."""
        event.stop()
        self.boat.drafts.put(f"{CAPTURE_DRAFT}/{event.bar.kind}", event.text)
        await event.bar.remove()
        self.board.focus()

    # The filter

    async def action_filter(self) -> None:
        """Open the filter line, with the filter that is in force."""
        from tui.widgets.capture_bar import CaptureBar
        from tui.widgets.filter_bar import FilterBar

        for capture in self.query(CaptureBar):
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{capture.kind}", capture.line.value)
            await capture.remove()
        bars = self.query(FilterBar)
        if bars:
            bars.first(FilterBar).line.focus()
            return
        bar = FilterBar(self.filter_text)
        await self.mount(bar, before=self.footer)
        self._count(bar)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter with what is typed; a mistake is told beside it and the board stays as it was."""
        event.stop()
        bar = self._filter_bar()
        wrong = self.filter_by(event.text)
        if bar is None:
            return
        if wrong:
            bar.show_wrong(wrong)
        else:
            self._count(bar)

    async def on_filter_bar_kept(self) -> None:
        """Go to the cards; the line stays in sight while it filters something."""
        if not self.filter_text:
            await self._close_filter_line()
        self.board.focus()

    async def on_filter_bar_closed(self) -> None:
        """Clear the filter and close the line."""
        await self.action_clear_filter()
        self.board.focus()

    async def action_clear_filter(self) -> None:
        """Show every card again; the cursor stays on its card."""
        self.filter_by("")
        await self._close_filter_line(force=True)

    def _count(self, bar: FilterBar) -> None:
        total = self._source().total()
        bar.show_count(ngettext("{count} card", "{count} cards", total).format(count=total))

    def _filter_bar(self) -> FilterBar | None:
        from tui.widgets.filter_bar import FilterBar

        bars = self.query(FilterBar)
        return bars.first(FilterBar) if bars else None

    async def _close_filter_line(self, *, force: bool = False) -> None:
        bar = self._filter_bar()
        if bar is not None and (force or not self.filter_text):
            await bar.remove()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, and count again what the filter leaves."""
        super().absorb(changes)
        bar = self._filter_bar()
        if bar is not None and not bar.has_class("-wrong"):
            self._count(bar)

    def relabel(self) -> None:
        """Show everything in another language, the open lines too."""
        from tui.widgets.capture_bar import CaptureBar

        super().relabel()
        bar = self._filter_bar()
        if bar is not None:
            bar.relabel()
            self._count(bar)
        for capture in self.query(CaptureBar):
            capture.relabel()
