"""What a query's names and days mean: the step from written values to ids, choices, numbers and ISO days."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from store.errors import StoreError, nearest
from store.names import fold, given_names, terms_called
from store.periods import may_become_period, parse_period
from store.query_ast import AllOf, AnyOf, Compare, Is, Match, Node, Not, Query, Value
from store.query_fields import CHOICE, DAY, FIELDS, LABEL, NUMBER, REF, STATES, QueryField, field_called

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from store.vocabulary import Term, Vocabulary

_NOBODY = frozenset({"none", "无", "空"})
_ME = frozenset({"me", "我"})
_NONE: Mapping[str, str] = MappingProxyType({})


def resolve(query: Query, vocabulary: Vocabulary, today: date, me: str = "") -> Node:
    """Return the query with every `Match` become a `Compare` or an `Is`; `me` is the id of the member who asks.

    A name may be cut short: `status:do` is any status that begins so. Labels are free, so an unknown one is no
    error and finds nothing.
    """
    return _Resolver(query.text, vocabulary, today, me).node(query.node)


class _Resolver:
    def __init__(self, text: str, vocabulary: Vocabulary, today: date, me: str) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.today = today
        self.me = me

    def node(self, node: Node) -> Node:
        match node:
            case Match():
                return self._match(node)
            case Not():
                return node._replace(node=self.node(node.node))
            case AllOf() | AnyOf():
                return node._replace(nodes=tuple(self.node(part) for part in node.nodes))
            case _:
                return node

    def _match(self, match: Match) -> Node:
        if match.field == "is":
            return self._any(
                match, [Is(self._state(match, value), match.start, match.end) for value in match.values]
            )
        if match.field in ("has", "no"):
            fields = [self._field(match, value) for value in match.values]
            set_fields: list[Node] = [
                Compare(field.name, "set", (), match.start, match.end) for field in fields
            ]
            return self._any(
                match,
                [Not(test, match.start, match.end) for test in set_fields]
                if match.field == "no"
                else set_fields,
            )
        field = FIELDS[match.field]
        if match.operator != ":":
            return self._comparison(match, field)
        written = [value for value in match.values if value.quoted or fold(value.text) not in _NOBODY]
        nodes = self._equal(match, field, written) if written else []
        if len(written) < len(match.values):
            nodes.append(Not(Compare(field.name, "set", (), match.start, match.end), match.start, match.end))
        return self._any(match, nodes)

    def _any(self, match: Match, nodes: list[Node]) -> Node:
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes), match.start, match.end)

    def _equal(self, match: Match, field: QueryField, values: list[Value]) -> list[Node]:
        """Return what any of the values means."""
        if field.type == DAY:
            return [
                Compare(field.name, "between", self._days(field, value), match.start, match.end)
                for value in values
            ]
        if field.type == NUMBER:
            found: Iterable[str | int | float] = [self._number(value) for value in values]
        elif field.type == REF:
            found = [ident for value in values for ident in self._ids(field, value)]
        elif field.type == CHOICE:
            found = [choice for value in values for choice in self._choices(value, field.choices, field.rare)]
        elif field.type == LABEL:
            found = [self._label(value) for value in values]
        else:
            return [
                Compare(field.name, "contains", (value.text,), match.start, match.end) for value in values
            ]
        return [Compare(field.name, "in", tuple(dict.fromkeys(found)), match.start, match.end)]

    def _comparison(self, match: Match, field: QueryField) -> Node:
        value = match.values[0]
        if field.type not in (DAY, NUMBER):
            self._fail("equality", match.start, match.operator)
        if len(match.values) > 1:
            self._fail(
                "number" if field.type == NUMBER else "day", match.values[1].start, match.values[1].text
            )
        if field.type == NUMBER:
            limit: str | float = self._number(value)
        else:
            first, last = self._days(field, value)
            limit = last if match.operator in (">", "<=") else first
        return Compare(field.name, match.operator, (limit,), match.start, match.end)

    def _days(self, field: QueryField, value: Value) -> tuple[str, str]:
        period = parse_period(value.text, self.today, past=field.past)
        if period is None:
            self._fail("day", value.start, value.text, is_started=may_become_period(value.text))
        return period[0].isoformat(), period[1].isoformat()

    def _number(self, value: Value) -> int | float:
        digits = fold(value.text).strip().removeprefix("p")
        try:
            number = float(digits)
        except ValueError:
            self._fail("number", value.start, value.text)
        if number - number != 0:  # infinite, or no number
            self._fail("number", value.start, value.text)
        return int(number) if number.is_integer() else number

    def _ids(self, field: QueryField, value: Value) -> list[str]:
        name = fold(value.text).strip()
        if field.to == "member":
            name = name.removeprefix("@")
            if name in _ME and not value.quoted and self.me:
                return [self.me]
        terms = self._terms(field.to)
        found = terms_called(name, terms, departments=field.to == "department")
        if not found:
            self._fail(
                field.to, value.start, value.text, [name for term in terms for name in given_names(term)]
            )
        return [term.id for term in found]

    def _terms(self, kind: str) -> list[Term]:
        return {
            "status": self.vocabulary.statuses, "member": self.vocabulary.members,
            "department": self.vocabulary.departments, "goal": self.vocabulary.goals,
            "customer": self.vocabulary.customers,
        }[kind]  # fmt: skip

    def _choices(
        self, value: Value, choices: Mapping[str, str], rare: Mapping[str, str] = _NONE
    ) -> list[str]:
        name = fold(value.text).strip()
        if name in rare and name not in choices:
            return [rare[name]]
        found = [choices[name]] if name in choices else [
            choice for word, choice in choices.items() if word.startswith(name)
        ]  # fmt: skip
        if not found:
            self._fail("choice", value.start, value.text, (*choices, *rare))
        return found

    def _label(self, value: Value) -> str:
        name = value.text if value.quoted else value.text.removeprefix("#").removeprefix("＃")
        folded = fold(name)
        return next((label for label in self.vocabulary.labels if fold(label) == folded), name)

    def _state(self, match: Match, value: Value) -> str:
        self._require_equality(match)
        states = dict.fromkeys(self._choices(value, STATES))
        if len(states) > 1:
            self._fail("choice", value.start, value.text, STATES, is_started=True)
        return next(iter(states))

    def _field(self, match: Match, value: Value) -> QueryField:
        self._require_equality(match)
        field = field_called(value.text)
        if field is None:
            self._fail("field", value.start, value.text, FIELDS, is_started=_begins(value.text, FIELDS))
        return field

    def _require_equality(self, match: Match) -> None:
        if match.operator != ":":
            self._fail("equality", match.start, match.operator)

    def _fail(
        self, expected: str, position: int, found: str, known: Iterable[str] = (), *, is_started: bool = False
    ) -> NoReturn:
        """Refuse the query; `is_started` says that more typing could make a value at its end right."""
        is_last = position + len(found) >= len(self.text.rstrip())
        near = nearest(fold(found), [fold(word) for word in known if word])
        raise StoreError(
            "unfinished-query" if is_started and is_last else "bad-query",
            text=self.text, position=position, expected=expected, found=found, nearest=near,
        )  # fmt: skip


def _begins(text: str, words: Iterable[str]) -> bool:
    return any(word.startswith(fold(text)) for word in words)
