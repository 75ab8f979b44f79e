"""A meeting in one line, as a conflict is: `yf⇄sc 周会 @李雷`; what is not understood stays in its title.

研发⇄市场 周会 @王芳 @李雷        two departments or more, who attends
研发：站会                        one department
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.capture import parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from store.vocabulary import Vocabulary


class MeetingLine(NamedTuple):
    """What a line says of a meeting."""

    title: str
    departments: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()


def read_meeting_line(line: str, vocabulary: Vocabulary, today: date, *, me: str = "") -> MeetingLine:
    """Return the title, departments and people that a line names."""
    sides = parse(line, vocabulary, today, kind="conflict", me=me)
    departments: list[str] = []
    for part in sides.understood:
        if part.field == "parties" and isinstance(part.value, list):
            departments += part.value
            line = f"{line[: part.start]} {line[part.end :]}"
    people = parse(line, vocabulary, today, kind="feedback", me=me)
    attendees: list[str] = []
    for part in reversed(people.understood):
        if part.field == "voters":
            attendees.insert(0, str(part.value))
        elif part.field == "department" and not departments:
            departments.append(str(part.value))
        else:
            continue
        line = f"{line[: part.start]} {line[part.end :]}"
    title = " ".join(line.split())
    return MeetingLine(
        title.strip(" ：:，,"), tuple(dict.fromkeys(departments)), tuple(dict.fromkeys(attendees))
    )


def meeting_line(title: str, departments: Sequence[str], attendees: Sequence[str]) -> str:
    """Return a line that reads as this meeting, from names: what is typed the next time."""
    sides = f"{departments[0]}：" if len(departments) == 1 else "⇄".join(departments)
    people = [f'@"{name}"' if " " in name else f"@{name}" for name in attendees]
    return " ".join(part for part in (sides, title, *people) if part)
