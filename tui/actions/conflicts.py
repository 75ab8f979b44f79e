"""Conflicts, and the cases and playbooks that come of them."""

from __future__ import annotations

from tui.actions.action import Action, with_card
from tui.actions.scopes import TALKING
from tui.i18n import N_

ACTIONS = (
    Action("conflict_next", "conflicts", N_("Fill in what is next, or take the step"), ("n",), TALKING, with_card),
    Action("conflict_state", "conflicts", N_("Move the conflict to a state"), ("m",), TALKING, with_card),
    Action("conflict_action", "conflicts", N_("Add an action that follows from it"), ("A",), TALKING, with_card),
    Action("conflict_checklist", "conflicts", N_("Add the checklist of its parties"), ("t",), TALKING, with_card),
    Action("conflict_playbook", "conflicts", N_("Apply a playbook to the conflict"), ("b",), TALKING, with_card),
    Action("conflict_matrix", "conflicts", N_("The conflicts as a list, or counted by departments"), ("C",), TALKING),
    Action("conflict_left", "conflicts", N_("Column to the left, where they are counted"), ("<", ","), TALKING),
    Action("conflict_right", "conflicts", N_("Column to the right, where they are counted"), (">",), TALKING),
    Action("conflict_cell", "conflicts", N_("List what is counted here, else open the details"), ("enter",), TALKING),
    Action("apply_playbook", "cases", N_("Apply the playbook: its steps become items"), ("b",), TALKING, with_card),
    Action("make_playbook", "cases", N_("Make a playbook of the case, or a new one"), ("B",), TALKING),
)  # fmt: skip
FOOTER = {
    "conflict_next": (3, N_("next step")),
    "conflict_state": (4, N_("state")),
    "conflict_matrix": (6, N_("count")),
    "apply_playbook": (3, N_("apply")),
    "make_playbook": (4, N_("playbook")),
}
