"""Check-ins: what is asked about at a review of the plan, what was answered, and the summary that ends it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.attention import Attention, attention
from store.change import Change
from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.analysis.plan import Slot
    from store.database import Store
    from store.plan import Plan

ON_TRACK, MOVED, BLOCKED, FINISHED = "on track", "moved", "blocked", "finished"


class Answer(NamedTuple):
    """What was said of an item since the last review: the check-in's id, the answer, why, and in whose words."""

    id: str
    item: str
    answer: str
    reason: str
    note: str
    was: str
    now: str
    by: str


def to_ask(store: Store, plan: Plan, before: Mapping[str, Slot] | None = None) -> list[Attention]:
    """Return what a check-in asks about today; `before` is where items lay at the last review."""
    touched: dict[str, int] = {}
    query = (
        "SELECT i.id, max(i.updated_at, coalesce((SELECT max(c.created_at) FROM p_checkin c "
        "WHERE c.item = i.id AND c.trashed = 0), 0)) FROM p_item i WHERE i.trashed = 0 AND i.id = ?"
    )
    for ent, task in plan.tasks.items():
        if task.state == "doing":
            row = store.conn.execute(query, (ent,)).fetchone()
            if row is not None and row[1]:
                touched[ent] = datetime.datetime.fromtimestamp(row[1] / 1000).date().toordinal()
    blocked = {
        ent
        for (ent,) in store.conn.execute("SELECT id FROM p_item WHERE trashed = 0 AND blocked IS NOT NULL")
    }
    return attention(
        plan.tasks.values(), plan.slots, plan.today,
        days_of=plan.calendar, touched=touched, blocked=blocked, before=before,
    )  # fmt: skip


def answers(store: Store, since: int | None) -> dict[str, Answer]:
    """Return what was said of each item after a moment (ms since the epoch), the last word of several."""
    query = (
        "SELECT id, coalesce(item, ''), coalesce(answer, ''), coalesce(reason, ''), coalesce(note, ''), "
        "coalesce(was, ''), coalesce(now, ''), coalesce(created_by, '') FROM p_checkin "
        "WHERE trashed = 0 AND created_at > ? ORDER BY created_at, id"
    )
    return {row[1]: Answer(*row) for row in store.conn.execute(query, (since or 0,))}


def answer_within(
    change: Change,
    item: str,
    answer: str,
    *,
    slot: Slot | None,
    due: str | None = None,
    reason: str = "",
    note: str = "",
    done: str = "",
) -> str:
    """Write one answer inside a change, and what follows from it; returns the check-in's id.

    MOVED sets the due day to `due`, BLOCKED says `note` on the item, FINISHED moves it to the status `done`, ON_TRACK
    and MOVED take away what blocked it. Raises bad-value where an answer lacks what it needs.
    """
    fields: dict[str, object] = {"item": item, "answer": answer}
    if slot is not None:
        fields["was"] = datetime.date.fromordinal(slot.finish).isoformat()
    for name, value in (("reason", reason), ("note", note)):
        if value:
            fields[name] = value
    if answer == MOVED:
        if not due:
            raise StoreError("bad-value", field="due", value="", expected="a date, YYYY-MM-DD")
        fields["now"] = due
        change.set(item, {"due": due, "blocked": None})
    elif answer == BLOCKED:
        if not note:
            raise StoreError("bad-value", field="note", value="", expected="text")
        change.set(item, {"blocked": note})
    elif answer == FINISHED:
        change.set(item, {"status": done, "blocked": None})
    elif answer == ON_TRACK:
        change.set(item, {"blocked": None})
    return change.create("checkin", fields)


def end_review(store: Store, summary: str, said: Sequence[Answer]) -> Change:
    """Hold the review: its moment is what the plan is compared with from now on, its answers belong to it."""
    at = datetime.datetime.fromtimestamp(store.now() / 1000).astimezone().isoformat(timespec="milliseconds")
    with Change(store, "review") as made:
        review = made.create("review", {"at": at, "summary": summary})
        for answer in said:
            made.set(answer.id, {"review": review})
    return made
