"""A calendar's tables say what walking over its days one by one would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.calendars import WorkingCalendar, derived, working_calendar
from store.analysis.plan import MAX_DAY, MIN_DAY

NEAR = 739_000  # a day in 2024
days = st.integers(NEAR - 200, NEAR + 200)
edges = st.one_of(days, st.sampled_from([MIN_DAY, MIN_DAY + 1, MAX_DAY - 1, MAX_DAY]))
own_days = st.dictionaries(days, st.booleans(), max_size=30)
absences = st.sets(edges, max_size=40)


def walk(calendar: WorkingCalendar, day: int, steps: int) -> int:
    """Return the day so many working days on, found by looking at one day after the other."""
    while day <= MAX_DAY and not calendar.is_working(day):
        day += 1
    for _ in range(abs(steps)):
        day += 1 if steps > 0 else -1
        while MIN_DAY <= day <= MAX_DAY and not calendar.is_working(day):
            day += 1 if steps > 0 else -1
    return min(max(day, MIN_DAY), MAX_DAY)


@given(own_days, absences, edges, st.integers(-60, 60))
def test_stepping_is_walking(own: dict[int, bool], away: set[int], day: int, steps: int) -> None:
    calendar = working_calendar("CN", own, away)
    assert calendar.shift(day, steps) == walk(calendar, day, steps)


@given(own_days, absences, days, days)
def test_counting_is_walking(own: dict[int, bool], away: set[int], first: int, last: int) -> None:
    calendar = working_calendar("", own, away)
    assert calendar.count(first, last) == sum(calendar.is_working(day) for day in range(first, last + 1))


@given(own_days, absences, days)
def test_the_nearest_working_days_are_ones(own: dict[int, bool], away: set[int], day: int) -> None:
    calendar = working_calendar("CN", own, away)
    first, last = calendar.first_from(day), calendar.last_until(day)
    assert last <= day <= first
    assert calendar.is_working(first)
    assert calendar.is_working(last)
    assert calendar.count(last + 1, first - 1) == 0
    assert (first == last) == calendar.is_working(day)


@given(own_days, absences, absences)
def test_absences_taken_out_of_a_calendar_are_as_if_it_had_been_made_without(
    own: dict[int, bool], away: set[int], more: set[int]
) -> None:
    made = working_calendar("CN", own | dict.fromkeys(away | more, False))
    taken = derived(derived(working_calendar("CN", own), away), more)
    assert taken.tables == made.tables
