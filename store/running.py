"""The meeting that runs now, for whoever writes something down: what is said in it is linked to it.

On the path of `sameboat add`: one look into an index that holds only meetings nobody has ended.
"""

from __future__ import annotations

import datetime

from store import schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

LONGEST = 12 * 3_600_000  # ms: a meeting that nobody ended runs no longer than that
AHEAD = 3_600_000  # ms a teammate's clock may be ahead
_FURTHEST = (
    24 * 3_600_000
)  # ms: an instant begun within `LONGEST` reads no earlier than that, whatever its offset

_QUERY = (
    "SELECT m.id, m.begun, coalesce(m.title, '') FROM p_meeting m WHERE m.ended IS NULL AND m.trashed = 0 "
    "AND m.begun > ? AND m.private = 0 AND (m.created_by = ? OR EXISTS "
    "(SELECT 1 FROM element e WHERE e.ent = m.n AND e.field = 'attendees' AND e.value = ?)) ORDER BY m.id"
)


def running_meeting(store: Store) -> str:
    """Return the id of the meeting that runs, '' where none does."""
    found = running(store)
    return found[0] if found else ""


def running(store: Store) -> tuple[str, str, int] | None:
    """Return id, title and beginning (ms) of the latest meeting of this member that began lately and goes on."""
    now = store.now()
    latest: tuple[str, str, int] | None = None
    for ent, begun, title in store.conn.execute(
        _QUERY, (instant(now - _FURTHEST)[:19], store.member, store.member)
    ):
        at = moment(begun)
        if now - LONGEST <= at <= now + AHEAD and (latest is None or at > latest[2]):
            latest = (ent, title, at)
    return latest


def in_meeting(store: Store, kind: str, fields: dict[str, object]) -> dict[str, object]:
    """Return the fields of something that is written down now, with the meeting that runs where its kind has one."""
    if "meeting" in fields or "meeting" not in schema.KINDS[kind].fields:
        return fields
    meeting = running_meeting(store)
    return {**fields, "meeting": meeting} if meeting else fields


def instant(at: int) -> str:
    """Return a moment (ms since the epoch) as meetings store it: ISO 8601 in UTC."""
    return datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).isoformat(timespec="seconds")


def moment(text: object, otherwise: int = 0) -> int:
    """Return an ISO instant in ms since the epoch, `otherwise` for what is none or what no clock can show.

    One without an offset is this machine's.
    """
    try:
        return int(datetime.datetime.fromisoformat(str(text)).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return otherwise
