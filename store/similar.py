"""What was settled before and is like what somebody types now: of the same pair, of the same cause, in the same words.

Candidates come from two indexes: the newest of the same departments, and the newest in which the full-text index finds
one of the words. A few hundred are then compared by their pairs of letters (`store.tokens`), so that it takes a few
milliseconds in any workspace. Near the path of `sameboat conflict`, so it imports little.
"""

from __future__ import annotations

from itertools import combinations

from store.tokens import index_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable

    from store.database import Store

BY_PAIR = 120  # candidates of the same departments, the newest
BY_WORDS = 120  # and of the same words
MOST_WORDS = 24  # of what is typed
LEAST = 3.0  # a score below says too little
_PAIR, _SIDE, _CAUSE, _WORDS = 2.0, 0.5, 1.0, 6.0
_SETTLED = "trashed = 0 AND state IN ('closed', 'checking', 'decided') AND decision IS NOT NULL"


class Similar:
    """A settled conflict or a case: its id, short id, kind and title, how it was settled, and how like it is."""

    __slots__ = ("id", "kind", "score", "settled", "short", "title")

    def __init__(self, ent: str, short: str, kind: str, title: str, settled: str, score: float) -> None:
        self.id = ent
        self.short = short
        self.kind = kind
        self.title = title
        self.settled = settled
        self.score = score

    def __repr__(self) -> str:
        return f"Similar({self.short!r}, {self.score:.1f})"


def similar(
    store: Store,
    text: str,
    *,
    parties: Collection[str] = (),
    root_cause: str = "",
    but: str = "",
    most: int = 1,
    quick: bool = False,
) -> list[Similar]:
    """Return what was settled before and is most like this, the likest first; `but` is left out.

    `quick` compares with the newest of the same departments only: less than a millisecond.
    """
    words = words_of(text)
    numbers: set[int] = set()
    if parties:
        numbers |= _of_departments(store.conn, parties, BY_PAIR // 4 if quick else BY_PAIR)
    if words and not quick:
        numbers |= _of_words(store.conn, words)
    found = []
    for kind, ent, short, title, settled, cause, about, sides in _read(store.conn, numbers):
        if ent == but:
            continue
        shared = words & words_of(f"{title} {settled} {about}")
        common = len(sides & set(parties))
        score = _CAUSE * (bool(root_cause) and cause == root_cause) + _SIDE * (common == 1)
        score += _PAIR * (common > 1)
        score += _WORDS * (len(shared) / max(len(words), 4))
        if score >= LEAST:
            found.append(Similar(ent, short, kind, title, settled, score))
    found.sort(key=lambda one: (-one.score, one.kind != "case", one.id))
    return found[:most]


def words_of(text: str) -> frozenset[str]:
    """Return what a text is compared by: Latin words, and of Chinese the pairs of neighbouring characters."""
    found = set()
    for word in index_text(text.casefold()).split():
        for piece in word.replace("-", " ").replace("/", " ").split():
            bare = piece.strip(".,;:!?()[]\"'“”‘’")
            if len(bare) > 2 or (len(bare) == 2 and not bare.isascii()):
                found.add(bare)
    return frozenset(found)


def _of_departments(conn: sqlite3.Connection, parties: Collection[str], most: int) -> set[int]:
    """Return the newest settled conflicts and cases of two of these departments, or of the only one."""
    sides = sorted(set(parties))
    found: set[int] = set()
    for field, kind, where in (("parties", "conflict", _SETTLED), ("departments", "case", "trashed = 0")):
        for first, second in combinations(sides, 2) if len(sides) > 1 else [(sides[0], sides[0])]:
            # Both are in the index in the order of entities, so that the walk ends with the newest that were asked for.
            query = (
                f"SELECT a.ent FROM element a JOIN element b ON b.ent = a.ent AND b.field = '{field}' AND b.value = ? "
                f"JOIN p_{kind} i ON i.n = a.ent WHERE a.field = '{field}' AND a.value = ? AND {where} "
                "ORDER BY a.ent DESC LIMIT ?"
            )
            found |= {number for (number,) in conn.execute(query, (second, first, most))}
            if len(found) > 3 * most:
                break  # a crowd has many pairs
    return found


def _of_words(conn: sqlite3.Connection, words: Iterable[str]) -> set[int]:
    """Return the newest settled conflicts and cases that have one of the words."""
    plain = sorted((word for word in words if word.isalnum()), key=len)
    if not plain:
        return set()
    expression = " OR ".join(f'"{word}"' for word in plain[-MOST_WORDS:])
    query = (
        "SELECT rowid FROM fts WHERE fts MATCH ? AND +rowid IN ("
        f"SELECT n FROM p_conflict WHERE {_SETTLED} UNION ALL SELECT n FROM p_case WHERE trashed = 0) "
        "ORDER BY rowid DESC LIMIT ?"
    )
    return {number for (number,) in conn.execute(query, (expression, BY_WORDS))}


def _read(
    conn: sqlite3.Connection, numbers: Collection[int]
) -> list[tuple[str, str, str, str, str, str, str, set[str]]]:
    if not numbers:
        return []
    listed = "(" + ",".join(map(str, numbers)) + ")"
    sides: dict[int, set[str]] = {}
    for number, value in conn.execute(
        f"SELECT ent, value FROM element WHERE ent IN {listed} AND field IN ('parties', 'departments')"
    ):
        sides.setdefault(number, set()).add(value)
    query = (
        "SELECT 'conflict', i.n, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.decision, ''), "
        "coalesce(i.root_cause, ''), coalesce(i.shared_goal, '') FROM p_conflict i LEFT JOIN handle h ON h.ent = i.n "
        f"WHERE i.n IN {listed} UNION ALL "
        "SELECT 'case', i.n, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.action, ''), "
        "coalesce(i.root_cause, ''), coalesce(i.context, '') FROM p_case i LEFT JOIN handle h ON h.ent = i.n "
        f"WHERE i.n IN {listed}"
    )
    return [
        (kind, ent, short, title, settled, cause, about[:400], sides.get(number, set()))
        for kind, number, ent, short, title, settled, cause, about in conn.execute(query)
    ]
