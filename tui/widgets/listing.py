"""A list of any length that draws only the lines in sight: a mark, a short id, a title and columns of facts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.celltext import cell_width, clean, pad, truncate, wrap
from tui.widgets.repaint import differing
from tui.widgets.thumb import thumb_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events

MARGIN = 1  # cells left of a row, where the cursor's bar stands
WHEEL = 3  # rows
LEAST_TITLE = 24  # cells a title keeps when facts ask for room; facts further right give way first
FACT_MOST = 20
SHORT_MOST = 10
MUTED = "$text-muted"


class Fact(NamedTuple):
    """One thing a row says on its right, such as an owner or a day."""

    text: str
    style: str = MUTED


class Row(NamedTuple):
    """One line, its text cleaned when it is drawn. A row without a key is a heading: the cursor passes it.

    One without mark and facts has the whole width for its title.
    """

    key: str
    title: str
    short: str = ""
    mark: str = " "
    mark_style: str = ""
    facts: tuple[Fact, ...] = ()
    style: str = ""
    indent: int = 0


class _Look(NamedTuple):
    """How a line looks: the row (None below the last), whether the cursor is there, whether it is selected."""

    row: Row | None
    here: bool
    selected: bool
    thumb: bool


_NOTHING = _Look(None, False, False, False)


class ListingView(Widget, can_focus=True):
    """Shows rows with a cursor and a selection; a subclass brings the keys."""

    COMPONENT_CLASSES = {"listing--cursor", "listing--bar", "listing--thumb"}  # noqa: RUF012 - the library's type
    DEFAULT_CSS = """
    ListingView { width: 1fr; height: 100%; background: $background; }
    ListingView > .listing--cursor {
        background: $block-cursor-background; text-style: $block-cursor-blurred-text-style;
    }
    ListingView > .listing--bar { color: $accent; }
    ListingView > .listing--thumb { color: $border-blurred; }
    """

    class Highlighted(Message):
        """The cursor is on another row."""

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several moves be heard."""
            return isinstance(message, ListingView.Highlighted)

    class Opened(Message):
        """The row under the cursor was clicked again."""

    def __init__(self) -> None:
        super().__init__()
        self.hint = ""  # what an empty list has to say
        self.least_title = LEAST_TITLE
        self.fills = False  # a row without facts has their room for its title
        self.selected: set[str] = set()
        self._rows: Sequence[Row] = ()
        self._places: dict[str, int] = {}
        self._at = 0
        self._top = 0
        self._short = 0  # cells of the column of short ids
        self._widths: tuple[int, ...] = ()  # and of each column of facts
        self._anchor = ""
        self._painted: dict[int, _Look] = {}

    # What it holds

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._rows

    @property
    def key(self) -> str:
        """The key of the row under the cursor, '' where there is none."""
        return self._rows[self._at].key if self._at < len(self._rows) else ""

    @property
    def targets(self) -> list[str]:
        """The keys of the selected rows in their order, else of the one under the cursor."""
        chosen = [row.key for row in self._rows if row.key and row.key in self.selected]
        return chosen or ([self.key] if self.key else [])

    def show(self, rows: Sequence[Row]) -> None:
        """Show rows; the cursor stays on its row, or near where that was."""
        key, at = self.key, self._at
        self._rows = rows
        self._places = {row.key: index for index, row in enumerate(rows) if row.key}
        self.selected &= self._places.keys()
        self._short = min(
            max((cell_width(clean(row.short)) for row in rows if row.key), default=0), SHORT_MOST
        )
        count = max((len(row.facts) for row in rows if row.key), default=0)
        said: list[set[str]] = [set() for _index in range(count)]  # thousands of rows say few things
        for row in rows:
            if row.key:
                for texts, fact in zip(said, row.facts, strict=False):
                    texts.add(fact.text)
        self._widths = tuple(max(min(cell_width(clean(text)), FACT_MOST) for text in texts) for texts in said)
        self._at = self._places.get(key, self._nearest(min(at, len(rows) - 1)))
        self._painted.clear()
        self._show_from(self._top, all_of_it=True)

    def go_to(self, key: str) -> bool:
        """Put the cursor on a row; tells whether it shows."""
        if key not in self._places:
            return False
        self._go(self._places[key])
        return True

    def standing(self) -> tuple[str, int, int]:
        """Return the row under the cursor by its key and place, and the first one in sight."""
        return self.key, self._at, self._top

    def come_back(self, key: str, index: int, top: int) -> None:
        """Put the cursor on a row, else on the nearest to where it stood; the list begins where it did."""
        self._top = max(min(top, len(self._rows) - 1), 0)
        self._go(self._places.get(key, self._nearest(min(index, len(self._rows) - 1))))

    # Moving

    def step(self, by: int) -> None:
        """Move the cursor by rows."""
        stops = 0
        at = self._at
        way = 1 if by > 0 else -1
        index = self._at + way
        while 0 <= index < len(self._rows) and stops < abs(by):
            if self._rows[index].key:
                at, stops = index, stops + 1
            index += way
        self._go(at)

    def page(self, by: int) -> None:
        """Move the cursor by screens of rows."""
        self._go(self._nearest(self._at + by * max(self._room - 1, 1)))

    def home(self) -> None:
        """Move the cursor to the first row."""
        self._go(self._nearest(0))

    def end(self) -> None:
        """Move the cursor to the last row."""
        self._go(self._nearest(len(self._rows) - 1))

    # Selecting

    def toggle_selected(self) -> None:
        """Select the row under the cursor, or deselect it, and go on to the next."""
        if self.key:
            self.selected ^= {self.key}
            self._anchor = self.key
            self.step(1)
            self._show_from(self._top)

    def select_range(self) -> None:
        """Select from the last selected row to here."""
        start = self._places.get(self._anchor, self._at)
        low, high = sorted((start, self._at))
        self.selected |= {row.key for row in self._rows[low : high + 1] if row.key}
        self._show_from(self._top)

    def clear_selection(self) -> None:
        """Deselect everything."""
        self.selected.clear()
        self._show_from(self._top)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.content_size.width
        base = self.visual_style
        look = self._painted[y] = self._looks(range(y, y + 1))[0]
        if look.row is None:
            return self._hint_line(y, width)
        style = self.get_visual_style("listing--cursor") if look.here else base
        bar = self.get_visual_style(*(("listing--cursor",) if look.here else ()), "listing--bar")
        sign = "▌" if look.here else "✓" if look.selected else " "
        segments = [Segment(sign, bar.rich_style)]
        segments += self.line(look.row, width - MARGIN - 1).render_segments(style)
        strip = Strip(segments)
        if look.thumb:
            piece = Segment("▐", self.get_visual_style("listing--thumb").rich_style)
            strip = Strip([*strip.adjust_cell_length(width - 1, style.rich_style), piece])
        return strip.adjust_cell_length(width, style.rich_style)

    def line(self, row: Row, width: int) -> Content:
        """Return a row in so many cells: the title takes what the other columns leave."""
        if not row.key:
            said = "  ".join(clean(fact.text) for fact in row.facts)
            title = truncate(clean(row.title), max(width - cell_width(said) - 2, 8))
            gap = " " * max(width - cell_width(title) - cell_width(said), 1)
            return Content.assemble((title, row.style or f"bold {MUTED}"), gap, (said, MUTED))
        if not row.mark and not row.facts:  # words alone: no column is kept for what they have not
            return Content.assemble(" ", (pad(clean(row.title), max(width - 1, 1)), row.style))
        parts: list[str | Content | tuple[str, str]] = [" " * row.indent, (row.mark, row.mark_style), " "]
        room = width - row.indent - cell_width(row.mark) - 1
        if self._short:
            parts.append((pad(clean(row.short), self._short) + " ", MUTED))
            room -= self._short + 1
        shown = len(self._widths) if row.facts or not self.fills else 0
        while shown and room - sum(self._widths[:shown]) - 2 * shown < self.least_title:
            shown -= 1
        facts = [*row.facts, *[Fact("")] * (len(self._widths) - len(row.facts))][:shown]
        taken = sum(self._widths[:shown]) + 2 * shown
        parts.append((pad(clean(row.title), max(room - taken, 1)), row.style))
        for cells, fact in zip(self._widths[:shown], facts, strict=True):
            parts += ["  ", (pad(clean(fact.text), cells), fact.style)]
        return Content.assemble(*parts)

    def _hint_line(self, y: int, width: int) -> Strip:
        base = self.visual_style.rich_style
        if self._rows or not self.hint:
            return Strip.blank(width, base)
        lines = [part for text in self.hint.split("\n") for part in wrap(text, max(width - 4, 10))]
        if not 1 <= y <= len(lines):
            return Strip.blank(width, base)
        text = Content.styled("  " + lines[y - 1], MUTED)
        return Strip(text.render_segments(self.visual_style)).adjust_cell_length(width, base)

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where each row in sight is, and what puts the cursor there."""

        def go(index: int) -> None:
            self.focus()
            self._go(index)

        x, y, width, _height = self.content_region
        return [
            (Region(x, y + index - self._top, width, 1), partial(go, index))
            for index in range(self._top, min(self._top + self._room, len(self._rows)))
            if self._rows[index].key
        ]

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Show it less."""
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._go(self._at)
        self.refresh()

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked row; a click where the cursor is, opens it."""
        index = event.y + self._top - self.gutter.top
        if 0 <= index < len(self._rows) and self._rows[index].key:
            again = index == self._at and self.has_focus
            self._go(index)
            if again or event.chain > 1:
                self.post_message(self.Opened())

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
        return max(self.content_size.height, 1)

    def _nearest(self, index: int) -> int:
        """Return the row nearest to a place where the cursor can be, below it first."""
        if not self._rows:
            return 0
        index = max(min(index, len(self._rows) - 1), 0)
        for way in (range(index, len(self._rows)), range(index - 1, -1, -1)):
            for place in way:
                if place < len(self._rows) and self._rows[place].key:
                    return place
        return 0

    def _go(self, index: int) -> None:
        before = self.key
        self._at = index
        top = self._top
        # The heading above the first row says where one is.
        first = index - 1 if index > 0 and not self._rows[index - 1].key else index
        if first < top:
            top = first
        elif index >= top + self._room:
            top = index - self._room + 1
        self._show_from(top)
        if self.key != before:
            self.post_message(self.Highlighted())

    def _show_from(self, top: int, *, all_of_it: bool = False) -> None:
        self._top = max(min(top, len(self._rows) - self._room), 0)
        lines = range(self._room)
        if all_of_it:
            self.refresh()
            return
        before, after = [self._painted.get(y) for y in lines], self._looks(lines)
        if changed := differing(before, after, self.content_size.width):
            self.refresh(*changed)

    def _looks(self, lines: range) -> list[_Look]:
        thumb = thumb_lines(len(self._rows), self._room, self._top)
        looks = []
        for y in lines:
            index = y + self._top
            if index >= len(self._rows):
                looks.append(_NOTHING)
                continue
            row = self._rows[index]
            looks.append(
                _Look(row, index == self._at and bool(row.key), row.key in self.selected, y in thumb)
            )
        return looks
