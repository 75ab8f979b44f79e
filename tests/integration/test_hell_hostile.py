"""Day twelve from hell: a peer who means harm. Refused with evidence or taken for plain data; nobody else is hurt."""

from __future__ import annotations

import os
import resource
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.integration.team import Team, make_team
from tests.integration.villain import Villain

__all__ = ["make_team"]

MEMORY = 300 * 1024  # KiB that looking at anything may cost at most
SECONDS = 20


@pytest.fixture
def team(make_team: Callable[[int], Team]) -> Team:
    return make_team(2)


@pytest.fixture
def villain(team: Team, tmp_path: Path) -> Villain:
    return Villain(team.share, tmp_path / "villain").enter()


def unharmed(team: Team) -> None:
    """See that the honest go on as if nothing were there, within bounds of time and memory."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    for number, cli in enumerate(team.homes):
        cli.ok("add", f"honest {number}")
    exported = team.agree()
    assert all(f"honest {number}" in exported for number in range(len(team.homes)))
    assert time.monotonic() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY
    for cli in team.homes:
        for words in (["list"], ["status"], ["log"], ["doctor"], ["list", "--json"]):
            said = cli(*words)
            assert said.code in (0, 3, 4), (words, said.err)
            assert "\x1b" not in said.out + said.err, words
            assert not (cli.home / "sameboat.log").exists(), (cli.home / "sameboat.log").read_text()


def refused(team: Team) -> list[str]:
    """Return why files were refused, after seeing that both homes say so and keep them as evidence."""
    reasons = []
    for cli in team.homes:
        told = cli("sync", "--json")
        assert told.code == 4
        files = cli("status", "--json").json["quarantined"]
        assert files
        reasons = [file["reason"] for file in files]
        assert cli("status").err.strip()
    return reasons


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


LIES: dict[str, Callable[[Villain], object]] = {
    "not a number": lambda v: v.send([v.op(value="NaN")]),
    "an endless number in a list": lambda v: v.send([v.op("custom/infinite", "[1e999]")]),
    "a number of 5,000 digits in a list": lambda v: v.send([v.op("custom/long", "[" + "9" * 5_000 + "]")]),
    "ten thousand deep": lambda v: v.send([v.op("custom/x", deep(10_000))]),
    "a key twice": lambda v: v.send([v.op()[:-1] + b',"lam":7}']),
    "no JSON at all": lambda v: v.send([b"\x00\xff\xfe DROP TABLE op"]),
    "a line that is a list": lambda v: v.send([b"[]"]),
    "spaces where none belong": lambda v: v.send([v.op().replace(b":", b": ")]),
    "a parent that is no dot": lambda v: v.send([v.op(parents='["../../etc/passwd"]')]),
    "an entity that is a path": lambda v: v.send([v.op(ent='"../../etc/passwd"')]),
    "a kind that is SQL": lambda v: v.send([v.op(kind='"item; DROP TABLE op; --"')]),
    "a Lamport time beyond all": lambda v: v.send([v.op(lam=2**63)]),
    "a time before time": lambda v: v.send([v.op(wt=-1)]),
    "a change of the future": lambda v: v.send([v.op(change=99)]),
    "an endless line": lambda v: v.send([v.op(value='"' + "x" * 2_000_000 + '"')]),
    "a body that is a bomb": lambda v: v.send(
        [v.op()], packed=zstandard.ZstdCompressor(level=19).compress(bytes(1_000_000_000))
    ),
    "a bomb that admits to it": lambda v: v.send(
        [v.op()], packed=zstandard.ZstdCompressor(level=19).compress(bytes(1_000_000_000)), raw=1_000_000_000
    ),
    "a body that is not zstd": lambda v: v.send([v.op()], packed=b"PK\x03\x04 something else"),
    "fewer ops than it says": lambda v: v.send([v.op()], to=1_000),
    "another workspace's": lambda v: v.send([v.op()], ws="0" * 26),
    "another device's": lambda v: v.send([v.op()], dev="0000000000"),
    "a history that is not its own": lambda v: v.send([v.op()], prev="ab" * 32),
    "a tail that is not its own": lambda v: v.send([v.op()], tail="ab" * 32),
    "a header that is huge": lambda v: v.send([v.op()], program="x" * 100_000),
    "a number as large as a book": lambda v: v.send([v.op()], extra=10**400),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_with_its_evidence_and_hurts_nobody(team: Team, villain: Villain, lie: str) -> None:
    villain.send([villain.op(value='"before"')])
    LIES[lie](villain)
    assert refused(team)
    unharmed(team)
    for cli in team.homes:
        assert {one["title"] for one in cli.ok("list", "--json").json} == {"before", "honest 0", "honest 1"}


def test_what_lies_about_is_never_opened(team: Team, villain: Villain, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for the share")
    names = {
        "link": f"d/{villain.dev}.{villain.inc}/1-1.{'a' * 16}.seg",
        "pipe": f"d/{villain.dev}.{villain.inc}/1-1.{'b' * 16}.seg",
        "device": f"d/{villain.dev}.{villain.inc}/1-1.{'c' * 16}.seg",
        "folder": f"d/{villain.dev}.{villain.inc}/1-1.{'d' * 16}.seg",
        "sparse": f"d/{villain.dev}.{villain.inc}/1-1.{'e' * 16}.seg",
    }
    (team.share / names["link"]).symlink_to(secret)
    os.mkfifo(team.share / names["pipe"])
    if os.geteuid() == 0:
        os.mknod(team.share / names["device"], stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero
    (team.share / names["folder"]).mkdir()
    villain.sparse(names["sparse"], 10 * 1024**3)
    os.mkfifo(team.share / "h" / f"{villain.dev}.{villain.inc}.7.{'a' * 8}")
    villain.seq, villain.link = 1, "ab" * 32
    villain.promise()
    outside = tmp_path / "outside"
    outside.mkdir()
    (team.share / "d" / "e1se00000000.bad00000").symlink_to(outside)
    villain.put(f"h/e1se00000000.bad00000.3.{'b' * 32}", b"")
    for name in (
        "h/..%2f..%2fevil",
        "h/con",
        "h/aux.txt",
        "h/\u202egpj.exe",
        "h/a\nb",
        "h/-rf",
        "d/..\\..\\evil",
        "h/" + "x" * 250,
    ):
        villain.put(name, b"evil")
    before = sorted(tmp_path.rglob("*"))
    unharmed(team)
    assert [path for path in outside.iterdir()] == []
    assert secret.read_text() == "not for the share"
    gone = set(before) - set(tmp_path.rglob("*"))
    assert all(path.parent.name == "h" or path.suffix == ".seg" for path in gone), gone
    told = team.homes[0]("sync", "--json").json
    assert any(one["what"] == "irregular" for one in told["places"][0]["odd"])


def test_what_is_merely_rude_is_plain_data(team: Team, villain: Villain) -> None:
    rude = '"\\u001b]0;owned\\u0007\\u001b[2J[bold red]x[/] [@click=app.quit]y[/] \\u202e"'
    villain.send(
        [
            villain.op(value=rude),
            villain.op("description", rude),
            villain.op("labels/\\u001b[2J", "true"),
            villain.op('x"; DROP TABLE op; --', "1"),
            villain.op("__proto__", '{"a":1}'),
            villain.op("status", '{"rank":"a1","status":"nowhere"}'),
            villain.op("place", '{"rank":7,"status":[]}'),
            villain.op("due", '"2026-99-99"'),
            villain.op("custom/large", "[1e308]"),
            villain.op("unheard-of", '{"large":-1e308}'),
            villain.op("custom/long", "[" + "9" * 300 + "]"),
            villain.op("priority", "1e300"),
            villain.op("parent", '"ev11000000000000"'),
            villain.op(kind='"planet"', field='"mass"', value="1"),
            villain.op("title", '"last"', lam=2**53 - 1, parents='["v1perz000000.bad00000.1"]'),
        ]
    )
    unharmed(team)
    for cli in team.homes:
        assert cli("sync").code == 0
        # Whoever jumped to the end of Lamport's time keeps nobody from writing after it.
        [evil] = [one for one in cli.ok("list", "--json").json if one["entity"] == "ev11000000000000"]
        assert evil["title"] == "last"
    team.homes[0].ok("set", "ev11000000000000", "title=put right")
    assert "put right" in team.agree()
    assert [one["title"] for one in team.homes[1].ok("list", "put right", "--json").json] == ["put right"]


def test_an_author_that_is_somebody_else_is_shown_with_the_device_it_came_from(
    team: Team, villain: Villain
) -> None:
    me = next(line["member"] for line in team.homes[0].ok("log", "--json").lines if line["member"])
    villain.send([villain.op(value='"signed by another"', by=f'"{me}"')])
    unharmed(team)
    told = [line for line in team.homes[1].ok("log", "--json").lines if line["device"] == villain.dev]
    assert len(told) == 1, "the device tells who it was"


def test_an_honest_stream_written_by_another_key_is_refused(team: Team, tmp_path: Path) -> None:
    a, b = team.homes
    status = a.ok("status", "--json").json
    impostor = Villain(team.share, tmp_path / "impostor", status["device"], status["incarnation"])
    (head,) = [
        name for name in team.files() if name.startswith(f"h/{status['device']}.{status['incarnation']}.")
    ]
    seq = int(head.split(".")[2])
    segments = [name for name in team.files("*.seg") if status["device"] in name]
    assert segments
    impostor.seq = seq
    impostor.link = _link(team, segments, seq)
    impostor.send([impostor.op(value='"in your name"')])
    told = b("sync", "--json")
    assert told.code == 4
    assert {file["reason"] for file in told.json["quarantined"]} <= {"signature", "key"}
    assert "in your name" not in b.ok("export").out
    # The honest one sees a head it never wrote, and is neither stopped nor made to lose anything.
    a.ok("add", "still here")
    for _ in range(3):
        a("sync")
        b("sync")
    assert "still here" in b.ok("list").out


def _link(team: Team, segments: list[str], seq: int) -> str:
    """Return the link after an op, as the stream's last segment states it."""
    from sync.segment import parse_header

    for name in segments:
        header = parse_header((team.share / name).read_bytes().split(b"\n")[0])
        if header.last == seq:
            return header.tail
    raise AssertionError("no segment ends there")


def test_a_segment_that_was_rewritten_is_refused_by_who_has_read_it(team: Team, villain: Villain) -> None:
    path = villain.send([villain.op(value='"first"')])
    team.sync()
    path.unlink()
    for head in team.share.glob(f"h/{villain.dev}.*"):
        head.unlink()
    villain.seq, villain.link = 0, ""
    villain.send([villain.op(value='"rewritten"'), villain.op(value='"and more"')])
    for cli in team.homes:
        cli("sync")
        assert "first" in cli.ok("log").out
    unharmed(team)


if sys.platform == "win32":
    pytest.skip("links, pipes and devices are made as POSIX makes them", allow_module_level=True)
