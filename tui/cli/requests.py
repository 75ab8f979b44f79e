"""`sameboat request` and `sameboat requests`: hours of somebody that one department asks another for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.chart_rows import people
from store.requests import RequestRow, grant, granted, refuse, request_row, request_rows, withdraw
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.capture import write_down
from tui.cli.output import narrate, safe, say_json
from tui.cli.shapes import Shapes, iso, week_shapes
from tui.cli.table import DIM, Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.analysis.requests import Preview
    from store.database import Store

VERBS = ("grant", "refuse", "withdraw", "show")


def _request(arguments: Arguments) -> int:
    operands = arguments.operands
    # One word more is an id; a line that begins with such a word has more to say than that.
    if operands and operands[0] in VERBS and len(operands) == 2:
        with Workspace(arguments.home) as workspace:
            return _answer(arguments, workspace, operands[0], workspace.entity(operands[1], "request"))
    if operands and operands[0] in VERBS and len(operands) == 1:
        raise UsageError("missing-operand", command="request", usage=f"sameboat request {operands[0]} ID")
    return write_down(arguments, "request", "request")


def _answer(arguments: Arguments, workspace: Workspace, verb: str, ent: str) -> int:
    store = workspace.store
    row = request_row(store, ent)
    if row is None:
        raise UsageError("missing-operand", command="request", usage=f"sameboat request {verb} ID")
    who = arguments.value("who")
    member = workspace.named("who", "member", who) if who else row.member
    why = arguments.value("why")
    seen = preview_of(store, row, member) if verb in ("grant", "show") and row.hours else None
    changed = False
    if verb != "show":
        if verb == "grant" and not member:
            raise UsageError(
                "missing-operand", command="request", usage="sameboat request grant ID --who NAME"
            )
        with workspace.change("set", [ent]) as change:
            if verb == "grant":
                grant(change, ent, member)
            else:
                (refuse if verb == "refuse" else withdraw)(change, ent, why)
        changed = bool(change.changes)
        row = request_row(store, ent) or row
    if arguments.has("json"):
        shapes = Shapes(store)
        shape = request_shape(shapes, workspace, row)
        say_json({"ok": True, **shape, "changed": changed, "preview": _preview_shape(seen, shapes)})
        return 0
    if seen is not None:
        _say_preview(workspace, seen, row, member)
    narrate(safe(_("{id}: {state}").format(id=row.short, state=_(row.state))))
    return 0


def preview_of(store: Store, row: RequestRow, who: str) -> Preview:
    """Return what granting a request to somebody would do."""
    from store.analysis.requests import preview
    from store.plan import every_calendar, read_plan

    plan = read_plan(store)
    return preview(
        plan.tasks,
        plan.slots,
        people(store),
        every_calendar(store, plan),
        plan.today,
        row.asked,
        who,
        granted(request_rows(store)),
    )


def _say_preview(workspace: Workspace, seen: Preview, row: RequestRow, who: str) -> None:
    from tui.load_words import hours, planned_words, week_name

    if who:
        for label, loads in ((_("as it is"), seen.now), (_("with it"), seen.granted)):
            words = "  ".join(f"{week_name(load.week)} {planned_words(load)}" for load in loads)
            narrate(safe(f"{workspace.title('member', who)}, {label}: {words}"))
        if seen.with_item is not None and row.item:
            words = "  ".join(f"{week_name(load.week)} {planned_words(load)}" for load in seen.with_item)
            narrate(safe(f"{_('with all of {item}').format(item=workspace.short(row.item))}: {words}"))
    narrate(_("hours free by department, before it"))
    for department, left in seen.free.items():
        amounts = "  ".join(hours(amount) for amount in left)
        narrate(safe(f"  {workspace.title('department', department)}  {amounts}"))


def _preview_shape(seen: Preview | None, shapes: Shapes) -> dict[str, object] | None:
    if seen is None:
        return None
    return {
        "now": week_shapes(seen.now),
        "granted": week_shapes(seen.granted),
        "with_item": None if seen.with_item is None else week_shapes(seen.with_item),
        "overloaded": [iso(week) for week in seen.overloaded],
        "free": {
            shapes.department(ent) or ent: [round(amount, 2) for amount in left]
            for ent, left in seen.free.items()
        },
    }


def request_shape(shapes: Shapes, workspace: Workspace, row: RequestRow) -> dict[str, object]:
    """Return a request as `--json` prints it."""
    return {
        "id": row.short,
        "entity": row.id,
        "title": row.title,
        "skill": row.skill or None,
        "hours": row.hours,
        "first": row.first or None,
        "last": row.last or None,
        "asked_by": shapes.department(row.asks),
        "asked_of": shapes.department(row.gives),
        "who": shapes.member(row.member),
        "item": workspace.short(row.item) if row.item else None,
        "state": row.state,
        "reason": row.reason or None,
        "private": row.private,
    }


def _requests(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        shapes = Shapes(store)
        rows = [row for row in request_rows(store) if row.open or arguments.has("all")]
        if arguments.has("json"):
            for row in rows:
                say_json(request_shape(shapes, workspace, row))
            return 0
        if not rows:
            narrate(_("Nobody asks for anybody's hours."))
            return 0
        columns = [
            Column("ID"),
            Column(_("In short"), flexible=True),
            Column(_("Hours")),
            Column(_("Asked by")),
            Column(_("Asked of")),
            Column(_("When")),
            Column(_("Who")),
            Column(_("State")),
        ]
        print_rows(
            columns, ([Cell(text, style) for text, style in _cells(workspace, shapes, row)] for row in rows)
        )
    return 0


def _cells(workspace: Workspace, shapes: Shapes, row: RequestRow) -> list[tuple[str, str]]:
    days = [day for day in dict.fromkeys((row.first, row.last)) if day]
    state = _(row.state) + (f": {row.reason}" if row.reason else "")
    sides = [workspace.title("department", side) if side else "—" for side in (row.asks, row.gives)]
    return [
        (row.short, ""),
        (row.title, ""),
        (f"{row.hours:g}" if row.hours else "—", ""),
        (sides[0], ""),
        (sides[1], ""),
        (" … ".join(days) or "—", ""),
        (shapes.member(row.member) or "—", ""),
        (state, "" if row.open else DIM),
    ]


COMMANDS = {
    "request": Command(
        _request,
        N_("ask for somebody's hours in one line, or answer a request"),
        "LINE… | grant ID | refuse ID | withdraw ID | show ID",
        (
            Option("private", N_("keep it a draft that nobody else gets until you share it")),
            Option("who", N_("who gives the hours"), metavar="NAME"),
            Option("why", N_("why it is refused, or taken back"), metavar="TEXT"),
        ),
        least=1,
        text=True,
        examples=(
            'sameboat request "yf>sc 24h 设计 12-01..12-12 @王芳"',
            "sameboat request grant lp-12 --who 王芳",
            'sameboat request refuse lp-12 --why "展会优先"',
        ),
    ),
    "requests": Command(
        _requests,
        N_("whose hours are asked for, and what became of it"),
        "",
        (Option("all", N_("those too that were answered or taken back")),),
        most=0,
        examples=("sameboat requests", "sameboat requests --all --json"),
    ),
}
