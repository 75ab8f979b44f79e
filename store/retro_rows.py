"""What retrospectives look like from here: cards that may be seen, votes, actions, and those carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.analysis.retro_votes import Ballot, Tally, counting, tallies
from store.elements import element_sets
from store.errors import StoreError

if TYPE_CHECKING:
    from store.database import Store

WRITING = schema.RETRO_STATES[0]
ENDED = schema.RETRO_STATES[-1]
CHAIN = 50  # retrospectives back whose actions are still looked for


class Retro(NamedTuple):
    """A retrospective: its short id, format, state, how many votes each has, the one before it, when it was made."""

    id: str
    short: str
    title: str
    format: str
    state: str
    votes: int
    previous: str
    made: int
    departments: tuple[str, ...]
    cards: int  # written by anybody, seen or not


class RetroCard(NamedTuple):
    """A card that may be seen: where it stands, who wrote it, what it is grouped under, and who voted for it."""

    id: str
    column: str
    title: str
    author: str
    group: str
    voters: tuple[str, ...]


class ActionItem(NamedTuple):
    """What a retrospective wants done: by whom, by when, how it will be verified, and the day it was."""

    id: str
    short: str
    title: str
    owner: str
    due: str
    verify: str
    verified: str
    category: str


class Sheet(NamedTuple):
    """One retrospective whole: `unseen` counts others' cards by column while they are written silently."""

    retro: Retro
    cards: tuple[RetroCard, ...]
    unseen: dict[str, int]
    tallies: tuple[Tally, ...]
    over: dict[str, int]  # by member, votes given beyond what each has
    actions: tuple[ActionItem, ...]
    carried: tuple[ActionItem, ...]

    def votes_left(self, member: str) -> int:
        """Return how many votes a member has still to give."""
        return self.retro.votes - sum(member in card.voters for card in self.cards)


def retros(store: Store) -> list[Retro]:
    """Return the retrospectives, those going on first, then the latest."""
    found = _retros(store, "r.trashed = 0")
    return sorted(found, key=lambda retro: (retro.state == ENDED, -retro.made, retro.id))


def going_on(store: Store) -> int:
    """Return how many retrospectives have not ended."""
    query = "SELECT count(*) FROM p_retro WHERE trashed = 0 AND coalesce(state, '') <> ?"
    return int(store.conn.execute(query, (ENDED,)).fetchone()[0])


def retro(store: Store, ent: str) -> Retro | None:
    """Return a retrospective, None where there is none of this id or it is in the trash."""
    return next(iter(_retros(store, "r.id = ? AND r.trashed = 0", ent)), None)


def known_retro(store: Store, ent: str) -> Retro:
    """Return a retrospective; raises not-found."""
    found = retro(store, ent)
    if found is None:
        raise StoreError("not-found", what=ent)
    return found


def _retros(store: Store, where: str, *parameters: str) -> list[Retro]:
    query = (
        "SELECT r.n, r.id, coalesce(h.short, r.id), coalesce(r.title, ''), coalesce(r.format, ''), "
        "coalesce(r.state, ''), r.votes, coalesce(r.previous, ''), r.created_at, "
        "(SELECT count(*) FROM p_retro_card c WHERE c.retro = r.id AND c.trashed = 0) "
        f"FROM p_retro r LEFT JOIN handle h ON h.ent = r.n WHERE {where}"
    )
    rows = store.conn.execute(query, parameters).fetchall()
    departments = element_sets(store.conn, [row[0] for row in rows], "departments")
    return [
        Retro(
            ent, short, title, form or schema.RETRO_FORMATS[0], state or WRITING,
            3 if votes is None else votes, previous, made, tuple(departments.get(n, ())), cards,
        )
        for n, ent, short, title, form, state, votes, previous, made, cards in rows
    ]  # fmt: skip


def sheet(store: Store, ent: str) -> Sheet | None:
    """Return a retrospective with everything on it that may be seen here."""
    found = retro(store, ent)
    if found is None:
        return None
    cards = _cards(store, found)
    hidden = [card for card in cards if found.state == WRITING and card.author != store.member]
    unseen: dict[str, int] = {}
    for card in hidden:
        unseen[card.column] = unseen.get(card.column, 0) + 1
    shown = tuple(card for card in cards if card not in hidden)
    ballots = [Ballot(card.id, card.group, card.voters) for card in shown]
    over = counting(ballots, found.votes)[1]
    return Sheet(
        found,
        shown,
        unseen,
        tuple(tallies(ballots, found.votes)),
        over,
        tuple(_actions(store, found.id)),
        tuple(carried(store, found)),
    )


def _cards(store: Store, found: Retro) -> list[RetroCard]:
    query = (
        "SELECT n, id, coalesce(\"column\", ''), coalesce(title, ''), coalesce(created_by, ''), "
        "coalesce(\"group\", '') FROM p_retro_card WHERE retro = ? AND trashed = 0 "
        "ORDER BY rank IS NULL, rank, created_at, id"
    )
    rows = store.conn.execute(query, (found.id,)).fetchall()
    voters = element_sets(store.conn, [row[0] for row in rows], "voters")
    return [
        RetroCard(ent, column, title, author, group, tuple(voters.get(n, ())))
        for n, ent, column, title, author, group in rows
    ]


def carried(store: Store, found: Retro) -> list[ActionItem]:
    """Return the actions of the retrospectives before it that nobody has verified, the latest retrospective's first."""
    actions: list[ActionItem] = []
    seen = {found.id}
    before = found.previous
    while before and before not in seen and len(seen) < CHAIN:
        seen.add(before)
        actions += [action for action in _actions(store, before) if not action.verified]
        row = store.conn.execute("SELECT previous FROM p_retro WHERE id = ?", (before,)).fetchone()
        before = str(row[0] or "") if row else ""
    return actions


def _actions(store: Store, ent: str) -> list[ActionItem]:
    query = (
        "SELECT i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.owner, ''), coalesce(i.due, ''), "
        "coalesce(i.verify, ''), coalesce(i.verified, ''), coalesce(s.category, '') "
        "FROM p_item i LEFT JOIN handle h ON h.ent = i.n LEFT JOIN p_status s ON s.id = i.status "
        "WHERE i.came_from = ? AND +i.trashed = 0 ORDER BY i.created_at, i.id"
    )
    return [ActionItem(*row) for row in store.conn.execute(query, (ent,))]


def latest(store: Store, departments: tuple[str, ...] = ()) -> Retro | None:
    """Return the latest retrospective that any of these departments held, or that named none; of all for no names."""
    found = sorted(retros(store), key=lambda one: (-one.made, one.id))
    wanted = set(departments)
    for one in found:
        if not wanted or not one.departments or wanted & set(one.departments):
            return one
    return None
