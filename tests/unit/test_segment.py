"""A segment proves itself when it is read, and names in a share mean one thing each."""

from __future__ import annotations

import hashlib
import json

import pytest
import zstandard

from sync import names, segment
from sync.segment import SegmentNewer, SegmentWaiting, SegmentWrong, StreamId
from sync.trust.keys import Keys

WS = "0123456789abcdefghjkmnpqrs"
STREAM = StreamId(WS, "dev1dev2dev3", "nc123456")
KEYS = Keys({"sign": "5a" * 32})
LINES = [b'{"lam":1,"value":"\xe5\x90\x8c\xe8\x88\x9f"}', b'{"lam":2,"value":null}', b'{"lam":3,"value":[]}']


def rename(data: bytes, name: names.SegmentName) -> names.SegmentName:
    """Return the name under which a forger would put `data`: its hash is right."""
    return name._replace(hash16=hashlib.sha256(data).hexdigest()[:16])


def forge(
    body: bytes | None = None, packed: bytes | None = None, **changes: object
) -> tuple[bytes, names.SegmentName]:
    """Return a segment whose header says what it likes, under a name that matches its bytes."""
    name, header, data = segment.encode(STREAM, 1, "", LINES, keys=KEYS)
    fields = json.loads(header.line())
    if body is not None:
        packed = zstandard.ZstdCompressor().compress(body)
        fields["raw"] = len(body)
    if packed is None:
        packed = data[data.index(b"\n") + 1 :]
    fields |= {"size": len(packed), "sha256": hashlib.sha256(packed).hexdigest()} | changes
    data = (
        json.dumps({key: value for key, value in fields.items() if value is not ...}).encode()
        + b"\n"
        + packed
    )
    return data, rename(data, name)


def test_what_was_encoded_is_what_is_decoded() -> None:
    name, header, data = segment.encode(STREAM, 1, "", LINES, program="sameboat 1.2.3", keys=KEYS)
    read = segment.decode(data, name, WS)
    assert read.lines == LINES
    assert read.header == header
    assert read.header.stream == STREAM
    assert read.header.program == "sameboat 1.2.3"
    assert name.path == f"d/dev1dev2dev3.nc123456/1-3.{name.hash16}.seg"


def test_the_link_does_not_depend_on_how_a_stream_is_cut_into_files() -> None:
    _, whole, _ = segment.encode(STREAM, 1, "", LINES, keys=KEYS)
    _, first, _ = segment.encode(STREAM, 1, "", LINES[:1], keys=KEYS)
    _, rest, _ = segment.encode(STREAM, 2, first.tail, LINES[1:], keys=KEYS)
    assert rest.tail == whole.tail
    assert segment.Segment(whole, b"\n".join(LINES) + b"\n").link_at(1) == first.tail


def test_the_link_differs_between_streams_with_the_same_ops() -> None:
    assert segment.chain(STREAM, "", LINES) != segment.chain(STREAM._replace(inc="0ther"), "", LINES)
    assert segment.chain(STREAM, "", LINES) != segment.chain(STREAM._replace(ws=WS[::-1]), "", LINES)


def test_unknown_header_keys_are_kept() -> None:
    extra = {"colour": "blue", "nested": {"x": [1, 2, None]}}
    name, _, data = segment.encode(STREAM, 1, "", LINES, extra=extra, keys=KEYS)
    header = segment.decode(data, name, WS).header
    assert header.extra == extra
    assert header.line() == data[: data.index(b"\n") + 1]


def test_a_newer_minor_version_is_read() -> None:
    data, name = forge(format="1.73")
    assert segment.decode(data, name, WS).header.format == "1.73"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": "2.0"}, "format"),
        ({"format": "2.0", "raw": "whatever", "prev": None}, "format"),
        ({"codec": "brotli"}, "codec"),
        ({"enc": "age"}, "encrypted"),
    ],
)
def test_what_only_a_newer_program_can_read_is_newer_not_wrong(
    changes: dict[str, object], reason: str
) -> None:
    data, name = forge(**changes)
    with pytest.raises(SegmentNewer) as caught:
        segment.decode(data, name, WS)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ws": WS[::-1]}, "workspace"),
        ({"dev": "dev9dev9dev9"}, "device"),
        ({"inc": "0ther"}, "device"),
        ({"from": 2, "to": 4, "prev": "0" * 64}, "range"),
        ({"to": 2}, "range"),
        ({"from": 0}, "header"),
        ({"to": 2**53}, "header"),
        ({"from": True}, "header"),
        ({"from": 1.0}, "header"),
        ({"to": 200_000}, "header"),
        ({"prev": "0" * 64}, "header"),
        ({"prev": "zz"}, "header"),
        ({"tail": ""}, "header"),
        ({"tail": "0" * 64}, "chain"),
        ({"format": "1"}, "header"),
        ({"format": 1.0}, "header"),
        ({"format": ...}, "header"),
        ({"sig": ...}, "header"),
        ({"dev": "../../etc"}, "header"),
        ({"raw": 10**9}, "header"),
        ({"size": 5}, "size"),
        ({"sha256": "0" * 64}, "body-hash"),
        ({"raw": 5}, "raw-size"),
        ({"raw": 60_000}, "raw-size"),
    ],
)
def test_a_header_that_lies_is_wrong(changes: dict[str, object], reason: str) -> None:
    data, name = forge(**changes)
    with pytest.raises(SegmentWrong) as caught:
        segment.decode(data, name, WS)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"a\nb\n", "line-count"),
        (b"a\nb\nc\nd\n", "line-count"),
        (b"a\nb\nc", "line-count"),
        (b"a\nb\nc\n", "chain"),
    ],
)
def test_a_body_that_is_not_the_ops_is_wrong(body: bytes, reason: str) -> None:
    data, name = forge(body)
    with pytest.raises(SegmentWrong) as caught:
        segment.decode(data, name, WS)
    assert caught.value.reason == reason


def test_a_body_that_is_not_zstd_is_wrong() -> None:
    data, name = forge(packed=b"not a frame at all")
    with pytest.raises(SegmentWrong) as caught:
        segment.decode(data, name, WS)
    assert caught.value.reason == "body"


def test_a_bomb_is_refused_without_being_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(512 * 1024 * 1024))
    assert len(bomb) < 100_000
    taken = 0
    read = zstandard.ZstdDecompressionReader.read

    class Counting:
        def __init__(self, reader: zstandard.ZstdDecompressionReader) -> None:
            self.reader = reader

        def read(self, size: int) -> bytes:
            nonlocal taken
            part: bytes = read(self.reader, size)
            taken += len(part)
            return part

    class Decompressor:
        def __init__(self, **options: int) -> None:
            self.inner = real(**options)

        def stream_reader(self, source: bytes) -> Counting:
            return Counting(self.inner.stream_reader(source))

    real = zstandard.ZstdDecompressor
    monkeypatch.setattr(zstandard, "ZstdDecompressor", Decompressor)
    data, name = forge(packed=bomb, raw=1000)
    with pytest.raises(SegmentWrong) as caught:
        segment.decode(data, name, WS)
    assert caught.value.reason in ("raw-size", "body")
    assert taken <= 1001


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"null",
        b"{",
        b'{"format":"1.0","format":"1.0"}',
        b'{"format":NaN}',
        b'{"format":1e999}',
        b"\xff\xfe{}",
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"format":' + b"9" * 5_000 + b"}",
        b"x" * 20_000,
    ],
)
def test_a_header_that_is_not_one_is_wrong(line: bytes) -> None:
    data = line + b"\n" + b"body"
    with pytest.raises(SegmentWrong):
        segment.decode(data, rename(data, names.SegmentName(*STREAM[1:], 1, 3, "")), WS)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: b"", "short"),
        (lambda data: data[:10], "short"),
        (lambda data: data[:-1], "short"),
        (lambda data: bytes(len(data)), "zero-filled"),
        (lambda data: data[:-7] + bytes(7), "zero-filled"),
        (lambda data: data[: len(data) // 2] + bytes(600) + data[len(data) // 2 :], "zero-filled"),
    ],
)
def test_what_is_still_arriving_is_waited_for(damage: object, reason: str) -> None:
    name, _, data = segment.encode(STREAM, 1, "", LINES, keys=KEYS)
    with pytest.raises(SegmentWaiting) as caught:
        segment.decode(damage(data), name, WS)  # type: ignore[operator]
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data + b"x",
        lambda data: data[:-1] + bytes([data[-1] ^ 0x10 or 1]),
        lambda data: b"<html>please log in</html>\n" + data,
        lambda data: b"x" * 40_000,
    ],
)
def test_what_has_arrived_and_is_not_the_file_is_wrong(damage: object) -> None:
    name, _, data = segment.encode(STREAM, 1, "", LINES, keys=KEYS)
    with pytest.raises(SegmentWrong) as caught:
        segment.decode(damage(data), name, WS)  # type: ignore[operator]
    assert caught.value.reason == "hash"


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_FILE", 100)
    name, _, data = segment.encode(STREAM, 1, "", LINES, keys=KEYS)
    with pytest.raises(SegmentWrong, match="too-large"):
        segment.decode(data, name, WS)


@pytest.mark.parametrize(
    "name",
    [
        "dev1dev2dev3.nc123456.7.0badcafe0badcafe0badcafe0badcafe",
        "dev1.1.4294967295.00000000000000000000000000000000",
    ],
)
def test_heads_are_recognised(name: str) -> None:
    head = names.parse_head(name)
    assert head is not None
    assert head.path == f"h/{name}"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "dev1dev2dev3.nc123456.0.0badcafe0badcafe0badcafe0badcafe",
        "dev1dev2dev3.nc123456.07.0badcafe0badcafe0badcafe0badcafe",
        "dev1dev2dev3.nc123456.4294967296.0badcafe0badcafe0badcafe0badcafe",
        "dev1dev2dev3.nc123456.7.0BADCAFE0BADCAFE0BADCAFE0BADCAFE",
        "dev1dev2dev3.nc123456.7.0badcafe0badcafe0badcafe0badcafe ",
        "dev1dev2dev3.nc123456.7.0badcafe0badcafe0badcafe0badcafe\n",
        "dev1dev2dev3.nc123456.٧.0badcafe0badcafe0badcafe0badcafe",
        "dev1dev2dev3.nc123456.7.0badcafe0badcafe0badcafe0badcafe.seg",
        "con.1.7.0badcafe0badcafe0badcafe0badcafe",
        "olive.1.7.0badcafe0badcafe0badcafe0badcafe",
        "dev1dev2dev3.nc123456.7.0badcafe",
        "../x.1.7.0badcafe0badcafe0badcafe0badcafe",
    ],
)
def test_anything_else_is_not_a_head(name: str) -> None:
    assert names.parse_head(name) is None


def test_segments_are_recognised_and_nothing_like_them() -> None:
    assert names.parse_segment("dev1", "1", "3-9.0123456789abcdef.seg") == (
        "dev1",
        "1",
        3,
        9,
        "0123456789abcdef",
    )
    for name in (
        "9-3.0123456789abcdef.seg",
        "3-9.0123456789abcde.seg",
        "3-9.0123456789abcdef.SEG",
        "3-9.seg",
    ):
        assert names.parse_segment("dev1", "1", name) is None


def test_key_files_have_a_name_of_their_own() -> None:
    name = names.KeyName("dev1dev2dev3", 2, "0badcafe")
    assert names.parse_key(name.path.removeprefix("k/")) == name
    for other in ("dev1.0.0badcafe.key", "dev1.2.0badcaf.key", "dev1.2.0badcafe.KEY", "dev1.2.0badcafe"):
        assert names.parse_key(other) is None


def test_names_are_safe_everywhere() -> None:
    longest = names.SegmentName("z" * 26, "z" * 16, names.MAX_SEQ, names.MAX_SEQ, "f" * 16)
    share = names.share_name(WS)
    assert names.is_share(share)
    assert len(f"{share}/{longest.path}") < 100 + len(share) + 1
    assert len(longest.path) < 100
    for part in longest.path.split("/"):
        assert part == part.lower()
        assert part.isascii()
        assert not part.endswith((".", " "))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("1-5.0123456789abcdef.sync-conflict-20241123-101010-ABCDEFG.seg", "copy"),
        ("1-5.0123456789abcdef (conflicted copy 2024-11-23).seg", "copy"),
        ("1-5.0123456789abcdef (Ann's conflicted copy 2024-11-23).seg", "copy"),
        ("1-5.0123456789abcdef(冲突副本-李雷-20241123).seg", "copy"),
        ("1-5.0123456789abcdef-LAPTOP.seg", "copy"),
        ("1-5.0123456789abcdef-NSConflict-ann.seg", "copy"),
        ("1-5.0123456789abcdef (1).seg", "copy"),
        ("dev1dev2dev3.nc123456.7.0badcafe0badcafe0badcafe0badcafe-DESKTOP-7", "copy"),
        ("dev1dev2dev3.2.0badcafe-LAPTOP.key", "copy"),
        ("ws-LAPTOP.json", "copy"),
        ("~$1-5.0123456789abcdef.seg", "temporary"),
        ("~dev1.0123456789ab.tmp", "temporary"),
        (".syncthing.1-5.0123456789abcdef.seg.tmp", "temporary"),
        ("1-5.0123456789abcdef.seg.part", "temporary"),
        (".1-5.0123456789abcdef.seg.icloud", "temporary"),
        (".DS_Store", ""),
        ("Thumbs.db", ""),
        ("desktop.ini", ""),
        ("dev1dev2dev3.nc123456.7.0badcafe", ""),
        ("holiday.jpg", "stranger"),
    ],
)
def test_odd_names_are_told_apart(name: str, what: str) -> None:
    assert names.oddity(name) == what
    assert names.parse_head(name) is None
    assert names.parse_segment("dev1", "1", name) is None
