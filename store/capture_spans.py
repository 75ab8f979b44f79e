"""Hours and spans of days in a line: `24h`, `24小时`, `12-01..12-12`."""

from __future__ import annotations

from store.dates import day_at, parse_day
from store.names import ends_word, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

_UNITS = ("hours", "hour", "hrs", "h", "个小时", "小时", "工时")
_TO = ("....", "...", "……", "..", "~~", "~", "——", "—", "–", "至", "到")
_LONGEST_NUMBER = 7


def hours_at(folded: str, start: int) -> tuple[float, int] | None:
    """Return the hours that stand here in folded text, and where they end."""
    at = start
    while at < len(folded) and at - start < _LONGEST_NUMBER and (folded[at] in "0123456789."):
        at += 1
    digits = folded[start:at]
    if not digits[:1].isdecimal() or digits.count(".") > 1 or digits.endswith("."):
        return None
    unit_at = at + folded.startswith(" ", at)
    for unit in _UNITS:
        end = unit_at + len(unit)
        if folded.startswith(unit, unit_at) and ends_word(folded, end):
            return float(digits), end
    return None


def span_at(folded: str, start: int, today: date) -> tuple[date, int, date, int] | None:
    """Return the span of days that stands here: its first day and where the second begins, its last and its end."""
    first = day_at(folded, start, today)
    if first is None:
        return None
    day, end = first
    for sign in _TO:
        at = end + folded.startswith(" ", end)
        if not folded.startswith(sign, at):
            continue
        at += len(sign)
        at += folded.startswith(" ", at)
        last = day_at(folded, at, day)  # a day without its year comes after the first
        if last is None or last[0] < day:
            return None
        return day, at, last[0], last[1]
    return None


def read_span(line: str, today: date) -> tuple[date, date, str] | None:
    """Return the first and the last day of a line that begins with a span or a day, and the words behind it."""
    text = line.strip().lstrip("^＾")
    folded = fold(text)
    span = span_at(folded, 0, today)
    if span is not None:
        return span[0], span[2], text[span[3] :].strip()
    found = day_at(folded, 0, today)
    if found is not None:
        return found[0], found[0], text[found[1] :].strip()
    day = parse_day(text, today)
    return (day, day, "") if day else None
