"""Statuses and people of a file meet those of the workspace."""

from __future__ import annotations

import pytest

from store.imports.people import make_code, match_names
from store.imports.statuses import Status, guess_categories, match_statuses
from store.vocabulary import Term

WORKFLOW = [
    Status("s1", "待办", "Backlog", "todo"),
    Status("s2", "进行中", "Doing", "doing"),
    Status("s3", "评审中", "In review", "doing"),
    Status("s4", "已完成", "Done", "done"),
]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("待办", "s1"), ("backlog", "s1"), ("To Do", "s1"), ("未开始", "s1"), ("In Progress", "s2"), ("开发中", "s2"),
        ("IN REVIEW", "s3"), ("待评审", "s3"), ("Done", "s4"), ("已解决", "s4"), ("Closed", "s4"), ("已关闭", "s4"),
    ],
)  # fmt: skip
def test_a_status_is_found_by_name_or_synonym(name: str, status: str) -> None:
    assert match_statuses([name], WORKFLOW) == {name: status}


@pytest.mark.parametrize("name", ["Garden", "Meeting Time", "....", "Blocked", "测试中", "Cancelled"])
def test_what_means_none_of_them_is_created(name: str) -> None:
    assert match_statuses([name], WORKFLOW) == {}


def test_two_statuses_of_different_meaning_never_fall_together_by_likeness() -> None:
    assert match_statuses(["Todo", "Backlog"], WORKFLOW) == {"Backlog": "s1"}
    assert match_statuses(["Done", "Closed"], WORKFLOW) == {"Done": "s4"}
    assert match_statuses(["已完成", "完成", "Completed"], WORKFLOW) == {
        "已完成": "s4",
        "完成": "s4",
        "Completed": "s4",
    }


def test_categories_come_from_the_file_then_from_the_word_then_from_the_place() -> None:
    names = ["Ideas", "Garden", "Doing", "Wait for legal", "Done", "Meeting Time"]
    assert guess_categories(names, {"Garden": "done"}) == {
        "Ideas": "todo", "Garden": "done", "Doing": "doing", "Wait for legal": "todo", "Done": "done",
        "Meeting Time": "todo",
    }  # fmt: skip
    assert guess_categories(["Todo", "Doing", "Wait for legal", "Done"], {})["Wait for legal"] == "doing"


def test_people_are_found_by_name_code_or_alias_whatever_the_case() -> None:
    members = [Term("m1", "李雷", code="ll", aliases=("Li Lei",)), Term("m2", "Eric Medlock", code="em")]
    found = match_names(["LI LEI", "eric medlock", "LL", "Nobody", "E. M."], members, {"E. M.": ("EM",)})
    assert found == {"LI LEI": "m1", "eric medlock": "m2", "LL": "m1", "E. M.": "m2"}


def test_a_title_beats_another_ones_alias() -> None:
    members = [Term("m1", "Ann", aliases=("Bob",)), Term("m2", "Bob")]
    assert match_names(["bob"], members, {}) == {"bob": "m2"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("李雷", "ll"), ("Eric Medlock", "em"), ("Kuldeep", "ku"), ("bob.smith@example.org", "bs"),
        ("Zoë", "zo"), ("王", "wx"),
        ("...", "mx"), ("Ann van der Berg Huis", "avdb"), ("@bob", "bo"),
    ],
)  # fmt: skip
def test_codes_are_initials(name: str, code: str) -> None:
    assert make_code(name, set()) == code


def test_codes_are_unique() -> None:
    assert make_code("李雷", {"ll"}) == "ll2"
    assert make_code("李雷", {"ll", "ll2"}) == "ll3"
