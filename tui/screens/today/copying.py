"""The day as a text, copied from either tab that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.day_plan_rows import day_of, picks
from tui.i18n import _
from tui.today_words import Titled, digest

if TYPE_CHECKING:
    from store.analysis.today import Lists
    from tui.screens.tab import Tab


def copy_day(tab: Tab, lists: Lists) -> None:
    """Copy one's plan of the day and these lists, and say so."""
    store = tab.store
    today = store.today()
    found = picks(store, today.isoformat())
    named = Titled(tab.directory.member, today)
    tab.app.copy_to_clipboard(digest(lists, found, day_of(store, today, found), named, store.member))
    tab.say(_("Copied: the day as a text to paste."))
