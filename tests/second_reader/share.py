"""A share read: sentinel, heads, identities, each stream's segments, and up to where it is taken (FORMAT 1-7)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.second_reader import trust
from tests.second_reader.lines import ID, Op, first_link
from tests.second_reader.segments import FILE_LIMIT, Place, RefusedError, Segment, accept
from tests.second_reader.signed import LINE_LIMIT, MalformedError, is_signed, major, parse

SHARE = re.compile(rf"sameboat-{ID}{{8}}")
NUMBER = "([1-9][0-9]{0,9})"
STREAM = re.compile(rf"({ID}{{4,26}})\.({ID}{{1,16}})")
HEAD = re.compile(rf"({ID}{{4,26}})\.({ID}{{1,16}})\.{NUMBER}\.([0-9a-f]{{8}})")
SEGMENT = re.compile(rf"{NUMBER}-{NUMBER}\.([0-9a-f]{{16}})\.seg")
IDENTITY = re.compile(r"id\.([0-9a-f]{8})\.json")
LAST = 4_294_967_295

StreamName = tuple[str, str]


class PausedError(Exception):
    """The folder is not a share that this reader may read; the message says why."""


@dataclass(frozen=True)
class Head:
    """How far a stream reaches, and the beginning of the link there."""

    seq: int
    hash8: str


@dataclass
class Stream:
    """One incarnation of a device: what its segments prove."""

    dev: str
    inc: str
    heads: list[Head] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    link: bytes = b""

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
    that match nothing; `keys` the devices' public keys; `ops` what may be applied, stream by stream in their order.
    """

    folder: Path
    workspace: str
    root: str
    streams: dict[StreamName, Stream] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    standing: dict[str, str] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)


def read_share(folder: Path) -> Share:
    """Everything that lies in the one share of `folder`, or `PausedError`."""
    places = [path for path in _plain(folder, folders=True) if SHARE.fullmatch(path.name)]
    if len(places) != 1:
        raise PausedError(f"{len(places)} shares in {folder}")
    share = _sentinel(places[0])
    _list_heads(share)
    for name in _list_streams(share):
        share.streams.setdefault(name, Stream(*name))
    _pin(share)
    _read_streams(share)
    for _ in share.streams:
        _apply(share)
        approved = {dev: key for dev, key in share.approved.items() if share.keys.get(dev) != key}
        if not approved:
            break
        share.keys.update(approved)  # what an approval says counts more than the key that was met first
        _read_streams(share)
    return share


def _plain(folder: Path, *, folders: bool = False) -> Iterator[Path]:
    """The regular files of a folder, or the folders in it, by name; links are never followed."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if not path.is_symlink() and (path.is_dir() if folders else path.is_file()):
            yield path


def _sentinel(place: Path) -> Share:
    path = place / "ws.json"
    if path.is_symlink() or not path.is_file():
        raise PausedError("no ws.json")
    try:
        line, end, rest = path.read_bytes()[: LINE_LIMIT + 1].partition(b"\n")
        value = parse(line)
        if major(value) != 1 or value.get("enc") != "":
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
    return Share(place, workspace, root)


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


def _read_streams(share: Share) -> None:
    for stream in share.streams.values():
        stream.link, stream.ops = first_link(share.workspace, stream.dev, stream.inc), []
        if stream.dev in share.keys:
            _read_stream(share, stream)


def _read_stream(share: Share, stream: Stream) -> None:
    """Take segments that hold the next op, the longest first, while what the heads promise is not reached."""
    first = first_link(share.workspace, stream.dev, stream.inc)
    listed: list[Place] = []
    folder = share.folder / "d" / stream.name
    for path in _plain(folder):
        matched = SEGMENT.fullmatch(path.name)
        if matched and int(matched.group(1)) <= int(matched.group(2)) <= LAST:
            begin, end = int(matched.group(1)), int(matched.group(2))
            listed.append(Place(share.workspace, stream.dev, stream.inc, begin, end, matched.group(3)))
        elif not IDENTITY.fullmatch(path.name):
            share.strangers.append(f"d/{stream.name}/{path.name}")
    while len(stream.ops) < stream.reach:
        cursor = len(stream.ops)
        fitting: list[Segment] = []
        for place in sorted(listed, key=lambda place: -place.end):
            if place.begin <= cursor + 1 <= place.end:
                where = f"{place.begin}-{place.end}.{place.hash16}.seg"
                try:
                    path = folder / where
                    data = path.read_bytes() if path.stat().st_size <= FILE_LIMIT else bytes(FILE_LIMIT + 1)
                    segment = accept(data, place, share.keys[stream.dev], first)
                    if segment.link_at(cursor, first) != stream.link:
                        raise RefusedError("wrong", "fork: another history before it")
                    segment.ops_after(cursor)
                    fitting.append(segment)
                except RefusedError as error:
                    share.verdicts[f"d/{stream.name}/{where}"] = error.verdict, str(error)
        if not fitting:
            return
        for shorter in fitting[1:]:
            if shorter.link_at(shorter.place.end, first) != fitting[0].link_at(shorter.place.end, first):
                for segment in fitting:
                    name = f"{segment.place.begin}-{segment.place.end}.{segment.place.hash16}.seg"
                    share.verdicts[f"d/{stream.name}/{name}"] = (
                        "wrong",
                        "fork: another continues the same history",
                    )
                return
        stream.ops += fitting[0].ops_after(cursor)
        stream.link = fitting[0].link_at(fitting[0].place.end, first)


def _apply(share: Share) -> None:
    """Decide whom to trust by the ops that count, and keep what lies within the limits."""
    held = {(stream.dev, stream.inc): stream.ops for stream in share.streams.values()}
    taken = [op for name, ops in held.items() if name[0] == share.root for op in ops]
    seen: list[list[Op]] = []
    while taken and taken not in seen:
        seen.append(taken)
        roster = trust.Roster(taken, share.workspace, share.root)
        taken = [op for name, ops in held.items() for op in ops[: roster.limit(*name)]]
    share.ops = taken
    roster = trust.Roster(taken, share.workspace, share.root)
    share.standing = {dev: roster.standing(dev) for dev, _ in held}
    share.approved = roster.keys


def signed_head(share: Share, stream: Stream, head: Head) -> bool:
    """Whether the head's content repeats its name and carries its device's signature."""
    path = share.folder / "h" / f"{stream.name}.{head.seq}.{head.hash8}"
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
        and str(value.get("tail", ""))[:8] == head.hash8
        and is_signed(value, "head", share.keys.get(stream.dev, ""))
    )
