"""Joining segments: whatever arrives, files stay few, an op is rewritten seldom, and nothing grows past the limit."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sync.compaction import plan

FANS = st.integers(2, 9)
LIMITS = st.integers(10, 5_000)
ARRIVALS = st.lists(
    st.one_of(st.just(1), st.integers(1, 12), st.sampled_from([8, 64, 500, 1_000]), st.integers(1, 3_000)),
    max_size=120,
)


def ruler(number: int, base: int) -> int:
    """The greatest power of `base` that divides a number: the order of sizes that is worst for joining by size."""
    power = 1
    while number % base == 0:
        number //= base
        power *= base
    return power


@given(ARRIVALS, FANS, LIMITS)
def test_what_is_joined_are_neighbours_and_fits(arrivals: list[int], fan: int, limit: int) -> None:
    weights = [min(weight, limit) for weight in arrivals]
    ranges = plan(weights, fan, limit)
    assert all(end - start > 1 for start, end in ranges)
    assert all(end <= start for (_, end), (start, _) in pairwise(ranges))
    for start, end in ranges:
        assert 0 <= start < end <= len(weights)
        assert sum(weights[start:end]) <= limit
        assert max(weights[start:end]) * 2 <= limit


@given(ARRIVALS, FANS, LIMITS)
def test_a_plan_leaves_nothing_to_plan(arrivals: list[int], fan: int, limit: int) -> None:
    weights = [min(weight, limit) for weight in arrivals]
    assert plan(joined(weights, fan, limit), fan, limit) == []


def joined(weights: list[int], fan: int, limit: int) -> list[int]:
    after = weights.copy()
    for start, end in reversed(plan(weights, fan, limit)):
        after[start:end] = [sum(weights[start:end])]
    return after


@given(ARRIVALS, FANS, LIMITS)
def test_an_op_is_rewritten_at_most_twice_a_tier(arrivals: list[int], fan: int, limit: int) -> None:
    check(arrivals, fan, limit)


def test_the_worst_order_of_sizes_is_harmless() -> None:
    for base in (2, 3, 8):
        check([ruler(number, base) for number in range(1, 2_000)], 8, 20_000)
    check([1] * 5_000, 8, 20_000)


def check(arrivals: list[int], fan: int, limit: int) -> None:
    """Let segments arrive one by one, each followed by what joining does, and count."""
    segments: list[tuple[int, int]] = []  # weight, and how often its most rewritten op was rewritten
    tiers = math.ceil(math.log(limit, fan)) + 1
    for weight in arrivals:
        segments.append((min(weight, limit), 0))
        for start, end in reversed(plan([weight for weight, _ in segments], fan, limit)):
            part = segments[start:end]
            segments[start:end] = [(sum(weight for weight, _ in part), max(times for _, times in part) + 1)]
        total = sum(weight for weight, _ in segments)
        # Between two full segments a few others are left, and of each tier a fan and what lies between.
        between = max(2, fan // 2)
        assert len(segments) <= between * (2 * total // limit + 1 + fan * tiers)
    assert max((times for _, times in segments), default=0) <= 2 * tiers
    assert sum(weight for weight, _ in segments) == sum(min(weight, limit) for weight in arrivals)
