"""Where keys work, and what the help sorts actions into."""

from __future__ import annotations

from tui.i18n import N_

# Where an action's keys work. A scope lies within those named after it, whose keys it also has.
SCOPES: dict[str, tuple[str, ...]] = {
    "app": (),
    "desk": ("app",),
    "cards": ("desk", "app"),
    "board": ("cards", "desk", "app"),
    "list": ("cards", "desk", "app"),
    "tabs": ("desk", "app"),
    "news": ("tabs", "desk", "app"),
    "trash": ("tabs", "desk", "app"),
    "conflicts": ("tabs", "desk", "app"),
    "promises": ("tabs", "desk", "app"),
    "meetings": ("tabs", "desk", "app"),
    "inbox": ("tabs", "desk", "app"),
    "pool": ("tabs", "desk", "app"),
    "paste": (),
    "goals": ("tabs", "desk", "app"),
    "alignment": ("tabs", "desk", "app"),
    "questions": ("tabs", "desk", "app"),
    "retros": ("tabs", "desk", "app"),
    "pulse": ("tabs", "desk", "app"),
    "cases": ("tabs", "desk", "app"),
    "team": ("tabs", "desk", "app"),
    "departments": ("team", "tabs", "desk", "app"),
    "needs": ("team", "tabs", "desk", "app"),
    "members": ("team", "tabs", "desk", "app"),
    "handoffs": ("team", "tabs", "desk", "app"),
    "requests": ("team", "tabs", "desk", "app"),
    "granting": (),
    "detail": ("desk", "app"),
    "capture": ("app",),
    "filter": ("app",),
    "line": ("app",),
    "text": ("app",),
    "comment": ("text", "app"),
    "picker": (),
    "help": (),
    "setup": (),
    "review": ("app",),
    "exchange": ("app",),
    "timeline": ("app",),
    "workload": ("timeline", "app"),
    "checkin": ("app",),
    "reports": ("app",),
    "today": ("tabs", "desk", "app"),
    "dayplan": ("tabs", "desk", "app"),
    "standup": ("tabs", "desk", "app"),
    "evening": ("app",),
}
# Scopes of what one types into: their actions belong to what has the focus.
WHILE_TYPING = frozenset({"capture", "filter", "line", "text", "comment", "picker"})
MOVING = N_("Moving about")
CARDS = N_("Cards")
CHOOSING = N_("Selecting")
SEEING = N_("What the board shows")
LISTING = N_("In the list")
READING = N_("In the details")
SETTLING = N_("Settling divergences")
SYNCING = N_("On the sync screen")
PLANNING = N_("On the timeline")
CHECKING_IN = N_("At a check-in")
TALKING = N_("On the feedback screen")
AIMING = N_("On the goals")
TEAMING = N_("On the team screen")
REPORTING = N_("On the reports")
DAY = N_("On Today")
FOLLOWING = N_("Among the changes")
TYPING = N_("While typing")
SETTING_UP = N_("At the first start")
EVERYWHERE = N_("Everywhere")
GROUPS = (
    MOVING,
    CARDS,
    CHOOSING,
    SEEING,
    LISTING,
    READING,
    PLANNING,
    CHECKING_IN,
    DAY,
    TALKING,
    AIMING,
    TEAMING,
    REPORTING,
    FOLLOWING,
    SETTLING,
    SYNCING,
    TYPING,
    EVERYWHERE,
    SETTING_UP,
)
