"""By when so many items will be finished, told from how many were finished before: "85%: by 12 December".

A simulation draws days from the recent past, with replacement, until as many items are finished as remain, and does so
ten thousand times; the day by which 85 of a hundred trials were over is the 85% day. Nothing is estimated and nobody is
asked: what was finished on a day holds whatever made that day as it was (T. Magennis, *Forecasting and Simulating
Software Development Projects*, 2011; D. Vacanti, *When Will It Be Done?*, 2020). It holds while the team works as it
did and items are split as they were; a small or old history is refused rather than believed.

All days are calendar days, so that weekends and holidays are in the history and in the forecast alike. Today is in
neither: it is not over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import accumulate, compress, count
from math import ceil
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.outline import ancestors, sound_parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from store.analysis.plan import Link, Slot, Task

LEVELS = (50, 70, 85, 95)  # per cent
TRIALS = 10_000
WINDOW = 90  # days of history that are looked at
MAX_WINDOW = 250  # a day drawn is one byte
MIN_DAYS = 14  # of history, below which nothing is said
MIN_ITEMS = 10  # finished in it
MAX_DAYS = 3_650  # ahead: what takes longer on average is not forecast
_LEAST, _MOST = 1 << 12, 1 << 18  # days drawn at a time

# Why there is no forecast.
FEW_DAYS = "few-days"
FEW_ITEMS = "few-items"
TOO_FAR = "too-far"


class Forecast(NamedTuple):
    """The days by which the rest will be finished, by level in per cent, and what that is told from.

    `history` days before today were looked at, in which `items` were finished. Where `reason` is given there are no
    days: it is one of the codes above.
    """

    remaining: int
    by: dict[int, int]
    history: int
    items: int
    reason: str = ""


def forecast(
    finished: Iterable[int],
    today: int,
    remaining: int,
    *,
    since: int | None = None,
    window: int = WINDOW,
    trials: int = TRIALS,
    seed: int = 1,
) -> Forecast:
    """Return by when `remaining` items will be finished; days are ordinals, the same input gives the same days.

    `finished` has the day of every item that was finished, in any order. `since` is the day the history begins, where
    that is known; else it begins with the first item finished.
    """
    days = Counter(day for day in finished if day < today)
    begun = min(days, default=today) if since is None else since
    first = max(begun, today - max(1, min(window, MAX_WINDOW)))
    history = max(0, today - first)
    throughput = [days[day] for day in range(first, today)]
    items = sum(throughput)
    if remaining <= 0:
        return Forecast(0, dict.fromkeys(LEVELS, today), history, items)
    reason = ""
    if history < MIN_DAYS:
        reason = FEW_DAYS
    elif items < MIN_ITEMS:
        reason = FEW_ITEMS
    elif remaining * history > MAX_DAYS * items:
        reason = TOO_FAR
    if reason:
        return Forecast(remaining, {}, history, items, reason)
    lengths = sorted(simulated(throughput, remaining, trials, seed))
    by = {level: today + lengths[ceil(len(lengths) * level / 100) - 1] for level in LEVELS}
    return Forecast(remaining, by, history, items)


def simulated(throughput: list[int], remaining: int, trials: int, seed: int) -> list[int]:
    """Return how many days each trial took until `remaining` items were finished.

    `throughput` has the items finished on each day of the past, at most 250 days and not all of them idle. Trials take
    their days from one stream of draws; idle days are passed over at once, so that time goes with the days on which
    something is finished.
    """
    lengths: list[int] = []
    left, elapsed = remaining, 0  # of the trial that a chunk of the stream breaks off
    expected = trials * remaining * len(throughput) // sum(throughput)
    for drawn, worked in _drawn(throughput, seed, max(_LEAST, min(expected, _MOST))):
        reached = list(accumulate(worked, initial=0))
        ends = [0, *compress(count(1), drawn)]
        place = 0
        while True:
            over = bisect_left(reached, reached[place] + left, place + 1)
            if over == len(reached):
                left -= reached[-1] - reached[place]
                elapsed += len(drawn) - ends[place]
                break
            lengths.append(elapsed + ends[over] - ends[place])
            if len(lengths) == trials:
                return lengths
            place, left, elapsed = over, remaining, 0
    return lengths


def _drawn(throughput: list[int], seed: int, size: int) -> Iterator[tuple[bytes, Iterator[int]]]:
    """Yield days drawn at random in chunks: a byte each, 0 for an idle one, and the items of those that are not."""
    random = Random(seed)
    amounts = [0, *sorted({amount for amount in throughput if amount})]
    codes = bytes(amounts.index(amount) for amount in throughput)
    # Every day has as many bytes as every other; the bytes left over are thrown away.
    table = codes * (256 // len(codes))
    unused = bytes(range(len(table), 256))
    table += bytes(len(unused))
    while True:
        drawn = random.randbytes(size).translate(table, unused)
        yield drawn, map(amounts.__getitem__, drawn.translate(None, b"\0"))


def awaited(ident: str, tasks: Mapping[str, Task], links: Iterable[Link]) -> list[str]:
    """Return the unfinished items that something waits for, however indirectly, and its own parts: what remains of it.

    Of a parent its parts count and it does not; milestones are no work.
    """
    parents = sound_parents({task.id: task.parent for task in tasks.values() if task.parent in tasks})
    parts: dict[str, list[str]] = {}
    for part, parent in parents.items():
        parts.setdefault(parent, []).append(part)
    before: dict[str, list[str]] = {}
    for link in links:
        before.setdefault(link.successor, []).append(link.predecessor)
    found = {ident}
    work = [ident]
    while work:
        one = work.pop()
        behind = [*parts.get(one, ()), *before.get(one, ())]
        for above in ancestors(one, parents):  # what a parent waits for, its parts wait for
            behind += before.get(above, ())
        for other in behind:
            if other in tasks and other not in found:
                found.add(other)
                work.append(other)
    return sorted(
        one
        for one in found - {ident}
        if one not in parts and not tasks[one].milestone and tasks[one].state != "done"
    )


def counted(ids: Iterable[str], tasks: Mapping[str, Task], slots: Mapping[str, Slot]) -> list[str]:
    """Return those of some items that are still to be finished: work of its own, not done; all that are not planned."""

    def counts(task: Task) -> bool:
        slot = slots.get(task.id)
        return task.state != "done" and not task.milestone and not (slot is not None and slot.is_parent)

    return [ident for ident in ids if ident not in tasks or counts(tasks[ident])]


def to_finish(
    ident: str, tasks: Mapping[str, Task], links: Iterable[Link], slots: Mapping[str, Slot]
) -> list[str]:
    """Return what is still to be finished until an item is: what it waits for, and the item itself."""
    ids = awaited(ident, tasks, links)
    return ids + counted([ident] if ident in tasks and ident not in ids else [], tasks, slots)


def planned_end(ids: Iterable[str], slots: Mapping[str, Slot]) -> int:
    """Return the last day planned for any of some items, 0 where none is planned."""
    return max((slots[ident].finish for ident in ids if ident in slots), default=0)
