"""Changing the plan on the timeline: every change is shown with what it pushes, and is kept or dropped with one key."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from store import schema
from store.analysis.plan import LINK_TYPES, Link, Task
from store.analysis.shifting import moved, pinned, stepped, stretched
from store.errors import StoreError
from tui.i18n import _, ngettext
from tui.palette import KeyNames
from tui.screens.timeline_frame import TimelineFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.analysis.plan import Slot
    from store.analysis.shifting import Edit
    from store.commands import Change
    from tui.screens.choices import Choice, Picked

WEEK = 7


class TimelineEdits(TimelineFrame):
    """Moves, stretches, places, pins and links items; nothing is written before a key keeps it."""

    # Moving and stretching

    def action_move_earlier(self) -> None:
        """Move the item a day earlier."""
        self._step(-1)

    def action_move_later(self) -> None:
        """Move the item a day later."""
        self._step(1)

    def action_move_week_earlier(self) -> None:
        """Move the item a week earlier."""
        self._step(-WEEK)

    def action_move_week_later(self) -> None:
        """Move the item a week later."""
        self._step(WEEK)

    def action_end_earlier(self) -> None:
        """End the item a day earlier, or lessen the lag of the link that is being made."""
        self._stretch(-1)

    def action_end_later(self) -> None:
        """End the item a day later, or add to the lag of the link that is being made."""
        self._stretch(1)

    def action_end_week_earlier(self) -> None:
        """End the item a week earlier."""
        self._stretch(-WEEK)

    def action_end_week_later(self) -> None:
        """End the item a week later."""
        self._stretch(WEEK)

    def _step(self, by: int) -> None:
        found = self._movable()
        if found is None:
            return
        task, slot = found
        days = self.plan.calendar(task)
        # From where somebody meant it to begin: what pushes it later lies between that and where it stands.
        self._adjust(task, moved(task, slot, days, to=stepped(slot.start, by, days)))
        self._say_if_held(task.id, slot)

    def _stretch(self, by: int) -> None:
        if self.chart.linking:
            self.link_lag = min(max(self.link_lag + by, -schema_lag()), schema_lag())
            self.show_facts()
            return
        found = self._movable()
        if found is None:
            return
        task, slot = found
        if task.milestone:
            self._step(by)
            return
        days = self.plan.calendar(task)
        self._adjust(task, stretched(task, slot, days, to=stepped(slot.finish, by, days)))

    def _movable(self) -> tuple[Task, Slot] | None:
        if not self._ready():
            return None
        task, slot = self.here, self.slot_here
        if task is None or slot is None:
            if self.chart.key in self.source.plan.tasks or self._on_item():
                self.say(_("It has no day yet: {place_here} begins it on the day of the cursor").format_map(
                    KeyNames(self.boat.keymap)))  # fmt: skip
            return None
        if slot.is_parent:
            self.say(_("Its parts decide when it begins and ends: move those."))
            return None
        if task.state == "done":
            self.say(_("It is finished."))
            return None
        return task, slot

    def _ready(self) -> bool:
        """Say that a large plan is still being read, and return whether it is there."""
        if not self.whole:
            self.say(_("The plan is still being read."))
        return self.whole

    def _on_item(self) -> bool:
        """Return whether the cursor is on an item of a plan that has been read."""
        line = self.source.line_of(self.chart.key)
        return line is not None and line.kind == "item" and self._ready()

    def _say_if_held(self, ent: str, before: Slot) -> None:
        """Say why a move that was asked for cannot be seen."""
        slot = self.shown_plan.slots.get(ent)
        if slot is None or slot.start != before.start:
            return
        if slot.driver == "today":
            self.say(_("What is still to do begins today at the earliest."))
        elif slot.driver not in ("own", "pin", "parent", "done"):
            self.say(_("It waits for others and cannot begin sooner."))

    def action_place_here(self) -> None:
        """Begin the item on the day of the cursor, one of the tray too."""
        task, slot, day = self.here, self.slot_here, self.chart.day
        if task is not None and slot is not None:
            if self._movable() is not None:
                self._adjust(task, moved(task, slot, self.plan.calendar(task), to=day))
            return
        if not self._on_item():
            return
        ent = self.chart.key
        task = self.plan.tasks.get(ent)
        days = self.plan.calendar(task)
        edit = moved(task or Task(ent), None, days, to=day)
        self.keep_now("set", [ent], lambda change: change.set(ent, stored(edit)), _("placed"))
        self.chart.go_to(ent)

    def action_pin(self) -> None:
        """Fix the item's start where it stands, or let it go."""
        found = self._movable()
        if found is not None:
            task, slot = found
            self._adjust(task, pinned(task, slot))

    def _adjust(self, task: Task, edit: Edit) -> None:
        before = self.edits.get(task.id, {})
        self.edits[task.id] = {**before, **edit}
        original = self.plan.tasks.get(task.id)
        edits = self.edits[task.id]
        if original is not None and all(getattr(original, name) == value for name, value in edits.items()):
            del self.edits[task.id]  # back to where it was
        self.reckon()
        slot = self.shown_plan.slots.get(task.id)
        if slot is not None and not self.chart.scale.first <= slot.start <= self.chart.scale.last:
            self.chart.go_to_day(slot.start)

    # Keeping and dropping

    def action_timeline_keep(self) -> None:
        """Keep what is pending, make the link, or open the details."""
        if self.chart.linking:
            self._link_here()
        elif self.pending:
            self.keep()
        elif self._item_here():
            self.read_details()

    def action_timeline_details(self) -> None:
        """Show the item's details beside the chart, or give their room to the chart."""
        if self.details_in_sight:
            self.toggle_details()
        elif self._item_here():
            self.read_details(focus=not self.wide)

    def _item_here(self) -> bool:
        """Return whether the cursor is on an item; what is none is folded or unfolded instead."""
        line = self.source.line_of(self.chart.key)
        if line is not None and line.kind != "item":
            self.action_timeline_fold()
        return line is not None and line.kind == "item"

    def action_timeline_fold(self) -> None:
        """Fold or unfold; defined where the rows are."""
        raise NotImplementedError

    def must_settle(self) -> bool:
        """Say that something is pending, and return whether it is: nothing that was done is dropped in passing."""
        if self.pending:
            self.say(_("A change is not kept yet: {timeline_keep} keeps it, {timeline_drop} drops it.").format_map(
                KeyNames(self.boat.keymap)), error=True)  # fmt: skip
        return self.pending

    def may_leave(self) -> bool:
        """Tell whether nothing is pending."""
        return not self.must_settle()

    def keep(self) -> None:
        """Write what is pending as one change, one undo."""
        from store.links import link_within, unlink_within

        edits, links, gone = dict(self.edits), list(self.new_links), list(self.dropped_links)

        def work(change: Change) -> None:
            for ent, edit in edits.items():
                change.set(ent, stored(edit))
            for link in links:
                link_within(change, link.predecessor, link.successor, link.type, link.lag)
            for link in gone:
                unlink_within(change, link.predecessor, link.successor)

        about = list(edits) or [link.successor for link in (*links, *gone)]
        self.edits, self.new_links, self.dropped_links = {}, [], []
        if not self.keep_now("set", about, work, _("change kept")):
            self.edits, self.new_links, self.dropped_links = edits, links, gone
            self.reckon()

    def keep_now(self, label: str, ids: Sequence[str], work: Callable[[Change], object], said: str) -> bool:
        what = self.items_said(ids)
        made = self.boat.perform(label, work, detail=what)
        if made is None:
            return False
        if not made.changes:
            self.reckon()
        undoes = _("{undo} undoes").format_map(KeyNames(self.boat.keymap))
        self.say(f"✓ {what} {said} · {undoes}")
        return True

    def items_said(self, ids: Sequence[str]) -> str:
        """Return one item by its short id, many by their number."""
        if len(ids) == 1:
            card = self.cards(ids).get(ids[0])
            return card.short if card else ids[0]
        return ngettext("{count} item", "{count} items", len(ids)).format(count=len(ids))

    def drop(self) -> bool:
        """Drop what is pending; return whether there was something."""
        if self.chart.linking:
            self.chart.linking = ""
            self.chart.redraw()
            self.show_facts()
            return True
        if not self.pending:
            return False
        self.edits, self.new_links, self.dropped_links = {}, [], []
        self.reckon()
        return True

    # Links

    def action_link(self) -> None:
        """Begin a link from the item: the next item that is chosen waits for it."""
        if self.chart.linking:
            self._link_here()
            return
        if not self._on_item():
            return
        self.link_type, self.link_lag = "FS", 0
        self.chart.linking = self.chart.key
        self.chart.redraw()
        self.show_facts()

    def action_link_type(self) -> None:
        """Make the link that is being made of another type."""
        if self.chart.linking:
            self.link_type = LINK_TYPES[(LINK_TYPES.index(self.link_type) + 1) % len(LINK_TYPES)]
            self.show_facts()

    def _link_here(self) -> None:
        from store.links import check_link, dependency_id
        from tui.sentences import sentence

        predecessor, successor = self.chart.linking, self.chart.key
        if not self._on_item():
            return
        known = next(
            (
                link
                for link in self.plan.links
                if (link.predecessor, link.successor) == (predecessor, successor)
            ),
            None,
        )
        self.chart.linking = ""
        if known is not None and (known.type, known.lag) == (self.link_type, self.link_lag):
            self._unlink(known)
            return
        try:
            check_link(self.boat.store, predecessor, successor, self.link_type)
        except StoreError as error:
            self.say(sentence(error), error=True)
            self.chart.redraw()
            self.show_facts()
            return
        order = known.order if known else (self.boat.store.now(), "")
        made = Link(
            dependency_id(predecessor, successor),
            predecessor,
            successor,
            self.link_type,
            self.link_lag,
            order,
        )
        if not {predecessor, successor} <= self.plan.tasks.keys():
            # An item of the tray comes into the plan by the link; what that pushes is seen once it is there.
            self.new_links = [made]
            self.keep()
            self.chart.go_to(successor)
            return
        self.new_links = [*(link for link in self.new_links if link.id != made.id), made]
        self.reckon()

    def _unlink(self, link: Link) -> None:
        """Ask whether a link that is there already is to go."""
        from tui.screens.choices import Choice
        from tui.screens.picker import Picker

        def picked(answer: Picked | None) -> None:
            if answer is not None and answer.chosen == ("drop",):
                self.dropped_links.append(link)
                self.reckon()

        choices: list[Choice] = [Choice("drop", _("take the dependency away")), Choice("keep", _("leave it"))]
        self.chart.redraw()
        self.app.push_screen(Picker(_("These two are linked like this already"), choices), picked)

    def action_timeline_recur(self) -> None:
        """Let the item come again, or choose what becomes of one of a series."""
        if not self._on_item():
            return
        from tui.screens.picker import Picker
        from tui.screens.repeating import Repeating

        def ask(
            title: str, choices: Sequence[Choice], picked: Callable[[Picked | None], None], **asked: Any
        ) -> None:
            self.app.push_screen(Picker(title, choices, **asked), picked)

        Repeating(self.boat.store, ask, self.keep_now, self.boat.show_board).ask_what([self.chart.key])

    # Effort

    def action_effort(self) -> None:
        """Set how many hours the item takes."""
        if not self._on_item():
            return
        ent = self.chart.key
        card = self.cards([ent]).get(ent)
        task = self.plan.tasks.get(ent)
        from tui.screens.asking import Ask

        def answered(text: str | None) -> None:
            if text is None:
                return
            hours = hours_of(text)
            if hours is None and text.strip():
                self.say(_("“{text}” is no number of hours, such as 12 or 2d.").format(text=text), error=True)
                return
            said = _("effort {hours} h").format(hours=f"{hours:g}") if hours is not None else _("no effort")
            self.keep_now("set", [ent], lambda change: change.set(ent, {"effort": hours}), said)

        held = f"{task.effort:g}" if task is not None and task.effort is not None else ""
        title = _("Effort of {item}, in hours (2d: two days, 1w: a week)").format(
            item=card.short if card else ent
        )
        self.app.push_screen(Ask(title, held), answered)


def schema_lag() -> int:
    """Return the most working days of a lag, either way."""
    high = schema.KINDS["dependency"].fields["lag"].high
    return int(high or 0)


def stored(edit: Edit) -> dict[str, object]:
    """Return an edit of a task as the fields of an item hold it."""
    found: dict[str, object] = {}
    for name, value in edit.items():
        if name in ("start", "due"):
            found[name] = None if value is None else date.fromordinal(value).isoformat()
        else:
            found[name] = bool(value) if name == "pinned" else value
    return found


_UNITS = {"h": 1.0, "d": 8.0, "w": 40.0, "小时": 1.0, "时": 1.0, "天": 8.0, "日": 8.0, "周": 40.0}


def hours_of(text: str) -> float | None:
    """Return the hours a person means: `12`, `1.5h`, `2d`, `1w`, `3天`; None for what is no number of hours."""
    text = text.strip().casefold().replace(" ", "")
    unit = next((unit for unit in sorted(_UNITS, key=len, reverse=True) if text.endswith(unit)), "")
    try:
        hours = float(text.removesuffix(unit) if unit else text) * _UNITS.get(unit, 1.0)
    except ValueError:
        return None
    return hours if 0 <= hours <= 100_000 else None
