"""Steps of conflicts, what follows from them, and playbooks, each as a change of its own, as tests want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from store.cases import playbook_within
from store.change import Change
from store.conflicts import action_within, stepping
from store.database import Store


def to_state(store: Store, ents: Iterable[str], state: str) -> Change:
    """Take one step with one or several conflicts; raises what `stepping` does."""
    ents = list(ents)
    with Change(store, "step") as made, stepping(made, ents):
        for ent in ents:
            made.set(ent, {"state": state})
    return made


def escalate(store: Store, ent: str, member: str) -> Change:
    """Hand a conflict to somebody above both sides."""
    with Change(store, "step") as made, stepping(made, [ent]):
        made.set(ent, {"state": "escalated", "escalated_to": member})
    return made


def add_action(store: Store, ent: str, title: str, fields: Mapping[str, object] | None = None) -> Change:
    """Add something to be done because of a conflict."""
    with Change(store, "add") as made:
        action_within(made, ent, title, fields)
    return made


def new_playbook(store: Store, title: str, steps: Sequence[str] = (), *, when: str = "") -> Change:
    """Make a playbook with its steps."""
    with Change(store, "add") as made:
        playbook_within(made, title, steps, when=when)
    return made
