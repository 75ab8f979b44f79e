"""The inbox tab: what people said, triaged with one key each, and answered once it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import feedback, feedback_rows, finding, queries
from store.dates import parse_day
from store.lookup import kind_of, short_of
from tui.announcing import announcement
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.score_words import size_words
from tui.screens.day_choices import day_choices
from tui.screens.feedback.inbox_rows import listed, sections, shipped
from tui.screens.tab import Tab
from tui.widgets.days import day_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.commands import Change
    from store.database import Store
    from store.transcript import Draft
    from tui.screens.choices import Choice, Picked
    from tui.widgets.listing import Row


class InboxTab(Tab):
    """Lists feedback by what is to be done about it; each key works on what is selected, as one undo."""

    SCOPE = "inbox"
    LABEL = N_("Inbox")
    KINDS = ("feedback", "item", "customer", "status")
    SHOWS = ("feedback",)
    WRITES = "log_feedback"
    NO_CARD = N_("There is no feedback here: {log_feedback} writes some down")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._unfolded = False

    @staticmethod
    def count(store: Store) -> int:
        """Return how much waits to be triaged or answered."""
        return feedback_rows.waiting_count(store, store.today())

    def read(self) -> Sequence[Row]:
        """Return the sections: to triage, ready to answer, put off, and the rest folded."""
        found = sections(self.store, unfolded=self._unfolded)
        return listed(self.store, self.directory, found, unfolded=self._unfolded)

    def teaching(self) -> Sequence[str]:
        """Say how feedback gets here."""
        return (
            _("Nothing is to be triaged."),
            "",
            _("{log_feedback} writes down what somebody said: &customer what.").format_map(self.key_names),
            _("{feedback_paste} takes a chat out of the clipboard, a draft for each message.").format_map(
                self.key_names
            ),
        )

    def seek(self, ent: str) -> bool:
        """Put the cursor on a piece of feedback, unfolding what is triaged where it lies there."""
        if not self.list.go_to(ent) and not self._unfolded and kind_of(self.store, ent) == "feedback":
            self._unfolded = True
            self.show()
        return self.list.go_to(ent)

    # Triage

    def action_feedback_link(self) -> None:
        """Link it to an item, or to a new one of the name that was typed."""

        def found(ids: list[str], item: str) -> None:
            def work(change: Change) -> None:
                feedback.link(change, ids, [item])

            self._triage("link", ids, work, said=f"→ {short_of(self.store, item)}")

        new = _("new requirement “{text}”")
        self._find(
            "item",
            _("Which item answers it?"),
            found,
            create=lambda text: new.format(text=text),
            made=self._make_item,
        )

    def action_feedback_item(self) -> None:
        """Make an item of it; of several, one."""
        self._make_item(self._ids())

    def _make_item(self, ids: list[str], title: str = "") -> None:
        def work(change: Change) -> None:
            item = feedback.make_item(change, ids, title=title)
            change.detail = f"{change.shorts[item]} ← {change.detail}"

        self._triage("add", ids, work, said=_("is an item now"))

    def action_feedback_duplicate(self) -> None:
        """Call it a duplicate of another."""

        def found(ids: list[str], of: str) -> None:
            def work(change: Change) -> None:
                feedback.mark_duplicate(change, ids, of)

            self._triage("duplicate", ids, work, said=f"= {short_of(self.store, of)}")

        self._find("feedback", _("Of what is it a duplicate?"), found)

    def action_feedback_decline(self) -> None:
        """Decline it, with the reason."""
        ids = self._ids()

        def answered(reason: str) -> None:
            said = _("declined: {reason}").format(reason=reason) if reason else _("declined")
            self._triage("decline", ids, lambda change: feedback.decline(change, ids, reason), said=said)

        if ids:
            self.ask_line(_("Why not? Whoever said it may ask."), answered)

    def action_feedback_snooze(self) -> None:
        """Put it off until a day."""
        ids, today = self._ids(), self.store.today()

        def picked(answer: Picked | None) -> None:
            if not answer or not answer.chosen:
                return
            until = answer.chosen[0]
            said = _("put off until {day}").format(day=day_words(until, today))
            self._triage("snooze", ids, lambda change: feedback.snooze(change, ids, until), said=said)

        # Today would be no snooze at all.
        choices = [choice for choice in day_choices("", today) if choice.key > today.isoformat()]
        if ids:
            self.ask(_("Until when?"), choices, picked, find=self._later_days)

    def _later_days(self, text: str) -> list[Choice]:
        today = self.store.today()
        day = parse_day(text.strip(), today)
        return day_choices(text, today) if day and day > today else []

    def action_feedback_answer(self) -> None:
        """Keep what was answered; a text stands there to begin with."""
        ids = self._ids()
        rows = feedback_rows.feedback(self.store, ids)
        if not rows:
            return
        held = str((queries.entity_fields(self.store, "feedback", ids[0]) or {}).get("reply") or "")
        text = announcement([shipped(self.store, row) for row in rows])
        value = " ".join((held or text).split())

        def answered(text: str) -> None:
            self._triage("answer", ids, lambda change: feedback.answer(change, ids, text), said=_("answered"))

        self.ask_line(_("What was answered?"), answered, value=value)

    def action_feedback_announce(self) -> None:
        """Copy a text to paste into a chat group."""
        rows = feedback_rows.feedback(self.store, self._ids())
        if rows:
            self.app.copy_to_clipboard(announcement([shipped(self.store, row) for row in rows]))
            self.say(
                _(
                    "Copied: paste it where they asked. {feedback_answer} keeps that they were answered."
                ).format_map(self.key_names)
            )

    def action_feedback_reopen(self) -> None:
        """Put it back into the inbox."""
        ids = self._ids()
        self._triage("reopen", ids, lambda change: feedback.reopen(change, ids), said=_("in the inbox again"))

    # Who wants it

    def action_feedback_vote(self) -> None:
        """Vote for it oneself, or take the vote back where all of it has it."""
        ids, me = self._ids(), self.store.member
        rows = feedback_rows.feedback(self.store, ids)
        voted = all(me in self._voters(row.id) for row in rows)

        def work(change: Change) -> None:
            (feedback.unvote if voted else feedback.vote)(change, ids, me)

        if rows and me:
            self.change("vote", ids, work, said=_("vote taken back") if voted else _("voted for"))

    def _voters(self, ent: str) -> Sequence[str]:
        held = (queries.entity_fields(self.store, "feedback", ent) or {}).get("voters")
        return held if isinstance(held, (list, tuple)) else ()

    def action_feedback_customers(self) -> None:
        """Say which customers want it."""
        cards = self.targets()
        if cards:
            self.desk.choose(cards, {"feedback": "customers"})

    def action_feedback_sizes(self) -> None:
        """Say how big a customer is."""

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self._ask_size(answer.chosen[0])

        choices = self.directory.customer_choices()
        if choices:
            self.ask(_("Which customer?"), choices, picked)
        else:
            self.say(_("No customer is known yet: {feedback_customers} adds one.").format_map(self.key_names))

    def _ask_size(self, customer: str) -> None:
        known = feedback_rows.customers_named(self.store, [customer]).get(customer)
        if known is None:
            return

        def answered(text: str) -> None:
            try:
                size = float(text.replace(",", "")) if text else None
            except ValueError:
                self.say(_("“{text}” is no number.").format(text=text), error=True)
                return
            made = self.desk.boat.perform(
                "set", lambda change: change.set(customer, {"size": size}), detail=known.title
            )
            if made is not None:
                self.desk.say_done(f"{known.title}: {size_words(size or 0.0)}")

        value = "" if known.size is None else f"{known.size:g}"
        title = _("How big is {customer}? Seats, revenue: one measure for all").format(customer=known.title)
        self.ask_line(title, answered, value=value)

    # Pasting, and what is shown

    def action_feedback_paste(self) -> None:
        """Take messages out of a chat."""
        from tui.screens.feedback.pasting import PasteScreen

        def done(drafts: Sequence[Draft] | None) -> None:
            if drafts:
                self._keep_drafts(drafts)

        self.app.push_screen(PasteScreen(self.store.today(), self.desk.boat.keymap), done)

    def _keep_drafts(self, drafts: Sequence[Draft]) -> None:
        kept: list[str] = []

        def work(change: Change) -> None:
            kept.extend(feedback.keep_drafts(change, drafts))
            change.detail = ", ".join(change.shorts[ent] for ent in kept[:6])

        if self.desk.boat.perform("add", work) is not None:
            count = len(kept)
            self.list.go_to(kept[0])
            said = ngettext("{count} message kept", "{count} messages kept", count)
            self.desk.say_done(said.format(count=count))

    def action_feedback_fold(self) -> None:
        """Show what is triaged, or fold it."""
        before = list(self.list.rows)
        self._unfolded = not self._unfolded
        self.show()
        if list(self.list.rows) == before:
            self.say(_("Nothing is triaged yet."))
        self.desk.show_details()

    # Within

    def _ids(self) -> list[str]:
        return [card.id for card in self.targets() if card.kind == "feedback"]

    def _triage(self, label: str, ids: Sequence[str], work: Callable[[Change], None], *, said: str) -> None:
        """Do what was decided and go on to the next piece of feedback."""
        following = self._following(ids)
        if ids and self.change(label, ids, work, said=said):
            self.desk.clear_selection()
            if following and self.list.go_to(following):
                self.desk.follow_cursor()

    def _following(self, ids: Sequence[str]) -> str:
        """Return the row that is next once these have gone: below them, else above, in the same section first."""
        keys = [row.key for row in self.list.rows]
        at = keys.index(self.list.key) if self.list.key in keys else 0
        below = list(_until_heading(keys[at + 1 :], ids))
        above = list(_until_heading(keys[:at][::-1], ids))
        others = [key for key in keys[at + 1 :] if key and key not in ids]
        return next(iter([*below, *above, *others]), "")

    def _find(
        self,
        kind: str,
        title: str,
        found: Callable[[list[str], str], None],
        *,
        create: Callable[[str], str] | None = None,
        made: Callable[[list[str], str], None] | None = None,
    ) -> None:
        """Let an item or a piece of feedback be chosen by typing; the search is the store's.

        `create` names the choice of something new, which `made` then makes of what was typed.
        """
        ids = self._ids()

        def choices(text: str) -> list[Choice]:
            cards = finding.find(self.store, kind, text, limit=finding.MOST + len(ids))
            return [self.card_choice(card) for card in cards if card.id not in ids]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                found(ids, answer.chosen[0])
            elif answer and answer.new and made:
                made(ids, answer.new)

        if ids:
            self.ask(title, choices(""), picked, find=choices, create=create)


def _until_heading(keys: Sequence[str], ids: Sequence[str]) -> Sequence[str]:
    end = keys.index("") if "" in keys else len(keys)
    return [key for key in keys[:end] if key not in ids]
