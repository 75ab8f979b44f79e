"""What a typed value means for a field, how a value is written to be edited, and what to say while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.dates import parse_day
from store.errors import StoreError
from store.lookup import resolve, short_of
from tui.celltext import clean, truncate
from tui.i18n import _
from tui.widgets.days import day_words, distance_words
from tui.widgets.detail.entries import head_words

if TYPE_CHECKING:
    from datetime import date

    from store.database import Store
    from tui.widgets.detail import Words

SAID_MOST = 24  # cells


def written_value(store: Store, field: schema.Field, value: object) -> str:
    """Return a value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return " ".join(short_of(store, str(element)) for element in value)
    if field.to:
        return short_of(store, str(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if field.name == "recurrence":
        return _typed_rule(str(value), store.today())
    return str(value)


def _typed_rule(rule: str, today: date) -> str:
    """Return a rule in words, unless they would be read as another one."""
    from store.analysis.rule_reader import parse_rule
    from tui.rule_words import rule_words

    words = rule_words(rule)
    return words if parse_rule(words, today) == rule else rule


def read_value(store: Store, field: schema.Field, text: str) -> object:
    """Return what a typed text means for a field, None for an empty one; a ValueError says why it means nothing."""
    text = text.strip()
    if not text:
        return None
    if field.type == schema.DATE:
        day = parse_day(text, store.today())
        if day is None:
            raise ValueError(_("“{text}” is no day. Try fri, 12-01, +3d or 周五.").format(text=text))
        return day.isoformat()
    if field.name == "recurrence":
        from store.analysis.rule_reader import parse_rule

        rule = parse_rule(text, store.today())
        if rule is None:
            raise ValueError(
                _("“{text}” is no rule. Try every mon, every 2 weeks, monthly last fri or 每月15号.").format(
                    text=text
                )
            )
        return rule
    if field.type in (schema.INTEGER, schema.NUMBER):
        return _number(field, text)
    if field.to:
        found = [_resolved(store, word) for word in text.replace(",", " ").split()]
        return found if field.type == schema.SET else found[0]
    return text


def value_hint(field: schema.Field, text: str, today: date) -> str:
    """Return what a text is understood to mean while it is typed, empty when it says so itself."""
    if field.name == "recurrence" and text.strip():
        return _rule_hint(text, today)
    if field.type != schema.DATE or not text.strip():
        return ""
    day = parse_day(text.strip(), today)
    if day is None:
        return "…"
    iso = day.isoformat()
    return f"{day_words(iso, today)} · {distance_words(iso, today)}"


def _rule_hint(text: str, today: date) -> str:
    from store.analysis.rule_reader import parse_rule
    from store.analysis.rules import first_day
    from tui.rule_words import rule_words

    rule = parse_rule(text, today)
    if rule is None:
        return "…"
    first = first_day(rule, today)
    return " · ".join(filter(None, (rule_words(rule), day_words(first.isoformat(), today) if first else "")))


def said_value(words: Words, field: schema.Field | None, value: object, today: date) -> str:
    """Return the beginning of what was saved, for the word about it; no field where the value is a text of its own."""
    said = str(value or "") if field is None else head_words(words, field, value, today)
    return truncate(clean(said), SAID_MOST) or _("nothing")


def _number(field: schema.Field, text: str) -> int | float:
    try:
        number = int(text) if field.type == schema.INTEGER else float(text)
    except ValueError:
        raise ValueError(_("“{text}” is no number.").format(text=text)) from None
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        raise ValueError(
            _("It is a number from {low} to {high}.").format(low=_plain(field.low), high=_plain(field.high))
        )
    return number


def _plain(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"


def _resolved(store: Store, word: str) -> str:
    from tui.sentences import sentence

    try:
        return resolve(store, word)
    except StoreError as error:
        raise ValueError(sentence(error)) from None
