"""The words of a meeting: its agenda, how long ago departments met, and its minutes as Markdown to paste."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store import minutes as outcomes
from store.analysis.agenda import SOURCES
from store.meetings import COVERED, NEXT_TIME
from store.schema import N_
from tui.celltext import clean
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.agenda import Point
    from store.meeting_rows import Gap, Meeting
    from store.minutes import Minutes, Outcome

# By the order of `store.analysis.agenda.SOURCES`.
SOURCE_WORDS = (
    N_("last time"), N_("conflict"), N_("promise"), N_("late or blocked"), N_("feedback"), N_("point"),
)  # fmt: skip
assert len(SOURCE_WORDS) == len(SOURCES)
SIGNS = {COVERED: "✓", NEXT_TIME: "→"}
_WHAT = {
    outcomes.ACTION: N_("action"), outcomes.DECISION: N_("decision"), outcomes.PROMISE: N_("promise"),
    outcomes.CONFLICT: N_("conflict"), outcomes.FEEDBACK: N_("feedback"), outcomes.ITEM: N_("item"),
}  # fmt: skip


class Names(NamedTuple):
    """How ids are put into words."""

    member: Callable[[str], str]
    department: Callable[[str], str]
    in_order: Callable[[Iterable[str]], Sequence[str]]

    def sides(self, departments: Iterable[str], sign: str = " ⇄ ") -> str:
        """Return departments by their names, in the workspace's order."""
        return sign.join(clean(self.department(side)) for side in self.in_order(departments))

    def people(self, members: Iterable[str]) -> str:
        """Return members by their names."""
        return _(", ").join(sorted(clean(self.member(member)) for member in members))


def what_words(outcome: Outcome) -> str:
    """Return what sort of thing came of a meeting."""
    return _(_WHAT[outcome.what])


def minutes_spent_words(minutes: float) -> str:
    """Return a number of minutes."""
    whole = round(minutes)
    return ngettext("{count} min", "{count} min", whole).format(count=whole)


def point_title(point: Point) -> str:
    """Return what a point is called; what it was about may be gone."""
    return clean(point.title) or _("(what it was about is gone)")


def gap_words(gap: Gap, names: Names) -> str:
    """Return that two departments have not met for longer than they wanted."""
    pair = names.sides((gap.first, gap.second))
    every = ngettext("every {count} day", "every {count} days", gap.every).format(count=gap.every)
    if gap.since is None:
        return _("{pair}: have not met yet, wanted {every}").format(pair=pair, every=every)
    since = ngettext("{count} day", "{count} days", gap.since).format(count=gap.since)
    return _("{pair}: have not met for {since}, wanted {every}").format(pair=pair, since=since, every=every)


def markdown(minutes: Minutes, names: Names, now: int) -> str:
    """Return the minutes of a meeting as Markdown, in the language of the moment; `now` is for one that still runs."""
    held = minutes.meeting
    lines = [f"# {clean(held.title)} · {_when(held, now)}", ""]
    lines.append(f"- {_('Kind')}: {_(held.kind)}")
    if held.departments:
        lines.append(f"- {_('Departments')}: {names.sides(held.departments)}")
    if held.attendees:
        lines.append(f"- {_('Attendees')}: {names.people(held.attendees)}")
    # What is pasted is read by others: drafts stay out of it.
    minutes = minutes._replace(
        outcomes=[one for one in minutes.outcomes if not one.private],
        points=[point for point in minutes.points if not point.private],
    )
    lines += _points(minutes, names)
    for heading, what in (
        (_("Decisions"), outcomes.DECISION), (_("Actions"), outcomes.ACTION), (_("Commitments"), outcomes.PROMISE),
        (_("Conflicts logged"), outcomes.CONFLICT), (_("Feedback"), outcomes.FEEDBACK), (_("Items"), outcomes.ITEM),
    ):  # fmt: skip
        lines += _section(heading, [_line(one, names) for one in minutes.by(what)])
    noted = []
    for note in minutes.notes:
        first, *rest = clean_lines(note.text)
        noted += [
            f"- {first}" + (f" — {clean(names.member(note.by))}" if note.by else ""),
            *(f"  {one}" for one in rest),
        ]
    lines += _section(_("Notes taken"), noted)
    left = [point for point in minutes.points if point.state != COVERED]
    lines += _section(_("Open points"), [f"- {_about(point)}{_later(point)}" for point in left])
    return "\n".join(lines) + "\n"


def clean_lines(text: str) -> list[str]:
    """Return the lines of a text, at least one, without what acts on a terminal."""
    return [clean(line) for line in text.splitlines()] or [""]


def _points(minutes: Minutes, names: Names) -> list[str]:
    lines: list[str] = []
    covered = [point for point in minutes.points if point.state == COVERED]
    for number, point in enumerate(covered, 1):
        spent = f" ({minutes_spent_words(point.spent)})" if point.spent else ""
        lines.append(f"{number}. {_about(point)}{spent}")
        lines += [f"   - {what_words(one)}: {_words(one, names)}" for one in minutes.of_point(point)]
    return _section(_("Points"), lines)


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {heading}", "", *lines] if lines else []


def _about(point: Point) -> str:
    short = f" ({point.short})" if point.short else ""
    return f"{point_title(point)}{short}"


def _later(point: Point) -> str:
    return f" — {_('next time')}" if point.state == NEXT_TIME else ""


def _line(one: Outcome, names: Names) -> str:
    box = "- [ ] " if one.what == outcomes.ACTION else "- "
    return box + _words(one, names)


def _words(one: Outcome, names: Names) -> str:
    sides = ""
    if one.sides:
        sign = " → " if one.what == outcomes.PROMISE else " ⇄ "
        shown = one.sides if one.what == outcomes.PROMISE else names.in_order(one.sides)
        sides = sign.join(clean(names.department(side)) for side in shown) + ": "
    more = [clean(names.member(one.owner)) if one.owner else "", one.day]
    said = " · ".join(part for part in more if part)
    return f"{sides}{clean(one.title)} ({one.short})" + (f" — {said}" if said else "")


def _when(held: Meeting, now: int) -> str:
    if not held.begun:
        return "—"
    begun = datetime.datetime.fromtimestamp(held.begun / 1000).astimezone()
    end = held.ended or now
    minutes = max(round((end - held.begun) / 60_000), 0)
    lasted = minutes_spent_words(minutes) if held.ended else _("still running")
    return f"{begun:%Y-%m-%d %H:%M} · {lasted}"
