"""What things look like: the themes, the colours of departments, and the glyph and tone of every meaning.

Colour means something and never says it alone: each meaning has a glyph as well, so that the plain theme, a
sixteen-colour terminal and an eye that tells no red from green lose nothing.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

from tui.i18n import N_


class Tones(NamedTuple):
    """The colours of one theme, by what they are for; each text tone is readable on each ground."""

    # Grounds, from the back to the front.
    board: str
    card: str
    cursor: str  # the card the keys act on
    blurred: str  # the same card while the keys go elsewhere
    # Texts.
    text: str
    muted: str
    faint: str  # rules and gutters; decoration, never words
    accent: str
    danger: str
    warning: str
    good: str
    divergence: str


class Swatch(NamedTuple):
    """One department colour: its label, and its value on dark, light and black ground."""

    label: str
    dark: str
    light: str
    contrast: str


class Meaning(NamedTuple):
    """A sign on the board: a glyph one cell wide everywhere, its tone, and its label for the legend."""

    glyph: str
    tone: str
    label: str


DARK = "sameboat-dark"
LIGHT = "sameboat-light"
CONTRAST = "sameboat-contrast"
PLAIN = "sameboat-plain"  # no colour at all: what NO_COLOR asks for

_TONES = {
    DARK: Tones(
        board="#10141b", card="#1a2029", cursor="#2b3d57", blurred="#262d39",
        text="#dde2ea", muted="#a1acbc", faint="#465162", accent="#6cb8f5",
        danger="#ff867d", warning="#e8b84c", good="#7bd08c", divergence="#cda8ff",
    ),
    LIGHT: Tones(
        board="#eef1f5", card="#ffffff", cursor="#cfe3fa", blurred="#e2e8f0",
        text="#18202b", muted="#4a5566", faint="#a9b3c1", accent="#0a56a0",
        danger="#a81a12", warning="#7a4b00", good="#17652f", divergence="#6a2fb8",
    ),
    CONTRAST: Tones(
        board="#000000", card="#000000", cursor="#002c75", blurred="#333333",
        text="#ffffff", muted="#dcdcdc", faint="#909090", accent="#7ddcff",
        danger="#ffb0a8", warning="#ffe066", good="#93ffab", divergence="#e6c4ff",
    ),
}  # fmt: skip

# Order is part of the data: a department without a colour of its own gets one by its id.
SWATCHES: dict[str, Swatch] = {
    "blue": Swatch(N_("blue"), "#74b4ff", "#1459a8", "#8fcaff"),
    "orange": Swatch(N_("orange"), "#f79a60", "#94400a", "#ffb98a"),
    "green": Swatch(N_("green"), "#82d17d", "#1d6526", "#9bff95"),
    "violet": Swatch(N_("violet"), "#bd9dfb", "#5f37b5", "#d6bcff"),
    "amber": Swatch(N_("amber"), "#ecbb55", "#7a4d00", "#ffd95e"),
    "teal": Swatch(N_("teal"), "#52cbbc", "#0a655c", "#6bf5e2"),
    "rose": Swatch(N_("rose"), "#f78aa7", "#9d1f4c", "#ffafc5"),
    "lime": Swatch(N_("lime"), "#bcd65e", "#4b5e00", "#dcff6b"),
    "sky": Swatch(N_("sky blue"), "#63cdea", "#0a5f78", "#84e8ff"),
    "slate": Swatch(N_("slate"), "#a6b3c7", "#465469", "#ccd8e8"),
}

MEANINGS: dict[str, Meaning] = {
    "department": Meaning("▌", "text", N_("department, by colour")),
    "cursor": Meaning("█", "text", N_("where you are")),
    "selected": Meaning("◉", "accent", N_("selected")),
    "urgent": Meaning("▲", "danger", N_("priority P0 or P1")),
    "late": Meaning("!", "danger", N_("late")),
    "soon": Meaning("◷", "warning", N_("due within two days")),
    "blocked": Meaning("⊘", "danger", N_("blocked")),
    "conflict": Meaning("⇄", "warning", N_("conflict between departments")),
    "severity": Meaning("▲", "danger", N_("severity of a conflict, 1 to 4")),
    "follow-up": Meaning("↻", "muted", N_("follow-up of a conflict")),
    "divergence": Meaning("≠", "divergence", N_("divergence: two devices changed the same field")),
    "banner": Meaning("⌫", "warning", N_("deleted by one, edited by another")),
    "private": Meaning("◌", "muted", N_("private draft")),
    "comments": Meaning("❝", "muted", N_("comments")),
    "checklist": Meaning("☐", "muted", N_("checklist")),
    "done": Meaning("✓", "good", N_("done")),
    "requirement": Meaning("◇", "muted", N_("requirement")),
    "milestone": Meaning("◆", "accent", N_("milestone")),
    "action": Meaning("→", "muted", N_("action")),
    "bug": Meaning("✗", "danger", N_("bug")),
    "risk": Meaning("△", "warning", N_("risk")),
    "over": Meaning("▲", "danger", N_("over the WIP limit")),
    "lane": Meaning("▾", "muted", N_("swimlane")),
    "folded": Meaning("▸", "muted", N_("folded swimlane")),
}


def glyph(meaning: str) -> str:
    """Return the one-cell sign of a meaning."""
    return MEANINGS[meaning].glyph


def colour_of(entity_id: str, colour: str = "") -> str:
    """Return the name of a department's swatch: its own if it has one, else one that its id always gets."""
    if colour in SWATCHES:
        return colour
    names = list(SWATCHES)
    return names[crc32(entity_id.encode("utf-8", "replace")) % len(names)]


def _theme(name: str, *, dark: bool, secondary: str, panel: str) -> Theme:
    tones = _TONES[name]
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


THEMES: tuple[Theme, ...] = (
    _theme(DARK, dark=True, secondary="#52cbbc", panel="#222a36"),
    _theme(LIGHT, dark=False, secondary="#0a655c", panel="#dfe5ec"),
    _theme(CONTRAST, dark=True, secondary="#6bf5e2", panel="#1c1c1c"),
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


LABELS: dict[str, str] = {
    DARK: N_("dark"),
    LIGHT: N_("light"),
    CONTRAST: N_("high contrast"),
    PLAIN: N_("no colour"),
}


class Look:
    """The Rich styles of one theme, made once each: what line-drawn widgets paint with instead of CSS.

    A tone is a field of `Tones`, or the name of a swatch after a colon (`:blue`); so is a ground.
    """

    def __init__(self, theme: Theme) -> None:
        self.plain = theme.ansi
        self.tones = _TONES.get(theme.name) or _tones_of(theme)
        self._swatch = 3 if theme.name == CONTRAST else 1 if theme.dark else 2
        self._styles: dict[tuple[str, str, bool], Style] = {}

    def style(self, tone: str, ground: str = "board", *, bold: bool = False) -> Style:
        """Return the style of text in a tone on a ground."""
        key = (tone, ground, bold)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._plain(*key) if self.plain else self._coloured(*key)
        return style

    def hue(self, tone: str) -> str:
        """Return the colour of a tone, a ground or a swatch, as #rrggbb."""
        if tone.startswith(":"):
            return str(SWATCHES[tone[1:]][self._swatch])
        return str(getattr(self.tones, tone))

    def _coloured(self, tone: str, ground: str, bold: bool) -> Style:
        return Style(color=self.hue(tone), bgcolor=self.hue(ground), bold=bold or None)

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
