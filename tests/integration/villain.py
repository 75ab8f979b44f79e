"""A peer who wishes nobody well: it knows the format by heart, has a key of its own, and writes whatever it likes."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zstandard

from sync.segment import StreamId, chain
from sync.trust.keys import Keys, load_keys
from sync.trust.signed import HEAD, IDENTITY, SEGMENT, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

START = 1_795_448_027_555


class Villain:
    """A device of no home: it writes one stream into a share, correct in all that is not asked to be wrong."""

    def __init__(self, share: Path, home: Path, dev: str = "v1perz000000", inc: str = "bad00000") -> None:
        home.mkdir(exist_ok=True)
        self.share = share
        self.workspace = json.loads((share / "ws.json").read_text())["workspace"]
        self.dev, self.inc = dev, inc
        self.keys: Keys = load_keys(str(home))
        self.seq = 0
        self.link = ""

    @property
    def stream(self) -> StreamId:
        """Return whose ops it writes."""
        return StreamId(self.workspace, self.dev, self.inc)

    @property
    def folder(self) -> Path:
        """Return the folder of its stream."""
        return self.share / "d" / f"{self.dev}.{self.inc}"

    def enter(self) -> Villain:
        """Say who it is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fields = {
            "format": "1.0", "ws": self.workspace, "dev": self.dev, "inc": self.inc, "member": "", "program": "evil",
            "key": self.keys.public.hex(), "seal": "",
        }  # fmt: skip
        data = self._line(IDENTITY, fields)
        (self.folder / f"id.{sha256(data).hexdigest()[:8]}.json").write_bytes(data)
        return self

    def op(self, field: str = "title", value: str = '"evil"', **changed: Any) -> bytes:
        """Return a line; `changed` are its keys that are to be otherwise, as JSON text where they are text."""
        self_made = {
            "lam": 1_000 + self.seq, "wt": START, "by": '""', "kind": '"item"', "ent": '"ev11000000000000"',
            "field": json.dumps(field, ensure_ascii=False), "value": value, "parents": "[]", "change": 1,
        }  # fmt: skip
        self_made.update(changed)
        return ("{" + ",".join(f'"{key}":{text}' for key, text in self_made.items()) + "}").encode()

    def send(
        self, lines: Sequence[bytes], *, packed: bytes | None = None, head: bool = True, **changed: Any
    ) -> Path:
        """Write ops as a segment and a head that promises them; `changed` are header keys to be otherwise.

        `packed` is a body of another making. What the header says is signed as it stands.
        """
        first, last = self.seq + 1, self.seq + len(lines)
        body = b"".join(line + b"\n" for line in lines)
        packed = zstandard.ZstdCompressor().compress(body) if packed is None else packed
        tail = chain(self.stream, self.link, lines)
        fields: dict[str, Any] = {
            "format": "1.0", "ws": self.workspace, "dev": self.dev, "inc": self.inc, "from": first, "to": last,
            "prev": self.link, "tail": tail, "codec": "zstd", "raw": len(body), "size": len(packed),
            "sha256": sha256(packed).hexdigest(), "program": "evil", "enc": "",
        }  # fmt: skip
        fields.update(changed)
        data = self._line(SEGMENT, fields) + packed
        path = self.put(f"d/{self.dev}.{self.inc}/{first}-{last}.{sha256(data).hexdigest()[:16]}.seg", data)
        self.seq, self.link = last, tail
        if head:
            self.promise()
        return path

    def promise(self) -> None:
        """Write the head of what it has sent."""
        fields = {
            "format": "1.0", "ws": self.workspace, "dev": self.dev, "inc": self.inc, "seq": self.seq, "tail": self.link,
        }  # fmt: skip
        self.put(f"h/{self.dev}.{self.inc}.{self.seq}.{self.link[:32]}", self._line(HEAD, fields))

    def put(self, name: str, data: bytes) -> Path:
        """Write any file into the share."""
        path = self.share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def sparse(self, name: str, size: int) -> Path:
        """Write a file that claims a size and holds nothing."""
        path = self.put(name, b"")
        os.truncate(path, size)
        return path

    def _line(self, domain: str, fields: dict[str, Any]) -> bytes:
        signed = {**fields, "sig": signature(domain, fields, self.keys)}
        return json.dumps(signed, separators=(",", ":")).encode() + b"\n"
