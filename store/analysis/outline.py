"""Who is part of whom in a plan, and which items are in it at all: its tasks, its parents, what waits for a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.plan import MAX_DAY, MIN_DAY

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from store.analysis.plan import Task


class Outline(NamedTuple):
    """The tree of a plan. A parent none of whose parts is in the plan is scheduled as a task of its own."""

    leaves: list[str]  # items that take days themselves
    spans: dict[str, list[str]]  # items that span their parts, and the parts that are in the plan
    unplaced: list[str]  # nothing says when or how long: they wait


def sound_parents(parents: Mapping[str, str]) -> dict[str, str]:
    """Return each item's parent, less those of the items that form a circle."""
    circular: set[str] = set()
    settled: set[str] = set()
    for first in set(parents.values()):  # whatever is on a circle is a parent
        trail: list[str] = []
        node = first
        while node in parents and node not in settled:
            settled.add(node)
            trail.append(node)
            node = parents[node]
        if node in trail:
            circular.update(trail[trail.index(node) :])
    return {part: above for part, above in parents.items() if part not in circular}


def ancestors(node: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield the parent of an item, its parent, and so on; `parents` must be sound."""
    while node in parents:
        node = parents[node]
        yield node


def related(one: str, other: str, parents: Mapping[str, str]) -> bool:
    """Return whether one item is the other, or part of it at any depth."""
    return one == other or one in ancestors(other, parents) or other in ancestors(one, parents)


def outline(tasks: Iterable[str], parents: Mapping[str, str], silent: Container[str]) -> Outline:
    """Return which tasks are in the plan and how: those that nothing is known of are `silent`, and wait."""
    depth = {above: sum(1 for _ in ancestors(above, parents)) for above in set(parents.values())}
    leaves: list[str] = []
    spans: dict[str, list[str]] = {}
    unplaced: list[str] = []
    # Parts come before what they are part of, so that whether anything is in there is known.
    idents = [ident for ident in tasks if ident not in depth] if depth else list(tasks)
    for ident in [*idents, *sorted(depth, key=lambda above: -depth[above])]:
        if ident not in spans:
            if ident in silent:
                unplaced.append(ident)
                continue
            leaves.append(ident)
        if ident in parents:
            spans.setdefault(parents[ident], []).append(ident)
    return Outline(leaves, spans, unplaced)


def placed(task: Task) -> bool:
    """Return whether a task says by itself when it is or how long it takes."""
    return (
        task.duration is not None
        or task.effort is not None
        or in_range(task.start)
        or in_range(task.due)
        or (task.state == "done" and in_range(task.finished))
    )


def in_range(day: int | None) -> bool:
    """Return whether there is a day and a plan may hold it."""
    return day is not None and MIN_DAY <= day <= MAX_DAY
