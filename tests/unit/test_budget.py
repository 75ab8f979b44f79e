"""How often a server is asked: within a budget over all processes, with patience when it says so, edits first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sync.places.budget import BACK_OFF, LOOK, MOST, RESERVE, Budget
from sync.places.turns import Turns

LIMIT, WINDOW = 600, 1800.0


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1_795_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


def make(home: Path, hands: Hands, *, limit: int = LIMIT, chance: float = 1.0) -> Budget:
    return Budget(str(home), "webdavs://h", limit, WINDOW, now=hands, chance=lambda: chance)


def test_no_window_ever_holds_more_than_the_budget(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    budget.urgent = True
    made: list[float] = []
    for _ in range(4000):
        if not budget.refusal():
            budget.spend()
            made.append(hands.at)
        hands.at += 1.7
    assert len(made) > LIMIT * 2
    for start in range(len(made)):
        assert sum(1 for at in made[start : start + LIMIT + 1] if at <= made[start] + WINDOW) <= LIMIT


def test_looks_leave_a_reserve_for_edits(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    while not budget.refusal():
        budget.spend()
    assert budget.used == LIMIT * (1 - RESERVE)
    assert budget.refusal() == "budget"
    budget.urgent = True
    assert budget.refusal() == ""
    budget.spend(int(LIMIT * RESERVE))
    assert budget.refusal() == "budget"


def test_another_process_of_the_home_counts_on(tmp_path: Path, hands: Hands) -> None:
    first, second = make(tmp_path, hands), make(tmp_path, hands)
    first.spend(7)
    first.flush()
    second.load()
    second.spend(5)
    second.flush()
    first.load()
    assert first.used == make(tmp_path, hands).used == 12
    hands.at += WINDOW * 1.1
    assert make(tmp_path, hands).used == 0


def test_a_process_that_is_killed_forgets_few(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    for _ in range(95):
        budget.spend()
    assert make(tmp_path, hands).used >= 80


def test_accounts_are_counted_apart(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    budget.spend(3)
    budget.flush()
    other = Budget(str(tmp_path), "s3://b", now=hands)
    other.spend(4)
    other.flush()
    assert (make(tmp_path, hands).used, Budget(str(tmp_path), "s3://b", now=hands).used) == (3, 4)


def test_too_many_requests_is_answered_with_patience_that_grows_and_differs(
    tmp_path: Path, hands: Hands
) -> None:
    pauses = []
    budget = make(tmp_path, hands)
    for _ in range(9):
        budget.throttled()
        pauses.append(budget.back_off_until - hands.at)
        assert budget.refusal() == "throttled"
        hands.at = budget.back_off_until
        assert budget.refusal() == ""
    assert pauses[:3] == [BACK_OFF, BACK_OFF * 2, BACK_OFF * 4]
    assert pauses[-1] == MOST
    patient = make(tmp_path / "other", hands, chance=0.0)
    patient.throttled()
    assert patient.back_off_until - hands.at == BACK_OFF / 2
    budget.answered()
    budget.throttled()
    assert budget.back_off_until - hands.at == BACK_OFF


def test_the_time_that_the_server_names_is_kept_by_every_process(tmp_path: Path, hands: Hands) -> None:
    make(tmp_path, hands, chance=0.0).throttled(120.0)
    other = make(tmp_path, hands)
    other.urgent = True
    assert other.refusal() == "throttled"
    assert other.next_at == hands.at + 120.0
    hands.at += 120.0
    assert other.refusal() == ""
    make(tmp_path, hands).throttled(10.0**6)
    assert make(tmp_path, hands).back_off_until <= hands.at + MOST


def test_next_at_is_when_a_look_fits_again(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    budget.spend(int(LIMIT * (1 - RESERVE)))
    at = budget.next_at
    assert hands.at + WINDOW <= at <= hands.at + WINDOW * 1.1
    hands.at = at
    assert budget.refusal(LOOK) == ""


def test_a_clock_that_is_set_back_stops_nothing_for_long(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    budget.spend(LIMIT)
    budget.throttled()
    budget.flush()
    hands.at -= 86_400 * 365
    again = make(tmp_path, hands)
    assert again.refusal() == "budget"
    hands.at += WINDOW * 1.1
    assert again.refusal() == ""


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"accounts":[]}', '{"accounts":{"webdavs://h":{"spent":"x"}}}']
)
def test_a_damaged_file_is_as_none(tmp_path: Path, hands: Hands, text: str) -> None:
    (tmp_path / "requests.json").write_text(text)
    budget = make(tmp_path, hands)
    assert budget.used == 0
    budget.spend()
    budget.save()
    assert make(tmp_path, hands).used == 1


def test_the_file_tells_no_more_than_numbers_and_the_account(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    budget.spend()
    budget.save()
    (name, row), *others = json.loads((tmp_path / "requests.json").read_text())["accounts"].items()
    assert (name, others, set(row)) == ("webdavs://h", [], {"spent", "until", "failures", "planned"})


def turns(budget: Budget) -> Turns:
    return Turns(budget, chance=lambda: 0.0)


def looks_in(seconds: float, budget: Budget, hands: Hands) -> int:
    """Return how many looks are made in a time in which nothing happens."""
    place, looks, end = turns(budget), 0, hands.at + seconds
    while hands.at < end:
        if place.is_due(asked=False, edits=False):
            assert budget.refusal(LOOK) == ""
            budget.spend(LOOK)
            looks += 1
            place.taken(eventful=False, sent=False, failed=False)
        hands.at += 1.0
    return looks


def test_looking_fits_the_budget_and_leaves_more_than_half(tmp_path: Path, hands: Hands) -> None:
    looks = looks_in(4 * 3600, make(tmp_path, hands), hands)
    assert 4 * 3600 / 60 < looks  # at least once a minute
    assert make(tmp_path, hands).used < LIMIT / 2
    tight = make(tmp_path / "tight", hands, limit=60)
    assert 8 * 10 < looks_in(4 * 3600, tight, hands) <= 8 * 60 / LOOK


def test_looks_are_spread_over_the_window(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands, limit=60)
    place = turns(budget)
    gaps = []
    for _ in range(60):
        budget.spend(LOOK)
        place.taken(eventful=False, sent=False, failed=False)
        gaps.append(place.next_at - hands.at)
        hands.at = place.next_at
    assert max(gaps) < WINDOW / 4


def test_a_turn_is_not_before_the_server_wants_to_be_asked(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands, chance=0.0)
    place = turns(budget)
    budget.throttled(900.0)
    place.taken(eventful=False, sent=False, failed=True)
    assert place.next_at == hands.at + 900.0


def test_an_edit_does_not_wait_for_the_turn_while_there_is_plenty(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    place = turns(budget)
    assert place.is_due(asked=False, edits=False)
    place.taken(eventful=True, sent=True, failed=False)
    assert not place.is_due(asked=False, edits=False)
    assert place.is_due(asked=False, edits=True)
    budget.spend(400)
    assert not place.is_due(asked=False, edits=True)  # it goes with others soon
    assert place.is_due(asked=True, edits=True)
    hands.at += 120
    assert place.is_due(asked=False, edits=True)


def test_edits_that_could_not_be_sent_wait_for_the_turn(tmp_path: Path, hands: Hands) -> None:
    place = turns(make(tmp_path, hands))
    place.taken(eventful=False, sent=False, failed=True)
    assert not place.is_due(asked=False, edits=True)
    hands.at = place.next_at
    assert place.is_due(asked=False, edits=True)


def test_the_plan_is_known_to_other_processes(tmp_path: Path, hands: Hands) -> None:
    budget = make(tmp_path, hands)
    budget.spend()
    place = turns(budget)
    place.taken(eventful=False, sent=False, failed=False)
    assert make(tmp_path, hands).planned == place.next_at > hands.at
