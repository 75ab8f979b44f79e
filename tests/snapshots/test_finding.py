"""Pictures of the list, of finding anything, of the filter line and of a view, in both languages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store
from tests.snapshots.conftest import SIZES, SPEAKING, Compare, app
from tests.snapshots.test_app_screens import ids

pytestmark = pytest.mark.usefixtures("on_board")
__all__ = ["ids"]


@SIZES
@SPEAKING
def test_list(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    press = ["8", "l", "l", "j", "s", "space"]
    assert snap_compare(app(store, language), terminal_size=size, press=press)


@SIZES
@SPEAKING
def test_list_divided_and_filtered(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    press = ["8", "z", *"dep", "enter", "slash", *"-is:done", "space", *"dept", "colon"]
    assert snap_compare(app(store, language), terminal_size=size, press=press)


@SIZES
@SPEAKING
def test_find(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    commands.create(store, "feedback", {"title": "太贵", "verbatim": "客户说支付接口太慢"})
    commands.comment(store, ids.signoff, "先看支付")
    assert snap_compare(app(store, language), terminal_size=size, press=["ctrl+f", *"支付"])


@SIZES
@SPEAKING
def test_view(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    commands.create(
        store, "view", {"title": "研发本周", "kind": "board", "query": "dept:yf", "lanes": "department"}
    )
    assert snap_compare(app(store, language), terminal_size=size, press=["apostrophe", *"研发", "enter", "z"])
