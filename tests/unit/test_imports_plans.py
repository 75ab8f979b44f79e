"""Plans come into a workspace: links, days off and absences with the items, once, in one change, and again as news."""

from __future__ import annotations

import datetime
import time
from typing import Any

import pytest

from store import commands, queries
from store.database import Store
from store.export import export_lines
from store.imports import ImportReport, Preview, load, preview, read_bytes
from store.integrity import check_derived
from store.links import dependency_id, link, unlink
from store.plan_rows import absences, own_days, plan_links, plan_tasks
from store.undo import redo, undo
from tests.unit.test_imports_ganttproject import PEOPLE, depend, source, task

HOLIDAY = '<date year="2026" month="12" date="31" type="HOLIDAY">年会</date>'
VACATION = '<vacations><vacation start="2026-12-07" end="2026-12-12" resourceid="0"/></vacations>'


def bring_in(store: Store, *tasks: str, **parts: str) -> tuple[Preview, ImportReport]:
    seen = preview(store, source(*tasks, **parts), zone=datetime.UTC)
    return seen, load(store, seen)


def links(store: Store) -> set[tuple[str, str, str, int]]:
    """Return the links by the titles of their ends, those of the trash left out."""
    titles = {task.id: task.title for task in plan_tasks(store)}
    return {
        (titles[row.predecessor], titles[row.successor], row.type, row.lag)
        for row in plan_links(store)
        if row.predecessor in titles and row.successor in titles
    }


def by_title(store: Store) -> dict[str, str]:
    return {card.title: card.id for card in queries.matching(store, "item")}


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.created, report.updated, report.links, report.days, report.absences


def codes(report: ImportReport) -> list[str]:
    return [problem.code for problem in report.problems]


CHAIN = (task(1, depend(2)), task(2, depend(3, 1, 2)), task(3))


def test_a_plan_comes_in_with_its_links_days_and_absences_and_one_undo_takes_all_back(store: Store) -> None:
    before = list(export_lines(store))
    seen, report = bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    assert (seen.links, len(seen.days), len(seen.absences)) == (2, 1, 1)
    assert counts(report) == (3, 0, 2, 1, 1)
    assert links(store) == {("Task 1", "Task 2", "FS", 0), ("Task 2", "Task 3", "SS", 2)}
    [day] = own_days(store)
    [away] = absences(store)
    assert (datetime.date.fromordinal(day.day).isoformat(), day.working, day.title) == (
        "2026-12-31",
        False,
        "年会",
    )
    names = {member.id: member.title for member in queries.members(store)}
    assert (names[away.member], away.last - away.first) == ("韩梅", 4)
    assert check_derived(store) == []
    undo(store)
    assert links(store) == set()
    assert own_days(store) == absences(store) == plan_links(store) == plan_tasks(store) == []
    assert [line for line in export_lines(store) if '"trashed":true' not in line] == before
    redo(store)
    assert len(links(store)) == 2
    assert len(own_days(store)) == len(absences(store)) == 1


def test_the_same_plan_again_changes_nothing(store: Store) -> None:
    bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    before = list(export_lines(store))
    seen, report = bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    assert (seen.creates, seen.updates, seen.unchanged) == (0, 0, 3)
    assert counts(report) == (0, 0, 0, 0, 0)
    assert list(export_lines(store)) == before


def test_a_plan_whose_import_was_undone_comes_back_whole(store: Store) -> None:
    bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    undo(store)
    _, report = bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    assert counts(report) == (3, 0, 2, 1, 1)
    assert len(links(store)) == 2
    assert len(own_days(store)) == len(absences(store)) == 1


def test_two_replicas_that_import_one_plan_have_one(store: Store, teammate: Any) -> None:
    from tests.conftest import deliver

    other = teammate("Han")
    for each in (store, other):
        bring_in(each, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    deliver(store, other)
    deliver(other, store)
    assert len(plan_links(store)) == 2
    assert len(own_days(store)) == len(absences(store)) == 1
    assert list(export_lines(store)) == list(export_lines(other))


def test_news_of_links_are_written_and_links_that_vanished_end(store: Store) -> None:
    bring_in(store, *CHAIN)
    _, report = bring_in(store, task(1, depend(3)), task(2, depend(3, 1, 5)), task(3), task(4, depend(1)))
    assert counts(report)[:3] == (1, 3, 4)
    assert links(store) == {
        ("Task 1", "Task 3", "FS", 0), ("Task 2", "Task 3", "SS", 5), ("Task 4", "Task 1", "FS", 0),
    }  # fmt: skip
    undo(store)
    assert links(store) == {("Task 1", "Task 2", "FS", 0), ("Task 2", "Task 3", "SS", 2)}


def test_a_link_that_turned_round_is_turned_round(store: Store) -> None:
    bring_in(store, task(1, depend(2)), task(2))
    _, report = bring_in(store, task(1), task(2, depend(1)))
    assert links(store) == {("Task 2", "Task 1", "FS", 0)}
    assert codes(report) == []


def test_what_people_did_to_links_stands_while_the_file_says_nothing_new(store: Store) -> None:
    bring_in(store, *CHAIN)
    ids = by_title(store)
    unlink(store, ids["Task 1"], ids["Task 2"])
    link(store, ids["Task 2"], ids["Task 3"], "FS", 9)
    mine = commands.create(store, "item", {"title": "mine"}).ids[0]
    link(store, mine, ids["Task 3"])
    bring_in(store, *CHAIN[:2], task(3, name="renamed"))
    assert links(store) == {("Task 2", "renamed", "FS", 9), ("mine", "renamed", "FS", 0)}
    bring_in(
        store, task(1), task(2), task(3, name="renamed")
    )  # changed here: no longer the file's to take away
    assert links(store) == {("Task 2", "renamed", "FS", 9), ("mine", "renamed", "FS", 0)}


def test_a_link_that_would_close_a_circle_with_ones_own_is_reported(store: Store) -> None:
    bring_in(store, task(1), task(2), task(3))
    ids = by_title(store)
    link(store, ids["Task 2"], ids["Task 1"])
    _, report = bring_in(store, task(1, depend(2), depend(3)), task(2), task(3))
    assert codes(report) == ["link-circle"]
    assert links(store) == {("Task 2", "Task 1", "FS", 0), ("Task 1", "Task 3", "FS", 0)}


def test_a_new_part_of_what_is_waited_for_does_not_close_a_circle(store: Store) -> None:
    bring_in(store, task(1, task(2)), task(3))
    ids = by_title(store)
    link(store, ids["Task 1"], ids["Task 3"])
    _, report = bring_in(store, task(1, task(2), task(4)), task(3, depend(4)))
    assert codes(report) == ["link-circle"]
    assert links(store) == {("Task 1", "Task 3", "FS", 0)}


def test_a_new_item_that_waits_for_one_in_the_trash_waits_for_nothing(store: Store) -> None:
    bring_in(store, task(1), task(2))
    commands.trash(store, [by_title(store)["Task 1"]])
    _, report = bring_in(store, task(1, depend(3), depend(2)), task(2), task(3))
    assert links(store) == set()
    assert [(problem.row, problem.code) for problem in report.problems] == [
        (2, "trashed-predecessor"), (3, "trashed-predecessor"),
    ]  # fmt: skip


def test_a_day_or_an_absence_that_somebody_deleted_stays_away(store: Store) -> None:
    bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    commands.trash(store, [own_days(store)[0].id, absences(store)[0].id])
    _, report = bring_in(store, *CHAIN, dates=HOLIDAY, more=PEOPLE + VACATION)
    assert counts(report) == (0, 0, 0, 0, 0)
    assert own_days(store) == absences(store) == []


def test_circles_of_a_file_are_reported_and_the_rest_comes_in(store: Store) -> None:
    seen, report = bring_in(store, task(1, depend(2)), task(2, depend(3)), task(3, depend(1)))
    assert codes(report) == ["link-circle"]
    assert (seen.links, report.created, report.lost) == (2, 3, 0)
    assert len(links(store)) == 2
    _, again = bring_in(store, task(1, depend(2)), task(2, depend(3)), task(3, depend(1)))
    assert counts(again)[:3] == (0, 0, 0)


def test_progress_goes_to_the_first_status_of_its_category(store: Store) -> None:
    for status in queries.statuses(store):
        commands.set_fields(store, [status.id], {"title": f"column of {status.category}", "title_en": None})
    bring_in(store, task(1), task(2, complete=30), task(3, complete=100))
    found = {card.title: card.status for card in queries.matching(store, "item")}
    assert len(queries.statuses(store)) == 4
    todo, doing, _, done = (status.id for status in queries.statuses(store))
    assert found == {"Task 1": todo, "Task 2": doing, "Task 3": done}


def test_pins_and_durations_are_taken_back_with_the_file(store: Store) -> None:
    def xml(manual: int) -> bytes:
        return (
            "<Project><Tasks><Task><UID>1</UID><ID>1</ID><Name>A</Name><OutlineLevel>1</OutlineLevel>"
            f"<Manual>{manual}</Manual><Start>2026-11-23T08:00:00</Start><Duration>PT16H0M0S</Duration></Task></Tasks>"
            "</Project>"
        ).encode()

    load(store, preview(store, read_bytes(xml(1), "plan.xml")))
    assert [(row.pinned, row.duration) for row in plan_tasks(store)] == [(True, 2)]
    load(store, preview(store, read_bytes(xml(0), "plan.xml")))
    assert [(row.pinned, row.duration) for row in plan_tasks(store)] == [(False, 2)]


def test_a_table_may_say_what_waits_for_what(store: Store) -> None:
    table = 'ID,Name,Duration,Predecessors\n1,接口,2d,\n2,联调,3d,1\n3,上线,1d,"1SS+1 day,2"\n'
    seen = preview(store, read_bytes(table.encode(), "tasks.csv"))
    assert [(column.column, column.field) for column in seen.columns][3] == ("Predecessors", "waits_for")
    load(store, seen)
    assert links(store) == {("接口", "联调", "FS", 0), ("接口", "上线", "SS", 1), ("联调", "上线", "FS", 0)}


def test_tasks_of_taskwarrior_wait_for_what_they_depend_on(store: Store) -> None:
    text = '[{"uuid":"a1-x","description":"A"},{"uuid":"b2-y","description":"B","depends":["a1-x"]}]'
    load(store, preview(store, read_bytes(text.encode(), "tasks.json")))
    assert links(store) == {("A", "B", "FS", 0)}


def test_a_dependency_has_the_id_that_linking_by_hand_would_give_it(store: Store) -> None:
    bring_in(store, *CHAIN)
    ids = by_title(store)
    assert {row.id for row in plan_links(store)} >= {dependency_id(ids["Task 1"], ids["Task 2"])}


@pytest.mark.parametrize("count", [2_000])
def test_links_cost_an_import_little(store: Store, count: int) -> None:
    def spent(*tasks: str) -> float:
        seen = preview(store, source(*tasks))
        started = time.perf_counter()
        load(store, seen)
        return time.perf_counter() - started

    bare = spent(*(task(number) for number in range(count)))
    linked = spent(*(task(number, depend(number + 1), name=f"linked {number}") for number in range(count)))
    assert len(plan_links(store)) == count - 1
    assert linked < 3 * bare + 0.5
