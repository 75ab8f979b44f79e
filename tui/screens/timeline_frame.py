"""The timeline screen's frame: what stands where, what is read of the plan, and what is read again when it changes."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from store import queries
from store.chart_rows import disputed_items
from store.errors import StoreError
from store.plan import SMALL, first_plan, read_plan, replanned
from store.plan_rows import planned_count
from tui.actions import ACTIONS, PLANNING
from tui.celltext import clean
from tui.i18n import _
from tui.left_off import Spot, number_of, text_of, texts_of
from tui.palette import KeyNames
from tui.screens.desk import Workbench
from tui.screens.filtering import Filtering
from tui.screens.timeline_words import Named, edit_words, facts
from tui.timeline.naming import Naming
from tui.timeline.outline import GROUPINGS, TRAY_KEY
from tui.timeline.reading import Asked, Chart, read_about, read_chart
from tui.timeline.source import Context, PlanSource, Rows
from tui.widgets.detail import DetailView, Entry, plain_entries
from tui.widgets.header import TIMELINE
from tui.widgets.timeline import TimelineView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

    from store.analysis.plan import Link, Slot, Task
    from store.analysis.shifting import Edit
    from store.analysis.variance import Drift
    from store.changes import ChangeSet
    from store.commands import Change
    from store.plan import Plan
    from store.rows import Card
    from tui.app import SameboatApp

FIRST = 200  # items of a larger one that the first frame has
FOLDED_MOST = 200  # branches whose fold is remembered
A_FRAME = 1 / 60  # seconds
MOST_MISSED = 100  # changes that are kept for a plan that is being read; after more it is read once more
# Kinds whose changes may change where bars lie.
PLANNED_KINDS = ("item", "dependency", "day", "absence", "member", "department", "status", "workspace")


class PlanRead(Message):
    """A large plan has been read, in a thread; None where that failed."""

    def __init__(self, chart: Chart | None) -> None:
        super().__init__()
        self.chart = chart


class FactsLine(Static):
    """What is known of the row under the cursor, and what a change that is not kept yet would push."""

    DEFAULT_CSS = """
    FactsLine { height: 2; padding: 0 1; background: $background; }
    """


class PlanBench(Workbench):
    """The chart and the details beside it."""


class TimelineFrame(Filtering):
    """Shows the plan; keeps what is pending apart from what is true until a key keeps it."""

    SCOPE = "timeline"
    PLACE = TIMELINE
    GROUP = PLANNING
    # A screen's `CSS` would have all style sheets read again when it opens.
    DEFAULT_CSS = """
    TimelineFrame { background: $background; layers: base over; }
    """

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        config = boat.config
        self.beside = False  # the chart keeps its width until the details are asked for
        self.by = config.get("timeline_group") if config.get("timeline_group") in GROUPINGS else "department"
        self.folded: set[str] = {TRAY_KEY}
        self.baseline: Mapping[str, Slot] | None = None
        self.baseline_words = ""
        self.drifts: Mapping[str, Drift] = {}  # since the baseline, by department
        self.edits: dict[str, Edit] = {}
        self.new_links: list[Link] = []
        self.dropped_links: list[Link] = []
        # The link that is being made.
        self.link_type = "FS"
        self.link_lag = 0
        self._cards: dict[str, Card] = {}
        self.whole = planned_count(boat.store) <= SMALL  # whether the plan has been read to its end
        self.plan = read_plan(boat.store) if self.whole else first_plan(boat.store, FIRST)
        self.shown_plan = self.plan
        self._shown_rows: Rows | None = None  # None when they are to be ordered anew
        self._told: tuple[str, int] = ("", 0)  # the row and the day that are told of
        self._pending_said: set[str] = set()  # items of which the details say that a change is pending
        self.reading = False  # whether a thread reads the plan now
        self._missed: list[ChangeSet] = []  # what changed meanwhile
        self._about = read_about(boat.store, self._rows_asked(), whole=self.whole)
        self.chart = TimelineView(
            self._source(), boat.store.today().toordinal(), config.get("timeline_zoom") or "month"
        )
        self._details = DetailView()
        self._bench = PlanBench(self.chart, self._details)
        self.facts = FactsLine(markup=False, id="facts")

    def compose(self) -> ComposeResult:
        """Lay out the chart between the lines."""
        yield self.header
        yield self.banners
        yield self._bench
        yield self.facts
        yield self.footer

    def on_mount(self) -> None:
        """Give the keys to the chart."""
        self.chart.hint = self._teaching()
        self.chart.focus()
        self.fit()
        self.show_facts()
        if not self.whole:
            self.call_after_refresh(self._begin_when_shown)

    def _begin_when_shown(self) -> None:
        """Read the rest when the first rows stand: a thread that reckons would keep them waiting."""
        if self.app._batch_count:
            self.set_timer(A_FRAME, self._begin_when_shown)
        else:
            self._begin_reading()

    def _begin_reading(self) -> None:
        if self.reading:
            return
        self.reading = True
        self._missed = []
        asked = self._rows_asked()
        self.run_worker(
            lambda: self._read_whole(asked), name="plan", group="plan", exclusive=True, thread=True
        )

    def _read_whole(self, asked: Asked) -> None:
        """Read the whole plan beside the open screen."""
        store = self.boat.store
        try:
            chart = read_chart(store.home, store.today().toordinal(), asked)
        except StoreError:
            self.post_message(PlanRead(None))
        else:
            self.post_message(PlanRead(chart))

    def on_plan_read(self, event: PlanRead) -> None:
        """Show the whole plan; what changed while it was read is followed, or has it read once more."""
        event.stop()
        store, chart, missed = self.boat.store, event.chart, self._missed
        self.reading = False
        self.whole = True
        if chart is None:  # the connection that is open may work, or tells why it does not
            self._read_here()
            return
        self.plan, self._about = chart.plan, chart.about
        gc.freeze()  # it stays, and is most of what there is: a collection between two keys need not look at it
        self._shown_rows = chart.rows if chart.asked == self._rows_asked() else None
        self._cards.clear()
        if self._shown_rows is None:
            self._read_about()
        told = len(missed) <= MOST_MISSED
        for changes in missed if told else ():
            plan = replanned(store, self.plan, changes)
            if plan is None:
                told = False
                break
            self._follow(plan, changes)
        self.reckon()
        if not told:
            self._begin_reading()

    def on_resize(self, event: events.Resize) -> None:
        """Fold the words to the new width."""
        self.show_facts()

    # The details

    @property
    def cards_view(self) -> TimelineView:
        """The chart."""
        return self.chart

    @property
    def details(self) -> DetailView:
        """The pane."""
        return self._details

    @property
    def workbench(self) -> PlanBench:
        """The chart and the pane."""
        return self._bench

    @property
    def card(self) -> Card | None:
        """The item under the cursor."""
        return self.cards([self.chart.key]).get(self.chart.key) if self.chart.key else None

    def remember_details(self) -> None:
        """Keep nothing: the next timeline has its full width again."""

    def said_first(self, card: Card) -> list[Entry]:
        """Say that a change of the item is shown on the chart and not kept yet."""
        self._pending_said = {*self.edits}
        edit = self.edits.get(card.id)
        if not edit:
            return []
        text = _("Not kept yet: {what}. On the chart, {timeline_keep} keeps it and {timeline_drop} drops it.")
        words = Named(KeyNames(self.boat.keymap), {"what": edit_words(edit)})
        return plain_entries([text.format_map(words), ""], self.details.text_width)

    def change(
        self, label: str, ids: Sequence[str], work: Callable[[Change], object], *, said: str = ""
    ) -> bool:
        """Do one change to the store; what it says of an item holds over what is pending of the same."""
        before = {ent: self.plan.tasks.get(ent) for ent in ids}
        done = super().change(label, ids, work, said=said)
        for ent, task in before.items():
            now = self.plan.tasks.get(ent)
            if now is not None and task is not None and ent in self.edits:
                kept = {
                    name: value
                    for name, value in self.edits.pop(ent).items()
                    if getattr(task, name) == getattr(now, name)
                }
                if kept:
                    self.edits[ent] = kept
                self.reckon()
        return done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep the keys of cards for the details: on the chart letters mean something else."""
        known = ACTIONS.get(action)
        if known is not None and known.scope == "desk" and self.focused in (self.chart, None):
            return False
        return super().check_action(action, parameters)

    # Capture

    def show_made(self, ent: str) -> bool:
        """Put the cursor on what was just made: on its day, or in the tray; tells whether it shows here."""
        if self.chart.source.index_of(ent) is None and ent in self._about.tray and TRAY_KEY in self.folded:
            self.folded.discard(TRAY_KEY)
            self.refold()
        found = self.chart.go_to(ent)
        slot = self.slot_here if found else None
        if slot is not None:
            self.chart.go_to_day(slot.start)
        self.show_facts()
        return found

    def hidden_words(self) -> str:
        """Return the sentence for something that was made and does not show here."""
        return "{what}"

    # What is read

    def _rows_asked(self) -> Asked:
        """Say which rows are shown."""
        order = tuple(Naming(self.directory).order(self.by))
        return Asked(self.where, self.by, order, frozenset(self.folded))

    def _read_about(self) -> None:
        """Read what is asked for besides the plan; of the first items of a large one there is no tray yet."""
        self._about = read_about(self.boat.store, self._rows_asked(), whole=self.whole)

    def read(self) -> None:
        """Read the plan anew and show it, with what is pending; a large one when a thread has read it."""
        if self.is_attached and (len(self.plan.tasks) > SMALL or not self.whole):
            self._begin_reading()
        else:
            self._read_here()

    def _read_here(self) -> None:
        self.plan = read_plan(self.boat.store)
        self._cards.clear()
        self.rearrange()

    def rearrange(self) -> None:
        """Read what stands beside the plan anew, and show the rows in another order."""
        self._shown_rows = None
        self._read_about()
        self.reckon()

    def refold(self) -> None:
        """Show what is folded now."""
        if self._shown_rows is not None:
            self._shown_rows = self._shown_rows.refolded(self.plan, self._about.choice(self._rows_asked()))
        self.reckon()

    def _follow(self, plan: Plan, changes: ChangeSet) -> None:
        """Take the plan after a commit, and put the rows that it reached where they belong now."""
        before, self.plan = self.plan, plan
        for ent in changes.ids():
            self._cards.pop(ent, None)
        self._read_about()
        reached = plan.schedule.reached_from(before.schedule)
        narrowed = self._about.matching is not None  # then an edit may show others, or hide them
        if self._shown_rows is None or narrowed or len(reached) > len(plan.tasks) // 2:
            self._shown_rows = None
        else:
            ids = {*reached, *changes.ids("item")}
            self._shown_rows = self._shown_rows.after(plan, ids, self._about.choice(self._rows_asked()))

    def reckon(self) -> None:
        """Show the plan with what is pending, in the order of the rows without it: nothing jumps while one edits."""
        edits = {ent: edit for ent, edit in self.edits.items() if ent in self.plan.tasks}
        pending = bool(edits or self.new_links or self.dropped_links)
        self.shown_plan = (
            self.plan.edited(edits, self.new_links, self.dropped_links) if pending else self.plan
        )
        self.chart.hint = self._teaching()
        self.chart.show(self._source())
        self.show_facts()
        if self.details_in_sight and (self.edits or self._pending_said):
            self.show_details()

    def what_if(self) -> str:
        """Return what is tried, where what is pending is a trial."""
        return ""

    @property
    def pending(self) -> bool:
        """Whether something is shown that is not kept yet."""
        return self.shown_plan is not self.plan

    @property
    def here(self) -> Task | None:
        """The item under the cursor, as it would be."""
        return self.shown_plan.tasks.get(self.chart.key)

    @property
    def slot_here(self) -> Slot | None:
        """Where the item under the cursor lies."""
        return self.shown_plan.slots.get(self.chart.key)

    @property
    def source(self) -> PlanSource:
        """The rows that are shown."""
        source = self.chart.source
        assert isinstance(source, PlanSource)
        return source

    def cards(self, ids: Iterable[str]) -> Mapping[str, Card]:
        """Return what is known of these items, read once while they stay as they are."""
        missing = [ent for ent in ids if ent not in self._cards]
        for ent in missing:
            card = queries.card(self.boat.store, ent)
            if card is not None:
                self._cards[ent] = card
        return self._cards

    def targets(self) -> list[Card]:
        """Return the item under the cursor."""
        return [card for ent in (self.chart.key,) if (card := self.cards([ent]).get(ent)) is not None]

    def _source(self) -> PlanSource:
        naming = Naming(self.directory)
        if self._shown_rows is None:
            asked = self._rows_asked()
            self._shown_rows = Rows.of(self.plan, asked.order, self._about.choice(asked))
        context = Context(
            self.baseline or {},
            self.plan if self.pending else None,
            {*self.edits},
            self._about.disputed,
            partial=not self.whole,
        )
        return PlanSource(self.shown_plan, naming, self.cards, self._shown_rows, context)

    # What is shown

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, here or elsewhere; what is pending stays pending."""
        super().absorb(changes)
        planned = changes.touches(*PLANNED_KINDS)
        if self.reading and planned:
            self._missed.append(changes)
        if not self.whole:
            return
        if planned:
            plan = replanned(self.boat.store, self.plan, changes)
            if plan is None:
                self.read()
            else:
                self._follow(plan, changes)
                self.reckon()
        elif changes.touches("conflict", "comment", "check", "goal"):
            self._cards.clear()
            self._about = self._about._replace(disputed=disputed_items(self.boat.store))
            self.reckon()
        self.show_details()

    def seek(self, ent: str) -> bool:
        """Put the cursor on an item; tells whether the chart shows it."""
        found = self.chart.go_to(ent)
        if found:
            self.show_facts()
            self.follow_cursor()
        return found

    def begin_at(self, ent: str) -> None:
        """Put the cursor on an item, where the chart shows it."""
        self.chart.go_to(ent)

    def spot(self) -> Spot:
        """Return the row under the cursor, the first in sight, and what is folded."""
        if self.filter_text or not self.source.count:
            return self.boat.left_off.spot(self.PLACE)
        return {
            "row": self.chart.key, "index": self.chart.index, "top": self.chart.top,
            "by": self.by, "folded": sorted(self.folded)[:FOLDED_MOST],
        }  # fmt: skip

    def come_back(self, spot: Spot) -> None:
        """Take the cursor to its row, or near where that was; the chart begins at today, as ever."""
        if not spot:
            return
        if text_of(spot, "by") == self.by and (folded := texts_of(spot, "folded")):
            self.folded.update(folded)
            self._shown_rows = None
            self.chart.show(self._source())
        key = text_of(spot, "row")
        if not self.chart.go_to(key) and self.source.count:
            self.chart.go_to(self.source.key_at(min(number_of(spot, "index"), self.source.count - 1)))
        self.chart.begin_with(number_of(spot, "top"))

    def show_today(self) -> None:
        """Reckon from another today."""
        self.chart.today = self.boat.store.today().toordinal()
        self.read()
        super().show_today()

    def relabel(self) -> None:
        """Show everything in another language."""
        self._cards.clear()
        self.reckon()
        super().relabel()

    def narrow(self, text: str) -> None:
        """Show the items that a query leaves."""
        self.where = self.attempt(text)
        self.rearrange()

    def show_facts(self) -> None:
        """Tell what is known of the row under the cursor."""
        self._told = (self.chart.key, self.chart.day)
        self.facts.update(Content("\n").join(facts(self)), layout=False)

    def on_timeline_view_highlighted(self, event: TimelineView.Highlighted) -> None:
        """Tell of the row the cursor has come to, unless the key that moved it has done so."""
        event.stop()
        if self._told != (self.chart.key, self.chart.day):
            self.show_facts()
        self.follow_cursor()

    def _teaching(self) -> str:
        """Say what to press while there is nothing to show."""
        keys = KeyNames(self.boat.keymap)
        if self.filter_text:
            return _(
                "No item of the plan matches the filter.\n{timeline_clear_filter} clears it."
            ).format_map(keys)
        return _(
            "Nothing is planned yet.\n\n"
            "An item comes onto the timeline with a day or a duration: {timeline_add} takes one line, "
            "what, @owner, ^due. {place_here} places an item of the tray on the day of the cursor, "
            "{link} lets one wait for another.\n"
            "{help} shows all keys."
        ).format_map(keys)


def title_of(card: Card | None, task: Task | None) -> str:
    """Return how an item is called in a sentence: its short id and its title."""
    if card is not None:
        return f"{card.short} {clean(card.title)}"
    return clean(task.title) if task is not None else ""
