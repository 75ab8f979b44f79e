"""A plan of GanttProject: nesting, dependencies on the predecessor, milestones, days off and who does what."""

from __future__ import annotations

import datetime

import pytest

from store.imports import read_bytes
from store.imports.drafts import Draft
from store.imports.mapping import map_columns
from store.imports.rows import read_rows
from store.imports.source import Away, FreeDay, Source

WEEK = '<default-week id="1" name="default" sun="1" mon="0" tue="0" wed="0" thu="0" fri="0" sat="1"/>'


def task(ident: object, *inner: str, **changes: object) -> str:
    """Two days' work from Monday, 23 November 2026, but for what is said."""
    attributes: dict[str, object] = {
        "id": ident, "name": f"Task {ident}", "meeting": "false", "start": "2026-11-23", "duration": 2, "complete": 0,
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }  # fmt: skip
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<task {written}>{''.join(inner)}</task>"


def depend(ident: object, kind: int = 2, difference: int = 0, hardness: str = "Strong") -> str:
    return f'<depend id="{ident}" type="{kind}" difference="{difference}" hardness="{hardness}"/>'


def source(*tasks: str, more: str = "", week: str = WEEK, dates: str = "", properties: str = "") -> Source:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><project name="" version="3.0.3000">'
        f'<calendars><day-types>{week}<only-show-weekends value="false"/></day-types>{dates}</calendars>'
        f"<tasks><taskproperties>{properties}</taskproperties>{''.join(tasks)}</tasks>{more}</project>"
    )
    return read_bytes(text.encode(), "plan.gan")


def drafts(*tasks: str, **parts: str) -> list[Draft]:
    found = source(*tasks, **parts)
    return read_rows(found, map_columns(found), datetime.UTC).drafts


def test_tasks_come_in_the_order_of_the_file_and_nesting_is_the_tree() -> None:
    found = source(task(0, task(5, task(2)), task(7)), task(1))
    assert (found.format, found.tool) == ("ganttproject", "ganttproject")
    read = read_rows(found, map_columns(found)).drafts
    assert [(draft.row, draft.key, draft.parent) for draft in read] == [
        (1, "0", ""), (2, "5", "0"), (3, "2", "5"), (4, "7", "0"), (5, "1", ""),
    ]  # fmt: skip
    assert [(draft.start, draft.duration) for draft in read] == [
        ("", None), ("", None), ("2026-11-23", 2.0), ("2026-11-23", 2.0), ("2026-11-23", 2.0),
    ]  # fmt: skip


def test_a_task_says_what_it_is() -> None:
    notes = "<notes><![CDATA[先做 <A/B>]]></notes>"
    [draft] = drafts(task(1, notes, name="定价 &amp; more", priority=2, webLink="https://example.org"))
    assert (draft.title, draft.description, draft.priority) == ("定价 & more", "先做 <A/B>", 1)
    assert draft.custom == {"Web link": "https://example.org"}


def test_a_meeting_is_a_milestone_without_a_duration() -> None:
    [draft] = drafts(task(1, meeting="true", duration=0))
    assert (draft.kind, draft.duration, draft.start) == ("milestone", None, "2026-11-23")


@pytest.mark.parametrize(("kind", "name"), [(1, "SS"), (2, "FS"), (3, "FF"), (4, "SF")])
def test_a_dependency_stands_with_the_predecessor(kind: int, name: str) -> None:
    first, second = drafts(task(1, depend(2, kind, -3)), task(2))
    assert first.waits == []
    assert [wait[:3] for wait in second.waits] == [("1", name, -3)]


@pytest.mark.parametrize(
    ("links", "changes", "start"),
    [
        ("", {}, "2026-11-23"),
        (depend(9), {}, ""),
        (depend(9, 3), {}, ""),
        (depend(9, hardness="Rubber"), {}, "2026-11-23"),
        (depend(9), {"complete": 10}, "2026-11-23"),
        (depend(9), {"thirdDate": "2026-12-01", "thirdDate_constraint": 1}, "2026-12-01"),
        (depend(9), {"thirdDate": "2026-12-01", "thirdDate_constraint": 0}, ""),
    ],
)
def test_a_strong_dependency_decides_the_start(links: str, changes: dict[str, object], start: str) -> None:
    assert drafts(task(1, links), task(9, **changes))[1].start == start


def test_the_parts_of_a_task_that_waits_wait_too() -> None:
    found = drafts(task(1, depend(2)), task(2, task(3), task(4)), task(5))
    assert [draft.start for draft in found] == ["2026-11-23", "", "", "", "2026-11-23"]


@pytest.mark.parametrize(
    ("complete", "status", "remaining"), [(0, "", None), (25, "In progress", 12.0), (100, "Done", None)]
)
def test_progress_is_a_status_and_what_remains(complete: int, status: str, remaining: float | None) -> None:
    [draft] = drafts(task(1, complete=complete))
    assert (draft.status, draft.remaining) == (status, remaining)


def test_links_on_nothing_and_tasks_without_an_id_are_reported_by_number() -> None:
    found = source(
        task(1, depend(99), depend(3, 7), depend(3, 2, 99_999)), task("", task(2)), task(1), task(3)
    )
    assert [(problem.row, problem.code, problem.value) for problem in found.problems] == [
        (2, "no-task-id", "Task "), (4, "no-task-id", "1"),
        (1, "no-predecessor", "99"), (5, "unknown-link", "1"), (5, "long-lag", "1"),
    ]  # fmt: skip
    read = read_rows(found, map_columns(found)).drafts
    assert [(draft.key, draft.parent, draft.waits) for draft in read] == [
        ("1", "", []),
        ("2", "", []),
        ("3", "", []),
    ]


PEOPLE = (
    '<resources><resource id="0" name="韩梅" contacts="hm@example.org"/><resource id="1" name="李雷" contacts=""/>'
    '<resource id="2" name=""/></resources><allocations>'
    '<allocation task-id="1" resource-id="0" responsible="false" load="50.0"/>'
    '<allocation task-id="1" resource-id="1" responsible="true" load="100.0"/>'
    '<allocation task-id="1" resource-id="2" responsible="true" load="100.0"/>'
    '<allocation task-id="2" resource-id="0" responsible="false" load="100.0"/></allocations>'
)


def test_who_is_responsible_owns_a_task_else_whoever_is_named_first() -> None:
    found = drafts(task(1), task(2), task(3), more=PEOPLE)
    assert [(draft.owner, draft.participants) for draft in found] == [
        ("李雷", ["韩梅"]),
        ("韩梅", []),
        ("", []),
    ]


def test_vacations_are_absences_that_end_the_day_before() -> None:
    vacations = (
        '<vacations><vacation start="2026-12-07" end="2026-12-14" resourceid="0"/>'
        '<vacation start="2026-12-24" end="2026-12-24" resourceid="1"/>'
        '<vacation start="2026-12-24" end="2026-12-01" resourceid="1"/>'
        '<vacation start="2026-12-24" end="2026-12-25" resourceid="9"/></vacations>'
    )
    assert source(task(1), more=PEOPLE + vacations).absences == [
        Away("韩梅", "2026-12-07", "2026-12-13", ""), Away("李雷", "2026-12-24", "2026-12-24", ""),
    ]  # fmt: skip


def test_days_off_are_days_of_our_own_those_of_every_year_for_the_years_of_the_plan() -> None:
    dates = (
        '<date year="2026" month="12" date="31" type="HOLIDAY"><![CDATA[年会]]></date>'
        '<date year="2026" month="12" date="5" type="WORKING_DAY"/>'
        '<date year="" month="12" date="25" type="HOLIDAY"/>'
        '<date year="" month="2" date="29" type="HOLIDAY"/>'
        '<date year="2026" month="2" date="30" type="HOLIDAY"/>'
        '<date year="2026" month="11" date="30" type="NEUTRAL"/>'
    )
    found = source(task(1), dates=dates)
    assert found.days == [
        FreeDay("2026-12-05", True, ""), FreeDay("2026-12-25", False, ""), FreeDay("2026-12-31", False, "年会"),
        FreeDay("2028-02-29", False, ""), FreeDay("2028-12-25", False, ""),
    ]  # fmt: skip
    assert [problem.code for problem in found.problems] == ["odd-day"]


@pytest.mark.parametrize(
    "week", [WEEK.replace('sat="1"', 'sat="0"'), WEEK + '<only-show-weekends value="true"/>']
)
def test_a_week_unlike_ours_is_reported(week: str) -> None:
    assert [problem.code for problem in source(task(1), week=week).problems] == ["other-week"]


def test_fields_of_ones_own_are_kept_by_name() -> None:
    properties = (
        '<taskproperty id="tpc0" name="Sprint" type="custom" valuetype="text"/>'
        '<taskproperty id="tpd3" name="name" type="default" valuetype="text"/>'
    )
    values = '<customproperty taskproperty-id="tpc0" value="7"/><customproperty taskproperty-id="tpd3" value="no"/>'
    assert drafts(task(1, values), properties=properties)[0].custom == {"Sprint": "7"}
