"""`sameboat timeline`: the plan drawn as the app draws it, as text, as a picture, or as dates for programs."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from store import queries
from store.analysis.preview import working_days_later
from store.chart_rows import disputed_items, matching_ids
from store.dates import parse_day
from store.errors import StoreError
from store.plan import read_plan
from store.search import compile_filter
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import encode, is_terminal, narrate, say
from tui.cli.shapes import Shapes, iso
from tui.cli.workspace import Workspace
from tui.i18n import N_, _, language, ngettext
from tui.signs import DARK, LIGHT, hue_of
from tui.timeline.chart import Look, chart_width, draw, drift_words
from tui.timeline.naming import Naming
from tui.timeline.outline import GROUPINGS, TRAY_KEY
from tui.timeline.scale import ZOOMS, Scale
from tui.timeline.source import Choice, Context, PlanSource, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.database import Store
    from store.plan import Plan
    from store.rows import Card
    from tui.timeline.canvas import Run

WIDTH = 120  # columns where nobody says and there is no terminal
LEAD = 7  # days before the first that is shown
MOST_ROWS = 5_000
LABEL = 8  # cells


def _timeline(arguments: Arguments) -> int:
    zoom, by = arguments.value("zoom"), arguments.value("by", "department")
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        plan = read_plan(store)
        query = " ".join(arguments.operands)
        shown = None
        if query:
            where = compile_filter(query, workspace.vocabulary, store.today(), store.member)
            shown = matching_ids(store, where) & plan.slots.keys()
        past = _past(store, arguments.value("since"), arguments.value("baseline"))
        if arguments.has("json"):
            return _print_json(plan, Shapes(store), store, shown, past)
        source = _source(store, plan, by, shown, past)
        if not source.count:
            narrate(
                _("Nothing is planned yet. Give an item a day: sameboat set ID start=2026-12-01 duration=3")
            )
            return 0
        width = arguments.number("width", _terminal_width())
        lines = _lines(source, plan, zoom, _first(arguments, plan, source), width)
        path = arguments.value("svg")
        if path:
            _write_svg(path, lines, queries.workspace_title(store))
            narrate(_("Written to {path}.").format(path=path))
        else:
            for line in lines:
                say("".join(run.text for run in line).rstrip())
        _tell(plan)
        if past is not None:
            _tell_drift(workspace, past, plan)
    return 0


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(1).columns if is_terminal() else WIDTH
    except OSError:
        return WIDTH


def _source(store: Store, plan: Plan, by: str, shown: set[str] | None, past: Plan | None) -> PlanSource:
    known: dict[str, Card] = {}

    def cards(ids: Iterable[str]) -> Mapping[str, Card]:
        for ent in ids:
            card = known.get(ent) or queries.card(store, ent)
            if card is not None:
                known[ent] = card
        return known

    naming = Naming(_Names(store))
    rows = Rows.of(plan, naming.order(by), Choice(by, {TRAY_KEY}, shown))
    context = Context(past.slots if past is not None else {}, disputed=disputed_items(store))
    return PlanSource(plan, naming, cards, rows, context)


class _Names:
    """The names of a workspace in the language of the moment."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shapes = Shapes(store)
        self.departments = self._shapes.departments
        self.statuses = self._shapes.statuses
        self.members = {member.id: member for member in queries.members(store)}

    def department(self, ent: str) -> str:
        return _titled(self.departments.get(ent), ent)

    def status(self, ent: str) -> str:
        return _titled(self.statuses.get(ent), ent)

    def member(self, ent: str) -> str:
        return self._shapes.member(ent) or ent

    def goal(self, ent: str) -> str:
        fields = queries.entity_fields(self._store, "goal", ent) or {}
        return str(fields.get("title") or ent)


def _titled(row: queries.Department | queries.Status | None, ent: str) -> str:
    if row is None:
        return ent
    return row.title_en if language() == "en" and row.title_en else row.title


def _past(store: Store, since: str, baseline: str) -> Plan | None:
    """Return the plan that today's is compared with."""
    if not since and not baseline:
        return None
    from store.plan_past import baseline_named, last_review, past_plan
    from tui.cli.workspace import moment

    if baseline:
        return past_plan(store, baseline_named(store, baseline).at)
    at = last_review(store) if since == "review" else moment(since, store.today())
    if at is None:
        narrate(_("The plan has not been reviewed yet: sameboat checkin does it."))
        return None
    return past_plan(store, at)


def _tell_drift(workspace: Workspace, past: Plan, plan: Plan) -> None:
    """Say how far each department has drifted."""
    from store.plan_past import drifted

    for drift in drifted(past, plan).departments:
        if drift.later or drift.earlier:
            who = workspace.title("department", drift.department) if drift.department else _("no department")
            narrate(f"{who}: {drift_words(drift)}")


def _first(arguments: Arguments, plan: Plan, source: PlanSource) -> int:
    text = arguments.value("from")
    if text:
        day = parse_day(text, date.fromordinal(plan.today))
        if day is None:
            raise StoreError("bad-value", field="from", value=text, expected="a date, YYYY-MM-DD")
        return day.toordinal()
    starts = [plan.slots[line.key].start for line in source.lines if line.key in plan.slots]
    open_starts = [
        plan.slots[line.key].start
        for line in source.lines
        if line.key in plan.slots and plan.tasks[line.key].state != "done"
    ]
    return min(max(min(open_starts or starts), plan.today - 4 * LEAD), plan.today) - LEAD


def _lines(source: PlanSource, plan: Plan, zoom: str, first: int, width: int) -> list[list[Run]]:
    room = chart_width(width)
    if not zoom:
        last = max(slot.finish for slot in plan.slots.values())
        # With room for what stands behind a bar.
        zoom = next((one for one in ZOOMS if Scale(one, first, room - LABEL).last >= last), ZOOMS[-1])
    scale = Scale(zoom, first, room).moved_to(first)
    rows = source.rows(0, min(source.count, MOST_ROWS))
    return draw(rows, source.arrows(rows), scale, Look(plan.today), width, is_free=source.is_free)


def _write_svg(path: str, lines: list[list[Run]], title: str) -> None:
    from tui.timeline.svg import picture

    theme = LIGHT if os.environ.get("SAMEBOAT_THEME") == "light" else DARK
    with open(path, "w", encoding="utf-8") as file:
        file.write(picture(lines, lambda tone: hue_of(theme, tone), title=title))


def _tell(plan: Plan) -> None:
    if plan.schedule.finish:
        narrate(_("The plan ends on {day}.").format(day=date.fromordinal(plan.schedule.finish).isoformat()))
    count = len(plan.schedule.problems)
    if count:
        words = ngettext("{count} thing to look at", "{count} things to look at", count)
        narrate(words.format(count=count))


def _print_json(plan: Plan, shapes: Shapes, store: Store, shown: set[str] | None, past: Plan | None) -> int:
    """Print one object a line: a planned item, in the order of its start."""
    slots = sorted(plan.slots.items(), key=lambda pair: (pair[1].start, pair[1].finish, pair[0]))
    for ent, slot in slots:
        if shown is not None and ent not in shown:
            continue
        card = queries.card(store, ent)
        was = past.slots.get(ent) if past is not None else None
        since: dict[str, object] = {}
        if past is not None:
            days = plan.calendar(plan.tasks[ent])
            since = {
                "was_start": iso(was.start) if was else None,
                "was_finish": iso(was.finish) if was else None,
                "slipped": working_days_later(days, was.finish, slot.finish) if was else None,
            }
        say(
            encode(
                {
                    "id": card.short if card else ent,
                    "entity": ent,
                    "title": card.title if card else "",
                    "start": iso(slot.start),
                    "finish": iso(slot.finish),
                    "late_start": iso(slot.late_start),
                    "late_finish": iso(slot.late_finish),
                    "duration": slot.duration,
                    "total_float": slot.total_float,
                    "free_float": slot.free_float,
                    "critical": slot.critical,
                    "driver": slot.driver,
                    "parent": slot.is_parent,
                    "owner": shapes.member(plan.tasks[ent].owner),
                    **since,
                }
            )
        )
    return 0


COMMANDS = {
    "timeline": Command(
        _timeline,
        N_("draw the plan against dates: as text, as a picture, or as dates for programs"),
        "[QUERY…]",
        (
            Option("svg", N_("write a picture"), metavar="FILE"),
            Option("text", N_("print it as text, which is the default")),
            Option("zoom", N_("how much of it at once; by itself what shows it all"), choices=ZOOMS),
            Option("by", N_("what the rows are grouped by"), choices=GROUPINGS),
            Option("from", N_("the first day"), metavar="DAY"),
            Option(
                "since", N_("compare with the end of a day, or with the last review"), metavar="DAY|review"
            ),
            Option(
                "baseline",
                N_("compare with the plan of this name, which sameboat baseline gives"),
                metavar="NAME",
            ),
            Option("width", N_("so many columns"), metavar="N"),
        ),
        text=True,
        examples=(
            "sameboat timeline",
            "sameboat timeline dept:市场 --since review",
            "sameboat timeline --svg plan.svg --zoom quarter",
        ),
    ),
}
