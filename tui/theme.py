"""The themes, and the styles that line-drawn widgets paint with; signs and colours themselves are in `tui.signs`."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

from tui.ascii_signs import in_ascii
from tui.i18n import N_
from tui.signs import CONTRAST as CONTRAST
from tui.signs import DARK as DARK
from tui.signs import LIGHT as LIGHT
from tui.signs import MEANINGS as MEANINGS
from tui.signs import PLAIN as PLAIN
from tui.signs import SAFE as SAFE
from tui.signs import SIXTEEN as SIXTEEN
from tui.signs import SWATCH_OF, TONES, Tones
from tui.signs import SWATCHES as SWATCHES
from tui.signs import Meaning as Meaning
from tui.signs import Swatch as Swatch
from tui.signs import colour_of as colour_of
from tui.signs import glyph as glyph


def _theme(name: str, *, dark: bool, secondary: str, panel: str) -> Theme:
    tones = TONES[name]
    return Theme(
        name=name,
        dark=dark,
        primary=tones.accent,
        secondary=secondary,
        accent=tones.accent,
        warning=tones.warning,
        error=tones.danger,
        success=tones.good,
        foreground=tones.text,
        background=tones.board,
        surface=tones.card,
        panel=panel,
        variables={
            "text-muted": tones.muted,
            "text-disabled": tones.muted,
            "foreground-muted": tones.muted,
            "border": tones.accent,
            "border-blurred": tones.faint,
            "block-cursor-background": tones.cursor,
            "block-cursor-foreground": tones.text,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": tones.blurred,
            "block-cursor-blurred-foreground": tones.text,
            "input-selection-background": tones.cursor,
            "input-selection-foreground": tones.text,
            "scrollbar": tones.faint,
            "scrollbar-hover": tones.muted,
            "scrollbar-active": tones.accent,
            "scrollbar-background": tones.board,
            "scrollbar-background-hover": tones.board,
            "scrollbar-background-active": tones.board,
            "scrollbar-corner-color": tones.board,
            "footer-background": panel,
            "footer-foreground": tones.text,
            "footer-key-foreground": tones.accent,
            "footer-description-foreground": tones.muted,
        },
    )


def _sixteen() -> Theme:
    tones = TONES[SIXTEEN]
    named = {name: f"ansi_{colour}" for name, colour in tones._asdict().items()}
    words = {
        "text": "text", "text-muted": "muted", "text-disabled": "muted", "foreground-muted": "muted",
        "text-primary": "accent", "text-accent": "accent", "text-secondary": "divergence", "text-error": "danger",
        "text-warning": "warning", "text-success": "good", "border": "accent", "border-blurred": "faint",
        "block-cursor-background": "board", "block-cursor-foreground": "text",
        "block-cursor-blurred-background": "blurred", "block-cursor-blurred-foreground": "text",
        "block-hover-background": "board", "input-selection-background": "cursor",
        "input-selection-foreground": "text", "input-cursor-background": "text", "input-cursor-foreground": "board",
        "scrollbar": "muted", "scrollbar-hover": "muted", "scrollbar-active": "accent",
        "scrollbar-background": "board", "scrollbar-background-hover": "board",
        "scrollbar-background-active": "board", "scrollbar-corner-color": "board",
        "ansi-background": "board", "ansi-foreground": "text",
    }  # fmt: skip
    return Theme(
        name=SIXTEEN,
        ansi=True,
        dark=True,
        primary=named["accent"],
        secondary=named["divergence"],
        accent=named["accent"],
        warning=named["warning"],
        error=named["danger"],
        success=named["good"],
        foreground=named["text"],
        background=named["board"],
        surface=named["card"],
        panel=named["board"],
        boost=named["board"],
        variables={
            **{variable: named[tone] for variable, tone in words.items()},
            # Red cannot be read on blue: where a line has words of several colours, the cursor has no ground.
            "block-cursor-text-style": "reverse",
            "block-cursor-blurred-text-style": "bold underline",
        },
    )


THEMES: tuple[Theme, ...] = (
    _theme(DARK, dark=True, secondary="#52cbbc", panel="#222a36"),
    _theme(LIGHT, dark=False, secondary="#0a655c", panel="#dfe5ec"),
    _theme(CONTRAST, dark=True, secondary="#6bf5e2", panel="#1c1c1c"),
    _theme(SAFE, dark=True, secondary="#e0a3c8", panel="#1c232d"),
    _sixteen(),
    Theme(
        name=PLAIN,
        ansi=True,
        primary="ansi_default",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "block-cursor-text-style": "reverse",
            # Where the library draws the cursor of an unfocused list, it forgets about reverse.
            "block-cursor-blurred-text-style": "bold underline",
            "block-cursor-background": "ansi_default",
            "block-cursor-foreground": "ansi_default",
            "block-cursor-blurred-background": "ansi_default",
            "block-cursor-blurred-foreground": "ansi_default",
            "border-blurred": "ansi_default",
        },
    ),
)


class Colourless(LineFilter):
    """Takes every colour out of a line and leaves bold, dim, underlined and reversed: what NO_COLOR asks for."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the same text without colours."""
        return [
            Segment(text, style.without_color if style else style, control)
            for text, style, control in segments
        ]


class AsciiSigns(LineFilter):
    """Exchanges the signs of a line for their twins in ASCII, of the same width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the same line in ASCII, what people wrote in other scripts apart."""
        return [
            segment
            if segment.text.isascii()
            else Segment(in_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]


LABELS: dict[str, str] = {
    DARK: N_("dark"),
    LIGHT: N_("light"),
    CONTRAST: N_("high contrast"),
    SAFE: N_("for colour-blind eyes"),
    SIXTEEN: N_("sixteen colours"),
    PLAIN: N_("no colour"),
}


class Look:
    """The Rich styles of one theme, made once each: what line-drawn widgets paint with instead of CSS.

    A tone is a field of `Tones`, or the name of a swatch after a colon (`:blue`); so is a ground.
    """

    def __init__(self, theme: Theme) -> None:
        self.plain = theme.ansi and theme.name != SIXTEEN
        self.sixteen = theme.name == SIXTEEN
        self.tones = TONES.get(theme.name) or _tones_of(theme)
        self._swatch = SWATCH_OF.get(theme.name, 1 if theme.dark else 2)
        self._styles: dict[tuple[str, str, bool], Style] = {}

    def style(self, tone: str, ground: str = "board", *, bold: bool = False) -> Style:
        """Return the style of text in a tone on a ground."""
        key = (tone, ground, bold)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._plain(*key) if self.plain else self._coloured(*key)
        return style

    def hue(self, tone: str) -> str:
        """Return the colour of a tone, a ground or a swatch: as #rrggbb, of sixteen colours by its name."""
        if tone.startswith(":"):
            return str(SWATCHES[tone[1:]][self._swatch])
        return str(getattr(self.tones, tone))

    def _coloured(self, tone: str, ground: str, bold: bool) -> Style:
        if self.sixteen:
            return self._named(tone, ground, bold)
        return Style(color=self.hue(tone), bgcolor=self.hue(ground), bold=bold or None)

    def _named(self, tone: str, ground: str, bold: bool) -> Style:
        """Return names of colours; on the blue of the cursor, what is not bright enough to be read is white."""
        hue = self.hue(tone)
        if ground == "cursor" and hue not in ("bright_yellow", "bright_green", "bright_cyan"):
            hue = "bright_white"
        return Style(
            color=hue,
            bgcolor=self.hue(ground),
            bold=bold or None,
            underline=(ground == "blurred" or (ground == "cursor" and tone == "danger")) or None,
        )

    def _plain(self, tone: str, ground: str, bold: bool) -> Style:
        """Return attributes only: what is quiet is dim, what is urgent bold, the cursor reversed."""
        cursor = ground == "cursor"
        return Style(
            bold=bold or tone in {"danger", "warning", "accent"} or None,
            dim=(tone in {"muted", "faint"} and not cursor) or None,
            reverse=cursor or None,
            underline=ground == "blurred" or None,
        )


_looks: dict[str, Look] = {}


def look_of(theme: Theme) -> Look:
    """Return the look of a theme, shared by all widgets."""
    look = _looks.get(theme.name)
    if look is None:
        look = _looks[theme.name] = Look(theme)
    return look


def _tones_of(theme: Theme) -> Tones:
    """Return tones for a theme that is not ours, from the colours it does declare."""
    generated = {} if theme.ansi else theme.to_color_system().generate()

    def pick(name: str, fallback: str) -> Color:
        return Color.parse(generated.get(name, fallback))

    board = pick("background", "#000000")
    text = pick("foreground", "#ffffff")
    card = pick("surface", board.hex)
    primary = pick("primary", text.hex)
    tones = {
        "board": board,
        "card": card,
        "cursor": card.blend(primary, 0.3),
        "blurred": card.blend(text, 0.12),
        "text": text,
        "muted": text.blend(board, 0.25),
        "faint": text.blend(board, 0.65),
        "accent": pick("text-accent", primary.hex),
        "danger": pick("text-error", text.hex),
        "warning": pick("text-warning", text.hex),
        "good": pick("text-success", text.hex),
        "divergence": pick("text-secondary", primary.hex),
    }
    return Tones(**{name: colour.hex6 for name, colour in tones.items()})
