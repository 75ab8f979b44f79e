"""What the detail pane is made of: entries, the words in them, and lines that fit its width."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual.content import Content

from store import schema
from tui.celltext import clean, clean_lines, pad, wrap
from tui.i18n import _
from tui.widgets.days import day_words, distance_words, parse_iso

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from store.queries import Detail

MUTED = "$text-muted"
LABEL_MOST = 16

# Where an imported thing came from: told while there is something to tell, edited by nobody.
ORIGIN = frozenset({"source", "created"})


class Key(NamedTuple):
    """What an entry stands for: a field, one key of a map field, a comment, a checklist entry, a divergence."""

    part: str  # field, map, long, action, comment, check, divergence, banner, more, change, plain
    name: str = ""
    sub: str = ""


class Entry(NamedTuple):
    """One thing the pane says, in lines that fit its width; the cursor stops at it if there is something to do."""

    key: Key
    lines: tuple[Content, ...]
    stop: bool = True
    indent: int = 0  # cells before the value: where an editor opens


class Words(Protocol):
    """Turns what a field holds into what a person reads."""

    def value(self, field: schema.Field, value: object) -> str:
        """Return the words for one value of a field."""

    def member(self, member_id: str) -> str:
        """Return a member's name."""

    def department(self, department_id: str) -> str:
        """Return a department's name."""

    def style(self, field: schema.Field, value: object) -> str:
        """Return the style that says what a value means, such as a department's colour."""


class Page(NamedTuple):
    """Everything the entries depend on besides the detail itself."""

    words: Words
    width: int
    today: date
    now: int
    done: bool = False  # its work is over: a day in the past is not late
    expanded: bool = False  # show the empty fields too
    drafts: Collection[Key] = ()  # what was typed and not saved
    facts: Sequence[str] = ()  # said beside the short id and the kind
    marks: Sequence[str] = ()  # what is odd about it, and kept all the same
    notes: Mapping[str, str] = MappingProxyType({})  # said behind what a field holds, by its name
    besides: Sequence[Entry] = ()  # what else belongs to it, told after its fields


def head_words(words: Words, field: schema.Field | None, value: object, today: date) -> str:
    """Return what one of several concurrent values says; a place on the board by its status."""
    if field is None:
        return str(value)
    if field.type == schema.PLACE and isinstance(value, dict):
        value = value.get("status")
    if field.type == schema.DATE and isinstance(value, str):
        return day_words(value, today)
    return words.value(field, value) if not is_empty(value) else _("nothing")


def field_entry(detail: Detail, page: Page, field: schema.Field, labels: int) -> Entry:
    """Return a field of one line, its label before it."""
    value = held_value(detail, field.name)
    key = Key("field", field.name)
    style = page.words.style(field, value)
    text = _value_text(page, field, value)
    if field.type == schema.DATE and isinstance(value, str) and value:
        distance = "" if page.done else distance_words(value, page.today)
        text = " · ".join(part for part in (day_words(value, page.today), distance) if part)
        day = parse_iso(value)
        style = "$text-error" if day and day < page.today and not page.done else style
    if note := page.notes.get(field.name):
        text = f"{text}   {note}"
    label = pad(_(field.label), labels)
    lines = wrap(clean(text), max(page.width - labels, 8), 6)
    first = Content.assemble((label, MUTED), (lines[0], style if text else MUTED), draft_mark(page, key))
    rest = [Content.assemble(" " * labels, (line, style)) for line in lines[1:]]
    return Entry(key, (first, *rest), stop=field.name not in ORIGIN, indent=labels)


def _value_text(page: Page, field: schema.Field, value: object) -> str:
    if is_empty(value):
        return "—"
    if isinstance(value, (list, tuple, set, frozenset)):
        words = [page.words.value(field, element) for element in value]
        return " ".join(f"#{word}" for word in words) if field.name == "labels" else ", ".join(words)
    return page.words.value(field, value)


def heading(text: str, page: Page, mark: Content | None = None) -> Entry:
    """Return a heading with an empty line above it."""
    line = Content.assemble((text, f"bold {MUTED}"), mark or "")
    return Entry(Key("plain"), (Content(""), line), stop=False)


def draft_mark(page: Page, key: Key) -> Content:
    """Return the sign that something was typed here and not saved."""
    return Content.styled("  ✎ " + _("draft"), "$text-warning") if key in page.drafts else Content("")


def wrapped(text: str, width: int) -> list[str]:
    """Return a text of many lines in rows that fit."""
    return [row for line in clean_lines(text) for row in wrap(line, width)]


def muted(text: str, width: int) -> tuple[Content, ...]:
    """Return a text in rows of a quieter colour."""
    return styled(text, MUTED, width)


def styled(text: str, style: str, width: int) -> tuple[Content, ...]:
    """Return a text in rows of a style."""
    return tuple(Content.styled(line, style) for line in wrap(text, width))


def held_value(detail: Detail, name: str) -> object:
    """Return what a field holds; a place on the board as its status."""
    return detail.fields.get("status" if name == "place" else name)


def is_empty(value: object) -> bool:
    """Tell whether a field holds nothing."""
    return (
        value is None or value == "" or (isinstance(value, (list, tuple, dict, set, frozenset)) and not value)
    )
