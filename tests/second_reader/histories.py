"""One incarnation's files as one history or, where it forked, as streams with names of their own (FORMAT 7.1)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.second_reader.lines import Dot, Op, first_link, next_link
from tests.second_reader.sealed import ALPHABET

ATTACHED = ("comment", "check")


@dataclass
class Branch:
    """A stream of a history: after `base` ops of what lies before it, its own, numbered from 1.

    `links` are those after each of its ops. Where it ends in a fork, `branches` go on.
    """

    dev: str
    inc: str
    base: int
    before: "Branch | None" = None
    ops: list[Op] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)
    branches: list["Branch"] = field(default_factory=list)

    def way(self) -> list["Branch"]:
        """The streams from the first op to this one."""
        return [*(self.before.way() if self.before else []), self]

    def all(self) -> list["Branch"]:
        """This stream and all that branch off it."""
        return [self, *(one for branch in self.branches for one in branch.all())]


def branch_name(dev: str, inc: str, link: bytes) -> str:
    """inc' of the branch whose first op has this link."""
    digest = hashlib.blake2b("\x1f".join(("fork", dev, inc, link.hex())).encode(), digest_size=10).digest()
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(12))


def links_of(workspace: str, dev: str, inc: str, lines: Sequence[bytes]) -> list[bytes]:
    """The links after each of a history's ops."""
    link, found = first_link(workspace, dev, inc), []
    for line in lines:
        link = next_link(link, line)
        found.append(link)
    return found


def grow(dev: str, inc: str, ways: Iterable[tuple[list[Op], list[bytes]]]) -> Branch:
    """The tree of streams that some ways from the first op on make; each is ops and the links after them."""
    trunk = Branch(dev, inc, 0)
    _grow(trunk, inc, [way for way in ways if way[0]])
    return trunk


def _grow(stream: Branch, raw: str, ways: list[tuple[list[Op], list[bytes]]]) -> None:
    at = stream.base
    while going := [way for way in ways if len(way[0]) > at]:
        following = {way[1][at] for way in going}
        if len(following) > 1:
            for link in sorted(following):
                branch = Branch(stream.dev, branch_name(stream.dev, raw, link), at, stream)
                stream.branches.append(branch)
                _grow(branch, raw, [way for way in going if way[1][at] == link])
            break
        stream.ops.append(going[0][0][at])
        stream.links.append(going[0][1][at])
        at += 1
    if stream.before:
        named = [(one.inc, one.base, len(one.ops)) for one in stream.way()]
        stream.ops = [_renamed(op, stream, raw, named) for op in stream.ops]


def _renamed(op: Op, stream: Branch, raw: str, way: list[tuple[str, int, int]]) -> Op:
    """An op of a branch, called and naming others of its history as that says."""

    def name(dot: Dot) -> Dot:
        if dot[:2] != (stream.dev, raw):
            return dot
        for inc, base, count in way:
            if base < dot[2] <= base + count:
                return stream.dev, inc, dot[2] - base
        return dot

    value = op.value
    own = f"{stream.dev}.{raw}"
    if op.field == "trash" and isinstance(value, dict) and own in value:
        seen = value[own]
        value = {key: part for key, part in value.items() if key != own}
        for inc, base, count in way:
            if seen > base:
                value[f"{stream.dev}.{inc}"] = min(seen - base, count)
    return replace(
        op, inc=stream.inc, seq=op.seq - stream.base, parents=tuple(map(name, op.parents)), value=value
    )


def name_beyond(ops: Iterable[Op], trees: Iterable[Branch]) -> list[Op]:
    """The ops with names beyond a fork resolved that somebody wrote who knew one branch only."""
    streams = {(one.dev, one.inc): one for tree in trees for one in tree.all() if tree.branches}
    ops = list(ops)
    if not streams:
        return ops
    attached: dict[str, set[tuple[str, str]]] = {}
    for op in ops:
        if op.kind in ATTACHED and op.field == "on" and isinstance(op.value, str):
            attached.setdefault(op.value, set()).add((op.kind, op.ent))

    def named(dot: Dot, by: Op, about: set[tuple[str, str]], cell: str | None) -> Branch | None:
        """The one branch whose op of this number fits; the stream itself where it is not beyond its end."""
        stream = streams.get(dot[:2])
        if stream is None:
            return None
        fitting = [
            one
            for one in stream.all()
            if 0 < (at := dot[2] + stream.base - one.base) <= len(one.ops)
            and (found := one.ops[at - 1])
            and (found.kind, found.ent) in about
            and cell in (None, found.field)
            and found.lam < by.lam
        ]
        return fitting[0] if len(fitting) == 1 else None

    def resolved(op: Op) -> Op:
        parents = []
        for dot in op.parents:
            found = named(dot, op, {(op.kind, op.ent)}, op.field)
            stream = streams.get(dot[:2])
            beyond = stream is not None and dot[2] > len(stream.ops)
            if found is not None and stream is not None and beyond:
                dot = (found.dev, found.inc, dot[2] + stream.base - found.base)
            parents.append(dot)
        value: Any = op.value
        if op.field == "trash" and isinstance(value, dict):
            about = {(op.kind, op.ent), *attached.get(op.ent, ())}
            for key, seq in list(value.items()):
                dev, _, inc = key.partition(".")
                stream = streams.get((dev, inc))
                if stream is None or not isinstance(seq, int) or seq <= len(stream.ops):
                    continue
                if (found := named((dev, inc, seq), op, about, None)) is not None:
                    for one in found.way():
                        if one.base >= stream.base:
                            count = min(seq + stream.base - one.base, len(one.ops))
                            value = {
                                **value,
                                f"{one.dev}.{one.inc}": max(count, value.get(f"{one.dev}.{one.inc}", 0)),
                            }
        return replace(op, parents=tuple(parents), value=value)

    return [resolved(op) for op in ops]
