"""The team's pulse: one answer a member and week, its id derived from both: two devices of one member make one."""

from __future__ import annotations

import re
from datetime import date, timedelta

from store.analysis.pulse import Answer, Mood, moods
from store.change import Change
from store.errors import StoreError
from store.lookup import department_of
from store.ops import derived_id
from store.schema import TRASH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

PERIODS = 8  # weeks that a trend shows
_PERIOD = re.compile(r"([0-9]{4})-?W([0-9]{1,2})", re.IGNORECASE)


def period_of(day: date) -> str:
    """Return the ISO week of a day, as in 2026-W48."""
    year, week, _weekday = day.isocalendar()
    return f"{year:04}-W{week:02}"


def parse_week(text: str) -> str:
    """Return the period that a text names, '' where it names none."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        return ""
    try:
        return period_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        return ""


def last_periods(period: str, count: int = PERIODS) -> list[str]:
    """Return so many periods up to one, in order."""
    year, _dash, week = period.partition("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return [period_of(monday - timedelta(7 * back)) for back in range(count - 1, -1, -1)]


def pulse_id(member: str, period: str) -> str:
    """Return the id of a member's answer in a period."""
    return derived_id("pulse", member, period)


def answer(store: Store, score: int, note: str = "", period: str = "") -> Change:
    """Say how one is, 1 to 5, in this week or another; what was said before in that week is replaced.

    Raises no-member, bad-value.
    """
    if not store.member:
        raise StoreError("no-member")
    period = period or period_of(store.today())
    ent = pulse_id(store.member, period)
    with Change(store, "add", period) as made:
        fields = {
            "member": store.member,
            "period": period,
            "department": department_of(store, store.member) or None,
            "score": score,
            "note": note or None,
        }
        made.create("pulse", fields, ent=ent)
        if made.heads("pulse", ent, TRASH):
            made.restore(ent)
    return made


def own_answer(store: Store, period: str) -> tuple[int, str] | None:
    """Return what one said oneself in a period."""
    row = store.conn.execute(
        "SELECT score, coalesce(note, '') FROM p_pulse WHERE id = ? AND trashed = 0",
        (pulse_id(store.member, period),),
    ).fetchone()
    return None if row is None or row[0] is None else (int(row[0]), str(row[1]))


def is_used(store: Store) -> bool:
    """Tell whether anybody ever answered: a team that takes no pulse is not reminded of it."""
    return store.conn.execute("SELECT 1 FROM p_pulse WHERE trashed = 0 LIMIT 1").fetchone() is not None


def read_moods(store: Store, period: str, count: int = PERIODS) -> dict[str, list[Mood]]:
    """Return how departments felt in the periods up to one, by department."""
    periods = last_periods(period, count)
    query = (
        "SELECT coalesce(p.department, m.department, ''), p.period, p.score, coalesce(p.note, '') "
        "FROM p_pulse p LEFT JOIN p_member m ON m.id = p.member "
        f"WHERE p.trashed = 0 AND p.score IS NOT NULL AND p.period IN ({','.join('?' * len(periods))})"
    )
    return moods((Answer(*row) for row in store.conn.execute(query, periods)), periods)
