"""`sync/FORMAT.md` is a specification, so it is read like one: its example is decoded and its promises have guards."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from store.ops import ALPHABET
from store.wire import MAX_LINE
from sync import names, segment
from sync.encryption import sealing
from sync.encryption.agekeys import AgeKey
from sync.encryption.generations import Generation
from sync.encryption.invite import Invite, read_invite
from sync.snapshots import snapshot, taking
from sync.trust.statements import MAX_STATEMENT, read_identity

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "sync" / "FORMAT.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| (S\d+) \| (.+?) \| (.+) \|$", DOCUMENT, re.MULTILINE)


def test_every_promise_is_numbered_and_guarded_by_tests_that_exist() -> None:
    assert [number for number, _, _ in PROMISES] == [f"S{n}" for n in range(1, len(PROMISES) + 1)]
    assert len(PROMISES) >= 20
    for number, _, guards in PROMISES:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", guards)
        assert named, number
        for path, function in named:
            text = (ROOT / path).read_text(encoding="utf-8")
            assert f"def {function}(" in text, f"{number}: {path} has no {function}"


def _example() -> tuple[bytes, list[bytes], list[str], names.SegmentName, names.HeadName, str]:
    part = DOCUMENT[DOCUMENT.index("## 9.") :]
    blocks = re.findall(r"```\n(.*?)\n```", part, re.DOTALL)
    lines = blocks[0].encode().split(b"\n")
    links = re.findall(r"link\(\d\) ([0-9a-f]{64})", blocks[1])
    data = base64.b64decode(blocks[2])
    workspace, dev, inc = re.findall(r"`([0-9a-z]+)`", part)[:3]
    found = re.search(r"segment `d/[^/]+/([^`]+)`", part)
    shown = re.search(r"Head `h/([^`]+)`", part)
    assert found is not None
    assert shown is not None
    name, head = names.parse_segment(dev, inc, found[1]), names.parse_head(shown[1])
    assert name is not None
    assert head is not None
    return data, lines, links, name, head, workspace


def test_the_example_is_read_by_what_the_document_says_alone() -> None:
    data, lines, links, name, head, workspace = _example()
    assert hashlib.sha256(data).hexdigest().startswith(name.hash16)
    first, _, body = data.partition(b"\n")
    header = json.loads(first)
    assert len(body) == header["size"]
    assert hashlib.sha256(body).hexdigest() == header["sha256"]
    raw = zstandard.ZstdDecompressor().decompress(body)
    assert len(raw) == header["raw"]
    assert raw == b"".join(line + b"\n" for line in lines)
    link = hashlib.sha256(f"sameboat\n{workspace}\n{name.dev}.{name.inc}\n".encode()).digest()
    assert link.hex() == links[0]
    for line, expected in zip(lines, links[1:], strict=True):
        link = hashlib.sha256(link + line).digest()
        assert link.hex() == expected
    assert header["tail"] == links[-1]
    assert links[-1].startswith(head.hash32)
    assert head.seq == header["to"] == name.last == len(lines)


def test_the_example_is_signed_as_the_document_says() -> None:
    data = _example()[0]
    header = json.loads(data.partition(b"\n")[0])
    identity = json.loads(_identity())
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    assert private.public_key().public_bytes_raw().hex() == identity["key"]
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(identity["key"]))
    for domain, fields in (("segment", header), ("identity", identity)):
        sig = base64.urlsafe_b64decode(fields.pop("sig") + "==")
        # Everything in the example is ASCII, so the canonical form is what any JSON writer gives.
        canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        public.verify(sig, f"sameboat {domain}\n{canonical}".encode())


def test_the_encrypted_example_is_read_by_what_the_document_says_alone() -> None:
    plain = _example()[0]
    part = DOCUMENT[DOCUMENT.index("### 9.1") :]
    blocks = re.findall(r"```\n(.*?)\n```", part, re.DOTALL)
    recipient, label = re.findall(r"`(age[^`]+)`", part)[:2]
    name = re.search(r"inside `d/[^/]+/1-2\.([0-9a-f]{16})\.seg`, (\d+) bytes", part)
    assert name is not None
    data = base64.b64decode(blocks[0])
    assert len(data) == int(name[2])
    assert hashlib.sha256(data).hexdigest().startswith(name[1])
    first, _, body = data.partition(b"\n")
    header = json.loads(first)
    assert (header["size"], header["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert header["enc"] == label == f"age:1:{hashlib.sha256(recipient.encode()).hexdigest()[:8]}"
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(json.loads(_identity())["key"]))
    sig = base64.urlsafe_b64decode(header.pop("sig") + "==")
    canonical = json.dumps(header, sort_keys=True, separators=(",", ":"))
    public.verify(sig, f"sameboat sealed segment\n{canonical}".encode())
    key = AgeKey(bytes(range(32, 64)))
    assert str(key.identity.to_public()) == recipient
    assert pyrage.decrypt(body, [key.identity]) == plain
    segment_name = _example()[3]._replace(hash16=name[1])
    read = sealing.unwrap(data, segment_name, _example()[5], {label: key}.get, public.public_bytes_raw())
    assert read.lines == _example()[1]


def test_the_invitation_is_written_as_the_document_says() -> None:
    workspace, dev = _example()[5], _example()[3].dev
    part = DOCUMENT[DOCUMENT.index("### 9.1") :]
    code = re.findall(r"```\n(sb[0-9a-z]+)\n```", part)[0]
    public = bytes.fromhex(json.loads(_identity())["key"])

    def packed(name: str) -> bytes:
        number = 0
        for letter in name:
            number = number * 32 + ALPHABET.index(letter)
        return bytes([len(name)]) + number.to_bytes((len(name) * 5 + 7) // 8, "big")

    data = bytes([1, 1]) + packed(workspace) + packed(dev) + public + bytes([0, 1]) + bytes(range(32, 64))
    data += hashlib.sha256(b"sameboat invite\n" + data).digest()[:5]
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    letters = "".join(ALPHABET[int(bits[i : i + 5], 2)] for i in range(0, len(bits), 5))
    assert code == f"sb{letters}"
    generation = Generation(1, AgeKey(bytes(range(32, 64))))
    assert read_invite(code) == Invite(workspace, dev, public, (generation,))


def _identity() -> bytes:
    return DOCUMENT[DOCUMENT.index("Its identity file") :].split("```")[1].strip().encode() + b"\n"


def test_the_program_reads_the_example_too() -> None:
    data, lines, _, name, _, workspace = _example()
    read = segment.decode(data, name, workspace)
    assert read.lines == lines
    hash8 = re.findall(r"id\.([0-9a-f]{8})\.json", DOCUMENT)[-1]
    identity = read_identity(_identity(), hash8, read.header.stream)
    assert read.header.is_proven(bytes.fromhex(identity.key))
    assert f"`{read.header.format}`" in DOCUMENT or f'"{segment.FORMAT}"' in DOCUMENT


def test_the_documents_header_keys_and_limits_are_the_programs() -> None:
    part = DOCUMENT[DOCUMENT.index("| key | value |") : DOCUMENT.index("The file is exactly")]
    keys = [
        key
        for row in part.splitlines()[2:]
        for key in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    ]
    assert keys == list(segment._KEYS)
    for number in (f"{segment.MAX_FILE >> 20} MiB", f"{segment.MAX_RAW >> 20} MiB", f"{segment.MAX_OPS:,}"):
        assert number in DOCUMENT
    assert str(segment.MAX_HEADER) in DOCUMENT
    assert segment.MAX_HEADER == MAX_STATEMENT
    assert str(names.MAX_SEQ) in DOCUMENT
    assert f"{MAX_LINE:,}" in DOCUMENT


def test_the_snapshot_example_is_read_by_what_the_document_says_alone() -> None:
    plain, lines, links, _, head, workspace = _example()
    part = DOCUMENT[DOCUMENT.index("### 9.2") :]
    shown, encoded = re.findall(r"```\n(.*?)\n```", part, re.DOTALL)
    path = re.search(r"`s/([0-9a-z]+)\.(\d+)\.([0-9a-f]{16})\.snap`, (\d+) bytes", part)
    assert path is not None
    data = base64.b64decode(encoded)
    assert len(data) == int(path[4])
    assert hashlib.sha256(data).hexdigest().startswith(path[3])
    first, _, packed = data.partition(b"\n")
    header = json.loads(first)
    assert (header["size"], header["sha256"]) == (len(packed), hashlib.sha256(packed).hexdigest())
    body = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    assert (header["raw"], header["lines"]) == (len(body), body.count(b"\n"))
    assert body.decode().startswith(shown + "\n")
    vector, dots, *ops = body.split(b"\n")[:-1]
    assert json.loads(vector)["vector"] == [[head.dev, head.inc, head.seq, links[-1]]]
    assert header["ops"] == int(path[2]) == head.seq
    block = json.loads(dots)
    assert block["raw"] == sum(len(op) + 1 for op in ops)
    assert {seq: op for seq, op in zip(block["dots"][1::2], ops, strict=True)} == {1: lines[0], 2: lines[1]}
    assert [block["dots"][2 * at + 1] for at in block["past"]] == [1], "the first title was replaced"
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(json.loads(_identity())["key"]))
    sig = base64.urlsafe_b64decode(header.pop("sig") + "==")
    public.verify(
        sig, b"sameboat snapshot\n" + json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    )
    name = names.parse_snapshot(f"{path[1]}.{path[2]}.{path[3]}.snap")
    assert name is not None
    read = snapshot.open_file(data, name, workspace, public.public_bytes_raw(), None)
    assert [line for one in snapshot.read(read)[1] for line in one.lines] == ops
    assert plain != data


def test_the_snapshots_keys_and_limits_are_the_programs() -> None:
    part = DOCUMENT[DOCUMENT.index("### 7.6") : DOCUMENT.index("## 8.")]
    rows = part[part.index("| header |") : part.index("In an encrypted workspace")].splitlines()[2:]
    keys = {key for row in rows if "|" in row for key in re.findall(r"`(\w+)`", row.split("|")[1])}
    encoded = re.findall(r"```\n(.*?)\n```", DOCUMENT[DOCUMENT.index("### 9.2") :], re.DOTALL)[1]
    written = json.loads(base64.b64decode(encoded).partition(b"\n")[0])
    assert keys == set(written)
    for limit in (
        f"{snapshot.MAX_FILE >> 20} MiB", f"{snapshot.MAX_RAW >> 30} GiB", f"{snapshot.MAX_BLOCK >> 20} MiB",
        f"{snapshot.MAX_LINE >> 20} MiB", f"{snapshot.MAX_STREAMS:,}", f"{snapshot.MAX_OPS:,}", f"{taking.LEAST:,}",
    ):  # fmt: skip
        assert limit in part, limit
