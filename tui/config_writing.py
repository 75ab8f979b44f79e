"""Writing a key into the config file: its one line changes, every other stays as the person wrote it."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from store.errors import StoreError
from tui.config_text import line_of, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TABLE = "keys"


def write_keys(path: str, wanted: Mapping[str, Sequence[str] | None]) -> None:
    """Give actions these keys in the `[keys]` table of a config file; None takes an action's line out.

    Raises StoreError: config-mistaken (the file cannot be read as it is), config-shape (its table cannot be
    changed line by line), cannot-write.
    """
    table, mistakes, text = read_toml(path)
    if mistakes:
        raise StoreError("config-mistaken", path=path, line=mistakes[0].line, why=mistakes[0].why)
    if not isinstance(table.get(TABLE, {}), dict):
        raise StoreError("config-shape", path=path)
    meant = {**table, TABLE: dict(table.get(TABLE, {}))}
    for action, keys in wanted.items():
        if keys is None:
            meant[TABLE].pop(action, None)
        else:
            meant[TABLE][action] = list(keys)
        text = _with_line(text, action, keys)
    if not _says(text, meant):
        raise StoreError("config-shape", path=path)
    _replace(path, text)


def _with_line(text: str, action: str, keys: Sequence[str] | None) -> str:
    lines = text.splitlines()
    line = line_of(text, action, TABLE)
    written = None if keys is None else f"{action} = {_toml(keys)}"
    if line:
        comment = re.search(r"\s+#[^\"'\]]*$", lines[line - 1])
        if written is None:
            del lines[line - 1]
        else:
            lines[line - 1] = written + (comment[0] if comment else "")
    elif written is not None:
        header = line_of(text, TABLE)
        if not header:
            lines += [*([""] if lines and lines[-1].strip() else []), f"[{TABLE}]"]
            header = len(lines)
        lines.insert(_end_of_table(lines, header), written)
    return "\n".join(lines) + ("\n" if lines else "")


def _end_of_table(lines: list[str], header: int) -> int:
    """Return the index after the last line of a table that says something."""
    end = header
    for index in range(header, len(lines)):
        if lines[index].lstrip().startswith("["):
            break
        if lines[index].strip():
            end = index + 1
    return end


def _toml(keys: Sequence[str]) -> str:
    # The escapes of JSON are TOML's as well.
    return "[" + ", ".join(json.dumps(key, ensure_ascii=False) for key in keys) + "]"


def _says(text: str, meant: Mapping[str, Any]) -> bool:
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return {**found, TABLE: found.get(TABLE, {})} == meant


def _replace(path: str, text: str) -> None:
    path = os.path.realpath(path)  # a config that is a link to a repository's stays one
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        if os.path.exists(path):
            os.chmod(path + ".new", os.stat(path).st_mode & 0o777)
        os.replace(path + ".new", path)
    except OSError as error:
        raise StoreError("cannot-write", path=path, why=error.strerror or str(error)) from error
