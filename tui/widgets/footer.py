"""The bottom line: what the keys do here, or the word about what was just done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from tui.celltext import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import RenderResult
    from textual.timer import Timer

NOTE_SECONDS = 6.0


class Hint(NamedTuple):
    """One key of the footer: what to press, what it does, and how long it keeps its room on a narrow line."""

    action: str
    keys: str
    label: str
    rank: int


class Footer(Widget):
    """One line of hints that always fits: the least important are left out first."""

    class Pressed(Message):
        """A hint was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        super().__init__()
        self._hints: Sequence[Hint] = ()
        self._note = ""
        self._note_style = ""
        self._standing = ""
        self._count = ""
        self._places: list[tuple[int, int, str]] = []
        self._timer: Timer | None = None

    def show_hints(self, hints: Sequence[Hint], standing: str = "") -> None:
        """Show these keys; `standing` is a fact worth its room beside them, such as how many cards are selected."""
        if (hints, standing) != (self._hints, self._standing):
            self._hints = hints
            self._standing = standing
            self.refresh()

    def show_note(self, text: str, *, error: bool = False) -> None:
        """Say something for a few seconds; an empty text ends it."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._note = clean(text)
        self._note_style = "$text-error" if error else "$text-success"
        self.refresh()
        if text:
            self._timer = self.set_timer(NOTE_SECONDS, lambda: self.show_note(""))

    def show_count(self, text: str) -> None:
        """Show the count that is being typed; an empty text ends it."""
        self._count = text
        self.refresh()

    @property
    def note(self) -> str:
        """What is being said now."""
        return self._note

    def render(self) -> RenderResult:
        """Draw the note and as many hints as fit after it."""
        width = self.size.width
        parts: list[Content] = [Content(" ")]
        used = 1
        for text, style in (
            (f"×{self._count}" if self._count else "", "bold $text-accent"),
            (self._note, self._note_style),
            (self._standing, "bold $text-warning"),
        ):
            if text:
                part = Content.styled(text, style).truncate(max(width - used - 1, 0), ellipsis=True)
                parts += [part, Content("  ")]
                used += part.cell_length + 2
        self._places.clear()
        for hint in fitting(self._hints, width - used):
            part = Content.assemble((hint.keys, "bold $text-accent"), " ", (hint.label, "$text-muted"))
            self._places.append((used, used + part.cell_length, hint.action))
            parts += [part, Content("  ")]
            used += part.cell_length + 2
        return Content("").join(parts).truncate(width)

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where each hint is, and what does it."""
        x, y, _width, _height = self.region
        return [
            (Region(x + start, y, end - start, 1), partial(self.post_message, self.Pressed(action)))
            for start, end, action in self._places
        ]

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked hint says."""
        for start, end, action in self._places:
            if start <= event.x < end:
                self.post_message(self.Pressed(action))


def fitting(hints: Sequence[Hint], width: int) -> list[Hint]:
    """Return the hints that fit a width in cells, in their order, having left out those of the lowest rank."""
    kept: list[Hint] = []
    for hint in sorted(hints, key=lambda hint: hint.rank):
        room = Content(f"{hint.keys} {hint.label}").cell_length
        if room <= width:
            kept.append(hint)
            width -= room + 2
        else:
            break
    return [hint for hint in hints if hint in kept]
