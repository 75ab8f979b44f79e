"""What a goal says in a few cells: its figures, a bar, a line of its past, and what each department answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.goal_progress import NO_CURRENT, NO_DISTANCE, NO_TARGET, levels, sampled
from store.analysis.goal_questions import IDLE, LATE, OBJECTION, UNANSWERED, UNMEASURED
from store.goal_line import unit_of
from tui.celltext import cell_width
from tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.analysis.goal_progress import Point
    from store.goal_rows import GoalRow

BAR = 8  # cells
_FULL, _EMPTY = "█", "░"
_HEIGHTS = "▁▂▃▄▅▆▇█"
STATE_MARKS = {
    "pursued": ("◎", "$text-accent"), "reached": ("✓", "$text-success"), "missed": ("✗", "$text-error"),
    "dropped": ("–", "$text-muted"),
}  # fmt: skip
ACKNOWLEDGED, OBJECTED, SILENT = "✓", "!", "?"
ANSWER_STYLES = {ACKNOWLEDGED: "$text-success", OBJECTED: "$text-error", SILENT: "$text-muted"}
_REASONS = {
    NO_TARGET: N_("no target"), NO_CURRENT: N_("no value yet"), NO_DISTANCE: N_("target = baseline"),
}  # fmt: skip
QUESTION_LABELS = {
    OBJECTION: N_("a department objects"),
    LATE: N_("its day is over, and its target is not reached"),
    UNANSWERED: N_("not everybody who works on it has answered"),
    IDLE: N_("no work stands behind it"),
    UNMEASURED: N_("no number says when it is reached"),
}


def number_words(value: float | None) -> str:
    """Return a number as people write it, a dash for none."""
    if value is None:
        return "—"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.10g}" if abs(value) < 1e15 else f"{value:.4g}"


def bar_words(goal: GoalRow, cells: int = BAR) -> str:
    """Return the bar with its per cent; where there is nothing to measure, why."""
    progress = goal.progress
    percent = progress.percent
    if progress.fraction is None or percent is None:
        return _(_REASONS[progress.reason])
    full = min(
        max(round(progress.fraction * cells), 1 if percent else 0), cells if progress.done else cells - 1
    )
    return f"{_FULL * full}{_EMPTY * (cells - full)} {percent:>3}%"


def figures_words(goal: GoalRow) -> str:
    """Return the way from the baseline over the current value to the target, with the unit where there is one."""
    if goal.baseline is None and goal.current is None and goal.target is None:
        return ""
    unit = unit_of(goal.metric)
    values = [goal.current] if goal.baseline is None else [goal.baseline, goal.current]
    said = " → ".join(number_words(value) for value in [*values, goal.target])
    return f"{said} {unit}".strip()


def spark_words(points: Sequence[Point], cells: int) -> str:
    """Return the values of the past as a line of bars, '' for fewer than two."""
    if len(points) < 2:
        return ""
    return "".join(_HEIGHTS[height] for height in levels(sampled(points, cells)))


def short_name(title: str, code: str) -> str:
    """Return a department in one or two letters: 研 of 研发, yf where its name is in letters and it has a code."""
    first = title[:1]
    return first if first and not first.isascii() else (code or title)[:2]


def answer_mark(said: str) -> str:
    """Return the sign of what a department answered."""
    return {"acknowledged": ACKNOWLEDGED, "objected": OBJECTED}.get(said, SILENT)


def answers_words(goal: GoalRow, expected: Iterable[str], names: Mapping[str, str], most: int = 20) -> str:
    """Return what each department answered; `expected` are waited for, `names` their short names in order.

    Where they are too many for the cells, they are counted.
    """
    waited = set(expected)
    sides = [side for side in names if side in goal.answers or side in waited]
    sides += [side for side in goal.answers if side not in names]
    marks = [answer_mark(goal.answers.get(side, "")) for side in sides]
    said = " ".join(f"{mark}{names.get(side, '·')}" for mark, side in zip(marks, sides, strict=True))
    if cell_width(said) <= most:
        return said
    counts = ((mark, marks.count(mark)) for mark in (ACKNOWLEDGED, OBJECTED, SILENT))
    return " ".join(f"{mark}{count}" for mark, count in counts if count)


def hours_words(hours: float) -> str:
    """Return hours in few cells."""
    return f"{hours:.1f}".removesuffix(".0") + "h" if hours < 1000 else f"{hours / 1000:.1f}kh"
