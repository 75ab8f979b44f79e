"""A launch planned across four departments, with a holiday in it, for tests and pictures of the timeline."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands, queries
from store.links import link_within

if TYPE_CHECKING:
    from store.commands import Change
    from store.database import Store

# name: title, department, start, fields
_ITEMS: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "api": (
        "支付接口联调",
        "yf",
        "2026-11-23",
        {"duration": 5, "effort": 40, "remaining": 24, "status": "doing"},
    ),
    "load": ("压测 load test", "yf", "", {"duration": 3}),
    "freeze": ("Code freeze", "yf", "", {"kind": "milestone"}),
    "copy": ("定价页文案", "sc", "2026-11-24", {"duration": 4}),
    "page": ("Landing page in three languages", "sc", "", {"duration": 6, "due": "2026-12-04"}),
    "press": ("新闻稿与媒体邀约", "sc", "2026-12-07", {"due": "2026-12-09"}),
    "deck": ("销售话术与报价单", "xs", "2026-11-25", {"duration": 5}),
    "train": ("销售培训 sales training", "xs", "", {"duration": 2}),
    "help": ("帮助中心文章", "kf", "2026-11-30", {"due": "2026-12-11"}),
    "launch": ("发布 Launch", "pd", "", {"kind": "milestone", "due": "2026-12-14"}),
}
_LINKS = (
    ("api", "load", "FS", 0), ("load", "freeze", "FS", 0), ("copy", "page", "FS", 1), ("page", "press", "SS", 2),
    ("deck", "train", "FS", 0), ("freeze", "launch", "FS", 2), ("page", "launch", "FS", 0),
    ("train", "launch", "FS", 0),
)  # fmt: skip


def plan(store: Store, *, country: str = "") -> SimpleNamespace:
    """Put a linked plan of ten items and one without a day into a workspace; returns the ids by name."""
    statuses = {row.category: row.id for row in reversed(queries.statuses(store))}
    departments = {row.code: row.id for row in queries.departments(store)}
    found = SimpleNamespace(departments=departments, statuses=statuses)

    def fill(change: Change) -> None:
        if country:
            change.set(store.workspace, {"country": country})
        change.set(departments["kf"], {"colour": "teal"})
        found.han = change.create("member", {"title": "韩梅", "code": "hm", "department": departments["yf"]})
        for name, (title, department, start, fields) in _ITEMS.items():
            given = {"title": title, "department": departments[department], **fields}
            if start:
                given["start"] = start
            if "status" in given:
                given["status"] = statuses[str(given["status"])]
            setattr(found, name, change.create("item", given, bottom=True))
        found.loose = change.create(
            "item", {"title": "Somebody should look at this", "department": departments["pd"]}
        )
        for before, after, kind, lag in _LINKS:
            link_within(change, getattr(found, before), getattr(found, after), kind, lag)

    with commands.change(store, "import") as change:
        fill(change)
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found
