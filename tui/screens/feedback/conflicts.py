"""The conflicts tab: every disagreement by what comes next, the longest open first, or counted by departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.analysis.conflict_matrix import COLUMNS
from store.analysis.conflict_steps import missing, next_want, section
from store.conflict_rows import conflict_matrix, conflict_rows
from store.conflicts import standing
from tui.bindings import bindings
from tui.celltext import cell_width
from tui.conflict_words import COLUMN_LABELS, SECTION_LABELS, age_words, want_words
from tui.i18n import N_, _
from tui.screens.tab import Tab
from tui.theme import glyph
from tui.widgets.days import distance_words
from tui.widgets.detail import Key
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from store.analysis.conflict_matrix import Pair
    from store.analysis.conflict_steps import Want
    from store.commands import Change
    from store.conflict_rows import ConflictRow
    from store.database import Store
    from store.rows import Card
    from tui.screens.choices import Picked

PAIR = "pair:"  # begins the keys of the rows that count


class ConflictsTab(Tab):
    """Lists conflicts, counts them, and walks each through its course."""

    SCOPE = "conflicts"
    LABEL = N_("Conflicts")
    KINDS = ("conflict",)
    SHOWS = ("conflict",)
    WRITES = "log_conflict"
    NO_CARD = N_("There is no conflict here: {log_conflict} logs one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._counting = False
        self._column = 0
        self._pairs: dict[str, Pair] = {}
        self._cell: tuple[str, int] | None = (
            None  # of the matrix: the row's key and the column that is listed
        )
        self._offered: dict[str, Want] = {}  # what was asked for last, by conflict

    @staticmethod
    def count(store: Store) -> int:
        """Return how many are open."""
        return queries.conflict_count(store)

    # What is shown

    def read(self) -> Sequence[Row]:
        """Return the conflicts by what comes next, those of one cell of the matrix, or the matrix."""
        found = conflict_rows(self.store)
        if self._counting or self._cell is not None:
            self._pairs = {f"{PAIR}{'|'.join(pair.sides)}": pair for pair in conflict_matrix(found)}
        if self._counting:
            return self._matrix()
        rows: list[Row] = []
        if self._cell is not None:
            ids = self._counted(self._cell)
            found = [row for row in found if row.id in ids]
            rows.append(
                Row("", f"{self._pair_words(self._cell[0])} · {_(COLUMN_LABELS[COLUMNS[self._cell[1]]])}")
            )
        return rows + list(self._sections(found))

    def _sections(self, found: Sequence[ConflictRow]) -> Iterator[Row]:
        today = self.store.today()
        names: dict[tuple[str, ...], str] = {}  # thousands of rows have a few pairs
        shown = ""
        for row in found:
            part = section(row.state, row.follow_up, today.isoformat())
            if part != shown:
                shown = part
                yield Row("", _(SECTION_LABELS[part]))
            if row.parties not in names:
                names[row.parties] = self._sides(row.parties)
            yield _listed(row, names[row.parties], today)

    def _sides(self, parties: Sequence[str]) -> str:
        return f" {glyph('conflict')} ".join(self.directory.department(side) or side for side in parties)

    def _matrix(self) -> list[Row]:
        labels = [_(COLUMN_LABELS[column]) for column in COLUMNS]
        widths = [max(cell_width(label), 4) for label in labels]

        def cells(values: Sequence[str]) -> list[str]:
            return [
                " " * (width - cell_width(value)) + value for value, width in zip(values, widths, strict=True)
            ]

        rows = (
            [Row("", _("Between"), facts=tuple(Fact(text) for text in cells(labels)))] if self._pairs else []
        )
        for key, pair in self._pairs.items():
            counts = [str(len(ids)) if ids else "·" for ids in (pair.open, pair.closed, pair.reopened)]
            facts = tuple(
                Fact(text, "bold $text-accent underline" if index == self._column else MUTED)
                for index, text in enumerate(cells(counts))
            )
            rows.append(
                Row(
                    key,
                    self._pair_words(key),
                    mark=glyph("conflict"),
                    mark_style="$text-warning",
                    facts=facts,
                )
            )
        return rows

    def _pair_words(self, key: str) -> str:
        first, _bar, second = key.removeprefix(PAIR).partition("|")
        if not first and not second:
            return _("nobody named")
        if first == second:
            return _("{side} alone").format(side=self.directory.department(first) or first)
        return self._sides(self.directory.in_order((first, second)))

    def _counted(self, cell: tuple[str, int]) -> frozenset[str]:
        pair = self._pairs.get(cell[0])
        return frozenset((pair.open, pair.closed, pair.reopened)[cell[1]] if pair else ())

    def teaching(self) -> Sequence[str]:
        """Say how a conflict is logged, and how it goes on."""
        if self._counting and self._pairs:
            return (
                _(
                    "{conflict_left} and {conflict_right} choose a column, {conflict_cell} lists what it counts."
                ).format_map(self.key_names),
                _("{conflict_matrix} goes back to the list.").format_map(self.key_names),
            )
        if self._cell is not None:
            return (_("None. {leave} shows all of them.").format_map(self.key_names),)
        return (
            _("No conflict is logged."),
            "",
            _("{log_conflict} logs one in a line: dept>dept what about.").format_map(self.key_names),
            _("{conflict_next} then walks it through: what each side says, a decision, a check.").format_map(
                self.key_names
            ),
        )

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing while they are counted."""
        return ("conflict_next", "conflict_state", "comment", "select") if self._counting else ()

    # The matrix

    def action_conflict_matrix(self) -> None:
        """Count the conflicts by pairs of departments, or list them again."""
        if not self._counting and self._cell is None and not self.list.rows:
            self.say_no_card()
            return
        self._counting = not self._counting
        self._cell = None
        self.to_top()

    def action_conflict_left(self) -> None:
        """Go to the column on the left."""
        self._to_column(-1)

    def action_conflict_right(self) -> None:
        """Go to the column on the right."""
        self._to_column(1)

    def _to_column(self, by: int) -> None:
        if self._counting:
            self._column = (self._column + by) % len(COLUMNS)
            self.show()
        else:
            self.say(_("{conflict_matrix} counts the conflicts by departments.").format_map(self.key_names))

    def action_conflict_cell(self) -> None:
        """List what is counted under the cursor; in the list, open the details."""
        if not self._counting and self.card is not None:
            self.desk.action_open()
        elif not self.list.key:
            self.say_no_card()
        else:
            self._cell = (self.list.key, self._column)
            self._counting = False
            self.to_top()

    def leave(self) -> bool:
        """Go back from a cell's conflicts to the matrix."""
        if self._cell is None:
            return False
        key, self._column = self._cell
        self._cell, self._counting = None, True
        self.to_top()
        self.list.go_to(key)
        return True

    # The course of a conflict

    def action_conflict_next(self) -> None:
        """Open the editor of what is missing, or take the step that is due."""
        card = self.card
        if card is None:
            return
        now = standing(self.store, card.id)
        want = next_want(now, self._offered.get(card.id))
        if want is None:
            names = self.key_names
            names["what"] = card.short
            self.say(_("{what} is closed: {keep_case} keeps it as a case.").format_map(names))
            return
        self._offered[card.id] = want
        if want.part == "step":
            self._to_state([card], want.name)
        else:
            self._fill(card, want)

    def _fill(self, card: Card, want: Want) -> None:
        """Bring what is missing into sight and open its editor."""
        self.desk.read_details()

        def opened() -> None:
            # Where the details have just come into sight, they have a width only now.
            self.desk.show_details()
            key = Key(want.part, want.name, want.side)
            self.details.go_to(key)
            self.say(_("Next: {what}").format(what=want_words(want, self.directory)))
            if want.part == "action":
                self.desk.action_detail_edit()
            else:
                self.desk.edit(card, key)

        self.call_after_refresh(opened)

    def action_conflict_state(self) -> None:
        """Move the conflicts chosen to a state, asking for what that lacks."""
        from store import schema
        from tui.screens.choices import Choice

        cards = [card for card in self.targets() if card.kind == "conflict"]
        field = schema.KINDS["conflict"].fields["state"]
        choices = [Choice(state, _(state), search=(state,)) for state in field.choices]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self._to_state(cards, answer.chosen[0])

        self.ask(_(field.label), choices, picked, marked={card.state for card in cards})

    def _to_state(self, cards: Sequence[Card], state: str) -> None:
        if len(cards) == 1:
            wants = missing(state, standing(self.store, cards[0].id))
            if state == "escalated":
                self._escalate(cards[0])
                return
            if wants:
                self._offered[cards[0].id] = wants[0]
                self._fill(cards[0], wants[0])
                return

        def work(change: Change) -> None:
            for card in cards:
                change.set(card.id, {"state": state})

        self.change("step", [card.id for card in cards], work, said=_(state))

    def _escalate(self, card: Card) -> None:
        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                fields = {"state": "escalated", "escalated_to": answer.chosen[0]}
                said = f"{_('escalated')} · {self.directory.member(answer.chosen[0])}"
                self.change("step", [card.id], lambda change: change.set(card.id, fields), said=said)

        self.ask(_("Who takes it up?"), self.directory.member_choices(), picked)

    def action_conflict_action(self) -> None:
        """Add something to be done because of the conflict."""
        card = self.card
        if card is None:
            return

        def answered(text: str) -> None:
            from store.conflicts import action_within

            if text:
                said = f"{_('action')}: {text}"
                self.change("add", [card.id], lambda change: action_within(change, card.id, text), said=said)

        self.ask_line(_("What is to be done because of {what}?").format(what=card.short), answered)

    def action_conflict_checklist(self) -> None:
        """Offer what usually helps these departments as a checklist."""
        from store.analysis.conflict_templates import sort_of, templates_for

        card = self.card
        if card is None:
            return
        names = {
            term.id: (term.code, term.title, term.title_en, *term.aliases)
            for term in self.directory.vocabulary.departments
        }
        templates = templates_for([sort_of(names.get(party, ())) for party in card.parties])
        held = {check.title for check in queries.checks(self.store, card.id)}
        lines = [
            (_(template.name), line)
            for template in templates
            for line in map(_, template.lines)
            if line not in held
        ]
        if not lines:
            self.say(_("{what} has this checklist already.").format(what=card.short))
            return

        def work(change: Change) -> None:
            for name, line in lines:
                change.check(card.id, line, list=name)

        said = _("checklist") + ": " + ", ".join(_(template.name) for template in templates)
        self.change("check", [card.id], work, said=said)

    def action_conflict_playbook(self) -> None:
        """Choose a playbook whose steps become items of this conflict."""
        if self.card is not None:
            from tui.screens.feedback.cases import choose_playbook

            choose_playbook(self, self.card.id)


def _listed(row: ConflictRow, sides: str, today: date) -> Row:
    """Return the line of one conflict."""
    mark = f"▲{row.severity}" if row.severity else "  "
    if row.private:
        mark = f"{glyph('private')}{row.severity or ' '}"
    if row.closed:
        facts = (Fact(sides), _NO_FACT, _reopened(row), _NO_FACT, Fact(_(row.state)))
        return Row(row.id, row.title, row.short, mark, "$text-warning", facts)
    late = bool(row.follow_up) and row.follow_up < today.isoformat()
    day = distance_words(row.follow_up, today) if row.follow_up else ""
    waiting = f" {row.checked}/{len(row.parties)}" if row.state in ("decided", "checking") else ""
    facts = (
        Fact(sides),
        Fact(age_words(row.days_open(today))),
        _reopened(row),
        Fact(day, "$text-error" if late else MUTED),
        Fact(f"{_(row.state)}{waiting}" if row.state else ""),
    )
    return Row(row.id, row.title, row.short, mark, "$text-warning", facts)


def _reopened(row: ConflictRow) -> Fact:
    return Fact(f"{glyph('follow-up')}{row.reopened}", "$text-warning") if row.reopened else _NO_FACT


_NO_FACT = Fact("")
