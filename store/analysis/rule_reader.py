"""Recurrence rules as people say them, in English and Chinese → RRULE. Never an error: what is no rule is None.

| written | means |
|---|---|
| daily, every day, every 3 days, 每天, 每3天, 每隔一天 | days apart |
| every week, every 2w, biweekly, 每周, 每两周, 双周 | weeks apart, on the weekday of the day itself |
| every mon, every mon and thu, every 2 weeks on fri, 每周一, 每周一、四, 每两周周五 | on weekdays |
| every weekday, 每个工作日 | Monday to Friday |
| every month, every 3 months, quarterly, 每月, 每两个月, 每季度 | months apart |
| every 15th, monthly on the 15th, 每月15号 | that day; of a month without it the last |
| monthly eom, every month on the last day, 每月底, 月底 | the last day |
| monthly last fri, every month on the first Mon, 每月最后一个周五, 每月第一个周一 | that weekday of the month |
| yearly, every 2 years, 每年, 每两年 | years apart |
| … until 12-31, 直到12-31, 到年底为止 | the last day it may fall on |
| … 10 times, 共10次 | how often in all |

On the path of `sameboat add` where a line holds `~`: no regular expressions.
"""

from __future__ import annotations

from store.analysis.rules import DAYS, WORKDAYS, month_days, parts, written
from store.date_reader import DateReader
from store.dates import WEEKDAYS, day_at
from store.names import ends_word, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

LONGEST = 80  # characters of a spoken rule

_EVERY = {"every ": 1, "each ": 1}
_ADVERBS = {
    "daily": ("DAILY", 1), "weekly": ("WEEKLY", 1), "biweekly": ("WEEKLY", 2), "fortnightly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1), "quarterly": ("MONTHLY", 3), "yearly": ("YEARLY", 1), "annually": ("YEARLY", 1),
}  # fmt: skip
_UNITS = {
    "days": ("DAILY", 1), "day": ("DAILY", 1), "d": ("DAILY", 1), "weeks": ("WEEKLY", 1), "week": ("WEEKLY", 1),
    "w": ("WEEKLY", 1), "months": ("MONTHLY", 1), "month": ("MONTHLY", 1), "m": ("MONTHLY", 1),
    "quarters": ("MONTHLY", 3), "quarter": ("MONTHLY", 3), "q": ("MONTHLY", 3), "years": ("YEARLY", 1),
    "year": ("YEARLY", 1), "y": ("YEARLY", 1),
}  # fmt: skip
_OTHER = {"other ": 2}
_WORKDAYS = {"weekdays": 1, "weekday": 1, "workdays": 1, "workday": 1}
_NAMED_DAYS = {name: day for name, day in WEEKDAYS.items() if name != "weekend"}
_WHICH = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
}  # fmt: skip
_LAST_DAY = {"last day": 1, "end of month": 1, "end of the month": 1, "month end": 1, "eom": 1}
_ORDINALS = {"st": 1, "nd": 1, "rd": 1, "th": 1}
_AND = {", and ": 1, " and ": 1, ", ": 1, ",": 1, " & ": 1, "&": 1, "/": 1}
_ON = {" on the ": 1, " on ": 1, " ": 1}
_UNITS_ZH = {
    "天": ("DAILY", 1), "日": ("DAILY", 1), "周": ("WEEKLY", 1), "週": ("WEEKLY", 1), "个星期": ("WEEKLY", 1),
    "星期": ("WEEKLY", 1), "个礼拜": ("WEEKLY", 1), "礼拜": ("WEEKLY", 1), "个月": ("MONTHLY", 1), "月": ("MONTHLY", 1),
    "个季度": ("MONTHLY", 3), "季度": ("MONTHLY", 3), "季": ("MONTHLY", 3), "年": ("YEARLY", 1),
}  # fmt: skip
_WORKDAYS_ZH = {"每个工作日": 1, "每工作日": 1, "工作日": 1}
_DAYS_ZH = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKS_ZH = {"周": 1, "週": 1, "星期": 1, "礼拜": 1}
_AND_ZH = {"、": 1, ",": 1, "和": 1, "及": 1, "与": 1}
_LAST_DAY_ZH = {"月底": 1, "底": 1, "末": 1, "最后一天": 1, "最后1天": 1}
_UNTIL = {"until ": 1, "till ": 1, "直到": 1, "到": 1, "至": 1}
_TIMES = {" times": 1, " time": 1, "times": 1, "x": 1, "次": 1}

Parts = dict[str, str]


def parse_rule(text: str, today: date) -> str | None:
    """Return the rule that the whole text names, an RRULE as it is; None where it names none."""
    text = text.strip()
    if len(text) <= LONGEST:
        found = rule_at(fold(text), 0, today)
        if found and found[1] == len(text):
            return found[0]
    if "=" in text:
        meant = parts(text)
        return None if meant is None else written(meant)
    return None


def rule_at(folded: str, start: int, today: date) -> tuple[str, int] | None:
    """Return the rule of the longest text that stands here in folded text, and where it ends."""
    window = folded[start : start + LONGEST + 2]
    best: Parts | None = None
    longest = 0
    for read in _READERS:
        reader = DateReader(window, today, past=False)
        found = read(reader)
        if found is not None and reader.at > longest and ends_word(window, reader.at):
            best, longest = found, reader.at
    if best is None:
        return None
    bound, end = _bound(window, longest, today)
    return written(best | bound), start + end


def _adverb(reader: DateReader) -> Parts | None:
    """Read `weekly`, `monthly last fri`."""
    found = reader.word(_ADVERBS)
    return None if found is None else _with_days(reader, *found)


def _every(reader: DateReader) -> Parts | None:
    """Read `every mon`, `every 2 weeks`, `every 15th`."""
    if not reader.word(_EVERY):
        return None
    if reader.word(_WORKDAYS):
        return {"FREQ": "WEEKLY", "BYDAY": WORKDAYS}
    if reader.word({"eom": 1, "month end": 1}):
        return {"FREQ": "MONTHLY", "BYMONTHDAY": "-1"}
    start = reader.at
    if nth := _nth_weekday(reader):
        return {"FREQ": "MONTHLY", **nth}
    reader.at = start
    if days := _weekdays(reader):
        return {"FREQ": "WEEKLY", "BYDAY": days}
    reader.at = start
    amount = reader.word(_OTHER) or reader.number()
    if amount is not None and reader.word(_ORDINALS) is not None:
        return {"FREQ": "MONTHLY", **month_days(amount)} if 1 <= amount <= 31 else None
    reader.one_of(" ")
    unit = reader.word(_UNITS)
    if unit is None or amount == 0 or (amount or 0) > 99:
        return None
    return _with_days(reader, unit[0], unit[1] * (amount or 1))


def _with_days(reader: DateReader, frequency: str, interval: int) -> Parts:
    """Add the days that follow, as in `every 2 weeks on fri`; what follows and is none of them is left."""
    found: Parts = {"FREQ": frequency}
    if interval > 1:
        found["INTERVAL"] = str(interval)
    end = reader.at
    days: Parts = {}
    if reader.word(_ON):
        if frequency == "WEEKLY" and (named := _weekdays(reader)):
            days = {"BYDAY": named}
        elif frequency == "MONTHLY":
            days = _days_of_month(reader)
    if not days or not ends_word(reader.text, reader.at):
        reader.at = end
        return found
    return found | days


def _days_of_month(reader: DateReader) -> Parts:
    """Read `15th`, `the last day`, `last fri`."""
    if reader.word(_LAST_DAY):
        return {"BYMONTHDAY": "-1"}
    start = reader.at
    if nth := _nth_weekday(reader):
        return nth
    reader.at = start
    day = reader.number()
    is_ordinal = day is not None and reader.word(_ORDINALS) is not None
    # `monthly 3 reports` counts something else.
    is_alone = reader.text[reader.at : reader.at + 1] in ("", ",", ";")
    return month_days(day) if day and (is_ordinal or is_alone) and day <= 31 else {}


def _nth_weekday(reader: DateReader) -> Parts:
    which = reader.word(_WHICH)
    if which is None or not reader.one_of(" "):
        return {}
    day = reader.word(_NAMED_DAYS)
    return {} if day is None else {"BYDAY": f"{which}{DAYS[day]}"}


def _weekdays(reader: DateReader) -> str:
    """Read `mon`, `mon, wed and fri`; returns them as a rule has them, "" where there is none."""
    found: set[int] = set()
    end = reader.at
    while (day := reader.word(_NAMED_DAYS)) is not None and ends_word(reader.text, reader.at):
        found.add(day)
        end = reader.at
        if not reader.word(_AND):
            break
    reader.at = end
    return ",".join(DAYS[day] for day in sorted(found))


def _chinese(reader: DateReader) -> Parts | None:
    """Read `每两周周五`, `每月15号`, `每个工作日`."""
    if reader.word(_WORKDAYS_ZH):
        return {"FREQ": "WEEKLY", "BYDAY": WORKDAYS}
    if reader.word({"双周": 1, "隔周": 1}):
        return _with_days_zh(reader, "WEEKLY", 2)
    if reader.word({"月底": 1, "每月底": 1}):
        return {"FREQ": "MONTHLY", "BYMONTHDAY": "-1"}
    if not reader.word({"每": 1}):
        return None
    between = 1 if reader.word({"隔": 1}) else 0
    amount = reader.number()
    if amount is not None and not between and reader.one_of("号"):
        return {"FREQ": "MONTHLY", **month_days(amount)} if 1 <= amount <= 31 else None
    unit = reader.word(_UNITS_ZH)
    if unit is None or amount == 0 or (amount or 0) > 99:
        return None
    return _with_days_zh(reader, unit[0], unit[1] * ((amount or 1) + between))


def _with_days_zh(reader: DateReader, frequency: str, interval: int) -> Parts:
    found: Parts = {"FREQ": frequency}
    if interval > 1:
        found["INTERVAL"] = str(interval)
    if reader.word({"一次": 1, "1次": 1}):
        return found
    end = reader.at
    reader.one_of("的")
    days: Parts = {}
    if frequency == "WEEKLY":
        days = _weekdays_zh(reader)
    elif frequency == "MONTHLY":
        days = _days_of_month_zh(reader)
    if not days:
        reader.at = end
    return found | days


def _weekdays_zh(reader: DateReader) -> Parts:
    found: set[int] = set()
    end = reader.at
    while True:
        reader.word(_WEEKS_ZH)
        day = reader.word(_DAYS_ZH)
        if day is None:
            break
        found.add(day)
        end = reader.at
        reader.word(_AND_ZH)
    reader.at = end
    return {"BYDAY": ",".join(DAYS[day] for day in sorted(found))} if found else {}


def _days_of_month_zh(reader: DateReader) -> Parts:
    if reader.word(_LAST_DAY_ZH):
        return {"BYMONTHDAY": "-1"}
    which: int | None = None
    if reader.word({"最后一个": 1, "最后1个": 1}):
        which = -1
    elif reader.word({"第": 1}):
        which = reader.number()
        reader.one_of("个")
    if which is not None:
        day = reader.word(_DAYS_ZH) if reader.word(_WEEKS_ZH) else None
        return {"BYDAY": f"{which}{DAYS[day]}"} if day is not None and -1 <= which <= 5 and which else {}
    number = reader.number()
    return month_days(number) if number and reader.one_of("号日") and number <= 31 else {}


def _bound(window: str, end: int, today: date) -> tuple[Parts, int]:
    """Read until when, or how often; returns that and where it ends."""
    reader = DateReader(window, today, past=False)
    reader.at = end
    reader.one_of(",;")
    reader.one_of(" ")
    if reader.word(_UNTIL):
        found = day_at(window, reader.at, today)
        if found is not None:
            reader.at = found[1]
            reader.word({"为止": 1, "止": 1})
            return {"UNTIL": f"{found[0]:%Y%m%d}"}, reader.at
        return {}, end
    reader.word({"共": 1, "for ": 1, "一共": 1})
    count = reader.number()
    if count and reader.word(_TIMES) and ends_word(window, reader.at):
        return {"COUNT": str(count)}, reader.at
    return {}, end


_READERS: tuple[Callable[[DateReader], Parts | None], ...] = (_adverb, _every, _chinese)
