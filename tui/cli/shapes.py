"""What `--json` says of an entity: the shapes of the contract, the same in every language."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import plan_rows, queries, schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.analysis.loads import Load
    from store.database import Store
    from store.plan_rows import Neighbour
    from store.queries import Card, Detail


def instant(milliseconds: int | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the millisecond."""
    if milliseconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso(day: int) -> str:
    """Return a day by its ordinal as an ISO date."""
    return datetime.date.fromordinal(day).isoformat()


def week_shapes(loads: Iterable[Load]) -> list[dict[str, object]]:
    """Return somebody's weeks, with the hours planned in them and had."""
    return [
        {
            "week": iso(load.week),
            "planned": round(load.planned, 2),
            "capacity": round(load.capacity, 2),
            "overloaded": load.overloaded,
        }
        for load in loads
    ]


class Shapes:
    """Turns rows into objects, with the people, departments and statuses of one workspace by their titles."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.statuses = {status.id: status for status in queries.statuses(store)}
        self.departments = {department.id: department for department in queries.departments(store)}
        self.members = {member.id: member for member in queries.members(store)}

    def status(self, ent: str) -> str | None:
        """Return a status's title, None for no status; an id nobody knows stays as it is."""
        return self.statuses[ent].title if ent in self.statuses else ent or None

    def department(self, ent: str) -> str | None:
        """Return a department's title."""
        return self.departments[ent].title if ent in self.departments else ent or None

    def member(self, ent: str) -> str | None:
        """Return a member's name."""
        return self.members[ent].title if ent in self.members else ent or None

    def card(self, card: Card) -> dict[str, object]:
        """Return an item or a conflict as `list --json` shows it."""
        shape: dict[str, object] = {
            "id": card.short,
            "entity": card.id,
            "kind": card.kind,
            "title": card.title,
        }
        if card.kind == "conflict":
            shape |= {
                "state": card.state,
                "parties": [self.department(party) for party in card.parties],
                "severity": card.severity,
                "root_cause": card.root_cause or None,
                "decider": self.member(card.owner),
                "follow_up": card.follow_up or None,
            }
        else:
            status = self.statuses.get(card.status)
            shape |= {
                "type": card.type,
                "status": self.status(card.status),
                "category": status.category if status else None,
                "department": self.department(card.department),
                "owner": self.member(card.owner),
                "priority": card.priority,
                "due": card.due or None,
                "blocked": card.blocked or None,
            }
        return shape | {
            "labels": list(card.labels),
            "comments": card.comments,
            "checks": card.checks,
            "checks_done": card.checks_done,
            "divergences": card.divergences,
            "private": card.private,
        }

    def detail(self, detail: Detail) -> dict[str, object]:
        """Return everything about an item or a conflict as `show --json` shows it."""
        shape = self.card(detail.card)
        shape["fields"] = detail.fields
        shape["comments"] = [
            {"id": comment.id, "author": comment.name, "at": instant(comment.at), "text": comment.text}
            for comment in detail.comments
        ]
        shape["checks"] = [check._asdict() for check in detail.checks]
        shape["divergences"] = [
            {
                "field": divergence.field,
                "heads": [
                    {
                        "value": head.value,
                        "by": self.member(head.by),
                        "at": instant(head.at),
                        "device": head.device,
                    }
                    for head in divergence.heads
                ],
            }
            for divergence in detail.divergences
        ]
        if detail.derived or detail.card.kind == "conflict":
            shape["derived"] = [self._derived(card) for card in detail.derived]
        if detail.card.kind == "item":
            shape["waits_for"] = _links(plan_rows.waits_for(self._store, detail.card.id))
            shape["waited_for_by"] = _links(plan_rows.waited_for_by(self._store, detail.card.id))
        return shape | {
            "trashed": detail.trashed,
            "created_at": instant(detail.created_at),
            "created_by": self.member(detail.created_by),
            "updated_at": instant(detail.updated_at),
            "updated_by": self.member(detail.updated_by),
        }

    def _derived(self, card: Card) -> dict[str, object]:
        status = self.statuses.get(card.status)
        return {
            "id": card.short, "entity": card.id, "title": card.title, "status": self.status(card.status),
            "category": status.category if status else None,
        }  # fmt: skip

    def named(self, kind: str, ent: str) -> dict[str, object] | None:
        """Return an entity that is no card (a member, a status, a comment) with its fields."""
        fields = queries.entity_fields(self._store, kind, ent) if kind in schema.KINDS else None
        if fields is None:
            return None
        return {"id": fields.get("short", ent), "entity": ent, "kind": kind, "fields": fields}


def _links(neighbours: list[Neighbour]) -> list[dict[str, object]]:
    return [
        {"id": row.short, "entity": row.item, "title": row.title, "type": row.type, "lag": row.lag}
        for row in neighbours
    ]
