"""Lines that stay until what they say is solved: a full disk, a paused sync, a mistake in the config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from tui.celltext import clean, wrap

if TYPE_CHECKING:
    from textual.app import ComposeResult, RenderResult
    from textual.geometry import Size

MOST_LINES = 3


class Banner(Widget):
    """One thing a person has to know until it is solved."""

    DEFAULT_CSS = """
    Banner { height: auto; max-height: 3; padding: 0 1; background: $panel; text-style: bold; }
    Banner.-error { color: $text-error; }
    Banner.-warning { color: $text-warning; }
    """

    def __init__(self, text: str, *, error: bool) -> None:
        super().__init__(classes="-error" if error else "-warning")
        self.text = text

    @property
    def _mark(self) -> str:
        return "✖ " if self.has_class("-error") else "▲ "

    def say(self, text: str, *, error: bool) -> None:
        """Replace the sentence, when it is another one."""
        if text != self.text:
            self.text = text
            self.set_class(error, "-error").set_class(not error, "-warning")
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the sentence takes."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """Draw the sentence, folded as its language is, all of it beside its mark."""
        indent = " " * len(self._mark)
        lines = self._lines(self.content_size.width)
        return Content(
            "\n".join(f"{indent if number else self._mark}{line}" for number, line in enumerate(lines))
        )

    def _lines(self, width: int) -> list[str]:
        return wrap(clean(self.text), width - len(self._mark), MOST_LINES)


class Banners(Vertical):
    """All standing banners, by what they are about; takes no room while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._standing: dict[str, Banner] = {}
        self._laid_out = False

    def compose(self) -> ComposeResult:
        """Show what was raised before there was a place to show it."""
        self._laid_out = True
        yield from self._standing.values()

    @property
    def standing(self) -> dict[str, str]:
        """Return what each banner says, by what it is about."""
        return {about: banner.text for about, banner in self._standing.items()}

    def raise_banner(self, about: str, text: str, *, error: bool = True) -> None:
        """Show a banner until `solve` is called for the same thing."""
        if about in self._standing:
            self._standing[about].say(text, error=error)
            return
        banner = self._standing[about] = Banner(text, error=error)
        self.display = True
        if self._laid_out:
            self.mount(banner)

    def solve(self, about: str) -> None:
        """Take a banner away; nothing happens when there is none."""
        banner = self._standing.pop(about, None)
        if banner is not None:
            if banner.is_attached:
                banner.remove()
            self.display = bool(self._standing)
