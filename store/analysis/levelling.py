"""What would move if nobody had to do more than their hours allow: a plan levelled, to be looked at before it is taken.

Owners are resources with so many hours a working day, tasks want some of them (`resourcing`), and a search finds an
order in which the plan ends early (`sequencing`). What is in progress goes on, what is fixed by hand stays, and so does
what is done. A task with a date of its own is moved later only; one that merely has to be finished by a day may move
earlier as well, and does only if that helps. Nothing is moved where that leaves nobody with less to do than before.

What is returned is what the schedule makes of the new dates, so that taking them gives what was shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.calendars import working_calendar
from store.analysis.plan import MAX_DAY
from store.analysis.resourcing import Demand, Resourcing, resourcing
from store.analysis.schedule import schedule
from store.analysis.sequencing import solve
from store.analysis.settling import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Link, Slot, Task
    from store.analysis.schedule import Schedule
    from store.analysis.sequencing import Solution

ROUNDS = 4  # the search is asked again with what the schedule had to say, so many times
_OWN = ("own", "today", "parent")  # what drives a start that no other task can move
_SLACK = 30  # days beyond the end of the plan and the work of the busiest owner


class Move(NamedTuple):
    """An item that would move: its days now and then, both included."""

    id: str
    start: int
    finish: int
    new_start: int
    new_finish: int


class Dates(NamedTuple):
    """What to write into a task to level its plan: the start, and the duration where that came from its dates."""

    start: int
    duration: int


class Levelled(NamedTuple):
    """A plan before and after levelling: what moves, when it ends, and who has too much to do on which days.

    `dates` are to be written into the tasks that do not get where they should by their links alone. `short` are tasks
    that want more hours of a day than their owner has; they count as wanting all of them. `best` says that no order of
    the work ends earlier. `schedule` is the plan after.
    """

    moves: list[Move]
    dates: dict[str, Dates]
    finish: int | None
    new_finish: int | None
    overloaded: dict[str, list[int]]
    new_overloaded: dict[str, list[int]]
    short: list[str]
    best: bool
    schedule: Schedule


def level(
    tasks: Iterable[Task],
    links: Iterable[Link],
    calendars: Mapping[str, WorkingCalendar],
    capacities: Mapping[str, float],
    today: int,
    *,
    one_at_a_time: bool = False,
    schedules: int | None = None,
) -> Levelled:
    """Return what levelling would do to a plan, `today` being an ordinal.

    `capacities` are hours a week by owner, 40 where it says nothing; absences are in the calendars of the tasks. With
    `one_at_a_time` every task wants the whole of its owner. `schedules` is how many the search may look at, by default
    as many as the size of the plan makes reasonable. The same plan gives the same answer, in whatever order it comes.
    """
    by_id = {task.id: task for task in sorted(tasks, key=repr)}
    links = sorted(links)
    before = schedule(by_id.values(), links, calendars, today)
    fallback = calendars.get("") or working_calendar()
    demand = Demand(
        by_id,
        before.slots,
        lambda name: calendars.get(name) or fallback,
        capacities,
        before.today,
        one_at_a_time=one_at_a_time,
    )
    overloaded = demand.overloaded(before.slots)
    nothing = Levelled(
        [], {}, before.finish, before.finish, overloaded, overloaded, demand.short, True, before
    )
    if not overloaded:
        return nothing
    cut = set(before.cut)
    holding = [link for link in links if link not in cut]
    best = nothing
    releases: dict[str, int] = {}
    for _ in range(ROUNDS):
        found = _search(demand, before, holding, releases, schedules)
        if found is None:
            break
        plan, starts, proved = found
        after, dates = _applied(by_id, links, calendars, before, starts)
        left = demand.overloaded(after.slots)
        if _count(left) < _count(best.new_overloaded):
            best = nothing._replace(
                moves=_moves(before, after),
                dates=dates,
                new_finish=after.finish,
                new_overloaded=left,
                best=proved,
                schedule=after,
            )
        pushed = {
            ident: after.slots[ident].start for ident in plan.ids if after.slots[ident].start > starts[ident]
        }
        if not left or not pushed:
            break
        releases |= pushed
    return best


def _search(
    demand: Demand, before: Schedule, links: list[Link], releases: dict[str, int], schedules: int | None
) -> tuple[Resourcing, dict[str, int], bool] | None:
    """Return the plan as a project, the days its tasks start on when levelled, and whether none ends earlier."""
    slots, today = before.slots, before.today
    work: dict[str, int] = {}
    for ident in demand.wanted:
        owner = demand.tasks[ident].owner
        work[owner] = work.get(owner, 0) + slots[ident].duration
    last = max(slot.finish for slot in slots.values())
    # Twice the work of the busiest, for days that do not count; if others have to wait for them, more.
    horizon = max(0, last - today) + 2 * max(work.values()) + _SLACK
    while True:
        horizon = min(horizon, MAX_DAY - today)
        plan = resourcing(demand, slots, links, horizon, releases)
        solution = _solved(plan, schedules)
        if solution or horizon >= MAX_DAY - today:
            break
        horizon *= 2
    if solution is None:
        return None
    planned = [slots[ident].finish + 1 - today for ident in plan.ids]
    planned += [0] * (len(plan.project.activities) - len(planned))
    starts, _ = settle(plan.project, solution, planned)
    return plan, {ident: today + start for ident, start in zip(plan.ids, starts, strict=False)}, solution.best


def _solved(plan: Resourcing, schedules: int | None) -> Solution | None:
    """Return the best schedule found; the order things have now, and that of their promises, are tried first."""
    activities = plan.project.activities
    now = [one.planned for one in activities]
    promised = [one.due if one.due is not None else plan.project.horizon for one in activities]
    return solve(plan.project, schedules=schedules, orders=(now, promised), thorough=True)


def _applied(
    tasks: dict[str, Task],
    links: list[Link],
    calendars: Mapping[str, WorkingCalendar],
    before: Schedule,
    starts: Mapping[str, int],
) -> tuple[Schedule, dict[str, Dates]]:
    """Return the schedule with new starts, and which tasks need theirs as a date."""
    dates = {ident: Dates(start, before.slots[ident].duration) for ident, start in starts.items()}

    def dated(idents: Iterable[str]) -> Schedule:
        written = {ident: tasks[ident]._replace(**dates[ident]._asdict()) for ident in idents}
        return schedule((tasks | written).values(), links, calendars, before.today)

    after = dated(dates)
    needed = [ident for ident in dates if _needs_date(before.slots[ident], after.slots[ident])]
    lean = dated(needed)
    if _days_of(lean) == _days_of(after):
        return lean, {ident: dates[ident] for ident in needed}
    return after, dates


def _needs_date(was: Slot, now: Slot) -> bool:
    if was.start == now.start:
        return was.driver not in _OWN and now.driver == "own"
    return now.driver == "own" or now.start < was.start


def _days_of(plan: Schedule) -> dict[str, tuple[int, int]]:
    return {ident: (slot.start, slot.finish) for ident, slot in plan.slots.items()}


def _moves(before: Schedule, after: Schedule) -> list[Move]:
    found = []
    for ident, was in before.slots.items():
        now = after.slots[ident]
        if (was.start, was.finish) != (now.start, now.finish):
            found.append(Move(ident, was.start, was.finish, now.start, now.finish))
    return sorted(found, key=lambda move: (move.new_start, move.id))


def _count(overloaded: Mapping[str, list[int]]) -> int:
    return sum(map(len, overloaded.values()))
