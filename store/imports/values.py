"""Words and numbers as tools write them become the schema's values, or None where they mean nothing known."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from store.imports.days import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

PRIORITIES: dict[int, tuple[str, ...]] = {
    0: (
        "highest", "urgent", "critical", "blocker", "immediate", "emergency",
        "紧急", "最高", "特急", "非常紧急", "致命",
    ),
    1: ("high", "major", "important", "h", "高", "较高", "重要", "加急"),
    2: ("medium", "normal", "moderate", "m", "中", "中等", "普通", "一般", "正常"),
    3: ("low", "minor", "l", "低", "较低", "次要", "不紧急"),
    4: ("lowest", "trivial", "optional", "最低", "极低", "可选"),
}  # fmt: skip
_PRIORITY = {word: level for level, words in PRIORITIES.items() for word in words}
_NO_PRIORITY = frozenset({"no priority", "not set", "无优先级", "未设置"})

KINDS: dict[str, tuple[str, ...]] = {
    "requirement": (
        "requirement", "story", "user story", "feature", "epic",
        "需求", "用户故事", "特性", "史诗", "产品需求", "研发需求",
    ),
    "task": ("task", "sub-task", "subtask", "chore", "任务", "子任务", "开发任务"),
    "milestone": ("milestone", "里程碑"),
    "action": ("action", "action item", "行动项", "待办事项"),
    "bug": ("bug", "defect", "缺陷", "故障", "错误"),
    "risk": ("risk", "风险"),
}  # fmt: skip
_KIND = {word: kind for kind, words in KINDS.items() for word in words}
# Words that say more than their kind does: the original is kept as a custom field too.
FINER_KINDS = frozenset({"epic", "sub-task", "subtask", "feature", "chore", "史诗", "特性", "子任务"})

_YES = frozenset(
    {"true", "yes", "y", "1", "x", "✓", "✔", "☑", "done", "complete", "completed"}
    | {"是", "已归档", "已完成", "完成"}
)
_NO = frozenset({"false", "no", "n", "0", "否", "未归档", "open", "active"})

# Cells may be megabytes; what is a name or a number is not, and patterns with spaces in them must not see the rest.
_LONGEST_NAMES = 2_000
_LONGEST_WORD = 200
_SEPARATORS = re.compile(r"[,，;；、|\n]+")
_PEOPLE_SEPARATORS = re.compile(r"[;；、，|\n]+|\s+/\s+|(?<=[\u3400-\u9fff])\s*[/,]\s*(?=[\u3400-\u9fff])")
_ACCOUNT = re.compile(r"\s*[\(（]\s*#[^()（）]*[\)）]\s*$")  # ZenTao writes 李雷(#lilei)
_SPAN = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>weeks?|w|周|days?|d|人天|人日|天|日|hours?|hrs?|h|小时|工时|时|minutes?|mins?|m|分钟|分)?\s*",
    re.IGNORECASE,
)
_ISO_SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$")
# Hours by a unit's first letter; a day is 8 of them, a week 5 days.
_HOURS = (
    dict.fromkeys("w周", 40.0)
    | dict.fromkeys("d人天日", 8.0)
    | dict.fromkeys("h小工时", 1.0)
    | dict.fromkeys("m分", 1 / 60)
)
# 3FS+2 days, as Microsoft Project writes it; a key such as A-2 has no lag.
_WAIT = re.compile(
    r"(?P<key>.*?\d)(?P<type>FS|SS|FF|SF)\s*(?:(?P<sign>[+-])\s*(?P<days>\d{1,4})(?:\.0+)?\s*(?:d|days?|天|日|个工作日|工作日)?)?"
)
_CHECK_LINE = re.compile(r"(?:[-*+•]|\d+[.)、])?\s*(?P<box>\[[ xX✓]?\]|[☐☑✅✔✓])?\s*(?P<text>\S.*)$")
# Where a JSON object stands for one thing, these keys hold what people call it.
_NAMED_BY = (
    "name", "title", "displayName", "fullName", "login", "username", "value", "label", "text", "key", "email", "id",
)  # fmt: skip


def plain(value: object) -> str:
    """Return any cell as one text: what an object is called, a list's members by line, a number as written."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        for key in _NAMED_BY:
            found = value.get(key)
            if found not in (None, "") and not isinstance(found, dict | list):
                return plain(found)
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return joined(plain(part) for part in value)
    return str(value)


def joined(parts: Iterable[str]) -> str:
    """Return several values as one text, by semicolons, or by lines where a value has one of its own."""
    kept = [part for part in parts if part.strip()]
    separator = "\n" if any("\n" in part or ";" in part for part in kept) else "; "
    return separator.join(kept)


def fold(text: str) -> str:
    """Return `text` as names are compared: width, case and space do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def parse_priority(text: str) -> int | None:
    """Return 0 (most urgent) to 4, from a word in either language, `P1`, `1` or `1 - High`; None if unknown."""
    word = fold(text[:_LONGEST_WORD])
    if word in _PRIORITY:
        return _PRIORITY[word]
    match = re.match(r"^p?([0-4])(?:\.0)?(?:\s*[-–:：、(]\s*\S.*|\.\s*[^\d\s].*|级)?$", word)
    return int(match[1]) if match else None


def says_no_priority(text: str) -> bool:
    """Return whether the cell says that there is no priority."""
    return fold(text) in _NO_PRIORITY or is_nothing(text)


def parse_kind(text: str) -> str | None:
    """Return the item kind that a tool's type word means, or None."""
    word = fold(text[:_LONGEST_WORD])
    return _KIND.get(word) or _KIND.get(_ACCOUNT.sub("", word))


def parse_flag(text: str) -> bool | None:
    """Return what a yes-or-no cell says, or None."""
    word = fold(text)
    if word in _YES:
        return True
    return False if word in _NO or is_nothing(text) else None


def parse_hours(text: str, *, seconds: bool = False, days: bool = False) -> float | None:
    """Return hours from `8`, `1.5h`, `2d 4h`, `3小时`, `PT8H0M0S`; a bare number may count seconds or days."""
    if len(text) > _LONGEST_WORD:
        return None
    word = fold(text).upper()
    iso = _ISO_SPAN.match(word)
    if iso and any(iso.groups()):
        parts = [float(part or 0) for part in iso.groups()]
        return parts[0] * 8 + parts[1] + parts[2] / 60 + parts[3] / 3600
    word = word.lower().replace(",", ".") if re.fullmatch(r"\d+,\d{1,2}", word) else word.lower()
    total, at = 0.0, 0
    for match in _SPAN.finditer(word):
        if match.start() != at:
            return None
        at = match.end()
        unit = match["unit"]
        number = float(match["n"])
        if unit:
            total += number * _HOURS[unit[0]]
        elif at == len(word) and match.start() == 0:
            total = number / 3600 if seconds else number * 8 if days else number
        else:
            return None
    return round(total, 4) if at == len(word) and at else None


def split_labels(text: str) -> list[str]:
    """Return the labels of a cell that holds several; only for tools that do not repeat the column instead."""
    return [part for part in (label.strip().lstrip("#") for label in _SEPARATORS.split(text)) if part]


def split_people(text: str) -> list[str]:
    """Return the names of a cell.

    A comma between Latin words may stand inside a name ("Doe, John"), so it separates only full names and addresses.
    """
    names: list[str] = []
    for part in _PEOPLE_SEPARATORS.split(text[:_LONGEST_NAMES]):
        pieces = [piece.strip() for piece in part.split(",")]
        if len(pieces) > 1 and all(" " in piece or "@" in piece or not piece.isascii() for piece in pieces):
            names += pieces
        else:
            names.append(part)
    cleaned = (_ACCOUNT.sub("", name).strip().lstrip("@").strip() for name in names)
    return list(dict.fromkeys(name for name in cleaned if name and not is_nothing(name)))


def split_waits(text: str) -> list[tuple[str, str, int]]:
    """Return (key, type, lag) of everything a cell says an item waits for: `SCRUM-80`, `3, 5SS`, `3FS+2 days`."""
    found = []
    for part in _SEPARATORS.split(text[:_LONGEST_NAMES]):
        word = " ".join(part.split())
        if not is_nothing(word):
            match = _WAIT.fullmatch(word)
            lag = int(match["days"] or 0) * (-1 if match["sign"] == "-" else 1) if match else 0
            found.append((match["key"].strip(), match["type"], lag) if match else (word, "FS", 0))
    return found


def split_checks(text: str) -> list[tuple[str, bool]]:
    """Return (text, done) for each line of a checklist cell, as Markdown task lists and tick marks write it."""
    entries = []
    for line in text.splitlines():
        match = _CHECK_LINE.match(line.strip())
        if match:
            box = match["box"] or ""
            entries.append((match["text"], any(mark in box for mark in "xX✓☑✅✔")))
    return entries
