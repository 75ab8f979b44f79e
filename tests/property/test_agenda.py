"""An agenda's order is the same whatever order things come in, and never a list of everything."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.agenda import MOST, SOURCES, Subject, chosen, ordered, source, urgency

SUBJECTS = st.lists(
    st.builds(
        Subject,
        st.text("abc", min_size=1, max_size=4),
        st.sampled_from(["", "item", "conflict", "commitment", "feedback", "novelty"]),
        st.booleans(),
        st.none() | st.integers(1, 4),
        st.sampled_from(["", "2026-11-20", "2026-12-01"]),
        st.booleans(),
        st.integers(0, 3),
        st.integers(0, 5),
        st.sampled_from(["", "a0", "a1"]),
    ),
    max_size=40,
    unique_by=lambda subject: subject.id,
)


@given(SUBJECTS, st.randoms())
def test_the_order_in_which_things_come_makes_no_difference(subjects: list[Subject], random: object) -> None:
    mixed = list(subjects)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert ordered(mixed) == ordered(subjects)
    assert chosen(mixed) == chosen(subjects)


@given(SUBJECTS, st.integers(1, MOST))
def test_the_most_pressing_of_each_source_are_chosen(subjects: list[Subject], most: int) -> None:
    found = chosen(subjects, most)
    assert found == [subject for subject in ordered(subjects) if subject in found]
    counts, taken = Counter(map(source, subjects)), Counter(map(source, found))
    for place in range(len(SOURCES)):
        assert taken[place] == min(counts[place], most)
    for left in set(subjects) - set(found):
        assert all(urgency(one) < urgency(left) for one in found if source(one) == source(left))
