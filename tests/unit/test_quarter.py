"""A quarter in figures: known answers, what counts and what does not, the same for everybody, and in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from store import commands
from store.analysis.courses import DAY, Decision, course
from store.analysis.quarter import percentile
from store.analysis.quarter_shapes import Report, Span
from store.database import Store
from store.quarter_rows import called, is_large, parse_quarter, read_report, read_rows, span_of
from store.undo import undo
from tests.conftest import Clock, add_item, exchange
from tests.sample_quarter import HOSTILE, fill_quarter
from tui import i18n
from tui.reports.markdown import escaped, markdown
from tui.reports.page import page
from tui.reports.quarter import ids_behind, quarter_document
from tui.reports.tables import Document

Q4 = datetime.date(2026, 10, 1)
TODAY = datetime.date(2026, 12, 21)


def quarter_of(store: Store, first: datetime.date = Q4, today: datetime.date = TODAY) -> Report:
    from store.analysis.quarter import quarter_report

    span = span_of(first, store.now(), today)
    return quarter_report(read_rows(store, span), span)


def document_of(store: Store) -> Document:
    report = quarter_of(store)
    return quarter_document(report, called(store, ids_behind(report)), lambda ent: ent[:4], workspace="A<b>")


@pytest.fixture
def filled(store: Store, clock: Clock) -> SimpleNamespace:
    return fill_quarter(store, clock)


def test_a_quarter_with_known_answers(store: Store, filled: SimpleNamespace) -> None:
    report = quarter_of(store)
    first, second, third = filled.first, filled.second, filled.third
    assert set(report.opened.ids) == {first, second, third}
    assert report.closed.ids == (first,)
    assert report.reopened.ids == (first,)
    assert set(report.open_still.ids) == {first, second, third}
    assert set(report.decided.ids) == {first, second}
    assert report.decision_median == pytest.approx(4, abs=0.01)
    assert report.decision_p85 == pytest.approx(6, abs=0.01)
    assert report.overdue.ids == (third,)
    assert (report.delayed.value, report.delayed.ids) == (5, (filled.item,))
    assert [(row.days, row.conflicts) for row in report.delays] == [(5, (first,))]
    [pair] = [row.pair for row in report.satisfaction]
    scores = {party: side.value for party, side in zip(pair, report.satisfaction[0].sides, strict=True)}
    assert scores == {filled.rd: 4.0, filled.sc: 2.0}
    [ratio] = report.say_do
    assert (ratio.giver, ratio.receiver) == (filled.rd, filled.sc)
    assert (set(ratio.made.ids), ratio.kept.ids) == (
        {filled.kept, filled.broken, filled.moved},
        (filled.kept,),
    )
    assert (ratio.renegotiated.ids, ratio.percent) == ((filled.moved,), pytest.approx(100 / 3))
    assert report.promises[2:] == ratio[2:]
    assert set(report.feedback.ids) == {filled.answered, filled.unanswered}
    assert (report.answered.ids, report.answered_percent) == ((filled.answered,), 50)
    assert (report.answer_days.value, report.answer_days.ids) == (3, (filled.answered,))
    assert set(report.actions.ids) == {filled.action, filled.other_action}
    assert report.verified.ids == (filled.action,)
    [again] = report.recurrences
    assert (again.cause, set(again.conflicts), again.cases) == ("resources", {first, second}, (filled.case,))
    counted = {(row.pair, row.cause): row for row in report.pairs}
    assert len(counted) == 4
    assert set(counted[again.pair, "resources"].opened.ids) == {first, second}
    assert counted[again.pair, "goals"].opened.ids == (third,)


def test_the_quarters_before_and_after_hold_none_of_it(store: Store, filled: SimpleNamespace) -> None:
    before = quarter_of(store, datetime.date(2026, 7, 1))
    assert (before.opened.value, before.open_still.value, before.feedback.value) == (0, 0, 0)
    assert before.pairs == before.recurrences == before.say_do == ()
    after = quarter_of(store, datetime.date(2027, 1, 1), datetime.date(2027, 1, 2))
    assert (after.opened.value, after.closed.value, after.verified.value) == (0, 0, 0)
    assert after.actions.ids == (filled.other_action,)


def test_everybody_with_the_same_ops_has_the_same_report(
    store: Store, clock: Clock, filled: SimpleNamespace, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Han")
    commands.create(store, "conflict", {"title": "a draft of mine"}, private=True)
    shared = commands.create(
        store, "conflict", {"title": "kept back a while", "parties": [filled.rd, filled.sc]}, private=True
    ).ids[0]
    commands.set_fields(store, [shared], {"state": "decided"})
    clock.advance(days=3)
    commands.share(store, [shared])
    exchange(store, other)
    here, there = quarter_of(store), quarter_of(other)
    assert here._replace(span=there.span) == there
    assert shared in here.opened.ids
    assert shared not in here.decided.ids


def test_what_is_in_the_trash_does_not_count(store: Store, filled: SimpleNamespace) -> None:
    commands.trash(store, [filled.first, filled.item, filled.kept, filled.answered, filled.action])
    report = quarter_of(store)
    behind = ids_behind(report)
    assert not behind & {filled.first, filled.item, filled.kept, filled.answered, filled.action}


def test_an_undone_decision_was_none(store: Store, clock: Clock) -> None:
    ent = commands.create(store, "conflict", {"title": "x"}).ids[0]
    clock.advance(days=1)
    commands.set_fields(store, [ent], {"state": "decided"})
    clock.advance(seconds=60)
    undo(store)
    assert quarter_of(store).decided.ids == ()


def test_a_conflict_that_came_in_closed_tells_nothing_of_how_long_it_took(store: Store) -> None:
    created = "2026-10-05T09:00:00+00:00"
    commands.create(store, "conflict", {"title": "from a table", "state": "closed", "created": created})
    report = quarter_of(store)
    assert (report.opened.value, report.closed.value, report.decided.value) == (1, 0, 0)
    assert report.open_still.value == 0


def test_an_item_in_several_conflicts_is_late_once_and_only_while_one_was_open(
    store: Store, clock: Clock
) -> None:
    item = add_item(store, "x", due="2026-12-01")
    ids = [commands.create(store, "conflict", {"title": t, "items": [item]}).ids[0] for t in ("a", "b")]
    clock.advance(days=1)
    commands.set_fields(store, [item], {"due": "2026-12-04"})
    clock.advance(days=2)
    commands.set_fields(store, ids, {"state": "closed"})
    clock.advance(days=2)
    commands.set_fields(store, [item], {"due": "2026-12-24"})
    report = quarter_of(store)
    assert (report.delayed.value, report.delayed.ids) == (3, (item,))
    assert set(report.delays[0].conflicts) == set(ids)


def test_an_item_that_came_earlier_or_had_no_day_is_not_late(store: Store, clock: Clock) -> None:
    earlier, without = add_item(store, "e", due="2026-12-20"), add_item(store, "n")
    commands.create(store, "conflict", {"title": "a", "items": [earlier, without]})
    clock.advance(days=1)
    commands.set_fields(store, [earlier, without], {"due": "2026-12-10"})
    assert quarter_of(store).delays == ()


def test_a_check_answered_by_one_side_only_is_overdue(store: Store, clock: Clock) -> None:
    from store import queries

    one, two = [row.id for row in queries.departments(store)][:2]
    ent = commands.create(
        store, "conflict", {"title": "a", "parties": [one, two], "follow_up": "2026-11-24"}
    ).ids[0]
    clock.advance(days=2)
    commands.set_fields(store, [ent], {"check": {one: "5"}})
    assert quarter_of(store).overdue.ids == (ent,)
    commands.set_fields(store, [ent], {"check": {two: "nothing said"}})
    assert quarter_of(store).overdue.ids == ()
    [said] = quarter_of(store).satisfaction
    assert sorted(side.value or 0 for side in said.sides) == [0, 5.0]
    commands.set_fields(store, [ent], {"follow_up": "2026-12-01"})
    assert quarter_of(store).overdue.ids == (ent,)


DECIDED = ((5 * DAY, "decided"),)


@pytest.mark.parametrize(
    ("states", "decisions", "closed", "reopened"),
    [
        ((), (), (), ()),
        (DECIDED, (Decision(0, 5 * DAY),), (), ()),
        ((*DECIDED, (6 * DAY, "checking"), (7 * DAY, "closed")), (Decision(0, 5 * DAY),), (7 * DAY,), ()),
        (((3 * DAY, "closed"),), (Decision(0, 3 * DAY),), (3 * DAY,), ()),
        ((*DECIDED, (5 * DAY + 1000, "logged")), (), (), ()),
        ((*DECIDED, (9 * DAY, "negotiating")), (Decision(0, 5 * DAY),), (), ()),
        (
            (*DECIDED, (9 * DAY, "reopened"), (11 * DAY, "decided")),
            (Decision(0, 5 * DAY), Decision(9 * DAY, 11 * DAY)), (), (9 * DAY,),
        ),
        (((3 * DAY, "closed"), (3 * DAY + 9, "confirmed")), (), (), ()),
        (((3 * DAY, "closed"), (3 * DAY + 9, "reopened")), (Decision(0, 3 * DAY),), (3 * DAY,), (3 * DAY + 9,)),
        (((3 * DAY, "closed"), (5 * DAY, "checking")), (Decision(0, 3 * DAY),), (3 * DAY,), (5 * DAY,)),
        (((2 * DAY, "from a newer program"), *DECIDED), (Decision(0, 5 * DAY),), (), ()),
    ],
)  # fmt: skip
def test_the_course_of_a_conflict(
    states: tuple[tuple[int, str], ...],
    decisions: tuple[Decision, ...],
    closed: tuple[int, ...],
    reopened: tuple[int, ...],
) -> None:
    found = course(0, 0, states)
    assert (found.decisions, found.closed, found.reopened) == (decisions, closed, reopened)
    assert len(found.spans) == 1 + sum(found.open_at(at) for at in reopened if closed)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.85, None), ([3.0], 0.85, 3.0), ([1.0, 2.0], 0.85, 2.0), ([float(n) for n in range(1, 21)], 0.85, 17.0)],
)  # fmt: skip
def test_percentiles_are_of_the_nearest_rank(
    values: list[float], share: float, expected: float | None
) -> None:
    assert percentile(values, share) == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026Q4", (2026, 10)), ("2026 q1", (2026, 1)), ("2026-3", (2026, 7)), ("q2", (2026, 4)), ("", (2026, 10)),
        ("2026年第四季度", (2026, 10)), ("2025年2季度", (2025, 4)), ("last", (2026, 7)), ("上季度", (2026, 7)),
    ],
)  # fmt: skip
def test_quarters_as_people_write_them(text: str, first: tuple[int, int]) -> None:
    assert parse_quarter(text, TODAY) == datetime.date(*first, 1)


@pytest.mark.parametrize("text", ["2026Q5", "0000Q1", "9999Q4", "soon", "2026", "q", "\x1b[31m"])
def test_what_is_no_quarter(text: str) -> None:
    assert parse_quarter(text, TODAY) is None


def test_the_running_quarter_ends_now(store: Store) -> None:
    span = span_of(Q4, store.now(), datetime.date(2026, 11, 23))
    assert (span.today, span.last) == ("2026-11-23", "2026-12-31")
    assert span.upto <= store.now()
    over = span_of(datetime.date(2026, 7, 1), store.now(), datetime.date(2026, 11, 23))
    assert (over.today, over.last, over.number) == ("2026-10-01", "2026-09-30", 3)
    assert isinstance(over, Span)


def test_a_small_workspace_is_counted_at_once(store: Store) -> None:
    assert not is_large(store)
    assert read_report(store, Q4).opened.value == 0


class Page(HTMLParser):
    """What a browser would make of a page: its tags, where links lead, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_page_is_whole_and_hostile_titles_are_only_words_in_it(
    store: Store, filled: SimpleNamespace, language: str
) -> None:
    i18n.set_language(language)
    try:
        written = page(document_of(store))
    finally:
        i18n.set_language("en")
    found = Page(written)
    assert "script" not in found.tags
    assert {"svg", "table", "style"} <= set(found.tags)
    assert "\x1b" not in written
    assert '<script>alert("1")</script> [bold]|*_`' in found.words
    assert found.links
    assert all(link.startswith("#") and link[1:] in found.ids for link in found.links)
    assert len(found.ids) == len(set(found.ids))
    assert "http" not in written
    assert ("季度报告 2026Q4" if language == "zh_CN" else "Quarter report 2026Q4") in found.words


def test_markdown_shows_hostile_titles_as_they_are(store: Store, filled: SimpleNamespace) -> None:
    text = markdown(document_of(store))
    assert "<script>" not in text
    assert "\x1b" not in text
    assert escaped("A<b>") in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert "| Opened | 3 |" in rows
    unescaped = {line.replace("\\|", "").count("|") for line in rows if "定价页" in line}
    assert unescaped == {3}
    assert HOSTILE.partition("\x1b")[0] not in text
    assert "- Opened — lp-2, " in text


def test_every_figure_above_zero_leads_to_what_it_was_counted_from(
    store: Store, filled: SimpleNamespace
) -> None:
    document = document_of(store)
    for section in document.sections:
        for line in section.lines:
            for cell in line.cells:
                if cell.text.isdigit():
                    assert len(cell.ids) == int(cell.text) or "Days" in line.label
    assert set(document.ids()) <= set(document.called)
