"""The line that filters the board while it is typed, in the query language."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from store.completion import NOTHING
from tui.bindings import bindings
from tui.celltext import cell_width, clean, truncate
from tui.i18n import _
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from store.completion import Completion

MOST = 24  # suggestions that are drawn; typing narrows to the rest
WIDEST = 24  # cells of one


class FilterLine(LineInput):
    """The line of the filter bar."""

    SCOPE = "filter"
    BINDINGS = bindings(SCOPE)

    class Wanted(Message):
        """A suggestion is to be taken (0), or another one to be the one that is taken (1, -1)."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_filter_keep(self) -> None:
        """Keep the filter and go to the cards."""
        self.post_message(self.Kept(self))

    def action_filter_close(self) -> None:
        """Clear the filter and close."""
        self.post_message(self.Closed(self))

    def action_filter_take(self) -> None:
        """Take what is suggested."""
        self.post_message(self.Wanted(0))

    def action_filter_next(self) -> None:
        """Go to the suggestion on the right."""
        self.post_message(self.Wanted(1))

    def action_filter_previous(self) -> None:
        """Go to the suggestion on the left."""
        self.post_message(self.Wanted(-1))


class FilterBar(Vertical):
    """Posts the query at every key; shows what could be typed next above it, what it means beneath."""

    DEFAULT_CSS = """
    FilterBar { height: auto; background: $surface; padding: 0 1; }
    FilterBar Horizontal { height: 1; }
    FilterBar LineInput { width: 1fr; }
    FilterBar #mark { width: auto; color: $accent; }
    FilterBar #count { width: 14; text-align: right; color: $text-muted; }
    FilterBar #choices { height: 1; display: none; }
    FilterBar #means { height: 1; color: $text-muted; display: none; }
    FilterBar.-typing #choices, FilterBar.-typing #means { display: block; }
    FilterBar #wrong { height: auto; max-height: 2; color: $text-error; display: none; }
    FilterBar.-wrong #wrong { display: block; }
    FilterBar.-wrong #means { display: none; }
    """

    class Changed(Message):
        """The query reads otherwise: answer with `show_count` or `show_wrong`, `show_choices`, and then `release`."""

        def __init__(self, text: str, cursor: int) -> None:
            super().__init__()
            self.text = text
            self.cursor = cursor

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several keys be answered."""
            return isinstance(message, FilterBar.Changed)

    class Kept(Message):
        """The query is done: the keys go back to the board."""

    class Closed(Message):
        """The filter is to be cleared."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self._completion = NOTHING
        self._at = 0  # the suggestion that is taken next
        self._held = ExitStack()
        self.quiet = False  # whether the keys stay where they are when it comes into sight

    def compose(self) -> ComposeResult:
        """Lay out the mark, the line and what comes of it."""
        yield Static(markup=False, id="choices")
        with Horizontal():
            yield Static("/ ", markup=False, id="mark")
            yield FilterLine(self._text, placeholder=self._placeholder())
            yield Static(markup=False, id="count")
        yield Static(markup=False, id="means")
        yield Static(markup=False, id="wrong")

    def on_mount(self) -> None:
        """Be ready to type at once."""
        self.watch(self.line, "value", self._hold, init=False)
        if not self.quiet:
            self.line.focus()

    def on_descendant_focus(self) -> None:
        """Show what could be typed while one types."""
        self.add_class("-typing")

    def on_descendant_blur(self) -> None:
        """Give the room back."""
        self.remove_class("-typing")

    @property
    def line(self) -> FilterLine:
        """The input."""
        return self.query_one(FilterLine)

    def _hold(self) -> None:
        """Let nothing be painted until what was typed has been answered: a letter and what it leaves are one frame."""
        self._held.enter_context(self.app.batch_update())

    def release(self) -> None:
        """Let what has come of it be painted, once every widget has told the screen what of it looks different."""
        self.call_later(self.screen.call_later, self._held.close)

    def on_unmount(self) -> None:
        """Hold nothing back for a line that is gone."""
        self._held.close()

    def show_count(self, text: str) -> None:
        """Say how many cards are left."""
        self.remove_class("-wrong")
        self.query_one("#count", Static).update(Content(text), layout=False)

    def show_meaning(self, text: str) -> None:
        """Say what the query is understood to mean."""
        self.query_one("#means", Static).update(Content(f"= {text}" if text else ""), layout=False)

    def show_choices(self, completion: Completion) -> None:
        """Show what may stand where the cursor is."""
        self._completion, self._at = completion, 0
        self._draw_choices()

    def _draw_choices(self) -> None:
        parts: list[tuple[str, str] | str] = []
        room = max(self.size.width - 4, 10)
        first = max(self._at - 3, 0)
        shown = self._completion.suggestions[first : first + MOST]
        if first:
            parts.append(("… ", "$text-muted"))
            room -= 2
        for index, suggestion in enumerate(shown, first):
            text = truncate(clean(suggestion.text), WIDEST)
            if room < cell_width(text) + 2:
                parts.append(("…", "$text-muted"))
                break
            room -= cell_width(text) + 2
            parts += [(text, "bold $accent underline" if index == self._at else "$text-muted"), "  "]
        self.query_one("#choices", Static).update(Content.assemble(*parts), layout=False)

    def on_filter_line_wanted(self, event: FilterLine.Wanted) -> None:
        """Take a suggestion, or go to the next."""
        event.stop()
        count = len(self._completion.suggestions)
        if not count:
            return
        if event.by:
            self._at = (self._at + event.by) % count
            self._draw_choices()
            return
        self.line.value, self.line.cursor_position = self._completion.taken(self.line.value, self._at)

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
        self.post_message(self.Changed(event.value, self.line.cursor_position))

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
