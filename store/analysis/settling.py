"""A schedule in which nothing is earlier than planned without need: the last touch to what a search found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.projects import leaders, ranked, successors
from store.analysis.serial import decoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.analysis.projects import Project
    from store.analysis.sequencing import Solution


def settle(project: Project, solution: Solution, planned: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return starts and finishes where what came before its planned finish goes back towards it, and nothing else does.

    First all that is early goes as late as it can while the others stay; then what can start earlier on the room that
    leaves does so, in the order found.
    """
    starts, finishes = solution.starts, solution.finishes
    end = project.end()
    early = [number for number, finish in enumerate(finishes) if finish < min(planned[number], end)]
    if not early:
        return starts, finishes
    latest = list(finishes)
    for number in early:
        latest[number] = min(planned[number], end)
    followers = successors(len(project.activities), project.waits)
    order = ranked([-boundary for boundary in finishes], leaders(followers))
    late = decoder(project, end, mirrored=True, latest=latest)(order, 0)
    if late is None:
        return starts, finishes
    held = list(project.activities)
    settled = [end - boundary for boundary in late[1::2]]
    for number in early:
        held[number] = held[number]._replace(release=max(held[number].release, settled[number]))
    again = decoder(project._replace(activities=held), end)(ranked(settled, followers), 0)
    if again is None or any(
        finish > limit for finish, limit in zip(again[1::2], latest, strict=True)
    ):  # lags over calendars that differ are not the same both ways
        return starts, finishes
    return again[0::2], again[1::2]
