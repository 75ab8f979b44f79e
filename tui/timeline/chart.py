"""A chart as lines: names that stay, dates that scroll, bars, ghosts, floats and arrows, all as runs of text.

Pure: rows and a scale in, lines out. The screen paints them, `sameboat timeline` prints them or makes a picture.

Every meaning has a sign of its own besides its colour:

    ███▒▒▒   done and remaining work       ━━━  remaining work on the critical path
    ░░░      where it lay in the baseline   ╌╌╌  how far it may slip
    ◆        a milestone                    ▛▀▜  an item that others are part of
    ╮╰▶      a dependency                   ┆    today
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.celltext import cell_width, clean, truncate
from tui.i18n import _, ngettext
from tui.timeline.arrows import lay, strokes
from tui.timeline.canvas import Canvas, Run
from tui.timeline.rows import GROUP, TRAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.analysis.variance import Drift
    from tui.timeline.arrows import Strokes
    from tui.timeline.rows import Arrow, Bar, Row
    from tui.timeline.scale import Scale

HEAD = 2  # lines of dates over the rows
_NARROWEST, _WIDEST = 24, 54  # cells of the names

# What stands in one half of a cell.
_NONE, _GHOST, _FLOAT, _PARENT, _LEFT_OVER, _DONE, _LATE = range(7)
_FULL = {_GHOST: "░", _FLOAT: "╌", _PARENT: "▀", _LEFT_OVER: "▒", _DONE: "█", _LATE: "▒"}
_LEFT_HALF = {_GHOST: "░", _FLOAT: "╌", _PARENT: "▘", _LEFT_OVER: "▌", _DONE: "▌", _LATE: "▌"}
_RIGHT_HALF = {_GHOST: "░", _FLOAT: "╌", _PARENT: "▝", _LEFT_OVER: "▐", _DONE: "▐", _LATE: "▐"}
_CRITICAL = {"▒": "━", "▌": "╸", "▐": "╺"}


class Look(NamedTuple):
    """How the chart is shown beyond its rows."""

    today: int
    day: int = 0  # the day the cursor is on, 0 for none
    cursor: str = ""  # the key of the row the cursor is on
    active: bool = True  # whether the keys go to the chart
    linking: str = ""  # the key of the item that is to be linked with the cursor's
    floats: bool = False  # show every item's float, not the cursor's alone
    arrows: str = "all"  # all, here (of the cursor's item alone) or none


def names_width(width: int) -> int:
    """Return how many cells of a chart's width are for the names."""
    return min(max(width * 3 // 10, _NARROWEST), _WIDEST, max(width - 20, 10))


def chart_width(width: int) -> int:
    """Return how many cells are left for the dates."""
    return max(width - names_width(width) - 1, 1)


class Frame(NamedTuple):
    """What all rows of one drawing have in common: lines drawn in the same frame of the same row look the same."""

    scale: Scale
    names: int  # cells of the names
    ids: int  # cells of the longest short id, so that titles begin in one column
    today: int
    free: tuple[tuple[int, int], ...]  # spans of cells in which nobody works


class Manner(NamedTuple):
    """How one row is drawn besides what it shows."""

    ground: str = "board"
    here: bool = False  # the cursor is on it
    floats: bool = False
    day: int = 0  # the day the cursor is on, where it is on this row


def frame_of(
    rows: Sequence[Row], scale: Scale, look: Look, width: int, is_free: Callable[[int], bool]
) -> Frame:
    """Return the frame of a drawing."""
    ids = max((len(row.short) for row in rows), default=0)
    return Frame(scale, width - scale.width - 1, ids, look.today, tuple(_free_cells(scale, is_free)))


def manner_of(row: Row, look: Look) -> Manner:
    """Return how a row is drawn under a look."""
    here = row.key == look.cursor
    ground = "cursor" if look.active else "blurred"
    if not here:
        ground = "blurred" if row.key == look.linking else "board"
    return Manner(ground, here, here or look.floats, look.day if here else 0)


def row_strokes(rows: Sequence[Row], arrows: Sequence[Arrow], scale: Scale, look: Look) -> list[Strokes]:
    """Return each row's pieces of the arrows that a look shows."""
    if look.arrows == "none":
        return [()] * len(rows)
    return strokes(rows, arrows, scale, look.cursor, only_here=look.arrows == "here")


def draw_row(row: Row, pieces: Strokes, manner: Manner, frame: Frame) -> list[Run]:
    """Return one row's line."""
    canvas = _canvas(row, frame, manner)
    lay(canvas, pieces)
    for cell in _day_cells(frame.scale, frame.today):
        if canvas.blank(cell):
            canvas.put(cell, "┆", "accent")
    return [*_name(row, frame, manner), Run("│", "faint", manner.ground), *canvas.runs()]


def draw(
    rows: Sequence[Row],
    arrows: Sequence[Arrow],
    scale: Scale,
    look: Look,
    width: int,
    *,
    is_free: Callable[[int], bool],
) -> list[list[Run]]:
    """Return the heading and one line a row, each as wide as `width`; `is_free` tells days nobody works on."""
    frame = frame_of(rows, scale, look, width, is_free)
    pieces = row_strokes(rows, arrows, scale, look)
    return [
        *heading(scale, look, frame.names),
        *(draw_row(row, own, manner_of(row, look), frame) for row, own in zip(rows, pieces, strict=True)),
    ]


def heading(scale: Scale, look: Look, names: int) -> list[list[Run]]:
    """Return the two lines of dates, today and the cursor's day marked in the lower one."""
    lines: list[list[Run]] = []
    for ticks in (scale.upper(), scale.lower()):
        canvas = Canvas(scale.width, "board")
        if ticks is not None and lines:
            for cell in _day_cells(scale, look.today):
                canvas.shade(cell, cell + 2 if scale.zoom == "week" else cell + 1, "blurred")
            if look.day:
                start = scale.cell(look.day)
                canvas.shade(start, start + (3 if scale.zoom == "week" else 1), "cursor")
                shown = any(tick.cell <= start < tick.cell + cell_width(tick.text) for tick in ticks)
                if not shown:
                    canvas.put(start, "▾", "accent", bold=True)
        for tick in ticks:
            tone = "text" if tick.strong else "muted"
            canvas.write(tick.cell, tick.text, tone, bold=tick.strong)
        if not lines:
            for cell in _day_cells(scale, look.today):
                canvas.put(cell, "┆", "accent")
        lines.append([Run(" " * names), Run("│", "faint"), *canvas.runs()])
    return lines


def _day_cells(scale: Scale, day: int) -> range:
    cell = scale.cell(day)
    return range(cell, cell + 1) if 0 <= cell < scale.width else range(0)


def _free_cells(scale: Scale, is_free: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Return the spans of cells in which no day is worked on; a year shows none, for a cell there is a week."""
    if scale.days_a_cell > 2:
        return []
    spans: list[tuple[int, int]] = []
    step = scale.days_a_cell
    wide = 3 if scale.zoom == "week" else 1
    for place in range(0, scale.width, wide):
        first = scale.day_at(place)
        if all(is_free(day) for day in range(first, first + step)):
            if spans and spans[-1][1] == place:
                spans[-1] = (spans[-1][0], place + wide)
            else:
                spans.append((place, place + wide))
    return spans


def _canvas(row: Row, frame: Frame, manner: Manner) -> Canvas:
    scale = frame.scale
    canvas = Canvas(scale.width, manner.ground)
    if not manner.here:
        for start, end in frame.free:
            canvas.shade(start, end, "card")
    if manner.day:
        cell = scale.cell(manner.day)
        canvas.shade(cell, cell + (3 if scale.zoom == "week" else 1), "blurred")
    if row.bar is not None:
        if row.bar.milestone:
            _milestone(canvas, row, row.bar, scale)
        else:
            _bar(canvas, row, row.bar, scale, floats=manner.floats)
    if row.ghost is not None and (row.bar is None or row.bar.milestone):
        cell = scale.cell(row.ghost[1])
        canvas.put(cell, "◇", "faint")
    if row.slipped and row.bar is not None:
        drawn_last = max(row.bar.last, row.ghost[1] if row.ghost else 0)
        if manner.floats and not row.bar.milestone:
            drawn_last = max(drawn_last, row.bar.float_until)
        after = scale.span(row.bar.first, drawn_last)[1]
        canvas.write((after + 1) // 2 + 1, days_words(row.slipped), "danger" if row.slipped > 0 else "good")
    return canvas


def days_words(days: int) -> str:
    """Return a difference in working days as the chart says it."""
    return _("{days} d").format(days=f"{days:+d}")


def _milestone(canvas: Canvas, row: Row, bar: Bar, scale: Scale) -> None:
    start = scale.half(bar.first)
    cell = (start + (2 if scale.zoom == "week" else 0)) // 2
    tone = "danger" if bar.late_from else "good" if bar.finished else row.tone
    canvas.put(cell, "◆", tone, bold=bar.critical)


def _bar(canvas: Canvas, row: Row, bar: Bar, scale: Scale, *, floats: bool) -> None:
    halves: dict[int, int] = {}
    most = scale.width * 2

    def lay(first: int, last: int, what: int) -> None:
        start, end = scale.span(first, last)
        for half in range(max(start, 0), min(end, most)):
            halves[half] = what

    if floats and bar.float_until > bar.last:
        lay(bar.last + 1, bar.float_until, _FLOAT)
    if row.ghost is not None:
        lay(*row.ghost, _GHOST)
    if bar.is_parent:
        lay(bar.first, bar.last, _PARENT)
    else:
        lay(bar.first, bar.last, _DONE if bar.finished else _LEFT_OVER)
        if bar.late_from and bar.late_from <= bar.last and not bar.finished:
            lay(max(bar.late_from, bar.first), bar.last, _LATE)
        if bar.done_until >= bar.first:
            lay(bar.first, min(bar.done_until, bar.last), _DONE)
    tones = {
        _GHOST: "muted", _FLOAT: "muted", _PARENT: row.tone if not bar.finished else "muted", _LATE: "danger",
        _LEFT_OVER: row.tone, _DONE: "muted" if bar.finished else row.tone,
    }  # fmt: skip
    for cell in sorted({half // 2 for half in halves}):
        left, right = halves.get(cell * 2, _NONE), halves.get(cell * 2 + 1, _NONE)
        _cell(canvas, cell, left, right, tones, critical=bar.critical and not bar.finished)


def _cell(canvas: Canvas, cell: int, left: int, right: int, tones: dict[int, str], *, critical: bool) -> None:
    """Draw one cell of a bar: what its halves hold, the solid half before the other where both hold something."""
    if left == right:
        char, what = _FULL[left], left
    elif left > _FLOAT and right > _FLOAT:
        what = max(left, right)
        char = _FULL[what]
    elif left > right:
        char, what = _LEFT_HALF[left], left
    else:
        char, what = _RIGHT_HALF[right], right
    if critical and what in (_LEFT_OVER, _LATE):
        char = _CRITICAL.get(char, char)
    canvas.put(cell, char, tones[what], bold=critical and what in (_LEFT_OVER, _LATE))


def _name(row: Row, frame: Frame, manner: Manner) -> list[Run]:
    """Return the cells left of the dates: fold, kind, id and title, and what to look at on the right."""
    width, ground = frame.names, manner.ground
    if row.kind in (GROUP, TRAY):
        return _group_name(row, width, ground)
    sign = "▸" if row.folded else "▾" if row.folded is not None else " "
    left = [Run(" " * min(row.depth * 2, max(width // 4, 2)) + sign, "muted", ground)]
    if row.changed or row.pushed:
        left.append(Run("●" if row.changed else "›", "warning", ground, bold=True))
    else:
        left.append(Run(row.glyph or " ", row.tone, ground))
    left.append(Run(f" {row.short:<{frame.ids}}  ", "muted", ground))
    title = Run(clean(row.title), "text", ground, bold=manner.here)
    right = [Run(f" {sign}", tone, ground) for sign, tone in row.marks]
    if row.bar is not None and row.bar.pinned:
        right.append(Run(" ⊤", "muted", ground))
    return _fitted([*left, title], right, width, ground)


def _group_name(row: Row, width: int, ground: str) -> list[Run]:
    sign = "▸" if row.folded else "▾"
    left = [Run(f"{sign} ", "muted", ground), Run(clean(row.title), row.tone, ground, bold=True)]
    right = [Run(f" {row.size:,}{'+' if row.more else ''}", "muted", ground)] if row.size else []
    if row.slipped:
        right.insert(0, Run(f" {days_words(row.slipped)}", "danger" if row.slipped > 0 else "good", ground))
    return _fitted(left, right, width, ground)


def _fitted(left: list[Run], right: list[Run], width: int, ground: str) -> list[Run]:
    tail = sum(cell_width(run.text) for run in right)
    if tail > width // 2:
        right, tail = [], 0
    room = width - tail
    line: list[Run] = []
    for run in left:
        text = truncate(run.text, room)
        room -= cell_width(text)
        line.append(run._replace(text=text))
    if room > 0:
        line.append(Run(" " * room, "text", ground))
    return [*line, *right]


def legend() -> list[tuple[str, str, str]]:
    """Return every sign of the chart with its tone and its meaning."""
    return [
        ("█▒", "text", _("done and remaining work")),
        ("━", "text", _("remaining work on the critical path")),
        ("░", "muted", _("where it lay in the baseline")),
        ("╌", "muted", _("how far it may slip")),
        ("◆", "accent", _("milestone")),
        ("▀", "text", _("an item that others are part of")),
        ("╰▶", "muted", _("dependency")),
        ("┆", "accent", _("today")),
        ("⊤", "muted", _("start fixed by hand")),
    ]


def items_words(count: int) -> str:
    """Return a number of items in words."""
    return ngettext("{count} item", "{count} items", count).format(count=count)


def drift_words(drift: Drift) -> str:
    """Return how far a department's work has drifted since the baseline."""
    text = _("{later} later, {earlier} earlier since then, median {median}, worst {worst}")
    return text.format(
        later=drift.later, earlier=drift.earlier,
        median=days_words(round(drift.median)), worst=days_words(drift.worst),
    )  # fmt: skip
