"""When a place holds more, or other things, under this home's own name: it was rolled back, or cloned unnoticed.

Then this home goes on in a new incarnation. What it wrote since and nobody has been given gets its numbers there; what
the place holds is pulled like anybody's, so nothing of either is lost. `store.incarnation` notices most copies before
they write; this is for the rest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from store.changes import ChangeSet
from store.incarnation import ROLLED_BACK
from store.moving import renumber
from sync.branches.forks import FEW, History, Untraced, published, trace
from sync.branches.grafting import FORKED
from sync.push import Held
from sync.reading import Stuck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from sync.names import HeadName
    from sync.reading import Reader


class Past:
    """Watches what one place says of the stream that this home writes, signed with its key `public`.

    Lives as long as the engine.
    """

    def __init__(self, store: Store, reader: Reader, public: bytes) -> None:
        self._store = store
        self._reader = reader
        self._public = public
        self._explained: set[str] = set()

    def settle(self, heads: Iterable[HeadName]) -> ChangeSet:
        """Go on in a new incarnation when the place's heads say that this one is not this home's alone.

        Returns what was touched. Raises Held (restored, fork) while what leads to such a head cannot be read.
        """
        key = (self._store.device, self._store.incarnation)
        own = [head for head in heads if (head.dev, head.inc) == key and head.path not in self._explained]
        if not own:
            return ChangeSet()
        if len(own) > FEW or any(map(self._reader.is_doubted, own)):
            # A link takes longer than a signature, and heads cost a stranger nothing.
            own = self._reader.proven(own)
        history = History(self._store, *key)
        common = [self._common(history, head) for head in own]
        parted = [at for at in common if at is not None]
        if not parted:
            return ChangeSet()
        node = history.tree.trunk
        given = published(self._store, node.n)
        why = FORKED if any(at < given for at in parted) else ROLLED_BACK
        return renumber(self._store, max(given, *parted), why)

    def _common(self, history: History, head: HeadName) -> int | None:
        """Return the last op that a head's history and this home's have in common; None when all of it is known."""
        if history.holds(head.seq, head.hash32) is None:
            if not self._reader.proven([head], most=math.inf):
                return None
            try:
                found, _ = self._reader.segments((head.dev, head.inc))
                trail = trace(history, head, found, lambda name: self._reader.open(name, self._public))
            except (Untraced, Stuck):
                raise Held("restored" if head.seq > history.tree.trunk.end else "fork") from None
            if trail is not None:
                return trail.at
        self._explained.add(head.path)
        return None
