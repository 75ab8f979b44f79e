"""Any number of lines with a cursor and a selection: those in sight are drawn, and anew only where they changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from tui.celltext import wrap
from tui.widgets.repaint import NeverScrolls, differing
from tui.widgets.thumb import thumb_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.style import Style as RichStyle
    from textual import events

WHEEL = 3  # rows
MUTED = "$text-muted"
_SHOWING = ("reverse", "underline", "strike", "on ")  # of a tone: what shows where there is nothing but a gap
Shown = TypeVar("Shown")


class Piece(NamedTuple):
    """A text in one tone, which is a style by its name: `bold $accent`."""

    text: str
    tone: str = ""


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the same in as few pieces as can be, for each costs the terminal its colours: a gap has any."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        gap = not piece.tone and not piece.text.strip(" ")
        if last is not None and (
            piece.tone == last.tone or (gap and not any(word in last.tone for word in _SHOWING))
        ):
            found[-1] = Piece(last.text + piece.text, last.tone)
        elif piece.text:
            found.append(piece)
    return found


class Look(NamedTuple, Generic[Shown]):
    """How a line looks: None below the last one; the column of the cursor, -1 where it is elsewhere."""

    row: Shown | None
    here: int
    selected: bool
    thumb: bool


class CursorLines(Widget, Generic[Shown], can_focus=True):
    """Shows lines with a cursor, a selection and a thumb; what the lines are is its subclass's, as are the keys."""

    virtual_size = NeverScrolls()

    HEAD: ClassVar[int] = 0  # lines above the rows, which do not scroll
    COMPONENT_CLASSES = {"lines--cursor", "lines--bar", "lines--thumb"}  # noqa: RUF012 - the library's type
    DEFAULT_CSS = """
    CursorLines { width: 1fr; height: 100%; background: $background; }
    CursorLines > .lines--cursor {
        background: $block-cursor-background; text-style: $block-cursor-blurred-text-style;
    }
    CursorLines > .lines--bar { color: $accent; }
    CursorLines > .lines--thumb { color: $border-blurred; }
    """

    class Highlighted(Message):
        """The cursor is on another row."""

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several moves be heard."""
            return isinstance(message, CursorLines.Highlighted)

    class Opened(Message):
        """What is under the cursor was clicked again."""

    def __init__(self) -> None:
        super().__init__()
        self.hint = ""  # what is said where there is nothing to show
        self.selected: set[str] = set()
        self._at = 0
        self._column = 0  # of the cursor, where it stands in one
        self._top = 0
        self._anchor = ""
        self._said = ""  # the hint that was drawn last
        self._painted: dict[int, Look[Shown]] = {}
        self._inks: dict[tuple[str, bool], RichStyle] = {}

    # What a subclass has

    @property
    def total(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def row_at(self, index: int) -> Shown | None:
        """Return a line, None where there is none."""
        raise NotImplementedError

    def key_at(self, index: int) -> str:
        """Return the key of a row, '' for a heading and where there is none."""
        raise NotImplementedError

    def index_of(self, key: str) -> int | None:
        """Return the line on which a row stands, None where it does not show."""
        raise NotImplementedError

    def keys(self, start: int, stop: int) -> Iterable[str]:
        """Return the keys of the rows in a window, headings left out."""
        raise NotImplementedError

    def can_stand(self, index: int) -> bool:
        """Tell whether the cursor may stand on a line."""
        return 0 <= index < self.total

    def nearest(self, index: int) -> int:
        """Return the line nearest to a place on which the cursor may stand."""
        return max(min(index, self.total - 1), 0)

    def head_line(self, width: int) -> Strip:
        """Draw what stands above the rows."""
        raise NotImplementedError

    def drawn(self, look: Look[Shown], width: int) -> Sequence[Piece]:
        """Return what a line says right of the cursor's bar, in so many cells, the thumb's among them."""
        raise NotImplementedError

    def fit(self) -> bool:
        """Lay out the columns for what is in sight; tells whether every line is to be drawn anew."""
        return False

    # What it holds

    @property
    def key(self) -> str:
        """The key of the row under the cursor, '' on a heading and where there is none."""
        return self.key_at(self._at)

    def go_to(self, key: str) -> bool:
        """Put the cursor on a row; tells whether it shows."""
        found = self.index_of(key)
        if found is None:
            return False
        self._go(found)
        return True

    # Moving

    def step(self, by: int) -> None:
        """Move the cursor by lines."""
        self._go(self._at + by)

    def page(self, by: int) -> None:
        """Move the cursor by screens of lines."""
        self._go(self._at + by * max(self._room - 1, 1))

    def home(self) -> None:
        """Move the cursor to the first row."""
        self._go(0)

    def end(self) -> None:
        """Move the cursor to the last line."""
        self._go(self.total - 1)

    # Selecting

    def toggle_selected(self) -> None:
        """Select the row under the cursor, or deselect it, and go on to the next."""
        if self.key:
            self.selected ^= {self.key}
            self._anchor = self.key
            self.step(1)

    def select_range(self) -> None:
        """Select from the last selected row to here."""
        start = self.index_of(self._anchor) if self._anchor else None
        low, high = sorted((self._at if start is None else start, self._at))
        self.selected.update(self.keys(low, high + 1))
        self._show_from(self._top)

    def clear_selection(self) -> None:
        """Deselect everything."""
        self.selected.clear()
        self._show_from(self._top)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line: the cursor's bar, what it says, the thumb."""
        width = self.content_size.width
        if y < self.HEAD:
            return self.head_line(width)
        look = self._painted[y] = self._looks(range(y, y + 1))[0]
        if look.row is None:
            return self._hint_line(y - self.HEAD, width)
        here = look.here >= 0
        style = self.get_visual_style("lines--cursor") if here else self.visual_style
        bar = self.get_visual_style(*(("lines--cursor",) if here else ()), "lines--bar")
        sign = "▌" if here else "✓" if look.selected else " "
        pieces = [
            Segment(text, self._ink(tone, style, here=here))
            for text, tone in self.drawn(look, width - 1)
            if text
        ]
        strip = Strip([Segment(sign, bar.rich_style), *pieces])
        if look.thumb:
            piece = Segment("▐", self.get_visual_style("lines--thumb").rich_style)
            strip = Strip([*strip.adjust_cell_length(width - 1, style.rich_style), piece])
        return strip.adjust_cell_length(width, style.rich_style)

    def _ink(self, tone: str, ground: Style, *, here: bool) -> RichStyle:
        """Return how a tone looks on the ground of a line: hundreds of pieces have a handful of tones."""
        ink = self._inks.get((tone, here))
        if ink is None:
            ink = (ground + Style.parse(tone) if tone else ground).rich_style
            self._inks[tone, here] = ink
        return ink

    def notify_style_update(self) -> None:
        """Mix every ink anew: the theme is another, or what has the keys."""
        self._inks.clear()
        super().notify_style_update()

    def _hint_line(self, y: int, width: int) -> Strip:
        base = self.visual_style.rich_style
        if self.total or not self.hint:
            return Strip.blank(width, base)
        lines = [part for text in self.hint.split("\n") for part in wrap(text, max(width - 4, 10))]
        if not 1 <= y <= len(lines):
            return Strip.blank(width, base)
        text = Content.styled("  " + lines[y - 1], MUTED)
        return Strip(text.render_segments(self.visual_style)).adjust_cell_length(width, base)

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where each line in sight is, and what puts the cursor there."""

        def go(index: int) -> None:
            self.focus()
            self._go(index)

        x, y, width, _height = self.content_region
        return [
            (Region(x, y + self.HEAD + index - self._top, width, 1), partial(go, index))
            for index in range(self._top, min(self._top + self._room, self.total))
            if self.can_stand(index)
        ]

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Show it less."""
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll, the cursor staying where it is."""
        event.stop()
        self._show_from(self._top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        self._show_from(self._top - WHEEL)

    # Within

    @property
    def _room(self) -> int:
        return max(self.content_size.height - self.HEAD, 1)

    def _go(self, index: int) -> None:
        before = self.key
        self._at = self.nearest(index)
        self._show_from(self._top_for_cursor())
        if self.key != before:
            self.post_message(self.Highlighted())

    def _top_for_cursor(self) -> int:
        """Return the first line in sight for the cursor to be; the heading above a row says where one is."""
        first = self._at - 1 if self._at > 0 and not self.key_at(self._at - 1) else self._at
        if first < self._top:
            return first
        return max(self._top, self._at - self._room + 1)

    def _show_from(self, top: int, *, all_of_it: bool = False) -> None:
        self._top = max(min(top, self.total - self._room), 0)
        said = "" if self.total else self.hint
        if self.fit() or all_of_it or said != self._said:
            self._said = said
            self.refresh()
            return
        lines = range(self.HEAD, self.HEAD + self._room)
        before, after = [self._painted.get(y) for y in lines], self._looks(lines)
        if changed := differing(before, after, self.content_size.width):
            self.refresh(*[region.translate((0, self.HEAD)) for region in changed])

    def _looks(self, lines: range) -> list[Look[Shown]]:
        thumb = thumb_lines(self.total, self._room, self._top)
        looks = []
        for y in lines:
            index = y - self.HEAD + self._top
            here = self._column if index == self._at and self.can_stand(index) else -1
            selected = bool(self.selected) and self.key_at(index) in self.selected
            looks.append(Look(self.row_at(index), here, selected, y - self.HEAD in thumb))
        return looks
