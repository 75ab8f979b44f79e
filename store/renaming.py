"""Other names for the ops of a history that forked or was numbered twice, and the way back to how they were written.

Where a stream forks it ends, and each branch after that is a stream of its own, numbered from 1. An op of a branch was
written with the names that ops had then; here it has those of the streams there are now. Its `change` stays as written:
it tells the ops of one user action from others, nothing more. Pure: the same on every replica.
"""

from __future__ import annotations

from store.errors import StoreError
from store.layouts import decode
from store.ops import Op, derived_id, encode_value
from store.schema import TRASH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

BRANCH_INC = (
    12  # characters of a branch's incarnation; those that devices choose are shorter, so none poses as one
)


def branch_inc(dev: str, inc: str, link: str) -> str:
    """Return the incarnation of the branch of (dev, inc) whose first op has this link: the same on every replica."""
    return derived_id("fork", dev, inc, link)[:BRANCH_INC]


class Path:
    """The streams that a history runs through, from its first op on, each up to where the next one begins.

    `parts` are (incarnation, how many ops lie before its first), the trunk first; all are of the device `dev`.
    """

    __slots__ = ("_bases", "_dev", "_parts", "_raw")

    def __init__(self, dev: str, parts: Sequence[tuple[str, int]]) -> None:
        self._dev = dev
        self._raw = parts[0][0]
        self._parts = list(parts)
        self._bases = dict(parts)

    def called(self, op: Op) -> Op:
        """Return an op of this history, as it was written, under the name it has in the last of its streams.

        Raises StoreError: bad-op, for one that names its past as nobody could when it was written.
        """
        inc, base = self._parts[-1]
        found = _copy(op, inc, op.seq - base, self._name, self._divide)
        back = self.written(found)
        if (back.parents, back.value) != (op.parents, op.value):
            raise StoreError("bad-op", dot=op.dot, why="it names its own past by names to come")
        return found

    def written(self, op: Op) -> Op:
        """Return an op of the last stream as it was written."""
        return _copy(op, self._raw, op.seq + self._bases[op.inc], self._origin, self._join)

    def _name(self, dot: str) -> str:
        dev, inc, seq = dot.split(".")
        if dev == self._dev and inc == self._raw:
            for name, base in reversed(self._parts):
                if int(seq) > base:
                    return f"{dev}.{name}.{int(seq) - base}"
        return dot

    def _origin(self, dot: str) -> str:
        dev, inc, seq = dot.split(".")
        if dev == self._dev and inc in self._bases:
            return f"{dev}.{self._raw}.{int(seq) + self._bases[inc]}"
        return dot

    def _divide(self, seen: dict[str, Any]) -> None:
        """Replace what was seen of the history as a whole by what was seen of each of its streams."""
        name = f"{self._dev}.{self._raw}"
        upto = seen.get(name)
        if type(upto) is not int or len(self._parts) == 1 or upto <= self._parts[1][1]:
            return
        del seen[name]
        ends = [base for _, base in self._parts[1:]] + [upto]
        for (inc, base), end in zip(self._parts, ends, strict=True):
            if min(upto, end) > base:
                seen[f"{self._dev}.{inc}"] = min(upto, end) - base

    def _join(self, seen: dict[str, Any]) -> None:
        upto = 0
        for inc, base in self._parts[1:]:
            found = seen.get(f"{self._dev}.{inc}")
            if type(found) is int:
                del seen[f"{self._dev}.{inc}"]
                upto = base + found
        if upto:
            seen[f"{self._dev}.{self._raw}"] = upto


def seen_elsewhere(value: str, stream: str, keep: int, other: str, offset: int) -> str:
    """Return a deletion's value after the ops of `stream` beyond `keep` became those of `other`, after its `offset`."""
    if f'"{stream}"' not in value:
        return value

    def divide(seen: dict[str, Any]) -> None:
        upto = seen.get(stream)
        if type(upto) is int and upto > keep:
            seen[stream] = keep
            if not keep:
                del seen[stream]
            known = seen.get(other)
            seen[other] = max(upto - keep + offset, known if type(known) is int else 0)

    return _rewritten(value, divide)


def _copy(
    op: Op, inc: str, seq: int, name: Callable[[str], str], divide: Callable[[dict[str, Any]], None]
) -> Op:
    value = op.value
    if op.field == TRASH and f'"{op.dev}.' in value:
        value = _rewritten(value, divide)
    parents = tuple([name(parent) for parent in op.parents])
    return Op(
        op.dev, inc, seq, op.lam, op.wt, op.by, op.kind, op.ent, op.field, value, parents, op.change, op.extra
    )  # fmt: skip


def _rewritten(value: str, divide: Callable[[dict[str, Any]], None]) -> str:
    """Return a deletion's value with what was seen put through `divide`; one that is no such value stays as it is."""
    seen = decode(value)
    if not isinstance(seen, dict):
        return value
    before = dict(seen)
    divide(seen)
    return value if seen == before else encode_value(seen)
