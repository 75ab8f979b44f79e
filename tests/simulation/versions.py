"""Two versions of the program in one process: what the later one declares besides is there while it runs.

Everything that is derived from the declaration is looked up in two dictionaries each time, so another version is
another content of these.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, nullcontext
from unittest import mock

from store import schema
from store.layouts import LAYOUTS, Layout
from store.schema import COMMON, LONGTEXT, MAP, SET, TEXT, Field, Kind

LATER_KIND = "hologram"


def _later() -> dict[str, Kind]:
    item = schema.KINDS["item"]
    added = (Field("sparkle", TEXT, "Sparkle", searchable=True), Field("moods", SET, "Moods"))
    hologram = (
        Field("title", TEXT, "Title", searchable=True),
        Field("depth", LONGTEXT, "Depth"),
        Field("sides", MAP, "Sides"),
        *COMMON,
    )
    return {
        "item": Kind("item", item.label, item.plural, (*item.fields.values(), *added), short=item.short),
        LATER_KIND: Kind(LATER_KIND, "Hologram", "Holograms", hologram),
    }


_KINDS = _later()
_LAYOUTS = {name: Layout(kind) for name, kind in _KINDS.items()}


def running(*, later: bool) -> AbstractContextManager[object]:
    """Let what happens in the block happen in the later version of the program, or in this one."""
    if not later or is_later():
        return nullcontext()
    stack = ExitStack()
    stack.enter_context(mock.patch.dict(schema.KINDS, _KINDS))
    stack.enter_context(mock.patch.dict(LAYOUTS, _LAYOUTS))
    return stack


def is_later() -> bool:
    """Return whether the version that runs now is the later one."""
    return LATER_KIND in schema.KINDS
