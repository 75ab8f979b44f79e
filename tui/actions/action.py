"""What an action is, and the reasons for which one cannot be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Situation(Protocol):
    """What an action may look at to say why it cannot be done now."""

    @property
    def target_ids(self) -> Collection[str]:
        """The selected cards, else the card under the cursor."""

    @property
    def no_card(self) -> str:
        """What to say where there is no target; names of actions in it stand for their keys."""

    @property
    def has_private(self) -> bool:
        """Whether a target is a private draft."""

    @property
    def has_trashed(self) -> bool:
        """Whether a target was edited after somebody deleted it."""

    @property
    def filter_text(self) -> str:
        """The filter in force, or an empty string."""

    @property
    def can_repeat(self) -> bool:
        """Whether something was changed that can be done to other cards too."""

    @property
    def has_sync(self) -> bool:
        """Whether the workspace has a place to sync with."""


# A reason is a message id; its {names} are ids of actions, shown as their keys.
NO_CARD = N_("There is no card here: {add} adds one")
NO_DRAFT = N_("This is not a private draft")
NOT_TRASHED = N_("This is not in the trash")
NO_FILTER = N_("No filter is set: {filter} sets one")
NO_REPEAT = N_("Nothing was set, labelled or moved yet that could be repeated")
NO_PLACE = N_("There is no place to sync with yet: sameboat place add FOLDER adds one")


def with_card(now: Situation) -> str | None:
    """Refuse where there is no card."""
    return None if now.target_ids else now.no_card


def private(now: Situation) -> str | None:
    return with_card(now) or (None if now.has_private else NO_DRAFT)


def trashed(now: Situation) -> str | None:
    return with_card(now) or (None if now.has_trashed else NOT_TRASHED)


def filtered(now: Situation) -> str | None:
    return None if now.filter_text else NO_FILTER


def repeating(now: Situation) -> str | None:
    return (None if now.can_repeat else NO_REPEAT) or with_card(now)


def syncing(now: Situation) -> str | None:
    return None if now.has_sync else NO_PLACE


class Action(NamedTuple):
    """Something a key does: where it works, what it is called, and why it cannot be done now."""

    id: str
    scope: str
    label: str
    keys: tuple[str, ...]
    group: str
    disabled: Callable[[Situation], str | None] | None = None
