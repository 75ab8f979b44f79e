"""A quarter between departments whose figures are known: for tests and pictures of the report."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from store import commands, queries

if TYPE_CHECKING:
    from store.database import Store
    from tests.conftest import Clock

HOSTILE = '</title><script>alert("1")</script> [bold]|*_`\x1b[31m'


def fill_quarter(store: Store, clock: Clock) -> SimpleNamespace:
    """Live through four weeks from the clock's day on; returns ids by what they are about.

    Of three conflicts of R&D and marketing over resources one was opened, decided after six days and closed after ten,
    put an item off by five days, and was opened again; another was decided after two days; a third one, of three
    departments, goes on, its check overdue.
    """
    found = SimpleNamespace()
    dept = {row.code: row.id for row in queries.departments(store)}
    rd, sc = dept["yf"], dept["sc"]
    found.rd, found.sc, found.xs = rd, sc, next(ent for ent in dept.values() if ent not in (rd, sc))

    def conflict(title: str, parties: list[str], **fields: object) -> str:
        return commands.create(
            store, "conflict", {"title": title, "parties": parties, "root_cause": "resources", **fields}
        ).ids[0]

    def put(ent: str, **fields: object) -> None:
        commands.set_fields(store, [ent], fields)

    found.item = commands.create(store, "item", {"title": "定价页 | launch", "due": "2026-11-30"}).ids[0]
    found.first = conflict(HOSTILE, [rd, sc], items=[found.item])
    found.kept = commands.create(
        store, "commitment",
        {"title": "接口文档", "from_department": rd, "to_department": sc, "due": "2026-11-27"},
    ).ids[0]  # fmt: skip
    found.broken = commands.create(
        store, "commitment",
        {"title": "Figures", "from_department": rd, "to_department": sc, "due": "2026-11-25"},
    ).ids[0]  # fmt: skip
    found.moved = commands.create(
        store, "commitment",
        {
            "title": "演示环境", "from_department": rd, "to_department": sc, "due": "2026-12-01",
            "first_due": "2026-11-26", "state": "kept", "ended": "2026-12-01",
        },
    ).ids[0]  # fmt: skip
    found.answered = commands.create(store, "feedback", {"title": "导出太慢"}).ids[0]
    found.unanswered = commands.create(store, "feedback", {"title": "Dark mode"}).ids[0]
    clock.advance(days=2)
    put(found.item, due="2026-12-05")
    put(found.answered, state="answered", answered="2026-11-26")
    clock.advance(days=4)
    put(found.first, state="decided", follow_up="2026-12-02")
    put(found.kept, state="kept", ended="2026-11-27")
    clock.advance(days=2)
    put(found.first, check={rd: "4", sc: "2"})
    found.second = conflict("谁写验收标准", [rd, sc])
    found.third = conflict("Launch date", [rd, sc, found.xs], root_cause="goals", follow_up="2026-12-03")
    clock.advance(days=2)
    put(found.first, state="closed")
    put(found.second, state="decided")
    put(found.item, due="2026-12-09")
    clock.advance(days=4)
    put(found.first, state="reopened")
    found.case = commands.create(store, "case", {"title": "先对齐资源", "came_from": found.second}).ids[0]
    retro = commands.create(store, "retro", {"title": "Sprint 12"}).ids[0]
    found.action = commands.create(
        store, "item", {"title": "每周同步排期", "kind": "action", "came_from": retro, "verify": "两次周会"}
    ).ids[0]
    found.other_action = commands.create(
        store, "item", {"title": "Template", "kind": "action", "came_from": retro}
    ).ids[0]
    put(found.action, verified="2026-12-07")
    clock.advance(days=14)
    return found
