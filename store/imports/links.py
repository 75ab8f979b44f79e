"""What a file says waits for what, checked: links on nothing and circles are reported and left out.

The workspace's own links are looked at when they are written; here are those of the file among themselves, thousands
at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from store.imports.circles import closing
from store.imports.source import Problem
from store.links import FINISH_TYPES, dependency_id
from store.schema import KINDS, LINK_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.imports.drafts import Draft, Reading, Wait

_LAG = KINDS["dependency"].fields["lag"]


class LinkWork(NamedTuple):
    """A link to write: its own id, its predecessor's, and what the file says of it."""

    id: str
    predecessor: str
    wait: Wait


class _Edge(NamedTuple):
    """A link of the file between rows."""

    predecessor: int
    successor: int
    wait: Wait


def resolve_waits(
    reading: Reading, ids: Mapping[int, str], keys: Mapping[int, str], parents: Mapping[int, str]
) -> dict[int, list[LinkWork]]:
    """Return the links of each row that can be made; each draft keeps the waits of these alone.

    `ids` and `keys` are the entity and the key of each row, `parents` the entity a row is a part of.
    """
    by_row = {draft.row: draft for draft in reading.drafts}
    row_of = {ident: row for row, ident in ids.items()}
    edges = _edges(reading, by_row, ids, keys, parents)
    whole = {row: row_of[parent] for row, parent in parents.items() if parent in row_of}
    left_out = closing([(edge.predecessor, edge.successor) for edge in edges], whole)
    found: dict[int, list[LinkWork]] = defaultdict(list)
    for number, edge in enumerate(edges):
        if number in left_out:
            said = by_row[edge.predecessor].title[:80]
            reading.problems.append(Problem(edge.successor, "link-circle", edge.wait.column, said))
        else:
            ident = dependency_id(ids[edge.predecessor], ids[edge.successor])
            found[edge.successor].append(LinkWork(ident, ids[edge.predecessor], edge.wait))
    for draft in reading.drafts:
        if draft.waits:
            draft.waits = [link.wait for link in found.get(draft.row, ())]
    return found


def _edges(
    reading: Reading,
    by_row: Mapping[int, Draft],
    ids: Mapping[int, str],
    keys: Mapping[int, str],
    parents: Mapping[int, str],
) -> list[_Edge]:
    """Return the links that mean something each by itself, and report the others."""
    row_of = {ident: row for row, ident in ids.items()}
    with_parts = set(parents.values())
    edges: list[_Edge] = []
    for draft in reading.drafts:
        pairs: dict[int, Wait] = {}
        for wait in draft.waits:
            row = reading.called.get(wait.key)
            code = ""
            if row is None:
                code = "no-predecessor"
                _keep(draft, wait)
            elif wait.type not in LINK_TYPES:
                code = "unknown-link"
            elif not (_LAG.low or 0) <= wait.lag <= (_LAG.high or 0):
                code = "long-lag"
            elif by_row[row].archived or draft.archived:
                continue  # what is put away holds nobody up
            elif _above(draft.row, row, parents, row_of) or _above(row, draft.row, parents, row_of):
                code = "link-own-part"
            elif wait.type in FINISH_TYPES and ids[draft.row] in with_parts:
                code = "link-on-parent"
            if code:
                said = by_row[row].title if row is not None else wait.key
                reading.problems.append(Problem(draft.row, code, wait.column, said[:80]))
            elif row is not None:
                pairs[row] = wait._replace(key=keys[row])  # of two links of one pair the later counts
        edges += [_Edge(row, draft.row, wait) for row, wait in pairs.items()]
    return edges


def _keep(draft: Draft, wait: Wait) -> None:
    """Keep what names no row as a custom field: a person may know what it is."""
    kept = draft.custom.get(wait.column, "")
    draft.custom[wait.column] = f"{kept}; {wait.key}" if kept else wait.key


def _above(row: int, whole: int, parents: Mapping[int, str], row_of: Mapping[str, int]) -> bool:
    """Return whether `whole` is the row itself, or what it is a part of."""
    at: int | None = row
    while at is not None:
        if at == whole:
            return True
        at = row_of.get(parents.get(at, ""))
    return False
