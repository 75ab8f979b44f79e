"""What becomes of feedback: linked, made an item, called a duplicate, declined, put off, answered, voted for.

Each function works on several pieces inside one change, which is one undo:

    with change(store, "link") as made:
        feedback.link(made, [first, second], [item])

Nothing that somebody said is ever rewritten. Votes are sets of members and customers, so that two who vote at once
both count.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import schema
from store.errors import StoreError
from store.feedback_rows import root_of
from store.lookup import short_of
from store.names import fold
from store.ops import derived_id
from store.running import in_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.change import Change
    from store.transcript import Draft

TITLE_MOST = 200  # characters of what was said that stand for it in a list
_BACK = {"until": None, "duplicate_of": None}  # what no longer holds once something else becomes of it


def link(change: Change, feedback: Iterable[str], items: Iterable[str]) -> None:
    """Link feedback to the items that answer it. Raises bad-value, draft-target."""
    items = list(items)
    for ent in feedback:
        _refuse_drafts(change, ent, [("item", item) for item in items])
        change.add_to(ent, "items", items)
        if _field(change, ent, "state") != "answered":
            change.set(ent, {"state": "linked", **_BACK})


def make_item(change: Change, feedback: Sequence[str], *, title: str = "", kind: str = "requirement") -> str:
    """Make one item of one or several pieces of feedback, link them to it, and return its id.

    It is titled as the first, described by everybody's words, and a private draft only where all of them are; what is
    private is not quoted where others read it.
    """
    shared = [ent for ent in feedback if not change.is_private("feedback", ent)]
    told = shared or list(feedback)
    fields: dict[str, object] = {
        "title": title.strip() or str(_field(change, told[0], "title")),
        "kind": kind,
        "description": "\n\n".join(_quote(change, ent) for ent in told)[: schema.LIMITS[schema.LONGTEXT]],
        "came_from": told[0],
    }
    departments = {department for ent in told if (department := _field(change, ent, "department"))}
    if len(departments) == 1:
        fields["requested_by"] = departments.pop()
    item = change.create("item", in_meeting(change.store, "item", fields), private=not shared)
    change.flush()
    link(change, feedback, [item])
    return item


def mark_duplicate(change: Change, feedback: Iterable[str], of: str) -> str:
    """Call feedback a duplicate of another, and return which that is in the end.

    Its votes, customers, linked items and comments move there; its own words stay, and so does who voted for it, for
    nobody is counted twice. Raises duplicate-self, draft-target, bad-value.
    """
    change.flush()
    root = root_of(change.store, of)
    for ent in feedback:
        if ent in (root, of):
            raise StoreError("duplicate-self", what=short_of(change.store, ent))
        _refuse_drafts(change, ent, [("feedback", root)])
        customers = _elements(change, ent, "customers")
        if customer := _field(change, ent, "customer"):
            customers.append(str(customer))
        told = not change.is_private("feedback", ent) or change.is_private("feedback", root)
        for field, values in (
            ("voters", _elements(change, ent, "voters")),
            (
                "customers",
                [customer for customer in customers if customer != _field(change, root, "customer")],
            ),
            ("items", _elements(change, ent, "items")),
        ):
            if told:  # what is a draft stays one: its voices count where the draft is, and nowhere else
                change.add_to(root, field, values)
        for comment in _comments(change, ent) if told else ():
            change.set(comment, {"on": root})
        change.set(ent, {"state": "duplicate", "duplicate_of": root, "until": None})
    return root


def decline(change: Change, feedback: Iterable[str], reason: str) -> None:
    """Say that nothing will be done, and why."""
    for ent in feedback:
        change.set(ent, {"state": "declined", "reason": " ".join(reason.split()) or None, **_BACK})


def snooze(change: Change, feedback: Iterable[str], until: str) -> None:
    """Put feedback off until an ISO day; on that day it is in the inbox again."""
    for ent in feedback:
        change.set(ent, {**_BACK, "state": "snoozed", "until": until})


def answer(change: Change, feedback: Iterable[str], reply: str) -> None:
    """Keep what was answered, and that it was today."""
    today = change.store.today().isoformat()
    for ent in feedback:
        fields = {**_BACK, "state": "answered", "answered": today}
        if reply.strip():
            fields["reply"] = reply.strip()
        change.set(ent, fields)


def reopen(change: Change, feedback: Iterable[str]) -> None:
    """Put feedback back into the inbox; its links, votes and what was answered stay."""
    for ent in feedback:
        change.set(ent, {"state": "inbox", "reason": None, **_BACK})


def vote(change: Change, feedback: Iterable[str], member: str) -> None:
    """Let a member support feedback."""
    for ent in feedback:
        change.add_to(ent, "voters", [member])


def unvote(change: Change, feedback: Iterable[str], member: str) -> None:
    """Take a member's support back."""
    for ent in feedback:
        change.remove_from(ent, "voters", [member])


def add_customer(change: Change, title: str, *, private: bool = False) -> str:
    """Return the id of the customer of this name, made or taken out of the trash where there is none.

    One made for a private draft is one itself, until what names it is shared. The id is derived from the name: two who
    name a new customer at once mean one, which counts once.
    """
    name = fold(title).strip()
    ent = derived_id("customer", name)
    change.flush()
    row = change.conn.execute(
        "SELECT coalesce(title, ''), trashed FROM p_customer WHERE id = ?", (ent,)
    ).fetchone()
    if row is None:
        return change.create("customer", {"title": title}, ent=ent, private=private)
    if fold(row[0]).strip() != name:  # it is called otherwise by now
        return change.create("customer", {"title": title}, private=private)
    if row[1]:
        change.restore(ent)
    return ent


def keep_drafts(
    change: Change,
    drafts: Iterable[Draft],
    *,
    more: Mapping[str, object] | None = None,
    private: bool = False,
) -> list[str]:
    """Make feedback of the messages of a transcript and return the ids; `more` are fields that all of them get."""
    made = []
    for draft in drafts:
        text = readable(draft.text)
        fields: dict[str, object] = {"title": title_of(text), **(more or {})}
        if text != fields["title"]:
            fields["verbatim"] = text
        for name, value in (
            ("said_by", draft.said_by),
            ("channel", draft.channel),
            ("created", _instant(draft.at)),
        ):
            if value:
                fields.setdefault(name, readable(value)[: schema.LIMITS[schema.TEXT]])
        if draft.when and not fields.get("created"):
            # A time without a day is no date: it stays with what was said.
            fields["verbatim"] = f"{text}\n\n— {draft.said_by} {draft.when}".replace("  ", " ")
        made.append(change.create("feedback", fields, private=private))
    return made


def title_of(text: str) -> str:
    """Return the beginning of what was said, as it stands for it in a list."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_MOST else line[: TITLE_MOST - 1].rstrip() + "…"


def readable(text: str) -> str:
    """Return text as it can be kept: what no text may hold is replaced by a sign, the rest stays."""
    return text.replace("\0", "␀").encode("utf-8", "replace").decode()


def _instant(at: str) -> str:
    """Return a local time as an instant, '' where there is none that a clock shows."""
    if not at:
        return ""
    try:
        return datetime.datetime.fromisoformat(at).astimezone().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _quote(change: Change, ent: str) -> str:
    said = str(_field(change, ent, "verbatim") or _field(change, ent, "title"))
    who = [str(_field(change, ent, "said_by") or "")]
    for field, kind in (("customer", "customer"), ("department", "department")):
        if held := _field(change, ent, field):
            row = change.conn.execute(f"SELECT title FROM p_{kind} WHERE id = ?", (held,)).fetchone()
            who.append(str(row[0] or "") if row else "")
    source = ", ".join(name for name in who if name)
    return f"> {said}".replace("\n", "\n> ") + (f"\n— {source}" if source else "")


def _refuse_drafts(change: Change, ent: str, targets: Iterable[tuple[str, str]]) -> None:
    """Refuse to point from what everybody has to a draft that teammates do not have: they would lose sight of it."""
    change.require(ent, "feedback")
    for kind, target in targets:
        change.require(target, kind)
        if change.is_private(kind, target) and not change.is_private("feedback", ent):
            raise StoreError("draft-target", what=short_of(change.store, target))


def _field(change: Change, ent: str, name: str) -> object:
    change.flush()
    number = change.number("feedback", ent)
    row = change.conn.execute(f"SELECT {name} FROM p_feedback WHERE n = ?", (number,)).fetchone()
    return row[0] if row else None


def _elements(change: Change, ent: str, name: str) -> list[str]:
    change.flush()
    query = "SELECT value FROM element WHERE ent = ? AND field = ? ORDER BY value"
    return [value for (value,) in change.conn.execute(query, (change.number("feedback", ent), name))]


def _comments(change: Change, ent: str) -> list[str]:
    change.flush()
    return [
        ident
        for (ident,) in change.conn.execute('SELECT id FROM p_comment WHERE "on" = ? AND trashed = 0', (ent,))
    ]
