"""The retrospectives tab: the list of them, and one of them open with its columns, cards, votes and actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.retro_rows import ENDED, WRITING, going_on, retros, sheet
from store.retros import (
    FORMAT_NAMES,
    columns,
    group,
    make_action,
    reveal,
    start,
    step,
    verify,
    vote,
    write_card,
)
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.retro_words import column_name, state_name
from tui.screens.choices import Choice
from tui.screens.feedback.retro_rows import list_rows, sheet_rows, typed_card
from tui.screens.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from store.commands import Change
    from store.database import Store
    from store.retro_rows import Sheet
    from tui.screens.choices import Picked
    from tui.widgets.listing import Row

WITHIN = (
    "retro_write", "retro_reveal", "retro_group", "retro_vote", "retro_next", "retro_action", "retro_verify",
)  # fmt: skip
NO_CARD_WITHIN = N_("There is no card here: {retro_write} writes one")
ALONE = "-"  # the choice that takes a card out of its group


class RetrosTab(Tab):
    """Lists retrospectives; goes into one and carries it through."""

    SCOPE = "retros"
    LABEL = N_("Retrospectives")
    SHORT_LABEL = N_("Retros")
    KINDS = ("retro", "retro_card", "item")
    SHOWS = ("retro",)
    NO_CARD = N_("There is no retrospective here: {retro_new} begins one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._open = ""  # the retrospective one is in
        self._sheet: Sheet | None = None

    @staticmethod
    def count(store: Store) -> int:
        """Return how many go on."""
        return going_on(store)

    def read(self) -> Sequence[Row]:
        """Return the open retrospective's sections, else the retrospectives."""
        self._sheet = sheet(self.store, self._open) if self._open else None
        if self._sheet is None:
            self._open = ""
            return list_rows(retros(self.store), self.directory)
        return sheet_rows(self._sheet, self.directory, self.store.member, self.store.today())

    def teaching(self) -> Sequence[str]:
        """Say how a retrospective is begun."""
        return (
            _("No retrospective has been held."),
            "",
            _("{retro_new} begins one: everybody writes unseen, then all is shown at once.").format_map(
                self.key_names
            ),
        )

    @property
    def no_card(self) -> str:
        """What to say where nothing is under the cursor, which depends on where one is."""
        return NO_CARD_WITHIN if self._open else self.NO_CARD

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what works only within a retrospective, or only outside."""
        if self._sheet is None:
            return WITHIN
        return ("retro_new",) if self._sheet.retro.state == WRITING else ("retro_new", "retro_reveal")

    # Going in and out

    def action_retro_open(self) -> None:
        """Go into the retrospective; within one, into the details of what is under the cursor."""
        if self._open:
            if self.card is not None:
                self.desk.read_details()
            else:
                self.say_no_card()
        elif self.list.key:
            self._go_into(self.list.key)
        else:
            self.say_no_card()

    def _go_into(self, ent: str) -> None:
        self._open = ent
        self.show()
        self.list.home()
        self.desk.follow_cursor()
        self.desk.show_hints()

    async def action_retro_leave(self) -> None:
        """Deselect, leave the details, then the retrospective."""
        if self.list.selected or self.desk.reading or not self._open:
            await self.desk.action_leave()
            return
        left, self._open = self._open, ""
        self.show()
        self.list.go_to(left)
        self.desk.follow_cursor()
        self.desk.show_hints()

    # Beginning one

    def action_retro_new(self) -> None:
        """Begin a retrospective: which columns, and what it is called."""
        choices = [
            Choice(
                form, _(FORMAT_NAMES[form]), " · ".join(column_name(label) for _code, label in columns(form))
            )
            for form in schema.RETRO_FORMATS
        ]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                form = answer.chosen[0]
                title = _("Retrospective {day}").format(day=self.store.today().isoformat())
                self.ask_line(
                    _("What is it called?"), lambda text: self._begin(form, text or title), value=title
                )

        self.ask(_("Which columns?"), choices, picked)

    def _begin(self, form: str, title: str) -> None:
        made = self._write(lambda: start(self.store, title, form))
        if made is not None:
            self._go_into(made.ids[0])
            self.desk.say_done(f"{made.detail} {title}")

    # Within one

    def _within(self) -> Sheet | None:
        if self._sheet is None:
            self.say(_("Go into a retrospective first: {retro_open}").format_map(self.key_names))
        return self._sheet

    def action_retro_write(self) -> None:
        """Write a card into the column under the cursor, or another by its number; then one more, until none."""
        found = self._within()
        if found is None:
            return
        known = columns(found.retro.format)
        here = self._column(found)
        names = "  ".join(f"{number} {column_name(label)}" for number, (_code, label) in enumerate(known, 1))
        label = column_name(dict(known)[here])
        title = _("A card for “{column}”. With a number and a colon before it, for another: {columns}")

        def answered(text: str) -> None:
            column, said = typed_card(text, [code for code, _label in known], here)
            if not said:
                return
            made = self._write(lambda: write_card(self.store, found.retro.id, column, said))
            if made is not None:
                self.list.go_to(made.ids[0])
                self.action_retro_write()

        self.ask_line(title.format(column=label, columns=names), answered)

    def _column(self, found: Sheet) -> str:
        """Return the column that the cursor is in, the first where it is in none."""
        codes = [code for code, _label in columns(found.retro.format)]
        key = self.list.key
        held = key[1:] if key.startswith("+") else next((c.column for c in found.cards if c.id == key), "")
        return held if held in codes else codes[0]

    def action_retro_reveal(self) -> None:
        """Show everybody's cards to everybody."""
        found = self._within()
        if found is None:
            return
        if found.retro.state != WRITING:
            self.say(_("The cards are revealed already."))
            return
        if self._write(lambda: reveal(self.store, found.retro.id)) is not None:
            self.desk.say_done(_("All cards are shown now"))

    def action_retro_next(self) -> None:
        """Go on to the next part."""
        self._step(1)

    def action_retro_back(self) -> None:
        """Go back to the part before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        found = self._within()
        if found is None:
            return
        if found.retro.state == (ENDED if by > 0 else WRITING):
            self.say(_("There is no part beyond this one."))
        elif (
            self._write(lambda: step(self.store, found.retro.id, by)) is not None and self._sheet is not None
        ):
            self.desk.say_done(state_name(self._sheet.retro.state))

    def action_retro_group(self) -> None:
        """Put the selected cards under the first of them; one card under another, or on its own again."""
        found = self._within()
        if found is None:
            return
        cards = {card.id: card for card in found.cards}
        chosen = [key for key in self.list.targets if key in cards]
        if not chosen:
            self.say(_("There is no card under the cursor."))
            return
        if len(chosen) > 1:
            self.list.clear_selection()
            self._grouped(chosen[1:], chosen[0])
            return
        choices = [Choice(ALONE, _("on its own"))]
        choices += [
            Choice(tally.head, cards[tally.head].title)
            for tally in found.tallies
            if chosen[0] not in (tally.head, *tally.cards)
        ]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                head = answer.chosen[0]
                self._grouped(chosen, None if head == ALONE else head)

        self.ask(_("Group it under which card?"), choices, picked)

    def _grouped(self, cards: Sequence[str], head: str | None) -> None:
        if self._write(lambda: group(self.store, cards, head)) is not None:
            count = len(cards)
            said = ngettext("{count} card grouped", "{count} cards grouped", count).format(count=count)
            self.desk.say_done(said)

    def action_retro_vote(self) -> None:
        """Vote for the card under the cursor, or take the vote back."""
        found = self._within()
        if found is None:
            return
        key = self.list.key
        if all(card.id != key for card in found.cards):
            self.say(_("There is no card under the cursor."))
            return
        if self._write(lambda: vote(self.store, found.retro.id, key)) is not None and self._sheet is not None:
            left = max(self._sheet.votes_left(self.store.member), 0)
            self.desk.say_done(ngettext("{count} vote left", "{count} votes left", left).format(count=left))

    def action_retro_action(self) -> None:
        """Make an action: what, by whom, by when, and how one will see that it worked."""
        found = self._within()
        if found is None:
            return

        def answered(text: str) -> None:
            if text:
                self.ask_line(_("How will one see that it worked?"), lambda how: self._act(text, how))

        self.ask_line(_("What will be done? @somebody ^by when"), answered)

    def _act(self, text: str, how: str) -> None:
        from store.capture import parse

        store, found = self.store, self._sheet
        if found is None:
            return
        line = parse(text, self.directory.vocabulary, store.today(), kind="item", me=store.member)
        made = self._write(lambda: make_action(store, found.retro.id, line.fields, how))
        if made is not None:
            self.list.go_to(made.ids[0])
            self.desk.say_done(f"{made.detail} {line.title}")

    def action_retro_verify(self) -> None:
        """Say that the action under the cursor worked, or that it has not yet."""
        found = self._within()
        if found is None:
            return
        action = next((one for one in (*found.carried, *found.actions) if one.id == self.list.key), None)
        if action is None:
            self.say(_("There is no action under the cursor."))
            return
        done = not action.verified
        if self._write(lambda: verify(self.store, action.id, verified=done)) is not None:
            word = _("verified") if done else _("to be verified again")
            self.desk.say_done(f"{action.short} {word}")

    # Writing

    def _write(self, work: Callable[[], Change]) -> Change | None:
        return self.desk.boat.write(work)
