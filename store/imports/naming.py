"""The statuses, members and departments a file names are made where the workspace has none, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from store.imports import existing
from store.imports.plan import done_status
from store.imports.source import TRELLO
from store.rank import JITTER, between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.commands import Change
    from store.imports.plan import Match, Preview, Work
    from store.imports.report import ImportReport

_ORDER = ("todo", "doing", "done")


def make_names(
    change: Change, preview: Preview, work: Sequence[Work], report: ImportReport, *, keep_done: bool
) -> str:
    """Make what these drafts name and return the status for archived items that count as done.

    The lists of a board all come, empty ones too; people and departments only with their work. Raises no-statuses when
    `keep_done` asks for a done status and neither the workspace nor the file has one.
    """
    drafts = [entry.draft for entry in work]
    statuses = {draft.status for draft in drafts}
    people = {name for draft in drafts for name in (draft.owner, *draft.participants)}
    people |= {entry.away.person for entry in preview.absences}
    departments = {name for draft in drafts for name in (draft.department, draft.requested_by)}
    ranked = existing.ranked_statuses(change.conn)
    board = preview.format == TRELLO
    report.statuses += _make_statuses(
        change, [match for match in preview.statuses if board or match.name in statuses], ranked
    )
    for match in preview.people:
        if match.created and match.name in people:
            report.people += _make(change, "member", match.id, {"title": match.name, "code": match.code})
    for match in preview.departments:
        if match.created and match.name in departments:
            report.departments += _make(
                change, "department", match.id, {"title": match.name, "code": match.code}
            )
    done = done_status(preview.statuses, ranked)
    if keep_done and not done and any(draft.archived for draft in drafts):
        raise StoreError("no-statuses")
    return done


def _make(change: Change, kind: str, ident: str, fields: dict[str, object]) -> bool:
    """Create an entity of a derived id, or bring it back from the trash; return whether that was needed."""
    hidden = existing.trashed(change.conn, kind, [ident]).get(ident)
    if hidden is None and ident not in change.ids:
        change.create(kind, fields, ent=ident)
        return True
    if hidden:
        change.restore(ident)
    return bool(hidden)


def _make_statuses(change: Change, matches: Sequence[Match], ranked: Sequence[existing.Ranked]) -> int:
    """Create the missing statuses where they stand in the file, and return how many."""
    places = sorted(
        (entry.rank, entry.status.id, _order(entry.status.category)) for entry in ranked if entry.rank
    )
    made = 0
    for number, match in enumerate(matches):
        if match.created and all(ident != match.id for _, ident, _ in places):
            low, high = _gap(places, [other.id for other in matches], number, _order(match.category))
            # The tail that tells equal places apart is derived too: teammates who import the same file agree on it.
            rank = between(low, high, match.id[:JITTER])
            made += _make(
                change, "status", match.id, {"title": match.name, "category": match.category, "rank": rank}
            )
            places = sorted([*places, (rank, match.id, _order(match.category))])
    return made


def _gap(
    places: Sequence[tuple[str, str, int]], order: Sequence[str], number: int, category: int
) -> tuple[str | None, str | None]:
    """Return the ranks around a new status: after the one it follows in the file, else before the one it precedes.

    Where the file names no status that exists, it comes last of its category.
    """
    rank_of = {ident: rank for rank, ident, _ in places}
    ranks = [rank for rank, _, _ in places]
    low = next((rank_of[ident] for ident in order[:number][::-1] if ident in rank_of), None)
    if low is None:
        following = next((rank_of[ident] for ident in order[number + 1 :] if ident in rank_of), None)
        if following is not None:
            return max((rank for rank in ranks if rank < following), default=None), following
        low = max((rank for rank, _, other in places if other <= category), default=None)
    return low, min((rank for rank in ranks if low is None or rank > low), default=None)


def _order(category: str) -> int:
    return _ORDER.index(category) if category in _ORDER else 0
