"""Today in words: why a thing is on a list, how full the day is, and the texts to paste into a chat group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.today import (
    AWAITED,
    BLOCKED,
    CHECK,
    CONFIRM,
    DECIDE,
    DUE,
    FORECAST,
    GOAL,
    LATE,
    NAMED,
    OWED,
    Day,
    Lists,
    Thing,
    filled,
)
from store.day_plan_rows import CARRIED, DONE, LET_GO, PLANNED, Pick, Standup
from store.today_rows import MOST
from tui.celltext import clean, truncate
from tui.days_said import day_words, distance_words
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

# The lists by their names in the order of the screen, each with what it says where it is empty.
LISTS = (
    ("promised", N_("promised"), N_("Nothing is promised for this week.")),
    ("stuck", N_("stuck"), N_("Nothing is stuck, and nobody waits for you.")),
    ("slipping", N_("slipping"), N_("Nothing is late.")),
)
SIGNS = {PLANNED: "·", DONE: "✓", CARRIED: "→", LET_GO: "–"}
_BAR = ("█", "▒", "░")  # taken, beyond what there is room for, free
_CLOCK_MOST = 24  # cells of what a clock runs for
_DIGEST_MOST = 8  # things of one list that a text for a chat group names
_WHY = {
    OWED: N_("promise"),
    DUE: N_("mine"),
    NAMED: N_("waits for you: {detail}"),
    DECIDE: N_("yours to decide"),
    CHECK: N_("follow-up is due"),
    CONFIRM: N_("confirm it was kept"),
    BLOCKED: N_("blocked: {detail}"),
    LATE: N_("late"),
    GOAL: N_("goal is late"),
    FORECAST: N_("plan says {day}"),
}


class Titled(NamedTuple):
    """How the texts call people and days: the name of whoever is asked about, by id, and today."""

    member: Callable[[str], str]
    today: datetime.date


def minutes_words(minutes: int) -> str:
    """Return minutes as people say them, which is also how they may be typed."""
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return _("{minutes}m").format(minutes=rest)
    if not rest:
        return _("{hours}h").format(hours=hours)
    return _("{hours}h{minutes:02}").format(hours=hours, minutes=rest)


def clock_line(what: str, elapsed: int) -> str:
    """Return what a clock runs for and how long it has, from ms."""
    return f"▶ {truncate(clean(what), _CLOCK_MOST)} {minutes_words(max(elapsed, 0) // 60_000)}"


def why_words(thing: Thing, today: datetime.date) -> str:
    """Return why a thing is on its list."""
    if thing.why == AWAITED:
        return ngettext("{count} item waits for it", "{count} items wait for it", thing.count).format(
            count=thing.count
        )
    words = _(_WHY.get(thing.why, thing.why))
    day = day_words(thing.detail, today) if thing.why == FORECAST else ""
    return words.format(detail=thing.detail, day=day)


def room_words(day: Day) -> str:
    """Return how full a day is: what was picked, of what meetings leave, and what is too much."""
    said = _("{planned} picked of {room}").format(
        planned=minutes_words(day.planned), room=minutes_words(day.room)
    )
    if day.meetings:
        said += " · " + _("meetings {minutes}").format(minutes=minutes_words(day.meetings))
    if day.spent:
        said += " · " + _("logged {minutes}").format(minutes=minutes_words(day.spent))
    if not day.capacity:
        return said + " · " + _("no working day")
    if day.over:
        said += " · " + _("{minutes} too much").format(minutes=minutes_words(day.over))
    return said


def bar_words(day: Day, cells: int) -> str:
    """Return a bar of so many cells: taken, beyond the room there is, free."""
    taken, beyond = filled(day, cells)
    return _BAR[0] * (taken - beyond) + _BAR[1] * beyond + _BAR[2] * (cells - taken)


def count_words(things: Sequence[Thing]) -> str:
    """Return how many things a list has; of a very long one only the beginning is read."""
    return f"{len(things)}+" if len(things) >= MOST else str(len(things))


def moved_words(pick: Pick) -> str:
    """Return how often a pick's thing was carried over."""
    if not pick.moved:
        return ""
    return ngettext("moved {count} time", "moved {count} times", pick.moved).format(count=pick.moved)


def pick_words(pick: Pick) -> str:
    """Return a pick on one line: its short id and title, or its text."""
    title = f"{pick.short} {pick.title}".strip()
    return title or _("(what it was about is gone)")


def picks_words(picks: Sequence[Pick]) -> str:
    """Return one pick on one line; of several, how many they are."""
    if len(picks) == 1:
        return pick_words(picks[0])
    return ngettext("{count} pick", "{count} picks", len(picks)).format(count=len(picks))


# Texts to paste


def digest(lists: Lists, picks: Sequence[Pick], day: Day, named: Titled, me: str) -> str:
    """Return a text for a chat group: one's plan of the day and the lists; private drafts are left out."""
    lines = [
        _("{who}, {day}").format(who=named.member(me), day=day_words(named.today.isoformat(), named.today))
    ]
    planned = [pick for pick in picks if pick.state in (PLANNED, DONE)]
    if planned:
        lines += ["", _("Today’s plan") + f" ({room_words(day)})"]
        lines += [f"{SIGNS[pick.state]} {_estimated(pick)}" for pick in planned]
    for name, label, _empty in LISTS:
        things = [thing for thing in getattr(lists, name) if not thing.private]
        if not things:
            continue
        lines += ["", f"{_(label)} ({count_words(things)})"]
        lines += [f"· {_thing_line(thing, named.today)}" for thing in things[:_DIGEST_MOST]]
        if len(things) > _DIGEST_MOST:
            more = len(things) - _DIGEST_MOST
            lines.append(ngettext("· and {count} more", "· and {count} more", more).format(count=more))
    return "\n".join(lines)


def _thing_line(thing: Thing, today: datetime.date) -> str:
    parts = [f"{thing.short} {thing.title}", why_words(thing, today)]
    if thing.due:
        parts.append(f"{day_words(thing.due, today)} ({distance_words(thing.due, today)})")
    return " — ".join(" ".join(part.split()) for part in parts)


def _estimated(pick: Pick) -> str:
    said = " ".join(pick_words(pick).split())
    return f"{said} — {minutes_words(pick.minutes)}" if pick.minutes else said


def standup_text(found: Sequence[Standup], named: Titled) -> str:
    """Return what everybody shared, a paragraph a member."""
    lines: list[str] = []
    for one in found:
        lines += ["", named.member(one.member)] if lines else [named.member(one.member)]
        did = [f"✓ {_spent(pick)}" for pick in one.did]
        did += [f"✓ {card.short} {card.title}" for card in one.finished]
        if did:
            lines += [f"{day_words(one.before, named.today)}:", *did]
        if one.planned:
            lines += [
                _("today") + ":",
                *(f"{SIGNS.get(pick.state, '·')} {_estimated(pick)}" for pick in one.planned),
            ]
    return "\n".join(lines)


def _spent(pick: Pick) -> str:
    said = " ".join(pick_words(pick).split())
    return f"{said} ({minutes_words(pick.spent)})" if pick.spent else said


def evening_text(picks: Sequence[Pick], to: dict[str, str], day: Day, named: Titled, me: str) -> str:
    """Return what became of a day: done, carried over and to which day, let go, and why where it was said.

    `to` has the ISO day that a pick was carried to, by its id.
    """
    lines = [
        _("{who}, {day}").format(who=named.member(me), day=day_words(named.today.isoformat(), named.today))
    ]
    headings = (
        (DONE, _("Done")),
        (CARRIED, _("Carried over")),
        (LET_GO, _("Let go")),
        (PLANNED, _("Still open")),
    )
    for state, heading in headings:
        part = [pick for pick in picks if pick.state == state]
        if not part:
            continue
        lines += ["", f"{heading} ({len(part)})"]
        for pick in part:
            said = f"{SIGNS[state]} {_spent(pick)}"
            if pick.id in to:
                said += f" → {day_words(to[pick.id], named.today)}"
            if pick.reason:
                said += f" — {_(pick.reason)}"
            lines.append(said)
    planned = minutes_words(sum(pick.minutes or 0 for pick in picks))
    lines += [
        "",
        _("{planned} planned, {spent} logged").format(planned=planned, spent=minutes_words(day.spent)),
    ]
    return "\n".join(lines)
