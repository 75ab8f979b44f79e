"""What one types into: the capture bar, the filter, lines, texts, comments, pickers."""

from __future__ import annotations

from tui.actions.action import Action
from tui.actions.scopes import TYPING
from tui.i18n import N_

ACTIONS = (
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
)  # fmt: skip
FOOTER = {
    "capture_keep": (1, N_("keep")),
    "capture_next": (2, N_("keep, next line")),
    "capture_private": (4, N_("private")),
    "capture_close": (3, N_("close")),
    "filter_keep": (1, N_("to the cards")),
    "filter_close": (2, N_("clear")),
    "filter_take": (3, N_("complete it")),
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
}
