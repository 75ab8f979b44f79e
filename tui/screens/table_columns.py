"""The columns that a list of items may have, and the words that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.table_order import STAMPS
from tui.celltext import clean
from tui.i18n import N_, _
from tui.theme import glyph
from tui.widgets.days import day_words, moment_words, parse_iso
from tui.widgets.table import Cell, Column

if TYPE_CHECKING:
    import datetime

    from store.table_order import Spec
    from store.table_rows import TableRow
    from tui.screens.directory import Directory

USUAL = (
    "short",
    "title",
    "status",
    "owner",
    "department",
    "priority",
    "due",
    "effort",
    "labels",
    "updated_at",
)
_UNSHOWN = (schema.LONGTEXT, schema.MAP)
_STAMPS = {
    "created_at": N_("Created"), "created_by": N_("Created by"), "updated_at": N_("Updated"),
    "updated_by": N_("Updated by"),
}  # fmt: skip
_WIDTHS = {
    "title": (20, 60), "short": (6, 10), "priority": (2, 8), "kind": (4, 12), "labels": (6, 20),
    "created_at": (4, 22), "updated_at": (4, 22),
}  # fmt: skip
MUTED = "$text-muted"


def known_columns() -> tuple[str, ...]:
    """Return every column there is, in the order of the declaration."""
    fields = schema.KINDS["item"].fields.values()
    shown = [field for field in fields if field.type not in _UNSHOWN]
    names = ["status" if field.type == schema.PLACE else field.name for field in shown]
    return (*(name for name in names if name not in ("source", "created")), *STAMPS)


def read_columns(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that a setting or a view names, and the names that are none; the usual ones for no text."""
    known = known_columns()
    words = [word for word in text.replace(",", " ").split() if word]
    named = tuple(dict.fromkeys(word for word in words if word in known))
    return named or USUAL, tuple(word for word in words if word not in known)


def column(name: str, spec: Spec) -> Column:
    """Return a column as the table draws it."""
    least, most = _WIDTHS.get(name, (4, 18))
    sorted_by = ("down" if spec.descending else "up") if name == spec.sort else ""
    return Column(name, label(name), least, most, name == "title", sorted_by)


def label(name: str) -> str:
    """Return what a column is called."""
    if name in _STAMPS:
        return _(_STAMPS[name])
    return _(schema.KINDS["item"].fields["place" if name == "status" else name].label)


def editable(name: str) -> bool:
    """Tell whether what stands in a column can be changed by hand."""
    return name not in ("short", *STAMPS)


class CellWriter:
    """Writes the cells of items; what stands in many rows is put into words once."""

    def __init__(self, names: tuple[str, ...], directory: Directory, today: datetime.date, now: int) -> None:
        self._names = names
        self._directory = directory
        self._today = today
        self._now = now
        self._written: dict[tuple[str, object, object], Cell] = {}

    def cells(self, row: TableRow) -> tuple[Cell, ...]:
        """Return the cells of an item."""
        return tuple([self._cell(row, name) for name in self._names])

    def _cell(self, row: TableRow, name: str) -> Cell:
        if name == "short":
            return Cell(row.short, MUTED)
        value = row.values.get(name)
        if value is None or value == []:
            return Cell()
        status = row.values.get("status")  # which a day that is over looks at
        said = (name, tuple(value) if isinstance(value, list) else value, status)
        cell = self._written.get(said)
        if cell is None:
            cell = self._written[said] = _cell(
                name, value, str(status or ""), self._directory, self._today, self._now
            )
        return cell


def mark(row: TableRow, directory: Directory) -> Cell:
    """Return the sign before an item: what is the matter with it, the gravest first."""
    if row.divergences:
        return Cell(glyph("divergence"), "$text-warning")
    if row.banner:
        return Cell(glyph("banner"), "$text-warning")
    if row.values.get("blocked"):
        return Cell(glyph("blocked"), "$text-error")
    if row.private:
        return Cell(glyph("private"), MUTED)
    done = directory.category(str(row.values.get("status") or "")) == "done"
    return Cell(glyph("done"), "$text-success") if done else Cell(" ")


def _cell(
    name: str, value: object, status: str, directory: Directory, today: datetime.date, now: int
) -> Cell:
    if name in ("created_at", "updated_at"):
        return Cell(moment_words(int(str(value)), now), MUTED)
    if name in ("created_by", "updated_by"):
        return Cell(directory.member(str(value)), MUTED)
    if name == "status":
        return Cell(directory.status(str(value)))
    field = schema.KINDS["item"].fields[name]
    if isinstance(value, list):
        return Cell(
            " ".join(f"#{one}" if name == "labels" else directory.value(field, one) for one in value), MUTED
        )
    if field.type == schema.DATE:
        return _day(str(value), name, directory, status, today)
    if field.to in ("department", "member"):
        style = directory.style(field, value)
        return Cell(directory.value(field, value), style)
    return Cell(directory.value(field, value), directory.style(field, value))


def _day(text: str, name: str, directory: Directory, status: str, today: datetime.date) -> Cell:
    day = parse_iso(text)
    if day is None:
        return Cell(clean(text))
    late = name == "due" and day < today and directory.category(status) != "done"
    return Cell(day_words(text, today), "$text-error" if late else "")
