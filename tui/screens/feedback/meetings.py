"""The meetings tab: the meeting that runs, point by point, what comes of it, and the meetings before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.agenda import build, waiting_count
from store.meeting_rows import gaps
from store.meetings import (
    COVERED,
    NEXT_TIME,
    TO_DISCUSS,
    add_point,
    end_meeting,
    mark_point,
    outcome,
    spend,
)
from store.minutes import minutes
from store.outcome_line import read_outcome
from store.point_clock import minutes_on, start_clock
from store.running import running_meeting
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.minutes_words import markdown, point_title
from tui.screens.feedback.meeting_asking import AskingMeetings
from tui.screens.feedback.meeting_list import (
    NOTHING,
    MeetingList,
    after,
    left_words,
    names_of,
    read_held,
    standing_words,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.agenda import Point
    from store.commands import Change
    from store.database import Store
    from store.meeting_rows import Meeting
    from store.rows import Card
    from tui.widgets.listing import Row

IN_A_MEETING = (
    "meeting_next", "meeting_covered", "meeting_note", "meeting_action", "meeting_decision", "meeting_end",
)  # fmt: skip
TICK_SECONDS = 10.0  # between looks at the clock; it shows minutes


class MeetingsTab(AskingMeetings):
    """Goes through the agenda, keeps its clock, and writes down what comes of it."""

    SCOPE = "meetings"
    LABEL = N_("Meetings")
    KINDS = (
        "meeting", "point", "decision", "item", "conflict", "feedback", "commitment", "workspace", "status",
    )  # fmt: skip
    SHOWS = ("meeting",)
    NO_CARD = N_("There is no meeting here: {meeting_start} starts one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._held = NOTHING

    def on_mount(self) -> None:
        """Look at the clock now and then."""
        self.set_interval(TICK_SECONDS, self._tick)

    @staticmethod
    def count(store: Store) -> int:
        """Return how many points of the running meeting wait, else how many pairs have not met for too long."""
        running = running_meeting(store)
        if not running:
            return sum(gap.overdue for gap in gaps(store))
        return waiting_count(store, running)

    def read(self) -> Sequence[Row]:
        """Return the running meeting with its agenda, then the meetings before."""
        self._held = read_held(self.store)
        return MeetingList(self.directory, self.store.today(), self.store.now()).rows(self._held)

    def teaching(self) -> Sequence[str]:
        """Say how a meeting is started."""
        return (
            _("No meeting was held yet."),
            "",
            _(
                "{meeting_start} starts one: its agenda is made of what is open, and whatever you write down"
                " meanwhile belongs to it."
            ).format_map(self.key_names),
        )

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what needs a meeting that runs, or needs none."""
        return ("meeting_start",) if self._held.running else IN_A_MEETING

    def standing(self) -> str:
        """Say what is being talked about."""
        return standing_words(self._held)

    def _tick(self) -> None:
        if self.display and self.screen.is_current and (self._held.running or self._held.clock):
            before = self._held
            rows = self.read()
            if list(rows) != list(self.list.rows) or before.minutes != self._held.minutes:
                self.list.show(rows)
                self.desk.show_hints()

    # What is under the cursor

    @property
    def card(self) -> Card | None:
        """What a point is about, the meeting for a point of its own and for a note, else what the row is."""
        return self._card(self.list.key)

    def targets(self) -> list[Card]:
        """Return what the rows chosen are about."""
        found = {card.id: card for key in self.list.targets if (card := self._card(key))}
        return list(found.values())

    def _card(self, key: str) -> Card | None:
        point = self._held.points.get(key)
        if point is not None or key in self._held.notes:
            running = self._held.running
            key = (point.about if point else "") or (running.id if running else "")
        return queries.card(self.store, key) if key else None

    def rename(self) -> bool:
        """Edit a point of one's own; a note stays as it was written, as comments do."""
        key, running = self.list.key, self._held.running
        point = self._held.points.get(key)
        if key in self._held.notes:
            self.say(_("Comments stay as they were written."))
            return True
        if point is None or point.kind or running is None:
            return False

        def answered(text: str) -> None:
            if text:
                self.change(
                    "meeting", [running.id], lambda change: change.set(key, {"title": text}), said=text
                )

        self.ask_line(_("What is to be talked about?"), answered, value=point.title)
        return True

    def trash(self) -> bool:
        """Take points off the agenda and notes away; what a point is about stays."""
        running = self._held.running
        keys = [key for key in self.list.targets if key in self._held.points or key in self._held.notes]
        if not keys or running is None:
            return False

        def work(change: Change) -> None:
            for key in keys:
                change.trash(key)

        if self.change("meeting", [running.id], work, said=_("taken off")):
            self.list.clear_selection()
        return True

    @property
    def _point(self) -> Point | None:
        """The point under the cursor, else the one that is being talked about."""
        return self._held.points.get(self.list.key) or self._held.current

    def _open_meeting(self) -> Meeting | None:
        if self._held.running is None:
            self.say(_("No meeting runs: {meeting_start} starts one.").format_map(self.key_names))
        return self._held.running

    # Beginning and ending

    def action_meeting_start(self) -> None:
        """Start a meeting."""
        self.desk.ask_meeting()

    def action_meeting_end(self) -> None:
        """End the meeting that runs; what was not covered comes the next time."""
        running = self._open_meeting()
        if running is None:
            return
        here = self._held.current

        def work(change: Change) -> None:
            if here is not None:
                spend(change, here.id, minutes_on(self.store, here.id))
            end_meeting(change, running.id)

        left = sum(point.state != COVERED for point in self._held.points.values())
        said = _("ended") + (f" · {left_words(left)}" if left else "")
        if self.change("meeting", [running.id], work, said=said):
            start_clock(self.store, "")
            self.list.go_to(running.id)
            self._shown()

    # The agenda

    def action_meeting_next(self) -> None:
        """Leave the point as it is, and go to the one under the cursor, else to the next."""
        running = self._open_meeting()
        if running is None:
            return
        here = self._held.points.get(self.list.key)
        chosen = here if here is not None and here.id != self._held.clock and here.state != COVERED else None
        self._go_on(running, self._held.current, "", following=chosen)

    def action_meeting_covered(self) -> None:
        """Mark the point as covered and go on to the next; a point that is covered is opened again."""
        self._mark(COVERED, _("covered"))

    def action_meeting_later(self) -> None:
        """Put the point off to the next time, and go on."""
        self._mark(NEXT_TIME, _("next time"))

    def _mark(self, state: str, said: str) -> None:
        running, point = self._open_meeting(), self._point
        if running is None:
            return
        if point is None:
            self.say(
                _("There is no point here: {meeting_next} goes to the first.").format_map(self.key_names)
            )
        elif point.state == state:
            self.change("meeting", [running.id], lambda change: mark_point(change, point.id, TO_DISCUSS),
                        said=f"{point_title(point)}: {_(TO_DISCUSS)}")  # fmt: skip
        elif point.id == self._held.clock:
            self._go_on(running, point, state, said)
        else:
            self.change("meeting", [running.id], lambda change: mark_point(change, point.id, state),
                        said=f"{point_title(point)}: {said}")  # fmt: skip

    def _go_on(
        self,
        running: Meeting,
        here: Point | None,
        state: str,
        said: str = "",
        *,
        following: Point | None = None,
    ) -> None:
        following = following or after(list(self._held.points.values()), here.id if here else "")
        if here is not None:
            spent = minutes_on(self.store, here.id)

            def work(change: Change) -> None:
                if state:
                    mark_point(change, here.id, state, spent=spent)
                else:
                    spend(change, here.id, spent)

            said = f"{point_title(here)}: {said}" if said else ""
            if (state or spent) and not self.change("meeting", [running.id], work, said=said):
                return
        start_clock(self.store, following.id if following else "")
        self.show()
        if following is not None:
            self.list.go_to(following.id)
        elif here is None or not state:
            self.say(_("No point is left: {meeting_end} ends the meeting.").format_map(self.key_names))
        self._shown()

    def action_meeting_point(self) -> None:
        """Add a point of one's own."""
        running = self._open_meeting()
        if running is None:
            return

        def answered(text: str) -> None:
            if text:
                made: list[str] = []
                done = self.change(
                    "meeting",
                    [running.id],
                    lambda change: made.append(add_point(change, running.id, text)),
                    said=text,
                )
                if done:
                    self.list.go_to(made[0])
                    self._shown()

        self.ask_line(_("What is to be talked about?"), answered)

    def action_meeting_rebuild(self) -> None:
        """Put on the agenda what has come up since it was built."""
        running = self._open_meeting()
        if running is None:
            return
        made: list[str] = []
        self.change("meeting", [running.id], lambda change: made.extend(build(change, running.id)))
        self.say(
            ngettext("{count} point came up", "{count} points came up", len(made)).format(count=len(made))
            if made else _("Nothing has come up since.")
        )  # fmt: skip

    # What comes of it

    def action_meeting_note(self) -> None:
        """Note a line."""
        running = self._open_meeting()
        if running is None:
            return

        def answered(text: str) -> None:
            if text:
                self.change("comment", [running.id], lambda change: noted(change, text), said=text)

        def noted(change: Change, text: str) -> None:
            change.comment(running.id, text)

        self.ask_line(_("Note"), answered)

    def action_meeting_action(self) -> None:
        """Make an action item of the note under the cursor, or of a line."""
        self._come_of("item", _("Action: what @who ^when"))

    def action_meeting_decision(self) -> None:
        """Make a decision of the note under the cursor, or of a line."""
        self._come_of("decision", _("Decision: what @who decides ^follow-up"))

    def action_meeting_promise(self) -> None:
        """Make a promise of the note under the cursor, or of a line."""
        self._come_of("commitment", _("Promise: giver>receiver what @who ^when"))

    def _come_of(self, kind: str, title: str) -> None:
        running = self._open_meeting()
        if running is None:
            return
        point, note = self._point, self._held.notes.get(self.list.key)

        def answered(text: str) -> None:
            if not text:
                return
            store = self.store
            fields = read_outcome(text, kind, self.directory.vocabulary, store.today(), me=store.member)

            def work(change: Change) -> None:
                ent = outcome(change, kind, fields, running.id, point.id if point else "")
                change.detail = change.shorts[ent]

            made = self.desk.boat.perform("add", work)
            if made is not None:
                self.desk.say_done(f"{made.shorts[made.ids[0]]} {fields['title']}")

        if note is not None:
            answered(" ".join(note.text.split()))
        else:
            self.ask_line(title, answered)

    def action_meeting_minutes(self) -> None:
        """Copy the minutes of the meeting under the cursor, else of the one that runs."""
        running = self._held.running
        known = {held.id for held in self._held.before}
        ent = self.list.key if self.list.key in known else running.id if running else ""
        if not ent:
            self.say(_("There is no meeting here."))
            return
        text = markdown(minutes(self.store, ent), names_of(self.directory), self.store.now())
        self.app.copy_to_clipboard(text)
        lines = text.count("\n")
        self.say(
            ngettext("Minutes copied: {count} line", "Minutes copied: {count} lines", lines).format(
                count=lines
            )
        )

    def _shown(self) -> None:
        self.desk.show_details()
        self.desk.show_hints()
