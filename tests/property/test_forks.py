"""Any histories that forked, cut into any files, come to any reader in any order: all end with the same streams.

What the streams must be is computed here once more, from the histories as a whole and by the words of `sync/FORMAT.md`.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.database import Store, open_store
from store.errors import StoreError
from store.export import export_lines, state_hash
from store.integrity import check_derived, check_log
from store.oplog import rebuild, streams
from store.ops import Op, encode_line
from store.places import add_place
from store.renaming import Path, seen_elsewhere
from store.setup import join_workspace
from sync import names, segment
from sync.places.transport import Listing, TransportError
from sync.pull import Puller
from sync.segment import StreamId, chain
from sync.trust.keys import Keys
from sync.trust.statements import head_line, identity_hash, identity_line
from tests.depth import deep

WORKSPACE = "0yx302v9sdbv553865k64pw8q1"
DEV, RAW = "devaaaaaaaaa", "rawaaaaa"
OTHER, OTHER_INC = "devbbbbbbbbb", "peeraaaa"
KEYS = {DEV: Keys({"sign": "01" * 32}), OTHER: Keys({"sign": "02" * 32})}
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ENTS = ("ent0000000000000", "ent1111111111111")
CELLS = ("title", "labels/red", "description", "trash")
START = 1_795_000_000_000


class Memory:
    """A place that holds what it was given."""

    url = "memory"
    meter = None

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def list(self, folder: str) -> Listing:
        return Listing([path[len(folder) + 1 :] for path in self.files if path.startswith(f"{folder}/")], [])

    def read(self, name: str, limit: int) -> bytes:
        if name not in self.files:
            raise TransportError("missing", name)
        return self.files[name]


# Histories, and what they give


def make_histories(random: Random) -> list[list[Op]]:
    """Return histories of one device that share beginnings, each op written by somebody who knew its own only."""
    histories = [grow(random, [], random.randint(1, 8), 0)]
    for number in range(1, random.randint(2, 6)):
        known = random.choice(histories)
        kept = known[: random.randint(0, len(known))]
        histories.append(grow(random, kept, random.randint(1, 5), number))
    return histories


def grow(random: Random, kept: list[Op], count: int, branch: int) -> list[Op]:
    ops = list(kept)
    for _ in range(count):
        seq = len(ops) + 1
        ent, field = random.choice(ENTS), random.choice(CELLS)
        value = json.dumps(f"{branch}-{seq}")
        if field == "trash":
            value = random.choice(("null", f'{{"{DEV}.{RAW}":{random.randint(1, seq)}}}'))
        elif field == "labels/red":
            value = random.choice(("true", "false"))
        same = [op for op in ops if (op.ent, op.field) == (ent, field)]
        named = [op.dot for op in random.sample(same, random.randint(0, len(same)))]
        change = random.choice((seq, ops[-1].change if ops else seq))
        ops.append(
            Op(DEV, RAW, seq, seq, START + random.randint(0, 5), "by", "item", ent, field, value, tuple(named), change)
        )  # fmt: skip
    return ops


def make_reader(random: Random, histories: list[list[Op]]) -> list[Op]:
    """Return what somebody wrote who knew one history, or another, and called its ops by the names they had."""
    known = random.choice(histories)
    ops: list[Op] = []
    for seq in range(1, random.randint(1, 6)):
        seen = random.choice(known)
        field, value = seen.field, json.dumps(f"reader {seq}")
        named: tuple[str, ...] = (seen.dot,)
        if field == "trash" or random.random() < 0.3:
            field, named = "trash", ()
            value = f'{{"{DEV}.{RAW}":{seen.seq}}}'
        elif field == "labels/red":
            value = "false"
        ops.append(
            Op(OTHER, OTHER_INC, seq, 50 + seq, START + 2, "by", "item", seen.ent, field, value, named, seq)
        )
    return ops


def links_of(history: list[Op]) -> list[str]:
    stream = StreamId(WORKSPACE, DEV, RAW)
    found = [""]
    for op in history:
        found.append(chain(stream, found[-1], [encode_line(op)]))
    return found


def incarnation_of(link: str) -> str:
    digest = hashlib.blake2b("\x1f".join(("fork", DEV, RAW, link)).encode(), digest_size=10).digest()
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(12))


def expected(histories: list[list[Op]]) -> dict[str, int]:
    """Return the streams that these histories give, each with its number of ops."""
    after: dict[str, set[str]] = {}
    for history in histories:
        links = links_of(history)
        for before, link in pairwise(links):
            after.setdefault(before, set()).add(link)
    found: dict[str, int] = {}

    def walk(inc: str, link: str, count: int) -> None:
        following = after.get(link, set())
        if len(following) == 1:
            walk(inc, next(iter(following)), count + 1)
            return
        if count:
            found[inc] = count
        for one in following:
            walk(incarnation_of(one), one, 1)

    walk(RAW, "", 0)
    return found


# Files, and who reads them


def files_of(random: Random, ops: list[Op]) -> dict[str, bytes]:
    """Return a history as files: cut anywhere, some of it twice, with a head at its end and perhaps before."""
    dev, inc = ops[0].dev, ops[0].inc
    stream = StreamId(WORKSPACE, dev, inc)
    lines = [encode_line(op) for op in ops]
    keys = KEYS[dev]
    files: dict[str, bytes] = {}

    def put(first: int, last: int) -> None:
        prev = chain(stream, "", lines[: first - 1]) if first > 1 else ""
        name, _, data = segment.encode(stream, first, prev, lines[first - 1 : last], keys=keys)
        files[name.path] = data

    at = 0
    while at < len(lines):
        last = random.randint(at + 1, len(lines))
        put(random.randint(1, at + 1) if random.random() < 0.3 else at + 1, last)
        at = last
    for seq in {len(lines), random.randint(1, len(lines))}:
        link = chain(stream, "", lines[:seq])
        files[names.HeadName.of(dev, inc, seq, link).path] = head_line(stream, seq, link, keys)
    identity = identity_line(stream, member="m", program="", seal="", keys=keys)
    files[names.identity_path(dev, inc, identity_hash(identity))] = identity
    return files


def read_all(random: Random, store: Store, files: dict[str, bytes]) -> None:
    """Deliver the files in any order, and pull now and then, in the end until nothing comes any more."""
    share = Memory()
    place = add_place(store, share.url)
    batch_ops = random.randint(1, 6)
    left = sorted(files)
    random.shuffle(left)
    puller = Puller(store, place, share, batch_ops)  # type: ignore[arg-type]
    while left:
        for path in left[: random.randint(1, 6)]:
            share.files[path] = files[path]
            left.remove(path)
        if random.random() < 0.5:
            puller = Puller(store, place, share, batch_ops)  # type: ignore[arg-type]
        pull(puller, share)
    pull(puller, share)
    pull(puller, share)
    assert puller.count == 0
    assert puller.stuck == {}


def pull(puller: Puller, share: Memory) -> None:
    heads = [names.parse_head(name) for name in share.list(names.HEADS).files]
    puller.run([head for head in heads if head is not None], lambda: False, lambda done, total: None)


@contextmanager
def readers(count: int) -> Iterator[list[Store]]:
    memory = "/dev/shm"
    with tempfile.TemporaryDirectory(dir=memory if os.path.isdir(memory) else None) as folder:
        stores = []
        for number in range(count):
            join_workspace(os.path.join(folder, str(number)), WORKSPACE).close()
            stores.append(open_store(os.path.join(folder, str(number))))
        yield stores
        for store in stores:
            store.close()


# Random histories do not become clearer by shrinking.
@settings(
    max_examples=deep(10),
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.randoms(use_true_random=False))
def test_any_forked_histories_in_any_order_give_the_same_streams(random: Random) -> None:
    histories = make_histories(random)
    others = make_reader(random, histories)
    files = files_of(random, others) if others else {}
    for history in histories:
        files |= files_of(random, history)
    wanted = {(DEV, inc): count for inc, count in expected(histories).items()}
    if others:
        wanted[OTHER, OTHER_INC] = len(others)
    with readers(3) as stores:
        for store in stores:
            read_all(random, store, files)
            assert {key: stream.seq for key, stream in streams(store).items() if stream.seq} == wanted
            assert check_log(store) == []
            assert check_derived(store) == []
        first = stores[0]
        ids = {row[0] for row in first.conn.execute("SELECT id FROM op")}
        for store in stores[1:]:
            assert {row[0] for row in store.conn.execute("SELECT id FROM op")} == ids
            assert list(export_lines(store)) == list(export_lines(first))
            assert state_hash(store) == state_hash(first)
        rebuild(first)
        assert list(export_lines(stores[1])) == list(export_lines(first))


# Names


@given(st.randoms(use_true_random=False))
def test_what_is_called_otherwise_can_be_written_as_it_was(random: Random) -> None:
    bases = sorted(random.sample(range(1, 60), random.randint(0, 4)))
    parts = [(RAW, 0), *((f"branch{number:06}", base) for number, base in enumerate(bases))]
    path = Path(DEV, parts)
    for seq in range(bases[-1] + 1 if bases else 1, 70):
        named = tuple(f"{DEV}.{RAW}.{random.randint(1, seq)}" for _ in range(random.randint(0, 3)))
        value = random.choice(("null", '"x"', f'{{"{DEV}.{RAW}":{random.randint(0, seq)},"z.y":3}}', "[1]"))
        field = random.choice(("trash", "title"))
        op = Op(DEV, RAW, seq, 1, 1, "by", "item", "e", field, value, (*named, "other.inc.5"), seq)
        called = path.called(op)
        assert (called.inc, called.seq) == (parts[-1][0], seq - parts[-1][1])
        assert path.written(called) == op
        for parent in called.parents[:-1]:
            _, inc, number = parent.split(".")
            assert 0 < int(number)
            following = [base for name, base in parts if base > dict(parts)[inc]]
            assert not following or int(number) + dict(parts)[inc] <= min(following)
        assert called.parents[-1] == "other.inc.5"


def test_an_op_that_names_its_past_by_names_to_come_is_refused() -> None:
    path = Path(DEV, [(RAW, 0), ("branch", 3)])
    op = Op(DEV, RAW, 6, 1, 1, "by", "item", "e", "title", "1", (f"{DEV}.branch.1",), 1)
    with pytest.raises(StoreError) as caught:
        path.called(op)
    assert caught.value.code == "bad-op"


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ('{"a.b":9,"c.d":1}', '{"a.b":4,"c.d":1,"x.y":7}'),
        ('{"a.b":4}', '{"a.b":4}'),
        ('{"a.b":9,"x.y":8}', '{"a.b":4,"x.y":8}'),
        ('{"a.b":"9"}', '{"a.b":"9"}'),
        ("null", "null"),
        ('"a.b"', '"a.b"'),
        ('["a.b"]', '["a.b"]'),
    ],
)
def test_what_a_deleter_had_seen_follows_ops_that_move(value: str, result: str) -> None:
    assert seen_elsewhere(value, "a.b", 4, "x.y", 2) == result
