"""What is in the trash, whatever kind it is of: nothing that was deleted is gone, and this is where it is found."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.card_rows import CARD_KINDS

if TYPE_CHECKING:
    from store.database import Store

MOST = 5_000  # things that are listed, those deleted last; an import may put more there
TRASHABLE = tuple(kind for kind in CARD_KINDS if kind != "workspace")


class Trashed(NamedTuple):
    """A thing in the trash: who put it there, by id, and when, in ms since the epoch."""

    id: str
    kind: str
    short: str
    title: str
    private: bool
    at: int
    by: str


def trash_rows(store: Store, *, limit: int = MOST) -> list[Trashed]:
    """Return what is in the trash, what was deleted last first; of what several deleted, the last deletion counts."""
    found = store.conn.execute(_rows(), (limit,))
    return [
        Trashed(ent, kind, short, title, bool(private), at, by)
        for ent, kind, short, title, private, at, by, _dot in found
    ]


def trash_count(store: Store) -> int:
    """Return how much is in the trash."""
    counts = " + ".join(f"(SELECT count(*) FROM p_{kind} WHERE trashed = 1)" for kind in TRASHABLE)
    return int(store.conn.execute(f"SELECT {counts}").fetchone()[0])


@cache
def _rows() -> str:
    # Beside max(), SQLite takes the other columns from the row that has the greatest. CROSS JOIN keeps the order of the
    # tables: from the few things in the trash to their cells, not from all cells there are.
    each = " UNION ALL ".join(
        f"SELECT i.id, '{kind}', coalesce(h.short, ''), coalesce(i.title, ''), i.private, max(o.wt) AS at, "
        f"o.by, o.dot AS dot FROM p_{kind} i CROSS JOIN head t ON t.ent = i.n AND t.field = '{schema.TRASH}' "
        "CROSS JOIN op o ON o.dot = t.dot LEFT JOIN handle h ON h.ent = i.n "
        "WHERE i.trashed = 1 AND o.value <> 'null' GROUP BY i.n"
        for kind in TRASHABLE
    )
    return f"{each} ORDER BY at DESC, dot DESC LIMIT ?"
