"""Moving one of a few things that people have put in order: goals beneath one, picks of a day, departments.

One place is written where the others have theirs; where they have none, or a peer wrote something else, all get one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.rank import between, is_rank, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.change import Change


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
    """Give a thing a place such that it stands where it does in this order."""
    places = [place for _one, place in order]
    at = [one for one, _place in order].index(ent)
    before = places[:at]
    low = before[-1] if before else None
    high = next(filter(is_rank, places[at + 1 :]), None)
    known = all(map(is_rank, before)) and before == sorted(set(before))
    if known and (low is None or high is None or low < high):
        change.set(ent, {"rank": between(low, high)})
        return
    for (one, _place), place in zip(order, spread(len(order)), strict=True):
        change.set(one, {"rank": place})
