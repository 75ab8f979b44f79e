"""The reports."""

from __future__ import annotations

from tui.actions.action import Action
from tui.actions.scopes import REPORTING
from tui.i18n import N_

ACTIONS = (
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
    Action("report_add", "reports", N_("Add an item in one line"), ("a",), REPORTING),
    Action("report_conflict", "reports", N_("Log a conflict in one line"), ("x",), REPORTING),
)  # fmt: skip
FOOTER = {
    "report_open": (1, N_("behind the figure")),
    "report_back": (2, N_("back")),
    "report_earlier": (4, N_("other quarters")),
    "report_later": (4, N_("other quarters")),
    "report_save": (5, N_("as a page")),
}
