"""Whoever is shut out reads nothing written afterwards; everybody else is given the new key, and no stranger is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from store import queries
from store.database import Store
from store.export import state_hash
from store.oplog import streams
from store.setup import enter_workspace, join_workspace
from sync import names
from sync.encryption.agekeys import AgeKey, make_age_key
from sync.encryption.generations import MAX_HELD, MAX_NUMBER, MAX_STEP, Generation
from sync.encryption.invite import Invite
from sync.encryption.inviting import join_home, make_invite, verdict
from sync.encryption.keyfiles import read_key_file, write_key_file
from sync.encryption.keyring import Held, Keyring
from sync.encryption.sealing import wrap
from sync.encryption.setting import set_encrypted
from sync.engine import Engine, sync_once
from sync.places.share import create_share, open_share
from sync.segment import StreamId
from sync.trust.keys import Keys, keys_path, load_keys
from sync.trust.roster import approve, require_approval, revoke
from sync.trust.standing import read_trust
from sync.trust.statements import identity_hash, identity_line
from tests.conftest import Clock, add_item
from tests.integration.villain import Villain

Team = dict[str, Store]
Join = Callable[..., Store]


@pytest.fixture
def join(store: Store, folder: Path, tmp_path: Path, clock: Clock) -> Join:
    """A function that lets a teammate in with the keys of whoever invites them."""

    def join(name: str, inviter: Store = store, generations: tuple[Generation, ...] | None = None) -> Store:
        home = str(tmp_path / f"home-{name}")
        keys = Keyring(inviter.home).generations if generations is None else generations
        made = join_workspace(home, store.workspace, now=clock)
        set_encrypted(made)
        Keyring(home).enter(keys)
        create_share(str(folder), made)
        sync_once(made)
        enter_workspace(made, member=name, code=name.lower()[:2])
        sync_once(made)
        return made

    return join


@pytest.fixture
def team(store: Store, folder: Path, join: Join) -> Team:
    """Ann, Ben and Eve, who have everything of each other."""
    set_encrypted(store)
    Keyring(store.home).start()
    create_share(str(folder), store)
    sync_once(store)
    made = {"ann": store, "ben": join("Ben"), "eve": join("Eve")}
    settle(*made.values())
    return made


def settle(*stores: Store) -> None:
    for _ in range(3):
        for each in stores:
            sync_once(each)


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def share(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def key_files(folder: Path) -> list[Path]:
    return sorted(share(folder).glob("k/*.key"))


def number(store: Store) -> int:
    held = Keyring(store.home).writing
    assert held is not None
    return held.generation.number


def waiting(store: Store) -> set[tuple[str, str]]:
    return {(row.dev, row.reason) for row in sync_once(store).waiting}


def put(folder: Path, name: names.KeyName, data: bytes) -> None:
    path = share(folder) / name.path
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def delayed(folder: Path, writer: Store) -> Callable[[], None]:
    """Hide what a device has encrypted with a second key; calling what is returned lets it arrive."""
    segments = [path for path in share(folder).rglob("*.seg") if path.parent.name.startswith(writer.device)]
    late = [path for path in segments if b'"enc":"age:2:' in path.read_bytes()[:2000]]
    assert late
    for path in late:
        path.rename(path.with_name("~" + path.name))

    def arrive() -> None:
        for path in late:
            path.with_name("~" + path.name).rename(path)

    return arrive


def test_without_a_revocation_there_is_one_key_and_no_key_file(team: Team, folder: Path) -> None:
    add_item(team["ben"], "hello")
    settle(*team.values())
    assert {number(each) for each in team.values()} == {1}
    assert key_files(folder) == []
    assert not (share(folder) / "k").exists()


def test_a_revoked_device_reads_nothing_written_afterwards_and_the_others_do(
    team: Team, folder: Path
) -> None:
    ann, ben, eve = team.values()
    add_item(ann, "before")
    settle(*team.values())
    revoke(ann, eve.device)
    add_item(ann, "after")
    settle(ann, ben)
    add_item(ben, "after too")
    settle(ann, ben)
    assert (number(ann), number(ben)) == (2, 2)
    assert titles(ann) == titles(ben) == {"before", "after", "after too"}
    assert state_hash(ann) == state_hash(ben)
    assert waiting(eve) == {(ann.device, "no-key"), (ben.device, "no-key")}
    assert titles(eve) == {"before"}
    (file,) = key_files(folder)
    name = names.parse_key(file.name)
    assert name is not None
    read = read_key_file(file.read_bytes(), name, ann.workspace)
    assert read.to == {ann.device, ben.device}
    assert {mark.partition(":")[0] for mark in read.without} == {eve.device}
    # Nor do all keys she has open anything that was written since.
    for path in share(folder).glob("d/*/*.seg"):
        header = json.loads(path.read_bytes().partition(b"\n")[0])
        if header["enc"].startswith("age:2:"):
            assert Keyring(eve.home).key(header["enc"]) is None


def test_who_hears_of_a_revocation_only_with_the_new_key_takes_nothing_beyond_it(team: Team) -> None:
    ann, ben, eve = team.values()
    revoke(ann, eve.device)
    add_item(eve, "too late")
    for each in (eve, ann, ben):
        sync_once(each)
    assert titles(ben) == titles(ann) == set()
    settle(ann, ben)
    assert read_trust(ann).limit(eve.device, eve.incarnation) == read_trust(ben).limit(
        eve.device, eve.incarnation
    )
    assert state_hash(ann) == state_hash(ben)


def test_who_was_away_catches_up_with_every_rotation_at_once(team: Team, join: Join) -> None:
    ann, ben, eve = team.values()
    fay, gus = join("Fay"), join("Gus")
    settle(ann, eve, fay, gus)
    for out in (eve, fay, gus):
        revoke(ann, out.device)
        add_item(ann, f"without {out.member}")
        sync_once(ann)
    assert number(ann) == 4
    add_item(ben, "written on the plane")
    settle(ben, ann)
    assert number(ben) == 4
    assert titles(ben) == titles(ann)
    assert state_hash(ann) == state_hash(ben)


def test_who_comes_back_writes_nothing_more_with_the_old_key(team: Team, folder: Path) -> None:
    """What a teammate wrote on the plane is sent only after what was decided meanwhile has been read."""
    ann, ben, eve = team.values()
    revoke(ann, eve.device)
    sync_once(ann)
    add_item(ben, "written on the plane")
    before = set(share(folder).glob("d/*/*.seg"))
    sync_once(ben)
    added = set(share(folder).glob("d/*/*.seg")) - before
    assert added
    for path in added:
        assert json.loads(path.read_bytes().partition(b"\n")[0])["enc"].startswith("age:2:")


def test_two_who_revoke_at_once_end_with_a_key_that_shuts_out_both(
    team: Team, join: Join, tmp_path: Path
) -> None:
    ann, ben, eve = team.values()
    fay = join("Fay")
    settle(ann, ben, eve, fay)
    revoke(ann, eve.device)
    revoke(ben, fay.device)
    # Neither sees the other's folder until both have written theirs.
    away = tmp_path / "away"
    place = next(tmp_path.glob("team drive"))
    shutil.copytree(place, away)
    sync_once(ann)
    place.rename(tmp_path / "first")
    away.rename(place)
    sync_once(ben)
    shutil.copytree(tmp_path / "first", place, dirs_exist_ok=True)
    settle(ann, ben)
    add_item(ann, "from ann")
    add_item(ben, "from ben")
    settle(ann, ben)
    assert titles(ann) == titles(ben) == {"from ann", "from ben"}
    for each in (ann, ben):
        held = Keyring(each.home).writing
        assert held is not None
        assert {mark.partition(":")[0] for mark in held.without} == {eve.device, fay.device}
        assert held.generation.number == 3
    assert titles(eve) == titles(fay) == set()
    settle(eve, fay)
    assert titles(eve) == titles(fay) == set()


def test_a_member_nobody_knew_of_is_served_by_whoever_does(team: Team, join: Join, folder: Path) -> None:
    ann, ben, eve = team.values()
    gus = join("Gus")  # whom only Ben has met
    sync_once(ben)
    revoke(ann, eve.device)
    hidden = [path for path in share(folder).rglob(f"*{gus.device}*")]
    for path in hidden:
        path.rename(path.with_name("~" + path.name))
    sync_once(ann)
    for path in hidden:
        path.with_name("~" + path.name).rename(path)
    assert waiting(gus) >= {(ann.device, "no-key")}
    settle(ben, gus, ann)
    add_item(ann, "for everyone")
    settle(ann, ben, gus)
    assert titles(gus) == {"for everyone"}
    assert len(key_files(folder)) == 2
    assert {number(each) for each in (ann, ben, gus)} == {2}


def test_whoever_comes_after_the_rotation_needs_a_new_code(team: Team, join: Join, folder: Path) -> None:
    """With the old one Eve could come back under another name."""
    ann, ben, eve = team.values()
    old = Keyring(eve.home).generations
    revoke(ann, eve.device)
    settle(ann, ben)
    again = join("Eve again", generations=old)
    settle(ann, ben, again)
    add_item(ben, "not for her")
    settle(ann, ben, again)
    assert titles(again) == set()
    assert (ben.device, "no-key") in waiting(again)
    assert number(again) == 1
    for file in key_files(folder):
        name = names.parse_key(file.name)
        assert name is not None
        assert again.device not in read_key_file(file.read_bytes(), name, ann.workspace).to
    new = join("Hal")
    settle(ann, ben, new)
    assert titles(new) == {"not for her"}


def test_who_comes_back_with_an_old_key_hands_on_none(team: Team, join: Join, folder: Path) -> None:
    """Under another name she is a device like any other, but nobody will write with a key she made."""
    ann, ben, eve = team.values()
    old = Keyring(eve.home).generations
    revoke(ann, eve.device)
    settle(ann, ben)
    again = join("Eve again", generations=old)
    sync_once(ann)
    hers = Held(Generation(9, make_age_key()), writes=True, without=read_trust(ann).revocations[eve.device])
    to = {each.device: Keyring(each.home).seal.recipient for each in (ann, ben)}
    put(folder, *write_key_file(
        ann.workspace, again.device, hers, [*old, hers.generation], to, load_keys(again.home)
    ))  # fmt: skip
    revoke(ann, again.device)  # which makes everyone look for a new key
    settle(ann, ben)
    assert {number(ann), number(ben)} == {3}
    # To read with, it serves: what she wrote before she was out may be encrypted with it.
    assert Keyring(ann.home).key(hers.generation.label) is not None
    assert hers.generation.label != Keyring(ann.home).writing.generation.label  # type: ignore[union-attr]


def test_a_flood_of_keys_keeps_no_other_out(team: Team, join: Join, folder: Path) -> None:
    ann, ben, eve = team.values()
    fay = join("Fay")
    settle(ann, ben, fay)
    revoke(ann, eve.device)
    settle(ann, ben, fay)
    flood = [Generation(9, AgeKey(bytes([number]) * 32)) for number in range(1, MAX_HELD)]
    held = Held(flood[0], writes=True)
    to = {ben.device: Keyring(ben.home).seal.recipient}
    known = Keyring(eve.home).generations
    put(folder, *write_key_file(ann.workspace, eve.device, held, [*known, *flood], to, load_keys(eve.home)))
    add_item(ann, "after")
    settle(ann, ben)
    assert len(Keyring(ben.home).labels) == MAX_HELD // 2
    revoke(ann, fay.device)
    add_item(ann, "without her")
    settle(ann, ben)
    assert titles(ben) == {"after", "without her"}
    assert number(ben) == 3


def test_the_folders_owner_is_given_no_key_and_gives_none(team: Team, folder: Path) -> None:
    """Anybody who can write there can pose as a new device; without the workspace's key that is all he can do."""
    ann, ben, eve = team.values()
    mallory = Keys({"sign": "5e" * 32})
    seal = AgeKey(b"m" * 32)
    stream = StreamId(ann.workspace, "ma11ma11ma11", "ma11")
    identity = identity_line(stream, member="mallory", program="sameboat", seal=seal.recipient, keys=mallory)
    path = share(folder) / names.identity_path(stream.dev, stream.inc, identity_hash(identity))
    path.parent.mkdir(parents=True)
    path.write_bytes(identity)
    (share(folder) / names.HeadName(stream.dev, stream.inc, 1, "0" * 32).path).touch()
    settle(ann, ben)
    revoke(ann, eve.device)
    his = Held(Generation(2, make_age_key()), writes=True, without=read_trust(ann).revocations[eve.device])
    to = {each.device: Keyring(each.home).seal.recipient for each in (ann, ben)}
    put(folder, *write_key_file(ann.workspace, stream.dev, his, [his.generation], to, mallory))
    settle(ann, ben)
    add_item(ben, "ours")
    settle(ann, ben)
    assert titles(ann) == {"ours"}
    for each in (ann, ben):
        assert Keyring(each.home).key(his.generation.label) is None
        assert number(each) == 2
    for file in key_files(folder):
        name = names.parse_key(file.name)
        assert name is not None
        read = read_key_file(file.read_bytes(), name, ann.workspace)
        assert stream.dev not in read.to or name.dev == stream.dev


def test_an_approved_device_is_served_even_if_it_came_late(team: Team, join: Join, folder: Path) -> None:
    ann, ben, eve = team.values()
    old = Keyring(ben.home).generations
    require_approval(ann, True)
    settle(ann, ben, eve)
    revoke(ann, eve.device)
    settle(ann, ben)
    late = join("Ida", generations=old)
    settle(ann, ben)
    assert (ann.device, "no-key") in waiting(late)
    assert approve(ann, late.device)
    add_item(ann, "welcome")
    settle(ann, late, ann)
    assert titles(late) == {"welcome"}
    assert number(late) == 2


def test_who_was_taken_back_and_is_revoked_again_is_shut_out_again(
    team: Team, join: Join, folder: Path
) -> None:
    """Whoever heard of both at once holds the first new key, which she was given in between."""
    ann, ben, eve = team.values()
    away = join("Fay")
    settle(*team.values(), away)
    revoke(ann, eve.device)
    settle(ann, away)
    approve(ann, eve.device)
    settle(ann, eve)
    assert number(eve) == number(away) == 2
    revoke(ann, eve.device)
    sync_once(ann)
    add_item(away, "written on the plane")
    settle(away, ann)
    settle(ann, ben, away, eve)
    assert titles(ann) == titles(ben) == titles(away) == {"written on the plane"}
    assert titles(eve) == set()


def test_a_key_is_not_handed_to_whom_it_was_made_without_before_that_is_heard_of(
    team: Team, join: Join, folder: Path
) -> None:
    ann, ben, eve = team.values()
    revoke(ann, eve.device)
    sync_once(ann)
    # Ben is given the key, and not yet the op for which it was made.
    arrive = delayed(folder, ann)
    ring = Keyring(ann.home)
    assert ring.writing is not None
    Keyring(ben.home).add([ring.writing._replace(knew=frozenset({ann.device, eve.device}))])
    sync_once(ben)
    arrive()
    settle(ben, ann, eve)
    assert Keyring(eve.home).key(ring.writing.generation.label) is None


@pytest.fixture
def unheard(team: Team, join: Join, folder: Path) -> Callable[[], None]:
    """Ann shuts out Eve and Fay while Ben, who shuts out Fay, has her new key and not the ops for which it was made.

    Calling what is returned lets those ops arrive.
    """
    ann, ben, eve = team.values()
    fay = join("Fay")
    settle(ann, ben, eve, fay)
    revoke(ann, eve.device)
    revoke(ann, fay.device)
    add_item(ann, "while she was out")
    sync_once(ann)
    arrive = delayed(folder, ann)
    revoke(ben, fay.device)
    sync_once(ben)
    assert Keyring(ben.home).labels > Keyring(ann.home).labels
    return arrive


def test_nor_is_it_handed_on_with_the_next_one(team: Team, unheard: Callable[[], None]) -> None:
    ann, ben, eve = team.values()
    made = Keyring(ann.home).writing
    sync_once(eve)
    assert made is not None
    assert made.generation.label not in Keyring(eve.home).labels
    assert Keyring(eve.home).labels < Keyring(ben.home).labels
    assert number(eve) == 2
    unheard()
    settle(ann, ben, eve)
    add_item(ann, "news")
    settle(ben, ann, eve)
    assert made.generation.label not in Keyring(eve.home).labels
    assert titles(ann) == titles(ben) == {"while she was out", "news"}
    assert titles(eve) == set()


def test_whoever_is_taken_back_is_given_what_was_withheld(
    team: Team, folder: Path, unheard: Callable[[], None]
) -> None:
    ann, ben, eve = team.values()
    sync_once(eve)
    unheard()
    approve(ann, eve.device)
    settle(ann, ben, eve)
    settle(ann, ben, eve)
    assert titles(eve) == titles(ann) == titles(ben) == {"while she was out"}
    assert Keyring(eve.home).labels == Keyring(ben.home).labels == Keyring(ann.home).labels
    count = len(key_files(folder))
    settle(ann, ben, eve)
    assert len(key_files(folder)) == count


def test_what_a_device_wrote_before_it_was_out_is_read_whatever_it_was_encrypted_with(
    team: Team, join: Join, folder: Path
) -> None:
    """Eve shuts out Fay while Ann shuts out Eve, and Ben has taken what Eve wrote with her new key."""
    ann, ben, eve = team.values()
    fay = join("Fay")
    settle(ann, ben, eve, fay)
    revoke(eve, fay.device)
    add_item(eve, "with a key of hers")
    sync_once(eve)
    sync_once(ben)
    assert titles(ben) == {"with a key of hers"}
    revoke(ann, eve.device)  # who has not looked meanwhile
    for _ in range(2):
        settle(ann, ben)
    assert titles(ann) == titles(ben) == {"with a key of hers"}
    assert state_hash(ann) == state_hash(ben)
    add_item(ann, "without her")
    settle(ann, ben, eve)
    assert titles(ben) == {"with a key of hers", "without her"}
    assert titles(eve) == {"with a key of hers"}


def test_a_crash_between_making_a_key_and_handing_it_out_is_made_good(
    team: Team, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, eve = team.values()
    revoke(ann, eve.device)

    def crash(*_args: object) -> None:
        raise KeyboardInterrupt

    for target in ("sync.encryption.custody.write_key_file", "sync.places.folder.FolderTransport.write"):
        with monkeypatch.context() as patch:
            patch.setattr(target, crash)
            with pytest.raises(KeyboardInterrupt):
                sync_once(ann)
    assert key_files(folder) == []
    add_item(ann, "after")
    settle(ann, ben)
    assert number(ann) == number(ben) == 2
    assert titles(ben) == {"after"}
    assert len(key_files(folder)) == 1


def test_key_files_that_somebody_removed_are_written_again(team: Team, folder: Path) -> None:
    ann, ben, eve = team.values()
    revoke(ann, eve.device)
    sync_once(ann)
    for file in key_files(folder):
        file.unlink()
    assert waiting(ben) == {(ann.device, "no-key")}
    sync_once(ann)
    assert waiting(ben) == set()
    assert number(ben) == 2


def test_in_a_second_place_the_key_is_handed_out_too(team: Team, folder: Path, tmp_path: Path) -> None:
    ann, ben, eve = team.values()
    second = tmp_path / "second"
    second.mkdir()
    create_share(str(second), ann)
    revoke(ann, eve.device)
    sync_once(ann)
    assert len(key_files(folder)) == len(key_files(second)) == 1
    sync_once(ben)
    assert number(ben) == 2


def test_a_damaged_or_forged_key_file_is_kept_aside(team: Team, folder: Path) -> None:
    ann, ben, eve = team.values()
    revoke(ann, eve.device)
    sync_once(ann)
    (file,) = key_files(folder)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 0x55 or 0x77]))
    report = sync_once(ben)
    assert {row.reason for row in report.waiting} == {"no-key"}
    assert [(found.name, found.reason) for found in report.quarantined] == [(f"k/{file.name}", "hash")]
    file.write_bytes(whole)
    assert sync_once(ben).exit_code == 0
    held = Held(Generation(3, make_age_key()), writes=True)
    to = {ben.device: Keyring(ben.home).seal.recipient}
    name, data = write_key_file(ann.workspace, ann.device, held, [held.generation], to, load_keys(eve.home))
    put(folder, name, data)
    revoke(ben, ann.device)
    report = sync_once(ben)
    assert (f"k/{name.path[2:]}", "signature") in [(found.name, found.reason) for found in report.quarantined]
    assert Keyring(ben.home).key(held.generation.label) is None


def test_an_idle_home_of_a_rotated_workspace_looks_at_one_listing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, eve = team.values()
    revoke(ann, eve.device)
    settle(ann, ben)
    calls: list[str] = []
    from sync.places.folder import FolderTransport

    listing = FolderTransport.list
    monkeypatch.setattr(
        FolderTransport,
        "list",
        lambda self, folder: calls.append(folder) or listing(self, folder),  # type: ignore[func-returns-value]
    )
    engine = Engine(ann)
    engine.sync()
    calls.clear()
    changes = ann.conn.total_changes
    engine.sync()
    assert calls == ["h"]
    assert ann.conn.total_changes == changes


def test_a_copy_of_a_home_from_before_gets_the_new_key_back(team: Team, tmp_path: Path, clock: Clock) -> None:
    ann, ben, eve = team.values()
    old = json.loads((Path(ben.home) / "keys.json").read_text())
    revoke(ann, eve.device)
    settle(ann, ben)
    (Path(ben.home) / "keys.json").write_text(json.dumps(old))
    add_item(ann, "later")
    settle(ann, ben)
    assert number(ben) == 2
    assert titles(ben) == {"later"}


def says(folder: Path, writer: Store, without: Iterable[str]) -> None:
    """Let a device hand the key that it writes with to nobody, and say whom it was made without."""
    held = Keyring(writer.home).writing
    assert held is not None
    told = held._replace(without=frozenset(without))
    own = {writer.device: Keyring(writer.home).seal.recipient}
    keys = load_keys(writer.home)
    put(folder, *write_key_file(writer.workspace, writer.device, told, [held.generation], own, keys))


def flood(ann: Store, eve: Store, folder: Path, step: int, count: int, *to: Store) -> None:
    """Let Eve make one key after another, each so much later than the one before, and hand them to the others."""
    ring = Keyring(eve.home)
    assert ring.writing is not None
    held, without = list(ring.generations), ring.writing.without
    recipients = {each.device: Keyring(each.home).seal.recipient for each in to}
    for _ in range(count):
        made = Generation(held[-1].number + step, make_age_key())
        held = [*held[:2], held[-1], made]
        file = write_key_file(
            eve.workspace, eve.device, Held(made, True, without), held, recipients, load_keys(eve.home)
        )
        put(folder, *file)


def next_ops(store: Store, dev: str) -> list[str]:
    """Return what would say that a device was shut out by one of the ops that a home has yet to write."""
    written = streams(store)[store.device, store.incarnation].seq
    return [f"{dev}:{store.device}.{store.incarnation}.{written + n}" for n in range(1, 50)]


@pytest.fixture
def rotated(team: Team, join: Join) -> Team:
    """Ann, Ben, Eve and Gus once they have shut out a fifth, so that everybody looks for keys when something comes."""
    fay, team["gus"] = join("Fay"), join("Gus")
    settle(*team.values())
    revoke(team["ann"], fay.device)
    settle(*team.values())
    assert {number(each) for each in team.values()} == {2}
    return team


def test_nobody_says_beforehand_that_a_key_was_made_without_him(rotated: Team, folder: Path) -> None:
    ann, ben, eve, gus = rotated.values()
    says(folder, eve, next_ops(ann, eve.device))
    add_item(ben, "before")
    settle(*rotated.values())
    revoke(ann, eve.device)
    add_item(ann, "after")
    settle(ann, ben, gus)
    assert {number(each) for each in (ann, ben, gus)} == {3}
    assert titles(ben) == titles(gus) == {"before", "after"}
    sync_once(eve)
    assert titles(eve) == {"before"}


@pytest.mark.parametrize("repeated", [False, True])
def test_nor_do_two_say_it_of_each_other(rotated: Team, folder: Path, repeated: bool) -> None:
    ann, ben, eve, gus = rotated.values()
    says(folder, eve, next_ops(ann, gus.device))
    says(folder, gus, next_ops(ann, eve.device))
    add_item(ben, "before")
    settle(*rotated.values())
    if repeated:  # Ben writes a file of his own, with what he was told
        for file in key_files(folder):
            if not file.name.startswith((eve.device, gus.device)):
                file.unlink()
        settle(ben, ann)
    revoke(ann, eve.device)
    revoke(ann, gus.device)
    add_item(ann, "after")
    settle(ann, ben)
    assert (number(ann), number(ben)) == (3, 3)
    assert titles(ben) == {"before", "after"}


def test_a_home_that_has_believed_it_believes_it_no_more(rotated: Team) -> None:
    ann, ben, eve, _ = rotated.values()
    held = Keyring(ann.home).writing
    assert held is not None
    Keyring(ann.home).add([held._replace(without=frozenset(next_ops(ann, eve.device)))])
    sync_once(ann)
    revoke(ann, eve.device)
    settle(ann, ben)
    assert (number(ann), number(ben)) == (3, 3)


def test_no_flood_of_marks_outgrows_the_keys_file(rotated: Team, folder: Path) -> None:
    ann, ben, eve, _ = rotated.values()
    for part in range(4):
        says(folder, eve, (f"{'z' * 20}{part}:{'y' * 20}.{'x' * 10}.{10**9 + n}" for n in range(5_000)))
    says(folder, eve, [mark for each in (ann, ben) for mark in next_ops(ben, each.device)])
    before = os.stat(keys_path(ann.home)).st_size
    add_item(ben, "hello")
    settle(ann, ben)
    assert titles(ann) == {"hello"}
    assert os.stat(keys_path(ann.home)).st_size < before + 2_000


@pytest.mark.parametrize("step", [1, MAX_STEP])
def test_no_member_uses_up_the_keys_by_which_it_is_to_be_shut_out(
    rotated: Team, folder: Path, step: int
) -> None:
    ann, ben, eve, _ = rotated.values()
    flood(ann, eve, folder, step, MAX_HELD // 3 + 5, ann, ben)
    for each in (ben, ann):
        add_item(each, "before")
        settle(ann, ben)
    assert number(ann) == number(ben) == 2 + step * (MAX_HELD // 3)
    revoke(ben, eve.device)
    add_item(ben, "after")
    settle(ben, ann)
    assert number(ann) == number(ben) == 3 + step * (MAX_HELD // 3)
    assert titles(ann) == {"before", "after"}


def test_no_number_is_beyond_the_last_before_there_are_too_many_keys() -> None:
    assert 1 + MAX_STEP * (MAX_HELD - 1) < MAX_NUMBER


def test_a_step_beyond_all_rotations_is_not_taken_to_write_with(rotated: Team, folder: Path) -> None:
    ann, ben, eve, _ = rotated.values()
    flood(ann, eve, folder, MAX_STEP + 1, 1, ann, ben)
    add_item(ben, "before")
    settle(ann, ben)
    assert (number(ann), number(ben)) == (2, 2)


def test_where_no_key_can_be_made_any_more_the_rest_of_the_sync_goes_on(team: Team) -> None:
    ann, ben, eve = team.values()
    Keyring(ann.home).accept((), [Generation(2, make_age_key()) for _ in range(1, MAX_HELD)])
    add_item(ben, "from ben")
    sync_once(ben)
    revoke(ann, eve.device)
    add_item(ann, "not for eve")
    report = sync_once(ann)
    assert report.places[0].held == "too-many-keys"
    assert report.exit_code == 4
    assert titles(ann) == {"from ben", "not for eve"}
    settle(ben, eve)
    assert titles(ben) == titles(eve) == {"from ben"}


@pytest.fixture
def invited(store: Store, folder: Path, tmp_path: Path, clock: Clock) -> Callable[[Invite], str]:
    """A function that lets somebody look into the folder with an invitation, and returns what is wrong with that."""

    def look(invite: Invite) -> str:
        home = tmp_path / "invited"
        made = join_home(str(home), open_share(str(folder)), invite)
        create_share(str(folder), made)
        sync_once(made)
        why = verdict(made, invite)
        made.close()
        shutil.rmtree(home)
        return why

    return look


def test_an_invitation_is_outdated_once_a_member_writes_with_a_later_key(
    team: Team, invited: Callable[[Invite], str]
) -> None:
    ann, ben, eve = team.values()
    old = make_invite(ann)
    assert invited(old) == ""
    revoke(ben, eve.device)
    add_item(ben, "after")
    sync_once(ben)
    assert invited(old) == "invite-outdated"
    assert invited(make_invite(ben)) == ""


def test_no_stranger_makes_an_invitation_look_wrong(
    team: Team, invited: Callable[[Invite], str], folder: Path, tmp_path: Path
) -> None:
    ann = team["ann"]
    stranger = Villain(share(folder), tmp_path / "stranger", "str00000000").enter()
    plain = stranger.send([stranger.op()])
    name = names.parse_path(plain.relative_to(share(folder)).as_posix())
    assert name is not None
    unknown = Generation(1, make_age_key())
    name, data = wrap(name, ann.workspace, plain.read_bytes(), unknown, stranger.keys)
    plain.unlink()
    (share(folder) / name.path).write_bytes(data)
    posing = StreamId(ann.workspace, ann.device, ann.incarnation)
    identity = identity_line(posing, member="", program="", seal="", keys=stranger.keys)
    path = share(folder) / names.identity_path(posing.dev, posing.inc, identity_hash(identity))
    path.write_bytes(identity)
    assert invited(make_invite(ann)) == ""
