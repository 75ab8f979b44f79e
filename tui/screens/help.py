"""All keys and all signs, made from the actions and the keys they have now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.actions import ACTIONS, GROUPS
from tui.bindings import bindings
from tui.celltext import cell_width, pad, wrap
from tui.i18n import _
from tui.keymap import key_label
from tui.screens.terminal_size import FitsTerminal
from tui.theme import MEANINGS
from tui.timeline.chart import legend
from tui.widgets.footer import Footer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from tui.keymap import Keymap

MUTED = "$text-muted"
_KEYS = 16  # cells for the keys
_COLUMN = 58  # cells from which a second column is worth its room
_TONES = {
    "danger": "$text-error",
    "warning": "$text-warning",
    "good": "$text-success",
    "accent": "$text-accent",
}


class HelpScreen(FitsTerminal, ModalScreen[None]):
    """The keys by what they are for, the signs of the board, and where keys are changed."""

    DEFAULT_CSS = """
    HelpScreen { background: $background; }
    HelpScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    HelpScreen Static { height: auto; }
    """

    SCOPE = "help"
    BINDINGS = bindings("help")

    def __init__(self, keymap: Keymap, config_path: str, *, first: str = "") -> None:
        """Show the keys of a keymap; the group called `first`, of where one is, before the others."""
        super().__init__()
        self._keymap = keymap
        self._config_path = config_path
        self._first = first

    def compose(self) -> ComposeResult:
        """Lay out the text, scrolled, over a line of the keys that work here."""
        with VerticalScroll():
            yield Static(markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Take the keys."""
        from tui.screens.hints import hints

        self.query_one(VerticalScroll).focus()
        self.query_one(Footer).show_hints(hints(self._keymap, "help"))

    def on_resize(self) -> None:
        """Lay the text out for the width."""
        lines = help_lines(self._keymap, self._config_path, self.app.size.width - 3, self._first)
        self.query_one(Static).update(Content("\n").join(lines))

    def action_help_down(self) -> None:
        """Scroll down."""
        self.query_one(VerticalScroll).scroll_relative(y=5, animate=False)

    def action_help_up(self) -> None:
        """Scroll up."""
        self.query_one(VerticalScroll).scroll_relative(y=-5, animate=False)

    def action_close_help(self) -> None:
        """Go back."""
        self.dismiss(None)


def help_lines(keymap: Keymap, config_path: str, width: int, first: str = "") -> list[Content]:
    """Return the help in as many columns as fit the width, one group before the others where it is named."""
    columns = max(min(width // _COLUMN, 3), 1)
    room = width // columns - 2
    groups = sorted(GROUPS, key=lambda group: group != first)
    blocks = [_group(group, keymap, room) for group in groups]
    blocks.append(_legend(room))
    blocks.append(
        _words(
            [_("Change keys in {path}:").format(path=config_path), "[keys]", 'move_right = "L ctrl+right"'],
            room,
        )
    )
    return _side_by_side(blocks, columns, room)


def _group(group: str, keymap: Keymap, width: int) -> list[Content]:
    lines = [Content.styled(_(group), "bold $text-primary")]
    for action in ACTIONS.values():
        keys = keymap.keys(action.id)
        if action.group != group or not keys:
            continue
        shown = " ".join(key_label(key) for key in keys)
        rows = wrap(_(action.label), max(width - _KEYS - 1, 10))
        for index, row in enumerate(rows):
            lines.append(
                Content.assemble((pad(shown if index == 0 else "", _KEYS), "bold $text-accent"), " ", row)
            )
    return lines


def _legend(width: int) -> list[Content]:
    lines = [Content.styled(_("Signs"), "bold $text-primary")]
    for meaning in MEANINGS.values():
        glyph = Content.assemble(
            (pad(f"  {meaning.glyph}", 6), _TONES.get(meaning.tone, "")), wrap(_(meaning.label), width - 6)[0]
        )
        lines.append(glyph)
    lines += [Content(""), Content.styled(_("Signs of the timeline"), "bold $text-primary")]
    for sign, tone, label in legend():
        lines.append(Content.assemble((pad(f"  {sign}", 6), _TONES.get(tone, "")), wrap(label, width - 6)[0]))
    return lines


def _words(lines: Iterable[str], width: int) -> list[Content]:
    return [Content.styled(row, MUTED) for line in lines for row in wrap(line, width)]


def _side_by_side(blocks: list[list[Content]], columns: int, width: int) -> list[Content]:
    """Return the blocks in columns of about the same height, in reading order."""
    total = sum(len(block) + 1 for block in blocks)
    filled: list[list[Content]] = [[]]
    for block in blocks:
        if filled[-1] and len(filled[-1]) + len(block) / 2 > total / columns and len(filled) < columns:
            filled.append([])
        filled[-1] += [*block, Content("")]
    height = max(len(column) for column in filled)
    lines = []
    for row in range(height):
        cells = [column[row] if row < len(column) else Content("") for column in filled]
        padded = [cell.pad_right(max(width + 2 - cell_width(cell.plain), 0)) for cell in cells[:-1]]
        lines.append(Content("").join([*padded, cells[-1]]))
    return lines
