"""What a query is understood to mean, in the words of the moment's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.query_ast import AllOf, AnyOf, Compare, Is, Not, Word
from store.query_fields import CHOICE, DAY, FIELDS, REF
from tui.celltext import clean
from tui.i18n import N_, _
from tui.widgets.days import day_words

if TYPE_CHECKING:
    import datetime

    from store.query_ast import Node
    from tui.screens.directory import Directory

STATES = {
    "blocked": N_("blocked"), "overdue": N_("overdue"), "done": N_("finished"), "open": N_("still open"),
    "private": N_("private drafts"), "trashed": N_("in the trash"), "diverged": N_("diverging"),
    "pinned": N_("start fixed"),
}  # fmt: skip
LABELS = {
    "created": N_("created"), "updated": N_("updated"), "created_by": N_("created by"),
    "updated_by": N_("updated by"), "status": N_("Status"), "labels": N_("Labels"), "kind": N_("Kind"),
}  # fmt: skip


def query_words(node: Node, directory: Directory, today: datetime.date) -> str:
    """Return a resolved query as a person would say it, empty where it asks nothing."""
    if isinstance(node, AllOf):
        return " · ".join(
            f"({said})" if isinstance(part, AnyOf) else said
            for part in node.nodes
            if (said := query_words(part, directory, today))
        )
    return _said(node, directory, today)


def _said(node: Node, directory: Directory, today: datetime.date) -> str:
    match node:
        case AllOf():
            return f"({query_words(node, directory, today)})"
        case AnyOf(nodes):
            return _(" or ").join(_said(part, directory, today) for part in nodes)
        case Not(Compare(field, "set")):
            return _("{field} not set").format(field=field_words(field))
        case Not(inner):
            return _("not {what}").format(what=_said(inner, directory, today))
        case Word(text):
            return _("text ‘{text}’").format(text=clean(text))
        case Is(state):
            return _(STATES[state])
        case Compare():
            return _comparison(node, directory, today)
        case _:
            raise TypeError(f"{type(node).__name__} was not resolved")


def _comparison(test: Compare, directory: Directory, today: datetime.date) -> str:
    field = field_words(test.field)
    if test.operator == "set":
        return _("{field} set").format(field=field)
    said = [value_words(test.field, value, directory, today) for value in test.values]
    if test.operator == "between":
        if said[0] == said[1]:
            return _("{field} on {day}").format(field=field, day=said[0])
        return _("{field} from {first} to {last}").format(field=field, first=said[0], last=said[1])
    if test.operator == "contains":
        return _("{field} with ‘{text}’").format(field=field, text=said[0])
    if test.operator == "in":
        return _("{field} is {values}").format(field=field, values=_(" or ").join(said))
    if FIELDS[test.field].type == DAY:
        words = {
            "<": _("{field} before {day}"), "<=": _("{field} up to {day}"),
            ">": _("{field} after {day}"), ">=": _("{field} from {day} on"),
        }  # fmt: skip
        return words[test.operator].format(field=field, day=said[0])
    return f"{field} {test.operator.replace('<=', '≤').replace('>=', '≥')} {said[0]}"


def field_words(name: str) -> str:
    """Return what a field of a query is called: as the first kind that has it calls it."""
    if name in LABELS:
        return _(LABELS[name])
    for kind in dict.fromkeys((*schema.BOARD_KINDS, *schema.KINDS)):
        if name in schema.KINDS[kind].fields:
            return _(schema.KINDS[kind].fields[name].label)
    return name


def value_words(name: str, value: object, directory: Directory, today: datetime.date) -> str:
    """Return one value that a query compares with, as a person says it."""
    field = FIELDS[name]
    text = str(value)
    if field.type == REF:
        named = {"member": directory.member, "department": directory.department, "status": directory.status}
        return clean(named.get(field.to, directory.goal)(text)) or text
    if field.type == DAY:
        return day_words(text, today)
    if field.type == CHOICE:
        return _(schema.KINDS[text].label) if text in schema.KINDS and name == "kind" else _(text)
    return f"P{text}" if name == "priority" else clean(text)
