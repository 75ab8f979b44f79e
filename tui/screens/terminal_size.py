"""What every screen has in common: it is laid out for the terminal's size of now, never for one that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual._compositor import Compositor
    from textual.app import App
    from textual.geometry import Region, Size


OVER = ("over", "_toastrack", "_tooltips")  # layers of what lies over the rest of a screen


def _lies_over(widget: Widget) -> bool:
    """Tell whether a widget lies over others; a rack without toasts and a tooltip of nothing are there all the time."""
    return widget.layer in OVER and widget.display and widget.visible and bool(widget.region.area)


def _has_sides(widget: Widget) -> bool:
    """Tell whether it has a side in the middle of the screen, which may cut a character beneath in two."""
    return widget.outer_size.width < widget.screen.size.width


class FitsTerminal:
    """Keeps a screen from being laid out for sizes the terminal no longer has; stands before `Screen` in its bases.

    A layout for a new size announces that size to the screen again. When two sizes are under way at once, as when a
    window is resized while the app starts, each announcement undoes the other's layout, and without end.
    """

    app: App[None]
    is_modal: bool
    children: Sequence[Widget]
    _compositor: Compositor
    _covered = False  # whether something lay over the rest when it was laid out last

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Have the screen laid out or painted anew; a layout paints what it moved, and the rest is as it was."""
        super().refresh(*regions, repaint=repaint and not layout, layout=layout, recompose=recompose)  # type: ignore[misc]
        return self

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        super()._refresh_layout(size, scroll)  # type: ignore[misc]
        before, self._covered = (
            self._covered,
            any(_lies_over(child) and _has_sides(child) for child in self.children),
        )
        if before or self._covered or self.is_modal:
            # What has moved over a wide character may have left half of it.
            self.refresh()

    def _compositor_refresh(self) -> None:
        # While updates are held back a frame is drawn for nobody, and the app's first is held back until it is whole.
        if not self.app._batch_count:
            for child in self.children:
                if _lies_over(child) and not _has_sides(child):
                    self._uncut(child)
            super()._compositor_refresh()  # type: ignore[misc]

    def _uncut(self, bar: Widget) -> None:
        """Let nothing beneath a bar cut its lines: they are put together from pieces that end where any widget does.

        A wide character that such an edge runs through would be lost.
        """
        cuts = self._compositor.cuts
        edges = {y: {0, self._compositor.size.width} for y in bar.region.line_range if y < len(cuts)}
        for part in bar.walk_children(Widget):
            for y in part.region.line_range:
                if y in edges:
                    edges[y] |= {part.region.x, part.region.right}
        for y, line in edges.items():
            cuts[y][:] = sorted(line)

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)  # type: ignore[misc]
