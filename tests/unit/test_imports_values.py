"""Words, numbers and dates as tools write them."""

from __future__ import annotations

import datetime

import pytest

from store.imports.days import DAY_FIRST, MONTH_FIRST, day_order, parse_moment
from store.imports.values import (
    parse_flag,
    parse_hours,
    parse_kind,
    parse_priority,
    plain,
    split_checks,
    split_labels,
    split_people,
)

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-15",
        "2026/2/15",
        "2026.2.15",
        "2026年2月15日",
        "2026年2月15日（周日）",
        "20260215",
        20260215,
        "2026-02-15 09:17",
        "2026-02-15T09:17:00+08:00",
        "2026-02-15T01:17:00.000Z",
        "15/Feb/26 9:17 AM",
        "15/Feb/26 12:00 AM",
        "15 Feb 2026",
        "15th February, 2026",
        "Feb 15, 2026",
        "Sun, 15 Feb 2026 01:17:00 +0000",
        "Sun Feb 15 2026 01:17:00 GMT+0000 (GMT)",
        "20260215T011700Z",
        "15.02.2026",
        "46068",
        46068.4,
        1771118220,
        1771118220000,
    ],
)
def test_one_day_in_every_spelling(text: object) -> None:
    moment = parse_moment(text, day_order([text]))
    assert moment is not None
    assert moment.iso_day(SHANGHAI) == "2026-02-15"


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "周五", "2026-02-30", "2026-13-01", "31/31/2026", "2026", "12:30", "3", 3, 3.5, True,
    None, "1" * 500,
     float("nan"), float("inf"), "2026-02-15 25:00", "2026-02-15 later", ["2026-02-15"], "99999"],
)  # fmt: skip
def test_what_is_not_a_date_is_not_taken_for_one(text: object) -> None:
    assert parse_moment(text) is None


def test_the_column_decides_what_05_03_means() -> None:
    assert day_order(["05/03/2024", "25/03/2024"]) == DAY_FIRST
    assert day_order(["05/03/2024", "03/25/2024"]) == MONTH_FIRST
    assert day_order(["05/03/2024"]) == MONTH_FIRST
    assert day_order(["05.03.2024"]) == DAY_FIRST
    moment = parse_moment("05/03/2024", DAY_FIRST)
    assert moment is not None
    assert moment.day == datetime.date(2024, 3, 5)


def test_an_instant_is_a_day_where_the_person_is_but_midnight_is_the_day_as_written() -> None:
    late = parse_moment("2026-02-14T22:00:00Z")
    plain_day = parse_moment("Wed May 15 2024 00:00:00 GMT+0000 (GMT)")
    assert late is not None
    assert plain_day is not None
    assert late.iso_day(SHANGHAI) == "2026-02-15"
    assert plain_day.iso_day(datetime.timezone(datetime.timedelta(hours=-5))) == "2024-05-15"


def test_instants_keep_their_offset_and_get_one_where_they_have_none() -> None:
    there = parse_moment("Sun May 11 2025 07:39:40 GMT+0000 (GMT)")
    here = parse_moment("15/Feb/26 9:17 AM")
    assert there is not None
    assert here is not None
    assert there.iso_instant(SHANGHAI) == "2025-05-11T07:39:40+00:00"
    assert here.iso_instant(SHANGHAI) == "2026-02-15T09:17:00+08:00"
    assert datetime.datetime.fromisoformat(here.iso_instant(None)).tzinfo is not None


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "9999-12-31"]
)
def test_the_ends_of_time_do_not_overflow(text: str) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert moment.iso_day(SHANGHAI)
    datetime.datetime.fromisoformat(moment.iso_instant(None))


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Highest", 0), ("urgent", 0), ("紧急", 0), ("P0", 0), ("High", 1), ("高", 1), ("1", 1),
        ("1 - High", 1), ("2：中", 2),
        ("Medium", 2), ("一般", 2), ("M", 2), ("Low", 3), ("低", 3), ("p3", 3), ("Lowest", 4), ("最低", 4),
        ("4.0", 4), ("１", 1),
        ("5", None), ("10", None), ("very", None), ("", None), ("P", None), ("1.5", None),
    ],
)  # fmt: skip
def test_priority_words_in_both_languages(word: str, level: int | None) -> None:
    assert parse_priority(word) == level


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Story", "requirement"), ("Epic", "requirement"), ("需求", "requirement"), ("Sub-task", "task"),
        ("任务", "task"),
        ("BUG", "bug"), ("缺陷", "bug"), ("里程碑", "milestone"), ("风险", "risk"), ("功能测试", None), ("", None),
    ],
)  # fmt: skip
def test_kind_words_in_both_languages(word: str, kind: str | None) -> None:
    assert parse_kind(word) == kind


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8", 8.0), ("1.5h", 1.5), ("1,5", 1.5), ("2d 4h", 20.0), ("1w 2d", 56.0), ("3小时", 3.0),
        ("2天", 16.0), ("3人天", 24.0),
        ("90 min", 1.5), ("PT8H30M", 8.5), ("P1DT2H", 10.0), ("0", 0.0),
        ("soon", None), ("8x", None), ("8 9", None), ("", None), ("-3", None), ("1e9", None),
    ],
)  # fmt: skip
def test_effort_in_hours(text: str, hours: float | None) -> None:
    assert parse_hours(text) == hours


def test_bare_numbers_may_count_seconds_or_days() -> None:
    assert parse_hours("28800", seconds=True) == 8.0
    assert parse_hours("1h", seconds=True) == 1.0
    assert parse_hours("2", days=True) == 16.0


def test_labels_are_split_where_a_cell_holds_several() -> None:
    assert split_labels("支付, 后端；#ux|a、b\nc") == ["支付", "后端", "ux", "a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张三、李四", ["张三", "李四"]), ("张三/李四", ["张三", "李四"]), ("张三,李四", ["张三", "李四"]),
        ("Doe, John", ["Doe, John"]),
        ("Ann Lee, Bob Ray", ["Ann Lee", "Bob Ray"]), ("a@x.org, b@x.org", ["a@x.org", "b@x.org"]),
        ("李雷(#lilei)", ["李雷"]),
        ("@bob", ["bob"]), ("李雷；李雷", ["李雷"]), ("无", []), ("-", []), ("A/B testing team", ["A/B testing team"]),
    ],
)  # fmt: skip
def test_people_are_split_without_tearing_a_name(text: str, names: list[str]) -> None:
    assert split_people(text) == names


def test_checklists_as_people_write_them() -> None:
    assert split_checks("- [x] write\n- [ ] test\n\n2. ship\n✅ plan\n☐ cake\n* [X] eat") == [
        ("write", True), ("test", False), ("ship", False), ("plan", True), ("cake", False), ("eat", True),
    ]  # fmt: skip


def test_yes_no_and_neither() -> None:
    assert [parse_flag(word) for word in ("true", "是", "1", "x")] == [True] * 4
    assert [parse_flag(word) for word in ("False", "否", "0", "", "-")] == [False] * 5
    assert parse_flag("perhaps") is None


def test_any_json_value_has_a_plain_text() -> None:
    assert plain({"login": "ann", "id": 3}) == "ann"
    assert plain([{"name": "a"}, "b; c", 2.0]) == "a\nb; c\n2"
    assert plain(["a", "b"]) == "a; b"
    assert plain({"x": [1]}) == '{"x": [1]}'
    assert [plain(value) for value in (None, True, 1.5, 10**20)] == [
        "",
        "true",
        "1.5",
        "100000000000000000000",
    ]
