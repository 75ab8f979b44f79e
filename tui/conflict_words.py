"""Conflicts in words: what is odd about one, what comes next, how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from store import schema
from store.analysis.conflict_steps import HIGHEST, LOWEST, MANY
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from store.analysis.conflict_steps import Mark, Want

SECTION_LABELS: dict[str, str] = {
    "check due": N_("The check is due"),
    "to decide": N_("To be decided"),
    "to talk over": N_("To be talked over"),
    "to confirm": N_("To be confirmed"),
    "to check": N_("To be checked later"),
    "closed": N_("closed"),
}
COLUMN_LABELS: dict[str, str] = {"open": N_("still open"), "closed": N_("closed"), "reopened": N_("reopened")}
_MARKS: dict[str, str] = {
    "no-party": N_("Nobody is named as a party yet."),
    "one-party": N_("Only one side is named: {about}. Who is the other?"),
    "many-parties": N_("More than {many} sides: it may be several conflicts."),
    "unknown-party": N_("“{about}” is no department of this workspace any more."),
    "past-follow-up": N_("The follow-up day is past, and nothing is decided yet."),
    "bad-check": N_(
        "What {about} said of the check is no number from {low} to {high}: it is kept, and does not count."
    ),
}
_STEPS: dict[str, str] = {
    "confirmed": N_("confirm that both sides see it"),
    "negotiating": N_("begin to negotiate"),
    "decided": N_("take the decision as decided"),
    "checking": N_("let each side check it"),
    "closed": N_("close it"),
}


class SideNames(Protocol):
    """Knows what departments are called."""

    def department(self, department_id: str) -> str:
        """Return a department's name."""


def mark_words(mark: Mark, names: SideNames) -> str:
    """Return the sentence for something odd that is kept."""
    about = names.department(mark.about) or mark.about if mark.about else ""
    return _(_MARKS[mark.code]).format(about=about, many=MANY, low=LOWEST, high=HIGHEST)


def want_words(want: Want, names: SideNames) -> str:
    """Return what is to be filled in or done next."""
    if want.part == "step":
        return _(_STEPS[want.name])
    if want.part == "action":
        return _("an action that follows from it")
    label = _(schema.KINDS["conflict"].fields[want.name].label)
    return f"{label} · {names.department(want.side)}" if want.side else label


def age_words(days: int) -> str:
    """Return how many days something has been open, in few cells."""
    return _("{count} d").format(count=days)


def reopened_words(count: int) -> str:
    """Return how often something was reopened, '' when it never was."""
    return ngettext("reopened once", "reopened {count} times", count).format(count=count) if count else ""
