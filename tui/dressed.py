"""What an app of ours looks like: the theme, the signs and the motion that a person or their terminal asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App, ReturnType

from tui.signs import ASCII, UNICODE, draw_in, is_ascii
from tui.theme import CONTRAST, DARK, LIGHT, PLAIN, SAFE, SIXTEEN, THEMES, AsciiSigns, Colourless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.filter import LineFilter

    from tui.config import Config
    from tui.terminal_kind import TerminalKind

THEME_NAMES = {
    "dark": DARK, "light": LIGHT, "contrast": CONTRAST, "colour-blind": SAFE, "sixteen": SIXTEEN, "plain": PLAIN,
}  # fmt: skip
_COLOURLESS = (Colourless(),)
_ASCII_SIGNS = AsciiSigns()


class Dressed(App[ReturnType], inherit_bindings=False):
    """An app with our themes and signs, and the keys of its config; `dress` puts them on."""

    config: Config
    terminal: TerminalKind

    def dress(self) -> None:
        """Take on what is to be seen at the first frame."""
        for theme in THEMES:
            self.register_theme(theme)
        self.set_reactive(App.theme, self.theme_name())
        self.choose_glyphs()
        # Set by assignment, the theme would have the CSS read twice before the first frame: for Textual's and for ours.
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(self.config.keymap.changed())

    def theme_name(self) -> str:
        """Return the theme that the person chose, else what the terminal can show."""
        if self.no_color:
            return PLAIN  # any other says with its grounds where the cursor is, and NO_COLOR takes them away
        usual = SIXTEEN if self.terminal.few_colours else DARK
        return THEME_NAMES.get(self.config.get("theme"), usual)

    def choose_glyphs(self) -> None:
        """Draw signs as the person chose, else as the terminal can; and let nothing move where that was chosen."""
        draw_in(self.config.get("glyphs") or (ASCII if self.terminal.only_ascii else UNICODE))
        if self.config.get("motion") == "reduced":
            self.animation_level = "none"  # what TEXTUAL_ANIMATIONS says holds otherwise

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every drawn line goes through: without colours, it loses them and nothing else."""
        filters = _COLOURLESS if self.theme == PLAIN else super().get_line_filters()
        return (*filters, _ASCII_SIGNS) if is_ascii() else filters
