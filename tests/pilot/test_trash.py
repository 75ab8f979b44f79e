"""The trash is a filter away, and what is there comes back with one key."""

from __future__ import annotations

from types import SimpleNamespace

from store.database import Store
from tests.pilot.conftest import Opener, here, order, write


async def test_what_was_deleted_is_found_in_the_trash_and_restored(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("D")
        await pilot.pause()
        assert ids.pricing not in order(store, ids.todo)
        await pilot.press("/")
        await write(pilot, "is:trashed")
        await pilot.press("enter")
        await pilot.pause()
        assert here(pilot) == ids.pricing
        await pilot.press("R")
        await pilot.pause()
        assert here(pilot) == ""
        await pilot.press("backslash")
        await pilot.pause()
        assert order(store, ids.todo)[0] == ids.pricing
