"""Figures of any quarter are what counting day by day, in the most naive way, gives."""

from __future__ import annotations

import datetime
from itertools import combinations
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from store.analysis.quarter import joined, percentile, quarter_report
from store.analysis.quarter_shapes import ConflictRow, FeedbackRow, PromiseRow, Report, Rows, Written
from store.quarter_rows import span_of
from store.schema import CONFLICT_STATES, ROOT_CAUSES

DAY = 86_400_000
FIRST = datetime.date(2026, 10, 1)
BEGIN = int(datetime.datetime.combine(FIRST, datetime.time.min).timestamp() * 1000)
NOW = BEGIN + 60 * DAY
SPAN = span_of(FIRST, NOW, FIRST + datetime.timedelta(60))
DEPARTMENTS = ("ma", "pd", "rd")
days = st.integers(-90, 100)  # from the first of the quarter, most of them within it

conflicts = st.lists(
    st.tuples(
        days,
        st.lists(st.sampled_from(DEPARTMENTS), unique=True, max_size=3).map(sorted),
        st.sampled_from(("", *ROOT_CAUSES)),
        # Steps of two days at least: corrections, which take a step back within one, have tests of their own.
        st.lists(st.tuples(st.integers(2, 30), st.sampled_from(CONFLICT_STATES)), max_size=6),
    ),
    max_size=8,
)


def rows_of(drawn: list[tuple[int, list[str], str, list[tuple[int, str]]]]) -> Rows:
    found, written = [], []
    for number, (day, parties, cause, steps) in enumerate(drawn):
        at = BEGIN + day * DAY
        found.append(ConflictRow(f"c{number}", at, at, cause, tuple(parties)))
        for wait, state in steps:
            at += wait * DAY
            written.append(Written(f"c{number}", "state", state, at))
    return Rows(found, written)


def counted(rows: Rows) -> tuple[set[str], set[str], set[str], set[str], list[float]]:
    """Walk every conflict through its states and note what happens in the quarter."""
    opened, closed, reopened, still, waits = set(), set(), set(), set(), []
    for row in rows.conflicts:
        if row.opened >= SPAN.upto:
            continue
        if SPAN.start <= row.opened:
            opened.add(row.id)
        state, since, stood = "logged", row.opened, "logged"
        for write in rows.written:
            if write.ent != row.id or write.value == state:
                continue
            after, here = str(write.value), SPAN.start <= write.at < SPAN.upto
            over = ("decided", "checking", "closed")
            if after in over and state not in over:
                waits += [(write.at - since) / DAY] * here
            if after == "closed" and here:
                closed.add(row.id)
            if (state == "closed" or (after == "reopened" and state in over)) and here:
                reopened.add(row.id)
            if state == "closed" or (state in over and after not in over):
                since = write.at
            state = after
            if write.at < SPAN.upto:
                stood = after
        if stood != "closed":
            still.add(row.id)
    return opened, closed, reopened, still, waits


@given(conflicts)
@settings(max_examples=150, deadline=None)
def test_conflicts_are_counted_as_by_hand(
    drawn: list[tuple[int, list[str], str, list[tuple[int, str]]]],
) -> None:
    rows = rows_of(drawn)
    report = quarter_report(rows, SPAN)
    opened, closed, reopened, still, waits = counted(rows)
    assert set(report.opened.ids) == opened
    assert set(report.closed.ids) == closed
    assert set(report.reopened.ids) == reopened
    assert set(report.open_still.ids) == still
    assert report.decision_median == (median(waits) if waits else None)
    by_pair: dict[tuple[tuple[str, str], str], int] = {}
    for row in rows.conflicts:
        for pair in combinations(row.parties, 2):
            by_pair[pair, row.cause] = by_pair.get((pair, row.cause), 0) + (row.id in opened)
    for line in report.pairs:
        if all(line.pair):
            assert line.opened.value == by_pair[line.pair, line.cause]
    assert _agrees(report)


def _agrees(report: Report) -> bool:
    """Tell whether every count is as large as the list of what was counted."""
    figures = (report.opened, report.closed, report.reopened, report.open_still, report.overdue)
    return all(figure.value == len(set(figure.ids)) for figure in figures)


promises = st.lists(
    st.tuples(days, st.sampled_from(("promised", "kept", "broken", "renegotiated")), st.booleans()),
    max_size=8,
)


@given(promises)
@settings(max_examples=100, deadline=None)
def test_promises_are_counted_as_by_hand(drawn: list[tuple[int, str, bool]]) -> None:
    rows = []
    for number, (day, state, moved) in enumerate(drawn):
        due = (FIRST + datetime.timedelta(day)).isoformat()
        rows.append(PromiseRow(f"p{number}", "rd", "ma", state, due, "2026-01-01" if moved else ""))
    found = quarter_report(Rows(promises=rows), SPAN).promises
    over = [
        row
        for row in rows
        if SPAN.first <= row.due <= SPAN.last and (row.state in ("kept", "broken") or row.due < SPAN.today)
    ]
    straight = [row for row in over if row.state != "renegotiated" and not row.first_due]
    kept = [row for row in straight if row.state == "kept"]
    assert (found.made.value, found.kept.value) == (len(over), len(kept))
    assert found.renegotiated.value == len(over) - len(straight)
    assert found.percent == (100 * len(kept) / len(over) if over else None)


@given(st.lists(st.tuples(days, st.none() | st.integers(0, 40)), max_size=8))
@settings(max_examples=100, deadline=None)
def test_answers_are_counted_as_by_hand(drawn: list[tuple[int, int | None]]) -> None:
    rows = []
    for number, (day, waited) in enumerate(drawn):
        came = FIRST + datetime.timedelta(day)
        answered = "" if waited is None else (came + datetime.timedelta(waited)).isoformat()
        rows.append(FeedbackRow(f"f{number}", came.isoformat(), answered))
    report = quarter_report(Rows(feedback=rows), SPAN)
    came_in = [row for row in rows if SPAN.first <= row.came <= SPAN.last]
    assert report.feedback.value == len(came_in)
    assert report.answered.value == sum(bool(row.answered) and row.answered <= SPAN.last for row in came_in)
    waits = [
        waited
        for row, (_day, waited) in zip(rows, drawn, strict=True)
        if waited is not None and SPAN.first <= row.answered <= SPAN.last
    ]
    assert report.answer_days.value == (median(waits) if waits else None)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=8))
@settings(max_examples=100, deadline=None)
def test_joined_spans_cover_the_same_moments_once(drawn: list[tuple[int, int]]) -> None:
    spans = [(start, start + length) for start, length in drawn]
    covered = {moment for start, end in spans for moment in range(start, end)}
    found = joined(spans)
    assert sum(end - start for start, end in found) == len(covered)
    assert {moment for start, end in found for moment in range(start, end)} == covered


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.floats(0.01, 1))
@settings(max_examples=100, deadline=None)
def test_a_percentile_is_passed_by_no_more_than_the_rest(values: list[float], share: float) -> None:
    ordered = sorted(values)
    found = percentile(ordered, share)
    assert found in ordered
    assert sum(value <= found for value in ordered) >= share * len(ordered) - 1e-9
