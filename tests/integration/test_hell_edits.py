"""Days one, two, seven and eleven from hell: what people do to the same things at the same time, with wrong clocks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.team import DAY, Team, clock, make_team

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from tests.integration.conftest import Cli

__all__ = ["clock", "make_team"]


def title(cli: Cli, name: str = "lp-1") -> str:
    return str(cli.ok("show", name, "--json").json["title"])


def visible(cli: Cli) -> set[str]:
    return {one["title"] for one in cli.ok("list", "--json").json}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_field_edited_on_two_machines_offline(
    make_team: Callable[[int], Team], order: tuple[int, int]
) -> None:
    team = make_team(3)
    a, b, c = team.homes
    a.ok("add", "定价页")
    team.sync()
    a.ok("set", "lp-1", "title=A's")
    b.ok("set", "lp-1", "title=B's")
    for number in order:
        team.homes[number]("sync")
    exported = team.agree()
    assert """["A's","B's"]""" in exported, "one of the two is not to be seen"
    for cli in team.homes:
        [one] = cli.ok("review", "--json").lines
        assert {version["value"] for version in one["versions"]} == {"A's", "B's"}
    c.ok("review", "lp-1", "title", "--keep")
    team.agree()
    for cli in team.homes:
        assert cli.ok("status", "--json").json["divergences"] == 0


def test_a_clock_a_year_ahead_wins_nothing_for_ever(
    make_team: Callable[[int], Team], clock: SimpleNamespace
) -> None:
    team = make_team(2)
    a, b = team.homes
    clock.ahead = 366 * DAY
    a.ok("add", "from next year")
    a.ok("sync")
    clock.ahead = 0
    report = b.ok("sync", "--json").json
    assert report["pulled"] > 0
    assert not report["quarantined"]
    b.ok("set", "lp-1", "title=informed")
    team.agree()
    assert [title(cli) for cli in team.homes] == ["informed", "informed"]
    # The clock is put right, and the machine that was ahead goes on writing.
    a.ok("set", "lp-1", "title=corrected")
    a.ok("add", "another")
    team.agree()
    for cli in team.homes:
        assert title(cli) == "corrected"
        assert cli.ok("status", "--json").json["divergences"] == 0
        assert cli.ok("doctor").code == 0


def test_somebody_two_hundred_days_away_had_edited_what_was_deleted(
    make_team: Callable[[int], Team], clock: SimpleNamespace
) -> None:
    team = make_team(3)
    a, b, _c = team.homes
    a.ok("add", "X")
    a.ok("add", "Y")
    team.sync()
    b.ok("set", "lp-1", "title=X, edited on the way")
    clock.ahead = 100 * DAY
    a.ok("delete", "lp-1", "lp-2")
    a.ok("add", "Z")
    a.ok("sync")
    clock.ahead = 200 * DAY
    team.agree()
    for cli in team.homes:
        assert visible(cli) == {"X, edited on the way", "Z"}
        shown = cli.ok("show", "lp-1")
        assert "Deleted by somebody who had not seen the latest edit" in shown.out
        assert cli.ok("show", "lp-2", "--json").json["trashed"]


def test_a_goes_under_b_while_b_goes_under_a(make_team: Callable[[int], Team]) -> None:
    team = make_team(2)
    a, b = team.homes
    for name in ("G1", "G2", "G3"):
        a.ok("add", name)
    team.sync()
    a.ok("set", "lp-1", "parent=lp-2")
    b.ok("set", "lp-2", "parent=lp-3")
    b.ok("set", "lp-3", "parent=lp-1")
    team.agree()
    for cli in team.homes:
        shown = {n: cli.ok("show", f"lp-{n}", "--json").json for n in (1, 2, 3)}
        parents = {one["entity"]: one["fields"].get("parent") for one in shown.values()}
        assert sum(parent is not None for parent in parents.values()) == 2, "the cycle is cut once"
        for entity in parents:
            seen = set()
            at = entity
            while at is not None:
                assert at not in seen, "a circle of parents"
                seen.add(at)
                at = parents[at]


def test_a_thousand_cards_in_one_slot_by_three_machines(make_team: Callable[[int], Team]) -> None:
    team = make_team(3)
    a = team.homes[0]
    a.ok("add", "above")
    a.ok("add", "below")
    team.sync()
    above = a.ok("list", "--json").json[0]["id"]
    status = a.ok("show", above, "--json").json["status"]
    for number, cli in enumerate(team.homes):
        requests = []
        for row in range(334):
            requests.append(
                {"do": "add", "kind": "item", "fields": {"title": f"{number}-{row}"}, "ref": f"r{row}"}
            )
            requests.append({"do": "move", "id": f"r{row}", "status": status, "after": above})
        result = cli("apply", stdin="\n".join(map(json.dumps, requests)))
        assert result.code == 0, result.err
    team.agree()
    orders = [[one["entity"] for one in cli.ok("list", "--json").json] for cli in team.homes]
    assert orders[0] == orders[1] == orders[2]
    titles = [one["title"] for one in a.ok("list", "--json").json]
    assert len(titles) == 2 + 3 * 334
    assert {f"{number}-{row}" for number in range(3) for row in range(334)} < set(titles)
    assert a.ok("doctor").code == 0
