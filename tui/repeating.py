"""What was changed last, so that one key does the same to other cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from store.rows import Card


class Repeat(NamedTuple):
    """A change that can be done again: what it was, to which kinds, and how it is done to other cards of a screen."""

    said: str
    kinds: frozenset[str]
    again: Callable[[Any, Sequence[Card]], object]
