"""The query language: `status:doing dept:市场 owner:@me due<fri label:x -kind:risk free text`.

| written | finds |
|---|---|
| `登录 fast` | both words, wherever text is searched; Latin words also as beginnings |
| `"sign in"` | the words together |
| `status:doing`, `状态：进行中` | a field by one of its names, its value by any name or the start of one |
| `label:a,b` | any of the values |
| `owner:@me`, `owner:none` | me; nobody |
| `due<fri`, `due>=下周一`, `priority<=1` | `: = != < <= > >=` on days and numbers |
| `due:下周`, `created:2026-11` | any day of that week, of that month |
| `title:login` | text inside one field |
| `has:due`, `no:owner` | the field is set, is not set |
| `is:blocked` | blocked, overdue, done, open, private, diverged, pinned |
| `-kind:risk`, `-word` | the contrary |
| `a b | c`, `(a OR b) c` | one or the other; side by side binds tighter |

Full-width punctuation counts as half-width. URLs, `12:30` and `2>1` are text; so is anything in quotes.
`parse` reads the text, `resolve` turns names and days into ids and ISO days; both raise `StoreError`:

- `bad-query`: cannot be meant, wherever one goes on typing;
- `unfinished-query`: the last word lacks something that may still come.

Both say `text`, `position`, what was `expected` (one of `EXPECTED`), what was `found` there, and the `nearest` right
word or an empty string.
"""

from __future__ import annotations

import re
from typing import NoReturn

from store.errors import StoreError, nearest
from store.names import fold
from store.query_ast import AllOf, AnyOf, Match, Node, Not, Query, Value, Word, unparse
from store.query_fields import FIELD_NAMES, PREFIXES, field_called
from store.query_values import resolve

__all__ = ["EXPECTED", "parse", "resolve", "unparse"]

EXPECTED = (
    "field", "value", "choice", "member", "department", "status", "goal", "customer", "number", "day", "equality",
    "condition",
    "closing quote", "closing parenthesis", "fewer parentheses", "shorter query",
)  # fmt: skip
LONGEST = 2_000  # characters
_DEEPEST = 50  # parentheses within parentheses

_FIELD = re.compile(r"([^\W\d_]\w*(?:-\w+)*)( *)(:?(?:<=|>=|<|>|=)|!=|:)")
_OR = re.compile(r"(?:[|｜]|(?:OR|ＯＲ|或)(?![^\s()（）]))")
_AND = re.compile(r"(?:AND|ＡＮＤ|且)(?![^\s()（）])")
_OPERATORS = frozenset("<>=:")
_NEGATED = frozenset('"(@#_')


def parse(text: str) -> Query:
    """Return the query's structure; what its names and days mean is for `resolve`. An empty text matches everything."""
    parser = _Parser(text)
    if len(text) > LONGEST:
        parser.fail("shorter query", LONGEST)
    return Query(text, parser.any_of())


class _Parser:
    """Reads a query from left to right; every method leaves `at` after what it took."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.at = 0
        self.depth = 0

    def fail(self, expected: str, position: int, found: str = "") -> NoReturn:
        """Refuse the query; at its end something may still be typed."""
        code = "unfinished-query" if position >= len(self.text.rstrip()) else "bad-query"
        near = nearest(fold(found), list(FIELD_NAMES)) if expected == "field" else ""
        raise StoreError(
            code, text=self.text, position=position, expected=expected, found=found, nearest=near
        )

    def any_of(self) -> Node:
        start = self.at
        nodes = [self.all_of()]
        while found := _OR.match(self.text, self.at):
            self._require(nodes[-1])
            self.at = found.end()
            nodes.append(self.all_of())
        if len(nodes) == 1:
            return nodes[0]
        self._require(nodes[-1])
        flat = [part for node in nodes for part in (node.nodes if isinstance(node, AnyOf) else (node,))]
        return AnyOf(tuple(flat), start, self.at)

    def _require(self, node: Node) -> None:
        if node == AllOf((), node.start, node.end):
            self.fail("condition", self.at, self.text[self.at : self.at + 1])

    def all_of(self) -> Node:
        self._skip_spaces()
        start = end = self.at
        nodes: list[Node] = []
        while not self._is_at_end():
            node = self._term()
            nodes += node.nodes if isinstance(node, AllOf) else (node,) if node else ()
            end = self.at
            self._skip_spaces()
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes), start, end)

    def _is_at_end(self) -> bool:
        """Tell whether the terms side by side end here, stepping over an AND between them."""
        while found := _AND.match(self.text, self.at):
            self.at = found.end()
            self._skip_spaces()
        if self.folded.startswith(")", self.at) and not self.depth:
            self.fail("fewer parentheses", self.at, ")")
        return (
            self.at >= len(self.text)
            or self.folded[self.at] == ")"
            or _OR.match(self.text, self.at) is not None
        )

    def _term(self) -> Node | None:
        start = self.at
        if not self.folded.startswith("-", start):
            return self._primary()
        following = self.folded[start + 1 : start + 2]
        if not following:
            self.fail("condition", start + 1)
        if following.isspace() or following == ")":
            self.at += 1  # a dash between words says nothing
            return None
        if not following.isalnum() and following not in _NEGATED:
            return self._primary()
        self.at += 1
        node = self._primary()
        return Not(node, start, self.at) if node else None

    def _primary(self) -> Node | None:
        start = self.at
        if self.folded[start] == "(":
            return self._group()
        if self.folded[start] == '"':
            phrase = self._quoted()
            return Word(phrase, True, start, self.at) if phrase.strip() else None
        return self._match() or Word(self._bare(""), False, start, self.at)

    def _group(self) -> Node:
        start = self.at
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail("fewer parentheses", start, "(")
        self.at += 1
        node = self.any_of()
        if self.at >= len(self.text):
            self.fail("closing parenthesis", self.at)
        self._require(node)
        self.at += 1
        self.depth -= 1
        return node

    def _match(self) -> Node | None:
        found = _FIELD.match(self.folded, self.at)
        if found is None:
            return None
        name, gap, operator = found.groups()
        start, end = found.span()
        field = field_called(name)
        known = PREFIXES.get(name) or (field.name if field else "")
        is_prose = gap or self.folded[end : end + 1] in ("", " ")
        if (not known and is_prose) or self.folded.startswith("://", found.start(3)):
            return None
        if not known:
            self.fail("field", start, self.text[start : found.end(1)])
        self.at = end
        compared = operator.removeprefix(":") or ":"
        values = self._values()
        match = Match(known, ":" if compared in ("=", "!=") else compared, values, start, self.at)
        return Not(match, start, self.at) if compared == "!=" else match

    def _values(self) -> tuple[Value, ...]:
        values: list[Value] = []
        while True:
            self._skip_spaces()
            start = self.at
            is_quoted = self.folded.startswith('"', start)
            value = self._quoted() if is_quoted else self._bare(",、")
            if not value.strip() or (not is_quoted and self.folded[start] in _OPERATORS):
                self.fail("value", start, value)
            values.append(Value(value, is_quoted, start, self.at))
            if self.folded[self.at : self.at + 1] not in (",", "、"):
                return tuple(values)
            self.at += 1

    def _bare(self, stops: str) -> str:
        """Take what stands here up to a space, one of the stops, or the parenthesis that closes a group."""
        start = self.at
        opened = 0
        while self.at < len(self.folded):
            here = self.folded[self.at]
            opened += (here == "(") - (here == ")")
            if here.isspace() or here in stops or (opened < 0 and self.depth):
                break
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self) -> str:
        """Take what stands in quotes; a backslash lets a quote stand inside."""
        characters: list[str] = []
        self.at += 1
        while self.at < len(self.folded) and self.folded[self.at] != '"':
            is_escape = self.folded[self.at] == "\\" and self.folded[self.at + 1 : self.at + 2] in ("\\", '"')
            self.at += is_escape
            characters.append(self.text[self.at])
            self.at += 1
        if self.at >= len(self.folded):
            self.fail("closing quote", len(self.text))
        self.at += 1
        return "".join(characters)

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
