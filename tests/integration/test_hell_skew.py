"""Day nine from hell: programs of different ages in one team. What is not known is kept, sent on, and shown later."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sync.snapshots import backfill
from tests.integration.team import Team, make_team
from tests.integration.versions import LATER, NEXT_MAJOR, Program
from tests.integration.villain import Villain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.conftest import Cli

__all__ = ["make_team"]


def exported(cli: Cli | Program) -> dict[str, dict[str, Any]]:
    """Return a home's entities: items by title, holograms by kind."""
    found = {}
    for row in cli.ok("export").lines[1:]:
        if row["kind"] == "item":
            found[row["fields"]["title"]] = row
        elif row["kind"] == "hologram":
            found["hologram"] = row
    return found


def sees_everything(cli: Program, title: str) -> bool:
    """Return whether a later program shows in a home what a later program wrote."""
    rows = exported(cli)
    page, hologram = rows[title], rows["hologram"]
    listed = [row["title"] for row in cli.ok("list", "--json", "闪闪").json]
    return (
        page["fields"]["sparkle"] == "闪闪发亮"
        and page["fields"]["moods"] == ["好"]
        and page["fields"]["kind"] == "experiment"
        and hologram["fields"] == {"title": "投影", "depth": 3}
        and listed == [title]
        and not any("other" in row for row in rows.values())
    )


def write_what_is_new(later: Program) -> None:
    """Use the kind, the fields and the choice that only a later program has."""
    requests: list[dict[str, object]] = [
        {"do": "set", "id": "lp-1", "fields": {"sparkle": "dull", "kind": "experiment"}},
        {"do": "set", "id": "lp-1", "fields": {"sparkle": "闪闪发亮"}},
        {"do": "add_to", "id": "lp-1", "field": "moods", "values": ["好", "bad"]},
        {"do": "remove_from", "id": "lp-1", "field": "moods", "values": ["bad"]},
        {"do": "add", "kind": "hologram", "fields": {"title": "投影", "depth": 3}},
    ]
    later.ok("apply", stdin="\n".join(map(json.dumps, requests)))


def test_what_an_old_program_does_not_know_appears_once_it_is_upgraded(
    make_team: Callable[[int], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team(2)
    old, mate = team.homes
    old.ok("add", "定价页")
    team.sync()
    later = Program(LATER, mate.home)
    write_what_is_new(later)
    later.ok("sync")

    old.ok("sync")
    unknown = exported(old)
    assert unknown["定价页"]["other"] == {"moods/bad": [False], "moods/好": [True], "sparkle": ["闪闪发亮"]}
    assert unknown["hologram"]["other"] == {"depth": [3], "title": ["投影"]}
    assert old.ok("show", "lp-1", "--json").json["fields"]["kind"] == "experiment", (
        "a choice is shown as it is"
    )
    old.ok("set", "lp-1", "title=定价页 v2")
    [taken] = old.ok("sync", "--snapshot", "--json").json["snapshots"]
    assert taken["why"] is None

    joiner = old.in_home(team.folder.parent / "joiner")
    with monkeypatch.context() as patch:
        patch.setattr(backfill, "STEP_OPS", 0)
        joiner.ok("join", str(team.folder), "--me", "Ada")
        assert joiner.ok("status", "--json").json["missing"] > 0, "the snapshot was not used"
        assert "other" in exported(joiner)["定价页 v2"]
        assert sees_everything(Program(LATER, joiner.home), "定价页 v2"), "upgraded before its past has come"
        assert "other" in exported(joiner)["定价页 v2"], "and back again"
        assert joiner.ok("status", "--json").json["missing"] > 0

    fresh = Program(LATER, team.folder.parent / "fresh")
    fresh.ok("join", str(team.folder), "--me", "Zoë")
    upgraded = [Program(LATER, cli.home) for cli in (old, mate, joiner)]
    everybody = [*upgraded, fresh]
    for _ in range(2):
        for cli in everybody:
            cli.ok("sync")
    assert len({cli.ok("export").out for cli in everybody}) == 1
    for cli in everybody:
        assert sees_everything(cli, "定价页 v2")
        status = cli.ok("status", "--json").json
        assert (status["missing"], status["divergences"], status["outbox"]) == (0, 0, 0)
        assert cli.ok("doctor").code == 0
        assert "dull" in cli.ok("log", "lp-1").out, "what it was before is in the history"


@pytest.fixture
def peer(make_team: Callable[[int], Team], tmp_path: Path) -> tuple[Team, Villain]:
    """A team of two, and a device of a program to come that writes into their share."""
    team = make_team(2)
    return team, Villain(team.share, tmp_path / "peer", dev="zxw7n3b2q4k9", inc="n3w00000").enter()


def test_header_keys_and_minor_versions_to_come_are_carried_byte_for_byte(
    peer: tuple[Team, Villain], tmp_path: Path
) -> None:
    team, later = peer
    second = tmp_path / "second place"
    second.mkdir()
    a, b = team.homes
    b.ok("place", "add", str(second))
    lines = [
        later.op(value='"来自明年"', change='1,"mood":{"z":[1,2.5,-3e-2],"说":"好"}'),
        later.op("sparkle", '"✨"'),
    ]
    sent = later.send(lines, format="1.7", later={"a": [1, None, True], "说": "héllo \U0001f6a3"})
    assert b.ok("sync", "--json").json["pulled"] == 2
    [carried] = second.rglob(sent.name)
    assert carried.read_bytes() == sent.read_bytes()
    reader = b.in_home(tmp_path / "reader")
    reader.ok("join", str(second), "--me", "Ada")
    assert "来自明年" in exported(reader)
    for cli in (b, reader, b, a):
        cli.ok("sync")
    assert len({cli.ok("export").out for cli in (a, b, reader)}) == 1
    for cli in (a, b, reader):
        assert cli.ok("status", "--json").json["quarantined"] == []
    third = tmp_path / "third place"
    third.mkdir()
    reader.ok("place", "add", str(third))
    [carried] = third.rglob(sent.name)
    assert carried.read_bytes() == sent.read_bytes()


def test_a_major_version_to_come_stops_its_own_stream_until_the_program_is_newer(
    peer: tuple[Team, Villain],
) -> None:
    team, later = peer
    a, b = team.homes
    later.send([later.op(value='"known"')])
    later.send([later.op(value='"from the next major"', lam=2_000)], format="2.0", shape="unheard of")
    for day in range(2):
        for number, cli in enumerate(team.homes):
            cli.ok("add", f"honest {number} {day}")
        team.sync()
    for cli in team.homes:
        assert cli("sync").code == 3
        status = cli("status", "--json").json
        [row] = status["waiting"]
        assert (row["device"], row["seq"], row["reason"]) == (later.dev, 2, "newer")
        assert status["quarantined"] == [], "nobody is to blame"
        titles = set(exported(cli))
        assert "known" in titles
        assert "from the next major" not in titles
        assert {f"honest {number} {day}" for number in range(2) for day in range(2)} <= titles
    upgraded = Program(NEXT_MAJOR, a.home)
    upgraded.ok("sync")
    assert upgraded.ok("status", "--json").json["waiting"] == []
    assert "from the next major" in exported(upgraded)
    assert b("status", "--json").json["waiting"], "who is not upgraded goes on waiting"
