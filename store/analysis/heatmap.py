"""Where it presses: needs and challenges counted by department and kind, the severe ones weighing more.

The weight of one is 4 for a severity of 1, the worst, down to 1 for a severity of 4 or none. A cell's level, 0 to 4, is
its weight against the heaviest cell of the map, rounded up, so that what is there at all is never level 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.schema import NEED_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

LEVELS = 4
_WORST = 4  # the weight of a severity of 1


class Counted(NamedTuple):
    """One need or challenge as far as it is counted."""

    id: str
    department: str
    kind: str
    severity: int | None = None


class Cell(NamedTuple):
    """What is open of one kind in one department: ids in the order given, their weight, how it compares."""

    ids: tuple[str, ...] = ()
    weight: int = 0
    level: int = 0


class Heatmap(NamedTuple):
    """Kinds and departments that the map has, in order, and its cells; a pair without a cell has nothing open."""

    kinds: tuple[str, ...]
    departments: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]

    def cell(self, kind: str, department: str) -> Cell:
        """Return one cell, an empty one where nothing is open."""
        return self.cells.get((kind, department), Cell())

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the ids of one kind in all departments."""
        return tuple(ent for department in self.departments for ent in self.cell(kind, department).ids)

    def of_department(self, department: str) -> tuple[str, ...]:
        """Return the ids of one department in all kinds."""
        return tuple(ent for kind in self.kinds for ent in self.cell(kind, department).ids)

    @property
    def total(self) -> int:
        """How many are open in all."""
        return sum(len(cell.ids) for cell in self.cells.values())


def weight(severity: int | None) -> int:
    """Return how much one weighs by its severity, 1 the worst."""
    return max(_WORST + 1 - severity, 1) if severity is not None and severity > 0 else 1


def heatmap(counted: Iterable[Counted], departments: Iterable[str]) -> Heatmap:
    """Return the map: all known kinds and departments, then what else turned up, in the order of their names."""
    ids: dict[tuple[str, str], list[str]] = {}
    weights: dict[tuple[str, str], int] = {}
    for one in counted:
        place = (one.kind, one.department)
        ids.setdefault(place, []).append(one.id)
        weights[place] = weights.get(place, 0) + weight(one.severity)
    known = tuple(dict.fromkeys(departments))
    others = sorted({department for _kind, department in ids} - set(known))
    kinds = (*NEED_KINDS, *sorted({kind for kind, _department in ids} - set(NEED_KINDS)))
    heaviest = max(weights.values(), default=1)
    cells = {
        place: Cell(tuple(ids[place]), total, -(-total * LEVELS // heaviest))
        for place, total in weights.items()
    }
    return Heatmap(kinds, (*known, *others), cells)
