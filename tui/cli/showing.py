"""`sameboat show`: everything about one entity."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import plan_rows, queries, schema
from store.errors import StoreError
from store.unseen import unseen
from tui.celltext import cell_width, clean_lines
from tui.cli.arguments import Arguments, Command
from tui.cli.history import Values
from tui.cli.output import safe, say, say_json
from tui.cli.shapes import Shapes
from tui.cli.table import BOLD, DIM, paint
from tui.cli.workspace import AS_OF, Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.queries import Detail


def _show(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        if arguments.has("as-of"):
            workspace.go_back(arguments.value("as-of"))
        ent = workspace.entity(arguments.operands[0])
        if ent in unseen(workspace.store):
            kind = workspace.kind(ent)
            raise StoreError("unseen-pulse" if kind == "pulse" else "unseen-card")
        shapes = Shapes(workspace.store)
        detail = queries.detail(workspace.store, ent)
        shape = shapes.detail(detail) if detail else shapes.named(workspace.kind(ent), ent)
        if shape is None:
            raise StoreError("not-found", what=arguments.operands[0])
        if arguments.has("json"):
            say_json(shape)
        elif detail:
            _print(_detail_lines(workspace, shapes, detail))
        else:
            kind = workspace.kind(ent)
            fields = queries.entity_fields(workspace.store, kind, ent) or {}
            _print(_field_lines(workspace, kind, fields))
    return 0


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _detail_lines(workspace: Workspace, shapes: Shapes, detail: Detail) -> Iterator[str]:
    card = detail.card
    yield paint(f"{card.short}  {safe(card.title)}", BOLD)
    notes = [
        (detail.trashed, _("In the trash: `sameboat restore` takes it out")),
        (card.banner, _("Deleted by somebody who had not seen the latest edit")),
        (card.private, _("A private draft: nobody else has it")),
    ]
    yield from (note for holds, note in notes if holds)
    pinned = detail.fields.get("pinned") or None  # worth a line only where it is
    yield from _field_lines(
        workspace, card.kind, {**detail.fields, "title": None, "short": None, "pinned": pinned}
    )
    yield from _link_lines(workspace, card.id)
    if detail.derived:
        yield from ("", paint(_("Actions"), BOLD))
    for item in detail.derived:
        yield f"  {item.short}  {safe(item.title)}  {paint(workspace.title('status', item.status), DIM)}"
    if detail.checks:
        yield from ("", paint(_("Checklist"), BOLD))
        yield from (f"  [{'x' if check.done else ' '}] {safe(check.title)}" for check in detail.checks)
    for divergence in detail.divergences:
        name, _slash, key = divergence.field.partition("/")
        field = schema.KINDS[card.kind].fields.get(name)
        yield from ("", paint(f"≠ {_(field.label) if field else name} {safe(key)}".rstrip(), BOLD))
        for head in divergence.heads:
            who = safe(shapes.member(head.by) or head.by)
            yield f"  {safe(Values(workspace).value(field, head.value))}  {paint(f'{who} {moment(head.at)}', DIM)}"
    if detail.comments:
        yield from ("", paint(_("Comments"), BOLD))
        for comment in detail.comments:
            yield f"  {safe(comment.name)}  {paint(moment(comment.at), DIM)}"
            yield from (f"    {line}" for line in clean_lines(comment.text))
    yield ""
    for label, at, by in (
        (_("Created"), detail.created_at, detail.created_by),
        (_("Changed"), detail.updated_at, detail.updated_by),
    ):
        yield paint(f"{label} {moment(at)} {safe(shapes.member(by) or by)}", DIM)


def _link_lines(workspace: Workspace, ent: str) -> Iterator[str]:
    """Yield what an item waits for and what waits for it, a line each."""
    for label, rows in (
        (_("Waits for"), plan_rows.waits_for(workspace.store, ent)),
        (_("Waited for by"), plan_rows.waited_for_by(workspace.store, ent)),
    ):
        if rows:
            yield from ("", paint(label, BOLD))
        for row in rows:
            how = f"{row.type}{row.lag:+}" if row.lag else row.type
            yield f"  {row.short}  {safe(row.title)}  {paint(how, DIM)}"


def _field_lines(workspace: Workspace, kind: str, fields: dict[str, object]) -> Iterator[str]:
    """Yield a line for each field that has a value, labels filled up to one width, long text beneath."""
    declared = schema.KINDS[kind].fields
    words = Values(workspace)
    rows: list[tuple[str, list[str]]] = []
    for name, value in fields.items():
        if value is None:
            continue
        field = declared["place" if name == "status" else name]
        label = _(field.label)
        if name == "status":
            rows.append((label, [safe(workspace.title("status", str(value)))]))
        elif isinstance(value, list):
            rows.append((label, [", ".join(safe(words.reference(field.to, str(each))) for each in value)]))
        elif isinstance(value, dict):
            rows += [
                (f"{label} {safe(_key(words, name, key))}", [safe(str(each))]) for key, each in value.items()
            ]
        elif field.type == schema.LONGTEXT:
            rows.append((label, clean_lines(str(value))))
        else:
            rows.append((label, [safe(words.value(field, value))]))
    width = max((cell_width(label) for label, _lines in rows), default=0)
    for label, lines in rows:
        yield f"{paint(label, DIM)}{' ' * (width - cell_width(label))}  {lines[0]}"
        yield from (f"{' ' * width}  {line}" for line in lines[1:])


def _key(words: Values, field: str, key: str) -> str:
    """Return what stands for a map's key: a side of a conflict is kept under its department's id."""
    return key if field == "custom" else words.reference("department", key)


def moment(milliseconds: int) -> str:
    """Return a moment as people write it, in the time of this machine."""
    return f"{datetime.datetime.fromtimestamp(milliseconds / 1000).astimezone():%Y-%m-%d %H:%M}"


COMMANDS = {
    "show": Command(_show, N_("show everything about one thing"), "ID", (AS_OF,), least=1, most=1),
}
