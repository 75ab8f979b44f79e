"""How large a team's history is on the share: bytes an op in zstd segments, headers included.

The demo's two weeks are small files and many, as people's are, so they have the bar; the large workspace informs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from store.database import open_store
from store.export import op_count
from sync.engine import create_share, sync_once
from tests.bench.lab import Lab
from tests.bench.measure import Row, against
from tui.demo.history import write_history

NAME = "bytes"
FLOOR = 60.0
NOW = 1_795_000_000_000


def measure(lab: Lab) -> Iterator[Row]:
    """Yield bytes an op as they lie on the share, beside those of the bare lines."""
    workspace = lab.workspace(lab.largest)
    raw, packed = workspace.raw_bytes / workspace.ops, workspace.share_bytes / workspace.ops
    yield Row(
        "bytes",
        f"bytes an op on the share, {workspace.ops:,} ops",
        "B",
        packed,
        raw,
        packed / raw,
        note="floor: the canonical lines before compression",
    )
    yield _demo(lab)


def _demo(lab: Lab) -> Row:
    """Send the demo's history, as its devices would, and weigh what lies on the share then."""
    homes, share = lab.path("cast"), lab.path("weighed")
    for folder in (homes, share):
        os.mkdir(folder)
    write_history(lambda code: os.path.join(homes, code), NOW)
    ops = 0
    for code in sorted(os.listdir(homes)):
        store = open_store(os.path.join(homes, code))
        create_share(share, store)
        sync_once(store)
        ops = op_count(store)
        store.close()
    size = sum(
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(share)
        for name in names
        if name.endswith(".seg")
    )
    return against(
        "bytes-demo", f"bytes an op of the demo's history, {ops:,} ops", "B", size / ops, FLOOR, bar=1.0
    )
