"""`sameboat review`: what replicas disagree on, settled with one of the versions, another value or a merged text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.errors import StoreError, nearest
from store.review import Disagreement, device_names, disagreements, merge_versions
from store.validation import known_kind
from tui.celltext import clean_lines
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.edit import field_name
from tui.cli.history import Values
from tui.cli.input import text_of
from tui.cli.output import narrate, safe, say, say_json
from tui.cli.shapes import Shapes, instant
from tui.cli.showing import moment
from tui.cli.table import BOLD, DIM, paint
from tui.cli.workspace import Workspace
from tui.difference import MARKS, difference
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

WAYS = ("keep", "flip", "take", "merge", "value")


def _review(arguments: Arguments) -> int:
    ways = [way for way in WAYS if arguments.has(way)]
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(arguments.operands[0]) if arguments.operands else None
        field = _cell(workspace, ent, arguments.operands[1]) if ent and len(arguments.operands) > 1 else None
        found = disagreements(workspace.store, ent, field)
        if len(ways) > 1:
            raise UsageError("exclusive-options", options=" ".join(f"--{way}" for way in ways))
        if ways:
            return _settle(workspace, arguments, ways[0], found)
        if arguments.has("json"):
            shapes = Shapes(workspace.store)
            for one in found:
                say_json(_shape(workspace, shapes, one))
            return 0
        for line in _lines(workspace, found):
            say(line)
    return 0


def _cell(workspace: Workspace, ent: str, text: str) -> str:
    """Return the cell that FIELD or FIELD.KEY means."""
    kind = known_kind(workspace.kind(ent))
    name, dot, key = text.partition(".")
    name = field_name(kind, name)
    name = "place" if name == "status" else name
    if name not in kind.fields and name != schema.TRASH:
        raise StoreError(
            "unknown-field", field=text, kind=kind.name, nearest=nearest(text, list(kind.fields))
        )
    return f"{name}/{key}" if dot else name


def _settle(workspace: Workspace, arguments: Arguments, way: str, found: list[Disagreement]) -> int:
    if not arguments.operands:
        raise UsageError("missing-operand", usage="sameboat review ID FIELD")
    if not found:
        raise StoreError("nothing-diverges", what=" ".join(arguments.operands))
    if len(found) > 1:
        raise StoreError(
            "several-diverge",
            what=arguments.operands[0],
            fields=[one.field.replace("/", ".") for one in found],
        )
    [one] = found
    value = _value(workspace, arguments, way, one)
    with workspace.change("settle", [one.ent]) as change:
        change.settle(one.ent, one.field, value, seen=one.seen)
    said = _("{id}: {field} settled for everybody: {value}").format(
        id=workspace.short(one.ent), field=_label(one), value=_value_words(workspace, one, value)
    )
    if arguments.has("json"):
        say_json({"ok": True, "id": workspace.short(one.ent), "field": one.field, "value": value})
    else:
        narrate(safe(said))
    return 0


def _value_words(workspace: Workspace, one: Disagreement, value: object) -> str:
    """Return on one line the value that holds now."""
    declared = one.declared
    if declared is not None and declared.type == schema.PLACE and value is not None:
        return workspace.title("status", str(value))
    first, *rest = clean_lines(Values(workspace).value(declared, value))
    return f"{first} …" if rest else first


def _value(workspace: Workspace, arguments: Arguments, way: str, one: Disagreement) -> object:
    if way == "value":
        text = arguments.value("value")
        if text == "-":
            text = text_of("review", ["-"])
        kind = known_kind(one.kind)
        name, _slash, key = one.field.partition("/")
        if key:
            return text or None
        return workspace.field(kind, "status" if name == "place" else name, text)[1]
    if way == "merge":
        merged = merge_versions(one)
        if merged.clashes:
            raise StoreError("clashes", count=merged.clashes, what=workspace.short(one.ent), field=one.field)
        return merged.text()
    if way == "flip" and len(one.versions) > 2:  # which of them is the other one?
        raise UsageError("several-versions", count=len(one.versions), what=workspace.short(one.ent))
    wanted = {"keep": "1", "flip": "2"}.get(way) or arguments.value("take")
    if not wanted.isdecimal() or not 1 <= int(wanted) <= len(one.versions):
        raise StoreError("no-version", number=wanted, count=len(one.versions))
    value = one.versions[int(wanted) - 1].value
    if one.declared is not None and one.declared.type == schema.PLACE and isinstance(value, dict):
        return value.get("status")
    return value


def _label(one: Disagreement) -> str:
    name, _slash, key = one.field.partition("/")
    return f"{_(one.declared.label) if one.declared else name} {safe(key)}".rstrip()


def _lines(workspace: Workspace, found: list[Disagreement]) -> Iterator[str]:
    if not found:
        yield _("Nothing diverges: everybody's versions agree.")
        return
    words, shapes, devices = Values(workspace), Shapes(workspace.store), device_names(workspace.store)
    for one in found:
        yield f"{paint(f'≠ {one.short} {safe(one.title)}'.rstrip(), BOLD)}  {_label(one)}"
        long = one.declared is not None and one.declared.type == schema.LONGTEXT
        if one.base is not None and not long:
            yield from _version(_("before"), words.value(one.declared, one.base), "")
        for number, version in enumerate(one.versions, 1):
            about = [shapes.member(version.by) or version.by, moment(version.at)]
            if device := devices.get(version.device):
                about.append(_("on {device}").format(device=device))
            if number == 1:
                about.append(_("shown now"))
            value = words.value(one.declared, version.value)
            pieces = difference(one, number - 1) if long else None
            if pieces is not None:
                value = "".join(piece.text.join(MARKS[piece.side]) for piece in pieces)
            yield from _version(str(number), value, safe(" · ".join(about)))
        yield ""
    count = ngettext("{count} divergence.", "{count} divergences.", len(found)).format(count=len(found))
    how = _(
        "`sameboat review ID FIELD --keep`, `--flip`, `--take N`, `--merge` or `--value TEXT` settles one for "
        "everybody."
    )
    narrate(f"{count} {how}")


def _version(mark: str, value: str, about: str) -> Iterator[str]:
    first, *rest = clean_lines(value)
    yield f"  {mark}  {first}  {paint(about, DIM)}".rstrip()
    yield from (f"     {line}" for line in rest)


def _shape(workspace: Workspace, shapes: Shapes, one: Disagreement) -> dict[str, object]:
    return {
        "id": one.short or workspace.short(one.ent),
        "entity": one.ent,
        "kind": one.kind,
        "title": one.title,
        "field": one.field,
        "base": one.base,
        "versions": [
            {
                "value": version.value,
                "by": shapes.member(version.by),
                "at": instant(version.at),
                "device": version.device,
            }
            for version in one.versions
        ],
    }


COMMANDS = {
    "review": Command(
        _review,
        N_("show what diverged, and settle it"),
        "[ID [FIELD]]",
        (
            Option("keep", N_("keep the version that is shown")),
            Option("flip", N_("take the other version of two")),
            Option("take", N_("take the version with this number"), metavar="N"),
            Option("merge", N_("put both texts together, where they do not clash")),
            Option("value", N_("write this instead; - reads it from stdin"), metavar="TEXT"),
        ),
        most=2,
    ),
}  # fmt: skip
