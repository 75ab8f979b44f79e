"""Members, departments, key dates and spans of days, each read from one line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.capture import parse
from store.capture_spans import read_span
from store.roster_lines import read_day_line, read_department_line, read_member_line
from tests.sample_vocabulary import TODAY, VOCABULARY


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("韩梅 @hm yf", ("韩梅", "hm", "d-yf")),
        ("yf 韩梅", ("yf 韩梅", "", "")),  # the first word is the name, whatever it is called
        ("Hannah Weber 市场", ("Hannah Weber", "", "d-sc")),
        ("Hannah ＠hw nowhere", ("Hannah nowhere", "hw", "")),
        ("[bold]x[/bold] @toolongacode", ("[bold]x[/bold] @toolongacode", "", "")),
        ("@hm", ("", "hm", "")),
        ("", ("", "", "")),
    ],
)
def test_a_member_is_a_name_a_code_and_a_department(line: str, said: tuple[str, str, str]) -> None:
    assert tuple(read_member_line(line, VOCABULARY)) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("法务 fw", ("法务", "fw")), ("Legal affairs le", ("Legal affairs", "le")), ("法务", ("法务", "")),
        ("fw", ("fw", "")), ("Legal Affairs", ("Legal Affairs", "")), ("质量 2q", ("质量 2q", "")), ("", ("", "")),
    ],
)  # fmt: skip
def test_a_department_is_a_name_and_a_code(line: str, said: tuple[str, str]) -> None:
    assert tuple(read_department_line(line)) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("冻结 ^12-11", ("冻结", date(2026, 12, 11))), ("^fri code freeze", ("code freeze", date(2026, 11, 27))),
        ("Fair 12-11", ("Fair", date(2026, 12, 11))), ("Fair next fri", ("Fair", date(2026, 12, 4))),
        ("Fair", ("Fair", None)), ("^nonsense x", ("^nonsense x", None)), ("", ("", None)),
    ],
)  # fmt: skip
def test_a_key_date_is_a_name_and_a_day(line: str, said: tuple[str, date | None]) -> None:
    assert tuple(read_day_line(line, TODAY)) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("12-24..12-31 年假", (date(2026, 12, 24), date(2026, 12, 31), "年假")),
        ("^12-24 ~ 1-2", (date(2026, 12, 24), date(2027, 1, 2), "")),
        ("fri", (date(2026, 11, 27), date(2026, 11, 27), "")),
        ("12-24 病假", (date(2026, 12, 24), date(2026, 12, 24), "病假")),
        ("年假", None), ("", None), ("..", None),
    ],
)  # fmt: skip
def test_a_span_is_its_first_day_its_last_and_why(line: str, said: tuple[date, date, str] | None) -> None:
    assert read_span(line, TODAY) == said


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("yf 缺测试机 !2 #tools", {"title": "缺测试机", "department": "d-yf", "severity": 2, "kind": "tools"}),
        ("挑战：yf 文案太晚 !1 #信息", {"title": "文案太晚", "sort": "challenge", "department": "d-yf", "severity": 1,
                                 "kind": "information"}),
        ("市场：没人手 #挑战 #人手", {"title": "没人手", "department": "d-sc", "sort": "challenge", "kind": "people"}),
        ("need two machines", {"title": "need two machines"}),
        ("缺人 #people #people", {"title": "缺人", "kind": "people", "labels": ["people"]}),
        ("缺人 !7 #！", {"title": "缺人 !7 #！"}),
        ("\\yf 缺人", {"title": "yf 缺人"}),
    ],
)  # fmt: skip
def test_a_need_is_logged_in_one_line(line: str, fields: dict[str, object]) -> None:
    assert parse(line, VOCABULARY, TODAY, kind="need").fields == fields


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("yf>sc 24h 设计 12-01..12-12 @李雷",
         {"title": "设计", "from_department": "d-yf", "to_department": "d-sc", "hours": 24.0, "first": "2026-12-01",
          "last": "2026-12-12", "member": "m-ll", "skill": "设计"}),
        ("yf>sc #design 12小时", {"title": "design", "from_department": "d-yf", "to_department": "d-sc",
                               "skill": "design", "hours": 12.0}),
        ("review the page 1.5h", {"title": "review the page", "hours": 1.5}),
        ("12-24——1-5 设计 12-01..12-02", {"title": "设计 12-01..12-02", "first": "2026-12-24", "last": "2027-01-05"}),
        ("12-12..11-30 设计", {"title": "12-12..11-30 设计"}),
        ("24hours 36h", {"title": "36h", "hours": 24.0, "skill": "36h"}),
        ("\\24h 设计", {"title": "24h 设计"}),
    ],
)  # fmt: skip
def test_a_request_is_asked_for_in_one_line(line: str, fields: dict[str, object]) -> None:
    found = parse(line, VOCABULARY, TODAY, kind="request").fields
    assert found == fields


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_line_is_refused(line: str) -> None:
    read_member_line(line, VOCABULARY)
    read_department_line(line)
    read_day_line(line, TODAY)
    span = read_span(line, TODAY)
    assert span is None or span[0] <= span[1]
