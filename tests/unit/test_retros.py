"""Retrospectives on one replica and several: written unseen, revealed once, grouped, voted, followed up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.analysis.retro_votes import Ballot, Tally, counting, heads, tallies
from store.change import Change
from store.database import Store
from store.errors import StoreError
from store.export import state_hash
from store.history import history
from store.integrity import check_derived
from store.retro_rows import Sheet, carried, going_on, known_retro, retros, sheet
from store.retros import (
    COLUMNS,
    FORMAT_NAMES,
    group,
    make_action,
    reveal,
    start,
    step,
    verify,
    vote,
    write_card,
)
from store.schema import RETRO_FORMATS, RETRO_STATES
from store.undo import undo
from store.unseen import HIDDEN, unseen, veiled
from tests.conftest import deliver, exchange


def begun(store: Store, title: str = "Sprint 12", form: str = "ssc", **asked: object) -> str:
    return start(store, title, form, **asked).ids[0]  # type: ignore[arg-type]


def wall(store: Store, ent: str) -> Sheet:
    found = sheet(store, ent)
    assert found is not None
    return found


def card(store: Store, ent: str, text: str, column: str = "start") -> str:
    return write_card(store, ent, column, text).ids[0]


def titles(found: Sheet) -> list[str]:
    return [one.title for one in found.cards]


def test_every_format_has_columns_and_a_name() -> None:
    assert set(COLUMNS) == set(FORMAT_NAMES) == set(RETRO_FORMATS)
    for columns in COLUMNS.values():
        codes = [code for code, _label in columns]
        assert len(codes) == len(set(codes)) >= 3


def test_others_cards_are_counted_and_not_shown_until_they_are_revealed(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = begun(store)
    other = teammate("Han")
    card(store, ent, "mine")
    card(other, ent, "theirs", "stop")
    exchange(store, other)
    assert (titles(wall(store, ent)), wall(store, ent).unseen) == (["mine"], {"stop": 1})
    assert (titles(wall(other, ent)), wall(other, ent).unseen) == (["theirs"], {"start": 1})
    assert wall(store, ent).retro.cards == 2
    reveal(store, ent)
    exchange(store, other)
    for replica in (store, other):
        assert set(titles(wall(replica, ent))) == {"mine", "theirs"}
        assert wall(replica, ent).unseen == {}


def test_the_log_tells_that_something_was_written_and_not_what(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = begun(store)
    other = teammate("Han")
    theirs = card(other, ent, "what I really think")
    exchange(store, other)
    hidden = unseen(store)
    assert hidden == {theirs}
    shown = [veiled(entry, hidden) for entry in history(store)]
    values = [write.new for entry in shown for write in entry.writes if write.ent == theirs]
    assert values
    assert set(values) == {HIDDEN}
    assert unseen(other) == frozenset()
    reveal(other, ent)
    exchange(store, other)
    assert unseen(store) == frozenset()


def test_a_card_that_comes_after_the_reveal_still_shows(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = begun(store)
    other = teammate("Han")
    card(other, ent, "written on a plane")
    reveal(store, ent)
    deliver(other, store)
    assert titles(wall(store, ent)) == ["written on a plane"]


def test_two_reveal_at_once_and_it_is_revealed_once(store: Store, teammate: Callable[[str], Store]) -> None:
    ent = begun(store)
    other = teammate("Han")
    reveal(store, ent)
    reveal(other, ent)
    exchange(store, other)
    assert wall(store, ent).retro.state == wall(other, ent).retro.state == "grouping"
    assert queries.divergences(store, ent) == []
    step(store, ent)
    reveal(store, ent)
    assert wall(store, ent).retro.state == "voting"


def test_it_goes_from_part_to_part_and_stays_at_either_end(store: Store) -> None:
    ent = begun(store)
    seen = [wall(store, ent).retro.state]
    for _ in range(6):
        step(store, ent)
        seen.append(wall(store, ent).retro.state)
    assert seen == [*RETRO_STATES, "ended", "ended"]
    assert going_on(store) == 0
    step(store, ent, -9)
    assert wall(store, ent).retro.state == "writing"


def test_everybody_has_so_many_votes(store: Store) -> None:
    ent = begun(store, votes=2)
    cards = [card(store, ent, text) for text in "abc"]
    with pytest.raises(StoreError, match="retro-not-voting"):
        vote(store, ent, cards[0])
    reveal(store, ent)
    step(store, ent)
    vote(store, ent, cards[0])
    vote(store, ent, cards[1])
    with pytest.raises(StoreError, match="no-votes-left"):
        vote(store, ent, cards[2])
    vote(store, ent, cards[0])
    assert wall(store, ent).votes_left(store.member) == 1
    vote(store, ent, cards[2])
    assert wall(store, ent).votes_left(store.member) == 0


def test_votes_given_on_two_devices_at_once_beyond_what_one_has_are_said_and_do_not_count(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = begun(store, votes=1)
    cards = sorted(card(store, ent, text) for text in "ab")
    reveal(store, ent)
    step(store, ent)
    other = teammate("Han")
    vote(store, ent, cards[1])
    with Change(other, "set") as made:  # the same member, on another device
        made.add_to(cards[0], "voters", [store.member])
    exchange(store, other)
    for replica in (store, other):
        found = wall(replica, ent)
        assert found.over == {store.member: 1}
        assert [(tally.head, tally.votes) for tally in found.tallies] == [(cards[0], 1), (cards[1], 0)]


def test_a_group_has_the_votes_of_its_cards(store: Store, teammate: Callable[[str], Store]) -> None:
    ent = begun(store)
    first, second, third = (card(store, ent, text) for text in "abc")
    reveal(store, ent)
    group(store, [second], first)
    step(store, ent)
    other = teammate("Han")
    vote(store, ent, first)
    vote(other, ent, second)
    vote(other, ent, third)
    exchange(store, other)
    tally = wall(store, ent).tallies
    assert [(one.head, set(one.cards), one.votes) for one in tally] == [
        (first, {first, second}, 2), (third, {third}, 1),
    ]  # fmt: skip
    group(store, [second], None)
    assert {one.head for one in wall(store, ent).tallies} == {first, second, third}


def test_what_is_grouped_in_a_circle_has_one_head_everywhere(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = begun(store)
    first, second = (card(store, ent, text) for text in "ab")
    reveal(store, ent)
    other = teammate("Han")
    with Change(store, "set") as made:
        made.set(first, {"group": second})
    with Change(other, "set") as made:
        made.set(second, {"group": first})
    exchange(store, other)
    assert wall(store, ent).tallies == wall(other, ent).tallies
    assert [one.head for one in wall(store, ent).tallies] == [min(first, second)]


def test_actions_come_back_until_they_are_verified(store: Store) -> None:
    ent = begun(store)
    done = make_action(store, ent, {"title": "sync weekly"}, "two weeks in a row").ids[0]
    late = make_action(store, ent, {"title": "template", "due": "2026-12-01"}).ids[0]
    assert [action.verify for action in wall(store, ent).actions] == ["two weeks in a row", ""]
    verify(store, done)
    following = begun(store, "Sprint 13")
    assert [action.id for action in wall(store, following).carried] == [late]
    third = begun(store, "Sprint 14")
    assert [action.id for action in wall(store, third).carried] == [late]
    verify(store, late)
    assert wall(store, third).carried == ()
    assert wall(store, third).actions == ()
    verify(store, late, verified=False)
    assert [action.id for action in wall(store, third).carried] == [late]
    assert wall(store, ent).actions[0].verified == "2026-11-23"


def test_departments_follow_up_their_own_retrospective(store: Store) -> None:
    one, two = [row.id for row in queries.departments(store)][:2]
    first = begun(store, "of one", departments=[one])
    begun(store, "of two", departments=[two])
    assert wall(store, begun(store, "again", departments=[one])).retro.previous == first


def test_a_circle_of_retrospectives_ends(store: Store) -> None:
    first, second = begun(store, "a"), begun(store, "b")
    commands.set_fields(store, [first], {"previous": second})
    action = make_action(store, second, {"title": "x"}).ids[0]
    assert [one.id for one in carried(store, known_retro(store, first))] == [action]


def test_three_replicas_run_a_retrospective(store: Store, teammate: Callable[[str], Store]) -> None:
    before = begun(store, "Sprint 11")
    action = make_action(store, before, {"title": "from before"}).ids[0]
    ent = begun(store, "Sprint 12", "sailboat")
    replicas = [store, teammate("Han"), teammate("Wang")]
    for number, replica in enumerate(replicas):
        card(replica, ent, f"wind {number}", "wind")
        card(replica, ent, f"anchor {number}", "anchor")
    exchange(*replicas)
    assert [sum(wall(replica, ent).unseen.values()) for replica in replicas] == [4, 4, 4]
    reveal(replicas[1], ent)
    exchange(*replicas)
    [best] = [one.id for one in wall(store, ent).cards if one.title == "anchor 2"]
    step(replicas[2], ent)
    exchange(*replicas)
    for replica in replicas:
        vote(replica, ent, best)
    verify(replicas[1], action)
    exchange(*replicas)
    made = make_action(replicas[2], ent, {"title": "cut the anchor"}, "no late release").ids[0]
    exchange(*replicas)
    sheets = [wall(replica, ent) for replica in replicas]
    assert {one.tallies[0] for one in sheets} == {Tally(best, (best,), 3)}
    assert {tuple(one.id for one in found.actions) for found in sheets} == {(made,)}
    assert {found.carried for found in sheets} == {()}
    assert len({state_hash(replica) for replica in replicas}) == 1
    for replica in replicas:
        assert check_derived(replica) == []


def test_bad_requests_are_refused_before_anything_is_written(store: Store) -> None:
    ent = begun(store)
    with pytest.raises(StoreError, match="no-such-column"):
        write_card(store, ent, "wind", "x")
    with pytest.raises(StoreError, match="not-found"):
        write_card(store, "nowhere", "start", "x")
    with pytest.raises(StoreError, match="not-found"):
        vote(store, ent, ent)
    commands.trash(store, [ent])
    with pytest.raises(StoreError, match="not-found"):
        reveal(store, ent)
    assert retros(store) == []


def test_undo_takes_back_a_vote_and_a_card(store: Store) -> None:
    ent = begun(store)
    only = card(store, ent, "x")
    step(store, ent, 2)
    vote(store, ent, only)
    undo(store)
    assert wall(store, ent).votes_left(store.member) == 3
    undo(store)
    undo(store)
    assert titles(wall(store, ent)) == []


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": "", "b": "a", "c": "b"}, {"a": "a", "b": "a", "c": "a"}),
        ({"a": "gone", "b": "a"}, {"a": "a", "b": "a"}),
        ({"b": "c", "c": "b", "d": "c"}, {"b": "b", "c": "b", "d": "b"}),
        ({"a": "a"}, {"a": "a"}),
        ({}, {}),
    ],
)
def test_heads_of_groups(groups: dict[str, str], expected: dict[str, str]) -> None:
    assert heads(groups) == expected


def test_counting_votes() -> None:
    cards = [Ballot("b", "", ("x", "y")), Ballot("a", "", ("x",)), Ballot("c", "b", ("x",))]
    counted, over = counting(cards, 2)
    assert counted == {"a": ("x",), "b": ("x", "y"), "c": ()}
    assert over == {"x": 1}
    assert tallies(cards, 2) == [Tally("b", ("b", "c"), 2), Tally("a", ("a",), 1)]
