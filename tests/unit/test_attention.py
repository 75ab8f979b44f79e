"""What a check-in asks about: each item once, for its weightiest reason, and nothing that goes as it should."""

from __future__ import annotations

from datetime import date

import pytest

from store.analysis.attention import Attention, attention
from store.analysis.calendars import working_calendar
from store.analysis.plan import Slot, Task

DAYS = working_calendar()
TODAY = date(2026, 11, 25).toordinal()  # a Wednesday


def slot(first: int, last: int, driver: str = "own", *, parent: bool = False) -> Slot:
    return Slot(TODAY + first, TODAY + last, 0, 0, 3, 3, False, driver, last - first + 1, parent)


def ask(task: Task, where: Slot, **given: object) -> list[Attention]:
    given = {"touched": {}, **given}
    return attention([task], {task.id: where}, TODAY, days_of=lambda _task: DAYS, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("task", "where", "given", "asked"),
    [
        (Task("a", due=TODAY), slot(0, 2), {}, ("late", 2)),
        (Task("a", due=TODAY - 9), slot(0, 0, "today"), {}, ("late", 7)),
        (Task("a", due=TODAY + 2), slot(0, 2), {}, None),
        (Task("a"), slot(0, 2), {"blocked": {"a"}}, ("blocked", 0)),
        (Task("a", start=TODAY - 2), slot(0, 2, "today"), {}, ("overdue-start", 2)),
        (Task("a", start=TODAY - 2, state="doing"), slot(-2, 2), {}, None),
        (Task("a"), slot(0, 7), {"before": {"a": slot(0, 5)}}, ("slipped", 2)),
        (Task("a"), slot(0, 4), {"before": {"a": slot(0, 2)}}, None),
        (Task("a", state="doing"), slot(-9, 2), {"touched": {"a": TODAY - 7}}, ("silent", 7)),
        (Task("a", state="doing"), slot(-9, 2), {"touched": {"a": TODAY - 6}}, None),
        (Task("a", state="done", due=TODAY - 3), slot(-3, 0, "done"), {}, None),
        (Task("a", due=TODAY), slot(0, 2, parent=True), {}, None),
        (Task("a", due=TODAY, start=TODAY - 5), slot(0, 2, "today"), {"blocked": {"a"}}, ("late", 2)),
    ],
)
def test_an_item_is_asked_about_for_its_weightiest_reason(
    task: Task, where: Slot, given: dict[str, object], asked: tuple[str, int] | None
) -> None:
    assert [(one.code, one.days) for one in ask(task, where, **given)] == ([asked] if asked else [])


def test_the_weightiest_come_first() -> None:
    tasks = [
        Task("quiet", state="doing"),
        Task("stuck"),
        Task("late", due=TODAY),
        Task("later", due=TODAY - 7),
        Task("out"),
    ]
    slots = {task.id: slot(0, 2) for task in tasks if task.id != "out"}
    found = attention(
        tasks,
        slots,
        TODAY,
        days_of=lambda _task: DAYS,
        touched={"quiet": TODAY - 30},
        blocked={"stuck", "out"},
    )
    assert [one.id for one in found] == ["later", "late", "stuck", "quiet"]
