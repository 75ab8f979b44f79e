"""The chain's links as the op log gives them: what this home holds, named without any file."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from store.oplog import ops_after
from store.ops import encode_line
from store.sparse import gaps
from sync.segment import StreamId, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store

_PAGE = 2_000


def lines_after(store: Store, dev: str, inc: str, seq: int) -> Iterator[bytes]:
    """Yield the canonical lines of a stream's ops after `seq`, as far as they are held."""
    while page := ops_after(store, dev, inc, seq, _PAGE):
        yield from map(encode_line, page)
        seq = page[-1].seq


def link_from_log(store: Store, dev: str, inc: str, seq: int) -> str:
    """Return the link after op `seq` of a stream, computed from its first op on; "" before the first.

    Where the first ops are still to come, it is computed from where the snapshot ended; before that it is "".
    """
    if not seq:
        return ""
    start, link = 0, ""
    for gap in gaps(store.conn):
        if (gap.dev, gap.inc) == (dev, inc):
            start, link = gap.floor, gap.link
    if seq < start:
        return ""
    return chain(
        StreamId(store.workspace, dev, inc), link, islice(lines_after(store, dev, inc, start), seq - start)
    )
