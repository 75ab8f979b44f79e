"""Scores are those of the published examples, want all their inputs, and rise with what makes a thing worth more."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from store.analysis.scoring import MODELS, Inputs, score
from store.schema import KANO_ANSWERS, KINDS, MOSCOW

MONTH = 160  # hours
LIKE, EXPECT, NEUTRAL, LIVE, DISLIKE = KANO_ANSWERS


@pytest.mark.parametrize(
    ("reach", "impact", "confidence", "months", "wanted"),
    [
        (500, 3, 100, 2, 750),  # Intercom's reach of 500 customers a month, massive impact
        (2_000, 2, 80, 4, 800),
        (1_000, 0.25, 50, 0.5, 250),
        (0, 3, 100, 1, 0),
    ],
)
def test_rice(reach: float, impact: float, confidence: float, months: float, wanted: float) -> None:
    found = score("rice", Inputs(reach=reach, impact=impact, confidence=confidence, effort=months * MONTH))
    assert found.number == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("impact", "confidence", "ease", "wanted"), [(8, 70, 5, 280), (10, 100, 10, 1_000), (1, 10, 1, 1)]
)
def test_ice(impact: float, confidence: float, ease: float, wanted: float) -> None:
    assert score("ice", Inputs(impact=impact, confidence=confidence, ease=ease)).number == pytest.approx(
        wanted
    )


@pytest.mark.parametrize(
    ("value", "urgency", "risk", "size", "wanted"),
    [(13, 8, 5, 2, 13), (8, 13, 1, 8, 2.75), (1, 1, 1, 20, 0.15)],
)
def test_wsjf(value: float, urgency: float, risk: float, size: float, wanted: float) -> None:
    inputs = Inputs(value=value, urgency=urgency, risk_reduction=risk, size=size)
    assert score("wsjf", inputs).number == pytest.approx(wanted)


def test_value_is_for_each_person_day() -> None:
    assert score("value", Inputs(value=30, effort=24)).number == pytest.approx(10)


def test_moscow_keeps_its_order() -> None:
    found = [score("moscow", Inputs(moscow=word)) for word in MOSCOW]
    assert [one.word for one in found] == ["must", "should", "could", "won't"]
    assert [one.number for one in found] == [3, 2, 1, 0]


# Berger et al. 1993: rows how one feels if it is there, columns if it is not.
TABLE = """
      like expect neutral live dislike
like     Q A A A O
expect   R I I I M
neutral  R I I I M
live     R I I I M
dislike  R R R R Q
"""
LETTERS = {
    "Q": "questionable", "A": "attractive", "O": "performance", "R": "reverse", "I": "indifferent", "M": "must-be",
}  # fmt: skip


def test_kano_is_the_standard_table_in_all_its_25_cells() -> None:
    rows = [line.split()[1:] for line in TABLE.strip().splitlines()[1:]]
    for functional, row in zip(KANO_ANSWERS, rows, strict=True):
        for dysfunctional, letter in zip(KANO_ANSWERS, row, strict=True):
            found = score("kano", Inputs(kano_with=functional, kano_without=dysfunctional))
            assert found.word == LETTERS[letter], (functional, dysfunctional)


def test_kano_ranks_what_must_be_first_and_contradictions_not_at_all() -> None:
    answers = [(NEUTRAL, DISLIKE), (LIKE, DISLIKE), (LIKE, NEUTRAL), (LIVE, EXPECT), (DISLIKE, LIKE)]
    ranks = [score("kano", Inputs(kano_with=one, kano_without=other)).number for one, other in answers]
    assert ranks == sorted(ranks, reverse=True)  # type: ignore[type-var]
    assert len(set(ranks)) == 5
    assert score("kano", Inputs(kano_with=LIKE, kano_without=LIKE)).number is None


FULL = Inputs(100, 2, 80, 40, 5, 8, 5, 3, 2, "must", LIKE, DISLIKE)


@pytest.mark.parametrize("model", MODELS)
def test_a_missing_input_gives_no_score_and_is_named(model: str) -> None:
    assert score(model, FULL).number is not None
    assert score(model, FULL).missing == ()
    for name in MODELS[model].inputs:
        found = score(model, FULL._replace(**{name: None}))
        assert found == (None, "", (name,))
    assert score(model, Inputs()).missing == MODELS[model].inputs


@pytest.mark.parametrize("model", ["rice", "value"])
def test_no_effort_gives_no_score(model: str) -> None:
    assert score(model, FULL._replace(effort=0)).number is None


def test_no_size_and_words_of_a_newer_program_give_no_score() -> None:
    assert score("wsjf", FULL._replace(size=0)).number is None
    assert score("moscow", FULL._replace(moscow="perhaps")) == (None, "perhaps", ())
    assert score("kano", FULL._replace(kano_with="adore it")).number is None


def test_inputs_are_fields_of_an_item() -> None:
    assert set(Inputs._fields) <= set(KINDS["item"].fields)
    assert {name for model in MODELS.values() for name in model.inputs} == set(Inputs._fields)


def amounts(name: str) -> st.SearchStrategy[float]:
    field = KINDS["item"].fields[name]
    return st.floats(field.low or 0, min(field.high or 0, 10**9), allow_nan=False)


NUMBERS = [name for name in Inputs._fields if KINDS["item"].fields[name].type == "number"]
WORSE = {"effort", "size"}
CASES = [(model, name) for model in MODELS for name in MODELS[model].inputs if name in NUMBERS]


@pytest.mark.parametrize(("model", "name"), CASES)
@given(data=st.data())
def test_a_score_never_falls_with_what_speaks_for_it_nor_rises_with_what_it_costs(
    model: str, name: str, data: st.DataObject
) -> None:
    inputs = Inputs(**{field: data.draw(amounts(field)) for field in NUMBERS})
    low, high = sorted(data.draw(st.tuples(amounts(name), amounts(name))))
    less = score(model, inputs._replace(**{name: low})).number
    more = score(model, inputs._replace(**{name: high})).number
    assume(less is not None and more is not None)
    assert less is not None
    assert more is not None
    assert less >= more if name in WORSE else less <= more
