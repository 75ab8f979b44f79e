"""Old shares stay readable for ever, by this program and by one that was written from the documents alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store.export import export_lines, state_hash
from store.oplog import ops_after, streams
from store.ops import encode_line
from store.places import quarantined, waiting
from tests.golden import EXPECTED, INVITATION, PLAIN
from tests.golden.reading import join
from tests.second_reader import Share, State, read_share
from tests.second_reader.share import signed_head

SHARES = (PLAIN,)
MAPS = ("custom", "accepted")


def expected(golden: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((golden / EXPECTED).read_text(encoding="utf-8"))
    return found


def invitation(golden: Path) -> str:
    path = golden / INVITATION
    return path.read_text(encoding="ascii") if path.exists() else ""


@pytest.fixture(params=SHARES, ids=lambda golden: golden.name)
def golden(request: pytest.FixtureRequest) -> Path:
    found = request.param
    assert isinstance(found, Path)
    return found


def second(golden: Path) -> Share:
    return read_share(golden / "folder")


def test_the_program_reads_the_ops_and_the_state_that_were_once_written(golden: Path, tmp_path: Path) -> None:
    wanted = expected(golden)
    with join(golden / "folder", tmp_path, invitation(golden)) as store:
        ops = [
            [f"{dev}.{inc}.{op.seq}", encode_line(op).decode()]
            for dev, inc in sorted(streams(store))
            for op in ops_after(store, dev, inc, 0, 1_000_000)
        ]
        assert ops == wanted["ops"]
        assert state_hash(store) == wanted["state_hash"]
        assert [json.loads(line) for line in export_lines(store)] == wanted["export"]


def test_the_second_reader_reads_the_same_ops(golden: Path) -> None:
    share = second(golden)
    found = [
        [f"{op.dev}.{op.inc}.{op.seq}", {"lam": op.lam, "wt": op.wt, "by": op.by, "kind": op.kind, "ent": op.ent,
          "field": op.field, "value": op.value, "parents": [f"{dev}.{inc}.{seq}" for dev, inc, seq in op.parents],
          "change": op.change, **op.extra}]
        for op in sorted(share.ops, key=lambda op: op.dot)
    ]  # fmt: skip
    assert found == [[dot, json.loads(line)] for dot, line in expected(golden)["ops"]]
    assert len(found) > 30


def test_the_second_reader_shows_the_same_state(golden: Path) -> None:
    state = State(second(golden).ops)
    told: set[tuple[str, str, str]] = set()
    for entity in expected(golden)["export"][1:]:
        kind, ent = entity["kind"], entity["id"]
        assert state.trashed(kind, ent) == entity.get("trashed", False)
        for field, value in entity.get("fields", {}).items():
            told.add((kind, ent, field))
            if isinstance(value, list):
                assert state.elements(kind, ent, field) == value
            elif field in MAPS:
                assert {key: state.shown(kind, ent, f"{field}/{key}") for key in value} == value
            elif field == "parent":
                assert state.parents(kind)[ent] == value
            elif (kind, ent, field) in state.heads:
                assert state.shown(kind, ent, field) == value
        for field, values in entity.get("other", {}).items():
            told.add((kind, ent, field))
            assert sorted(map(str, (head.value for head in state.heads[kind, ent, field]))) == sorted(
                map(str, values)
            )
        split = {
            field: found for (of, at, field), found in state.divergences().items() if (of, at) == (kind, ent)
        }
        wanted = entity.get("divergences", {})
        assert {field: sorted(map(str, found)) for field, found in split.items()} == {
            field: sorted(map(str, found)) for field, found in wanted.items()
        }
    for kind, ent, field in state.heads:  # and nothing that the program does not show
        name = field.partition("/")[0]
        shown = state.shown(kind, ent, field)
        cut = field == "parent" and ent not in state.parents(kind)
        assert (kind, ent, name) in told or shown in (None, False) or name == "trash" or cut, (
            kind,
            ent,
            field,
        )


def test_every_head_is_signed(golden: Path) -> None:
    share = second(golden)
    assert all(signed_head(share, stream, head) for stream in share.streams.values() for head in stream.heads)


def test_what_is_late_wrong_or_newer_is_told_apart_by_both(tmp_path: Path) -> None:
    share = second(PLAIN)
    verdicts = {path: verdict for path, (verdict, _) in share.verdicts.items()}
    assert sorted(verdicts.values()) == ["newer", "waiting", "wrong"]
    assert [name.rpartition(".")[2] for name in share.strangers] == ["seg"]
    with join(PLAIN / "folder", tmp_path, "") as store:
        wrong = {file.name for file in quarantined(store)}
        stuck = {(row.dev, row.inc): (row.seq, row.reason) for row in waiting(store)}
    assert wrong == {path for path, verdict in verdicts.items() if verdict == "wrong"}
    behind = {
        name: len(stream.ops) + 1 for name, stream in share.streams.items() if len(stream.ops) < stream.reach
    }
    assert {name: seq for name, (seq, _) in stuck.items()} == behind
    assert sorted(reason for _, reason in stuck.values()) == ["newer", "quarantined", "short"]


def test_the_plain_share_holds_what_is_hard_to_read() -> None:
    wanted = expected(PLAIN)
    exported = {row.get("id", ""): row for row in wanted["export"]}
    assert sum(row.get("trashed", False) for row in exported.values()) == 1
    assert sum(row.get("banner", False) for row in exported.values()) == 1
    assert any("divergences" in row for row in exported.values())
    assert {row["kind"] for row in exported.values() if "other" in row} == {"item", "hologram"}
    joined = [
        path
        for path in PLAIN.rglob("*.seg")
        if len(expected(PLAIN)["ops"]) > 30 and path.name.startswith("1-")
    ]
    assert len(joined) >= 3
