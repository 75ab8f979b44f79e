"""A member's own plan of a day: picked, ordered, done, carried over, let go, timed; each inside a change, one undo.

A pick's id is derived from the member, the day and what it is about, so two devices of one member make one. It is a
private draft until its day is shared, and so is the time that is logged on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import day_plan_rows, rank, schema
from store.analysis.today import elapsed_minutes, same_thing
from store.commitments import keep
from store.day_plan_clock import running_clock
from store.day_plan_rows import CARRIED, DONE, LET_GO, PLANNED, Pick
from store.errors import StoreError
from store.ops import derived_id
from store.reordering import move_by
from store.running import instant
from store.schema import OPEN_COMMITMENT_STATES, TRASH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.commands import Change

MOST_MINUTES = 1_440  # a clock that nobody stopped logs no more than a day


def pick_id(member: str, day: str, about: str, title: str = "") -> str:
    """Return the id of a member's pick of a day, the same on every device."""
    return derived_id("pick", member, day, same_thing(about, title))


def pick(change: Change, day: str, about: str = "", *, title: str = "", minutes: float | None = None) -> str:
    """Pick something, or a line of text, for a day; what was carried over or let go is planned again. Returns the id.

    Raises not-found, bad-value where there is neither.
    """
    member = _member(change)
    title = "" if about else " ".join(title.split())
    if not about and not title:
        raise StoreError("bad-value", field="title", value="", expected="text")
    ent = pick_id(member, day, about, title)
    if change.number("pick", ent) or ent in change.fresh:
        if change.heads("pick", ent, TRASH):
            change.restore(ent)
        change.set(ent, {"state": PLANNED, "reason": None})
        if minutes is not None:
            change.set(ent, {"minutes": minutes})
        return ent
    fields: dict[str, object] = {
        "member": member, "date": day, "about": about or None, "title": title or None, "minutes": minutes,
        "rank": _last_rank(change, member, day), "state": PLANNED,
    }  # fmt: skip
    given = {name: value for name, value in fields.items() if value is not None}
    return change.create("pick", given, private=True, ent=ent)


def toggle(change: Change, day: str, ents: Sequence[str]) -> bool:
    """Pick things for a day, or take them out where all of them are in; tells whether they are in now."""
    change.flush()
    held = day_plan_rows.picked(change.store, day)
    if ents and all(ent in held for ent in ents):
        for ent in ents:
            take_out(change, held[ent])
        return False
    for ent in ents:
        if ent not in held:
            pick(change, day, ent)
    return True


def take_out(change: Change, ent: str) -> None:
    """Take a pick out of its day, as if it had never been picked."""
    change.trash(ent)


def put(change: Change, found: Sequence[Pick], moved: str, by: int) -> None:
    """Move a pick up or down among the picks of its day; nothing happens at either end."""
    move_by(change, [(pick.id, pick.rank) for pick in found], moved, by)


def estimate(change: Change, picks: Iterable[str], minutes: int | None) -> None:
    """Say how long picks take, None for nobody knows."""
    for ent in picks:
        change.set(ent, {"minutes": minutes})


def finish(change: Change, found: Pick) -> None:
    """Mark a pick as done, and with it its item or promise; a clock that runs for it stops."""
    clock = running_clock(change.store)
    if clock is not None and clock.about == (found.about or found.id):
        stop_clock(change)
    if found.about and not found.gone:
        finish_thing(change, found.about)
    change.set(found.id, {"state": DONE, "reason": None})


def finish_thing(change: Change, ent: str) -> None:
    """Mark an item as done or a promise as kept; another kind of thing ends in its own way, not by this."""
    kind = change.kind_of(ent)
    if kind == "commitment":
        row = change.conn.execute(
            "SELECT coalesce(state, 'promised') FROM p_commitment WHERE n = ?", (change.number(kind, ent),)
        ).fetchone()
        if row and row[0] in OPEN_COMMITMENT_STATES:
            keep(change, ent)
    elif kind == "item":
        done = change.conn.execute(
            "SELECT id FROM p_status WHERE trashed = 0 AND category = 'done' ORDER BY rank, id"
        ).fetchall()
        if not done:
            raise StoreError("no-done-status", statuses="—")
        row = change.conn.execute(
            "SELECT status FROM p_item WHERE n = ?", (change.number(kind, ent),)
        ).fetchone()
        if row and row[0] not in {status for (status,) in done}:
            change.set(ent, {"status": done[0][0]})


def reopen(change: Change, ent: str) -> None:
    """Let a pick be planned again; what it is about stays as it is."""
    change.set(ent, {"state": PLANNED, "reason": None})


def push(change: Change, found: Pick, day: str, why: str = "") -> str:
    """Carry a pick over to another day, with its estimate, and return the pick of that day."""
    if day == found.date:
        return found.id
    change.set(found.id, {"state": CARRIED, "reason": why or None})
    title = "" if found.about else found.title
    return pick(change, day, found.about, title=title, minutes=found.minutes)


def let_go(change: Change, ent: str, why: str = "") -> None:
    """Let a pick go: it is not carried over, and it was not done."""
    change.set(ent, {"state": LET_GO, "reason": why or None})


def bring_over(change: Change, found: Iterable[Pick], day: str) -> list[str]:
    """Carry over to a day what is unfinished from days before; returns the picks. What is gone is let go."""
    brought = []
    for one in found:
        if one.gone:
            let_go(change, one.id)
        else:
            brought.append(push(change, one, day))
    return brought


# Time


def start_clock(change: Change, found: Pick) -> str:
    """Let a clock run for a pick, in place of one that runs; returns the time entry."""
    if running_clock(change.store) is not None:
        stop_clock(change)
    fields: dict[str, object] = {"begun": instant(change.store.now())}
    return _entry(change, found.about or found.id, fields, private=found.private)


def stop_clock(change: Change) -> int:
    """Stop the clock that runs and return the minutes it has logged, 0 where none runs."""
    change.flush()
    clock = running_clock(change.store)
    if clock is None:
        return 0
    minutes = elapsed_minutes(clock.begun, change.store.now(), MOST_MINUTES)
    change.set(clock.id, {"minutes": minutes})
    return minutes


def log_time(change: Change, about: str, minutes: float, *, day: str = "", note: str = "") -> str:
    """Log minutes spent on something; private as long as one's pick of it is. Returns the time entry."""
    change.flush()
    day = day or change.store.today().isoformat()
    found = day_plan_rows.picks(change.store, day)
    private = any(pick.private and about in (pick.about, pick.id) for pick in found)
    fields: dict[str, object] = {"minutes": minutes, "date": day}
    if note:
        fields["note"] = note
    return _entry(change, about, fields, private=private)


def _entry(change: Change, about: str, fields: dict[str, object], *, private: bool) -> str:
    kind = change.kind_of(about)
    private = private or (kind in schema.KINDS and change.is_private(kind, about))
    given = {"member": _member(change), "about": about, "date": change.store.today().isoformat(), **fields}
    return change.create("time_entry", given, private=private)


# Together


def share_day(change: Change, day: str) -> tuple[list[str], list[str]]:
    """Share one's picks of a day and the time logged on them; returns what was shared, and what is about drafts.

    What is about a private draft stays: others would see that there is one.
    """
    change.flush()
    shared, kept = [], []
    for found in day_plan_rows.picks(change.store, day):
        if not found.private:
            continue
        if found.about and change.is_private(change.kind_of(found.about), found.about):
            kept.append(found.id)
            continue
        change.share(found.id)
        shared.append(found.id)
        entries = change.conn.execute(
            "SELECT id FROM p_time_entry WHERE member = ? AND date = ? AND about = ? AND private = 1 "
            "AND minutes IS NOT NULL",
            (found.member, day, found.about or found.id),
        )
        for (entry,) in entries.fetchall():
            change.share(entry)
    return shared, kept


def _member(change: Change) -> str:
    if not change.store.member:
        raise StoreError("no-member")
    return change.store.member


def _last_rank(change: Change, member: str, day: str) -> str:
    """Return a key after the picks of a day; without jitter, so that two devices that plan alike order alike."""
    change.flush()
    rows = change.conn.execute("SELECT rank FROM p_pick WHERE member = ? AND date = ?", (member, day))
    last = max((key for (key,) in rows if rank.is_rank(key)), default=None)
    return rank.between(last, None, "")
