"""Pictures of promises and meetings in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands, queries
from store.agenda import points
from store.commitments import break_promise, confirm, keep, renegotiate
from store.database import Store
from store.meeting_rows import set_cadence
from store.meetings import COVERED, NEXT_TIME, add_point, end_meeting, mark_point, outcome, start_meeting
from store.point_clock import start_clock
from tests.conftest import Clock
from tests.sample_workspace import FRIDAY, fill
from tests.snapshots.conftest import SIZES, SPEAKING, Compare, app
from tui.app import SameboatApp

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace; the ids by what they are about."""
    return fill(store, clock)


def at_tab(store: Store, language: str, tab: str) -> SameboatApp:
    return app(store, language, SameboatApp, feedback_tab=tab)


def promised(store: Store, ids: SimpleNamespace) -> None:
    yf, sc, xs = (ids.departments[code] for code in ("yf", "sc", "xs"))
    for title, giver, taker, due, work in (
        ("定价页文案初稿", sc, yf, "2026-11-20", None),
        ("支付接口联调文档", yf, sc, FRIDAY, None),
        ("Customer list for the launch", xs, sc, "2026-12-04", None),
        ("埋点方案", yf, sc, "2026-11-19", keep),
        ("海报 [bold]终稿", sc, yf, "2026-11-18", confirm),
        ("试用账号", xs, yf, "2026-11-16", break_promise),
    ):
        with commands.change(store, "import") as change:
            ent = change.create(
                "commitment",
                {
                    "title": title,
                    "from_department": giver,
                    "to_department": taker,
                    "due": due,
                    "owner": ids.han,
                },
            )
            if work is not None:
                work(change, ent)
            elif giver == yf:
                renegotiate(change, ent, "2026-11-30", "等接口冻结")


def met(store: Store, ids: SimpleNamespace, clock: Clock) -> None:
    yf, sc, xs = (ids.departments[code] for code in ("yf", "sc", "xs"))
    promised(store, ids)
    with commands.change(store, "import") as change:
        first = start_meeting(change, "产品周会", kind="weekly", departments=[yf, sc], attendees=[ids.han])
        own = add_point(change, first, "Q4 预算")
        mark_point(change, own, NEXT_TIME)
        outcome(change, "item", {"title": "问法务要回复", "owner": ids.han, "due": "2026-11-26"}, first)
        end_meeting(change, first)
        set_cadence(change, yf, xs, 14)
    clock.advance(days=0.02)
    with commands.change(store, "import") as change:
        ent = start_meeting(change, "产品周会", kind="weekly", departments=[yf, sc], attendees=[ids.han])
    clock.advance(seconds=600)
    agenda = points(store, ent)
    with commands.change(store, "import") as change:
        mark_point(change, agenda[0].id, COVERED, spent=4)
        change.comment(ent, "市场：海报要提前一周定稿")
        outcome(
            change, "decision", {"title": "12 月 1 日发布，海报先行", "decider": ids.han}, ent, agenda[1].id
        )
    start_clock(store, agenda[1].id)
    clock.advance(seconds=150)


@SPEAKING
@SIZES
def test_promises(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    promised(store, ids)
    assert snap_compare(at_tab(store, language, "promises"), terminal_size=size, press=["4", "j"])


@SPEAKING
@SIZES
def test_a_meeting_that_runs(
    snap_compare: Compare,
    store: Store,
    ids: SimpleNamespace,
    clock: Clock,
    language: str,
    size: tuple[int, int],
) -> None:
    met(store, ids, clock)
    assert snap_compare(at_tab(store, language, "meetings"), terminal_size=size, press=["4", "j", "j"])


@SPEAKING
def test_starting_a_meeting(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, clock: Clock, language: str
) -> None:
    met(store, ids, clock)
    assert snap_compare(
        at_tab(store, language, "meetings"),
        terminal_size=(80, 24),
        press=["4", "m", "down", "enter"],
    )


def test_a_line_in_a_meeting(snap_compare: Compare, store: Store, ids: SimpleNamespace, clock: Clock) -> None:
    met(store, ids, clock)
    press = ["space", "x", *"yf>sc", "space", *"排期", "space", *"!2"]
    assert snap_compare(at_tab(store, "zh_CN", "meetings"), terminal_size=(80, 24), press=press)


@SPEAKING
def test_nothing_promised_and_no_meeting(snap_compare: Compare, store: Store, language: str) -> None:
    assert not queries.conflict_count(store)
    assert snap_compare(at_tab(store, language, "meetings"), terminal_size=(120, 30), press=["4"])
