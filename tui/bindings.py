"""Actions as Textual bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.actions import in_scope
from tui.keymap import NO_KEY, key_name


def bindings(scope: str, *, target: str = "", priority: bool = False) -> list[BindingType]:
    """Return the default bindings of a scope; their ids let `App.set_keymap` apply a person's own keys.

    `target` names whose action methods they call (`screen`) when that is not the widget that has the bindings.
    """
    prefix = f"{target}." if target else ""
    return [
        Binding(
            ",".join(key_name(key) for key in action.keys) or NO_KEY,
            prefix + action.id,
            action.label,
            show=False,
            priority=priority,
            id=action.id,
        )
        for action in in_scope(scope)
    ]
