"""Every question the screens and the command line ask about the board: typed rows out, cost by what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.card_rows import CONFLICT, ITEM, cards_of, row_number
from store.card_rows import card as card
from store.card_rows import derived_items as derived_items
from store.errors import StoreError
from store.filters import EVERYTHING, Filter
from store.hits import count_by_status, narrowed
from store.layouts import LAYOUTS, decode
from store.rows import CONFLICTS as CONFLICTS
from store.rows import LANES as LANES
from store.rows import Card as Card
from store.rows import Check as Check
from store.rows import Comment as Comment
from store.rows import Department as Department
from store.rows import Detail as Detail
from store.rows import Divergence as Divergence
from store.rows import DivergentHead as DivergentHead
from store.rows import Lane as Lane
from store.rows import LaneCount as LaneCount
from store.rows import Member as Member
from store.rows import Position as Position
from store.rows import Status as Status
from store.running import moment
from store.stands import read_counts

if TYPE_CHECKING:
    from store.database import Store

_CONFLICT_ORDER = "ORDER BY i.severity IS NULL, i.severity, i.created_at DESC, i.id"


def statuses(store: Store) -> list[Status]:
    """Return the workflow in order, without counts."""
    query = (
        "SELECT id, coalesce(title, ''), coalesce(title_en, ''), coalesce(category, 'todo'), wip, coalesce(rank, '') "
        "FROM p_status WHERE trashed = 0 ORDER BY rank, id"
    )
    return [Status(*row) for row in store.conn.execute(query)]


def departments(store: Store) -> list[Department]:
    """Return the departments in order."""
    query = (
        "SELECT id, coalesce(title, ''), coalesce(title_en, ''), coalesce(code, ''), coalesce(colour, ''), "
        "coalesce(rank, '') FROM p_department WHERE trashed = 0 ORDER BY rank, id"
    )
    return [Department(*row) for row in store.conn.execute(query)]


def members(store: Store) -> list[Member]:
    """Return the members by name."""
    query = (
        "SELECT id, coalesce(title, ''), coalesce(code, ''), coalesce(department, '') "
        "FROM p_member WHERE trashed = 0 ORDER BY title, id"
    )
    return [Member(*row) for row in store.conn.execute(query)]


def labels(store: Store) -> list[str]:
    """Return the labels in use, alphabetically."""
    from store.vocabulary import known_labels

    return known_labels(store)


def workspace_title(store: Store) -> str:
    """Return the workspace's name, '' before it has arrived."""
    row = store.conn.execute("SELECT title FROM p_workspace WHERE id = ?", (store.workspace,)).fetchone()
    return "" if row is None or row[0] is None else str(row[0])


def columns(store: Store, where: Filter = EVERYTHING) -> list[Status]:
    """Return the board's columns with their counts under a filter; cards of a lost status get one of their own."""
    counts = _counts(store, where)
    shown = [status._replace(count=counts.pop(status.id, 0)) for status in statuses(store)]
    return shown + [_lost_status(store, status)._replace(count=count) for status, count in counts.items()]


def _counts(store: Store, where: Filter) -> dict[str, int]:
    """Return how many items match by status; asked twice without a write in between, it is counted once."""
    moment = store.moment()
    if moment is None or store.counted is None or store.counted[0] != (where, moment):
        store.counted = ((where, moment), _count(store, where))
    return dict(store.counted[1])


def _count(store: Store, where: Filter) -> dict[str, int]:
    if where.item == "" and not where.trashed:
        return count_by_status(store, where.match) if where.match else read_counts(store.conn)
    table, sql, parameters = narrowed(store, where, "item")
    query = f"SELECT i.status, count(*) FROM {table} WHERE {where.shown}{sql} GROUP BY i.status"
    return {status or "": count for status, count in store.conn.execute(query, parameters)}


def _lost_status(store: Store, ent: str) -> Status:
    """Return a column for cards whose status was deleted or has not arrived: no card may vanish from the board."""
    row = store.conn.execute(
        f"SELECT title, title_en, category, rank FROM p_status WHERE n = {row_number('status')}", (ent,)
    ).fetchone()
    title, title_en, category, key = row or (None, None, None, None)
    return Status(ent, title or "?", title_en or "", category or "todo", None, key or "")


def item_count(store: Store, where: Filter = EVERYTHING) -> int:
    """Return how many items match, in any status."""
    return sum(_counts(store, where).values())


def conflict_count(store: Store, where: Filter = EVERYTHING) -> int:
    """Return how many open conflicts match."""
    table, sql, parameters = narrowed(store, where, "conflict", walks=True)
    row = store.conn.execute(f"SELECT count(*) FROM {table} WHERE {where.open}{sql}", parameters).fetchone()
    return int(row[0])


def cards(
    store: Store,
    column: str,
    *,
    where: Filter = EVERYTHING,
    offset: int = 0,
    limit: int = 50,
    lane: Lane | None = None,
) -> list[Card]:
    """Return a window of a column's cards in board order; `column` is a status id, '' for none, or `CONFLICTS`.

    Conflicts come most severe first, then newest.
    """
    if column == CONFLICTS:
        table, sql, parameters = narrowed(store, where, "conflict", walks=True)
        lane_sql, lane_parameters = _conflict_lane(lane)
        query = (
            f"SELECT {CONFLICT} FROM {table} LEFT JOIN handle h ON h.ent = i.n WHERE {where.open}{sql}{lane_sql} "
            f"{_CONFLICT_ORDER} LIMIT ? OFFSET ?"
        )
        values = (*parameters, *lane_parameters, limit, offset)
        return cards_of(store, store.conn.execute(query, values).fetchall())
    table, sql, parameters = narrowed(store, where, "item", walks=True)
    lane_sql, lane_parameters = _lane(lane)
    # The window is found in the index alone; only its rows are then read.
    query = (
        f"SELECT {ITEM} FROM p_item i LEFT JOIN handle h ON h.ent = i.n WHERE i.n IN (SELECT i.n FROM {table} "
        f"WHERE {where.shown} AND i.status IS ?{sql}{lane_sql} ORDER BY i.rank, i.id LIMIT ? OFFSET ?) "
        "ORDER BY i.rank, i.id"
    )
    values = (column or None, *parameters, *lane_parameters, limit, offset)
    return cards_of(store, store.conn.execute(query, values).fetchall())


def matching(store: Store, kind: str, where: Filter = EVERYTHING, *, limit: int = 1_000) -> list[Card]:
    """Return the items (or conflicts, closed ones included) that match, in board order: what `list` prints."""
    table, sql, parameters = narrowed(store, where, kind)
    if kind == "conflict":
        query = (
            f"SELECT {CONFLICT} FROM {table} LEFT JOIN handle h ON h.ent = i.n WHERE {where.shown}{sql} "
            f"{_CONFLICT_ORDER} LIMIT ?"
        )
    else:
        query = (
            f"SELECT {ITEM} FROM {table} LEFT JOIN handle h ON h.ent = i.n LEFT JOIN p_status s ON s.id = i.status "
            f"WHERE {where.shown}{sql} ORDER BY s.rank, i.rank, i.id LIMIT ?"
        )
    return cards_of(store, store.conn.execute(query, (*parameters, limit)).fetchall())


def _lane(lane: Lane | None) -> tuple[str, tuple[object, ...]]:
    if lane is None:
        return "", ()
    column = _lane_column(lane.by)
    if lane.key == "":
        return f" AND i.{column} IS NULL", ()
    return f" AND i.{column} = ?", (int(lane.key) if lane.by == "priority" else lane.key,)


def _conflict_lane(lane: Lane | None) -> tuple[str, tuple[object, ...]]:
    """A conflict lies in the lanes of all its parties, of its decider, or of its severity."""
    if lane is None:
        return "", ()
    if _lane_column(lane.by) == "department":
        parties = "SELECT e.ent FROM element e WHERE e.field = 'parties'"
        if lane.key == "":
            return f" AND i.n NOT IN ({parties})", ()
        return f" AND i.n IN ({parties} AND e.value = ?)", (lane.key,)
    column = "decider" if lane.by == "owner" else "severity"
    if lane.key == "":
        return f" AND i.{column} IS NULL", ()
    return f" AND i.{column} = ?", (int(lane.key) if lane.by == "priority" else lane.key,)


def _lane_column(by: str) -> str:
    if by not in LANES:
        raise StoreError("unknown-field", field=by, kind="item", nearest="")
    return by


def lanes(store: Store, by: str, where: Filter = EVERYTHING) -> list[LaneCount]:
    """Return the swimlanes of the board with each column's count; the lane of cards without a value comes last."""
    column = _lane_column(by)
    table, sql, parameters = narrowed(store, where, "item")
    query = f"SELECT i.{column}, i.status, count(*) FROM {table} WHERE {where.shown}{sql} GROUP BY 1, 2"
    counts: dict[str, dict[str, int]] = {}
    for key, status, count in store.conn.execute(query, parameters):
        counts.setdefault("" if key is None else str(key), {})[status or ""] = count
    if by == "department":
        order = [department.id for department in departments(store)]
    elif by == "owner":
        order = [member.id for member in members(store)]
    else:
        order = ["0", "1", "2", "3", "4"]
    for key, count in _conflict_lanes(store, by, where):
        counts.setdefault(key, {})[CONFLICTS] = count
    rest = sorted(counts.keys() - set(order) - {""})
    return [LaneCount(key, counts[key]) for key in [*order, *rest, ""] if key in counts]


def _conflict_lanes(store: Store, by: str, where: Filter) -> list[tuple[str, int]]:
    source, sql, parameters = narrowed(store, where, "conflict", walks=True)
    if by == "department":
        key = "e.value"
        source += " LEFT JOIN element e ON e.ent = i.n AND e.field = 'parties'"
    else:
        key = "i.decider" if by == "owner" else "i.severity"
    query = f"SELECT coalesce({key}, ''), count(*) FROM {source} WHERE {where.open}{sql} GROUP BY 1"
    return [(str(lane), count) for lane, count in store.conn.execute(query, parameters)]


def position(store: Store, ent: str, *, where: Filter = EVERYTHING, lane_by: str = "") -> Position | None:
    """Return where a card stands on the board under a filter, or None where it does not show."""
    row = store.conn.execute(
        "SELECT status, rank, department, owner, priority FROM p_item "
        f"WHERE n = {row_number('item')} AND trashed = {int(where.trashed)}",
        (ent,),
    ).fetchone()
    if row is None:
        return _conflict_position(store, ent, where, lane_by)
    status, rank, *groups = row
    key = groups[LANES.index(lane_by)] if lane_by else None
    lane = Lane(lane_by, "" if key is None else str(key)) if lane_by else None
    table, sql, parameters = narrowed(store, where, "item", walks=True)
    lane_sql, lane_parameters = _lane(lane)
    if (
        sql
        and not store.conn.execute(
            f"SELECT 1 FROM p_item i WHERE i.n = {row_number('item')}{sql}", (ent, *parameters)
        ).fetchone()
    ):
        return None
    above, values = "i.status = ? AND (i.rank, i.id) < (?, ?)", [status, rank, ent]
    if status is None:
        above, values = "i.status IS NULL AND i.id < ?", [ent]
    query = f"SELECT count(*) FROM {table} WHERE {where.shown} AND {above}{sql}{lane_sql}"
    values += (*parameters, *lane_parameters)
    index = store.conn.execute(query, values).fetchone()[0]
    return Position(status or "", index, lane.key if lane else "")


def _conflict_position(store: Store, ent: str, where: Filter, lane_by: str) -> Position | None:
    lane: Lane | None = None
    if lane_by:
        shown = card(store, ent)
        if shown is None:
            return None
        severity = "" if shown.severity is None else str(shown.severity)
        keys = {"department": next(iter(shown.parties), ""), "owner": shown.owner, "priority": severity}
        lane = Lane(lane_by, keys[_lane_column(lane_by)])
    table, sql, parameters = narrowed(store, where, "conflict", walks=True)
    lane_sql, lane_parameters = _conflict_lane(lane)
    query = f"SELECT i.id FROM {table} WHERE {where.open}{sql}{lane_sql} {_CONFLICT_ORDER}"
    for index, (found,) in enumerate(store.conn.execute(query, (*parameters, *lane_parameters))):
        if found == ent:
            return Position(CONFLICTS, index, lane.key if lane else "")
    return None


def entity_fields(store: Store, kind: str, ent: str) -> dict[str, object] | None:
    """Return every field of an entity by name, in the order of the declaration, Nones and empty sets left out."""
    layout = LAYOUTS[kind]
    row = store.conn.execute(f"SELECT * FROM p_{kind} WHERE n = {row_number(kind)}", (ent,)).fetchone()
    if row is None:
        return None
    values = dict(zip(layout.columns, row, strict=True))
    sets: dict[str, list[str]] = {}
    query = "SELECT field, value FROM element WHERE ent = ? ORDER BY field, value"
    for field, element in store.conn.execute(query, (values["n"],)):
        sets.setdefault(field, []).append(element)
    maps: dict[str, dict[str, object]] = {}
    query = "SELECT field, key, value FROM entry WHERE ent = ? ORDER BY field, key"
    for field, key, text in store.conn.execute(query, (values["n"],)):
        maps.setdefault(field, {})[key] = decode(text)
    found: dict[str, object] = {}
    for name, value in layout.read(values, sets, maps).items():
        if isinstance(value, dict) and name == "place":
            found["status"] = value["status"]
        else:
            found[name] = value
    return found


def detail(store: Store, ent: str) -> Detail | None:
    """Return everything about one thing that people speak of, or None when there is no such one."""
    shown = card(store, ent)
    if shown is None:
        return None
    stamps = store.conn.execute(
        f"SELECT created_at, created_by, updated_at, updated_by, trashed FROM p_{shown.kind} "
        f"WHERE n = {row_number(shown.kind)}",
        (ent,),
    ).fetchone()
    return Detail(
        shown,
        entity_fields(store, shown.kind, ent) or {},
        comments(store, ent),
        checks(store, ent),
        divergences(store, ent),
        created_at=stamps[0],
        created_by=stamps[1],
        updated_at=stamps[2],
        updated_by=stamps[3],
        trashed=bool(stamps[4]),
        derived=tuple(derived_items(store, ent)),
    )


def comments(store: Store, ent: str) -> list[Comment]:
    """Return an entity's comments, oldest first; imported ones keep their original time and author."""
    query = (
        "SELECT c.id, coalesce(c.created_by, ''), coalesce(c.author, m.title, ''), c.created_at, c.created, "
        "coalesce(c.text, '') FROM p_comment c LEFT JOIN p_member m ON m.id = c.created_by "
        'WHERE c."on" = ? AND c.trashed = 0'
    )
    found = []
    for row in store.conn.execute(query, (ent,)):
        found.append(Comment(row[0], row[1], row[2], moment(row[4], row[3]), row[5]))
    return sorted(found, key=lambda comment: (comment.at, comment.id))


def checks(store: Store, ent: str) -> list[Check]:
    """Return an entity's checklist in order."""
    query = (
        "SELECT id, coalesce(title, ''), done, coalesce(list, '') FROM p_check "
        'WHERE "on" = ? AND trashed = 0 ORDER BY rank, id'
    )
    return [
        Check(ent, title, bool(done), name) for ent, title, done, name in store.conn.execute(query, (ent,))
    ]


def divergences(store: Store, ent: str) -> list[Divergence]:
    """Return an entity's cells with several heads, the displayed value first."""
    query = (
        "SELECT d.field, o.value, o.by, o.wt, s.dev FROM entity e JOIN divergence d ON d.ent = e.n "
        "JOIN head h ON h.ent = d.ent AND h.field = d.field JOIN op o ON o.dot = h.dot "
        "JOIN stream s ON s.n = o.dot >> 32 WHERE e.id = ? "
        "ORDER BY d.field, o.wt DESC, o.lam DESC, s.dev DESC, s.inc DESC, o.dot DESC"
    )
    found: dict[str, list[DivergentHead]] = {}
    for field, value, by, at, device in store.conn.execute(query, (ent,)):
        found.setdefault(field, []).append(DivergentHead(decode(value), by, at, device))
    return [Divergence(field, heads) for field, heads in found.items()]


def divergence_count(store: Store) -> int:
    """Return how many cells of the workspace have several heads: something for a person to look at."""
    return int(store.conn.execute("SELECT count(*) FROM divergence").fetchone()[0])
