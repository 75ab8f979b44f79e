"""The feedback of a workspace as its inbox shows it, and who wants what: people, customers and their size apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from store.batch import in_chunks
from store.elements import element_sets

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from store.database import Store

INBOX = "inbox"
READY = "ready"  # what it asked for is done, and nobody has told who asked
SNOOZED = "snoozed"
TRIAGED = ("linked", "answered", "declined", "duplicate")  # in the order they are shown

_COLUMNS = (
    "f.n, f.id, coalesce(h.short, f.id), coalesce(f.title, ''), coalesce(f.state, 'inbox'), coalesce(f.origin, ''), "
    "coalesce(f.department, ''), coalesce(f.customer, ''), coalesce(f.said_by, ''), coalesce(f.channel, ''), "
    "f.importance, coalesce(f.until, ''), coalesce(f.duplicate_of, ''), coalesce(f.reason, ''), "
    "coalesce(f.answered, ''), coalesce(f.created, ''), f.created_at, f.private"
)
_FROM = "p_feedback f LEFT JOIN handle h ON h.ent = f.n"
# Snoozed until a day that has come, or that nobody said, is to be triaged again.
_AWAKE = "(f.state = 'snoozed' AND (f.until IS NULL OR f.until <= ?))"
# A state that only a newer program knows is a matter for a person as well.
_INBOX = (
    "f.trashed = 0 AND (f.state IS NULL OR f.state NOT IN ('linked', 'duplicate', 'declined', 'snoozed', 'answered') "
    f"OR {_AWAKE})"
)
# Everything that was asked for is done, as far as it was not thrown away. The joins go from the feedback that is open.
_SHIPPED = """
WITH done (id) AS MATERIALIZED (SELECT id FROM p_status WHERE category = 'done')
SELECT '[' || coalesce(group_concat(n), '') || ']' FROM (
  SELECT f.n AS n FROM p_feedback f CROSS JOIN element e ON e.ent = f.n AND e.field = 'items'
    CROSS JOIN entity x ON x.id = e.value AND x.kind = 'item' CROSS JOIN p_item i ON i.n = x.n AND i.trashed = 0
  WHERE f.trashed = 0 AND f.state IN ('linked', 'inbox', 'snoozed')
  GROUP BY f.n HAVING min(coalesce(i.status IN done, 0)))
"""
_IS_SHIPPED = "f.n IN (SELECT value FROM json_each(?))"
# What is counted with a piece of feedback: all that was marked as its duplicate, however long the chain.
_FAMILY = """
WITH RECURSIVE family (root, n, id) AS (
  SELECT f.n, f.n, f.id FROM p_feedback f WHERE f.trashed = 0 AND f.n IN ({})
  UNION
  SELECT g.root, f.n, f.id FROM family g JOIN p_feedback f INDEXED BY duplicates ON f.duplicate_of = g.id
    AND f.duplicate_of IS NOT NULL AND f.state = 'duplicate' AND f.trashed = 0
)
SELECT root, n FROM family
"""


_CUSTOMERS = (
    "SELECT c.id, coalesce(c.title, ''), c.size FROM entity e CROSS JOIN p_customer c ON c.n = e.n "
    "WHERE e.kind = 'customer' AND {} AND e.id IN ({{}})"
)


class Support(NamedTuple):
    """Who wants something: members, customers, and the sum of those customers' sizes as far as it is known."""

    people: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()
    size: float = 0.0


class FeedbackRow(NamedTuple):
    """One piece of feedback; `state` is what it counts as today, ids stand for departments, customers and items."""

    id: str
    short: str
    title: str
    state: str
    origin: str = ""
    department: str = ""
    customer: str = ""
    said_by: str = ""
    channel: str = ""
    importance: int | None = None
    until: str = ""
    duplicate_of: str = ""
    reason: str = ""
    answered: str = ""
    created: str = ""
    created_at: int = 0
    private: bool = False
    items: tuple[str, ...] = ()
    support: Support = Support()


class Customer(NamedTuple):
    """A customer by name and size."""

    id: str
    title: str
    size: float | None


def inbox(store: Store, today: datetime.date, *, limit: int = 500) -> list[FeedbackRow]:
    """Return what is to be triaged, the most important first, then the oldest.

    With it comes what was called a duplicate of something that is not there any more, or of itself in a circle.
    """
    order = "f.importance DESC, f.created_at, f.n"
    where = f"{_INBOX} AND NOT {_IS_SHIPPED}"
    rows = _select(store, where, (today.isoformat(), _shipped(store)), order, limit)
    rows += in_chunks(store.conn, f"SELECT {_COLUMNS} FROM {_FROM} WHERE f.n IN ({{}})", _adrift(store))
    return _rows(store, rows[:limit], INBOX)


def ready(store: Store, *, limit: int = 500) -> list[FeedbackRow]:
    """Return feedback whose items are done and that is not answered, the oldest first: who asked waits to hear."""
    return _rows(store, _select(store, _IS_SHIPPED, (_shipped(store),), "f.created_at, f.n", limit), READY)


def snoozed(store: Store, today: datetime.date, *, limit: int = 500) -> list[FeedbackRow]:
    """Return what is put off to a later day, the next first."""
    where = f"f.trashed = 0 AND f.state = 'snoozed' AND f.until > ? AND NOT {_IS_SHIPPED}"
    values = (today.isoformat(), _shipped(store))
    return _rows(store, _select(store, where, values, "f.until, f.n", limit), SNOOZED)


def in_state(store: Store, state: str, *, limit: int = 100) -> list[FeedbackRow]:
    """Return the feedback of a state that nobody has to do anything about, what was touched last first."""
    where = f"f.trashed = 0 AND f.state = ? AND NOT {_IS_SHIPPED}"
    adrift = set(_adrift(store)) if state == "duplicate" else ()
    rows = _select(store, where, (state, _shipped(store)), "f.updated_at DESC, f.n", limit)
    return _rows(store, [row for row in rows if row[0] not in adrift], state)


def counts(store: Store, today: datetime.date) -> dict[str, int]:
    """Return how much there is of `INBOX`, `READY`, `SNOOZED` and of each state in `TRIAGED`."""
    found = dict.fromkeys((INBOX, READY, SNOOZED, *TRIAGED), 0)

    def move(query: str, values: tuple[object, ...], to: str) -> None:
        for state, count in store.conn.execute(query, values):
            known = state if state in found else INBOX
            found[known] -= count
            found[to] += count

    query = "SELECT f.state, count(*) FROM p_feedback f WHERE f.trashed = 0 GROUP BY f.state"
    for state, count in store.conn.execute(query):
        found[state if state in found else INBOX] += count
    shipped = _shipped(store)
    query = f"SELECT f.state, count(*) FROM p_feedback f WHERE {_IS_SHIPPED} GROUP BY f.state"
    move(query, (shipped,), READY)
    query = (
        f"SELECT f.state, count(*) FROM p_feedback f WHERE f.trashed = 0 AND {_AWAKE} AND NOT {_IS_SHIPPED}"
    )
    move(f"{query} GROUP BY f.state", (today.isoformat(), shipped), INBOX)
    lost = len(_adrift(store))
    found[INBOX] += lost
    found["duplicate"] -= lost
    return found


def waiting_count(store: Store, today: datetime.date) -> int:
    """Return how much waits for somebody: what is to be triaged, and what is ready to be answered."""
    found = counts(store, today)
    return found[INBOX] + found[READY]


def feedback(store: Store, ids: Iterable[str]) -> list[FeedbackRow]:
    """Return feedback by id, in the order asked for; what is not there is left out."""
    ids = list(dict.fromkeys(ids))
    query = (
        f"SELECT {_COLUMNS} FROM {_FROM} "
        "WHERE f.n IN (SELECT n FROM entity WHERE kind = 'feedback' AND id IN ({}))"
    )
    rows = list(in_chunks(store.conn, query, ids))
    found = {row.id: row for row in _rows(store, rows, "")}
    return [found[ent] for ent in ids if ent in found]


def root_of(store: Store, ent: str) -> str:
    """Return what a duplicate is a duplicate of in the end, itself where it is none; a circle ends where it closes."""
    seen = {ent}
    while True:
        row = store.conn.execute(
            "SELECT f.duplicate_of FROM entity e JOIN p_feedback f ON f.n = e.n "
            "WHERE e.id = ? AND e.kind = 'feedback' AND f.state = 'duplicate' AND f.duplicate_of IS NOT NULL",
            (ent,),
        ).fetchone()
        if row is None or row[0] in seen:
            return ent
        ent = str(row[0])
        seen.add(ent)


def feedback_of_items(store: Store, items: Iterable[str]) -> dict[str, list[int]]:
    """Return the numbers of the feedback that is linked to each item and not in the trash."""
    found: dict[str, list[int]] = {}
    query = (
        "SELECT e.value, e.ent FROM element e JOIN p_feedback f ON f.n = e.ent AND f.trashed = 0 "
        "WHERE e.field = 'items' AND e.value IN ({})"
    )
    for item, n in in_chunks(store.conn, query, list(items)):
        found.setdefault(item, []).append(n)
    return found


def support_of_items(store: Store, items: Iterable[str]) -> dict[str, Support]:
    """Return who wants each item: whoever stands behind any feedback linked to it, each counted once."""
    return support(store, feedback_of_items(store, items))


def support(store: Store, wanted: Mapping[str, Iterable[int]]) -> dict[str, Support]:
    """Return who stands behind groups of feedback, given by number; duplicates count with what they repeat."""
    members = {key: list(numbers) for key, numbers in wanted.items()}
    families = _families(store, sorted({n for numbers in members.values() for n in numbers}))
    everything = sorted({n for family in families.values() for n in family})
    people: dict[int, set[str]] = {}
    customers: dict[int, set[str]] = {}
    query = "SELECT ent, field, value FROM element WHERE ent IN ({}) AND field IN ('voters', 'customers')"
    for n, field, value in in_chunks(store.conn, query, everything):
        (people if field == "voters" else customers).setdefault(n, set()).add(value)
    query = "SELECT n, customer FROM p_feedback WHERE n IN ({}) AND customer IS NOT NULL"
    for n, customer in in_chunks(store.conn, query, everything):
        customers.setdefault(n, set()).add(customer)
    named = set().union(*customers.values())
    known = customers_named(store, named)
    gone = _in_trash(store, named - known.keys())
    found = {}
    for key, numbers in members.items():
        family = {n for root in numbers for n in families.get(root, ())}
        who = frozenset().union(*(people.get(n, ()) for n in family))
        buyers = frozenset().union(*(customers.get(n, ()) for n in family)) - gone
        found[key] = Support(who, buyers, sum(known[buyer].size or 0 for buyer in buyers if buyer in known))
    return found


def customers_named(store: Store, ids: Iterable[str]) -> dict[str, Customer]:
    """Return the customers of these ids that are not in the trash."""
    query = _CUSTOMERS.format("c.trashed = 0")
    return {row[0]: Customer(*row) for row in in_chunks(store.conn, query, sorted(ids))}


def _in_trash(store: Store, ids: Iterable[str]) -> set[str]:
    """Return which of these customers were deleted; one that has not arrived yet counts all the same."""
    return {row[0] for row in in_chunks(store.conn, _CUSTOMERS.format("c.trashed = 1"), sorted(ids))}


def _families(store: Store, numbers: list[int]) -> dict[int, list[int]]:
    families: dict[int, list[int]] = {}
    for root, n in in_chunks(store.conn, _FAMILY, numbers):
        families.setdefault(root, []).append(n)
    return families


def _adrift(store: Store) -> list[int]:
    """Return the duplicates whose chain does not end at feedback that shows: they want to be triaged again."""
    query = "SELECT f.n, f.id, f.duplicate_of FROM p_feedback f WHERE f.trashed = 0 AND f.state = 'duplicate'"
    rows = store.conn.execute(query).fetchall()
    if not rows:
        return []
    onward = {ent: of for _n, ent, of in rows}
    ends = {of for of in onward.values() if of and of not in onward}
    query = (
        "SELECT e.id FROM entity e CROSS JOIN p_feedback f ON f.n = e.n "
        "WHERE e.kind = 'feedback' AND f.trashed = 0 AND e.id IN ({})"
    )
    living = [ent for (ent,) in in_chunks(store.conn, query, sorted(ends))]
    grounded: dict[str, bool] = dict.fromkeys(living, True)
    for ent in onward:
        way: list[str] = []
        step: str | None = ent
        while step and step in onward and step not in grounded:
            grounded[step] = False  # until its end is known; a circle comes back here
            way.append(step)
            step = onward[step]
        end = grounded.get(step or "", False)
        grounded.update(dict.fromkeys(way, end))
    return [n for n, ent, _of in rows if not grounded[ent]]


def _shipped(store: Store) -> str:
    """Return the numbers of the feedback that is ready to be answered, as JSON; asked again without a write, kept."""
    moment = store.moment()
    if moment is None or store.shipped is None or store.shipped[0] != moment:
        store.shipped = (moment, store.conn.execute(_SHIPPED).fetchone()[0])
    return store.shipped[1]


def _select(
    store: Store, where: str, parameters: tuple[object, ...], order: str, limit: int
) -> list[tuple[Any, ...]]:
    query = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {where} ORDER BY {order} LIMIT ?"
    return store.conn.execute(query, (*parameters, limit)).fetchall()


def _rows(store: Store, rows: list[tuple[Any, ...]], state: str) -> list[FeedbackRow]:
    """Make rows of what was selected; `state` is what they count as, '' for what they hold."""
    numbers = [row[0] for row in rows]
    items = element_sets(store.conn, numbers, "items")
    behind = support(store, {row[1]: (row[0],) for row in rows})
    return [
        FeedbackRow._make(
            (
                *row[1:4],
                state or row[4],
                *row[5:17],
                bool(row[17]),
                tuple(items.get(row[0], ())),
                behind[row[1]],
            )
        )
        for row in rows
    ]
