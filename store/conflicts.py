"""The steps of a conflict as edits: each is one undo, and takes what it needs or says what is missing.

`stepping` goes around any edit that a person or a program makes; a merge never asks, so that what two replicas did
stands. Reopenings are counted from the history, never kept as a number.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from store import queries
from store.analysis.conflict_steps import HIGHEST, LOWEST, Standing, missing, refused, score
from store.change import Change
from store.errors import StoreError
from store.lookup import kind_of, short_of
from store.merge import SEQ_BITS
from store.running import in_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.database import Store


def standing(store: Store, ent: str) -> Standing:
    """Return what is written of a conflict, its sides in the workspace's order."""
    card = queries.card(store, ent)
    actions = store.conn.execute(
        "SELECT count(*) FROM p_item WHERE came_from = ? AND trashed = 0", (ent,)
    ).fetchone()
    fields = queries.entity_fields(store, "conflict", ent) or {}
    return standing_of(fields, card.parties if card else (), int(actions[0]))


def standing_of(fields: Mapping[str, object], parties: Sequence[str], actions: int = 0) -> Standing:
    """Return what is written of a conflict, from its fields by name."""
    texts = {
        name: str(fields.get(name) or "")
        for name in (
            "root_cause", "shared_goal", "options", "decision", "decider", "decided", "follow_up", "escalated_to",
        )
    }  # fmt: skip
    severity = fields.get("severity")
    return Standing(
        str(fields.get("state") or "logged"),
        tuple(parties),
        position=_entries(fields.get("position")),
        interest=_entries(fields.get("interest")),
        check=_entries(fields.get("check")),
        severity=severity if isinstance(severity, int) else None,
        actions=actions,
        **texts,
    )


def _entries(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


@contextmanager
def stepping(change: Change, ents: Iterable[str]) -> Iterator[None]:
    """Let conflicts take a step inside the block only with what it needs; what the step itself says is written too.

    Raises conflict-needs-decision, conflict-needs-checks, conflict-needs-parties, conflict-needs-person,
    conflict-closed, conflict-not-settled: then the change leaves no trace.
    """
    before = {
        ent: standing(change.store, ent)
        for ent in dict.fromkeys(ents)
        if kind_of(change.store, ent) == "conflict"
    }
    yield
    if not before:
        return
    change.flush()
    for ent, was in before.items():
        now = standing(change.store, ent)
        if now.state != was.state:
            _require(change.store, ent, was, now)
            _follow(change, ent, was, now)


def _require(store: Store, ent: str, was: Standing, now: Standing) -> None:
    short = short_of(store, ent)
    if code := refused(was.state, now.state):
        raise StoreError(code, conflict=short)
    wants = missing(now.state, now)
    if any(want.name == "decision" for want in wants):
        raise StoreError("conflict-needs-decision", conflict=short)
    if any(want.name == "parties" for want in wants):
        raise StoreError("conflict-needs-parties", conflict=short)
    if sides := [want.side for want in wants if want.name == "check"]:
        departments = {row.id: row for row in queries.departments(store)}
        names = [departments[side].title if side in departments else side for side in sides]
        example = next((departments[side].code for side in sides if side in departments), "") or names[0]
        raise StoreError("conflict-needs-checks", conflict=short, sides=names, example=example)
    if wants:
        raise StoreError("conflict-needs-person", conflict=short)


def _follow(change: Change, ent: str, was: Standing, now: Standing) -> None:
    """Write what a step itself says: the day it was decided; a reopened conflict is to be checked anew."""
    if now.state == "decided" or (now.state in ("checking", "closed") and not now.decided):
        if now.decided == was.decided:
            change.set(ent, {"decided": change.store.today().isoformat()})
    elif now.state == "reopened":
        change.set(ent, {"decided": None, "check": dict.fromkeys(now.check)})


def decide(store: Store, ent: str, text: str, *, decider: str = "") -> Change:
    """Write the one sentence that ends a conflict, and who said it; raises conflict-needs-decision without one."""
    with Change(store, "step", _shorts(store, [ent])) as made, stepping(made, [ent]):
        made.set(ent, {"decision": text, "state": "decided", **({"decider": decider} if decider else {})})
    return made


def check(store: Store, ent: str, scores: Mapping[str, int], *, close: bool = False) -> Change:
    """Write what sides say of a decided conflict now, 1 to 5 by department; `close` also closes it.

    A conflict that was decided is being checked from then on. Raises bad-value, and what `stepping` does.
    """
    for side, value in scores.items():
        if score(value) is None:
            raise StoreError(
                "bad-value", field=f"check/{side}", value=str(value)[:200], expected=f"{LOWEST} to {HIGHEST}"
            )
    with Change(store, "step", _shorts(store, [ent])) as made, stepping(made, [ent]):
        made.set(ent, {"check": dict(scores)})
        if close:
            made.set(ent, {"state": "closed"})
        elif standing(store, ent).state == "decided":
            made.set(ent, {"state": "checking"})
    return made


def reopen(store: Store, ent: str, why: str = "") -> Change:
    """Take a settled conflict up again, the reason as a comment; its checks are for the next time, history has them."""
    with Change(store, "step", _shorts(store, [ent])) as made, stepping(made, [ent]):
        made.set(ent, {"state": "reopened"})
        if why.strip():
            made.comment(ent, why)
    return made


def action_within(change: Change, ent: str, title: str, fields: Mapping[str, object] | None = None) -> str:
    """Add an action item inside a change and return its id; what comes of a private draft is private too.

    While a meeting runs the action belongs to it, as whatever else is written down meanwhile.
    """
    private = change.is_private(change.kind_of(ent), ent)
    given = {"title": title, "kind": "action", "came_from": ent, **(fields or {})}
    return change.create("item", in_meeting(change.store, "item", given), private=private)


def _shorts(store: Store, ents: Iterable[str]) -> str:
    return ", ".join(short_of(store, ent) for ent in list(ents)[:6])


# How often it was reopened

_REOPENED = (
    "SELECT c.id, c.n, o.dot, coalesce(o.parents, ''), o.change, c.state FROM op o JOIN p_conflict c ON c.n = o.ent "
    "JOIN stream s ON s.n = o.dot >> 32 "
    "WHERE o.field = 'state' AND o.value = '\"reopened\"' AND s.private <= c.private"
)


def reopenings(store: Store, ent: str | None = None) -> dict[str, int]:
    """Return how often each conflict was reopened, by id, those that never were left out; of one, or of all.

    Two who reopened the same closing at once reopened it once, and what was undone at once does not count.
    """
    sql, values = (" AND c.id = ?", (ent,)) if ent else ("", ())
    found: dict[str, list[tuple[int, int, str, int, str]]] = {}
    for ent_of, *reopening in store.conn.execute(_REOPENED + sql, values).fetchall():
        found.setdefault(ent_of, []).append(tuple(reopening))
    counts = {}
    for reopened, each in found.items():
        if len(each) == 1 and each[0][4] == "reopened":
            counts[reopened] = 1  # as it stands: nobody took it back
            continue
        causes = {
            parents for number, dot, parents, change, _ in each if not _taken_back(store, number, dot, change)
        }
        if causes:
            counts[reopened] = len(causes)
    return counts


def _taken_back(store: Store, number: int, dot: int, change: int) -> bool:
    """Return whether what its author did to the conflict next was to put back all that the reopening had changed."""
    first, last = dot >> SEQ_BITS << SEQ_BITS, ((dot >> SEQ_BITS) + 1) << SEQ_BITS
    query = (
        "SELECT field, value, coalesce(parents, ''), change FROM op WHERE ent = ? AND dot > ? AND dot < ? "
        "AND change >= ? ORDER BY dot"
    )
    made: dict[str, set[str]] = {}
    put_back: dict[str, str] = {}
    following = None
    for field, value, parents, group in store.conn.execute(query, (number, first, last, change)).fetchall():
        if group == change:
            made[field] = _values(store, parents)
        elif following in (None, group):
            following = group
            put_back[field] = value
    return made.keys() == put_back.keys() and all(put_back[name] in made[name] for name in made)


def _values(store: Store, dots: str) -> set[str]:
    query = "SELECT value FROM op WHERE dot = ?"
    rows = (store.conn.execute(query, (int(dot),)).fetchone() for dot in dots.split())
    return {row[0] for row in rows if row is not None} or {"null"}
