"""Capture holds its promises for any text: no error, nothing lost, and spans that say the truth."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.capture import parse
from store.dates import day_at, parse_day
from store.names import fold
from store.periods import parse_period
from tests.sample_vocabulary import TODAY, VOCABULARY

# Pieces that mean something beside text that means nothing, so that a random line comes near the grammar's edges.
PIECES = [
    "yf", "sc", "研发", "市场", "销售部", ">", "＞", "》", "⇄", "<>", "@", "＠", "李雷", "Li Lei", "lp", "nobody",
    "#", "＃", "资源", "label", "Backend", "!", "！", "1", "２", "4", "^", "＾", "……", "周五", "next fri", "12-01",
    "+3d", "*", "＊", "doing", "进行中", "g:", "g：", "留存", "bug", "风险", ":", "：", '"', "“", "”", "\\",
    "&", "＆", "华宇", "集团", "Acme", "AT&T",
    "~", "～", "every mon", "每周一", "monthly last fri", "每月15号", "until", "3 times",
    "24h", "24小时", "..", "12-12", "挑战", "challenge",
    " ", "  ", "　", "\n", "，", ",", "。", ".", "(", ")", "-", "/", "发布日提前两周", "fix", "https://x.com/#a",
    "a@b.com", "C#", "^_^", "é", "\u0301", "\x00", "\x1b", "\ud800", "👩‍👧", "İ", "ﬁ",
]  # fmt: skip
LINES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
    st.text(st.characters(codec=None), max_size=60),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map("".join),
)
KINDS = st.sampled_from(["", "item", "conflict", "feedback", "commitment", "need", "request"])
WIDE = str.maketrans("!#@^>:*&~0123456789", "！＃＠＾＞：＊＆～０１２３４５６７８９")


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


@given(LINES, KINDS)
def test_any_line_is_understood_without_error_and_with_a_title(line: str, kind: str) -> None:
    captured = parse(line, VOCABULARY, TODAY, kind=kind, me="m-hm")
    assert captured.kind == (kind or captured.kind)
    assert captured.fields["title"] == captured.title
    assert bool(captured.title) == bool(line.strip(" \t\r\n\u00a0\u2028\u2029\u3000"))


@given(LINES, KINDS)
def test_the_title_is_made_of_the_line_alone(line: str, kind: str) -> None:
    captured = parse(line, VOCABULARY, TODAY, kind=kind)
    assert is_subsequence("".join(captured.title.split(" ")), line)


@given(LINES, KINDS)
def test_nothing_is_lost_outside_what_was_understood(line: str, kind: str) -> None:
    captured = parse(line, VOCABULARY, TODAY, kind=kind)
    rest = list(line)
    for part in captured.understood:
        rest[part.start : part.end] = [" "] * (part.end - part.start)
    tidied = " \t\r\n\u00a0\u2028\u2029\u3000,，;；、:：\\"
    kept = [character for character in rest if character not in tidied]
    assert is_subsequence("".join(kept), captured.title)


@given(LINES, KINDS)
def test_spans_are_disjoint_ordered_and_within_the_line(line: str, kind: str) -> None:
    captured = parse(line, VOCABULARY, TODAY, kind=kind)
    end = 0
    for part in captured.understood:
        assert end <= part.start < part.end <= len(line)
        end = part.end


@given(LINES, KINDS)
def test_a_title_without_parts_stays_as_it_is(line: str, kind: str) -> None:
    line = line.replace("\\", "")
    captured = parse(line, VOCABULARY, TODAY, kind=kind)
    if not captured.understood:
        again = parse(captured.title, VOCABULARY, TODAY, kind=kind)
        assert (again.title, again.understood) == (captured.title, [])


PARTS = [
    "yf>sc", "@李雷", "@hm", "#资源", "#x", "!1", "!2", "^周五", "^12-01", "^3天后", "*doing", "g:留存", "标题",
    "&华宇集团", "&ac", "fix it",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map(" ".join), KINDS)
def test_full_width_forms_give_the_same_fields(line: str, kind: str) -> None:
    half = parse(line, VOCABULARY, TODAY, kind=kind)
    full = parse(line.translate(WIDE), VOCABULARY, TODAY, kind=kind)
    assert [(part.start, part.end, part.field, part.value) for part in full.understood] == [
        (part.start, part.end, part.field, part.value) for part in half.understood
    ]
    assert (full.kind, fold(full.title)) == (half.kind, fold(half.title))


@given(st.permutations(["yf>sc", "@李雷", "#资源", "!2", "^周五", "发布日"]))
def test_parts_may_stand_in_any_order(pieces: list[str]) -> None:
    captured = parse(" ".join(pieces), VOCABULARY, TODAY)
    assert captured.fields == {
        "title": "发布日", "parties": ["d-yf", "d-sc"], "decider": "m-ll", "root_cause": "resources",
        "severity": 2, "follow_up": "2026-11-27",
    }  # fmt: skip


@given(st.text(st.characters(codec=None), max_size=50), st.dates(), st.booleans())
def test_any_text_is_a_day_or_none(text: str, today: date, past: bool) -> None:
    parse_day(text, today, past=past)
    found = day_at(fold(text), 0, today, past=past)
    assert found is None or 0 < found[1] <= len(text)
    period = parse_period(text, today, past=past)
    assert period is None or period[0] <= period[1]


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.dates())
def test_a_written_day_is_that_day_whatever_today_is(day: date, today: date) -> None:
    written = [
        f"{day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%b} {day.day}, {day.year}",
    ]
    assert {parse_day(text, today) for text in written} == {day}


@given(st.dates(date(1900, 3, 1), date(2990, 12, 31)))
def test_weekdays_are_the_same_in_both_languages(today: date) -> None:
    for english, chinese in (
        ("fri", "周五"),
        ("next fri", "下周五"),
        ("last mon", "上周一"),
        ("weekend", "周末"),
    ):
        assert parse_day(english, today) == parse_day(chinese, today) is not None


@pytest.mark.parametrize(
    "pattern",
    ["^周", "@", '@"', "yf>", " yf>", ";研发>", "#a", "\\", "……", "g:", "://", "^3 ", "!2", "@李雷 ",
     "x", " ", "《", "bug:", "“"],
)  # fmt: skip
def test_time_is_bounded_whatever_is_repeated(pattern: str) -> None:
    for length in (4_000, 2_000_000):
        line = pattern * (length // len(pattern))
        started = time.perf_counter()
        parse(line, VOCABULARY, TODAY)
        assert time.perf_counter() - started < 2
