"""What every screen has in common: it is laid out for the terminal's size of now, never for one that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App
    from textual.geometry import Size


class FitsTerminal:
    """Keeps a screen from being laid out for sizes the terminal no longer has; stands before `Screen` in its bases.

    A layout for a new size announces that size to the screen again. When two sizes are under way at once, as when a
    window is resized while the app starts, each announcement undoes the other's layout, and without end.
    """

    app: App[None]

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)  # type: ignore[misc]
