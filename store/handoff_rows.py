"""What crosses from one department to another, as the store has it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.handoffs import ASKED, LINK, PROMISED, Handoff
from store.commitment_rows import GIVER, IS_OPEN, TAKER
from store.need_rows import began_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store

_DONE = "(SELECT id FROM p_status WHERE category = 'done')"
# CROSS JOIN begins with the links, of which there are few: SQLite by itself goes over all items.
_LINKS = (
    "SELECT d.id, a.department, b.department, d.created_at, coalesce(a.due, '9') < ?, a.id, b.id "
    "FROM p_dependency d CROSS JOIN entity ea ON ea.id = d.predecessor AND ea.kind = 'item' "
    "CROSS JOIN p_item a ON a.n = ea.n CROSS JOIN entity eb ON eb.id = d.successor AND eb.kind = 'item' "
    "CROSS JOIN p_item b ON b.n = eb.n WHERE d.trashed = 0 AND a.trashed = 0 AND b.trashed = 0 "
    "AND a.department IS NOT NULL AND b.department IS NOT NULL AND a.department <> b.department "
    f"AND a.status NOT IN {_DONE} AND b.status NOT IN {_DONE}"
)
_ASKED = (
    "SELECT i.id, i.department, i.requested_by, i.created, i.created_at, coalesce(i.due, '9') < ? "
    "FROM p_item i NOT INDEXED WHERE i.trashed = 0 AND i.requested_by IS NOT NULL AND i.department IS NOT NULL "
    f"AND i.requested_by <> i.department AND i.status NOT IN {_DONE}"
)
_PROMISED = (
    f"SELECT c.id, {GIVER}, {TAKER}, c.created, c.created_at, coalesce(c.due, '9') < ? FROM p_commitment c "
    f"WHERE c.trashed = 0 AND {IS_OPEN}"
)


def handoffs(store: Store) -> Iterator[Handoff]:
    """Yield what is open between departments, in no order: `store.analysis.handoffs.pairs` makes one."""
    today = (store.today().isoformat(),)
    for ent, giver, taker, at, late, about, then in store.conn.execute(_LINKS, today):
        yield Handoff(ent, LINK, giver, taker, began_on("", at or 0), bool(late), about, then)
    for ent, giver, taker, created, at, late in store.conn.execute(_ASKED, today):
        yield Handoff(ent, ASKED, giver, taker, began_on(created or "", at or 0), bool(late), ent)
    for ent, giver, taker, created, at, late in store.conn.execute(_PROMISED, today):
        if giver and taker:
            yield Handoff(ent, PROMISED, giver, taker, began_on(created or "", at or 0), bool(late), ent)
