"""The evening review: walks the picks of the day, one key each, and ends with a summary to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store.day_plan_rows import CARRIED, DONE, PLANNED, carried_to, day_of, picks
from tui.bindings import bindings
from tui.celltext import truncate, wrap
from tui.i18n import _, ngettext
from tui.palette import KeyNames
from tui.screens.overlaid import Overlaid
from tui.screens.today.answers import DayAnswers
from tui.today_words import SIGNS, Titled, evening_text, minutes_words, moved_words, pick_words
from tui.widgets.days import day_words
from tui.widgets.detail import DetailView, Entry, Key, plain_entries

if TYPE_CHECKING:
    from store.day_plan_rows import Pick
    from tui.app import SameboatApp

SUBJECT = "evening"


class EveningList(DetailView, inherit_bindings=False):
    """The picks of the day, with the review's own keys."""

    SCOPE = "evening"
    BINDINGS = bindings(SCOPE, target="screen")


class EveningScreen(Overlaid[None]):
    """Asks of each pick what became of it."""

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat, EveningList())
        self._summary = ""
        self._day = boat.store.today()
        self._picks: dict[str, Pick] = {}
        self.read()

    def read(self) -> None:
        """Read the picks of the day, and where those carried over went."""
        self._picks = {pick.id: pick for pick in picks(self._boat.store, self._day.isoformat())}
        self._to = carried_to(self._boat.store, self._picks.values())

    def show_entries(self) -> None:
        """Show how many picks are still open, and each, or the summary."""
        width = self.list.text_width
        left = sum(pick.state == PLANNED for pick in self._picks.values())
        words = ngettext("{count} pick is still open", "{count} picks are still open", left).format(
            count=left
        )
        day = day_words(self._day.isoformat(), self._day)
        self.title_line.update(Content(" · ".join((_("Evening review"), day, words))))
        keys = KeyNames(self._boat.keymap)
        if self._summary:
            said = _("{evening_copy} copies it, {evening_close} goes back.").format_map(keys)
            self.list.show("summary", plain_entries([*self._summary.splitlines(), "", said], width))
        else:
            self.list.show(SUBJECT, [self._entry(pick, width) for pick in self._picks.values()])

    def _entry(self, pick: Pick, width: int) -> Entry:
        style = (
            "$text-success" if pick.state == DONE else "$text-warning" if pick.state == CARRIED else "bold"
        )
        title = truncate(f"{SIGNS.get(pick.state, '·')} {pick_words(pick)}", width)
        parts = [_(pick.state)]
        if pick.id in self._to:
            parts[0] = _("carried over to {day}").format(day=day_words(self._to[pick.id], self._day))
        if pick.reason:
            parts.append(_(pick.reason))
        if pick.minutes:
            parts.append(_("{minutes} planned").format(minutes=minutes_words(pick.minutes)))
        if pick.spent:
            parts.append(_("logged {minutes}").format(minutes=minutes_words(pick.spent)))
        if moved := moved_words(pick):
            parts.append(moved)
        lines = [Content.styled(title, style)]
        lines += [Content.styled(f"    {line}", "$text-muted") for line in wrap(" · ".join(parts), width - 4)]
        return Entry(Key("pick", pick.id), (*lines, Content("")))

    # Answers

    @property
    def _here(self) -> list[Pick]:
        key = self.list.key
        found = self._picks.get(key.name) if key is not None and key.part == "pick" else None
        return [found] if found is not None and not self._summary else []

    @property
    def _answers(self) -> DayAnswers:
        return DayAnswers(self._boat, self._answered)

    def _answered(self, said: str) -> None:
        self.say(f"✓ {said}")
        self.list.step(1)

    def action_evening_down(self) -> None:
        """Go to the next pick."""
        self.list.step(1)

    def action_evening_up(self) -> None:
        """Go to the pick before."""
        self.list.step(-1)

    def action_evening_done(self) -> None:
        """Say that it is done."""
        if here := self._here:
            self._answers.finish(here)

    def action_evening_tomorrow(self) -> None:
        """Carry it over to the next working day."""
        if here := self._here:
            self._answers.push_on(here)

    def action_evening_day(self) -> None:
        """Carry it over to another day."""
        if here := self._here:
            self._answers.push_to_some_day(here)

    def action_evening_let_go(self) -> None:
        """Let it go."""
        if here := self._here:
            self._answers.let_go(here)

    # The end

    def action_evening_end(self) -> None:
        """Show the summary and copy it."""
        store = self._boat.store
        found = list(self._picks.values())
        named = Titled(self._boat.board_screen.directory.member, self._day)
        self._summary = evening_text(found, self._to, day_of(store, self._day, found), named, store.member)
        self.show_anew()
        self.action_evening_copy()

    def action_evening_copy(self) -> None:
        """Copy the summary."""
        if self._summary:
            self.app.copy_to_clipboard(self._summary)
            self.say(_("The summary is copied."))
        else:
            self.say(_("{evening_end} ends the day with a summary.").format_map(KeyNames(self._boat.keymap)))

    def action_evening_close(self) -> None:
        """Go back to the plan."""
        self.dismiss(None)
