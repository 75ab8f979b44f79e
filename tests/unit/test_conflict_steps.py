"""The course of a conflict as a table: what may follow what, what a step lacks, and what is filled in next."""

from __future__ import annotations

import pytest

from store import schema
from store.analysis.conflict_steps import (
    NEXT,
    SECTIONS,
    Mark,
    Standing,
    Want,
    marks,
    missing,
    next_steps,
    next_want,
    refused,
    score,
    section,
)
from store.analysis.conflict_templates import GENERIC, MARKETING, RD, SALES, TEMPLATES, sort_of, templates_for

TODAY = "2026-11-23"
TWO = ("d-yf", "d-sc")
DECISION = Want("long", "decision")


def test_every_state_has_steps_and_every_step_leads_to_a_state() -> None:
    assert set(NEXT) == set(schema.CONFLICT_STATES)
    assert {state for steps in NEXT.values() for state in steps} == set(schema.CONFLICT_STATES) - {"logged"}


@pytest.mark.parametrize(
    ("state", "now", "wants"),
    [
        ("confirmed", Standing(), []),
        ("negotiating", Standing(), []),
        ("decided", Standing(), [DECISION]),
        ("decided", Standing(decision="  \n"), [DECISION]),
        ("decided", Standing(decision="原日期上线"), []),
        ("checking", Standing(), [DECISION]),
        ("escalated", Standing(), [Want("field", "escalated_to")]),
        ("escalated", Standing(escalated_to="m-zl"), []),
        ("reopened", Standing(), []),
        ("closed", Standing(decision="x"), [Want("field", "parties")]),
        ("closed", Standing(parties=TWO, check={"d-yf": 4, "d-sc": 3}), [DECISION]),
        ("closed", Standing(parties=TWO, decision="x", check={"d-yf": 4}), [Want("map", "check", "d-sc")]),
        (
            "closed", Standing(parties=TWO, decision="x", check={"d-yf": 4, "d-sc": "好"}),
            [Want("map", "check", "d-sc")],
        ),
        ("closed", Standing(parties=TWO, decision="x", check={"d-yf": 4, "d-sc": "5"}), []),
        ("closed", Standing(parties=("d-yf",), decision="x", check={"d-yf": 1}), []),
    ],
)  # fmt: skip
def test_what_a_step_lacks(state: str, now: Standing, wants: list[Want]) -> None:
    assert list(missing(state, now)) == wants


def test_eleven_sides_must_each_check() -> None:
    sides = tuple(f"d-{number}" for number in range(11))
    now = Standing("checking", sides, decision="x", check=dict.fromkeys(sides[:10], 4))
    assert missing("closed", now) == (Want("map", "check", "d-10"),)


def test_steps_say_what_is_missing_before_they_can_be_taken() -> None:
    steps = {step.state: step.missing for step in next_steps(Standing("negotiating", TWO))}
    assert steps == {"decided": (DECISION,), "escalated": (Want("field", "escalated_to"),)}
    assert {step.state for step in next_steps(Standing("of a newer program"))} == set(NEXT)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("closed", "negotiating", "conflict-closed"), ("closed", "decided", "conflict-closed"),
        ("closed", "reopened", ""),
        ("logged", "reopened", "conflict-not-settled"), ("negotiating", "reopened", "conflict-not-settled"),
        ("decided", "reopened", ""), ("checking", "reopened", ""),
        ("negotiating", "logged", ""), ("decided", "negotiating", ""), ("logged", "closed", ""),
    ],
)  # fmt: skip
def test_a_step_back_is_a_correction_but_what_counts_has_its_own_way(
    before: str, after: str, code: str
) -> None:
    assert refused(before, after) == code


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1), (5, 5), ("3", 3), (" 4 ", 4), (2.0, 2), (0, None), (6, None), ("", None), ("四", None), (None, None),
        (True, None), (2.5, None), ("²", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_a_check_is_a_number_from_1_to_5(value: object, number: int | None) -> None:
    assert score(value) == number


def test_the_next_thing_follows_the_conversation() -> None:
    """Each thing that is asked for is filled in, until nothing is left to ask."""
    now = Standing(parties=TWO)
    asked = []
    values = {
        "root_cause": "goals",
        "severity": 2,
        "shared_goal": "g",
        "options": "A",
        "decision": "B",
        "decider": "m",
    }
    while (want := next_want(now)) is not None:
        asked.append(":".join(filter(None, want)))
        if want.part == "step":
            now = now._replace(state=want.name)
        elif want.part == "map":
            entry = {**getattr(now, want.name), want.side: 4}
            now = now._replace(**{want.name: entry})
        elif want.part == "action":
            now = now._replace(actions=1)
        else:
            now = now._replace(**{want.name: values.get(want.name, TODAY)})
    assert asked == [
        "map:position:d-yf", "map:position:d-sc", "step:confirmed", "map:interest:d-yf", "map:interest:d-sc",
        "field:root_cause", "field:severity", "field:shared_goal", "step:negotiating", "long:options", "long:decision",
        "field:decider", "step:decided", "action", "field:follow_up", "step:checking", "map:check:d-yf",
        "map:check:d-sc", "step:closed",
    ]  # fmt: skip
    assert now.state == "closed"


def test_what_is_passed_over_is_asked_again_only_after_the_rest() -> None:
    now = Standing(parties=TWO, position={"d-yf": "x"})
    first = next_want(now)
    assert first == Want("map", "position", "d-sc")
    second = next_want(now, first)
    assert second == Want("step", "confirmed")
    assert next_want(now, Want("field", "decider")) == first


def test_a_decision_ends_the_asking_for_what_leads_to_one() -> None:
    assert next_want(Standing(parties=TWO, decision="x", decider="m")) == Want("step", "decided")


def test_a_reopened_conflict_is_asked_for_its_decision_anew() -> None:
    now = Standing("reopened", TWO, decision="x", decider="m")
    assert next_want(now) == DECISION
    assert next_want(now, DECISION) == Want("step", "decided")


@pytest.mark.parametrize(
    ("state", "follow_up", "found"),
    [
        ("logged", "", "to confirm"), ("confirmed", "", "to talk over"), ("negotiating", "", "to decide"),
        ("escalated", "", "to decide"), ("reopened", "", "to decide"), ("decided", "", "to check"),
        ("decided", "2026-11-24", "to check"), ("decided", TODAY, "check due"), ("checking", "2026-11-22", "check due"),
        ("closed", "2026-11-01", "closed"), ("of a newer program", "", "to talk over"),
    ],
)  # fmt: skip
def test_sections_are_by_what_comes_next(state: str, follow_up: str, found: str) -> None:
    assert section(state, follow_up, TODAY) == found
    assert found in SECTIONS


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (Standing(parties=TWO), []),
        (Standing(), [Mark("no-party")]),
        (Standing(parties=("d-yf",)), [Mark("one-party", "d-yf")]),
        (Standing(parties=("d-yf", "gone")), [Mark("unknown-party", "gone")]),
        (Standing(parties=TWO, follow_up="2026-11-22"), [Mark("past-follow-up")]),
        (Standing("checking", TWO, follow_up="2026-11-22"), []),
        (Standing(parties=TWO, check={"d-yf": "很好", "d-sc": None}), [Mark("bad-check", "d-yf")]),
    ],
)
def test_what_is_odd_is_marked(now: Standing, found: list[Mark]) -> None:
    assert marks(now, TODAY, TWO) == found


def test_eleven_sides_are_marked_once() -> None:
    sides = tuple(f"d-{number}" for number in range(11))
    assert marks(Standing(parties=sides), TODAY, sides) == [Mark("many-parties")]


@pytest.mark.parametrize(
    ("names", "sort"),
    [
        (("yf", "研发", "R&D"), RD), (("x", "Engineering"), RD), (("技术部",), RD), (("SC",), MARKETING),
        (("市场部", "", "Product Marketing"), MARKETING), (("q", "", "", "BD"), SALES), (("销售一部",), SALES),
        (("Sales-EMEA",), SALES), (("财务", "Finance"), ""), (("Devices",), ""), ((), ""),
    ],
)  # fmt: skip
def test_departments_are_recognised_by_their_names_in_both_languages(
    names: tuple[str, ...], sort: str
) -> None:
    assert sort_of(names) == sort


@pytest.mark.parametrize(
    ("sorts", "found"),
    [
        ((RD, MARKETING), [TEMPLATES[MARKETING, RD]]), ((MARKETING, RD), [TEMPLATES[MARKETING, RD]]),
        ((SALES, RD), [TEMPLATES[RD, SALES]]), ((RD, ""), [GENERIC]), ((), [GENERIC]), ((RD, RD), [GENERIC]),
        ((RD, MARKETING, SALES), [TEMPLATES[MARKETING, RD], TEMPLATES[RD, SALES], TEMPLATES[MARKETING, SALES]]),
    ],
)  # fmt: skip
def test_pairs_have_checklists_of_their_own(sorts: tuple[str, ...], found: list[object]) -> None:
    assert templates_for(sorts) == found
