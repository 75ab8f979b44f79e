"""The departments tab: who they are, what is open about each, and the days that matter to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.department_rows import department_count, department_rows
from store.department_uses import merge_departments, move_department, uses
from store.key_dates import add_key_date, key_dates
from store.roster_lines import read_day_line, read_department_line
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.screens.team.team_tab import TeamTab
from tui.theme import glyph
from tui.widgets.days import day_words, distance_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.commands import Change
    from store.database import Store
    from store.department_rows import DepartmentRow
    from store.key_dates import KeyDate
    from store.rows import Card
    from tui.screens.choices import Picked

DATES_MOST = 6  # key dates that the details name


class DepartmentsTab(TeamTab):
    """Lists departments in their order, each with its key dates beneath; both are edited in the details."""

    SCOPE = "departments"
    LABEL = N_("Departments")
    KINDS = ("need", "conflict", "item", "commitment", "key_date", "status")
    SHOWS = ("department", "key_date")
    NO_CARD = N_("There is no department here: {department_add} adds one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._past = False
        self._counted: dict[str, DepartmentRow] = {}
        self._dates: list[KeyDate] = []

    @staticmethod
    def count(store: Store) -> int:
        """Return how many there are."""
        return department_count(store)

    def read(self) -> Sequence[Row]:
        """Return the departments, each with its key dates, then the dates that matter to all."""
        found = department_rows(self.store)
        self._counted = {row.id: row for row in found}
        self._dates = key_dates(self.store)
        rows: list[Row] = []
        for row in found:
            rows.append(self._row(row))
            rows += self._dated(row.id)
        others = [day for day in self._dates if day.department not in self._counted]
        if others:
            dated = [
                line
                for owner in dict.fromkeys(day.department for day in others)
                for line in self._dated(owner)
            ]
            rows += [Row("", _("for everybody")), *dated] if dated else []
        return rows

    def teaching(self) -> Sequence[str]:
        """Say how a department is added."""
        return (
            _("No department is known."),
            "",
            _("{department_add} adds one: its name and a short code.").format_map(self.key_names),
        )

    def _row(self, row: DepartmentRow) -> Row:
        promised = [
            _("owes {count}").format(count=row.owes) if row.owes else "",
            _("owed {count}").format(count=row.owed) if row.owed else "",
        ]
        facts = (
            Fact(
                ngettext("{count} late", "{count} late", row.late).format(count=row.late) if row.late else "",
                "$text-error",
            ),
            Fact(
                ngettext("{count} blocked", "{count} blocked", row.blocked).format(count=row.blocked)
                if row.blocked
                else "",
                "$text-warning",
            ),
            Fact(_named(row.needs, "need")),
            Fact(_named(row.challenges, "challenge")),
            Fact(_named(row.conflicts, "conflict")),
            Fact(
                ngettext("{count} open", "{count} open", row.open).format(count=row.open) if row.open else ""
            ),
            Fact(" · ".join(part for part in promised if part)),
            Fact(self.directory.member(row.contact) if row.contact else ""),
        )
        name = self.directory.department(row.id) or row.title
        return Row(
            row.id,
            name,
            row.code,
            "█",
            self.directory.hue(row.id) if row.id in self.directory.departments else MUTED,
            facts,
        )

    def _dated(self, department: str) -> Iterator[Row]:
        today = self.store.today()
        for day in self._dates:
            if day.department != department:
                continue
            past = day.date < today.isoformat()
            if past and not self._past:
                continue
            when = (
                day_words(day.date, today)
                if past
                else f"{day_words(day.date, today)} · {distance_words(day.date, today)}"
            )
            yield Row(
                day.id, f"{when}  {day.title}", "", glyph("milestone"), MUTED, (), MUTED if past else "", 3
            )

    def said_of(self, card: Card) -> Sequence[str]:
        """Say what is open about a department, and its next key dates."""
        row = self._counted.get(card.id)
        if row is None:
            return ()
        today = self.store.today()
        said = [
            ngettext("{count} member", "{count} members", row.members).format(count=row.members),
            _("items: {open} open, {late} late, {blocked} blocked").format(
                open=row.open, late=row.late, blocked=row.blocked
            ),
            " · ".join(
                (
                    _count(row.needs, "need"),
                    _count(row.challenges, "challenge"),
                    _count(row.conflicts, "conflict"),
                )
            ),
            _("promises: it owes {owes}, it is owed {owed}").format(owes=row.owes, owed=row.owed),
        ]
        own = [day for day in self._dates if day.department == card.id]
        coming = [day for day in own if day.date >= today.isoformat()]
        for day in coming[:DATES_MOST]:
            said.append(
                f"{glyph('milestone')} {day_words(day.date, today)}  {day.title} · {distance_words(day.date, today)}"
            )
        over = len(own) - len(coming)
        if over:
            said.append(
                ngettext("{count} key date is over", "{count} key dates are over", over).format(count=over)
            )
        return said

    # What its keys do

    def action_department_add(self) -> None:
        """Add a department of the name and code that are typed."""

        def answered(line: str) -> None:
            said = read_department_line(line)
            if not said.name:
                return
            if said.code and said.code in {row.code for row in self._counted.values()}:
                self.say(_("The code “{code}” is another department's.").format(code=said.code), error=True)
                return
            self.make(lambda change: _add(change, said.name, said.code), said=said.name)

        self.ask_line(_("Name and code of the department, such as: 法务 fw"), answered)

    def action_department_down(self) -> None:
        """Move it down in the order."""
        self._move(1)

    def action_department_up(self) -> None:
        """Move it up in the order."""
        self._move(-1)

    def _move(self, by: int) -> None:
        card = self.card
        if card is None or card.kind != "department":
            return
        self.change("move", [card.id], lambda change: move_department(change, card.id, by))

    def action_key_date_add(self) -> None:
        """Write down a day that matters to the department here."""
        card = self.card
        if card is None:
            return
        department = card.id if card.kind == "department" else card.department

        def answered(line: str) -> None:
            said = read_day_line(line, self.store.today())
            if not said.title and said.day is None:
                return
            if said.day is None:
                self.say(
                    _("Which day? Write it behind ^, as in: {title} ^12-11").format(title=said.title),
                    error=True,
                )
                return
            day, title = said.day, said.title or _("Key date")
            words = f"{title} · {day_words(day.isoformat(), self.store.today())}"
            self.make(lambda change: add_key_date(change, title, day, department=department), said=words)

        whose = self.directory.department(department) if department else _("everybody")
        self.ask_line(_("Key date of {department}: what it is, and ^when").format(department=whose), answered)

    def action_key_date_past(self) -> None:
        """Show key dates that are over, or fold them."""
        before = list(self.list.rows)
        self._past = not self._past
        self.show()
        if before == list(self.list.rows):
            self.say(_("No key date is over."))
        self.desk.show_details()

    def action_department_merge(self) -> None:
        """Let another department stand for this one, which goes: its names become names of the other."""
        card = self.card
        if card is None or card.kind != "department":
            return

        def picked(answer: Picked | None) -> None:
            if not answer or not answer.chosen:
                return
            kept = answer.chosen[0]
            name = self.directory.department(kept)
            if self.change(
                "merge", [card.id], lambda change: merge_departments(change, kept, card.id), said=f"= {name}"
            ):
                self.list.go_to(kept)
                self.desk.show_details()

        choices = [choice for choice in self.directory.department_choices() if choice.key != card.id]
        self.ask(_("Which department is {name} really?").format(name=card.title), choices, picked)

    def trash(self) -> bool:
        """Take departments away, saying where they are named still; undo brings them back."""
        cards = self.targets()
        if not any(card.kind == "department" for card in cards):
            return False
        named: dict[str, int] = {}
        for card in cards:
            for kind, count in (uses(self.store, card.id) if card.kind == "department" else {}).items():
                named[kind] = named.get(kind, 0) + count
        said = _("in the trash")
        if named:
            where = ", ".join(f"{_(schema.KINDS[kind].plural)} {count}" for kind, count in named.items())
            said = _("in the trash, and still named by: {where}").format(where=where)

        def work(change: Change) -> None:
            for card in cards:
                change.trash(card.id)

        if self.change("trash", [card.id for card in cards], work, said=said):
            self.desk.clear_selection()
        return True


def _add(change: Change, name: str, code: str) -> str:
    from store.rank import between

    ranks = [row.rank for row in queries.departments(change.store) if row.rank]
    fields = {"title": name, "rank": between(max(ranks, default=None), None)}
    return change.create("department", fields | ({"code": code} if code else {}))


def _named(count: int, what: str) -> str:
    return _count(count, what) if count else ""


def _count(count: int, what: str) -> str:
    words = {
        "need": ngettext("{count} need", "{count} needs", count),
        "challenge": ngettext("{count} challenge", "{count} challenges", count),
        "conflict": ngettext("{count} conflict", "{count} conflicts", count),
    }
    return words[what].format(count=count)
