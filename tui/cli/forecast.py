"""`sameboat forecast`: by when the rest will be finished, from what was finished before, beside the planned date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.forecast import counted, forecast, planned_end, to_finish
from store.chart_rows import finished_days, matching_ids
from store.errors import StoreError
from store.lookup import resolve
from store.plan import read_plan
from store.search import compile_filter
from tui.cli.arguments import Arguments, Command
from tui.cli.output import narrate, say, say_json
from tui.cli.shapes import iso
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.timeline.chart import items_words
from tui.timeline.forecast_words import refusal_words

if TYPE_CHECKING:
    from store.plan import Plan


def _forecast(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        plan = read_plan(store)
        remaining, planned = _asked(workspace, plan, arguments.operands)
        days, since = finished_days(store)
        found = forecast(days, plan.today, remaining, since=since)
    if arguments.has("json"):
        say_json(
            {
                "remaining": found.remaining,
                "by": {str(chance): iso(day) for chance, day in found.by.items()},
                "planned": iso(planned) if planned else None,
                "history": found.history,
                "finished": found.items,
                "reason": found.reason or None,
            }
        )
        return 1 if found.reason else 0
    if found.reason:
        narrate(refusal_words(found))
        return 1
    narrate(_("{items} to go").format(items=items_words(found.remaining)))
    for chance, day in found.by.items():
        say(_("{chance}%: by {day}").format(chance=chance, day=iso(day)))
    if planned:
        say(_("planned: {day}").format(day=iso(planned)))
    narrate(
        _("from {items} finished in {days} days").format(items=items_words(found.items), days=found.history)
    )
    return 0


def _asked(workspace: Workspace, plan: Plan, operands: list[str]) -> tuple[int, int]:
    """Return how many items remain of an item, a goal, what a query finds or everything, and the day planned for it."""
    ent = ""
    if len(operands) == 1:
        try:
            ent = resolve(workspace.store, operands[0])
        except StoreError:
            ent = ""  # a query, then
    kind = workspace.kind(ent) if ent else ""
    if kind == "item":
        slot = plan.slots.get(ent)
        return len(to_finish(ent, plan.tasks, plan.links, plan.slots)), slot.finish if slot else 0
    if kind == "goal":
        ids = [task.id for task in plan.tasks.values() if task.goal == ent]
    elif operands:
        store = workspace.store
        where = compile_filter(" ".join(operands), workspace.vocabulary, store.today(), store.member)
        ids = sorted(matching_ids(store, where))
    else:
        ids = list(plan.tasks)
    open_ids = counted(ids, plan.tasks, plan.slots)
    return len(open_ids), planned_end(open_ids, plan.slots)


COMMANDS = {
    "forecast": Command(
        _forecast,
        N_("by when the rest will be finished, at the pace of the past: of an item, a goal or a query"),
        "[ID | QUERY…]",
        text=True,
        examples=("sameboat forecast lp-12", "sameboat forecast dept:market", "sameboat forecast"),
    ),
}
