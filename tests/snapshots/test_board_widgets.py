"""Pictures of the board's columns: look at them before accepting a new one (`pytest --snapshot-update`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from textual.pilot import Pilot

from tests.sample_board import BoardApp, Cards, card, conflict
from tui.i18n import set_language
from tui.theme import CONTRAST, DARK, LIGHT

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def planned(*, lanes: bool = False) -> Cards:
    """Return a board where every sign appears once."""
    cards = Cards(lanes=lanes, wip={"doing": 3, "review": 1})
    cards.stacks["backlog"] = [
        card("lp-31", "结账页改版", department="dep-yf", owner="mem-ll", priority=1, due="2026-11-28"),
        card("lp-33", "埋点补齐，发布前让市场能看到每个渠道的转化", department="dep-yf", type="requirement"),
        card("hm-4", "Review the contract with the payment provider before the beta", department="dep-fw"),
        card(
            "hm-5",
            "👨\u200d👩\u200d👧 family plan ❤\ufe0f [bold]literally[/]",
            labels=("ux", "q4"),
            comments=2,
        ),
        card("hm-6", "Freeze the code", type="milestone", due="2026-12-07"),
    ]
    cards.stacks["doing"] = [
        card(
            "hm-7",
            "支付接口联调",
            department="dep-yf",
            owner="mem-hm",
            due="2026-11-22",
            blocked="等法务确认合同",
        ),
        card("hm-9", "Load test", department="dep-yf", type="bug", private=True, checks=5, checks_done=2),
        card("lp-40", "Migration might lose orders", type="risk", priority=0, due="2026-11-25", banner=True),
    ]
    cards.stacks["review"] = [
        card("lp-12", "定价页文案", department="dep-sc", owner="mem-ll", due="2026-11-27", divergences=1),
        card("wf-8", "Launch mail", department="dep-sc", checks=3, checks_done=3),
    ]
    cards.stacks["done"] = [card("lp-2", "需求评审", department="dep-fw", owner="mem-hm", priority=2)]
    cards.stacks["conflicts"] = [
        conflict(
            "wf-3", "发布日提前两周", parties=("dep-yf", "dep-sc"), severity=2, state="negotiating",
            root_cause="resources", owner="mem-ll", follow_up="2026-11-27",
        )
    ]  # fmt: skip
    return cards


async def choose(pilot: Pilot[None]) -> None:
    """Select one card and go to another."""
    app = pilot.app
    assert isinstance(app, BoardApp)
    app.board.move_cursor(dx=1)
    app.board.toggle_selected()
    app.board.move_cursor(dy=1)
    await pilot.pause()


@pytest.mark.parametrize(
    ("theme", "language", "size", "lanes"),
    [
        (DARK, "en", (80, 24), False),
        (DARK, "zh_CN", (160, 45), False),
        (LIGHT, "zh_CN", (80, 24), False),
        (CONTRAST, "en", (160, 45), False),
        (LIGHT, "en", (160, 45), True),
    ],
    ids=["small-dark", "wide-chinese-dark", "small-chinese-light", "wide-contrast", "wide-lanes-light"],
)
def test_board(snap_compare: Compare, theme: str, language: str, size: tuple[int, int], lanes: bool) -> None:
    set_language(language)
    app = BoardApp(planned(lanes=lanes), theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=choose)
