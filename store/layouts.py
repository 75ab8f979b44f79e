"""Where each declared field lands in its kind's table, and which values its column takes."""

from __future__ import annotations

import datetime
from functools import lru_cache

from store import rank, schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_STORAGE = {schema.INTEGER: int, schema.NUMBER: float, schema.FLAG: int}
_TAIL = {
    "created_at": int, "created_by": str, "updated_at": int, "updated_by": str,
    "trashed": int, "banner": int, "private": int, "divergences": int,
}  # fmt: skip
INITIALS_KINDS = ("department", "member", "customer")
_EXPECTED: dict[str, type | tuple[type, ...]] = {
    schema.TEXT: str, schema.LONGTEXT: str, schema.CHOICE: str, schema.DATE: str, schema.DATETIME: str,
    schema.REF: str, schema.PARENT: str, schema.INTEGER: int, schema.NUMBER: (int, float), schema.FLAG: bool,
}  # fmt: skip
# Whose column takes any text as it is.
_DAYS = (schema.DATE, schema.DATETIME)
_PLAIN_TEXT = frozenset({schema.TEXT, schema.LONGTEXT, schema.CHOICE, schema.REF, schema.PARENT})


def table_columns(kind: schema.Kind) -> dict[str, type]:
    """Return the columns of a kind's table in order, for sqlite-utils to create."""
    types: dict[str, type] = {"n": int, "id": str}
    for field in kind.fields.values():
        if field.type == schema.PLACE:
            types.update(status=str, rank=str, moved_at=int)
        elif field.type in schema.SCALARS:
            types[field.name] = _STORAGE.get(field.type, str)
            if field.type == schema.PARENT:
                types[f"{field.name}_cut"] = int
    if kind.name in INITIALS_KINDS:
        types["initials"] = str
    types.update(_TAIL)
    return types


class Layout:
    """Where each field of a kind lands in its table's row."""

    __slots__ = (
        "banner", "cells", "columns", "created", "defaults", "divergences", "fields", "is_attached", "kind",
        "position", "private", "searchable", "trashed", "types",
    )  # fmt: skip

    def __init__(self, kind: schema.Kind) -> None:
        self.kind = kind.name
        self.types = table_columns(kind)
        self.columns = list(self.types)
        self.position = {name: index for index, name in enumerate(self.columns)}
        self.fields = kind.fields
        self.is_attached = kind.name in schema.ATTACHED_KINDS
        self.searchable = {
            field.name: self.position[field.name] for field in kind.fields.values() if field.searchable
        }
        self.defaults: list[Any] = [None] * len(self.columns)
        for field in kind.fields.values():
            if field.default is not None:
                self.defaults[self.position[field.name]] = field.default
        for name in self.columns:
            if name in ("trashed", "banner", "private", "divergences") or name.endswith("_cut"):
                self.defaults[self.position[name]] = 0
        self.created = self.position["created_at"]  # followed by created_by, updated_at and updated_by
        self.trashed = self.position["trashed"]
        self.banner = self.position["banner"]
        self.private = self.position["private"]
        self.divergences = self.position["divergences"]
        # By cell name: column (a place's three stand together), field, whether a JSON text is stored as it is, whether
        # the entity is found by it, and whether something else follows from the value. What is attached is found
        # through the entity it belongs to.
        self.cells: dict[str, tuple[int, schema.Field, bool, bool, bool]] = {
            field.name: (
                self.position["status" if field.type == schema.PLACE else field.name],
                field,
                field.type in _PLAIN_TEXT,
                field.searchable and not self.is_attached,
                field.type == schema.PARENT
                or field.name == "short"
                or (field.name == "title" and kind.name in INITIALS_KINDS),
            )
            for field in kind.fields.values()
            if field.type == schema.PLACE or field.type in schema.SCALARS
        }

    def read(
        self,
        values: Mapping[str, Any],
        sets: Mapping[str, list[str]],
        maps: Mapping[str, dict[str, object]],
        fields: Iterable[schema.Field] | None = None,
    ) -> dict[str, object]:
        """Return an entity's fields by name, in the order of the declaration, Nones and empty sets left out.

        `values` is its row by column, `sets` and `maps` what the side tables hold of it; a place comes as
        {"status", "rank"}, and a parent whose edge is cut counts as none. `fields` are those that are wanted, all of
        the kind where nothing is said.
        """
        found: dict[str, object] = {}
        for field in self.fields.values() if fields is None else fields:
            value: object
            if field.type == schema.PLACE:
                status = values["status"]
                value = None if status is None else {"status": status, "rank": values["rank"]}
            elif field.type == schema.SET:
                value = sorted(sets.get(field.name, ())) or None
            elif field.type == schema.MAP:
                value = maps.get(field.name)
            elif field.type == schema.FLAG:
                value = None if values[field.name] is None else bool(values[field.name])
            elif field.type == schema.PARENT and values[f"{field.name}_cut"]:
                value = None
            else:
                value = values[field.name]
            if value is not None:
                found[field.name] = value
        return found


class _Layouts(dict[str, Layout]):
    """The layout of each declared kind, made when it is first asked for: one command touches few of them."""

    def __missing__(self, kind: str) -> Layout:
        layout = self[kind] = Layout(schema.KINDS[kind])
        return layout


LAYOUTS = _Layouts()


def fingerprint() -> str:
    """Return a text that changes whenever the derived tables must be made anew."""
    tables = (f"{kind.name}:{','.join(table_columns(kind))}" for kind in schema.KINDS.values())
    return "17;" + ";".join(tables)


def _whole(text: str) -> int:
    """Return a whole number that can be reckoned with: one with hundreds of digits is beyond every fraction."""
    if len(text) > 300:
        _finite(text)
    return int(text)


def _finite(text: str) -> float:
    """Return a number that can be written again; JSON's grammar allows 1e999, which is infinite when read."""
    number = float(text)
    if number - number != 0:
        raise ValueError(text)
    return number


def decode(text: str) -> object:
    """Return the value of a JSON text; what cannot be read counts as no value."""
    if text == "null":
        return None
    if len(text) > 1 and text[0] == '"' and "\\" not in text:
        return text[1:-1]
    if len(text) < 16 and text.isdecimal():
        return int(text)
    import json  # which loads `re` and `enum`; what `sameboat add` writes is read above

    try:
        value = json.loads(text, parse_int=_whole, parse_float=_finite)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        return value
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=4_096)
def stored(field_type: str, text: str) -> object:
    """Return what a column of this type stores of a short JSON text: days, numbers and flags repeat in a batch."""
    return coerce(field_type, decode(text))


def place_value(text: str) -> tuple[str | None, str | None]:
    """Return (status, rank) of a place cell's JSON text, or Nones where a peer wrote something else."""
    parts = text.split('"')
    if len(parts) == 9 and parts[1] == "rank" and parts[5] == "status" and "\\" not in text:
        status, key = parts[7], parts[3]  # the canonical form, which is what everybody writes
    else:
        value = decode(text)
        if not isinstance(value, dict):
            return None, None
        status, key = value.get("status", ""), value.get("rank", "")
    return (status, key) if status and isinstance(status, str) and rank.is_rank(key) else (None, None)


def coerce(field_type: str, value: object) -> object:
    """Return `value` as a column of this type stores it, or None where it is nothing for such a field.

    A choice this program does not know is kept: a newer program wrote it.
    """
    expected = _EXPECTED[field_type]
    if value is None or not isinstance(value, expected):
        return None
    if field_type in _DAYS:
        return value if _is_day(str(value), field_type) else None
    if field_type == schema.FLAG:
        return int(value)  # type: ignore[call-overload]
    if isinstance(value, bool):
        return None
    if field_type == schema.NUMBER:
        return float(value)  # type: ignore[arg-type]
    if field_type == schema.INTEGER:
        return value if -(2**53) < value < 2**53 else None  # type: ignore[operator]
    return value


def _is_day(text: str, kind: str) -> bool:
    """Return whether screens can read a day or an instant, and compare days as texts."""
    try:
        if kind == schema.DATE:
            return datetime.date.fromisoformat(text).isoformat() == text
        datetime.datetime.fromisoformat(text)
        return len(text) <= 40
    except ValueError:
        return False


def initials(title: object) -> str:
    """Return what a name may be called by its first letters, pinyin ones included, separated by spaces."""
    if not isinstance(title, str) or not title:
        return ""
    if title.isascii():
        return "".join(word[0] for word in title.lower().split() if word[0].isalnum())
    from store.pinyin import variants

    return " ".join(variants(title))


def is_short(value: object) -> bool:
    """Return whether a short id is one that people can say and type: a code, a hyphen and a number."""
    if not isinstance(value, str) or not 3 <= len(value) <= 40 or not value.isascii():
        return False
    code, _, number = value.rpartition("-")
    return code.isalnum() and number.isdigit() and value == value.lower()
