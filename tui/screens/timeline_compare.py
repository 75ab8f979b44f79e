"""The plan against what it was: on any past day, at the last review, at a named baseline; and why it changed."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from store import schema
from store.errors import StoreError
from tui.i18n import _, ngettext
from tui.screens.choices import Choice
from tui.screens.timeline_edits import TimelineEdits
from tui.screens.timeline_words import day_words, working_days
from tui.timeline.chart import days_words, items_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from store.commands import Change
    from store.plan import Plan
    from tui.app import SameboatApp
    from tui.screens.choices import Picked

REVIEW, NONE = "review", "none"
DAY_MS = 86_400_000


class Moment(NamedTuple):
    """What the plan is compared with: a moment (ms since the epoch), and what it is called."""

    at: int
    name: str


class Compared(Message):
    """The plan of another moment has been read; `error` says why it could not be."""

    def __init__(self, moment: Moment, plan: Plan | None, error: str = "") -> None:
        super().__init__()
        self.moment = moment
        self.plan = plan
        self.error = error


class TimelineCompare(TimelineEdits):
    """Compares the plan with another day's, and keeps what people say of a change."""

    moment: Moment | None = None
    past: Plan | None = None

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self._measured: Plan | None = None  # the plan whose drift is told
        self._asked_about: dict[str, int] = {}  # items, and the last day of the slip that was asked about

    def on_mount(self) -> None:
        """Compare with the last review, once the chart stands."""
        self.call_after_refresh(lambda: self.compare(self._since_review()))

    def _since_review(self) -> Moment | None:
        from store.plan_past import last_review

        at = last_review(self.boat.store)
        return None if at is None else Moment(at, _("the last review"))

    def compare(self, moment: Moment | None) -> None:
        """Compare with a moment, None for nothing; the past is read in a thread, for it may be long."""
        self.moment = moment
        if moment is None:
            self.past, self.baseline, self.baseline_words, self.drifts = None, None, "", {}
            self.reckon()
            return
        self.run_worker(
            partial(self._read_past, moment), name="baseline", group="baseline", exclusive=True, thread=True
        )

    def _read_past(self, moment: Moment) -> None:
        from store.plan_past import plan_as_of
        from tui.sentences import sentence

        try:
            plan = plan_as_of(self.boat.store.home, moment.at)
        except StoreError as error:
            self.post_message(Compared(moment, None, sentence(error)))
        else:
            self.post_message(Compared(moment, plan))

    def show_baseline(self, event: Compared) -> None:
        """Show what was read, unless something else was asked for meanwhile."""
        if event.moment != self.moment:
            return
        if event.plan is None:
            self.say(event.error, error=True)
            return
        self.past = event.plan
        self._measured = self.plan
        self.measure()
        self.reckon()

    def reckon(self) -> None:
        """Show the plan; how far it has drifted is measured once it is shown, for that looks at every item."""
        super().reckon()
        if self.past is not None and self._measured is not self.plan:
            self._measured = self.plan
            self.call_after_refresh(self._measure_again)

    def _measure_again(self) -> None:
        self.measure()
        self.show_facts()

    def measure(self) -> None:
        """Say how far the plan has drifted since the moment it is compared with."""
        from store.plan_past import drifted

        if self.past is None or self.moment is None:
            return
        self.baseline = self.past.slots
        found = drifted(self.past, self.plan)
        self.drifts = {drift.department: drift for drift in found.departments}
        day = datetime.fromtimestamp(self.moment.at / 1000).date()
        parts = [_("against {name} ({day})").format(name=self.moment.name, day=day_words(day.toordinal()))]
        if found.finish_days:
            parts.append(_("the end {days}").format(days=days_words(found.finish_days)))
        later = sum(one.finish_days > 0 for one in found.differences if not one.is_parent)
        if later:
            parts.append(ngettext("{count} slipped", "{count} slipped", later).format(count=later))
        self.baseline_words = " · ".join(parts)

    def action_baseline(self) -> None:
        """Choose what the plan is compared with."""
        from store.dates import parse_day
        from store.plan_past import baselines
        from tui.screens.picker import Picker

        store = self.boat.store
        now = store.now()
        known: dict[str, Moment] = {}
        choices: list[Choice] = []
        review = self._since_review()
        if review is not None:
            known[REVIEW] = review
            choices.append(Choice(REVIEW, _("the last review"), self._day(review.at)))
        for key, days, label in (("week", 7, _("a week ago")), ("month", 30, _("a month ago"))):
            known[key] = Moment(now - days * DAY_MS, label)
            choices.append(Choice(key, label, self._day(known[key].at)))
        for ent, title, at in baselines(store):
            known[ent] = Moment(at, title)
            choices.append(Choice(ent, title, self._day(at)))
        choices.append(Choice(NONE, _("nothing")))

        def find(text: str) -> Sequence[Choice]:
            day = parse_day(text.strip(), store.today())
            if day is None or day > store.today():
                return []
            end = int(datetime(day.year, day.month, day.day, 23, 59, 59).timestamp() * 1000)
            known[day.isoformat()] = Moment(min(end, now), day.isoformat())
            return [Choice(day.isoformat(), day.isoformat(), _("the end of that day"))]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.compare(known.get(answer.chosen[0]))

        self.app.push_screen(Picker(_("Compare the plan with"), choices, find=find), picked)

    def _day(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000).date().isoformat()

    def action_save_baseline(self) -> None:
        """Give today's plan a name: the log keeps every day of it anyhow."""
        from store.plan_past import save_baseline
        from tui.screens.asking import Ask

        at = self.boat.store.now()

        def answered(text: str | None) -> None:
            if not text:
                return

            def work(change: Change) -> None:
                save_baseline(change, text, at)

            if self.boat.perform("add", work, detail=text) is not None:
                self.say(_("✓ baseline “{name}”").format(name=text))

        self.app.push_screen(
            Ask(_("What is this plan called?"), self.boat.store.today().isoformat()), answered
        )

    # Reasons

    def keep_now(self, label: str, ids: Sequence[str], work: Callable[[Change], object], said: str) -> bool:
        """Write a change; what slipped by it is asked about."""
        before = self._ends(ids)
        made = super().keep_now(label, ids, work, said)
        if made:
            self._ask_about(before)
        return made

    def change(
        self, label: str, ids: Sequence[str], work: Callable[[Change], object], *, said: str = ""
    ) -> bool:
        """Do one change to the store; what slipped by it is asked about."""
        before = self._ends(ids)
        made = super().change(label, ids, work, said=said)
        if made:
            self._ask_about(before)
        return made

    def _ends(self, ids: Sequence[str]) -> dict[str, int]:
        slots = self.plan.slots
        return {ent: slots[ent].finish for ent in ids if ent in slots}

    def _ask_about(self, before: Mapping[str, int]) -> None:
        """Ask once why items end later than they did, and later than in the plan it is compared with."""
        from store.plan_past import explained

        slipped = []
        for ent, finish in before.items():
            was, now = (self.baseline or {}).get(ent), self.plan.slots.get(ent)
            if was is None or now is None or now.is_parent or now.finish <= max(was.finish, finish):
                continue
            if self._asked_about.get(ent) != now.finish and now.finish not in explained(self.boat.store, ent):
                self._asked_about[ent] = now.finish
                slipped.append(ent)
        if slipped:
            self.ask_reason(slipped)

    def action_reason(self) -> None:
        """Say why the item moved: once, with one key; reports count it."""
        if self.chart.key in self.plan.tasks and self.chart.key in self.plan.slots:
            self.ask_reason([self.chart.key])

    def ask_reason(self, ids: Sequence[str]) -> None:
        """Offer the reasons, and keep the one that is chosen for each of these items, with both dates."""
        from tui.screens.picker import Picker

        field = schema.KINDS["checkin"].fields["reason"]

        def picked(answer: Picked | None) -> None:
            if answer is None or not (answer.chosen or answer.new):
                return
            given: dict[str, object] = (
                {"reason": "other", "note": answer.new} if answer.new else {"reason": answer.chosen[0]}
            )

            def work(change: Change) -> None:
                for ent in ids:
                    fields = {
                        "item": ent,
                        "answer": "moved",
                        "now": iso(self.plan.slots[ent].finish),
                        **given,
                    }
                    before = (self.baseline or {}).get(ent)
                    if before is not None:
                        fields["was"] = iso(before.finish)
                    change.create("checkin", fields)

            self.keep_now("add", ids, work, answer.new or _(str(given["reason"])))

        title = _("Why did {item} move?").format(item=self.items_said(ids))
        choices = [Choice(choice, _(choice), search=(choice,)) for choice in field.choices]
        create = _("other: {text}")
        self.app.push_screen(Picker(title, choices, create=lambda text: create.format(text=text)), picked)

    def action_reasons(self) -> None:
        """List what made the plan change, the weightiest first."""
        from store.plan_past import reasons
        from tui.screens.picker import Picker

        counted = reasons(self.boat.store, self.plan.calendar(None))
        if not counted:
            self.say(_("Nobody has said why anything moved yet."))
            return
        choices = [
            Choice(
                row.reason,
                _(row.reason) if row.reason else _("no reason given"),
                f"{items_words(row.times)} · {working_days(row.days)} · {row.share:.0%} · Σ {row.cumulative:.0%}",
            )
            for row in counted
        ]
        self.app.push_screen(Picker(_("What made the plan change"), choices))

    def action_problems(self) -> None:
        """List what is wrong with the plan; choosing one goes there."""
        from tui.screens.picker import Picker
        from tui.timeline.problems import problem_words

        found = self.shown_plan.schedule.problems
        if not found:
            self.say(_("Nothing is wrong with the plan."))
            return
        places: dict[str, str] = {}
        choices = []
        for number, problem in enumerate(found[:500]):
            text, about, key = problem_words(problem, self.shown_plan, self.cards)
            places[str(number)] = key
            choices.append(Choice(str(number), f"{about} {text}"))

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.chart.go_to(places[answer.chosen[0]])

        self.app.push_screen(Picker(_("What to look at in the plan"), choices), picked)

    def items_in_sight(self) -> str:
        """Return how many items the filter leaves, in words."""
        return items_words(sum(line.kind == "item" for line in self.source.lines))


def iso(day: int) -> str:
    """Return a day as the store keeps it."""
    return date.fromordinal(day).isoformat()
