"""One line at the bottom that keeps what is said in a meeting, and shows beneath what it understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.bindings import bindings
from tui.celltext import clean, truncate
from tui.i18n import _
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class CaptureLine(LineInput):
    """The line of the capture bar.

    Its keys act on the screen at once: a message on its way would let the next key fall into a line that is closing.
    """

    SCOPE = "capture"
    BINDINGS = bindings(SCOPE, target="screen")


class CaptureBar(Vertical):
    """The quick capture line: posts what is typed, shows what it is told about it."""

    DEFAULT_CSS = """
    CaptureBar {
        layer: over; dock: bottom; height: 2; background: $surface; border-left: outer $accent; padding: 0 1 0 0;
    }
    CaptureBar.-private { border-left: outer $warning; }
    CaptureBar.-long, CaptureBar.-similar { height: 3; }
    CaptureBar.-long.-similar { height: 4; }
    CaptureBar Static { height: 1fr; }
    """

    class Changed(Message):
        """The line reads otherwise: say what is understood with `show_preview`."""

        def __init__(self, bar: CaptureBar, text: str) -> None:
            super().__init__()
            self.bar = bar
            self.text = text

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.private = False
        self._text = text
        self._preview = Content("")
        self._similar = ""

    def compose(self) -> ComposeResult:
        """Lay out the line and, beneath, what is understood."""
        yield CaptureLine(self._text, placeholder=self._placeholder())
        yield Static(markup=False)

    def on_mount(self) -> None:
        """Be ready to type at once."""
        self.line.focus()
        self.post_message(self.Changed(self, self._text))

    @property
    def line(self) -> CaptureLine:
        """The input."""
        return self.query_one(CaptureLine)

    def set_private(self, private: bool) -> None:
        """Say whether what is kept stays on this machine until it is shared."""
        self.private = private
        self.set_class(private, "-private")
        self._draw()

    def show_preview(self, understood: Content, spans: Sequence[tuple[int, int]]) -> None:
        """Show what the line is understood to mean, and mark the parts it was read from."""
        self._preview = understood
        self.line.show_understood(spans)
        self._draw()

    def show_similar(self, text: str) -> None:
        """Show how something like it was settled before; '' where there was nothing like it."""
        if text != self._similar:
            self._similar = text
            self.set_class(bool(text), "-similar")
            self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask what the line means now."""
        event.stop()
        self.post_message(self.Changed(self, event.value))

    def relabel(self) -> None:
        """Show the words of another language."""
        self.line.placeholder = self._placeholder()
        self.post_message(self.Changed(self, self.line.value))

    def _placeholder(self) -> str:
        if self.kind == "conflict":
            return _("dept>dept what it is about  !severity  #root cause  @decider  ^follow-up")
        if self.kind == "commitment":
            return _("dept>dept what is promised  @who promises  @who gets it  ^when")
        if self.kind == "need":
            return _("dept what it needs  !severity  #kind  challenge: what stands in its way")
        if self.kind == "request":
            return _("dept>dept 24h skill first..last  @who")
        if self.kind == "feedback":
            return _("what they said, in their words  &customer  department:  !importance  @voter  #label")
        if self.kind == "goal":
            return _("what is to be reached: what is measured 20 → 60 %  @owner  ^due  department:")
        return _("what is to be done  @owner  ^due  !priority  #label  *status  department:")

    def _draw(self) -> None:
        mark = (
            Content.styled(_("private draft") + "  ", "bold $text-warning") if self.private else Content("")
        )
        text = Content.assemble(mark, self._preview)
        if self._similar:
            similar = Content.styled(truncate(clean(self._similar), self.content_size.width), "$text-muted")
            self.set_class(text.cell_length > self.content_size.width > 0, "-long")
            self.query_one(Static).update(Content.assemble(text, "\n", similar), layout=False)
            return
        # A second line only where it is needed: every change of height moves the whole board.
        self.set_class(text.cell_length > self.content_size.width > 0, "-long")
        self.query_one(Static).update(text, layout=False)


def preview(parts: Sequence[tuple[str, str]]) -> Content:
    """Return the line of labelled values that shows what was understood, user text taken literally."""
    drawn: list[Content] = []
    for label, value in parts:
        words = Content.styled(f"{label} ", "$text-muted") if label else Content("")
        drawn.append(Content.assemble(words, Content.styled(clean(value), "bold $text-primary")))
    return Content("   ").join(drawn)
