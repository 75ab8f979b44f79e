"""What sync does when the folder is fine, late, wrong, foreign, or gone."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from store import commands, places, queries
from store.database import Store
from store.errors import StoreError
from store.export import export_lines, state_hash
from store.oplog import streams
from sync import engine as engine_module
from sync import names, push, segment
from sync.engine import Engine, sync_once
from sync.links import link_from_log
from sync.lock import home_lock
from sync.places.folder import FolderTransport
from sync.places.share import create_share, folder_transport, open_share
from sync.places.transport import TransportError
from sync.segment import StreamId
from sync.state import sync_state
from sync.trust.keys import Keys, load_keys
from sync.trust.statements import identity_hash, identity_line
from tests.conftest import add_item

Join = Callable[[str], Store]


def base(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def segments(folder: Path, store: Store) -> list[Path]:
    """Return a device's segments, oldest first."""
    found = base(folder).glob(f"d/{store.device}.*/*.seg")
    return sorted(found, key=lambda path: int(path.name.partition("-")[0]))


def heads(folder: Path, store: Store) -> list[Path]:
    return sorted(base(folder).glob(f"h/{store.device}.*"))


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_edit_travels_and_both_end_the_same(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    add_item(ann, "定价页文案")
    sent = sync_once(ann)
    received = sync_once(bob)
    assert sent.pushed == received.pulled > 0
    assert received.changes.touches("item")
    assert titles(bob) == {"定价页文案"}
    assert list(export_lines(ann)) == list(export_lines(bob))
    assert sent.exit_code == received.exit_code == 0


def test_one_edit_is_two_small_files(pair: tuple[Store, Store], folder: Path) -> None:
    ann, _ = pair
    before = set(snapshot(folder))
    add_item(ann)
    sync_once(ann)
    after = snapshot(folder)
    added = set(after) - before
    assert len(added) == 2
    assert all(len(after[path]) < 2_000 for path in added)
    assert len(heads(folder, ann)) == 1


def test_nothing_new_writes_nothing_anywhere(pair: tuple[Store, Store], folder: Path) -> None:
    ann, _ = pair
    engine = Engine(ann)
    engine.sync()
    ann.poll()
    files = {path: os.stat(path).st_mtime_ns for path in snapshot(folder)}
    changes = ann.conn.total_changes
    report = engine.sync()
    assert (report.pushed, report.pulled, report.exit_code) == (0, 0, 0)
    assert ann.conn.total_changes == changes
    assert {path: os.stat(path).st_mtime_ns for path in snapshot(folder)} == files


def test_an_idle_look_reads_the_sentinel_and_one_listing(pair: tuple[Store, Store], folder: Path) -> None:
    ann, _ = pair
    calls: list[str] = []

    class Counting(FolderTransport):
        def list(self, folder: str) -> object:  # type: ignore[override]
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


def test_private_drafts_stay_at_home_until_they_are_shared(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    draft = commands.create(ann, "item", {"title": "secret draft"}, private=True).ids[0]
    assert sync_once(ann).pushed == 0
    sync_once(bob)
    assert titles(bob) == set()
    commands.share(ann, [draft])
    sync_once(ann)
    sync_once(bob)
    assert titles(bob) == {"secret draft"}
    assert state_hash(ann) == state_hash(bob)
    private = {f"{each.device}.{each.incarnation}p" for each in pair}
    assert not private & {path.name for path in base(folder).glob("d/*")}


@pytest.mark.parametrize("damage", ["missing", "short", "zero-filled", "empty"])
def test_what_is_late_is_waited_for_and_holds_up_nobody_else(
    store: Store, teammate: Join, folder: Path, damage: str
) -> None:
    ann, bob, cai = store, teammate("Bob"), teammate("Cai")
    for each in (ann, bob, cai):
        create_share(str(folder), each)
        sync_once(each)
    add_item(bob, "late")
    sync_once(bob)
    late = segments(folder, bob)[-1]
    whole = late.read_bytes()
    if damage == "missing":
        late.unlink()
    else:
        late.write_bytes({"short": whole[:-3], "zero-filled": bytes(len(whole)), "empty": b""}[damage])
    add_item(cai, "on time")
    sync_once(cai)

    report = sync_once(ann)
    assert titles(ann) == {"on time"}
    assert [(wait.dev, wait.reason) for wait in report.waiting] == [
        (bob.device, "short" if damage == "empty" else damage)
    ]
    assert report.exit_code == 3
    assert not report.quarantined
    since = report.waiting[0].since
    assert sync_once(ann).waiting[0].since == since
    assert [peer.waiting for peer in sync_state(ann).peers if peer.device == bob.device] != [""]

    late.write_bytes(whole)
    report = sync_once(ann)
    assert titles(ann) == {"late", "on time"}
    assert not report.waiting
    assert report.exit_code == 0


def test_a_gap_is_not_jumped(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    for title in ("one", "two"):
        add_item(ann, title)
        sync_once(ann)
    middle = segments(folder, ann)[-2]
    kept = middle.read_bytes()
    middle.unlink()
    report = sync_once(bob)
    assert titles(bob) == set()
    assert [wait.reason for wait in report.waiting] == ["missing"]
    middle.write_bytes(kept)
    sync_once(bob)
    assert titles(bob) == {"one", "two"}


def forge(
    folder: Path,
    author: Store,
    lines: list[bytes],
    reader: Store,
    *,
    ws: str = "",
    dev: str = "",
    prev: str = "",
    keys: Keys | None = None,
) -> Path:
    """Put a segment with a right hash, where `author`'s next one belongs, and a head that tells of it.

    It is signed by the author, or with other `keys`.
    """
    key = (author.device, author.incarnation)
    seq = streams(reader)[key].seq
    origin = StreamId(ws or author.workspace, dev or key[0], key[1])
    keys = keys or load_keys(author.home)
    name, header, data = segment.encode(
        origin, seq + 1, prev or link_from_log(reader, *key, seq), lines, keys=keys
    )
    path = base(folder) / name._replace(dev=key[0]).path
    path.write_bytes(data)
    head = names.HeadName.of(*key, header.last, header.tail)
    (base(folder) / head.path).write_bytes(b"{}")
    return path


LINE = (
    b'{"lam":99,"wt":1795000000000,"by":"0000000000000000","kind":"item","ent":"0123456789abcdef","field":"title",'
    b'"value":"forged","parents":[],"change":1}'
)


@pytest.mark.parametrize(
    ("lines", "changes", "reason"),
    [
        ([LINE], {"ws": "0" * 26}, "workspace"),
        ([LINE], {"dev": "0000000000"}, "device"),
        ([LINE.replace(b'"parents":[]', b'"parents":["../../x"]')], {}, "bad-op"),
        ([LINE.replace(b'"value":"forged"', b'"value":NaN')], {}, "bad-op"),
        ([LINE.replace(b'"value":"forged"', b'"value":' + b"[" * 10_000 + b"]" * 10_000)], {}, "bad-op"),
        ([b'{"lam":1}'], {}, "bad-op"),
        ([LINE.replace(b'"lam":99', b'"lam":99,"lam":100')], {}, "bad-op"),
    ],
)
def test_what_is_wrong_is_kept_aside_with_its_bytes_and_reason(
    pair: tuple[Store, Store], folder: Path, lines: list[bytes], changes: dict[str, str], reason: str
) -> None:
    ann, bob = pair
    path = forge(folder, bob, lines, ann, **changes)
    before = state_hash(ann)
    report = sync_once(ann)
    assert [(file.name, file.reason) for file in report.quarantined] == [
        (str(path.relative_to(base(folder))), reason)
    ]
    assert report.exit_code == 4
    place = places.places(ann)[0]
    assert places.evidence(ann, place.n, report.quarantined[0].name) == path.read_bytes()
    assert state_hash(ann) == before
    add_item(ann, "still working")
    assert sync_once(ann).pushed > 0


STRANGER = Keys({"sign": "5a" * 32})


def identities(folder: Path, store: Store) -> list[Path]:
    return sorted(base(folder).glob(f"d/{store.device}.*/id.*.json"))


def claim(folder: Path, store: Store, keys: Keys, inc: str = "") -> Path:
    """Put an identity file that says a device has other keys where its own one lies."""
    origin = StreamId(store.workspace, store.device, inc or store.incarnation)
    data = identity_line(origin, member=store.member, program="", seal="", keys=keys)
    path = base(folder) / names.identity_path(origin.dev, origin.inc, identity_hash(data))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("forger", ["a stranger", "a teammate"])
def test_what_another_key_signed_is_not_the_devices(
    pair: tuple[Store, Store], folder: Path, forger: str
) -> None:
    ann, bob = pair
    keys = STRANGER if forger == "a stranger" else load_keys(ann.home)
    path = forge(folder, bob, [LINE], ann, keys=keys)
    report = sync_once(ann)
    assert [(file.name, file.reason) for file in report.quarantined] == [
        (str(path.relative_to(base(folder))), "signature")
    ]
    assert titles(ann) == set()
    add_item(bob, "honest")
    sync_once(bob)
    report = sync_once(ann)
    assert titles(ann) == {"honest"}
    assert not report.waiting


def test_a_device_keeps_the_key_it_was_met_with(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    add_item(bob, "bob")
    sync_once(bob)
    sync_once(ann)
    known = places.pins(ann)[bob.device].key
    claimed = claim(folder, bob, STRANGER)
    add_item(bob, "still bob")
    sync_once(bob)
    assert sync_once(ann).exit_code == 0
    # A new life of the device is no way to a new key either.
    other = claim(folder, bob, STRANGER, inc="0ther")
    origin = StreamId(bob.workspace, bob.device, "0ther")
    name, header, data = segment.encode(origin, 1, "", [LINE], keys=STRANGER)
    (base(folder) / name.path).write_bytes(data)
    (base(folder) / names.HeadName.of(bob.device, "0ther", 1, header.tail).path).write_bytes(b"{}")
    report = sync_once(ann)
    assert {(Path(file.name).name, file.reason) for file in report.quarantined} == {
        (other.name, "key"), (Path(name.path).name, "signature"),
    }  # fmt: skip
    assert report.exit_code == 4
    assert titles(ann) == {"bob", "still bob"}
    assert places.pins(ann)[bob.device].key == known
    assert claimed.exists()


@pytest.mark.parametrize("damage", ["missing", "short", "zero-filled", "empty"])
def test_a_device_that_is_not_introduced_yet_is_waited_for(
    store: Store, teammate: Join, folder: Path, damage: str
) -> None:
    ann, bob = store, teammate("Bob")
    for each in (ann, bob):
        create_share(str(folder), each)
    add_item(bob, "late")
    sync_once(bob)
    (path,) = identities(folder, bob)
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"short": whole[:-3], "zero-filled": bytes(len(whole)), "empty": b""}[damage])
    report = sync_once(ann)
    assert [(wait.dev, wait.reason) for wait in report.waiting] == [(bob.device, "identity")]
    assert not report.quarantined
    assert titles(ann) == set()
    path.write_bytes(whole)
    assert sync_once(ann).exit_code == 0
    assert titles(ann) == {"late"}


def test_an_identity_that_was_cleaned_away_is_written_again(pair: tuple[Store, Store], folder: Path) -> None:
    ann, _ = pair
    (path,) = identities(folder, ann)
    whole = path.read_bytes()
    path.unlink()
    sync_once(ann)
    assert identities(folder, ann) == [path]
    assert path.read_bytes() == whole


def test_of_two_who_claim_to_be_a_new_device_neither_is_believed(
    store: Store, teammate: Join, folder: Path
) -> None:
    ann, bob = store, teammate("Bob")
    for each in (ann, bob):
        create_share(str(folder), each)
    add_item(bob, "who is it")
    sync_once(bob)
    claimed = claim(folder, bob, STRANGER)
    report = sync_once(ann)
    assert {file.reason for file in report.quarantined} == {"key"}
    assert len(report.quarantined) == 2
    assert titles(ann) == set()
    claimed.unlink()
    sync_once(ann)
    assert titles(ann) == {"who is it"}


@pytest.mark.parametrize("content", [b"{}\n", b'{"format":"1.0"}\n', b"not json\n"])
@pytest.mark.parametrize("beyond", [0, 5])
def test_a_head_that_a_stranger_put_there_raises_no_alarm(
    pair: tuple[Store, Store], folder: Path, content: bytes, beyond: int
) -> None:
    ann, bob = pair
    stream = streams(ann)[bob.device, bob.incarnation]
    forged = base(folder) / names.HeadName(bob.device, bob.incarnation, stream.seq + beyond, "0" * 32).path
    forged.write_bytes(content)
    add_item(bob, "writes on")
    report = sync_once(bob)
    assert report.pushed > 0
    assert not report.places[0].held
    assert [file.name for file in report.quarantined] == [f"h/{forged.name}"]
    sync_once(ann)
    assert titles(ann) == {"writes on"}


def test_bytes_that_do_not_match_their_name_are_wrong_until_they_do(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, bob = pair
    add_item(bob, "healed")
    sync_once(bob)
    path = segments(folder, bob)[-1]
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1 or 2]))
    assert [file.reason for file in sync_once(ann).quarantined] == ["hash"]
    path.write_bytes(whole)
    report = sync_once(ann)
    assert titles(ann) == {"healed"}
    assert report.exit_code == 0


def test_a_damaged_file_is_forgotten_when_its_ops_came_otherwise(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, bob = pair
    add_item(bob, "once damaged")
    sync_once(bob)
    path = segments(folder, bob)[-1]
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert sync_once(ann).exit_code == 4
    path.unlink()
    add_item(bob, "more")
    sync_once(bob)
    report = sync_once(ann)
    assert titles(ann) == {"once damaged", "more"}
    assert report.exit_code == 0


def test_a_newer_format_freezes_that_stream_only(store: Store, teammate: Join, folder: Path) -> None:
    ann, bob, cai = store, teammate("Bob"), teammate("Cai")
    for each in (ann, bob, cai, ann):
        create_share(str(folder), each)
        sync_once(each)
    stream = streams(ann)[bob.device, bob.incarnation]
    data = b'{"format":"2.0","anything":"else"}\nwhatever'
    name = names.SegmentName(
        bob.device, bob.incarnation, stream.seq + 1, stream.seq + 5, hashlib.sha256(data).hexdigest()[:16]
    )
    (base(folder) / name.path).write_bytes(data)
    (base(folder) / "h" / f"{bob.device}.{bob.incarnation}.{stream.seq + 5}.{'0' * 32}").write_bytes(b"{}")
    add_item(cai, "present day")
    sync_once(cai)
    report = sync_once(ann)
    assert titles(ann) == {"present day"}
    assert [(wait.dev, wait.reason) for wait in report.waiting] == [(bob.device, "newer")]
    assert not report.quarantined


def test_a_crash_between_any_two_writes_is_made_good(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    for step in range(4):
        add_item(ann, f"item {step}")
        done = 0

        def crash(
            self: FolderTransport,
            name: str,
            data: bytes,
            step: int = step,
            real: object = FolderTransport.write,
        ) -> None:
            nonlocal done
            if done == step:
                raise KeyboardInterrupt
            real(self, name, data)  # type: ignore[operator]
            done += 1
            if done == step:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(FolderTransport, "write", crash)
            if step == 3:
                patch.setattr(push, "set_pushed", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
            with pytest.raises(KeyboardInterrupt):
                sync_once(ann)
        add_item(ann, f"later {step}")
        sync_once(ann)
        report = sync_once(bob)
        assert report.exit_code == 0, report
        assert state_hash(ann) == state_hash(bob)
        assert len(heads(folder, ann)) == 1


def test_what_somebody_cleaned_away_is_written_again(
    pair: tuple[Store, Store], teammate: Join, folder: Path
) -> None:
    ann, bob = pair
    add_item(ann, "precious")
    sync_once(ann)
    for path in (*segments(folder, ann), *heads(folder, ann)):
        path.unlink()
    sync_once(ann)
    assert sync_once(bob).exit_code == 0
    assert titles(bob) == {"precious"}
    shutil.rmtree(base(folder) / "d")
    sync_once(ann)
    sync_once(bob)
    cai = teammate("Cai")
    create_share(str(folder), cai)
    for each in (cai, ann, bob):
        assert sync_once(each).exit_code == 0
    assert state_hash(cai) == state_hash(ann) == state_hash(bob)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("unmounted", "unmounted"),
        ("emptied", "missing"),
        ("no sentinel", "missing"),
        ("another workspace", "changed"),
        ("not a sentinel", "sentinel"),
        ("a link", "changed"),
        ("a newer format", "newer"),
        ("encrypted", "encrypted"),
        ("another first device", "other-root"),
    ],
)
def test_a_place_that_is_not_ours_now_is_paused_and_left_alone(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, harm: str, reason: str
) -> None:
    ann, bob = pair
    add_item(ann, "offline")
    away = tmp_path / "away"
    sentinel = base(folder) / "ws.json"
    ours = sentinel.read_text()
    if harm == "unmounted":
        folder.rename(away)
    elif harm == "emptied":
        folder.rename(away)
        folder.mkdir()
    else:
        sentinel.unlink()
        if harm == "another workspace":
            sentinel.write_text(ours.replace(ann.workspace, "0" * 26))
        elif harm == "not a sentinel":
            sentinel.write_text("[]")
        elif harm == "a link":
            (tmp_path / "target").write_text(ours)
            sentinel.symlink_to(tmp_path / "target")
        elif harm == "a newer format":
            sentinel.write_text(ours.replace('"1.0"', '"2.0"'))
        elif harm == "another first device":
            sentinel.write_text(ours.replace(ann.device, bob.device))
        elif harm == "encrypted":
            sentinel.write_text(ours.replace('"enc":""', '"enc":"age"'))
    before = snapshot(tmp_path / "team drive")

    report = sync_once(ann)
    assert (report.places[0].paused, report.pushed, report.exit_code) == (reason, 0, 3)
    assert snapshot(tmp_path / "team drive") == before
    state = sync_state(ann)
    assert state.paused_reason == reason
    assert state.outbox > 0
    assert titles(ann) == {"offline"}
    if harm == "unmounted":
        assert not folder.exists()
        away.rename(folder)
    elif harm == "emptied":
        folder.rmdir()
        away.rename(folder)
    else:
        if sentinel.is_symlink() or sentinel.exists():
            sentinel.unlink()
        sentinel.write_text(ours)
    assert sync_once(ann).exit_code == 0
    sync_once(bob)
    assert titles(bob) == {"offline"}
    assert sync_state(ann).paused_reason == ""


@pytest.mark.parametrize("code", ["full", "readonly", "denied", "unreachable"])
def test_what_cannot_be_written_does_not_keep_us_from_reading(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    ann, bob = pair
    add_item(bob, "from bob")
    sync_once(bob)
    add_item(ann, "from ann")
    behind = sync_state(ann).outbox

    def refuse(self: FolderTransport, name: str, data: bytes) -> None:
        raise TransportError(code, name)

    with monkeypatch.context() as patch:
        patch.setattr(FolderTransport, "write", refuse)
        report = sync_once(ann)
    assert (report.places[0].held, report.exit_code) == (code, 3)
    assert titles(ann) == {"from bob", "from ann"}
    assert sync_state(ann).outbox == behind > 0
    assert sync_once(ann).exit_code == 0
    assert sync_state(ann).outbox == 0


def test_a_readonly_place_is_only_read(pair: tuple[Store, Store], teammate: Join, folder: Path) -> None:
    ann, _ = pair
    reader = teammate("Cai")
    create_share(str(folder), reader, readonly=True)
    before = snapshot(folder)
    add_item(reader, "mine alone")
    assert sync_once(reader).exit_code == 0
    assert snapshot(folder) == before
    assert sync_state(reader).outbox == 0
    add_item(ann, "for all")
    sync_once(ann)
    sync_once(reader)
    assert titles(reader) == {"for all", "mine alone"}


def test_several_places_bring_what_one_lacks(pair: tuple[Store, Store], tmp_path: Path, folder: Path) -> None:
    ann, bob = pair
    second = tmp_path / "second"
    second.mkdir()
    for each in (ann, bob):
        create_share(str(second), each)
    add_item(ann, "both ways")
    sync_once(ann)
    segments(folder, ann)[-1].unlink()  # the first place is slow
    report = sync_once(bob)
    assert titles(bob) == {"both ways"}
    assert not report.waiting
    assert state_hash(ann) == state_hash(bob)


def test_odd_files_are_reported_and_left_alone(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    add_item(bob, "real")
    sync_once(bob)
    real = segments(folder, bob)[-1]
    copy = real.with_name(real.name.replace(".seg", " (conflicted copy 2026-11-23).seg"))
    copy.write_bytes(b"nonsense")
    os.mkfifo(base(folder) / "h" / "pipe")
    (base(folder) / "h" / "~$x.tmp").write_bytes(b"")
    (base(folder) / "h" / ".DS_Store").write_bytes(b"")
    report = sync_once(ann)
    assert {(os.path.basename(odd.name), odd.what) for odd in report.places[0].odd} == {
        (copy.name, "copy"),
        ("pipe", "irregular"),
        ("~$x.tmp", "temporary"),
    }
    assert report.exit_code == 0
    assert titles(ann) == {"real"}
    assert copy.exists()


def test_a_long_history_is_cut_into_segments_and_progress_is_told(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(push, "SEGMENT_OPS", 25)
    with commands.change(ann, "import") as made:
        for number in range(40):
            made.create("item", {"title": f"row {number}", "priority": 2})
    already = len(segments(folder, ann))
    told: list[tuple[str, int, int]] = []
    sent = sync_once(ann, progress=lambda *step: told.append(step))
    assert len(segments(folder, ann)) - already == -(-sent.pushed // 25) > 3
    assert told[-1] == ("push", sent.pushed, sent.pushed)
    told.clear()
    received = sync_once(bob, progress=lambda *step: told.append(step))
    assert told[-1] == ("pull", sent.pushed, sent.pushed)
    assert received.pulled == sent.pushed
    assert state_hash(ann) == state_hash(bob)


def test_a_long_segment_is_merged_in_several_transactions(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    with commands.change(ann, "import") as made:
        for number in range(20):
            made.create("item", {"title": f"row {number}"})
    sent = sync_once(ann)
    told: list[int] = []

    def progress(stage: str, done: int, total: int) -> None:
        told.append(done)
        if done >= 14:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Engine(bob, batch_ops=7).sync(progress=progress)
    assert told == [7, 14]
    assert Engine(bob, batch_ops=7).sync().pulled == sent.pushed - 14
    assert state_hash(ann) == state_hash(bob)
    stream = streams(bob)[ann.device, ann.incarnation]
    assert stream.tail == link_from_log(ann, ann.device, ann.incarnation, stream.seq)


@pytest.mark.parametrize("spoil", [lambda data: data[:100], lambda data: data[:-9] + b"not these"])
def test_a_file_that_was_spoiled_in_the_folder_is_written_again_by_its_author(
    pair: tuple[Store, Store], folder: Path, spoil: Callable[[bytes], bytes]
) -> None:
    ann, bob = pair
    before = set(folder.rglob("*.seg"))
    add_item(ann, "sent and spoiled")
    sync_once(ann)
    (segment_file,) = set(folder.rglob("*.seg")) - before
    segment_file.write_bytes(spoil(segment_file.read_bytes()))
    assert sync_once(bob).exit_code != 0
    add_item(ann, "later")
    sync_once(ann)
    for _ in range(2):
        report = sync_once(bob)
    assert titles(bob) >= {"sent and spoiled", "later"}
    assert (report.exit_code, report.waiting, report.quarantined) == (0, (), ())
    assert state_hash(ann) == state_hash(bob)


def test_a_cancelled_sync_stops_between_files_and_goes_on_later(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(push, "SEGMENT_OPS", 5)
    for number in range(10):
        add_item(ann, f"row {number}")
    before, looks = sync_state(ann).last_sync, iter([False] * 3)
    report = sync_once(ann, cancelled=lambda: next(looks, True))
    assert report.cancelled
    assert sync_state(ann).last_sync == before, "who stopped is not up to date"
    assert 0 < report.pushed < 40
    first = sync_once(bob)
    assert first.pulled == report.pushed
    assert first.exit_code == 0
    sync_once(ann)
    sync_once(bob)
    assert state_hash(ann) == state_hash(bob)


def test_a_refused_op_stops_its_own_stream_only(
    store: Store, teammate: Join, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob, cai = store, teammate("Bob"), teammate("Cai")
    for each in (ann, bob, cai, ann):
        create_share(str(folder), each)
        sync_once(each)
    add_item(bob, "refused")
    add_item(cai, "welcome")
    sync_once(bob)
    sync_once(cai)
    real = engine_module.Puller._merge

    def refuse(self: object, runs: list[object]) -> None:
        if any(run.key[0] == bob.device for run in runs):  # type: ignore[attr-defined]
            raise StoreError("bad-op", why="test")
        real(self, runs)  # type: ignore[arg-type]

    monkeypatch.setattr(engine_module.Puller, "_merge", refuse)
    report = sync_once(ann)
    assert titles(ann) == {"welcome"}
    assert [file.reason for file in report.quarantined] == ["bad-op"]
    assert [(wait.dev, wait.reason) for wait in report.waiting] == [(bob.device, "quarantined")]


def test_one_process_of_a_home_syncs_at_a_time(pair: tuple[Store, Store]) -> None:
    ann, _ = pair
    add_item(ann)
    with home_lock(ann.home, 0) as held:
        assert held
        report = sync_once(ann, patience=0.05)
    assert report.busy
    assert report.pushed == 0
    assert sync_once(ann).pushed > 0


def test_the_state_names_peers_and_what_is_left_to_send(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    state = sync_state(ann)
    assert [(peer.device, peer.name, peer.waiting) for peer in state.peers] == [(bob.device, "Bob", "")]
    assert state.peers[0].last_at > 0
    assert (state.outbox, state.exit_code) == (0, 0)
    assert state.last_sync > 0
    add_item(ann)
    assert sync_state(ann).outbox > 0


def test_a_share_is_found_by_its_folder_or_by_itself(pair: tuple[Store, Store], folder: Path) -> None:
    ann, _ = pair
    for path in (folder, base(folder), f"{folder}/"):
        assert open_share(str(path)) == (str(folder), ann.workspace, False, ann.device)
    assert create_share(str(base(folder)), ann) == places.places(ann)[0]


def test_a_folder_without_one_share_is_refused_with_a_reason(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    def code(path: Path) -> str:
        with pytest.raises(StoreError) as caught:
            open_share(str(path))
        return caught.value.code

    assert code(tmp_path / "nowhere") == "no-folder"
    assert code(folder) == "no-share"
    create_share(str(folder), store)
    other = folder / "sameboat-00000000"
    other.mkdir()
    assert open_share(str(folder)).workspace == store.workspace
    (other / "ws.json").write_text('{"format":"1.0","workspace":"' + "0" * 26 + '","enc":""}')
    assert code(folder) == "many-shares"
    (other / "ws.json").write_text("{}")
    assert code(other) == "bad-share"


def test_the_database_never_lies_on_the_share(store: Store, tmp_path: Path) -> None:
    for inside in (tmp_path, Path(store.home)):
        with pytest.raises(StoreError) as caught:
            create_share(str(inside), store)
        assert caught.value.code == "home-in-share"


def test_a_missing_folder_is_never_made(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        create_share(str(tmp_path / "mount"), store)
    assert caught.value.code == "no-folder"
    assert not (tmp_path / "mount").exists()
    assert places.places(store) == []


def test_devices_that_make_the_share_at_once_make_the_same_file(
    pair: tuple[Store, Store], tmp_path: Path
) -> None:
    made = []
    for number, each in enumerate(pair):
        folder = tmp_path / f"copy-{number}"
        folder.mkdir()
        create_share(str(folder), each)
        made.append((Path(folder_transport(str(folder), each).base) / "ws.json").read_bytes())
    assert made[0] == made[1]


def test_asking_how_sync_stands_loads_no_engine() -> None:
    script = "import sync.state, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"zstandard", "watchfiles", "msgspec", "sync.engine", "textual"} & set(loaded)
