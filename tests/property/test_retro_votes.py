"""Votes and groups of any retrospective, however they were merged: nothing lost, nothing counted twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.retro_votes import Ballot, counting, heads, tallies

CARDS = tuple("abcdefgh")
groups = st.dictionaries(st.sampled_from(CARDS), st.sampled_from(("", *CARDS, "gone")), max_size=8)
ballots = groups.flatmap(
    lambda held: st.tuples(
        *(
            st.builds(
                lambda voters, card=card, group=group: Ballot(card, group, tuple(voters)),
                st.lists(st.sampled_from("xyz"), unique=True),
            )
            for card, group in held.items()
        )
    )
)


@given(groups)
def test_every_card_has_one_head_that_is_its_own_head(held: dict[str, str]) -> None:
    found = heads(held)
    assert found.keys() == held.keys()
    for card, head in found.items():
        assert found[head] == head
        above = held[card]
        if above in held:
            assert found[above] == head  # a group is one, however deep it was put together


@given(groups, st.randoms())
def test_the_order_in_which_cards_come_makes_no_difference(held: dict[str, str], draw: object) -> None:
    mixed = list(held.items())
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    assert heads(dict(mixed)) == heads(held)


@given(ballots, st.integers(1, 4))
def test_votes_are_counted_once_and_no_more_than_each_has(cards: tuple[Ballot, ...], each: int) -> None:
    counted, over = counting(cards, each)
    for voter in "xyz":
        given_votes = sum(voter in card.voters for card in cards)
        counts = sum(voter in voters for voters in counted.values())
        assert counts == min(given_votes, each)
        assert over.get(voter, 0) == given_votes - counts
    found = tallies(cards, each)
    assert sum(tally.votes for tally in found) == sum(len(voters) for voters in counted.values())
    assert sorted(card for tally in found for card in tally.cards) == sorted(card.id for card in cards)
    assert [tally.votes for tally in found] == sorted((tally.votes for tally in found), reverse=True)
    assert counting(tuple(reversed(cards)), each) == (counted, over)
