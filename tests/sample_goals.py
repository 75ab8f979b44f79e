"""Goals of a small team, with figures, a past, answers and work, for tests and pictures of the goals screen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands
from store.goals import ACKNOWLEDGED, OBJECTED, answer
from tests.sample_workspace import fill

if TYPE_CHECKING:
    from store.database import Store
    from tests.conftest import Clock

VISION = (
    "任何团队都能在 90 秒内看懂价格、付完款、开始用。\n\nFive departments, one boat: we go live this quarter."
)


def fill_goals(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the sample workspace and add goals; returns the ids by what they are about."""
    found = fill(store, clock)
    departments = found.departments
    yf, sc, xs = departments["yf"], departments["sc"], departments["xs"]
    commands.set_fields(store, [store.workspace], {"vision": VISION})
    commands.set_fields(store, [store.member], {"department": departments["pd"]})

    def goal(title: str, **fields: object) -> str:
        return commands.create(store, "goal", {"title": title, **fields}).ids[0]

    found.convert = goal(
        "Q4 付费转化 +3pt", metric="试用转付费 %", baseline=4.2, current=4.2, target=7.2, period="Q4",
        owner=store.member, due="2026-12-31",
    )  # fmt: skip
    found.fast = goal(
        "Checkout in under 90 seconds", metric="median s", baseline=214, current=214, target=90, period="Q4",
        parent=found.convert, owner=found.han,
    )  # fmt: skip
    found.leads = goal(
        "Launch week brings [bold]500[/bold] leads", target=500, parent=found.convert, due="2026-11-20"
    )
    found.keep = goal("续约客户零流失", baseline=38, target=38, current=36, metric="家")
    found.vague = goal("让客服睡个好觉")
    for days, (converted, seconds) in enumerate([(4.6, 190), (4.4, 150), (5.1, 131), (5.7, 118)], 1):
        clock.advance(days=days)
        commands.set_fields(store, [found.convert], {"current": converted})
        commands.set_fields(store, [found.fast], {"current": seconds})
    for item, served, fields in (
        (found.payment, found.fast, {"effort": 24}), (found.load, found.fast, {"department": yf, "effort": 8}),
        (found.pricing, found.convert, {"effort": 6}), (found.signoff, found.convert, {"department": xs, "effort": 4}),
        (found.checkout, None, {"effort": 16, "department": yf}),
    ):  # fmt: skip
        commands.set_fields(store, [item], {"goal": served, **fields})
    for served, side, said, why in (
        (found.convert, yf, ACKNOWLEDGED, ""), (found.convert, sc, OBJECTED, "展会撞期，文案没人写"),
        (found.fast, yf, ACKNOWLEDGED, ""),
    ):  # fmt: skip
        with commands.change(store, "answer") as change:
            answer(change, served, side, said, why)
    commands.set_fields(store, [found.dates], {"goal": found.convert})
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found
