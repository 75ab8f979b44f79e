"""Labels lead to one thing each, the shortest first; counts are typed as readline takes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.counts import Counts
from tui.jump_labels import LETTERS, MOST, labels
from tui.left_off import FILE, MOST_COMMANDS, MOST_PLACES, LeftOff, number_of, text_of, texts_of


@given(st.integers(-3, MOST + 50))
def test_no_label_begins_another(count: int) -> None:
    found = labels(count)
    assert len(found) == len(set(found)) == min(max(count, 0), MOST)
    single = {label for label in found if len(label) == 1}
    assert all(label[0] not in single for label in found if len(label) > 1)
    assert [len(label) for label in found] == sorted(len(label) for label in found)


@given(st.integers(1, MOST))
def test_as_many_as_can_be_have_one_letter(count: int) -> None:
    single = sum(len(label) == 1 for label in labels(count))
    if count <= len(LETTERS):
        assert single == count
    elif single < len(LETTERS):
        # With one prefix less there were not labels enough.
        prefixes = len(LETTERS) - single - 1
        assert single + 1 + prefixes * len(LETTERS) < count


@pytest.mark.parametrize(
    ("keys", "taken", "count"),
    [
        (["alt+5"], [True], 5),
        (["alt+1", "2"], [True, True], 12),
        (["5"], [False], 0),
        (["alt+0"], [True], 0),
        (["alt+1", "0"], [True, True], 10),
        (["alt+9", "9", "9", "9"], [True] * 4, 999),
        (["alt+j"], [False], 0),
        (["ctrl+5"], [False], 0),
        (["alt+3", "alt+4"], [True, True], 34),
        (["alt+3", "ctrl+4"], [True, False], 3),
        (["²"], [False], 0),
    ],
)
def test_a_count_begins_with_alt_and_goes_on_with_digits(
    keys: list[str], taken: list[bool], count: int
) -> None:
    counts = Counts()
    assert [counts.takes(key) for key in keys] == taken
    assert counts.take() == count
    assert counts.text == ""


def test_where_one_left_off_is_kept_and_bounded(tmp_path: Path) -> None:
    left = LeftOff(str(tmp_path))
    for number in range(MOST_PLACES + 5):
        left.note(f"place {number}", {"card": "x"})
    for number in range(MOST_COMMANDS + 5):
        left.used(f"command {number}")
    left.used("command 3")
    left.place = "show_timeline"
    left.write()
    again = LeftOff(str(tmp_path))
    assert again.spot("place 0") == {}
    assert again.spot(f"place {MOST_PLACES}") == {"card": "x"}
    assert again.commands[0] == "command 3"
    assert len(again.commands) == MOST_COMMANDS
    assert again.place == "show_timeline"


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    left = LeftOff(str(tmp_path))
    left.note("show_board", {"card": "x"})
    left.write()
    before = (tmp_path / FILE).stat().st_ino
    left.note("show_board", {"card": "x"})
    left.write()
    assert (tmp_path / FILE).stat().st_ino == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["place", "commands", "places", "other"]), JSON))
def test_a_damaged_file_is_as_good_as_none(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, object]
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / FILE).write_text(json.dumps(found), encoding="utf-8")
    left = LeftOff(str(home))
    spot = left.spot("show_board")
    assert isinstance(left.place, str)
    assert number_of(spot, "top") >= 0
    assert isinstance(text_of(spot, "card"), str)
    assert texts_of(spot, "folded") == [one for one in texts_of(spot, "folded") if isinstance(one, str)]
    left.note("show_board", {"card": "y"})
    left.write()
    assert LeftOff(str(home)).spot("show_board") == {"card": "y"}
