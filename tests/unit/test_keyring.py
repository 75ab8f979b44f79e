"""The workspace keys a home holds: which it reads with, which it writes with, and that the file keeps them safe."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from store.errors import StoreError
from sync.encryption.agekeys import AgeKey
from sync.encryption.generations import MAX_HELD, Generation
from sync.encryption.keyring import Held, Keyring
from sync.trust.keys import MAX_SAVED, load_keys, save_keys

ANN, BEN, EVE = "annannannann", "benbenbenben", "eveeveeveeve"
# Out by one op, by another one after having been taken back, and by two that were written at once.
OUT = {EVE: frozenset({f"{EVE}:{ANN}.1nc1.7"})}
OUT_AGAIN = {EVE: frozenset({f"{EVE}:{ANN}.1nc1.9"})}
OUT_TWICE = {EVE: OUT[EVE] | {f"{EVE}:{BEN}.1nc1.3"}}


def made(number: int, secret: int = 0) -> Generation:
    return Generation(number, AgeKey(bytes([number, secret]) * 16))


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    ring = Keyring(str(tmp_path))
    ring.start()
    return ring


def number(ring: Keyring) -> int:
    assert ring.writing is not None
    return ring.writing.generation.number


def test_a_new_ring_has_nothing_to_write_with(tmp_path: Path) -> None:
    ring = Keyring(str(tmp_path))
    assert ring.writing is None
    assert not ring.shuts_out({})
    assert ring.key("age:1:00000000") is None


def test_a_workspace_starts_with_one_key_of_its_own(ring: Keyring, tmp_path: Path) -> None:
    other = Keyring(str(tmp_path / ".." / tmp_path.name))
    assert other.generations == ring.generations
    assert [generation.number for generation in ring.generations] == [1]
    ring.start()
    assert other.generations != ring.generations
    other.refresh()
    assert other.generations == ring.generations


def test_the_file_is_its_owners_alone_and_keeps_the_devices_own_keys(ring: Keyring, tmp_path: Path) -> None:
    public = load_keys(str(tmp_path)).public
    ring.rotate(OUT, [BEN])
    seal = ring.seal
    path = tmp_path / "keys.json"
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(str(tmp_path)).public == public
    again = Keyring(str(tmp_path))
    assert again.seal == seal
    assert again.writing == ring.writing
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys.json"]


def test_what_another_process_added_is_seen(ring: Keyring, tmp_path: Path) -> None:
    other = Keyring(str(tmp_path))
    other.accept([made(2)])
    assert number(ring) == 1
    ring.refresh()
    assert number(ring) == 2
    assert ring.key(made(2).label) == made(2).key


def test_the_newest_key_is_written_with_and_of_two_the_same_one_everywhere(ring: Keyring) -> None:
    twins = [made(2, 1), made(2, 2)]
    ring.accept(twins)
    first = min(twins, key=lambda generation: generation.key.hash8)
    assert ring.writing is not None
    assert ring.writing.generation == first
    assert not ring.accept(twins)


def test_a_key_to_read_with_is_not_written_with_until_someone_vouches_for_it(ring: Keyring) -> None:
    assert ring.add([Held(made(2), writes=False)])
    assert number(ring) == 1
    assert ring.key(made(2).label) is not None
    assert ring.accept([made(2)])
    assert number(ring) == 2
    assert not ring.add([Held(made(2), writes=False)])
    assert number(ring) == 2


def test_rotating_shuts_out_those_revoked_and_only_until_the_next_is(ring: Keyring) -> None:
    assert ring.shuts_out({})
    assert not ring.shuts_out(OUT)
    held = ring.rotate(OUT, [ANN, BEN])
    assert held == ring.writing
    assert (held.generation.number, held.knew) == (2, frozenset({ANN, BEN}))
    assert ring.shuts_out(OUT)
    assert ring.shuts_out({})
    assert not ring.shuts_out({**OUT, BEN: frozenset({f"{BEN}:{ANN}.1nc1.8"})})


def test_who_was_taken_back_and_is_out_again_may_hold_the_key(ring: Keyring) -> None:
    ring.rotate(OUT, [ANN, BEN])
    assert ring.shuts_out(OUT_TWICE)
    assert not ring.shuts_out(OUT_AGAIN)


def test_of_a_known_key_more_may_be_learnt(ring: Keyring) -> None:
    ring.accept([made(2)])
    assert not ring.shuts_out(OUT)
    assert ring.add([Held(made(2), writes=False, without=OUT[EVE])])
    assert ring.shuts_out(OUT)
    assert not ring.add([Held(made(2), writes=False, without=OUT[EVE])])


def test_a_flood_of_keys_ends_at_a_limit(ring: Keyring) -> None:
    flood = [Held(Generation(n, AgeKey(n.to_bytes(32, "big"))), writes=False) for n in range(2, 400)]
    ring.add(flood)
    assert len(ring.labels) == MAX_HELD
    with pytest.raises(StoreError, match="too-many-keys"):
        ring.rotate({}, [])


def test_what_could_not_be_read_again_is_not_written(ring: Keyring, tmp_path: Path) -> None:
    before = (tmp_path / "keys.json").read_bytes()
    keys = load_keys(str(tmp_path))
    keys.fields["more"] = "x" * MAX_SAVED
    with pytest.raises(StoreError, match="too-many-keys"):
        save_keys(str(tmp_path), keys)
    crowd = frozenset({"x" * MAX_SAVED})
    assert not ring.add([Held(made(2), writes=True, knew=crowd)])
    assert (tmp_path / "keys.json").read_bytes() == before
    assert number(ring) == 1


def test_others_keys_leave_room_for_one_made_here(ring: Keyring, tmp_path: Path) -> None:
    crowd = frozenset({"x" * (MAX_SAVED // 10)})
    count = sum(ring.add([Held(made(number), writes=True, knew=crowd)]) for number in range(2, 20))
    assert 0 < count < 18
    ring.rotate(OUT, crowd)
    assert (tmp_path / "keys.json").stat().st_size <= MAX_SAVED


@pytest.mark.parametrize(
    "rows",
    [
        [{}],
        [7],
        [{"generation": 1, "secret": "5ec4e7", "writes": True, "without": [], "knew": []}],
        [{"generation": "1", "secret": "5ec4e7" * 10 + "00ff", "writes": True, "without": [], "knew": []}],
    ],
)
def test_a_damaged_file_is_told_without_its_content(
    ring: Keyring, tmp_path: Path, rows: list[object]
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "workspace_keys": rows}))
    with pytest.raises(StoreError) as caught:
        ring.refresh()
    assert caught.value.code == "bad-keys"
    assert "5ec4e7" not in str(caught.value)
    assert "5ec4e7" not in repr(ring)


def test_copies_of_a_home_that_had_no_seal_yet_have_the_same_one(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy"
    home.mkdir()
    load_keys(str(home))
    shutil.copytree(home, copy)
    assert Keyring(str(home)).seal == Keyring(str(copy)).seal
    other = tmp_path / "other"
    other.mkdir()
    assert Keyring(str(other)).seal != Keyring(str(home)).seal
