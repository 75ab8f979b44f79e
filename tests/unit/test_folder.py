"""A directory is written once, durably and in one's own corner, and only what is a plain file is read from it."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from sync.names import SENTINEL
from sync.places.folder import FolderTransport
from sync.places.transport import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHARE = "sameboat-01234567"


@pytest.fixture
def transport(tmp_path: Path) -> FolderTransport:
    """Return a transport over a share that exists."""
    made = FolderTransport(str(tmp_path), SHARE, "dev1dev2dev3")
    made.create()
    made.write(SENTINEL, b"{}\n")
    return made


def refused(act: Callable[[], object]) -> str:
    """Return the code with which an act is refused."""
    with pytest.raises(TransportError) as caught:
        act()
    return caught.value.code


def everything(root: str) -> list[str]:
    """Return every path below a folder, hidden and temporary ones too."""
    return sorted(
        os.path.relpath(os.path.join(folder, name), root)
        for folder, folders, files in os.walk(root)
        for name in folders + files
    )


def test_what_was_written_is_read_and_listed(transport: FolderTransport) -> None:
    transport.write("d/dev1.1/1-2.0123456789abcdef.seg", b"bytes\0\n")
    assert transport.read("d/dev1.1/1-2.0123456789abcdef.seg", 100) == b"bytes\0\n"
    assert transport.list("d/dev1.1") == (["1-2.0123456789abcdef.seg"], [])
    assert everything(transport.base) == ["d", "d/dev1.1", "d/dev1.1/1-2.0123456789abcdef.seg", "ws.json"]


def test_a_folder_that_is_not_there_is_empty(transport: FolderTransport) -> None:
    assert transport.list("h") == ([], [])
    assert transport.list("d/dev1.1") == ([], [])


def test_nothing_is_ever_overwritten(transport: FolderTransport) -> None:
    transport.write("h/name", b"first")
    transport.write("h/name", b"first")
    for other in (b"other", b"", b"first and more"):
        assert refused(lambda data=other: transport.write("h/name", data)) == "taken"  # type: ignore[misc]
    assert transport.read("h/name", 100) == b"first"
    assert everything(transport.base) == ["h", "h/name", "ws.json"]


def test_the_folder_above_is_never_created(tmp_path: Path) -> None:
    away = FolderTransport(str(tmp_path / "mount"), SHARE, "dev1")
    assert refused(away.probe) == "unmounted"
    assert refused(away.create) == "unmounted"
    assert refused(lambda: away.write("h/name", b"x")) == "missing"
    assert away.list("h") == ([], [])
    assert not (tmp_path / "mount").exists()


def test_an_empty_mount_point_is_not_a_share_and_stays_empty(tmp_path: Path) -> None:
    empty = FolderTransport(str(tmp_path), SHARE, "dev1")
    assert refused(empty.probe) == "missing"
    assert refused(lambda: empty.write("h/name", b"x")) == "missing"
    assert list(tmp_path.iterdir()) == []


def test_a_share_without_its_sentinel_is_missing(transport: FolderTransport) -> None:
    transport.probe()
    os.unlink(os.path.join(transport.base, SENTINEL))
    assert refused(transport.probe) == "missing"


def test_links_pipes_and_folders_are_odd_and_never_opened(transport: FolderTransport, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    heads = tmp_path / SHARE / "h"
    heads.mkdir()
    (heads / "link").symlink_to(secret)
    (heads / "broken").symlink_to(tmp_path / "nowhere")
    (heads / "folder").mkdir()
    os.mkfifo(heads / "pipe")
    assert transport.list("h").files == []
    assert sorted(transport.list("h").odd) == ["broken", "folder", "link", "pipe"]
    for name in ("link", "broken", "folder", "pipe"):
        assert refused(lambda name=name: transport.read(f"h/{name}", 100)) == "irregular"  # type: ignore[misc]
    assert refused(lambda: transport.write("h/link", b"x")) == "taken"
    assert secret.read_bytes() == b"secret"


def test_a_folder_that_is_a_link_leads_nowhere(transport: FolderTransport, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"x")
    (tmp_path / SHARE / "h").symlink_to(outside)
    assert refused(lambda: transport.read("h/file", 100)) == "irregular"
    assert refused(lambda: transport.list("h")) == "irregular"
    assert refused(lambda: transport.write("h/name", b"x")) == "irregular"
    assert refused(lambda: transport.remove("h/file")) == "irregular"
    assert sorted(os.listdir(outside)) == ["file"]


def test_a_huge_sparse_file_is_refused_unread(transport: FolderTransport) -> None:
    path = os.path.join(transport.base, "huge")
    with open(path, "wb") as file:
        file.truncate(10 * 1024**3)
    assert refused(lambda: transport.read("huge", 1000)) == "too-large"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EROFS, "readonly"),
        (errno.EACCES, "denied"),
        (errno.EIO, "unreachable"),
        (errno.ESTALE, "unreachable"),
        (errno.ETIMEDOUT, "unreachable"),
    ],
)
@pytest.mark.parametrize("call", ["open", "fsync", "rename"])
def test_a_write_that_fails_leaves_nothing_behind(
    transport: FolderTransport, monkeypatch: pytest.MonkeyPatch, number: int, code: str, call: str
) -> None:
    transport.write("h/before", b"before")
    real_open = os.open

    def fail(*arguments: object, **named: object) -> int:
        if call == "open" and not str(arguments[0]).endswith(".tmp"):
            return real_open(*arguments, **named)  # type: ignore[arg-type]
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    assert refused(lambda: transport.write("h/name", b"x")) == code
    monkeypatch.undo()
    assert transport.list("h").files == ["before"]
    transport.write("h/name", b"x")


def test_what_does_not_read_back_is_told(transport: FolderTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(self: FolderTransport, path: str, data: bytes) -> None:
        with open(path, "wb") as file:
            file.write(data[:-1])

    monkeypatch.setattr(FolderTransport, "_write_through", lose)
    assert refused(lambda: transport.write("h/name", b"data")) == "damaged"


def test_a_file_held_open_by_a_scanner_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = FolderTransport(str(tmp_path), SHARE, "dev1", patience=(0.0, 0.0, 0.0))
    transport.create()
    attempts = 0
    rename = os.rename

    def held(source: str, target: str) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 4:
            raise PermissionError(errno.EACCES, "held by a scanner")
        rename(source, target)

    monkeypatch.setattr(os, "rename", held)
    transport.write("h/name", b"x")
    assert attempts == 4
    attempts = -100
    assert refused(lambda: transport.write("h/other", b"x")) == "denied"
    assert attempts == -96
    assert transport.list("h").files == ["name"]


def test_a_file_and_its_folder_are_flushed_before_it_counts(
    transport: FolderTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, os.rename

    def flush(descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        steps.append("flush file" if path.endswith(".tmp") else f"flush {os.path.basename(path)}")
        fsync(descriptor)

    def move(source: str, target: str) -> None:
        steps.append("rename")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "rename", move)
    transport.write("h/name", b"x")
    assert steps == [f"flush {SHARE}", "flush file", "rename", "flush h"]


def test_a_crash_leaves_only_what_its_own_device_sweeps(transport: FolderTransport, tmp_path: Path) -> None:
    heads = tmp_path / SHARE / "h"
    heads.mkdir()
    for name in ("~dev1dev2dev3.00ff.tmp", "~dev9dev9dev9.00ff.tmp", "~$office.tmp", "name"):
        (heads / name).write_bytes(b"x")
    transport.sweep("h")
    assert sorted(os.listdir(heads)) == ["name", "~$office.tmp", "~dev9dev9dev9.00ff.tmp"]


def test_removing_twice_is_fine(transport: FolderTransport) -> None:
    transport.write("h/name", b"x")
    transport.remove("h/name")
    transport.remove("h/name")
    assert transport.list("h").files == []
