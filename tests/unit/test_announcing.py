"""The text that tells people that what they asked for is ready, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui import i18n
from tui.announcing import Shipped, announcement

ONE = Shipped("导出没有发票", ["华宇集团", "Acme"], ["lp-18 导出发票"])
OTHER = Shipped("slow\n  " + "x" * 200, [], ["lp-2 Speed", "lp-3 Cache"])


@pytest.fixture(autouse=True)
def _keep_language() -> Iterator[None]:
    before = i18n.language()
    yield
    i18n.set_language(before)


@pytest.mark.parametrize(
    ("language", "shipped", "wanted"),
    [
        ("en", [ONE],
         "华宇集团, Acme: you asked for “导出没有发票”. It is ready: lp-18 导出发票. Tell us how it works for you."),
        ("zh_CN", [ONE],
         "华宇集团、Acme：您提的“导出没有发票”已经做好了：lp-18 导出发票。欢迎试用，有任何问题请告诉我们。"),
        ("en", [Shipped("slow", (), ["lp-2 Speed"])],
         "You asked for “slow”. It is ready: lp-2 Speed. Tell us how it works for you."),
        ("en", [Shipped("slow", ["Mei"])], "Mei: about “slow” — "),
        ("zh_CN", [Shipped("慢")], "关于“慢”——"),
        ("en", [ONE, OTHER],
         "What you asked for is ready:\n• “导出没有发票” — lp-18 导出发票 — 华宇集团, Acme\n"
         f"• “slow {'x' * 74}…” — lp-2 Speed, lp-3 Cache\nTell us how it works for you."),
    ],
)  # fmt: skip
def test_a_text_to_paste_into_a_chat(language: str, shipped: list[Shipped], wanted: str) -> None:
    i18n.set_language(language)
    assert announcement(shipped) == wanted


def test_braces_and_markup_in_what_was_said_stay_as_they_are() -> None:
    i18n.set_language("en")
    assert "{who} [bold]" in announcement([Shipped("{who} [bold]", ["Mei"], ["lp-1 x"])])
