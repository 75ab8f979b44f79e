"""Pictures of Today in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from store import commands, day_plan, queries
from store.database import Store
from store.day_plan_rows import picks
from store.links import link
from store.setup import init_workspace
from tests.conftest import TODAY, Clock, exchange
from tests.sample_workspace import FRIDAY, fill
from tests.snapshots.conftest import SIZES, SPEAKING, Compare, app
from tui.app import SameboatApp

DAY = TODAY.isoformat()
BEFORE = "2026-11-20"


@pytest.fixture
def full(store: Store, clock: Clock, teammate: Callable[[str], Store]) -> SimpleNamespace:
    """A workspace whose morning has something in every list, and a day that is half planned."""
    ids = fill(store, clock)
    me = store.member
    commands.set_fields(store, [ids.pricing, ids.payment, ids.load], {"owner": me})
    commands.set_fields(store, [ids.dates], {"decider": me})
    commands.set_fields(store, [me], {"capacity": 35})
    with commands.change(store, "import") as change:
        change.create("item", {"title": "上线检查清单", "owner": me, "due": FRIDAY})
        change.create("item", {"title": "旧版下线公告 [bold]", "owner": me, "due": "2026-11-12"})
        change.create("item", {"title": "Load test report", "owner": ids.han, "blocked": "等林平给账号"})
        change.create("goal", {"title": "付费转化 +3pt", "owner": me, "due": "2026-11-21"})
        for title, fields in (
            ("文案定稿", {"owner": me, "due": "2026-11-25"}),
            ("埋点方案", {"receiver": me, "owner": ids.han, "state": "kept", "ended": BEFORE}),
        ):
            change.create("commitment", {"title": title, **fields})
        moment = datetime.datetime.combine(TODAY, datetime.time(15), datetime.UTC).isoformat()
        change.create("meeting", {"title": "周会", "planned": moment, "length": 60, "attendees": [me]})
    link(store, ids.payment, ids.load)
    other = teammate("Xue")
    with commands.change(other, "add") as change:
        change.create("item", {"title": "Refund flow draft", "owner": other.member, "due": FRIDAY})
        change.comment(ids.pricing, "第二版好多了")
        change.set(ids.tracking, {"due": FRIDAY})
    clock.advance(seconds=240)
    with commands.change(other, "pick") as change:
        day_plan.pick(change, BEFORE, ids.tracking, minutes=120)
        day_plan.pick(change, DAY, title="面试两场", minutes=90)
        day_plan.pick(change, DAY, ids.tracking, minutes=60)
        change.flush()
        day_plan.share_day(change, BEFORE)
        day_plan.share_day(change, DAY)
        day_plan.finish(change, picks(other, BEFORE)[0])
    with commands.change(store, "pick") as change:
        for day in ("2026-11-18", "2026-11-19"):
            change.set(day_plan.pick(change, day, ids.pricing), {"state": "carried over"})
        day_plan.pick(change, DAY, ids.pricing, minutes=90)
        day_plan.pick(change, DAY, title="写周报 [bold]", minutes=45)
        day_plan.pick(change, DAY, ids.payment, minutes=180)
        day_plan.pick(change, BEFORE, title="约法务")
        change.flush()
        first, second, _third = picks(store, DAY)
        day_plan.start_clock(change, second)
        clock.advance(seconds=1500)
        day_plan.stop_clock(change)
        day_plan.finish(change, second)
        day_plan.start_clock(change, first)
    clock.advance(seconds=720)
    exchange(store, other)
    assert queries.divergence_count(store) == 0
    return ids


def at_tab(store: Store, language: str, tab: str) -> SameboatApp:
    return app(store, language, SameboatApp, today_tab=tab)


@SIZES
@SPEAKING
@pytest.mark.parametrize("tab", ["today", "dayplan", "standup"])
def test_today(
    snap_compare: Compare, store: Store, full: SimpleNamespace, language: str, size: tuple[int, int], tab: str
) -> None:
    assert snap_compare(at_tab(store, language, tab), terminal_size=size)


@SIZES
@SPEAKING
@pytest.mark.parametrize("tab", ["today", "dayplan", "standup"])
def test_an_empty_workspace(
    snap_compare: Compare, tmp_path: Path, clock: Clock, language: str, size: tuple[int, int], tab: str
) -> None:
    made = init_workspace(
        str(tmp_path / "new"), name="New", member="林平", code="lp", now=clock, today=lambda: TODAY
    )
    assert snap_compare(at_tab(made, language, tab), terminal_size=size)


@SIZES
@SPEAKING
@pytest.mark.parametrize("keys", [("E",), ("E", "m", "j", "m", ">", "enter")], ids=["asked", "summary"])
def test_the_evening(
    snap_compare: Compare,
    store: Store,
    full: SimpleNamespace,
    language: str,
    size: tuple[int, int],
    keys: tuple[str, ...],
) -> None:
    assert snap_compare(at_tab(store, language, "dayplan"), terminal_size=size, press=keys)
