"""The rows of a plan for a chart: grouped, folded, filtered, against a baseline, with edits not kept yet."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.preview import working_days_later
from store.uncollected import uncollected
from tui.celltext import clean
from tui.i18n import _
from tui.signs import MEANINGS, glyph
from tui.timeline.outline import Outline, group_key
from tui.timeline.rows import GROUP, ITEM, TRAY, Arrow, Bar, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from store.analysis.plan import Link, Slot, Task
    from store.plan import Plan
    from store.rows import Card
    from tui.timeline.naming import Naming
    from tui.timeline.outline import Line

SHOWN_LINKS = 24  # of one row: more lines than this make no shape


class Choice(NamedTuple):
    """Which rows a chart has besides its plan's, and how they are grouped.

    `shown` are the items that a filter leaves, None for all; `tray` those without any date, of which `tray_goes_on`
    says that there are more.
    """

    by: str = "department"
    folded: Collection[str] = ()
    shown: Collection[str] | None = None
    tray: Sequence[str] = ()
    tray_goes_on: bool = False


class Context(NamedTuple):
    """What rows are shown against: the slots of a `baseline`, and the plan `before` the edits that are not kept yet.

    `edited` are the items of these edits, `disputed` those in conflict. `partial` says that the plan has its first
    items only, so that nothing can be counted.
    """

    baseline: Mapping[str, Slot] = {}
    before: Plan | None = None
    edited: Collection[str] = ()
    disputed: Collection[str] = ()
    partial: bool = False


class Rows:
    """The rows of a chart in their order: made once, for they stay where they are while an edit is being made."""

    def __init__(self, choice: Choice, outline: Outline) -> None:
        self.choice = choice
        self.outline = outline

    @classmethod
    def of(cls, plan: Plan, order: Sequence[str], choice: Choice) -> Rows:
        """Return the rows of a plan, its groups in an order: of a large plan, a second's work for a thread."""
        with uncollected():
            outline = Outline(
                plan.tasks, plan.slots, attrgetter(choice.by), order,
                folded=choice.folded, shown=choice.shown, waiting=choice.tray,
            )  # fmt: skip
        return cls(choice, outline)

    def after(self, plan: Plan, ids: Collection[str], choice: Choice) -> Rows:
        """Return the rows after an edit that moved no other items than `ids`, at the price of their groups."""
        return Rows(choice, self.outline.changed(plan.tasks, plan.slots, ids, choice.tray))

    def refolded(self, plan: Plan, choice: Choice) -> Rows:
        """Return the rows with others folded."""
        return Rows(choice, self.outline.refolded(plan.tasks, choice.folded))

    def line_of(self, key: str) -> Line | None:
        """Return a row's place in the outline, None where it does not show."""
        index = self.outline.index_of(key)
        return None if index is None else self.outline.lines[index]


class PlanSource:
    """Rows of a plan, made when they come into sight."""

    def __init__(
        self,
        plan: Plan,
        naming: Naming,
        cards: Callable[[Iterable[str]], Mapping[str, Card]],
        rows: Rows,
        context: Context,
    ) -> None:
        self.plan = plan
        self.naming = naming
        self.lines = rows.outline.lines
        self._cards = cards
        self._rows = rows
        self._context = context

    @property
    def by(self) -> str:
        """Return what the rows are grouped by."""
        return self._rows.choice.by

    def members(self, group: str) -> Collection[str]:
        """Return the items of a group, those that are folded away included."""
        return self._rows.outline.members(group)

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
        return self._rows.line_of(key)

    def index_of(self, key: str) -> int | None:
        """Return where a row is, None where it does not show."""
        return self._rows.outline.index_of(key)

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
        choice = self._rows.choice
        if line.kind == GROUP:
            value = line.key.removeprefix(group_key(""))
            tone = self.naming.tone(value) if self.by == "department" else "text"
            return Row(
                line.key, GROUP, self.naming.title(self.by, value), tone=tone,
                size=0 if self._context.partial else line.size,
                folded=line.key in choice.folded,
            )  # fmt: skip
        if line.kind == TRAY:
            return Row(
                line.key, TRAY, _("Not placed yet"), size=line.size, more=choice.tray_goes_on,
                folded=line.key in choice.folded,
            )  # fmt: skip
        context = self._context
        card = cards.get(line.key)
        task = self.plan.tasks.get(line.key)
        slot = self.plan.slots.get(line.key)
        department = task.department if task else card.department if card else ""
        kept = context.before.slots.get(line.key) if context.before is not None else None
        moved = (
            context.before is not None
            and kept != slot
            and not (kept and slot and (kept.start, kept.finish) == (slot.start, slot.finish))
        )
        ghost = kept if context.before is not None and moved else context.baseline.get(line.key)
        return Row(
            line.key,
            ITEM,
            clean(card.title if card else task.title if task else ""),
            card.short if card else "",
            line.depth,
            (line.key in choice.folded) if line.branches else None,
            bar=self._bar(task, slot, card) if task and slot else None,
            ghost=(ghost.start, ghost.finish) if ghost and slot and self._is_elsewhere(ghost, slot) else None,
            slipped=self._slipped(task, slot, ghost) if task and slot and ghost else None,
            tone=self.naming.tone(department),
            glyph=_kind_glyph(card),
            marks=_marks(card, disputed=line.key in context.disputed) if card else (),
            changed=line.key in context.edited,
            pushed=moved and line.key not in context.edited,
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
            slot.late_finish
            if not finished and slot.late_finish > slot.finish and not self._context.partial
            else 0,
            slot.critical and not self._context.partial,
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
