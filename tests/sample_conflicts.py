"""Conflicts in every part of their course, cases and a playbook, for tests and pictures of the feedback screen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands
from store.cases import case_id, keep_as_case
from store.conflicts import check, decide, reopen
from tests.conflict_commands import add_action, new_playbook

if TYPE_CHECKING:
    from store.database import Store
    from tests.conftest import Clock


def fill_conflicts(store: Store, clock: Clock, ids: SimpleNamespace) -> None:
    """Add conflicts to a filled workspace, what came of them, and a playbook; ids by what they are about."""
    departments = ids.departments

    def log(title: str, parties: str, day: str, **fields: object) -> str:
        sides = [departments[code] for code in parties.split()]
        made = {"title": title, "parties": sides, "created": f"2026-{day}T09:00:00+00:00"}
        return commands.create(store, "conflict", made | fields).ids[0]

    ids.invoices = log("答应大客户的定制发票没有排期", "xs yf", "11-19", severity=1, root_cause="trust")
    commands.set_fields(
        store,
        [ids.invoices],
        {
            "position": {
                departments["xs"]: "合同里写了，月底前必须能改抬头",
                departments["yf"]: "没有人来问过我们",
            },
            "interest": {departments["yf"]: "希望承诺之前先问一句"},
            "state": "confirmed",
        },
    )
    ids.tests = log(
        "压测环境被市场演示占着", "yf sc", "11-02", severity=3, root_cause="resources", follow_up="2026-11-20"
    )
    decide(store, ids.tests, "演示环境单独拆出来，周二、周三归压测。", decider=store.member)
    ids.split = add_action(store, ids.tests, "拆出演示环境").ids[0]
    check(store, ids.tests, {departments["yf"]: 4})
    ids.price = log(
        "Pricing page: monthly or annual price first", "xs sc", "10-20", severity=2, root_cause="priority"
    )
    decide(store, ids.price, "A/B test for one week after launch")
    check(store, ids.price, {departments["xs"]: 4, departments["sc"]: 5}, close=True)
    ids.price_case = case_id(ids.price)
    keep_as_case(store, ids.price)
    ids.meeting = log("周会开在周一还是周三", "yf sc", "10-26", severity=4)
    decide(store, ids.meeting, "周三上午十点")
    check(store, ids.meeting, {departments["yf"]: 5, departments["sc"]: 2}, close=True)
    clock.advance(days=2)
    reopen(store, ids.meeting, "市场部周三不行")
    ids.playbook = new_playbook(
        store,
        "发布前的联席会议",
        ["列出双方的硬性日期", "选一个人拍板", "约定复查日"],
        when="两个部门争日期的时候",
    ).ids[0]
    clock.advance(seconds=3600)
