"""The say-do ratio counts what came to its end, by pairs, whatever order promises come in."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.saydo import Word, end_of, say_do

TODAY = datetime.date(2026, 11, 23)
DAYS = st.one_of(
    st.just(""),
    st.integers(-60, 60).map(lambda offset: (TODAY + datetime.timedelta(days=offset)).isoformat()),
)
SIDES = st.sampled_from(["", "a", "b", "c"])
WORDS = st.builds(
    Word, SIDES, SIDES, st.sampled_from(["promised", "renegotiated", "kept", "broken", "frozen"]), DAYS, DAYS, DAYS,
    st.booleans(),
)  # fmt: skip


def test_an_example_by_hand() -> None:
    words = [
        Word("sc", "yf", "kept", "2026-11-20", "2026-11-19", confirmed=True),
        Word("sc", "yf", "kept", "2026-11-20", "2026-11-21"),  # late, and kept all the same
        Word("sc", "yf", "kept", "2026-11-20", "2026-11-20", "2026-11-13"),  # kept as renegotiated
        Word("sc", "yf", "broken", "2026-11-20", "2026-11-20", "2026-11-13"),
        Word("sc", "yf", "promised", "2026-11-22", ""),  # overdue
        Word("sc", "yf", "promised", "2026-11-23", ""),  # today is not over
        Word("sc", "yf", "promised", "", ""),
        Word("yf", "sc", "kept", "", "2026-11-20"),
        Word("", "sc", "kept", "", "2026-11-20"),
    ]
    to_rd, back = say_do(words, TODAY)
    assert (to_rd.kept, to_rd.renegotiated, to_rd.broken, to_rd.overdue, to_rd.late) == (2, 1, 1, 1, 1)
    assert (to_rd.made, to_rd.percent, to_rd.unconfirmed) == (5, 40, 1)
    assert (back.giver, back.taker, back.percent) == ("yf", "sc", 100)


@given(st.lists(WORDS, max_size=30))
def test_every_promise_that_ended_between_two_sides_is_counted_once(words: list[Word]) -> None:
    now = TODAY.isoformat()
    counted = [word for word in words if word.giver and word.taker and "" < end_of(word, now) <= now]
    found = say_do(words, TODAY)
    assert sum(ratio.made for ratio in found) == len(counted)
    assert {(ratio.giver, ratio.taker) for ratio in found} == {(word.giver, word.taker) for word in counted}
    for ratio in found:
        assert ratio.percent is not None
        assert 0 <= ratio.percent <= 100
        assert max(ratio.late, ratio.unconfirmed) <= ratio.kept
        assert (ratio.percent == 100) == (ratio.kept == ratio.made)


@given(st.lists(WORDS, max_size=30), st.randoms())
def test_the_order_of_promises_makes_no_difference(words: list[Word], random: object) -> None:
    mixed = list(words)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert say_do(mixed, TODAY) == say_do(words, TODAY)


@given(st.lists(WORDS, max_size=30), st.integers(0, 60))
def test_a_period_leaves_out_what_ended_before_it_and_nothing_else(words: list[Word], days: int) -> None:
    since = TODAY - datetime.timedelta(days=days)
    inside = [word for word in words if end_of(word, TODAY.isoformat()) >= since.isoformat()]
    assert say_do(words, TODAY, since=since) == say_do(inside, TODAY)


@given(st.lists(WORDS, max_size=20))
def test_keeping_one_more_never_lowers_the_ratio(words: list[Word]) -> None:
    before = {(ratio.giver, ratio.taker): ratio.percent or 0 for ratio in say_do(words, TODAY)}
    kept = Word("a", "b", "kept", TODAY.isoformat(), TODAY.isoformat())
    after = {(ratio.giver, ratio.taker): ratio.percent or 0 for ratio in say_do([*words, kept], TODAY)}
    assert after["a", "b"] >= before.get(("a", "b"), 0)
