"""What would be: the plan with everybody doing what they have hours for, and when the rest is done at the past pace."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from store.chart_rows import capacities, finished_days
from tui.celltext import clean, truncate
from tui.i18n import _
from tui.screens.choices import Choice
from tui.screens.timeline_compare import TimelineCompare
from tui.timeline.chart import days_words, items_words
from tui.timeline.outline import group_key

if TYPE_CHECKING:
    from store.analysis.levelling import Levelled
    from store.plan import Plan


class LevellingDone(Message):
    """A plan was levelled in a thread."""

    def __init__(self, plan: Plan, levelled: Levelled) -> None:
        super().__init__()
        self.plan = plan
        self.levelled = levelled


class TimelineWhatIf(TimelineCompare):
    """Tries the plan another way; nothing is written before a key keeps it."""

    # Levelling

    def action_level(self) -> None:
        """Try the plan with nobody doing more at once than they have hours for."""
        if not self._ready() or self.must_settle():
            return
        self.say(_("Levelling the plan…"))
        self.run_worker(
            partial(self._level, self.plan, capacities(self.boat.store)),
            name="level", group="level", exclusive=True, thread=True,
        )  # fmt: skip

    def _level(self, plan: Plan, hours: dict[str, float]) -> None:
        from store.analysis.levelling import level

        levelled = level(plan.tasks.values(), plan.links, plan.calendars, hours, plan.today)
        self.post_message(LevellingDone(plan, levelled))

    def on_levelling_done(self, event: LevellingDone) -> None:
        """Show the levelled plan as a change that is not kept yet."""
        event.stop()
        found = event.levelled
        if event.plan is not self.plan or self.pending:
            return  # the plan has changed meanwhile: what was found is about another one
        if not found.overloaded:
            self.say(_("Nobody has more to do on any day than they have hours for."))
            return
        if not found.moves:
            self.say(
                _("No other order of the work would help: some items want more hours than their owner has.")
            )
            return
        self.edits = {
            ent: {"start": dates.start, "duration": dates.duration} for ent, dates in found.dates.items()
        }
        self.reckon()
        before = sum(map(len, found.overloaded.values()))
        after = sum(map(len, found.new_overloaded.values()))
        self.say(_("What if: {before} overloaded days become {after}.").format(before=before, after=after))

    # Forecast

    def action_forecast(self) -> None:
        """Tell when what the cursor stands for will be done, at the pace of the past."""
        from store.analysis.forecast import forecast
        from tui.screens.picker import Picker
        from tui.timeline.forecast_words import refusal_words

        if not self._ready():
            return
        title, remaining, planned = self._asked()
        days, since = finished_days(self.boat.store)
        found = forecast(days, self.plan.today, remaining, since=since)
        if found.reason:
            self.say(refusal_words(found))
            return
        choices = [
            Choice(
                str(chance),
                _("{chance}%: by {day}").format(chance=chance, day=_iso(day)),
                self._against(day, planned),
            )
            for chance, day in found.by.items()
        ]
        if planned:
            choices.append(Choice("planned", _("planned: {day}").format(day=_iso(planned))))
        used = _("from {items} finished in {days} days").format(
            items=items_words(found.items), days=found.history
        )
        choices.append(Choice("used", used))
        self.app.push_screen(Picker(title, choices))

    def _asked(self) -> tuple[str, int, int]:
        """Return what the cursor stands for in words, how many items remain of it, and the day it is planned for."""
        from store.analysis.forecast import awaited

        key, plan = self.chart.key, self.plan
        task, slot = plan.tasks.get(key), plan.slots.get(key)
        if task is not None:
            ids = awaited(key, plan.tasks, plan.links)
            if not task.milestone and task.state != "done" and not (slot and slot.is_parent):
                ids.append(key)
            title = truncate(clean(task.title), 24)
        else:
            ids = [
                one.id
                for one in plan.tasks.values()
                if one.state != "done" and not one.milestone and group_key(self.source.group_of(one)) == key
            ]
            title = self.source.naming.title(self.by, key.removeprefix(group_key("")))
        planned = (
            slot.finish
            if slot
            else max((plan.slots[ent].finish for ent in ids if ent in plan.slots), default=0)
        )
        words = _("{title}: {items} to go").format(title=title, items=items_words(len(ids)))
        return words, len(ids), planned

    def _against(self, day: int, planned: int) -> str:
        if not planned or day == planned:
            return ""
        return _("{days} against the plan").format(days=days_words(day - planned))


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
