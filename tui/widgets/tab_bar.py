"""The line that names the tabs of a screen and what waits in each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import RenderResult

GAP = 2  # cells between two names
LEFT = "‹ "  # stands for the names that are out of sight on the left


class TabBar(Widget):
    """Names the tabs, the one shown marked; a click goes to one."""

    DEFAULT_CSS = """
    TabBar { height: 1; width: 100%; background: $background; padding: 0 1; }
    """

    class Pressed(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, labels: Sequence[tuple[str, str]]) -> None:
        """Name tabs; each has a label, and a short one for where they have no room side by side."""
        super().__init__()
        self._labels = labels
        self._counts: Sequence[int] = [0] * len(labels)
        self._here = 0

    def show(self, here: int, counts: Sequence[int]) -> None:
        """Mark a tab and show what waits in each."""
        if here != self._here or list(counts) != list(self._counts):
            self._here, self._counts = here, list(counts)
            self.refresh()

    def render(self) -> RenderResult:
        """Draw the line; where it is too narrow, the tab shown stays in sight."""
        parts, first = self._shown()
        line = Content(" " * GAP).join(parts[first:])
        return (Content.assemble((LEFT, "$text-muted"), line) if first else line).truncate(
            self.content_size.width, ellipsis=True
        )

    def on_click(self, event: events.Click) -> None:
        """Say which tab was clicked."""
        parts, first = self._shown()
        x = event.x - self.gutter.left - (len(LEFT) if first else 0)
        if first and x < 0:
            self.post_message(self.Pressed(first - 1))
            return
        for index, part in enumerate(parts[first:], first):
            if 0 <= x < part.cell_length + GAP:
                self.post_message(self.Pressed(index))
                return
            x -= part.cell_length + GAP

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where each tab is, and what goes to it."""
        parts, first = self._shown()
        x, y = self.region.x + self.gutter.left + (len(LEFT) if first else 0), self.region.y
        found: list[tuple[Region, Callable[[], object]]] = []
        for index, part in enumerate(parts[first:], first):
            # A cell before the name, so that a label hides none of it.
            region = Region(max(x - 1, 0), y, part.cell_length, 1)
            found.append((region, partial(self.post_message, self.Pressed(index))))
            x += part.cell_length + GAP
        return [(region, go) for region, go in found if region.right <= self.region.right]

    def _shown(self) -> tuple[list[Content], int]:
        """Return the names as they fit, and the first in sight."""
        width = self.content_size.width
        parts = self._parts(short=False)
        if self._width(parts) > width:
            parts = self._parts(short=True)
        first = 0
        while (
            first < self._here
            and self._width(parts[first : self._here + 1]) + (len(LEFT) if first else 0) > width
        ):
            first += 1
        return parts, first

    def _parts(self, *, short: bool) -> list[Content]:
        parts = []
        for index, labels in enumerate(self._labels):
            here = index == self._here
            count = self._counts[index]
            parts.append(
                Content.assemble(
                    (_(labels[short]), "bold $text-primary reverse" if here else "$text-muted"),
                    (f" {count}" if count else "", "bold" if here else "$text-muted"),
                )
            )
        return parts

    @staticmethod
    def _width(parts: Sequence[Content]) -> int:
        return sum(part.cell_length for part in parts) + GAP * (len(parts) - 1)
