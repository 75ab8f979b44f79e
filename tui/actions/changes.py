"""The inbox of changes, and what comes again."""

from __future__ import annotations

from tui.actions.action import Action, with_card
from tui.actions.scopes import CARDS, FOLLOWING, PLANNING
from tui.i18n import N_

ACTIONS = (
    Action("news_open", "news", N_("Read it: the details of what changed"), ("enter",), FOLLOWING, with_card),
    Action("news_go", "news", N_("Go to it on its own screen"), ("b",), FOLLOWING, with_card),
    Action("news_all", "news", N_("Mark everything as seen"), ("m",), FOLLOWING),
    Action("news_old", "news", N_("Show what was read too, or only what is new"), ("-",), FOLLOWING),
    Action("trash_go", "trash", N_("Take it out of the trash and go to it"), ("b",), FOLLOWING, with_card),
    Action("trash_show", "trash", N_("The trash: what was deleted, of every kind"), (), FOLLOWING),
    Action("recur", "cards", N_("Let it come again, and what becomes of its series"), ("Z",), CARDS, with_card),
    Action("timeline_recur", "timeline", N_("Let it come again, and what becomes of its series"), ("Z",), PLANNING),
)  # fmt: skip
FOOTER = {
    "news_open": (1, N_("read")),
    "news_go": (4, N_("go to it")),
    "news_all": (2, N_("all seen")),
    "news_old": (5, N_("read ones")),
    "trash_go": (3, N_("restore, go to it")),
}
