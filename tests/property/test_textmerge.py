"""Three-way merge of long texts: both sides' changes come together, and no word of either is left out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.textmerge import Merged, Piece, _words, compare, excerpt, has_marks, merge_texts

LINES = st.lists(
    st.sampled_from(["发布日定在周五", "the price page", "  - 市场", "", "a b c", "预算 3 万"]), max_size=8
)
TEXTS = LINES.map("\n".join) | st.text(alphabet="ab \n市场", max_size=30)


@given(TEXTS, TEXTS)
def test_a_change_of_one_side_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge_texts(base, changed, base).text() == changed
    assert merge_texts(base, base, changed).text() == changed
    assert merge_texts(base, changed, changed).text() == changed


@given(TEXTS, TEXTS, TEXTS)
def test_no_word_that_a_side_added_is_lost(base: str, ours: str, theirs: str) -> None:
    held = Counter(word for piece in merge_texts(base, ours, theirs).pieces for word in _words(piece.text))
    for side in (ours, theirs):
        added = Counter(_words(side)) - Counter(_words(base))
        assert not added - held


@given(TEXTS, TEXTS, TEXTS)
def test_both_sides_of_a_clash_stand_beside_each_other(base: str, ours: str, theirs: str) -> None:
    pieces = [piece for piece in merge_texts(base, ours, theirs).pieces if piece.clash]
    assert [piece.side for piece in pieces] == ["ours", "theirs"] * (len(pieces) // 2)


@given(TEXTS, TEXTS)
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.side != "theirs") == old
    assert "".join(piece.text for piece in pieces if piece.side != "ours") == new


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("the price page", "the new price page", "the price page is live", "the new price page is live"),
        ("发布日定在周五", "发布日暂定在周五", "发布日定在周五上午", "发布日暂定在周五上午"),
        ("一\n二\n三", "一\n二\n三\n四", "零\n一\n二\n三", "零\n一\n二\n三\n四"),
    ],
)
def test_changes_in_different_places_come_together(base: str, ours: str, theirs: str, expected: str) -> None:
    assert merge_texts(base, ours, theirs).text() == expected


def test_what_cannot_be_decided_names_both_sides() -> None:
    merged = merge_texts("发布：周五\n好\n", "发布：周四\n好\n", "发布：下周一\n好\n")
    assert merged.clashes == 1
    shown = merged.text("林平", "韩梅")
    assert shown == "<<<<<<< 林平\n发布：周四\n=======\n发布：下周一\n>>>>>>> 韩梅\n好\n"
    assert has_marks(shown)
    assert not has_marks("=======\na heading\n")


def test_a_clash_in_the_last_line_keeps_its_marks_on_lines_of_their_own() -> None:
    merged = Merged([Piece("both", "a"), Piece("ours", "b", clash=True), Piece("theirs", "c", clash=True)])
    assert merged.text() == "a\n<<<<<<<\nb\n=======\nc\n>>>>>>>\n"


def test_a_long_text_takes_no_long_time() -> None:
    base = "\n".join(f"第 {n} 行 说明 the same words again and again" for n in range(3_000))
    ours, theirs = base.replace("说明", "解释"), base.replace("again", "anew")
    assert merge_texts(base, ours, theirs).clashes in (0, 1)


LONG = "".join(f"line {number}\n" for number in range(60))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (LONG + "end", LONG + "end of it", "…\nline 58\nline 59\nend{+ of it+}"),
        ("begin\n" + LONG, "began\n" + LONG, "[-begin-]{+began+}\nline 0\nline 1\n…"),
        (LONG + "a\n" + LONG, LONG + "b\n" + LONG, "…\nline 58\nline 59\n[-a-]{+b+}\nline 0\nline 1\n…"),
        ("short\ntext\nhere", "short\ntext\nthere", "short\ntext\n[-here-]{+there+}"),
        ("字" * 400 + "甲", "字" * 400 + "乙", "…" + "字" * 160 + "[-甲-]{+乙+}"),
        ("字" * 170 + "甲", "字" * 170 + "乙", "字" * 170 + "[-甲-]{+乙+}"),
        (LONG, LONG, LONG),
    ],
)
def test_a_long_comparison_shows_where_the_difference_is(old: str, new: str, shown: str) -> None:
    marks = {"both": "{}", "ours": "[-{}-]", "theirs": "{{+{}+}}"}
    assert "".join(marks[piece.side].format(piece.text) for piece in excerpt(compare(old, new))) == shown


@given(st.text(alphabet="ab\n 中", max_size=60), st.text(alphabet="ab\n 中", max_size=60), st.integers(0, 2))
def test_an_excerpt_leaves_out_nothing_that_differs(old: str, new: str, lines: int) -> None:
    whole = compare(old, new)
    cut = excerpt(whole, lines=lines, characters=6)
    assert [piece for piece in cut if piece.side != "both"] == [
        piece for piece in whole if piece.side != "both"
    ]
    assert len(cut) == len(whole)
    for one, other in zip(cut, whole, strict=True):
        assert len(one.text) <= max(len(other.text), 2 * 6 + 2)
        if one != other:
            head, _, tail = one.text.partition("…")
            assert other.text.startswith(head)
            assert other.text.endswith(tail.removeprefix("\n"))
