"""`sameboat meeting`: start one, note what is said, go through its agenda, end it, print its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.agenda import Point, build, points
from store.errors import StoreError
from store.meeting_line import read_meeting_line
from store.meeting_rows import gaps, meetings, set_cadence
from store.meetings import COVERED, NEXT_TIME, add_point, end_meeting, mark_point, outcome, start_meeting
from store.minutes import minutes
from store.outcome_line import read_outcome
from store.running import running_meeting
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.input import text_of
from tui.cli.meeting_shapes import MeetingShapes, line_names
from tui.cli.output import narrate, safe, safe_lines, say, say_json
from tui.cli.verbs import run_verb
from tui.i18n import N_, _
from tui.minutes_words import SIGNS, SOURCE_WORDS, gap_words, markdown, point_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.commands import Change
    from tui.cli.verbs import Verb
    from tui.cli.workspace import Workspace


def _meeting(arguments: Arguments) -> int:
    return run_verb(arguments, "meeting", _VERBS, "agenda")


def _start(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    about = workspace.entity(arguments.value("about"), "conflict") if arguments.has("about") else ""
    kind = arguments.value("kind") or ("joint" if about else "meeting")
    line = " ".join(rest)
    said = read_meeting_line(line, workspace.vocabulary, store.today(), me=store.member)
    subject = queries.card(store, about) if about else None
    title = said.title or (subject.title if subject else _(kind))
    with workspace.change("meeting", []) as change:
        ent = start_meeting(
            change, title, kind=kind, departments=said.departments, attendees=said.attendees, about=about
        )
        change.detail = change.shorts[ent]
    if not arguments.has("json"):
        narrate(safe(_("{id}  {title} runs now: what you write down belongs to it.").format(
            id=workspace.short(ent), title=title)))  # fmt: skip
    return _print_agenda(arguments, workspace, ent)


def _end(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    ent = _running(workspace)
    with workspace.change("meeting", [ent]) as change:
        end_meeting(change, ent)
    if arguments.has("json"):
        say_json({"ok": True, "id": workspace.short(ent), "changed": bool(change.changes)})
    narrate(safe(_("{id} has ended: `sameboat meeting minutes {id}` prints its minutes.").format(
        id=workspace.short(ent))))  # fmt: skip
    return 0


def _note(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    ent, text = _running(workspace), text_of("meeting note", rest)
    return _write(arguments, workspace, ent, lambda change: change.comment(ent, text), "comment")


def _point(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    """Add a point, or mark the one of a number."""
    ent = _running(workspace)
    marks = [option for option in ("covered", "next") if arguments.has(option)]
    if not marks:
        text = text_of("meeting point", rest)
        return _write(arguments, workspace, ent, lambda change: add_point(change, ent, text))
    agenda = points(workspace.store, ent)
    number = " ".join(rest)
    if len(marks) > 1 or not (number.isascii() and number.isdecimal() and 0 < int(number) <= len(agenda)):
        raise StoreError("no-such-point", number=number[:20], count=len(agenda))
    state = COVERED if marks == ["covered"] else NEXT_TIME
    chosen = agenda[int(number) - 1]
    spent = arguments.number("spent", 0, low=0)
    if spent > 10_000:
        raise UsageError("bad-number", option="--spent", value=str(spent), low=0)

    def work(change: Change) -> str:
        mark_point(change, chosen.id, state, spent=spent)
        return chosen.id

    return _write(arguments, workspace, ent, work)


def _write(
    arguments: Arguments,
    workspace: Workspace,
    ent: str,
    work: Callable[[Change], str],
    label: str = "meeting",
) -> int:
    with workspace.change(label, [ent]) as change:
        made = work(change)
    if arguments.has("json"):
        say_json(
            {"ok": True, "meeting": workspace.short(ent), "entity": made, "changed": bool(change.changes)}
        )
    else:
        narrate(safe(_("Kept in {id}.").format(id=workspace.short(ent))))
    return 0


def _decide(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    ent, line = _running(workspace), " ".join(rest)
    fields = read_outcome(line, "decision", workspace.vocabulary, store.today(), me=store.member)
    about = workspace.entity(arguments.value("about")) if arguments.has("about") else ""
    if about:
        fields["about"] = about
    with workspace.change("add", []) as change:
        made = outcome(change, "decision", fields, ent)
        change.detail = change.shorts[made]
    short = change.shorts[made]
    if arguments.has("json"):
        say_json({"ok": True, "id": short, "entity": made, "kind": "decision", "fields": fields})
    else:
        say(short)
        narrate(safe(f"{short}  {fields['title']}"))
    return 0


def _agenda(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    ent = workspace.entity(rest[0], "meeting") if rest else _running(workspace)
    if arguments.has("rebuild"):
        with workspace.change("meeting", [ent]) as change:
            build(change, ent)
    return _print_agenda(arguments, workspace, ent)


def _print_agenda(arguments: Arguments, workspace: Workspace, ent: str) -> int:
    store = workspace.store
    agenda = points(store, ent)
    shapes = MeetingShapes(store)
    if arguments.has("json"):
        held = minutes(store, ent).meeting
        say_json({"ok": True, **shapes.meeting(held), "points": [shapes.point(point) for point in agenda]})
        return 0
    if not agenda:
        narrate(_("The agenda is empty: `sameboat meeting point TEXT` adds a point."))
    for number, point in enumerate(agenda, 1):
        say(safe(f"{number:>3} {SIGNS.get(point.state, '·')} {_point_words(point, shapes)}"))
    return 0


def _point_words(point: Point, shapes: MeetingShapes) -> str:
    owner = shapes.names.member(point.owner) if point.owner else ""
    more = [_(SOURCE_WORDS[point.source]), f"▲{point.severity}" if point.severity else "", point.day, owner]
    head = " ".join(part for part in (point.short, point_title(point)) if part)
    return "  ".join((head, " · ".join(part for part in more if part)))


def _minutes(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    if rest:
        ent = workspace.entity(rest[0], "meeting")
    else:
        ent = running_meeting(store) or next((held.id for held in meetings(store, limit=1)), "")
        if not ent:
            raise StoreError("no-meeting")
    held = minutes(store, ent)
    text = markdown(held, line_names(workspace), store.now())
    if arguments.has("json"):
        say_json({"ok": True, **MeetingShapes(store).minutes(held), "markdown": text})
    else:
        say(safe_lines(text.rstrip("\n")))
    return 0


def _list(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    shapes = MeetingShapes(store)
    running = running_meeting(store)
    held = meetings(store)
    for one in held:
        if arguments.has("json"):
            say_json(shapes.meeting(one) | {"running": one.id == running})
        else:
            sides = line_names(workspace).sides(one.departments)
            mark = "●" if one.id == running else " "
            words = (f"{mark} {one.short}", shapes.day(one.begun), _(one.kind), one.title, sides)
            say(safe("  ".join(part for part in words if part)))
    if not held:
        narrate(_("No meeting was held yet."))
    for gap in gaps(store):
        if arguments.has("json"):
            say_json(shapes.gap(gap))
        elif gap.overdue:
            narrate(safe(gap_words(gap, line_names(workspace))))
    return 0


def _cadence(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    first, second = (workspace.named("department", "department", name) for name in rest[:2])
    text = rest[2]
    if first == second:
        raise StoreError("bad-value", field="department", value=rest[1], expected="another one than itself")
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= 1_000):
        raise UsageError("bad-number", option="cadence", value=text, low=0)
    with workspace.change("set", [workspace.store.workspace]) as change:
        set_cadence(change, first, second, int(text) or None)
        change.detail = line_names(workspace).sides((first, second))
    if arguments.has("json"):
        say_json({"ok": True, "departments": [first, second], "every": int(text) or None,
                  "changed": bool(change.changes)})  # fmt: skip
    else:
        narrate(_("The cadence is set."))
    return 0


def _running(workspace: Workspace) -> str:
    ent = running_meeting(workspace.store)
    if not ent:
        raise StoreError("no-meeting-runs")
    return ent


_VERBS: dict[str, Verb] = {
    "start": ("sameboat meeting start [LINE…] [--kind KIND] [--about ID]", 0, None, _start),
    "end": ("sameboat meeting end", 0, 0, _end),
    "note": ("sameboat meeting note TEXT…", 1, None, _note),
    "point": (
        "sameboat meeting point TEXT… | point NUMBER --covered|--next [--spent MINUTES]",
        1,
        None,
        _point,
    ),
    "decide": ("sameboat meeting decide LINE… [--about ID]", 1, None, _decide),
    "agenda": ("sameboat meeting agenda [ID] [--rebuild]", 0, 1, _agenda),
    "minutes": ("sameboat meeting minutes [ID]", 0, 1, _minutes),
    "list": ("sameboat meeting list", 0, 0, _list),
    "cadence": ("sameboat meeting cadence DEPT DEPT DAYS", 3, 3, _cadence),
}

COMMANDS = {
    "meeting": Command(
        _meeting,
        N_("start a meeting, note what is said, go through its agenda, end it, print its minutes"),
        "start LINE… | end | note TEXT… | point TEXT… | decide LINE… | agenda | minutes | list | cadence DEPT DEPT N",
        (
            Option("kind", N_("what kind of meeting"), metavar="KIND", choices=schema.MEETING_KINDS),
            Option("about", N_("the conflict it is about, or what is decided on"), metavar="ID"),
            Option("covered", N_("the point of this number is covered")),
            Option("next", N_("the point of this number comes the next time")),
            Option("spent", N_("minutes it took"), metavar="N"),
            Option("rebuild", N_("put on the agenda what has come up since")),
        ),
        text=True,
        examples=(
            'sameboat meeting start "yf⇄sc 周会 @李雷" --kind weekly',
            'sameboat meeting point "预算"',
            "sameboat meeting point 2 --covered --spent 5",
            'sameboat meeting decide "12 月 1 日发布 @李雷"',
            "sameboat meeting end",
            "sameboat meeting minutes",
        ),
    ),
}
