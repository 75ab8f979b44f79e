"""A plan of Microsoft Project: what somebody decided comes in, what the tool reckoned from it does not."""

from __future__ import annotations

import datetime
from typing import Any
from xml.sax.saxutils import escape

import pytest

from store.imports import read_bytes
from store.imports.drafts import Draft, Reading, Wait
from store.imports.mapping import map_columns
from store.imports.rows import read_rows
from store.imports.source import Away, FreeDay, Source

WEEK = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(2 <= day <= 6)}</DayWorking></WeekDay>"
    for day in range(1, 8)
)


def element(name: str, **children: object) -> str:
    inner = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in children.items())
    return f"<{name}>{inner}</{name}>"


def task(uid: object, *links: str, **changes: object) -> str:
    """One day's work on Monday, 23 November 2026, but for what is said."""
    fields: dict[str, object] = {
        "UID": uid, "ID": uid, "Name": f"Task {uid}", "OutlineLevel": 1, "Duration": "PT8H0M0S",
        "Start": "2026-11-23T08:00:00", "Finish": "2026-11-23T17:00:00", **changes,
    }  # fmt: skip
    return element("Task", **fields).replace("</Task>", "".join(links) + "</Task>")


def link(uid: object, kind: int = 1, lag: int = 0, lag_format: int = 7, **more: object) -> str:
    return element(
        "PredecessorLink", PredecessorUID=uid, Type=kind, LinkLag=lag, LagFormat=lag_format, **more
    )


def source(*tasks: str, more: str = "", calendar: str = "") -> Source:
    text = (
        '<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project">'
        "<StartDate>2026-11-16T08:00:00</StartDate><CalendarUID>1</CalendarUID><MinutesPerDay>480</MinutesPerDay>"
        f"<Calendars><Calendar><UID>1</UID><IsBaseCalendar>1</IsBaseCalendar><WeekDays>{WEEK}</WeekDays>{calendar}"
        f"</Calendar></Calendars><Tasks>{''.join(tasks)}</Tasks>{more}</Project>"
    )
    return read_bytes(text.encode(), "plan.xml")


def reading(*tasks: str, **parts: str) -> Reading:
    found = source(*tasks, **parts)
    return read_rows(found, map_columns(found), datetime.UTC)


def drafts(*tasks: str, **parts: str) -> list[Draft]:
    return reading(*tasks, **parts).drafts


def one(**changes: object) -> Draft:
    return drafts(task(1, **changes))[0]


def waits(*links: str, **changes: object) -> list[tuple[str, str, int]]:
    """Return what the second of two tasks waits for."""
    return [wait[:3] for wait in drafts(task(1, **changes), task(2, *links))[-1].waits]


def problems(found: Source) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in found.problems]


def test_a_plan_is_recognised_and_the_project_itself_and_empty_rows_are_no_tasks() -> None:
    found = source(task(0), task(1), element("Task", UID=7, ID=2, IsNull=1), task(3, ID=3))
    assert (found.format, found.tool) == ("msproject", "msproject")
    assert [row.number for row in found.rows] == [1, 3]
    assert found.problems == []


def test_a_task_says_what_it_is() -> None:
    draft = one(
        Name="定价页 & more", Notes="先做\nA/B", Priority=700, Work="PT16H0M0S", Deadline="2026-12-01T17:00:00",
        CreateDate="2026-11-01T09:30:00", HyperlinkAddress="https://example.org",
    )  # fmt: skip
    assert (draft.title, draft.description, draft.priority) == ("定价页 & more", "先做\nA/B", 1)
    assert (draft.effort, draft.due, draft.created[:10]) == (16.0, "2026-12-01", "2026-11-01")
    assert draft.custom == {"Hyperlink": "https://example.org"}
    assert (draft.status, draft.kind, draft.pinned, draft.archived) == ("", "", None, False)


def test_the_outline_is_the_tree_and_a_task_with_parts_has_no_dates_of_its_own() -> None:
    levels = {1: 1, 2: 2, 3: 3, 4: 2, 5: 1}
    found = drafts(*(task(uid, OutlineLevel=level) for uid, level in levels.items()))
    assert [draft.parent for draft in found] == ["", "1", "2", "1", ""]
    assert [(draft.start, draft.duration) for draft in found[:3]] == [
        ("", None),
        ("", None),
        ("2026-11-23", 1.0),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Duration": "PT12H0M0S", "Finish": "2026-11-24T12:00:00"}, 1.5),
        ({"Duration": "PT80H0M0S", "Finish": "2026-12-04T17:00:00"}, 10.0),
        ({"Duration": "P3D"}, 9.0),  # days of 24 hours of work
        ({"Duration": "PT0H30M0S"}, 0.0625),
        ({"Duration": ""}, None),
    ],
)
def test_a_duration_is_in_working_days(changes: dict[str, Any], expected: float | None) -> None:
    changes = {"Start": "", "Finish": "", **changes}
    assert one(**changes).duration == expected


def test_days_by_the_clock_and_by_a_calendar_of_its_own_become_the_working_days_it_lasts() -> None:
    found = reading(
        task(1, Duration="PT168H0M0S", DurationFormat=8, Finish="2026-11-30T08:00:00"),
        task(2, Duration="PT80H0M0S", Finish="2026-11-27T17:00:00"),
    )
    assert [draft.duration for draft in found.drafts] == [5.0, 5.0]
    assert found.drafts[1].custom == {"Duration": "PT80H0M0S"}
    assert problems(source(task(1, Duration="PT80H0M0S", Finish="2026-11-27T17:00:00"))) == [
        (1, "own-calendar")
    ]


def test_what_takes_no_time_is_a_milestone() -> None:
    assert (one(Duration="PT0H0M0S").kind, one(Duration="PT0H0M0S").duration) == ("milestone", None)
    marked = one(Milestone=1)
    assert (marked.kind, marked.duration, marked.custom) == ("", 1.0, {"Marked as milestone": "yes"})


@pytest.mark.parametrize(
    ("percent", "status", "remaining"), [(0, "", None), (40, "In progress", 9.6), (100, "Done", None)]
)
def test_progress_is_a_status_and_what_remains(percent: int, status: str, remaining: float | None) -> None:
    draft = one(
        PercentComplete=percent,
        Work="PT16H0M0S",
        RemainingWork="PT9H36M0S",
        ActualStart="2026-11-20T08:00:00",
    )
    assert (draft.status, draft.remaining) == (status, remaining)
    assert draft.start == ("2026-11-20" if percent else "2026-11-23")


@pytest.mark.parametrize(
    ("changes", "start", "pinned", "due"),
    [
        ({}, "2026-11-23", None, ""),
        ({"Manual": 1}, "2026-11-23", True, ""),
        ({"Manual": 1, "Start": ""}, "", None, ""),
        ({"ConstraintType": 2, "ConstraintDate": "2026-11-25T08:00:00"}, "2026-11-25", True, ""),
        ({"ConstraintType": 3, "ConstraintDate": "2026-11-27T17:00:00"}, "2026-11-23", True, "2026-11-27"),
        ({"ConstraintType": 4, "ConstraintDate": "2026-11-21T08:00:00"}, "2026-11-21", None, ""),
        ({"ConstraintType": 1}, "2026-11-23", None, ""),
        ({"ConstraintType": 6, "ConstraintDate": "2026-11-27T17:00:00"}, "2026-11-23", None, ""),
        ({"ConstraintType": 7, "ConstraintDate": "2026-11-27T17:00:00"}, "2026-11-23", None, "2026-11-27"),
    ],
)
def test_a_constraint_is_a_start_a_pin_or_a_promise(
    changes: dict[str, Any], start: str, pinned: bool | None, due: str
) -> None:
    draft = one(**changes)
    assert (draft.start, draft.pinned, draft.due) == (start, pinned, due)


@pytest.mark.parametrize(
    ("links", "changes", "start"),
    [
        ((link(1, 1),), {}, ""),  # finish to start: the tool's start was reckoned
        ((link(1, 3),), {}, ""),
        (
            (link(1, 0),),
            {},
            "2026-11-16",
        ),  # waits with its finish alone: begins with the project at the earliest
        ((link(1, 2),), {}, "2026-11-16"),
        ((link(1, 1),), {"ConstraintType": 4, "ConstraintDate": "2026-11-26T08:00:00"}, "2026-11-26"),
        ((link(1, 1),), {"LevelingDelay": 4800}, "2026-11-23"),
        ((link(99, 1),), {}, "2026-11-23"),
    ],
)
def test_a_task_that_waits_has_a_start_only_where_somebody_gave_it_one(
    links: tuple[str, ...], changes: dict[str, Any], start: str
) -> None:
    assert drafts(task(1), task(2, *links, **changes))[1].start == start


def test_the_parts_of_a_task_that_waits_wait_too() -> None:
    found = drafts(task(1), task(2, link(1)), task(3, OutlineLevel=2), task(4))
    assert [draft.start for draft in found] == ["2026-11-23", "", "", "2026-11-23"]


@pytest.mark.parametrize(("kind", "name"), [(0, "FF"), (1, "FS"), (2, "SF"), (3, "SS")])
def test_types_of_links_are_numbers(kind: int, name: str) -> None:
    assert waits(link(1, kind)) == [("1", name, 0)]


@pytest.mark.parametrize(
    ("lag", "lag_format", "fs", "ff"),
    [
        (4_800, 7, 1, 1), (-9_600, 7, -2, -2), (24_000, 9, 5, 5), (4_800, 39, 1, 1),
        (7_200, 5, 1, 2), (-2_400, 5, -1, 0),
        (50, 19, 1, 1), (-100, 51, -2, -2),  # per cent of two days
        (5 * 14_400, 8, 3, 3), (-2 * 14_400, 8, -2, -2),  # from Wednesday: Thursday, Friday, a weekend, Monday
    ],
)  # fmt: skip
def test_a_lag_becomes_working_days_whatever_it_is_written_in(
    lag: int, lag_format: int, fs: int, ff: int
) -> None:
    predecessor = {"Duration": "PT16H0M0S", "Start": "2026-11-24T08:00:00", "Finish": "2026-11-25T17:00:00"}
    assert waits(link(1, 1, lag, lag_format), **predecessor) == [("1", "FS", fs)]
    assert waits(link(1, 0, lag, lag_format), **predecessor) == [("1", "FF", ff)]


def test_a_part_of_a_day_is_rounded_and_said() -> None:
    assert problems(source(task(1), task(2, link(1, 1, 2_400)))) == [(2, "lag-rounded")]


def test_links_on_nothing_of_no_type_and_beyond_measure_are_reported_and_left_out() -> None:
    found = source(
        task(1),
        task(2, link(9), link(1, 8), link(1, 1, 10**12), link(1, CrossProject=1, CrossProjectName="other.mpp")),
    )  # fmt: skip
    assert problems(found) == [
        (2, "no-predecessor"),
        (2, "unknown-link"),
        (2, "long-lag"),
        (2, "no-predecessor"),
    ]
    assert read_rows(found, map_columns(found)).drafts[1].waits == []


def test_a_task_without_a_number_and_one_whose_number_is_taken_are_lost_by_row_and_the_others_come() -> None:
    found = source(task(1), task("", ID=2), task(1, ID=3), task(4, Start="yesterday", Duration="long"))
    assert problems(found) == [(2, "no-task-id"), (3, "no-task-id")]
    read = read_rows(found, map_columns(found))
    assert [draft.key for draft in read.drafts] == ["1", "4"]
    assert [(problem.row, problem.code) for problem in read.problems] == [
        (4, "not-a-date"),
        (4, "not-a-number"),
    ]
    assert read.drafts[1].custom == {"Start": "yesterday", "Duration (days)": "long"}


RESOURCES = (
    "<Resources>"
    + element("Resource", UID=1, Name="韩梅", Type=1, EmailAddress="hm@example.org", CalendarUID=5)
    + element("Resource", UID=2, Name="李雷", Type=1)
    + element("Resource", UID=3, Name="Steel", Type=0)
    + "</Resources><Assignments>"
    + element("Assignment", TaskUID=1, ResourceUID=1, Work="PT4H0M0S")
    + element("Assignment", TaskUID=1, ResourceUID=2, Work="PT12H0M0S")
    + element("Assignment", TaskUID=1, ResourceUID=3, Work="PT99H0M0S")
    + element("Assignment", TaskUID=1, ResourceUID=-65535)
    + "</Assignments>"
)


def test_who_works_most_on_a_task_owns_it_and_material_is_nobody() -> None:
    draft = drafts(task(1), more=RESOURCES)[0]
    assert (draft.owner, draft.participants) == ("李雷", ["韩梅"])
    assert [(person.name, person.aliases) for person in source(task(1), more=RESOURCES).people] == [
        ("韩梅", ("hm@example.org",)), ("李雷", ()),
    ]  # fmt: skip


def exception(first: str, last: str, working: int = 0, **more: object) -> str:
    inner = element("TimePeriod", FromDate=f"{first}T00:00:00", ToDate=f"{last}T23:59:00")
    return element("Exception", DayWorking=working, **more).replace("</Exception>", inner + "</Exception>")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (exception("2026-12-24", "2026-12-27", Name="Christmas", Type=1), ["2026-12-24", "2026-12-25"]),
        (exception("2026-12-24", "2026-12-24"), ["2026-12-24"]),
        (exception("2026-12-05", "2026-12-06", 1), ["2026-12-05", "2026-12-06"]),
        (exception("2024-01-01", "2027-12-31", Type=2, Month=11, MonthDay=25),
         ["2024-12-25", "2025-12-25", "2026-12-25"]),  # 2027's is a Saturday
        (exception("2026-11-01", "2026-11-30", Type=6, DaysOfWeek=8, Period=2), ["2026-11-11", "2026-11-25"]),
        (exception("2026-09-01", "2026-12-31", Type=4, MonthDay=15, Period=1),
         ["2026-09-15", "2026-10-15", "2026-12-15"]),  # November's is a Sunday
    ],
)  # fmt: skip
def test_days_off_of_the_projects_calendar_are_days_of_our_own(day: str, expected: list[str]) -> None:
    found = source(task(1), calendar=f"<Exceptions>{day}</Exceptions>")
    assert [each.date for each in found.days] == expected
    assert found.problems == []


def test_a_day_off_has_its_name_and_files_of_before_2007_have_theirs_among_the_week() -> None:
    old = element("WeekDay", DayType=0, DayWorking=0).replace(
        "</WeekDay>", element("TimePeriod", FromDate="2026-12-24T00:00:00", ToDate="2026-12-24T23:59:00") + "</WeekDay>"
    )  # fmt: skip
    new = exception("2026-12-25", "2026-12-25", Name="圣诞")
    calendar = f"<WeekDays>{old}</WeekDays><Exceptions>{new}</Exceptions>"
    assert source(task(1), calendar=calendar).days == [
        FreeDay("2026-12-24", False, ""), FreeDay("2026-12-25", False, "圣诞"),
    ]  # fmt: skip


def test_a_week_unlike_ours_and_days_that_repeat_oddly_are_reported() -> None:
    saturday = "<WeekDays><WeekDay><DayType>7</DayType><DayWorking>1</DayWorking></WeekDay></WeekDays>"
    text = source(task(1), calendar=saturday)
    assert problems(text) == [(0, "other-week")]
    odd = exception("2026-01-01", "2026-12-31", Type=3, Name="Third Monday")
    found = source(task(1), calendar=f"<Exceptions>{odd}</Exceptions>")
    assert [(problem.code, problem.value) for problem in found.problems] == [("odd-day", "Third Monday")]


def test_days_off_of_a_resource_are_absences() -> None:
    away = exception("2026-12-07", "2026-12-11", Name="Vacation") + exception("2026-12-12", "2026-12-12", 1)
    calendar = (
        "</Calendar><Calendar><UID>5</UID><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID>"
        f"<Exceptions>{away}</Exceptions>"
    )
    found = source(task(1), more=RESOURCES, calendar=calendar)
    assert found.absences == [Away("韩梅", "2026-12-07", "2026-12-11", "Vacation")]
    assert found.days == []


def test_an_inactive_task_is_put_away() -> None:
    assert one(Active=0).archived is True


def test_a_field_of_somebodys_own_is_kept_even_when_it_is_called_as_one_of_ours() -> None:
    more = element("ExtendedAttributes").replace(
        "</ExtendedAttributes>",
        element("ExtendedAttribute", FieldID=1, FieldName="Text1", Alias="Start")
        + element("ExtendedAttribute", FieldID=2, FieldName="Text2")
        + "</ExtendedAttributes>",
    )
    values = element("ExtendedAttribute", FieldID=1, Value="soon") + element(
        "ExtendedAttribute", FieldID=2, Value="x"
    )
    draft = drafts(task(1, values), more=more)[0]
    assert draft.custom == {"Start *": "soon", "Text2": "x"}
    assert draft.start == "2026-11-23"


def test_waits_know_the_column_they_came_from() -> None:
    assert drafts(task(1), task(2, link(1)))[1].waits == [Wait("1", "FS", 0, "Predecessors")]
