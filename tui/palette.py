"""The command palette: every action by name, with its key, and why it cannot be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import ACTIONS, SCOPES
from tui.i18n import _
from tui.screens.choices import Choice

if TYPE_CHECKING:
    from tui.actions import Action, Situation
    from tui.keymap import Keymap


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


def commands(scope: str, place: str, now: Situation, keymap: Keymap) -> list[Choice]:
    """Return what can be chosen in the palette from a scope of a place: its own first, moving about left out."""
    choices = []
    for name in dict.fromkeys((scope, place, *SCOPES[scope], *SCOPES[place])):
        for action in ACTIONS.values():
            if action.scope != name or action.id in _NOT_LISTED:
                continue
            reason = refusal(action, now, keymap)
            keys = keymap.shown(action.id)
            choices.append(
                Choice(
                    action.id,
                    _(action.label),
                    reason or keys,
                    # Found by its English name in any language, for people teach each other commands by name.
                    search=(action.label, action.id.replace("_", " ")),
                    disabled=bool(reason),
                )
            )
    return choices


_NOT_LISTED = frozenset(
    {"palette", "leave", "detail_leave", "detail_up", "detail_down", "detail_top", "detail_bottom"}
    | {"detail_page_up", "detail_page_down", "detail_tick"}
    | {f"cursor_{way}" for way in ("left", "right", "up", "down", "top", "bottom")}
    | {"page_up", "page_down"}
)
