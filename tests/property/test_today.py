"""The day in figures, whatever is typed and picked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.minutes_typed import MOST, parse_minutes, timed_line
from store.analysis.today import AWAITED, BLOCKED, DUE, LATE, OWED, Day, Thing, filled, lists, pushes
from tui import i18n
from tui.today_words import bar_words, minutes_words, room_words

MINUTES = st.integers(0, 20_000)
THINGS = st.lists(
    st.builds(
        Thing, st.sampled_from("abcdef"), st.just("s"), st.just("item"), st.just("t"),
        st.sampled_from([AWAITED, BLOCKED, DUE, LATE, OWED, "?"]), st.sampled_from(["", "2026-11-20", "2026-11-30"]),
    )
)  # fmt: skip


@given(st.integers(1, MOST), st.sampled_from(sorted(i18n.LANGUAGES)))
def test_what_is_said_of_minutes_may_be_typed(minutes: int, language: str) -> None:
    before = i18n.language()
    i18n.set_language(language)
    try:
        assert parse_minutes(minutes_words(minutes)) == minutes
    finally:
        i18n.set_language(before)


@given(st.text())
def test_anything_may_be_typed(text: str) -> None:
    minutes = parse_minutes(text)
    assert minutes is None or 0 < minutes <= MOST
    title, span = timed_line(text)
    assert span is None or (title and 0 < span <= MOST)
    assert span is not None or title == " ".join(text.split())


@given(st.from_regex(r"[0-9一二两三半十]{0,4}(h|小时|个|刻|:)?[0-9半]{0,3}(m|分钟)?", fullmatch=True))
def test_what_looks_like_a_span_is_one_or_none(text: str) -> None:
    minutes = parse_minutes(text)
    assert minutes is None or 0 < minutes <= MOST


@given(THINGS, THINGS, THINGS)
def test_everything_is_listed_once(promised: list[Thing], stuck: list[Thing], slipping: list[Thing]) -> None:
    found = lists(promised, stuck, slipping)
    ids = [thing.id for part in found for thing in part]
    assert sorted(ids) == sorted({thing.id for thing in (*promised, *stuck, *slipping)})
    assert {thing.id for thing in found.stuck} == {thing.id for thing in stuck}
    assert [thing.due or "~" for thing in found.promised] == sorted(
        thing.due or "~" for thing in found.promised
    )


@given(MINUTES, MINUTES, MINUTES, MINUTES, st.integers(0, 80))
def test_a_bar_has_its_cells(capacity: int, meetings: int, planned: int, spent: int, cells: int) -> None:
    day = Day(capacity, meetings, planned, spent)
    taken, beyond = filled(day, cells)
    assert 0 <= beyond <= taken <= cells
    assert len(bar_words(day, cells)) == cells
    assert day.planned == min(day.planned, day.room) + day.over
    assert bool(beyond) == bool(day.over and cells)
    assert "{" not in room_words(day)


@given(st.lists(st.sampled_from(["planned", "carried over", "done", "let go"])))
def test_pushes_are_counted_since_it_was_over(states: list[str]) -> None:
    assert pushes(states) <= states.count("carried over")
    assert pushes([*states, "carried over"]) == pushes(states) + 1
    assert pushes([*states, "done"]) == 0
