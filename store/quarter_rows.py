"""What a quarter's report is made of, read from the projections and from the op log.

When a conflict was decided, closed or reopened is the wall time of the op that wrote its state, and where an item stood
on a day is what had been written of it by then. Private drafts are left out, and what was written of them before they
were shared: the report of everybody who has the same ops is the same.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.analysis.quarter import quarter_report
from store.analysis.quarter_shapes import (
    ActionRow,
    ConflictRow,
    FeedbackRow,
    PromiseRow,
    Report,
    Rows,
    Span,
    Written,
)
from store.batch import in_chunks
from store.date_reader import start_of_period
from store.layouts import decode
from store.names import fold
from store.running import moment
from store.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from store.database import Store

_QUARTER = re.compile(r"([0-9]{4})[ -]?q?([1-4])|([0-9]{4})年?第?([1-4一二三四])季度?|q([1-4])")
LARGE = 200  # conflicts
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}
_OF_CONFLICTS = "o.field IN ('state', 'follow_up') OR o.field >= 'check/' AND o.field < 'check0'"
# Most items that conflicts are about did not move since the quarter began, which the heads of their days tell. In the
# order of their numbers, for that is how they lie in the file.
_OF_ITEMS = """
WITH named (n) AS MATERIALIZED (
  SELECT DISTINCT e.n FROM p_conflict c JOIN element x ON x.ent = c.n AND x.field = 'items'
    JOIN entity e ON e.id = x.value AND e.kind = 'item'
  WHERE {lately} AND (c.updated_at >= ?2 OR coalesce(c.state, '') <> 'closed') ORDER BY 1
), moved (n) AS MATERIALIZED (
  SELECT n FROM named WHERE EXISTS (
    SELECT 1 FROM head h JOIN op o ON o.dot = h.dot
    WHERE h.ent = named.n AND h.field IN ('due', 'start') AND o.wt >= ?2)
)
SELECT o.ent, i.id, o.field, o.value, o.wt FROM moved m JOIN p_item i ON i.n = m.n JOIN op o ON o.ent = m.n
WHERE i.trashed = 0 AND i.private = 0 AND o.field IN ('due', 'start')
"""


class Named(NamedTuple):
    """What people call something: its kind, its short id and its title."""

    kind: str
    short: str
    title: str


def called(store: Store, ids: Iterable[str]) -> dict[str, Named]:
    """Return what people call these things, of those that are known here."""
    query = (
        "SELECT e.kind, e.n, e.id, coalesce(h.short, e.id) FROM entity e LEFT JOIN handle h ON h.ent = e.n "
        "WHERE e.id IN ({}) ORDER BY e.n DESC"
    )
    kinds: dict[str, dict[int, tuple[str, str]]] = {}
    for kind, n, ent, short in in_chunks(store.conn, query, sorted(set(ids))):
        kinds.setdefault(kind, {})[n] = (ent, short)
    found: dict[str, Named] = {}
    for kind, rows in kinds.items():
        if kind in schema.KINDS and "title" in schema.KINDS[kind].fields:
            query = f"SELECT n, coalesce(title, '') FROM p_{kind} WHERE n IN ({{}})"
            for n, title in in_chunks(store.conn, query, list(rows)):
                ent, short = rows[n]
                found[ent] = Named(kind, short, title)
    return found


def parse_quarter(text: str, today: date) -> date | None:
    """Return the first day of the quarter a text names (2026Q4, q3, 2026年第四季度, last, 上季度), None for no such."""
    folded = fold(text).strip()
    which = {"": 0, "this": 0, "本季度": 0, "last": -1, "上季度": -1, "上个季度": -1}.get(folded)
    if which is not None:
        return start_of_period(today, "q", which)
    found = _QUARTER.fullmatch(folded)
    if found is None:
        return None
    year = int(found[1] or found[3] or today.year)
    number = found[2] or found[4] or found[5]
    if not 1970 <= year < 9999:
        return None
    return datetime.date(year, int(_CHINESE.get(number, number)) * 3 - 2, 1)


def span_of(first: date, now: int, today: date) -> Span:
    """Return the quarter that begins on a day, as it stands now (ms since the epoch)."""
    after = start_of_period(first, "q", 1)
    return Span(
        first.year,
        (first.month + 2) // 3,
        first.isoformat(),
        (after - datetime.timedelta(1)).isoformat(),
        _midnight(first),
        min(_midnight(after), now + 1),
        min(after, max(today, first)).isoformat(),
        _midnight(start_of_period(first, "q", -3)),
    )


def read_report(store: Store, first: date) -> Report:
    """Return the report of the quarter that begins on a day."""
    span = span_of(first, store.now(), store.today())
    with uncollected():
        return quarter_report(read_rows(store, span), span)


def is_large(store: Store) -> bool:
    """Tell whether a report takes longer than a key may wait: how many conflicts there are decides that."""
    query = "SELECT count(*) FROM (SELECT 1 FROM p_conflict LIMIT ?)"
    return bool(store.conn.execute(query, (LARGE,)).fetchone()[0] == LARGE)


def report_elsewhere(
    home: str, first: date, behind: Callable[[Report], Iterable[str]]
) -> tuple[Report, dict[str, Named]]:
    """Return a report, and what people call what is `behind` it, by a connection of its own: for a worker."""
    from store.database import open_store

    store = open_store(home)
    try:
        report = read_report(store, first)
        return report, called(store, behind(report))
    finally:
        store.close()


def read_rows(store: Store, span: Span) -> Rows:
    """Return the rows of a quarter: what was touched since the year before its end, or is open still."""
    conn = store.conn
    # A conflict that was closed for good before that year says nothing of this quarter.
    lately = "c.trashed = 0 AND c.private = 0 AND (c.updated_at >= ?1 OR coalesce(c.state, '') <> 'closed')"
    conflicts = _conflicts(store, lately, span)
    written = _written(
        store,
        "SELECT o.ent, c.id, o.field, o.value, o.wt FROM p_conflict c JOIN op o ON o.ent = c.n "
        f"WHERE {lately} AND ({_OF_CONFLICTS})",
        span,
    )
    written += _written(store, _OF_ITEMS.format(lately=lately), span)
    promises = conn.execute(
        "SELECT id, coalesce(from_department, ''), coalesce(to_department, ''), coalesce(state, 'promised'), "
        "coalesce(due, ''), coalesce(first_due, ''), coalesce(ended, '') FROM p_commitment "
        "WHERE trashed = 0 AND private = 0 AND coalesce(nullif(ended, ''), due) BETWEEN ? AND ? "
        "ORDER BY created_at, id",
        (span.first, span.last),
    )
    feedback = conn.execute(
        "SELECT id, created, created_at, answered, coalesce(state, ''), updated_at FROM p_feedback "
        "WHERE trashed = 0 AND private = 0 ORDER BY created_at, id"
    )
    actions = conn.execute(
        "SELECT i.id, i.created_at, coalesce(i.verified, '') FROM p_item i JOIN entity e ON e.id = i.came_from "
        "WHERE i.came_from IS NOT NULL AND e.kind IN ('retro', 'retro_card') AND +i.trashed = 0 AND i.private = 0 "
        "ORDER BY i.created_at, i.id"
    )
    cases = conn.execute(
        "SELECT id, came_from FROM p_case WHERE came_from IS NOT NULL AND trashed = 0 AND private = 0 "
        "ORDER BY created_at, id"
    )
    return Rows(
        conflicts,
        written,
        [PromiseRow(*row) for row in promises],
        [_feedback(*row) for row in feedback],
        [ActionRow(*row) for row in actions],
        [(case, conflict) for case, conflict in cases],
        [ent for (ent,) in conn.execute("SELECT id FROM p_department ORDER BY rank, id")],
    )


def _conflicts(store: Store, where: str, span: Span) -> list[ConflictRow]:
    sets: dict[int, dict[str, list[str]]] = {}
    query = (
        "SELECT c.n, e.field, e.value FROM p_conflict c JOIN element e ON e.ent = c.n "
        "LEFT JOIN p_department d ON d.id = e.value "
        f"WHERE {where} AND e.field IN ('parties', 'items') ORDER BY c.n, d.rank IS NULL, d.rank, e.value"
    )
    for n, field, value in store.conn.execute(query, (span.year_ago,)):
        sets.setdefault(n, {}).setdefault(field, []).append(value)
    query = (
        "SELECT c.n, c.id, c.created, c.created_at, coalesce(c.root_cause, ''), coalesce(c.\"case\", '') "
        f"FROM p_conflict c WHERE {where} ORDER BY c.created_at, c.id"
    )
    found = []
    for n, ent, created, made, cause, case in store.conn.execute(query, (span.year_ago,)):
        own = sets.get(n, {})
        opened = min(moment(created, made), made)
        found.append(
            ConflictRow(
                ent, opened, made, cause, tuple(own.get("parties", ())), tuple(own.get("items", ())), case
            )
        )
    return found


def _written(store: Store, query: str, span: Span) -> list[Written]:
    """Return what was written, in an order that is the same everywhere; what counts for nobody else is left out."""
    query += (
        " AND (o.dot >> 32) NOT IN (SELECT n FROM stream WHERE private = 1) ORDER BY o.ent, o.wt, o.lam, o.id"
    )
    moments = (span.year_ago, span.start) if "?2" in query else (span.year_ago,)
    read: dict[str, object] = {}  # states and days repeat
    found = []
    for _n, ent, field, text, at in store.conn.execute(query, moments):
        if text not in read:
            read[text] = decode(text)
        found.append(Written._make((ent, field, read[text], at)))
    return found


def _feedback(
    ent: str, created: str | None, made: int, answered: str | None, state: str, changed: int
) -> FeedbackRow:
    came = _day(min(moment(created, made), made))
    if not answered and state == "answered":
        answered = _day(changed)
    return FeedbackRow(ent, came, answered or "", state)


def _midnight(day: date) -> int:
    return int(datetime.datetime.combine(day, datetime.time.min).timestamp() * 1000)


def _day(moment: int) -> str:
    """Return the local day of a moment, the first there is for one that no clock can show."""
    try:
        return datetime.datetime.fromtimestamp(moment / 1000).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
