"""A form that follows a conversation: what is to be talked over, in the order in which people talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store import schema
from tui.celltext import cell_width, clean, pad, wrap
from tui.i18n import _
from tui.theme import glyph
from tui.widgets.detail.parts import (
    MUTED,
    Entry,
    Key,
    draft_mark,
    field_entry,
    is_empty,
    muted,
    styled,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from store.queries import Detail
    from tui.widgets.detail.parts import Page

ACTIONS = "actions"  # stands in a form for what came of the thing
# The order in which a kind is talked over, where its form follows a conversation: everything in it is shown, filled in
# or not. Names in a tuple are said by one side after the other. What a form leaves out comes after it, as usual.
FORMS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "conflict": (
        "parties", "state", ("position", "interest"), "root_cause", "severity", "items", "shared_goal", "options",
        "decision", "decider", ACTIONS, "follow_up", ("check",),
    ),
}  # fmt: skip


def form_entries(
    detail: Detail, page: Page, kind: schema.Kind, form: Iterable[str | tuple[str, ...]], labels: int
) -> Iterator[Entry]:
    """Yield the parts of a form in their order, the empty ones too: they say what there is still to talk about."""
    for part in form:
        if isinstance(part, tuple):
            yield from _by_side(detail, page, [kind.fields[name] for name in part], labels)
        elif part == ACTIONS:
            yield from action_entries(detail, page, labels)
        elif kind.fields[part].type == schema.LONGTEXT:
            yield _long_line(detail, page, kind.fields[part], labels)
        else:
            yield field_entry(detail, page, kind.fields[part], labels)


def _by_side(detail: Detail, page: Page, fields: Sequence[schema.Field], labels: int) -> Iterator[Entry]:
    """Yield what the parties say: each under its name, or of one field alone all of them under that."""
    sides = _sides(detail, fields)
    if len(fields) == 1 and sides:
        yield Entry(Key("plain"), muted(_(fields[0].label), page.width), stop=False)
    for side in sides:
        name = clean(page.words.department(side)) or clean(side)
        style = page.words.style(_PARTY, side) or MUTED
        if len(fields) > 1:
            yield Entry(Key("plain"), styled(name, f"bold {style}", page.width), stop=False)
        for field in fields:
            held = detail.fields.get(field.name)
            value = held.get(side) if isinstance(held, dict) else None
            key = Key("map", field.name, side)
            label = ("  " + _(field.label), MUTED) if len(fields) > 1 else ("  " + name, style)
            lines = wrap(clean("—" if is_empty(value) else str(value)), max(page.width - labels, 8), 6)
            first = Content.assemble(
                (pad(label[0], labels), label[1]),
                (lines[0], MUTED if is_empty(value) else ""),
                draft_mark(page, key),
            )
            rest = (Content.assemble(" " * labels, line) for line in lines[1:])
            yield Entry(key, (first, *rest), indent=labels)


_PARTY = schema.Field("party", schema.REF, "", to="department")


def _sides(detail: Detail, fields: Sequence[schema.Field]) -> list[str]:
    """Return the parties, and whoever else has said something."""
    parties = detail.fields.get("parties")
    sides = dict.fromkeys(parties if isinstance(parties, (list, tuple)) else ())
    for field in fields:
        held = detail.fields.get(field.name)
        if isinstance(held, dict):
            sides |= dict.fromkeys(side for side, value in held.items() if not is_empty(value))
    return list(sides)


def _long_line(detail: Detail, page: Page, field: schema.Field, labels: int) -> Entry:
    """Return a long text in a form: beside its label, for most are a sentence."""
    value = detail.fields.get(field.name)
    key = Key("long", field.name)
    lines = ["—"] if is_empty(value) else wrapped(str(value), max(page.width - labels, 8))
    style = MUTED if is_empty(value) else ""
    label = pad(_(field.label), labels)
    first = Content.assemble((label, MUTED), (lines[0], style), draft_mark(page, key))
    return Entry(key, (first, *(Content(" " * labels + line) for line in lines[1:])), indent=labels)


def action_entries(detail: Detail, page: Page, labels: int = 0) -> Iterator[Entry]:
    """Yield the items that came of it, each with its status; the first line is where another is added."""
    key = Key("action")
    place = schema.KINDS["item"].fields["place"]
    label = pad(_("Actions"), labels) if labels else _("Actions") + "  "
    count = str(len(detail.derived)) if detail.derived else "—"
    first = Content.assemble((label, MUTED), (count, MUTED), draft_mark(page, key))
    yield Entry(key, (first,), indent=labels)
    for card in detail.derived:
        status = clean(page.words.value(place, card.status))
        room = max(page.width - cell_width(status) - 4, 8)
        lines = wrap(f"{card.short} {clean(card.title)}", room, 2)
        shown = Content.assemble(
            (f"{glyph('action')} ", MUTED), pad(lines[0], room), ("  ", ""), (status, MUTED)
        )
        yield Entry(Key("action", card.id), (shown, *(Content("  " + line) for line in lines[1:])), indent=2)
