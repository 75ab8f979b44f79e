"""What is done with goals: where they stand in their tree, what departments answer, and which items serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.analysis.goal_tree import beneath
from store.errors import StoreError
from store.lookup import short_of
from store.reordering import LAST, move_by, put_in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.change import Change
    from store.database import Store

ACKNOWLEDGED, OBJECTED = schema.GOAL_ANSWERS
# In which order siblings are shown: those that nobody has moved come last, the oldest first, and those of one moment
# by the numbers in their short ids.
ORDER = "coalesce(g.rank, '~'), g.created_at, length(g.short), g.short, g.id"
_PARENTS = (
    f"SELECT g.id, CASE WHEN g.parent_cut = 0 THEN coalesce(g.parent, '') ELSE '' END, coalesce(g.rank, '{LAST}') "
    f"FROM p_goal g WHERE g.trashed = 0 ORDER BY {ORDER}"
)


def parents(store: Store) -> dict[str, str]:
    """Return each goal's parent, '' for none, in the order siblings are shown in; cut edges count as none."""
    return {goal: parent for goal, parent, _rank in store.conn.execute(_PARENTS)}


def answer(change: Change, goal: str, department: str, said: str, reason: str = "") -> None:
    """Let a department acknowledge a goal, or object and say why; '' takes its answer back.

    What it answered before is replaced, the reason with it. Raises wrong-kind, not-found, bad-value.
    """
    change.require(goal, "goal")
    change.require(department, "department")
    if said not in ("", *schema.GOAL_ANSWERS):
        raise StoreError("bad-value", field="answer", value=said, expected=", ".join(schema.GOAL_ANSWERS))
    why = " ".join(reason.split()) if said == OBJECTED else ""
    change.set(goal, {"answer": {department: said or None}, "objection": {department: why or None}})


def link(change: Change, items: Iterable[str], goal: str | None) -> None:
    """Let items serve a goal, or none any more. Raises wrong-kind, not-found."""
    if goal is not None:
        change.require(goal, "goal")
    for item in items:
        change.require(item, "item")
        change.set(item, {"goal": goal})


def put_under(change: Change, goal: str, parent: str | None) -> None:
    """Put a goal beneath another as the last there, or at the top. Raises goal-circle, wrong-kind, not-found."""
    change.flush()
    tree = parents(change.store)
    if parent is not None:
        change.require(parent, "goal")
        if parent == goal or parent in beneath(tree, goal):
            raise StoreError(
                "goal-circle", goal=short_of(change.store, goal), parent=short_of(change.store, parent)
            )
    siblings = [one for one, above in tree.items() if above == (parent or "") and one != goal]
    change.set(goal, {"parent": parent})
    put_in_order(change, _placed(change, [*siblings, goal]), goal)


def move(change: Change, goal: str, by: int) -> bool:
    """Move a goal among its siblings by so many places, and tell whether it went anywhere."""
    change.flush()
    tree = parents(change.store)
    if goal not in tree:
        raise StoreError("not-found", what=goal)
    above = tree[goal] if tree[goal] in tree else ""
    siblings = [one for one, parent in tree.items() if (parent if parent in tree else "") == above]
    return move_by(change, _placed(change, siblings), goal, by)


def _placed(change: Change, siblings: Sequence[str]) -> list[tuple[str, str]]:
    ranks = {one: rank for one, _parent, rank in change.store.conn.execute(_PARENTS)}
    return [(one, ranks.get(one, LAST)) for one in siblings]
