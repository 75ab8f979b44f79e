"""The colours can be read, the glyphs line up, and nothing is said by colour alone."""

from __future__ import annotations

import pytest
from textual.theme import BUILTIN_THEMES

from tui.celltext import cell_width, clean
from tui.theme import (
    CONTRAST,
    LABELS,
    MEANINGS,
    PLAIN,
    SAFE,
    SIXTEEN,
    SWATCHES,
    THEMES,
    Look,
    Tones,
    colour_of,
    look_of,
)

GROUNDS = ("board", "card", "cursor", "blurred")
TEXTS = tuple(tone for tone in Tones._fields if tone not in (*GROUNDS, "faint")) + tuple(
    f":{s}" for s in SWATCHES
)
OURS = [theme for theme in THEMES if theme.name not in (PLAIN, SIXTEEN)]
# What terminals make of the sixteen: the Linux console (drivers/tty/vt/vt.c) and xterm (XTerm-col.ad).
CONSOLES = {
    "linux": {
        "black": "#000000", "blue": "#0000aa", "white": "#aaaaaa", "green": "#00aa00", "cyan": "#00aaaa",
        "bright_black": "#555555", "bright_red": "#ff5555", "bright_green": "#55ff55", "bright_yellow": "#ffff55",
        "bright_magenta": "#ff55ff", "bright_cyan": "#55ffff", "bright_white": "#ffffff",
    },
    "xterm": {
        "black": "#000000", "blue": "#0000ee", "white": "#e5e5e5", "green": "#00cd00", "cyan": "#00cdcd",
        "bright_black": "#7f7f7f", "bright_red": "#ff0000", "bright_green": "#00ff00", "bright_yellow": "#ffff00",
        "bright_magenta": "#ff00ff", "bright_cyan": "#00ffff", "bright_white": "#ffffff",
    },
}  # fmt: skip
# How colours look to eyes without one kind of cone: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
# physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1.0.
DEFICIENCIES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def linear(colour: str) -> list[float]:
    """Return the linear red, green and blue of #rrggbb (IEC 61966-2-1)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def lab(channels: list[float]) -> list[float]:
    """Return linear red, green and blue as CIE L*a*b* under D65."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [
        sum(f * c for f, c in zip(row, channels, strict=True)) / w for row, w in zip(rows, white, strict=True)
    ]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def seen_by(deficiency: str, colour: str) -> list[float]:
    """Return a colour as such eyes see it, as L*a*b*."""
    channels = linear(colour)
    rows = DEFICIENCIES[deficiency]
    return lab([min(max(sum(f * c for f, c in zip(row, channels, strict=True)), 0.0), 1.0) for row in rows])


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.1)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_every_text_can_be_read_on_every_ground(theme: object) -> None:
    look = Look(theme)  # type: ignore[arg-type]
    least = 7.0 if theme.name == CONTRAST else 4.5  # type: ignore[attr-defined]
    poor = {
        (tone, ground)
        for tone in TEXTS
        for ground in GROUNDS
        if contrast(look.hue(tone), look.hue(ground)) < least
    }
    assert not poor


@pytest.mark.parametrize("console", CONSOLES)
def test_sixteen_colours_are_enough_to_read_every_text(console: str) -> None:
    colours = CONSOLES[console]
    look = next(look_of(theme) for theme in THEMES if theme.name == SIXTEEN)
    poor = set()
    for tone in TEXTS:
        for ground in GROUNDS:
            style = look.style(tone, ground)
            assert style.color is not None
            assert style.bgcolor is not None
            if contrast(colours[style.color.name], colours[style.bgcolor.name]) < 4.5:
                poor.add((tone, ground, style.color.name))
    assert not poor


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_safe_palette_keeps_its_meanings_apart_for_every_kind_of_eye(deficiency: str) -> None:
    look = next(look_of(theme) for theme in THEMES if theme.name == SAFE)
    meanings = ("danger", "warning", "good", "accent", "divergence")
    seen = {tone: seen_by(deficiency, look.hue(tone)) for tone in meanings}
    near = {
        (one, other)
        for one in meanings
        for other in meanings
        if one < other and sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5 < 10
    }
    assert not near


def test_every_glyph_is_one_cell_of_text_that_every_terminal_draws_alike() -> None:
    for meaning in MEANINGS.values():
        assert cell_width(meaning.glyph) == 1
        assert clean(meaning.glyph) == meaning.glyph


def test_what_is_beside_each_other_on_a_card_has_glyphs_of_its_own() -> None:
    signs = (
        "blocked",
        "late",
        "divergence",
        "banner",
        "private",
        "comments",
        "checklist",
        "done",
        "selected",
    )
    kinds = ("requirement", "milestone", "action", "bug", "risk")
    for group in (signs, kinds):
        assert len({MEANINGS[name].glyph for name in group}) == len(group)


def test_every_theme_and_meaning_has_a_label() -> None:
    assert set(LABELS) == {theme.name for theme in THEMES}
    assert all(meaning.label for meaning in MEANINGS.values())
    assert all(swatch.label for swatch in SWATCHES.values())


def test_a_department_keeps_its_colour() -> None:
    assert colour_of("anything", "teal") == "teal"
    assert colour_of("0123456789abcdef") == colour_of("0123456789abcdef", "no such colour")
    assert len({colour_of(f"department-{n}") for n in range(200)}) == len(SWATCHES)


def test_without_colour_the_cursor_is_reversed_and_the_urgent_bold() -> None:
    look = next(look_of(theme) for theme in THEMES if theme.name == PLAIN)
    for tone in (*TEXTS, "faint"):
        for ground in GROUNDS:
            style = look.style(tone, ground)
            assert style.color is None
            assert style.bgcolor is None
    assert look.style("text", "cursor").reverse
    assert look.style("danger", "card").bold


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_a_theme_of_another_make_gets_tones_too(name: str) -> None:
    style = Look(BUILTIN_THEMES[name]).style("muted", "cursor")
    assert style.reverse or style.color
