"""Promises kept, renegotiated, broken and confirmed: each inside a change, which is one undo.

A new date before the day that was promised is a renegotiation, and the first day stays on record. After that day a new
date cannot mend the promise: it is broken, and what is promised now is a commitment of its own that `follows` it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.lookup import department_of
from store.schema import OPEN_COMMITMENT_STATES

if TYPE_CHECKING:
    from store.commands import Change

KEPT, BROKEN, RENEGOTIATED, PROMISED = "kept", "broken", "renegotiated", "promised"
# What a promise that takes the place of a broken one has in common with it.
_CARRIED = (
    "title", "from_department", "to_department", "owner", "receiver", "about", "meeting", "description",
)  # fmt: skip


def keep(change: Change, ent: str) -> None:
    """Mark a promise as kept today. Whoever it was made to confirms it by saying so."""
    _end(change, ent, KEPT, None)


def break_promise(change: Change, ent: str, why: str = "") -> None:
    """Mark a promise as broken today, and why."""
    _end(change, ent, BROKEN, why or None)


def renegotiate(change: Change, ent: str, due: str, why: str = "") -> str:
    """Promise another day, and return the commitment that now stands: another one where the day is over.

    Raises bad-value for what is no day.
    """
    row = _row(change, ent)
    today = change.store.today().isoformat()
    was = str(row["due"] or "")
    if row["state"] in OPEN_COMMITMENT_STATES and (not was or today <= was):
        fields: dict[str, object] = {"due": due, "state": RENEGOTIATED if was else row["state"]}
        if was and not row["first_due"]:
            fields["first_due"] = was
        if why:
            fields["reason"] = why
        if due != was:
            change.set(ent, fields)
        return ent
    if row["state"] in OPEN_COMMITMENT_STATES:
        _end(change, ent, BROKEN, why or None, ended=was)
    carried = {name: row[name] for name in _CARRIED if row[name] is not None}
    follower = {**carried, "due": due, "state": PROMISED, "follows": ent}
    return change.create("commitment", follower, private=change.is_private("commitment", ent))


def confirm(change: Change, ent: str) -> None:
    """Let the receiver say that it is so; an open promise is thereby kept."""
    row = _row(change, ent)
    fields: dict[str, object] = {"confirmed": change.store.member}
    if row["state"] in OPEN_COMMITMENT_STATES:
        fields |= {"state": KEPT, "ended": change.store.today().isoformat()}
    change.set(ent, fields)


def _end(change: Change, ent: str, state: str, why: str | None, *, ended: str = "") -> None:
    row = _row(change, ent)
    word = change.store.member if _receives(change, row) else None
    if row["state"] == state and not (word and not row["confirmed"]):
        fields: dict[str, object] = {}
    else:
        fields = {
            "state": state, "ended": ended or change.store.today().isoformat(), "confirmed": word,
        }  # fmt: skip
    if why:
        fields["reason"] = why
    if fields:
        change.set(ent, fields)


def _receives(change: Change, row: dict[str, object]) -> bool:
    """Tell whether the one who writes is the receiver, or of the department it was promised to."""
    member = change.store.member
    if row["receiver"]:
        return row["receiver"] == member
    own = department_of(change.store, member)
    return own != "" and own == row["to_department"] and own != row["from_department"]


def _row(change: Change, ent: str) -> dict[str, object]:
    """Return a commitment's columns as they are in this change. Raises not-found, wrong-kind."""
    change.flush()
    change.require(ent, "commitment")
    names = (*_CARRIED, "state", "due", "first_due", "ended", "confirmed")
    query = f"SELECT {', '.join(names)} FROM p_commitment WHERE n = ?"
    values = change.conn.execute(query, (change.number("commitment", ent),)).fetchone()
    return dict(zip(names, values, strict=True))
