"""What a row says, in the schema's terms, before anything is written: items as drafts.

A draft names people, statuses and its parent as the file does; the plan turns names into entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from store.imports.source import Problem


class Remark(NamedTuple):
    """A comment: `at` is an ISO instant or empty, `key` what the tool calls the comment, if anything."""

    author: str
    at: str
    text: str
    key: str = ""


class Entry(NamedTuple):
    """A checklist entry, and the name of the checklist it stands in."""

    list: str
    text: str
    done: bool
    key: str = ""


class Wait(NamedTuple):
    """What an item waits for, as the file calls it, and how: a type of link and a lag in working days."""

    key: str
    type: str = "FS"
    lag: int = 0
    column: str = ""


class Draft(msgspec.Struct):
    """One item as the file describes it. Empty text and None mean that the file says nothing."""

    row: int
    key: str = ""
    title: str = ""
    description: str = ""
    acceptance: str = ""
    blocked: str = ""
    kind: str = ""
    status: str = ""
    owner: str = ""
    participants: list[str] = []
    department: str = ""
    requested_by: str = ""
    labels: list[str] = []
    priority: int | None = None
    due: str = ""
    start: str = ""
    effort: float | None = None
    remaining: float | None = None
    duration: float | None = None
    pinned: bool | None = None
    created: str = ""
    parent: str = ""
    parent_column: str = ""
    archived: bool = False
    comments: list[Remark] = []
    checks: list[Entry] = []
    waits: list[Wait] = []
    custom: dict[str, str] = {}


class Reading(msgspec.Struct):
    """Everything a source says under one mapping, and what was noticed on the way."""

    drafts: list[Draft]
    problems: list[Problem]
    aliases: dict[str, tuple[str, ...]]  # of people, where the file gives them
    categories: dict[str, str]  # of statuses, where the file gives them
    key_column: str
    called: dict[
        str, int
    ]  # rows by what others call them when they name a parent: key, other ids, a title used once


SCALARS = (
    "description", "acceptance", "blocked", "kind", "priority", "due", "start", "effort", "remaining", "duration",
    "pinned", "created",
)  # fmt: skip
