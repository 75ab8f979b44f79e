"""Text from arguments or stdin: whole or refused, so that nothing half-read is ever saved."""

from __future__ import annotations

import sys

from tui.cli.arguments import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

# Far more than anybody types, little enough that a stray file piped in does no harm.
LIMIT = 8_000_000


def lines_of(command: str, words: list[str]) -> list[str]:
    """Return the lines to write down: the words as one line, or with "-" every line of stdin that has text."""
    if words != ["-"]:
        line = " ".join(words)
        if "\0" in line:
            raise UsageError("nul", line=1)
        lines = [line]
    else:
        lines = _stdin(command).split("\n")
    lines = [line for line in (line.strip(" \t\r") for line in lines) if line]
    if not lines:
        raise UsageError("nothing-to-add")
    return lines


def text_of(command: str, words: list[str]) -> str:
    """Return the text to keep: the words, or with "-" all of stdin without the line ends around it."""
    text = (_stdin(command) if words == ["-"] else " ".join(words)).strip()
    if not text:
        raise UsageError("nothing-to-add")
    return text


def stdin() -> BinaryIO:
    """Return stdin's bytes; a closed one is an empty one."""
    if sys.stdin is None:
        import io

        return io.BytesIO()
    return sys.stdin.buffer


def _stdin(command: str) -> str:
    data = stdin().read(LIMIT + 1)
    if len(data) > LIMIT:
        raise UsageError("too-much-input", limit=LIMIT)
    return decode(command, data)


def decode(command: str, data: bytes) -> str:
    """Return the bytes as text; raises not-utf8 or nul, naming the line, for what no line may have."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError("not-utf8", line=line, command=command) from None
    if "\0" in text:
        raise UsageError("nul", line=text.count("\n", 0, text.index("\0")) + 1)
    return text
