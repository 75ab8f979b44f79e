"""A failure told to a person: one sentence on stderr and an exit code; a traceback goes to the log only."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys

from store.database import database_path, translate
from store.errors import StoreError
from tui.cli.output import narrate, safe, say_json
from tui.sentences import sentence

LOG = "sameboat.log"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)


def tell(error: Exception, home: str, *, as_json: bool) -> int:
    """Say what went wrong and return the exit code; what nobody foresaw is logged with its traceback."""
    known = known_error(error, home)
    if known is None:
        known = StoreError("unforeseen", what=type(error).__name__, log=log(error, home))
    message = safe(sentence(known))
    if as_json:
        say_json({"ok": False, "error": {"code": known.code, "message": message}})
        sys.stdout.flush()
    narrate(f"sameboat: {message}")
    return known.exit_code


def known_error(error: Exception, home: str) -> StoreError | None:
    """Return the error as one with a code, or None when it is a defect of the program."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError):
        return translate(error, database_path(home))
    if isinstance(error, OSError):
        path = os.fspath(error.filename) if error.filename is not None else ""
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if error.errno in _FULL:
            return StoreError("disk-full", path=path)
        if error.errno in _DENIED:
            return StoreError("read-only", path=path)
        return StoreError("system", why=error.strerror or str(error), path=path)
    if isinstance(error, MemoryError):
        return StoreError("system", why="out of memory", path="")
    return None


def log(error: Exception, home: str) -> str:
    """Append the traceback to the log, in the data directory if it takes it; returns the log's path."""
    import tempfile
    import time
    import traceback

    entry = f"{time.strftime('%Y-%m-%d %H:%M:%S %z')}\n{''.join(traceback.format_exception(error))}\n"
    for directory in (home, tempfile.gettempdir()):
        path = os.path.join(directory, LOG)
        try:
            with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(entry)
        except OSError:
            continue
        return path
    return ""
