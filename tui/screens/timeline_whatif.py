"""What would be: the plan with everybody doing what they have hours for, and when the rest is done at the past pace."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from store.analysis.preview import working_days_later
from store.chart_rows import capacities, finished_days
from tui.celltext import clean, truncate
from tui.i18n import _
from tui.palette import KeyNames
from tui.screens.choices import Choice
from tui.screens.timeline_compare import TimelineCompare
from tui.screens.timeline_words import Named
from tui.timeline.chart import days_words, items_words
from tui.timeline.outline import group_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.analysis.levelling import Levelled
    from store.analysis.shifting import Edit
    from store.plan import Plan


class Trial(NamedTuple):
    """One way in which nobody would have too much to do, and the edits that would make it so."""

    one_at_a_time: bool
    found: Levelled

    @property
    def edits(self) -> dict[str, Edit]:
        """What would have to be written."""
        return {
            ent: {"start": dates.start, "duration": dates.duration} for ent, dates in self.found.dates.items()
        }


class LevellingDone(Message):
    """A plan was levelled in a thread, both ways."""

    def __init__(self, plan: Plan, trials: list[Trial]) -> None:
        super().__init__()
        self.plan = plan
        self.trials = trials


class TimelineWhatIf(TimelineCompare):
    """Tries the plan another way; nothing is written before a key keeps it."""

    trials: Sequence[Trial] = ()
    trial: Trial | None = None  # the one that is shown, as long as nothing is added to it

    _tried: Plan | None = None  # the plan that they are ways of

    # Levelling

    def action_level(self) -> None:
        """Try the plan with nobody doing more at once than they have hours for; then with one thing at a time."""
        if not self._ready():
            return
        if self.trial is not None and self._tried is self.plan and self.edits == self.trial.edits:
            self._try(next(trial for trial in self.trials if trial is not self.trial))
            return
        if self.must_settle():
            return
        self.say(_("Levelling the plan…"))
        self.run_worker(
            partial(self._level, self.plan, capacities(self.boat.store)),
            name="level", group="level", exclusive=True, thread=True,
        )  # fmt: skip

    def _level(self, plan: Plan, hours: dict[str, float]) -> None:
        from store.analysis.levelling import level

        trials = [
            Trial(
                single,
                level(
                    plan.tasks.values(), plan.links, plan.calendars, hours, plan.today, one_at_a_time=single
                ),
            )
            for single in (False, True)
        ]
        self.post_message(LevellingDone(plan, trials))

    def on_levelling_done(self, event: LevellingDone) -> None:
        """Show the first way that helps as a change that is not kept yet; the same key shows the other."""
        event.stop()
        if event.plan is not self.plan or self.pending:
            return  # the plan has changed meanwhile: what was found is about another one
        if not any(trial.found.overloaded for trial in event.trials):
            self.say(_("Nobody has more to do on any day than they have hours for."))
            return
        helping = next((trial for trial in event.trials if trial.found.moves), None)
        if helping is None:
            self.say(
                _("No other order of the work would help: some items want more hours than their owner has.")
            )
            return
        self.trials, self._tried = event.trials, event.plan
        self._try(helping)

    def _try(self, trial: Trial) -> None:
        self.trial = trial
        self.edits = trial.edits
        self.reckon()
        self.say(" · ".join(trial_words(one, self.plan) for one in self.trials))

    def reckon(self) -> None:
        """Show the plan with what is pending; what is no longer one of the ways that were tried is an edit."""
        if self.trial is not None and self.edits and self.edits != self.trial.edits:
            self.trial = None
        super().reckon()

    def what_if(self) -> str:
        """Return what is tried, each way with what it would do, the one that is shown first."""
        if self.trial is None or self.edits != self.trial.edits:
            return ""
        others = [one for one in self.trials if one is not self.trial]
        words = [trial_words(one, self.plan) for one in (self.trial, *others)]
        shows = _("{level} shows: {what}").format_map(Named(KeyNames(self.boat.keymap), {"what": words[1]}))
        return f"{words[0]} · {shows}"

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
        from store.analysis.forecast import counted, planned_end, to_finish

        key, plan = self.chart.key, self.plan
        task, slot = plan.tasks.get(key), plan.slots.get(key)
        if task is not None:
            ids = to_finish(key, plan.tasks, plan.links, plan.slots)
            title = truncate(clean(task.title), 24)
        else:
            value = key.removeprefix(group_key(""))
            group = [one.id for one in plan.tasks.values() if getattr(one, self.by) == value]
            ids = counted(group, plan.tasks, plan.slots)
            title = self.source.naming.title(self.by, value)
        planned = slot.finish if slot else planned_end(ids, plan.slots)
        words = _("{title}: {items} to go").format(title=title, items=items_words(len(ids)))
        return words, len(ids), planned

    def _against(self, day: int, planned: int) -> str:
        if not planned or day == planned:
            return ""
        return _("{days} against the plan").format(days=days_words(day - planned))


def trial_words(trial: Trial, plan: Plan) -> str:
    """Return what one way of levelling would do: “by hours: 4 → 0 overloaded days, the end +2 d”."""
    found = trial.found
    name = _("one at a time") if trial.one_at_a_time else _("by hours")
    before, after = (sum(map(len, days.values())) for days in (found.overloaded, found.new_overloaded))
    words = _("{name}: overloaded days {before} → {after}").format(name=name, before=before, after=after)
    if found.finish is None or found.new_finish is None:
        return words
    later = working_days_later(plan.calendar(None), found.finish, found.new_finish)
    return f"{words}, {_('the end {days}').format(days=days_words(later))}" if later else words


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
