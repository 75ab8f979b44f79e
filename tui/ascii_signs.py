"""The ASCII twin of every sign the product draws, for terminals and fonts that have no other characters.

Each twin takes the same room, so that what is laid out for one is laid out for the other. What people wrote is not
ours: of it, only signs that the product draws as well are exchanged.
"""

from __future__ import annotations

_PAIRS = (
    # Marks of cards; the table of meanings is in `tui.signs`.
    '▲^ △? ▴^ ◉@ ◷: ⊘# ⇄X ↻& ≠% ⌫< ◌. ❝" ☐_ ☑v ✓v ✔v ◇o ◆* →> ✗x ✖x ●@ ○o ▾v ▸> ★* ✎/ '
    # Sync, tabs, keys and sentences.
    "⇅+ ‖= …~ ‹< ›> ←< ↑^ ↓v ⏎\\ ·| ×x ÷/ ΣS –- —- −- ∅0 •* ↳+ ◎@ ≤< ≥> ’' ‘' ‚, ‛' “\" ”\" �? ␛? "
    # Bars, boxes, blocks and arrows.
    "─- ━= │| ┃| ┆: ┊: ╌- ┄- ┈- └+ ├+ ┤+ ┬+ ┴+ ┼+ ┌+ ┐+ ┘+ ╭+ ╮+ ╯+ ╰+ ╴- ╵| ╶- ╷| ╸= ╺= ═= ║| ╔+ ╗+ ╚+ ╝+ "
    '▀" ▄_ █# ▌| ▐| ▊| ▎| ▏| ▕| ▔- ░. ▒% ▓% ▘\' ▝\' ▖. ▗. ▛" ▜" ▙# ▟# ▁_ ▂_ ▃- ▅= ▆= ▇# '
    "▶> ◀< ⊤T ⎯- ⎺- ⎽_ ▼v "
)
TWINS: dict[int, str] = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
# Braille and what else a library draws a scrollbar or a spinner with.
TWINS.update(dict.fromkeys(range(0x2801, 0x2900), ":"))
# Control characters that an editor shows as pictures.
TWINS.update(dict.fromkeys(range(0x2400, 0x2422), "?"))


def in_ascii(text: str) -> str:
    """Return a text with the product's signs in ASCII; it takes the same room."""
    return text if text.isascii() else text.translate(TWINS)
