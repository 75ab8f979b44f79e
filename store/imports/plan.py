"""What an import would do, before it does anything: the preview people see, and the work `load` carries out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from store.imports import existing
from store.imports.days_off import AwayWork, DayWork, absences, days_off
from store.imports.identity import (
    check_ids,
    comment_ids,
    item_id,
    mark,
    marks_of,
    name_rows,
    named_id,
    origin_text,
    parse_origin,
)
from store.imports.links import resolve_waits
from store.imports.mapping import IGNORE, map_columns
from store.imports.people import make_code, match_names
from store.imports.progress import counted
from store.imports.rows import read_rows
from store.imports.source import PLANS, Problem
from store.imports.statuses import DONE, guess_categories, match_statuses
from store.imports.values import plain
from store.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from store.database import Store
    from store.imports.drafts import Draft, Entry, Reading, Remark
    from store.imports.links import LinkWork
    from store.imports.progress import Progress
    from store.imports.source import Source
    from store.vocabulary import Term

_SAMPLES = 3
_SAMPLE_LENGTH = 60
_CATEGORY_ORDER = ("todo", "doing", "done")


class ColumnPreview(NamedTuple):
    """What a column becomes: a field, "custom" or "ignore", why, how many rows fill it, and some of its values."""

    column: str
    field: str
    how: str  # alias: a known header · guess · default: kept as it is · asked: the user's mapping
    filled: int
    samples: tuple[str, ...]


class Match(NamedTuple):
    """A name of the file and the entity it means; `created` when that entity does not exist yet."""

    name: str
    id: str
    title: str
    created: bool
    uses: int  # rows that name it
    category: str = ""  # of statuses
    code: str = ""  # of new members


class Work(msgspec.Struct):
    """One draft with the entity it becomes and what is new about it."""

    draft: Draft
    id: str
    source: str
    marks: frozenset[str]
    parent: str
    known: frozenset[str] | None  # the marks of the last import; None when the item is new here
    in_trash: bool
    undone: bool  # in the trash because an import was undone
    comments: list[tuple[str, Remark]]
    checks: list[tuple[str, Entry]]
    links: list[LinkWork]
    present: dict[
        str, bool
    ]  # its comments, checklist entries and links that exist, and whether they are in the trash

    @property
    def was_archived(self) -> bool:
        """Return whether the last import found it archived."""
        return self.known is not None and mark("archived") in self.known

    @property
    def state(self) -> str:
        """Return new, changed or unchanged, compared with the last import."""
        if self.known is None or self.undone:
            return "new"
        if self.marks != self.known or any(
            ident not in self.present for ident, _ in [*self.comments, *self.checks]
        ):
            return "changed"
        return "unchanged"


class Preview(msgspec.Struct):
    """What a file holds, what maps to what, and how many items an import would make or update."""

    name: str
    format: str
    tool: str
    encoding: str
    delimiter: str
    columns: list[ColumnPreview]
    rows: int  # records in the file, the broken ones included
    items: int  # records that can be imported
    creates: int
    updates: int
    unchanged: int
    archived: int
    comments: int
    checks: int
    statuses: list[Match]
    people: list[Match]
    departments: list[Match]
    labels: list[tuple[str, int]]
    problems: list[Problem]
    work: list[Work]
    days: list[DayWork]
    absences: list[AwayWork]

    @property
    def links(self) -> int:
        """Return how many links there are between its items."""
        return sum(len(entry.links) for entry in self.work)

    @property
    def lost(self) -> list[Problem]:
        """Return the rows that cannot be imported, each with its reason."""
        return [problem for problem in self.problems if problem.lost]


def preview(
    store: Store,
    source: Source,
    *,
    mapping: Mapping[str, str] | None = None,
    zone: tzinfo | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Return what importing `source` would do; nothing is written.

    `mapping` overrides columns by name: {"Column": a field of `mapping.FIELDS`, "custom" or "ignore"}. `zone` decides
    the day of an instant, None means this machine's. `progress` is called with (done, total) now and then.
    Raises StoreError: unknown-column, unknown-field.
    """
    mapped = map_columns(source, mapping)
    reading = read_rows(source, mapped, zone, progress)
    work = _work(store, source, reading, progress)
    drafts = reading.drafts
    states = Counter(entry.state for entry in work)
    problems = sorted([*source.problems, *reading.problems], key=lambda problem: problem.row)
    lost = sum(problem.lost for problem in problems)
    people = _people(store, source, reading)
    return Preview(
        name=source.name,
        format=source.format,
        tool=source.tool,
        encoding=source.encoding,
        delimiter=source.delimiter,
        columns=[_column(source, column.column, column.field, column.how) for column in mapped],
        rows=len(drafts) + lost,
        items=len(drafts),
        creates=states["new"],
        updates=states["changed"],
        unchanged=states["unchanged"],
        archived=sum(draft.archived for draft in drafts),
        comments=sum(len(draft.comments) for draft in drafts),
        checks=sum(len(draft.checks) for draft in drafts),
        statuses=_statuses(store, source, reading),
        people=people,
        departments=_departments(store, reading),
        labels=Counter(label for draft in drafts for label in draft.labels).most_common(),
        problems=problems,
        work=work,
        days=days_off(store, source),
        absences=absences(store, source, {match.name: match.id for match in people}),
    )


def _column(source: Source, name: str, field: str, how: str) -> ColumnPreview:
    column = source.column(name)
    samples: dict[str, None] = {}
    filled = 0
    for row in source.rows if column else ():
        found = row.values(column)  # type: ignore[arg-type]
        filled += bool(found)
        if found and len(samples) < _SAMPLES and field != IGNORE:
            text = " ".join(plain(found[0])[: 4 * _SAMPLE_LENGTH].split())
            samples[text if len(text) <= _SAMPLE_LENGTH else text[: _SAMPLE_LENGTH - 1] + "…"] = None
    return ColumnPreview(name, field, how, filled, tuple(samples))


def _work(store: Store, source: Source, reading: Reading, progress: Progress | None) -> list[Work]:
    sources = existing.item_sources(store.conn)
    names = name_rows(source, reading, sources)
    ids = {row: item_id(store.workspace, *name) for row, name in names.items()}
    parents = _resolve_parents(store, reading, names, ids, sources)
    keys = {row: key for row, (_, key) in names.items()}
    links = resolve_waits(reading, ids, keys, parents)
    hidden = existing.trashed(store.conn, "item", ids.values())
    work: list[Work] = []
    rows = len(source.rows)
    for draft in counted(reading.drafts, progress, 2 * rows, rows):
        ident = ids[draft.row]
        origin = parse_origin(sources.get(ident, "")) if ident in hidden else None
        marks = marks_of(draft, ident)
        in_trash = hidden.get(ident, False)
        work.append(
            Work(
                draft=draft,
                id=ident,
                source=origin_text(*names[draft.row], marks),
                marks=marks,
                parent=parents.get(draft.row, ""),
                known=(origin.marks if origin else frozenset()) if ident in hidden else None,
                in_trash=in_trash,
                undone=in_trash and existing.undone(store.conn, "item", ident),
                comments=comment_ids(ident, draft.comments),
                checks=check_ids(ident, draft.checks),
                links=links.get(draft.row, []),
                present={},
            )
        )
    attached = [entry for entry in work if entry.known is not None]
    for kind in ("comment", "check", "dependency"):
        wanted = [ident for entry in attached for ident in _attached(entry, kind)]
        found = existing.trashed(store.conn, kind, wanted)
        for entry in attached:
            for ident in _attached(entry, kind):
                if ident in found:
                    entry.present[ident] = found[ident]
    return work


def _attached(entry: Work, kind: str) -> list[str]:
    if kind == "dependency":
        return [link.id for link in entry.links]
    return [ident for ident, _ in (entry.comments if kind == "comment" else entry.checks)]


def _resolve_parents(
    store: Store,
    reading: Reading,
    names: Mapping[int, tuple[str, str]],
    ids: Mapping[int, str],
    sources: Mapping[str, str],
) -> dict[int, str]:
    """Return each draft's parent by row; what a draft calls its parent and names no row becomes a custom field."""
    parents: dict[int, str] = {}
    above: dict[int, int] = {}  # within the file, to find circles
    for draft in reading.drafts:
        if not draft.parent:
            continue
        first = draft.parent.split()[0].rstrip(":：")  # "IN-5 Set up the project"
        row = reading.called.get(draft.parent) or reading.called.get(first)
        earlier = item_id(store.workspace, names[draft.row][0], draft.parent)
        if row is not None and not _circular(draft.row, row, above):
            above[draft.row] = row
            parents[draft.row] = ids[row]
        elif row is None and earlier in sources:
            parents[draft.row] = earlier
        else:
            code = "no-parent" if row is None else "own-parent"
            reading.problems.append(Problem(draft.row, code, draft.parent_column, draft.parent))
            draft.custom[draft.parent_column] = draft.parent
            draft.parent = ""
    return parents


def _circular(row: int, parent: int, above: Mapping[int, int]) -> bool:
    node: int | None = parent
    while node is not None:
        if node == row:
            return True
        node = above.get(node)
    return False


def _statuses(store: Store, source: Source, reading: Reading) -> list[Match]:
    """Return the file's statuses in its order: a board's lists as they stand, else by category and first use."""
    counts = Counter(draft.status for draft in reading.drafts if draft.status)
    mapped = bool(counts) or not reading.drafts
    names = list(dict.fromkeys([*(source.statuses if mapped else ()), *counts]))
    categories = guess_categories(names, reading.categories)
    if not source.statuses:
        names.sort(key=lambda name: _CATEGORY_ORDER.index(categories[name]))
    known = [ranked.status for ranked in existing.ranked_statuses(store.conn)]
    found = match_statuses(names, known) | _made_before(store, "status", names)
    if source.format in PLANS:  # which have no statuses: what they say of progress is a category
        first = {status.category: status.id for status in reversed(known)}
        found = {name: first[category] for name, category in categories.items() if category in first} | found
    by_id = {status.id: status for status in known}
    matches = []
    for name in names:
        ident = found.get(name, "")
        status = by_id.get(ident)
        matches.append(
            Match(
                name,
                ident or named_id(store.workspace, "status", name),
                status.title if status else name,
                created=status is None,
                uses=counts[name],
                category=status.category if status else categories[name],
            )
        )
    return matches


def _made_before(store: Store, kind: str, names: Iterable[str]) -> dict[str, str]:
    """Return the entities that an earlier import created by these names and that live still, perhaps renamed."""
    ids = {name: named_id(store.workspace, kind, name) for name in names}
    hidden = existing.trashed(store.conn, kind, ids.values())
    return {name: ident for name, ident in ids.items() if hidden.get(ident) is False}


def _people(store: Store, source: Source, reading: Reading) -> list[Match]:
    counts: Counter[str] = Counter(dict.fromkeys((away.person for away in source.absences), 0))
    for draft in reading.drafts:
        counts.update({name for name in (draft.owner, *draft.participants) if name})
    return _named(
        store,
        "member",
        counts,
        load_vocabulary(store, labels=False, customers=False).members,
        reading.aliases,
    )


def _departments(store: Store, reading: Reading) -> list[Match]:
    counts = Counter(
        name for draft in reading.drafts for name in (draft.department, draft.requested_by) if name
    )
    return _named(
        store, "department", counts, load_vocabulary(store, labels=False, customers=False).departments, {}
    )


def _named(
    store: Store,
    kind: str,
    counts: Counter[str],
    terms: Sequence[Term],
    aliases: Mapping[str, tuple[str, ...]],
) -> list[Match]:
    found = match_names(counts, terms, aliases) | _made_before(store, kind, counts)
    titles = {term.id: term.title for term in terms}
    taken = existing.member_codes(store.conn) | {term.code for term in terms}
    matches = []
    given: dict[str, str] = {}
    for name, count in counts.most_common():
        if name in found:
            matches.append(Match(name, found[name], titles.get(found[name], name), created=False, uses=count))
            continue
        ident = named_id(store.workspace, kind, name)
        if ident not in given:  # two spellings of one name are one person
            given[ident] = make_code(name, taken)
            taken.add(given[ident])
        matches.append(Match(name, ident, name, created=True, uses=count, code=given[ident]))
    return matches


def done_status(matches: Sequence[Match], ranked: Sequence[existing.Ranked]) -> str:
    """Return the status for archived items that count as done: the workspace's first such one, else the file's."""
    here = (entry.status.id for entry in ranked if entry.status.category == DONE)
    there = (match.id for match in matches if match.category == DONE)
    return next(here, "") or next(there, "")
