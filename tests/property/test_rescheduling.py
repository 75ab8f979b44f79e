"""An edit reckoned from what it touches gives what reckoning everything anew would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store.analysis.plan import LATE, LINK_TYPES, Link, Task
from store.analysis.preview import preview
from store.analysis.schedule import Schedule, schedule
from tests.property.plans import CALENDARS, NEAR, TODAY, USABLE, any_link, any_plan, any_task, names

Edit = tuple[dict[str, Task | None], dict[str, Link | None]]


def everything(plan: Schedule) -> tuple[object, ...]:
    return plan.slots, plan.finish, plan.problems, plan.unplaced, plan.cut, plan.drivers


def late(plan: Schedule) -> set[str]:
    return {problem.about for problem in plan.problems if problem.code == LATE}


def check(tasks: dict[str, Task], links: dict[str, Link], edits: list[Edit]) -> None:
    """Apply the edits one after the other, and compare each time."""
    plan = schedule(tasks.values(), links.values(), CALENDARS, TODAY)
    for changed, relinked in edits:
        before = everything(plan)
        after, moved = plan.rescheduled(changed, relinked)
        assert everything(plan) == before, "the schedule before the edit was changed"
        tasks = {ident: task for ident, task in {**tasks, **changed}.items() if task}
        links = {ident: link for ident, link in {**links, **relinked}.items() if link}
        anew = schedule(tasks.values(), links.values(), CALENDARS, TODAY)
        assert everything(after) == everything(anew)
        assert preview(plan, after) == preview(plan, anew)
        assert set(preview(plan, after).late) == late(anew) - late(plan)
        was, now = plan.slots, after.slots
        assert moved == {
            ident for ident in was.keys() | now.keys() if was.get(ident, ())[:2] != now.get(ident, ())[:2]
        }
        assert all(was[ident] is now[ident] for ident in was.keys() & now.keys() if was[ident] == now[ident])
        plan = after


@st.composite
def any_edits(draw: st.DrawFn) -> tuple[dict[str, Task], dict[str, Link], list[Edit]]:
    """Draw any plan, and edits of anything in it and of more."""
    tasks, links = draw(any_plan(6))
    idents = names(7)
    edits: list[Edit] = []
    for _ in range(draw(st.integers(1, 3))):
        changed = {
            ident: draw(st.none() | any_task(ident, idents))
            for ident in draw(st.lists(st.sampled_from(idents), max_size=2))
        }
        relinked = {
            ident: draw(st.none() | any_link(ident, idents))
            for ident in draw(st.lists(st.sampled_from([f"l{number}" for number in range(8)]), max_size=2))
        }
        edits.append((changed, relinked))
    return {task.id: task for task in tasks}, {link.id: link for link in links}, edits


@settings(max_examples=80)
@given(any_edits())
def test_any_edit_of_any_plan_gives_what_reckoning_anew_gives(
    drawn: tuple[dict[str, Task], dict[str, Link], list[Edit]],
) -> None:
    check(*drawn)


@st.composite
def local_edits(draw: st.DrawFn) -> tuple[dict[str, Task], dict[str, Link], list[Edit]]:
    """Draw a sound plan with parents, and edits such as people make: days, lengths, states, links, new items."""
    leaves, parents = names(8), ["p", "q"]
    within = {"p": draw(st.sampled_from(["", "q"])), "q": ""}

    def one(ident: str, parent: str) -> Task:
        return Task(
            ident,
            start=draw(st.none() | NEAR),
            due=draw(st.none() | NEAR),
            duration=draw(st.none() | st.integers(1, 5)),
            state=draw(st.sampled_from(["todo", "todo", "todo", "doing", "done"])),
            finished=draw(st.none() | NEAR),
            milestone=draw(st.integers(0, 6)) == 0,
            pinned=draw(st.integers(0, 6)) == 0,
            parent=parent,
            calendar=draw(st.sampled_from(USABLE)),
        )

    tasks = {ident: one(ident, draw(st.sampled_from(["", "p", "q"]))) for ident in leaves}
    tasks |= {ident: Task(ident, start=draw(st.none() | NEAR), parent=within[ident]) for ident in parents}
    pairs = [(one, other) for place, one in enumerate(leaves) for other in leaves[place + 1 :]]
    pairs += [(one, parent) for parent in parents for one in leaves[:2]]
    pairs += [(parent, one) for parent in parents for one in leaves[-2:]]

    def some_link(ident: str) -> Link:
        return Link(
            ident, *draw(st.sampled_from(pairs)), draw(st.sampled_from(LINK_TYPES)), draw(st.integers(-1, 2))
        )

    links = {f"l{number}": some_link(f"l{number}") for number in range(draw(st.integers(0, 12)))}
    edits: list[Edit] = []
    for _ in range(draw(st.integers(1, 4))):
        ident = draw(st.sampled_from([*leaves, *parents, "new"]))
        gone = ident not in parents and draw(st.integers(0, 5)) == 0
        old = tasks.get(ident)
        made = None if gone else one(ident, old.parent if old else draw(st.sampled_from(["", "p", "q"])))
        if draw(st.booleans()):
            edits.append(({ident: made}, {}))
        else:
            name = f"l{draw(st.integers(0, 13))}"
            edits.append(({}, {name: draw(st.none() | st.just(some_link(name)))}))
    return tasks, links, edits


@settings(max_examples=120)
@given(local_edits())
def test_edits_as_people_make_them_give_what_reckoning_anew_gives(
    drawn: tuple[dict[str, Task], dict[str, Link], list[Edit]],
) -> None:
    check(*drawn)
