"""Letters that lead to what is on the screen: the easiest to type first, and none the beginning of another."""

from __future__ import annotations

# The home row from the index fingers outwards, then the rows above and below it.
LETTERS = "fjdkslahgruieowpqtyvmcnxbz"
MOST = len(LETTERS) ** 2


def labels(count: int) -> list[str]:
    """Return so many labels (at most `MOST`) of one or two letters; as many as can be have one.

    Of n letters, p begin the longer labels: n - p + n·p labels in all, so p is the least number that yields enough.
    """
    count = min(max(count, 0), MOST)
    letters = len(LETTERS)
    prefixes = max(-(-(count - letters) // (letters - 1)), 0)
    single = letters - prefixes
    longer = [first + second for first in LETTERS[single:] for second in LETTERS]
    return [*LETTERS[:single], *longer][:count]
