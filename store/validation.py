"""Values as fields accept them: checked where they enter, so that nothing unusable is ever written."""

from __future__ import annotations

import datetime
import math

from store import schema
from store.errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def known_kind(name: str) -> schema.Kind:
    """Return the kind called `name`; raises unknown-kind with the nearest right one."""
    kind = schema.KINDS.get(name)
    if kind is None:
        from store.errors import nearest

        raise StoreError("unknown-kind", kind=name, nearest=nearest(name, list(schema.KINDS)))
    return kind


def known_field(kind: schema.Kind, name: str) -> schema.Field:
    """Return the kind's field called `name`; raises unknown-field with the nearest right one."""
    field = kind.fields.get(name)
    if field is None:
        from store.errors import nearest

        raise StoreError(
            "unknown-field", field=name, kind=kind.name, nearest=nearest(name, list(kind.fields))
        )
    return field


def checked_text(field: str, text: str, limit: int) -> str:
    """Return `text` as it may be stored; raises too-long or bad-text (a NUL, half a surrogate pair)."""
    if len(text) > limit:
        raise StoreError("too-long", field=field, limit=limit, size=len(text))
    if "\0" in text:
        raise StoreError("bad-text", field=field, why="NUL")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise StoreError("bad-text", field=field, why="UTF-8") from None
    return text


def checked(field: schema.Field, value: object) -> object:
    """Return a scalar `value` in the form the field stores, None for no value.

    Raises bad-value (field, value, expected) or too-long (field, limit, size).
    """
    if value is None:
        if field.required:
            raise StoreError("bad-value", field=field.name, value="", expected="text")
        return None
    return _CHECKS[field.type](field, value)


def _bad(field: schema.Field, value: object, expected: str) -> StoreError:
    return StoreError("bad-value", field=field.name, value=str(value)[:200], expected=expected)


def _text(field: schema.Field, value: object) -> object:
    if not isinstance(value, str):
        raise _bad(field, value, "text")
    text = checked_text(field.name, value, schema.LIMITS[field.type])
    if field.type == schema.TEXT and ("\n" in text or "\r" in text):
        text = " ".join(text.splitlines())
    if not text.strip():
        if field.required:
            raise _bad(field, value, "text")
        return None
    return text


def _choice(field: schema.Field, value: object) -> object:
    if value not in field.choices:
        raise _bad(field, value, ", ".join(field.choices))
    return value


def _integer(field: schema.Field, value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _bad(field, value, "a whole number")
    return _in_range(field, value)


def _number(field: schema.Field, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad(field, value, "a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise _bad(field, value, "a number")
    return _in_range(field, value)


def _in_range(field: schema.Field, value: int | float) -> object:
    low, high = field.low, field.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise _bad(
            field,
            value,
            f"{low:g} to {high:g}" if low is not None and high is not None else "another number",
        )
    return value


def _flag(field: schema.Field, value: object) -> object:
    if not isinstance(value, bool):
        raise _bad(field, value, "true or false")
    return value


def _date(field: schema.Field, value: object) -> object:
    if isinstance(value, str) and len(value) == 10:
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _bad(field, value, "a date, YYYY-MM-DD")


def _datetime(field: schema.Field, value: object) -> object:
    if isinstance(value, str) and len(value) <= 40:
        try:
            return datetime.datetime.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _bad(field, value, "a date and time, ISO 8601")


def _reference(field: schema.Field, value: object) -> object:
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise _bad(field, value, "an id")
    return value


_CHECKS: dict[str, Callable[[schema.Field, object], object]] = {
    schema.TEXT: _text, schema.LONGTEXT: _text, schema.CHOICE: _choice, schema.INTEGER: _integer,
    schema.NUMBER: _number, schema.FLAG: _flag, schema.DATE: _date, schema.DATETIME: _datetime,
    schema.REF: _reference, schema.PARENT: _reference,
}  # fmt: skip


def checked_map_value(field: schema.Field, key: str, value: object) -> object:
    """Return a map entry's value: text, a number, a flag, or None to clear it."""
    name = f"{field.name}/{key}"
    checked_text(name, key, schema.LIMITS[schema.SET])
    if not key.strip():
        raise StoreError("bad-value", field=field.name, value=key, expected="a name")
    if isinstance(value, str):
        return checked_text(name, value, schema.LIMITS[schema.MAP])
    if value is None or isinstance(value, bool):
        return value
    # A whole number that not every JSON reader holds exactly would be refused by peers, and with it all that follows.
    if abs(value) < 2**53 if isinstance(value, int) else isinstance(value, float) and math.isfinite(value):
        return value
    raise StoreError("bad-value", field=name, value=str(value)[:200], expected="text or a number")


def checked_elements(field: schema.Field, values: object) -> list[str]:
    """Return a set field's elements, without doubles and in the order given."""
    if isinstance(values, str) or not isinstance(values, list | tuple | set | frozenset):
        raise StoreError("bad-value", field=field.name, value=str(values)[:200], expected="a list")
    seen: dict[str, None] = {}
    for value in sorted(values) if isinstance(values, set | frozenset) else values:
        if not isinstance(value, str) or not value.strip():
            raise StoreError("bad-value", field=field.name, value=str(value)[:200], expected="text")
        seen[" ".join(checked_text(field.name, value, schema.LIMITS[schema.SET]).split())] = None
    return list(seen)
