"""Who an imported item is, so that a second import finds it again: source key, derived id, what was last imported.

An item's `source` field reads `SCOPE:KEY MARKS`, for example `jira:SCRUM-80 0f81c2…`. The scope and key name the row;
its entity's id is derived from the workspace and them, so two replicas that import one file make the same items. The
marks are short hashes of every value the import wrote, one for each field, label, participant and custom field. They
travel with the item and are undone with it, which is what makes a re-import sound:

- a value whose mark is there has not changed in the file since, so what people did in Sameboat stands;
- a value whose mark is missing is news from the file, and is written;
- a value that vanished from the file is cleared only where the item still holds what the import had put there.

Keys that name a row everywhere (`SCRUM-80`, a Trello id) have the tool as scope. Bare numbers, and rows without any
key, mean something only within their file: their scope is derived from its columns, unless the rows already known under
some scope agree with the file's, which is how a renamed or longer export is recognised.
"""

from __future__ import annotations

from _blake2 import blake2b
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from store.imports.drafts import SCALARS, Draft, Wait
from store.imports.mapping import normalise
from store.imports.source import Problem, Source
from store.imports.values import fold
from store.ops import derived_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.imports.drafts import Entry, Reading, Remark

_T = TypeVar("_T")
_MARK = 6  # hexadecimal digits: 24 bits, so among 50 marks a change is overlooked once in 300,000
_MOST_MARKS = 280  # what fits into `source` beside the key
_GLOBAL_TOOLS = frozenset({"trello", "jira", "linear"})


class Origin(NamedTuple):
    """A `source` field taken apart."""

    scope: str
    key: str
    marks: frozenset[str]


def parse_origin(source: str) -> Origin | None:
    """Return the parts of a `source` field, or None when no import wrote it."""
    head, _, marks = source.rpartition(" ")
    scope, colon, key = head.partition(":")
    if not colon or not key or len(marks) % _MARK:
        return None
    return Origin(scope, key, frozenset(marks[at : at + _MARK] for at in range(0, len(marks), _MARK)))


def origin_text(scope: str, key: str, marks: Iterable[str]) -> str:
    """Return the `source` field of an imported item."""
    return f"{scope}:{key} {''.join(sorted(set(marks)))}"


def mark(*parts: object) -> str:
    """Return the mark of a value: six characters that stay the same as long as it does."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=3).hexdigest()


def marks_of(draft: Draft, item: str) -> frozenset[str]:
    """Return the marks of everything a draft says about its fields; comments are only ever added and need none."""
    marks = [mark("title", draft.title)]
    for name in SCALARS:
        value = getattr(draft, name)
        if value not in ("", None):
            marks.append(mark(name, value))
    for name in ("status", "owner", "department", "requested_by"):
        if getattr(draft, name):
            marks.append(mark(name, fold(getattr(draft, name))))
    if draft.parent:
        marks.append(mark("parent", draft.parent))
    if draft.archived:
        marks.append(mark("archived"))
    many = [mark("participants", fold(name)) for name in draft.participants]
    many += [mark("labels", label) for label in draft.labels]
    many += [wait_mark(wait) for wait in draft.waits]
    many += [mark("custom", name, value) for name, value in draft.custom.items()]
    many += [mark("check", ident, entry.done, entry.text) for ident, entry in check_ids(item, draft.checks)]
    if len(marks) + len(many) > _MOST_MARKS:
        many = [
            mark("many", *sorted(many))
        ]  # too many to tell one from another: any change rewrites them all
    return frozenset(marks + many)


def wait_mark(wait: Wait) -> str:
    """Return the mark of a link: it changes with what the item waits for and with how."""
    return mark("waits", wait.key, wait.type, wait.lag)


def item_id(workspace: str, scope: str, key: str) -> str:
    """Return the id that a row has on every replica."""
    return derived_id(workspace, "import", scope, key)


def named_id(workspace: str, kind: str, name: str) -> str:
    """Return the id of a status, member or department that imports create by this name."""
    return derived_id(workspace, "import", kind, fold(name))


def comment_ids(item: str, remarks: list[Remark]) -> list[tuple[str, Remark]]:
    """Return the remarks with ids of their own: the tool's key, else author, time and text, counted."""
    return _with_ids(
        item, "comment", [(r.key,) if r.key else (r.author, r.at, r.text) for r in remarks], remarks
    )


def check_ids(item: str, entries: list[Entry]) -> list[tuple[str, Entry]]:
    """Return the checklist entries with ids of their own: the tool's key, else list and text, counted."""
    return _with_ids(item, "check", [(e.key,) if e.key else (e.list, e.text) for e in entries], entries)


def _with_ids(item: str, kind: str, names: list[tuple[str, ...]], things: list[_T]) -> list[tuple[str, _T]]:
    seen: Counter[tuple[str, ...]] = Counter()
    result = []
    for name, thing in zip(names, things, strict=True):
        seen[name] += 1
        result.append((derived_id(item, kind, *name, str(seen[name])), thing))
    return result


def name_rows(source: Source, reading: Reading, known: Mapping[str, str]) -> dict[int, tuple[str, str]]:
    """Return (scope, key) of each draft by row number; `known` are the `source` fields of the workspace's items.

    A key that stands in two rows names the first; the others are counted and reported.
    """
    tool = source.tool or "table"
    keys: dict[int, tuple[bool, str]] = {}
    seen: Counter[str] = Counter()
    for draft in reading.drafts:
        key = draft.key or "=" + mark(draft.title) + mark("created", draft.title, draft.created)
        seen[key] += 1
        if seen[key] > 1:
            if draft.key:
                reading.problems.append(Problem(draft.row, "repeated-key", reading.key_column, draft.key))
            key = f"{key}#{seen[key]}"
        keys[draft.row] = (bool(draft.key) and _is_global(tool, draft.key), key)
    local = {
        key: draft.title
        for draft in reading.drafts
        for everywhere, key in [keys[draft.row]]
        if not everywhere
    }
    scope = _local_scope(source, tool, local, known) if local else ""
    return {row: (tool if everywhere else scope, key) for row, (everywhere, key) in keys.items()}


def _is_global(tool: str, key: str) -> bool:
    if tool in _GLOBAL_TOOLS:
        return True
    return any(letter.isalpha() for letter in key) and any(letter.isdigit() for letter in key)


def _local_scope(source: Source, tool: str, rows: Mapping[str, str], known: Mapping[str, str]) -> str:
    """Return the scope of keys that mean something only in their file."""
    columns = sorted(normalise(column.name) for column in source.columns)
    usual = f"{tool}-{mark('columns', *columns)}"
    by_scope: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for text in known.values():
        origin = parse_origin(text)
        if origin and "-" in origin.scope:
            by_scope[origin.scope][origin.key] = origin.marks
    best, most = "", 0
    for scope, items in by_scope.items():
        shared = rows.keys() & items.keys()
        agreeing = sum(mark("title", rows[key]) in items[key] for key in shared)
        enough = min(len(rows), len(items)) * (0.1 if scope == usual else 0.5)
        if agreeing * 2 >= len(shared) and agreeing >= enough and agreeing > most:
            best, most = scope, agreeing
    if best:
        return best
    if not rows.keys() & by_scope.get(usual, {}).keys():
        return usual
    # Same columns, same keys, other rows: another file of the same make.
    return f"{usual}.{mark(*list(rows.values())[:3])}"
