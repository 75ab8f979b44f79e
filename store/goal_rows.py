"""The goals of a workspace in one look: their rows, their history, the work behind them, and work without a goal."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from store.analysis.alignment import Work
from store.analysis.goal_progress import Point, Progress, progress
from store.card_rows import cards_of, row_number, selection
from store.goals import ORDER
from store.layouts import decode
from store.merge import SEQ_BITS, Head, surviving, winner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.database import Store
    from store.rows import Card


class GoalRow(NamedTuple):
    """A goal in a list. `parent` is '' where its edge is cut, and `cut` then names the parent that was skipped."""

    id: str
    short: str
    title: str
    metric: str
    baseline: float | None
    current: float | None
    target: float | None
    period: str
    due: str
    owner: str
    department: str
    parent: str
    cut: str
    state: str
    private: bool
    divergences: int
    answers: dict[str, str]
    objections: dict[str, str]

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return progress(self.baseline, self.current, self.target)

    @property
    def open(self) -> bool:
        """Whether it is still pursued."""
        return self.state == "pursued"


_GOALS = (
    "SELECT g.n, g.id, coalesce(h.short, g.id), coalesce(g.title, ''), coalesce(g.metric, ''), g.baseline, g.current, "
    "g.target, coalesce(g.period, ''), coalesce(g.due, ''), coalesce(g.owner, ''), coalesce(g.department, ''), "
    "CASE WHEN g.parent_cut = 0 THEN coalesce(g.parent, '') ELSE '' END, "
    "CASE WHEN g.parent_cut = 1 THEN coalesce(g.parent, '') ELSE '' END, "
    "coalesce(g.state, ''), g.private, g.divergences FROM p_goal g LEFT JOIN handle h ON h.ent = g.n "
)
_ANSWERS = (
    "SELECT e.ent, e.field, e.key, e.value FROM p_goal g JOIN entry e ON e.ent = g.n "
    "AND e.field IN ('answer', 'objection') WHERE g.trashed = 0"
)


def goal_rows(store: Store) -> list[GoalRow]:
    """Return the goals that are not in the trash, in the order that siblings are shown in."""
    said: dict[int, dict[str, dict[str, str]]] = {}
    for ent, field, key, text in store.conn.execute(_ANSWERS):
        value = decode(text)
        if isinstance(value, str) and value:
            said.setdefault(ent, {}).setdefault(field, {})[key] = value
    return [_row(row, said) for row in store.conn.execute(f"{_GOALS} WHERE g.trashed = 0 ORDER BY {ORDER}")]


def goal_row(store: Store, goal: str) -> GoalRow | None:
    """Return one goal, None where there is none of this id outside the trash."""
    row = store.conn.execute(
        f"{_GOALS} WHERE g.n = {row_number('goal')} AND g.trashed = 0", (goal,)
    ).fetchone()
    if row is None:
        return None
    said: dict[str, dict[str, str]] = {}
    query = "SELECT field, key, value FROM entry WHERE ent = ? AND field IN ('answer', 'objection')"
    for field, key, text in store.conn.execute(query, (row[0],)):
        value = decode(text)
        if isinstance(value, str) and value:
            said.setdefault(field, {})[key] = value
    return _row(row, {row[0]: said})


def _row(row: tuple[Any, ...], said: Mapping[int, Mapping[str, dict[str, str]]]) -> GoalRow:
    number, *values, private, divergences = row
    answers = said.get(number, {})
    return GoalRow._make(
        (*values, bool(private), divergences, answers.get("answer", {}), answers.get("objection", {}))
    )


def goal_count(store: Store) -> int:
    """Return how many goals are pursued."""
    query = "SELECT count(*) FROM p_goal WHERE trashed = 0 AND coalesce(state, '') = 'pursued'"
    return int(store.conn.execute(query).fetchone()[0])


def objection_count(store: Store) -> int:
    """Return how many departments object to goals that are pursued."""
    query = (
        "SELECT count(*) FROM p_goal g JOIN entry e ON e.ent = g.n AND e.field = 'answer' "
        "WHERE g.trashed = 0 AND coalesce(g.state, '') = 'pursued' AND e.value = '\"objected\"'"
    )
    return int(store.conn.execute(query).fetchone()[0])


def goal_history(store: Store, goals: Iterable[str] | None = None) -> dict[str, list[Point]]:
    """Return what each goal's current value was at the end of each day it changed on, as it is displayed.

    Of values that were written at once without knowing of each other, a day has the one that shows now.
    """
    if goals is None:
        which, values = "SELECT n FROM p_goal WHERE trashed = 0", list[str]()
    else:
        values = list(dict.fromkeys(goals))
        which = f"SELECT n FROM entity WHERE kind = 'goal' AND id IN ({','.join('?' * len(values))})"
    query = (
        "SELECT e.id, o.dot, o.wt, o.lam, o.by, o.value, o.parents FROM op o JOIN entity e ON e.n = o.ent "
        f"WHERE o.ent IN ({which}) AND o.field = 'current' ORDER BY o.ent, o.wt, o.lam, o.dot"
    )
    written: dict[str, list[tuple[Head, str]]] = {}
    for ent, dot, wt, lam, by, value, above in store.conn.execute(query, values):
        written.setdefault(ent, []).append((Head(dot, wt, lam, by, value), above or ""))
    if not written:
        return {}
    names = {n: (dev, inc) for n, dev, inc in store.conn.execute("SELECT n, dev, inc FROM stream")}
    private = {n for (n,) in store.conn.execute("SELECT n FROM stream WHERE private = 1")}
    return {ent: points for ent, ops in written.items() if (points := _daily(ops, names, private))}


def _daily(
    ops: list[tuple[Head, str]], names: Mapping[int, tuple[str, str]], private: set[int]
) -> list[Point]:
    heads: list[Head] = []
    struck: dict[int, int] = {}
    days: dict[datetime.date, float | None] = {}
    if any(head.dot >> SEQ_BITS not in private for head, _ in ops):  # what was a draft is no more
        ops = [(head, above) for head, above in ops if head.dot >> SEQ_BITS not in private]
    for head, above in ops:
        heads.append(head)
        for parent in above.split():
            struck[int(parent)] = max(head.lam, struck.get(int(parent), 0))
        heads = surviving(heads, struck, private)
        value = decode(winner(heads, names).value) if heads else None
        number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        days[_day_of(head.wt)] = number
    return [Point(day, value) for day, value in sorted(days.items()) if value is not None]


def _day_of(at: int) -> datetime.date:
    try:
        return datetime.datetime.fromtimestamp(at / 1000).astimezone().date()
    except (ValueError, OverflowError, OSError):
        return datetime.date.min


# In the order of the index, whose columns are all that this reads.
_WORK = (
    "SELECT goal, department, owner, status, count(*), total(effort), total(coalesce(remaining, effort)) "
    "FROM p_item INDEXED BY aimed WHERE goal IS NOT NULL AND trashed = 0 GROUP BY goal, department, owner, status"
)


def work(store: Store) -> list[Work]:
    """Return the items that serve goals, counted by goal and department: their own, else that of their owner.

    Asked twice without a write in between, they are counted once.
    """
    moment = store.moment()
    if moment is not None and store.aligned is not None and store.aligned[0] == moment:
        return store.aligned[1]
    done = {ent for (ent,) in store.conn.execute("SELECT id FROM p_status WHERE category = 'done'")}
    homes = _homes(store)
    counted: dict[tuple[str, str], list[float]] = {}
    for goal, department, owner, status, count, hours, left in store.conn.execute(_WORK):
        cell = counted.setdefault((goal, department or homes.get(owner, "")), [0, 0, 0.0, 0.0])
        cell[1 if status in done else 0] += count
        cell[2] += hours
        if status not in done:
            cell[3] += left
    found = [
        Work(goal, department, int(waiting), int(over), hours, left)
        for (goal, department), (waiting, over, hours, left) in counted.items()
    ]
    if moment is not None:
        store.aligned = (moment, found)
    return found


def _homes(store: Store) -> dict[str, str]:
    """Return the department of each member who has one."""
    return dict(store.conn.execute("SELECT id, department FROM p_member WHERE department IS NOT NULL"))


_DEPARTMENT = "coalesce(i.department, (SELECT m.department FROM p_member m WHERE m.id = i.owner), '')"
_DONE = "coalesce(i.status, '') IN (SELECT id FROM p_status WHERE category = 'done')"
_BY_NEED = f"{_DONE}, i.priority IS NULL, i.priority, i.due IS NULL, i.due, i.id"
_BY_SIZE = "i.effort IS NULL, i.effort DESC, i.priority IS NULL, i.priority, i.id"
MOST = 500


def goal_items(
    store: Store, goals: Iterable[str], *, department: str | None = None, limit: int = MOST
) -> list[Card]:
    """Return the items that serve any of these goals, the open ones first; of one department where one is named."""
    wanted = list(dict.fromkeys(goals))
    condition = f"i.goal IN ({','.join('?' * len(wanted))}) AND i.trashed = 0"
    return _items(store, "INDEXED BY aimed", condition, wanted, _BY_NEED, department, limit)


def _items(
    store: Store,
    by: str,
    condition: str,
    values: Iterable[str],
    order: str,
    department: str | None,
    limit: int,
) -> list[Card]:
    """Return items in an order: those within the limit are found first, and only their rows are then read."""
    only = "" if department is None else f" AND {_DEPARTMENT} = ?"
    query = (
        f"SELECT {selection('item')} FROM p_item i LEFT JOIN handle h ON h.ent = i.n WHERE i.n IN "
        f"(SELECT i.n FROM p_item i {by} WHERE {condition}{only} ORDER BY {order} LIMIT ?) ORDER BY {order}"
    )
    parameters = (*values, *(() if department is None else (department,)), limit)
    return cards_of(store, store.conn.execute(query, parameters).fetchall())


_AIMLESS = f"i.goal IS NULL AND i.trashed = 0 AND NOT {_DONE}"


def aimless(store: Store) -> dict[str, int]:
    """Return how many open items serve no goal, by department."""
    query = f"SELECT i.department, i.owner, count(*) FROM p_item i NOT INDEXED WHERE {_AIMLESS} GROUP BY 1, 2"
    homes = _homes(store)
    found: dict[str, int] = {}
    for department, owner, count in store.conn.execute(query):
        home = department or homes.get(owner, "")
        found[home] = found.get(home, 0) + count
    return found


def aimless_items(store: Store, *, department: str | None = None, limit: int = 20) -> list[Card]:
    """Return the open items that serve no goal, those with most effort first; of one department where one is named."""
    return _items(store, "NOT INDEXED", _AIMLESS, (), _BY_SIZE, department, limit)


def efforts(store: Store, items: Iterable[str]) -> dict[str, float]:
    """Return the effort of items in hours, of those that have one."""
    wanted = list(dict.fromkeys(items))
    marks = ",".join("?" * len(wanted))
    query = f"SELECT id, effort FROM p_item WHERE n IN (SELECT n FROM entity WHERE kind = 'item' AND id IN ({marks}))"
    return {ent: effort for ent, effort in store.conn.execute(query, wanted) if effort is not None}


def conflicts_about(store: Store, goal: str) -> list[Card]:
    """Return the conflicts that name a goal, the open ones first."""
    query = (
        f"SELECT {selection('conflict')} FROM p_conflict i LEFT JOIN handle h ON h.ent = i.n "
        "WHERE i.goal = ? AND i.trashed = 0 "
        "ORDER BY coalesce(i.state, '') = 'closed', i.severity IS NULL, i.severity, i.id"
    )
    return cards_of(store, store.conn.execute(query, (goal,)).fetchall())


def vision(store: Store) -> str:
    """Return what all departments share, '' while nobody has written it."""
    row = store.conn.execute("SELECT vision FROM p_workspace WHERE id = ?", (store.workspace,)).fetchone()
    return str(row[0]) if row and row[0] else ""


def workers(store: Store, goal: str) -> set[str]:
    """Return the departments that have items for a goal."""
    query = (
        "SELECT DISTINCT department, owner FROM p_item INDEXED BY aimed "
        "WHERE goal = ? AND goal IS NOT NULL AND trashed = 0"
    )
    homes = _homes(store)
    found = {department or homes.get(owner, "") for department, owner in store.conn.execute(query, (goal,))}
    return found - {""}
