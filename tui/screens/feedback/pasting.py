"""Pasting a chat: every message becomes a draft to confirm, and only what is marked is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from store.transcript import MOST, Draft, read_transcript
from tui.bindings import bindings
from tui.i18n import _, ngettext
from tui.screens.hints import hints
from tui.screens.terminal_size import FitsTerminal
from tui.widgets.listing import Fact, ListingView, Row

if TYPE_CHECKING:
    from datetime import date

    from textual import events
    from textual.app import ComposeResult

    from tui.keymap import Keymap


class PasteList(ListingView):
    """The messages of the paste; its keys are the screen's."""

    SCOPE = "paste"
    BINDINGS = bindings(SCOPE, target="screen")


class PasteScreen(FitsTerminal, ModalScreen[list[Draft] | None]):
    """Waits for a paste, shows its messages, and answers with those that are marked; None where it was left."""

    DEFAULT_CSS = """
    PasteScreen { align: center middle; background: transparent; }
    PasteScreen #panel { width: 90%; height: 80%; background: $surface; border: round $accent; padding: 0 1; }
    PasteScreen #title { color: $text-muted; height: auto; }
    PasteScreen #keys { color: $text-muted; height: 1; }
    PasteScreen PasteList { height: 1fr; background: $surface; }
    """

    def __init__(self, today: date, keymap: Keymap) -> None:
        super().__init__()
        self._today = today
        self._keymap = keymap
        self._channel = ""
        self._drafts: list[Draft] = []
        self._rest = ""
        self.list = PasteList()

    def compose(self) -> ComposeResult:
        """Lay out what to do, the messages and the keys."""
        with Vertical(id="panel"):
            yield Static(markup=False, id="title")
            yield self.list
            yield Static(markup=False, id="keys")

    def on_mount(self) -> None:
        """Say what to do."""
        self.list.hint = "\n".join(
            (
                _("Paste now, with the key of your terminal."),
                "",
                _(
                    "Messages of WeChat, WeCom, DingTalk, Slack and Teams are told apart; other text is one a line."
                ),
            )
        )
        self.list.focus()
        self._say()
        shown = hints(self._keymap, "paste")
        self.query_one("#keys", Static).update(
            Content("  ").join(
                Content.assemble((hint.keys, "bold $text-accent"), " ", (hint.label, "$text-muted"))
                for hint in shown
            )
        )

    def on_paste(self, event: events.Paste) -> None:
        """Read what was pasted; another paste is added to it."""
        event.stop()
        known = len(self._drafts)
        found = read_transcript(event.text, self._today, channel=self._channel, most=MOST - known)
        self._rest += found.rest
        self._drafts += found.drafts
        self.list.show([_row(index, draft) for index, draft in enumerate(self._drafts)])
        self.list.selected |= {str(index) for index in range(known, len(self._drafts))}
        self.list.refresh()
        self._say()

    def _say(self) -> None:
        count = len(self._drafts)
        if not count:
            text = _("Feedback out of a chat")
        else:
            text = ngettext(
                "{count} message, {marked} marked", "{count} messages, {marked} marked", count
            ).format(count=count, marked=len(self.list.selected))
        if self._channel:
            text += f" · {self._channel}"
        if self._rest:
            lines = self._rest.count("\n") + 1
            text += " · " + ngettext(
                "{count} line further down is left out: paste it by itself",
                "{count} lines further down are left out: paste them by themselves",
                lines,
            ).format(count=lines)
        self.query_one("#title", Static).update(Content(text))

    # Keys

    def action_paste_down(self) -> None:
        """Go to the message below."""
        self.list.step(1)

    def action_paste_up(self) -> None:
        """Go to the message above."""
        self.list.step(-1)

    def action_paste_page_down(self) -> None:
        """Go a page down."""
        self.list.page(1)

    def action_paste_page_up(self) -> None:
        """Go a page up."""
        self.list.page(-1)

    def action_paste_mark(self) -> None:
        """Mark the message, or take the mark off."""
        self.list.toggle_selected()
        self._say()

    def action_paste_all(self) -> None:
        """Mark every message, or none."""
        everything = {row.key for row in self.list.rows}
        self.list.selected = set() if self.list.selected == everything else everything
        self.list.refresh()
        self._say()

    def action_paste_channel(self) -> None:
        """Say how all of it arrived."""
        from tui.screens.asking import Ask

        def answered(text: str | None) -> None:
            if text is not None:
                self._channel = text
                self._drafts = [draft._replace(channel=text) for draft in self._drafts]
                self._say()

        self.app.push_screen(
            Ask(_("How did it arrive? Such as the name of a chat group"), self._channel), answered
        )

    def action_paste_keep(self) -> None:
        """Keep the marked messages as feedback."""
        marked = [draft for index, draft in enumerate(self._drafts) if str(index) in self.list.selected]
        if marked:
            self.dismiss(marked)
        else:
            self.app.bell()

    def action_paste_close(self) -> None:
        """Keep nothing; the clipboard still has it."""
        self.dismiss(None)


def _row(index: int, draft: Draft) -> Row:
    title = " ".join(draft.text[:300].split())
    return Row(
        str(index), title, facts=(Fact(draft.said_by), Fact(draft.at.replace("T", " ")[:16] or draft.when))
    )
