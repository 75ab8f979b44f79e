from typing import NamedTuple


class Preview(NamedTuple):
    moved: int
    finish: int
    critical: list
    late: list


def preview(a, b, edited):
    m = sum(1 for k, s in b.slots.items() if k not in edited and k in a.slots and a.slots[k].start != s.start)
    return Preview(
        m,
        (b.finish or 0) - (a.finish or 0),
        [k for k, s in b.slots.items() if s.critical and k in a.slots and not a.slots[k].critical],
        [],
    )
