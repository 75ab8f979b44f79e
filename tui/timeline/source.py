"""The rows of a plan for a chart: grouped, folded, filtered, against a baseline, with edits not kept yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.preview import working_days_later
from tui.celltext import clean
from tui.i18n import _
from tui.signs import MEANINGS, colour_of, glyph
from tui.timeline.outline import TRAY_KEY, Line, group_key, outline
from tui.timeline.rows import GROUP, ITEM, TRAY, Arrow, Bar, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from store.analysis.plan import Link, Slot, Task
    from store.plan import Plan
    from store.rows import Card

SHOWN_LINKS = 24  # of one row: more lines than this make no shape


class Naming:
    """What groups are called, in which order they stand and in which colour: the chart's view of a directory."""

    def __init__(
        self,
        titles: Mapping[str, Callable[[str], str]],
        orders: Mapping[str, Sequence[str]],
        colours: Mapping[str, str],
    ) -> None:
        self._titles = titles
        self.orders = orders
        self._colours = colours

    def title(self, by: str, key: str) -> str:
        """Return what a group is called."""
        if key:
            return self._titles[by](key)
        nothing = {"department": _("no department"), "owner": _("nobody"), "goal": _("no goal")}
        return nothing.get(by, _("no status"))

    def tone(self, department: str) -> str:
        """Return the tone of a department's bars."""
        return ":" + colour_of(department, self._colours.get(department, "")) if department else "text"


class PlanSource:
    """Rows of a plan, made when they come into sight."""

    def __init__(
        self,
        plan: Plan,
        naming: Naming,
        cards: Callable[[Iterable[str]], Mapping[str, Card]],
        *,
        by: str = "department",
        folded: Collection[str] = (),
        shown: Collection[str] | None = None,
        tray: Sequence[str] = (),
        tray_goes_on: bool = False,
        partial: bool = False,
        baseline: Mapping[str, Slot] | None = None,
        before: Plan | None = None,
        edited: Collection[str] = (),
        disputed: Collection[str] = (),
        statuses: Mapping[str, str] | None = None,
        lines: list[Line] | None = None,
    ) -> None:
        """Show a plan; `before` is the one without the edits that are not kept yet, `disputed` are items in conflict.

        `tray` are items without any date, `tray_goes_on` says that there are more; `partial` that the plan has its
        first items only, so that nothing can be counted. `lines` fixes the order of the rows, so that nothing jumps
        while an edit is being made.
        """
        self.plan = plan
        self.naming = naming
        self.by = by
        self._cards = cards
        self._folded = folded
        self._baseline = baseline
        self._before = before
        self._edited = edited
        self._disputed = disputed
        self._statuses = statuses or {}
        self._tray_goes_on = tray_goes_on
        self._partial = partial
        self.lines = lines if lines is not None else self._outlined(shown, tray)
        self._places = {line.key: index for index, line in enumerate(self.lines)}

    def _outlined(self, shown: Collection[str] | None, tray: Sequence[str]) -> list[Line]:
        lines = outline(
            self.plan.tasks.values(), self.plan.slots, self.group_of, self.naming.orders.get(self.by, ()),
            folded=self._folded, shown=shown,
        )  # fmt: skip
        if tray:
            waiting = [line for line in lines if line.kind == TRAY]
            place = lines.index(waiting[0]) if waiting else len(lines)
            size = len(tray) + (waiting[0].size if waiting else 0)
            lines[place : place + 1] = [Line(TRAY, TRAY_KEY, 0, size, True)]
            if TRAY_KEY not in self._folded:
                lines += [Line(ITEM, ent, 1) for ent in tray]
        return lines

    def group_of(self, task: Task) -> str:
        """Return the value that a task is grouped by."""
        if self.by == "status":
            return self._statuses.get(task.id, "")
        return str(getattr(task, self.by))

    # What the chart asks

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.lines)

    def key_at(self, index: int) -> str:
        """Return the key of a row."""
        return self.lines[index].key if 0 <= index < len(self.lines) else ""

    def line_of(self, key: str) -> Line | None:
        """Return a row's place in the outline."""
        index = self._places.get(key)
        return None if index is None else self.lines[index]

    def index_of(self, key: str) -> int | None:
        """Return where a row is, None where it does not show."""
        return self._places.get(key)

    def is_free(self, day: int) -> bool:
        """Return whether the workspace's calendar has a day off."""
        return not self.plan.calendar(None).is_working(day)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return a window of rows."""
        lines = self.lines[start:stop]
        cards = self._cards(line.key for line in lines if line.kind == ITEM)
        return [self._row(line, cards) for line in lines]

    def arrows(self, rows: Sequence[Row]) -> list[Arrow]:
        """Return the dependencies between the rows in sight."""
        found: dict[str, Arrow] = {}
        seen = {row.key for row in rows}
        for row in rows:
            for link in self.plan.links_of(row.key)[:SHOWN_LINKS]:
                if link.predecessor in seen and link.successor in seen:
                    found[link.id] = Arrow(link.predecessor, link.successor, link.type)
        return list(found.values())

    def links_of(self, key: str) -> list[Link]:
        """Return the dependencies of an item, those it waits for first."""
        return sorted(self.plan.links_of(key), key=lambda link: link.successor != key)

    # Rows

    def _row(self, line: Line, cards: Mapping[str, Card]) -> Row:
        if line.kind == GROUP:
            value = line.key.removeprefix(group_key(""))
            tone = self.naming.tone(value) if self.by == "department" else "text"
            return Row(
                line.key, GROUP, self.naming.title(self.by, value), tone=tone,
                size=0 if self._partial else line.size,
                folded=line.key in self._folded,
            )  # fmt: skip
        if line.kind == TRAY:
            return Row(
                line.key, TRAY, _("Not placed yet"), size=line.size, more=self._tray_goes_on,
                folded=line.key in self._folded,
            )  # fmt: skip
        card = cards.get(line.key)
        task = self.plan.tasks.get(line.key)
        slot = self.plan.slots.get(line.key)
        department = task.department if task else card.department if card else ""
        kept = self._before.slots.get(line.key) if self._before is not None else None
        moved = (
            self._before is not None
            and kept != slot
            and not (kept and slot and (kept.start, kept.finish) == (slot.start, slot.finish))
        )
        ghost = kept if self._before is not None and moved else (self._baseline or {}).get(line.key)
        return Row(
            line.key,
            ITEM,
            clean(card.title if card else task.title if task else ""),
            card.short if card else "",
            line.depth,
            (line.key in self._folded) if line.branches else None,
            bar=self._bar(task, slot, card) if task and slot else None,
            ghost=(ghost.start, ghost.finish) if ghost and slot and self._is_elsewhere(ghost, slot) else None,
            slipped=self._slipped(task, slot, ghost) if task and slot and ghost else None,
            tone=self.naming.tone(department),
            glyph=_kind_glyph(card),
            marks=_marks(card, disputed=line.key in self._disputed) if card else (),
            changed=line.key in self._edited,
            pushed=moved and line.key not in self._edited,
        )

    @staticmethod
    def _is_elsewhere(ghost: Slot, slot: Slot) -> bool:
        return (ghost.start, ghost.finish) != (slot.start, slot.finish)

    def _slipped(self, task: Task, slot: Slot, ghost: Slot) -> int:
        return working_days_later(self.plan.calendar(task), ghost.finish, slot.finish)

    def _bar(self, task: Task, slot: Slot, card: Card | None) -> Bar:
        days = self.plan.calendar(task)
        finished = task.state == "done"
        share = 0.0 if finished or slot.is_parent else _share_done(task, card)
        worked = int(slot.duration * share)
        late = task.due is not None and slot.finish > task.due and not finished
        return Bar(
            slot.start,
            slot.finish,
            days.shift(slot.start, worked - 1) if worked else 0,
            task.due + 1 if late and task.due is not None else 0,
            slot.late_finish if not finished and slot.late_finish > slot.finish and not self._partial else 0,
            slot.critical and not self._partial,
            task.milestone,
            slot.is_parent,
            finished,
            task.pinned,
        )


def _share_done(task: Task, card: Card | None) -> float:
    """Return how much of the work is done: by its hours, else by its checklist; nobody's guess counts."""
    if task.remaining is not None and task.effort:
        return min(max(1 - task.remaining / task.effort, 0.0), 1.0)
    if card is not None and card.checks and task.state == "doing":
        return card.checks_done / card.checks
    return 0.0


def _kind_glyph(card: Card | None) -> str:
    if card is None:
        return ""
    return MEANINGS[card.type].glyph if card.type in MEANINGS else "·"


def _marks(card: Card, *, disputed: bool) -> tuple[tuple[str, str], ...]:
    found = []
    if card.divergences:
        found.append((glyph("divergence"), MEANINGS["divergence"].tone))
    if disputed:
        found.append((glyph("conflict"), MEANINGS["conflict"].tone))
    if card.blocked:
        found.append((glyph("blocked"), MEANINGS["blocked"].tone))
    return tuple(found)
