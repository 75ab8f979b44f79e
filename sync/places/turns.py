"""When a place with an address is looked at: soon after something happened there, at once for an edit, else rarely.

A folder costs nothing to look at, so it has no turns. A server counts requests: looks are spread over what its budget
leaves, and edits made in quick succession go together once half of it is used.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sync.places.budget import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.places.budget import Budget

FAST = 5.0  # seconds until the next look while something is going on
SLOW = 30.0  # and when nothing has for a while
GROWTH = 1.5


class Turns:
    """One place's turns, by its budget's clock. `next_at` is when the next look is due, in seconds since the epoch."""

    def __init__(self, budget: Budget, *, chance: Callable[[], float] = random.random) -> None:
        self.next_at = 0.0
        self.budget = budget
        self._chance = chance
        self._pause = FAST
        self._sent_at = 0.0
        self._failed = False

    def is_due(self, *, asked: bool, edits: bool) -> bool:
        """Return whether to look now; a person who asks, or edits that wait to be sent, need not wait for the turn."""
        self.budget.load()
        now = self.budget.now()
        if asked:
            return True
        if edits and not self._failed and self._since(now, self._sent_at) >= self.budget.bundling():
            return True
        return now >= self.next_at or self.next_at - now > 2 * MOST  # the clock was set back

    def taken(self, *, eventful: bool, sent: bool, failed: bool) -> None:
        """Plan the next look; `eventful` when something came or went, `failed` when edits could not be sent."""
        now = self.budget.now()
        self._failed = failed
        if sent:
            self._sent_at = now
        self._pause = FAST if eventful else min(SLOW, self._pause * GROWTH)
        spacing = self.budget.spacing() / (2 if eventful else 1)  # a conversation is brief
        pause = max(self._pause, spacing) * (1 + self._chance() / 5)
        self.next_at = max(now + pause, self.budget.next_at)
        self.budget.planned = self.next_at
        self.budget.flush()

    @staticmethod
    def _since(now: float, then: float) -> float:
        return now - then if now >= then else MOST
