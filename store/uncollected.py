"""Making hundreds of thousands of small objects that all live on: collecting meanwhile would only scan them again."""

from __future__ import annotations

import gc


class uncollected:
    """Keeps the garbage collector from running inside the block, unless something around it does already."""

    def __enter__(self) -> None:
        self._collects = gc.isenabled()
        gc.disable()

    def __exit__(self, *_error: object) -> None:
        if self._collects:
            gc.enable()
