"""How large a team's history is on the share: bytes an op in zstd segments, headers included. It only
informs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.lab import Lab
from tests.bench.measure import Row

NAME = "bytes"


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
