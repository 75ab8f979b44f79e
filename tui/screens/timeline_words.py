"""What the timeline says in words: what is known of an item's place in the plan, and what a change of it would push."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from store import schema
from store.analysis.preview import preview, working_days_later
from tui.celltext import clean, truncate
from tui.i18n import _, ngettext
from tui.palette import KeyNames
from tui.timeline.chart import days_words, drift_words, items_words
from tui.timeline.outline import TRAY_KEY, group_key
from tui.timeline.scale import LABELS

if TYPE_CHECKING:
    from store.analysis.plan import Link, Slot, Task
    from store.analysis.shifting import Edit
    from tui.screens.timeline_frame import TimelineFrame

LINKS_SAID = 3
MILESTONES_SAID = 2


def facts(screen: TimelineFrame) -> list[Content]:
    """Return two lines: the row under the cursor, and what is pending or what the chart is compared with."""
    width = max(screen.app.size.width - 2, 10) if screen.is_attached else 78
    lines = [_row_facts(screen), _standing(screen)]
    return [line.truncate(width, ellipsis=True) for line in lines]


def _row_facts(screen: TimelineFrame) -> Content:
    key, task, slot = screen.chart.key, screen.here, screen.slot_here
    card = screen.cards([key]).get(key) if key else None
    if task is None and card is None and key.startswith(group_key("")):
        return _group_facts(screen, key)
    if task is None and card is None:
        text = (
            _("Items without a day: {place_here} begins one on the day of the cursor")
            if key == TRAY_KEY
            else ""
        )
        return Content.styled(text.format_map(KeyNames(screen.boat.keymap)), "$text-muted")
    directory = screen.directory
    parts = [(f"{card.short} {clean(card.title)}" if card else clean(task.title if task else ""), "bold")]
    owner = task.owner if task else card.owner if card else ""
    department = task.department if task else card.department if card else ""
    if department:
        parts.append((directory.department(department), directory.hue(department)))
    if owner:
        parts.append((directory.member(owner), ""))
    if task is not None and slot is not None:
        parts += _slot_facts(screen, task, slot)
    joined: list[Content] = []
    for text, style in parts:
        joined.append(Content.styled(clean(text), style) if style else Content(clean(text)))
    return Content.styled(" · ", "$text-muted").join(joined)


def _group_facts(screen: TimelineFrame, key: str) -> Content:
    """Return what a group has planned: how many items, from when to when, how many of them are late."""
    source = screen.source
    line = source.line_of(key)
    title = source.naming.title(screen.by, key.removeprefix(group_key("")))
    parts = [title, items_words(line.size if line else 0)]
    plan = screen.shown_plan
    members = source.members(key.removeprefix(group_key("")))
    slots = [(plan.tasks[ent], plan.slots[ent]) for ent in members if ent in plan.slots]
    if slots:
        first, last = min(slot.start for _task, slot in slots), max(slot.finish for _task, slot in slots)
        parts.append(f"{day_words(first)} → {day_words(last)}")
    late = sum(
        task.due is not None and slot.finish > task.due and task.state != "done" for task, slot in slots
    )
    if late:
        parts.append(ngettext("{count} late", "{count} late", late).format(count=late))
    drift = screen.drifts.get(key.removeprefix(group_key(""))) if screen.by == "department" else None
    if drift is not None and (drift.later or drift.earlier):
        parts.append(drift_words(drift))
    return Content(" · ".join(clean(part) for part in parts))


def _slot_facts(screen: TimelineFrame, task: Task, slot: Slot) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    when = (
        day_words(slot.start)
        if slot.start == slot.finish
        else f"{day_words(slot.start)} → {day_words(slot.finish)}"
    )
    if not task.milestone:
        when += f" ({working_days(slot.duration)})"
    parts.append((when, ""))
    if task.due is not None and slot.finish > task.due and task.state != "done":
        late = working_days_later(screen.shown_plan.calendar(task), task.due, slot.finish)
        parts.append((_("{days} after the promised {day}").format(
            days=working_days(max(late, 1)), day=day_words(task.due)), "$text-error"))  # fmt: skip
    if not screen.whole:
        pass  # what is critical depends on what has not been read yet
    elif slot.critical:
        parts.append((_("critical"), "bold"))
    elif task.state != "done" and not slot.is_parent and slot.total_float > 0:
        parts.append((_("may slip {days}").format(days=working_days(slot.total_float)), "$text-muted"))
    if task.pinned:
        parts.append((_("fixed by hand"), "$text-muted"))
    before = [link for link in screen.source.links_of(screen.chart.key) if link.successor == screen.chart.key]
    if before:
        said = ", ".join(link_words(screen, link, link.predecessor) for link in before[:LINKS_SAID])
        more = f" +{len(before) - LINKS_SAID}" if len(before) > LINKS_SAID else ""
        parts.append((_("waits for {items}").format(items=said + more), ""))
    return parts


def link_words(screen: TimelineFrame, link: Link, other: str) -> str:
    """Return one dependency: the other item's short id, its type and lag where they are not the usual ones."""
    card = screen.cards([other]).get(other)
    name = card.short if card else other[:8]
    detail = "" if link.type == "FS" and not link.lag else f" {link.type}"
    if link.lag:
        detail += days_words(link.lag).replace(" ", "")
    return f"{name}{f' ({detail.strip()})' if detail else ''}"


def _standing(screen: TimelineFrame) -> Content:
    keys = KeyNames(screen.boat.keymap)
    if screen.chart.linking:
        card = screen.cards([screen.chart.linking]).get(screen.chart.linking)
        text = _(
            "{item} → ? ({type}{lag}) · go to what waits for it · {timeline_keep} links · {link_type} type · "
            "{end_earlier} {end_later} lag · {timeline_drop} cancels"
        )
        lag = days_words(screen.link_lag).replace(" ", "") if screen.link_lag else ""
        given = {"item": card.short if card else "?", "type": screen.link_type, "lag": lag}
        return Content.styled(text.format_map(Named(keys, given)), "bold $text-warning")
    if screen.pending:
        words = screen.what_if() or preview_words(screen)
        text = _("not kept yet: {what} · {timeline_keep} keeps it, {timeline_drop} drops it")
        return Content.styled(text.format_map(Named(keys, {"what": words})), "bold $text-warning")
    parts = [
        _("by {zoom}").format(zoom=_(LABELS[screen.chart.zoom])),
        date.fromordinal(screen.chart.day).isoformat(),
    ]
    if screen.reading or not screen.whole:
        parts.append(_("reading the plan…"))
    finish = screen.plan.schedule.finish
    if finish and screen.whole:
        parts.append(_("the plan ends {day}").format(day=day_words(finish)))
    if screen.baseline_words:
        parts.append(screen.baseline_words)
    problems = screen.plan.schedule.problem_count
    if problems:
        words = ngettext("{count} thing to look at", "{count} things to look at", problems).format(
            count=problems
        )
        parts.append(f"{words} ({KeyNames(screen.boat.keymap)['problems']})")
    return Content.styled(" · ".join(parts), "$text-muted")


class Named(dict[str, str]):
    """Fills words of a sentence, and keys where no word has the name."""

    def __init__(self, keys: KeyNames, given: dict[str, str]) -> None:
        super().__init__(given)
        self._keys = keys

    def __missing__(self, name: str) -> str:
        return self._keys[name]


def preview_words(screen: TimelineFrame) -> str:
    """Return what the pending edits push: “moves 7 other items, Launch +2 d, 1 becomes critical”."""
    before, after = screen.plan, screen.shown_plan
    seen = preview(before.schedule, after.schedule, edited={*screen.edits})
    parts = []
    count = len(seen.moved)
    if count:
        parts.append(
            ngettext("moves {count} other item", "moves {count} other items", count).format(count=count)
        )
    ends = [ent for ent in seen.moved if after.tasks[ent].milestone][:MILESTONES_SAID]
    for ent in ends:
        days = working_days_later(
            after.calendar(after.tasks[ent]), before.slots[ent].finish, after.slots[ent].finish
        )
        parts.append(f"{truncate(clean(after.tasks[ent].title), 24)} {days_words(days)}")
    if seen.finish:
        parts.append(_("the end {days}").format(days=days_words(seen.finish)))
    count = len(seen.critical)
    if count:
        parts.append(
            ngettext("{count} becomes critical", "{count} become critical", count).format(count=count)
        )
    count = len(seen.late)
    if count:
        parts.append(ngettext("{count} becomes late", "{count} become late", count).format(count=count))
    return ", ".join(parts) or _("pushes nothing else")


def edit_words(edit: Edit) -> str:
    """Return the fields of an edit with their new values, as the details would show them."""
    fields = schema.KINDS["item"].fields
    said = []
    for name, value in edit.items():
        if name == "pinned":
            words = _("yes") if value else _("no")
        elif value is None:
            words = "—"
        else:
            words = date.fromordinal(value).isoformat() if name in ("start", "due") else f"{value:g}"
        said.append(f"{_(fields[name].label)} {words}")
    return ", ".join(said)


def day_words(day: int) -> str:
    """Return a day of the plan in few cells: month and day, with the year where it is not this one's neighbour."""
    found = date.fromordinal(day)
    return _("{month}/{day}").format(month=found.month, day=found.day)


def working_days(count: int) -> str:
    """Return a number of working days in words."""
    return ngettext("{count} day", "{count} days", count).format(count=count)
