"""Editors that open over a field of the pane: one line with a word about it beneath, or a whole text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.celltext import clean
from tui.widgets.line_input import FieldInput, LineInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.widget import Widget

    from tui.widgets.detail.entries import Key


class Editor(Vertical):
    """What both editors say: `Changed` at every key, `Kept` to save, `Left` when it is closed unsaved."""

    DEFAULT_CSS = """
    Editor { layer: over; position: absolute; height: auto; background: $surface; }
    Editor #said { height: auto; padding: 0 1; background: $panel; color: $text-muted; }
    """

    class Changed(Message):
        """The text reads otherwise; answer with `say` if there is something to say about it."""

        def __init__(self, editor: Editor, text: str) -> None:
            super().__init__()
            self.editor = editor
            self.text = text

    class Kept(Message):
        """The text is to be saved; the editor stays until it is."""

        def __init__(self, editor: Editor, text: str) -> None:
            super().__init__()
            self.editor = editor
            self.text = text

    class Left(Message):
        """The editor is to be closed without saving."""

        def __init__(self, editor: Editor, text: str) -> None:
            super().__init__()
            self.editor = editor
            self.text = text

    def __init__(
        self, ent: str, key: Key, value: str, *, draft: str = "", others: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.ent = ent
        self.key = key
        self.value = value
        self.others = others  # ids of the other cards that get the same value
        self.settles = False  # whether saving settles a divergence
        self.seen: tuple[str, ...] | None = None  # the versions somebody had before them when it was opened
        self.opened_from: Widget | None = None  # who gets the keys back
        self.rows = 1  # at least
        self.label = ""  # shown where it does not stand over its field
        self._draft = draft
        self._bottom = 0

    @property
    def text(self) -> str:
        """What stands in the editor now."""
        raise NotImplementedError

    @property
    def edited(self) -> bool:
        """Whether it reads otherwise than what is saved."""
        return self.text != self.value

    def place(self, region: Region) -> None:
        """Stand over a region of the screen."""
        self._bottom = region.bottom
        self.styles.offset = (region.x, region.y)
        self.styles.width = region.width

    def say(self, text: str, *, error: bool = False) -> None:
        """Say what the text is understood to mean, or why it cannot be saved."""
        said = self.query_one("#said", Static)
        said.update(Content.styled(clean(text), "$text-error" if error else "$text-muted"))
        said.display = bool(text)


class LineEditor(Editor):
    """Edits a field of one line."""

    def compose(self) -> ComposeResult:
        """Lay out the line and the word about it."""
        yield FieldInput(self._draft or self.value)
        yield Static(markup=False, id="said")

    def on_mount(self) -> None:
        """Be ready to type at once."""
        self.query_one("#said").display = False
        self.query_one(FieldInput).focus()
        self.post_message(self.Changed(self, self.text))

    @property
    def text(self) -> str:
        """What stands on the line now."""
        return self.query_one(FieldInput).value

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask what the line means now."""
        event.stop()
        self.post_message(self.Changed(self, event.value))

    def on_line_input_kept(self, event: LineInput.Kept) -> None:
        """Hand the line over."""
        event.stop()
        self.post_message(self.Kept(self, event.value))

    def on_line_input_closed(self, event: LineInput.Closed) -> None:
        """Hand the line over as a draft."""
        event.stop()
        self.post_message(self.Left(self, event.value))
