"""`sameboat needs` and `sameboat team`: what departments need, who has how much to do, and how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.chart_rows import capacities, people
from store.department_rows import department_rows
from store.errors import nearest
from store.key_dates import key_dates, upcoming
from store.need_rows import NeedRow, need_rows
from store.needs import step
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import narrate, say_json
from tui.cli.shapes import Shapes, week_shapes
from tui.cli.table import DIM, RED, Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.analysis.loads import Load
    from store.database import Store

STEPS = {"confirm": "confirmed", "met": "met", "park": "parked", "raise": "raised"}


def _needs(arguments: Arguments) -> int:
    verb, *rest = arguments.operands or ["list"]
    with Workspace(arguments.home) as workspace:
        if verb == "list" and not rest:
            return _list(arguments, workspace)
        if verb not in STEPS:
            choices = ", ".join(("list", *STEPS))
            likely = nearest(verb, ["list", *STEPS])
            raise UsageError("bad-choice", option="needs", value=verb, choices=choices, nearest=likely)
        if not rest:
            raise UsageError("missing-operand", command="needs", usage=f"sameboat needs {verb} ID…")
        ids = [workspace.entity(name, "need") for name in rest]
        with workspace.change("set", ids) as change:
            step(change, ids, STEPS[verb])
        if arguments.has("json"):
            say_json(
                {"ok": True, "ids": [workspace.short(ent) for ent in ids], "changed": bool(change.changes)}
            )
        else:
            narrate(_("{id}: {state}").format(id=workspace.shorts(ids), state=_(STEPS[verb])))
    return 0


def _list(arguments: Arguments, workspace: Workspace) -> int:
    store = workspace.store
    shapes = Shapes(store)
    department = arguments.value("dept")
    wanted = workspace.named("department", "department", department) if department else ""
    rows = [
        row
        for row in need_rows(store)
        if (row.open or arguments.has("all")) and (not wanted or row.department == wanted)
    ]
    if arguments.has("json"):
        for row in rows:
            say_json(need_shape(shapes, row))
        return 0
    today = store.today()
    columns = [
        Column("ID"),
        Column(_("Need or challenge"), flexible=True),
        Column(_("Department")),
        Column(_("About what")),
        Column(_("Severity")),
        Column(_("State")),
        Column(_("Days open")),
    ]
    if not rows:
        narrate(_("No need or challenge is open."))
        return 0
    print_rows(
        columns,
        (
            [
                Cell(row.short),
                Cell(row.title),
                Cell(workspace.title("department", row.department) if row.department else "—"),
                Cell(f"{_(row.sort)} · {_(row.kind)}"),
                Cell(
                    f"▲{row.severity}" if row.severity else "—", RED if row.severity == 1 and row.open else ""
                ),
                Cell(_(row.state), "" if row.open else DIM),
                Cell(str(row.days_open(today))),
            ]
            for row in rows
        ),
    )
    return 0


def need_shape(shapes: Shapes, row: NeedRow) -> dict[str, object]:
    """Return a need or challenge as `--json` prints it."""
    return {
        "id": row.short,
        "entity": row.id,
        "title": row.title,
        "sort": row.sort,
        "kind": row.kind,
        "department": shapes.department(row.department),
        "severity": row.severity,
        "state": row.state,
        "open": row.open,
        "since": row.began,
        "items": row.items,
        "private": row.private,
    }


def _team(arguments: Arguments) -> int:
    from store.analysis.loads import loads
    from store.plan import every_calendar, read_plan

    with Workspace(arguments.home) as workspace:
        store = workspace.store
        plan = read_plan(store)
        table = loads(plan.tasks, plan.slots, people(store), every_calendar(store, plan), plan.today)
        if arguments.has("json"):
            _team_json(store, table)
        else:
            _team_words(workspace, table)
    return 0


def _team_json(store: Store, table: dict[str, list[Load]]) -> None:
    shapes = Shapes(store)
    dates = upcoming(key_dates(store), store.today())
    for row in department_rows(store):
        say_json(
            {
                "what": "department",
                "id": row.code or row.id,
                "entity": row.id,
                "title": row.title,
                "code": row.code or None,
                "contact": shapes.member(row.contact),
                "members": row.members,
                "needs": row.needs,
                "challenges": row.challenges,
                "conflicts": row.conflicts,
                "open": row.open,
                "late": row.late,
                "blocked": row.blocked,
                "owes": row.owes,
                "owed": row.owed,
                "key_dates": [
                    {"entity": day.id, "title": day.title, "date": day.date}
                    for day in dates
                    if day.department == row.id
                ],
            }
        )
    known = capacities(store)
    for member in shapes.members.values():
        say_json(
            {
                "what": "member",
                "id": member.code or member.id,
                "entity": member.id,
                "title": member.title,
                "code": member.code or None,
                "department": shapes.department(member.department),
                "capacity": known.get(member.id),
                "weeks": week_shapes(table.get(member.id, [])),
            }
        )


def _team_words(workspace: Workspace, table: dict[str, list[Load]]) -> None:
    from tui.load_words import planned_words, week_name

    store = workspace.store
    rows = department_rows(store)
    columns = [
        Column(_("Department"), flexible=True),
        Column(_("Needs")),
        Column(_("Challenges")),
        Column(_("Conflicts")),
        Column(_("Open")),
        Column(_("Late")),
        Column(_("Blocked")),
        Column(_("Owes")),
        Column(_("Owed")),
    ]
    print_rows(
        columns,
        (
            [
                Cell(workspace.title("department", row.id)),
                Cell(str(row.needs)),
                Cell(str(row.challenges)),
                Cell(str(row.conflicts)),
                Cell(str(row.open)),
                Cell(str(row.late), RED if row.late else ""),
                Cell(str(row.blocked)),
                Cell(str(row.owes)),
                Cell(str(row.owed)),
            ]
            for row in rows
        ),
    )
    known = capacities(store)
    some = next(iter(table.values()), [])
    columns = [
        Column(_("Member"), flexible=True),
        Column(_("Hours a week")),
        *(Column(week_name(load.week)) for load in some),
    ]
    members = Shapes(store).members.values()
    print_rows(
        columns,
        (
            [
                Cell(member.title),
                Cell(f"{known[member.id]:g}" if member.id in known else "—"),
                *(
                    Cell(
                        planned_words(load) if load.planned else "·",
                        RED if load.overloaded else DIM if not load.planned else "",
                    )
                    for load in table.get(member.id, [])
                ),
            ]
            for member in members
        ),
    )


COMMANDS = {
    "needs": Command(
        _needs,
        N_("what departments need and what stands in their way, and what became of it"),
        "[confirm ID… | met ID… | park ID… | raise ID…]",
        (
            Option("all", N_("those too that are met or parked")),
            Option("dept", N_("of one department alone"), metavar="NAME"),
        ),
        most=50,
        examples=("sameboat needs", "sameboat needs --dept yf", "sameboat needs met lp-12"),
    ),
    "team": Command(
        _team,
        N_("how every department stands, and how full everybody's next eight weeks are"),
        examples=("sameboat team", "sameboat team --json"),
        most=0,
    ),
}
