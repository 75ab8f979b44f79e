"""Pictures of the inbox of changes, of the trash and of what comes again, in both languages, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from store import commands, queries
from store.database import Store
from store.news import mark_all
from tests.conftest import Clock, add_item, exchange
from tests.sample_workspace import fill
from tests.snapshots.conftest import LANGUAGES, NARROW, WIDE, Compare, app
from tests.snapshots.test_inbox import after

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def ids(store: Store, clock: Clock, teammate: Callable[[str], Store]) -> SimpleNamespace:
    """A workspace in which a teammate mentioned, assigned, promised and moved things, and some days have come."""
    found = fill(store, clock)
    me = store.member
    add_item(store, "周会", recurrence="FREQ=WEEKLY;BYDAY=MO", owner=me, due="2026-11-30")
    mei = teammate("Mei")
    exchange(store, mei)
    mark_all(store)
    add_item(store, "续签合同", remind="2026-11-23", owner=me)
    first, second, third = [card.id for card in queries.cards(mei, queries.statuses(mei)[0].id)][:3]
    commands.comment(mei, first, "@林平 这版文案你看一下，[bold]周五前要定")
    commands.set_fields(mei, [second], {"owner": me, "due": "2026-12-04"})
    commands.create(mei, "commitment", {"title": "结账页文案", "receiver": me, "due": "2026-11-20"})
    commands.set_fields(mei, [third], {"due": "2026-12-04", "priority": 1, "labels": ["launch"]})
    commands.move(mei, [third], queries.statuses(mei)[1].id)
    exchange(store, mei)
    clock.advance(seconds=3600)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("tab", ["me", "all"])
def test_changes(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int], tab: str
) -> None:
    keys = ["9", "j"] if tab == "me" else ["9", "l", "j"]
    assert snap_compare(app(store, language), terminal_size=size, run_before=after(keys))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("filled", [True, False], ids=["filled", "empty"])
def test_trash(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, clock: Clock, language: str, size: tuple[int, int],
    filled: bool,
) -> None:  # fmt: skip
    if filled:
        said = commands.create(
            store, "feedback", {"title": "[b]结账太慢，Safari 上要等十秒才出现付款页面"}
        ).ids[0]
        promised = commands.create(store, "commitment", {"title": "Price list for the dealers"}).ids[0]
        commands.trash(store, [said])
        clock.advance(seconds=90_000)
        commands.trash(store, [promised, ids.pricing])
    assert snap_compare(app(store, language), terminal_size=size, run_before=after(["9", "h"]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_repeating(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, run_before=after(["2", "g", "Z"]))
