"""What the tabs of the goals show, read once: the rows, who is waited for, and the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.alignment import alignment
from store.goal_rows import goal_rows, work
from store.goals import parents
from tui.screens.goal_details import short_names

if TYPE_CHECKING:
    from store.analysis.alignment import Alignment
    from store.database import Store
    from store.goal_rows import GoalRow
    from tui.screens.directory import Directory


class Goals:
    """The goals of a workspace as they are now."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self.rows: dict[str, GoalRow] = {row.id: row for row in goal_rows(store)}
        self.parents = parents(store)
        self.departments = tuple(directory.departments)
        self.aligned: Alignment = alignment(self.parents, work(store), self.departments)
        self._lines = {row.goal: row for row in self.aligned.rows}
        self.names = short_names(directory)

    def expected(self, goal: str) -> tuple[str, ...]:
        """Return the departments whose answer is waited for: those that have work for it, else all."""
        line = self._lines.get(goal)
        busy = tuple(
            side for side in self.departments if line and side in line.cells and line.cells[side].items
        )
        return busy or self.departments
