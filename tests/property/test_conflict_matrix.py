"""Counting conflicts by pairs: nothing is counted twice in a pair, and nothing is left out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.conflict_matrix import Counted, matrix, pairs_of

sides = st.lists(st.sampled_from(["", "d1", "d2", "d3", "d4", "d5"]), max_size=11).map(tuple)
conflicts = st.lists(
    st.builds(Counted, st.just(""), sides, st.booleans(), st.integers(0, 3)), max_size=30
).map(lambda found: [one._replace(id=f"c{number}") for number, one in enumerate(found)])


@given(sides)
def test_sides_are_paired_whatever_their_order(parties: tuple[str, ...]) -> None:
    pairs = pairs_of(parties)
    count = len(set(parties))
    assert pairs == pairs_of(parties[::-1])
    assert len(pairs) == len(set(pairs)) == (count * (count - 1) // 2 if count > 1 else 1)


@given(conflicts)
def test_every_conflict_stands_under_each_of_its_pairs_once(found: list[Counted]) -> None:
    rows = matrix(found)
    assert len({row.sides for row in rows}) == len(rows)
    expected = Counter((one.id, pair) for one in found for pair in pairs_of(one.parties))
    counted = Counter((ent, row.sides) for row in rows for ent in (*row.open, *row.closed))
    assert counted == expected


@given(conflicts)
def test_open_and_closed_exclude_each_other_and_reopened_is_a_part_of_both(found: list[Counted]) -> None:
    over = {one.id for one in found if one.closed}
    back = {one.id for one in found if one.reopened}
    for row in matrix(found):
        assert set(row.closed) <= over
        assert not over & set(row.open)
        assert set(row.reopened) == back & {*row.open, *row.closed}


@given(conflicts)
def test_the_pairs_with_most_open_conflicts_come_first(found: list[Counted]) -> None:
    counts = [len(row.open) for row in matrix(found)]
    assert counts == sorted(counts, reverse=True)


@given(conflicts, st.randoms(use_true_random=False))
def test_the_order_of_the_conflicts_changes_no_count(found: list[Counted], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = matrix(found), matrix(shuffled)
    assert [(row.sides, *map(sorted, row[1:])) for row in one] == [
        (row.sides, *map(sorted, row[1:])) for row in other
    ]
