"""A meeting by keys, from its start to its minutes; whatever is written down meanwhile belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.agenda import points
from store.database import Store
from store.meeting_rows import gaps, meeting, meetings, notes
from store.meetings import COVERED, mark_point
from store.minutes import minutes
from store.running import running_meeting
from tests.conftest import Clock, deliver, exchange
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tui.screens.asking import Ask
from tui.screens.feedback.meetings import MeetingsTab
from tui.screens.feedback.screen import FeedbackScreen


async def start(pilot: Pilot[None], line: str, kind: str = "weekly") -> str:
    """Start a meeting with the key that works on every desk, and return its id."""
    await pilot.press("M")
    await write(pilot, kind)
    await pilot.press("enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, Ask)
    await write(pilot, line)
    await pilot.press("enter")
    await pilot.pause()
    await pilot.pause()
    ent = running_meeting(app_of(pilot).store)
    assert ent
    return ent


def tab(pilot: Pilot[None]) -> MeetingsTab:
    screen = pilot.app.screen
    assert isinstance(screen, FeedbackScreen)
    assert isinstance(screen.tab, MeetingsTab)
    return screen.tab


def fields(store: Store, kind: str, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, kind, ent) or {}


def made_since(store: Store, kind: str, before: set[str]) -> list[str]:
    found = store.conn.execute(f"SELECT id FROM p_{kind} WHERE trashed = 0 ORDER BY created_at, id")
    return [ent for (ent,) in found if ent not in before]


def everything(store: Store, kind: str) -> set[str]:
    return set(made_since(store, kind, set()))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_key_works_on_the_board_and_the_header_says_that_it_runs(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        ent = await start(pilot, "yf>sc [bold]周会 @hm")
        held = meeting(store, ent)
        assert held is not None
        assert (held.title, held.kind) == ("[bold]周会", "weekly")
        assert set(held.departments) == {ids.departments["yf"], ids.departments["sc"]}
        assert set(held.attendees) == {store.member, ids.han}
        assert tab(pilot).list.key == ent
        assert "running now" in screen_text(pilot)
        await pilot.press("2")
        await pilot.pause()
        assert "● [bold]周会" in screen_text(pilot).splitlines()[0]
        await pilot.press("M")  # to the one that runs
        await pilot.pause()
        assert "running now" in screen_text(pilot)
        await pilot.press("E")
        await pilot.pause()
        assert running_meeting(store) == ""
        assert "●" not in screen_text(pilot).splitlines()[0]


async def test_three_conflicts_logged_while_it_runs_belong_to_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        ent = await start(pilot, "周会")
        await pilot.press("2")
        await pilot.pause()
        before = everything(store, "conflict")
        await pilot.press("x")
        await write(pilot, "yf>sc one !1")
        await pilot.pause()
        assert "Meeting 周会" in screen_text(pilot)
        await pilot.press("ctrl+j")
        await write(pilot, "yf>xs two")
        await pilot.press("ctrl+j")
        await write(pilot, "sc>xs three")
        await pilot.press("enter")
        await pilot.pause()
        logged = made_since(store, "conflict", before)
        assert len(logged) == 3
        assert {fields(store, "conflict", one)["meeting"] for one in logged} == {ent}
        await pilot.press("M")
        await pilot.pause()
        assert all(title in screen_text(pilot) for title in ("one", "two", "three"))
        await pilot.press("E", "x")
        await write(pilot, "yf>sc afterwards")
        await pilot.press("enter")
        await pilot.pause()
        [*_others, last] = made_since(store, "conflict", before)
        assert "meeting" not in fields(store, "conflict", last)


async def test_a_conflict_is_about_the_items_selected_on_the_board(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        before = everything(store, "conflict")
        await pilot.press("x")
        await write(pilot, "yf>sc nothing selected")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("h", "h", "h", "h")
        await pilot.press("g", "space", "j", "space", "x")
        await write(pilot, "yf>sc two selected")
        await pilot.pause()
        assert "Affected items 2 cards" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        first, second = made_since(store, "conflict", before)
        assert "items" not in fields(store, "conflict", first)
        assert fields(store, "conflict", second)["items"] == sorted([ids.pricing, ids.tracking])


async def test_from_the_start_to_the_minutes(
    opened: Opener, store: Store, ids: SimpleNamespace, clock: Clock
) -> None:
    async with opened() as pilot:
        ent = await start(pilot, "yf>sc 周会")
        agenda = points(store, ent)
        assert [point.about for point in agenda] == [ids.dates, ids.payment]
        await pilot.press("n")  # the first point; its clock runs
        clock.advance(seconds=180)
        await pilot.pause()
        assert tab(pilot).list.key == agenda[0].id
        assert tab(pilot).card.id == ids.dates  # type: ignore[union-attr]
        await pilot.press("C")
        await write(pilot, "12 月 1 日发布 @hm ^fri")
        await pilot.press("enter")
        await pilot.press("d")
        await pilot.pause()
        assert (points(store, ent)[0].state, points(store, ent)[0].spent) == ("covered", 3)
        assert tab(pilot).list.key == agenda[1].id
        await pilot.press("A")
        await write(pilot, "问法务 @hm ^fri")
        await pilot.press("enter")
        await pilot.press(">")
        await pilot.pause()
        assert points(store, ent)[1].state == "next time"
        await pilot.press("+")
        await write(pilot, "预算")
        await pilot.press("enter")
        await pilot.pause()
        assert [point.title for point in points(store, ent)][-1] == "预算"
        await pilot.press("N")
        await write(pilot, "sc>yf 给文案 ^fri")
        await pilot.press("enter")
        await pilot.pause()
        [note] = notes(store, ent)
        tab(pilot).list.go_to(note.id)
        await pilot.press("W")  # the note becomes a promise, nothing asked
        await pilot.pause()
        held = minutes(store, ent)
        assert [(one.what, one.title) for one in held.outcomes] == [
            ("decision", "12 月 1 日发布"), ("action", "问法务"), ("commitment", "给文案"),
        ]  # fmt: skip
        decision, action, promise = held.outcomes
        assert (decision.owner, decision.of) == (ids.han, ids.dates)
        assert (action.owner, action.day, action.of) == (ids.han, "2026-11-27", agenda[1].id)
        assert promise.sides == (ids.departments["sc"], ids.departments["yf"])
        await pilot.press("E")
        await pilot.pause()
        assert "2 points are left" in app_of(pilot).place.footer.note
        await pilot.press("p")
        await pilot.pause()
        text = pilot.app.clipboard
    assert text.startswith("# 周会 · 2026-11-23")
    for line in (
        "- Departments: R&D ⇄ Marketing", "## Points", "1. 发布日提前两周 (lp-7) (3 min)",
        "   - decision: 12 月 1 日发布 (lp-9) — 韩梅 · 2026-11-27", "## Decisions", "## Actions",
        "- [ ] 问法务 (lp-10) — 韩梅 · 2026-11-27", "## Commitments", "- Marketing → R&D: 给文案 (lp-11) — 2026-11-27",
        "- sc>yf 给文案 ^fri — 林平", "## Open points", "- 支付接口联调 (lp-4) — next time", "- 预算",
    ):  # fmt: skip
        assert line in text.splitlines(), text


async def test_a_joint_meeting_is_offered_where_a_conflict_is(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("4", "l", "l")
        await pilot.pause()
        await pilot.press("M")
        await pilot.pause()
        assert "joint meeting about" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "R&D⇄Marketing 发布日提前两周" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        held = meeting(store, running_meeting(store))
        assert held is not None
        assert (held.kind, held.about) == ("joint", ids.dates)
        assert set(held.departments) == {ids.departments["yf"], ids.departments["sc"]}
        assert tab(pilot).list.key == held.id


async def test_a_conflict_is_chosen_for_a_joint_meeting(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    xs = {ids.departments["xs"], ids.departments["sc"]}
    other = commands.create(store, "conflict", {"title": "谁来写手册", "parties": sorted(xs)}).ids[0]
    async with opened() as pilot:
        await start(pilot, "周会")
        await pilot.press("E", "J")
        await write(pilot, "手册")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        held = meeting(store, running_meeting(store))
        assert held is not None
        assert (held.title, held.about, set(held.departments)) == ("谁来写手册", other, xs)


async def test_the_weekly_is_one_key_away_the_next_time(
    opened: Opener, store: Store, ids: SimpleNamespace, clock: Clock
) -> None:
    async with opened() as pilot:
        first = await start(pilot, "yf>sc 产品周会 @hm")
        await pilot.press("E")
        clock.advance(days=7)
        second = await start(pilot, "")
        assert second != first
        one, other = meeting(store, first), meeting(store, second)
        assert one is not None
        assert other is not None
        assert (other.title, other.departments, other.attendees) == (
            one.title,
            one.departments,
            one.attendees,
        )
        assert other.previous == first


async def test_deleting_a_point_leaves_what_it_is_about(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        ent = await start(pilot, "周会")
        count = len(points(store, ent))
        await pilot.press("j", "D")
        await pilot.pause()
        assert len(points(store, ent)) == count - 1
        assert queries.conflict_count(store) == 1
        await pilot.press("u")
        await pilot.pause()
        assert len(points(store, ent)) == count


async def test_a_point_opened_again_and_what_came_up_since(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        ent = await start(pilot, "周会")
        await pilot.press("j", "d")
        await pilot.pause()
        assert points(store, ent)[0].state == "covered"
        await pilot.press("d")
        await pilot.pause()
        assert points(store, ent)[0].state == "to discuss"
        commands.create(store, "conflict", {"title": "late to the party"})
        await pilot.press("B")
        await pilot.pause()
        assert "1 point came up" in app_of(pilot).place.footer.note
        assert "late to the party" in screen_text(pilot)


async def test_keys_say_what_to_do_while_no_meeting_runs(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("4")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, FeedbackScreen)
        await screen.show_tab("meetings")
        await pilot.pause()
        assert "No meeting was held yet." in screen_text(pilot)
        for key in ("n", "d", ">", "+", "B", "N", "A", "C", "W", "E"):
            screen.say("")
            await pilot.press(key)
            await pilot.pause()
            assert "No meeting runs: m starts one." in screen.footer.note, key
        await pilot.press("p")
        assert "There is no meeting here." in screen.footer.note
        assert meetings(store) == []


async def test_a_pair_that_does_not_meet_is_said(
    opened: Opener, store: Store, ids: SimpleNamespace, clock: Clock
) -> None:
    async with opened() as pilot:
        await start(pilot, "yf>sc 周会")
        await pilot.press("E", "s")
        await write(pilot, "rd")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "marketing")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "often")
        await pilot.press("enter")
        await pilot.pause()
        assert gaps(store) == []
        await pilot.press("s")
        await write(pilot, "rd")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "marketing")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "14")
        await pilot.press("enter")
        await pilot.pause()
        [gap] = gaps(store)
        assert (gap.every, gap.overdue) == (14, False)
        assert "R&D ⇄ Marketing: every 14 days" in app_of(pilot).place.footer.note


async def test_a_point_of_ones_own_is_edited_and_the_meeting_keeps_its_title(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        ent = await start(pilot, "周会")
        await pilot.press("+")
        await write(pilot, "budget")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("e")
        await write(pilot, " 2027")
        await pilot.press("enter")
        await pilot.pause()
        assert points(store, ent)[-1].title == "budget 2027"
        held = meeting(store, ent)
        assert held is not None
        assert held.title == "周会"


async def test_the_clock_of_the_point_is_shown_while_it_runs(
    opened: Opener, store: Store, ids: SimpleNamespace, clock: Clock
) -> None:
    async with opened() as pilot:
        await start(pilot, "周会")
        await pilot.press("n")
        await pilot.pause()
        assert "▶ 发布日提前两周 · 0 min" in screen_text(pilot).splitlines()[-1]
        clock.advance(seconds=125)
        tab(pilot)._tick()
        await pilot.pause()
        assert "▶ 发布日提前两周 · 2 min" in screen_text(pilot).splitlines()[-1]


async def test_the_point_under_the_cursor_can_be_next(
    opened: Opener, store: Store, ids: SimpleNamespace, clock: Clock
) -> None:
    async with opened() as pilot:
        ent = await start(pilot, "周会")
        second = points(store, ent)[1]
        await pilot.press("j", "j", "n")
        await pilot.pause()
        assert tab(pilot)._held.clock == second.id
        clock.advance(seconds=60)
        await pilot.press("n")
        await pilot.pause()
        assert tab(pilot)._held.clock != second.id
        held = points(store, ent)
        assert (held[1].state, held[1].spent) == ("to discuss", 1)


async def test_a_teammates_note_and_mark_are_shown_as_they_come(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Mei")
    async with opened() as pilot:
        ent = await start(pilot, "周会")
        exchange(store, other)
        commands.comment(other, ent, "from afar")
        with commands.change(other, "meeting") as change:
            mark_point(change, points(other, ent)[0].id, COVERED)
        deliver(other, store)
        app_of(pilot).place.absorb(store.changed_since({}))
        await pilot.pause()
        assert "from afar" in screen_text(pilot)
        assert "1 of" in screen_text(pilot)
