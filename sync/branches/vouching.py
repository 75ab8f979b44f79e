"""Heads that are missing: a crash came between a segment and its head, and maybe this home has lost the ops since.

Whoever reads the place takes such ops once a head further on seems to lead over them, and if that is of another branch,
holds what nobody else hears of. Only the owner can sign a head: it looks over its own folder before it writes there,
and what it finds there goes the way of every op that was sent.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from store.branches import trees
from store.places import Place, Pushed, pushed
from sync import names
from sync.branches.forks import History
from sync.names import HeadName
from sync.places.transport import TransportError
from sync.segment import MAX_FILE, SegmentError, SegmentWrong
from sync.trust.standing import REVOKED, read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from store.branches import Tree
    from store.database import Store
    from sync.names import SegmentName
    from sync.places.transport import Transport
    from sync.segment import Segment

    Key = tuple[str, str]

MAX_OPENED = 64  # segments of one history that are its device's: a crash leaves one
MAX_VAIN = 1024  # and such as are not: the next look goes on with others
RETRY_SECONDS = 60.0  # until a segment is looked at again that was not whole
LOOK_SECONDS = 3600.0  # until a history is looked over again: what a crash had left may come late


class Ending(NamedTuple):
    """Where a segment ends: its last op and the link after it."""

    seq: int
    tail: str


def doubtful(found: Sequence[SegmentName], reach: int, *, forked: bool) -> list[SegmentName]:
    """Return the segments that may hold what no head leads to, the furthest first, by their names alone.

    Those are the ones that go on after op `reach`, up to which the place is known to hold what this home wrote, and
    those that hold the same ops as another one: of a history that has `forked` that is as it should be.
    """
    told = {name for name in found if name.last > reach}
    furthest: SegmentName | None = None
    for name in sorted(found):
        if furthest is not None and name.first <= furthest.last and not forked:
            told |= {furthest, name}
        if furthest is None or name.last > furthest.last:
            furthest = name
    return sorted(told, key=lambda name: (-name.last, name))


def unheaded(
    history: History,
    suspects: Sequence[SegmentName],
    heads: Sequence[HeadName],
    reach: int,
    open_segment: Callable[[SegmentName], Segment | None],
) -> Iterator[Ending]:
    """Yield where suspects end that no head speaks of and no other suspect continues.

    `suspects` are as `doubtful` gives them. What this home holds itself counts where it goes on from `reach`: elsewhere
    a head further on leads there. `open_segment` returns None for what is not this device's, or not whole.
    """
    passed: set[Ending] = set()
    opened = 0
    for name in suspects:
        found = open_segment(name)
        if found is None:
            continue
        ending = Ending(name.last, found.header.tail)
        within = {other.last for other in suspects if name.first <= other.last + 1 <= name.last}
        told = any(head.seq == ending.seq and ending.tail.startswith(head.hash32) for head in heads)
        if not told and ending not in passed:
            if name.first <= reach + 1 <= name.last or history.holds(*ending) is None:
                yield ending
        passed |= {ending, *(Ending(seq, link) for seq, link in found.links() if seq in within)}
        opened += 1
        if opened == MAX_OPENED:  # only what is the device's own takes room: names cost a stranger nothing
            return


class Voucher:
    """Writes the heads that one place lacks of this device's streams. Lives as long as the engine.

    `read` opens one of its segments and `write` writes one of its heads, as pushing does.
    """

    def __init__(
        self,
        store: Store,
        place: Place,
        transport: Transport,
        *,
        read: Callable[[bytes, SegmentName], Segment],
        write: Callable[[HeadName, str], None],
    ) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._read = read
        self._write = write
        # What the last run has listed, so that nobody need list it again.
        self.listed: dict[Key, list[str]] = {}
        self._due: dict[Key, float] = {}  # histories that were looked over, and until when not again
        self._part_only = False  # whether the last look left something out, or found it not whole
        self._vain: set[SegmentName] = set()  # segments that were opened in vain
        self._left = 0  # how many more may be in this look

    def run(self, heads: Sequence[HeadName]) -> list[HeadName]:
        """Write the heads that are missing, and return them; `heads` are those the place lists now.

        Each own stream is looked over before anything of it is written here, and later now and then before more is:
        soon where something was not whole. Raises TransportError.
        """
        self.listed = {}
        cursors = pushed(self._store, self._place.n)
        written: list[HeadName] = []
        for key, tree in trees(self._store.conn, " AND s.mine = 1").items():
            if self._is_due(key, tree, cursors):
                written += self._look_over(key, tree, cursors, [head for head in heads if head[:2] == key])
        return written

    def _is_due(self, key: Key, tree: Tree, cursors: Mapping[int, Pushed]) -> bool:
        if not any(node.seq for node in tree.nodes.values()):
            return False
        if key in self._due:
            sends = any(node.seq > _seq(cursors, node.n) for node in tree.nodes.values())
            if not sends or time.monotonic() < self._due[key]:
                return False
        return read_trust(self._store).standing(self._store.device) != REVOKED

    def _look_over(
        self, key: Key, tree: Tree, cursors: Mapping[int, Pushed], heads: Sequence[HeadName]
    ) -> Iterator[HeadName]:
        self.listed[key] = self._transport.list(names.stream_folder(*key)).files
        parsed = (names.parse_segment(*key, name) for name in self.listed[key])
        found = [name for name in parsed if name is not None]
        history = History(self._store, *key)
        known = [head.seq for head in heads if history.holds(head.seq, head.hash32) is not None]
        reach = max([node.base + _seq(cursors, node.n) for node in tree.nodes.values()] + known)
        suspects = sorted(doubtful(found, reach, forked=tree.is_forked), key=lambda name: name in self._vain)
        self._part_only = False
        self._left = MAX_VAIN
        for ending in unheaded(history, suspects, heads, reach, self._open):
            head = HeadName.of(*key, ending.seq, ending.tail)
            self._write(head, ending.tail)
            yield head
        self._due[key] = time.monotonic() + (RETRY_SECONDS if self._part_only else LOOK_SECONDS)

    def _open(self, name: SegmentName) -> Segment | None:
        """Return a segment that this device wrote, None for one that it did not, or that is not whole yet."""
        if not self._left:
            self._part_only = True
            return None
        try:
            return self._read(self._transport.read(name.path, MAX_FILE), name)
        except SegmentWrong:
            pass  # a stranger's, whom nobody asked
        except SegmentError:
            self._part_only = True
        except TransportError as error:
            if error.code not in ("missing", "irregular", "too-large"):
                raise
        self._vain.add(name)
        self._left -= 1
        return None


def _seq(cursors: Mapping[int, Pushed], stream: int) -> int:
    return cursors[stream].seq if stream in cursors else 0
