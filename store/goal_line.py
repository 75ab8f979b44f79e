"""A goal in a line: its title, and the key result that stands in it. Never an error.

| written | means |
|---|---|
| `20 -> 60 %`, `20→60%`, `20% => 60%`, `20 》60` | baseline and target; what stands behind a number is the unit |
| `20 -> 35 -> 60` | baseline, current value and target |
| `from 20 to 60 %`, `从20到60%` | baseline and target |
| `-> 500` | a target alone |

What stands before it, after the last colon, comma or semicolon, says what is measured, as in `增长：转化率 4% → 7%`;
without one of those it is all title. Full-width forms count as their half-width ones, and thousands have separators.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from store.names import fold

_NUMBER = r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MONEY = "$€£¥"
_LETTERS = r"%‰°a-z/\u00b5"
_CHINESE = r"\u4e00-\u522f\u5231-\u9fff"  # but 到, which stands between the numbers
_UNIT = rf"[{_LETTERS}]{{1,8}}(?![{_LETTERS}])|[{_CHINESE}]{{1,4}}(?![{_CHINESE}])"
_VALUE = rf"([{_MONEY}])?({_NUMBER})(?![\d.,]*\d)"
_BEFORE = re.compile(rf"(?<![\w.,/+\-−$€£¥]){_VALUE}(?:\s?({_UNIT}))?\s*$")
_AFTER = re.compile(rf"\s*{_VALUE}(?:({_UNIT})|\s({_UNIT})(?=[\s:;,|、.=~→⇒-]|$))?")
_ARROW = re.compile(r"-+>|=+>|~>|→|⇒")
_FROM = re.compile(r"(?<!\w)from\s|从")
_TO = re.compile(r"\s*(?:(?<![a-z])to\s|到)")
_SEPARATORS = ":;,|、"
_REACH = 48  # characters before an arrow that a number and its unit may take
_LONGEST = 4_000
_LIMIT = 1e15
# Units that may stand apart from their number with more text behind them.
_UNITS = frozenset(
    "% ‰ ° h s ms min d w k m pt pp pts usd eur cny 元 万 万元 亿 亿元 小时 分钟 秒 天 周 人 个 家 条 次 件 分".split()
)


class Figures(NamedTuple):
    """A key result found in a line, where it stands, and the unit of its numbers."""

    start: int
    end: int
    baseline: float | None
    current: float | None
    target: float
    unit: str


class _Value(NamedTuple):
    number: float
    unit: str
    end: int


def read_figures(text: str) -> Figures | None:
    """Return the first key result of a line, None where it has none."""
    if len(text) > _LONGEST:
        return None
    folded = fold(text.replace("》", "→"))  # an input method's >
    for arrow in _ARROW.finditer(folded):
        found = _around(folded, arrow)
        if found is not None:
            return found
    for word in _FROM.finditer(folded):
        low = _value(folded, word.end())
        to = _TO.match(folded, low.end) if low else None
        high = _value(folded, to.end()) if to else None
        if low and high:
            unit = high.unit or low.unit
            return Figures(word.start(), high.end, low.number, None, high.number, unit)
    return None


def _around(folded: str, arrow: re.Match[str]) -> Figures | None:
    after = _value(folded, arrow.end())
    if after is None:
        return None
    left = max(arrow.start() - _REACH, 0)
    found = _BEFORE.search(folded[left : arrow.start()])
    if found is None:
        stands_before = folded[: arrow.start()]
        if stands_before and not stands_before[-1].isspace() and stands_before[-1] not in _SEPARATORS:
            return None  # `a->5` is no target
        if stands_before.rstrip()[-1:].isdigit():
            return None  # nor is what follows a number that could not be read
        return Figures(arrow.start(), after.end, None, None, after.number, after.unit)
    values = [after]
    further = _ARROW.match(folded, _spaces(folded, after.end))
    third = _value(folded, further.end()) if further else None
    if third:
        values.append(third)
    money, number, said = found.groups()
    unit = next((value.unit for value in reversed(values) if value.unit), said or money or "")
    current = after.number if third else None
    return Figures(left + found.start(), values[-1].end, _float(number), current, values[-1].number, unit)


def _value(folded: str, at: int) -> _Value | None:
    found = _AFTER.match(folded, at)
    if found is None:
        return None
    money, number, joined, apart = found.groups()
    end = found.end()
    if apart and apart not in _UNITS and folded[end : end + 1].isspace() and folded[end:].strip():
        following = _spaces(folded, end)
        if folded[following] not in _SEPARATORS and not _ARROW.match(folded, following):
            apart, end = "", found.end(2)
    return _Value(_float(number), joined or apart or money or "", end)


def _spaces(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _float(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def read_goal(text: str) -> dict[str, object]:
    """Return what a goal's line says: `title`, and of `metric`, `baseline`, `current` and `target` what it has."""
    found = read_figures(text)
    if found is None or abs(found.target) > _LIMIT or abs(found.baseline or 0) > _LIMIT:
        return {"title": text}
    before, after = text[: found.start].rstrip(), text[found.end :].strip()
    # As typed: a unit keeps its capitals.
    at = fold(text[found.start : found.end]).rfind(found.unit) if found.unit else -1
    unit = text[found.start + at : found.start + at + len(found.unit)] if at >= 0 else ""
    cut = max((fold(before).rfind(sign) for sign in _SEPARATORS), default=-1)
    title, name = (before[:cut].strip(), before[cut + 1 :].strip()) if cut >= 0 else (before.strip(), "")
    title = " ".join(part for part in (title or name, after) if part)
    fields: dict[str, object] = {"title": title or text}
    given = {
        "metric": " ".join(part for part in (name, unit) if part) or None,
        "baseline": found.baseline,
        "current": found.current,
        "target": found.target,
    }
    return fields | {key: value for key, value in given.items() if value is not None}


def unit_of(metric: str) -> str:
    """Return the unit that a metric ends with, '' where it ends with a word: it stands behind its figures."""
    words = metric.split()
    if not words:
        return ""
    is_short = len(words) == 1 and len(words[0]) <= 3 and not words[0].isdigit()
    return words[-1] if is_short or fold(words[-1]) in _UNITS else ""
