"""Small pure parts of the screens: hints that fit, lists that narrow, values as they are typed and said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from store import schema
from store.database import Store
from tests.conftest import TODAY
from tui import i18n
from tui.actions import FOOTER, SCOPES
from tui.celltext import cell_width
from tui.keymap import Keymap
from tui.screens.choices import Choice, narrowed
from tui.screens.hints import hints
from tui.screens.typed_values import read_value, value_hint, written_value
from tui.widgets.days import day_words, distance_words, moment_words
from tui.widgets.footer import fitting
from tui.widgets.header import SYNCED, SyncLine, ago

ITEM = schema.KINDS["item"].fields


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("width", [20, 79, 260])
def test_hints_fit_and_the_most_important_stays(language: str, scope: str, width: int) -> None:
    i18n.set_language(language)
    offered = hints(Keymap(), scope)
    kept = fitting(offered, width)
    assert sum(cell_width(f"{hint.keys} {hint.label}") + 2 for hint in kept) - 2 <= width
    if offered and width > 20:
        assert min(hint.rank for hint in offered) == min(hint.rank for hint in kept)
    if width == 260:
        assert kept == offered


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_is_told_once_with_what_it_does_here(scope: str) -> None:
    told = [key for hint in hints(Keymap(), scope, writes=()) for key in hint.keys.split()]
    assert len(told) == len(set(told))


def test_hints_show_the_keys_a_person_chose() -> None:
    shown = {hint.action: hint.keys for hint in hints(Keymap({"add": "n", "filter": ""}), "board")}
    assert shown["add"] == "n"
    assert "filter" not in shown
    assert shown["move_left"] == "H L"
    assert FOOTER["move_left"][1] == FOOTER["move_right"][1]


def test_a_list_narrows_to_the_likeliest_first() -> None:
    choices = [
        Choice("1", "韩梅", search=("hm", "Han Mei")),
        Choice("2", "Hannah", search=("ha",)),
        Choice("3", "Jochanan", disabled=True),
        Choice("4", "Hard labour"),
    ]

    def keys(text: str) -> list[str]:
        return [choice.key for choice in narrowed(choices, text)]

    assert keys("") == ["1", "2", "3", "4"]
    assert keys("hm") == ["1"]
    assert keys("han") == ["1", "2", "3"]
    assert keys("HAN mei") == ["1"]
    assert keys("hlr") == ["4"]
    assert keys("zz") == []


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("due", "fri", "2026-11-27"), ("due", "2026-12-01", "2026-12-01"), ("due", "  ", None), ("effort", "2.5", 2.5),
        ("effort", "8", 8.0), ("blocked", " waits ", "waits"), ("priority", "3", 3),
    ],
)  # fmt: skip
def test_typed_values_are_read(store: Store, name: str, typed: str, value: object) -> None:
    assert read_value(store, ITEM[name], typed) == value


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("due", "someday", "“someday” is no day"), ("effort", "lots", "“lots” is no number"),
        ("effort", "-1", "from 0 to 100000"), ("priority", "9", "from 0 to 4"), ("parent", "zz-99", "zz-99"),
    ],
)  # fmt: skip
def test_what_means_nothing_says_why(store: Store, name: str, typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_value(store, ITEM[name], typed)


def test_linked_items_are_written_and_read_as_short_ids(store: Store) -> None:
    from tests.conftest import add_item

    first, second = add_item(store, "one"), add_item(store, "two")
    items = schema.KINDS["conflict"].fields["items"]
    assert written_value(store, items, [first, second]) == "lp-1 lp-2"
    assert read_value(store, items, "lp-1, lp-2") == [first, second]
    assert read_value(store, ITEM["parent"], "lp-2") == second
    assert written_value(store, ITEM["effort"], 8.0) == "8"
    assert written_value(store, ITEM["due"], None) == ""


def test_a_day_says_what_it_means_while_it_is_typed() -> None:
    assert value_hint(ITEM["due"], "下周三", TODAY) == "Wed 2 Dec · in 9 days"
    assert value_hint(ITEM["due"], "som", TODAY) == "…"
    assert value_hint(ITEM["title"], "fri", TODAY) == ""


@pytest.mark.parametrize(
    ("iso", "said", "said_in_chinese"),
    [
        ("2026-11-23", "Mon 23 Nov, today", "11月23日 周一, 今天"),
        ("2026-11-24", "Tue 24 Nov, tomorrow", "11月24日 周二, 明天"),
        ("2026-11-20", "Fri 20 Nov, 3 days late", "11月20日 周五, 逾期 3 天"),
        ("2027-01-04", "Mon 4 Jan 2027, in 42 days", "2027年1月4日 周一, 42 天后"),
        ("soon", "soon, ", "soon, "),
    ],
)
def test_days_are_said_in_both_languages(iso: str, said: str, said_in_chinese: str) -> None:
    assert f"{day_words(iso, TODAY)}, {distance_words(iso, TODAY)}" == said
    i18n.set_language("zh_CN")
    assert f"{day_words(iso, TODAY)}, {distance_words(iso, TODAY)}" == said_in_chinese


def test_moments_are_said_coarsely() -> None:
    said = [ago(ms) for ms in (0, 7_000, 61_000, 7_200_000, 90_000_000, 200_000_000)]
    assert said == ["just now", "5 s ago", "1 min ago", "2 h ago", "1 day ago", "2 days ago"]
    noon = 1_795_435_200_000  # 2026-11-23 12:00 UTC
    assert moment_words(noon - 1_000, noon) == "just now"
    assert str(date(2026, 11, 20).day) in moment_words(noon - 3 * 86_400_000, noon)


def test_a_sync_line_says_one_thing_after_another() -> None:
    line = SyncLine(SYNCED, peers=2, synced_at=1_000, waiting=1, outbox=3)
    assert line.sentence(11_000) == "2 peers · waiting for 1 · synced 10 s ago · 3 to send"
