"""What a commit touched, so that screens ask again only for what changed."""

from __future__ import annotations


class ChangeSet:
    """Entity ids by kind; a comment or checklist entry also lists the entity it belongs to."""

    __slots__ = ("entities",)

    def __init__(self, entities: dict[str, set[str]] | None = None) -> None:
        self.entities: dict[str, set[str]] = entities if entities is not None else {}

    def add(self, kind: str, ent: str) -> None:
        """Note that `ent` of `kind` was touched."""
        self.entities.setdefault(kind, set()).add(ent)

    def update(self, other: ChangeSet) -> None:
        """Add what another commit touched."""
        for kind, ids in other.entities.items():
            self.entities.setdefault(kind, set()).update(ids)

    def touches(self, *kinds: str) -> bool:
        """Return whether anything of these kinds was touched."""
        return any(self.entities.get(kind) for kind in kinds)

    def ids(self, *kinds: str) -> set[str]:
        """Return the touched ids of these kinds, or of every kind when none is named."""
        return set().union(*(self.entities.get(kind, ()) for kind in (kinds or tuple(self.entities))))

    def __bool__(self) -> bool:
        return any(self.entities.values())

    def __or__(self, other: ChangeSet) -> ChangeSet:
        union = ChangeSet({kind: set(ids) for kind, ids in self.entities.items()})
        union.update(other)
        return union

    def __repr__(self) -> str:
        return f"ChangeSet({self.entities!r})"
