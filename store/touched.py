"""A batch of ops sorted by cell, which is how the merge rules look at them."""

from __future__ import annotations

from store.merge import SEQ_BITS, SEQ_MASK, Head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from store.batch import Batch, Cells

    # A row of the log: dot, hash, Lamport time, wall time, author, entity number, field, value (JSON text), the dots of
    # the parents separated by spaces, change, unknown keys
    OpRow = tuple[int, bytes | bytearray, int, int, str, int, str, str, str | None, int, str | None]
    # first wall time, its author, last wall time, its author
    Stamp = list[Any]


class Touched:
    """What a batch of ops writes: incoming heads by cell, the dots they replace, and when each entity was written.

    `crowded` are the entities of which one cell got several ops, `early` names parents that have not arrived.
    """

    __slots__ = ("_batch", "cells", "crowded", "early", "private_stamps", "public_stamps", "superseded")

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self.cells: dict[int, Cells] = {}
        self.crowded: set[int] = set()
        # By entity, field and dot: the greatest Lamport time of an op that names the dot as its parent.
        self.superseded: dict[int, dict[str, dict[int, int]]] = {}
        self.early: list[tuple[int, str, int, int]] = []
        self.public_stamps: dict[int, Stamp] = {}
        self.private_stamps: dict[int, Stamp] = {}

    def add(self, rows: Iterable[OpRow]) -> None:
        """Take in more ops of the batch."""
        private, horizon = self._batch.private, self._batch.horizon
        touched, superseded = self.cells, self.superseded
        public = self.public_stamps
        last: object = None
        cells: Cells = {}
        stamp: Stamp = []
        for dot, _, lam, wt, by, ent, field, value, parents, _, _ in rows:
            if ent != last:  # ops of one entity mostly come together
                last = ent
                found = touched.get(ent)
                cells = touched[ent] = {} if found is None else found
                stamp = []
            if field in cells:
                cells[field].append(Head(dot, wt, lam, by, value))
                self.crowded.add(ent)
            else:
                cells[field] = [Head(dot, wt, lam, by, value)]
            if not stamp or wt != stamp[2] or by != stamp[3]:
                stamps = self.private_stamps if private and dot >> SEQ_BITS in private else public
                stamp = _widened(stamps, ent, wt, by)
            if parents:
                named = superseded.setdefault(ent, {}).setdefault(field, {})
                for parent in map(int, parents.split()):
                    if lam > named.get(parent, 0):
                        named[parent] = lam
                    if parent & SEQ_MASK > horizon.get(parent >> SEQ_BITS, 0):
                        self.early.append((ent, field, parent, lam))

    def add_past(self, rows: Iterable[OpRow]) -> None:
        """Take in ops that are known to be replaced: they date their entity, and may replace what is to come."""
        horizon = self._batch.horizon
        for dot, _, lam, wt, by, ent, field, _, parents, _, _ in rows:
            self.cells.setdefault(ent, {})
            private = dot >> SEQ_BITS in self._batch.private
            _widened(self.private_stamps if private else self.public_stamps, ent, wt, by)
            for parent in map(int, (parents or "").split()):
                if parent & SEQ_MASK > horizon.get(parent >> SEQ_BITS, 0):
                    self.early.append((ent, field, parent, lam))


def _widened(stamps: dict[int, Stamp], ent: int, wt: int, by: str) -> Stamp:
    stamp = stamps.get(ent)
    if stamp is None:
        stamp = stamps[ent] = [wt, by, wt, by]
    elif wt < stamp[0] or (wt == stamp[0] and by < stamp[1]):
        stamp[0], stamp[1] = wt, by
    elif wt > stamp[2] or (wt == stamp[2] and by > stamp[3]):
        stamp[2], stamp[3] = wt, by
    return stamp
