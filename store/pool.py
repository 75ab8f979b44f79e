"""The requirement pool: what should exist and is not done, ranked by a score or by who wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.scoring import MODELS, Inputs, Score, score
from store.feedback_rows import Support, support_of_items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store

PEOPLE, CUSTOMERS, SIZE = "people", "customers", "size"
# What the pool is ranked by: a score, or one of the three counts of who wants it, which are never added up.
ORDERS = (*MODELS, PEOPLE, CUSTOMERS, SIZE)

_INPUTS = ", ".join(f"i.{name}" for name in Inputs._fields)
_QUERY = (
    "SELECT i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.status, ''), coalesce(i.owner, ''), "
    f"coalesce(i.due, ''), i.priority, i.private, {_INPUTS} "
    "FROM p_item i INDEXED BY pool LEFT JOIN handle h ON h.ent = i.n "
    "WHERE i.trashed = 0 AND i.kind = 'requirement' AND {} ORDER BY i.rank, i.id"
)
_OPEN = "(i.status IS NULL OR i.status NOT IN (SELECT id FROM p_status WHERE category = 'done'))"
_HELD = 8  # columns before the inputs


class PoolRow(NamedTuple):
    """One requirement: what it is scored by and who wants it; ids stand for status and owner."""

    id: str
    short: str
    title: str
    status: str
    owner: str
    due: str
    priority: int | None
    private: bool
    inputs: Inputs
    support: Support = Support()


class Ranked(NamedTuple):
    """A requirement and its score in the order asked for, None for a count where nobody wants it."""

    row: PoolRow
    score: Score


def pool(store: Store) -> list[PoolRow]:
    """Return the requirements that are not done, in board order."""
    rows = store.conn.execute(_QUERY.format(_OPEN)).fetchall()
    behind = support_of_items(store, [row[0] for row in rows])
    return [
        PoolRow._make((*row[:7], bool(row[7]), Inputs(*row[_HELD:]), behind.get(row[0], Support())))
        for row in rows
    ]


def inputs_of(store: Store, item: str) -> Inputs:
    """Return the scoring inputs of one item, all of them missing where there is no such item."""
    query = f"SELECT {_INPUTS} FROM entity e JOIN p_item i ON i.n = e.n WHERE e.id = ? AND e.kind = 'item'"
    row = store.conn.execute(query, (item,)).fetchone()
    return Inputs(*row) if row else Inputs()


def pool_count(store: Store) -> int:
    """Return how many requirements are not done."""
    query = (
        "SELECT count(*) FROM p_item i INDEXED BY pool "
        f"WHERE i.trashed = 0 AND i.kind = 'requirement' AND {_OPEN}"
    )
    return int(store.conn.execute(query).fetchone()[0])


def ranked(rows: Iterable[PoolRow], by: str) -> list[Ranked]:
    """Return the rows with their scores, the highest first; those without a score come last, in the order given.

    `by` is one of `ORDERS`. What is equal is told apart by who wants it: customers, their size, people.
    """
    found = [Ranked(row, _measure(row, by)) for row in rows]
    return sorted(found, key=_order)


def score_of(inputs: Inputs, by: str) -> Score:
    """Return what inputs score in a model; no score for an order that is a count."""
    return score(by, inputs) if by in MODELS else Score(None)


def _measure(row: PoolRow, by: str) -> Score:
    if by in MODELS:
        return score(by, row.inputs)
    counts = {PEOPLE: len(row.support.people), CUSTOMERS: len(row.support.customers), SIZE: row.support.size}
    return Score(float(counts[by]) or None)


def _order(one: Ranked) -> tuple[bool, float, int, float, int]:
    number, support = one.score.number, one.row.support
    wanted = (-len(support.customers), -support.size, -len(support.people))
    return number is None, -(number or 0.0), *wanted
