"""The config file as text: read so that one mistaken line costs only itself, and each problem names its line."""

from __future__ import annotations

import os
import re
from typing import Any, NamedTuple

MOST_LINES = 2000  # a config is a page; more is no config, and looking for its mistakes would take long
MOST_MISTAKES = 20
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_HEADER = re.compile(r"\s*\[+\s*([^\]]*?)\s*\]+\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*=""")


class Mistake(NamedTuple):
    """A line that no TOML reader takes, by its number from 1 (0 for the whole file), and what is wrong with it."""

    line: int
    why: str


def read_toml(path: str) -> tuple[dict[str, Any], list[Mistake], str]:
    """Return what a file says, the lines left out of it, and its text; a file that is not there says nothing."""
    if not os.path.exists(path):
        return {}, [], ""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        return {}, [Mistake(0, error.strerror or str(error))], ""
    mistakes = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(data[: error.start].count(b"\n") + 1, error.reason))
        text = data.decode("utf-8-sig", "replace")
    table, left_out = parse_leniently(text)
    known = {mistake.line for mistake in mistakes}
    return table, mistakes + [mistake for mistake in left_out if mistake.line not in known], text


def parse_leniently(text: str) -> tuple[dict[str, Any], list[Mistake]]:
    """Return what the lines say that can be read together, and those that were left out for it."""
    import tomllib

    lines = text.splitlines()
    mistakes: list[Mistake] = []
    while True:
        try:
            return tomllib.loads("\n".join(lines)), mistakes
        except tomllib.TOMLDecodeError as error:
            if len(mistakes) >= MOST_MISTAKES or len(lines) > MOST_LINES:
                return {}, [Mistake(0, _without_place(error))]
            number = _line_of(error, lines)
            mistakes.append(Mistake(number, _without_place(error)))
            lines[number - 1] = ""


def _without_place(error: Exception) -> str:
    return _AT_LINE.sub("", str(error)).strip()


def _line_of(error: Exception, lines: list[str]) -> int:
    """Return the line to leave out: the one that is named, or the one with which what never ends begins."""
    found = _AT_LINE.search(str(error))
    if found and found[1] and lines[min(int(found[1]), len(lines)) - 1].strip():
        number = min(int(found[1]), len(lines))
        if _reads(lines[: number - 1]):
            return number
    whole = 0
    for count in range(1, len(lines)):
        if _reads(lines[:count]):
            whole = count
    rest = range(whole, len(lines))
    return next((index for index in rest if lines[index].strip()), len(lines) - 1) + 1


def _reads(lines: list[str]) -> bool:
    import tomllib

    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def line_of(text: str, name: str, table: str = "") -> int:
    """Return the line on which a table gives a name its value, 0 where none does."""
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            here = header[1].strip("\"'")
            if here == name and not table:
                return number
            continue
        key = _KEY.match(line)
        if key and here == table and name == (key[1] or key[2] or key[3] or ""):
            return number
    return 0
