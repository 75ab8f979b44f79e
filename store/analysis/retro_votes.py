"""Votes of a retrospective: which count, where a group's add up, and what the most voices want talked about.

Everybody has the same number of votes. A vote is a member in a card's set of voters, so replicas merge them; a member
who voted on two devices at once may have given more than there are. Then those on the cards that come first by id
count, the same on every replica, and how many are over is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Ballot(NamedTuple):
    """A card as votes see it: what it is grouped under, '' for nothing, and who voted for it."""

    id: str
    group: str = ""
    voters: tuple[str, ...] = ()


class Tally(NamedTuple):
    """A card, or a group under its head, and the votes that count for it."""

    head: str
    cards: tuple[str, ...]
    votes: int


def heads(groups: Mapping[str, str]) -> dict[str, str]:
    """Return the head of every card's group, itself for a card on its own.

    Groups of groups are one group. Where cards are grouped in a circle, as two people can at once, the first by id is
    the head; what is grouped under a card that is not here stands on its own.
    """
    found: dict[str, str] = {}
    for card in groups:
        way = [card]
        seen = {card}
        here = card
        while (above := groups.get(here, "")) in groups and above not in seen:
            way.append(above)
            seen.add(above)
            here = above
        above = groups.get(here, "")
        found[card] = min(way[way.index(above) :]) if above in seen else here
    return found


def counting(cards: Iterable[Ballot], each: int) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Return the voters that count, by card, and by member how many votes were given beyond what each has."""
    given: dict[str, int] = {}
    counted: dict[str, tuple[str, ...]] = {}
    for card in sorted(cards):
        counts = []
        for voter in sorted(set(card.voters)):
            given[voter] = given.get(voter, 0) + 1
            if given[voter] <= each:
                counts.append(voter)
        counted[card.id] = tuple(counts)
    return counted, {voter: count - each for voter, count in sorted(given.items()) if count > each}


def tallies(cards: Sequence[Ballot], each: int) -> list[Tally]:
    """Return every group with its votes, most votes first; those with as many stay in the order given."""
    counted, _over = counting(cards, each)
    head_of = heads({card.id: card.group for card in cards})
    members: dict[str, list[str]] = {}
    for card in cards:
        members.setdefault(head_of[card.id], []).append(card.id)
    found = []
    for head, group in members.items():
        ordered = (head, *(card for card in group if card != head))
        found.append(Tally(head, ordered, sum(len(counted[card]) for card in group)))
    return sorted(found, key=lambda tally: -tally.votes)
