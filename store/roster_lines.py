"""A member, a department and a key date in one line each; what is not understood stays in the name.

韩梅 @hm yf          a name, the code behind @, and a department by any of its names
法务 fw              a name and a code; a code is a short word of Latin letters at the end
冻结 ^12-11          a name and a day
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.dates import parse_day
from store.names import Names, fold

if TYPE_CHECKING:
    from datetime import date

    from store.vocabulary import Vocabulary

_LONGEST_CODE = 6


class MemberLine(NamedTuple):
    """What a line says of a member; '' for what it does not say."""

    name: str
    code: str = ""
    department: str = ""


class DepartmentLine(NamedTuple):
    """What a line says of a department."""

    name: str
    code: str = ""


class DayLine(NamedTuple):
    """A name and the day that a line gives it, None where it names none."""

    title: str
    day: date | None


def read_member_line(line: str, vocabulary: Vocabulary) -> MemberLine:
    """Return the name, code and department that a line names."""
    words = line.split()
    code = department = ""
    kept: list[str] = []
    names = Names(vocabulary.departments, departments=True)
    for place, word in enumerate(words):
        sign = fold(word)
        found = names.get(word) if place and not department else None
        if sign.startswith("@") and not code and is_code(sign[1:]):
            code = sign[1:]
        elif found is not None:
            department = found.id
        else:
            kept.append(word)
    return MemberLine(" ".join(kept), code, department)


def read_department_line(line: str) -> DepartmentLine:
    """Return the name and the code that a line names."""
    words = line.split()
    last = fold(words[-1]).lstrip("@") if len(words) > 1 else ""
    if is_code(last):
        return DepartmentLine(" ".join(words[:-1]), last)
    return DepartmentLine(" ".join(words))


def read_day_line(line: str, today: date) -> DayLine:
    """Return the name and the day behind `^`, or at the line's end."""
    words = line.split()
    for place, word in enumerate(words):
        if word[:1] in "^＾" and (day := parse_day(word[1:], today)):
            return DayLine(" ".join(words[:place] + words[place + 1 :]), day)
    for count in (2, 1):  # `next fri` before `fri`
        day = parse_day(" ".join(words[-count:]), today) if len(words) > count else None
        if day is not None:
            return DayLine(" ".join(words[:-count]), day)
    return DayLine(" ".join(words), None)


def is_code(text: str) -> bool:
    """Tell whether a text can be a code: a few Latin letters and digits, a letter first."""
    return 0 < len(text) <= _LONGEST_CODE and text.isascii() and text.isalnum() and text[0].islower()
