"""Every edit a person or a program makes, each as one transaction and one undo.

For several edits in one, use `change` as a context manager and the methods of `store.change.Change` inside.
"""

from __future__ import annotations

from store.change import Change as Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.database import Store


def change(store: Store, label: str, detail: str = "") -> Change:
    """Return a change to be used as a context manager: all that happens inside is one transaction and one undo."""
    return Change(store, label, detail)


def create(store: Store, kind: str, fields: Mapping[str, object], *, private: bool = False) -> Change:
    """Create one entity; the returned change's `ids[0]` is its id."""
    with Change(store, "add") as made:
        made.detail = made.shorts.get(made.create(kind, fields, private=private), "")
    return made


def set_fields(store: Store, ents: Iterable[str], fields: Mapping[str, object]) -> Change:
    """Write the same fields of one or several entities."""
    with Change(store, "set", ", ".join(fields)) as made:
        for ent in ents:
            made.set(ent, fields)
    return made


def add_to(store: Store, ents: Iterable[str], field: str, values: Iterable[str]) -> Change:
    """Add elements to a set field of one or several entities."""
    values = list(values)
    with Change(store, "set", field) as made:
        for ent in ents:
            made.add_to(ent, field, values)
    return made


def remove_from(store: Store, ents: Iterable[str], field: str, values: Iterable[str]) -> Change:
    """Remove elements from a set field of one or several entities."""
    values = list(values)
    with Change(store, "set", field) as made:
        for ent in ents:
            made.remove_from(ent, field, values)
    return made


def move(
    store: Store, ents: Iterable[str], status: str, *, before: str | None = None, after: str | None = None
) -> Change:
    """Move items to a status, keeping the order given: before or after another item, else to the top."""
    ents = list(ents)
    with Change(store, "move") as made:
        if after is None and before is None:
            for ent in reversed(ents):
                made.move(ent, status)
        else:
            for ent in ents:
                made.move(ent, status, before=before, after=after)
                before, after = None, ent
    return made


def comment(store: Store, ent: str, text: str) -> Change:
    """Append a comment."""
    with Change(store, "comment") as made:
        made.comment(ent, text)
    return made


def check(store: Store, ent: str, title: str) -> Change:
    """Append a checklist entry."""
    with Change(store, "check") as made:
        made.check(ent, title)
    return made


def trash(store: Store, ents: Iterable[str]) -> Change:
    """Put entities in the trash."""
    with Change(store, "trash") as made:
        for ent in ents:
            made.trash(ent)
    return made


def restore(store: Store, ents: Iterable[str]) -> Change:
    """Take entities out of the trash."""
    with Change(store, "restore") as made:
        for ent in ents:
            made.restore(ent)
    return made


def share(store: Store, ents: Iterable[str]) -> Change:
    """Send private drafts to everybody; undo cannot reach what others have read."""
    with Change(store, "share", final=True) as made:
        for ent in ents:
            made.share(ent)
    return made


def settle(store: Store, ent: str, field: str, value: object, *, seen: Iterable[str] | None = None) -> Change:
    """Settle one divergence with `value`."""
    with Change(store, "settle", field) as made:
        made.settle(ent, field, value, seen=seen)
    return made
