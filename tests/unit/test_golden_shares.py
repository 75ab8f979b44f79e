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
from sync.encryption.invite import read_invite
from tests.golden import ENCRYPTED, EXPECTED, FORKED, INVITATION, PLAIN, SEAL
from tests.golden.reading import join
from tests.second_reader import Share, State, read_share
from tests.second_reader.comparing import differences, faults
from tests.second_reader.sealed import Keys, label, read_invitation
from tests.second_reader.share import PausedError, signed_head

SHARES = (PLAIN, ENCRYPTED, FORKED)


def expected(golden: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((golden / EXPECTED).read_text(encoding="utf-8"))
    return found


def invitation(golden: Path) -> str:
    path = golden / INVITATION
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


@pytest.fixture(params=SHARES, ids=lambda golden: golden.name)
def golden(request: pytest.FixtureRequest) -> Path:
    found = request.param
    assert isinstance(found, Path)
    return found


def second(golden: Path) -> Share:
    code = invitation(golden)
    return read_share(golden / "folder", read_invitation(code).keys if code else None)


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
        for op in sorted(share.read, key=lambda op: op.dot)
    ]  # fmt: skip
    assert found == [[dot, json.loads(line)] for dot, line in expected(golden)["ops"]]
    assert len(found) > 30


def test_the_second_reader_shows_the_same_state(golden: Path) -> None:
    assert differences(State(second(golden).ops), expected(golden)["export"][1:]) == []


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


def test_a_history_that_forks_twice_gives_the_streams_that_are_expected() -> None:
    [tree] = [stream.tree for stream in second(FORKED).streams.values() if stream.tree.branches]
    assert len(tree.all()) == 5, "one stream to the first fork, two after it, of which one forks again"
    assert {f"{one.dev}.{one.inc}" for one in tree.all()} <= {
        dot.rpartition(".")[0] for dot, _ in expected(FORKED)["ops"]
    }
    titles = {row["fields"].get("title") for row in expected(FORKED)["export"][1:]}
    assert {"made in the second place", "made in the third place", "gone here", "gone elsewhere"} <= titles


def keys_by(way: str) -> Keys:
    """Return the keys that the encrypted share is read with: by the invitation, or by a member's key files."""
    if way == "invitation":
        return read_invitation(invitation(ENCRYPTED)).keys
    device, secret = (ENCRYPTED / SEAL).read_text(encoding="ascii").split()
    share = read_share(ENCRYPTED / "folder", {}, (device, bytes.fromhex(secret)))
    assert share.wrapped
    return share.wrapped


def test_the_encrypted_share_is_read_with_all_its_keys_and_not_without() -> None:
    assert keys_by("invitation") == keys_by("key files")
    assert len(keys_by("invitation")) == 2, "the key was changed once"
    with pytest.raises(PausedError):
        read_share(ENCRYPTED / "folder")
    with pytest.raises(PausedError):
        read_share(PLAIN / "folder", keys_by("invitation"))
    blind = read_share(ENCRYPTED / "folder", {})
    assert not blind.ops
    assert {verdict for verdict, _ in blind.verdicts.values()} == {"waiting"}
    first, last = sorted(keys_by("invitation"))
    early = read_share(ENCRYPTED / "folder", {first: keys_by("invitation")[first]})
    titles = {op.value for op in early.ops if op.field == "title"}
    assert {"written before", "written after"} <= titles, "of the revocation nothing can be read"
    assert "with a new key, too" not in titles
    titles = {op.value for op in second(ENCRYPTED).ops if op.field == "title"}
    assert {"written before", "with a new key, too"} <= titles
    assert "written after" not in titles
    assert last.startswith("age:2:")


def test_both_read_the_same_invitation() -> None:
    code = invitation(ENCRYPTED)
    ours, theirs = read_invite(code), read_invitation(code)
    assert (ours.workspace, ours.root, ours.root_key.hex()) == (
        theirs.workspace,
        theirs.root,
        theirs.root_key,
    )
    assert theirs.keys == {
        label(one.number, one.key.secret): one.key.secret for one in (*ours.generations, *ours.readable)
    }


def test_a_snapshot_and_the_tail_are_what_every_op_gives() -> None:
    share = second(ENCRYPTED)
    [snapshot] = share.snapshots
    assert faults(snapshot, share.ops) == []
    assert snapshot.past
    assert len(snapshot.ops) < snapshot.header["ops"] < len(share.ops)
    tail = [op for op in share.ops if op.seq > snapshot.vector.get((op.dev, op.inc), (0, ""))[0]]
    begun = [op for op in snapshot.ops if op.dot not in snapshot.past]
    assert State([*begun, *tail]).heads == State(share.ops).heads
