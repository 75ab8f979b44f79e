"""The requests tab: hours of somebody that one department asks another for, and what granting them would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import finding
from store.analysis.requests import preview
from store.lookup import short_of
from store.requests import (
    SECTIONS,
    RequestRow,
    grant,
    granted,
    open_request_count,
    refuse,
    request_row,
    request_rows,
    withdraw,
)
from tui.bindings import bindings
from tui.i18n import N_, _
from tui.load_words import hours, preview_lines
from tui.screens.choices import Choice
from tui.screens.team.team_tab import TeamTab
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.analysis.requests import Preview
    from store.commands import Change
    from store.database import Store
    from store.rows import Card
    from tui.screens.choices import Picked

MARKS = {
    "granted": ("✓", "$text-success"), "refused": ("✗", "$text-error"), "withdrawn": ("–", MUTED),
}  # fmt: skip
PANEL = 60  # cells of what is shown before a request is granted


class RequestsTab(TeamTab):
    """Lists requests by what has become of them; before one is granted, its weeks are shown with and without it."""

    SCOPE = "requests"
    LABEL = N_("Resource requests")
    SHORT_LABEL = N_("Requests")
    KINDS = ("request", "item", "dependency", "day", "absence", "status", "workspace")
    SHOWS = ("request",)
    WRITES = "log_request"
    NO_CARD = N_("There is no request here: {log_request} asks for hours")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, RequestRow] = {}

    @staticmethod
    def count(store: Store) -> int:
        """Return how many wait for an answer."""
        return open_request_count(store)

    def read(self) -> Sequence[Row]:
        """Return the requests by state, the soonest first."""
        found = request_rows(self.store)
        self._rows = {row.id: row for row in found}
        rows: list[Row] = []
        for state in (*SECTIONS, *dict.fromkeys(row.state for row in found if row.state not in SECTIONS)):
            part = [row for row in found if row.state == state]
            if part:
                rows.append(Row("", _(state), facts=(Fact(str(len(part))),)))
                rows += [self._row(row) for row in part]
        return rows

    def _row(self, row: RequestRow) -> Row:
        facts = (
            Fact(_("{hours} h").format(hours=hours(row.hours)) if row.hours else "", ""),
            Fact(self._sides(row)),
            Fact(self._span(row)),
            Fact(self.directory.member(row.member) if row.member else ""),
            Fact(short_of(self.store, row.item) if row.item else ""),
            Fact(row.reason if not row.open else ""),
        )
        mark, style = MARKS.get(row.state, ("?", "$text-warning"))
        return Row(row.id, row.title, row.short, mark, style, facts, "" if row.open else MUTED)

    def _sides(self, row: RequestRow) -> str:
        sides = [self.directory.department(side) if side else "?" for side in (row.asks, row.gives)]
        return f"{sides[0]} ← {sides[1]}" if row.asks or row.gives else ""

    def _span(self, row: RequestRow) -> str:
        days = [day for day in dict.fromkeys((row.first, row.last)) if day]
        return " – ".join(day[5:] for day in days)

    def teaching(self) -> Sequence[str]:
        """Say how hours are asked for."""
        return (
            _("Nobody asks for anybody's hours."),
            "",
            _("{log_request} asks in a line: dept>dept 24h skill first..last @who.").format_map(
                self.key_names
            ),
            _("{request_grant} then shows what it does to their weeks, before it is granted.").format_map(
                self.key_names
            ),
        )

    def said_of(self, card: Card) -> Sequence[str]:
        """Say what granting the request here would do, while nobody has answered."""
        row = self._rows.get(card.id)
        if row is None or not row.open:
            return ()
        if not row.hours:
            return (_("It says no hours: nothing can be reckoned."),)
        found = self._preview(row, row.member)
        if found is None:
            return (_("The plan is being read…"),)
        return self._lines(row, found, row.member, self.desk.details.text_width)

    def _lines(self, row: RequestRow, found: Preview, who: str, width: int) -> list[str]:
        item = short_of(self.store, row.item) if row.item else ""
        return preview_lines(found, self.directory, item, width, who=who)

    def _preview(self, row: RequestRow, who: str) -> Preview | None:
        plan = self.planned.plan()
        if plan is None:
            return None
        return preview(
            plan.tasks, plan.slots, self.planned.people, self.planned.calendars, plan.today, row.asked, who,
            granted(self._rows.values()),
        )  # fmt: skip

    # What becomes of a request

    def action_request_grant(self) -> None:
        """Choose who gives the hours, look at what that does to their weeks, and grant it."""
        card = self.card
        row = request_row(self.store, card.id) if card is not None else None
        if row is None:
            return
        if self.planned.plan() is None:
            self.say(_("The plan is being read…"))
            return
        plan = self.planned
        members = sorted(plan.people, key=lambda member: member.department != row.gives)
        choices = []
        for member in members:
            found = self._preview(row, member.id)
            free = sum(load.free for load in found.now) if found else 0.0
            detail = _("{hours} h free · {department}").format(
                hours=hours(free),
                department=self.directory.department(member.department)
                if member.department
                else _("no department"),
            )
            choices.append(Choice(member.id, self.directory.member(member.id), detail))

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self._look(row, answer.chosen[0])

        self.ask(_("Who gives the hours?"), choices, picked, marked=(row.member,))

    def _look(self, row: RequestRow, who: str) -> None:
        from tui.screens.team.granting import GrantScreen

        name = self.directory.member(who)
        found = self._preview(row, who)
        lines = (
            self._lines(row, found, who, PANEL)
            if found and row.hours
            else [_("It says no hours: nothing can be reckoned.")]
        )
        title = _("{id} {title}: {name} gives {hours} h").format(
            id=row.short, title=row.title, name=name, hours=hours(row.hours or 0.0)
        )

        def answered(yes: bool | None) -> None:
            if yes:
                said = _("granted: {name}").format(name=name)
                self.change("set", [row.id], lambda change: grant(change, row.id, who), said=said)

        self.app.push_screen(GrantScreen(title, lines, self.desk.boat.keymap), answered)

    def action_request_refuse(self) -> None:
        """Say no, and why."""
        self._because(refuse, _("Why not? Whoever asked may ask."), _("refused"))

    def action_request_withdraw(self) -> None:
        """Take it back, and say why."""
        self._because(withdraw, _("Why is it taken back? It may stay empty."), _("withdrawn"))

    def _because(self, work: Callable[[Change, str, str], None], title: str, said: str) -> None:
        ids = [card.id for card in self.of_kind("request")]

        def answered(why: str) -> None:
            def do(change: Change) -> None:
                for ent in ids:
                    work(change, ent, why)

            if self.change("set", ids, do, said=f"{said}: {why}" if why else said):
                self.desk.clear_selection()

        if ids:
            self.ask_line(title, answered)

    def action_request_item(self) -> None:
        """Say which item the hours are for."""
        ids = [card.id for card in self.of_kind("request")]

        def choices(text: str) -> list[Choice]:
            return [self.card_choice(card) for card in finding.find(self.store, "item", text)]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                item = answer.chosen[0]

                def work(change: Change) -> None:
                    for ent in ids:
                        change.set(ent, {"item": item})

                self.change("set", ids, work, said=f"→ {short_of(self.store, item)}")

        if ids:
            self.ask(_("For which item are the hours?"), choices(""), picked, find=choices)
