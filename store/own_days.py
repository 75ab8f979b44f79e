"""Days of one's own: which days a workspace or a department works on, and when a member is away.

Ids are derived from what a day is about, so replicas that set one day make one entity.
"""

from __future__ import annotations

from store.ops import derived_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from store.change import Change


def day_id(workspace: str, day: str, department: str = "") -> str:
    """Return the id of a day of the workspace's own, or of a department's."""
    return derived_id(workspace, "day", department, day)


def absence_id(workspace: str, member: str, first: str, last: str) -> str:
    """Return the id of a member's absence."""
    return derived_id(workspace, "absence", member, first, last)


def set_country(change: Change, about: str, country: str) -> None:
    """Let the public holidays of a country count for the workspace or a department, by its id; '' for none."""
    change.set(about, {"country": country or None})


def set_days(
    change: Change, days: Iterable[date], *, working: bool, department: str = "", title: str = ""
) -> list[str]:
    """Make days free, or worked on all the same, for everybody or one department; returns their ids."""
    made = []
    for day in days:
        ent = day_id(change.store.workspace, day.isoformat(), department)
        fields = {
            "date": day.isoformat(),
            "working": working,
            "department": department or None,
            "title": title or None,
        }
        made.append(_put(change, "day", ent, fields))
    return made


def set_absence(change: Change, member: str, first: date, last: date, *, title: str = "") -> str:
    """Note that a member is away from the first to the last day; returns the absence's id."""
    ent = absence_id(change.store.workspace, member, first.isoformat(), last.isoformat())
    fields: dict[str, object] = {
        "member": member, "first": first.isoformat(), "last": last.isoformat(), "title": title or None,
    }  # fmt: skip
    return _put(change, "absence", ent, fields)


def _put(change: Change, kind: str, ent: str, fields: dict[str, object]) -> str:
    """Create an entity whose id is derived, or write what differs; one in the trash comes out of it."""
    if change.number(kind, ent):
        change.set(ent, fields)
        change.restore(ent)
        return ent
    return change.create(kind, {name: value for name, value in fields.items() if value is not None}, ent=ent)
