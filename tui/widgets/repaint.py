"""Painting no more than looks different: what is painted costs the terminal more than what is compared."""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING, TypeVar

from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widget import Widget

Look = TypeVar("Look")


class NeverScrolls(Reactive[Size]):
    """The `virtual_size` of a widget that has no scrollbar.

    Textual lays a screen out once more after every layout that changed a widget's size, and paints all of it again:
    a scrollbar might have come or gone.
    """

    def __init__(self) -> None:
        super().__init__(Size(0, 0), layout=False, repaint=False)


class Ground:
    """A container that shows what lies in it and its ground between: one blank line is all it draws.

    Textual draws every line of a container whose size changed, beneath the widgets that cover it. Stands before the
    widget in a class's bases, and has no border, padding or scrollbar.
    """

    virtual_size = NeverScrolls()

    def render_lines(self: Widget, crop: Region) -> list[Strip]:  # type: ignore[misc]
        """Return as many blank lines."""
        ground = self.background_colors[1]
        line = Strip.blank(crop.width, Style(bgcolor=ground.rich_color))
        for line_filter in self.get_line_filters():
            line = line.apply_filter(line_filter, ground)
        return [line] * crop.height


def differing(
    before: Sequence[Look],
    after: Sequence[Look],
    width: int,
    same: Callable[[Look, Look], bool] = eq,
) -> list[Region]:
    """Return where lines look different than before: a region of full width for each run of such lines.

    Both sequences say of the same lines, from the top, how they look.
    """
    regions: list[Region] = []
    first = -1
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old is new or same(old, new):
            if first >= 0:
                regions.append(Region(0, first, width, y - first))
                first = -1
        elif first < 0:
            first = y
    if first >= 0:
        regions.append(Region(0, first, width, len(after) - first))
    return regions
