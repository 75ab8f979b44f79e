"""The pane beside the board: draws its entries by line, so that following the cursor costs one repaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.bindings import bindings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.style import Style

    from tui.widgets.detail.entries import Entry, Key

MARGIN = 1  # cells left of the text, where the cursor's bar stands


class DetailView(ScrollView, can_focus=True):
    """Shows entries and a cursor among those where something can be done."""

    SCOPE = "detail"
    BINDINGS = bindings(SCOPE, target="screen")
    COMPONENT_CLASSES = {"detail--cursor", "detail--bar"}  # noqa: RUF012 - the library declares it a set

    class Chosen(Message):
        """An entry was clicked a second time."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    class Resized(Message):
        """The lines have another width: wrap the entries to `text_width` and show them again."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._starts: list[int] = []
        self._owners: list[int] = []
        self._at = 0
        self._subject = ""
        self._shown_width = 0

    @property
    def text_width(self) -> int:
        """How many cells a line of text has."""
        return max(self.scrollable_content_region.width - MARGIN - 1, 10)

    @property
    def entries(self) -> Sequence[Entry]:
        """What is shown."""
        return self._entries

    @property
    def key(self) -> Key | None:
        """What the cursor is at, None where there is nothing to do."""
        if self._at < len(self._entries) and self._entries[self._at].stop:
            return self._entries[self._at].key
        return None

    def show(self, subject: str, entries: Sequence[Entry]) -> None:
        """Show entries; the cursor stays at its key, and starts at the top for another subject."""
        key = self.key if subject == self._subject else None
        self._subject = subject
        self._entries = entries
        self._starts, self._owners = [], []
        for index, entry in enumerate(entries):
            self._starts.append(len(self._owners))
            self._owners += [index] * len(entry.lines)
        self.virtual_size = Size(0, len(self._owners))
        stops = [index for index, entry in enumerate(entries) if entry.stop]
        same = [index for index in stops if entries[index].key == key]
        nearest = [index for index in stops if index >= self._at] if key else []
        self._at = (same or nearest or (stops[-1:] if key else stops) or [0])[0]
        if key is None:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    def go_to(self, key: Key) -> None:
        """Put the cursor at an entry."""
        for index, entry in enumerate(self._entries):
            if entry.key == key:
                self._go(index)

    def step(self, by: int) -> None:
        """Move the cursor; an entry taller than the pane is scrolled through first."""
        if by and self._scroll_within(by):
            return
        stops = [index for index, entry in enumerate(self._entries) if entry.stop]
        ahead = [index for index in stops if (index > self._at if by > 0 else index < self._at)]
        if ahead:
            self._go(ahead[min(by, len(ahead)) - 1] if by > 0 else ahead[max(by, -len(ahead))])
        elif by > 0:
            self.scroll_end(animate=False)
        else:
            self.scroll_home(animate=False)

    def page(self, by: int) -> None:
        """Scroll a page, the cursor coming along."""
        height = max(self.size.height - 1, 1)
        line = self._starts[self._at] + by * height if self._starts else 0
        if by > 0:
            reached = [i for i, entry in enumerate(self._entries) if entry.stop and self._starts[i] >= line]
            stops = reached[:1] or [i for i, entry in enumerate(self._entries) if entry.stop][-1:]
        else:
            reached = [i for i, entry in enumerate(self._entries) if entry.stop and self._starts[i] <= line]
            stops = reached[-1:] or [i for i, entry in enumerate(self._entries) if entry.stop][:1]
        if stops:
            self._go(stops[0])

    def region_of(self, key: Key) -> Region | None:
        """Return where an entry's value stands on the screen, None when it is not in sight."""
        for index, entry in enumerate(self._entries):
            if entry.key == key:
                top = self._starts[index] - self.scroll_offset.y
                content = self.content_region
                if 0 <= top < content.height:
                    left = MARGIN + entry.indent
                    height = min(len(entry.lines), content.height - top)
                    width = max(self.text_width + 1 - entry.indent, 1)
                    return Region(content.x + left, content.y + top, width, height)
        return None

    def render_line(self, y: int) -> Strip:
        """Draw one line of one entry."""
        width = self.size.width
        base = self.visual_style
        line = y + self.scroll_offset.y
        if line >= len(self._owners):
            return Strip.blank(width, base.rich_style)
        index = self._owners[line]
        entry = self._entries[index]
        here = index == self._at and entry.stop and self.has_focus
        style = base + self._component("detail--cursor") if here else base
        mark = "▌" if here else " "
        bar = (style + self._component("detail--bar") if here else style).rich_style
        segments = [Segment(mark * MARGIN, bar)]
        segments += entry.lines[line - self._starts[index]].render_segments(style)
        return Strip(segments).adjust_cell_length(width, style.rich_style)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked entry; a click where the cursor is, edits."""
        line = event.y + self.scroll_offset.y - self.gutter.top
        if not 0 <= line < len(self._owners):
            return
        index = self._owners[line]
        if self._entries[index].stop:
            again = index == self._at and self.has_focus
            self._go(index)
            if again or event.chain > 1:
                self.post_message(self.Chosen(self._entries[index].key))

    def on_resize(self) -> None:
        """Ask for entries of the new width."""
        if self.text_width != self._shown_width:
            self._shown_width = self.text_width
            self.post_message(self.Resized())

    def _component(self, name: str) -> Style:
        return self.get_visual_style(name, partial=True)

    def _go(self, index: int) -> None:
        self._at = index
        top, height = self._starts[index], len(self._entries[index].lines)
        room = self.size.height
        first = self.scroll_offset.y
        if top < first or height >= room:
            # What comes before the first stop is a heading: seeing it says where one is.
            self.scroll_to(
                y=0 if not any(entry.stop for entry in self._entries[:index]) else top, animate=False
            )
        elif top + height > first + room:
            self.scroll_to(y=top + height - room, animate=False)
        self.refresh()

    def _scroll_within(self, by: int) -> bool:
        if not self._entries:
            return False
        top, height = self._starts[self._at], len(self._entries[self._at].lines)
        first, room = self.scroll_offset.y, self.size.height
        if height <= room:
            return False
        if by > 0 and first + room < top + height:
            self.scroll_to(y=min(first + 3, top + height - room), animate=False)
            return True
        if by < 0 and first > top:
            self.scroll_to(y=max(first - 3, top), animate=False)
            return True
        return False
