"""The chain's links as the op log gives them: what this home holds, named without any file."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from store.branches import node_of, noted_link
from store.gaps import gaps
from store.oplog import ops_after
from store.ops import encode_line
from sync.segment import StreamId, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store

_PAGE = 2_000


def lines_after(store: Store, dev: str, inc: str, seq: int) -> Iterator[bytes]:
    """Yield the lines of a stream's ops after `seq`, as far as they are held and as they were written.

    A branch's ops were written under their history's name; that is how files carry them.
    """
    found = node_of(store.conn, dev, inc)
    path = found[0].path(found[1]) if found is not None and found[1].parent else None
    while page := ops_after(store, dev, inc, seq, _PAGE):
        yield from (encode_line(op if path is None else path.written(op)) for op in page)
        seq = page[-1].seq


def link_from_log(store: Store, dev: str, inc: str, seq: int) -> str:
    """Return the link after op `seq` of a stream, from the nearest one that is remembered; "" before a first op.

    Where the first ops are still to come, it is computed from where the snapshot ended; before that it is "".
    """
    found = node_of(store.conn, dev, inc)
    if found is None:
        return ""
    tree, node = found
    start, link = noted_link(store.conn, node.n, seq)
    if node.parent and not link:
        before = tree.nodes[node.parent]
        start, link = 0, link_from_log(store, dev, before.inc, before.seq)
    for gap in gaps(store.conn):
        if (gap.dev, gap.inc) == (dev, inc) and gap.floor > start:
            if seq < gap.floor:
                return ""
            start, link = gap.floor, gap.link
    if start == seq:
        return link
    return chain(
        StreamId(store.workspace, dev, node.raw),
        link,
        islice(lines_after(store, dev, inc, start), seq - start),
    )
