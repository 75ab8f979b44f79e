"""The cases tab by keys: what was settled is kept, found, and turned into steps and items."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.case_rows import cases, playbooks
from store.cases import case_id
from store.database import Store
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, note, screen_text, write
from tests.pilot.test_conflicts_tab import desk, press, said
from tests.sample_conflicts import fill_conflicts


@pytest.fixture
def sample(store: Store, clock: Clock, ids: SimpleNamespace) -> SimpleNamespace:
    fill_conflicts(store, clock, ids)
    return ids


async def to_cases(pilot: Pilot[None]) -> None:
    await press(pilot, "4", "h")


def derived(store: Store, ent: str) -> list[str]:
    return [card.title for card in queries.derived_items(store, ent)]


async def test_an_empty_tab_teaches(opened: Opener) -> None:
    async with opened(NARROW) as pilot:
        await to_cases(pilot)
        assert "No case is kept yet." in screen_text(pilot)
        assert "* on a settled conflict" in screen_text(pilot)


async def test_a_settled_conflict_is_kept_as_a_case_once(
    opened: Opener, store: Store, sample: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "l", "l")
        desk(pilot).begin_at(sample.tests)
        await press(pilot, "*")
        assert "kept as a case" in said(pilot)
        case = queries.entity_fields(store, "case", case_id(sample.tests)) or {}
        assert case["title"] == "压测环境被市场演示占着"
        assert case["action"] == "演示环境单独拆出来，周二、周三归压测。\n拆出演示环境"
        assert case["result"] == "研发 4/5"
        await press(pilot, "*")
        assert "is kept as a case already" in said(pilot)
        await press(pilot, "u")
        assert [row.id for row in cases(store)] == [sample.price_case]


async def test_what_is_not_settled_is_no_case(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "l", "l", "*")
        assert said(pilot).startswith("lp-7 is no case yet")
        assert not cases(store)


async def test_a_verified_action_is_kept_from_the_board(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    commands.set_fields(store, [ids.pricing], {"verify": "转化率", "verified": "2026-11-20"})
    async with opened() as pilot:
        assert here(pilot) == ids.pricing
        await press(pilot, "*")
        assert "kept as a case" in note(pilot)
        [case] = cases(store)
        assert (case.title, case.result) == ("定价页文案", "转化率 ✓ 2026-11-20")
        await press(pilot, "j", "*")
        assert "is no case yet" in note(pilot)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_playbook_becomes_items_in_one_undo(
    opened: Opener, store: Store, sample: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await to_cases(pilot)
        desk(pilot).begin_at(sample.playbook)
        await press(pilot, "b")
        assert derived(store, sample.playbook) == ["列出双方的硬性日期", "选一个人拍板", "约定复查日"]
        top = queries.cards(store, sample.todo, limit=3)
        assert [card.title for card in top] == ["列出双方的硬性日期", "选一个人拍板", "约定复查日"]
        await press(pilot, "u")
        assert not derived(store, sample.playbook)


async def test_a_case_becomes_a_playbook(opened: Opener, store: Store, sample: SimpleNamespace) -> None:
    async with opened() as pilot:
        await to_cases(pilot)
        desk(pilot).begin_at(sample.price_case)
        await press(pilot, "B")
        made = desk(pilot).card
        assert made is not None
        assert made.kind == "playbook"
        assert [check.title for check in queries.checks(store, made.id)] == [
            "A/B test for one week after launch"
        ]
        assert len(playbooks(store)) == 2


async def test_a_new_playbook_gets_its_steps_as_a_checklist(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await to_cases(pilot)
        await press(pilot, "B")
        await write(pilot, "Launch [b]day")
        await press(pilot, "enter", "b")
        assert said(pilot).endswith("has no steps yet: its checklist holds them.")
        await press(pilot, "enter", "+")
        await write(pilot, "Freeze")
        await press(pilot, "enter")
        [book] = playbooks(store)
        assert (book.title, book.steps) == ("Launch [b]day", 1)
        assert "Launch [b]day" in screen_text(pilot)


async def test_cases_are_found_by_their_words(opened: Opener, store: Store, sample: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        await to_cases(pilot)
        await press(pilot, "/")
        await write(pilot, "联席会议")
        await press(pilot, "enter")
        assert [row.key for row in desk(pilot).tab.list.rows if row.key] == [sample.playbook]
        await press(pilot, "/", *["backspace"] * 4)
        await write(pilot, "zzz")
        await press(pilot, "enter")
        assert "Nothing here matches the filter." in screen_text(pilot)
        await press(pilot, "escape")
        assert len([row for row in desk(pilot).tab.list.rows if row.key]) == 2
        assert app_of(pilot).place is desk(pilot)
