"""The line that names the tabs of a screen and what waits in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import RenderResult

GAP = 2  # cells between two names


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

    def __init__(self, labels: Sequence[str]) -> None:
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
        parts = self._parts()
        width = self.content_size.width
        first = 0
        while first < self._here and self._width(parts[first : self._here + 1]) > width:
            first += 1
        return Content(" " * GAP).join(parts[first:]).truncate(width, ellipsis=True)

    def on_click(self, event: events.Click) -> None:
        """Say which tab was clicked."""
        x = event.x - self.gutter.left
        for index, part in enumerate(self._parts()):
            if x < part.cell_length + GAP:
                self.post_message(self.Pressed(index))
                return
            x -= part.cell_length + GAP

    def _parts(self) -> list[Content]:
        parts = []
        for index, label in enumerate(self._labels):
            here = index == self._here
            count = self._counts[index]
            parts.append(
                Content.assemble(
                    (_(label), "bold $text-primary reverse" if here else "$text-muted"),
                    (f" {count}" if count else "", "bold" if here else "$text-muted"),
                )
            )
        return parts

    @staticmethod
    def _width(parts: Sequence[Content]) -> int:
        return sum(part.cell_length for part in parts) + GAP * (len(parts) - 1)
