"""What people plan for their day in the demo: teammates' shared plans, and the plan of whoever runs it, their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from store import day_plan
from store.commands import change
from store.running import instant
from tui.demo import people
from tui.demo.content import workday
from tui.demo.events import MINUTE, NINE, Cast, Event
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.change import Change
    from store.database import Store


class Plan(NamedTuple):
    """One pick: whose, how many working days ago, an item's key or a line, how long, done or not, minutes logged."""

    who: str
    ago: int
    key: str = ""
    line: str = ""
    minutes: int = 60
    done: bool = False
    spent: int = 0


# What teammates share: yesterday, and today.
SHARED = (
    Plan("ll", 1, "in4", minutes=90, done=True, spent=110),
    Plan("ll", 1, line="排查预发支付超时", minutes=60, done=True, spent=75),
    Plan("ll", 0, "pa1", minutes=180),
    Plan("ll", 0, line="和市场对一遍演示环境的时间", minutes=30),
    Plan("hw", 1, "la4", minutes=120),
    Plan("hw", 0, "la6", minutes=150),
    Plan("hw", 0, line="Call the video crew about Friday", minutes=20),
    Plan("wf", 1, "sa6", minutes=120, done=True, spent=95),
    Plan("wf", 0, "la17", minutes=180),
)
# What whoever runs the demo has picked, for nobody else's eyes; the last of the day before was left undone.
OWN = (
    Plan(people.YOU, 1, line="回王芳：大客户发票的口径", minutes=20, done=True, spent=25),
    Plan(people.YOU, 1, line="约法务看隐私政策终稿", minutes=30),
    Plan(people.YOU, 0, "la15", minutes=90),
    Plan(people.YOU, 0, "co1", minutes=60),
    Plan(people.YOU, 0, line="写周报", minutes=45),
)
# The privacy policy has been carried over before: the next time a reason is asked for.
CARRIED = ("co1", (3, 2))
STANDUP = "站会：今天谁卡住了"
_STANDUP_MINUTES = 30
_OWN_AGO = 20 * MINUTE


def day_events(cast: Cast) -> Iterator[Event]:
    """Yield the plans that teammates shared, and the meeting of this afternoon."""
    for number, plan in enumerate(SHARED):
        at = cast.calendar.moment(plan.ago, NINE + 5 + number)
        yield Event(min(at, cast.calendar.now - 45 * MINUTE), plan.who, partial(_share, plan, cast))
    yield Event(cast.calendar.moment(1, NINE + 15), people.YOU, partial(_meeting, cast))


def plan_own_day(store: Store, cast: Cast) -> None:
    """Write down the private picks of whoever runs the demo; undo does not reach them, as nothing that was before."""
    with change(store, "pick") as made:
        for ago in CARRIED[1]:
            made.set(_pick(Plan(people.YOU, ago, CARRIED[0]), cast, made), {"state": "carried over"})
        for plan in OWN:
            _log(plan, _pick(plan, cast, made), cast, made)
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")


def own_moment(cast: Cast) -> int:
    """Return when that is."""
    return cast.calendar.now - _OWN_AGO


def _pick(plan: Plan, cast: Cast, made: Change) -> str:
    about = ident(plan.key) if plan.key else ""
    ent = day_plan.pick(made, _day(plan, cast), about, title=plan.line, minutes=float(plan.minutes))
    if plan.done:
        made.set(ent, {"state": "done"})
    return ent


def _share(plan: Plan, cast: Cast, made: Change) -> None:
    member = cast.names.members[plan.who]
    about = ident(plan.key) if plan.key else ""
    day = _day(plan, cast)
    ent = day_plan.pick_id(member, day, about, plan.line)
    fields: dict[str, object] = {
        "member": member, "date": day, "about": about or None, "title": plan.line or None,
        "minutes": float(plan.minutes), "state": "done" if plan.done else "planned",
        "rank": made.placing.last_rank("pick"),
    }  # fmt: skip
    made.create("pick", {name: value for name, value in fields.items() if value is not None}, ent=ent)
    _log(plan, ent, cast, made)


def _log(plan: Plan, ent: str, cast: Cast, made: Change) -> None:
    if plan.spent:
        fields = {
            "member": cast.names.members[plan.who], "about": ident(plan.key) if plan.key else ent,
            "date": _day(plan, cast), "minutes": float(plan.spent),
        }  # fmt: skip
        made.create("time_entry", fields, private=made.is_private("pick", ent))


def _meeting(cast: Cast, made: Change) -> None:
    fields: dict[str, object] = {
        "short": cast.next_short(people.YOU), "title": STANDUP, "kind": "weekly",
        "planned": instant(cast.calendar.moment(0, 15 * 60)), "length": float(_STANDUP_MINUTES),
        "attendees": [cast.names.members[person.code] for person in people.PEOPLE],
    }  # fmt: skip
    made.create("meeting", fields, ent=ident("standup today"))


def _day(plan: Plan, cast: Cast) -> str:
    return workday(cast.calendar.today, -plan.ago).isoformat()
