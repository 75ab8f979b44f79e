"""How the plain golden share is made: a few days of two people, and of a third whose program is newer."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from unittest import mock

from store import commands
from store.database import Store
from store.export import export_lines, state_hash
from store.oplog import ops_after, streams
from store.ops import Op, encode_line
from store.setup import enter_workspace, init_workspace, join_workspace
from sync import compaction, engine, reading, segment
from sync.engine import sync_once
from sync.names import HeadName, share_name
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.segment import StreamId
from sync.trust import signed
from sync.trust.keys import Keys
from sync.trust.statements import head_line, identity_hash, identity_line
from tests.golden import EXPECTED

TODAY = datetime.date(2026, 11, 23)
START = 1_795_424_400_000
PROGRAM = "sameboat 0.1.0"
DEPARTMENTS = (("研发", "R&D", "yf", "blue", ("rd", "开发")),)
NEWER = "zxw7n3b2q4k9"  # the device whose program is newer


class Clock:
    """A wall clock that moves seven milliseconds a look."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> int:
        self.at += 7
        return self.at


@dataclass
class Chance:
    """Bytes that look random and are the same each time."""

    seed: str
    drawn: int = 0

    def __call__(self, size: int) -> bytes:
        self.drawn += 1
        return b"".join(
            sha256(f"{self.seed} {self.drawn} {part}".encode()).digest() for part in range(-(-size // 32))
        )[:size]


@contextmanager
def made_alike(seed: str) -> Iterator[tuple[Path, Clock]]:
    """A folder for homes, and a clock, while nothing is random and every three segments are joined."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch("os.urandom", Chance(seed)),
        mock.patch.object(compaction, "FAN", 3),
        mock.patch.object(reading, "RETRY_SECONDS", 0.0),
        mock.patch.object(engine, "program", return_value=PROGRAM),
    ):
        yield Path(folder), Clock()


def make_plain(target: Path) -> None:
    """Make the share without encryption: `target/folder`, and what must be read in it."""
    folder = target / "folder"
    folder.mkdir(parents=True)
    with made_alike("plain") as (homes, clock):
        ann = init_workspace(
            str(homes / "ann"), name="同舟 Apollo", member="林平", code="lp", departments=DEPARTMENTS,
            device_name="办公室", now=clock, today=lambda: TODAY,
        )  # fmt: skip
        create_share(str(folder), ann)
        sync_once(ann)
        bob = join_workspace(str(homes / "bob"), ann.workspace, now=clock, today=lambda: TODAY)
        create_share(str(folder), bob)
        sync_once(bob)
        enter_workspace(bob, member="Zoë", code="zo", device_name="laptop")
        work_together(ann, bob)
        _newer_program(folder, ann)
        for store in (ann, bob):
            sync_once(store)
        _damage(folder, bob)
        finish(target, folder, homes, "")
        ann.close()
        bob.close()


def work_together(ann: Store, bob: Store) -> None:
    """Let two people do what is hard to merge."""
    page, pay, old, edited = (
        commands.create(ann, "item", {"title": title, "priority": 1, "labels": ["蓝", "q4"]}).ids[0]
        for title in ("定价页文案", "支付接口联调", "旧需求", "删了又改")
    )
    commands.set_fields(ann, [page], {"custom": {"客户/渠道": '直销 "A"\n\t\\', "empty": ""}, "effort": 2.5})
    _exchange(ann, bob)
    status = ann.conn.execute("SELECT id FROM p_status ORDER BY rank").fetchall()
    # Each of the two has not heard of what the other does here.
    commands.set_fields(ann, [page], {"title": "定价页 v2", "parent": pay})
    commands.set_fields(bob, [page], {"title": "Pricing page \u2028 👩‍👩‍👧"})
    commands.set_fields(bob, [pay], {"parent": page})
    commands.remove_from(ann, [page], "labels", ["q4", "蓝"])
    commands.remove_from(bob, [page], "labels", ["q4"])
    commands.add_to(bob, [page], "labels", ["q4"])
    commands.move(ann, [page], status[1][0])
    commands.move(bob, [page], status[2][0])
    commands.move(ann, [pay], status[0][0])
    commands.move(bob, [pay], status[0][0], after=old)
    commands.trash(ann, [old, edited])
    commands.comment(bob, edited, "别删，还要用")
    _exchange(ann, bob)
    commands.set_fields(ann, [pay], {"title": "支付联调", "due": "2026-12-01"})
    _exchange(ann, bob)
    commands.set_fields(bob, [pay], {"description": "两行\n文字"})
    _exchange(ann, bob)
    commands.set_fields(ann, [pay], {"owner": ann.member})
    sync_once(ann)


def _exchange(ann: Store, bob: Store) -> None:
    for store in (ann, bob, ann):
        sync_once(store)


def _newer_program(folder: Path, ann: Store) -> None:
    """Put in what a program of a later minor version sends, then a damaged file of it, then one of a later major."""
    keys = Keys({"sign": bytes(range(32)).hex()})
    item = ann.conn.execute("SELECT id FROM p_item ORDER BY id").fetchone()[0]
    extra = {"later": {"a": [1, None, True], "说": "héllo \U0001f6a3"}}
    first = [
        _op(1, "device", NEWER, "title", '"明年的程序"'),
        _op(2, "hologram", "h0h0h0h0h0h0h0h0", "depth", '{"z":[1,2.5,-3e-2]}'),
        _op(3, "item", item, "sparkle", '"✨"', '{"mood":"好","n":1}'),
    ]
    _put(folder, ann.workspace, "k1", keys, first, "1.7", extra)
    _put(folder, ann.workspace, "k2", keys, [_op(1, "item", item, "blocked", '"later"')], "2.0", {})
    name = _put(folder, ann.workspace, "k3", keys, [_op(1, "item", item, "blocked", '"damaged"')], "1.0", {})
    data = bytearray(name.read_bytes())
    data[-5] ^= 0x10
    name.write_bytes(bytes(data))


def _op(seq: int, kind: str, ent: str, field: str, value: str, extra: str = "") -> Op:
    return Op(NEWER, "", seq, 500 + seq, START + seq, "", kind, ent, field, value, (), 1, extra)


def _put(
    folder: Path, ws: str, inc: str, keys: Keys, ops: list[Op], version: str, extra: Mapping[str, object]
) -> Path:
    stream = StreamId(ws, NEWER, inc)
    transport = FolderTransport(str(folder), share_name(ws), NEWER, fsync=False)
    name, header, data = segment.encode(
        stream, 1, "", [encode_line(op) for op in ops], keys=keys, program="sameboat 1.7", extra=extra
    )
    header = header._replace(format=version)
    header = header._replace(sig=signed.signature(signed.SEGMENT, header.fields(), keys))
    data = header.line() + data.partition(b"\n")[2]
    name = name._replace(hash16=sha256(data).hexdigest()[:16])
    told = identity_line(stream, member="", program="sameboat 1.7", seal="", keys=keys)
    transport.write(f"d/{NEWER}.{inc}/id.{identity_hash(told)}.json", told)
    transport.write(name.path, data)
    head = HeadName.of(NEWER, inc, name.last, header.tail)
    transport.write(head.path, head_line(stream, name.last, header.tail, keys))
    return folder / share_name(ws) / name.path


def _damage(folder: Path, bob: Store) -> None:
    """Cut off what the second device writes last, as a synchroniser does that is still at it."""
    sync_once(bob)
    before = set(folder.rglob("*.seg"))
    commands.create(bob, "item", {"title": "路上"})
    with mock.patch.object(compaction, "FAN", 100):
        sync_once(bob)
    (last,) = set(folder.rglob("*.seg")) - before
    last.write_bytes(last.read_bytes()[:-20])
    copy = last.with_name(f"{last.stem}.sync-conflict-20261123-101500-LAPTOP.seg")
    copy.write_bytes(b"what a synchroniser left")


def finish(target: Path, folder: Path, homes: Path, invitation: str) -> None:
    """Read the share into a fresh home, and note what that is."""
    from tests.golden.reading import join

    with join(folder, homes / "fresh", invitation) as fresh:
        ops = [
            [f"{dev}.{inc}.{op.seq}", encode_line(op).decode()]
            for dev, inc in sorted(streams(fresh))
            for op in ops_after(fresh, dev, inc, 0, 1_000_000)
        ]
        expected = {
            "ops": ops,
            "state_hash": state_hash(fresh),
            "export": [json.loads(line) for line in export_lines(fresh)],
        }
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (target / EXPECTED).write_text(text + "\n", encoding="utf-8")
