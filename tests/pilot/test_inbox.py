"""The inbox by its keys: what people said is triaged, put off, answered, and every key is one undo."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from store.feedback_rows import counts
from tests.conftest import TODAY, Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tests.sample_feedback import fill_feedback, triage_some
from tui.screens.feedback.inbox import InboxTab
from tui.screens.feedback.pasting import PasteScreen


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace with what people said."""
    return fill_feedback(store, clock)


def tab(pilot: Pilot[None]) -> InboxTab:
    found = app_of(pilot).place.tab  # type: ignore[attr-defined]
    assert isinstance(found, InboxTab)
    return found


def at(pilot: Pilot[None]) -> str:
    return tab(pilot).list.key


def said(pilot: Pilot[None]) -> str:
    return str(app_of(pilot).place.footer.note)


def held(store: Store, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, "feedback", ent) or {}


def state(store: Store, ent: str) -> object:
    return held(store, ent)["state"]


async def enter_text(pilot: Pilot[None], text: str) -> None:
    await write(pilot, text)
    await pilot.press("enter")
    await pilot.pause()


async def test_ten_pieces_are_triaged_by_keys_alone(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    # The most important comes first, then the oldest.
    order = [ids.said[0], ids.said[1], *ids.said[2:]]
    async with opened(WIDE) as pilot:
        await pilot.press("4")
        await pilot.pause()
        assert at(pilot) == order[0]
        await pilot.press("m")
        await enter_text(pilot, "导出发票")
        assert (state(store, order[0]), held(store, order[0])["items"]) == ("linked", [ids.invoices])
        assert at(pilot) == order[1]
        await pilot.press("n")
        await pilot.pause()
        assert state(store, order[1]) == "linked"
        made = queries.card(store, held(store, order[1])["items"][0])  # type: ignore[index]
        assert made is not None
        assert (made.title, made.type) == ("结账页太慢了", "requirement")
        await pilot.press("X")
        await enter_text(pilot, "not now")
        assert (state(store, order[2]), held(store, order[2])["reason"]) == ("declined", "not now")
        assert at(pilot) == order[3]
        await pilot.press("z", "enter")
        await pilot.pause()
        assert (state(store, order[3]), held(store, order[3])["until"]) == ("snoozed", "2026-11-24")
        await pilot.press("d")
        await enter_text(pilot, "发票抬头")
        assert (state(store, order[4]), held(store, order[4])["duplicate_of"]) == ("duplicate", order[9])
        await pilot.press("A")
        await pilot.press(*["ctrl+u"])
        await enter_text(pilot, "thanks")
        assert (state(store, order[5]), held(store, order[5])["reply"]) == ("answered", "thanks")
        await pilot.press("t")
        await pilot.pause()
        assert held(store, order[6])["voters"] == [store.member]
        # The last four at once become one item.
        await pilot.press("space", "space", "space", "space", "n")
        await pilot.pause()
        assert {state(store, ent) for ent in order[6:]} == {"linked"}
        assert len({tuple(held(store, ent)["items"]) for ent in order[6:]}) == 1  # type: ignore[arg-type]
        assert counts(store, TODAY)["inbox"] == 0
        await pilot.press("u")
        await pilot.pause()
        assert {state(store, ent) for ent in order[6:]} == {"inbox"}


async def test_a_name_that_no_item_has_makes_one(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("4", "m")
        await enter_text(pilot, "Zebra 斑马")
        [made] = held(store, ids.said[0])["items"]  # type: ignore[misc]
        card = queries.card(store, made)
        assert card is not None
        assert (card.title, card.type) == ("Zebra 斑马", "requirement")


async def test_several_rows_are_one_undo(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("4", "space", "space", "space", "X")
        await enter_text(pilot, "no")
        assert [state(store, ent) for ent in ids.said[:3]] == ["declined"] * 3
        assert "3 cards declined: no" in said(pilot)
        await pilot.press("u")
        await pilot.pause()
        assert [state(store, ent) for ent in ids.said[:3]] == ["inbox"] * 3


async def test_what_shipped_asks_to_be_answered_and_the_text_is_ready(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    triage_some(store, ids)
    async with opened(WIDE) as pilot:
        await pilot.press("4")
        await pilot.pause()
        assert "Ready to answer 1" in screen_text(pilot)
        tab(pilot).list.go_to(ids.said[7])
        await pilot.press("Y")
        await pilot.pause()
        short = queries.card(store, ids.signoff).short  # type: ignore[union-attr]
        assert app_of(pilot).clipboard == (
            f"华宇集团: you asked for “登录要重试三次”. It is ready: {short} 需求评审. Tell us how it works for you."
        )
        await pilot.press("A", "enter")
        await pilot.pause()
        assert state(store, ids.said[7]) == "answered"
        assert "It is ready" in str(held(store, ids.said[7])["reply"])
        assert "Ready to answer" not in screen_text(pilot)


async def test_the_rest_is_folded_until_it_is_asked_for(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    triage_some(store, ids)
    async with opened(WIDE) as pilot:
        await pilot.press("4")
        await pilot.pause()
        assert "linked 2 · declined 1" in screen_text(pilot)
        assert "法律要求" not in screen_text(pilot)
        await pilot.press("minus")
        await pilot.pause()
        assert "法律要求" in screen_text(pilot)
        tab(pilot).list.go_to(ids.said[8])
        await pilot.press("b")
        await pilot.pause()
        assert state(store, ids.said[8]) == "inbox"


async def test_a_new_customer_is_made_where_it_is_named(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("4", "&")
        await enter_text(pilot, "Nova")
        [made] = held(store, ids.said[0])["customers"]  # type: ignore[misc]
        assert (queries.entity_fields(store, "customer", made) or {})["title"] == "Nova"
        await pilot.press("C")
        await enter_text(pilot, "Nova")
        await enter_text(pilot, "1,200")
        assert (queries.entity_fields(store, "customer", made) or {})["size"] == 1_200
        await pilot.press("u", "u")
        await pilot.pause()
        assert "customers" not in held(store, ids.said[0])


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_pasted_chat_becomes_drafts_to_confirm(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    chat = "张三 2026-11-20 10:32\n[bold]太慢了\x1b[31m\n李四 2026-11-20 10:33\n收到\n王芳 2026-11-20 10:34\n导出呢"
    async with opened(size) as pilot:
        await pilot.press("4", "p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PasteScreen)
        pilot.app.screen.list.post_message(Paste(chat))
        await pilot.pause()
        await pilot.pause()
        shown = screen_text(pilot)
        assert "3 messages, 3 marked" in shown
        assert "[bold]太慢了␛[31m" in shown
        assert "\x1b" not in shown
        await pilot.press("c")
        await enter_text(pilot, "微信群")
        await pilot.press("j", "space", "enter")
        await pilot.pause()
        assert "2 messages kept" in said(pilot)
        made = [card for card in (queries.card(store, ent) for ent in _feedback(store)) if card]
        assert [card.title for card in made[-2:]] == ["[bold]太慢了\x1b[31m", "导出呢"]
        assert held(store, made[-1].id)["channel"] == "微信群"
        await pilot.press("u")
        await pilot.pause()
        assert counts(store, TODAY)["inbox"] == 10


def _feedback(store: Store) -> list[str]:
    return [ent for (ent,) in store.conn.execute("SELECT id FROM p_feedback WHERE trashed = 0 ORDER BY n")]


async def test_the_customer_is_named_in_the_details(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "j", "j", "enter")
        details = tab(pilot).details
        details.focus()
        while details.key is None or details.key.name != "customer":
            await pilot.press("j")
        await pilot.press("enter")
        await enter_text(pilot, "hyjt")
        assert held(store, ids.said[2])["customer"] == ids.huayu
        await pilot.press("enter")
        await enter_text(pilot, "Nova Ltd")
        made = str(held(store, ids.said[2])["customer"])
        assert (queries.entity_fields(store, "customer", made) or {})["title"] == "Nova Ltd"
        assert "Nova Ltd" in screen_text(pilot)


async def test_capture_names_a_customer(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "f")
        await write(pilot, "slow &acme !3")
        await pilot.pause()
        assert "Customer Acme Corp" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        fields = held(store, at(pilot))
        assert (fields["title"], fields["customer"], fields["origin"]) == ("slow", ids.acme, "customer")


async def test_an_empty_inbox_teaches(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    with commands.change(store, "trash") as change:
        for ent in ids.said:
            change.trash(ent)
    async with opened() as pilot:
        await pilot.press("4")
        await pilot.pause()
        assert "Nothing is to be triaged." in screen_text(pilot)
        await pilot.press("X", "z", "t")
        await pilot.pause()
        assert "There is no feedback here" in said(pilot)
