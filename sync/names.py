"""The grammar of file names in a share: what is a file of ours, and what anything else most likely is.

Only names that match are ever opened. What else lies in the folders is left alone and reported: conflicted
copies made by synchronisers, half-downloaded files, strangers. `sync/FORMAT.md` holds the same grammar in
words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SENTINEL = "ws.json"
HEADS = "h"
DEVICES = "d"
KEYS = "k"
SNAPSHOTS = "s"

LINK_DIGITS = 32  # of a link in a head's name: 128 bits, so that nobody finds two histories with one name
MAX_SEQ = 2**32 - 1  # a stream this long is 136 years of an op a second

# Crockford's base32 in lower case; at least four characters, so no name is one Windows keeps for itself
# (con, nul, …).
_ID = "[0-9a-hjkmnp-tv-z]"
_DEV = rf"(?P<dev>{_ID}{{4,26}})"
_INC = rf"(?P<inc>{_ID}{{1,11}})"
_SEQ = "[1-9][0-9]{0,15}"

_WORKSPACE = re.compile(rf"{_ID}{{26}}", re.ASCII)
_SHARE = re.compile(rf"sameboat-{_ID}{{8}}", re.ASCII)
_DEVICE = re.compile(_DEV, re.ASCII)
_STREAM = re.compile(rf"{_DEV}\.{_INC}", re.ASCII)
_HEAD = re.compile(rf"{_DEV}\.{_INC}\.(?P<seq>{_SEQ})\.(?P<hash32>[0-9a-f]{{{LINK_DIGITS}}})", re.ASCII)
# As an earlier build named heads: its writers have written them anew, and nobody need be told of what they left.
_FORMER_HEAD = re.compile(rf"{_DEV}\.{_INC}\.{_SEQ}\.[0-9a-f]{{8}}", re.ASCII)
_SEGMENT = re.compile(rf"(?P<first>{_SEQ})-(?P<last>{_SEQ})\.(?P<hash16>[0-9a-f]{{16}})\.seg", re.ASCII)
_KEY = re.compile(rf"{_DEV}\.(?P<gen>[1-9][0-9]{{0,4}})\.(?P<hash8>[0-9a-f]{{8}})\.key", re.ASCII)
_SNAPSHOT = re.compile(rf"{_DEV}\.(?P<ops>{_SEQ})\.(?P<hash16>[0-9a-f]{{16}})\.snap", re.ASCII)
_IDENTITY = re.compile(r"id\.(?P<hash8>[0-9a-f]{8})\.json", re.ASCII)

# Files that operating systems and synchronisers keep in every folder: not worth a word.
_FURNITURE = re.compile(
    r"\.ds_store|\._.*|thumbs\.db|desktop\.ini|\.stfolder.*|\.stignore|\.stversions|\.dropbox.*|\.nfs[0-9a-f]+",
    re.I,
)
_TEMPORARY = re.compile(
    r"~\$.*|\.?~.*|.*~|.*\.(?:tmp|temp|part|partial|crdownload|download|bts|icloud|baiduyun\.p\.downloading)"
    r"|\.syncthing\..*|\..*\.swp",
    re.I,
)
_COPY = re.compile(
    r".*\.sync-conflict-.*|.*-nsconflict-.*|.*\(.*(?:conflict|copy|冲突).*\).*|.*\([0-9]+\).*|.*conflicted.*|.*副本.*",
    re.I,
)
# OneDrive puts the computer's name behind the stem: 1-5.<hash16>-LAPTOP.seg, <head>-LAPTOP.
_STEMS = (
    _SEGMENT.pattern[:-5],
    _HEAD.pattern,
    _KEY.pattern[:-5],
    _SNAPSHOT.pattern[:-6],
    r"id\.[0-9a-f]{8}",
    "ws",
)
_HOST_COPY = re.compile(rf"(?:{re.sub(r'[?]P<[a-z0-9]+>', '?:', '|'.join(_STEMS))})-.+", re.I)


class HeadName(NamedTuple):
    """A head: this stream reaches `seq`, and the link of that op begins with `hash32`."""

    dev: str
    inc: str
    seq: int
    hash32: str

    @classmethod
    def of(cls, dev: str, inc: str, seq: int, link: str) -> HeadName:
        """Return the head that says of a stream's op that this is its link."""
        return cls(dev, inc, seq, link[:LINK_DIGITS])

    @property
    def path(self) -> str:
        """Return the head's name inside the share."""
        return f"{HEADS}/{self.dev}.{self.inc}.{self.seq}.{self.hash32}"


class SegmentName(NamedTuple):
    """A segment: ops `first` to `last` of one stream, in a file whose SHA-256 begins with `hash16`."""

    dev: str
    inc: str
    first: int
    last: int
    hash16: str

    @property
    def path(self) -> str:
        """Return the segment's name inside the share."""
        return f"{stream_folder(self.dev, self.inc)}/{self.first}-{self.last}.{self.hash16}.seg"


class KeyName(NamedTuple):
    """A key file: `dev` hands on the workspace's key of a generation, in a file whose SHA-256 begins with `hash8`."""

    dev: str
    generation: int
    hash8: str

    @property
    def path(self) -> str:
        """Return the key file's name inside the share."""
        return f"{KEYS}/{self.dev}.{self.generation}.{self.hash8}.key"


class SnapshotName(NamedTuple):
    """A snapshot by a device of the state that `ops` ops give, in a file whose SHA-256 begins with `hash16`."""

    dev: str
    ops: int
    hash16: str

    @property
    def path(self) -> str:
        """Return the snapshot's name inside the share."""
        return f"{SNAPSHOTS}/{self.dev}.{self.ops}.{self.hash16}.snap"


def share_name(workspace: str) -> str:
    """Return the folder a workspace lives in: the end of its id, since ids made on one day begin alike."""
    return f"sameboat-{workspace[-8:]}"


def stream_folder(dev: str, inc: str) -> str:
    """Return the folder that holds one stream's segments, inside the share."""
    return f"{DEVICES}/{dev}.{inc}"


def identity_path(dev: str, inc: str, hash8: str) -> str:
    """Return the name of a device's identity file inside the share."""
    return f"{stream_folder(dev, inc)}/id.{hash8}.json"


def is_workspace(text: str) -> bool:
    """Return whether `text` is a workspace id."""
    return _WORKSPACE.fullmatch(text) is not None


def is_share(name: str) -> bool:
    """Return whether a folder's name is a share's."""
    return _SHARE.fullmatch(name) is not None


def is_device(dev: str) -> bool:
    """Return whether `dev` may name a device."""
    return _DEVICE.fullmatch(dev) is not None


def is_stream(dev: str, inc: str) -> bool:
    """Return whether a device and incarnation may name a stream."""
    return _STREAM.fullmatch(f"{dev}.{inc}") is not None


def parse_head(name: str) -> HeadName | None:
    """Return what a file name in `h/` says, or None when it is not a head."""
    match = _HEAD.fullmatch(name)
    if match is None or int(match["seq"]) > MAX_SEQ:
        return None
    return HeadName(match["dev"], match["inc"], int(match["seq"]), match["hash32"])


def parse_segment(dev: str, inc: str, name: str) -> SegmentName | None:
    """Return what a file name in `d/<dev>.<inc>/` says, or None when it is not a segment."""
    match = _SEGMENT.fullmatch(name)
    if match is None:
        return None
    first, last = int(match["first"]), int(match["last"])
    return SegmentName(dev, inc, first, last, match["hash16"]) if first <= last <= MAX_SEQ else None


def parse_path(path: str) -> SegmentName | None:
    """Return what a segment's name inside the share says, or None when it is not a segment's."""
    folder, _, name = path.rpartition("/")
    stream = _STREAM.fullmatch(folder.removeprefix(f"{DEVICES}/"))
    return None if stream is None else parse_segment(stream["dev"], stream["inc"], name)


def parse_key(name: str) -> KeyName | None:
    """Return what a file name in `k/` says, or None when it is not a key file."""
    match = _KEY.fullmatch(name)
    return None if match is None else KeyName(match["dev"], int(match["gen"]), match["hash8"])


def parse_snapshot(name: str) -> SnapshotName | None:
    """Return what a file name in `s/` says, or None when it is not a snapshot's."""
    match = _SNAPSHOT.fullmatch(name)
    return None if match is None else SnapshotName(match["dev"], int(match["ops"]), match["hash16"])


def snapshot_at(path: str) -> SnapshotName | None:
    """Return what a snapshot's name inside the share says, or None when it is not a snapshot's."""
    folder, _, name = path.rpartition("/")
    return parse_snapshot(name) if folder == SNAPSHOTS else None


def is_identity(name: str) -> bool:
    """Return whether a file name in `d/<dev>.<inc>/` is an identity file's."""
    return _IDENTITY.fullmatch(name) is not None


def identity_hash8(name: str) -> str:
    """Return the hash in an identity file's name, or "" when it is none's."""
    match = _IDENTITY.fullmatch(name)
    return "" if match is None else match["hash8"]


def oddity(name: str) -> str:
    """Return what a name outside the grammar is: "copy", "temporary", "stranger", or "" for furniture."""
    if _FURNITURE.fullmatch(name) or _FORMER_HEAD.fullmatch(name):
        return ""
    if _TEMPORARY.fullmatch(name):
        return "temporary"
    if _COPY.fullmatch(name) or _HOST_COPY.fullmatch(name):
        return "copy"
    return "stranger"
