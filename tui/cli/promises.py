"""`sameboat promises`: what departments promised each other, how it ended, and how much of it was kept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.analysis.saydo import say_do
from store.commitment_rows import Promise, promises, sections, words
from store.commitments import break_promise, confirm, keep, renegotiate
from store.dates import parse_day
from store.errors import StoreError
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import narrate, safe, say_json
from tui.cli.shapes import Shapes
from tui.cli.table import DIM, RED, Cell, Column, print_rows
from tui.cli.verbs import run_verb
from tui.i18n import N_, _
from tui.promise_words import PERIOD, ratio_words, sides_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.analysis.saydo import Ratio
    from store.commands import Change
    from tui.cli.verbs import Verb
    from tui.cli.workspace import Workspace

OVERDUE, DUE, WAITING, ENDED = N_("overdue"), N_("to come"), N_("unconfirmed"), N_("confirmed")
SECTIONS = (OVERDUE, DUE, WAITING, ENDED)


def _promises(arguments: Arguments) -> int:
    return run_verb(arguments, "promises", _VERBS, "list")


def _list(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    today = store.today()
    rows = promises(store)
    days = arguments.number("days", PERIOD)
    try:
        since = today - datetime.timedelta(days=days)
    except OverflowError:
        raise UsageError("bad-number", option="--days", value=str(days), low=1) from None
    ratios = say_do(words(rows), today, since=since)
    parted = sections(rows, today)
    if arguments.has("json"):
        _print_json(workspace, dict(zip(SECTIONS, parted, strict=True)), ratios, since)
        return 0
    columns = [Column("ID"), Column(_("Promised"), flexible=True), Column(_("From whom to whom")), Column(_("Due")),
               Column(_("State"))]  # fmt: skip
    shown = [
        (name, row) for name, part in zip(SECTIONS, parted, strict=True) for row in part
        if name != ENDED or arguments.has("all")
    ]  # fmt: skip
    if shown:
        print_rows(columns, (_cells(workspace, name, row) for name, row in shown))
    else:
        narrate(_("No promise is open, and none waits for a word."))
    for ratio in ratios:
        narrate(safe(f"{_sides(workspace, ratio.giver, ratio.taker)}  {ratio_words(ratio)}"))
    if ratios:
        narrate(
            _("Say-do ratio since {day}: kept as promised, of what came due.").format(day=since.isoformat())
        )
    return 0


def _cells(workspace: Workspace, section: str, row: Promise) -> list[Cell]:
    style = RED if section == OVERDUE else DIM if section == ENDED else ""
    state = _(section) if section in (OVERDUE, DUE) else f"{_(row.state)}, {_(section)}"
    if row.first_due:
        state += " · " + _("first promised for {day}").format(day=row.first_due)
    return [
        Cell(row.short), Cell(row.title), Cell(_sides(workspace, row.giver, row.taker)), Cell(row.due or "—", style),
        Cell(state, style),
    ]  # fmt: skip


def _sides(workspace: Workspace, giver: str, taker: str) -> str:
    return sides_words(*(workspace.title("department", side) if side else "" for side in (giver, taker)))


def _print_json(
    workspace: Workspace, parts: dict[str, list[Promise]], ratios: list[Ratio], since: datetime.date
) -> None:
    shapes = Shapes(workspace.store)
    for section, rows in parts.items():
        for row in rows:
            say_json(promise_shape(shapes, workspace, row) | {"section": section})
    for ratio in ratios:
        say_json(
            {
                "from": shapes.department(ratio.giver), "to": shapes.department(ratio.taker),
                "since": since.isoformat(), "made": ratio.made, "kept": ratio.kept,
                "late": ratio.late, "unconfirmed": ratio.unconfirmed,
                "renegotiated": ratio.renegotiated, "broken": ratio.broken, "overdue": ratio.overdue,
                "percent": ratio.percent,
            }
        )  # fmt: skip


def promise_shape(shapes: Shapes, workspace: Workspace, row: Promise) -> dict[str, object]:
    """Return a promise as `--json` prints it."""
    return {
        "id": row.short, "entity": row.id, "title": row.title, "from": shapes.department(row.giver),
        "to": shapes.department(row.taker), "owner": shapes.member(row.owner),
        "receiver": shapes.member(row.receiver), "due": row.due or None, "state": row.state,
        "first_due": row.first_due or None, "ended": row.ended or None,
        "confirmed": shapes.member(row.confirmed), "reason": row.reason or None,
        "follows": workspace.short(row.follows) if row.follows else None,
        "meeting": workspace.short(row.meeting) if row.meeting else None, "private": row.private,
    }  # fmt: skip


def _keep(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    return _write(arguments, workspace, rest[0], lambda change, ent: keep(change, ent))


def _break(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    why = arguments.value("why")
    return _write(arguments, workspace, rest[0], lambda change, ent: break_promise(change, ent, why))


def _confirm(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    return _write(arguments, workspace, rest[0], lambda change, ent: confirm(change, ent))


def _move(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    day, why = parse_day(rest[1], workspace.store.today()), arguments.value("why")
    if day is None:
        raise StoreError("bad-value", field="due", value=rest[1], expected="a date, YYYY-MM-DD")
    due = day.isoformat()
    return _write(arguments, workspace, rest[0], lambda change, ent: renegotiate(change, ent, due, why))


def _write(
    arguments: Arguments, workspace: Workspace, name: str, work: Callable[[Change, str], str | None]
) -> int:
    store = workspace.store
    ent = workspace.entity(name, "commitment")
    with workspace.change("promise", [ent]) as change:
        stands = work(change, ent) or ent
    row = next((one for one in promises(store) if one.id == stands), None)
    if arguments.has("json"):
        shape = promise_shape(Shapes(store), workspace, row) if row else {"id": workspace.short(stands)}
        say_json({"ok": True, **shape, "changed": bool(change.changes)})
        return 0
    if row is not None and row.follows == ent and stands != ent:
        said = _("{id} was due already, so it is broken; {new} is what is promised now, for {day}.")
        narrate(safe(said.format(id=workspace.short(ent), new=row.short, day=row.due)))
    elif row is not None:
        said = _("{id}: {state}").format(id=row.short, state=_(row.state))
        narrate(safe(said + (f", {_('confirmed')}" if row.confirmed else "")))
    return 0


_VERBS: dict[str, Verb] = {
    "list": ("sameboat promises", 0, 0, _list),
    "kept": ("sameboat promises kept ID", 1, 1, _keep),
    "broken": ("sameboat promises broken ID [--why TEXT]", 1, 1, _break),
    "move": ("sameboat promises move ID DAY [--why TEXT]", 2, 2, _move),
    "confirm": ("sameboat promises confirm ID", 1, 1, _confirm),
}

COMMANDS = {
    "promises": Command(
        _promises,
        N_(
            "what was promised, what is overdue or waits for a word, and how much each pair of departments kept"
        ),
        "[kept ID | broken ID | move ID DAY | confirm ID]",
        (
            Option("all", N_("those too that are over and confirmed")),
            Option("days", N_("how far back the ratio looks, 90 days if not said"), metavar="N"),
            Option("why", N_("why it is broken, or moved"), metavar="TEXT"),
        ),
        most=3,
        examples=(
            "sameboat promises",
            "sameboat promises kept lp-12",
            'sameboat promises move lp-12 fri --why "法务没回"',
        ),
    ),
}
