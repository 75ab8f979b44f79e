"""What a person chose: the config file they write, and the choices made with keys, remembered for the next start."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.keymap import Keymap, Problem, _nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOICES: dict[str, tuple[str, ...]] = {
    "language": ("en", "zh_CN"),
    "theme": ("dark", "light", "contrast", "plain"),
    "density": ("comfortable", "compact"),
    "swimlanes": ("", "department", "owner", "priority"),
    "conflicts": ("shown", "hidden"),
    "detail": ("shown", "hidden"),
    "start": ("board", "timeline"),
    "timeline_zoom": ("week", "month", "quarter", "year"),
    "timeline_group": ("department", "owner", "goal", "status"),
    "workload": ("", "member", "department"),
    "feedback_tab": ("inbox", "pool", "conflicts", "promises", "meetings", "retros", "pulse", "cases"),
    "pool_order": ("rice", "ice", "wsjf", "value", "moscow", "kano", "people", "customers", "size"),
}
# Settings that hold words of their own: fields by name, a field with a sign before it where it is reversed.
FREE = frozenset({"list_columns", "list_sort", "list_group"})
_REMEMBERED = "choices.json"


class Config(NamedTuple):
    """Settings in force, by name; one that nobody set is an empty string."""

    settings: dict[str, str]
    keymap: Keymap
    problems: list[Problem]
    path: str = ""  # where the config file is, or would be
    written: frozenset[str] = (
        frozenset()
    )  # settings the config file names: choices made with keys do not outlive it
    home: str = ""

    def get(self, name: str) -> str:
        """Return a setting, or an empty string when nobody chose."""
        return self.settings.get(name, "")


def config_path(home: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the config file: `SAMEBOAT_CONFIG`, else `config.toml` in the data directory, else the system's place."""
    environ = os.environ if environ is None else environ
    if environ.get("SAMEBOAT_CONFIG"):
        return os.path.expanduser(environ["SAMEBOAT_CONFIG"])
    beside = os.path.join(home, "config.toml")
    if home and (os.path.exists(beside) or environ.get("SAMEBOAT_HOME")):
        return beside
    from platformdirs import user_config_dir

    return os.path.join(user_config_dir("sameboat", appauthor=False), "config.toml")


def load_config(home: str, environ: Mapping[str, str] | None = None) -> Config:
    """Return the settings for a data directory; what is wrong in the file is listed as problems, never raised."""
    path = config_path(home, environ)
    problems: list[Problem] = []
    table = _read_toml(path, problems)
    overrides = table.pop("keys", {})
    if not isinstance(overrides, dict):
        problems.append(Problem("not-a-table", {"name": "keys"}))
        overrides = {}
    keymap = Keymap(overrides)
    problems += keymap.problems
    settings = _remembered(home)
    written = set()
    for name, value in table.items():
        if name not in CHOICES and name not in FREE:
            problems.append(
                Problem(
                    "unknown-setting", {"name": name, "nearest": _nearest(name, [*CHOICES, *FREE, "keys"])}
                )
            )
        elif not isinstance(value, str) or not _fits(name, value):
            choices = ", ".join(choice for choice in CHOICES.get(name, ()) if choice)
            problems.append(Problem("bad-setting", {"name": name, "value": str(value), "choices": choices}))
        else:
            settings[name] = value
            written.add(name)
    return Config(settings, keymap, problems, path, frozenset(written), home)


def remember(home: str, chosen: Mapping[str, str]) -> None:
    """Keep choices made with keys for the next start; losing them is not worth an interruption."""
    if not home:
        return
    path = os.path.join(home, _REMEMBERED)
    choices = _remembered(home) | {**chosen}
    try:
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(choices, file, ensure_ascii=False, indent=1, sort_keys=True)
        os.replace(path + ".new", path)
    except OSError:
        pass


def _read_toml(path: str, problems: list[Problem]) -> dict[str, Any]:
    if not os.path.exists(path):
        return {}
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem("unreadable", {"why": f"{path}: {error}"}))
        return {}


def _remembered(home: str) -> dict[str, str]:
    try:
        with open(os.path.join(home, _REMEMBERED), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: value
        for name, value in found.items()
        if name in CHOICES.keys() | FREE and isinstance(value, str)
    }


def _fits(name: str, value: str) -> bool:
    return name in FREE or value in CHOICES[name]
