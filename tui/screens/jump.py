"""Letters over everything on the screen that can be gone to; typing them goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from tui.celltext import cell_width
from tui.jump_labels import labels
from tui.screens.terminal_size import FitsTerminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.screen import Screen


class Target(NamedTuple):
    """Something that can be gone to: where on the terminal it begins, and what goes there."""

    x: int
    y: int
    go: Callable[[], object]


def targets_of(screen: Screen[object], focused: Widget | None) -> list[Target]:
    """Return what the widgets in sight offer, that which has the keys first, as its labels are to be the easiest."""
    offering: list[Widget] = [widget for widget in screen.query(Widget) if hasattr(widget, "jump_targets")]
    offering.sort(key=lambda widget: widget is not focused)
    found: dict[tuple[int, int], Target] = {}
    for widget in offering:
        if not widget.display or not widget.region:
            continue
        offered: Iterable[tuple[Region, Callable[[], object]]] = widget.jump_targets()  # type: ignore[attr-defined]
        for region, go in offered:
            at = (region.x, region.y)
            if 0 <= region.x < screen.size.width and 0 <= region.y < screen.size.height:
                found.setdefault(at, Target(*at, go))
    return list(found.values())


class Labelled(Widget):
    """The screen as it was, faded, and the labels on it that still fit what was typed."""

    COMPONENT_CLASSES = {"labelled--label", "labelled--typed"}  # noqa: RUF012 - the library's type
    DEFAULT_CSS = """
    Labelled { width: 100%; height: 100%; }
    Labelled > .labelled--label { background: $accent; color: $background; text-style: bold; }
    Labelled > .labelled--typed { background: $panel; color: $text-muted; text-style: bold; }
    App.-ansi Labelled > .labelled--label { text-style: bold reverse; }
    """

    def __init__(self, lines: Sequence[Strip], places: dict[str, Target]) -> None:
        super().__init__()
        self._lines = lines
        self._places = places
        self.typed = ""

    def render_line(self, y: int) -> Strip:
        """Draw a line of the screen and the labels on it."""
        width = self.size.width
        line = self._lines[y] if y < len(self._lines) else Strip.blank(width)
        label, typed = (self.get_visual_style(f"labelled--{part}").rich_style for part in ("label", "typed"))
        shown = sorted(
            (place.x, text)
            for text, place in self._places.items()
            if place.y == y and text.startswith(self.typed)
        )
        parts: list[Strip] = []
        at = 0
        for x, text in shown:
            x = min(max(x, at), width - len(text))
            done = len(self.typed)
            parts.append(_exactly(line, at, x))
            parts.append(Strip([Segment(text[:done], typed), Segment(text[done:], label)], len(text)))
            at = x + len(text)
        parts.append(_exactly(line, at, width))
        return Strip.join(parts)


def _exactly(line: Strip, start: int, end: int) -> Strip:
    """Return some cells of a line; a wide character cut in two leaves a space."""
    if end <= start:
        return Strip([])
    part = line.crop(start, end)
    return part.adjust_cell_length(end - start) if cell_width(part.text) != end - start else part


class JumpScreen(FitsTerminal, ModalScreen["Target | None"]):
    """Waits for the letters of a label; any other key leaves everything as it is."""

    CSS = "JumpScreen { background: transparent; }"

    def __init__(self, lines: Sequence[Strip], targets: Sequence[Target]) -> None:
        super().__init__()
        self._places = dict(zip(labels(len(targets)), targets, strict=False))
        self._labelled = Labelled(lines, self._places)
        self._first_size = True

    def compose(self) -> ComposeResult:
        """Lay the labels over the screen."""
        yield self._labelled

    def on_key(self, event: events.Key) -> None:
        """Narrow the labels to those that begin with what was typed; go to the one that is left."""
        event.stop()
        event.prevent_default()
        letter = (event.character or "").lower()
        typed = self._labelled.typed + letter
        if letter and typed in self._places:
            self.dismiss(self._places[typed])
        elif letter and any(label.startswith(typed) for label in self._places):
            self._labelled.typed = typed
            self._labelled.refresh()
        else:
            self.dismiss(None)

    def on_click(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)

    def on_resize(self) -> None:
        """Leave where the terminal gets another size: the labels are no longer where they belong."""
        if not self._first_size:
            self.dismiss(None)
        self._first_size = False
