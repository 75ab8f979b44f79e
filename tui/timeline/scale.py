"""Which day lies in which cell: four zooms, half a cell of resolution, and the words over the days.

A **half** is half a cell, counted from the left edge of the chart; a bar that begins on a day begins on that day's
first half. Days are ordinals (`datetime.date.toordinal`), of which Mondays are 1 modulo 7.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from store.analysis.plan import MAX_DAY, MIN_DAY
from tui.celltext import cell_width
from tui.i18n import N_, _

WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
ZOOMS = (WEEK, MONTH, QUARTER, YEAR)
LABELS = {WEEK: N_("week"), MONTH: N_("month"), QUARTER: N_("quarter"), YEAR: N_("year")}
_HALVES = {WEEK: 6, MONTH: 2, QUARTER: 1}  # to a day
_YEAR_SPLIT = 4  # of a week in one cell, the first four days are its left half
_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
GAP = 2  # cells between two words of the heading


class Tick(NamedTuple):
    """Words that begin over one cell."""

    cell: int
    text: str
    strong: bool = False  # a month or a year begins here


class Scale(NamedTuple):
    """The days in sight: a zoom, the first day, and how many cells they have."""

    zoom: str
    first: int
    width: int

    @property
    def days_a_cell(self) -> int:
        """Return how many days one cell stands for; a day of the week zoom has several cells, and counts as 1."""
        return {WEEK: 1, MONTH: 1, QUARTER: 2, YEAR: 7}[self.zoom]

    def half(self, day: int) -> int:
        """Return the half on which a day begins, negative or beyond the width where it is out of sight."""
        offset = day - self.first
        if self.zoom == YEAR:
            weeks, rest = divmod(offset, 7)
            return weeks * 2 + (rest >= _YEAR_SPLIT)
        return offset * _HALVES[self.zoom]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the halves, end excluded, that the days from `first` to `last` take: one at least."""
        start = self.half(first)
        return start, max(self.half(last + 1), start + 1)

    def cell(self, day: int) -> int:
        """Return the cell in which a day begins."""
        return self.half(day) // 2

    def day_at(self, cell: int) -> int:
        """Return the first day of a cell."""
        if self.zoom == WEEK:
            return self.first + cell // 3
        return self.first + cell * self.days_a_cell

    @property
    def last(self) -> int:
        """Return the last day in sight."""
        return self.day_at(max(self.width - 1, 0)) + self.days_a_cell - 1

    def showing(self, day: int, *, margin: int = 4) -> Scale:
        """Return the scale that has a day in sight, moved no further than that takes."""
        cell = self.cell(day)
        wide = 3 if self.zoom == WEEK else 1
        if cell < margin:
            return self.moved_to(self.day_at(cell) - margin * self.days_a_cell // wide)
        if cell >= self.width - margin - wide:
            over = cell - (self.width - margin - wide)
            return self.moved_to(self.first + (over // wide + 1) * self.days_a_cell)
        return self

    def moved_to(self, day: int) -> Scale:
        """Return the scale with another first day, within the days a plan may hold."""
        day = min(max(day, MIN_DAY), MAX_DAY)
        if self.zoom == YEAR:
            day -= (day - 1) % 7  # weeks begin on a Monday, and cells with them
        return self._replace(first=day)

    def zoomed(self, zoom: str, around: int) -> Scale:
        """Return another zoom in which the day stays where it is on the screen."""
        share = min(max(self.cell(around), 0), max(self.width - 1, 0))
        changed = Scale(zoom, around, self.width)
        return changed.moved_to(around - (changed.day_at(share) - around))

    def upper(self) -> list[Tick]:
        """Return the months over the days, or the years where months lie below."""
        ticks: list[Tick] = []
        shown = date.fromordinal(self.first)
        yearly = self.zoom == YEAR
        start = date(shown.year, 1 if yearly else shown.month, 1)
        while start.toordinal() <= min(self.last, MAX_DAY):
            cell = max(self.cell(start.toordinal()), 0)
            text = str(start.year) if yearly else month_words(start, with_year=start.month == 1 or not ticks)
            ticks.append(Tick(cell, text, strong=True))
            start = date(start.year + 1, 1, 1) if yearly else _month_after(start)
        return _apart(ticks)

    def lower(self) -> list[Tick]:
        """Return the days, Mondays or months under them."""
        if self.zoom == YEAR:
            start = date.fromordinal(self.first).replace(day=1)
            ticks = []
            while start.toordinal() <= min(self.last, MAX_DAY):
                cell = self.cell(start.toordinal())
                if cell >= 0:
                    ticks.append(Tick(cell, _(_MONTHS[start.month - 1])))
                start = _month_after(start)
            return _apart(ticks, gap=1)
        step = 1 if self.zoom == WEEK else 7
        first = self.first if step == 1 else self.first + (1 - self.first) % 7
        days = range(first, min(self.last, MAX_DAY) + 1, step)
        return [
            Tick(self.cell(day), f"{date.fromordinal(day).day:>2}", strong=day % 7 == 1 and step == 1)
            for day in days
        ]


def month_words(day: date, *, with_year: bool) -> str:
    """Return a month's name, with its year where that is not plain."""
    name = _(_MONTHS[day.month - 1])
    return _("{month} {year}").format(month=name, year=day.year) if with_year else name


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _apart(ticks: list[Tick], gap: int = GAP) -> list[Tick]:
    """Leave out what would run into the next; the later one stays, for it stands where it belongs."""
    kept: list[Tick] = []
    for tick in ticks:
        if kept and kept[-1].cell + cell_width(kept[-1].text) + gap > tick.cell:
            if kept[-1].cell == tick.cell or len(kept) == 1:
                kept.pop()
            else:
                continue
        kept.append(tick)
    return kept
