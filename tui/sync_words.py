"""What a sync did, counted in words."""

from __future__ import annotations

from tui.i18n import ngettext


def moved_words(pushed: int, pulled: int) -> str:
    """Return how many ops were sent and received."""
    said = ngettext("{pushed} op sent, {pulled} received", "{pushed} ops sent, {pulled} received", pushed)
    return said.format(pushed=pushed, pulled=pulled)


def snapshot_words(folder: str, ops: int, size: int) -> str:
    """Return where a snapshot lies, for how many ops it stands and how large it is; `size` is in bytes."""
    said = ngettext(
        "A snapshot for newcomers is in {folder}: {ops} op in {size} MB",
        "A snapshot for newcomers is in {folder}: {ops} ops in {size} MB",
        ops,
    )
    return said.format(folder=folder, ops=ops, size=f"{size / 1e6:.1f}")
