"""Starting a meeting from any desk: what kind, then one line that already says what it said the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.running import running_meeting
from tui.i18n import _
from tui.screens.choices import Choice
from tui.screens.choosing import Choosing

if TYPE_CHECKING:
    from store.commands import Change
    from store.rows import Card
    from tui.screens.choices import Picked


class StartingMeetings(Choosing):
    """Asks for the kind and the line, starts the meeting, and goes to it."""

    async def action_start_meeting(self) -> None:
        """Start a meeting, or go to the one that runs."""
        running = running_meeting(self.boat.store)
        if running:
            await self.show_meetings(running)
        else:
            self.ask_meeting()

    def ask_meeting(self) -> None:
        """Ask for the kind of a meeting, and start it; about the conflict under the cursor a joint one is offered."""
        from store.meetings import JOINT

        conflict = next((card for card in self.targets() if card.kind == "conflict"), None)
        choices = [Choice(kind, _(kind), search=(kind,)) for kind in schema.MEETING_KINDS if kind != JOINT]
        if conflict is not None:
            about = _("joint meeting about {short} {title}").format(
                short=conflict.short, title=conflict.title
            )
            choices.insert(0, Choice(JOINT, about, search=(JOINT,)))

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                kind = answer.chosen[0]
                self.ask_meeting_line(kind, conflict if kind == JOINT else None)

        self.ask(_("What kind of meeting?"), choices, picked)

    def ask_meeting_line(self, kind: str, about: Card | None = None) -> None:
        """Ask for the line of a meeting, and start it."""
        from tui.screens.asking import Ask

        def done(text: str | None) -> None:
            if text is not None:
                self.start(kind, text, about.id if about else "")

        title = _("Title, departments and people: dept⇄dept what @who @who")
        self.app.push_screen(Ask(title, self._line_of(kind, about)), done)

    def start(self, kind: str, line: str, about: str = "") -> None:
        """Start a meeting of what a line says, and go to it."""
        from store.meeting_line import read_meeting_line
        from store.meetings import start_meeting

        store = self.boat.store
        said = read_meeting_line(line, self.directory.vocabulary, store.today(), me=store.member)
        title = said.title or _(kind)

        def work(change: Change) -> None:
            ent = start_meeting(
                change, title, kind=kind, departments=said.departments, attendees=said.attendees, about=about
            )
            change.detail = change.shorts[ent]

        made = self.boat.perform("meeting", work)
        if made is not None:
            ent = made.ids[0]
            self.app.call_later(self._arrive, ent, f"{made.shorts[ent]} {title}")

    async def _arrive(self, ent: str, said: str) -> None:
        await self.show_meetings(ent)
        place = self.boat.place
        if isinstance(place, Choosing):
            place.say_done(said)

    async def show_meetings(self, ent: str) -> None:
        """Go to the meetings, to one of them."""
        from tui.screens.feedback.screen import FeedbackScreen

        place = self.boat.place
        if not isinstance(place, FeedbackScreen):
            self.boat.remember("feedback_tab", "meetings")
            self.boat.show_feedback(ent)
            return
        await place.show_tab("meetings")
        place.begin_at(ent)

    def _line_of(self, kind: str, about: Card | None) -> str:
        """Return the line as it was the last time, so that the weekly is one key away."""
        from store.meeting_line import meeting_line
        from store.meeting_rows import meetings

        names = self.directory
        if about is not None:
            detail = queries.entity_fields(self.boat.store, "conflict", about.id) or {}
            decider = str(detail.get("decider") or "")
            sides = [names.department(side) for side in names.in_order(about.parties)]
            return meeting_line(about.title, sides, [names.member(decider)] if decider else [])
        me = self.boat.store.member
        for held in meetings(self.boat.store, limit=100):
            if held.kind == kind and held.begun and me in held.attendees:
                sides = [names.department(side) for side in names.in_order(held.departments)]
                people = [names.member(member) for member in held.attendees if member != me]
                return meeting_line(held.title, sides, people)
        return ""
