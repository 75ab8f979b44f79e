"""The footer's words for a scope: each action that has a place there, with the keys it has now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import ACTIONS, FOOTER, SCOPES, in_scope
from tui.i18n import _
from tui.keymap import key_label
from tui.widgets.footer import Hint
from tui.widgets.header import PLACES

if TYPE_CHECKING:
    from collections.abc import Collection

    from tui.keymap import Keymap


# Places without cards, whose footers have the keys that work everywhere too.
WHOLE = frozenset({"timeline", "reports"})
# The desk's keys that write something down: a footer has room for those that its place is for.
WRITING = frozenset({"add", "log_conflict", "log_feedback", "log_promise"})
USUAL = ("add", "log_conflict")
# Keys that work in many places and are told by the one that is about them.
TOLD_BY_ONE = frozenset({"sync", "restore"})


def place_keys(keymap: Keymap) -> dict[str, str]:
    """Return the key of every place one can go to, as the header shows them."""
    return {place: keymap.shown(place) for place in PLACES}


def hints(
    keymap: Keymap,
    scope: str,
    *,
    besides: str = "",
    writes: Collection[str] = USUAL,
    also: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Hint]:
    """Return the hints of a scope and of those around it, in the order of the actions; one label is said once.

    `besides` is a scope whose keys work there too, such as those of the tab whose details have the focus; `writes` are
    those of `WRITING` to show, `also` those of `TOLD_BY_ONE`, and `without` actions that do nothing as things stand.
    """
    around = SCOPES[scope]
    shown = {scope, besides}
    if "desk" in around:
        shown |= {"app"} if scope == "detail" else set(around)
    elif scope in WHOLE:
        shown.add("app")
    # A key that has a meaning of its own further in is not told with the one it has around.
    taken: dict[str, set[str]] = {}
    further_in: set[str] = set()
    for name in dict.fromkeys((scope, besides, *around, *shown)):
        taken[name] = set(further_in)
        further_in |= {key for action in in_scope(name) for key in keymap.keys(action.id)}
    found: dict[str, Hint] = {}
    for action in ACTIONS.values():
        if action.id in without or (action.id in WRITING and action.id not in writes):
            continue
        if action.id not in FOOTER or (action.scope not in shown and action.id not in also):
            continue
        if action.id in TOLD_BY_ONE and (action.id not in also or action.scope not in taken):
            continue
        keys = next((key_label(key) for key in keymap.keys(action.id) if key not in taken[action.scope]), "")
        if not keys:
            continue
        rank, short = FOOTER[action.id]
        label = _(short)
        if label in found:
            found[label] = found[label]._replace(keys=f"{found[label].keys} {keys}")
        else:
            found[label] = Hint(action.id, keys, label, rank)
    return list(found.values())
