"""What ops mean: each cell's heads, what is shown of them, and what is in the trash (store/DESIGN.md)."""

from collections.abc import Iterable
from typing import Any

from tests.second_reader.lines import Op

ATTACHED = ("comment", "check")
UNSETTLED = ("short", "source", "created", "rank", "trash")  # nobody is asked which of several heads is right
Cell = tuple[str, str, str]  # kind, entity, field

LAST_LAMPORT = 2**53 - 1


def heads_of(ops: Iterable[Op]) -> list[Op]:
    """The ops of one cell that no later one of it names as parent, the shown one first."""
    held = {op.dot: op for op in ops}
    replaced = {
        parent
        for op in held.values()
        for parent in op.parents
        if parent in held and op.lam > min(held[parent].lam, LAST_LAMPORT - 1)
    }
    return sorted(
        (op for op in held.values() if op.dot not in replaced), key=lambda op: op.order, reverse=True
    )


class State:
    """The cells of a workspace: `heads` of each, the shown one first."""

    def __init__(self, ops: Iterable[Op]) -> None:
        written: dict[Cell, list[Op]] = {}
        for op in ops:
            written.setdefault((op.kind, op.ent, op.field), []).append(op)
        self.heads: dict[Cell, list[Op]] = {cell: heads_of(found) for cell, found in sorted(written.items())}

    def shown(self, kind: str, ent: str, field: str) -> Any:
        """The value that is shown of a register, a place, or a map's key; None where nobody wrote it."""
        heads = self.heads.get((kind, ent, field))
        return heads[0].value if heads else None

    def elements(self, kind: str, ent: str, name: str) -> list[str]:
        """The elements of a set, in the order of their characters: those of which any head is true."""
        prefix = f"{name}/"
        return sorted(
            field[len(prefix) :]
            for (of_kind, of, field), heads in self.heads.items()
            if (of_kind, of) == (kind, ent)
            and field.startswith(prefix)
            and any(head.value is True for head in heads)
        )

    def divergences(self) -> dict[Cell, list[Any]]:
        """Of each cell whose heads say different things, their values, the shown one first; sets have none."""
        found: dict[Cell, list[Any]] = {}
        for (kind, ent, field), heads in self.heads.items():
            values = [head.value for head in heads]
            said = [
                value.get("status") if field == "place" and isinstance(value, dict) else value
                for value in values
            ]
            is_set = "/" in field and all(isinstance(value, bool) for value in values)
            if field not in UNSETTLED and not is_set and any(value != said[0] for value in said):
                found[kind, ent, field] = values
        return found

    def trashed(self, kind: str, ent: str) -> bool:
        """Whether an entity is in the trash: deleted, not restored, and nothing in force that no deleter had seen.

        What is attached to it, its comments and checklist entries, counts as a part of it.
        """
        deletions = [head.value for head in self.heads.get((kind, ent, "trash"), [])]
        if not deletions or None in deletions:
            return False
        deletions = [seen for seen in deletions if isinstance(seen, dict)]
        parts = {(kind, ent)} | {
            (of_kind, of)
            for (of_kind, of, field), heads in self.heads.items()
            if of_kind in ATTACHED and field == "on" and heads[0].value == ent
        }
        return all(
            any(seen.get(f"{head.dev}.{head.inc}", 0) >= head.seq for seen in deletions)
            for (of_kind, of, field), heads in self.heads.items()
            if (of_kind, of) in parts and field != "trash"
            for head in heads
        )

    def parents(self, kind: str) -> dict[str, str]:
        """Each entity's parent after cycles are cut: of each cycle the latest move is skipped."""
        moves = {
            ent: heads[0]
            for (of_kind, ent, field), heads in self.heads.items()
            if (of_kind, field) == (kind, "parent") and isinstance(heads[0].value, str)
        }
        while cycle := next(filter(None, (_cycle(moves, ent) for ent in sorted(moves))), None):
            del moves[max(cycle, key=lambda ent: moves[ent].order)]
        return {ent: op.value for ent, op in sorted(moves.items())}


def _cycle(moves: dict[str, Op], ent: str) -> list[str]:
    """The entities of the cycle that `ent` lies on, or none."""
    path = [ent]
    while path[-1] in moves:
        above = moves[path[-1]].value
        if above == ent:
            return path
        if above in path:
            return []
        path.append(above)
    return []
