"""Cards and headers as strips in the colours of a theme.

Each card's strips are kept while it stays the same, so that moving the cursor paints two cards and no more; so are
the columns' heads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.cache import LRUCache
from textual.strip import Strip

from store.queries import CONFLICTS
from tui.celltext import cell_width, clean, truncate, wrap
from tui.i18n import _
from tui.theme import MEANINGS, glyph
from tui.widgets.board.card import Wording
from tui.widgets.board.line import Piece, segments, width_of

if TYPE_CHECKING:
    from datetime import date

    from store.queries import Card
    from tui.theme import Look
    from tui.widgets.board.layout import Shape
    from tui.widgets.board.names import Names
    from tui.widgets.board.rows import Column

_KEPT = 1024  # cards: several screens of them
_HEADS = 64  # titles, and the rules under them

RESTING = "card"
CURSOR = "cursor"
BLURRED = "blurred"
SEPARATOR = 1  # cells of board between two columns; the scroll thumb runs in it


class Painter:
    """Paints columns of one width in one look, language and day; when any of these changes, make another."""

    def __init__(self, width: int, shape: Shape, look: Look, names: Names, today: date) -> None:
        self.width = width
        self._shape = shape
        self._look = look
        self._wording = Wording(names, today)
        self._kept: LRUCache[tuple[Card, str, bool, bool, bool], tuple[Strip, ...]] = LRUCache(_KEPT)
        self._titles: LRUCache[tuple[Column, bool], Strip] = LRUCache(_HEADS)
        self._rules: LRUCache[tuple[bool, int, int], Strip] = LRUCache(_HEADS)
        self._blank = look.style("text", "board")
        gutter = Segment(" " * SEPARATOR, self._blank)
        thumb = Segment("▌", look.style("faint", "board"))
        self._gutters = (gutter, thumb)
        self._blanks = tuple(
            Strip([Segment(" " * (width - SEPARATOR), self._blank), end], width) for end in self._gutters
        )

    def blank(self, thumb: bool = False) -> Strip:
        """Return an empty line."""
        return self._blanks[thumb]

    def card(self, card: Card, ground: str, *, selected: bool, done: bool, thumb: bool) -> tuple[Strip, ...]:
        """Return the card's lines; the ground says whether the cursor is on it, the thumb runs beside it or not."""
        key = (card, ground, selected, done, thumb)
        strips = self._kept.get(key)
        if strips is None:
            strips = self._kept[key] = self._card(*key)
        return strips

    def _card(self, card: Card, ground: str, selected: bool, done: bool, thumb: bool) -> tuple[Strip, ...]:
        look = self._look
        room = self.width - SEPARATOR - 2
        rows = self._wording.rows(card, room, self._shape.lines, done=done, selected=selected)
        bars = self._wording.bars(card)
        ends = [Segment(" ", look.style("text", ground)), self._gutters[thumb]]
        strips = []
        for index in range(self._shape.lines):
            if selected and index == 0:
                bar = Segment(glyph("selected"), look.style("accent", ground, bold=True))
            else:
                # A reversed block would be a hole: without colour it stands beside the card.
                behind = RESTING if look.plain else ground
                tone = bars[min(index, len(bars) - 1)]
                bar = Segment(self._bar(ground, index), look.style(tone, behind))
            left, right = rows[index] if index < len(rows) else ((), ())
            strip = Strip([bar, *segments(left, right, room, look, ground), *ends], self.width)
            strips.append(strip.simplify())  # a terminal is told the colours of every segment anew
        return tuple(strips)

    def _bar(self, ground: str, line: int) -> str:
        if ground != RESTING:
            return glyph("cursor")
        # Cards without a gap between them are told apart by bars that stop short.
        return "▘" if not self._shape.gap and line == self._shape.lines - 1 else glyph("department")

    def title(self, column: Column, *, current: bool) -> Strip:
        """Return a column's title with its count, and its limit when it has one."""
        strip = self._titles.get((column, current))
        if strip is None:
            strip = self._titles[column, current] = self._title(column, current)
        return strip

    def _title(self, column: Column, current: bool) -> Strip:
        over = column.wip is not None and column.count > column.wip
        count = f"{column.count:,}" if column.wip is None else f"{column.count:,}/{column.wip}"
        tone = "muted"
        if over:
            count, tone = f"{count} {glyph('over')}", MEANINGS["over"].tone
        elif column.wip is not None and column.count == column.wip:
            tone = "warning"
        room = self.width - SEPARATOR
        title = truncate(clean(column.title), max(room - cell_width(count) - 2, 1))
        pieces = [
            Piece(" "),
            Piece(title, "accent" if current else "text", bold=True),
            Piece(" "),
            Piece(count, tone, bold=over),
        ]
        return self._framed(pieces)

    def rule(self, *, current: bool, before: int = 0, after: int = 0) -> Strip:
        """Return the line under a title, with how many columns are out of sight on either side."""
        strip = self._rules.get((current, before, after))
        if strip is None:
            strip = self._rules[current, before, after] = self._rule(current, before, after)
        return strip

    def _rule(self, current: bool, before: int, after: int) -> Strip:
        tone = "accent" if current else "faint"
        stroke = "━" if current else "─"
        left = f"‹{before} " if before else ""
        right = f" {after}›" if after else ""
        room = self.width - SEPARATOR - len(left) - len(right)
        return self._framed([Piece(left, "muted"), Piece(stroke * max(room, 0), tone), Piece(right, "muted")])

    def lane(self, title: str, count: int, tone: str, *, folded: bool, current: bool, thumb: bool) -> Strip:
        """Return a swimlane's line: its name and how many cards of it this column has."""
        room = self.width - SEPARATOR
        number = f" {count:,}" if count else ""
        sign = glyph("folded" if folded else "lane")
        name = truncate(clean(title), max(room - len(number) - 4, 1))
        pieces = [Piece(sign, tone), Piece(f" {name} ", tone, bold=current)]
        pieces.append(Piece("─" * max(room - width_of(pieces) - len(number), 0), "faint"))
        pieces.append(Piece(number, "muted"))
        return self._framed(pieces, thumb)

    def hint(self, text: str, lines: int) -> list[Strip]:
        """Return what an empty column has to say, folded to its width."""
        room = self.width - SEPARATOR - 2
        return [
            self._framed([Piece(" "), Piece(line, "muted")])
            for line in (["", *wrap(clean(text), room)])[: max(lines, 0)]
        ]

    def _framed(self, pieces: list[Piece], thumb: bool = False) -> Strip:
        line = segments(pieces, (), self.width - SEPARATOR, self._look, "board")
        return Strip([*(part for part in line if part.text), self._gutters[thumb]], self.width)


def hint_of(column: Column) -> str:
    """Return what an empty column tells a newcomer."""
    if column.hint:
        return column.hint
    if column.id == CONFLICTS:
        return _("No open conflict. Log one while people still talk.")
    return {
        "doing": _("Nobody works on anything here. Move a card in to start it."),
        "done": _("Nothing is finished yet."),
    }.get(column.category, _("Nothing waits here. What is added to this status lands on top."))
