"""The clock that runs for something of one's day plan: asked by every screen, so it loads nothing of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.card_rows import card
from store.running import moment

if TYPE_CHECKING:
    from store.database import Store


class Clock(NamedTuple):
    """A clock that runs: the time entry, what it is about, and when it began (ms)."""

    id: str
    about: str
    begun: int


def running_clock(store: Store) -> Clock | None:
    """Return the clock that runs, the one begun last where two devices began one; None where none does."""
    query = (
        "SELECT id, coalesce(about, ''), begun FROM p_time_entry WHERE member = ? AND trashed = 0 "
        "AND minutes IS NULL AND begun IS NOT NULL ORDER BY id"
    )
    found = [
        Clock(ent, about, moment(begun)) for ent, about, begun in store.conn.execute(query, (store.member,))
    ]
    return max(found, key=lambda clock: clock.begun, default=None)


def clock_words(store: Store, clock: Clock) -> str:
    """Return what people call what a clock runs for: a short id, else the text of a pick."""
    shown = card(store, clock.about)
    if shown is not None:
        return shown.short
    row = store.conn.execute(
        "SELECT p.title FROM entity e JOIN p_pick p ON p.n = e.n WHERE e.id = ? AND e.kind = 'pick'",
        (clock.about,),
    ).fetchone()
    return str(row[0] or "") if row else ""
