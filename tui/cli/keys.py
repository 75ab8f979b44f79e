"""`sameboat keys`: every action with its keys, as they are after the config file, and what is wrong with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import ACTIONS, GROUPS
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import narrate, safe, say_json
from tui.cli.table import Cell, Column, print_rows
from tui.config import load_config
from tui.i18n import N_, _
from tui.keymap import key_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.config import Config


def _keys(arguments: Arguments) -> int:
    config = load_config(arguments.home)
    changed = arguments.has("changed")
    if arguments.has("json"):
        say_json(_shape(config, changed=changed))
    else:
        columns = [
            Column(_("Key")), Column(_("Does"), flexible=True), Column(_("Name in the config")), Column(_("Where")),
        ]  # fmt: skip
        print_rows(columns, _rows(config, changed=changed))
        narrate(
            safe(_("They are changed in {path}, or in the app: “Change a key”.").format(path=config.path))
        )
    for problem in config.problems:
        narrate(safe(f"{config.path}: {problem.sentence()}"))
    return 1 if config.problems else 0


def _listed(config: Config, *, changed: bool) -> Iterator[str]:
    differing = config.keymap.changed()
    for group in GROUPS:
        for action in ACTIONS.values():
            if action.group == group and (not changed or action.id in differing):
                yield action.id


def _rows(config: Config, *, changed: bool) -> Iterator[list[Cell]]:
    for name in _listed(config, changed=changed):
        action = ACTIONS[name]
        shown = " ".join(key_label(key) for key in config.keymap.keys(name))
        yield [Cell(shown), Cell(_(action.label)), Cell(name), Cell(_(action.group))]


def _shape(config: Config, *, changed: bool) -> dict[str, object]:
    keymap = config.keymap
    return {
        "config": config.path,
        "keys": [
            {
                "action": name,
                "scope": ACTIONS[name].scope,
                "label": _(ACTIONS[name].label),
                "keys": list(keymap.keys(name)),
                "default": list(keymap.usual(name)),
            }
            for name in _listed(config, changed=changed)
        ],
        "problems": [
            {"line": problem.line or None, "code": problem.code, "message": problem.sentence()}
            for problem in config.problems
        ],
    }


COMMANDS = {
    "keys": Command(
        _keys,
        N_("list the keys of the app, and what is wrong with the config file"),
        options=(Option("changed", N_("only those that differ from the defaults")),),
        most=0,
        examples=("sameboat keys", "sameboat keys --changed --json"),
    )
}
