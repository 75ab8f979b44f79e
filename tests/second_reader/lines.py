"""Op lines, and the links that chain them (FORMAT 3 and 4)."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from tests.second_reader.signed import MalformedError

KEYS = ("lam", "wt", "by", "kind", "ent", "field", "value", "parents", "change")
LINE_LIMIT = 1_500_000
ID = "[0-9abcdefghjkmnpqrstvwxyz]"
DOT = re.compile(rf"({ID}{{4,26}})\.({ID}{{1,16}})\.([1-9][0-9]{{0,9}})")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

Dot = tuple[str, str, int]


@dataclass(frozen=True)
class Op:
    """One cell write with its dot; `extra` holds the keys that this reader does not know."""

    dev: str
    inc: str
    seq: int
    lam: int
    wt: int
    by: str
    kind: str
    ent: str
    field: str
    value: Any
    parents: tuple[Dot, ...]
    change: int
    extra: dict[str, Any]

    @property
    def dot(self) -> Dot:
        return self.dev, self.inc, self.seq

    @property
    def order(self) -> tuple[int, int, str, str, int]:
        """The place in the total order, which decides between heads (DESIGN)."""
        return self.wt, self.lam, self.dev, self.inc, self.seq


def first_link(workspace: str, dev: str, inc: str) -> bytes:
    """link(0) of a stream."""
    return hashlib.sha256(f"sameboat\n{workspace}\n{dev}.{inc}\n".encode()).digest()


def next_link(link: bytes, line: bytes) -> bytes:
    """The link after `line`, which comes without its line end."""
    return hashlib.sha256(link + line).digest()


def read_op(line: bytes, dev: str, inc: str, seq: int) -> Op:
    """The op of one line, or `MalformedError` when it is not a canonical op."""
    try:
        text = line.decode("utf-8")
        pairs = json.loads(text, object_pairs_hook=lambda pairs: pairs, parse_constant=_refused)
        value = json.loads(text, object_pairs_hook=dict)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise MalformedError(f"op {seq} is not JSON: {error}") from None
    if not isinstance(value, dict) or tuple(key for key, _ in pairs[: len(KEYS)]) != KEYS:
        raise MalformedError(f"op {seq} lacks keys, or has them in another order")
    if len(value) != len(pairs) or re.search(r"\s", STRING.sub("", text)):
        raise MalformedError(f"op {seq} has spaces or a key twice")
    lam, wt, change, parents = (value[key] for key in ("lam", "wt", "change", "parents"))
    by, kind, ent, field = names = [value[key] for key in ("by", "kind", "ent", "field")]
    if any(type(number) is not int or number < 0 for number in (lam, wt, change)):
        raise MalformedError(f"op {seq}: lam, wt and change are whole numbers")
    if not all(isinstance(name, str) for name in names) or not isinstance(parents, list):
        raise MalformedError(f"op {seq}: by, kind, ent and field are strings, parents an array")
    extra = {key: part for key, part in value.items() if key not in KEYS}
    dots = tuple(_dot(parent) for parent in parents)
    return Op(dev, inc, seq, lam, wt, by, kind, ent, field, value["value"], dots, change, extra)


def _refused(text: str) -> Any:
    raise ValueError(text)


def _dot(text: Any) -> Dot:
    matched = DOT.fullmatch(text) if isinstance(text, str) else None
    if not matched:
        raise MalformedError(f"a parent is no dot: {text!r}")
    return matched.group(1), matched.group(2), int(matched.group(3))
