"""Plans drawn at random for the property tests: sound ones, and such as only a peer with bad intentions would send."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from store.analysis.calendars import WorkingCalendar, derived, working_calendar
from store.analysis.plan import LINK_TYPES, MAX_DAY, MIN_DAY, Link, Task

TODAY = 739_946  # a Thursday
NEAR = st.integers(TODAY - 20, TODAY + 30)

_PLAIN = working_calendar()
CALENDARS: dict[str, WorkingCalendar] = {
    "": _PLAIN,
    "always": working_calendar("", dict.fromkeys(range(MIN_DAY, MAX_DAY + 1), True)),
    "away": derived(_PLAIN, [*range(TODAY + 3, TODAY + 12), TODAY + 20, TODAY + 22]),
    "odd": working_calendar("", {day: day % 3 == 0 for day in range(TODAY - 100, TODAY + 400)}),
    "never": derived(_PLAIN, range(MIN_DAY, MAX_DAY + 1)),
}
USABLE = ("", "always", "away", "odd")


def names(count: int) -> list[str]:
    return [f"t{number}" for number in range(count)]


@st.composite
def networks(draw: st.DrawFn, *, calendars: tuple[str, ...] = ("",)) -> tuple[list[Task], list[Link]]:
    """Draw open tasks and milestones without circles: links lead from earlier to later ones."""
    idents = names(draw(st.integers(1, 9)))
    tasks = []
    for ident in idents:
        milestone = draw(st.integers(0, 6)) == 0
        start = draw(st.none() | st.integers(TODAY - 5, TODAY + 20).filter(_PLAIN.is_working))
        tasks.append(
            Task(
                ident,
                start=start,
                duration=0 if milestone else draw(st.integers(1, 6)),
                milestone=milestone,
                calendar=draw(st.sampled_from(calendars)),
            )
        )
    pairs = [(one, other) for place, one in enumerate(idents) for other in idents[place + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=14)) if pairs else []
    links = [
        Link(f"l{number}", *pair, draw(st.sampled_from(LINK_TYPES)), draw(st.integers(-3, 4)), (number, ""))
        for number, pair in enumerate(chosen)
    ]
    return tasks, links


def random_network(draw: random.Random) -> tuple[list[Task], list[Link]]:
    """Return a network as `networks` draws, of more items, at a price at which there can be a thousand of them."""
    idents = names(draw.randrange(1, 14))
    tasks = []
    for ident in idents:
        milestone = draw.random() < 0.15
        start = _PLAIN.first_from(TODAY + draw.randrange(-5, 20)) if draw.random() < 0.4 else None
        days = 0 if milestone else draw.randrange(1, 7)
        tasks.append(Task(ident, start=start, duration=days, milestone=milestone))
    links = []
    for number in range(draw.randrange(2 * len(idents)) if len(idents) > 1 else 0):
        one, other = sorted(draw.sample(range(len(idents)), 2))
        kind, lag = draw.choice(LINK_TYPES), draw.randrange(-3, 5)
        links.append(Link(f"l{number}", idents[one], idents[other], kind, lag, (number, "")))
    return tasks, links


def _rarely(usual: st.SearchStrategy[object], odd: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.integers(0, 9).flatmap(lambda draw: odd if draw == 0 else usual)


_DAYS = st.none() | _rarely(NEAR, st.sampled_from([-5, 0, MIN_DAY - 1, MIN_DAY, MAX_DAY, MAX_DAY + 1, 10**9]))
_NUMBERS = st.none() | _rarely(
    st.floats(0, 60), st.sampled_from([-1.0, 0.0, 1e9, 1e300, float("inf"), float("nan"), float("-inf")])
)


@st.composite
def any_task(draw: st.DrawFn, ident: str, others: list[str]) -> Task:
    """Draw any task there could be, sound or not."""
    return Task(
        ident,
        start=draw(_DAYS),
        due=draw(_DAYS),
        duration=draw(
            st.none() | _rarely(st.integers(1, 9), st.sampled_from([-3, 0, 10_000, 10_001, 10**12]))
        ),
        effort=draw(_NUMBERS),
        remaining=draw(_NUMBERS),
        state=draw(st.sampled_from(["todo", "todo", "doing", "done", "?"])),
        finished=draw(_DAYS),
        milestone=draw(st.integers(0, 5)) == 0,
        pinned=draw(st.integers(0, 5)) == 0,
        parent=draw(st.just("") | st.sampled_from(["", "", "nobody", *others])),
        calendar=draw(_rarely(st.sampled_from(USABLE), st.sampled_from(["never", "unheard of"]))),
        hours=draw(_rarely(st.just(8.0), st.sampled_from([0.0, -1.0, 0.001, float("nan"), 4.0]))),
    )  # type: ignore[arg-type]


@st.composite
def any_link(draw: st.DrawFn, ident: str, ends: list[str]) -> Link:
    """Draw any link there could be: of unknown tasks, to itself, against the direction of others."""
    return Link(
        ident,
        draw(st.sampled_from([*ends, "nobody"])),
        draw(st.sampled_from(ends)),
        draw(_rarely(st.sampled_from(LINK_TYPES), st.just("XX"))),
        draw(_rarely(st.integers(-3, 3), st.sampled_from([-10_000, 10_000, 10**9, -(10**9)]))),
        (draw(st.integers(0, 3)), draw(st.sampled_from("ab"))),
    )  # type: ignore[arg-type]


@st.composite
def any_plan(draw: st.DrawFn, most: int = 9) -> tuple[list[Task], list[Link]]:
    """Draw any plan there could be."""
    idents = names(draw(st.integers(1, most)))
    tasks = [draw(any_task(ident, idents)) for ident in idents]
    links = [draw(any_link(f"l{number}", idents)) for number in range(draw(st.integers(0, 2 * most)))]
    return tasks, links
