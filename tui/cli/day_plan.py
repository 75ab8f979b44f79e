"""`sameboat plan` and `sameboat time`: the plan of one's day, and the time that went into it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store import day_plan
from store.analysis.minutes_typed import MOST, parse_minutes, timed_line
from store.analysis.today import asks_why
from store.commands import change
from store.dates import parse_day
from store.day_plan_rows import Pick, carried_to, day_of, next_working_day, picks, standup, unfinished
from store.errors import StoreError
from store.lookup import kind_of
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import narrate, safe, safe_lines, say, say_json
from tui.cli.today import named, show_plan
from tui.cli.verbs import run_verb
from tui.cli.workspace import Workspace
from tui.days_said import day_words
from tui.i18n import N_, _, ngettext
from tui.today_words import evening_text, minutes_words, pick_words, standup_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.commands import Change
    from tui.cli.verbs import Verb

_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9]*-\d+[a-z]?")


def _plan(arguments: Arguments) -> int:
    return run_verb(arguments, "plan", _VERBS, "show")


def _show(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    show_plan(workspace, as_json=arguments.has("json"))
    return 0


def _add(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    day = _day(arguments, workspace, store.today().isoformat())
    line, minutes = " ".join(rest), _minutes(arguments.value("for")) if arguments.has("for") else None
    with change(store, "pick", safe(line)[:60]) as made:
        if _SHORT.fullmatch(line) or kind_of(store, line):
            ent = day_plan.pick(made, day, workspace.entity(line), minutes=minutes)
        else:
            title, typed = timed_line(line)
            ent = day_plan.pick(made, day, title=title, minutes=typed if minutes is None else minutes)
    return _told(arguments, workspace, [ent], made, _("planned for {day}").format(day=_words(workspace, day)))


def _done(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    found = [_pick(workspace, name) for name in rest]
    return _each(arguments, workspace, found, day_plan.finish, _("done"))


def _push(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    found = [_pick(workspace, name) for name in rest]
    day = _day(arguments, workspace, next_working_day(store, store.today()).isoformat(), option="to")
    why = arguments.value("why")
    often = max((one.moved + 1 for one in found if asks_why(one.moved)), default=0)
    if often and not why:
        raise StoreError("push-why", count=often)
    said = _("carried over to {day}").format(day=_words(workspace, day))
    return _each(arguments, workspace, found, lambda made, one: day_plan.push(made, one, day, why), said)


def _drop(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    found = [_pick(workspace, name) for name in rest]
    why = arguments.value("why")
    return _each(
        arguments, workspace, found, lambda made, one: day_plan.let_go(made, one.id, why), _("let go")
    )


def _bring(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    with change(store, "pick", "") as made:
        ids = day_plan.bring_over(made, unfinished(store, store.today()), store.today().isoformat())
    return _told(arguments, workspace, ids, made, _("taken over to today"))


def _share(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    from store.change import Change

    store = workspace.store
    with Change(store, "share", store.today().isoformat(), final=True) as made:
        shared, kept = day_plan.share_day(made, store.today().isoformat())
    if arguments.has("json"):
        say_json({"ok": True, "shared": shared, "kept": kept, "changed": bool(made.changes)})
        return 0
    narrate(ngettext("{count} pick shared", "{count} picks shared", len(shared)).format(count=len(shared)))
    if kept:
        said = ngettext("{count} is about a draft and stays", "{count} are about drafts and stay", len(kept))
        narrate(said.format(count=len(kept)))
    return 0


def _review(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    today = store.today()
    found = picks(store, today.isoformat())
    text = evening_text(
        found, carried_to(store, found), day_of(store, today, found), named(workspace), store.member
    )
    if arguments.has("json"):
        say_json({"ok": True, "summary": text})
    else:
        say(safe_lines(text))
    return 0


def _standup(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    from tui.cli.shapes import Shapes
    from tui.cli.today import pick_shape

    store = workspace.store
    found = standup(store, store.today())
    if not arguments.has("json"):
        if found:
            say(safe_lines(standup_text(found, named(workspace))))
        else:
            narrate(_("Nobody has shared a plan of today."))
        return 0
    shapes = Shapes(store)
    for one in found:
        say_json(
            {
                "member": shapes.member(one.member), "before": one.before,
                "did": [pick_shape(0, pick, None) for pick in one.did],
                "finished": [shapes.card(card) for card in one.finished],
                "planned": [pick_shape(number, pick, None) for number, pick in enumerate(one.planned, 1)],
            }
        )  # fmt: skip
    return 0


def _time(arguments: Arguments) -> int:
    name, *rest = arguments.operands
    minutes = _minutes(" ".join(rest))
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        day = _day(arguments, workspace, store.today().isoformat())
        about = _about(workspace, name)
        with change(store, "time", safe(name)) as made:
            ent = day_plan.log_time(made, about, minutes, day=day, note=arguments.value("note"))
        if arguments.has("json"):
            say_json({"ok": True, "entity": ent, "about": about, "minutes": minutes, "date": day})
        else:
            narrate(safe(f"{name}: " + _("logged {minutes}").format(minutes=minutes_words(minutes))))
    return 0


# Within


def _each(
    arguments: Arguments,
    workspace: Workspace,
    found: list[Pick],
    work: Callable[[Change, Pick], object],
    said: str,
) -> int:
    with change(workspace.store, "pick", ", ".join(safe(pick_words(one)) for one in found)[:120]) as made:
        for one in found:
            work(made, one)
    return _told(arguments, workspace, [one.id for one in found], made, said)


def _told(arguments: Arguments, workspace: Workspace, ids: list[str], made: Change, said: str) -> int:
    if arguments.has("json"):
        say_json({"ok": True, "ids": ids, "changed": bool(made.changes)})
    else:
        count = ngettext("{count} pick", "{count} picks", len(ids)).format(count=len(ids))
        narrate(safe(f"{made.detail or count}: {said}"))
    return 0


def _pick(workspace: Workspace, name: str) -> Pick:
    """Return the pick of today that a number of the plan, an id or a text names. Raises not-picked."""
    store = workspace.store
    found = picks(store, store.today().isoformat())
    if name.isdecimal() and 0 < int(name) <= len(found):
        return found[int(name) - 1]
    try:
        about = workspace.entity(name)
    except StoreError:
        about = ""
    for one in found:
        if about and about in (one.about, one.id):
            return one
        if not one.about and one.title == " ".join(name.split()):
            return one
    raise StoreError("not-picked", what=name)


def _about(workspace: Workspace, name: str) -> str:
    """Return what time is logged on: something with an id, else the pick that is called so."""
    if name.isdecimal() or not (_SHORT.fullmatch(name) or kind_of(workspace.store, name)):
        one = _pick(workspace, name)
        return one.about or one.id
    return workspace.entity(name)


def _minutes(text: str) -> int:
    minutes = parse_minutes(text)
    if minutes is None:
        raise StoreError("no-span", value=text[:60], most=MOST)
    return minutes


def _day(arguments: Arguments, workspace: Workspace, otherwise: str, *, option: str = "day") -> str:
    if not arguments.has(option):
        return otherwise
    value = arguments.value(option)
    day = parse_day(value, workspace.store.today())
    if day is None:
        raise StoreError("bad-value", field=option, value=value, expected="a date, YYYY-MM-DD")
    return day.isoformat()


def _words(workspace: Workspace, day: str) -> str:
    return day_words(day, workspace.store.today())


_VERBS: dict[str, Verb] = {
    "show": ("sameboat plan", 0, 0, _show),
    "add": ("sameboat plan add ID|TEXT… [--for SPAN] [--day DAY]", 1, None, _add),
    "done": ("sameboat plan done ID|NUMBER…", 1, None, _done),
    "push": ("sameboat plan push ID|NUMBER… [--to DAY] [--why TEXT]", 1, None, _push),
    "drop": ("sameboat plan drop ID|NUMBER… [--why TEXT]", 1, None, _drop),
    "bring": ("sameboat plan bring", 0, 0, _bring),
    "share": ("sameboat plan share", 0, 0, _share),
    "review": ("sameboat plan review", 0, 0, _review),
    "standup": ("sameboat plan standup", 0, 0, _standup),
}

COMMANDS = {
    "plan": Command(
        _plan,
        N_(
            "your plan of today: pick, finish, carry over, let go, share; the evening's summary; the stand-up"
        ),
        "[add ID|TEXT… | done, push or drop ID|NUMBER… | bring | share | review | standup]",
        (
            Option("for", N_("how long it takes: 45, 1h30, 半小时"), metavar="SPAN"),
            Option("day", N_("for another day than today"), metavar="DAY"),
            Option("to", N_("carry it over to this day, the next working day if not said"), metavar="DAY"),
            Option("why", N_("why it is carried over, or let go"), metavar="TEXT"),
        ),
        examples=(
            "sameboat plan add lp-12 --for 1h30",
            "sameboat plan add 写周报 30m",
            'sameboat plan push 2 --why "等法务"',
            "sameboat plan share",
        ),
    ),
    "time": Command(
        _time,
        N_("log time by hand on an item or a pick of today"),
        "ID|NUMBER SPAN",
        (
            Option("day", N_("on another day than today"), metavar="DAY"),
            Option("note", N_("a few words"), metavar="TEXT"),
        ),
        least=2,
        examples=("sameboat time lp-12 45m", "sameboat time 1 一个半小时"),
    ),
}
