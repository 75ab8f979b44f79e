"""The thumb beside a list that draws its own lines: which of the lines in sight it covers."""

from __future__ import annotations


def thumb_lines(total: int, room: int, top: int) -> range:
    """Return the lines in sight beside which the thumb stands, none where everything is in sight.

    `total` are the lines there are, `room` those in sight, `top` the first of them.
    """
    if total <= room:
        return range(0)
    size = max(room * room // total, 1)
    start = top * (room - size) // (total - room)
    return range(start, start + size)
