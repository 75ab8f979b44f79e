"""The stand-up tab of Today: by teammate what they chose to share of their day, and what they did the day before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.day_plan_rows import Standup, shared_count, standup
from tui.bindings import bindings
from tui.i18n import N_, _
from tui.screens.tab import Tab
from tui.today_words import SIGNS, Titled, minutes_words, standup_text
from tui.widgets.days import day_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.database import Store
    from store.day_plan_rows import Pick
    from store.rows import Card


class StandupTab(Tab):
    """Lists what was shared, oneself first."""

    SCOPE = "standup"
    LABEL = N_("Stand-up")
    KINDS = ("pick", "time_entry", "item", "member", "status")
    WRITES = "add"
    NO_CARD = N_("There is nothing here that has details")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._about: dict[str, str] = {}
        self._found: list[Standup] = []

    @staticmethod
    def count(store: Store) -> int:
        """Return how many teammates shared their day."""
        return shared_count(store, store.today().isoformat())

    def read(self) -> Sequence[Row]:
        """Return a heading for each member, then their day before and their day."""
        store = self.store
        today = store.today()
        self._found = standup(store, today)
        self._about = {}
        rows: list[Row] = []
        for one in self._found:
            name = self.directory.member(one.member)
            if one.member == store.member:
                name = _("{name} (you)").format(name=name)
            said = "" if one.planned else _("no plan shared for today")
            rows.append(Row("", name, facts=(Fact(said),)))
            before = day_words(one.before, today)
            rows += [self._pick_row(pick, before) for pick in one.did]
            rows += [self._item_row(one.member, card, before) for card in one.finished]
            rows += [self._pick_row(pick, _("today")) for pick in one.planned]
        return rows

    def _pick_row(self, pick: Pick, day: str) -> Row:
        self._about[pick.id] = pick.about
        spent = _("logged {minutes}").format(minutes=minutes_words(pick.spent)) if pick.spent else ""
        facts = (Fact(day), Fact(minutes_words(pick.minutes) if pick.minutes else ""), Fact(spent))
        title = pick.title or _("(what it was about is gone)")
        return Row(pick.id, title, pick.short, SIGNS.get(pick.state, "·"), MUTED, facts)

    def _item_row(self, member: str, card: Card, day: str) -> Row:
        key = f"{member}/{card.id}"
        self._about[key] = card.id
        return Row(
            key, card.title, card.short, SIGNS["done"], "$text-success", (Fact(day), Fact(""), Fact(""))
        )

    def teaching(self) -> Sequence[str]:
        """Say how something comes to stand here."""
        return (
            _("Nobody has shared a plan of today, and nothing was finished on the working day before."),
            "",
            _(
                "On the day plan, {pick_share} shares yours; what is not shared stays on this machine."
            ).format_map(self.key_names),
        )

    @property
    def card(self) -> Card | None:
        """What the row under the cursor is about."""
        about = self._about.get(self.list.key, "")
        return queries.card(self.store, about) if about else None

    def targets(self) -> list[Card]:
        """Return what the rows chosen are about."""
        return self.desk.fetch(
            tuple(about for key in self.list.targets if (about := self._about.get(key, "")))
        )

    def seek(self, ent: str) -> bool:
        """Put the cursor on the first row about a thing."""
        key = next((key for key, about in self._about.items() if about == ent), "")
        return bool(key) and self.list.go_to(key)

    def action_standup_copy(self) -> None:
        """Copy what everybody shared."""
        if not self._found:
            self.say(_("Nobody has shared a plan of today."))
            return
        named = Titled(self.directory.member, self.store.today())
        self.app.copy_to_clipboard(standup_text(self._found, named))
        self.say(_("Copied: what everybody shared."))
