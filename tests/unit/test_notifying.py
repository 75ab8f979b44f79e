"""Telling outside the window: once, no more than was asked for, and nothing that a terminal or a shell obeys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from store import commands
from store.database import Store
from store.news import mark_all
from tests.conftest import add_item, exchange
from tui import i18n
from tui.notifying import Notifier, system_command, terminal_notice


@pytest.fixture
def mei(store: Store, teammate: Callable[[str], Store]) -> Store:
    i18n.set_language("en")
    other = teammate("Mei")
    exchange(store, other)
    mark_all(store)
    return other


def test_what_comes_is_told_once_and_only_by_number(store: Store, mei: Store) -> None:
    written: list[str] = []
    notifier = Notifier({"notify": "on"}, written.append)
    add_item(mei, "早就有了", owner=store.member)
    exchange(store, mei)
    notifier.look(store)
    assert written == []
    add_item(mei, "秘密\x1b]0;x\x07", owner=store.member)
    exchange(store, mei)
    notifier.look(store)
    notifier.look(store)
    assert len(written) == 1
    assert "1 new change for you" in written[0]
    assert "秘密" not in written[0]


def test_in_full_it_says_what_came_with_nothing_to_obey(store: Store, mei: Store) -> None:
    written: list[str] = []
    notifier = Notifier({"notify": "full"}, written.append)
    notifier.look(store)
    ent = add_item(mei, "x")
    commands.comment(mei, ent, "@林平 a\x1b]9;evil\x07;\x9d\nb")
    exchange(store, mei)
    notifier.look(store)
    [text] = written
    assert "mentions you" in text
    assert text.count("\x1b") == 4
    assert "\x07" not in text
    assert "\x9d" not in text
    assert "\n" not in text
    assert text == terminal_notice(text.split(";notify;Sameboat;")[1].removesuffix("\x1b\\"))


def test_the_system_gets_the_text_as_data(store: Store, mei: Store) -> None:
    run: list[Sequence[str]] = []
    notifier = Notifier({"notify": "on", "notify_command": "system"}, lambda _text: None, run.append)
    notifier.tell("'; rm -rf ~ $(x)")
    for command in run:
        assert command[-1] == "'; rm -rf ~ $(x)"
    assert system_command("a 'b' ’c", "win32")[-1] == "'a ''b'' ’’c'"
    assert system_command("--x", "darwin")[-2:] == ["--x", "Sameboat"]
