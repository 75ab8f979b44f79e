"""Progress, alignment and the tree of goals hold for any numbers and any tangle of parents."""

from __future__ import annotations

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.alignment import NOTHING, Cell, Work, alignment
from store.analysis.goal_progress import NO_DISTANCE, Point, levels, progress, sampled
from store.analysis.goal_tree import above, beneath, branches
from store.goal_line import read_goal, unit_of

NUMBERS = st.one_of(
    st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-100, 100).map(float)
)
GOALS = [f"g{n}" for n in range(8)]
PARENTS = st.fixed_dictionaries({goal: st.sampled_from(["", "gone", *GOALS]) for goal in GOALS})
WORK = st.lists(
    st.builds(
        Work, st.sampled_from([*GOALS, "gone"]), st.sampled_from(["a", "b", "", "old"]), st.integers(0, 9),
        st.integers(0, 9), st.integers(0, 99).map(float), st.integers(0, 99).map(float),
    )
)  # fmt: skip


@given(NUMBERS, NUMBERS, NUMBERS)
def test_progress_is_a_fraction_or_a_reason(
    baseline: float | None, current: float | None, target: float | None
) -> None:
    found = progress(baseline, current, target)
    assert (found.fraction is None) == bool(found.reason)
    if found.fraction is not None:
        assert 0 <= found.fraction <= 1
        assert (found.percent == 100) == found.done
        assert not (found.done and found.worse)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_turning_all_numbers_round_changes_nothing(baseline: int, current: int, target: int) -> None:
    assert progress(baseline, current, target) == progress(-baseline, -current, -target)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_way_of_no_length_is_said(at: float, current: float) -> None:
    found = progress(at, current, at)
    assert found.reason == NO_DISTANCE
    assert found.done == (current == at)


@given(PARENTS)
def test_every_goal_is_in_the_tree_once(parents: dict[str, str]) -> None:
    tree = branches(parents)
    assert sorted(branch.id for branch in tree) == GOALS
    assert tree[0].depth == 0
    assert all(after.depth <= before.depth + 1 for before, after in pairwise(tree))
    for goal in GOALS:
        assert goal not in above(parents, goal)
        assert goal not in beneath(parents, goal)


@given(PARENTS, WORK)
def test_the_sums_of_the_matrix_hold(parents: dict[str, str], work: list[Work]) -> None:
    found = alignment(parents, work, ("a", "b"))

    def added(cells: list[Cell]) -> Cell:
        total = NOTHING
        for cell in cells:
            total = total.plus(cell)
        return total

    known = [piece for piece in work if piece.goal in parents]
    assert found.total.items == sum(piece.open + piece.done for piece in known)
    assert found.total == added(list(found.totals.values()))
    assert found.total == added([row.total for row in found.rows if row.depth == 0])
    for row in found.rows:
        assert row.total == added(list(row.cells.values()))
    assert set(found.columns) >= {"a", "b"} | {piece.department for piece in known}
    own = {goal: added([NOTHING.plus(piece) for piece in known if piece.goal == goal]) for goal in GOALS}
    tops = [row.goal for row in found.rows if row.depth == 0]
    for row in found.rows:
        if row.goal in tops and not any(parents[goal] == row.goal for goal in GOALS):
            assert row.total == own[row.goal]


@given(
    st.text(alphabet="0123456789.,-+>→ =%从到fromto 家:；\u3000２０》$", max_size=40) | st.text(max_size=40)
)
def test_the_line_is_read_without_a_failure(line: str) -> None:
    found = read_goal(line)
    assert isinstance(found["title"], str)
    assert line == "" or found["title"]
    unit_of(str(found.get("metric", "")))


@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(-1e300, 1e300)), unique_by=lambda pair: pair[0]),
    st.integers(0, 30),
)
def test_a_history_is_sampled_from_its_first_to_its_last_day(
    days: list[tuple[int, float]], count: int
) -> None:
    points = [
        Point(datetime.date(2026, 1, 1) + datetime.timedelta(day), value) for day, value in sorted(days)
    ]
    found = sampled(points, count)
    assert len(found) <= count
    if points and count:
        assert found[-1] == points[-1].value
        assert set(found) <= {point.value for point in points}
        if count > 1 and len(found) > 1:
            assert found[0] == points[0].value
    heights = levels(found)
    assert len(heights) == len(found)
    assert all(0 <= height <= 7 for height in heights)
