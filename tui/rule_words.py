"""How often something comes again, as people say it: a text that is also read back as the same rule."""

from __future__ import annotations

from store.analysis.rules import DAYS, WORKDAYS, day_of_month, parts, until_of
from tui.days_said import WEEKDAYS
from tui.i18n import N_, _, language, listed, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NTH = {
    "1": N_("{every} on the first {day}"),
    "2": N_("{every} on the second {day}"),
    "3": N_("{every} on the third {day}"),
    "4": N_("{every} on the fourth {day}"),
    "-1": N_("{every} on the last {day}"),
}
# What became of an occurrence.
CAME = {
    "done": N_("done"),
    "skipped": N_("skipped"),
    "open": N_("open, not late"),
    "late": N_("late, not done"),
}
_FIELDS = {"DAILY": (), "WEEKLY": ("BYDAY",), "MONTHLY": ("BYDAY", "BYMONTHDAY", "BYSETPOS"), "YEARLY": ()}


def rule_words(rule: str) -> str:
    """Return what a rule says; one that only another program understands as it is written."""
    found = parts(rule)
    said = "" if found is None else _spoken(found)
    if found is None or not said:
        return _("by the rule {rule}").format(rule=rule)
    if last := until_of(found):
        said = _("{every} until {day}").format(every=said, day=last.isoformat())
    if "COUNT" in found:
        count = int(found["COUNT"])
        said = ngettext("{every}, {count} time", "{every}, {count} times", count).format(
            every=said, count=count
        )
    return said


def _spoken(found: Mapping[str, str]) -> str:
    frequency = found["FREQ"]
    besides = {name for name in found if name.startswith("BY") or name == "WKST"}
    if not besides <= {*_FIELDS[frequency]}:
        return ""
    count = int(found.get("INTERVAL", "1"))
    days = found.get("BYDAY", "")
    if frequency == "DAILY":
        return _every(count, _("every day"), ngettext("every {count} day", "every {count} days", count))
    if frequency == "YEARLY":
        return _every(count, _("every year"), ngettext("every {count} year", "every {count} years", count))
    if frequency == "WEEKLY":
        return _weekly(count, days)
    every = _every(count, _("every month"), ngettext("every {count} month", "every {count} months", count))
    if not besides:
        return every
    if days:
        nth = days[:-2].lstrip("+")
        if "BYMONTHDAY" in found or "BYSETPOS" in found or "," in days or nth not in _NTH:
            return ""
        return _(_NTH[nth]).format(every=every, day=_weekday(days[-2:]))
    day = day_of_month(found)
    if day is None:
        return ""
    if day < 0:
        return _("{every} on the last day").format(every=every)
    return _("{every} on the {day}").format(every=every, day=_ordinal(day))


def _weekly(count: int, days: str) -> str:
    every = _every(count, _("every week"), ngettext("every {count} week", "every {count} weeks", count))
    if not days:
        return every
    if not all(day in DAYS for day in days.split(",")):
        return ""
    if count == 1 and days == WORKDAYS:
        return _("every weekday")
    named = listed(_weekday(day) for day in days.split(","))
    return (
        _("every {days}").format(days=named)
        if count == 1
        else _("{every} on {days}").format(every=every, days=named)
    )


def _every(count: int, single: str, several: str) -> str:
    return single if count == 1 else several.format(count=count)


def _weekday(day: str) -> str:
    return _(WEEKDAYS[DAYS.index(day)])


def _ordinal(day: int) -> str:
    if language() != "en":
        return str(day)
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
