"""What changes did, in words: for the history, and for whoever undoes one."""

from __future__ import annotations

from tui.i18n import N_, _

# What a change did, by the label the core keeps with it.
CHANGES: dict[str, str] = {
    "add": N_("added {detail}"),
    "check": N_("checklist entry {detail}"),
    "checkin": N_("check-in {detail}"),
    "comment": N_("comment {detail}"),
    "import": N_("imported {detail}"),
    "link": N_("linked {detail}"),
    "meeting": N_("meeting {detail}"),
    "move": N_("moved {detail}"),
    "promise": N_("promise {detail}"),
    "repeat": N_("series {detail}"),
    "seen": N_("seen {detail}"),
    "merge": N_("merged {detail}"),
    "redo": N_("redid {detail}"),
    "restore": N_("took out of the trash {detail}"),
    "review": N_("summary of the check-in {detail}"),
    "set": N_("set {detail}"),
    "settle": N_("settled {detail}"),
    "share": N_("shared {detail}"),
    "step": N_("went on with {detail}"),
    "case": N_("kept as a case {detail}"),
    "playbook": N_("applied the playbook {detail}"),
    "pick": N_("day plan {detail}"),
    "time": N_("time {detail}"),
    "trash": N_("moved to the trash {detail}"),
    "unlink": N_("unlinked {detail}"),
    "undo": N_("undid {detail}"),
    "view": N_("view {detail}"),
    # Of feedback and requirements
    "answer": N_("answered {detail}"),
    "decline": N_("declined {detail}"),
    "duplicate": N_("called a duplicate {detail}"),
    "reopen": N_("put back into the inbox {detail}"),
    "score": N_("scored {detail}"),
    "snooze": N_("put off {detail}"),
    "vote": N_("voted for {detail}"),
}


def change_words(text: str) -> str:
    """Return in words what a change did, from its label and detail, as in "move lp-12"."""
    label, _space, detail = text.partition(" ")
    return _(CHANGES[label]).format(detail=detail).strip() if label in CHANGES else text
