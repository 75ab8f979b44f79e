"""Every action as data: bindings, footer, help, palette and README's key table are all made from `ACTIONS`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Situation(Protocol):
    """What an action may look at to say why it cannot be done now."""

    @property
    def target_ids(self) -> Collection[str]:
        """The selected cards, else the card under the cursor."""

    @property
    def no_card(self) -> str:
        """What to say where there is no target; names of actions in it stand for their keys."""

    @property
    def has_private(self) -> bool:
        """Whether a target is a private draft."""

    @property
    def has_trashed(self) -> bool:
        """Whether a target was edited after somebody deleted it."""

    @property
    def filter_text(self) -> str:
        """The filter in force, or an empty string."""

    @property
    def has_sync(self) -> bool:
        """Whether the workspace has a place to sync with."""


# A reason is a message id; its {names} are ids of actions, shown as their keys.
NO_CARD = N_("There is no card here: {add} adds one")
NO_DRAFT = N_("This is not a private draft")
NOT_TRASHED = N_("This is not in the trash")
NO_FILTER = N_("No filter is set: {filter} sets one")
NO_PLACE = N_("There is no place to sync with yet: sameboat place add FOLDER adds one")


def with_card(now: Situation) -> str | None:
    """Refuse where there is no card."""
    return None if now.target_ids else now.no_card


def _private(now: Situation) -> str | None:
    return with_card(now) or (None if now.has_private else NO_DRAFT)


def _trashed(now: Situation) -> str | None:
    return with_card(now) or (None if now.has_trashed else NOT_TRASHED)


def _filtered(now: Situation) -> str | None:
    return None if now.filter_text else NO_FILTER


def _syncing(now: Situation) -> str | None:
    return None if now.has_sync else NO_PLACE


class Action(NamedTuple):
    """Something a key does: where it works, what it is called, and why it cannot be done now."""

    id: str
    scope: str
    label: str
    keys: tuple[str, ...]
    group: str
    disabled: Callable[[Situation], str | None] | None = None


# Where an action's keys work. A scope lies within those named after it, whose keys it also has.
SCOPES: dict[str, tuple[str, ...]] = {
    "app": (),
    "desk": ("app",),
    "cards": ("desk", "app"),
    "board": ("cards", "desk", "app"),
    "list": ("cards", "desk", "app"),
    "tabs": ("desk", "app"),
    "conflicts": ("tabs", "desk", "app"),
    "promises": ("tabs", "desk", "app"),
    "meetings": ("tabs", "desk", "app"),
    "inbox": ("tabs", "desk", "app"),
    "pool": ("tabs", "desk", "app"),
    "paste": (),
    "retros": ("tabs", "desk", "app"),
    "pulse": ("tabs", "desk", "app"),
    "cases": ("tabs", "desk", "app"),
    "detail": ("desk", "app"),
    "capture": ("app",),
    "filter": ("app",),
    "line": ("app",),
    "text": ("app",),
    "comment": ("text", "app"),
    "picker": (),
    "help": (),
    "review": ("app",),
    "exchange": ("app",),
    "timeline": ("app",),
    "workload": ("timeline", "app"),
    "checkin": ("app",),
    "reports": ("app",),
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
REPORTING = N_("On the reports")
TYPING = N_("While typing")
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
    TALKING,
    REPORTING,
    SETTLING,
    SYNCING,
    TYPING,
    EVERYWHERE,
)

_ALL = (
    Action("cursor_left", "board", N_("Column to the left"), ("h", "left"), MOVING),
    Action("cursor_down", "desk", N_("Card below"), ("j", "down"), MOVING),
    Action("cursor_up", "desk", N_("Card above"), ("k", "up"), MOVING),
    Action("cursor_right", "board", N_("Column to the right"), ("l", "right"), MOVING),
    Action("cursor_top", "desk", N_("First card"), ("g", "home"), MOVING),
    Action("cursor_bottom", "desk", N_("Last card"), ("G", "end"), MOVING),
    Action("page_up", "desk", N_("Page up"), ("pageup", "ctrl+u"), MOVING),
    Action("page_down", "desk", N_("Page down"), ("pagedown", "ctrl+d"), MOVING),
    Action("open", "desk", N_("Open the details"), ("enter", "tab"), MOVING, with_card),
    Action("next_tab", "tabs", N_("Tab to the right"), ("l", "right", "]"), MOVING),
    Action("previous_tab", "tabs", N_("Tab to the left"), ("h", "left", "["), MOVING),
    Action("add", "desk", N_("Add an item in one line"), ("a",), CARDS),
    Action("log_conflict", "desk", N_("Log a conflict in one line"), ("x",), CARDS),
    Action("move_left", "board", N_("Move to the column on the left"), ("H", "shift+left"), CARDS, with_card),
    Action("move_down", "board", N_("Move down"), ("J", "shift+down"), CARDS, with_card),
    Action("move_up", "board", N_("Move up"), ("K", "shift+up"), CARDS, with_card),
    Action("move_right", "board", N_("Move to the column on the right"), ("L", "shift+right"), CARDS, with_card),
    Action("set_status", "cards", N_("Move to a status"), ("m",), CARDS, with_card),
    Action("log_feedback", "desk", N_("Write down feedback in one line"), ("f",), CARDS),
    Action("log_promise", "desk", N_("Write down a promise in one line"), ("w",), CARDS),
    Action("edit_title", "desk", N_("Edit the title"), ("e",), CARDS, with_card),
    Action("comment", "desk", N_("Comment"), ("c",), CARDS, with_card),
    Action("assign", "cards", N_("Assign to somebody"), ("A",), CARDS, with_card),
    Action("label", "cards", N_("Add or take off a label"), ("#", "t"), CARDS, with_card),
    Action("priority", "cards", N_("Set the priority or severity"), ("p",), CARDS, with_card),
    Action("due", "cards", N_("Set the due or follow-up day"), ("d",), CARDS, with_card),
    Action("department", "cards", N_("Set the department"), ("E",), CARDS, with_card),
    Action("block", "cards", N_("Say why it is blocked"), ("b",), CARDS, with_card),
    Action("share", "desk", N_("Share a private draft"), ("P",), CARDS, _private),
    Action("copy", "desk", N_("Copy the id and title"), ("y",), CARDS, with_card),
    Action("keep_case", "desk", N_("Keep what was settled or verified as a case"), ("*",), CARDS, with_card),
    Action("trash", "desk", N_("Move to the trash"), ("D", "delete"), CARDS, with_card),
    Action("restore", "desk", N_("Restore from the trash"), ("R",), CARDS, _trashed),
    Action("select", "desk", N_("Select or deselect"), ("space",), CHOOSING, with_card),
    Action("select_range", "desk", N_("Select from the last selected to here"), ("v",), CHOOSING, with_card),
    Action("select_column", "board", N_("Select the whole column"), ("ctrl+a",), CHOOSING, with_card),
    Action("leave", "desk", N_("Deselect, then clear the filter"), ("escape",), CHOOSING),
    Action("filter", "desk", N_("Filter as you type"), ("/",), SEEING),
    Action("clear_filter", "desk", N_("Clear the filter"), ("\\",), SEEING, _filtered),
    Action("swimlanes", "board", N_("Swimlanes: none, department, owner, priority"), ("s",), SEEING),
    Action("fold_lane", "board", N_("Fold or unfold the swimlane"), ("-",), SEEING),
    Action("density", "board", N_("Compact or comfortable cards"), ("z",), SEEING),
    Action("conflicts", "board", N_("Show or hide the conflicts"), ("C",), SEEING),
    Action("toggle_detail", "desk", N_("Show or hide the details"), ("o",), SEEING),
    Action("show_history", "desk", N_("Show the history"), ("i",), SEEING, with_card),
    Action("theme", "app", N_("Choose a theme"), ("T",), SEEING),
    Action("language", "app", N_("Switch the language"), ("ctrl+l",), SEEING),
    Action("detail_down", "detail", N_("Field below"), ("j", "down"), READING),
    Action("detail_up", "detail", N_("Field above"), ("k", "up"), READING),
    Action("detail_top", "detail", N_("First field"), ("g", "home"), READING),
    Action("detail_bottom", "detail", N_("Last field"), ("G", "end"), READING),
    Action("detail_page_down", "detail", N_("Page down"), ("pagedown", "ctrl+d"), READING),
    Action("detail_page_up", "detail", N_("Page up"), ("pageup", "ctrl+u"), READING),
    Action("detail_edit", "detail", N_("Edit the field, tick the entry, settle"), ("enter",), READING, with_card),
    Action("detail_rename", "detail", N_("Edit the text here"), ("e",), READING, with_card),
    Action("detail_check", "detail", N_("Add a checklist entry"), ("+",), READING, with_card),
    Action("detail_tick", "detail", N_("Tick a checklist entry"), ("space",), READING, with_card),
    Action("detail_trash", "detail", N_("Delete the entry here, else the card"), ("D", "delete"), READING, with_card),
    Action("detail_history", "detail", N_("Details or history"), ("h", "left", "l", "right"), READING),
    Action("detail_leave", "detail", N_("Back to the board"), ("escape", "tab"), READING),
    Action("capture_keep", "capture", N_("Keep the line"), ("enter",), TYPING),
    Action("capture_next", "capture", N_("Keep the line and go on with another"), ("ctrl+j", "ctrl+enter"), TYPING),
    Action("capture_private", "capture", N_("Make it a private draft, or not"), ("ctrl+t",), TYPING),
    Action("capture_close", "capture", N_("Close; what was typed stays for the next time"), ("escape",), TYPING),
    Action("filter_keep", "filter", N_("Keep the filter and go to the cards"), ("enter", "down"), TYPING),
    Action("filter_take", "filter", N_("Take what is suggested"), ("tab",), TYPING),
    Action("filter_next", "filter", N_("Suggestion on the right"), ("ctrl+n",), TYPING),
    Action("filter_previous", "filter", N_("Suggestion on the left"), ("ctrl+p",), TYPING),
    Action("filter_close", "filter", N_("Clear the filter and close"), ("escape",), TYPING),
    Action("line_keep", "line", N_("Save the field"), ("enter",), TYPING),
    Action("line_close", "line", N_("Leave the field; what was typed stays as a draft"), ("escape",), TYPING),
    Action("text_keep", "text", N_("Save the text"), ("ctrl+s", "ctrl+enter"), TYPING),
    Action("text_close", "text", N_("Leave the text; what was typed stays as a draft"), ("escape",), TYPING),
    Action("comment_keep", "comment", N_("Send the comment"), ("enter", "ctrl+s"), TYPING),
    Action("comment_line", "comment", N_("Another line"), ("ctrl+j", "shift+enter"), TYPING),
    Action("comment_close", "comment", N_("Leave the comment; what was typed stays as a draft"), ("escape",), TYPING),
    Action("picker_pick", "picker", N_("Choose"), ("enter",), TYPING),
    Action("picker_toggle", "picker", N_("Choose and stay, where several can be chosen"), ("tab",), TYPING),
    Action("picker_down", "picker", N_("Choice below"), ("down", "ctrl+n"), TYPING),
    Action("picker_up", "picker", N_("Choice above"), ("up", "ctrl+p"), TYPING),
    Action("picker_page_down", "picker", N_("Choices further down"), ("pagedown",), TYPING),
    Action("picker_page_up", "picker", N_("Choices further up"), ("pageup",), TYPING),
    Action("picker_close", "picker", N_("Choose nothing"), ("escape",), TYPING),
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
    Action("timeline_down", "timeline", N_("Row below"), ("j", "down"), PLANNING),
    Action("timeline_up", "timeline", N_("Row above"), ("k", "up"), PLANNING),
    Action("timeline_top", "timeline", N_("First row"), ("g", "home"), PLANNING),
    Action("timeline_bottom", "timeline", N_("Last row"), ("G", "end"), PLANNING),
    Action("timeline_page_down", "timeline", N_("Page down"), ("pagedown", "ctrl+d"), PLANNING),
    Action("timeline_page_up", "timeline", N_("Page up"), ("pageup", "ctrl+u"), PLANNING),
    Action("timeline_earlier", "timeline", N_("A day earlier"), ("h", "left"), PLANNING),
    Action("timeline_later", "timeline", N_("A day later"), ("right",), PLANNING),
    Action("timeline_week_earlier", "timeline", N_("A week earlier"), ("[", "ctrl+left"), PLANNING),
    Action("timeline_week_later", "timeline", N_("A week later"), ("]", "ctrl+right"), PLANNING),
    Action("timeline_back", "timeline", N_("Scroll to earlier dates"), ("{",), PLANNING),
    Action("timeline_on", "timeline", N_("Scroll to later dates"), ("}",), PLANNING),
    Action("timeline_today", "timeline", N_("Go to today"), ("t",), PLANNING),
    Action("timeline_to_bar", "timeline", N_("Go to where the item begins"), ("b",), PLANNING),
    Action("zoom_in", "timeline", N_("Fewer days, more room for each"), ("+",), PLANNING),
    Action("zoom_out", "timeline", N_("More days"), ("-",), PLANNING),
    Action("timeline_keep", "timeline", N_("Keep the change, else open the details"), ("enter",), PLANNING),
    Action("timeline_drop", "timeline", N_("Drop the change, then the filter"), ("escape",), PLANNING),
    Action("move_earlier", "timeline", N_("Move it a day earlier"), ("H", "shift+left"), PLANNING),
    Action("move_later", "timeline", N_("Move it a day later"), ("L", "shift+right"), PLANNING),
    Action("move_week_earlier", "timeline", N_("Move it a week earlier"), ("(",), PLANNING),
    Action("move_week_later", "timeline", N_("Move it a week later"), (")",), PLANNING),
    Action("end_earlier", "timeline", N_("End it a day earlier"), (",",), PLANNING),
    Action("end_later", "timeline", N_("End it a day later"), (".",), PLANNING),
    Action("end_week_earlier", "timeline", N_("End it a week earlier"), ("<",), PLANNING),
    Action("end_week_later", "timeline", N_("End it a week later"), (">",), PLANNING),
    Action("place_here", "timeline", N_("Begin it on the day of the cursor"), ("m",), PLANNING),
    Action("link", "timeline", N_("Link it: then go to what waits for it"), ("l",), PLANNING),
    Action("link_type", "timeline", N_("While linking: FS, SS, FF or SF; else the workload"), ("tab",), PLANNING),
    Action("pin", "timeline", N_("Fix its start, or let it go"), ("p",), PLANNING),
    Action("effort", "timeline", N_("Set the effort in hours"), ("e",), PLANNING),
    Action("timeline_details", "timeline", N_("Show or hide the details"), ("o",), PLANNING),
    Action("timeline_fold", "timeline", N_("Fold or unfold"), ("space",), PLANNING),
    Action("timeline_group", "timeline", N_("Group by department, owner, goal or status"), ("s",), PLANNING),
    Action("timeline_filter", "timeline", N_("Filter as you type"), ("/",), PLANNING),
    Action("timeline_clear_filter", "timeline", N_("Clear the filter"), ("\\",), PLANNING),
    Action("floats", "timeline", N_("Show how far each item may slip"), ("f",), PLANNING),
    Action("arrows", "timeline", N_("Dependencies: all, of this item, none"), ("d",), PLANNING),
    Action("baseline", "timeline", N_("Compare with another day"), ("v",), PLANNING),
    Action("save_baseline", "timeline", N_("Name today's plan as a baseline"), ("V",), PLANNING),
    Action("reason", "timeline", N_("Say why it slipped"), ("w",), PLANNING),
    Action("reasons", "timeline", N_("What made the plan change, by weight"), ("Y",), PLANNING),
    Action("workload", "timeline", N_("Workload: members, departments, none"), ("W",), PLANNING),
    Action("forecast", "timeline", N_("When the rest will be done, by past pace"), ("F",), PLANNING),
    Action("level", "timeline", N_("What if nobody had too much: by hours, one at a time"), ("O",), PLANNING),
    Action("checkin", "timeline", N_("Check in: what is late, at risk or silent"), ("c",), PLANNING),
    Action("timeline_add", "timeline", N_("Add an item in one line"), ("a",), PLANNING),
    Action("timeline_conflict", "timeline", N_("Log a conflict in one line"), ("x",), PLANNING),
    Action("problems", "timeline", N_("What is wrong with the plan"), ("!",), PLANNING),
    Action("workload_down", "workload", N_("Row below"), ("j", "down"), PLANNING),
    Action("workload_up", "workload", N_("Row above"), ("k", "up"), PLANNING),
    Action("workload_earlier", "workload", N_("A week earlier"), ("h", "left"), PLANNING),
    Action("workload_later", "workload", N_("A week later"), ("l", "right"), PLANNING),
    Action("workload_open", "workload", N_("Go to the items behind the figure"), ("enter",), PLANNING),
    Action("workload_leave", "workload", N_("Back to the timeline"), ("escape", "tab"), PLANNING),
    Action("checkin_down", "checkin", N_("Next item"), ("j", "down"), CHECKING_IN),
    Action("checkin_up", "checkin", N_("Item before"), ("k", "up"), CHECKING_IN),
    Action("checkin_on_track", "checkin", N_("It is on track"), ("y", "t"), CHECKING_IN),
    Action("checkin_new_date", "checkin", N_("Another day, and why"), ("d", "n"), CHECKING_IN),
    Action("checkin_blocked", "checkin", N_("It is blocked, and by what"), ("b",), CHECKING_IN),
    Action("checkin_done", "checkin", N_("It is finished"), ("f",), CHECKING_IN),
    Action("checkin_end", "checkin", N_("End the review with a summary"), ("enter",), CHECKING_IN),
    Action("checkin_copy", "checkin", N_("Copy the summary"), ("c",), CHECKING_IN),
    Action("checkin_close", "checkin", N_("Back to the timeline"), ("escape", "q"), CHECKING_IN),
    Action("feedback_link", "inbox", N_("Link it to an item"), ("m",), TALKING, with_card),
    Action("feedback_item", "inbox", N_("Make an item of it; one of several"), ("n",), TALKING, with_card),
    Action("feedback_duplicate", "inbox", N_("Call it a duplicate of another"), ("d",), TALKING, with_card),
    Action("feedback_decline", "inbox", N_("Decline it, and say why"), ("X",), TALKING, with_card),
    Action("feedback_snooze", "inbox", N_("Put it off until a day"), ("z",), TALKING, with_card),
    Action("feedback_answer", "inbox", N_("Keep what was answered"), ("A",), TALKING, with_card),
    Action("feedback_announce", "inbox", N_("Copy a text that says it is ready"), ("Y",), TALKING, with_card),
    Action("feedback_vote", "inbox", N_("Vote for it, or take the vote back"), ("t",), TALKING, with_card),
    Action("feedback_customers", "inbox", N_("Say which customers want it"), ("&",), TALKING, with_card),
    Action("feedback_sizes", "inbox", N_("Say how big a customer is"), ("C",), TALKING),
    Action("feedback_reopen", "inbox", N_("Put it back into the inbox"), ("b",), TALKING, with_card),
    Action("feedback_paste", "inbox", N_("Take feedback out of a chat"), ("p",), TALKING),
    Action("feedback_fold", "inbox", N_("Show what is triaged, or fold it"), ("-",), TALKING),
    Action("pool_order", "pool", N_("Choose what the pool is ranked by"), ("s",), TALKING),
    Action("pool_inputs", "pool", N_("Give what the score is reckoned from"), ("p",), TALKING, with_card),
    Action("paste_keep", "paste", N_("Keep the marked messages"), ("enter",), TALKING),
    Action("paste_mark", "paste", N_("Mark the message, or not"), ("space",), TALKING),
    Action("paste_all", "paste", N_("Mark all of them, or none"), ("a",), TALKING),
    Action("paste_channel", "paste", N_("Say how they arrived"), ("c",), TALKING),
    Action("paste_down", "paste", N_("Message below"), ("j", "down"), TALKING),
    Action("paste_up", "paste", N_("Message above"), ("k", "up"), TALKING),
    Action("paste_page_down", "paste", N_("Page down"), ("pagedown", "ctrl+d"), TALKING),
    Action("paste_page_up", "paste", N_("Page up"), ("pageup", "ctrl+u"), TALKING),
    Action("paste_close", "paste", N_("Keep nothing"), ("escape", "q"), TALKING),
    Action("promise_kept", "promises", N_("The promise was kept"), ("m",), TALKING, with_card),
    Action("promise_day", "promises", N_("Another day for the promise, and why"), ("d",), TALKING, with_card),
    Action("promise_broken", "promises", N_("The promise was broken, and why"), ("b",), TALKING, with_card),
    Action("promise_confirm", "promises", N_("Confirm it, as the one it was promised to"), ("t",), TALKING, with_card),
    Action("start_meeting", "desk", N_("Start a meeting, or go to the one that runs"), ("M",), TALKING),
    Action("meeting_start", "meetings", N_("Start a meeting"), ("m",), TALKING),
    Action("meeting_joint", "meetings", N_("Start a joint meeting about a conflict"), ("J",), TALKING),
    Action("meeting_next", "meetings", N_("Next point, or the one here; its clock starts"), ("n",), TALKING),
    Action("meeting_covered", "meetings", N_("The point is covered, or not after all"), ("d",), TALKING),
    Action("meeting_later", "meetings", N_("The point comes the next time"), (">",), TALKING),
    Action("meeting_point", "meetings", N_("Add a point to the agenda"), ("+",), TALKING),
    Action("meeting_rebuild", "meetings", N_("Put on the agenda what has come since"), ("B",), TALKING),
    Action("meeting_note", "meetings", N_("Note a line"), ("N",), TALKING),
    Action("meeting_action", "meetings", N_("Action item, of the note here or of a line"), ("A",), TALKING),
    Action("meeting_decision", "meetings", N_("Decision, of the note here or of a line"), ("C",), TALKING),
    Action("meeting_promise", "meetings", N_("Promise, of the note here or of a line"), ("W",), TALKING),
    Action("meeting_minutes", "meetings", N_("Copy the minutes"), ("p",), TALKING),
    Action("meeting_end", "meetings", N_("End the meeting"), ("E",), TALKING),
    Action("meeting_cadence", "meetings", N_("How often two departments meet"), ("s",), TALKING),
    Action("retro_open", "retros", N_("Go into the retrospective"), ("enter",), TALKING),
    Action("retro_leave", "retros", N_("Leave the retrospective"), ("escape",), TALKING),
    Action("retro_new", "retros", N_("Begin a retrospective"), ("n",), TALKING),
    Action("retro_write", "retros", N_("Write a card"), ("+",), TALKING),
    Action("retro_reveal", "retros", N_("Show everybody's cards to everybody"), ("!",), TALKING),
    Action("retro_group", "retros", N_("Group cards"), ("m",), TALKING),
    Action("retro_vote", "retros", N_("Vote for the card, or take the vote back"), ("t",), TALKING),
    Action("retro_next", "retros", N_("Go on to the next part"), (">",), TALKING),
    Action("retro_back", "retros", N_("Back to the part before"), ("<",), TALKING),
    Action("retro_action", "retros", N_("Make an action, and how it is verified"), ("A",), TALKING),
    Action("retro_verify", "retros", N_("The action is verified, or not yet"), ("V",), TALKING),
    Action("pulse_answer", "pulse", N_("Say how you are this week"), ("n", "p"), TALKING),
    Action("report_down", "reports", N_("Row below"), ("j", "down"), REPORTING),
    Action("report_up", "reports", N_("Row above"), ("k", "up"), REPORTING),
    Action("report_top", "reports", N_("First row"), ("g", "home"), REPORTING),
    Action("report_bottom", "reports", N_("Last row"), ("G", "end"), REPORTING),
    Action("report_page_down", "reports", N_("Page down"), ("pagedown", "ctrl+d"), REPORTING),
    Action("report_page_up", "reports", N_("Page up"), ("pageup", "ctrl+u"), REPORTING),
    Action("report_earlier", "reports", N_("The quarter before"), ("[", "h", "left"), REPORTING),
    Action("report_later", "reports", N_("The next quarter"), ("]", "l", "right"), REPORTING),
    Action("report_open", "reports", N_("What is behind the figure, then that"), ("enter", "tab"), REPORTING),
    Action("report_back", "reports", N_("Back to the figures"), ("escape",), REPORTING),
    Action("report_save", "reports", N_("Write the report as a page"), ("s",), REPORTING),
    Action("conflict_next", "conflicts", N_("Fill in what is next, or take the step"), ("n",), TALKING, with_card),
    Action("conflict_state", "conflicts", N_("Move the conflict to a state"), ("m",), TALKING, with_card),
    Action("conflict_action", "conflicts", N_("Add an action that follows from it"), ("A",), TALKING, with_card),
    Action("conflict_checklist", "conflicts", N_("Add the checklist of its parties"), ("t",), TALKING, with_card),
    Action("conflict_playbook", "conflicts", N_("Apply a playbook to the conflict"), ("b",), TALKING, with_card),
    Action("conflict_matrix", "conflicts", N_("The conflicts as a list, or counted by departments"), ("C",), TALKING),
    Action("conflict_left", "conflicts", N_("Column to the left, where they are counted"), ("<", ","), TALKING),
    Action("conflict_right", "conflicts", N_("Column to the right, where they are counted"), (">", "."), TALKING),
    Action("conflict_cell", "conflicts", N_("List what is counted here, else open the details"), ("enter",), TALKING),
    Action("apply_playbook", "cases", N_("Apply the playbook: its steps become items"), ("b",), TALKING, with_card),
    Action("make_playbook", "cases", N_("Make a playbook of the case, or a new one"), ("B",), TALKING),
    Action("list_left", "list", N_("Column on the left of the list"), ("h", "left"), LISTING),
    Action("list_right", "list", N_("Column on the right of the list"), ("l", "right"), LISTING),
    Action("list_edit", "list", N_("Edit the cell; fold or unfold the section"), ("enter",), LISTING),
    Action("list_sort", "list", N_("Sort by the column; once more, the other way"), ("s",), LISTING),
    Action("list_group", "list", N_("Divide the list by a field"), ("z",), LISTING),
    Action("list_fold", "list", N_("Fold all sections, or unfold them"), ("Z",), LISTING),
    Action("list_add_column", "list", N_("Choose the columns"), ("+",), LISTING),
    Action("list_drop_column", "list", N_("Take the column away"), ("-",), LISTING),
    Action("list_column_left", "list", N_("Move the column to the left"), ("H", "<"), LISTING),
    Action("list_column_right", "list", N_("Move the column to the right"), ("L", ">"), LISTING),
    Action("list_all", "list", N_("Select everything that shows"), ("ctrl+a",), LISTING),
    Action("show_board", "app", N_("The board"), ("2",), EVERYWHERE),
    Action("show_timeline", "app", N_("The timeline"), ("3",), EVERYWHERE),
    Action("show_feedback", "app", N_("The feedback: what departments say to each other"), ("4",), EVERYWHERE),
    Action("show_reports", "app", N_("The reports: a quarter in figures"), ("7",), EVERYWHERE),
    Action("show_list", "app", N_("The list: items in rows and columns"), ("8",), EVERYWHERE),
    Action("find_anything", "app", N_("Find anything"), ("ctrl+f",), EVERYWHERE),
    Action("views", "app", N_("Go to a saved view"), ("'",), EVERYWHERE),
    Action("save_view", "app", N_("Save what is shown as a view"), ('"',), EVERYWHERE),
    Action("review", "app", N_("Settle divergences"), ("=",), EVERYWHERE),
    Action("undo", "app", N_("Undo"), ("u",), EVERYWHERE),
    Action("redo", "app", N_("Redo"), ("ctrl+r", "U"), EVERYWHERE),
    Action("sync", "app", N_("Sync now"), ("r",), EVERYWHERE, _syncing),
    Action("sync_details", "app", N_("How sync stands"), ("S",), EVERYWHERE),
    Action("palette", "app", N_("All commands"), (":", "ctrl+p"), EVERYWHERE),
    Action("help", "app", N_("All keys"), ("?", "f1"), EVERYWHERE),
    Action("help_down", "help", N_("Scroll down"), ("j", "down", "pagedown", "space"), EVERYWHERE),
    Action("help_up", "help", N_("Scroll up"), ("k", "up", "pageup"), EVERYWHERE),
    Action("close_help", "help", N_("Close"), ("escape", "q", "?"), EVERYWHERE),
    Action("reload_config", "app", N_("Read the config file again"), (), EVERYWHERE),
    Action("quit", "app", N_("Quit"), ("q", "ctrl+q"), EVERYWHERE),
    Action("interrupt", "app", N_("Say how to quit"), ("ctrl+c",), EVERYWHERE),
)  # fmt: skip
# The footer's shorter labels, and ranks: on a narrow line 1 is the last to be left out.
FOOTER: dict[str, tuple[int, str]] = {
    "open": (4, N_("open")),
    "add": (1, N_("add")),
    "log_conflict": (2, N_("conflict")),
    "log_feedback": (1, N_("feedback")),
    "log_promise": (1, N_("promise")),
    "move_left": (5, N_("move")),
    "move_right": (5, N_("move")),
    "set_status": (9, N_("status")),
    "comment": (10, N_("comment")),
    "assign": (11, N_("assign")),
    "select": (12, N_("select")),
    "filter": (6, N_("find")),
    "list_edit": (1, N_("edit")),
    "list_sort": (3, N_("sort")),
    "list_group": (5, N_("divide")),
    "list_add_column": (6, N_("columns")),
    "detail_edit": (1, N_("edit")),
    "detail_check": (4, N_("checklist")),
    "detail_history": (5, N_("history")),
    "detail_leave": (2, N_("back")),
    "capture_keep": (1, N_("keep")),
    "capture_next": (2, N_("keep, next line")),
    "capture_private": (4, N_("private")),
    "capture_close": (3, N_("close")),
    "filter_keep": (1, N_("to the cards")),
    "filter_close": (2, N_("clear")),
    "filter_take": (3, N_("complete")),
    "line_keep": (1, N_("save")),
    "line_close": (2, N_("leave")),
    "text_keep": (1, N_("save")),
    "text_close": (2, N_("leave")),
    "comment_keep": (1, N_("send")),
    "comment_line": (3, N_("new line")),
    "comment_close": (2, N_("leave")),
    "picker_pick": (1, N_("choose")),
    "picker_toggle": (3, N_("choose several")),
    "picker_close": (2, N_("back")),
    "exchange_stop": (2, N_("stop")),
    "exchange_close": (1, N_("back")),
    "timeline_keep": (1, N_("keep, open")),
    "move_earlier": (3, N_("move it")),
    "move_later": (3, N_("move it")),
    "end_earlier": (4, N_("its end")),
    "end_later": (4, N_("its end")),
    "link": (5, N_("link")),
    "zoom_in": (6, N_("zoom")),
    "zoom_out": (6, N_("zoom")),
    "timeline_group": (9, N_("group")),
    "baseline": (10, N_("compare")),
    "timeline_filter": (8, N_("find")),
    "checkin": (7, N_("check in")),
    "workload": (11, N_("workload")),
    "workload_open": (1, N_("to the items")),
    "workload_leave": (2, N_("back")),
    "checkin_on_track": (1, N_("on track")),
    "checkin_new_date": (2, N_("another day")),
    "checkin_blocked": (3, N_("blocked")),
    "checkin_done": (5, N_("finished")),
    "checkin_end": (4, N_("summary")),
    "checkin_close": (6, N_("back")),
    "review_keep": (1, N_("keep")),
    "review_flip": (2, N_("the other")),
    "review_merge": (4, N_("merge")),
    "review_open": (5, N_("open")),
    "review_close": (3, N_("back")),
    "conflict_next": (3, N_("next step")),
    "conflict_state": (4, N_("state")),
    "promise_kept": (3, N_("kept")),
    "promise_day": (4, N_("another day")),
    "promise_broken": (4, N_("broken")),
    "promise_confirm": (3, N_("confirm")),
    "meeting_start": (2, N_("meeting")),
    "meeting_next": (2, N_("next point")),
    "meeting_covered": (2, N_("covered")),
    "meeting_note": (3, N_("note")),
    "meeting_action": (5, N_("action")),
    "meeting_decision": (6, N_("decision")),
    "meeting_minutes": (6, N_("minutes")),
    "meeting_end": (7, N_("end it")),
    "feedback_link": (2, N_("link it")),
    "feedback_item": (3, N_("new item")),
    "feedback_duplicate": (4, N_("duplicate")),
    "feedback_decline": (5, N_("decline")),
    "feedback_snooze": (6, N_("put off")),
    "feedback_answer": (7, N_("answer")),
    "feedback_vote": (8, N_("vote")),
    "feedback_paste": (9, N_("paste")),
    "pool_order": (2, N_("rank by")),
    "pool_inputs": (3, N_("score")),
    "paste_keep": (1, N_("keep")),
    "paste_mark": (3, N_("mark")),
    "paste_all": (4, N_("all, none")),
    "paste_channel": (5, N_("channel")),
    "paste_close": (2, N_("back")),
    "conflict_matrix": (6, N_("count")),
    "apply_playbook": (3, N_("apply")),
    "make_playbook": (4, N_("playbook")),
    "next_tab": (5, N_("tabs")),
    "previous_tab": (5, N_("tabs")),
    "retro_new": (2, N_("begin one")),
    "retro_write": (3, N_("a card")),
    "retro_reveal": (4, N_("reveal")),
    "retro_group": (9, N_("group cards")),
    "retro_vote": (4, N_("vote")),
    "retro_next": (5, N_("next part")),
    "retro_action": (6, N_("action")),
    "retro_verify": (8, N_("verified")),
    "pulse_answer": (1, N_("how I am")),
    "report_open": (1, N_("behind the figure")),
    "report_back": (2, N_("back")),
    "report_earlier": (4, N_("other quarters")),
    "report_later": (4, N_("other quarters")),
    "report_save": (5, N_("as a page")),
    "undo": (7, N_("undo")),
    "find_anything": (9, N_("find anything")),
    "palette": (8, N_("commands")),
    "help": (3, N_("keys")),
    "help_down": (2, N_("scroll")),
    "help_up": (2, N_("scroll")),
    "close_help": (1, N_("close")),
}
ACTIONS: dict[str, Action] = {action.id: action for action in _ALL}


def in_scope(scope: str) -> tuple[Action, ...]:
    """Return the actions of a scope, in the order help shows them."""
    return tuple(action for action in _ALL if action.scope == scope)
