"""A private draft of each sort leaves no trace in the share, whatever is done with it, until its key shares it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store
from store.running import instant
from sync.engine import sync_once
from sync.places.share import create_share
from tests.talking_by_keys import Hand, sitting, unpacked

SECRET = "Qzx7-geheim-9vW"
DRAFT = "ctrl+t"


def found_in(share: Path, text: str) -> list[str]:
    """Return the files of a share that have a text in their name or in their bytes, unpacked."""
    wanted = text.encode()
    return [
        str(path)
        for path in share.rglob("*")
        if text in str(path)
        or (path.is_file() and any(wanted in part for part in unpacked(path.read_bytes())))
    ]


def drafts(store: Store) -> dict[str, str]:
    """Return the private drafts and their kinds."""
    found = {}
    for kind in ("item", "conflict", "feedback", "commitment", "meeting", "case", "playbook"):
        for (ent,) in store.conn.execute(f"SELECT id FROM p_{kind} WHERE private = 1"):
            found[str(ent)] = kind
    return found


async def draft(hand: Hand, key: str, line: str) -> None:
    await hand.press(key, DRAFT)
    await hand.enter(line)


async def comment(hand: Hand) -> None:
    await hand.ask("c", f"{SECRET} comment")
    await hand.press("escape")


async def feedback(hand: Hand) -> str:
    await hand.to_tab("inbox")
    await draft(hand, "f", f"yf: {SECRET}")
    await comment(hand)
    await hand.ask("X", f"{SECRET} reason")
    await hand.press("minus")  # what is triaged is folded away
    return "inbox"


async def requirement(hand: Hand) -> str:
    await hand.to_tab("inbox")
    await draft(hand, "f", f"yf: {SECRET}")
    await hand.press("n")
    return "pool"


async def conflict(hand: Hand) -> str:
    await hand.to_tab("conflicts")
    await draft(hand, "x", f"yf>sc {SECRET}")
    await hand.press("n")
    await hand.enter(f"{SECRET} position")
    await hand.press("escape")
    await hand.ask("A", f"{SECRET} action")
    await hand.press("t")  # the checklist of its parties
    await comment(hand)
    return "conflicts"


async def promise(hand: Hand) -> str:
    await hand.to_tab("promises")
    await draft(hand, "w", f"sc>yf {SECRET} ^fri")
    await comment(hand)
    await hand.ask("d", "2026-12-04", f"{SECRET} reason")
    return "promises"


async def case(hand: Hand) -> str:
    store = hand.app.store
    await hand.to_tab("conflicts")
    await draft(hand, "x", f"yf>sc {SECRET}")
    [ent] = drafts(store)
    commands.set_fields(store, [ent], {"state": "decided", "decision": f"{SECRET} decision"})
    await hand.press("*")
    return "cases"


async def meeting(hand: Hand) -> str:
    """A meeting that a person keeps to himself is made by a program; what is noted of it is typed."""
    store = hand.app.store
    begun = {
        "title": SECRET,
        "kind": "weekly",
        "begun": instant(store.now()),
        "ended": instant(store.now()),
    }
    ent = commands.create(store, "meeting", begun, private=True).ids[0]
    await hand.to_tab("meetings")
    await hand.to_row(ent)
    await comment(hand)
    return "meetings"


@pytest.mark.parametrize(
    ("make", "within_meeting"),
    [
        (feedback, False), (requirement, False), (conflict, False), (conflict, True), (promise, True), (case, False),
        (meeting, False),
    ],
)  # fmt: skip
async def test_no_byte_of_the_share_has_it_until_it_is_shared(
    store: Store,
    ids: SimpleNamespace,
    tmp_path: Path,
    make: Callable[[Hand], Awaitable[str]],
    *,
    within_meeting: bool,
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    create_share(str(share), store)
    async with sitting(store) as hand:
        if within_meeting:
            await hand.ask("M", "weekly", "yf>sc weekly")
            await hand.pilot.pause()
        tab = await make(hand)
        made = drafts(store)
        assert made
        await hand.to_tab("conflicts")
        await hand.enter_line("x", "yf>sc a public one")
        if within_meeting:
            await hand.press("M", "E")
        sync_once(store)
        assert found_in(share, "a public one")
        for text in (SECRET, *made):
            assert not found_in(share, text), f"{text} {made.get(text)}"

        # Shared by its key, each of them; then it is there.
        await hand.to_tab(tab)
        shown = [row.key for row in hand.tab.list.rows if row.key in made]
        assert shown
        for ent in shown:
            await hand.to_row(ent)
            await hand.press("P")
        assert not set(shown) & set(drafts(store)), hand.said
    sync_once(store)
    assert found_in(share, SECRET)
    for ent in shown:
        assert found_in(share, ent), made[ent]


async def test_what_comes_of_a_point_about_a_draft_is_a_draft_too(
    store: Store, ids: SimpleNamespace, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    create_share(str(share), store)
    async with sitting(store) as hand:
        await hand.to_tab("conflicts")
        await draft(hand, "x", f"yf>sc {SECRET} !1")
        [ent] = drafts(store)
        await hand.ask("M", "weekly", "yf>sc weekly")
        await hand.pilot.pause()
        point = next(row.key for row in hand.tab.list.rows if SECRET in row.title)
        await hand.to_row(point)
        await hand.ask("C", f"{SECRET} decision")
        await hand.ask("A", f"{SECRET} action")
        await hand.ask("W", f"sc>yf {SECRET} promise")
        await hand.press("d", "E", "p")
        assert SECRET not in hand.copied
    sync_once(store)
    for text in (SECRET, ent, point):
        assert not found_in(share, text), text
