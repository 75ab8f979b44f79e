"""The rows that queries return: what a card, a column, a lane and a detail pane show."""

from __future__ import annotations

from typing import NamedTuple

CONFLICTS = "conflicts"  # the id of the board's column of open conflicts, which is not a status
LANES = ("department", "owner", "priority")


class Status(NamedTuple):
    """A column of the board: a status and how many items stand in it."""

    id: str
    title: str
    title_en: str
    category: str
    wip: int | None
    rank: str
    count: int = 0  # type: ignore[assignment]


class Department(NamedTuple):
    """A department as names, code and colour."""

    id: str
    title: str
    title_en: str
    code: str
    colour: str
    rank: str


class Member(NamedTuple):
    """A person of the workspace."""

    id: str
    title: str
    code: str
    department: str


class Card(NamedTuple):
    """What a card on the board shows, for an item or a conflict; ids for people, departments and statuses."""

    id: str
    short: str
    kind: str
    title: str
    type: str = ""
    status: str = ""
    rank: str = ""
    department: str = ""
    owner: str = ""
    priority: int | None = None
    due: str = ""
    blocked: str = ""
    comments: int = 0
    checks: int = 0
    checks_done: int = 0
    divergences: int = 0
    banner: bool = False
    private: bool = False
    moved_at: int = 0
    labels: tuple[str, ...] = ()
    severity: int | None = None
    state: str = ""
    parties: tuple[str, ...] = ()
    follow_up: str = ""
    root_cause: str = ""
    trashed: bool = False


class Lane(NamedTuple):
    """One swimlane: what it is grouped by and the value (an id, a priority, or '' for none)."""

    by: str
    key: str


class LaneCount(NamedTuple):
    """A swimlane and how many cards each column has in it."""

    key: str
    counts: dict[str, int]


class Position(NamedTuple):
    """Where a card stands on the board: column, place from the top, lane key."""

    column: str
    index: int  # type: ignore[assignment]
    lane: str


class Comment(NamedTuple):
    """A comment with its author's id and name, and when it was written (ms since the epoch)."""

    id: str
    author: str
    name: str
    at: int
    text: str


class Check(NamedTuple):
    """A checklist entry."""

    id: str
    title: str
    done: bool
    list: str


class DivergentHead(NamedTuple):
    """One of several concurrent values of a cell: who wrote it, when (ms), on which device."""

    value: object
    by: str
    at: int
    device: str


class Divergence(NamedTuple):
    """A cell with several heads, the displayed winner first."""

    field: str
    heads: list[DivergentHead]


class Detail(NamedTuple):
    """Everything about one entity: the card, all fields, what is attached, and where replicas disagree."""

    card: Card
    fields: dict[str, object]
    comments: list[Comment]
    checks: list[Check]
    divergences: list[Divergence]
    created_at: int
    created_by: str
    updated_at: int
    updated_by: str
    trashed: bool
    derived: tuple[Card, ...] = ()  # the items that came of it
