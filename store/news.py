"""The inbox of changes: what teammates did that somebody is to know, and how far each member has looked.

How far somebody looked is kept by stream, not by time: what arrives late, from a teammate who was offline or whose
clock is wrong, is as new as anything else, and a member's devices agree. What was read out of turn is remembered on
this machine until everything before it was looked at too.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.analysis.news import (
    FOLLOW_UP,
    PROMISE_DUE,
    REMINDER,
    Line,
    Reader,
    Thing,
    Written,
    lines,
    mentions,
)
from store.batch import in_chunks
from store.elements import element_sets
from store.layouts import decode
from store.lookup import department_of
from store.merge import SEQ_BITS, SEQ_MASK
from store.names import Names
from store.ops import derived_id
from store.vocabulary import load_members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.change import Change
    from store.database import Store

MOST = 200  # lines unless more are asked for
SCANNED = 6_000  # of the newest ops that are looked at
PAST = 2_000  # of each stream, where what was read is shown too
FIRST_DAYS = 30  # of somebody who has never looked, what is older is no news
READ_MOST = 500
_READ = "news_read"  # in `meta`: keys of lines that were read out of turn
_DUE = (
    "due:"  # in the map of what was seen, before the id of what has come due: on which day it was looked at
)
_DAY_MS = 86_400_000
# What people speak of, and what is written beneath it.
KINDS = tuple(kind.name for kind in schema.KINDS.values() if kind.short)
_MARKS = ",".join(f"'{kind}'" for kind in (*KINDS, *schema.ATTACHED_KINDS))
# Of what was written, what `store.analysis.news.why` may have something to say to; the rest is not even read.
_MINE = (
    "AND (o.field IN ('owner', 'decider', 'escalated_to', 'receiver', 'member', 'state', 'reply', 'text', 'series') "
    "OR o.field GLOB 'participants/*' OR o.field GLOB 'answer/*' OR o.field GLOB 'check/*' "
    "OR instr(o.value, '@') OR instr(o.value, '＠') "
    "OR EXISTS (SELECT 1 FROM divergence d WHERE d.ent = o.ent AND d.field = o.field))"
)


class Seen(NamedTuple):
    """How far a member has looked: by "<device>.<incarnation>"; `since` counts where nothing else says so."""

    streams: dict[str, int]
    due: dict[str, str]
    since: int
    read: frozenset[str]


class _Stream(NamedTuple):
    n: int
    name: str
    seq: int


def reading_id(member: str) -> str:
    """Return the id of how far a member has looked, the same on each of its devices."""
    return derived_id("reading", member)


def news(
    store: Store, member: str = "", *, limit: int = MOST, everything: bool = False, read: bool = False
) -> list[Line]:
    """Return what is new for a member, what came last first; with `everything` all that teammates did.

    `read` adds what was looked at before. What comes due for the member stands first.
    """
    member = member or store.member
    seen = seen_by(store, member)
    found = [] if everything else [line for line in _due(store, member, seen) if read or line.new]
    found += [
        line for line in _told(store, member, seen, everything=everything, read=read) if read or line.new
    ]
    return found[:limit]


def unseen_count(store: Store) -> int:
    """Return how many lines for oneself are new: asked after every edit, so what teammates did is counted once."""
    member = store.member
    if not member:
        return 0
    seen = seen_by(store, member)
    state = (tuple(_streams(store)), seen, store.today())
    if store.unseen is None or store.unseen[0] != state:
        store.unseen = (
            state,
            sum(line.new for line in _told(store, member, seen, everything=False, read=False)),
        )
    return store.unseen[1] + sum(line.new for line in _due(store, member, seen))


# How far somebody looked


def seen_by(store: Store, member: str) -> Seen:
    """Return how far a member has looked."""
    number = "(SELECT n FROM entity WHERE id = ? AND kind = 'reading')"
    rows = store.conn.execute(
        f"SELECT key, value FROM entry WHERE ent = {number} AND field = 'seen'", (reading_id(member),)
    )
    held = {key: decode(value) for key, value in rows}
    streams = {key: value for key, value in held.items() if isinstance(value, int) and value >= 0}
    due = {key: value for key, value in held.items() if key.startswith(_DUE) and isinstance(value, str)}
    since = 0
    if not streams:
        came = store.conn.execute(
            "SELECT min(created_at) FROM p_device WHERE member = ?", (member,)
        ).fetchone()[0]
        since = max(came or 0, store.now() // _DAY_MS * _DAY_MS - FIRST_DAYS * _DAY_MS)
    return Seen(streams, due, since, frozenset(_read_keys(store)))


def mark_all(store: Store) -> Change | None:
    """Note that everything which is here was looked at; returns the change, or None where nothing was new."""
    seen: dict[str, object] = {stream.name: stream.seq for stream in _streams(store)}
    if not store.member:
        return None
    if store.meta(_READ):
        store.set_meta(_READ, "")
    for line in _due(store, store.member, seen_by(store, store.member)):
        if line.new:
            seen[_DUE + line.ent] = line.day
    return _note(store, seen)


def mark_read(store: Store, line: Line) -> None:
    """Note that a line was looked at, and how far everything was looked at thereby."""
    if not store.member:
        return
    if line.day:
        _note(store, {_DUE + line.ent: line.day})
        return
    kept = list(dict.fromkeys([*_read_keys(store), *line.keys]))[-READ_MOST:]
    store.set_meta(_READ, json.dumps(kept))
    member = store.member
    seen = seen_by(store, member)
    open_from: dict[str, int] = {}
    for one in (*_told(store, member, seen, everything=True, read=False),
                *_told(store, member, seen, everything=False, read=False)):  # fmt: skip
        for key in one.keys:
            name, _colon, number = key.partition(":")
            if one.new and key not in seen.read:
                open_from[name] = min(open_from.get(name, int(number)), int(number))
    streams = {
        stream.name: open_from[stream.name] - 1 if stream.name in open_from else stream.seq
        for stream in _streams(store)
    }
    further = {name: seq for name, seq in streams.items() if seq > seen.streams.get(name, 0)}
    # Of somebody who has never looked, everything here is either read now or still counted from a day.
    if further and (seen.streams or not open_from):
        _note(store, {**further})


def _note(store: Store, seen: dict[str, object]) -> Change | None:
    from store.change import Change  # what counts the news at every start need not load how to write

    with Change(store, "seen", final=True, aside=True) as made:
        made.create("reading", {"member": store.member, "seen": seen}, ent=reading_id(store.member))
    return made if made.changes else None


def _read_keys(store: Store) -> Sequence[str]:
    try:
        held = json.loads(store.meta(_READ) or "[]")
    except ValueError:
        return ()
    return [key for key in held if isinstance(key, str)] if isinstance(held, list) else ()


# What teammates did


def _streams(store: Store) -> list[_Stream]:
    query = (
        "SELECT n, dev || '.' || inc, seq FROM stream WHERE private = 0 AND mine = 0 AND seq > 0 ORDER BY n"
    )
    return [_Stream(*row) for row in store.conn.execute(query)]


def _told(store: Store, member: str, seen: Seen, *, everything: bool, read: bool) -> list[Line]:
    writes = _writes(store, member, seen, "" if everything else _MINE, read=read)
    if not writes:
        return []
    things = _things(store, _numbers(store, {write.on for write in writes}), member)
    reader = Reader(member, department_of(store, member), _naming(store, member))
    return lines(writes, things, reader, everything=everything)


def _writes(store: Store, member: str, seen: Seen, condition: str, *, read: bool) -> list[Written]:
    rows: list[tuple[int, int, int, str, str, str, str, str, str | None, int]] = []
    names: dict[int, str] = {}
    for stream in _streams(store):
        names[stream.n] = stream.name
        # Who never looked is not made to wait until years of a stream were read through.
        never = max(stream.seq - SCANNED, 0)
        floor = max(stream.seq - PAST, 0) if read else seen.streams.get(stream.name, never)
        if floor >= stream.seq:
            continue
        base = stream.n << SEQ_BITS
        query = (
            "SELECT o.dot, o.change, o.wt, o.by, e.kind, e.id, o.field, o.value, o.parents, e.n "
            "FROM op o CROSS JOIN entity e ON e.n = o.ent WHERE o.dot > ? AND o.dot <= ? AND o.by <> ? AND o.wt >= ? "
            f"AND e.kind IN ({_MARKS}) {condition} ORDER BY o.dot DESC LIMIT ?"
        )
        bounds = (base + floor, base + stream.seq, member, 0 if read else seen.since, SCANNED)
        rows += store.conn.execute(query, bounds).fetchall()
    if not rows:
        return []
    arrived = _arrivals(store, {row[0] for row in rows})
    about = _owners(store, [row[9] for row in rows if row[4] in schema.ATTACHED_KINDS])
    again = {(row[0] >> SEQ_BITS, row[1], row[5]) for row in rows if row[6] == "series"}
    found = []
    for dot, change, at, by, kind, ent, field, value, parents, _number in rows:
        n = dot >> SEQ_BITS
        on = about.get(ent, "") if kind in schema.ATTACHED_KINDS else ent
        if (n, change, on) in again:  # an occurrence that its program made, as everybody's does
            continue
        asks = parents and (field == "place" or "@" in value or "＠" in value)
        old = tuple(_values(store, parents)) if asks and parents else ()
        order = (arrived.get(dot, 0), at, dot)
        key = f"{names[n]}:{change}"
        unread = dot & SEQ_MASK > seen.streams.get(names[n], 0) and key not in seen.read and at >= seen.since
        found.append(Written(key, order, at, by, kind, ent, on, field, old, decode(value), unread))
    return found


def _arrivals(store: Store, dots: set[int]) -> dict[int, int]:
    """Return in which batch each op came, of those since batches are kept."""
    found: dict[int, int] = {}
    by_stream = {
        stream: sorted(group) for stream, group in groupby(sorted(dots), key=lambda dot: dot >> SEQ_BITS)
    }
    for stream, group in by_stream.items():
        query = "SELECT n, first, last FROM arrival WHERE stream = ? ORDER BY first"
        batches = store.conn.execute(query, (stream,)).fetchall()
        place = 0
        for dot in group:
            while place < len(batches) and batches[place][2] < dot & SEQ_MASK:
                place += 1
            if place < len(batches) and batches[place][1] <= dot & SEQ_MASK:
                found[dot] = batches[place][0]
    return found


def _owners(store: Store, numbers: list[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in schema.ATTACHED_KINDS:
        query = f'SELECT id, "on" FROM p_{kind} WHERE "on" IS NOT NULL AND trashed = 0 AND n IN ({{}})'
        found.update(in_chunks(store.conn, query, numbers))
    return found


def _values(store: Store, parents: str) -> list[object]:
    query = "SELECT value FROM op WHERE dot = ?"
    rows = (store.conn.execute(query, (int(parent),)).fetchone() for parent in parents.split())
    return [decode(row[0]) for row in rows if row is not None]


def _naming(store: Store, member: str) -> Callable[[str], bool]:
    held: list[Names] = []

    def is_named(text: str) -> bool:
        if not held:  # most news hold no @
            held.append(Names(load_members(store)))
        return mentions(text, held[0], member)

    return is_named


def _numbers(store: Store, ents: set[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for kind, number in in_chunks(store.conn, "SELECT kind, n FROM entity WHERE id IN ({})", sorted(ents)):
        found.setdefault(kind, []).append(number)
    return found


def _things(store: Store, by_kind: dict[str, list[int]], member: str) -> dict[str, Thing]:
    """Return what changes are about by id, what has gone for good left out."""
    found: dict[str, Thing] = {}
    for kind in KINDS:
        numbers = by_kind.get(kind, [])
        if not numbers:
            continue
        declared = schema.KINDS[kind].fields
        owner, decider, receiver, first, second = (
            f"coalesce(i.{name}, '')" if name in declared else "''"
            for name in ("owner", "decider", "receiver", "from_department", "to_department")
        )
        query = (
            f"SELECT i.n, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), {owner}, {decider}, {receiver}, "
            f"{first}, {second}, coalesce(i.created_by, ''), i.trashed, i.divergences FROM p_{kind} i "
            "LEFT JOIN handle h ON h.ent = i.n WHERE i.n IN ({})"
        )
        parties = element_sets(store.conn, numbers, "parties") if "parties" in declared else {}
        for n, ent, short, title, whose, decides, takes, giver, taker, made_by, trashed, split in in_chunks(
            store.conn, query, numbers
        ):
            sides_of = frozenset(filter(None, (giver, taker, *parties.get(n, ()))))
            cells, wrote = _diverging(store, n, member) if split else (frozenset(), False)
            found[ent] = Thing(
                ent, kind, short, title, whose, decides, takes, sides_of, member if wrote else made_by,
                bool(trashed), cells,
            )  # fmt: skip
    return found


def _diverging(store: Store, number: int, member: str) -> tuple[frozenset[str], bool]:
    """Return the cells of an entity with several versions, and whether one of them is the member's."""
    query = (
        "SELECT d.field, o.by FROM divergence d JOIN head h ON h.ent = d.ent AND h.field = d.field "
        "JOIN op o ON o.dot = h.dot WHERE d.ent = ?"
    )
    rows = store.conn.execute(query, (number,)).fetchall()
    return frozenset(field for field, _by in rows), any(by == member for _field, by in rows)


# What has come due


def _due(store: Store, member: str, seen: Seen) -> list[Line]:
    """Return the follow-ups, promises and reminders of a member whose day has come, the latest first."""
    today = store.today().isoformat()
    department = department_of(store, member)
    queries = (
        (FOLLOW_UP, "conflict", "i.follow_up",
         "FROM p_conflict i WHERE i.trashed = 0 AND i.follow_up <= ?1 AND coalesce(i.state, '') <> 'closed' "
         "AND (i.decider = ?2 OR i.escalated_to = ?2 OR (?3 <> '' AND EXISTS (SELECT 1 FROM element e "
         "WHERE e.ent = i.n AND e.field = 'parties' AND e.value = ?3)))"),
        (PROMISE_DUE, "commitment", "i.due",
         "FROM p_commitment i INDEXED BY promised WHERE i.trashed = 0 AND i.due IS NOT NULL AND i.due <= ?1 "
         "AND coalesce(i.state, 'promised') IN ('promised', 'renegotiated') "
         "AND (i.owner = ?2 OR i.receiver = ?2 OR (?3 <> '' AND ?3 IN (i.from_department, i.to_department)))"),
        (REMINDER, "item", "i.remind",
         "FROM p_item i INDEXED BY reminding WHERE i.trashed = 0 AND i.remind IS NOT NULL AND i.remind <= ?1 "
         "AND (i.owner = ?2 "
         "OR (i.owner IS NULL AND i.created_by = ?2) OR EXISTS (SELECT 1 FROM element e WHERE e.ent = i.n "
         "AND e.field = 'participants' AND e.value = ?2)) AND coalesce(i.status, '') NOT IN "
         "(SELECT id FROM p_status WHERE category = 'done') AND ?3 = ?3"),
    )  # fmt: skip
    found: list[Line] = []
    for reason, kind, day, source in queries:
        query = (
            f"SELECT i.id, (SELECT short FROM handle h WHERE h.ent = i.n), coalesce(i.title, ''), {day} {source} "
            f"ORDER BY {day} DESC, i.id LIMIT {MOST}"
        )
        for ent, short, title, when in store.conn.execute(query, (today, member, department)):
            key = f"{_DUE}{ent}"
            new = seen.due.get(key) != when
            found.append(Line((key,), reason, kind, ent, short or ent, title, "", 0, (), day=when, new=new))
    return sorted(found, key=lambda line: line.day, reverse=True)
