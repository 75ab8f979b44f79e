"""What sync did lately on this machine, in the words of a diary: for people who ask why something has not come.

Local, bounded and never sent. A sync that found nothing new writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store

KEPT = 500  # entries; older ones are forgotten

SENT, RECEIVED, PAUSED, RESUMED, HELD, REFUSED, FAILED = (
    "sent", "received", "paused", "resumed", "held", "refused", "failed",
)  # fmt: skip


class Note(NamedTuple):
    """One thing that happened: when (ms), with which place, what, how many ops or files, and the reason or the name."""

    at: int
    place: str
    what: str
    amount: int = 0
    detail: str = ""


def write_notes(store: Store, notes: Iterable[Note]) -> None:
    """Add to the diary, and forget what is too long ago."""
    rows = list(notes)
    if not rows:
        return
    with store.transaction() as conn:
        conn.executemany(
            "INSERT INTO journal (at, place, what, amount, detail) VALUES (?,?,?,?,?)",
            [note._replace(detail=note.detail[:500]) for note in rows],
        )
        conn.execute("DELETE FROM journal WHERE n <= (SELECT max(n) FROM journal) - ?", (KEPT,))


def read_notes(store: Store, limit: int = KEPT) -> list[Note]:
    """Return what happened last, the newest first."""
    query = "SELECT at, place, what, amount, detail FROM journal ORDER BY n DESC LIMIT ?"
    return [Note(*row) for row in store.conn.execute(query, (limit,))]
