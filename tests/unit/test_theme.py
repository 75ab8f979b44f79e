"""The colours can be read, the glyphs line up, and nothing is said by colour alone."""

from __future__ import annotations

import pytest
from textual.theme import BUILTIN_THEMES

from tui.celltext import cell_width, clean
from tui.theme import CONTRAST, LABELS, MEANINGS, PLAIN, SWATCHES, THEMES, Look, Tones, colour_of, look_of

GROUNDS = ("board", "card", "cursor", "blurred")
TEXTS = tuple(tone for tone in Tones._fields if tone not in (*GROUNDS, "faint")) + tuple(
    f":{s}" for s in SWATCHES
)
OURS = [theme for theme in THEMES if theme.name != PLAIN]


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.1)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
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
