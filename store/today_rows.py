"""What concerns one member this morning: what they promised, what is stuck, what slips, and what is new to them.

Each question goes by an index to what is one's own or open; none reads the whole workspace.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.analysis.today import (
    AWAITED,
    BLOCKED,
    CHECK,
    CONFIRM,
    DECIDE,
    DUE,
    FORECAST,
    GOAL,
    LATE,
    NAMED,
    OWED,
    Lists,
    Thing,
    lists,
    week_end,
)
from store.batch import in_chunks
from store.schema import OPEN_CONFLICT_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from store.database import Store

MOST = 200  # things of one list that are read: nobody looks at more of them in a morning
_OPEN = "i.status NOT IN (SELECT id FROM p_status WHERE category = 'done')"


def today_lists(store: Store, forecast: Mapping[str, str] | None = None) -> Lists:
    """Return the lists of the morning; `forecast` are the ISO days on which items end that will be late."""
    today = store.today().isoformat()
    stuck = _blocked(store)
    late = _due(store, "", today, LATE)
    due = _due(store, today, (week_end(store.today()) + datetime.timedelta(1)).isoformat(), DUE)
    awaited = _awaited(store, [thing.id for thing in late])
    stuck += [thing._replace(why=AWAITED, count=awaited[thing.id]) for thing in late if thing.id in awaited]
    department, contact = _department(store)
    spoken_for = department if contact else ""
    stuck += [*_naming_me(store), *_conflicts(store, department), *_to_confirm(store, spoken_for)]
    slipping = [*late, *_late_goals(store)]
    if forecast:
        slipping += [thing._replace(detail=forecast[thing.id]) for thing in _some(store, forecast)]
    return lists([*_owed(store, spoken_for), *due], stuck, slipping)


_ITEM = (
    "i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.due, ''), coalesce(i.blocked, ''), "
    "coalesce(i.owner, ''), i.private"
)


def _due(store: Store, first: str, before: str, why: str) -> list[Thing]:
    """Return one's open items that are due from a day on and before another, the oldest day first."""
    query = (
        f"SELECT {_ITEM} FROM p_item i INDEXED BY owed LEFT JOIN handle h ON h.ent = i.n WHERE i.owner = ? "
        f"AND i.trashed = 0 AND i.due >= ? AND i.due < ? AND {_OPEN} ORDER BY i.due LIMIT ?"
    )
    return [_item(row, why) for row in store.conn.execute(query, (store.member, first, before, MOST))]


def _blocked(store: Store) -> list[Thing]:
    """Return one's open items that are blocked."""
    query = (
        f"SELECT {_ITEM} FROM p_item i INDEXED BY blocked LEFT JOIN handle h ON h.ent = i.n WHERE i.owner = ? "
        f"AND i.trashed = 0 AND i.blocked IS NOT NULL AND {_OPEN} LIMIT ?"
    )
    return [_item(row, BLOCKED) for row in store.conn.execute(query, (store.member, MOST))]


def _some(store: Store, ids: Iterable[str]) -> list[Thing]:
    query = (
        f"SELECT {_ITEM} FROM entity e JOIN p_item i ON i.n = e.n LEFT JOIN handle h ON h.ent = i.n "
        f"WHERE e.id IN ({{}}) AND e.kind = 'item' AND i.trashed = 0 AND {_OPEN}"
    )
    return [_item(row, FORECAST) for row in in_chunks(store.conn, query, list(ids))]


def _item(row: tuple[Any, ...], why: str) -> Thing:
    ent, short, title, due, blocked, owner, private = row
    detail = blocked if why in (BLOCKED, NAMED) else ""
    return Thing(ent, short, "item", title, why, due, detail, owner, private=bool(private))


def _awaited(store: Store, ids: list[str]) -> dict[str, int]:
    """Return for which of these items others wait, and how many."""
    query = (
        "SELECT d.predecessor, count(DISTINCT i.id) FROM p_dependency d CROSS JOIN entity e ON e.id = d.successor "
        "AND e.kind = 'item' CROSS JOIN p_item i ON i.n = e.n WHERE d.predecessor IN ({}) AND d.trashed = 0 "
        f"AND i.trashed = 0 AND {_OPEN} GROUP BY d.predecessor"
    )
    return dict(in_chunks(store.conn, query, ids))


def _naming_me(store: Store) -> list[Thing]:
    """Return others' open items that say they are blocked by what has one's own name in it."""
    names = _own_names(store)
    if not names:
        return []
    said = " OR ".join(["instr(lower(i.blocked), ?)"] * len(names))
    query = (
        f"SELECT {_ITEM} FROM p_item i INDEXED BY blocked LEFT JOIN handle h ON h.ent = i.n WHERE i.trashed = 0 "
        f"AND i.blocked IS NOT NULL AND i.owner IS NOT ? AND {_OPEN} AND ({said}) LIMIT ?"
    )
    return [_item(row, NAMED) for row in store.conn.execute(query, (store.member, *names, MOST))]


def _own_names(store: Store) -> list[str]:
    """Return what one is called, in small letters; the code, which may be part of any word, with an @ before it."""
    row = store.conn.execute(
        "SELECT m.n, lower(m.title), lower(m.code) FROM entity e JOIN p_member m ON m.n = e.n "
        "WHERE e.id = ? AND e.kind = 'member'",
        (store.member,),
    ).fetchone()
    if row is None:
        return []
    number, title, code = row
    query = "SELECT lower(value) FROM element WHERE ent = ? AND field = 'aliases' ORDER BY value"
    names = [title or "", *(alias for (alias,) in store.conn.execute(query, (number,)))]
    return [*(name for name in names if len(name) > 1), *([f"@{code}"] if code else [])]


def _conflicts(store: Store, department: str) -> list[Thing]:
    """Return the open conflicts that one is to decide, and those whose follow-up is due to one's department."""
    today = store.today().isoformat()
    query = (
        "SELECT c.n, c.id, coalesce(h.short, c.id), coalesce(c.title, ''), coalesce(c.state, 'logged'), "
        "coalesce(c.decider, ''), coalesce(c.escalated_to, ''), coalesce(c.follow_up, ''), c.private, "
        "EXISTS (SELECT 1 FROM element e WHERE e.ent = c.n AND e.field = 'parties' AND e.value = ?1), "
        "EXISTS (SELECT 1 FROM entry n WHERE n.ent = c.n AND n.field = 'check' AND n.key = ?1) "
        "FROM p_conflict c LEFT JOIN handle h ON h.ent = c.n WHERE c.trashed = 0 AND c.state IN "
        f"({','.join(map(repr, OPEN_CONFLICT_STATES))})"
    )
    found = []
    for row in store.conn.execute(query, (department,)):
        _n, ent, short, title, state, decider, escalated, follow_up, private, party, checked = row
        decided = state in ("decided", "checking")
        who = escalated if state == "escalated" and escalated else decider
        why = ""
        if not decided and who == store.member:
            why = DECIDE
        elif (
            decided
            and follow_up
            and follow_up <= today
            and (decider == store.member or (party and not checked))
        ):
            why = CHECK
        if why:
            found.append(
                Thing(ent, short, "conflict", title, why, follow_up, owner=decider, private=bool(private))
            )
    return found


_PROMISE = (
    "c.id, coalesce(h.short, c.id), coalesce(c.title, ''), coalesce(c.due, ''), coalesce(c.owner, ''), c.private, "
    "coalesce(c.state, 'promised') FROM p_commitment c LEFT JOIN handle h ON h.ent = c.n"
)


def _owed(store: Store, spoken_for: str) -> list[Thing]:
    """Return the open promises that one gave, or the department one speaks for where nobody is named."""
    query = (
        f"SELECT {_PROMISE} WHERE c.trashed = 0 AND c.owner = ? "
        f"UNION ALL SELECT {_PROMISE} WHERE c.trashed = 0 AND c.owner IS NULL AND c.from_department = ?"
    )
    rows = store.conn.execute(query, (store.member, spoken_for))
    return [
        Thing(ent, short, "commitment", title, OWED, due, owner=owner, private=bool(private))
        for ent, short, title, due, owner, private, state in rows
        if state not in ("kept", "broken")
    ]


def _to_confirm(store: Store, spoken_for: str) -> list[Thing]:
    """Return the promises that are said to be kept and were made to one, or to the department one speaks for."""
    query = (
        f"SELECT {_PROMISE} WHERE c.trashed = 0 AND c.receiver = ? AND c.confirmed IS NULL AND c.state = 'kept' "
        f"UNION ALL SELECT {_PROMISE} WHERE c.trashed = 0 AND c.receiver IS NULL AND c.to_department = ? "
        "AND c.confirmed IS NULL AND c.state = 'kept'"
    )
    rows = store.conn.execute(query, (store.member, spoken_for))
    return [
        Thing(ent, short, "commitment", title, CONFIRM, due, owner=owner, private=bool(private))
        for ent, short, title, due, owner, private, _state in rows
    ]


def _department(store: Store) -> tuple[str, bool]:
    """Return one's department, '' for none, and whether one is its contact."""
    row = store.conn.execute(
        "SELECT coalesce(m.department, ''), d.contact FROM entity e JOIN p_member m ON m.n = e.n "
        "LEFT JOIN entity f ON f.id = m.department AND f.kind = 'department' LEFT JOIN p_department d ON d.n = f.n "
        "WHERE e.id = ? AND e.kind = 'member'",
        (store.member,),
    ).fetchone()
    return ("", False) if row is None else (row[0], row[1] == store.member)


def _late_goals(store: Store) -> list[Thing]:
    """Return one's own goals whose day is over and which are still pursued."""
    query = (
        "SELECT g.id, coalesce(h.short, g.id), coalesce(g.title, ''), g.due, g.private FROM p_goal g "
        "LEFT JOIN handle h ON h.ent = g.n WHERE g.trashed = 0 AND g.owner = ? AND g.due < ? "
        "AND coalesce(g.state, 'pursued') = 'pursued' ORDER BY g.due, g.id"
    )
    return [
        Thing(ent, short, "goal", title, GOAL, due, owner=store.member, private=bool(private))
        for ent, short, title, due, private in store.conn.execute(
            query, (store.member, store.today().isoformat())
        )
    ]
