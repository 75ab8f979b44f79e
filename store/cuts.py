"""Streams that were cut back: a note in the database for whoever else has it open and has seen further.

What was cut off may come again under other names, or as somebody else's; what was taken out may leave an entity of
which no op tells any more. A note is `STREAM:KEEP`, with `:KIND/ID,…` behind it for such entities; names and ids have
neither spaces nor other punctuation than `_` and `-`.
"""

from __future__ import annotations

from store.changes import ChangeSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.database import Store


def note_cuts(store: Store, cuts: Mapping[int, int], gone: ChangeSet | None = None) -> None:
    """Tell others that of each stream only the first so many ops are what they were, and which entities may be gone."""
    ids = [f"{kind}/{ent}" for kind, ents in (gone or ChangeSet()).entities.items() for ent in sorted(ents)]
    named = ":" + ",".join(ids) if ids else ""
    noted = [store.meta("cuts"), *(f"{stream}:{keep}{named}" for stream, keep in cuts.items())]
    store.set_meta("cuts", " ".join(filter(None, noted)))


def look_behind(notes: str, seen: dict[int, int]) -> ChangeSet:
    """Take back in `seen`, which says how far each stream was seen, what is no longer what it was.

    Returns the entities that may be gone, of which what came since need not tell.
    """
    gone = ChangeSet()
    for note in notes.split():
        stream, keep, *named = note.split(":")
        if seen.get(int(stream), 0) > int(keep):
            seen[int(stream)] = int(keep)
            for name in ",".join(named).split(",") if named else ():
                kind, _, ent = name.partition("/")
                gone.add(kind, ent)
    return gone
