"""The list's questions, answered by the store: sections, and the rows of the lines that are in sight."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from store.table_rows import ids_of, number_of, table_rows
from tui.i18n import _
from tui.screens.table_columns import CellWriter, mark
from tui.widgets.table import Line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.database import Store
    from store.table_order import Section
    from tui.screens.directory import Directory


class StoreTable:
    """The lines of one state of the list: a heading a section where it is divided, then its rows unless folded."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        sections: Sequence[Section],
        *,
        group: str,
        names: tuple[str, ...],
        folded: Collection[str],
    ) -> None:
        self._store = store
        self._directory = directory
        self._sections = sections
        self._group = group
        self._names = names
        self._folded = folded
        self._starts: list[int] = []
        at = 0
        for section in sections:
            self._starts.append(at)
            at += self._size(section)
        self._total = at

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self._total

    @property
    def count(self) -> int:
        """How many items there are, those of folded sections too."""
        return sum(len(section.numbers) for section in self._sections)

    def _size(self, section: Section) -> int:
        rows = 0 if self._group and section.key in self._folded else len(section.numbers)
        return rows + bool(self._group)

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """Return the lines of a window."""
        store, found = self._store, []
        writer = CellWriter(self._names, self._directory, store.today(), store.now())
        for section, first, last, heading in self._parts(start, stop):
            if heading:
                folded = section.key in self._folded
                found.append(
                    Line(
                        section.key,
                        heading=self._title(section.key),
                        count=len(section.numbers),
                        folded=folded,
                    )
                )
            numbers = section.numbers[first:last]
            rows = {row.number: row for row in table_rows(store, numbers, self._names)}
            for number in numbers:
                row = rows.get(number)
                if row is None:
                    found.append(Line(""))
                    continue
                found.append(Line(row.id, writer.cells(row), mark(row, self._directory)))
        return found

    def keys(self, start: int, stop: int) -> Sequence[str]:
        """Return the ids of the rows in a window."""
        return [
            ent
            for section, first, last, _heading in self._parts(start, stop)
            for ent in ids_of(self._store, section.numbers[first:last])
        ]

    def index_of(self, key: str) -> int | None:
        """Return the line on which an item stands."""
        number = number_of(self._store, key)
        if number is None:
            return None
        for section, start in zip(self._sections, self._starts, strict=True):
            if self._group and section.key in self._folded:
                continue
            try:
                return start + bool(self._group) + section.numbers.index(number)
            except ValueError:
                continue
        return None

    def section_at(self, index: int) -> str:
        """Return the key of the section in which a line stands."""
        if not self._sections:
            return ""
        return self._sections[max(bisect_right(self._starts, index) - 1, 0)].key

    def _parts(self, start: int, stop: int) -> list[tuple[Section, int, int, bool]]:
        """Return of each section in a window which of its rows are, and whether its heading is."""
        found = []
        place = max(bisect_right(self._starts, start) - 1, 0)
        for section, begins in zip(self._sections[place:], self._starts[place:], strict=True):
            if begins >= stop:
                break
            rows_at = begins + bool(self._group)
            size = self._size(section) - bool(self._group)
            first = min(max(start - rows_at, 0), size)
            last = min(max(stop - rows_at, 0), size)
            found.append((section, first, last, bool(self._group) and start <= begins < stop))
        return found

    def _title(self, key: str) -> str:
        directory = self._directory
        if not key:
            return _("nothing")
        named = {
            "owner": directory.member, "department": directory.department, "requested_by": directory.department,
            "status": directory.status, "goal": directory.goal,
        }  # fmt: skip
        if self._group in named:
            return named[self._group](key)
        if self._group == "priority":
            return f"P{key}"
        return key if self._group == "due" else _(key)
