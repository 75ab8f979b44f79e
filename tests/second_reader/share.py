"""A share read: sentinel, heads, identities, each stream's segments, and up to where it is taken (FORMAT 1-7).

`keys` are those of an encrypted workspace by their labels, None where it is not encrypted; `seal` is the device that
reads and the secret of what others encrypt for it, with which it finds more keys.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.second_reader import trust
from tests.second_reader.histories import Branch, grow, links_of, name_beyond
from tests.second_reader.lines import ID, Op, first_link
from tests.second_reader.sealed import Keys, read_key_file, unseal
from tests.second_reader.segments import FILE_LIMIT, Place, RefusedError, Segment, accept
from tests.second_reader.signed import LINE_LIMIT, MalformedError, is_signed, major, parse
from tests.second_reader.snapshots import Snapshot, read_snapshot

SHARE = re.compile(rf"sameboat-{ID}{{8}}")
NUMBER = "([1-9][0-9]{0,9})"
STREAM = re.compile(rf"({ID}{{4,26}})\.({ID}{{1,16}})")
HEAD = re.compile(rf"({ID}{{4,26}})\.({ID}{{1,16}})\.{NUMBER}\.([0-9a-f]{{32}})")
SEGMENT = re.compile(rf"{NUMBER}-{NUMBER}\.([0-9a-f]{{16}})\.seg")
IDENTITY = re.compile(r"id\.([0-9a-f]{8})\.json")
KEY = re.compile(rf"({ID}{{4,26}})\.([1-9][0-9]{{0,4}})\.([0-9a-f]{{8}})\.key")
SNAPSHOT = re.compile(rf"({ID}{{4,26}})\.([1-9][0-9]*)\.([0-9a-f]{{16}})\.snap")
LAST = 4_294_967_295

StreamName = tuple[str, str]


class PausedError(Exception):
    """The folder is not a share that this reader may read; the message says why."""


@dataclass(frozen=True)
class Head:
    """How far a stream reaches, and the beginning of the link there."""

    seq: int
    hash32: str


@dataclass
class Stream:
    """One incarnation of a device: what its segments prove."""

    dev: str
    inc: str
    heads: list[Head] = field(default_factory=list)
    tree: Branch = field(default_factory=lambda: Branch("", "", 0))

    @property
    def ops(self) -> list[Op]:
        """What is read of it, up to where it forks."""
        return self.tree.ops

    @property
    def name(self) -> str:
        return f"{self.dev}.{self.inc}"

    @property
    def reach(self) -> int:
        """What the greatest head promises, 0 without one."""
        return max((head.seq for head in self.heads), default=0)


@dataclass
class Share:
    """All that was read of one share.

    `verdicts` maps each file that is not taken to ("waiting" | "wrong" | "newer", reason); `strangers` are the names
    that match nothing; `keys` the devices' public keys, `wrapped` the workspace's. `read` is what may be applied,
    stream by stream in their order, and `ops` the same with what names beyond a fork mean.
    """

    folder: Path
    workspace: str
    root: str
    wrapped: Keys | None = None
    streams: dict[StreamName, Stream] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    standing: dict[str, str] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    read: list[Op] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    opened: dict[str, Segment | None] = field(default_factory=dict)


def read_share(folder: Path, keys: Keys | None = None, seal: tuple[str, bytes] | None = None) -> Share:
    """Everything that lies in the one share of `folder`, or `PausedError`."""
    places = [path for path in _plain(folder, folders=True) if SHARE.fullmatch(path.name)]
    if len(places) != 1:
        raise PausedError(f"{len(places)} shares in {folder}")
    share = _sentinel(places[0], None if keys is None else dict(keys))
    _list_heads(share)
    for name in _list_streams(share):
        share.streams.setdefault(name, Stream(*name))
    _pin(share)
    if seal is not None:
        _collect_keys(share, *seal)
    _read_streams(share)
    for _ in share.streams:
        _apply(share)
        approved = {dev: key for dev, key in share.approved.items() if share.keys.get(dev) != key}
        if not approved:
            break
        share.keys.update(approved)  # what an approval says counts more than the key that was met first
        share.opened.clear()
        _read_streams(share)
    _list_snapshots(share)
    return share


def _plain(folder: Path, *, folders: bool = False) -> Iterator[Path]:
    """The regular files of a folder, or the folders in it, by name; links are never followed."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if not path.is_symlink() and (path.is_dir() if folders else path.is_file()):
            yield path


def _sentinel(place: Path, keys: Keys | None) -> Share:
    path = place / "ws.json"
    if path.is_symlink() or not path.is_file():
        raise PausedError("no ws.json")
    try:
        line, end, rest = path.read_bytes()[: LINE_LIMIT + 1].partition(b"\n")
        value = parse(line)
        if major(value) != 1 or value.get("enc") != ("" if keys is None else "age"):
            raise PausedError(f"format {value['format']}, encryption {value.get('enc')!r}")
        workspace, root = str(value.get("workspace")), str(value.get("root"))
    except MalformedError as error:
        raise PausedError(f"ws.json: {error}") from None
    if (
        end != b"\n"
        or rest
        or not re.fullmatch(rf"{ID}{{26}}", workspace)
        or not re.fullmatch(rf"{ID}{{4,26}}", root)
    ):
        raise PausedError("ws.json: malformed")
    if place.name != f"sameboat-{workspace[-8:]}":
        raise PausedError("ws.json names another workspace than its folder")
    return Share(place, workspace, root, keys)


def _stream(share: Share, name: StreamName) -> Stream:
    return share.streams.setdefault(name, Stream(*name))


def _list_heads(share: Share) -> None:
    for path in _plain(share.folder / "h"):
        matched = HEAD.fullmatch(path.name)
        if not matched or int(matched.group(3)) > LAST:
            share.strangers.append(f"h/{path.name}")
            continue
        _stream(share, (matched.group(1), matched.group(2))).heads.append(
            Head(int(matched.group(3)), matched.group(4))
        )


def _list_streams(share: Share) -> Iterator[StreamName]:
    for path in _plain(share.folder / "d", folders=True):
        matched = STREAM.fullmatch(path.name)
        if matched:
            yield matched.group(1), matched.group(2)
        else:
            share.strangers.append(f"d/{path.name}")


def _pin(share: Share) -> None:
    """Each device's key out of its identity files; two different ones leave it without."""
    found: dict[str, dict[str, list[str]]] = {}
    for stream in share.streams.values():
        for path in _plain(share.folder / "d" / stream.name):
            matched = IDENTITY.fullmatch(path.name)
            if matched:
                where = f"d/{stream.name}/{path.name}"
                try:
                    key = _identity(path.read_bytes(), share.workspace, stream, matched.group(1))
                except RefusedError as error:
                    share.verdicts[where] = error.verdict, str(error)
                else:
                    found.setdefault(stream.dev, {}).setdefault(key, []).append(where)
    for dev, keys in found.items():
        if len(keys) == 1:
            share.keys[dev] = next(iter(keys))
        else:
            for where in (where for files in keys.values() for where in files):
                share.verdicts[where] = "wrong", "two keys claim to be one device"


def _identity(data: bytes, workspace: str, stream: Stream, hash8: str) -> str:
    line, end, rest = data.partition(b"\n")
    if not hashlib.sha256(data).hexdigest().startswith(hash8):
        raise RefusedError("waiting", "not whole")
    try:
        value = parse(line)
        if major(value) != 1:
            raise RefusedError("newer", f"format {value['format']}")
    except MalformedError as error:
        raise RefusedError("wrong", str(error)) from None
    names = tuple(value.get(name) for name in ("ws", "dev", "inc"))
    if end != b"\n" or rest or names != (workspace, stream.dev, stream.inc):
        raise RefusedError("wrong", "it belongs elsewhere")
    key = value.get("key")
    if (
        not isinstance(key, str)
        or not re.fullmatch(r"[0-9a-f]{64}", key)
        or not is_signed(value, "identity", key)
    ):
        raise RefusedError("wrong", "signature")
    return key


def _collect_keys(share: Share, device: str, secret: bytes) -> None:
    """Take the keys that key files hold for `device`."""
    for path in _plain(share.folder / "k"):
        matched = KEY.fullmatch(path.name)
        if not matched:
            share.strangers.append(f"k/{path.name}")
            continue
        name = (matched[1], int(matched[2]), matched[3])
        key = share.keys.get(matched[1], "")
        try:
            found = read_key_file(path.read_bytes(), name, share.workspace, device, key, secret)
        except RefusedError as error:
            share.verdicts[f"k/{path.name}"] = error.verdict, str(error)
        else:
            share.wrapped = {**(share.wrapped or {}), **found}


def _list_snapshots(share: Share) -> None:
    """Read the snapshots by trusted devices; one that a head contradicts is wrong."""
    heads = {
        (stream.dev, stream.inc, head.seq): head.hash32
        for stream in share.streams.values()
        for head in stream.heads
    }
    for path in _plain(share.folder / "s"):
        matched = SNAPSHOT.fullmatch(path.name)
        if not matched:
            share.strangers.append(f"s/{path.name}")
            continue
        dev, count, hash16 = matched[1], int(matched[2]), matched[3]
        try:
            if share.standing.get(dev) not in ("trusted", "approved"):
                raise RefusedError("wrong", "by a device that is not trusted")
            data = path.read_bytes()
            found = read_snapshot(data, (dev, count, hash16), share.workspace, share.keys[dev], share.wrapped)
            for (at, inc), (seq, link) in found.vector.items():
                if not link.startswith(heads.get((at, inc, seq), "")):
                    raise RefusedError("wrong", "a head contradicts its vector")
        except RefusedError as error:
            share.verdicts[f"s/{path.name}"] = error.verdict, str(error)
        else:
            share.snapshots.append(found)


def _read_streams(share: Share) -> None:
    for stream in share.streams.values():
        stream.tree = Branch(stream.dev, stream.inc, 0)
        if stream.dev in share.keys:
            _read_stream(share, stream)


def _read_stream(share: Share, stream: Stream) -> None:
    """Follow the greatest head forwards as far as that goes, and every other one backwards where it leads elsewhere."""
    listed: list[Place] = []
    for path in _plain(share.folder / "d" / stream.name):
        matched = SEGMENT.fullmatch(path.name)
        if matched and int(matched.group(1)) <= int(matched.group(2)) <= LAST:
            begin, end = int(matched.group(1)), int(matched.group(2))
            listed.append(Place(share.workspace, stream.dev, stream.inc, begin, end, matched.group(3)))
        elif not IDENTITY.fullmatch(path.name):
            share.strangers.append(f"d/{stream.name}/{path.name}")
    ways = [_forwards(share, stream, listed)]
    links = links_of(share.workspace, stream.dev, stream.inc, ways[0])
    for head in stream.heads:
        known = head.seq <= len(links) and links[head.seq - 1].hex().startswith(head.hash32)
        if not known and signed_head(share, stream, head):
            ways.append(_backwards(share, stream, listed, head))
    histories = []
    for lines in ways:
        place = Place(share.workspace, stream.dev, stream.inc, 1, len(lines), "")
        ops = Segment(place, {"prev": ""}, tuple(lines)).ops_after(0) if lines else []
        histories.append((ops, links_of(share.workspace, stream.dev, stream.inc, lines)))
    stream.tree = grow(stream.dev, stream.inc, histories)


def _forwards(share: Share, stream: Stream, listed: list[Place]) -> list[bytes]:
    """Take segments that hold the next op, the longest first, while what the heads promise is not reached."""
    first = first_link(share.workspace, stream.dev, stream.inc)
    lines: list[bytes] = []
    link = first
    while len(lines) < stream.reach:
        cursor = len(lines)
        fitting = [
            segment
            for place in sorted(listed, key=lambda place: -place.end)
            if place.begin <= cursor + 1 <= place.end
            and (segment := _open(share, stream, place))
            and segment.link_at(cursor, first) == link
        ]
        if not fitting:
            break
        longest, *others = fitting
        if any(one.link_at(one.place.end, first) != longest.link_at(one.place.end, first) for one in others):
            break  # it forks here: where the heads lead decides
        lines += longest.lines[cursor + 1 - longest.place.begin :]
        link = longest.link_at(longest.place.end, first)
    return lines


def _backwards(share: Share, stream: Stream, listed: list[Place], head: Head) -> list[bytes]:
    """The lines that lead to a head, from the first on; none when one of the segments on the way lacks."""
    first = first_link(share.workspace, stream.dev, stream.inc)
    lines: list[bytes] = []
    seq, link = head.seq, head.hash32
    while seq:
        for place in sorted(listed, key=lambda place: place.begin):
            segment = _open(share, stream, place) if place.begin <= seq <= place.end else None
            if segment and segment.link_at(seq, first).hex().startswith(link):
                lines = [*segment.lines[: seq + 1 - place.begin], *lines]
                seq, link = place.begin - 1, segment.header["prev"]
                break
        else:
            return []
    return lines


def _open(share: Share, stream: Stream, place: Place) -> Segment | None:
    """A segment that is right, None with a verdict where it is not."""
    where = f"d/{stream.name}/{place.begin}-{place.end}.{place.hash16}.seg"
    if where not in share.opened:
        first = first_link(share.workspace, stream.dev, stream.inc)
        path = share.folder / where
        share.opened[where] = None
        try:
            data = path.read_bytes() if path.stat().st_size <= FILE_LIMIT else bytes(FILE_LIMIT + 1)
            key = share.keys[stream.dev]
            if share.wrapped is not None:
                if len(data) > FILE_LIMIT:
                    raise RefusedError("wrong", "the file is too large")
                expected = {
                    "ws": share.workspace, "dev": stream.dev, "inc": stream.inc, "from": place.begin, "to": place.end,
                }  # fmt: skip
                data = unseal(data, place.hash16, "sealed segment", expected, key, share.wrapped)
                place = replace(place, hash16=hashlib.sha256(data).hexdigest()[:16])
            segment = accept(data, place, key, first)
            segment.ops_after(place.begin - 1)
            share.opened[where] = segment
        except RefusedError as error:
            share.verdicts[where] = error.verdict, str(error)
    return share.opened[where]


def _apply(share: Share) -> None:
    """Decide whom to trust by the ops that count, and keep what lies within the limits."""
    held = {
        (one.dev, one.inc): one.ops
        for stream in share.streams.values()
        for one in stream.tree.all()
        if one.ops
    }
    taken = [op for name, ops in held.items() if name[0] == share.root for op in ops]
    seen: list[list[Op]] = []
    while taken and taken not in seen:
        seen.append(taken)
        roster = trust.Roster(taken, share.workspace, share.root)
        taken = [op for name, ops in held.items() for op in ops[: roster.limit(*name)]]
    share.read = taken
    share.ops = name_beyond(taken, [stream.tree for stream in share.streams.values()])
    roster = trust.Roster(taken, share.workspace, share.root)
    share.standing = {dev: roster.standing(dev) for dev in {dev for dev, _ in share.streams}}
    share.approved = roster.keys


def signed_head(share: Share, stream: Stream, head: Head) -> bool:
    """Whether the head's content repeats its name and carries its device's signature."""
    path = share.folder / "h" / f"{stream.name}.{head.seq}.{head.hash32}"
    try:
        line, end, rest = path.read_bytes()[: LINE_LIMIT + 1].partition(b"\n")
        value: dict[str, Any] = parse(line)
        major(value)
    except MalformedError:
        return False
    said = tuple(value.get(name) for name in ("ws", "dev", "inc", "seq"))
    return (
        end == b"\n"
        and not rest
        and said == (share.workspace, stream.dev, stream.inc, head.seq)
        and str(value.get("tail", ""))[:32] == head.hash32
        and is_signed(value, "head", share.keys.get(stream.dev, ""))
    )
