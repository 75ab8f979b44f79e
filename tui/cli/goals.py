"""Goals on the command line: `goals` shows them, `goal` sets them, answers them and links work to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.analysis.alignment import NO_DEPARTMENT, alignment
from store.analysis.goal_tree import branches
from store.capture import parse
from store.errors import StoreError
from store.goal_rows import goal_history, goal_row, goal_rows, vision, work
from store.goals import ACKNOWLEDGED, OBJECTED, answer, link, parents
from store.lookup import department_of
from store.vocabulary import load_vocabulary
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.edit import assign
from tui.cli.input import lines_of, text_of
from tui.cli.output import narrate, safe, safe_lines, say, say_json
from tui.cli.shapes import Shapes
from tui.cli.table import DIM, RED, Cell, Column, print_rows
from tui.cli.verbs import run_verb
from tui.cli.workspace import Workspace
from tui.goal_words import (
    answer_mark,
    answers_words,
    bar_words,
    figures_words,
    hours_words,
    short_name,
    spark_words,
)
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from store.analysis.alignment import Alignment
    from store.analysis.alignment import Cell as Worked
    from store.goal_rows import GoalRow
    from tui.cli.verbs import Verb

SPARK = 8  # cells


def _goals(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        rows = {row.id: row for row in goal_rows(workspace.store)}
        order = [row.id for row in queries.departments(workspace.store)]
        tree = parents(workspace.store)
        aligned = alignment(tree, work(workspace.store), order)
        if arguments.has("json"):
            (_matrix_json if arguments.has("matrix") else _tree_json)(workspace, rows, aligned)
        elif arguments.has("matrix"):
            _print_matrix(workspace, rows, aligned)
        else:
            _print_tree(workspace, rows, tree, aligned)
        if not rows:
            narrate(_("No goal is set yet: `sameboat goal add LINE` sets one."))
    return 0


def _print_tree(
    workspace: Workspace, rows: dict[str, GoalRow], tree: dict[str, str], aligned: Alignment
) -> None:
    store = workspace.store
    if text := vision(store):
        narrate(safe_lines(text) + "\n")
    history = goal_history(store)
    names = {
        row.id: short_name(workspace.title("department", row.id), row.code)
        for row in queries.departments(store)
    }
    lines = {line.goal: line for line in aligned.rows}
    today = store.today().isoformat()
    columns = [
        Column(_("Short id")), Column(_("Goal"), flexible=True), Column(_("State")), Column(_("Progress")),
        Column(_("Figures"), flexible=True), Column(_("History")), Column(_("Answers")), Column(_("Due")),
    ]  # fmt: skip
    cells = []
    for branch in branches(tree):
        row, line = rows[branch.id], lines[branch.id]
        busy = [side for side in names if side in line.cells and line.cells[side].items] or list(names)
        late = row.open and "" < row.due < today and not row.progress.done
        style = "" if row.open else DIM
        cells.append(
            [
                Cell(row.short), Cell("  " * branch.depth + row.title, style), Cell(_(row.state), style),
                Cell(bar_words(row), style), Cell(figures_words(row), style),
                Cell(spark_words(history.get(row.id, ()), SPARK)),
                Cell(answers_words(row, busy if row.open else (), names), RED if row.objections else ""),
                Cell(row.due, RED if late else ""),
            ]
        )  # fmt: skip
    print_rows(columns, cells)


def _print_matrix(workspace: Workspace, rows: dict[str, GoalRow], aligned: Alignment) -> None:
    columns = [Column(_("Short id")), Column(_("Goal"), flexible=True)]
    columns += [Column(_side(workspace, side)) for side in aligned.columns] + [Column(_("All"))]
    lines = []
    for line in aligned.rows:
        row = rows[line.goal]
        said = [
            Cell(
                _worked(line.cells.get(side), row.answers.get(side, "")),
                RED if row.answers.get(side) == OBJECTED else "",
            )
            for side in aligned.columns
        ]
        lines.append(
            [Cell(row.short), Cell("  " * line.depth + row.title), *said, Cell(_worked(line.total, ""))]
        )
    if lines:
        sums = [Cell(_worked(aligned.totals[side], "")) for side in aligned.columns]
        lines.append([Cell(""), Cell(_("All goals")), *sums, Cell(_worked(aligned.total, ""))])
    print_rows(columns, lines)


def _side(workspace: Workspace, side: str) -> str:
    return workspace.title("department", side) if side != NO_DEPARTMENT else _("no department")


def _worked(cell: Worked | None, said: str) -> str:
    mark = answer_mark(said) if said else ""
    if cell is None or not cell.items:
        return mark or "·"
    return " ".join(
        filter(None, (f"{cell.done}/{cell.items}", hours_words(cell.hours) if cell.hours else "", mark))
    )


def _tree_json(workspace: Workspace, rows: dict[str, GoalRow], aligned: Alignment) -> None:
    shapes = Shapes(workspace.store)
    history = goal_history(workspace.store)
    totals = {line.goal: line.total for line in aligned.rows}
    for line in aligned.rows:
        row = rows[line.goal]
        shape = goal_shape(workspace, shapes, row) | {
            "depth": line.depth, "open": totals[row.id].open, "done": totals[row.id].done,
            "hours": totals[row.id].hours,
            "history": [{"day": one.day.isoformat(), "value": one.value} for one in history.get(row.id, ())],
        }  # fmt: skip
        say_json(shape)


def goal_shape(workspace: Workspace, shapes: Shapes, row: GoalRow) -> dict[str, object]:
    """Return a goal as `--json` prints it."""
    return {
        "id": row.short, "entity": row.id, "title": row.title, "state": row.state, "metric": row.metric or None,
        "baseline": row.baseline, "current": row.current, "target": row.target, "progress": row.progress.fraction,
        "period": row.period or None, "due": row.due or None, "owner": shapes.member(row.owner),
        "department": shapes.department(row.department),
        "parent": workspace.short(row.parent) if row.parent else None,
        "skipped_parent": workspace.short(row.cut) if row.cut else None,
        "answers": {str(shapes.department(side)): said for side, said in row.answers.items()},
        "objections": {str(shapes.department(side)): why for side, why in row.objections.items()},
        "private": row.private,
    }  # fmt: skip


def _matrix_json(workspace: Workspace, rows: dict[str, GoalRow], aligned: Alignment) -> None:
    shapes = Shapes(workspace.store)

    def shape(cells: dict[str, Worked], total: Worked, answers: dict[str, str]) -> dict[str, object]:
        sides = [side for side in aligned.columns if (side in cells and cells[side].items) or side in answers]
        return {
            "cells": [
                {
                    "department": shapes.department(side),
                    **_counts(cells.get(side)),
                    "answer": answers.get(side),
                }
                for side in sides
            ],
            **_counts(total),
        }

    for line in aligned.rows:
        row = rows[line.goal]
        head = {"id": row.short, "entity": row.id, "title": row.title, "depth": line.depth}
        say_json(head | shape(line.cells, line.total, row.answers))
    if rows:
        say_json({"id": None} | shape(aligned.totals, aligned.total, {}))


def _counts(cell: Worked | None) -> dict[str, object]:
    if cell is None:
        return {"open": 0, "done": 0, "hours": 0.0, "left": 0.0}
    return {"open": cell.open, "done": cell.done, "hours": cell.hours, "left": cell.left}


# Setting them


def _goal(arguments: Arguments) -> int:
    return run_verb(arguments, "goal", _VERBS)


def _add(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    under = arguments.value("under")
    parent = workspace.entity(under, "goal") if under else None
    vocabulary = load_vocabulary(store, labels=False, customers=False)
    lines = lines_of("goal", rest)
    captures = [parse(line, vocabulary, store.today(), kind="goal", me=store.member) for line in lines]
    with workspace.change("add", []) as made:
        ids = [
            made.create("goal", {**capture.fields, "parent": parent}, private=arguments.has("private"))
            for capture in captures
        ]
        made.detail = ", ".join(made.shorts[ent] for ent in ids[:6])
    for ent, capture in zip(ids, captures, strict=True):
        if arguments.has("json"):
            shape = {
                "ok": True,
                "id": made.shorts[ent],
                "entity": ent,
                "kind": "goal",
                "fields": capture.fields,
            }
            say_json(shape)
        else:
            say(made.shorts[ent])
        if row := goal_row(store, ent):
            narrate(safe("  ".join(filter(None, (row.short, row.title, row.metric, figures_words(row))))))
    return 0


def _set(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    ent = workspace.entity(rest[0], "goal")
    with workspace.change("set", [ent]) as change:
        for word in rest[1:]:
            assign(workspace, change, schema.KINDS["goal"], ent, word)
    return _report(arguments, workspace, ent, changed=bool(change.changes))


def _ack(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    return _answer(arguments, workspace, rest[0], ACKNOWLEDGED, "")


def _object(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    return _answer(arguments, workspace, rest[0], OBJECTED, text_of("goal", rest[1:]))


def _answer(arguments: Arguments, workspace: Workspace, name: str, said: str, why: str) -> int:
    store = workspace.store
    ent = workspace.entity(name, "goal")
    given = arguments.value("dept")
    side = workspace.named("answer", "department", given) if given else department_of(store, store.member)
    if not side:
        raise StoreError("no-own-department")
    with workspace.change("answer", [ent]) as change:
        answer(change, ent, side, said, why)
    return _report(arguments, workspace, ent, changed=bool(change.changes))


def _link(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    ent = workspace.entity(rest[0], "goal")
    items = [workspace.entity(name, "item") for name in rest[1:]]
    with workspace.change("link", items) as change:
        link(change, items, ent)
    changed = bool(change.changes)
    if arguments.has("json"):
        shorts = [workspace.short(item) for item in items]
        say_json({"ok": True, "id": workspace.short(ent), "ids": shorts, "changed": changed})
    count = ngettext("{count} item serves {goal}", "{count} items serve {goal}", len(items))
    narrate(safe(count.format(count=len(items), goal=workspace.short(ent))))
    return 0


def _report(arguments: Arguments, workspace: Workspace, ent: str, *, changed: bool) -> int:
    row = goal_row(workspace.store, ent)
    if arguments.has("json"):
        shape = goal_shape(workspace, Shapes(workspace.store), row) if row else {"id": workspace.short(ent)}
        say_json({"ok": True, **shape, "changed": changed})
    if not changed:
        narrate(_("Nothing to change: it is so already."))
    elif row is not None:
        names = _shown_names(workspace)
        answers = answers_words(row, (), names, 60)
        said = (row.short, row.title, bar_words(row), figures_words(row), answers)
        narrate(safe("  ".join(filter(None, said))))
    return 0


def _shown_names(workspace: Workspace) -> dict[str, str]:
    return {row.id: workspace.title("department", row.id) for row in queries.departments(workspace.store)}


_VERBS: dict[str, Verb] = {
    "add": ("sameboat goal add LINE… [--under ID]", 1, None, _add),
    "set": ("sameboat goal set ID FIELD=VALUE…", 2, None, _set),
    "ack": ("sameboat goal ack ID [--dept NAME]", 1, 1, _ack),
    "object": ("sameboat goal object ID REASON… [--dept NAME]", 2, None, _object),
    "link": ("sameboat goal link ID ITEM…", 2, None, _link),
}

COMMANDS = {
    "goals": Command(
        _goals,
        N_("show the goals as a tree, or what each department has planned for each"),
        options=(
            Option("tree", N_("the tree, which is shown if nothing is said")),
            Option("matrix", N_("goals and departments: items done of all, hours, answers")),
        ),
        most=0,
        examples=("sameboat goals", "sameboat goals --matrix --json"),
    ),
    "goal": Command(
        _goal,
        N_("set a goal, say its number, answer it for a department, link items to it"),
        "add LINE | set ID FIELD=VALUE… | ack ID | object ID REASON | link ID ITEM…",
        (
            Option("under", N_("the goal it lies beneath"), metavar="ID"),
            Option("dept", N_("the department that answers, one's own if not said"), metavar="NAME"),
            Option("private", N_("keep it a draft that nobody else gets until you share it")),
        ),
        least=1,
        text=True,
        examples=(
            "sameboat goal add '付费转化：试用转付费 4.2% → 7.2% @林平 ^12-31'",
            "sameboat goal set lp-8 current=5.7",
            "sameboat goal object lp-8 展会撞期 --dept sc",
            "sameboat goal link lp-8 lp-1 hm-7",
        ),
    ),
}
