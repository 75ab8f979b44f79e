"""Where a version of a text differs from what it is measured by, for people: signs as well as colours tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.textmerge import Piece, compare, excerpt

if TYPE_CHECKING:
    from store.review import Disagreement

# What stands around a stretch: only in the other text, only in this one, in both.
MARKS = {"ours": ("[-", "-]"), "theirs": ("{+", "+}"), "both": ("", "")}


def difference(one: Disagreement, index: int) -> list[Piece] | None:
    """Return how a version of a text differs, with a little of what is around; None where nothing measures it.

    The measure is what all versions came from; where nobody knows that, the version that is shown.
    """
    if one.base is None and not index:
        return None
    measure = one.versions[0].value if one.base is None else one.base
    return excerpt(compare(str(measure or ""), str(one.versions[index].value or "")))
