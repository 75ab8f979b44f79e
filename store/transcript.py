"""Several lines, or a chat copied out of WeChat, 企业微信, DingTalk, Slack or Teams, cut into one draft a message.

| pasted | read as |
|---|---|
| `张三 2026/11/20 10:32:15` above the text, also `Hannah Weber  10:32 AM` | who, when, the lines beneath |
| `[10:32] 张三: text`, `【昨天 10:32】张三`, `2026-11-20 10:32 张三：text`, `10:32 - Li Lei: text` | the same |
| `张三：text`, where most lines are such | who, text |
| `—— 2026年11月20日 ——` on a line of its own | the day of what follows |
| `群聊的聊天记录` on the first line | the channel |
| anything else | a draft for each line |

A message goes on until the next one begins. Nothing is refused and nothing of a message is lost: what does not read as
who or when stays in its text. Time is linear in what was pasted; from `MOST` drafts on, the rest is left as it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from store.dates import parse_day

MOST = 1_000  # drafts
LONGEST = 20_000  # characters of one draft; a longer message becomes several
_HEAD_MOST = 120  # characters of a line in which a name and a time are looked for
_NAME_MOST = 40
_LOOKED_AT = 5_000  # lines from which the form of a paste is told
_WHOLE_LINE = 1 << 60

_DATE = (
    r"(?:\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}月\d{1,2}日|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?"
    r"|今天|昨天|前天|(?:星期|周|礼拜)[一二三四五六日天]|(?i:today|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day))"
)
_CLOCK = r"(?:(?:凌晨|早上|上午|中午|下午|晚上)\s?)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?(?i:[ap]\.?m\.?))?(?![\d:：])"
_WHEN = rf"(?:{_DATE}[\s,，T]{{0,3}})?{_CLOCK}"
_NAME = rf"[^\s:：\[\]【】][^:：\[\]【】]{{0,{_NAME_MOST - 1}}}?"
# `[10:32] 张三: text`; the name may be missing its colon where it ends the line.
_BRACKETED = re.compile(rf"\s*[\[【［(（](?P<when>{_WHEN})[\]】］)）]\s*(?P<who>{_NAME})\s*(?:[:：]\s?|$)")
# `2026-11-20 10:32 - 张三: text`
_TIME_FIRST = re.compile(rf"\s*(?P<when>{_WHEN})\s*(?:[-–—]\s*)?(?P<who>{_NAME})\s*[:：]\s?")
# `张三  2026-11-20 10:32`, the text beneath it
_ABOVE = re.compile(rf"\s*(?P<who>{_NAME})[:：]?\s+[\[(（]?(?P<when>{_WHEN})[\])）]?\s*$")
_NAMED = re.compile(
    r"\s*(?P<who>[^\s:：，。,.!?！？;；\d][^:：，。,!?！？;；]{0,29}?)\s*[:：](?!//|\d\d)\s?(?=\S)"
)
_DAY_LINE = re.compile(rf"[\s—–\-=_─*·]*(?P<day>{_DATE})[\s—–\-=_─*·]*$")
_RECORD = re.compile(r".{0,60}(?:聊天记录|(?i:chat history))\s*$")
_ALONE = re.compile(rf"\s*(?P<when>{_WHEN})\s*$")
_HAS_DATE = re.compile(_DATE)
_STOPS = re.compile(r"[，。,.!?！？;；:：]")
_CLOCK_PARTS = re.compile(
    r"(?P<before>凌晨|早上|上午|中午|下午|晚上)?\s?(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?"
    r"(?:\s?(?P<half>(?i:[ap])))?"
)
_AFTERNOON = ("下午", "晚上", "p")
_MORNING = ("凌晨", "早上", "上午", "a")


class Draft(NamedTuple):
    """One message: who said it and when as it was written, `at` as local ISO time where it is known, and its text.

    `head` is what stood above or before the text: both together are all of the paste but white space.
    """

    text: str
    said_by: str = ""
    when: str = ""
    at: str = ""
    channel: str = ""
    head: str = ""


class Transcript(NamedTuple):
    """The drafts of a paste, and what was left of it behind the last one."""

    drafts: list[Draft]
    rest: str = ""


class _Head(NamedTuple):
    """What begins a message: who, when, how many lines it takes, and where on the last of them the text begins."""

    who: str
    when: str = ""
    lines: int = 1
    end: int = _WHOLE_LINE
    is_bracketed: bool = False


class _Frame(NamedTuple):
    """The day or the channel of what follows."""

    day: str = ""
    channel: str = ""


_Reader = Callable[[list[str], int], "_Head | None"]


def read_transcript(pasted: str, today: datetime.date, *, channel: str = "", most: int = MOST) -> Transcript:
    """Return the drafts of what was pasted; `today` is what 昨天 is counted from, `channel` how all of it arrived."""
    text = pasted.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    reader = _reader(lines)
    drafts: list[Draft] = []
    day, above = "", 0  # `above` is where the head of the next message begins
    index = start = 0
    while index < len(lines):
        if not lines[index]:
            index, start = index + 1, start + 1
            continue
        head = reader(lines, index) if reader else None
        size = len(lines[index]) + 1
        frame = _frame(lines[index], today, is_chat=reader is not None, first=not drafts and not channel)
        if head is None and frame:
            day, channel = frame.day or day, frame.channel or channel
            index, start = index + 1, start + size
            continue
        begin = start
        if head is not None:
            size = sum(len(line) + 1 for line in lines[index : index + head.lines])
            last = len(lines[index + head.lines - 1]) + 1
            begin += size - last + min(head.end, last)
            index, start = index + head.lines, start + size
        else:
            index, start = index + 1, start + size
        while reader and index < len(lines) and not (lines[index] and _begins(reader, lines, index, today)):
            start += len(lines[index]) + 1
            index += 1
        if head is None and not text[begin:start].strip():
            continue
        for at, piece in _pieces(text, begin, start):
            if len(drafts) >= most:
                return Transcript(drafts, text[above if at == begin else at :])
            drafts.append(_draft(piece, text[above:at] if at == begin else "", head, day, channel, today))
        above = start
    if text[above:].strip():
        drafts.append(Draft(text[above:].strip(), channel=channel))
    return Transcript(drafts)


def _draft(text: str, above: str, head: _Head | None, day: str, channel: str, today: datetime.date) -> Draft:
    who, when = (head.who, head.when) if head else ("", "")
    if not text:
        text, above = above.strip(), ""  # a name and nothing else: a picture, say
    at = _moment(when, day, today) if when else ""
    return Draft(text, who, when, at, channel, above)


def _pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield where each piece of a message begins, and the piece: one, or several of a message that is too long."""
    for at in range(begin, max(end, begin + 1), LONGEST):
        piece = text[at : min(at + LONGEST, end)].strip()
        if piece or at == begin:
            yield at, piece


def _begins(reader: _Reader, lines: list[str], index: int, today: datetime.date) -> bool:
    return (
        reader(lines, index) is not None or _frame(lines[index], today, is_chat=True, first=False) is not None
    )


def _frame(line: str, today: datetime.date, *, is_chat: bool, first: bool) -> _Frame | None:
    """Return what a line by itself says of all that follows, None for any other line."""
    if not 3 < len(line) <= _HEAD_MOST:
        return None
    if first and _RECORD.match(line):
        return _Frame(channel=line.strip())
    found = _DAY_LINE.match(line) if is_chat else None
    day = _day(found["day"], today) if found else ""
    return _Frame(day) if day else None


# How messages begin


def _reader(lines: list[str]) -> _Reader | None:
    """Return what finds the beginnings of messages in this paste, None where there are none: each line is one then."""
    seen = [index for index, line in enumerate(islice(lines, _LOOKED_AT)) if line.strip()]
    if any(_dated(lines, index) for index in seen):
        return _dated
    texts = [index for index in seen if not _RECORD.match(lines[index][:_HEAD_MOST])]
    texts = [index for index in texts if not _DAY_LINE.match(lines[index][:_HEAD_MOST])]
    if not texts:
        return None
    for reader in (_clocked, _beneath):
        if reader(lines, texts[0]):
            return reader
    named = sum(1 for index in texts if _named(lines, index))
    share = 3 if _named(lines, texts[0]) else 2
    return _named if named and named * share >= len(texts) else None


def _dated(lines: list[str], index: int) -> _Head | None:
    """Read a name beside a day and a time, or any time in brackets before it: nothing else looks like that."""
    head = _clocked(lines, index)
    return head if head and (head.is_bracketed or _HAS_DATE.match(head.when)) else None


def _clocked(lines: list[str], index: int) -> _Head | None:
    """Read a name beside a time, as a sentence may also end: for a paste that begins so, or where there is a day."""
    line = lines[index]
    if not _has_colon(line):
        return None
    for pattern in (_BRACKETED, _TIME_FIRST):
        if found := pattern.match(line[:_HEAD_MOST]):
            return _Head(
                found["who"].strip(), found["when"], end=found.end(), is_bracketed=pattern is _BRACKETED
            )
    found = _ABOVE.match(line) if len(line) <= _HEAD_MOST else None
    return _Head(found["who"].strip(), found["when"]) if found and not _STOPS.search(found["who"]) else None


def _beneath(lines: list[str], index: int) -> _Head | None:
    """Read a name with a time on the line beneath it."""
    if index + 1 >= len(lines) or not _has_colon(lines[index + 1]) or len(lines[index + 1]) > _HEAD_MOST:
        return None
    who, found = lines[index].strip(), _ALONE.match(lines[index + 1])
    if not found or not 0 < len(who) <= _NAME_MOST or _STOPS.search(who):
        return None
    return _Head(who, found["when"], lines=2)


def _named(lines: list[str], index: int) -> _Head | None:
    """Read `张三：text`."""
    found = _NAMED.match(lines[index][:_HEAD_MOST])
    return _Head(found["who"].strip(), end=found.end()) if found else None


def _has_colon(line: str) -> bool:
    return ":" in line or "：" in line


# When


def _day(text: str, today: datetime.date) -> str:
    """Return the ISO day of a written day, '' where it is none; what has no year is the latest such day."""
    parts = [part for part in re.split(r"[-/.年月日\s]+", text) if part]
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        first, second, third = (int(part) for part in parts)
        if len(parts[0]) == 4:
            return _date(first, second, third)
        year = third if third > 99 else 2000 + third
        return _date(year, first, second) or _date(year, second, first)
    day = parse_day("-".join(parts) if len(parts) == 2 else text, today, past=True)
    return day.isoformat() if day else ""


def _date(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _moment(when: str, day: str, today: datetime.date) -> str:
    """Return a local ISO time: the day written there, else that of the lines above, else none is known."""
    clock = _CLOCK_PARTS.search(when)
    written = when[: clock.start()].strip(" ,，T\t") if clock else ""
    day = _day(written, today) if written else day
    if clock is None or not day:
        return ""
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = (clock["half"] or clock["before"] or "").lower()
    if half.startswith(_AFTERNOON) and hour < 12:
        hour += 12
    elif half.startswith(_MORNING) and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return ""
    return f"{day}T{hour:02}:{minute:02}:{second:02}"
