"""What works everywhere, the help, and the first start."""

from __future__ import annotations

from tui.actions.action import Action, syncing
from tui.actions.scopes import EVERYWHERE, SETTING_UP
from tui.i18n import N_

ACTIONS = (
    Action("show_today", "app", N_("Today: what presses, the plan of the day, what teammates do"), ("1",), EVERYWHERE),
    Action("show_board", "app", N_("The board"), ("2",), EVERYWHERE),
    Action("show_timeline", "app", N_("The timeline"), ("3",), EVERYWHERE),
    Action("show_feedback", "app", N_("The feedback: what departments say to each other"), ("4",), EVERYWHERE),
    Action("show_goals", "app", N_("The goals, and who stands behind them"), ("5",), EVERYWHERE),
    Action("show_team", "app", N_("The team: departments, needs, members, hand-offs, requests"), ("6",), EVERYWHERE),
    Action("show_reports", "app", N_("The reports: a quarter in figures"), ("7",), EVERYWHERE),
    Action("show_list", "app", N_("The list: items in rows and columns"), ("8",), EVERYWHERE),
    Action("show_changes", "app", N_("The changes: what teammates did"), ("9",), EVERYWHERE),
    Action("find_anything", "app", N_("Find anything"), ("ctrl+f",), EVERYWHERE),
    Action("views", "app", N_("Go to a saved view"), ("'",), EVERYWHERE),
    Action("save_view", "app", N_("Save what is shown as a view"), ('"',), EVERYWHERE),
    Action("review", "app", N_("Settle divergences"), ("=",), EVERYWHERE),
    Action("undo", "app", N_("Undo"), ("u",), EVERYWHERE),
    Action("redo", "app", N_("Redo"), ("ctrl+r", "U"), EVERYWHERE),
    Action("sync", "app", N_("Sync now"), ("r",), EVERYWHERE, syncing),
    Action("sync_details", "app", N_("How sync stands"), ("S",), EVERYWHERE),
    Action("palette", "app", N_("All commands"), (":", "ctrl+p"), EVERYWHERE),
    Action("help", "app", N_("All keys"), ("?", "f1"), EVERYWHERE),
    Action("jump", "app", N_("Go to anything on the screen by its letters"), (";",), EVERYWHERE),
    Action("change_key", "app", N_("Change a key…"), (), EVERYWHERE),
    Action("help_down", "help", N_("Scroll down"), ("j", "down", "pagedown", "space"), EVERYWHERE),
    Action("help_up", "help", N_("Scroll up"), ("k", "up", "pageup"), EVERYWHERE),
    Action("close_help", "help", N_("Close"), ("escape", "q", "?"), EVERYWHERE),
    Action("setup_next", "setup", N_("Keep the answer and go on"), ("enter",), SETTING_UP),
    Action("setup_skip", "setup", N_("Go on with what holds by itself"), ("escape",), SETTING_UP),
    Action("setup_back", "setup", N_("Back to the question before"), ("shift+tab",), SETTING_UP),
    Action("setup_down", "setup", N_("Answer below"), ("j", "down"), SETTING_UP),
    Action("setup_up", "setup", N_("Answer above"), ("k", "up"), SETTING_UP),
    Action("setup_toggle", "setup", N_("Take the department, or leave it out"), ("space",), SETTING_UP),
    Action("setup_rename", "setup", N_("Rename the department"), ("e",), SETTING_UP),
    Action("setup_add", "setup", N_("Add a department"), ("a",), SETTING_UP),
    Action("setup_complete", "setup", N_("Complete the folder"), ("tab",), SETTING_UP),
    Action("setup_quit", "setup", N_("Leave without writing anything"), ("ctrl+q", "ctrl+c"), SETTING_UP),
    Action("reload_config", "app", N_("Read the config file again"), (), EVERYWHERE),
    Action("quit", "app", N_("Quit"), ("q", "ctrl+q"), EVERYWHERE),
    Action("interrupt", "app", N_("Say how to quit"), ("ctrl+c",), EVERYWHERE),
)  # fmt: skip
FOOTER = {
    "undo": (7, N_("undo")),
    "find_anything": (9, N_("find anything")),
    "palette": (8, N_("commands")),
    "help": (3, N_("keys")),
    "help_down": (2, N_("scroll")),
    "help_up": (2, N_("scroll")),
    "close_help": (1, N_("close")),
    "setup_next": (1, N_("go on")),
    "setup_skip": (2, N_("skip")),
    "setup_back": (4, N_("step before")),
    "setup_toggle": (3, N_("take or not")),
    "setup_rename": (6, N_("rename")),
    "setup_add": (5, N_("another")),
    "setup_complete": (3, N_("complete it")),
    "setup_quit": (7, N_("leave")),
}
