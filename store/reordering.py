"""Moving one of a few things that people have put in order: goals beneath one, picks of a day, departments.

One place is written where the others have theirs; where they have none, or a peer wrote something else, all get one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.rank import between, is_rank, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.change import Change

LAST = "~"  # stands for no place where what has none comes last: no place is greater


def move_by(change: Change, found: Sequence[tuple[str, str]], ent: str, by: int) -> bool:
    """Move a thing by so many among others, given by id and place in their order; tells whether it went anywhere."""
    order = list(found)
    at = [one for one, _place in order].index(ent)
    to = min(max(at + by, 0), len(order) - 1)
    if to == at:
        return False
    order.insert(to, order.pop(at))
    put_in_order(change, order, ent)
    return True


def put_in_order(change: Change, order: Sequence[tuple[str, str]], ent: str) -> None:
    """Give a thing a place such that it stands where it does in this order, given by id and place."""
    at = [one for one, _place in order].index(ent)
    before = [place for _one, place in order[:at]]
    if all(map(is_rank, before)) and before == sorted(set(before)):
        low = before[-1] if before else None
        after = order[at + 1][1] if at + 1 < len(order) else LAST
        high = after if is_rank(after) else None
        if (low is None or high is None or low < high) and (place := between(low, high)) < after:
            change.set(ent, {"rank": place})
            return
    for (one, _place), place in zip(order, spread(len(order)), strict=True):
        change.set(one, {"rank": place})
