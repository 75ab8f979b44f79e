"""What a person sees of text that was typed, pasted or imported by someone else."""

from __future__ import annotations

import pytest

from tui.celltext import cell_width, clean, clean_lines, clusters, pad, truncate, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain title", "plain title"),
        ("发布日提前两周，需要确认", "发布日提前两周，需要确认"),
        ("[bold]not markup[/] [@click=app.quit]x[/]", "[bold]not markup[/] [@click=app.quit]x[/]"),
        ("a\x1b[31mred\x1b]0;title\x07", "a␛[31mred␛]0;title␇"),
        ("nul\x00 del\x7f c1\x9b", "nul␀ del␡ c1�"),
        ("two\r\nlines\tand a tab\u2028more", "two lines and a tab more"),
        ("\u202eevil\u202c \u2066isolated\u2069", "�evil� �isolated�"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen \u200emark", "zerowidth softhyphen mark"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        ("no\u00a0break\u2003em", "no break em"),
        ("half \ud800 pair", "half � pair"),
        ("\ufffe and \U0001ffff", "� and �"),
        ("מסעדה عربية", "מסעדה عربية"),
        ("नमस्ते", "नमस्ते"),
    ],
)
def test_text_from_elsewhere_is_shown_and_never_obeyed(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👨\u200d👩\u200d👧 family", "👨 family"),
        ("🏴\u200d☠\ufe0f", "🏴"),
        ("👍🏽 ok", "👍 ok"),
        ("⚠\ufe0f 1\ufe0f\u20e3", "⚠ 1"),
        ("🇨🇳🇯🇵", "🇨🇳🇯🇵"),
        ("می\u200cخواهم", "میخواهم"),
        ("e\u0301", "é"),
        ("\u1112\u1161\u11ab", "한"),
        ("\u0301x", "◌\u0301x"),
        ("z" + "\u0335" * 40, "z" + "\u0335" * 6),
    ],
)
def test_what_terminals_measure_differently_is_shown_as_they_agree(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_long_text_keeps_its_lines_and_tab_stops() -> None:
    assert clean_lines("a\tb\r\n\x1b[2J\n\nend") == ["a   b", "␛[2J", "", "end"]
    assert clean_lines("") == [""]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("e\u0301a", ["e\u0301", "a"]),
        ("👨\u200d👩\u200d👧x", ["👨\u200d👩\u200d👧", "x"]),
        ("🇨🇳🇯🇵🇫", ["🇨🇳", "🇯🇵", "🇫"]),
        ("👍🏽⚠\ufe0f", ["👍🏽", "⚠\ufe0f"]),
        ("\u1112\u1161\u11ab한", ["\u1112\u1161\u11ab", "한"]),
    ],
)
def test_a_cluster_is_what_a_person_sees_as_one_character(text: str, parts: list[str]) -> None:
    assert list(clusters(text)) == parts


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("short", 9, "short"),
        ("exactly", 7, "exactly"),
        ("longer than that", 7, "longer…"),
        ("定价页文案", 10, "定价页文案"),
        ("定价页文案", 9, "定价页文…"),
        ("定价页文案", 8, "定价页…"),
        ("🇨🇳🇯🇵", 3, "🇨🇳…"),
        ("👨\u200d👩\u200d👧ab", 3, "👨\u200d👩\u200d👧…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
        ("anything", -3, ""),
    ],
)
def test_truncating_never_cuts_through_a_character(text: str, width: int, cut: str) -> None:
    assert truncate(text, width) == cut


def test_padding_is_exact_to_the_cell() -> None:
    assert pad("研发", 6) == "研发  "
    assert pad("研发部门", 5) == "研发…"
    assert cell_width(pad("ends with a joiner\u200d", 30)) == 30


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Redesign the checkout page", 14, ["Redesign the", "checkout page"]),
        ("发布日提前两周，需要市场配合", 10, ["发布日提前", "两周，需要", "市场配合"]),
        ("发布日提前，需要配合", 10, ["发布日提", "前，需要配", "合"]),
        ("Incomprehensibilities", 8, ["Incompre", "hensibil", "ities"]),
        ("把 checkout 页改版", 10, ["把", "checkout", "页改版"]),
        ("", 10, [""]),
        ("x", 0, [""]),
    ],
)
def test_wrapping_breaks_between_words_or_in_chinese(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_wrapping_with_a_limit_ends_in_an_ellipsis() -> None:
    assert wrap("one two three four five", 9, limit=2) == ["one two", "three fo…"]


def test_wrapping_may_begin_after_something_that_stands_on_the_line() -> None:
    assert wrap("one two three", 9, indent=5) == ["one", "two three"]
    assert wrap("Incomprehensible", 9, indent=5) == ["", "Incompreh", "ensible"]
    assert wrap("发布日提前", 8, indent=3) == ["发布", "日提前"]
