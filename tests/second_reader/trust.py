"""Whom the ops make trusted, and up to where their streams are taken (FORMAT 6.1)."""

import re
from collections.abc import Iterable

from tests.second_reader.lines import Op
from tests.second_reader.state import heads_of

EVERYTHING = 2**32
KEY = re.compile(r"[0-9a-f]{64}")
ACCEPTED = re.compile(r"accepted/([^/.]+)\.([^/.]+)")


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
        self.keys: dict[str, str] = {}  # of those approved, the key approved
        self._decided: dict[str, str] = {}
        self._accepted: dict[tuple[str, str], dict[str, int]] = {}
        for (kind, ent, name), written in cells.items():
            if kind == "device" and name == "trust":
                heads = heads_of([op for op in written if op.dev != ent])
                values = [head.value for head in heads]
                self._decided[ent] = next((word for word in ("revoked", "approved") if word in values), "")
                key = _approved_key(heads, cells.get(("device", ent, "key"), []))
                if key and self._decided[ent] == "approved":
                    self.keys[ent] = key
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


def _approved_key(heads: Iterable[Op], keys: Iterable[Op]) -> str:
    """The key that the latest approval names: the one written in the same change."""
    named = {
        (op.dev, op.inc, op.change): op.value
        for op in keys
        if isinstance(op.value, str) and KEY.fullmatch(op.value)
    }
    found = ""
    for head in sorted(heads, key=lambda op: (op.lam, op.dev, op.inc, op.seq)):
        if head.value == "approved":
            found = named.get((head.dev, head.inc, head.change), found)
    return found
