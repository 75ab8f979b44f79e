"""Every action as data: bindings, footer, help, palette and README's key table are all made from `ACTIONS`.

A module a screen; here they are joined, in the order in which help and palette show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import (
    cards,
    changes,
    conflicts,
    everywhere,
    feedback,
    goals,
    lines,
    listing,
    reports,
    settling,
    team,
    timeline,
    today,
)
from tui.actions.action import NO_CARD as NO_CARD
from tui.actions.scopes import AIMING as AIMING
from tui.actions.scopes import DAY as DAY
from tui.actions.scopes import FOLLOWING as FOLLOWING
from tui.actions.scopes import GROUPS as GROUPS
from tui.actions.scopes import LISTING as LISTING
from tui.actions.scopes import MOVING as MOVING
from tui.actions.scopes import PLANNING as PLANNING
from tui.actions.scopes import REPORTING as REPORTING
from tui.actions.scopes import SCOPES as SCOPES
from tui.actions.scopes import TALKING as TALKING
from tui.actions.scopes import TEAMING as TEAMING
from tui.actions.scopes import WHILE_TYPING as WHILE_TYPING

if TYPE_CHECKING:
    from tui.actions.action import Action as Action
    from tui.actions.action import Situation as Situation

_JOINED = (
    (cards.ACTIONS, cards.FOOTER),
    (lines.ACTIONS, lines.FOOTER),
    (settling.ACTIONS, settling.FOOTER),
    (timeline.ACTIONS, timeline.FOOTER),
    (feedback.ACTIONS, feedback.FOOTER),
    (goals.ACTIONS, goals.FOOTER),
    (reports.ACTIONS, reports.FOOTER),
    (conflicts.ACTIONS, conflicts.FOOTER),
    (today.ACTIONS, today.FOOTER),
    (changes.ACTIONS, changes.FOOTER),
    (team.ACTIONS, team.FOOTER),
    (listing.ACTIONS, listing.FOOTER),
    (everywhere.ACTIONS, everywhere.FOOTER),
)
ACTIONS: dict[str, Action] = {action.id: action for actions, _footer in _JOINED for action in actions}
# The footer's shorter labels, and ranks: on a narrow line 1 is the last to be left out.
FOOTER: dict[str, tuple[int, str]] = {
    name: shown for _actions, footer in _JOINED for name, shown in footer.items()
}
# What a count does so many times: steps, and what takes steps back. Moves take the count themselves, as one undo.
COUNTED = frozenset({"move_left", "move_right", "move_up", "move_down"})
REPEATED = frozenset(
    {
        "cursor_left", "cursor_right", "next_tab", "previous_tab", "undo", "redo",
        "timeline_earlier", "timeline_later", "timeline_week_earlier", "timeline_week_later", "timeline_back",
        "timeline_on", "zoom_in", "zoom_out", "move_earlier", "move_later", "move_week_earlier", "move_week_later",
        "end_earlier", "end_later", "end_week_earlier", "end_week_later", "workload_earlier", "workload_later",
        "report_earlier", "report_later", "conflict_left", "conflict_right",
    }
)  # fmt: skip


def is_repeated(name: str) -> bool:
    """Tell whether an action is a step, so that a count before its key does it so many times."""
    return name in REPEATED or name.endswith(("_down", "_up"))


def in_scope(scope: str) -> tuple[Action, ...]:
    """Return the actions of a scope, in the order help shows them."""
    return tuple(action for action in ACTIONS.values() if action.scope == scope)
