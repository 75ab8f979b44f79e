"""The cases tab: what was settled before, found by its words, and playbooks, whose steps become items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.case_rows import cases, playbooks
from store.cases import apply_within, playbook_of_case_within, playbook_within
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.screens.choices import Choice
from tui.screens.tab import Tab
from tui.theme import glyph
from tui.widgets.listing import Fact, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.commands import Change
    from store.database import Store
    from tui.screens.choices import Picked


class CasesTab(Tab):
    """Lists cases and playbooks, makes the one of the other, and applies playbooks."""

    SCOPE = "cases"
    LABEL = N_("Cases and playbooks")
    SHORT_LABEL = N_("Cases")
    KINDS = ("case", "playbook")
    SHOWS = ("case", "playbook")
    NO_CARD = N_("There is no case here: {keep_case} on a settled conflict keeps one")
    BINDINGS = bindings(SCOPE)

    @staticmethod
    def count(store: Store) -> int:
        """Return nothing: cases wait for nobody."""
        return 0

    def read(self) -> Sequence[Row]:
        """Return the cases, the newest first, and the playbooks."""
        rows: list[Row] = []
        found = cases(self.store)
        if found:
            rows.append(Row("", _("Cases")))
        for case in found:
            sides = f" {glyph('conflict')} ".join(
                self.directory.department(side) or side for side in self.directory.in_order(case.departments)
            )
            facts = (Fact(sides), Fact(_(case.root_cause) if case.root_cause else ""))
            mark = glyph("private") if case.private else glyph("done")
            rows.append(Row(case.id, case.title, case.short, mark, "$text-success", facts))
        books = playbooks(self.store)
        if books:
            rows.append(Row("", _("Playbooks")))
        for book in books:
            mark = glyph("private") if book.private else glyph("checklist")
            rows.append(
                Row(book.id, book.title, book.short, mark, "$text-accent", (Fact(steps_words(book.steps)),))
            )
        return rows

    def teaching(self) -> Sequence[str]:
        """Say how a case and a playbook are made."""
        return (
            _("No case is kept yet."),
            "",
            _("{keep_case} on a settled conflict, or on a verified item, keeps it as a case.").format_map(
                self.key_names
            ),
            _(
                "{make_playbook} makes a playbook of a case, or a new one; its checklist is its steps."
            ).format_map(self.key_names),
        )

    def action_apply_playbook(self) -> None:
        """Make items of the steps of the playbook here; at a case, choose the playbook."""
        card = self.card
        if card is None:
            return
        if card.kind != "playbook":
            choose_playbook(self, card.id)
            return
        apply_to(self, card.id)

    def action_make_playbook(self) -> None:
        """Make a playbook of the case here, else a new one of a title."""
        card = self.card
        if card is None or card.kind != "case":
            self.ask_line(_("What is the playbook called?"), self._new)
            return
        made: list[str] = []

        def work(change: Change) -> None:
            made.append(playbook_of_case_within(change, card.id))

        if self.change("add", [card.id], work, said=_("a playbook is made of it")):
            self.list.go_to(made[0])
            self.desk.show_details()

    def _new(self, title: str) -> None:
        if not title:
            return
        made: list[str] = []

        def work(change: Change) -> None:
            made.append(playbook_within(change, title))
            change.detail = change.shorts[made[0]]

        if self.change("add", [], work):
            self.list.go_to(made[0])
            self.desk.show_details()
            self.say(_("{detail_check} in the details adds a step.").format_map(self.key_names))


def steps_words(count: int) -> str:
    """Return how many steps there are."""
    return ngettext("{count} step", "{count} steps", count).format(count=count)


def choose_playbook(tab: Tab, onto: str) -> None:
    """Ask which playbook to apply to something, and apply it."""
    found = playbooks(tab.store)
    if not found:
        tab.say(_("There is no playbook yet; the tab of cases makes one."))
        return
    choices = [Choice(book.id, book.title, steps_words(book.steps), search=(book.short,)) for book in found]

    def picked(answer: Picked | None) -> None:
        if answer and answer.chosen:
            apply_to(tab, answer.chosen[0], onto)

    card = queries.card(tab.store, onto)
    tab.ask(_("Which playbook for {what}?").format(what=card.short if card else ""), choices, picked)


def apply_to(tab: Tab, playbook: str, onto: str = "") -> None:
    """Make items of a playbook's steps, in one undo, and say how many."""
    made: list[str] = []

    def work(change: Change) -> None:
        made.extend(apply_within(change, playbook, onto))

    if tab.change("playbook", [onto or playbook], work):
        count = len(made)
        said = ngettext("{count} item made on the board", "{count} items made on the board", count)
        tab.desk.say_done(said.format(count=count))
