"""A share in a directory: a network drive, a synchroniser's folder, a memory stick.

The directory is shared with programs that copy, lock, rename and half-fill files while we look, so every
file is written beside its name, flushed, renamed into place and read back; only regular files are opened;
and a folder above the share is never created, since an empty mount point looks just like it.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from sync.names import SENTINEL
from sync.places.transport import Listing, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

# Virus scanners and synchronisers on Windows hold a file open for a moment after it appears.
_PATIENCE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4) if os.name == "nt" else ()

_OPEN_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)  # a link is not a file of ours
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe must not wait for its writer
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_CODES = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ELOOP: "irregular",
    errno.EISDIR: "irregular",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "readonly",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
}
# Directories cannot be flushed on some network file systems; the rename itself is then all there is.
_NO_DIRECTORY_FSYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF, errno.EACCES, errno.ENOSYS}


class FolderTransport:
    """The share `share` inside the existing folder `url`, as seen by the device `owner`."""

    meter = None

    def __init__(
        self, url: str, share: str, owner: str, *, patience: tuple[float, ...] = _PATIENCE, fsync: bool = True
    ) -> None:
        self.url = url
        self.base = os.path.join(url, share)
        self._owner = owner
        self._patience = patience
        self._fsync = fsync

    def watch_path(self) -> str:
        """Return the share's folder, whose events tell of news."""
        return self.base

    def probe(self) -> None:
        """Raise "unmounted" without the outer folder, "missing" without the share or its sentinel in it."""
        with _told(self.url):
            try:
                os.stat(self.url)
            except FileNotFoundError:
                raise TransportError("unmounted", self.url) from None
        self._inspect_folder("")
        with _told(SENTINEL):
            os.lstat(self._path(SENTINEL))

    def create(self) -> None:
        """Make the share's folder inside the outer folder, which must exist."""
        if not os.path.isdir(self.url):
            raise TransportError("unmounted", self.url)
        with _told(self.base):
            self._make(self.base)

    def list(self, folder: str) -> Listing:
        """Return a folder's names; links, pipes and folders count as odd. A missing folder is empty."""
        files: list[str] = []
        odd: list[str] = []
        try:
            self._inspect_folder(folder)
            with _told(folder), os.scandir(self._path(folder)) as entries:
                for entry in entries:
                    (files if entry.is_file(follow_symlinks=False) else odd).append(entry.name)
        except TransportError as error:
            if error.code != "missing":
                raise
        return Listing(files, odd)

    def read(self, name: str, limit: int) -> bytes:
        """Return a regular file's bytes; a link, pipe, device or anything over `limit` is refused unread."""
        path = self._path(name)
        self._inspect_folder(os.path.dirname(name))
        with _told(name):
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise TransportError("irregular", name)
            with os.fdopen(self._patiently(lambda: os.open(path, os.O_RDONLY | _OPEN_FLAGS)), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise TransportError("irregular", name)
                if status.st_size > limit:
                    raise TransportError("too-large", name, str(status.st_size))
                data = file.read(limit + 1)
        if len(data) > limit:
            raise TransportError("too-large", name)
        return data

    def write(self, name: str, data: bytes) -> None:
        """Put a file there durably, never over another; the same bytes already there are taken as written."""
        folder, _, _ = name.rpartition("/")
        self._make_folder(folder)
        if self._holds(name, data):
            return
        path = self._path(name)
        temporary = os.path.join(os.path.dirname(path), f"~{self._owner}.{secrets.token_hex(6)}.tmp")
        with _told(name):
            try:
                self._write_through(temporary, data)
                # One device writes a name, and one process of it at a time: nobody comes in between.
                self._patiently(lambda: os.rename(temporary, path))
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise
            self._flush_folder(os.path.dirname(path))
        try:
            self._holds(name, data)
        except TransportError as error:
            if error.code != "taken":
                raise
            self.remove(name)  # nobody was told of it yet
            raise TransportError("damaged", name) from None

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is fine."""
        self._inspect_folder(os.path.dirname(name))
        with _told(name), suppress(FileNotFoundError):
            self._patiently(lambda: os.unlink(self._path(name)))

    def sweep(self, folder: str) -> None:
        """Remove this device's own half-written files from a folder. The caller is the home's only writer."""
        for name in self.list(folder).files:
            if name.startswith(f"~{self._owner}.") and name.endswith(".tmp"):
                self.remove(f"{folder}/{name}")

    def _path(self, name: str) -> str:
        return os.path.join(self.base, *name.split("/")) if name else self.base

    def _holds(self, name: str, data: bytes) -> bool:
        """Return whether the file is there with these bytes; raise "taken" when it has others."""
        try:
            found = self.read(name, len(data))
        except TransportError as error:
            if error.code == "missing":
                return False
            if error.code in ("too-large", "irregular"):
                raise TransportError("taken", name) from None
            raise
        if found != data:
            raise TransportError("taken", name)
        return True

    def _write_through(self, path: str, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN_FLAGS
        with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            if self._fsync:
                os.fsync(file.fileno())

    def _flush_folder(self, path: str) -> None:
        if os.name == "nt" or not self._fsync:
            return
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _NO_DIRECTORY_FSYNC:
                raise
        finally:
            os.close(descriptor)

    def _inspect_folder(self, folder: str) -> None:
        """Raise unless every folder from the share down to `folder` is a real directory, not a link."""
        path = self.base
        with _told(folder):
            for part in ("", *folder.split("/")) if folder else ("",):
                path = os.path.join(path, part) if part else path
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    raise TransportError("irregular", folder)

    def _make_folder(self, folder: str) -> None:
        """Make a folder inside the share; the share itself must be there."""
        self._inspect_folder("")
        path = self.base
        with _told(folder):
            for part in folder.split("/") if folder else ():
                path = os.path.join(path, part)
                self._make(path)
        self._inspect_folder(folder)

    def _make(self, path: str) -> None:
        with suppress(FileExistsError):
            os.mkdir(path)
            self._flush_folder(os.path.dirname(path))

    def _patiently(self, act: Callable[[], T]) -> T:
        for pause in self._patience:
            try:
                return act()
            except PermissionError:
                time.sleep(pause)
        return act()


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn the system's errors into the transport's."""
    try:
        yield
    except OSError as error:
        code = _CODES.get(error.errno or 0, "unreachable")
        raise TransportError(code, name, error.strerror or str(error)) from error
