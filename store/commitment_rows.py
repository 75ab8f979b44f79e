"""Promises as lists show them: past their day, still to come, waiting for the receiver's word, over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.saydo import Word
from store.schema import OPEN_COMMITMENT_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from store.database import Store


class Promise(NamedTuple):
    """One promise: ids for departments and people, ISO days, '' for what is not set."""

    id: str
    short: str
    title: str
    giver: str
    taker: str
    owner: str
    receiver: str
    due: str
    state: str
    first_due: str
    ended: str
    confirmed: str
    reason: str
    follows: str
    meeting: str
    private: bool

    @property
    def open(self) -> bool:
        """Whether it is neither kept nor broken."""
        return self.state in OPEN_COMMITMENT_STATES

    @property
    def word(self) -> Word:
        """What the say-do ratio reads of it."""
        return Word(
            self.giver, self.taker, self.state, self.due, self.ended, self.first_due, bool(self.confirmed)
        )


class Sections(NamedTuple):
    """Promises by how they stand, each list in the order in which one looks at it."""

    overdue: list[Promise]
    due: list[Promise]
    waiting: list[Promise]  # for the receiver to say that it is so
    ended: list[Promise]


# A side that was not named is where its person works; NULL where that is not known either.
GIVER = "coalesce(c.from_department, (SELECT m.department FROM p_member m WHERE m.id = c.owner))"
TAKER = "coalesce(c.to_department, (SELECT m.department FROM p_member m WHERE m.id = c.receiver))"
IS_OPEN = "coalesce(c.state, 'promised') NOT IN ('kept', 'broken')"
_COLUMNS = (
    f"c.id, coalesce(h.short, c.id), coalesce(c.title, ''), coalesce({GIVER}, ''), coalesce({TAKER}, ''), "
    "coalesce(c.owner, ''), coalesce(c.receiver, ''), coalesce(c.due, ''), coalesce(c.state, 'promised'), "
    "coalesce(c.first_due, ''), coalesce(c.ended, ''), coalesce(c.confirmed, ''), coalesce(c.reason, ''), "
    "coalesce(c.follows, ''), coalesce(c.meeting, ''), c.private"
)
_FROM = "FROM p_commitment c LEFT JOIN handle h ON h.ent = c.n WHERE c.trashed = 0"


def promises(store: Store, *, meeting: str = "") -> list[Promise]:
    """Return every promise that is not in the trash, or those made in one meeting, oldest first."""
    where, values = (" AND c.meeting = ?", (meeting,)) if meeting else ("", ())
    query = f"SELECT {_COLUMNS} {_FROM}{where} ORDER BY c.created_at, c.id"
    return [Promise._make((*row[:-1], bool(row[-1]))) for row in store.conn.execute(query, values)]


def pressing_count(store: Store) -> int:
    """Return how many promises are past their day, or wait for the receiver's word."""
    query = (
        "SELECT count(*) FROM p_commitment WHERE trashed = 0 AND CASE WHEN state IN ('kept', 'broken') "
        "THEN confirmed IS NULL ELSE due < ? END"
    )
    return int(store.conn.execute(query, (store.today().isoformat(),)).fetchone()[0])


def sections(rows: Iterable[Promise], today: date) -> Sections:
    """Sort promises into their sections: open ones by their day, ended ones the latest first, else as they came."""
    found = Sections([], [], [], [])
    now = today.isoformat()
    for row in rows:
        if row.open:
            (found.overdue if row.due and row.due < now else found.due).append(row)
        else:
            (found.ended if row.confirmed else found.waiting).append(row)
    found.overdue.sort(key=lambda row: row.due)
    found.due.sort(key=lambda row: row.due or "~")
    for over in (found.waiting, found.ended):
        over.sort(key=lambda row: row.ended, reverse=True)
    return found


def words(rows: Sequence[Promise]) -> list[Word]:
    """Return what the say-do ratio reads."""
    return [row.word for row in rows]
