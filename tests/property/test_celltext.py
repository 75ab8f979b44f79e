"""Whatever is typed, columns line up and nothing reaches the terminal that could steer it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.strip import Strip

from tui.celltext import cell_width, clean, clean_lines, clusters, pad, truncate, wrap

AWKWARD = (
    "\u200d\ufe0f\ufe0e\u20e3\u0301\u0e31\u0903\u1112\u1161\u11ab\u3000\u200b\u00ad\u202e\u2066\ufeff"
    "👩👧❤⚠🏴☠🏽🇨🇳🇫1#研发。한aé\x1b\x9b\t\r\n\x00\ufffd\ufffe\U000e0041\U000e007f\u115f\u3164"
)
texts = st.text(
    st.one_of(st.sampled_from(AWKWARD), st.characters(codec=None), st.characters(max_codepoint=0x7F)),
    max_size=40,
)
widths = st.integers(-1, 30)


@given(texts)
def test_cleaned_text_has_nothing_that_steers_hides_or_changes_width(text: str) -> None:
    shown = clean(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(shown) & set("\u200d\ufe0f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    shown.encode("utf-8")


@given(texts)
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_cleaned_width_is_the_sum_of_its_characters_alone(text: str) -> None:
    shown = clean(text)
    assert cell_width(shown) == sum(cell_width(char) for char in shown)


@given(texts)
def test_clusters_lose_nothing_and_their_widths_add_up(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert sum(map(cell_width, clusters(text))) == cell_width(text)


@given(texts, widths)
def test_truncated_text_never_exceeds_its_width(text: str, width: int) -> None:
    cut = truncate(text, width)
    assert cell_width(cut) <= max(width, 0)
    if width > 0 and cell_width(text) <= width:
        assert cut == text


@given(texts, widths)
def test_padded_text_fills_its_width_as_textual_measures_it(text: str, width: int) -> None:
    filled = pad(text, width)
    assert cell_width(filled) == max(width, 0)
    assert Strip([Segment(filled), Segment("|")]).cell_length == max(width, 0) + 1


@given(texts, st.integers(2, 30))
def test_wrapped_lines_fit_and_keep_every_character(text: str, width: int) -> None:
    shown = clean(text)
    lines = wrap(shown, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown.split())


@given(texts)
def test_a_long_text_is_safe_line_by_line(text: str) -> None:
    assert all(clean(line) == line for line in clean_lines(text))
