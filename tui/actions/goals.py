"""The goals, the alignment of departments with them, and open questions."""

from __future__ import annotations

from tui.actions.action import Action, with_card
from tui.actions.scopes import AIMING
from tui.i18n import N_

ACTIONS = (
    Action("goal_open", "goals", N_("Open the details of the goal, or write the vision"), ("enter",), AIMING),
    Action("goal_add", "goals", N_("Set a goal in one line"), ("n",), AIMING),
    Action("goal_sub", "goals", N_("Set a goal beneath this one"), ("N",), AIMING),
    Action("goal_value", "goals", N_("Say what the number is now"), ("s",), AIMING),
    Action("goal_acknowledge", "goals", N_("Acknowledge it for one's own department"), ("A",), AIMING, with_card),
    Action("goal_object", "goals", N_("Object for one's own department, and say why"), ("X",), AIMING, with_card),
    Action("goal_answer", "goals", N_("Answer for any department, or take the answer back"), ("B",), AIMING, with_card),
    Action("goal_state", "goals", N_("Pursued, reached, missed or dropped"), ("m",), AIMING, with_card),
    Action("goal_link", "goals", N_("Let an item serve the goal"), ("O",), AIMING),
    Action("goal_item", "goals", N_("Go to an item that serves it"), ("b",), AIMING),
    Action("goal_down", "goals", N_("Move the goal down"), ("J", "shift+down"), AIMING),
    Action("goal_up", "goals", N_("Move the goal up"), ("K", "shift+up"), AIMING),
    Action("goal_indent", "goals", N_("Put it beneath the goal before it"), (">",), AIMING),
    Action("goal_outdent", "goals", N_("Put it beside what it lies beneath"), ("<",), AIMING),
    Action("goal_under", "goals", N_("Choose what it lies beneath"), ("p",), AIMING),
    Action("goal_fold", "goals", N_("Fold or unfold what lies beneath"), ("-",), AIMING),
    Action("align_cell", "alignment", N_("List the items counted here, else open the details"), ("enter",), AIMING),
    Action("align_left", "alignment", N_("The department on the left"), ("<", ","), AIMING),
    Action("align_right", "alignment", N_("The department on the right"), (">",), AIMING),
    Action("align_acknowledge", "alignment", N_("Acknowledge the goal for this department"), ("A",), AIMING),
    Action("align_object", "alignment", N_("Object for this department, and say why"), ("X",), AIMING),
    Action("align_answer", "alignment", N_("Answer for this department, or take it back"), ("B",), AIMING),
    Action("align_link", "alignment", N_("Let the items here serve another goal"), ("O",), AIMING),
    Action("question_go", "questions", N_("Go to what is open"), ("enter",), AIMING),
    Action("question_link", "questions", N_("Let the items here serve a goal"), ("O",), AIMING),
)  # fmt: skip
FOOTER = {
    "goal_add": (1, N_("new goal")),
    "goal_sub": (5, N_("sub-goal")),
    "goal_value": (2, N_("value now")),
    "goal_acknowledge": (2, N_("acknowledge")),
    "goal_object": (3, N_("object")),
    "goal_link": (4, N_("link an item")),
    "goal_state": (7, N_("state")),
    "goal_item": (8, N_("its items")),
    "align_cell": (1, N_("the items")),
    "align_left": (2, N_("department")),
    "align_right": (2, N_("department")),
    "align_acknowledge": (3, N_("acknowledge")),
    "align_object": (3, N_("object")),
    "align_link": (3, N_("to a goal")),
    "question_go": (1, N_("go there")),
    "question_link": (2, N_("to a goal")),
}
