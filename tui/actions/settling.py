"""The screens that settle divergences and show how sync stands."""

from __future__ import annotations

from tui.actions.action import Action
from tui.actions.scopes import SETTLING, SYNCING
from tui.i18n import N_

ACTIONS = (
    Action("review_down", "review", N_("Next divergence"), ("j", "down"), SETTLING),
    Action("review_up", "review", N_("Divergence before"), ("k", "up"), SETTLING),
    Action("review_page_down", "review", N_("Page down"), ("pagedown", "ctrl+d"), SETTLING),
    Action("review_page_up", "review", N_("Page up"), ("pageup", "ctrl+u"), SETTLING),
    Action("review_flip", "review", N_("Mark the other version"), ("f", "space"), SETTLING),
    Action("review_keep", "review", N_("Keep the marked version, for everybody"), ("enter",), SETTLING),
    Action("review_merge", "review", N_("Write one text from both"), ("m", "e"), SETTLING),
    Action("review_open", "review", N_("Go to the card"), ("o",), SETTLING),
    Action("review_close", "review", N_("Back to the board"), ("escape", "q"), SETTLING),
    Action("exchange_down", "exchange", N_("Line below"), ("j", "down"), SYNCING),
    Action("exchange_up", "exchange", N_("Line above"), ("k", "up"), SYNCING),
    Action("exchange_page_down", "exchange", N_("Page down"), ("pagedown", "ctrl+d"), SYNCING),
    Action("exchange_page_up", "exchange", N_("Page up"), ("pageup", "ctrl+u"), SYNCING),
    Action("exchange_stop", "exchange", N_("Stop the sync that is running"), ("c",), SYNCING),
    Action("exchange_close", "exchange", N_("Back to the board"), ("escape", "q"), SYNCING),
)  # fmt: skip
FOOTER = {
    "exchange_stop": (2, N_("stop")),
    "exchange_close": (1, N_("back")),
    "review_keep": (1, N_("keep this")),
    "review_flip": (2, N_("the other")),
    "review_merge": (4, N_("merge")),
    "review_open": (5, N_("open")),
    "review_close": (3, N_("back")),
}
