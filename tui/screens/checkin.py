"""The check-in: walks what is late, at risk or silent, one key an item, and ends with a summary to paste."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from store import queries, schema
from store.checkins import (
    BLOCKED,
    FINISHED,
    MOVED,
    ON_TRACK,
    Answer,
    answer_within,
    answers,
    end_review,
    to_ask,
)
from store.errors import StoreError
from store.plan import Plan, read_plan
from store.plan_past import last_review
from tui.bindings import bindings
from tui.celltext import clean, truncate, wrap
from tui.i18n import _, ngettext
from tui.palette import KeyNames
from tui.screens.choices import Choice
from tui.screens.overlaid import Overlaid
from tui.sentences import sentence
from tui.timeline.checkin_words import SIGNS, answer_words, summary_text, why_words
from tui.widgets.detail import DetailView, Entry, Key, plain_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.attention import Attention
    from store.analysis.plan import Slot
    from store.changes import ChangeSet
    from store.commands import Change
    from store.rows import Card
    from tui.app import SameboatApp
    from tui.screens.choices import Picked

SUBJECT = "checkin"


class CheckinList(DetailView, inherit_bindings=False):
    """What is asked about, with the check-in's own keys."""

    SCOPE = "checkin"
    BINDINGS = bindings(SCOPE, target="screen")


class CheckinScreen(Overlaid[bool]):
    """Asks about items one by one; answers whether a review was held."""

    def __init__(self, boat: SameboatApp, before: Mapping[str, Slot] | None) -> None:
        """Ask of the plan as it is now; `before` is where items lay at the last review, None where there was none."""
        super().__init__(boat, CheckinList())
        self._before = before
        self._summary = ""
        self.read()
        self._asked = self._found  # what was asked about stays in sight once it is answered

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, here or elsewhere; what is asked about anew comes last."""
        self.read()
        known = {one.id for one in self._asked}
        fresh = {one.id: one for one in self._found}
        self._asked = [fresh.get(one.id, one) for one in self._asked if one.id in self._plan.slots]
        self._asked += [one for one in self._found if one.id not in known]
        self.show_anew()

    # What is asked

    def read(self) -> None:
        """Read the plan, what is to be asked about, and what was answered since the last review."""
        store = self._boat.store
        self._plan: Plan = read_plan(store)
        self._since = last_review(store)
        self._said: dict[str, Answer] = answers(store, self._since)
        self._found: list[Attention] = to_ask(store, self._plan, self._before)
        self._cards: dict[str, Card] = {}

    def cards(self, ids: Iterable[str]) -> Mapping[str, Card]:
        """Return what is known of these items."""
        for ent in ids:
            card = self._cards.get(ent) or queries.card(self._boat.store, ent)
            if card is not None:
                self._cards[ent] = card
        return self._cards

    @property
    def _here(self) -> str:
        key = self.list.key
        return key.name if key is not None and key.part == "item" else ""

    def show_entries(self) -> None:
        """Show how many items are still to be asked about, and each, or the summary."""
        width = self.list.text_width
        left = sum(one.id not in self._said for one in self._asked)
        words = ngettext("{count} item to ask about", "{count} items to ask about", left)
        self.title_line.update(Content(_("Check-in") + " · " + words.format(count=left)))
        if self._summary:
            lines = [
                *self._summary.splitlines(),
                "",
                _("{checkin_copy} copies it, {checkin_close} goes back."),
            ]
            lines[-1] = lines[-1].format_map(KeyNames(self._boat.keymap))
            self.list.show("summary", plain_entries(lines, width))
        elif not self._asked:
            lines = [
                _("Nothing is late, at risk or silent."),
                "",
                _(
                    "{checkin_end} holds the review all the same: the plan is compared with today's from then on."
                ),
            ]
            lines[-1] = lines[-1].format_map(KeyNames(self._boat.keymap))
            self.list.show(SUBJECT, plain_entries(lines, width))
        else:
            self.list.show(SUBJECT, [self._entry(one, width) for one in self._asked])

    def _entry(self, one: Attention, width: int) -> Entry:
        card = self.cards([one.id]).get(one.id)
        task = self._plan.tasks[one.id]
        answer = self._said.get(one.id)
        sign = SIGNS.get(answer.answer, "·") if answer else "·"
        title = f"{sign} {card.short if card else ''}  {clean(card.title if card else task.title)}"
        directory = self._boat.board_screen.directory
        about = [directory.department(task.department)] if task.department else []
        about += [directory.member(task.owner)] if task.owner else [_("nobody")]
        style = "$text-success" if answer else "bold"
        lines = [Content.styled(truncate(title, width), style)]
        why = f"{why_words(one, self._plan, card)} · {' · '.join(clean(word) for word in about)}"
        lines += [Content.styled(f"    {line}", "$text-muted") for line in wrap(why, width - 4)]
        if answer:
            lines += [Content(f"    {line}") for line in wrap(answer_words(answer), width - 4)]
        return Entry(Key("item", one.id), (*lines, Content("")))

    # Answers

    def action_checkin_down(self) -> None:
        """Go to the next item."""
        self.list.step(1)

    def action_checkin_up(self) -> None:
        """Go to the item before."""
        self.list.step(-1)

    def action_checkin_on_track(self) -> None:
        """Say that it is on track."""
        self._answer(ON_TRACK)

    def action_checkin_done(self) -> None:
        """Say that it is finished."""
        done = next((row.id for row in queries.statuses(self._boat.store) if row.category == "done"), "")
        if done:
            self._answer(FINISHED, done=done)
        else:
            self.say(_("No status means that work is done."), error=True)

    def action_checkin_blocked(self) -> None:
        """Say what it is blocked by."""
        ent = self._here
        if not ent:
            return
        from tui.screens.asking import Ask

        def answered(text: str | None) -> None:
            if text:
                self._answer(BLOCKED, ent, note=text)

        card = self.cards([ent]).get(ent)
        self.app.push_screen(Ask(_("What blocks {item}?").format(item=card.short if card else ent)), answered)

    def action_checkin_new_date(self) -> None:
        """Give it another day, and the reason."""
        ent = self._here
        if not ent:
            return
        from tui.screens.day_choices import day_choices
        from tui.screens.picker import Picker

        today = self._boat.store.today()
        planned = date.fromordinal(self._plan.slots[ent].finish).isoformat()
        choices = [Choice(planned, _("as planned now"), planned), *day_choices("", today)]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self._ask_reason(ent, answer.chosen[0])

        card = self.cards([ent]).get(ent)
        title = _("When will {item} be done?").format(item=card.short if card else ent)
        self.app.push_screen(Picker(title, choices, find=lambda text: day_choices(text, today)), picked)

    def _ask_reason(self, ent: str, day: str) -> None:
        from tui.screens.picker import Picker

        field = schema.KINDS["checkin"].fields["reason"]

        def picked(answer: Picked | None) -> None:
            if answer is None:
                return
            if answer.new:
                self._answer(MOVED, ent, due=day, reason="other", note=answer.new)
            elif answer.chosen:
                self._answer(MOVED, ent, due=day, reason=answer.chosen[0])

        other = _("other: {text}")
        choices = [Choice(choice, _(choice), search=(choice,)) for choice in field.choices]
        self.app.push_screen(Picker(_("Why?"), choices, create=lambda text: other.format(text=text)), picked)

    def _answer(self, answer: str, ent: str = "", **given: str) -> None:
        ent = ent or self._here
        if not ent or self._summary:
            return
        card = self.cards([ent]).get(ent)

        def work(change: Change) -> None:
            answer_within(change, ent, answer, slot=self._plan.slots.get(ent), **given)

        made = self._boat.perform("checkin", work, detail=card.short if card else ent)
        if made is not None:
            self.say(f"✓ {card.short if card else ent}: {_(answer)}")
            self.list.step(1)

    # The end

    def action_checkin_end(self) -> None:
        """Hold the review: its summary is kept, shown and copied."""
        if self._summary:
            return
        store = self._boat.store
        directory = self._boat.board_screen.directory
        text = summary_text(
            self._asked, self._said, self._plan, self.cards, directory.member,
            workspace=queries.workspace_title(store), before=self._before,
        )  # fmt: skip
        try:
            made = end_review(store, text, list(self._said.values()))
        except StoreError as error:
            self.say(sentence(error), error=True)
            return
        self._summary = text
        self._boat.show_changes(made.changes)
        self.show_anew()
        self.action_checkin_copy()

    def action_checkin_copy(self) -> None:
        """Copy the summary."""
        if self._summary:
            self.app.copy_to_clipboard(self._summary)
            self.say(_("The summary is copied."))
        else:
            self.say(
                _("{checkin_end} ends the review with a summary.").format_map(KeyNames(self._boat.keymap))
            )

    def action_checkin_close(self) -> None:
        """Go back to the timeline."""
        self.dismiss(bool(self._summary))
