"""What is here and not to be read yet: others' cards while a retrospective is written, others' answers to a pulse.

They travel as they are written, for somebody may be offline when they are revealed. That they are not shown is a
courtesy of the program, as among people who do not read over each other's shoulders, and no secret kept from the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.retro_rows import WRITING

if TYPE_CHECKING:
    from store.database import Store
    from store.history import Entry

HIDDEN = "…"


def unseen(store: Store) -> frozenset[str]:
    """Return the ids of what is not to be read here yet."""
    query = (
        "SELECT c.id FROM p_retro_card c JOIN p_retro r ON r.id = c.retro "
        "WHERE coalesce(r.state, ?1) = ?1 AND coalesce(c.created_by, '') <> ?2 "
        "UNION SELECT id FROM p_pulse WHERE coalesce(member, '') <> ?2"
    )
    return frozenset(ent for (ent,) in store.conn.execute(query, (WRITING, store.member)))


def veiled(entry: Entry, hidden: frozenset[str]) -> Entry:
    """Return a change without what is not to be read: that something was written shows, and by whom, but not what."""
    if not any(write.ent in hidden for write in entry.writes):
        return entry
    return entry._replace(
        writes=[
            write._replace(old=[HIDDEN for _ in write.old], new=HIDDEN) if write.ent in hidden else write
            for write in entry.writes
        ]
    )
