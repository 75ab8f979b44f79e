"""A short list over the board, narrowed by typing: choosing a status, a person, a label, a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.bindings import bindings
from tui.celltext import cell_width, clean, truncate
from tui.i18n import _
from tui.keymap import Keymap
from tui.screens.choices import Choice, Picked, narrowed
from tui.screens.hints import hints
from tui.screens.terminal_size import FitsTerminal
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Region

MOST = 200  # choices drawn at once; typing narrows to the rest
_LEAST_WIDTH = 30
_MOST_WIDTH = 64
_MOST_ROWS = 16
_AROUND = 5  # rows of the panel besides its choices: frame, title, line, keys


class PickerLine(LineInput):
    """The line that narrows the list; the list's keys are its own, for it has the focus."""

    SCOPE = "picker"
    BINDINGS = bindings(SCOPE, target="screen")


class Picker(FitsTerminal, ModalScreen[Picked | None]):
    """Choose one, or several where `several` is true; answers None when nothing was chosen.

    `create` names the choice that makes a new one of what was typed; `find` answers what was typed with
    choices of its own, such as the day it means; `seen` is told what is highlighted; the list opens
    beneath `at`.
    """

    DEFAULT_CSS = """
    Picker { align: center middle; background: transparent; }
    Picker #panel { height: auto; background: $surface; border: round $accent; padding: 0 1; }
    Picker #title { color: $text-muted; }
    Picker OptionList { background: $surface; border: none; padding: 0; }
    Picker #keys { color: $text-muted; }
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        marked: Collection[str] = (),
        several: bool = False,
        create: Callable[[str], str] | None = None,
        find: Callable[[str], Sequence[Choice]] | None = None,
        seen: Callable[[str], None] | None = None,
        at: Region | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._marked = frozenset(marked)
        self._now_marked = set(marked)
        self._several = several
        self._create = create
        self._find = find
        self._seen = seen
        self._at = at
        self._keymap = Keymap()
        self._narrowed_to = ""
        self._shown: list[Choice] = []

    def compose(self) -> ComposeResult:
        """Lay out the title, the line and the list."""
        with Vertical(id="panel"):
            yield Static(Content(clean(self._title)), markup=False, id="title")
            yield PickerLine(placeholder=_("type to narrow"))
            options = OptionList(markup=False, compact=True)
            options.can_focus = False
            yield options
            yield Static(markup=False, id="keys")

    def on_mount(self) -> None:
        """Show everything, beside what is being changed when that is known."""
        panel = self.query_one("#panel")
        panel.styles.width = self._width()
        self._narrow("")
        marked = [index for index, choice in enumerate(self._shown) if choice.key in self._marked]
        if marked:
            self.query_one(OptionList).highlighted = marked[0]
        self.query_one(PickerLine).focus()
        self.query_one("#keys", Static).update(self._keys())
        self._place()

    def on_resize(self) -> None:
        """Stay within the terminal, whatever becomes of it."""
        self.query_one("#panel").styles.width = self._width()
        self._place()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list to what is typed."""
        event.stop()
        if event.value != self._narrowed_to:
            self._narrow(event.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.action_picker_pick()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Let what is highlighted be seen before it is chosen."""
        event.stop()
        choice = self._highlighted()
        if self._seen and choice:
            self._seen(choice.key)

    def on_click(self, event: events.Click) -> None:
        """Choose nothing when the click lands beside the list."""
        if event.widget is self:
            self.dismiss(None)

    def action_picker_down(self) -> None:
        """Highlight the next choice."""
        self.query_one(OptionList).action_cursor_down()

    def action_picker_up(self) -> None:
        """Highlight the choice before."""
        self.query_one(OptionList).action_cursor_up()

    def action_picker_page_down(self) -> None:
        """Highlight a choice further down."""
        self.query_one(OptionList).action_page_down()  # type: ignore[no-untyped-call]

    def action_picker_page_up(self) -> None:
        """Highlight a choice further up."""
        self.query_one(OptionList).action_page_up()  # type: ignore[no-untyped-call]

    def action_picker_pick(self) -> None:
        """Answer with the highlighted choice, or with all that were toggled."""
        choice = self._highlighted()
        if self._several and (choice is None or self._now_marked != self._marked):
            self._answer()
        elif choice is None or choice.disabled:
            self.app.bell()
        elif choice.key == "":
            self.dismiss(Picked(new=self.query_one(PickerLine).value.strip()))
        elif self._several:
            self._now_marked ^= {choice.key}
            self._answer()
        else:
            self.dismiss(Picked((choice.key,)))

    def action_picker_toggle(self) -> None:
        """Mark or unmark the highlighted choice and stay."""
        choice = self._highlighted()
        if not self._several or choice is None or not choice.key:
            return
        self._now_marked ^= {choice.key}
        line = self.query_one(PickerLine)
        at = self.query_one(OptionList).highlighted
        if line.value:
            line.value = ""
        else:
            self._narrow("")
            self.query_one(OptionList).highlighted = at

    def action_picker_close(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def _answer(self) -> None:
        self.dismiss(
            Picked(
                tuple(
                    choice.key for choice in self._choices if choice.key in self._now_marked - self._marked
                ),
                tuple(
                    choice.key for choice in self._choices if choice.key in self._marked - self._now_marked
                ),
            )
        )

    def _highlighted(self) -> Choice | None:
        # Who types fast presses enter before the list has heard of the last letter.
        if self.query_one(PickerLine).value != self._narrowed_to:
            self._narrow(self.query_one(PickerLine).value)
        index = self.query_one(OptionList).highlighted
        return self._shown[index] if index is not None and index < len(self._shown) else None

    def _narrow(self, text: str) -> None:
        self._narrowed_to = text
        found = list(self._find(text)) if self._find and text.strip() else []
        self._shown = (found or narrowed(self._choices, text))[:MOST]
        text = text.strip()
        if (
            self._create
            and text
            and all(choice.label.casefold() != text.casefold() for choice in self._choices)
        ):
            self._shown.append(Choice("", self._create(text)))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._row(choice)) for choice in self._shown])
        if self._shown:
            options.highlighted = 0
        options.display = bool(self._shown)

    def highlight(self, key: str) -> None:
        """Highlight a choice by its key, where it shows."""
        found = [index for index, choice in enumerate(self._shown) if choice.key == key]
        if found:
            self.query_one(OptionList).highlighted = found[0]

    def _row(self, choice: Choice) -> Content:
        width = self._width() - 7
        mark = ("✓ " if choice.key in self._now_marked else "  ") if self._marked or self._several else ""
        detail = truncate(clean(choice.detail), width // 2)
        label = truncate(clean(choice.label), width - cell_width(detail) - cell_width(mark) - 1)
        gap = max(width - cell_width(mark + label + detail), 1)
        return Content.assemble(
            (mark, "$text-success"),
            (label, "$text-disabled" if choice.disabled else choice.colour),
            " " * gap,
            (detail, "$text-muted"),
        )

    def _width(self) -> int:
        rows = [cell_width(choice.label) + cell_width(choice.detail) + 10 for choice in self._choices[:MOST]]
        wanted = max([*rows, cell_width(self._title) + 4, _LEAST_WIDTH])
        return min(wanted, _MOST_WIDTH, self.app.size.width - 4)

    def _keys(self) -> Content:
        shown = hints(self._keymap, "picker")
        if not self._several:
            shown = [hint for hint in shown if hint.action != "picker_toggle"]
        return Content("  ").join(
            Content.assemble((hint.keys, "bold $text-accent"), " ", (hint.label, "$text-muted"))
            for hint in shown
        )

    def _place(self) -> None:
        """Open beneath the region, or above it where there is more room; the list scrolls in what is left for it."""
        size, at = self.app.size, self._at
        panel, options = self.query_one("#panel"), self.query_one(OptionList)
        if at is None:
            options.styles.max_height = max(min(size.height * 4 // 5 - _AROUND, _MOST_ROWS), 1)
            return
        height = min(len(self._choices) + _AROUND, _MOST_ROWS)
        below = size.height - at.bottom
        beneath = below >= height or below >= at.y
        room = min(height, below if beneath else at.y)
        y = at.bottom if beneath else at.y - room
        x = max(min(at.x, size.width - self._width() - 1), 0)
        self.styles.align = ("left", "top")
        panel.styles.offset = (x, max(min(y, size.height - _AROUND - 1), 0))
        options.styles.max_height = max(room - _AROUND, 1)
