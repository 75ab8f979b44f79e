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
    "theme": ("dark", "light", "contrast", "colour-blind", "sixteen", "plain"),
    "glyphs": ("unicode", "ascii"),
    "motion": ("full", "reduced"),
    "density": ("comfortable", "compact"),
    "swimlanes": ("", "department", "owner", "priority"),
    "conflicts": ("shown", "hidden"),
    "detail": ("shown", "hidden"),
    "start": ("today", "board", "timeline", "last"),
    "timeline_zoom": ("week", "month", "quarter", "year"),
    "timeline_group": ("department", "owner", "goal", "status"),
    "workload": ("", "member", "department"),
    "today_tab": ("today", "dayplan", "standup"),
    "feedback_tab": ("inbox", "pool", "conflicts", "promises", "meetings", "retros", "pulse", "cases"),
    "changes_tab": ("for_me", "everything", "trash"),
    "notify": ("off", "on", "full"),
    "notify_command": ("terminal", "system"),
    "goals_tab": ("goals", "alignment", "questions"),
    "team_tab": ("departments", "needs", "members", "handoffs", "requests"),
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


def _line_of(text: str, name: str, table: str = "") -> int:
    from tui.config_text import line_of  # only a mistake pays for it

    return line_of(text, name, table)


def load_config(home: str, environ: Mapping[str, str] | None = None) -> Config:
    """Return the settings for a data directory; what is wrong in the file is listed as problems, never raised."""
    path = config_path(home, environ)
    problems: list[Problem] = []
    table, text = _read(path, problems)
    overrides = table.pop("keys", {})
    if not isinstance(overrides, dict):
        problems.append(Problem("not-a-table", {"name": "keys"}, _line_of(text, "keys")))
        overrides = {}
    keymap = Keymap(overrides)
    for problem in keymap.problems:
        about = problem.params["other" if problem.code == "lost" else "name"]
        problems.append(problem._replace(line=_line_of(text, about, "keys")))
    settings = _remembered(home)
    written = set()
    for name, value in table.items():
        if name not in CHOICES and name not in FREE:
            nearest = _nearest(name, [*CHOICES, *FREE, "keys"])
            problems.append(
                Problem("unknown-setting", {"name": name, "nearest": nearest}, _line_of(text, name))
            )
        elif not isinstance(value, str) or not _fits(name, value):
            choices = ", ".join(choice for choice in CHOICES.get(name, ()) if choice)
            said = {"name": name, "value": str(value), "choices": choices, "used": settings.get(name, "")}
            problems.append(Problem("bad-setting", said, _line_of(text, name)))
        else:
            settings[name] = value
            written.add(name)
    problems.sort(key=lambda problem: problem.line)
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


def _read(path: str, problems: list[Problem]) -> tuple[dict[str, Any], str]:
    """Return what the config file says and its text; what no reader takes is left out and told."""
    if not os.path.exists(path):
        return {}, ""
    from tui.config_text import read_toml

    table, mistakes, text = read_toml(path)
    for mistake in mistakes:
        code = "unreadable-line" if mistake.line else "unreadable"
        problems.append(Problem(code, {"why": mistake.why}, mistake.line))
    return table, text


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
