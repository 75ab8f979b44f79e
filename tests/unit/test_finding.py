"""What is typed finds items and feedback: short ids first, then words, the latest for nothing typed."""

from __future__ import annotations

import pytest

from store import commands
from store.database import Store
from store.finding import find
from tests.conftest import add_item


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["定价页文案", "Checkout crash", "导出发票"]), ("发票", ["导出发票"]), ("check", ["Checkout crash"]),
        ("crash check", ["Checkout crash"]), ("lp-1", ["导出发票"]), ("LP-2", ["Checkout crash"]), ("nothing", []),
        ("((", []), ('"', []), ("%", []), ("\x00", []), ("太慢", []), ("gone", []), ("lp-3 文案", []),
    ],
)  # fmt: skip
def test_items(store: Store, text: str, wanted: list[str]) -> None:
    for title in ("导出发票", "Checkout crash", "定价页文案"):
        add_item(store, title)
    commands.create(store, "feedback", {"title": "太慢"})
    commands.trash(store, [add_item(store, "gone")])
    assert [card.title for card in find(store, "item", text)] == wanted


def test_feedback_by_what_was_said_and_by_the_comments_on_it(store: Store) -> None:
    said = commands.create(store, "feedback", {"title": "太慢", "verbatim": "尤其是 Safari 上的结账"}).ids[0]
    commands.comment(store, said, "有录屏")
    for text in ("safari", "结账", "录屏", "lp-1"):
        assert [card.id for card in find(store, "feedback", text)] == [said]


def test_no_more_than_asked_for(store: Store) -> None:
    for number in range(5):
        add_item(store, f"发票 {number}")
    assert len(find(store, "item", "发票", limit=3)) == 3


def test_what_is_titled_so_comes_before_what_only_mentions_it(store: Store) -> None:
    titled = add_item(store, "Payment interface")
    mentions = add_item(store, "Load test", blocked="waits for the payment interface")
    assert [card.id for card in find(store, "item", "PAYMENT interf")] == [titled, mentions]
    assert [card.id for card in find(store, "item", "payment")] == [titled, mentions]
    assert [card.id for card in find(store, "item", "interface payment")] == [mentions, titled]
