"""Cases and playbooks: what was settled is kept as a case, a case becomes steps, steps become items again.

A case's id is derived from what it came from, so that two who keep one conflict as a case make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.analysis.conflict_steps import SETTLED, score
from store.change import Change
from store.errors import StoreError
from store.lookup import kind_of, short_of
from store.ops import derived_id
from store.running import in_meeting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.database import Store


def case_id(source: str) -> str:
    """Return the id of the case made of a conflict or an item, the same on every replica."""
    return derived_id("case", source)


def keep_as_case(store: Store, source: str) -> Change:
    """Keep a settled conflict, or a verified item, as a case.

    The returned change's `ids` are empty where it is one already. Raises case-needs-ending.
    """
    with Change(store, "case", short_of(store, source)) as made:
        case_within(made, source)
    return made


def case_within(change: Change, source: str) -> str:
    """Keep something as a case inside a change and return the case's id; one that is there already stays as it is."""
    change.flush()
    store = change.store
    case = case_id(source)
    kind = change.kind_of(source)
    if kind_of(store, case):
        if change.heads("case", case, schema.TRASH):
            change.restore(case)
        return case
    fields = queries.entity_fields(store, kind, source) or {}
    told = _of_conflict(store, source, fields) if kind == "conflict" else _of_item(store, fields)
    if told is None or kind not in ("conflict", "item"):
        raise StoreError("case-needs-ending", what=short_of(store, source))
    return change.create(
        "case",
        {
            "title": fields.get("title") or short_of(store, source),
            "came_from": source,
            **{name: value for name, value in told.items() if value},
        },
        private=change.is_private(kind, source),
        ent=case,
    )


def _of_conflict(store: Store, ent: str, fields: Mapping[str, object]) -> dict[str, object] | None:
    """Return what a settled conflict says as a case, None while it is not settled."""
    decision = str(fields.get("decision") or "")
    if fields.get("state") not in SETTLED or not decision.strip():
        return None
    names = {row.id: row.title for row in queries.departments(store)}
    card = queries.card(store, ent)
    parties = list(card.parties) if card else []
    views = []
    for party in parties:
        said = [_entry(fields, name, party) for name in ("position", "interest")]
        if any(said):
            views.append(f"{names.get(party, party)}: {' — '.join(filter(None, said))}")
    checks = _entries(fields, "check")
    scores = [
        f"{names.get(party, party)} {score(checks.get(party))}/5"
        for party in parties
        if score(checks.get(party))
    ]
    actions = [action.title for action in queries.derived_items(store, ent)]
    return {
        "departments": parties,
        "root_cause": fields.get("root_cause"),
        "context": "\n".join(filter(None, [str(fields.get("description") or ""), *views])),
        "action": "\n".join([decision, *actions]),
        "result": "\n".join(filter(None, [str(fields.get("shared_goal") or ""), ", ".join(scores)])),
    }


def _of_item(store: Store, fields: Mapping[str, object]) -> dict[str, object] | None:
    """Return what a verified item says as a case, None while it is not verified."""
    if not fields.get("verified"):
        return None
    source = str(fields.get("came_from") or "")
    kind = kind_of(store, source) if source else ""
    origin = queries.entity_fields(store, kind, source) if kind in schema.KINDS else None
    why = [str((origin or {}).get("title") or ""), str(fields.get("description") or "")]
    department = fields.get("department")
    return {
        "departments": [department] if department else [],
        "context": "\n".join(filter(None, why)),
        "action": "\n".join(
            filter(None, [str(fields.get("title") or ""), str(fields.get("acceptance") or "")])
        ),
        "result": " ".join(filter(None, [str(fields.get("verify") or ""), f"✓ {fields['verified']}"])),
    }


def _entries(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    held = fields.get(name)
    return held if isinstance(held, dict) else {}


def _entry(fields: Mapping[str, object], name: str, side: str) -> str:
    return str(_entries(fields, name).get(side) or "")


# Playbooks


def playbook_within(
    change: Change, title: str, steps: Sequence[str] = (), *, when: str = "", private: bool = False
) -> str:
    """Make a playbook with its steps inside a change and return its id."""
    fields: dict[str, object] = {"title": title}
    if when:
        fields["description"] = when
    playbook = change.create("playbook", fields, private=private)
    for step in steps:
        change.check(playbook, step)
    return playbook


def playbook_of_case_within(change: Change, case: str) -> str:
    """Make a playbook of what was done in a case, a step a line, inside a change; raises playbook-needs-steps."""
    store = change.store
    fields = queries.entity_fields(store, "case", case) or {}
    steps = [line.strip() for line in str(fields.get("action") or "").splitlines() if line.strip()]
    if not steps:
        raise StoreError("playbook-needs-steps", what=short_of(store, case))
    limit = schema.LIMITS[schema.TEXT]
    return playbook_within(
        change,
        str(fields.get("title") or short_of(store, case)),
        [step[:limit] for step in steps],
        when=str(fields.get("context") or ""),
        private=change.is_private("case", case),
    )


def apply_playbook(store: Store, playbook: str, onto: str = "") -> Change:
    """Make an item of each step of a playbook, derived from what it is applied to, else from the playbook: one undo.

    The returned change's `ids` are the items in the order of the steps. Raises playbook-empty.
    """
    with Change(store, "playbook", short_of(store, playbook)) as made:
        apply_within(made, playbook, onto)
    return made


def apply_within(change: Change, playbook: str, onto: str = "") -> list[str]:
    """Make an item of each step inside a change and return their ids; those of a private thing are private."""
    store = change.store
    source = onto or playbook
    steps = [check.title for check in queries.checks(store, playbook) if check.title.strip()]
    if not steps:
        raise StoreError("playbook-empty", what=short_of(store, playbook))
    private = change.is_private(change.kind_of(source), source) or change.is_private("playbook", playbook)
    given = in_meeting(store, "item", {"kind": "action", "came_from": source})
    made = {
        number: change.create("item", {"title": steps[number], **given}, private=private)
        for number in reversed(range(len(steps)))  # each goes on top: the first step ends up there
    }
    return [made[number] for number in range(len(steps))]
