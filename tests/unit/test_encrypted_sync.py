"""Sync of an encrypted workspace: it works as any other, and the folder holds nothing that anyone could read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from store import places, queries
from store.database import Store
from store.export import export_lines
from sync import names, segment
from sync.encryption import sealing
from sync.encryption.generations import Generation
from sync.encryption.keyring import Keyring
from sync.encryption.setting import set_encrypted
from sync.engine import Engine, sync_once
from sync.names import LINK_DIGITS
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import Listing
from sync.trust.keys import load_keys
from tests.conftest import add_item

Join = Callable[[str], Store]
TITLE = "定价页文案 quarterly secret"


def encrypt(store: Store, generations: tuple[Generation, ...] = ()) -> Keyring:
    """Make a home's workspace an encrypted one, with keys of its own or those given."""
    set_encrypted(store)
    ring = Keyring(store.home)
    if generations:
        ring.enter(generations)
    else:
        ring.start()
    return ring


@pytest.fixture
def pair(store: Store, teammate: Join, folder: Path) -> tuple[Store, Store]:
    """Two replicas of an encrypted workspace whose every op is in one folder."""
    other = teammate("Bob")
    encrypt(other, encrypt(store).generations)
    for each in (store, other):
        create_share(str(folder), each)
    for each in (store, other, store):
        sync_once(each)
    return store, other


def base(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def told(folder: Path) -> bytes:
    """Return everything in a folder that whoever stores it can make out: names, bytes, and whatever unpacks."""
    found = b""
    for path in sorted(folder.rglob("*")):
        found += str(path.relative_to(folder)).encode() + b"\n"
        if path.is_file():
            data = path.read_bytes()
            found += data + b"\n"
            for match in re.finditer(re.escape(zstandard.FRAME_HEADER), data):
                try:
                    found += zstandard.ZstdDecompressor().decompressobj().decompress(data[match.start() :])
                except zstandard.ZstdError:
                    continue
    return found


def test_an_edit_travels_and_both_end_the_same(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    add_item(ann, TITLE)
    sent, received = sync_once(ann), sync_once(bob)
    assert sent.pushed == received.pulled > 0
    assert sent.exit_code == received.exit_code == 0
    assert titles(bob) == {TITLE}
    assert list(export_lines(ann)) == list(export_lines(bob))


def test_the_search_for_plain_words_would_find_them(store: Store, folder: Path) -> None:
    """What the next test relies on: in a workspace that is not encrypted the same search finds everything."""
    create_share(str(folder), store)
    add_item(store, TITLE)
    sync_once(store)
    found = told(folder)
    assert TITLE.encode() in found
    assert "林平".encode() in found


def test_the_folder_holds_no_word_no_key_and_no_link(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    add_item(ann, TITLE, description="结账页改版 by friday", labels=["launch"])
    for each in (ann, bob, ann):
        sync_once(each)
    found = told(folder)
    # None so short that chance would spell it in a ciphertext or a signature now and then.
    for word in (TITLE, "定价页", "quarterly", "林平", "Apollo", "待办", "Backlog", "launch", "title"):
        assert word.encode() not in found, word
    for each in pair:
        stored = json.loads((Path(each.home) / "keys.json").read_text())
        for secret in (stored["sign"], stored["seal"], stored["workspace_keys"][0]["secret"]):
            assert secret.encode() not in found
            assert bytes.fromhex(secret) not in found
        ring = Keyring(each.home)
        assert ring.generations[0].key.recipient.encode() not in found
        for stream in each.streams():
            if stream.tail:
                assert stream.tail.encode() not in found
                assert stream.tail[: LINK_DIGITS + 1].encode() not in found
    rows = "\n".join(map(str, ann.conn.iterdump()))
    assert Keyring(ann.home).generations[0].key.secret.hex() not in rows


def test_a_home_without_the_key_waits_and_sends_nothing(pair: tuple[Store, Store], folder: Path) -> None:
    ann, _ = pair
    path = Path(ann.home) / "keys.json"
    fields = json.loads(path.read_text())
    kept = fields.pop("workspace_keys")
    path.write_text(json.dumps(fields))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    add_item(ann, TITLE)
    report = sync_once(ann)
    assert (report.places[0].paused, report.exit_code) == ("no-key", 3)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    path.write_text(json.dumps({**fields, "workspace_keys": kept}))
    assert sync_once(ann).pushed > 0


def test_what_is_encrypted_with_a_key_not_here_is_waited_for(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    engine = Engine(bob)
    engine.sync()
    made = Keyring(ann.home).rotate({}, [])
    add_item(ann, TITLE)
    sync_once(ann)
    report = engine.sync()
    assert [(row.dev, row.reason) for row in report.waiting] == [(ann.device, "no-key")]
    assert report.exit_code == 3
    Keyring(bob.home).accept([made.generation])
    report = engine.sync()
    assert (report.waiting, report.exit_code) == ((), 0)
    assert titles(bob) == {TITLE}


@pytest.mark.parametrize("enc", ["", "pq", "age2", None, 7, ["age"]])
def test_no_folder_talks_a_home_into_sending_in_the_clear(
    pair: tuple[Store, Store], folder: Path, enc: object
) -> None:
    ann, _ = pair
    sentinel = base(folder) / "ws.json"
    sentinel.write_text(json.dumps({**json.loads(sentinel.read_text()), "enc": enc}))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    add_item(ann, TITLE)
    report = sync_once(ann)
    assert report.places[0].paused == ("unencrypted" if enc == "" else "newer")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_folder_where_the_share_is_made_anew_is_encrypted_too(
    pair: tuple[Store, Store], tmp_path: Path
) -> None:
    ann, _ = pair
    second = tmp_path / "second"
    second.mkdir()
    create_share(str(second), ann)
    add_item(ann, TITLE)
    assert sync_once(ann).exit_code == 0
    assert json.loads((base(second) / "ws.json").read_text())["enc"] == "age"
    assert TITLE.encode() not in told(second)


def test_a_segment_in_the_clear_is_none_of_the_workspaces_whoever_signed_it(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, bob = pair
    add_item(ann, TITLE)
    sync_once(ann)
    newest = max(
        base(folder).glob(f"d/{ann.device}.*/*.seg"), key=lambda path: int(path.name.partition("-")[0])
    )
    parsed = names.parse_segment(ann.device, ann.incarnation, newest.name)
    assert parsed is not None
    key = Keyring(ann.home).key
    keys = load_keys(ann.home)
    found = sealing.unwrap(newest.read_bytes(), parsed, ann.workspace, key, keys.public)
    name, _, plain = segment.encode(
        found.header.stream, found.header.first, found.header.prev, found.lines, keys=keys
    )
    newest.unlink()
    (newest.parent / name.path.rpartition("/")[2]).write_bytes(plain)
    report = sync_once(bob)
    assert [file.reason for file in report.quarantined] == ["unsealed"]
    assert places.evidence(bob, 1, name.path) == plain
    assert titles(bob) == set()


def test_an_idle_look_costs_no_more_than_without_encryption(pair: tuple[Store, Store]) -> None:
    ann, _ = pair
    calls: list[str] = []

    class Counting(FolderTransport):
        def list(self, folder: str) -> Listing:
            calls.append(f"list {folder}")
            return super().list(folder)

        def read(self, name: str, limit: int) -> bytes:
            calls.append(f"read {name}")
            return super().read(name, limit)

    engine = Engine(
        ann, transports=lambda url, store: Counting(url, names.share_name(store.workspace), store.device)
    )
    engine.sync()
    calls.clear()
    engine.sync()
    assert calls == ["read ws.json", "list h"]
