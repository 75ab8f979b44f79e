"""How every department stands, in one look: who it is, what it needs, what it is behind with, what it owes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.commitment_rows import GIVER, IS_OPEN, TAKER
from store.need_rows import IS_WANTED

if TYPE_CHECKING:
    from store.database import Store


class DepartmentRow(NamedTuple):
    """A department and what is open about it; ids for people, '' for what is not set."""

    id: str
    title: str
    title_en: str
    code: str
    contact: str
    members: int = 0
    needs: int = 0
    challenges: int = 0
    conflicts: int = 0
    open: int = 0
    late: int = 0
    blocked: int = 0
    owes: int = 0  # promises that it made and that are open
    owed: int = 0  # and those that were made to it


_DEPARTMENTS = (
    "SELECT id, coalesce(title, ''), coalesce(title_en, ''), coalesce(code, ''), coalesce(contact, '') "
    "FROM p_department WHERE trashed = 0 ORDER BY rank IS NULL, rank, id"
)
_MEMBERS = "SELECT department, count(*) FROM p_member WHERE trashed = 0 GROUP BY department"
_NEEDS = (
    "SELECT department, sum(coalesce(sort, 'need') <> 'challenge'), sum(coalesce(sort, 'need') = 'challenge') "
    f"FROM p_need WHERE trashed = 0 AND {IS_WANTED} GROUP BY department"
)
_CONFLICTS = (
    "SELECT e.value, count(*) FROM p_conflict c JOIN element e ON e.ent = c.n AND e.field = 'parties' "
    "WHERE c.trashed = 0 AND coalesce(c.state, '') <> 'closed' GROUP BY e.value"
)
_ITEMS = (
    "SELECT i.department, count(*), sum(i.due < ?), sum(coalesce(i.blocked, '') <> '') FROM p_item i NOT INDEXED "
    "WHERE i.trashed = 0 AND i.status NOT IN (SELECT id FROM p_status WHERE category = 'done') GROUP BY i.department"
)
_PROMISES = f"SELECT {{side}}, count(*) FROM p_commitment c WHERE c.trashed = 0 AND {IS_OPEN} GROUP BY 1"


def department_rows(store: Store) -> list[DepartmentRow]:
    """Return the departments in order, each with what is open about it."""
    counted = store.conn.execute
    members = dict(counted(_MEMBERS).fetchall())
    needs = {row[0]: row[1:] for row in counted(_NEEDS)}
    conflicts = dict(counted(_CONFLICTS).fetchall())
    items = {row[0]: row[1:] for row in counted(_ITEMS, (store.today().isoformat(),))}
    owes = dict(counted(_PROMISES.format(side=GIVER)).fetchall())
    owed = dict(counted(_PROMISES.format(side=TAKER)).fetchall())
    return [
        DepartmentRow._make(
            (
                *row,
                members.get(row[0], 0),
                *needs.get(row[0], (0, 0)),
                conflicts.get(row[0], 0),
                *(count or 0 for count in items.get(row[0], (0, 0, 0))),
                owes.get(row[0], 0),
                owed.get(row[0], 0),
            )
        )
        for row in counted(_DEPARTMENTS).fetchall()
    ]


def department_count(store: Store) -> int:
    """Return how many departments there are."""
    return int(store.conn.execute("SELECT count(*) FROM p_department WHERE trashed = 0").fetchone()[0])
