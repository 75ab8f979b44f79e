"""The list: items in rows and columns, each cell edited where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.table_order import GROUPS, Spec, sortable
from tui.i18n import _
from tui.screens.choices import Choice, Picked
from tui.screens.choosing import is_chosen
from tui.screens.list_frame import ListFrame
from tui.screens.row_keys import RowKeys
from tui.screens.table_columns import editable, known_columns, label
from tui.widgets.detail import Key

if TYPE_CHECKING:
    from textual.geometry import Region

    from tui.widgets.detail.editors import Editor
    from tui.widgets.table import TableView

NOTHING = "-"  # the choice that divides by nothing


class ListScreen(ListFrame, RowKeys):
    """Moves the cursor, edits cells, and changes what the table shows."""

    _editing: tuple[str, str] = ("", "")  # the item and the field whose cell is being edited

    # The cursor

    def action_list_left(self) -> None:
        """Go to the column on the left."""
        self.table.across(-1)

    def action_list_right(self) -> None:
        """Go to the column on the right."""
        self.table.across(1)

    # Selecting

    def action_list_all(self) -> None:
        """Select everything that shows."""
        self.table.select_all()
        self.show_hints()

    async def action_leave(self) -> None:
        """Deselect, then leave the details, then clear the filter."""
        if self.table.selected:
            self.clear_selection()
        elif self.reading:
            self.leave_details()
        elif self.filter_text:
            await self.action_clear_filter()

    # What is shown

    def action_list_sort(self) -> None:
        """Sort by the column under the cursor; by the same again, the other way; a third time as the board is."""
        name = self.table.column_name
        if not sortable(name):
            self.say(_("The list cannot be sorted by {column}.").format(column=label(name)))
            return
        self.sort_by_column(name)

    def sort_by_column(self, name: str) -> None:
        """Sort by a column, the other way where it is sorted so already."""
        spec = self.spec
        if spec.sort != name:
            self.sort_by(Spec(name, False, spec.group))
        elif not spec.descending:
            self.sort_by(Spec(name, True, spec.group))
        else:
            self.sort_by(Spec("", False, spec.group))

    def action_list_group(self) -> None:
        """Choose what the list is divided by."""
        choices = [
            Choice(NOTHING, _("nothing")),
            *(Choice(name, label(name), search=(name,)) for name in GROUPS),
        ]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                group = "" if answer.chosen[0] == NOTHING else answer.chosen[0]
                self.sort_by(Spec(self.spec.sort, self.spec.descending, group))

        self.ask(_("Divide the list by"), choices, picked, marked=(self.spec.group or NOTHING,))

    def action_list_fold(self) -> None:
        """Fold every section, or unfold them all."""
        if not self.spec.group:
            self.say(_("The list is not divided."))
            return
        keys = {section.key for section in self.order.sections(self.where)}
        self.folded = set() if self.folded else keys
        self.refresh_table()

    def action_list_add_column(self) -> None:
        """Choose the columns."""
        choices = [Choice(name, label(name), search=(name,)) for name in known_columns()]

        def picked(answer: Picked | None) -> None:
            if answer is None:
                return
            kept = [name for name in self.columns if name not in answer.removed]
            self.show_columns((*kept, *answer.chosen) or ("title",))

        self.ask(_("Columns"), choices, picked, marked=self.columns, several=True)

    def action_list_drop_column(self) -> None:
        """Take the column under the cursor away."""
        if len(self.columns) == 1:
            self.say(_("One column has to stay."))
            return
        self.show_columns(tuple(name for name in self.columns if name != self.table.column_name))

    def action_list_column_left(self) -> None:
        """Move the column under the cursor to the left."""
        self._move_column(-1)

    def action_list_column_right(self) -> None:
        """Move the column under the cursor to the right."""
        self._move_column(1)

    def _move_column(self, by: int) -> None:
        names = list(self.columns)
        at = names.index(self.table.column_name)
        to = max(min(at + by, len(names) - 1), 0)
        names.insert(to, names.pop(at))
        self.show_columns(tuple(names))

    # Editing

    def action_list_edit(self) -> None:
        """Edit the cell under the cursor, for all that are selected; on a heading, fold the section or unfold it."""
        line = self.table.line
        if line is not None and line.heading:
            self.folded ^= {line.key}
            self.refresh_table()
            return
        name, cards = self.table.column_name, self.targets()
        if not cards:
            return
        if not editable(name):
            self.say(_("{column} follows by itself.").format(column=label(name)))
            return
        field = schema.KINDS["item"].fields["place" if name == "status" else name]
        at = self.table.region_here()
        if is_chosen(field) or field.type == schema.DATE:
            self.choose(cards, {"item": field.name}, at=at)
            return
        from tui.screens.typed_values import written_value

        card = self.card or cards[0]
        fields = queries.entity_fields(self.boat.store, "item", card.id) or {}
        self._editing = (card.id, name)
        others = [one.id for one in cards if one.id != card.id]
        if self.table.selected and card.id not in self.table.selected:
            card, others = cards[0], [one.id for one in cards[1:]]
            self._editing = ("", "")
        self.open_line(
            card, Key("field", name), written_value(self.boat.store, field, fields.get(name)), others=others
        )

    def _place_editor(self, editor: Editor) -> None:
        """Put an editor over the cell that it was opened on, else where the details have the field."""
        at: Region | None = None
        if (editor.ent, editor.key.name) == self._editing and editor.rows == 1:
            at = self.table.region_here()
        if at is None or editor.opened_from is self.details:
            super()._place_editor(editor)
        else:
            editor.place(at)

    # What the table says

    def on_cursor_lines_opened(self, event: TableView.Opened) -> None:
        """Edit the cell that was clicked again."""
        event.stop()
        self.action_list_edit()

    def on_table_view_sorted(self, event: TableView.Sorted) -> None:
        """Sort by the heading that was clicked."""
        event.stop()
        if sortable(event.name):
            self.sort_by_column(event.name)
