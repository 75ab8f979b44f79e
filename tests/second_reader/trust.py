"""Whom the ops make trusted, and up to where their streams are taken (FORMAT 6.1)."""

import re
from collections.abc import Iterable

from tests.second_reader.lines import Op
from tests.second_reader.state import heads_of

EVERYTHING = 2**32
ACCEPTED = re.compile(r"accepted/([^/.]+)\.([^/.]+)")


def approved_keys(ops: Iterable[Op]) -> dict[str, str]:
    """Of each device that was approved with a key, the key of the latest approval."""
    ops = list(ops)
    keys = {
        (op.dev, op.inc, op.change, op.ent): op.value
        for op in ops
        if op.kind == "device" and op.field == "key" and op.ent != op.dev
    }
    found: dict[str, str] = {}
    for op in sorted(ops, key=lambda op: (op.lam, op.dev, op.inc, op.seq)):
        key = keys.get((op.dev, op.inc, op.change, op.ent))
        if op.kind == "device" and op.field == "trust" and op.value == "approved" and isinstance(key, str):
            found[op.ent] = key
    return found


class Roster:
    """Who is trusted by the ops given."""

    def __init__(self, ops: Iterable[Op], workspace: str, root: str) -> None:
        self.root = root
        cells: dict[tuple[str, str, str], list[Op]] = {}
        for op in ops:
            if op.kind in ("device", "workspace"):
                cells.setdefault((op.kind, op.ent, op.field), []).append(op)
        asked = heads_of(cells.get(("workspace", workspace, "approval"), []))
        self.approval = any(head.value is True for head in asked)
        self._decided: dict[str, str] = {}
        self._accepted: dict[tuple[str, str], dict[str, int]] = {}
        for (kind, ent, name), written in cells.items():
            if kind == "device" and name == "trust":
                values = {head.value for head in heads_of([op for op in written if op.dev != ent])}
                self._decided[ent] = next((word for word in ("revoked", "approved") if word in values), "")
            matched = ACCEPTED.fullmatch(name)
            if kind == "device" and matched:
                observer, inc = matched.groups()
                counts = [op.value for op in written if op.dev == observer and type(op.value) is int]
                self._accepted.setdefault((ent, inc), {})[observer] = max(counts, default=0)

    def standing(self, dev: str) -> str:
        """One of "trusted", "approved", "revoked", "waits"."""
        decided = self._decided.get(dev, "")
        if decided:
            return decided
        return "waits" if self.approval and dev != self.root else "trusted"

    def limit(self, dev: str, inc: str) -> int:
        """How many ops of a stream everybody takes."""
        if self.standing(dev) in ("trusted", "approved"):
            return EVERYTHING
        observers = self._accepted.get((dev, inc), {})
        return max(
            (
                count
                for observer, count in observers.items()
                if observer != dev and self.standing(observer) in ("trusted", "approved")
            ),
            default=0,
        )
