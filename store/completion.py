"""What may stand next in a query that is being typed: the fields, and the values of the field one is at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from store.names import fold, given_names
from store.query_ast import quote
from store.query_fields import (
    CHOICE,
    DAY,
    FIELD_NAMES,
    FIELDS,
    LABEL,
    NUMBER,
    PREFIXES,
    REF,
    STATES,
    QueryField,
    field_called,
    names_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.vocabulary import Term, Vocabulary

DAYS = (
    "today", "tomorrow", "yesterday", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "this-week", "next-week",
    "this-month", "next-month", "eow", "eom",
)  # fmt: skip
DAYS_ZH = (
    "今天", "明天", "后天", "昨天", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "本周", "下周", "本月",
    "下月", "月底",
)  # fmt: skip
# What is offered before anything is typed: the fields that people ask about most.
USUAL = (
    "status", "owner", "department", "due", "labels", "priority", "kind", "goal", "is", "has", "no",
)  # fmt: skip
LONGEST = 2_000
_PLAIN = re.compile(r"[^\s\"“”(),，、（）:：<>=|｜\\-][^\s\"“”(),，、（）:：<>=|｜\\]*")
_HEAD = re.compile(r"([^\W\d_]\w*(?:-\w+)*)(:?(?:<=|>=|<|>|=)|!=|:)")
_SEPARATORS = frozenset(",、")


class Suggestion(NamedTuple):
    """What may stand there, in the words of the query."""

    text: str


class Completion(NamedTuple):
    """The part of a query that a suggestion takes the place of, and the suggestions, the likeliest first."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...]

    def taken(self, text: str, index: int) -> tuple[str, int]:
        """Return the query with a suggestion in it, and where the cursor then stands."""
        chosen = self.suggestions[index].text
        rest = text[self.end :]
        gap = "" if chosen.endswith(":") or rest.startswith((" ", ",", ")", "，", "、")) else " "
        return text[: self.start] + chosen + gap + rest, self.start + len(chosen) + len(gap)


NOTHING = Completion(0, 0, ())


def complete(text: str, cursor: int, vocabulary: Vocabulary, *, chinese: bool = False) -> Completion:
    """Return what may stand where the cursor is; `chinese` says which of two words for one thing comes first.

    What is typed up to the cursor is the beginning of every suggestion, by one of the names of what it suggests.
    """
    if len(text) > LONGEST:
        return NOTHING
    folded = fold(text[:cursor])
    start = _token_start(folded)
    if start < 0:
        return NOTHING
    token = folded[start:]
    head = _HEAD.match(token)
    if head is None:
        return Completion(start, cursor, tuple(_fields(token, chinese=chinese)))
    name, operator = head.groups()
    known = PREFIXES.get(name)
    field = field_called(name)
    if known is None and field is None:
        return NOTHING
    written = token[head.end() :]
    last = max((at for at in range(len(written)) if written[at] in _SEPARATORS), default=-1)
    begun = written[last + 1 :]
    at = start + head.end() + last + 1
    found = _states_or_fields(known, begun, chinese=chinese) if known else ()
    if field is not None:
        found = _values(field, begun.lstrip('"@#'), operator, vocabulary, chinese=chinese)
    return Completion(at, cursor, tuple(Suggestion(one) for one in dict.fromkeys(found)))


def _token_start(folded: str) -> int:
    """Return where the word begins that the text ends in, -1 inside a phrase; what is in quotes is one word."""
    start, quoted, valued = 0, False, False
    for at, letter in enumerate(folded):
        if letter == '"' and (at == 0 or folded[at - 1] != "\\"):
            if not quoted:
                valued = at > start  # a value of a field, not a phrase
            quoted = not quoted
        elif not quoted and (letter.isspace() or letter in "(（"):
            start = at + 1
    if quoted and not valued:
        return -1
    while start < len(folded) and folded[start] == "-":
        start += 1
    return start


def _fields(begun: str, *, chinese: bool) -> Iterable[Suggestion]:
    if not begun:
        shown = [
            next((name for name in names_of(field) if name.isascii() != chinese), field) for field in USUAL
        ]
        return [Suggestion(f"{name}:") for name in shown]
    usual = [name for field in USUAL for name in names_of(field)]
    names = dict.fromkeys((*usual, *FIELD_NAMES))
    fitting = [name for name in names if fold(name).startswith(begun.replace("-", "_"))]
    return [Suggestion(f"{name}:") for name in fitting]


def _states_or_fields(prefix: str, begun: str, *, chinese: bool) -> Iterable[str]:
    if prefix == "is":
        return _words(STATES, begun, chinese=chinese)
    names = [name for field in FIELDS for name in names_of(field)]
    return [name for name in names if fold(name).startswith(begun) and (begun or name.isascii() != chinese)]


def _values(
    field: QueryField, begun: str, operator: str, vocabulary: Vocabulary, *, chinese: bool
) -> Iterable[str]:
    if field.type == CHOICE:
        return _words({**field.choices, **(field.rare if begun else {})}, begun, chinese=chinese)
    if field.type == DAY:
        days = (*DAYS_ZH, *DAYS) if chinese else (*DAYS, *DAYS_ZH)
        none = ("none",) if operator in (":", "=", "!=") else ()
        return [day for day in (*days, *none) if day.startswith(begun)]
    if field.type == NUMBER:
        numbers = ("0", "1", "2", "3", "4") if field.name in ("priority", "severity", "importance") else ()
        return [number for number in numbers if number.startswith(begun.removeprefix("p"))]
    if field.type == LABEL:
        return [quoted(label) for label in vocabulary.labels if fold(label).startswith(begun)]
    if field.type == REF:
        me = ("@me",) if field.to == "member" and "me".startswith(begun) else ()
        none = ("none",) if "none".startswith(begun) else ()
        return (*me, *_terms(_called(field.to, vocabulary), begun, chinese=chinese), *none)
    return ()


def _called(kind: str, vocabulary: Vocabulary) -> list[Term]:
    return {
        "status": vocabulary.statuses, "member": vocabulary.members, "department": vocabulary.departments,
        "goal": vocabulary.goals, "customer": vocabulary.customers,
    }.get(kind, [])  # fmt: skip


def _terms(terms: Iterable[Term], begun: str, *, chinese: bool) -> Iterable[str]:
    """Yield each term by the name that is being typed, else by the name of the language."""
    for term in terms:
        usual = term.title if chinese or not term.title_en else term.title_en
        names = dict.fromkeys((usual, *given_names(term)))
        name = next((name for name in names if name and fold(name).startswith(begun)), "")
        if not name and begun and any(letters.startswith(begun) for letters in term.initials):
            name = usual
        if name:
            yield quoted(name)


def _words(known: Mapping[str, str], begun: str, *, chinese: bool) -> Iterable[str]:
    words = sorted(known, key=lambda word: word.isascii() == chinese)
    seen: set[str] = set()
    for word in words:
        if fold(word).startswith(begun) and (begun or known[word] not in seen):
            seen.add(known[word])
            yield quoted(word)


def quoted(text: str) -> str:
    """Return a value as it is written in a query: in quotes where it would be read as more than one word."""
    plain = _PLAIN.fullmatch(text) and fold(text) not in ("none", "无", "空", "me", "我")
    return text if plain else quote(text)
