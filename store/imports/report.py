"""What an import did, for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from store.changes import ChangeSet

if TYPE_CHECKING:
    from store.imports.source import Problem


class ImportReport(msgspec.Struct):
    """What an import did. Every row of the file is in exactly one of the first five counts."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = (
        0  # archived ones when asked to leave them out, and items that somebody put in the trash here
    )
    lost: int = 0  # broken rows; `problems` says which
    comments: int = 0
    checks: int = 0
    statuses: int = 0  # made, as are the next two
    people: int = 0
    departments: int = 0
    links: int = 0  # made, changed or taken away
    days: int = 0
    absences: int = 0
    problems: list[Problem] = []
    changes: ChangeSet = msgspec.field(default_factory=ChangeSet)
