"""A small workspace on disk that looks like a team's, for tests and pictures of the app."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands, queries

if TYPE_CHECKING:
    from store.database import Store
    from tests.conftest import Clock

FRIDAY = "2026-11-27"


def fill(store: Store, clock: Clock) -> SimpleNamespace:
    """Put six items in three columns and a conflict into a new workspace; returns the ids by what they are about."""
    statuses = [status.id for status in queries.statuses(store)]
    departments = {row.code: row.id for row in queries.departments(store)}
    found = SimpleNamespace(todo=statuses[0], doing=statuses[1], review=statuses[2], done=statuses[3])
    found.departments = departments
    with commands.change(store, "import") as change:
        found.han = change.create("member", {"title": "韩梅", "code": "hm", "department": departments["yf"]})
        for name, title, status, fields in (
            ("pricing", "定价页文案", found.todo, {"department": departments["sc"], "priority": 1, "due": FRIDAY}),
            ("tracking", "埋点补齐", found.todo, {"department": departments["yf"], "owner": found.han}),
            ("checkout", "Checkout crash on Safari", found.todo, {"labels": ["launch"], "kind": "bug"}),
            ("payment", "支付接口联调", found.doing, {"department": departments["yf"], "due": "2026-11-20"}),
            ("load", "压测", found.doing, {"blocked": "等支付接口"}),
            ("signoff", "需求评审", found.done, {"owner": store.member}),
        ):  # fmt: skip
            setattr(
                found, name, change.create("item", {"title": title, "status": status, **fields}, bottom=True)
            )
        found.dates = change.create(
            "conflict",
            {
                "title": "发布日提前两周",
                "parties": [departments["yf"], departments["sc"]],
                "severity": 2,
                "root_cause": "resources",
                "follow_up": FRIDAY,
            },
        )
        change.comment(found.pricing, "先做 A/B")
        change.check(found.pricing, "设计稿")
        change.check(found.pricing, "copy review", done=True)
        change.set(found.pricing, {"description": "第一段。\n\nThe second paragraph."})
    clock.advance(seconds=3600)
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found
