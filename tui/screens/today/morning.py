"""The first tab of Today: what was promised, what is stuck, what slips, and what is new, with nothing to set up."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from textual.message import Message

from store import queries, schema
from store.day_plan import finish, finish_thing
from store.day_plan_rows import day_of, picked, picks
from store.errors import StoreError
from store.lookup import kind_of
from store.news import mark_all, news
from store.plan_rows import planned_count
from store.today_rows import today_lists
from tui.bindings import bindings
from tui.i18n import N_, _
from tui.news_words import done_words
from tui.screens.tab import Tab
from tui.screens.today.copying import copy_day
from tui.theme import glyph
from tui.today_words import LISTS, count_words, room_words, why_words
from tui.widgets.days import day_words, distance_words, moment_words
from tui.widgets.detail.entries import head_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.analysis.news import Line
    from store.analysis.today import Lists, Thing
    from store.changes import ChangeSet
    from store.commands import Change
    from store.database import Store
    from store.rows import Card

PICKED = "●"
NEW = "new/"  # begins the keys of news, for a thing may stand in a list above as well
NEWS_MOST = 20
LARGE = 20_000  # planned items from which the forecast is left to the timeline
AFTER = 1.0  # seconds after a change until the plan is reckoned again
_SIGNS = {"conflict": "conflict", "commitment": "action", "goal": "milestone"}


class Forecast(Message):
    """The plan was reckoned: the ISO days on which one's items will end that end too late."""

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__()
        self.found = found


class MorningTab(Tab):
    """Lists what presses under headings with counts; what the plan forecasts comes a moment after the first frame."""

    SCOPE = "today"
    LABEL = N_("Today")
    KINDS = (
        "item",
        "dependency",
        "commitment",
        "goal",
        "pick",
        "reading",
        *schema.BOARD_KINDS,
        "feedback",
        "meeting",
    )
    SHOWS = ("item",)
    WRITES = "add"
    NO_CARD = N_("There is nothing under the cursor: {add} writes something down")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._pressing = 0  # how much of what is listed is stuck or slips
        self._forecast: Mapping[str, str] = {}
        self._reckoning = False
        self._news: dict[str, Line] = {}

    def on_mount(self) -> None:
        """Ask the plan what will be late, once the first frame stands."""
        self.call_after_refresh(self._reckon)

    @staticmethod
    def count(store: Store) -> int:
        """Return how many things are stuck or slip."""
        found = today_lists(store)
        return len(found.stuck) + len(found.slipping)

    def counted(self) -> int:
        """Return how many of the things listed are stuck or slip, those of the forecast among them."""
        return self._pressing

    def read(self) -> Sequence[Row]:
        """Return the day in a line, then the lists, each with its heading; an empty one says so."""
        store = self.store
        today = store.today()
        held = picked(store, today.isoformat())
        rows = [Row("", day_words(today.isoformat(), today), facts=(Fact(self._room()),))]
        found = self._lists()
        self._pressing = len(found.stuck) + len(found.slipping)
        for name, label, empty in LISTS:
            things: list[Thing] = getattr(found, name)
            rows.append(Row("", _(label), facts=(Fact(count_words(things)),)))
            rows += [self._row(thing, today, picked=thing.id in held) for thing in things]
            if not things:
                rows.append(Row("", f"  {_(empty)}", style=MUTED))
        self._news = {
            f"{NEW}{line.ent}/{line.keys[0]}": line for line in news(store, everything=True, limit=NEWS_MOST)
        }
        count = len(self._news)
        said = f"{count}+" if count == NEWS_MOST else str(count)
        rows.append(Row("", _("new since you last looked"), facts=(Fact(said),)))
        rows += [self._news_row(key, line, picked=line.ent in held) for key, line in self._news.items()]
        if not self._news:
            rows.append(Row("", "  " + _("Nobody has changed anything since."), style=MUTED))
        return rows

    def _lists(self) -> Lists:
        return today_lists(self.store, self._forecast)

    def _room(self) -> str:
        store = self.store
        today = store.today()
        return room_words(day_of(store, today, picks(store, today.isoformat())))

    def _row(self, thing: Thing, today: datetime.date, *, picked: bool) -> Row:
        late = bool(thing.due) and thing.due < today.isoformat()
        mark, style = (PICKED, "$accent") if picked else (_sign(thing.kind), MUTED)
        other = thing.owner if thing.owner != self.store.member else ""
        facts = (
            Fact(why_words(thing, today)),
            Fact(distance_words(thing.due, today), "$text-error" if late else MUTED),
            Fact(self.directory.member(other) if other else ""),
        )
        return Row(thing.id, thing.title, thing.short, mark, style, facts)

    def _news_row(self, key: str, line: Line, *, picked: bool) -> Row:
        mark, style = (PICKED, "$accent") if picked else (_sign(line.kind), MUTED)
        facts = (
            Fact(line.text or done_words(line, self._value)),
            Fact(moment_words(line.at, self.store.now())),
            Fact(self.directory.member(line.by) if line.by else ""),
        )
        return Row(key, line.title, line.short, mark, style, facts)

    def _value(self, field: schema.Field, value: object) -> str:
        return head_words(self.directory, field, value, self.store.today())

    def teaching(self) -> Sequence[str]:
        """Say what the keys do to what is listed."""
        return (
            _("{pick_today} plans what is under the cursor for today, {today_go} goes to it.").format_map(
                self.key_names
            ),
        )

    # What is under the cursor

    @property
    def card(self) -> Card | None:
        """What is under the cursor: of news, the thing they are about."""
        ent = _about(self.list.key)
        return queries.card(self.store, ent) if ent else None

    def targets(self) -> list[Card]:
        """Return what is selected, else what is under the cursor."""
        return self.desk.fetch(tuple(dict.fromkeys(map(_about, self.list.targets))))

    def seek(self, ent: str) -> bool:
        """Put the cursor on a thing in the lists, else in the news."""
        among = next((key for key, line in self._news.items() if line.ent == ent), "")
        return self.list.go_to(ent) or bool(among and self.list.go_to(among))

    # The forecast

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed; the plan is reckoned again a moment later."""
        super().absorb(changes)
        if changes.touches("item", "dependency", "absence", "day") and not self._reckoning:
            self._reckoning = True
            self.set_timer(AFTER, self._reckon)

    def _reckon(self) -> None:
        self._reckoning = False
        count = planned_count(self.store)
        if count and count <= LARGE:
            store = self.store
            today, me, home = store.today().toordinal(), store.member, store.home
            self.run_worker(
                lambda: self._read_forecast(home, me, today), name="forecast", group="forecast", exclusive=True,
                thread=True,
            )  # fmt: skip

    def _read_forecast(self, home: str, me: str, today: int) -> None:
        """Reckon the plan beside the open screen, on a connection of its own."""
        from store.analysis.today import will_be_late
        from store.plan import read_plan_of

        try:
            plan = read_plan_of(home, today)
        except StoreError:
            return
        found = will_be_late(plan.tasks, plan.slots, me, today)
        self.post_message(
            Forecast({ent: datetime.date.fromordinal(day).isoformat() for ent, day in found.items()})
        )

    def on_forecast(self, event: Forecast) -> None:
        """Show what the plan says will be late."""
        event.stop()
        if dict(event.found) != dict(self._forecast):
            self._forecast = event.found
            self.show()
            self.desk.show_tab_counts()
            self.desk.follow_cursor()

    # What its keys do

    def action_today_go(self) -> None:
        """Go to the thing where it is at home."""
        cards = self.targets()
        if cards:
            self.desk.boat.show_at_home(cards[0].id)

    def action_today_done(self) -> None:
        """Mark the items as done and the promises as kept, and their picks with them."""
        cards = [card for card in self.targets() if kind_of(self.store, card.id) in ("item", "commitment")]
        if not cards:
            self.say(_("An item or a promise can be done here; the rest has its own steps."))
            return
        held = {pick.about: pick for pick in picks(self.store, self.store.today().isoformat())}

        def work(change: Change) -> None:
            for card in cards:
                pick = held.get(card.id)
                if pick is not None:
                    finish(change, pick)
                else:
                    finish_thing(change, card.id)

        if self.change("pick", [card.id for card in cards], work, said=_("done")):
            self.desk.clear_selection()

    def action_today_seen(self) -> None:
        """Mark what teammates did as seen, on all of one's devices."""
        if not self.noted(lambda: mark_all(self.store)):
            return
        self.show()
        self.desk.show_counts()
        self.desk.follow_cursor()
        self.say(_("Everything is marked as seen."))

    def action_today_digest(self) -> None:
        """Copy the day as a text."""
        copy_day(self, self._lists())


def _sign(kind: str) -> str:
    return glyph(_SIGNS[kind]) if kind in _SIGNS else "·"


def _about(key: str) -> str:
    """Return what a row is about: a thing of a list, or what a line of news leads to."""
    return key.removeprefix(NEW).partition("/")[0]
