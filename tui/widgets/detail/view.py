"""The pane beside the board: draws its entries by line, so that following the cursor costs one repaint."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.bindings import bindings
from tui.widgets.repaint import NeverScrolls, differing
from tui.widgets.thumb import thumb_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.content import Content

    from tui.widgets.detail.entries import Entry, Key

MARGIN = 1  # cells left of the text, where the cursor's bar stands


class _Look(NamedTuple):
    """How a line looks: its text, None below the last entry; whether the cursor is there, and the thumb beside it."""

    text: Content | None
    here: bool
    thumb: bool


_NOTHING = _Look(None, False, False)


class DetailView(Widget, can_focus=True):
    """Shows entries and a cursor among those where something can be done.

    It scrolls by itself: the library's scrolling lays the whole screen out anew at every other height.
    """

    virtual_size = NeverScrolls()

    SCOPE = "detail"
    BINDINGS = bindings(SCOPE, target="screen")
    COMPONENT_CLASSES = {"detail--cursor", "detail--bar", "detail--thumb"}  # noqa: RUF012 - the library declares it a set

    class Chosen(Message):
        """An entry was clicked a second time."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    class Resized(Message):
        """It came into sight, or has another size: wrap the entries to `text_width` and show them again."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._starts: list[int] = []
        self._owners: list[int] = []
        self._stops: list[int] = []
        self._at = 0
        self._top = 0  # the first line in sight
        self._painted: dict[int, _Look] = {}  # how lines looked when they were last painted
        self._subject = ""

    @property
    def text_width(self) -> int:
        """How many cells a line of text has."""
        return max(self.content_size.width - MARGIN - 1, 10)

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
        stops = self._stops = [index for index, entry in enumerate(entries) if entry.stop]
        same = [index for index in stops if entries[index].key == key]
        nearest = [index for index in stops if index >= self._at] if key else []
        self._at = (same or nearest or (stops[-1:] if key else stops) or [0])[0]
        self._show_from(0 if key is None else self._top)

    def go_to(self, key: Key) -> None:
        """Put the cursor at an entry."""
        for index, entry in enumerate(self._entries):
            if entry.key == key:
                self._go(index)

    def step(self, by: int) -> None:
        """Move the cursor; an entry taller than the pane is scrolled through first."""
        if by and self._scroll_within(by):
            return
        ahead = [index for index in self._stops if (index > self._at if by > 0 else index < self._at)]
        if ahead:
            self._go(ahead[min(by, len(ahead)) - 1] if by > 0 else ahead[max(by, -len(ahead))])
        else:
            self._show_from(len(self._owners) if by > 0 else 0)

    def page(self, by: int) -> None:
        """Scroll a page, the cursor coming along."""
        height = max(self._room - 1, 1)
        line = self._starts[self._at] + by * height if self._starts else 0
        if by > 0:
            stops = [index for index in self._stops if self._starts[index] >= line][:1] or self._stops[-1:]
        else:
            stops = [index for index in self._stops if self._starts[index] <= line][-1:] or self._stops[:1]
        if stops:
            self._go(stops[0])

    def region_of(self, key: Key) -> Region | None:
        """Return where an entry's value stands on the screen, None when it is not in sight."""
        for index, entry in enumerate(self._entries):
            if entry.key == key:
                top = self._starts[index] - self._top
                content = self.content_region
                if 0 <= top < content.height:
                    left = MARGIN + entry.indent
                    height = min(len(entry.lines), content.height - top)
                    width = max(self.text_width + 1 - entry.indent, 1)
                    return Region(content.x + left, content.y + top, width, height)
        return None

    def render_line(self, y: int) -> Strip:
        """Draw one line of one entry."""
        width = self.content_size.width
        base = self.visual_style
        look = self._painted[y] = self._looks(range(y, y + 1))[0]
        text, here, thumb = look
        if text is None:
            return Strip.blank(width, base.rich_style)
        cursor = ("detail--cursor",) if here else ()
        style = self.get_visual_style(*cursor) if here else base
        bar = self.get_visual_style(*cursor, "detail--bar") if here else base
        segments = [Segment(("▌" if here else " ") * MARGIN, bar.rich_style)]
        segments += text.render_segments(style)
        strip = Strip(segments)
        if thumb:
            piece = Segment("▐", self.get_visual_style(*cursor, "detail--thumb").rich_style)
            strip = Strip([*strip.adjust_cell_length(width - 1, style.rich_style), piece])
        return strip.adjust_cell_length(width, style.rich_style)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked entry; a click where the cursor is, edits."""
        line = event.y + self._top - self.gutter.top
        if not 0 <= line < len(self._owners):
            return
        index = self._owners[line]
        if self._entries[index].stop:
            again = index == self._at and self.has_focus
            self._go(index)
            if again or event.chain > 1:
                self.post_message(self.Chosen(self._entries[index].key))

    def on_resize(self) -> None:
        """Ask for entries that fit; a pane that was out of sight has missed what changed since."""
        if self.size:
            self.post_message(self.Resized())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll, the cursor staying where it is."""
        event.stop()
        self._show_from(self._top + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        self._show_from(self._top - 3)

    @property
    def _room(self) -> int:
        return max(self.content_size.height, 1)

    def _show_from(self, top: int) -> None:
        self._top = max(min(top, len(self._owners) - self._room), 0)
        lines = range(self._room)
        before, after = [self._painted.get(y) for y in lines], self._looks(lines)
        if changed := differing(before, after, self.content_size.width, _same):
            self.refresh(*changed)

    def _looks(self, lines: range) -> list[_Look]:
        """Return how lines in sight look: empty ones below the last entry."""
        cursor = self._at if self.has_focus else -1
        thumb = thumb_lines(len(self._owners), self._room, self._top)
        looks = []
        for y in lines:
            line = y + self._top
            if line >= len(self._owners):
                looks.append(_NOTHING)
                continue
            index = self._owners[line]
            entry = self._entries[index]
            looks.append(
                _Look(entry.lines[line - self._starts[index]], index == cursor and entry.stop, y in thumb)
            )
        return looks

    def _go(self, index: int) -> None:
        self._at = index
        start, height = self._starts[index], len(self._entries[index].lines)
        if start < self._top or height >= self._room:
            # What comes before the first stop is a heading: seeing it says where one is.
            self._show_from(start if any(entry.stop for entry in self._entries[:index]) else 0)
        else:
            self._show_from(max(self._top, start + height - self._room))

    def _scroll_within(self, by: int) -> bool:
        if not self._entries:
            return False
        start, height = self._starts[self._at], len(self._entries[self._at].lines)
        last = start + height - self._room
        if by > 0 and self._top < last:
            self._show_from(min(self._top + 3, last))
            return True
        if by < 0 and height > self._room and self._top > start:
            self._show_from(max(self._top - 3, start))
            return True
        return False


def _same(one: _Look | None, other: _Look | None) -> bool:
    """Tell whether lines look the same, styles included: those the texts' own comparison leaves out."""
    if one is None or other is None or one[1:] != other[1:]:
        return False
    if one.text is None or other.text is None:
        return one.text is other.text
    return one.text.is_same(other.text)
