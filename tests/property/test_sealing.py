"""An encrypted segment is read by its workspace, whole and where it belongs, or not at all; and it tells nothing."""

from __future__ import annotations

import tracemalloc
from hashlib import sha256
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from store.ops import ALPHABET
from sync import segment
from sync.encryption import sealing
from sync.encryption.agekeys import AgeKey, make_age_key
from sync.encryption.generations import Generation
from sync.names import SegmentName
from sync.segment import Segment, SegmentError, SegmentNewer, SegmentWaiting, SegmentWrong, StreamId
from sync.trust import signed
from sync.trust.keys import Keys, load_keys

WS = "0123456789abcdefghjkmnpqrs"
STREAM = StreamId(WS, "dev1dev2dev3", "nc123456")
FIRST = Generation(1, AgeKey(bytes([7]) * 32))
LINES = [b'{"lam":%d,"title":"\xe5\xae\x9a\xe4\xbb\xb7\xe9\xa1\xb5"}' % number for number in range(40)]

devices = st.text(ALPHABET, min_size=12, max_size=12)
incarnations = st.text(ALPHABET, min_size=8, max_size=8)
lines = st.lists(st.binary(max_size=60).map(lambda data: data.replace(b"\n", b" ")), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_keys(str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_keys(str(tmp_path_factory.mktemp("other")))


@pytest.fixture(scope="module")
def file(keys: Keys) -> tuple[SegmentName, bytes]:
    """One encrypted segment: no two are alike, not even in size, so what is drawn from one must stay with it."""
    return sealed(keys, LINES)


def plain(
    keys: Keys, body: list[bytes], stream: StreamId = STREAM, first: int = 1
) -> tuple[SegmentName, bytes]:
    name, _, data = segment.encode(stream, first, "" if first == 1 else "ab" * 32, body, keys=keys)
    return name, data


def sealed(keys: Keys, body: list[bytes], generation: Generation = FIRST) -> tuple[SegmentName, bytes]:
    return sealing.wrap(*_in_ws(plain(keys, body)), generation, keys)


def _in_ws(found: tuple[SegmentName, bytes]) -> tuple[SegmentName, str, bytes]:
    return found[0], WS, found[1]


def read(data: bytes, name: SegmentName, public: bytes, *held: Generation) -> Segment:
    """Read under the name that fits the bytes, as whoever changed them would have named them."""
    ring = {generation.label: generation.key for generation in held or (FIRST,)}
    named = name._replace(hash16=sha256(data).hexdigest()[:16])
    return sealing.unwrap(data, named, WS, ring.get, public)


def why(data: bytes, name: SegmentName, public: bytes, *held: Generation) -> SegmentError:
    with pytest.raises(SegmentError) as caught:
        read(data, name, public, *held)
    return caught.value


def forged(context: dict[str, Any], inside: bytes, keys: Keys, generation: Generation = FIRST) -> bytes:
    """Return a file whose header says one thing, and which holds another."""
    return sealing.seal(sealing.SEGMENT, context, inside, generation, keys)


def context(**changed: object) -> dict[str, Any]:
    fields = {
        "format": segment.FORMAT, "ws": WS, "dev": STREAM.dev, "inc": STREAM.inc, "from": 1, "to": len(LINES),
    }  # fmt: skip
    return {**fields, **changed}


@given(body=lines)
def test_any_segment_comes_out_as_it_went_in(keys: Keys, body: list[bytes]) -> None:
    name, data = sealed(keys, body)
    found = read(data, name, keys.public)
    assert found.lines == body
    assert (found.header.first, found.header.last) == (name.first, name.last) == (1, len(body))
    segment.check_whole(data, name)


@settings(max_examples=300)
@given(data=st.data())
def test_no_flipped_bit_is_ever_accepted(
    keys: Keys, file: tuple[SegmentName, bytes], data: st.DataObject
) -> None:
    name, whole = file
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    assert why(bytes(flipped), name, keys.public).reason != "no-key"
    with pytest.raises(SegmentError):
        segment.check_whole(bytes(flipped), name)


@given(data=st.data())
def test_no_truncation_is_ever_accepted_nor_called_wrong(
    keys: Keys, file: tuple[SegmentName, bytes], data: st.DataObject
) -> None:
    name, whole = file
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    why(cut, name, keys.public)
    with pytest.raises(SegmentWaiting):
        sealing.unwrap(cut, name, WS, {FIRST.label: FIRST.key}.get, keys.public)


def test_no_byte_of_the_ciphertext_may_differ_even_for_whoever_signs(keys: Keys) -> None:
    """The device's own key alone, without the workspace's, makes nothing that is taken."""
    name, whole = sealed(keys, LINES)
    header, _, body = whole.partition(b"\n")
    fields = signed.parse_object(header)
    for at in range(0, len(body), 7):
        wrong = bytearray(body)
        wrong[at] ^= 1
        fields["sha256"] = sha256(wrong).hexdigest()
        assert (
            why(signed.signed_line(sealing.SEGMENT, fields, keys) + wrong, name, keys.public).reason
            == "sealed"
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"ws": "z" * 26},
        {"dev": "z" * 12},
        {"inc": "z" * 8},
        {"from": 2},
        {"to": 41},
        {"from": True},
        {"to": None},
    ],
)
def test_a_header_for_another_place_is_refused_outside(keys: Keys, changed: dict[str, object]) -> None:
    name, inside = plain(keys, LINES)
    data = forged(context(**changed), inside, keys)
    assert why(data, name, keys.public).reason in ("workspace", "device", "range")


@given(
    dev=devices, inc=incarnations, first=st.integers(2, 2**31), ws=st.text(ALPHABET, min_size=26, max_size=26)
)
def test_what_is_inside_is_of_this_stream_and_place_or_refused(
    keys: Keys, dev: str, inc: str, first: int, ws: str
) -> None:
    name, _ = plain(keys, LINES)
    for stream, start in (
        (StreamId(WS, dev, STREAM.inc), 1),
        (StreamId(WS, STREAM.dev, inc), 1),
        (StreamId(ws, STREAM.dev, STREAM.inc), 1),
        (STREAM, first),
    ):
        _, inside = plain(keys, LINES, stream, start)
        found = why(forged(context(), inside, keys), name, keys.public)
        assert isinstance(found, SegmentWrong)
        assert found.reason in ("workspace", "device", "range")


def test_only_the_devices_own_signature_counts_outside_and_inside(keys: Keys, others: Keys) -> None:
    name, inside = plain(keys, LINES)
    assert why(forged(context(), inside, others), name, keys.public).reason == "signature"
    _, foreign = plain(others, LINES)
    found = why(forged(context(), foreign, keys), name, keys.public)
    assert (found.reason, found.detail) == ("signature", "inside")
    assert read(forged(context(), inside, keys), name, keys.public).lines == LINES


def test_a_signature_of_a_plain_segment_is_none_for_an_encrypted_one(keys: Keys) -> None:
    name, inside = plain(keys, LINES)
    data = sealing.seal(signed.SEGMENT, context(), inside, FIRST, keys)
    assert why(data, name, keys.public).reason == "signature"


def test_a_key_that_is_not_here_is_waited_for(keys: Keys) -> None:
    second = Generation(2, make_age_key())
    name, data = sealed(keys, LINES, second)
    found = why(data, name, keys.public, FIRST)
    assert isinstance(found, SegmentWaiting)
    assert (found.reason, found.detail) == ("no-key", second.label)
    assert read(data, name, keys.public, FIRST, second).lines == LINES


def test_another_key_under_the_name_of_ours_opens_nothing(keys: Keys) -> None:
    name, data = sealed(keys, LINES)
    ring = {FIRST.label: make_age_key()}
    with pytest.raises(SegmentWrong, match="sealed"):
        sealing.unwrap(data, name, WS, ring.get, keys.public)


def test_a_plain_segment_is_none_of_an_encrypted_workspace(keys: Keys) -> None:
    name, data = plain(keys, LINES)
    assert why(data, name, keys.public).reason == "unsealed"


@pytest.mark.parametrize(
    ("enc", "kind", "reason"),
    [
        ("pq:1:00000000", SegmentNewer, "enc"),
        ("age:0:00000000", SegmentWrong, "header"),
        ("age:1", SegmentWrong, "header"),
        (7, SegmentWrong, "header"),
        (None, SegmentWrong, "header"),
    ],
)
def test_an_encryption_to_come_is_newer_and_a_malformed_one_wrong(
    keys: Keys, enc: object, kind: type[SegmentError], reason: str
) -> None:
    name, inside = plain(keys, LINES)
    header, _, body = forged(context(), inside, keys).partition(b"\n")
    fields = {**signed.parse_object(header), "enc": enc}
    found = why(signed.signed_line(sealing.SEGMENT, fields, keys) + body, name, keys.public)
    assert (type(found), found.reason) == (kind, reason)


def test_a_major_to_come_is_newer(keys: Keys) -> None:
    name, inside = plain(keys, LINES)
    assert isinstance(why(forged(context(format="2.0"), inside, keys), name, keys.public), SegmentNewer)


def test_a_plain_workspace_calls_an_encrypted_segment_so(keys: Keys) -> None:
    name, data = sealed(keys, LINES)
    with pytest.raises(SegmentNewer, match="encrypted"):
        segment.decode(data, name, WS)


def test_a_bomb_inside_is_refused_in_bounded_memory(keys: Keys) -> None:
    name, honest = plain(keys, LINES)
    header, _, _ = honest.partition(b"\n")
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(1 << 30))
    fields = {**signed.parse_object(header), "size": len(bomb), "sha256": sha256(bomb).hexdigest()}
    inside = signed.signed_line(signed.SEGMENT, fields, keys) + bomb
    tracemalloc.start()
    try:
        found = why(forged(context(), inside, keys), name, keys.public)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.reason == "raw-size"
    assert peak < 32 << 20


def test_what_is_too_large_is_refused_unopened(keys: Keys) -> None:
    name, _ = plain(keys, LINES)
    assert why(bytes(segment.MAX_FILE + 1), name, keys.public).reason == "too-large"


def test_two_files_of_the_same_ops_have_nothing_in_common(keys: Keys) -> None:
    """Nor do they hold a hash or a link of them, by which somebody could try what he thinks they say."""
    name, inside = plain(keys, LINES)
    one, other = (sealing.wrap(name, WS, inside, FIRST, keys)[1] for _ in range(2))
    body = one.partition(b"\n")[2]
    assert body not in other
    header = signed.parse_object(one.partition(b"\n")[0])
    assert set(header) == {"format", "ws", "dev", "inc", "from", "to", "size", "sha256", "enc", "sig"}
    found = segment.decode(inside, name, WS).header
    for secret in (found.tail, found.sha256, sha256(inside).hexdigest(), name.hash16, FIRST.key.recipient):
        assert secret[:8].encode() not in one.partition(b"\n")[0]
