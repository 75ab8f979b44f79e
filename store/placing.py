"""Where a card lands: positions between neighbours, for single moves and for bulk creation."""

from __future__ import annotations

from store.errors import StoreError
from store.rank import between, spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

_NUMBER = "(SELECT n FROM entity WHERE id = ? AND kind = 'item')"
_EDGE = (
    "SELECT rank FROM p_item WHERE trashed = 0 AND status = ? AND rank IS NOT NULL AND id <> ? "
    "ORDER BY rank {order}, id {order} LIMIT 1"
)


class Placing:
    """Positions within one change. The caller has flushed its ops before it asks about a card that already existed."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        # The highest and lowest keys this change has given out, so that creating many cards asks the table once.
        self._tops: dict[str, str] = {}
        self._bottoms: dict[str, str] = {}
        self._last: dict[str, str] = {}
        self._first_status = ""

    def first_status(self) -> str:
        """Return the first status of the workflow, where new items begin; raises no-statuses."""
        if not self._first_status:
            row = self._conn.execute(
                "SELECT id FROM p_status WHERE trashed = 0 ORDER BY category <> 'todo', rank, id LIMIT 1"
            ).fetchone()
            if row is None:
                raise StoreError("no-statuses")
            self._first_status = row[0]
        return self._first_status

    def last_rank(self, kind: str) -> str:
        """Return a key after every entry of an ordered kind."""
        last = self._last.get(kind)
        if last is None:
            last = self._conn.execute(f"SELECT max(rank) FROM p_{kind}").fetchone()[0]
        self._last[kind] = between(last, None)
        return self._last[kind]

    def key(
        self,
        ent: str,
        status: str,
        *,
        before: str | None = None,
        after: str | None = None,
        bottom: bool = False,
    ) -> dict[str, str]:
        """Return the new keys by item id: the moved item's, and those of neighbours that had to make room.

        Raises not-found when `before` or `after` is not in that status.
        """
        if before is None and after is None:
            return {ent: self._bottom(ent, status) if bottom else self._top(ent, status)}
        self._tops.pop(status, None)
        self._bottoms.pop(status, None)
        anchor = before or after or ""
        row = self._conn.execute(f"SELECT rank, status FROM p_item WHERE n = {_NUMBER}", (anchor,)).fetchone()
        if row is None or row[0] is None or row[1] != status:
            raise StoreError("not-found", what=anchor)
        if before is not None:
            low, high = self._previous(ent, status, row[0], anchor), row[0]
        else:
            low, high = row[0], self._next(ent, status, row[0], anchor)
        if low is None or high is None or low < high:
            return {ent: between(low, high)}
        return self._part_ties(
            ent, status, low, first_kept=anchor if before is not None else None, after=after
        )

    def _top(self, ent: str, status: str) -> str:
        top = self._tops.get(status) or self._edge(ent, status, "ASC")
        self._tops[status] = between(None, top)
        return self._tops[status]

    def _bottom(self, ent: str, status: str) -> str:
        bottom = self._bottoms.get(status) or self._edge(ent, status, "DESC")
        self._bottoms[status] = between(bottom, None)
        return self._bottoms[status]

    def _edge(self, ent: str, status: str, order: str) -> str | None:
        row = self._conn.execute(_EDGE.format(order=order), (status, ent)).fetchone()
        return None if row is None else str(row[0])

    def _previous(self, ent: str, status: str, key: str, anchor: str) -> str | None:
        row = self._conn.execute(
            "SELECT rank FROM p_item WHERE trashed = 0 AND status = ? AND (rank, id) < (?, ?) AND id <> ? "
            "ORDER BY rank DESC, id DESC LIMIT 1",
            (status, key, anchor, ent),
        ).fetchone()
        return None if row is None else str(row[0])

    def _next(self, ent: str, status: str, key: str, anchor: str) -> str | None:
        row = self._conn.execute(
            "SELECT rank FROM p_item WHERE trashed = 0 AND status = ? AND (rank, id) > (?, ?) AND id <> ? "
            "ORDER BY rank, id LIMIT 1",
            (status, key, anchor, ent),
        ).fetchone()
        return None if row is None else str(row[0])

    def _part_ties(
        self, ent: str, status: str, key: str, *, first_kept: str | None, after: str | None
    ) -> dict[str, str]:
        """Give cards that share one key keys of their own, in the order they are shown, with `ent` among them."""
        tied = [
            card
            for (card,) in self._conn.execute(
                "SELECT id FROM p_item WHERE trashed = 0 AND status = ? AND rank = ? AND id <> ? ORDER BY id",
                (status, key, ent),
            )
        ]
        place = tied.index(first_kept) if first_kept is not None else tied.index(after or "") + 1
        order = [*tied[:place], ent, *tied[place:]]
        higher = self._conn.execute(
            "SELECT min(rank) FROM p_item WHERE trashed = 0 AND status = ? AND rank > ? AND id <> ?",
            (status, key, ent),
        ).fetchone()[0]
        # The first of the ties keeps its key unless the moved card now comes before it.
        keys = spread(len(order), key, higher)
        moved = dict(zip(order, keys, strict=True))
        if order[0] != ent:
            del moved[order[0]]
        return moved
