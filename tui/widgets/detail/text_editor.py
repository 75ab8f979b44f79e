"""The editor of long texts, apart from the others because its widget takes 10 ms to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static, TextArea

from tui.bindings import bindings
from tui.widgets.detail.editors import Editor
from tui.widgets.line_input import harmless

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.strip import Strip

    from tui.widgets.detail.entries import Key

LEAST_HEIGHT = 6


class LongText(TextArea):
    """The area of a text editor."""

    SCOPE = "text"
    BINDINGS = bindings(SCOPE, priority=True)  # the area takes enter and escape before other bindings

    def render_line(self, y: int) -> Strip:
        """Draw a line, its control characters as their pictures."""
        return harmless(super().render_line(y))

    def action_text_keep(self) -> None:
        """Save the text."""
        self._editor.post_message(Editor.Kept(self._editor, self.text))

    def action_text_close(self) -> None:
        """Leave the text; it stays as a draft."""
        self._editor.post_message(Editor.Left(self._editor, self.text))

    @property
    def _editor(self) -> Editor:
        editor = self.parent
        assert isinstance(editor, Editor)
        return editor


class CommentText(LongText):
    """An area where enter sends, as in a chat."""

    SCOPE = "comment"
    BINDINGS = bindings(SCOPE, priority=True)

    def action_comment_keep(self) -> None:
        """Send the comment."""
        self.action_text_keep()

    def action_comment_close(self) -> None:
        """Leave the comment; it stays as a draft."""
        self.action_text_close()

    def action_comment_line(self) -> None:
        """Begin another line."""
        self.insert("\n")


class TextEditor(Editor):
    """Edits a long text, or writes a comment where `chat` is true."""

    DEFAULT_CSS = """
    TextEditor { border: round $accent; }
    TextEditor LongText { height: 1fr; background: $surface; }
    TextEditor.-chat LongText { height: auto; max-height: 6; }
    """

    def __init__(self, ent: str, key: Key, value: str, *, draft: str = "", chat: bool = False) -> None:
        super().__init__(ent, key, value, draft=draft)
        self._chat = chat
        self.set_class(chat, "-chat")

    def compose(self) -> ComposeResult:
        """Lay out the area and the word about it."""
        area = CommentText if self._chat else LongText
        yield area(self._draft or self.value, soft_wrap=True, compact=True, highlight_cursor_line=False)
        yield Static(markup=False, id="said")

    def on_mount(self) -> None:
        """Be ready to type at the end of the text."""
        self.query_one("#said").display = False
        area = self.query_one(LongText)
        area.move_cursor(area.document.end)
        area.focus()

    def on_resize(self) -> None:
        """Grow upwards, like a chat's line."""
        if self._chat and self._bottom:
            self.styles.offset = (self.region.x, self._bottom - self.outer_size.height)

    @property
    def text(self) -> str:
        """What stands in the area now."""
        return self.query_one(LongText).text
