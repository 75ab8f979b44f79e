"""What the review says of each divergence: where all versions came from, and each with its author and its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.celltext import clean, truncate
from tui.difference import MARKS, difference
from tui.i18n import _, ngettext
from tui.theme import glyph
from tui.widgets.days import moment_words
from tui.widgets.detail.entries import Entry, Key, head_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from store.review import Disagreement, Version
    from tui.screens.directory import Directory

MOST = 200  # divergences drawn at once; settling some brings up the next
MOST_LINES = 12  # of one version
MUTED = "$text-muted"
_STYLES = {"ours": "strike $text-error", "theirs": "underline $text-success", "both": ""}


def review_entries(
    found: Sequence[Disagreement],
    marked: Mapping[tuple[str, str], int],
    directory: Directory,
    devices: Mapping[str, str],
    width: int,
    today: date,
    now: int,
) -> list[Entry]:
    """Return an entry for each divergence; `marked` says which version enter would keep, the shown one by default."""
    entries = []
    for one in found[:MOST]:
        chosen = marked.get((one.ent, one.field), 0)
        lines = [_heading(one, width)]
        if one.base is not None and not one.is_text:
            lines += _value_lines(
                f"  {_('before')}: ", head_words(directory, one.declared, one.base, today), width
            )
        for index, version in enumerate(one.versions):
            lines += _version(one, version, index, index == chosen, directory, devices, width, today, now)
        lines.append(Content(""))
        entries.append(Entry(Key("divergence", one.ent, one.field), tuple(lines)))
    if len(found) > MOST:
        rest = len(found) - MOST
        text = ngettext("and {count} more", "and {count} more", rest).format(count=rest)
        entries.append(Entry(Key("plain"), (Content.styled(text, MUTED),), stop=False))
    return entries


def _heading(one: Disagreement, width: int) -> Content:
    field = one.declared
    name, _slash, key = one.field.partition("/")
    label = " ".join(part for part in (_(field.label) if field else name, key) if part)
    title = " ".join(part for part in (one.short, one.title) if part) or one.ent
    text = f"{glyph('divergence')} {clean(title)}"
    room = max(width - len(label) - 6, 10)
    return Content.assemble((truncate(text, room), "bold $text-warning"), ("  " + clean(label), "bold"))


def _version(
    one: Disagreement,
    version: Version,
    index: int,
    chosen: bool,
    directory: Directory,
    devices: Mapping[str, str],
    width: int,
    today: date,
    now: int,
) -> list[Content]:
    who = [directory.member(version.by), moment_words(version.at, now)]
    if device := devices.get(version.device):
        who.append(_("on {device}").format(device=device))
    if not index:
        who.append(_("shown now"))
    mark = "●" if chosen else "○"
    style = "bold $text-accent" if chosen else MUTED
    said = clean(" · ".join(who))
    if not one.is_text:
        value = clean(head_words(directory, one.declared, version.value, today))
        said = f"{truncate(value, max(width // 2, 10))} — {said}"
    lines = [Content.assemble((f"  {mark} ", style), (truncate(said, width - 4), style))]
    if not one.is_text:
        return lines
    pieces = difference(one, index)
    if pieces is None:
        return lines + _value_lines("    ", str(version.value or ""), width)
    parts = []
    for side, text, _clash in pieces:
        shown = "\n".join(clean(line) for line in text.split("\n"))
        parts.append((shown.join(MARKS[side]), _STYLES[side]))
    return lines + _fit(Content.assemble(*parts), width)


def _value_lines(before: str, text: str, width: int) -> list[Content]:
    shown = "\n".join(clean(line) for line in text.split("\n"))
    return _fit(Content(shown), width, before)


def _fit(content: Content, width: int, before: str = "    ") -> list[Content]:
    indent = Content(" " * Content(before).cell_length)
    rows = [
        row.rstrip()
        for line in content.split("\n", allow_blank=True)
        for row in line.wrap(width - indent.cell_length)
    ]
    if len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], Content.styled("…", MUTED)]
    first = Content.styled(before, MUTED)
    return [
        Content.assemble(indent if number else first, row) for number, row in enumerate(rows or [Content("")])
    ]
