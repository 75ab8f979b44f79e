"""The shape of a query, before and after its words have become ids and days, and a query as text again."""

from __future__ import annotations

from typing import NamedTuple

from store.names import fold
from store.query_fields import PREFIXES, field_called


class Word(NamedTuple):
    """Text to search for; a phrase was quoted, so its words stand together."""

    text: str
    phrase: bool
    start: int
    end: int


class Value(NamedTuple):
    """What was written after a field, and where; in quotes it is never a word with a meaning, as `none` is."""

    text: str
    quoted: bool
    start: int
    end: int


class Match(NamedTuple):
    """A field compared with what was written; the operator is one of `: < <= > >=`."""

    field: str
    operator: str
    values: tuple[Value, ...]
    start: int
    end: int


class Compare(NamedTuple):
    """A field compared with what that means: ids, choices, numbers, ISO days or text.

    | operator | values |
    |---|---|
    | `in` | any of them: is it, or is among the elements of a set |
    | `< <= > >=` | one number or one day |
    | `between` | the first and the last day, both included |
    | `contains` | one text, to be found inside, in either case |
    | `set` | none: the field has a value |

    `created` and `updated` are moments: a day of theirs lasts from midnight to midnight.
    """

    field: str
    operator: str
    values: tuple[str | int | float, ...]
    start: int
    end: int


class Is(NamedTuple):
    """A state that no single field holds; `query_fields.STATES` names them."""

    state: str
    start: int
    end: int


class Not(NamedTuple):
    """What does not match the node."""

    node: Node
    start: int
    end: int


class AllOf(NamedTuple):
    """What matches every node; without nodes, everything."""

    nodes: tuple[Node, ...]
    start: int
    end: int


class AnyOf(NamedTuple):
    """What matches at least one node."""

    nodes: tuple[Node, ...]
    start: int
    end: int


Node = Word | Match | Compare | Is | Not | AllOf | AnyOf


class Query(NamedTuple):
    """A parsed query and the text its positions speak of. It holds no `Compare` and no `Is`."""

    text: str
    node: Node


def unparse(node: Node) -> str:
    """Return the shortest text that parses to this node again, so that a query can be kept and changed."""
    match node:
        case Word():
            return _unparse_word(node)
        case Match():
            values = ",".join(quote(value.text) if value.quoted else value.text for value in node.values)
            # What starts with :// is an address, not a field.
            operator = "=" if node.operator == ":" and fold(values).startswith("//") else node.operator
            return f"{node.field}{operator}{values}"
        case Not():
            inner = unparse(node.node)
            return f"-({inner})" if isinstance(node.node, AllOf | AnyOf | Not) else f"-{inner}"
        case AllOf():
            return " ".join(
                f"({unparse(part)})" if isinstance(part, AnyOf) else unparse(part) for part in node.nodes
            )
        case AnyOf():
            return " | ".join(unparse(part) for part in node.nodes)
        case _:
            raise TypeError(f"{type(node).__name__} is the meaning of a query, not its text")


def quote(text: str) -> str:
    """Return the text in quotes, as a phrase or a value that may contain anything."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unparse_word(word: Word) -> str:
    if word.phrase:
        return quote(word.text)
    # A word that is also a field would take a comparison that follows for its own.
    is_field = fold(word.text) in PREFIXES or field_called(word.text)
    return f"({word.text})" if is_field else word.text
