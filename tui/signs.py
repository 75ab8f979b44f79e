"""What things look like, as plain data: tones of every theme, colours of departments, the sign of every meaning.

Colour means something and never says it alone: each meaning has a glyph as well, so that the plain theme, a
sixteen-colour terminal and an eye that tells no red from green lose nothing. Nothing here loads a terminal library, so
that what is printed at a shell has the same signs and colours as the app.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

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
    """One department colour: its label, its value on dark, light and black ground, in the safe palette, of sixteen."""

    label: str
    dark: str
    light: str
    contrast: str
    safe: str
    sixteen: str


class Meaning(NamedTuple):
    """A sign on the board: a glyph one cell wide everywhere, its tone, and its label for the legend."""

    glyph: str
    tone: str
    label: str


DARK = "sameboat-dark"
LIGHT = "sameboat-light"
CONTRAST = "sameboat-contrast"
SAFE = "sameboat-colour-blind"
SIXTEEN = "sameboat-sixteen"  # the colours every terminal has, by their names
PLAIN = "sameboat-plain"  # no colour at all: what NO_COLOR asks for

TONES = {
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
    # After M. Okabe and K. Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/: their eight colours,
    # of which vermilion, bluish green, blue and reddish purple are lighter here, to be read on a dark ground.
    SAFE: Tones(
        board="#0c0f14", card="#161b22", cursor="#23364f", blurred="#222933",
        text="#eef1f5", muted="#b3bdca", faint="#4b5666", accent="#56b4e9",
        danger="#ff9a66", warning="#f0e442", good="#3fcfa3", divergence="#e0a3c8",
    ),
    # On the black that the terminal has, for only then is it known what can be read on it.
    SIXTEEN: Tones(
        board="black", card="black", cursor="blue", blurred="black",
        text="bright_white", muted="white", faint="bright_black", accent="bright_cyan",
        danger="bright_red", warning="bright_yellow", good="bright_green", divergence="bright_magenta",
    ),
}  # fmt: skip

# Order is part of the data: a department without a colour of its own gets one by its id.
SWATCHES: dict[str, Swatch] = {
    "blue": Swatch(N_("blue"), "#74b4ff", "#1459a8", "#8fcaff", "#8ab8ff", "bright_cyan"),
    "orange": Swatch(N_("orange"), "#f79a60", "#94400a", "#ffb98a", "#e69f00", "bright_red"),
    "green": Swatch(N_("green"), "#82d17d", "#1d6526", "#9bff95", "#3fcfa3", "bright_green"),
    "violet": Swatch(N_("violet"), "#bd9dfb", "#5f37b5", "#d6bcff", "#e0a3c8", "bright_magenta"),
    "amber": Swatch(N_("amber"), "#ecbb55", "#7a4d00", "#ffd95e", "#f0e442", "bright_yellow"),
    "teal": Swatch(N_("teal"), "#52cbbc", "#0a655c", "#6bf5e2", "#56b4e9", "cyan"),
    "rose": Swatch(N_("rose"), "#f78aa7", "#9d1f4c", "#ffafc5", "#ff9a66", "bright_red"),
    "lime": Swatch(N_("lime"), "#bcd65e", "#4b5e00", "#dcff6b", "#fff6a8", "green"),
    "sky": Swatch(N_("sky blue"), "#63cdea", "#0a5f78", "#84e8ff", "#a5daf8", "bright_white"),
    "slate": Swatch(N_("slate"), "#a6b3c7", "#465469", "#ccd8e8", "#c3cbd6", "white"),
}

# Which field of a swatch a theme has its colour in.
SWATCH_OF = {DARK: 1, LIGHT: 2, CONTRAST: 3, SAFE: 4, SIXTEEN: 5}

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
    "meeting": Meaning("●", "good", N_("a meeting that runs")),
    "lane": Meaning("▾", "muted", N_("swimlane")),
    "folded": Meaning("▸", "muted", N_("folded swimlane")),
}


def glyph(meaning: str) -> str:
    """Return the one-cell sign of a meaning."""
    return MEANINGS[meaning].glyph


UNICODE, ASCII = "unicode", "ascii"
_drawn_in = UNICODE


def draw_in(glyphs: str) -> None:
    """Say for the whole process what signs are drawn in; `tui.ascii_signs` has the twins."""
    global _drawn_in
    _drawn_in = glyphs


def is_ascii() -> bool:
    """Tell whether signs are drawn in ASCII, so that a sign is left out for which there is no twin of its width."""
    return _drawn_in == ASCII


def colour_of(entity_id: str, colour: str = "") -> str:
    """Return the name of a department's swatch: its own if it has one, else one that its id always gets."""
    if colour in SWATCHES:
        return colour
    names = list(SWATCHES)
    return names[crc32(entity_id.encode("utf-8", "replace")) % len(names)]


def hue_of(theme: str, tone: str) -> str:
    """Return the colour that a theme has for a tone, a ground or a swatch after a colon, as #rrggbb."""
    if tone.startswith(":"):
        return str(SWATCHES[tone[1:]][SWATCH_OF[theme]])
    return str(getattr(TONES[theme], tone))
