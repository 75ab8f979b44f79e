"""A query becomes SQL over the rows of a kind: full text through the index, everything else through typed columns."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import schema
from store.filters import EVERYTHING, Filter, KindFilter
from store.query import parse
from store.query_ast import AllOf, AnyOf, Compare, Is, Not, Word
from store.query_fields import FIELDS, LABEL, TYPES
from store.query_values import resolve
from store.tokens import askable, match_expression

if TYPE_CHECKING:
    from store.query_ast import Node
    from store.vocabulary import Vocabulary

_STAMPS = {"created": "created_at", "updated": "updated_at"}
_COLUMNS = {"status": "status", "created_by": "created_by", "updated_by": "updated_by"}
# Fields that stand for another where a kind has not the one that is asked for: a conflict's owner is its decider, its
# departments are the parties, a promise is of both departments.
_STAND_INS: dict[str, tuple[tuple[str, ...], ...]] = {
    "owner": (("decider",), ("member",)),
    "department": (("parties",), ("departments",), ("from_department", "to_department")),
    "due": (("follow_up",), ("until",), ("date",), ("last",)),
    "priority": (("severity",),),
}
_DAYS = ("due", "follow_up", "until", "last")
# The states in which a thing still waits for somebody; what has none of them is a record, neither open nor done.
_OPEN_STATES = {
    "conflict": schema.OPEN_CONFLICT_STATES,
    "commitment": schema.OPEN_COMMITMENT_STATES,
    "feedback": ("inbox", "linked", "snoozed"),
    "goal": ("pursued",),
    "need": ("raised", "confirmed"),
    "request": ("asked for",),
    "retro": ("writing", "grouping", "voting", "acting"),
}
_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_DONE = "i.status IN (SELECT id FROM p_status WHERE category = 'done')"


class _Impossible(Exception):
    """The node asks for a field that the kind does not have, so nothing of the kind matches it."""


def compile_filter(text: str, vocabulary: Vocabulary, today: datetime.date, me: str = "") -> Filter:
    """Return the condition that a query text means, for `store.queries`; an empty text matches everything.

    `me` is the id of the member who asks. Raises StoreError: bad-query (text, position, expected, found, nearest), or
    unfinished-query where a person is still typing.
    """
    if not text.strip():
        return EVERYTHING
    node = meaning(text, vocabulary, today, me)
    match, rest = _words_apart(node)
    item, item_parameters = _compile("item", rest, today)
    conflict, conflict_parameters = _compile("conflict", rest, today)
    return Filter(
        text,
        item,
        item_parameters,
        conflict,
        conflict_parameters,
        trashed=looks_into_trash(node),
        match=match,
    )


def meaning(text: str, vocabulary: Vocabulary, today: datetime.date, me: str = "") -> Node:
    """Return what a query asks, its names and days resolved. Raises StoreError: bad-query, unfinished-query."""
    return resolve(parse(askable(text)), vocabulary, today, me)


def filter_of(kind: str, node: Node, today: datetime.date, text: str = "") -> KindFilter:
    """Return the condition that a query's meaning is for the rows of any kind."""
    match, rest = _words_apart(node) if is_indexed(kind) else ("", node)
    sql, parameters = _compile(kind, rest, today)
    return KindFilter(kind, text, sql, parameters, looks_into_trash(node), match)


def is_indexed(kind: str) -> bool:
    """Tell whether things of a kind are found by their words; of the others only the titles are looked at."""
    return any(field.searchable for field in schema.KINDS[kind].fields.values())


def _words_apart(node: Node) -> tuple[str, Node]:
    """Return the full-text expression of the words that every match must contain, and the rest of the query.

    Phrases and what may be a short id stay in the rest: more than the index decides about them.
    """
    words: list[str] = []
    rest: list[Node] = []
    for part in node.nodes if isinstance(node, AllOf) else (node,):
        expression = match_expression(part.text) if isinstance(part, Word) and not part.phrase else ""
        if expression and isinstance(part, Word) and not _may_be_short(part.text):
            words.append(expression)
        else:
            rest.append(part)
    return " AND ".join(words), AllOf(tuple(rest), node.start, node.end)


def _may_be_short(word: str) -> bool:
    return "-" in word and word.isascii()


def looks_into_trash(node: Node) -> bool:
    """Return whether the whole query asks for what is in the trash; what is there shows in no other query."""
    if isinstance(node, AllOf):
        return any(looks_into_trash(part) for part in node.nodes)
    return isinstance(node, Is) and node.state == "trashed"


def _compile(kind: str, node: Node, today: datetime.date) -> tuple[str | None, tuple[object, ...]]:
    if isinstance(node, AllOf) and not node.nodes:
        return "", ()
    compiler = _Compiler(kind, today)
    try:
        sql = compiler.node(node)
    except _Impossible:
        return None, ()
    return sql, tuple(compiler.parameters)


class _Compiler:
    """Writes one kind's condition; parameters gather in the order of their marks."""

    def __init__(self, kind: str, today: datetime.date) -> None:
        self.kind = kind
        self.fields = schema.KINDS[kind].fields
        self.indexed = is_indexed(kind)
        self.today = today
        self.parameters: list[object] = []

    def node(self, node: Node) -> str:
        match node:
            case AllOf(nodes):
                return " AND ".join(f"({self.node(part)})" for part in nodes) or "1"
            case AnyOf(nodes):
                return self._any(nodes)
            case Not(inner):
                return self._not(inner)
            case Word():
                return self._word(node)
            case Is(state):
                return self._state(state)
            case Compare():
                return self._test(node)
            case _:
                raise TypeError(f"{type(node).__name__} was not resolved")

    def _any(self, nodes: tuple[Node, ...]) -> str:
        possible = []
        for part in nodes:
            mark = len(self.parameters)
            try:
                possible.append(f"({self.node(part)})")
            except _Impossible:
                del self.parameters[mark:]
        if not possible:
            raise _Impossible
        return " OR ".join(possible)

    def _not(self, inner: Node) -> str:
        mark = len(self.parameters)
        try:
            # A missing value makes a comparison NULL, which is not a match: its negation is one.
            return f"NOT coalesce(({self.node(inner)}), 0)"
        except _Impossible:
            del self.parameters[mark:]
            return "1"

    def _word(self, word: Word) -> str:
        expression = match_expression(word.text)
        if word.phrase and expression:
            # The index finds candidates; the words of a phrase must also stand together.
            expression = expression.replace('"*', '"')
        handle = "i.n IN (SELECT ent FROM handle WHERE short >= ? AND short < ?)"
        low = word.text.lower()
        if not self.indexed and "title" not in self.fields:
            raise _Impossible
        if not expression or not self.indexed:
            # Punctuation and emoji are not indexed: look at the titles themselves.
            self.parameters.append(f"%{_escape(word.text)}%")
            return "i.title LIKE ? ESCAPE '\\'"
        self.parameters.append(expression)
        found = "i.n IN (SELECT rowid FROM fts WHERE fts MATCH ?)"
        if word.phrase and len(word.text.split()) > 1:
            self.parameters.append(f"%{_escape(word.text)}%")
            columns = " || char(10) || ".join(
                f"coalesce(i.{field.name}, '')" for field in self.fields.values() if field.searchable
            )
            found = f"({found} AND {columns} LIKE ? ESCAPE '\\')"
        if _may_be_short(low):
            self.parameters += [low, low + "\x7f"]
            return f"({found} OR {handle})"
        return found

    def _state(self, state: str) -> str:
        if state == "private":
            return "i.private = 1"
        if state == "trashed":
            return "i.trashed = 1"
        if state == "diverged":
            return "i.divergences > 0"
        if self.kind != "item":
            return self._other_state(state)
        if state == "blocked":
            return "i.blocked IS NOT NULL"
        if state == "pinned":
            return "coalesce(i.pinned, 0) = 1"
        if state == "done":
            return _DONE
        if state == "open":
            return f"NOT coalesce({_DONE}, 0)"
        self.parameters.append(self.today.isoformat())
        return f"i.due < ? AND NOT coalesce({_DONE}, 0)"

    def _other_state(self, state: str) -> str:
        """Say of what is no item whether it is open, done or overdue, as far as its kind knows of that."""
        if state in ("blocked", "pinned"):
            raise _Impossible
        if self.kind == "meeting":
            if state == "overdue":
                raise _Impossible
            return f"i.ended IS {'NOT ' if state == 'done' else ''}NULL"
        states = _OPEN_STATES.get(self.kind)
        if states is None:
            raise _Impossible
        waits = f"coalesce(i.state, '{states[0]}') IN ({','.join(repr(one) for one in states)})"
        if state == "done":
            return f"NOT {waits}"
        if state == "open":
            return waits
        day = next((name for name in _DAYS if name in self.fields), "")
        if not day:
            raise _Impossible
        self.parameters.append(self.today.isoformat())
        return f"i.{day} < ? AND {waits}"

    def _test(self, test: Compare) -> str:
        if test.field in _STAMPS:
            return self._stamp(test)
        if test.field == "kind" and test.operator == "in":
            return self._kind(test.values)
        column = _COLUMNS.get(test.field)
        if column is None or (column == "status" and self.kind != "item"):
            names = self._own_fields(test.field)
            tests = [self._own_test(self.fields[name], test) for name in names]
            return tests[0] if len(tests) == 1 else " OR ".join(f"({one})" for one in tests)
        return self._column_test(column, test)

    def _own_test(self, field: schema.Field, test: Compare) -> str:
        if field.type == schema.PLACE:
            raise _Impossible
        if field.type == schema.SET:
            return self._set(field.name, test)
        return self._column_test(field.name, test)

    def _column_test(self, name: str, test: Compare) -> str:
        column = f'"{name}"'
        if test.operator == "set":
            return f"i.{column} IS NOT NULL"
        if test.operator == "in":
            self.parameters += test.values
            return f"i.{column} IN ({','.join('?' * len(test.values))})"
        if test.operator == "between":
            self.parameters += test.values
            return f"i.{column} BETWEEN ? AND ?"
        if test.operator == "contains":
            self.parameters.append(f"%{_escape(str(test.values[0]))}%")
            return f"i.{column} LIKE ? ESCAPE '\\'"
        self.parameters += test.values
        return f"i.{column} {_SIGNS[test.operator]} ?"

    def _own_fields(self, name: str) -> tuple[str, ...]:
        """Return the fields of the kind that a question is about; raises where it has none of that type."""
        for names in ((name,), *_STAND_INS.get(name, ())):
            if all(self._fits(own, name) for own in names):
                return names
        raise _Impossible

    def _fits(self, own: str, asked: str) -> bool:
        field = self.fields.get(own)
        known = FIELDS[asked]
        if field is None:
            return False
        return known.type == LABEL or (TYPES.get(field.type) == known.type and field.to == known.to)

    def _kind(self, values: tuple[str | int | float, ...]) -> str:
        if self.kind in values:
            return "1"
        own = [value for value in values if value not in schema.BOARD_KINDS]
        if "kind" not in self.fields or not own:
            raise _Impossible
        self.parameters += own
        return f"i.kind IN ({','.join('?' * len(own))})"

    def _set(self, field: str, test: Compare) -> str:
        # The element index answers by value; the row's own elements are few.
        if test.operator == "set":
            return f"EXISTS (SELECT 1 FROM element e WHERE e.ent = i.n AND e.field = '{field}')"
        marks = ",".join("?" * len(test.values))
        self.parameters += test.values
        return f"i.n IN (SELECT ent FROM element WHERE field = '{field}' AND value IN ({marks}))"

    def _stamp(self, test: Compare) -> str:
        column = _STAMPS[test.field]
        if test.operator == "set":
            return f"i.{column} IS NOT NULL"
        days = [str(value) for value in test.values]
        if test.operator == "between":
            self.parameters += [_midnight(days[0]), _midnight(days[1], after=True)]
            return f"i.{column} >= ? AND i.{column} < ?"
        self.parameters.append(_midnight(days[0], after=test.operator in (">", "<=")))
        return f"i.{column} {'<' if test.operator in ('<', '<=') else '>='} ?"


def _midnight(day: str, *, after: bool = False) -> int:
    """Return the moment a local day begins (ms since the epoch), or the next one begins."""
    date = datetime.date.fromisoformat(day)
    if after and date < datetime.date.max:
        date += datetime.timedelta(days=1)
    try:
        return int(datetime.datetime(date.year, date.month, date.day).astimezone().timestamp() * 1000)
    except (OverflowError, ValueError, OSError):
        return 0 if date.year < 1970 else 253_402_300_799_999


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
