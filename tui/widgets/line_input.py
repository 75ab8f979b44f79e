"""A one-line input that loses nothing: pasted lines are joined, control characters are shown harmlessly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from tui.bindings import bindings
from tui.widgets.repaint import NeverScrolls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual import events


# One character for each, so that the cursor of an editor stays where it is drawn.
_HARMLESS = (
    {code: 0x2400 + code for code in range(0x20)}
    | {0x7F: 0x2421}
    | dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
)


def harmless(strip: Strip) -> Strip:
    """Return a drawn line whose control characters are pictures: an editor keeps them, the terminal never sees them."""
    if strip.text.isprintable():
        return strip
    drawn = [Segment(segment.text.translate(_HARMLESS), segment.style) for segment in strip]
    return Strip(drawn).adjust_cell_length(strip.cell_length)


class Spans(Highlighter):
    """Colours the parts of a line that were understood."""

    def __init__(self) -> None:
        self.spans: Sequence[tuple[int, int]] = ()
        self.style = "bold"

    def highlight(self, text: Text) -> None:
        """Style the understood parts; parts of an older line may reach beyond its end, which does no harm."""
        for start, end in self.spans:
            text.stylize(self.style, start, end)


class LineInput(Input):
    """A compact line; what enter and escape mean is the subclass's scope of actions."""

    SCOPE = ""
    virtual_size = NeverScrolls()  # a letter changes it: the screen is not laid out anew for each

    DEFAULT_CSS = """
    LineInput { height: 1; border: none; padding: 0; background: $surface; }
    LineInput:focus { border: none; }
    """

    class Kept(Message):
        """The line is to be kept."""

        def __init__(self, line: LineInput, *, go_on: bool = False) -> None:
            super().__init__()
            self.line = line
            self.value = line.value
            self.go_on = go_on

        @property
        def control(self) -> LineInput:
            """The line it came from."""
            return self.line

    class Closed(Message):
        """The line is to be left."""

        def __init__(self, line: LineInput) -> None:
            super().__init__()
            self.line = line
            self.value = line.value

        @property
        def control(self) -> LineInput:
            """The line it came from."""
            return self.line

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        self.understood = Spans()
        super().__init__(value, placeholder, self.understood, id=id, compact=True, select_on_focus=False)
        self.cursor_position = len(value)

    def on_mount(self) -> None:
        """Let the cursor stand still where nothing is to move."""
        if self.app.animation_level == "none":
            self.cursor_blink = False

    def show_understood(self, spans: Sequence[tuple[int, int]]) -> None:
        """Mark the parts of the line that mean more than plain text."""
        self.understood.spans = spans
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line; an escape character pasted into it stays in the value but not on the terminal."""
        return harmless(super().render_line(y))

    def _on_paste(self, event: events.Paste) -> None:
        """Insert all pasted lines as one; the base class would drop all but the first."""
        event.prevent_default()
        event.stop()
        text = " ".join(line.strip() for line in event.text.splitlines() if line.strip())
        if text:
            start, end = self.selection
            self.replace(text, *sorted((start, end)))


class FieldInput(LineInput):
    """The line in which one field is edited."""

    SCOPE = "line"
    BINDINGS = bindings(SCOPE)

    def action_line_keep(self) -> None:
        """Save the field."""
        self.post_message(self.Kept(self))

    def action_line_close(self) -> None:
        """Leave the field."""
        self.post_message(self.Closed(self))
