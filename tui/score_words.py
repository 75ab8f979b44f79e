"""Scores as the pool shows them, the inputs they were reckoned from beside them, and who wants what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.scoring import (
    HOURS_A_DAY,
    HOURS_A_MONTH,
    ICE,
    KANO,
    MODELS,
    MOSCOW_MODEL,
    RICE,
    VALUE,
    WSJF,
)
from store.pool import CUSTOMERS, PEOPLE, SIZE
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from store.analysis.scoring import Inputs, Score
    from store.feedback_rows import Support

_COUNTS = {
    PEOPLE: N_("People who want it"),
    CUSTOMERS: N_("Customers who want it"),
    SIZE: N_("Size of customers"),
}
# What a number means, asked for with it; each scale is its model's own.
_SCALES = {
    (RICE, "impact"): N_("3 massive, 2 high, 1 medium, 0.5 low, 0.25 minimal"),
    (RICE, "confidence"): N_("in per cent: 100 high, 80 medium, 50 low"),
    (RICE, "effort"): N_("in hours; 160 are a person-month"),
    (ICE, "impact"): N_("from 1 to 10"),
    (ICE, "confidence"): N_("in per cent"),
    (ICE, "ease"): N_("from 1, hard, to 10, easy"),
    (WSJF, "value"): N_("1, 2, 3, 5, 8, 13 or 20, beside the others; the least is 1"),
    (WSJF, "urgency"): N_("1, 2, 3, 5, 8, 13 or 20: how much it loses by waiting"),
    (WSJF, "risk_reduction"): N_("1, 2, 3, 5, 8, 13 or 20: what it makes safe or possible"),
    (WSJF, "size"): N_("1, 2, 3, 5, 8, 13 or 20, beside the others"),
    (VALUE, "value"): N_("any measure, the same for all"),
    (VALUE, "effort"): N_("in hours; 8 are a person-day"),
}


def order_words(by: str) -> str:
    """Return what the pool is ranked by, in words."""
    return _(MODELS[by].label) if by in MODELS else _(_COUNTS[by])


def asked_words(model: str, name: str) -> str:
    """Return the scale an input is asked for on, empty where its name says it."""
    return _(_SCALES[model, name]) if (model, name) in _SCALES else ""


def score_words(score: Score) -> str:
    """Return a score as its word or as a number of few digits; a dash where there is none."""
    if score.word:
        return _(score.word)
    return "—" if score.number is None else number_words(score.number)


def number_words(number: float) -> str:
    """Return a number as short as it can be read."""
    if number >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.2f}".rstrip("0").rstrip(".") if number < 10 else f"{number:.1f}".removesuffix(".0")


def input_words(model: str, inputs: Inputs) -> str:
    """Return the inputs as the formula takes them, a question mark for what is missing."""
    if model == RICE:
        months = None if inputs.effort is None else inputs.effort / HOURS_A_MONTH
        return f"{_n(inputs.reach)}×{_n(inputs.impact)}×{_n(inputs.confidence)}%÷{_n(months)}"
    if model == ICE:
        return f"{_n(inputs.impact)}×{_n(inputs.confidence)}%×{_n(inputs.ease)}"
    if model == WSJF:
        return f"({_n(inputs.value)}+{_n(inputs.urgency)}+{_n(inputs.risk_reduction)})÷{_n(inputs.size)}"
    if model == VALUE:
        days = None if inputs.effort is None else inputs.effort / HOURS_A_DAY
        return f"{_n(inputs.value)}÷{_n(days)}"
    if model == KANO:
        return f"{_w(inputs.kano_with)} / {_w(inputs.kano_without)}"
    return "" if model == MOSCOW_MODEL and inputs.moscow else "?"


def _n(number: float | None) -> str:
    return "?" if number is None else number_words(number)


def _w(answer: str | None) -> str:
    return _(answer) if answer else "?"


def customer_words(support: Support) -> str:
    """Return how many customers want it and how big they are together."""
    count = len(support.customers)
    if not count:
        return ""
    said = ngettext("{count} customer", "{count} customers", count).format(count=count)
    return f"{said} · {size_words(support.size)}" if support.size else said


def people_words(support: Support) -> str:
    """Return how many members want it."""
    count = len(support.people)
    return ngettext("{count} person", "{count} people", count).format(count=count) if count else ""


def size_words(size: float) -> str:
    """Return a size as short as it can be read."""
    return f"{size:,.0f}" if size >= 100 or size.is_integer() else f"{size:,.1f}"
