"""A list of any length that draws only the lines in sight: a mark, a short id, a title and columns of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.celltext import cell_width, clean, pad, truncate
from tui.widgets.cursor_lines import MUTED as MUTED
from tui.widgets.cursor_lines import CursorLines, Look, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

LEAST_TITLE = 24  # cells a title keeps when facts ask for room; facts further right give way first
FACT_MOST = 20
SHORT_MOST = 10


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


class ListingView(CursorLines[Row]):
    """Shows rows with a cursor and a selection; a subclass brings the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.least_title = LEAST_TITLE
        self.fills = False  # a row without facts has their room for its title
        self._rows: Sequence[Row] = ()
        self._places: dict[str, int] = {}
        self._short = 0  # cells of the column of short ids
        self._widths: tuple[int, ...] = ()  # and of each column of facts
        self._fitted: tuple[object, ...] = ()  # what decided where things stand when it was shown last

    # What it holds

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._rows

    @property
    def total(self) -> int:
        """How many rows there are, headings included."""
        return len(self._rows)

    def row_at(self, index: int) -> Row | None:
        """Return a row, None below the last one."""
        return self._rows[index] if index < len(self._rows) else None

    def key_at(self, index: int) -> str:
        """Return the key of a row, '' for a heading and where there is none."""
        return self._rows[index].key if index < len(self._rows) else ""

    def index_of(self, key: str) -> int | None:
        """Return the place of a row, None where it does not show."""
        return self._places.get(key)

    def keys(self, start: int, stop: int) -> Iterable[str]:
        """Return the keys of some rows, headings left out."""
        return (row.key for row in self._rows[start:stop] if row.key)

    def can_stand(self, index: int) -> bool:
        """Tell whether there is a row: the cursor passes headings."""
        return bool(self.key_at(index))

    def nearest(self, index: int) -> int:
        """Return the row nearest to a place where the cursor can be, below it first."""
        index = super().nearest(index)
        ways = (range(index, len(self._rows)), range(index - 1, -1, -1))
        return next((place for way in ways for place in way if self._rows[place].key), 0)

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
        before = self._fitted
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
        self._at = self._places.get(key, self.nearest(at))
        # While a filter is typed, many lines stay as they were: they are compared, not painted.
        self._fitted = (self._short, self._widths, self.least_title, self.fills)
        self._show_from(self._top, all_of_it=before != self._fitted)

    def standing(self) -> tuple[str, int, int]:
        """Return the row under the cursor by its key and place, and the first one in sight."""
        return self.key, self._at, self._top

    def come_back(self, key: str, index: int, top: int) -> None:
        """Put the cursor on a row, else on the nearest to where it stood; the list begins where it did."""
        self._top = max(min(top, len(self._rows) - 1), 0)
        self._go(self._places.get(key, index))

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

    # Drawing

    def drawn(self, look: Look[Row], width: int) -> list[Piece]:
        """Return a row, with the thumb's cell beside it."""
        assert look.row is not None
        return self.line(look.row, width - 1)

    def line(self, row: Row, width: int) -> list[Piece]:
        """Return a row in so many cells: the title takes what the other columns leave."""
        if not row.key:
            said = "  ".join(clean(fact.text) for fact in row.facts)
            title = truncate(clean(row.title), max(width - cell_width(said) - 2, 8))
            gap = " " * max(width - cell_width(title) - cell_width(said), 1)
            return [Piece(title, row.style or f"bold {MUTED}"), Piece(gap), Piece(said, MUTED)]
        if not row.mark and not row.facts:  # words alone: no column is kept for what they have not
            return [Piece(" "), Piece(pad(clean(row.title), max(width - 1, 1)), row.style)]
        pieces = [Piece(" " * row.indent), Piece(row.mark, row.mark_style), Piece(" ")]
        room = width - row.indent - cell_width(row.mark) - 1
        if self._short:
            pieces.append(Piece(pad(clean(row.short), self._short) + " ", MUTED))
            room -= self._short + 1
        shown = len(self._widths) if row.facts or not self.fills else 0
        while shown and room - sum(self._widths[:shown]) - 2 * shown < self.least_title:
            shown -= 1
        facts = [*row.facts, *[Fact("")] * (len(self._widths) - len(row.facts))][:shown]
        taken = sum(self._widths[:shown]) + 2 * shown
        pieces.append(Piece(pad(clean(row.title), max(room - taken, 1)), row.style))
        for cells, fact in zip(self._widths[:shown], facts, strict=True):
            pieces += [Piece("  "), Piece(pad(clean(fact.text), cells), fact.style)]
        return pieces

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
