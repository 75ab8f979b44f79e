"""Alignment: which work of which department stands behind which goal, counted for goals and departments at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.goal_tree import branches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NO_DEPARTMENT = ""


class Work(NamedTuple):
    """Items of one department that serve one goal directly: how many are open and done, and their hours."""

    goal: str
    department: str
    open: int = 0
    done: int = 0
    hours: float = 0.0  # effort of all of them
    left: float = 0.0  # what remains of the open ones, else their effort


class Cell(NamedTuple):
    """Work added up: of a department for a goal and what lies beneath it, of a row, or of a column."""

    open: int = 0
    done: int = 0
    hours: float = 0.0
    left: float = 0.0

    @property
    def items(self) -> int:
        """How many items there are."""
        return self.open + self.done

    def plus(self, other: Work | Cell) -> Cell:
        """Return both together."""
        return Cell(
            self.open + other.open,
            self.done + other.done,
            self.hours + other.hours,
            self.left + other.left,
        )


class Aligned(NamedTuple):
    """A goal's line: what each department does for it and for what lies beneath it, and all of that together."""

    goal: str
    depth: int
    cells: dict[str, Cell]
    total: Cell


class Alignment(NamedTuple):
    """The matrix. `columns` are the departments in order, then others that have work, then work of none.

    The sums hold: a line's total is the sum of its cells; a column's total is the sum of its cells in lines of depth 0,
    for the work of a goal counts in every goal above it as well; `total` is the sum of the columns' totals.
    """

    columns: tuple[str, ...]
    rows: tuple[Aligned, ...]
    totals: dict[str, Cell]
    total: Cell


NOTHING = Cell()


def alignment(parents: Mapping[str, str], work: Iterable[Work], departments: Sequence[str]) -> Alignment:
    """Return the matrix of goals, in the order of their tree, and departments.

    `parents` maps each goal to its parent, '' for none; work for a goal that is not among them is left out.
    """
    tree = branches(parents)
    own: dict[str, dict[str, Cell]] = {}
    known = set(departments)
    others: dict[str, None] = {}
    for piece in work:
        if piece.goal not in parents:
            continue
        cells = own.setdefault(piece.goal, {})
        cells[piece.department] = cells.get(piece.department, NOTHING).plus(piece)
        if piece.department not in known:
            others[piece.department] = None
    columns = (*departments, *sorted(others.keys() - {NO_DEPARTMENT}))
    if NO_DEPARTMENT in others:
        columns = (*columns, NO_DEPARTMENT)
    summed: list[dict[str, Cell]] = [dict(own.get(branch.id, {})) for branch in tree]
    # From the last line up, each gives what it has to the nearest line before it that is less deep: its parent.
    path: list[int] = []
    parent_of: list[int] = []
    for index, branch in enumerate(tree):
        del path[branch.depth :]
        parent_of.append(path[-1] if path else -1)
        path.append(index)
    for index in range(len(tree) - 1, -1, -1):
        if parent_of[index] >= 0:
            above = summed[parent_of[index]]
            for department, cell in summed[index].items():
                above[department] = above.get(department, NOTHING).plus(cell)
    rows = tuple(
        Aligned(branch.id, branch.depth, cells, _sum(cells.values()))
        for branch, cells in zip(tree, summed, strict=True)
    )
    tops = [row for row in rows if row.depth == 0]
    totals = {column: _sum(row.cells[column] for row in tops if column in row.cells) for column in columns}
    return Alignment(columns, rows, totals, _sum(totals.values()))


def _sum(cells: Iterable[Cell]) -> Cell:
    found = NOTHING
    for cell in cells:
        found = found.plus(cell)
    return found
