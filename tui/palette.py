"""The command palette: every action by name, with its key, and why it cannot be done now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.actions import ACTIONS, MOVING, SCOPES, WHILE_TYPING
from tui.i18n import LANGUAGES, _, in_language, language
from tui.screens.choices import Choice, narrowed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.actions import Action, Situation
    from tui.keymap import Keymap

RECENT_FIRST = 5  # commands used last that head the list


class KeyNames(dict[str, str]):
    """Fills `{action}` in a sentence with the key of that action, so that no sentence outlives a remapped key."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def __missing__(self, name: str) -> str:
        return self._keymap.shown(name) or _(ACTIONS[name].label)


def refusal(action: Action, now: Situation, keymap: Keymap) -> str:
    """Return the sentence that says why an action cannot be done now, empty when it can."""
    reason = action.disabled(now) if action.disabled else None
    return _(reason).format_map(KeyNames(keymap)) if reason else ""


# Where the actions of a scope are at home: the action that leads there. Those of a tab lead to its tab.
HOMES: dict[str, str] = {
    "today": "show_today",
    "dayplan": "show_today",
    "standup": "show_today",
    "cards": "show_board",
    "board": "show_board",
    "timeline": "show_timeline",
    "inbox": "show_feedback",
    "pool": "show_feedback",
    "conflicts": "show_feedback",
    "promises": "show_feedback",
    "meetings": "show_feedback",
    "retros": "show_feedback",
    "pulse": "show_feedback",
    "cases": "show_feedback",
    "goals": "show_goals",
    "alignment": "show_goals",
    "questions": "show_goals",
    "team": "show_team",
    "departments": "show_team",
    "needs": "show_team",
    "members": "show_team",
    "handoffs": "show_team",
    "requests": "show_team",
    "reports": "show_reports",
    "list": "show_list",
    "news": "show_changes",
    "trash": "show_changes",
}


def commands(
    scope: str, place: str, now: Situation, keymap: Keymap, recent: Sequence[str] = ()
) -> list[Choice]:
    """Return what can be chosen in the palette from a scope of a place.

    Commands used last come first, then those of here, then those of other places, which one is taken to.
    """
    here = dict.fromkeys((scope, place, *SCOPES[scope], *SCOPES[place]))
    choices = {}
    for name in here:
        for action in ACTIONS.values():
            if action.scope == name and action.id not in _NOT_LISTED:
                reason = refusal(action, now, keymap)
                detail = reason or keymap.shown(action.id)
                choices[action.id] = _choice(action, detail, disabled=bool(reason))
    for action in ACTIONS.values():
        if action.scope in HOMES and action.scope not in here and not _is_motion(action):
            where = _(ACTIONS[HOMES[action.scope]].label).partition(":")[0]
            choices[action.id] = _choice(action, f"{where} {keymap.shown(action.id)}".rstrip())
    first = [name for name in recent if name in choices][:RECENT_FIRST]
    return [choices[name] for name in dict.fromkeys([*first, *choices])]


def _choice(action: Action, detail: str, *, disabled: bool = False) -> Choice:
    # Found by its name in any language, for people teach each other commands by name.
    names = [in_language(name, action.label) for name in LANGUAGES if name != language()]
    return Choice(
        action.id, _(action.label), detail, search=(*names, action.id.replace("_", " ")), disabled=disabled
    )


def finder(choices: Sequence[Choice]) -> Callable[[str], Sequence[Choice]]:
    """Return what finds commands by typed text: as every list does, and by the initials of their Chinese names."""
    initials = _initials()

    def find(text: str) -> Sequence[Choice]:
        word = text.strip().lower()
        found = narrowed(choices, text)
        if not (word.isascii() and word.isalpha()) or len(word) < 2:
            return found
        # What the word is part of comes first, then whose initials it is, then where its letters merely occur.
        sure = [choice for choice in found if _contains(choice, word)]
        meant = [choice for choice in choices if word in initials.get(choice.key, "") and choice not in sure]
        return [*sure, *meant] or found

    return find


def _contains(choice: Choice, word: str) -> bool:
    return any(word in name.casefold() for name in (choice.label, *choice.search))


def _initials() -> dict[str, str]:
    """Return the initials of every action's Chinese name, kept ready: to make them takes longer than a key."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale", "zh_CN", "initials.tsv")
    try:
        with open(path, encoding="utf-8") as file:
            return dict(line.rstrip("\n").split("\t", 1) for line in file if "\t" in line)
    except OSError:  # an installation that lost it still finds commands by their words
        return {}


def _is_motion(action: Action) -> bool:
    return action.group == MOVING or action.id.endswith(_MOTIONS) or action.scope in WHILE_TYPING


_MOTIONS = (
    "_up", "_down", "_top", "_bottom", "_left", "_right", "_leave", "_close", "_drop", "_keep", "_fold", "_back", "_on",
)  # fmt: skip
_NOT_LISTED = frozenset(
    {"palette", "leave", "detail_leave", "detail_up", "detail_down", "detail_top", "detail_bottom"}
    | {"detail_page_up", "detail_page_down", "detail_tick"}
    | {f"cursor_{way}" for way in ("left", "right", "up", "down", "top", "bottom")}
    | {"page_up", "page_down"}
)
