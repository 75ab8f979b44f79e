"""What the departments of the launch are like: how each works, its days, what it needs, and whose hours it asks for.

Days are working days from today, negative for those before it; `ago` counts those before it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tui.demo import people
from tui.demo.events import NINE, Cast, Event
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.change import Change

STEPS = {
    "pd": "收集\n评审\n排期\n验收",
    "yf": "方案评审\n开发\n联调\n压测\n上线",
    "sc": "brief\ncopy\ndesign\nlegal check\nout",
    "xs": "线索\n演示\n报价\n签约",
    "kf": "受理\n复现\n转研发\n回访",
}


class Day(NamedTuple):
    """A key date of a department, '' for one that matters to all."""

    department: str
    day: int
    title: str


class Need(NamedTuple):
    """A need or challenge: who wrote it down how many days ago, and how it stands now."""

    who: str
    ago: int
    department: str
    sort: str
    kind: str
    severity: int | None
    state: str
    title: str
    items: str = ""
    evidence: str = ""


class Ask(NamedTuple):
    """A request for hours: of whom, from whom, for which item, and what came of it."""

    who: str
    ago: int
    asks: str
    gives: str
    hours: int
    skill: str
    title: str
    first: int
    last: int
    item: str = ""
    member: str = ""
    state: str = ""
    reason: str = ""


DAYS = (
    Day("sc", 9, "上海展会开幕 Shanghai fair opens"),
    Day("sc", -6, "Booth material due"),
    Day("yf", 7, "代码冻结"),
    Day("xs", 12, "大客户续约截止"),
    Day("kf", 14, "客服排班锁定"),
    Day("", 20, "季度末 Quarter ends"),
)
NEEDS = (
    Need(
        "hm",
        8,
        "yf",
        "need",
        "tools",
        2,
        "confirmed",
        "要一套独占的压测环境",
        "in1",
        "现在和演示共用一套，上周两次压测中途被演示打断，数据作废。",
    ),
    Need("ll", 8, "yf", "challenge", "information", 1, "confirmed", "文案总在上线前一天才定，来不及走审核"),
    Need("tr", 5, "yf", "need", "people", 3, "raised", "One more reviewer for the payment code"),
    Need(
        "hw",
        9,
        "sc",
        "challenge",
        "decisions",
        1,
        "raised",
        "No price, no launch page: the copy waits for the decision",
        "pr6",
        "Three drafts are written, one for each plan. None can be printed.",
    ),
    Need("hw", 6, "sc", "need", "people", 2, "raised", "Two people for the booth in the week of the fair"),
    Need("hw", 3, "sc", "need", "tools", None, "met", "A staging account that the film crew may use"),
    Need("wf", 7, "xs", "need", "information", 2, "raised", "新价格的正式文件，客户要看盖章的", "pr2"),
    Need("wf", 4, "xs", "challenge", "time", 3, "raised", "演示环境每次要提前半天申请"),
    Need("cc", 4, "kf", "need", "people", 1, "raised", "上线首周要研发值班，一个人也行", "su1"),
    Need("cc", 2, "kf", "challenge", "quality", 2, "raised", "同一个白屏问题一周被问了三十次", "ck5"),
    Need("lp", 8, "pd", "challenge", "decisions", 2, "parked", "五个部门的周会凑不齐人"),
)
ASKS = (
    Ask("ll", 2, "yf", "sc", 24, "设计", "支付页的三套插画", 2, 8, "pa1"),
    Ask("hw", 3, "sc", "yf", 16, "video", "An engineer beside the film crew", 3, 6, "la6", "tr", "granted"),
    Ask(
        "wf",
        5,
        "xs",
        "pd",
        12,
        "报价",
        "新价格测算表",
        -2,
        2,
        "pr2",
        "",
        "refused",
        "测算等财务签完，下周再提",
    ),
)


def team_events(cast: Cast) -> Iterator[Event]:
    """Yield what departments wrote down about themselves, and what they asked each other for."""
    yield Event(cast.calendar.moment(10, NINE + 40), people.YOU, partial(_furnish, cast))
    for number, need in enumerate(NEEDS):
        at = cast.calendar.moment(need.ago, NINE + 100 + 7 * number)
        yield Event(at, need.who, partial(_need, number, need, cast))
        if need.state != "raised":
            then = {"state": need.state}
            yield Event(
                cast.calendar.moment(max(need.ago - 1, 1), NINE + 130),
                people.YOU,
                partial(_set, f"need {number}", then),
            )
    for number, ask in enumerate(ASKS):
        yield Event(
            cast.calendar.moment(ask.ago, NINE + 200 + 9 * number), ask.who, partial(_ask, number, ask, cast)
        )
        if ask.state:
            fields: dict[str, object] = {"state": ask.state, "reason": ask.reason or None}
            if ask.member:
                fields["member"] = cast.names.members[ask.member]
            at = cast.calendar.moment(ask.ago - 1, NINE + 150)
            yield Event(at, people.CONTACTS[ask.gives], partial(_set, f"request {number}", fields))


def _furnish(cast: Cast, made: Change) -> None:
    """Write down how each department works, and its days."""
    for code, steps in STEPS.items():
        made.set(cast.names.departments[code], {"steps": steps})
    for day in DAYS:
        fields = {"title": day.title, "date": cast.calendar.due(day.day)}
        if day.department:
            fields["department"] = cast.names.departments[day.department]
        made.create("key_date", fields, ent=ident(f"key date {day.title}"))


def _need(number: int, need: Need, cast: Cast, made: Change) -> None:
    fields: dict[str, object] = {
        "short": cast.next_short(need.who), "title": need.title, "sort": need.sort, "kind": need.kind,
        "severity": need.severity, "department": cast.names.departments[need.department],
        "evidence": need.evidence or None,
    }  # fmt: skip
    made.create("need", {name: value for name, value in fields.items() if value}, ent=ident(f"need {number}"))
    if need.items:
        made.add_to(ident(f"need {number}"), "items", [ident(key) for key in need.items.split()])


def _ask(number: int, ask: Ask, cast: Cast, made: Change) -> None:
    fields: dict[str, object] = {
        "short": cast.next_short(ask.who), "title": ask.title, "skill": ask.skill, "hours": ask.hours,
        "first": cast.calendar.due(ask.first), "last": cast.calendar.due(ask.last),
        "from_department": cast.names.departments[ask.asks], "to_department": cast.names.departments[ask.gives],
    }  # fmt: skip
    if ask.item:
        fields["item"] = ident(ask.item)
    made.create("request", fields, ent=ident(f"request {number}"))


def _set(key: str, fields: Mapping[str, object], made: Change) -> None:
    made.set(ident(key), fields)
