"""A team with needs, absences, key dates and requests, on a plan of four departments, for tests and pictures."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands
from store.key_dates import add_key_date
from store.own_days import set_absence
from tests.sample_plan import plan

if TYPE_CHECKING:
    from store.database import Store

NEEDS = (
    ("machines", "yf", "need", "tools", 2, "raised", "压测要一台独占的机器"),
    ("copy", "yf", "challenge", "information", 1, "confirmed", "文案总是发布前一天才定"),
    ("people", "sc", "need", "people", 2, "raised", "Nobody can review [bold]English[/bold] copy"),
    ("decide", "sc", "challenge", "decisions", 3, "raised", "价格方案拖了三周"),
    ("budget", "sc", "need", "money", None, "parked", "A second photographer"),
    ("training", "xs", "need", "time", 3, "raised", "两天培训时间"),
    ("quality", "kf", "challenge", "quality", 1, "raised", "同一个问题一周被问三十次"),
    ("people2", "sc", "need", "people", 1, "confirmed", "展会那周缺两个人"),
    ("done", "pd", "need", "information", 4, "met", "周会纪要要有决议"),
)


def fill_team(store: Store) -> SimpleNamespace:
    """Fill a workspace; returns the ids by name."""
    found = plan(store)
    where = found.departments
    with commands.change(store, "import") as change:
        found.wang = change.create(
            "member", {"title": "王芳", "code": "wf", "department": where["sc"], "capacity": 20}
        )
        found.hannah = change.create(
            "member", {"title": "Hannah Weber", "code": "hw", "department": where["sc"], "capacity": 32}
        )
        found.nobody = change.create("member", {"title": "周岚", "department": where["pd"]})
        change.set(found.han, {"capacity": 40})
        change.set(store.member, {"department": where["pd"], "capacity": 40})
        change.set(where["yf"], {"contact": found.han, "steps": "评审\n开发\n联调\n上线"})
        change.set(where["sc"], {"contact": found.hannah})
        for item, owner in (
            ("api", "han"),
            ("load", "han"),
            ("copy", "wang"),
            ("page", "wang"),
            ("press", "hannah"),
        ):
            change.set(getattr(found, item), {"owner": getattr(found, owner)})
        change.set(found.page, {"effort": 90})
        change.set(found.deck, {"requested_by": where["sc"], "due": "2026-11-20"})
        for name, department, sort, kind, severity, state, title in NEEDS:
            fields = {
                "title": title,
                "department": where[department],
                "sort": sort,
                "kind": kind,
                "state": state,
            }
            setattr(
                found,
                f"need_{name}",
                change.create("need", fields | ({"severity": severity} if severity else {})),
            )
        change.add_to(found.need_machines, "items", [found.load])
        found.fair = add_key_date(
            change, "上海展会 Shanghai fair", datetime.date(2026, 12, 11), department=where["sc"]
        )
        add_key_date(change, "Brand week", datetime.date(2026, 11, 2), department=where["sc"])
        found.freeze = add_key_date(change, "代码冻结", datetime.date(2026, 12, 4), department=where["yf"])
        add_key_date(change, "季度末", datetime.date(2026, 12, 31))
        found.away = set_absence(
            change, found.wang, datetime.date(2026, 12, 3), datetime.date(2026, 12, 4), title="年假"
        )
        found.promise = change.create(
            "commitment",
            {
                "title": "联调账号",
                "from_department": where["yf"],
                "to_department": where["sc"],
                "due": "2026-11-20",
            },
        )
        sides = {"from_department": where["yf"], "to_department": where["sc"]}
        found.ask_design = change.create(
            "request",
            {
                "title": "设计",
                "skill": "设计",
                "hours": 24,
                "first": "2026-12-01",
                "last": "2026-12-12",
                "item": found.load,
                **sides,
            },
        )
        found.ask_copy = change.create(
            "request",
            {"title": "English copy", "hours": 16, "first": "2026-11-30", "last": "2026-12-04", "member": found.wang,
             "from_department": where["pd"], "to_department": where["sc"]},
        )  # fmt: skip
        found.ask_old = change.create(
            "request", {"title": "翻译", "hours": 8, "state": "refused", "reason": "展会优先", **sides}
        )
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found
