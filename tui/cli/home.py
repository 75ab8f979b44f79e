"""Where the workspace lives on this machine, and the language its owner chose, without loading platformdirs.

The directories are platformdirs' own, computed here for Linux and macOS because it costs `sameboat add` 5 ms.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "sameboat"


def data_home(given: str = "", environ: Mapping[str, str] | None = None) -> str:
    """Return the data directory: the one given, else `SAMEBOAT_HOME`, else the system's own place."""
    environ = os.environ if environ is None else environ
    chosen = given or environ.get("SAMEBOAT_HOME", "")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    if sys.platform == "win32":
        from platformdirs import user_data_dir

        return user_data_dir(NAME, appauthor=False)
    base = _absolute(environ.get("XDG_DATA_HOME", ""))
    if not base:
        base = "~/Library/Application Support" if sys.platform == "darwin" else "~/.local/share"
    return os.path.join(os.path.expanduser(base), NAME)


def configured_language(home: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the language written in the config file or remembered from the app, or an empty string."""
    environ = os.environ if environ is None else environ
    for path in _config_files(home, environ):
        if os.path.isfile(path):
            return _written(path) or _remembered(home)
    return _remembered(home)


def _config_files(home: str, environ: Mapping[str, str]) -> list[str]:
    if environ.get("SAMEBOAT_CONFIG"):
        return [os.path.expanduser(environ["SAMEBOAT_CONFIG"])]
    beside = os.path.join(home, "config.toml")
    if environ.get("SAMEBOAT_HOME"):
        return [beside]
    if sys.platform == "win32":
        from platformdirs import user_config_dir

        return [beside, os.path.join(user_config_dir(NAME, appauthor=False), "config.toml")]
    base = _absolute(environ.get("XDG_CONFIG_HOME", ""))
    if not base:
        base = "~/Library/Application Support" if sys.platform == "darwin" else "~/.config"
    return [beside, os.path.join(os.path.expanduser(base), NAME, "config.toml")]


def _absolute(path: str) -> str:
    return path if os.path.isabs(path) else ""


def _written(path: str) -> str:
    """Return the `language = "…"` of a config file; a TOML reader would cost `sameboat add` 8 ms for one key."""
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                name, equals, value = line.partition("=")
                if line.lstrip().startswith("["):  # the settings stand before the first table
                    break
                if equals and name.strip() == "language":
                    return value.partition("#")[0].strip().strip("\"'")
    except (OSError, ValueError):  # the app and `sameboat doctor` say what is wrong with the file
        pass
    return ""


def _remembered(home: str) -> str:
    path = os.path.join(home, "choices.json")
    if not os.path.isfile(path):
        return ""
    import json

    try:
        with open(path, encoding="utf-8") as file:
            chosen = json.load(file)["language"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return chosen if isinstance(chosen, str) else ""
