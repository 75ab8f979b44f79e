"""The keys that do something with cards of any kind: to the trash and back, sharing, copying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from tui.i18n import _, ngettext
from tui.screens.detail_edits import DetailEdits

if TYPE_CHECKING:
    from store.commands import Change


class DeskEdits(DetailEdits):
    """Acts on the selected cards, else on the one under the cursor, each time as one undo."""

    def clear_selection(self) -> None:
        """Deselect everything."""

    def action_trash(self) -> None:
        """Move to the trash; undo brings it back."""
        cards = self.targets()

        def work(change: Change) -> None:
            for card in cards:
                change.trash(card.id)

        if self.change("trash", [card.id for card in cards], work, said=_("in the trash")):
            self.clear_selection()

    def action_restore(self) -> None:
        """Restore what is in the trash, which `is:trashed` shows, or was edited after it had been deleted."""
        ids = [card.id for card in self.targets() if card.banner or card.trashed]

        def work(change: Change) -> None:
            for ent in ids:
                change.restore(ent)

        self.change("restore", ids, work, said=_("restored"))

    def action_share(self) -> None:
        """Share private drafts with everybody."""
        ids = [card.id for card in self.targets() if card.private]

        def work(change: Change) -> None:
            for ent in ids:
                change.share(ent)

        self.change("share", ids, work, said=_("shared"))

    def action_pick_today(self) -> None:
        """Plan what is chosen for today, or take it out again; the plan is one's own until it is shared."""
        from store.day_plan import toggle
        from store.day_plan_rows import day_of, picks
        from tui.today_words import room_words

        store = self.boat.store
        today = store.today()
        ids = [card.id for card in self.targets()]
        now: list[bool] = []

        def work(change: Change) -> None:
            now.append(toggle(change, today.isoformat(), ids))

        if ids and self.boat.perform("pick", work, detail=self.cards_said(ids)) is not None:
            room = room_words(day_of(store, today, picks(store, today.isoformat())))
            said = _("planned for today") if now[0] else _("not planned")
            self.say_done(f"{self.cards_said(ids)} {said} · {room}")
            self.clear_selection()

    def action_timeline_pick(self) -> None:
        """Plan the item of the timeline for today, or take it out again."""
        self.action_pick_today()

    def action_keep_case(self) -> None:
        """Keep what was settled or verified as a case, so that it is found when the like of it comes."""
        from store.cases import case_id, case_within

        cards = [card for card in self.targets() if card.kind in ("conflict", "item")]
        if not cards:
            self.say(_("A conflict that is settled, or an item that is verified, can be kept as a case."))
            return
        kept = [case_id(card.id) for card in cards]
        known = all(queries.card(self.boat.store, case) for case in kept)

        def work(change: Change) -> None:
            for card in cards:
                case_within(change, card.id)

        if (
            self.change("case", [card.id for card in cards], work, said="" if known else _("kept as a case"))
            and known
        ):
            self.say(_("{what} is kept as a case already.").format(what=self.cards_said(kept)))

    def action_copy(self) -> None:
        """Copy the ids and titles."""
        lines = [f"{card.short} {card.title}" for card in self.targets()]
        self.app.copy_to_clipboard("\n".join(lines))
        self.say(
            ngettext("Copied: {text}", "Copied {count} cards", len(lines)).format(
                text=lines[0], count=len(lines)
            )
        )

    def action_detail_trash(self) -> None:
        """Delete the comment or checklist entry here, else the whole card."""
        key = self.details.key
        if key is None or key.part not in ("comment", "check") or not key.name:
            self.action_trash()
            return
        ent, on = key.name, self.card
        if on is not None:
            self.change("trash", [on.id], lambda change: change.trash(ent), said=_("entry deleted"))
