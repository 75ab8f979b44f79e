"""`sameboat calendar`: which days the plan counts: public holidays of a country, days of one's own, absences."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.analysis.calendars import working_calendar
from store.dates import parse_day
from store.errors import StoreError
from store.own_days import set_absence, set_country, set_days
from store.plan_rows import absences, countries, own_days
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import encode, narrate, say, say_json
from tui.cli.shapes import Shapes, iso
from tui.cli.verbs import run_verb
from tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.commands import Change
    from tui.cli.verbs import Verb
    from tui.cli.workspace import Workspace

MOST_DAYS = 366  # that one command sets at once


def _calendar(arguments: Arguments) -> int:
    return run_verb(arguments, "calendar", _VERBS, "list")


def _list(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    store = workspace.store
    shapes = Shapes(store)
    known = countries(store)

    def department(ent: str) -> str:
        return workspace.title("department", ent) if ent else ""

    rows: list[dict[str, object]] = []
    if known.workspace:
        rows.append(
            {"what": "country", "id": store.workspace, "country": known.workspace, "department": None}
        )
    for ent, country in sorted(known.departments.items()):
        rows.append({"what": "country", "id": ent, "country": country, "department": department(ent)})
    for day in own_days(store):
        rows.append(
            {
                "what": "working" if day.working else "free", "id": day.id, "first": iso(day.day),
                "last": iso(day.day), "department": department(day.department) or None, "title": day.title,
            }
        )  # fmt: skip
    for away in absences(store):
        rows.append(
            {
                "what": "absence", "id": away.id, "first": iso(away.first), "last": iso(away.last),
                "member": shapes.member(away.member), "title": away.title,
            }
        )  # fmt: skip
    for row in rows:
        if arguments.has("json"):
            say(encode(row))
        else:
            say(_row_words(row))
    if not rows:
        narrate(_("Weekends alone are free: `sameboat calendar country CN` adds public holidays."))
    return 0


def _row_words(row: dict[str, object]) -> str:
    if row["what"] == "country":
        who = row["department"] or _("everybody")
        return _("{who}: public holidays of {country}").format(who=who, country=row["country"])
    days = str(row["first"]) if row["first"] == row["last"] else f"{row['first']} … {row['last']}"
    words = {"working": _("worked on"), "free": _("free"), "absence": _("away")}[str(row["what"])]
    who = row.get("department") or row.get("member") or _("everybody")
    title = f"  {row['title']}" if row["title"] else ""
    return f"{days}  {words}  {who}{title}  ({row['id']})"


def _country(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    code = rest[0]
    if code.casefold() in ("none", "-"):
        code = ""
    working_calendar(code)  # raises where nothing is known of the country
    department = _department(arguments, workspace)
    about = department or workspace.store.workspace
    return _write(arguments, workspace, [about], lambda change: set_country(change, about, code))


def _free(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    return _days(arguments, workspace, rest, working=False)


def _work(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    return _days(arguments, workspace, rest, working=True)


def _days(arguments: Arguments, workspace: Workspace, rest: list[str], *, working: bool) -> int:
    first, last = _span(arguments, workspace, rest[0])
    if (last - first).days >= MOST_DAYS:
        raise StoreError("bad-value", field="to", value=last.isoformat(), expected="a date, YYYY-MM-DD")
    days = [first + datetime.timedelta(days=offset) for offset in range((last - first).days + 1)]
    department, title = _department(arguments, workspace), arguments.value("title")

    def work(change: Change) -> None:
        set_days(change, days, working=working, department=department, title=title)

    return _write(arguments, workspace, [], work)


def _away(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    member = workspace.named("member", "member", rest[0])
    first, last = _span(arguments, workspace, rest[1])
    title = arguments.value("title")

    def work(change: Change) -> None:
        set_absence(change, member, first, last, title=title)

    return _write(arguments, workspace, [], work)


def _remove(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    ent = workspace.entity(rest[0], "day", "absence")
    return _write(arguments, workspace, [ent], lambda change: change.trash(ent))


def _write(
    arguments: Arguments, workspace: Workspace, about: list[str], work: Callable[[Change], None]
) -> int:
    with workspace.change("set", about) as change:
        work(change)
    if arguments.has("json"):
        say_json({"ok": True, "ids": sorted(change.changes.ids()), "changed": bool(change.changes)})
    else:
        narrate(_("The calendar is set; the plan follows it."))
    return 0


def _department(arguments: Arguments, workspace: Workspace) -> str:
    name = arguments.value("dept")
    return workspace.named("department", "department", name) if name else ""


def _span(arguments: Arguments, workspace: Workspace, text: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day; raises bad-value for what is no day, or an end before its beginning."""
    today = workspace.store.today()
    found = []
    for field, given in (("day", text), ("to", arguments.value("to", text))):
        day = parse_day(given, today)
        if day is None:
            raise StoreError("bad-value", field=field, value=given, expected="a date, YYYY-MM-DD")
        found.append(day)
    first, last = found
    if last < first:
        raise StoreError("bad-value", field="to", value=last.isoformat(), expected=first.isoformat())
    return first, last


_VERBS: dict[str, Verb] = {
    "list": ("sameboat calendar", 0, 0, _list),
    "country": ("sameboat calendar country CN [--dept NAME]", 1, 1, _country),
    "free": ("sameboat calendar free DAY [--to DAY]", 1, 1, _free),
    "work": ("sameboat calendar work DAY [--to DAY]", 1, 1, _work),
    "away": ("sameboat calendar away MEMBER DAY [--to DAY]", 2, 2, _away),
    "remove": ("sameboat calendar remove ID", 1, 1, _remove),
}

COMMANDS = {
    "calendar": Command(
        _calendar,
        N_("which days the plan counts: public holidays, days of your own, who is away"),
        "[country CODE | free DAY | work DAY | away MEMBER DAY | remove ID]",
        (
            Option("to", N_("the last day, where it is not the first"), metavar="DAY"),
            Option("dept", N_("for one department alone"), metavar="NAME"),
            Option("title", N_("what the day is called, or why somebody is away"), metavar="TEXT"),
        ),
        most=3,
        examples=(
            "sameboat calendar country CN",
            'sameboat calendar free 2026-12-31 --title "office closed"',
            "sameboat calendar away 李雷 2026-12-24 --to 2026-12-31",
        ),
    ),
}
