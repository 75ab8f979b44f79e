"""What a check-in says: why an item is asked about, what was answered, and the summary to paste."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from store.analysis import attention as codes
from store.analysis.preview import working_days_later
from store.checkins import BLOCKED, FINISHED, MOVED, ON_TRACK
from tui.celltext import clean
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from store.analysis.attention import Attention
    from store.analysis.plan import Slot
    from store.checkins import Answer
    from store.plan import Plan
    from store.rows import Card

SIGNS = {ON_TRACK: "✓", MOVED: "→", BLOCKED: "⊘", FINISHED: "✔"}


def why_words(asked: Attention, plan: Plan, card: Card | None) -> str:
    """Return why an item is asked about."""
    task, slot = plan.tasks[asked.id], plan.slots[asked.id]
    days = ngettext("{count} day", "{count} days", asked.days).format(count=asked.days)
    if asked.code == codes.LATE and task.due is not None:
        return _("ends {finish}, {days} after the promised {due}").format(
            finish=_day(slot.finish), days=days, due=_day(task.due)
        )
    if asked.code == codes.BLOCKED:
        return _("blocked: {why}").format(why=clean(card.blocked) if card else "")
    if asked.code == codes.OVERDUE_START and task.start is not None:
        return _("was to begin {day}, {days} ago").format(day=_day(task.start), days=days)
    if asked.code == codes.SLIPPED:
        return _("ends {days} later than at the last review").format(days=days)
    return _("nothing was written for {days}").format(days=days)


def answer_words(answer: Answer) -> str:
    """Return what was said of an item."""
    parts = [_(answer.answer)]
    if answer.answer == MOVED and answer.now:
        parts[0] = _("moved to {day}").format(day=answer.now)
    if answer.reason:
        parts.append(_(answer.reason))
    if answer.note:
        parts.append(clean(answer.note))
    return " · ".join(parts)


def summary_text(
    asked: Sequence[Attention],
    said: Mapping[str, Answer],
    plan: Plan,
    cards: Callable[[Iterable[str]], Mapping[str, Card]],
    member: Callable[[str], str],
    *,
    workspace: str,
    before: Mapping[str, Slot] | None = None,
) -> str:
    """Return the review as text that can be pasted into a chat: what was said, and what nobody answered.

    `before` is where items lay at the last review.
    """
    today = date.fromordinal(plan.today)
    lines = [
        _("{workspace}: review of the plan, {day}").format(workspace=clean(workspace), day=today.isoformat())
    ]
    finish = plan.schedule.finish
    if finish:
        text = _("The plan ends on {day}.").format(day=date.fromordinal(finish).isoformat())
        last = max((slot.finish for slot in (before or {}).values()), default=finish)
        moved_end = working_days_later(plan.calendar(None), last, finish)
        if moved_end:
            since = _("That is {days} working days from the last review.").format(days=f"{moved_end:+d}")
            text = f"{text} {since}"
        lines.append(text)
    known = cards([*said, *(one.id for one in asked)])

    def name(ent: str) -> str:
        card = known.get(ent)
        task = plan.tasks.get(ent)
        owner = member(task.owner) if task is not None and task.owner else ""
        title = f"{card.short} {clean(card.title)}" if card else ent
        return f"{title} ({clean(owner)})" if owner else title

    for kind, heading in (
        (MOVED, _("Moved")), (BLOCKED, _("Blocked")), (FINISHED, _("Finished")), (ON_TRACK, _("On track")),
    ):  # fmt: skip
        rows = [answer for answer in said.values() if answer.answer == kind]
        if rows:
            lines += ["", f"{heading} ({len(rows)})"]
            lines += [
                f"- {name(row.item)}: {answer_words(row)}" if kind != ON_TRACK else f"- {name(row.item)}"
                for row in rows
            ]
    open_rows = [one for one in asked if one.id not in said]
    if open_rows:
        lines += ["", _("Not answered ({count})").format(count=len(open_rows))]
        lines += [f"- {name(one.id)}: {why_words(one, plan, known.get(one.id))}" for one in open_rows]
    if not asked and not said:
        lines.append(_("Nothing is late, at risk or silent."))
    return "\n".join(lines)


def _day(day: int) -> str:
    found = date.fromordinal(day)
    return _("{month}/{day}").format(month=found.month, day=found.day)
