"""A forecast agrees with the mathematics where there is a formula, and refuses where there is too little to go by."""

from __future__ import annotations

from math import comb
from random import Random

import pytest

from store.analysis.forecast import (
    FEW_DAYS,
    FEW_ITEMS,
    LEVELS,
    TOO_FAR,
    TRIALS,
    Forecast,
    awaited,
    forecast,
    simulated,
)
from store.analysis.plan import Link, Task

TODAY = 739_943


def history(*throughput: int) -> list[int]:
    """Return the days on which items were finished, given how many on each of the days before today."""
    first = TODAY - len(throughput)
    return [first + number for number, items in enumerate(throughput) for _ in range(items)]


def waiting_time(items: int, of: int, remaining: int) -> list[float]:
    """Return the chance to be over within 0, 1, 2, … days where `items` of so many days see one item finished each.

    That is the negative binomial distribution.
    """
    chance = items / of
    total, found = 0.0, [0.0] * remaining
    while total < 0.9999:
        days = len(found)
        total += comb(days - 1, remaining - 1) * chance**remaining * (1 - chance) ** (days - remaining)
        found.append(total)
    return found


@pytest.mark.parametrize(("items", "of"), [(20, 80), (45, 90), (60, 70)])
@pytest.mark.parametrize("remaining", [1, 8, 50])
def test_one_item_a_day_at_most_follows_the_negative_binomial(items: int, of: int, remaining: int) -> None:
    throughput = [1] * items + [0] * (of - items)
    Random(3).shuffle(throughput)
    lengths = simulated(throughput, remaining, TRIALS, seed=11)
    assert len(lengths) == TRIALS
    known = waiting_time(items, of, remaining)
    for days, chance in enumerate(known):
        share = sum(length <= days for length in lengths) / TRIALS
        # Five standard errors of a share told from so many trials.
        assert abs(share - chance) <= 5 * (chance * (1 - chance) / TRIALS) ** 0.5 + 1e-9 + 5 / TRIALS, days
    told = forecast(history(*throughput), TODAY, remaining, since=TODAY - of)
    for level in LEVELS:
        days = told.by[level] - TODAY
        assert known[days] >= level / 100 - 0.025
        assert known[days - 1] <= level / 100 + 0.025


def test_the_same_every_day_leaves_nothing_to_chance() -> None:
    assert forecast(history(*[2] * 30), TODAY, 7) == Forecast(7, dict.fromkeys(LEVELS, TODAY + 4), 30, 60)


def test_days_on_which_many_are_finished_count_whole() -> None:
    """Six hundred in one day of a month: whatever remains is finished when the next such day comes."""
    told = forecast(history(*[0] * 10, 600, *[0] * 19), TODAY, 300, since=TODAY - 30)
    assert told.items == 600
    assert [told.by[level] - TODAY for level in LEVELS] == pytest.approx([21, 36, 56, 89], abs=3)


def test_more_certainty_is_never_earlier_and_more_work_neither() -> None:
    worked = history(*[0, 3, 1, 0, 0, 2, 1] * 6)
    told = [forecast(worked, TODAY, remaining) for remaining in (1, 5, 25, 125)]
    assert all(list(one.by.values()) == sorted(one.by.values()) for one in told)
    assert [one.by[85] for one in told] == sorted({one.by[85] for one in told})


def test_the_same_question_has_the_same_answer() -> None:
    worked = history(*[0, 3, 1, 0, 0, 2, 1] * 6)
    shuffled = list(worked)
    Random(1).shuffle(shuffled)
    assert forecast(worked, TODAY, 50) == forecast(shuffled, TODAY, 50)
    # Written down, so that another machine or version that draws otherwise is noticed.
    assert [day - TODAY for day in forecast(worked, TODAY, 50).by.values()] == [49, 53, 57, 62]


def test_only_the_window_counts_and_neither_today_nor_what_is_to_come() -> None:
    old = [TODAY - 200] * 500
    worked = history(*[1] * 40)
    told = forecast([*old, *worked, TODAY, TODAY, TODAY + 3], TODAY, 5, window=60)
    assert (told.history, told.items) == (60, 40)
    assert forecast(worked, TODAY, 5).history == 40
    assert forecast(worked, TODAY, 5, since=TODAY - 80).history == 80


@pytest.mark.parametrize(
    ("throughput", "remaining", "reason"),
    [
        ([5] * 13, 3, FEW_DAYS),
        ([], 3, FEW_DAYS),
        ([1] * 9 + [0] * 20, 3, FEW_ITEMS),
        ([0] * 30, 3, FEW_DAYS),
        ([1] * 10 + [0] * 80, 500, TOO_FAR),
    ],
)
def test_too_little_to_go_by_is_refused_with_the_reason(
    throughput: list[int], remaining: int, reason: str
) -> None:
    told = forecast(history(*throughput), TODAY, remaining)
    assert told.reason == reason
    assert told.by == {}
    assert told.items == sum(throughput)


def test_just_enough_is_enough() -> None:
    assert forecast(history(*[1] * 10, *[0] * 4), TODAY, 3).reason == ""


def test_nothing_remaining_is_finished_today() -> None:
    assert forecast([], TODAY, 0).by == dict.fromkeys(LEVELS, TODAY)


def test_what_a_milestone_waits_for_is_counted_once_through_links_and_parents() -> None:
    """A milestone waits for a parent of two parts; the parent waits for a task, and that for one that is done."""
    tasks = {
        task.id: task
        for task in (
            Task("m", milestone=True),
            Task("p"),
            Task("a", parent="p"),
            Task("b", parent="p", state="done"),
            Task("first", state="doing"),
            Task("zero", state="done"),
            Task("inner", milestone=True),
            Task("behind"),
            Task("apart"),
        )
    }
    links = [
        Link("1", "p", "m"),
        Link("2", "first", "p"),
        Link("3", "zero", "first"),
        Link("4", "inner", "a"),
        Link("5", "behind", "inner"),
        Link("6", "m", "apart"),
        Link("7", "gone", "m"),
        Link("8", "a", "first", "SS"),  # a circle: counted once all the same
    ]
    assert awaited("m", tasks, links) == ["a", "behind", "first"]
    assert awaited("p", tasks, links) == ["a", "behind", "first"]
    assert awaited("a", tasks, links) == ["behind", "first"]
    assert awaited("apart", tasks, links) == ["a", "behind", "first"]
    assert awaited("nobody", tasks, links) == []
