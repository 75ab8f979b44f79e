"""Whatever a workspace holds, found by short id, by words, by pinyin initials, or by what it once said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.layouts import INITIALS_KINDS, decode
from store.names import fold
from store.tokens import askable, match_expression

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.database import Store

MOST = 50
_LOOKED_AT = 1_000  # hits of the words, the newest first, before they are put in order
LONGEST = 500  # characters of a text that is looked for
SPOKEN = tuple(kind.name for kind in schema.KINDS.values() if kind.short)
# Found by their names alone; there are few of them.
NAMED = ("department", "member", "customer", "view")
_ENDED = frozenset({"closed", "kept", "broken", "declined", "duplicate", "answered", "ended", "reached", "missed"}) | {
    "dropped", "met", "parked", "granted", "refused", "withdrawn",
}  # fmt: skip
# What the words may stand in, the better first.
BY_ID, BY_BEGINNING, BY_TITLE, BY_INITIALS, BY_TEXT, BY_COMMENT, BY_HISTORY = range(7)
_BIT = 60  # characters of the words' surroundings


class Hit(NamedTuple):
    """One thing that was found: how it is called, what of it has the words, and where those stand."""

    id: str
    kind: str
    short: str
    title: str
    bit: str = ""
    where: int = BY_TITLE
    over: bool = False  # finished, closed, kept
    updated: int = 0


class _Found(NamedTuple):
    number: int
    id: str
    kind: str
    title: str
    updated: int
    over: bool


def find_anything(
    store: Store, text: str, *, limit: int = MOST, initials: Mapping[str, Sequence[str]] | None = None
) -> list[Hit]:
    """Return what a text finds among all that people speak of, the likeliest first.

    What bears the short id comes first, then titles that begin so, titles with the words, other text, comments; what is
    open before what is over, what was touched last before the rest. `initials` are those of titles that have none in
    the database, by id.
    """
    text = askable(text[:LONGEST]).strip()
    words = text.split()
    if not words:
        return []
    folded = fold(text)
    ranked: dict[str, tuple[int, _Found]] = {}
    _by_id(store, folded, ranked)
    expression = " AND ".join(part for part in map(match_expression, words) if part)
    if expression:
        _by_words(store, expression, folded, ranked)
    _by_name(store, folded, initials or {}, ranked)
    order = sorted(ranked.values(), key=lambda one: (one[0], one[1].over, -one[1].updated, one[1].id))[:limit]
    shorts = _shorts(store, [found.number for _rank, found in order])
    hits = []
    for rank, found in order:
        bit, where = ("", rank)
        if rank == BY_TEXT:
            bit, where = _bit(store, found, words)
        hits.append(
            Hit(
                found.id,
                found.kind,
                shorts.get(found.number, ""),
                found.title,
                bit,
                where,
                found.over,
                found.updated,
            )
        )
    return sorted(hits, key=lambda hit: (hit.where, hit.over))


def may_be_initials(text: str) -> bool:
    """Return whether a text is looked for among pinyin initials: two letters or digits at least, and nothing else."""
    return len(text) > 1 and text.isascii() and text.isalnum()


def _by_id(store: Store, folded: str, ranked: dict[str, tuple[int, _Found]]) -> None:
    if not folded.isascii() or " " in folded or not folded.isprintable():
        return
    query = (
        "SELECT ent, short FROM handle WHERE short >= ? AND short < ? ORDER BY length(short), short LIMIT 20"
    )
    found = dict(store.conn.execute(query, (folded, folded + "\x7f")).fetchall())
    # The beginning of a short id is one from its hyphen on; before that it is a word like others.
    numbers = [ent for ent, short in found.items() if short == folded or "-" in folded]
    for one in _rows(store, numbers):
        ranked[one.id] = (BY_ID, one)


def _by_words(store: Store, expression: str, folded: str, ranked: dict[str, tuple[int, _Found]]) -> None:
    query = f"SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT {_LOOKED_AT}"
    numbers = [number for (number,) in store.conn.execute(query, (expression,))]
    words = folded.split()
    for one in _rows(store, numbers):
        title = fold(one.title)
        rank = BY_TEXT
        if title.startswith(folded):
            rank = BY_BEGINNING
        elif all(word in title for word in words):
            rank = BY_TITLE
        if one.id not in ranked or rank < ranked[one.id][0]:
            ranked[one.id] = (rank, one)


def _by_name(
    store: Store, folded: str, initials: Mapping[str, Sequence[str]], ranked: dict[str, tuple[int, _Found]]
) -> None:
    letters = folded if may_be_initials(folded) else ""
    for kind in NAMED:
        spelt = "initials" if kind in INITIALS_KINDS else "''"
        code = "code" if kind in ("department", "member") else "''"
        query = (
            f"SELECT n, id, coalesce(title, ''), updated_at, coalesce({spelt}, ''), coalesce({code}, '') "
            f"FROM p_{kind} WHERE trashed = 0"
        )
        for number, ent, title, updated, known, called in store.conn.execute(query):
            variants = (*known.split(), *initials.get(ent, ()))
            rank = _name_rank(folded, letters, fold(title), fold(called), variants)
            if rank >= 0:
                ranked[ent] = (rank, _Found(number, ent, kind, title, updated or 0, False))
    if letters and initials:
        ids = [ent for ent, known in initials.items() if any(one.startswith(letters) for one in known)]
        query = "SELECT n FROM entity WHERE id IN (SELECT value FROM json_each(?))"
        numbers = [number for (number,) in store.conn.execute(query, (json.dumps(ids[:200]),))]
        for one in _rows(store, numbers):
            ranked.setdefault(one.id, (BY_INITIALS, one))


def _name_rank(folded: str, letters: str, title: str, called: str, variants: Sequence[str]) -> int:
    if title.startswith(folded) or called == folded:
        return BY_BEGINNING
    if folded in title:
        return BY_TITLE
    return BY_INITIALS if letters and any(one.startswith(letters) for one in variants) else -1


def _rows(store: Store, numbers: Sequence[int]) -> list[_Found]:
    """Return what is known of entities by number, those in the trash left out."""
    if not numbers:
        return []
    listed = json.dumps(list(numbers))
    kinds: dict[str, list[int]] = {}
    query = "SELECT n, kind FROM entity WHERE n IN (SELECT value FROM json_each(?))"
    for number, kind in store.conn.execute(query, (listed,)):
        kinds.setdefault(kind, []).append(number)
    found: list[_Found] = []
    done = {ent for (ent,) in store.conn.execute("SELECT id FROM p_status WHERE category = 'done'")}
    for kind, held in kinds.items():
        declared = schema.KINDS.get(kind)
        if declared is None or "title" not in declared.fields or kind == "check":
            continue
        state = "status" if "place" in declared.fields else "state" if "state" in declared.fields else "NULL"
        query = (
            f"SELECT n, id, coalesce(title, ''), updated_at, {state} FROM p_{kind} "
            "WHERE n IN (SELECT value FROM json_each(?)) AND +trashed = 0"
        )
        for number, ent, title, updated, stands in store.conn.execute(query, (json.dumps(held),)):
            found.append(_Found(number, ent, kind, title, updated or 0, stands in done or stands in _ENDED))
    return found


def _shorts(store: Store, numbers: Sequence[int]) -> dict[int, str]:
    query = "SELECT ent, short FROM handle WHERE ent IN (SELECT value FROM json_each(?))"
    return dict(store.conn.execute(query, (json.dumps(list(numbers)),)).fetchall())


def _bit(store: Store, found: _Found, words: Sequence[str]) -> tuple[str, int]:
    """Return the words with what stands around them: of the thing's own texts, else of its comments."""
    fields = [
        field.name
        for field in schema.KINDS[found.kind].fields.values()
        if field.searchable and field.name != "title"
    ]
    if fields:
        columns = ", ".join(f'"{name}"' for name in fields)
        row = store.conn.execute(
            f"SELECT {columns} FROM p_{found.kind} WHERE n = ?", (found.number,)
        ).fetchone()
        for value in row or ():
            if value and (bit := _around(str(value), words)):
                return bit, BY_TEXT
    query = (
        "SELECT coalesce(text, '') FROM p_comment WHERE \"on\" = ? AND trashed = 0 ORDER BY n DESC LIMIT 50"
    )
    for (value,) in store.conn.execute(query, (found.id,)):
        if bit := _around(value, words):
            return bit, BY_COMMENT
    return "", BY_TEXT


def _around(text: str, words: Sequence[str]) -> str:
    """Return a piece of a text around the first of the words that stands in it, '' where none does."""
    low = fold(text)
    places = [at for word in words if (at := low.find(fold(word))) >= 0]
    if not places:
        return ""
    start = max(min(places) - _BIT // 3, 0)
    piece = " ".join(text[start : start + _BIT].split())
    return ("…" if start else "") + piece + ("…" if start + _BIT < len(text) else "")


def titles_without_initials(store: Store, most: int = 1_000) -> list[tuple[str, str]]:
    """Return (id, title) of what no column holds the initials of, the newest of each kind, at most so many of each.

    Of items there are three times as many: they are what is looked for.
    """
    titles: list[tuple[str, str]] = []
    for kind, limit in (("goal", most), ("view", most), ("conflict", most), ("item", 3 * most)):
        query = (
            f"SELECT id, title FROM p_{kind} WHERE trashed = 0 AND title IS NOT NULL ORDER BY n DESC LIMIT ?"
        )
        titles += store.conn.execute(query, (limit,))
    return titles


def find_in_history(store: Store, text: str, *, limit: int = 20) -> list[Hit]:
    """Return things that once said a text in a field where they now say something else, the latest edit first."""
    text = askable(text[:LONGEST]).strip()
    if not text:
        return []
    like = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace('"', '\\\\"')
    query = (
        "SELECT p.ent, p.value FROM op o INDEXED BY reworded JOIN op p ON p.dot = CAST(o.parents AS INTEGER) "
        f"WHERE {REWORDED} AND p.value LIKE ? ESCAPE '\\' ORDER BY o.wt DESC LIMIT 200"
    )
    said: dict[int, str] = {}
    for number, value in store.conn.execute(query, (f"%{like}%",)):
        said.setdefault(number, str(decode(value)))
    shorts = _shorts(store, list(said))
    found = {one.number: one for one in _rows(store, list(said))}
    hits = []
    for number, value in said.items():
        one = found.get(number)
        if one is not None and fold(text) not in fold(one.title):
            bit = _around(value, [text])
            short = shorts.get(number, "")
            hits.append(Hit(one.id, one.kind, short, one.title, bit, BY_HISTORY, one.over, one.updated))
    return hits[:limit]


# Edits of texts that people search: what they replaced is what things once said.
REWORDED = (
    "o.parents IS NOT NULL AND o.parents <> '' "
    "AND o.field IN ('title', 'description', 'decision', 'verbatim', 'reply')"
)
