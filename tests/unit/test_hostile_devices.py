"""What a device that means harm writes about itself and others keeps nobody from syncing, and takes nobody's name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store import queries
from store.change import Change
from store.clock import MAX_LAMPORT
from store.database import Store
from store.export import state_hash
from store.oplog import merge
from store.ops import Op, encode_value
from store.places import pin, pins
from store.setup import enter_workspace, join_workspace
from sync.engine import sync_once
from sync.places.share import create_share
from sync.segment import StreamId
from sync.state import sync_state
from sync.trust.acquaintance import MAX_IDENTITIES
from sync.trust.claims import claim_in
from sync.trust.keys import load_keys
from sync.trust.roster import approve, devices, require_approval, revoke
from sync.trust.signed import IDENTITY, signed_line
from sync.trust.standing import read_trust
from sync.trust.statements import StatementError, identity_hash, identity_line, read_identity
from tests.conftest import TODAY, Clock, add_item
from tests.integration.villain import Villain

Join = Callable[[str], Store]
BIG = f"[{'1' * 5_000}]"


@pytest.fixture
def join(ann: Store, folder: Path, tmp_path: Path, clock: Clock) -> Join:
    """A function that lets a teammate in, after whom everybody has everything."""

    def join(name: str) -> Store:
        made = join_workspace(str(tmp_path / f"home-{name}"), ann.workspace, now=clock, today=lambda: TODAY)
        create_share(str(folder), made)
        sync_once(made)
        enter_workspace(made, member=name, code=name.lower()[:2])
        settle(made, ann)
        return made

    return join


@pytest.fixture
def villain(ann: Store, folder: Path, tmp_path: Path) -> Villain:
    """A device that came by itself, known to everybody by its name and key."""
    return Villain(next(folder.glob("sameboat-*")), tmp_path / "villain").enter()


def settle(*stores: Store) -> None:
    for _ in range(3):
        for each in stores:
            sync_once(each)


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def about(villain: Villain, dev: str, field: str, value: str, **changed: object) -> bytes:
    """Return a line of the villain's on a device; `value` is JSON text."""
    return villain.op(field, value, kind='"device"', ent=f'"{dev}"', **changed)


@pytest.mark.parametrize("field", ["seal", "trust", "key", "title"])
def test_a_number_within_a_value_that_nobody_could_read_stops_its_own_stream_only(
    ann: Store, join: Join, villain: Villain, field: str
) -> None:
    bob = join("Bob")
    villain.send([about(villain, villain.dev, field, BIG)])
    add_item(bob, "from bob")
    settle(bob, ann)
    assert titles(ann) == {"from bob"}
    assert [(row.dev, row.reason) for row in sync_once(ann).waiting] == [(villain.dev, "quarantined")]
    assert sync_state(ann).exit_code == 4


def test_a_home_that_has_taken_such_a_number_goes_on(ann: Store, villain: Villain) -> None:
    fields = ("seal", "trust", "key", "title")
    merge(
        ann,
        [
            Op(villain.dev, villain.inc, seq, 9, 9, "", "device", villain.dev, field, BIG, (), 1)
            for seq, field in enumerate(fields, 1)
        ],
    )
    assert read_trust(ann).standing(villain.dev) == "seen"
    assert read_trust(ann).seal(villain.dev) == ""
    assert villain.dev in {device.id for device in devices(ann)}
    assert sync_once(ann).places[0].held == ""


@pytest.mark.parametrize("value", [BIG, '"\\ud800"'], ids=["a number", "half a letter"])
def test_a_strangers_claim_that_nobody_could_read_claims_nothing(value: str) -> None:
    ops = [
        Op("dev1", "inc1", 1, 9, 9, "", "device", "dev1", "title", value, (), 1),
        Op("dev1", "inc1", 2, 9, 9, "", "member", "m1", "title", value, (), 1),
        Op("dev1", "inc1", 3, 9, 9, "", "device", "dev1", "member", '"m1"', (), 1),
    ]
    assert claim_in(ops, "dev1") == ("", "")


def test_whoever_waits_for_approval_keeps_nobody_from_syncing(
    ann: Store, join: Join, villain: Villain
) -> None:
    bob = join("Bob")
    require_approval(ann, True)
    settle(ann, bob)
    villain.send([about(villain, villain.dev, "title", BIG)])
    add_item(bob, "from bob")
    settle(bob, ann)
    assert titles(ann) == {"from bob"}
    assert [(row.dev, row.reason) for row in sync_once(ann).waiting] == [(villain.dev, "unapproved")]


def test_an_approval_that_names_no_key_names_none(ann: Store, join: Join, villain: Villain) -> None:
    bob = join("Bob")
    known = pins(ann)[bob.device].key
    approval = [about(villain, bob.device, "key", '"zz"'), about(villain, bob.device, "trust", '"approved"')]
    villain.send(approval)
    add_item(bob, "from bob")
    settle(bob, ann)
    assert titles(ann) == {"from bob"}
    assert (read_trust(ann).standing(bob.device), read_trust(ann).key(bob.device)) == ("approved", "")
    assert approve(ann, bob.device)
    assert read_trust(ann).key(bob.device) == known


def test_a_home_that_pinned_what_is_no_key_meets_the_device_anew(ann: Store, join: Join) -> None:
    bob = join("Bob")
    known = pins(ann)[bob.device].key
    ann.conn.execute("UPDATE pin SET key = 'zz' WHERE dev = ?", (bob.device,))
    add_item(bob, "from bob")
    settle(bob, ann)
    assert titles(ann) == {"from bob"}
    assert pins(ann)[bob.device].key == known


@pytest.mark.parametrize("seal", ["\ud800", "age1\udc00", "an age recipient", "age1\n"])
def test_an_identity_that_no_database_could_hold_is_refused_and_troubles_nobody(
    ann: Store, join: Join, villain: Villain, seal: str
) -> None:
    bob = join("Bob")
    identity = identity_line(villain.stream, member="", program="", seal=seal, keys=villain.keys)
    for file in villain.folder.glob("id.*.json"):
        file.unlink()
    villain.put(f"d/{villain.dev}.{villain.inc}/id.{identity_hash(identity)}.json", identity)
    villain.send([villain.op()])
    add_item(bob, "from bob")
    settle(bob, ann)
    assert titles(ann) == {"from bob"}
    report = sync_once(ann)
    assert [(row.dev, row.reason) for row in report.waiting] == [(villain.dev, "identity")]
    assert [file.reason for file in report.quarantined] == ["header"]


@pytest.mark.parametrize("key", ["member", "program", "key to come"])
def test_no_signed_object_holds_half_a_letter(ann: Store, villain: Villain, key: str) -> None:
    stream = StreamId(ann.workspace, villain.dev, villain.inc)
    fields = {
        "format": "1.0", **stream._asdict(), "member": "", "program": "", "key": villain.keys.public.hex(), "seal": "",
    }  # fmt: skip
    whole = signed_line(IDENTITY, {**fields, key: "\U0001f6a3"}, villain.keys)
    assert read_identity(whole, identity_hash(whole), stream).key == villain.keys.public.hex()
    half = signed_line(IDENTITY, {**fields, key: "\ud83d"}, villain.keys)
    with pytest.raises(StatementError):
        read_identity(half, identity_hash(half), stream)


@pytest.fixture
def usurper(
    ann: Store, join: Join, villain: Villain, folder: Path, tmp_path: Path
) -> tuple[Store, Store, Villain]:
    """Bob and Cat, everybody's acquaintances, and a villain who approves Bob's device with a key of its own."""
    bob, cat = join("Bob"), join("Cat")
    settle(ann, bob, cat)
    key = villain.keys.public.hex()
    villain.send(
        [
            about(villain, bob.device, "key", f'"{key}"'),
            about(villain, bob.device, "trust", '"approved"'),
        ]
    )
    settle(ann, bob, cat)
    posing = Villain(villain.share, tmp_path / "villain", bob.device, "fake0000").enter()
    assert posing.keys.public == villain.keys.public
    posing.send([posing.op(value='"written as Bob"')])
    return bob, cat, villain


def test_no_approval_gives_a_teammates_name_away(ann: Store, usurper: tuple[Store, Store, Villain]) -> None:
    bob, cat, _ = usurper
    device, known = bob.device, load_keys(bob.home).public.hex()
    add_item(bob, "honest")
    settle(bob, ann, cat)
    for each in (ann, bob, cat):
        assert titles(each) == {"honest"}
        assert pins(each)[device].key == known
    assert bob.device == device
    assert state_hash(ann) == state_hash(bob) == state_hash(cat)


def test_whoever_comes_later_goes_by_the_approval_of_a_member(
    ann: Store, usurper: tuple[Store, Store, Villain], join: Join
) -> None:
    bob, cat, villain = usurper
    revoke(ann, villain.dev)
    assert approve(ann, bob.device)
    add_item(bob, "honest")
    settle(bob, ann, cat)
    dan = join("Dan")
    settle(bob, ann, cat, dan)
    assert titles(dan) == {"honest"}
    assert state_hash(dan) == state_hash(ann)


def test_an_approval_names_the_key_of_a_device_that_nobody_has_read(ann: Store, join: Join) -> None:
    bob = join("Bob")
    with Change(bob, "set") as made:
        made.write("device", "newcomer0000", "key", encode_value("a" * 64), force=True)
        made.write("device", "newcomer0000", "trust", encode_value("approved"), force=True)
    settle(bob, ann)
    pin(ann, "newcomer0000", "b" * 64, "")  # met, and nothing of it merged
    assert read_trust(ann).key("newcomer0000") == read_trust(bob).key("newcomer0000") == "a" * 64


def test_a_revocation_at_the_end_of_the_clock_can_be_taken_back(
    ann: Store, join: Join, villain: Villain
) -> None:
    bob = join("Bob")
    villain.send([about(villain, bob.device, "trust", '"revoked"', lam=MAX_LAMPORT)])
    settle(ann, bob)
    assert read_trust(ann).standing(bob.device) == "revoked"
    revoke(ann, villain.dev)
    assert approve(ann, bob.device)
    settle(ann, bob)
    assert read_trust(ann).standing(bob.device) == read_trust(bob).standing(bob.device) == "approved"
    add_item(bob, "from bob")
    settle(bob, ann)
    assert titles(ann) == {"from bob"}


def beside(villain: Villain, bob: Store, junk: int, forged: int) -> None:
    """Put identity files beside an honest one that sort before it: some that are none, some of the villain's."""
    stream = StreamId(bob.workspace, bob.device, bob.incarnation)
    folder = villain.share / "d" / f"{stream.dev}.{stream.inc}"
    honest = next(folder.glob("id.*.json")).name
    for number in range(junk):
        (folder / f"id.{number:08x}.json").write_bytes(b"x\n")
    for member in map(str, range(10_000)):
        data = identity_line(stream, member=member, program="", seal="", keys=villain.keys)
        if forged and f"id.{identity_hash(data)}.json" < honest:
            (folder / f"id.{identity_hash(data)}.json").write_bytes(data)
            forged -= 1


@pytest.mark.parametrize("junk", [15, MAX_IDENTITIES + 1])
def test_no_stranger_is_believed_beside_the_honest_however_much_lies_between_them(
    ann: Store, join: Join, villain: Villain, junk: int
) -> None:
    bob = join("Bob")
    beside(villain, bob, junk, 1)
    cat = join("Cat")
    assert bob.device not in pins(cat)
    assert (bob.device, "key") in {(row.dev, row.reason) for row in sync_once(cat).waiting}


def test_what_claims_nothing_keeps_nobody_from_being_believed(
    ann: Store, join: Join, villain: Villain
) -> None:
    bob = join("Bob")
    add_item(bob, "from bob")
    settle(bob, ann)
    beside(villain, bob, MAX_IDENTITIES - 1, 0)
    cat = join("Cat")
    assert titles(cat) == {"from bob"}
    assert pins(cat)[bob.device].key == pins(ann)[bob.device].key


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda line: b" " + line, id="a blank before it"),
        pytest.param(lambda line: line[:-1] + b" \n", id="a blank after it"),
        pytest.param(lambda line: line.replace(b",", b",\n", 1), id="two lines"),
        pytest.param(lambda line: line + b"\n", id="an empty line after it"),
        pytest.param(lambda line: line.replace(b"\\u5199", "\u5199".encode()), id="not ASCII"),
    ],
)
def test_a_signed_object_lies_on_one_line_of_ascii(
    ann: Store, villain: Villain, spoil: Callable[[bytes], bytes]
) -> None:
    line = identity_line(villain.stream, member="", program="\u5199", seal="", keys=villain.keys)
    assert read_identity(line, identity_hash(line), villain.stream).program == "\u5199"
    spoiled = spoil(line)
    assert spoiled != line
    with pytest.raises(StatementError):
        read_identity(spoiled, identity_hash(spoiled), villain.stream)


def test_no_stranger_is_believed_in_a_stream_of_his_own_under_anothers_name(
    ann: Store, join: Join, villain: Villain, tmp_path: Path
) -> None:
    bob = join("Bob")
    posing = Villain(villain.share, tmp_path / "villain", bob.device, "0").enter()
    posing.send([posing.op(value='"written as Bob"')])
    cat = join("Cat")
    assert titles(cat) == set()
    assert bob.device not in pins(cat)
    assert {(row.dev, row.reason) for row in sync_once(cat).waiting} == {(bob.device, "key")}
    shutil.rmtree(villain.share / "d" / f"{bob.device}.0")  # a head without anything behind it claims nothing
    (villain.share / "d" / f"{bob.device}.0").symlink_to(tmp_path)
    settle(cat)
    assert pins(cat)[bob.device].key == pins(ann)[bob.device].key
