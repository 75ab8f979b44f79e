"""What people said about a small workspace: ten pieces of feedback, customers, and requirements with their scores."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands, feedback
from tests.sample_workspace import fill

if TYPE_CHECKING:
    from store.database import Store
    from tests.conftest import Clock

SAID = (
    ("导出里没有发票", {"customer": "huayu", "importance": 3}),
    ("结账页太慢了", {"customer": "acme", "importance": 2}),
    ("Prices are hard to [bold]read[/bold]", {"department": "sc"}),
    ("对账单要按月分", {"department": "xs", "said_by": "王芳"}),
    ("支付失败没有提示", {"said_by": "Hannah Weber", "channel": "Slack"}),
    ("移动端字太小", {}),
    ("想要暗色主题", {"customer": "acme"}),
    ("登录要重试三次", {"customer": "huayu"}),
    ("不要再发邮件了", {"said_by": "匿名"}),
    ("发票抬头不能改", {"customer": "acme"}),
)


def fill_feedback(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the sample workspace and add what people said; returns the ids, the feedback in the order it was said."""
    found = fill(store, clock)
    with commands.change(store, "import") as change:
        found.huayu = change.create("customer", {"title": "华宇集团", "size": 5_200})
        found.acme = change.create("customer", {"title": "Acme Corp", "aliases": ["acme"], "size": 300})
        found.said = []
        for title, given in SAID:
            fields = dict(given)
            if "customer" in fields:
                fields["customer"] = getattr(found, str(fields["customer"]))
                fields["origin"] = "customer"
            if "department" in fields:
                fields["department"] = found.departments[fields["department"]]
                fields["origin"] = "department"
            found.said.append(change.create("feedback", {"title": title, **fields}))
        for name, title, fields in (
            (
                "invoices",
                "导出发票",
                {"reach": 500, "impact": 2, "confidence": 80, "effort": 80, "moscow": "must"},
            ),
            (
                "speed",
                "结账页提速",
                {"reach": 2_000, "impact": 1, "confidence": 50, "effort": 320, "value": 8},
            ),
            ("dark", "Dark theme", {"reach": 300, "moscow": "could"}),
        ):
            requirement = {"title": title, "kind": "requirement", "status": found.todo, **fields}
            setattr(found, name, change.create("item", requirement, bottom=True))
    clock.advance(seconds=600)
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found


def triage_some(store: Store, found: SimpleNamespace) -> None:
    """Link some of it, put one off, decline another, and have one shipped."""
    said = found.said
    with commands.change(store, "link") as change:
        feedback.link(change, [said[1]], [found.speed])
        feedback.link(change, [said[9], said[0]], [found.invoices])
        feedback.link(change, [said[7]], [found.signoff])
        feedback.vote(change, [said[1], said[0]], store.member)
        feedback.vote(change, [said[0]], found.han)
        feedback.snooze(change, [said[6]], "2026-12-01")
        feedback.decline(change, [said[8]], "法律要求")
        feedback.reopen(change, [said[0]])
