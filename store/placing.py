"""Where a card lands: positions between neighbours, for single moves and for bulk creation."""

from __future__ import annotations

from store.errors import StoreError
from store.rank import between, is_rank, spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    Place = tuple[str, str]

_NUMBER = "(SELECT n FROM entity WHERE id = ? AND kind = 'item')"
_ELSEWHERE = "trashed = 0 AND status = ? AND id <> ?"
# A key and the card that has it: where a card stands among those of its status.
_FIRST = ("", "")
_LAST = ("~", "")
LONGEST = 120  # characters of a key before neighbours get new ones; a peer may send longer ones


class Placing:
    """Positions within one change. The caller has flushed its ops before it asks about a card that already existed."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        # The highest and lowest keys this change has given out, so that creating many cards asks the table once.
        self._tops: dict[str, str] = {}
        self._bottoms: dict[str, str] = {}
        self._last: dict[tuple[str, str], str] = {}
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

    def last_rank(self, kind: str, *, on: str = "") -> str:
        """Return a key after every entry of an ordered kind, or after those that are `on` one entity."""
        last = self._last.get((kind, on))
        if last is None:
            where, values = ('WHERE "on" = ?', (on,)) if on else ("", ())
            ranks = self._conn.execute(f"SELECT DISTINCT rank FROM p_{kind} {where}", values)
            last = max((rank for (rank,) in ranks if is_rank(rank)), default=None)
        self._last[kind, on] = key = between(last, None)
        return key

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
            key = self._bottom(ent, status) if bottom else self._top(ent, status)
            if len(key) <= LONGEST:
                return {ent: key}
            return self._make_room(ent, status, self._last_place(ent, status) if bottom else _FIRST)
        self._tops.pop(status, None)
        self._bottoms.pop(status, None)
        anchor = before or after or ""
        row = self._conn.execute(
            f"SELECT rank, status FROM p_item WHERE n = {_NUMBER} AND trashed = 0", (anchor,)
        ).fetchone()
        if row is None or row[0] is None or row[1] != status:
            raise StoreError("not-found", what=anchor)
        place = (str(row[0]), anchor)
        if before is not None:
            above, high = next(self._above(ent, status, place), _FIRST), row[0]
        else:
            above, high = place, next(self._below(ent, status, place), (None,))[0]
        low = above[0] or None
        if low is None or high is None or low < high:
            key = between(low, high)
            if len(key) <= LONGEST:
                return {ent: key}
        return self._make_room(ent, status, above)

    def _top(self, ent: str, status: str) -> str:
        top = self._tops.get(status)
        if top is None:
            top = next(self._below(ent, status, _FIRST), (None,))[0]
        self._tops[status] = key = between(None, top)
        return key

    def _bottom(self, ent: str, status: str) -> str:
        bottom = self._bottoms.get(status) or self._last_place(ent, status)[0] or None
        self._bottoms[status] = key = between(bottom, None)
        return key

    def _last_place(self, ent: str, status: str) -> Place:
        return next(self._above(ent, status, _LAST), _FIRST)

    def _above(self, ent: str, status: str, place: Place) -> Iterator[Place]:
        """Yield where the cards before a place stand, nearest first."""
        return self._conn.execute(
            f"SELECT rank, id FROM p_item WHERE {_ELSEWHERE} AND (rank, id) < (?, ?) ORDER BY rank DESC, id DESC",
            (status, ent, *place),
        )

    def _below(self, ent: str, status: str, place: Place) -> Iterator[Place]:
        """Yield where the cards after a place stand, nearest first."""
        return self._conn.execute(
            f"SELECT rank, id FROM p_item WHERE {_ELSEWHERE} AND (rank, id) > (?, ?) ORDER BY rank, id",
            (status, ent, *place),
        )

    def _make_room(self, ent: str, status: str, above: Place) -> dict[str, str]:
        """Put a card behind `above` where neighbours share one key or keys have grown long.

        As few neighbours as will do get new keys, in the order they are shown.
        """
        self._tops.pop(status, None)
        self._bottoms.pop(status, None)
        before = [above, *self._above(ent, status, above)] if above != _FIRST else []
        after = list(self._below(ent, status, above))
        count = 1
        while True:
            low = before[count][0] if count < len(before) else None
            high = after[count][0] if count < len(after) else None
            order = [card for _, card in before[:count][::-1]] + [ent] + [card for _, card in after[:count]]
            if low is None or high is None or low < high:
                keys = spread(len(order), low, high)
                if max(map(len, keys)) <= LONGEST:
                    return dict(zip(order, keys, strict=True))
            count *= 2
