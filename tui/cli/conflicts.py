"""Conflicts on the command line: `conflicts` lists and counts them, `decide` and `check` take them further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.conflict_matrix import COLUMNS
from store.analysis.conflict_steps import section
from store.conflict_rows import conflict_matrix, conflict_rows
from store.conflicts import check, decide
from store.errors import StoreError
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.input import text_of
from tui.cli.output import narrate, safe, say_json, say_json_rows
from tui.cli.shapes import Shapes
from tui.cli.table import RED, Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.conflict_words import COLUMN_LABELS
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.conflict_rows import ConflictRow


def _conflicts(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        rows = conflict_rows(workspace.store)
        if arguments.has("matrix"):
            _print_matrix(arguments, workspace, rows)
        elif arguments.has("json"):
            shapes, today = Shapes(workspace.store), workspace.store.today().isoformat()
            say_json_rows(_shape(shapes, row, today) for row in rows)
        else:
            _print_list(workspace, rows if arguments.has("all") else [row for row in rows if not row.closed])
        if not rows:
            narrate(_("No conflict is logged."))
    return 0


def _shape(shapes: Shapes, row: ConflictRow, today: str) -> dict[str, object]:
    return {
        "id": row.short, "entity": row.id, "title": row.title, "state": row.state,
        "next": section(row.state, row.follow_up, today),
        "parties": [shapes.department(party) for party in row.parties], "severity": row.severity,
        "root_cause": row.root_cause or None, "decider": shapes.member(row.decider),
        "escalated_to": shapes.member(row.escalated_to), "follow_up": row.follow_up or None, "logged": row.began,
        "checked": row.checked, "reopened": row.reopened, "private": row.private,
    }  # fmt: skip


def _print_list(workspace: Workspace, rows: list[ConflictRow]) -> None:
    today = workspace.store.today()
    columns = [
        Column(_("Short id")), Column(_("State"), flexible=True), Column(_("P")), Column(_("Parties"), flexible=True),
        Column(_("Days open")), Column(_("reopened")), Column(_("Follow-up")), Column(_("Title"), flexible=True),
    ]  # fmt: skip
    print_rows(
        columns,
        (
            [
                Cell(row.short),
                Cell(_(row.state) if row.state else ""),
                Cell("" if row.severity is None else f"!{row.severity}"),
                Cell(_sides(workspace, row.parties)),
                Cell("" if row.closed else str(row.days_open(today))),
                Cell(str(row.reopened) if row.reopened else ""),
                Cell(row.follow_up, RED if row.follow_up < today.isoformat() and not row.closed else ""),
                Cell(row.title),
            ]
            for row in rows
        ),
    )


def _print_matrix(arguments: Arguments, workspace: Workspace, rows: list[ConflictRow]) -> None:
    shapes = Shapes(workspace.store)
    pairs = conflict_matrix(rows)
    if arguments.has("json"):
        shorts = {row.id: row.short for row in rows}
        for pair in pairs:
            parties = [shapes.department(side) for side in dict.fromkeys(pair.sides) if side]
            counted = {column: [shorts[ent] for ent in getattr(pair, column)] for column in COLUMNS}
            say_json({"parties": parties, **counted})
        return
    columns = [Column(_("Parties"), flexible=True), *(Column(_(COLUMN_LABELS[column])) for column in COLUMNS)]
    print_rows(
        columns,
        (
            [
                Cell(_sides(workspace, [side for side in dict.fromkeys(pair.sides) if side]) or "—"),
                *(Cell(str(len(getattr(pair, column)))) for column in COLUMNS),
            ]
            for pair in pairs
        ),
    )


def _sides(workspace: Workspace, parties: list[str] | tuple[str, ...]) -> str:
    return "⇄".join(workspace.title("department", party) for party in parties)


def _decide(arguments: Arguments) -> int:
    name, *words = arguments.operands
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(name, "conflict")
        by = arguments.value("by")
        decider = workspace.named("decider", "member", by) if by else ""
        made = decide(workspace.store, ent, text_of("decide", words), decider=decider)
        short = workspace.short(ent)
        if arguments.has("json"):
            say_json({"ok": True, "ids": [short], "changed": bool(made.changes)})
        narrate(safe(_("{id}: decided").format(id=short)))
    return 0


def _check(arguments: Arguments) -> int:
    name, *given = arguments.operands
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(name, "conflict")
        scores = dict(_score(workspace, text) for text in given)
        made = check(workspace.store, ent, scores, close=arguments.has("close"))
        short = workspace.short(ent)
        if arguments.has("json"):
            say_json({"ok": True, "ids": [short], "changed": bool(made.changes)})
        said = _("{id}: checked and closed") if arguments.has("close") else _("{id}: checked")
        narrate(safe(said.format(id=short)))
    return 0


def _score(workspace: Workspace, text: str) -> tuple[str, int]:
    side, equals, value = text.replace("＝", "=").rpartition("=")
    if not equals or not side.strip() or not value.strip().isdecimal() or len(value.strip()) > 3:
        raise UsageError("not-a-score", what=text)
    try:
        department = workspace.named("check", "department", side)
    except StoreError:
        # Whoever speaks of the conflict may be a side that was dissolved since.
        department = workspace.entity(side, "department")
    return department, int(value)


COMMANDS = {
    "conflicts": Command(
        _conflicts,
        N_("list the conflicts by what comes next, or count them by departments"),
        options=(
            Option("matrix", N_("count them by pairs of departments")),
            Option("all", N_("the closed ones too")),
        ),
        most=0,
        examples=("sameboat conflicts", "sameboat conflicts --matrix --json"),
    ),
    "decide": Command(
        _decide,
        N_("write the one sentence that ends a conflict; - reads it from stdin"),
        "ID TEXT…",
        (Option("by", N_("who decided"), metavar="MEMBER"),),
        least=2,
        text=True,
        examples=("sameboat decide wf-3 原日期上线，展会只演示预览版 --by 周岚",),
    ),
    "check": Command(
        _check,
        N_("write how each side says it is since a conflict was decided, from 1 to 5"),
        "ID DEPARTMENT=1-5…",
        (Option("close", N_("close it, once every side has said so")),),
        least=1,
        examples=("sameboat check wf-3 yf=4 sc=3 --close",),
    ),
}
