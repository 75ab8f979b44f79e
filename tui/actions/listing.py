"""The list: items in rows and columns."""

from __future__ import annotations

from tui.actions.action import Action
from tui.actions.scopes import LISTING
from tui.i18n import N_

ACTIONS = (
    Action("list_left", "list", N_("Column on the left of the list"), ("h", "left"), LISTING),
    Action("list_right", "list", N_("Column on the right of the list"), ("l", "right"), LISTING),
    Action("list_edit", "list", N_("Edit the cell; fold or unfold the section"), ("enter",), LISTING),
    Action("list_sort", "list", N_("Sort by the column; once more, the other way"), ("s",), LISTING),
    Action("list_group", "list", N_("Divide the list by a field"), ("z",), LISTING),
    Action("list_fold", "list", N_("Fold all sections, or unfold them"), ("_",), LISTING),
    Action("list_add_column", "list", N_("Choose the columns"), ("+",), LISTING),
    Action("list_drop_column", "list", N_("Take the column away"), ("-",), LISTING),
    Action("list_column_left", "list", N_("Move the column to the left"), ("H", "<"), LISTING),
    Action("list_column_right", "list", N_("Move the column to the right"), ("L", ">"), LISTING),
    Action("list_all", "list", N_("Select everything that shows"), ("ctrl+a",), LISTING),
)  # fmt: skip
FOOTER = {
    "list_edit": (1, N_("edit")),
    "list_sort": (3, N_("sort")),
    "list_group": (5, N_("divide")),
    "list_add_column": (6, N_("columns")),
}
