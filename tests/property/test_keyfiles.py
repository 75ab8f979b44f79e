"""A key file is read as it was written, by those it was made for, or not at all."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.ops import ALPHABET
from sync.encryption.agekeys import AgeKey, make_age_key
from sync.encryption.generations import Generation
from sync.encryption.keyfiles import DOMAIN, KeyFile, open_key_file, read_key_file, write_key_file
from sync.encryption.keyring import Held
from sync.names import KeyName
from sync.trust import signed
from sync.trust.keys import Keys, load_keys
from sync.trust.statements import StatementError

WS = "0123456789abcdefghjkmnpqrs"
DEV = "dev1dev2dev3"
ids = st.text(ALPHABET, min_size=12, max_size=12)
SEALS = {dev: AgeKey(dev.encode().ljust(32)) for dev in ("annannannann", "benbenbenben")}
TO = {dev: seal.recipient for dev, seal in SEALS.items()}
EVE = frozenset({"eveeveeveeve:annannannann.1nc1.7"})
FIRST = Generation(1, AgeKey(bytes([1]) * 32))
SECOND = Held(Generation(2, AgeKey(bytes([2]) * 32)), writes=False, without=EVE)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_keys(str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def file(keys: Keys) -> tuple[KeyName, bytes]:
    return write_key_file(WS, DEV, SECOND, [FIRST, SECOND.generation], TO, keys)


def read(data: bytes, name: KeyName) -> KeyFile:
    """Read under the name that fits the bytes, as whoever changed them would have named them."""
    return read_key_file(data, name._replace(hash8=sha256(data).hexdigest()[:8]), WS)


def test_everyone_it_was_made_for_finds_all_keys_in_it(keys: Keys, file: tuple[KeyName, bytes]) -> None:
    name, data = file
    found = read_key_file(data, name, WS)
    assert found.is_proven(keys.public)
    assert (name.dev, name.generation, found.label) == (DEV, 2, SECOND.generation.label)
    assert (found.to, found.without) == (frozenset(TO), EVE)
    for seal in SEALS.values():
        assert open_key_file(found, WS, seal) == (FIRST, SECOND.generation)


def test_nobody_else_opens_it_and_it_tells_no_secret(file: tuple[KeyName, bytes]) -> None:
    name, data = file
    with pytest.raises(StatementError, match="sealed"):
        open_key_file(read_key_file(data, name, WS), WS, make_age_key())
    for key in (FIRST.key, SECOND.generation.key):
        for told in (
            key.secret,
            key.secret.hex().encode(),
            key.recipient.encode(),
            str(key.identity).encode(),
        ):
            assert told not in data


@settings(max_examples=300)
@given(data=st.data())
def test_no_flipped_bit_is_ever_taken(keys: Keys, file: tuple[KeyName, bytes], data: st.DataObject) -> None:
    name, whole = file
    at = data.draw(st.integers(0, len(whole) - 1))
    wrong = bytearray(whole)
    wrong[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(StatementError):
        read_key_file(bytes(wrong), name, WS)
    try:
        found = read(bytes(wrong), name)
    except StatementError:
        return
    assert not found.is_proven(keys.public)


@given(data=st.data())
def test_a_file_still_arriving_is_late_not_wrong(file: tuple[KeyName, bytes], data: st.DataObject) -> None:
    name, whole = file
    kept = data.draw(st.integers(0, len(whole) - 1).filter(lambda at: any(whole[at:])))
    for part in (whole[:kept], whole[:kept] + bytes(len(whole) - kept)):
        with pytest.raises(StatementError) as caught:
            read_key_file(part, name, WS)
        assert caught.value.late


@given(dev=ids, ws=st.text(ALPHABET, min_size=26, max_size=26))
def test_it_counts_for_its_workspace_and_its_writer_only(keys: Keys, dev: str, ws: str) -> None:
    name, data = write_key_file(ws, dev, SECOND, [FIRST, SECOND.generation], TO, keys)
    with pytest.raises(StatementError, match="workspace"):
        read(data, name)
    name, data = write_key_file(WS, dev, SECOND, [FIRST, SECOND.generation], TO, keys)
    for other in (name._replace(dev=DEV), name._replace(generation=3)):
        with pytest.raises(StatementError, match="device"):
            read(data, other)


def test_what_was_made_for_another_file_is_nothing_in_this_one(keys: Keys) -> None:
    """Whoever can sign, but holds no key, cannot pass on what somebody else has encrypted."""
    seal = SEALS["annannannann"]
    for ws, dev, handed in (
        ("z" * 26, DEV, SECOND),
        (WS, "z" * 12, SECOND),
        (WS, DEV, Held(FIRST, writes=False)),
    ):
        name, data = write_key_file(ws, dev, handed, [FIRST, SECOND.generation], TO, keys)
        header, _, body = data.partition(b"\n")
        fields = {**signed.parse_object(header), "ws": WS, "dev": DEV, "key": SECOND.generation.label}
        moved = signed.signed_line(DOMAIN, fields, keys) + body
        found = read(moved, KeyName(DEV, 2, name.hash8))
        with pytest.raises(StatementError, match="sealed"):
            open_key_file(found, WS, seal)


def test_the_key_it_names_is_in_it(keys: Keys) -> None:
    name, data = write_key_file(WS, DEV, SECOND, [FIRST], TO, keys)
    with pytest.raises(StatementError, match="sealed"):
        open_key_file(read(data, name), WS, SEALS["annannannann"])


@pytest.mark.parametrize(
    "changed",
    [
        {"to": "all"}, {"to": ["../.."]}, {"to": [1]}, {"to": ["z" * 12] * 501}, {"without": None},
        {"without": ["eve"]}, {"key": "age:0:00000000"}, {"key": 7}, {"format": 1}, {"size": -1}, {"sha256": ""},
    ],
)  # fmt: skip
def test_a_malformed_header_is_refused(
    keys: Keys, file: tuple[KeyName, bytes], changed: dict[str, object]
) -> None:
    name, data = file
    header, _, body = data.partition(b"\n")
    fields = {**signed.parse_object(header), **changed}
    with pytest.raises(StatementError) as caught:
        read(signed.signed_line(DOMAIN, fields, keys) + body, name)
    assert caught.value.reason in ("header", "size", "body-hash")


def test_a_major_to_come_is_waited_for(keys: Keys, file: tuple[KeyName, bytes]) -> None:
    name, data = file
    header, _, body = data.partition(b"\n")
    fields = {**signed.parse_object(header), "format": "2.0"}
    with pytest.raises(StatementError) as caught:
        read(signed.signed_line(DOMAIN, fields, keys) + body, name)
    assert (caught.value.reason, caught.value.late) == ("newer", True)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_without_an_accident(data: bytes) -> None:
    with pytest.raises(StatementError):
        read(data, KeyName(DEV, 2, "00000000"))
