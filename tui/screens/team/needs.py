"""The needs tab: what departments ask for and what stands in their way, as a list or as a map of where it presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import finding, queries
from store.analysis.heatmap import Heatmap
from store.lookup import short_of
from store.need_rows import SECTIONS, need_heatmap, need_rows, open_need_count
from store.needs import link_items, other_sort, step
from tui.bindings import bindings
from tui.celltext import cell_width, clean, pad, truncate
from tui.conflict_words import age_words
from tui.i18n import N_, _, ngettext
from tui.need_words import CELL, SECTION_LABELS, cell_words, need_mark, sort_words
from tui.screens.team.team_tab import TeamTab
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from store.commands import Change
    from store.database import Store
    from store.need_rows import NeedRow
    from tui.screens.choices import Choice, Picked

KIND = "kind:"  # begins the keys of the map's rows
ALL = f"{KIND}*"  # the row of all kinds
FOLDED = ("parked", "met")
KIND_MOST = 12  # cells of the map's names of kinds


class NeedsTab(TeamTab):
    """Lists needs and challenges by state and severity; each key works on what is selected, as one undo."""

    SCOPE = "needs"
    LABEL = N_("Needs and challenges")
    SHORT_LABEL = N_("Needs")
    KINDS = ("need",)
    SHOWS = ("need",)
    WRITES = "log_need"
    NO_CARD = N_("There is no need here: {log_need} logs one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._mapping = False
        self._column = 0
        self._unfolded = False
        self._map = Heatmap((), (), {})
        self._cell: tuple[str, str] | None = (
            None  # the kind and department that are listed; '*' and None for all
        )

    @staticmethod
    def count(store: Store) -> int:
        """Return how many are open."""
        return open_need_count(store)

    # What is shown

    def read(self) -> Sequence[Row]:
        """Return the map, what is behind one of its cells, or everything by state."""
        found = need_rows(self.store)
        self._map = need_heatmap(found, self.directory.departments)
        self.list.least_title = KIND_MOST if self._mapping else 24
        if self._mapping:
            return self._mapped()
        if self._cell is not None:
            ids = self._behind(*self._cell)
            return [Row("", self._cell_title()), *(self._row(row) for row in found if row.id in ids)]
        rows: list[Row] = []
        for state in (*SECTIONS, *dict.fromkeys(row.state for row in found if row.state not in SECTIONS)):
            part = [row for row in found if row.state == state]
            if part:
                rows.append(Row("", _(SECTION_LABELS.get(state, state)), facts=(Fact(str(len(part))),)))
                rows += [self._row(row) for row in part] if state not in FOLDED or self._unfolded else []
        return rows

    def _row(self, row: NeedRow) -> Row:
        department = self.directory.department(row.department) if row.department else _("no department")
        items = (
            ngettext("{count} item", "{count} items", row.items).format(count=row.items) if row.items else ""
        )
        facts = (
            Fact(
                department,
                self.directory.hue(row.department) if row.department in self.directory.departments else MUTED,
            ),
            Fact(sort_words(row)),
            Fact(age_words(row.days_open(self.store.today())) if row.open else ""),
            Fact(items),
        )
        return Row(
            row.id, row.title, row.short, need_mark(row), "$text-warning", facts, "" if row.open else MUTED
        )

    def _columns(self) -> tuple[int, Sequence[str]]:
        """Return the first department in sight and those that have room, the one of the cursor among them."""
        room = max((self.list_width - 4 - KIND_MOST) // (CELL + 2) - 1, 1)  # one is for the sum
        departments = self._map.departments
        self._column = min(self._column, max(len(departments) - 1, 0))
        first = max(self._column - room + 1, 0) if len(departments) > room else 0
        return first, departments[first : first + room]

    def _mapped(self) -> list[Row]:
        if not self._map.total:
            return []
        first, shown = self._columns()
        names = [pad(truncate(self._code(department), CELL), CELL) for department in shown]
        title = (
            ("‹ " if first else "")
            + _("open, by severity")
            + (" ›" if first + len(shown) < len(self._map.departments) else "")
        )
        rows = [Row("", title, facts=tuple(Fact(name) for name in (*names, pad("Σ", CELL))))]
        for kind in self._map.kinds:
            cells = [self._map.cell(kind, department) for department in shown]
            total = len(self._map.of_kind(kind))
            rows.append(
                self._map_row(f"{KIND}{kind}", _(kind), [cell_words(cell) for cell in cells], total, first)
            )
        totals = [len(self._map.of_department(department)) for department in shown]
        words = [(str(count) if count else "·", MUTED) for count in totals]
        rows.append(self._map_row(ALL, _("all kinds"), words, self._map.total, first))
        return rows

    def _map_row(self, key: str, name: str, cells: Sequence[tuple[str, str]], total: int, first: int) -> Row:
        facts = [
            Fact(
                pad(text, CELL), f"{style} bold underline".strip() if first + place == self._column else style
            )
            for place, (text, style) in enumerate(cells)
        ]
        facts.append(Fact(pad(str(total) if total else "·", CELL)))
        return Row(key, name, facts=tuple(facts))

    def _code(self, department: str) -> str:
        """Return what a column of the map is called: a code, else as much of the name as fits."""
        row = self.directory.departments.get(department)
        if row is None:
            return "?" if not department else clean(self.directory.department(department))
        return clean(
            row.code if row.code and cell_width(row.code) <= CELL else self.directory.department(department)
        )

    def _behind(self, kind: str, department: str) -> frozenset[str]:
        if kind == "*":
            return frozenset(self._map.of_department(department))
        return frozenset(self._map.cell(kind, department).ids)

    def _cell_title(self) -> str:
        kind, department = self._cell or ("*", "")
        whose = self.directory.department(department) if department else _("no department")
        return f"{whose} · {_('all kinds') if kind == '*' else _(kind)}"

    def teaching(self) -> Sequence[str]:
        """Say how a need is logged, and what the map is for."""
        if self._mapping and self._map.total:
            return (
                _(
                    "{need_left} and {need_right} choose a department, {need_cell} lists what is behind the cell."
                ).format_map(self.key_names),
                _("The darker, the more and the more severe. {need_map} goes back to the list.").format_map(
                    self.key_names
                ),
            )
        if self._cell is not None:
            return (_("None. {leave} goes back to the map.").format_map(self.key_names),)
        return (
            _("No need or challenge is open."),
            "",
            _("{log_need} logs one in a line: dept what it needs !severity #kind.").format_map(
                self.key_names
            ),
            _("With “challenge:” before it, it is what stands in the department's way.").format_map(
                self.key_names
            ),
        )

    def standing(self) -> str:
        """Name the department of the cursor, whose column may have a code only."""
        if not self._mapping or not self._map.departments:
            return ""
        department = self._map.departments[self._column]
        return self.directory.department(department) if department else _("no department")

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing as it is shown."""
        idle = ("open", "need_confirm", "need_met", "need_park", "need_link", "comment", "select")
        return idle if self._mapping else ("need_cell",)

    def seek(self, ent: str) -> bool:
        """Put the cursor on a need, leaving the map and unfolding what hides it."""
        card = queries.card(self.store, ent)
        if card is None or card.kind != "need":
            return self.list.go_to(ent)
        if not self.list.go_to(ent):
            self._mapping, self._cell, self._unfolded = False, None, True
            self.show()
        return self.list.go_to(ent)

    def refit(self) -> None:
        """Show as many departments as have room."""
        if self._mapping:
            self.show()

    # The map

    def action_need_map(self) -> None:
        """Show where it presses, or the list again."""
        if not self._mapping and self._cell is None and not self._map.total:
            self.say_no_card()
            return
        self._mapping, self._cell = not self._mapping, None
        self.to_top()

    def action_need_left(self) -> None:
        """Go to the department on the left."""
        self._to_column(-1)

    def action_need_right(self) -> None:
        """Go to the department on the right."""
        self._to_column(1)

    def _to_column(self, by: int) -> None:
        if not self._mapping:
            self.say(_("{need_map} shows where it presses.").format_map(self.key_names))
            return
        self._column = (self._column + by) % max(len(self._map.departments), 1)
        self.show()
        self.desk.show_hints()

    def action_need_cell(self) -> None:
        """List what is behind the cell; in the list, open the details."""
        if not self._mapping:
            if self.card is None:
                self.say_no_card()
            else:
                self.desk.action_open()
            return
        if self.list.key:
            self._cell = (self.list.key.removeprefix(KIND), self._map.departments[self._column])
            self._mapping = False
            self.to_top()

    def leave(self) -> bool:
        """Go back from a cell to the map."""
        if self._cell is None:
            return False
        kind, _department = self._cell
        self._cell, self._mapping = None, True
        self.to_top()
        self.list.go_to(f"{KIND}{kind}")
        return True

    def action_need_fold(self) -> None:
        """Show what is met or parked, or fold it."""
        self._unfolded = not self._unfolded
        self.show()
        self.desk.show_details()

    # The course of a need

    def action_need_confirm(self) -> None:
        """Confirm that it is so."""
        self._step("confirmed")

    def action_need_met(self) -> None:
        """Say that it is met, or overcome."""
        self._step("met")

    def action_need_park(self) -> None:
        """Leave it for later."""
        self._step("parked")

    def action_need_raise(self) -> None:
        """Raise it again."""
        self._step("raised")

    def _step(self, state: str) -> None:
        self._each(lambda change, ids: step(change, ids, state), _(state))

    def action_need_sort(self) -> None:
        """Make a challenge of a need, and a need of a challenge."""
        self._each(other_sort, _("of the other sort now"))

    def action_need_severity(self) -> None:
        """Choose how severe it is."""
        self.desk.choose(self.of_kind("need"), {"need": "severity"})

    def action_need_link(self) -> None:
        """Link it to an item that is found by typing."""
        ids = [card.id for card in self.of_kind("need")]

        def choices(text: str) -> list[Choice]:
            return [self.card_choice(card) for card in finding.find(self.store, "item", text)]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                said = f"→ {short_of(self.store, answer.chosen[0])}"
                self._each(lambda change, ids: link_items(change, ids, answer.chosen), said, ids)

        if ids:
            self.ask(_("Which item is it about?"), choices(""), picked, find=choices)

    def _each(
        self, work: Callable[[Change, Sequence[str]], object], said: str, ids: Sequence[str] | None = None
    ) -> None:
        ids = [card.id for card in self.of_kind("need")] if ids is None else ids

        chosen = ids
        if chosen and self.change("set", chosen, lambda change: work(change, chosen), said=said):
            self.desk.clear_selection()
