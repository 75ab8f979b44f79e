"""`sameboat today`: what presses this morning and the plan of the day, as tables, JSON, or a text to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.day_plan_rows import carried_to, day_of, picks, unfinished
from store.news import news
from store.plan_rows import planned_count
from store.today_rows import today_lists
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.changes import change_shape, show_changes
from tui.cli.output import narrate, safe_lines, say, say_json
from tui.cli.shapes import Shapes
from tui.cli.table import DIM, RED, Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.days_said import day_words, distance_words
from tui.i18n import N_, _
from tui.today_words import (
    LISTS,
    SIGNS,
    Titled,
    count_words,
    digest,
    minutes_words,
    moved_words,
    room_words,
    why_words,
)

if TYPE_CHECKING:
    from store.analysis.today import Day, Lists, Thing
    from store.database import Store
    from store.day_plan_rows import Pick

NEWS = 40
LARGE = 20_000  # planned items from which the forecast is left to `sameboat timeline`


def _today(arguments: Arguments) -> int:
    given = [name for name in ("plan", "text", "json") if arguments.has(name)]
    if "plan" in given and "text" in given:
        raise UsageError("one-format", first="--plan", second="--text")
    with Workspace(arguments.home) as workspace:
        if arguments.has("plan"):
            show_plan(workspace, as_json=arguments.has("json"))
            return 0
        store = workspace.store
        found = today_lists(store, forecast(store))
        if arguments.has("json"):
            say_json(_shape(workspace, found))
        elif arguments.has("text"):
            say(safe_lines(day_text(workspace, found)))
        else:
            _print_lists(workspace, found)
    return 0


def forecast(store: Store) -> dict[str, str]:
    """Return the ISO days on which one's items end by the plan, where that is after they are due."""
    import datetime

    from store.analysis.today import will_be_late
    from store.plan import read_plan

    if not 0 < planned_count(store) <= LARGE:
        return {}
    plan = read_plan(store)
    late = will_be_late(plan.tasks, plan.slots, store.member, plan.today)
    return {ent: datetime.date.fromordinal(day).isoformat() for ent, day in late.items()}


def day_text(workspace: Workspace, found: Lists) -> str:
    """Return the day as a text to paste into a chat group."""
    store = workspace.store
    today = store.today()
    plan = picks(store, today.isoformat())
    return digest(found, plan, day_of(store, today, plan), named(workspace), store.member)


def named(workspace: Workspace) -> Titled:
    """Return how texts call people and days."""
    shapes = Shapes(workspace.store)
    return Titled(lambda ent: shapes.member(ent) or ent, workspace.store.today())


def _print_lists(workspace: Workspace, found: Lists) -> None:
    store, shapes = workspace.store, Shapes(workspace.store)
    today = store.today()
    for name, label, empty in LISTS:
        things: list[Thing] = getattr(found, name)
        if not things:
            narrate(_(empty))
            continue
        narrate(f"{_(label)} ({count_words(things)})")
        columns = [
            Column("ID"),
            Column(_("Why")),
            Column(_("Due")),
            Column(_("Owner")),
            Column(_("Title"), flexible=True),
        ]
        print_rows(columns, (_cells(shapes, thing, today.isoformat()) for thing in things))
    show_changes(workspace, news(store, everything=True, limit=NEWS))
    show_plan(workspace)


def _cells(shapes: Shapes, thing: Thing, today: str) -> list[Cell]:
    import datetime

    day = datetime.date.fromisoformat(today)
    late = bool(thing.due) and thing.due < today
    return [
        Cell(thing.short), Cell(why_words(thing, day)),
        Cell(distance_words(thing.due, day) or "—", RED if late else ""),
        Cell(shapes.member(thing.owner) or ""), Cell(thing.title),
    ]  # fmt: skip


def show_plan(workspace: Workspace, *, as_json: bool = False) -> None:
    """Print one's plan of today, numbered as `sameboat plan` counts."""
    store = workspace.store
    today = store.today()
    found = picks(store, today.isoformat())
    day = day_of(store, today, found)
    if as_json:
        say_json(plan_shape(workspace, found, day))
        return
    columns = [Column("#"), Column(""), Column("ID"), Column(_("Planned")), Column(_("Logged")),
               Column(_("Title"), flexible=True), Column(_("Why"))]  # fmt: skip
    if found:
        print_rows(columns, (_pick_cells(number, pick) for number, pick in enumerate(found, 1)))
    else:
        narrate(_("Nothing is picked for today yet."))
    narrate(f"{day_words(today.isoformat(), today)}: {room_words(day)}")
    if left := unfinished(store, today):
        narrate(
            _("Left from days before: {count}. `sameboat plan bring` takes it over.").format(count=len(left))
        )


def _pick_cells(number: int, pick: Pick) -> list[Cell]:
    style = DIM if pick.state != "planned" else ""
    return [
        Cell(str(number)), Cell(SIGNS.get(pick.state, "·"), style), Cell(pick.short),
        Cell(minutes_words(pick.minutes) if pick.minutes else ""),
        Cell(minutes_words(pick.spent) if pick.spent else ""),
        Cell(pick.title or _("(what it was about is gone)"), style),
        Cell(_(pick.reason) if pick.reason else moved_words(pick)),
    ]  # fmt: skip


# JSON


def _shape(workspace: Workspace, found: Lists) -> dict[str, object]:
    store, shapes = workspace.store, Shapes(workspace.store)
    today = store.today()
    plan = picks(store, today.isoformat())
    shape: dict[str, object] = {"day": today.isoformat(), "member": shapes.member(store.member)}
    for name, _label, _empty in LISTS:
        shape[name] = [_thing_shape(shapes, thing) for thing in getattr(found, name)]
    shape["news"] = [change_shape(shapes, line) for line in news(store, everything=True, limit=NEWS)]
    shape["plan"] = plan_shape(workspace, plan, day_of(store, today, plan))
    return shape


def _thing_shape(shapes: Shapes, thing: Thing) -> dict[str, object]:
    return {
        "id": thing.short, "entity": thing.id, "kind": thing.kind, "title": thing.title, "why": thing.why,
        "due": thing.due or None, "detail": thing.detail or None, "owner": shapes.member(thing.owner),
        "waiting": thing.count, "private": thing.private,
    }  # fmt: skip


def plan_shape(workspace: Workspace, found: list[Pick], day: Day) -> dict[str, object]:
    """Return a plan of today as `--json` prints it."""
    store = workspace.store
    to = carried_to(store, found)
    return {
        "day": store.today().isoformat(), "capacity": day.capacity, "meetings": day.meetings, "room": day.room,
        "planned": day.planned, "logged": day.spent, "over": day.over,
        "picks": [pick_shape(number, pick, to.get(pick.id)) for number, pick in enumerate(found, 1)],
        "left": [pick_shape(0, pick, None) for pick in unfinished(store, store.today())],
    }  # fmt: skip


def pick_shape(number: int, pick: Pick, to: str | None) -> dict[str, object]:
    """Return one pick; `number` is its place in the plan, 0 where it is of another day."""
    return {
        "number": number, "pick": pick.id, "id": pick.short or None, "entity": pick.about or None, "title": pick.title,
        "date": pick.date, "state": pick.state, "minutes": pick.minutes, "spent": pick.spent, "moved": pick.moved,
        "to": to, "reason": pick.reason or None, "private": pick.private, "gone": pick.gone,
    }  # fmt: skip


COMMANDS = {
    "today": Command(
        _today,
        N_("what you promised, what is stuck, what slips, what is new, and your plan of the day"),
        "",
        (
            Option("plan", N_("the plan of the day alone")),
            Option("text", N_("as a text to paste into a chat")),
        ),
        most=0,
        examples=("sameboat today", "sameboat today --text", "sameboat today --plan"),
    ),
}
