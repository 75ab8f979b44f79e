"""How far a long loop is, told now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Progress = Callable[[int, int], None]

_T = TypeVar("_T")
STEP = 50  # things between two calls: under ten milliseconds of work


def counted(things: Iterable[_T], progress: Progress | None, total: int, before: int = 0) -> Iterator[_T]:
    """Yield `things`, telling `progress` (done, total) every few of them; `before` were done already."""
    if progress is None:
        yield from things
        return
    for number, thing in enumerate(things, before):
        if number % STEP == 0:
            progress(number, total)
        yield thing
