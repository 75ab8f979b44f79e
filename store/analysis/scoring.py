"""What a requirement is worth beside others: RICE, ICE, WSJF, value ÷ effort, MoSCoW and Kano.

Every model takes the same `Inputs` and answers with a `Score`. A missing input gives no score, never a zero: what
nobody has estimated must not look worthless. A greater number ranks higher in every model. Two teams' numbers are not
comparable, so whoever shows a score shows its inputs beside it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from store.schema import KANO_ANSWERS, MOSCOW, N_

if TYPE_CHECKING:
    from collections.abc import Callable

# Effort is kept in hours. A person-month is 20 working days of 8 hours, a person-day 8 hours; neither is rounded.
HOURS_A_DAY = 8
HOURS_A_MONTH = 160

RICE = "rice"
ICE = "ice"
WSJF = "wsjf"
VALUE = "value"
MOSCOW_MODEL = "moscow"
KANO = "kano"

MUST_BE, PERFORMANCE, ATTRACTIVE = N_("must-be"), N_("performance"), N_("attractive")
INDIFFERENT, REVERSE, QUESTIONABLE = N_("indifferent"), N_("reverse"), N_("questionable")

# Rows: how one feels if it is there; columns: if it is not; both from "like it" to "dislike it".
_KANO_TABLE = (
    (QUESTIONABLE, ATTRACTIVE, ATTRACTIVE, ATTRACTIVE, PERFORMANCE),
    (REVERSE, INDIFFERENT, INDIFFERENT, INDIFFERENT, MUST_BE),
    (REVERSE, INDIFFERENT, INDIFFERENT, INDIFFERENT, MUST_BE),
    (REVERSE, INDIFFERENT, INDIFFERENT, INDIFFERENT, MUST_BE),
    (REVERSE, REVERSE, REVERSE, REVERSE, QUESTIONABLE),
)
_KANO_RANKS = {MUST_BE: 4.0, PERFORMANCE: 3.0, ATTRACTIVE: 2.0, INDIFFERENT: 1.0, REVERSE: 0.0}


class Inputs(NamedTuple):
    """The scoring fields of one item, by the names they have in the schema."""

    reach: float | None = None
    impact: float | None = None
    confidence: float | None = None
    effort: float | None = None
    ease: float | None = None
    value: float | None = None
    urgency: float | None = None
    risk_reduction: float | None = None
    size: float | None = None
    moscow: str | None = None
    kano_with: str | None = None
    kano_without: str | None = None


class Score(NamedTuple):
    """A rank where the inputs give one, the word for it where the model has words, and the inputs it lacks."""

    number: float | None
    word: str = ""
    missing: tuple[str, ...] = ()


class Model(NamedTuple):
    """A way to score: its name for programs and for people, the inputs it asks for, in order, and its formula."""

    name: str
    label: str
    formula: str
    inputs: tuple[str, ...]
    reckon: Callable[[Inputs], Score]


def score(model: str, inputs: Inputs) -> Score:
    """Return an item's score; unknown models raise KeyError."""
    chosen = MODELS[model]
    missing = tuple(name for name in chosen.inputs if getattr(inputs, name) is None)
    return Score(None, missing=missing) if missing else chosen.reckon(inputs)


def rice(inputs: Inputs) -> Score:
    """Reach × impact × confidence ÷ effort, confidence as a share and effort in person-months.

    Source: Sean McBride, "RICE: Simple prioritization for product managers", Intercom, 2018. Its impact is 3 massive,
    2 high, 1 medium, 0.5 low, 0.25 minimal; its confidence 100, 80 or 50 %. Our effort in hours is divided by 160.
    Work of no effort has no score.
    """
    reach, impact = _given(inputs.reach), _given(inputs.impact)
    return _ratio(reach * impact * _given(inputs.confidence) / 100, _given(inputs.effort) / HOURS_A_MONTH)


def ice(inputs: Inputs) -> Score:
    """Impact × confidence × ease, each from 1 to 10; confidence in per cent is divided by 10.

    Source: Sean Ellis, GrowthHackers, as told in Ellis and Brown, "Hacking Growth", 2017.
    """
    return _number(_given(inputs.impact) * _given(inputs.confidence) / 10 * _given(inputs.ease))


def wsjf(inputs: Inputs) -> Score:
    """(Value + time criticality + risk reduction) ÷ job size, each relative to the smallest of the list.

    Source: Scaled Agile Framework, "Weighted Shortest Job First", after Don Reinertsen, "The Principles of Product
    Development Flow", 2009. A job without size has no score.
    """
    delay = _given(inputs.value) + _given(inputs.urgency) + _given(inputs.risk_reduction)
    return _ratio(delay, _given(inputs.size))


def value_for_effort(inputs: Inputs) -> Score:
    """Value for each person-day of effort, a person-day being 8 of the hours kept.

    Source: return per unit of a scarce resource, as in the value–effort matrix of product roadmapping; Karl Wiegers,
    "First Things First: Prioritizing Requirements", 1999, divides value by cost in the same way.
    """
    return _ratio(_given(inputs.value), _given(inputs.effort) / HOURS_A_DAY)


def moscow(inputs: Inputs) -> Score:
    """Must before should before could before won't (this time): 3, 2, 1, 0.

    Source: Dai Clegg and Richard Barker, "Case Method Fast-Track: A RAD Approach", 1994; DSDM.
    A word that a newer program knows has no rank.
    """
    word = str(inputs.moscow)
    rank = float(len(MOSCOW) - 1 - MOSCOW.index(word)) if word in MOSCOW else None
    return Score(rank, word)


def kano(inputs: Inputs) -> Score:
    """The category of two answers, ranked must-be, performance, attractive, indifferent, reverse: 4 to 0.

    Source: Noriaki Kano et al., "Attractive Quality and Must-Be Quality", 1984; the 5 × 5 table and the order
    M > O > A > I of Berger et al., "Kano's Methods for Understanding Customer-defined Quality", 1993. Answers that
    contradict each other are questionable, which is no rank.
    """
    answers = (str(inputs.kano_with), str(inputs.kano_without))
    if not set(answers) <= set(KANO_ANSWERS):
        return Score(None)
    row, column = (KANO_ANSWERS.index(answer) for answer in answers)
    word = _KANO_TABLE[row][column]
    return Score(_KANO_RANKS.get(word), word)


def _given(value: float | None) -> float:
    return 0.0 if value is None else float(value)


def _ratio(above: float, below: float) -> Score:
    """Divide; where there is nothing to divide by, or the quotient is beyond all numbers, there is no score."""
    return _number(above / below) if below > 0 else Score(None)


def _number(value: float) -> Score:
    return Score(value) if math.isfinite(value) else Score(None)


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            RICE,
            "RICE",
            N_("reach × impact × confidence ÷ person-months"),
            ("reach", "impact", "confidence", "effort"),
            rice,
        ),
        Model(ICE, "ICE", N_("impact × confidence × ease"), ("impact", "confidence", "ease"), ice),
        Model(
            WSJF,
            "WSJF",
            N_("(value + time criticality + risk reduction) ÷ job size"),
            ("value", "urgency", "risk_reduction", "size"),
            wsjf,
        ),
        Model(VALUE, N_("Value ÷ effort"), N_("value ÷ person-days"), ("value", "effort"), value_for_effort),
        Model(MOSCOW_MODEL, "MoSCoW", N_("must, should, could, won't"), ("moscow",), moscow),
        Model(
            KANO,
            "Kano",
            N_("must-be, performance, attractive, indifferent, reverse"),
            ("kano_with", "kano_without"),
            kano,
        ),
    )
}
