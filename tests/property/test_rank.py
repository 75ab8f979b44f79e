"""Positions: between any two there is a third, and repeated use keeps them short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.rank import between, is_rank, spread


@given(st.lists(st.tuples(st.integers(0, 10_000), st.text("0aZz9", max_size=3)), max_size=60))
def test_inserting_anywhere_keeps_the_order_that_was_meant(places: list[tuple[int, str]]) -> None:
    keys: list[str] = []
    for place, jitter in places:
        index = place % (len(keys) + 1)
        low = keys[index - 1] if index else None
        high = keys[index] if index < len(keys) else None
        key = between(low, high, jitter)
        assert is_rank(key)
        assert low is None or low < key
        assert high is None or key < high
        keys.insert(index, key)
    assert keys == sorted(keys)


@given(st.integers(0, 200))
def test_spread_gives_ascending_keys_in_the_gap(count: int) -> None:
    low = between(None, None)
    high = between(low, None)
    keys = spread(count, low, high)
    assert len(keys) == count
    assert [low, *keys, high] == sorted({low, *keys, high})


def test_adding_at_either_end_keeps_keys_short() -> None:
    first = last = None
    for _ in range(5_000):
        first, last = between(None, first), between(last, None)
    assert len(first) <= 9
    assert len(last) <= 9


def test_two_replicas_rarely_choose_the_same_key() -> None:
    low, high = "a0", "a1"
    assert len({between(low, high) for _ in range(1_000)}) > 980


def test_no_key_lies_between_equal_keys() -> None:
    with pytest.raises(ValueError, match="no key lies between"):
        between("a1", "a1")


@pytest.mark.parametrize(
    "text", ["", "a", "a00", "!!", "a0\n", "中文", "A" + "0" * 26, "zzz", 7, None, "a0" + "x" * 500]
)
def test_what_a_peer_might_send_instead_of_a_key_is_recognised(text: object) -> None:
    assert not is_rank(text)
