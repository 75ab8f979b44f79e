"""Keeping in the trash what somebody has put there, although undo and redo write its cells anew.

An edit that a deleter had not seen keeps an entity visible, and what undo and redo write has a new name. Whoever
deleted it knew the same value by another one: so the deletion is written anew, as one that has seen the new name, too.
"""

from __future__ import annotations

from store import schema
from store.merge import SEQ_BITS, SEQ_MASK
from store.ops import encode_value
from store.visibility import deletions_of, other_heads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.change import Change

    Seen = dict[str, int]  # the last op seen of each stream, by "dev.inc"


def keep_hidden(
    reverse: Change, touched: Mapping[int, tuple[str, str]], brought: Mapping[int, int], starts: Sequence[int]
) -> None:
    """Let entities be hidden whose deleters knew all that is in sight of them, under whatever name.

    `reverse` is an undo or redo that has written its ops. `touched` are the (kind, id) of the entities it wrote to, by
    number, `brought` says what each of its ops brings back, 0 for nothing, and `starts` are the first ops, one a
    stream, of the change that it reverses.
    """
    found = dict(touched)
    for number, (kind, _) in touched.items():
        if kind in schema.ATTACHED_KINDS:  # an edit of these keeps in sight what they belong to
            query = f'SELECT e.n, e.kind, e.id FROM p_{kind} c JOIN entity e ON e.id = c."on" WHERE c.n = ?'
            found |= {n: (of, ent) for n, of, ent in reverse.conn.execute(query, (number,)).fetchall()}
    begun = {start >> SEQ_BITS: start for start in starts}
    for number, (kind, ent) in found.items():
        if kind in schema.KINDS and _has_banner(reverse, kind, number):
            _hide(reverse, number, kind, ent, brought, begun)


def original_of(reverse: Change, dot: int) -> int:
    """Return the op whose value an undo or redo brought back, 0 for an empty cell's; of any other op itself."""
    row = reverse.conn.execute("SELECT original FROM restored WHERE dot = ?", (dot,)).fetchone()
    return int(row[0]) if row else dot


def seen_by_both(seen: Seen, other: Seen) -> Seen:
    """Return what two have seen together."""
    return seen | {stream: max(seq, seen.get(stream, 0)) for stream, seq in other.items()}


def _has_banner(reverse: Change, kind: str, number: int) -> bool:
    row = reverse.conn.execute(f"SELECT banner FROM p_{kind} WHERE n = ?", (number,)).fetchone()
    return row is not None and bool(row[0])


def _hide(
    reverse: Change,
    number: int,
    kind: str,
    ent: str,
    brought: Mapping[int, int],
    begun: Mapping[int, int],
) -> None:
    """Hide an entity when whoever deleted it knew all that keeps it in sight.

    Every deletion is written anew by itself, with what its own author knew: it may be undone by itself.
    """
    heads = other_heads(reverse.conn, number)
    if not reverse.is_private(kind, ent):  # what nobody else can see does not keep it in sight
        heads = [dot for dot in heads if dot >> SEQ_BITS not in reverse.table.private]
    deleted = [(dot, seen) for dot, seen in deletions_of(reverse.conn, number) if seen is not None]
    unseen = [dot for dot in heads if not any(_covers(reverse, seen, dot) for _, seen in deleted)]
    before = {dot: _name_before(reverse, dot, brought, begun) for dot in unseen}
    known = [[dot for dot in unseen if _is_known(reverse, seen, before[dot])] for _, seen in deleted]
    if not set().union(*known) >= set(unseen):
        return
    for (deletion, seen), dots in zip(deleted, known, strict=True):
        if dots:
            more = seen
            for dot in dots:
                more = seen_by_both(more, {_stream(reverse, dot): dot & SEQ_MASK})
            parents = [reverse.table.text(deletion)]
            again = reverse.write(kind, ent, schema.TRASH, encode_value(more), parents=parents)
            reverse.stands_for(again, original_of(reverse, deletion))


def _name_before(reverse: Change, dot: int, brought: Mapping[int, int], begun: Mapping[int, int]) -> int:
    """Return the op by which an op's value may be known, itself where it has no other name; 0 for no value.

    A redo leaves in sight what was in sight before the undo. So it asks for the name that was in sight then.
    """
    original = original_of(reverse, dot)
    if reverse.label != "redo":
        return original
    if dot in brought:
        return brought[dot]
    start = begun.get(dot >> SEQ_BITS, dot)
    if original == dot or dot < start:
        return dot
    query = (
        "SELECT max(r.dot) FROM restored r JOIN op o ON o.dot = r.dot JOIN op one ON one.ent = o.ent AND "
        "one.field = o.field WHERE one.dot = ? AND r.original = ? AND r.dot >= ? AND r.dot < ?"
    )
    row = reverse.conn.execute(query, (dot, original, start >> SEQ_BITS << SEQ_BITS, start)).fetchone()
    return row[0] or original


def _is_known(reverse: Change, seen: Seen, dot: int) -> bool:
    """Return whether who had seen so much knew an op, or one that came to replace it: deletions name heads only."""
    if not dot or _covers(reverse, seen, dot):
        return True
    query = "SELECT o.dot, o.parents FROM op o JOIN op one ON one.ent = o.ent AND one.field = o.field WHERE one.dot = ?"
    rows = reverse.conn.execute(query, (dot,)).fetchall()
    parents = {other: (named or "").split() for other, named in rows}
    todo = [other for other in parents if _covers(reverse, seen, other)]
    known = set(todo)
    while todo:
        for parent in map(int, parents.get(todo.pop(), ())):
            if parent not in known:
                known.add(parent)
                todo.append(parent)
    return dot in known


def _covers(reverse: Change, seen: Seen, dot: int) -> bool:
    return dot & SEQ_MASK <= seen.get(_stream(reverse, dot), 0)


def _stream(reverse: Change, dot: int) -> str:
    return ".".join(reverse.table.names[dot >> SEQ_BITS])
