"""The line that filters the board while it is typed, in the query language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.bindings import bindings
from tui.celltext import clean
from tui.i18n import _
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FilterLine(LineInput):
    """The line of the filter bar."""

    SCOPE = "filter"
    BINDINGS = bindings(SCOPE)

    def action_filter_keep(self) -> None:
        """Keep the filter and go to the cards."""
        self.post_message(self.Kept(self))

    def action_filter_close(self) -> None:
        """Clear the filter and close."""
        self.post_message(self.Closed(self))


class FilterBar(Vertical):
    """Posts the query at every key; shows beside it how many cards it leaves, or what is wrong with it."""

    DEFAULT_CSS = """
    FilterBar { height: auto; background: $surface; padding: 0 1; }
    FilterBar Horizontal { height: 1; }
    FilterBar LineInput { width: 1fr; }
    FilterBar #mark { width: auto; color: $accent; }
    FilterBar #count { width: 14; text-align: right; color: $text-muted; }
    FilterBar #wrong { height: auto; max-height: 2; color: $text-error; display: none; }
    FilterBar.-wrong #wrong { display: block; }
    """

    class Changed(Message):
        """The query reads otherwise: answer with `show_count` or `show_wrong`."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Kept(Message):
        """The query is done: the keys go back to the board."""

    class Closed(Message):
        """The filter is to be cleared."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the mark, the line and what comes of it."""
        with Horizontal():
            yield Static("/ ", markup=False, id="mark")
            yield FilterLine(self._text, placeholder=self._placeholder())
            yield Static(markup=False, id="count")
        yield Static(markup=False, id="wrong")

    def on_mount(self) -> None:
        """Be ready to type at once."""
        self.line.focus()

    @property
    def line(self) -> FilterLine:
        """The input."""
        return self.query_one(FilterLine)

    def show_count(self, text: str) -> None:
        """Say how many cards are left."""
        self.remove_class("-wrong")
        self.query_one("#count", Static).update(Content(text), layout=False)

    def show_wrong(self, text: str) -> None:
        """Say what is wrong with the query, beneath it."""
        self.add_class("-wrong")
        self.query_one("#wrong", Static).update(Content(clean(text)))

    def relabel(self) -> None:
        """Show the words of another language."""
        self.line.placeholder = self._placeholder()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter with what is typed now."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_line_input_kept(self, event: LineInput.Kept) -> None:
        """Hand the keys back to the board."""
        event.stop()
        self.post_message(self.Kept())

    def on_line_input_closed(self, event: LineInput.Closed) -> None:
        """Ask for the filter to be cleared."""
        event.stop()
        self.post_message(self.Closed())

    def _placeholder(self) -> str:
        return _("words, status:doing dept:market owner:@me due<fri label:x -kind:risk")
