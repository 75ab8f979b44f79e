"""The team's pulse: one answer a member and week, and nothing told that only one or two said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import queries
from store.analysis.pulse import EVERYBODY, LEAST, Answer, moods
from store.change import Change
from store.database import Store
from store.errors import StoreError
from store.pulses import answer, last_periods, own_answer, parse_week, period_of, pulse_id, read_moods
from store.review import disagreements
from store.undo import undo
from store.unseen import unseen
from tests.conftest import TODAY, exchange
from tui.retro_words import BARS, UNSHOWN, sparkline

WEEK = "2026-W48"


def test_a_member_has_one_answer_a_week(store: Store) -> None:
    assert period_of(TODAY) == WEEK
    answer(store, 2, "so much to do")
    answer(store, 4)
    assert own_answer(store, WEEK) == (4, "")
    [count] = store.conn.execute("SELECT count(*) FROM p_pulse").fetchone()
    assert count == 1
    undo(store)
    assert own_answer(store, WEEK) == (2, "so much to do")
    undo(store)
    assert own_answer(store, WEEK) is None
    answer(store, 5)
    assert own_answer(store, WEEK) == (5, "")


def test_two_devices_of_a_member_make_one_answer_that_may_diverge(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Han")
    answer(store, 3)
    with Change(other, "add") as made:  # the same member, on another device
        fields = {"member": store.member, "period": WEEK, "score": 5}
        made.create("pulse", fields, ent=pulse_id(store.member, WEEK))
    exchange(store, other)
    [count] = store.conn.execute("SELECT count(*) FROM p_pulse").fetchone()
    assert count == 1
    assert [d.field for d in queries.divergences(store, pulse_id(store.member, WEEK))] == ["score"]
    assert [one.field for one in disagreements(store)] == ["score"]
    assert disagreements(other) == []  # of another member's answer it shows nothing


def test_a_department_is_shown_once_three_have_answered(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    department = queries.departments(store)[0].id
    replicas = [store, teammate("Han"), teammate("Wang")]
    for replica in replicas:
        with Change(replica, "set") as made:
            made.set(replica.member, {"department": department})
    for replica, score in zip(replicas[:2], (2, 4), strict=True):
        answer(replica, score, f"line {score}")
    exchange(*replicas)
    [mood] = read_moods(store, WEEK, 1)[department]
    assert (mood.answered, mood.mean, mood.notes) == (2, None, ())
    answer(replicas[2], 3, "line 3")
    exchange(*replicas)
    for replica in replicas:
        [mood] = read_moods(replica, WEEK, 1)[department]
        assert (mood.answered, mood.mean, mood.notes) == (3, 3.0, ("line 2", "line 3", "line 4"))
    assert unseen(store) == {pulse_id(replica.member, WEEK) for replica in replicas[1:]}


@pytest.mark.parametrize("score", [0, 6, "x"])
def test_what_is_no_score_is_refused(store: Store, score: int) -> None:
    with pytest.raises(StoreError, match="bad-value"):
        answer(store, score)
    assert read_moods(store, WEEK) == {}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-W48", WEEK),
        ("2026w48", WEEK),
        ("2026-W1", "2026-W01"),
        ("2026-W54", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_weeks_as_they_are_typed(text: str, period: str) -> None:
    assert parse_week(text) == period


def test_the_weeks_before_a_new_year() -> None:
    assert last_periods("2027-W01", 3) == ["2026-W52", "2026-W53", "2027-W01"]


@given(
    st.lists(
        st.tuples(st.sampled_from(("a", "b", "c")), st.integers(1, 5), st.sampled_from(("", "x", "y"))),
        max_size=14,
    )
)
def test_nothing_is_told_of_fewer_than_three(drawn: list[tuple[str, int, str]]) -> None:
    answers = [Answer(who, WEEK, score, note) for who, score, note in drawn]
    found = moods(answers, [WEEK])
    shown = 0
    for who in "abc":
        own = [one for one in answers if one.department == who]
        if not own:
            assert who not in found
            continue
        [mood] = found[who]
        assert mood.answered == len(own)
        if len(own) < LEAST:
            assert (mood.mean, mood.notes) == (None, ())
        else:
            shown += len(own)
            assert mood.mean == pytest.approx(sum(one.score for one in own) / len(own))
            assert list(mood.notes) == sorted(one.note for one in own if one.note)
    if answers:
        [everybody] = found[EVERYBODY]
        rest = everybody.answered - shown
        assert rest == 0 or rest >= LEAST or not shown
        assert (everybody.mean is None) == (everybody.answered < LEAST)


def test_a_trend_is_drawn_from_one_to_five() -> None:
    assert sparkline([1, 3, 5, None]) == BARS[0] + BARS[4] + BARS[-1] + UNSHOWN
