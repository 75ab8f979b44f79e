"""Items that come again: the next occurrence of one is made when the last is done, or its day has come.

What follows an occurrence follows from the occurrence alone: its rule, its day and its series give the next one's day
and id, so that replicas which make it, however long apart, make the same one, field by field. An occurrence that was
skipped, or deleted, is in the trash and is not made again; deleting the latest one ends the series.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

from store.analysis.rules import first_day, moved, step
from store.batch import in_chunks
from store.change import Change
from store.errors import StoreError
from store.ops import derived_id
from store.schema import TRASH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from store.changes import ChangeSet
    from store.database import Store

MOST = 200  # occurrences that one look makes; the next look makes the rest
# What an occurrence takes over as it is; its days are shifted, its checklist begins anew.
_TAKEN_OVER = (
    "title", "kind", "owner", "department", "priority", "effort", "description", "acceptance", "requested_by", "goal",
    "parent", "duration",
)  # fmt: skip
_SETS = ("labels", "participants")
_NUMBER = "(SELECT n FROM entity WHERE id = ?1 AND kind = 'item')"


class Occurrence(NamedTuple):
    """One of a series: its day, and what became of it: "done", "skipped", "open", or "late"."""

    id: str
    short: str
    title: str
    day: str
    due: str
    came: str
    done_on: str


class _Last(NamedTuple):
    """What the next occurrence is made of."""

    ent: str
    series: str
    day: date
    rule: str
    private: bool
    row: dict[str, Any]


def occurrence_id(series: str, day: date) -> str:
    """Return the id of a series' item of a day, the same on every replica."""
    return derived_id("occurrence", series, day.isoformat())


def entry_id(occurrence: str, entry: str) -> str:
    """Return the id of an occurrence's checklist entry that stands for one of the occurrence before."""
    return derived_id("occurrence", occurrence, "check", entry)


def is_used(change: Change) -> bool:
    """Tell whether anything recurs in this workspace."""
    query = "SELECT 1 FROM p_item INDEXED BY recurring WHERE recurrence IS NOT NULL AND trashed = 0 LIMIT 1"
    return change.conn.execute(query).fetchone() is not None


def follow(change: Change, ents: list[str]) -> None:
    """Make what comes after the items that this change has moved to a done status."""
    change.flush()
    query = (
        "SELECT i.id FROM entity e JOIN p_item i ON i.n = e.n WHERE e.kind = 'item' AND i.recurrence IS NOT NULL "
        "AND i.trashed = 0 AND e.id IN ({}) ORDER BY i.id"
    )
    for (ent,) in list(in_chunks(change.conn, query, ents)):
        make_next(change, ent, again=True)


def anchor(change: Change, ents: list[str]) -> None:
    """Give items whose rule this change has written the day they stand for: due on the rule's first day if no other."""
    change.flush()
    query = (
        "SELECT i.id, i.recurrence, coalesce(i.due, i.start) FROM entity e JOIN p_item i ON i.n = e.n "
        "WHERE e.kind = 'item' AND i.recurrence IS NOT NULL AND i.occurrence IS NULL AND e.id IN ({}) ORDER BY i.id"
    )
    for ent, rule, day in list(in_chunks(change.conn, query, ents)):
        if day:
            change.set(ent, {"occurrence": day})
        elif first := first_day(rule, change.store.today()):
            change.set(ent, {"due": first.isoformat(), "occurrence": first.isoformat()})


def make_next(change: Change, ent: str, *, again: bool = False) -> str:
    """Make the occurrence that follows an item, inside a change, and return its id, "" where nothing follows.

    One that is there already stays as it is; `again` takes it out of the trash if nothing came after it, for undoing
    what had made it put it there.
    """
    last = _last(change, ent)
    following = step(last.rule, last.day) if last else None
    if last is None or following is None:
        return ""
    day, rule = following
    made = occurrence_id(last.series, day)
    if change.number("item", made):
        if again and change.heads("item", made, TRASH) and not _has_later(change, last.series, day):
            change.restore(made)
        return made
    change.create("item", _fields(change, last, made, day, rule), private=last.private, ent=made)
    _copy_checklist(change, last.ent, made)
    return made


def _has_later(change: Change, series: str, day: date) -> bool:
    query = "SELECT 1 FROM p_item WHERE series = ? AND occurrence > ? LIMIT 1"
    return change.conn.execute(query, (series, day.isoformat())).fetchone() is not None


def _last(change: Change, ent: str) -> _Last | None:
    change.flush()
    cursor = change.conn.execute(
        "SELECT i.*, h.raw FROM p_item i LEFT JOIN handle h ON h.ent = i.n WHERE i.n = ?",
        (change.number("item", ent),),
    )
    found = cursor.fetchone()
    if found is None:
        return None
    row = dict(zip((column[0] for column in cursor.description), found, strict=True))
    day = row["occurrence"] or row["due"] or row["start"]
    if not row["recurrence"]:
        return None
    if not day:  # it has none of its own: it counts from when it was last moved
        day = (
            datetime.fromtimestamp((row["moved_at"] or row["created_at"] or 0) / 1000, UTC).date().isoformat()
        )
    return _Last(
        ent, row["series"] or ent, date.fromisoformat(day), row["recurrence"], bool(row["private"]), row
    )


def _fields(change: Change, last: _Last, made: str, day: date, rule: str) -> dict[str, object]:
    row = last.row
    fields: dict[str, object] = {name: row[name] for name in _TAKEN_OVER if row[name] is not None}
    if row["parent_cut"]:
        fields.pop("parent", None)
    # What was deleted, or never came, cannot be referred to.
    for name, kind in (("owner", "member"), ("department", "department"), ("goal", "goal"), ("parent", "item"),
                       ("requested_by", "department")):  # fmt: skip
        if name in fields and not change.number(kind, str(fields[name])):
            del fields[name]
    query = "SELECT value FROM element WHERE ent = ? AND field = ? ORDER BY value"
    for name in _SETS:
        values = [value for (value,) in change.conn.execute(query, (row["n"], name))]
        if name == "participants":
            values = [value for value in values if change.number("member", value)]
        if values:
            fields[name] = values
    due, start, remind = (
        date.fromisoformat(row[name]) if row[name] else None for name in ("due", "start", "remind")
    )
    if start is None or due is not None:
        fields["due"] = day.isoformat()
    if start is not None:
        fields["start"] = (day - (due - start) if due else day).isoformat()
    if remind is not None:
        fields["remind"] = (day - ((due or start or last.day) - remind)).isoformat()
    fields |= {"recurrence": rule, "series": last.series, "occurrence": day.isoformat()}
    short = _short(change, last.series, day)
    return fields | ({"short": short} if short else {})


def _short(change: Change, series: str, day: date) -> str:
    """Return the short id of an occurrence, which replicas make alike: of lp-12 on 7 December, lp12-1207."""
    row = change.conn.execute(
        "SELECT short FROM p_item WHERE n = ?", (change.number("item", series),)
    ).fetchone()
    code, _, number = str(row[0] if row and row[0] else "").rpartition("-")
    return f"{code}{number}-{day:%m%d}" if code.isalnum() and number.isdigit() and len(code) < 20 else ""


def _copy_checklist(change: Change, old: str, new: str) -> None:
    query = 'SELECT id, title, list, rank FROM p_check WHERE "on" = ? AND trashed = 0 ORDER BY rank, id'
    for entry, title, name, rank in change.conn.execute(query, (old,)).fetchall():
        if title:
            fields = {"on": new, "title": title, "rank": rank, "list": name}
            held = {key: value for key, value in fields.items() if value is not None}
            change.create("check", held, ent=entry_id(new, entry))


# What became due, or was done by somebody whose program did not make what follows


def catch_up(store: Store) -> ChangeSet | None:
    """Make what is to follow items that are done or due and have nothing after them; returns what was made, or None.

    Costs one look into an index where nothing is to be made. Undo passes over it, and what could be redone stays.
    """
    if not store.member or not _waiting(store):
        return None
    with Change(store, "repeat", final=True, aside=True) as change:
        made = 0
        stuck: set[str] = set()  # a rule that has ended, or an occurrence in the trash
        while made < MOST:
            found = [ent for ent in _waiting(store) if ent not in stuck]
            if not found:
                break
            for ent in found[: MOST - made]:
                before = len(change.ids)
                make_next(change, ent)
                stuck.add(ent)
                made += len(change.ids) > before
            change.flush()
    return change.changes or None


def _waiting(store: Store) -> list[str]:
    """Return the items that recur, are done or due, and have nothing after them though something is to come."""
    query = (
        "SELECT i.id, i.recurrence, coalesce(i.occurrence, i.due, i.start, '') "
        "FROM p_item i INDEXED BY recurring WHERE i.recurrence IS NOT NULL AND i.trashed = 0 "
        "AND (coalesce(i.due, i.start, '9') <= ? OR i.status IN "
        "(SELECT id FROM p_status WHERE category = 'done')) AND NOT EXISTS (SELECT 1 FROM p_item j "
        "WHERE j.series = coalesce(i.series, i.id) AND j.occurrence > coalesce(i.occurrence, i.due, i.start, '')) "
        "ORDER BY i.id LIMIT ?"
    )
    found = []
    for ent, rule, day in store.conn.execute(query, (store.today().isoformat(), 10 * MOST)):
        if not day or step(rule, date.fromisoformat(day)):
            found.append(ent)
    return found


# What a person does to a series


def skip(change: Change, ent: str) -> str:
    """Leave this one out: it goes to the trash, and what follows is made; returns the id of that, or ""."""
    _recurring(change, ent)
    following = make_next(change, ent, again=True)
    change.trash(ent)
    return following


def postpone(change: Change, ent: str, day: str, *, later: bool = False) -> None:
    """Put this one off to a day; with `later`, what follows too: every Monday may become every Wednesday."""
    row = _recurring(change, ent)
    due, start = row["due"], row["start"]
    old = date.fromisoformat(due or start or row["occurrence"] or day)
    shift = date.fromisoformat(day) - old
    fields: dict[str, object] = {}
    if due or not start:
        fields["due"] = day
    if start:
        fields["start"] = (date.fromisoformat(start) + shift).isoformat()
    if row["remind"]:
        fields["remind"] = (date.fromisoformat(row["remind"]) + shift).isoformat()
    if later:
        base = date.fromisoformat(row["occurrence"] or due or start or day)
        fields |= {"occurrence": day, "recurrence": moved(row["recurrence"], base, date.fromisoformat(day))}
    elif not row["occurrence"]:
        fields["occurrence"] = old.isoformat()
    change.set(ent, fields)


def end(change: Change, ent: str) -> None:
    """Let nothing follow any more; what is there stays."""
    row = _recurring(change, ent)
    series = row["series"] or ent
    query = (
        "SELECT id FROM p_item WHERE series = ? AND recurrence IS NOT NULL AND occurrence >= ? ORDER BY id"
    )
    day = row["occurrence"] or row["due"] or row["start"] or ""
    for (one,) in change.conn.execute(query, (series, day)).fetchall():
        change.set(one, {"recurrence": None})
    change.set(ent, {"recurrence": None})


def _recurring(change: Change, ent: str) -> dict[str, Any]:
    change.require(ent, "item")
    last = _last(change, ent)
    if last is None:
        from store.lookup import short_of

        raise StoreError("not-recurring", what=short_of(change.store, ent))
    return last.row


def history(store: Store, ent: str) -> list[Occurrence]:
    """Return the series that an item belongs to, in order of days, with what became of each; of no series, none."""
    row = store.conn.execute(
        f"SELECT coalesce(series, id), series, recurrence FROM p_item WHERE n = {_NUMBER}", (ent,)
    ).fetchone()
    if row is None:
        return []
    query = (
        "SELECT i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.occurrence, i.due, i.start, ''), "
        "coalesce(i.due, ''), "
        "i.trashed, coalesce(s.category, ''), coalesce(i.moved_at, 0) FROM p_item i LEFT JOIN handle h ON h.ent = i.n "
        f"LEFT JOIN p_status s ON s.id = i.status WHERE i.n = {_NUMBER} OR i.series = ?1 ORDER BY 4, 1"
    )
    today = store.today().isoformat()
    found = []
    for one, short, title, day, due, trashed, category, at in store.conn.execute(query, (row[0],)):
        came = (
            "skipped" if trashed else "done" if category == "done" else "late" if "" < due < today else "open"
        )
        done_on = (
            datetime.fromtimestamp(at / 1000, UTC).astimezone().date().isoformat() if came == "done" else ""
        )
        found.append(Occurrence(one, short, title, day, due, came, done_on))
    return found if len(found) > 1 or row[1] or row[2] else []


def rule_of(store: Store, ent: str) -> str:
    """Return the rule of an item, "" where it does not recur."""
    row = store.conn.execute(f"SELECT recurrence FROM p_item WHERE n = {_NUMBER}", (ent,)).fetchone()
    return str(row[0]) if row and row[0] else ""
