"""The plan tab of Today: what one picked for the day, in order, against the hours there are, with a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import day_plan, queries
from store.analysis.minutes_typed import parse_minutes, timed_line
from store.day_plan_clock import running_clock
from store.day_plan_rows import CARRIED, DONE, LET_GO, PLANNED, Pick, day_of, open_count, picks, unfinished
from store.today_rows import today_lists
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.screens.tab import Tab
from tui.screens.today.answers import DayAnswers
from tui.screens.today.copying import copy_day
from tui.theme import glyph
from tui.today_words import (
    SIGNS,
    bar_words,
    minutes_words,
    moved_words,
    pick_words,
    picks_words,
    room_words,
)
from tui.widgets.days import day_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.change import Change
    from store.database import Store
    from store.rows import Card

BAR = 40  # cells
RUNS = "▶"
_STYLES = {PLANNED: MUTED, DONE: "$text-success", CARRIED: "$text-warning", LET_GO: MUTED}


class DayPlanTab(Tab):
    """Lists the picks of the day in one's own order; each key works on what is selected, as one undo."""

    SCOPE = "dayplan"
    LABEL = N_("Day plan")
    KINDS = ("pick", "time_entry", "item", "commitment", "conflict", "member", "absence", "day", "meeting")
    WRITES = "add"
    NO_CARD = N_("This is a line of your own: {pick_rename} edits it")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._picks: dict[str, Pick] = {}
        self._today: list[Pick] = []
        self._unfinished: list[Pick] = []

    @staticmethod
    def count(store: Store) -> int:
        """Return how many picks of the day are still open."""
        return open_count(store, store.today().isoformat())

    @property
    def answers(self) -> DayAnswers:
        """What answers for picks."""
        return DayAnswers(self.desk.boat, self._done)

    def read(self) -> Sequence[Row]:
        """Return the day in words and as a bar, its picks, then what was left from days before."""
        store = self.store
        today = store.today()
        self._today = picks(store, today.isoformat())
        self._unfinished = unfinished(store, today)
        self._picks = {pick.id: pick for pick in (*self._today, *self._unfinished)}
        if not self._picks:
            return []
        day = day_of(store, today, self._today)
        style = "$text-error" if day.over else "$text-success"
        rows = [
            Row("", day_words(today.isoformat(), today), facts=(Fact(room_words(day)),)),
            Row("", bar_words(day, BAR), style=style),
        ]
        clock = running_clock(store)
        clocked = clock.about if clock is not None else ""
        rows += [self._row(pick, clocked) for pick in self._today]
        if not self._today:
            rows.append(Row("", "  " + _("Nothing is picked for today yet."), style=MUTED))
        for number, pick in enumerate(self._unfinished):
            if not number or self._unfinished[number - 1].date != pick.date:
                left = sum(other.date == pick.date for other in self._unfinished)
                said = _("left from {day}").format(day=day_words(pick.date, today))
                rows.append(Row("", said, facts=(Fact(str(left)),)))
            rows.append(self._row(pick, clocked))
        return rows

    def _row(self, pick: Pick, clocked: str) -> Row:
        runs = clocked == (pick.about or pick.id) and pick.state == PLANNED
        mark, style = (
            (RUNS, "$accent") if runs else (SIGNS.get(pick.state, "·"), _STYLES.get(pick.state, MUTED))
        )
        title = pick.title
        if pick.gone:
            title = (
                _("{title} (in the trash)").format(title=title) if title else _("(what it was about is gone)")
            )
        facts = (
            Fact(minutes_words(pick.minutes) if pick.minutes else ""),
            Fact(_("logged {minutes}").format(minutes=minutes_words(pick.spent)) if pick.spent else ""),
            Fact(_(pick.reason) if pick.reason else moved_words(pick), "$text-warning"),
            Fact(glyph("private") if pick.private else _("shared")),
        )
        done = MUTED if pick.state != PLANNED else ""
        return Row(pick.id, title, pick.short, mark, style, facts, done)

    def teaching(self) -> Sequence[str]:
        """Say how the day is planned."""
        keys = self.key_names
        today = self.store.today()
        first = (
            _("Nothing is picked for {day}.").format(day=day_words(today.isoformat(), today)),
            room_words(day_of(self.store, today, [])),
            "",
        )
        return (
            *(first if not self._today else ()),
            _("{pick_today} on Today, the board and the timeline picks what is under the cursor.").format_map(
                keys
            ),
            _(
                "{pick_text} plans a line of your own. Nobody sees the plan before {pick_share} shares it."
            ).format_map(keys),
        )

    # What is under the cursor

    @property
    def card(self) -> Card | None:
        """What the pick under the cursor is about."""
        pick = self._picks.get(self.list.key)
        return queries.card(self.store, pick.about) if pick is not None and pick.about else None

    def targets(self) -> list[Card]:
        """Return what the picks chosen are about."""
        return self.desk.fetch(tuple(pick.about for pick in self._chosen() if pick.about))

    @property
    def no_card(self) -> str:
        """What to say where the pick under the cursor is about nothing, or none is there."""
        if self._picks:
            return self.NO_CARD
        return N_("Nothing is picked yet: {pick_text} plans a line of your own")

    def seek(self, ent: str) -> bool:
        """Put the cursor on the pick that is about a thing."""
        found = next((pick.id for pick in self._today if ent in (pick.about, pick.id)), "")
        return bool(found) and self.list.go_to(found)

    def _chosen(self) -> list[Pick]:
        return [self._picks[key] for key in self.list.targets if key in self._picks]

    def _open(self) -> list[Pick]:
        """Return the picks chosen, having said so where there is none."""
        chosen = self._chosen()
        if not chosen:
            self.say_no_card()
        return chosen

    def _done(self, said: str) -> None:
        self.desk.clear_selection()
        self.desk.say_done(said)

    def _do(self, label: str, what: str, work: Callable[[Change], object], said: str = "") -> bool:
        made = self.desk.boat.perform(label, work, detail=what)
        if made is not None and said:
            self._done(f"{what} {said}" if what else said)
        return made is not None

    # Picking and ordering

    def action_pick_text(self) -> None:
        """Plan a line of one's own, with how long it takes at its end where that is said."""

        def answered(text: str) -> None:
            title, minutes = timed_line(text)
            if title:
                made: list[str] = []
                day = self.store.today().isoformat()

                def work(change: Change) -> None:
                    made.append(day_plan.pick(change, day, title=title, minutes=minutes))

                if self._do("pick", title, work, _("planned")):
                    self.list.go_to(made[0])

        self.ask_line(_("What else is to be done today? A span at the end says how long: 30m"), answered)

    def action_pick_rename(self) -> None:
        """Edit a line of one's own, or the title of what the pick is about."""
        pick = self._picks.get(self.list.key)
        if pick is None:
            self.say_no_card()
        elif pick.about:
            self.desk.action_edit_title()
        else:

            def answered(text: str) -> None:
                title = " ".join(text.split())
                if title:
                    self._do("pick", title, lambda change: change.set(pick.id, {"title": title}))

            self.ask_line(_("What does it say?"), answered, value=pick.title)

    def action_pick_up(self) -> None:
        """Move the pick up."""
        self._put(-1)

    def action_pick_down(self) -> None:
        """Move the pick down."""
        self._put(1)

    def _put(self, by: int) -> None:
        pick = self._picks.get(self.list.key)
        if pick is not None and pick in self._today:
            self._do("pick", pick_words(pick), lambda change: day_plan.put(change, self._today, pick.id, by))

    def action_pick_out(self) -> None:
        """Take picks out of their day."""
        chosen = self._open()
        if chosen:
            words = picks_words(chosen)
            self._do(
                "pick",
                words,
                _each(day_plan.take_out, [pick.id for pick in chosen]),
                _("not planned"),
            )

    def action_pick_minutes(self) -> None:
        """Say how long picks take; an empty line says that nobody knows."""
        chosen = self._open()

        def answered(text: str) -> None:
            minutes = parse_minutes(text) if text else None
            if text and minutes is None:
                self.say(
                    _("“{text}” is no span of time, like 45, 1h30 or 半小时.").format(text=text), error=True
                )
                return
            said = minutes_words(minutes) if minutes else _("nobody knows how long")
            ids = [pick.id for pick in chosen]
            self._do(
                "pick", picks_words(chosen), lambda change: day_plan.estimate(change, ids, minutes), said
            )

        if chosen:
            held = chosen[0].minutes
            self.ask_line(
                _("How long does it take? 45, 1h30, 半小时"),
                answered,
                value=minutes_words(held) if held else "",
            )

    # What becomes of it

    def action_pick_done(self) -> None:
        """Mark picks as done; where all of them are, they are planned again."""
        chosen = self._open()
        if not chosen:
            return
        if all(pick.state == DONE for pick in chosen):
            ids = [pick.id for pick in chosen]
            self._do(
                "pick", picks_words(chosen), _each(day_plan.reopen, ids),
                _("planned again"),
            )  # fmt: skip
        else:
            self.answers.finish([pick for pick in chosen if pick.state != DONE])

    def action_pick_tomorrow(self) -> None:
        """Carry picks over to the next working day."""
        if chosen := self._open():
            self.answers.push_on(chosen)

    def action_pick_day(self) -> None:
        """Carry picks over to another day."""
        if chosen := self._open():
            self.answers.push_to_some_day(chosen)

    def action_pick_let_go(self) -> None:
        """Let picks go, and say why."""
        if chosen := self._open():
            self.answers.let_go(chosen)

    def action_pick_bring(self) -> None:
        """Take over to today what was left from days before: what is selected of it, else all of it."""
        chosen = [pick for pick in self._unfinished if pick.id in self.list.selected] or self._unfinished
        if not chosen:
            self.say(_("Nothing was left from days before."))
            return
        day = self.store.today().isoformat()
        count = ngettext("{count} pick", "{count} picks", len(chosen)).format(count=len(chosen))
        self._do(
            "pick", count, lambda change: day_plan.bring_over(change, chosen, day), _("taken over to today")
        )

    # Time

    def action_pick_clock(self) -> None:
        """Start the clock of the pick here, or stop it where it runs."""
        clock = running_clock(self.store)
        pick = self._picks.get(self.list.key)
        if clock is not None and (pick is None or clock.about == (pick.about or pick.id)):
            self._stop_clock()
        elif pick is None:
            self.say_no_card()
        elif self._do("time", pick_words(pick), lambda change: day_plan.start_clock(change, pick)):
            self.desk.say_done(_("the clock runs: {what}").format(what=pick_words(pick)))
            self.desk.show_hints()

    def _stop_clock(self) -> None:
        logged: list[int] = []
        if self._do("time", "", lambda change: logged.append(day_plan.stop_clock(change))):
            self.desk.say_done(_("logged {minutes}").format(minutes=minutes_words(logged[0])))
            self.desk.show_hints()

    def action_pick_log(self) -> None:
        """Log time by hand on the pick here."""
        chosen = self._open()[:1]

        def answered(text: str) -> None:
            minutes = parse_minutes(text)
            if minutes is None:
                self.say(
                    _("“{text}” is no span of time, like 45, 1h30 or 半小时.").format(text=text), error=True
                )
                return
            pick = chosen[0]
            said = _("logged {minutes}").format(minutes=minutes_words(minutes))
            about = pick.about or pick.id
            self._do("time", pick_words(pick), lambda change: day_plan.log_time(change, about, minutes), said)

        if chosen:
            self.ask_line(_("How long did it take? 45, 1h30, 半小时"), answered)

    # Together

    def action_pick_share(self) -> None:
        """Share the picks of the day; what is about a private draft stays one's own."""
        store = self.store
        day = store.today().isoformat()
        told: list[tuple[list[str], list[str]]] = []

        def write() -> Change:
            from store.change import Change

            with Change(store, "share", day_words(day, store.today()), final=True) as made:
                told.append(day_plan.share_day(made, day))
            return made

        if not any(pick.private for pick in self._today):
            self.say(
                _("The plan of the day is shared already.")
                if self._today
                else _("Nothing is picked for today yet.")
            )
        elif self.desk.boat.write(write) is not None:
            shared, kept = told[0]
            said = ngettext("{count} pick shared", "{count} picks shared", len(shared)).format(
                count=len(shared)
            )
            if kept:
                drafts = ngettext(
                    "{count} is about a draft and stays", "{count} are about drafts and stay", len(kept)
                )
                said += " · " + drafts.format(count=len(kept))
            self.say(f"✓ {said}")

    def action_pick_review(self) -> None:
        """Look back on the day."""
        from tui.screens.today.evening import EveningScreen

        if self._today:
            self.app.push_screen(EveningScreen(self.desk.boat))
        else:
            self.say(_("Nothing is picked for today yet."))

    def action_pick_digest(self) -> None:
        """Copy the day as a text."""
        copy_day(self, today_lists(self.store))


def _each(work: Callable[[Change, str], object], ids: Sequence[str]) -> Callable[[Change], None]:
    def all_of_them(change: Change) -> None:
        for ent in ids:
            work(change, ent)

    return all_of_them
