"""What the engine needs of a place that holds a share, so that a folder and a bucket are the same to it.

Names are relative to the share, with forward slashes, and match `sync.names`. A transport moves bytes and
says truly what happened; it knows no segments, no workspace and no database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from sync.places.budget import Budget


class TransportError(Exception):
    """A place did not do what was asked. `code` says why:

    missing      no such file
    unmounted    the folder that should hold the share is not there
    unreachable  the medium failed: input/output error, time-out, dropped connection
    denied       permission refused
    readonly     the place takes no writes
    full         no space, or over quota
    irregular    a link, a pipe, a device or a folder where a file should be
    too-large    larger than the reader's limit
    taken        the name exists with other bytes; nothing was overwritten
    damaged      what was written did not read back the same

    and, of places with an address:

    throttled      the server asked for fewer requests; none is made before the time it named
    budget         the requests that may be made in a while are used up
    no-extra       what is needed to reach it is not installed
    no-credentials nobody said who we are
    misconfigured  region, endpoint or credentials are set wrongly
    """

    def __init__(self, code: str, name: str = "", detail: str = "") -> None:
        super().__init__(" ".join(part for part in (code, name, detail) if part))
        self.code = code
        self.name = name
        self.detail = detail


class Listing(NamedTuple):
    """A folder's names: `files` are regular files, `odd` are everything else."""

    files: list[str]
    odd: list[str]


class Transport(Protocol):
    """A share's bytes. Every method raises TransportError and nothing else for what the medium does."""

    url: str

    @property
    def meter(self) -> Budget | None:
        """Return what counts the requests made here, None where a place may be asked any number of times."""

    def watch_path(self) -> str:
        """Return the local folder whose events tell of news, or "" where only polling can."""

    def probe(self) -> None:
        """Raise "unmounted" when the place is absent, "missing" when it is there and holds no share.

        Where that costs a request it is left to the reading of the sentinel.
        """

    def create(self) -> None:
        """Make the share's folder inside the outer one, which must be there."""

    def list(self, folder: str) -> Listing:
        """Return the names in a folder of the share; a folder that does not exist is empty."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a regular file's bytes, or raise "too-large" unread when it has more than `limit`."""

    def write(self, name: str, data: bytes) -> None:
        """Put a file there for good: whole or not at all, durable, read back, never over another.

        Writing the same bytes again is not an error.
        """

    def remove(self, name: str) -> None:
        """Remove a file; one that is already gone is not an error."""

    def sweep(self, folder: str) -> None:
        """Remove what a crash of this very device left half-written in a folder, and nothing else."""
