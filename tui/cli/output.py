"""What a command says: data on stdout, narration on stderr, and nothing a terminal would obey.

Text of the workspace is somebody's data: `safe` shows its control characters instead of letting them act.
JSON keeps them exactly, escaped.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The version of what `--json` prints: it grows, and this number changes only when something is taken away.
CONTRACT = 1

# C0, DEL and C1 act on terminals; the bidirectional controls reorder what stands beside them; the line and
# paragraph separators break a row. C0 has pictures of its own, the others share the replacement character.
_CONTROLS = {code: 0x2400 + code for code in range(0x20)}
_CONTROLS[0x7F] = 0x2421
_CONTROLS.update(dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD))
_CONTROLS.update(dict.fromkeys((0x2028, 0x2029), 0xFFFD))
_MANY_LINES = _CONTROLS | {0x0A: 0x0A}
del _MANY_LINES[0x09]
# JSON escapes C0 itself; the rest is escaped here, which means the same to whoever reads it.
_JSON = {code: f"\\u{code:04x}" for code in _CONTROLS if code >= 0x7F}


def safe(text: str) -> str:
    """Return one line of text with its control characters made visible."""
    return text if text.isascii() and text.isprintable() else text.translate(_CONTROLS)


def safe_lines(text: str) -> str:
    """Return text of several lines with its control characters made visible, line ends and tabs kept."""
    return text.translate(_MANY_LINES)


def say(text: str) -> None:
    """Print one line of data on stdout."""
    sys.stdout.write(text + "\n")


def narrate(text: str) -> None:
    """Print one line for the person on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def encode(value: object) -> str:
    """Return a value as one line of JSON, people's words readable in it."""
    import json

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() and text.isprintable() else text.translate(_JSON)


def say_json(value: object) -> None:
    """Print a value as one line of JSON on stdout."""
    say(encode(value))


def say_json_rows(values: Iterable[object]) -> None:
    """Print one JSON array with an element on each line, so that line tools can read it too."""
    say("[")
    held = ""
    for value in values:
        if held:
            say(held + ",")
        held = encode(value)
    if held:
        say(held)
    say("]")


def is_terminal() -> bool:
    """Return whether a person, not a program, reads stdout."""
    return bool(sys.stdout.isatty())


def colours() -> bool:
    """Return whether stdout takes colours: a terminal, and nobody asked for none (NO_COLOR, TERM=dumb)."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def prepare_streams() -> None:
    """Make stdout and stderr take every character: UTF-8 for programs, else the terminal's encoding."""
    # A stream that whoever started us closed is None; writing into it must not be an error.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        elif stream.encoding.lower() != "utf-8" or stream.errors != "backslashreplace":
            reconfigure(encoding="utf-8", errors="backslashreplace")
