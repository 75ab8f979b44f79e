"""A team that looks back: two retrospectives, one ended, one revealed and voted on, and a pulse of several weeks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands, queries
from store.change import Change
from store.pulses import last_periods, pulse_id
from store.retros import group, make_action, reveal, start, step, write_card

if TYPE_CHECKING:
    from store.database import Store
    from tests.conftest import Clock


def fill_retro(store: Store, clock: Clock, *, revealed: bool = True) -> SimpleNamespace:
    """Hold one retrospective, begin the next, and answer for eight weeks; returns ids by what they are about."""
    found = SimpleNamespace()
    dept = {row.code: row.id for row in queries.departments(store)}
    with commands.change(store, "import") as change:
        found.people = [
            change.create("member", {"title": name, "code": code, "department": dept["yf"]})
            for name, code in (("韩梅", "hm"), ("李雷", "ll"), ("王芳", "wf"))
        ]
        change.set(store.member, {"department": dept["sc"]})
    found.before = start(store, "Sprint 11", departments=[dept["yf"]]).ids[0]
    found.carried = make_action(
        store, found.before,
        {"title": "每周三评审", "owner": found.people[1], "due": "2026-11-20"}, "两周内排队不超过一天",
    ).ids[0]  # fmt: skip
    step(store, found.before, 4)
    clock.advance(days=14)
    found.retro = start(store, "Sprint 12 [bold]", "ssc", departments=[dept["yf"]]).ids[0]
    found.mine = write_card(store, found.retro, "start", "Demo every Friday").ids[0]
    found.queue = write_card(store, found.retro, "stop", "评审排队三天").ids[0]
    found.late = write_card(store, found.retro, "stop", "Reviews come late").ids[0]
    if revealed:
        reveal(store, found.retro)
        group(store, [found.late], found.queue)
        step(store, found.retro)
        with Change(store, "set") as made:
            made.add_to(found.queue, "voters", [store.member, *found.people[:2]])
            made.add_to(found.mine, "voters", [found.people[2]])
        found.action = make_action(
            store,
            found.retro,
            {"title": "Two reviewers a day", "owner": found.people[0]},
            "no card waits two days",
        ).ids[0]
    with commands.change(store, "import") as change:
        for week, period in enumerate(last_periods("2026-W48")):
            for number, person in enumerate(found.people):
                score = 1 + (week + number) % 5
                change.create(
                    "pulse",
                    {
                        "member": person, "period": period, "department": dept["yf"], "score": score,
                        "note": ("忙", "", "Good week [bold]")[number] or None,
                    },
                    ent=pulse_id(person, period),
                )  # fmt: skip
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found
