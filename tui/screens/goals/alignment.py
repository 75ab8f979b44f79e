"""The alignment tab: what each department has planned for each goal, and the items behind every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.analysis.alignment import NO_DEPARTMENT, NOTHING
from store.analysis.goal_tree import beneath
from store.goal_rows import MOST, efforts, goal_items, objection_count
from tui.bindings import bindings
from tui.celltext import cell_width, clean, pad, truncate
from tui.goal_words import STATE_MARKS, answer_mark, hours_words
from tui.i18n import N_, _
from tui.screens.goals.answering import acknowledge, ask_answer, object_to
from tui.screens.goals.item_rows import item_row
from tui.screens.goals.reading import Goals
from tui.screens.tab import Tab
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.analysis.alignment import Cell
    from store.database import Store
    from store.rows import Card

TOTAL = "total:"  # the key of the line of sums
ALL = "all"  # the column of sums
LEAST_TITLE = 24  # cells
COLUMN_MOST = 16


class AlignmentTab(Tab):
    """Draws the matrix of goals and departments, and lists what is counted in a cell of it."""

    SCOPE = "alignment"
    LABEL = N_("Alignment")
    KINDS = ("goal", "item", "status", "workspace")
    WRITES = "add"
    NO_CARD = N_("There is no goal here: {previous_tab} goes to where goals are set")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._goals: Goals | None = None
        self._column = ALL
        self._cell: tuple[str, str] | None = None  # the line's key and the column that is listed

    @staticmethod
    def count(store: Store) -> int:
        """Return how many departments object to goals that are pursued."""
        return objection_count(store)

    @property
    def goals(self) -> Goals:
        """The goals as they were read last."""
        if self._goals is None:
            self._goals = Goals(self.store, self.directory)
        return self._goals

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns: departments, others that have work, work of none, and the sum of all."""
        return (*self.goals.aligned.columns, ALL)

    @property
    def _at(self) -> int:
        columns = self.columns
        return columns.index(self._column) if self._column in columns else len(columns) - 1

    # What is shown

    def read(self) -> Sequence[Row]:
        """Return the matrix, or the items behind one of its cells."""
        self._goals = None
        return self._matrix() if self._cell is None else self._listed(*self._cell)

    def _matrix(self) -> list[Row]:
        aligned = self.goals.aligned
        if not aligned.rows:
            return []
        columns = self.columns
        texts: dict[str, list[str]] = {}
        for line in aligned.rows:
            goal = self.goals.rows[line.goal]
            texts[line.goal] = [
                *(
                    self._text(line.cells.get(column, NOTHING), self._said(goal.id, column), open_=goal.open)
                    for column in aligned.columns
                ),
                self._text(line.total, ""),
            ]
        texts[TOTAL] = [self._text(aligned.totals[column], "") for column in aligned.columns]
        texts[TOTAL].append(self._text(aligned.total, ""))
        names = [self.called(column) for column in columns]
        widths = [
            min(max(cell_width(names[at]), *(cell_width(said[at]) for said in texts.values())), COLUMN_MOST)
            for at in range(len(columns))
        ]
        shown = self._shown(widths)
        labels = [_right(truncate(names[at], widths[at]), widths[at]) for at in shown]
        hidden = len(columns) - len(shown)
        title = _("Goal") + (f"  ‹ {len(shown)}/{len(columns)} ›" if hidden else "")
        rows = [Row("", title, facts=tuple(Fact(label) for label in labels))]
        for line in aligned.rows:
            goal = self.goals.rows[line.goal]
            mark, style = STATE_MARKS.get(goal.state, ("·", MUTED))
            against = "objected" in goal.answers.values()
            rows.append(
                Row(
                    line.goal, goal.title, goal.short, mark, "$text-error" if against else style,
                    self._facts(texts[line.goal], widths, shown), "" if goal.open else MUTED,
                    indent=2 * min(line.depth, 8),
                )
            )  # fmt: skip
        rows.append(
            Row(
                TOTAL,
                _("All goals"),
                mark="Σ",
                mark_style=MUTED,
                facts=self._facts(texts[TOTAL], widths, shown),
            )
        )
        return rows

    def _facts(self, texts: Sequence[str], widths: Sequence[int], shown: Sequence[int]) -> tuple[Fact, ...]:
        here = self._at
        return tuple(
            Fact(
                _right(texts[at], widths[at]),
                "bold $text-accent underline" if at == here else "$text-error" if "!" in texts[at] else MUTED,
            )
            for at in shown
        )

    def _shown(self, widths: Sequence[int]) -> list[int]:
        """Return the columns there is room for: the sums, and those around the one under the cursor."""
        short = max((cell_width(row.short) for row in self.goals.rows.values()), default=0)
        last = len(widths) - 1
        room = (self.list.size.width or self.app.size.width) - LEAST_TITLE - short - 6 - widths[last] - 2
        here = min(self._at, last)
        before, after = (here - 1, here + 1) if here < last else (-1, 0)
        shown = [here] if here < last else []
        room -= widths[here] + 2 if shown else 0
        while True:
            if before >= 0 and room >= widths[before] + 2:
                room -= widths[before] + 2
                shown.insert(0, before)
                before -= 1
            elif after < last and room >= widths[after] + 2:
                room -= widths[after] + 2
                shown.append(after)
                after += 1
            else:
                return [*shown, last]

    def _said(self, goal: str, column: str) -> str:
        """Return the sign of a department's answer, '' where none is waited for."""
        said = self.goals.rows[goal].answers.get(column, "")
        waited = column in self.goals.expected(goal) and self.goals.rows[goal].open
        return answer_mark(said) if said or waited else ""

    @staticmethod
    def _text(cell: Cell, said: str, *, open_: bool = True) -> str:
        if not cell.items:
            return f"· {said}" if said else "·" if open_ else ""
        parts = [f"{cell.done}/{cell.items}", hours_words(cell.hours) if cell.hours else "", said]
        return " ".join(part for part in parts if part)

    def called(self, column: str) -> str:
        """Return the heading of a column."""
        if column == ALL:
            return _("All")
        return clean(self.directory.department(column)) if column != NO_DEPARTMENT else _("no department")

    def _listed(self, key: str, column: str) -> list[Row]:
        goals = self._counted(key)
        department = None if column == ALL else column
        cards = goal_items(self.store, goals, department=department)
        title = self.goals.rows[key].title if key in self.goals.rows else _("All goals")
        rows = [
            Row(
                "",
                f"{title} · {self.called(column)}",
                facts=(Fact(str(len(cards)) + ("+" if len(cards) == MOST else "")),),
            )
        ]
        row = self.goals.rows.get(key)
        for side, why in row.objections.items() if row else ():
            if column in (side, ALL) and row and row.answers.get(side) == "objected":
                rows.append(Row("", f"! {self.directory.department(side)}: {why}", style="$text-error"))
        hours = efforts(self.store, [card.id for card in cards])
        today = self.store.today()
        return rows + [item_row(card, self.directory, hours.get(card.id), today) for card in cards]

    def _counted(self, key: str) -> list[str]:
        if key not in self.goals.rows:
            return list(self.goals.rows)
        return [key, *beneath(self.goals.parents, key)]

    def teaching(self) -> Sequence[str]:
        """Say what the matrix is for."""
        names = self.key_names
        if self._cell is not None:
            return (_("Nothing is counted here. {leave} goes back to the matrix.").format_map(names),)
        if self.goals.rows:
            return (
                _("Each cell: items done of all, their hours, and what the department answered.").format_map(
                    names
                ),
                _(
                    "{align_left} and {align_right} choose a department, {align_cell} lists what it counts."
                ).format_map(names),
                _("{align_acknowledge} acknowledges for that department, {align_object} objects.").format_map(
                    names
                ),
            )
        return (
            _("No goal is set yet."),
            "",
            _("{previous_tab} goes to the goals; {add} on a goal adds an item that serves it.").format_map(
                names
            ),
        )

    def refit(self) -> None:
        """Show as many columns as there is room for."""
        self.show()

    @property
    def card(self) -> Card | None:
        """The goal or the item under the cursor."""
        return queries.card(self.store, self.list.key) if self.list.key and self.list.key != TOTAL else None

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing now."""
        if self._cell is not None:
            return ("align_cell", "align_left", "align_right", "align_acknowledge", "align_object")
        return ("align_link", "select", "open", "comment")

    # Its keys

    def action_align_left(self) -> None:
        """Go to the column on the left."""
        self._to_column(-1)

    def action_align_right(self) -> None:
        """Go to the column on the right."""
        self._to_column(1)

    def _to_column(self, by: int) -> None:
        if self._cell is None and self.list.key:
            columns = self.columns
            self._column = columns[(self._at + by) % len(columns)]
            self.show()

    def action_align_cell(self) -> None:
        """List what is counted under the cursor; in the list, open the details."""
        if self._cell is not None:
            if self.card is not None:
                self.desk.action_open()
        elif not self.list.key:
            self.say_no_card()
        else:
            self._cell = (self.list.key, self.columns[self._at])
            self.list.clear_selection()
            self.to_top()

    def leave(self) -> bool:
        """Go back from a cell's items to the matrix."""
        if self._cell is None:
            return False
        key, self._column = self._cell
        self._cell = None
        self.to_top()
        self.list.go_to(key)
        self.desk.show_details()
        return True

    def _side(self) -> str:
        """Return the department of the column under the cursor, '' where it is none."""
        column = self.columns[self._at]
        return column if column in self.directory.departments else ""

    def _answering(self) -> list[Card]:
        if self._cell is not None:
            card = queries.card(self.store, self._cell[0]) if self._cell[0] != TOTAL else None
            return [card] if card else []
        return [card for card in self.targets() if card.kind == "goal"]

    def action_align_acknowledge(self) -> None:
        """Acknowledge the goal for the department of the column."""
        acknowledge(self, self._answering(), self._side())

    def action_align_object(self) -> None:
        """Object for the department of the column, and say why."""
        object_to(self, self._answering(), self._side())

    def action_align_answer(self) -> None:
        """Answer for the department of the column, or take its answer back."""
        ask_answer(self, self._answering(), self._side())

    def action_align_link(self) -> None:
        """Let the items chosen serve another goal."""
        items = [card for card in self.targets() if card.kind == "item"]
        if items:
            self.desk.choose_goal(items)
        else:
            self.say(_("{align_cell} lists the items that are counted here.").format_map(self.key_names))


def _right(text: str, width: int) -> str:
    return pad(" " * max(width - cell_width(text), 0) + text, width)
