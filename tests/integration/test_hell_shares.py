"""Day eight from hell: a share that is away, empty, somebody else's, read-only, full, slow, or fails in the middle."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.database import open_store
from sync.engine import Engine
from sync.places.folder import FolderTransport
from tests.integration.conftest import Cli
from tests.integration.team import Team, make_team

__all__ = ["make_team"]


class Failing:
    """The operating system as the folder transport sees it; the `fatal`-th call that changes something fails."""

    CHANGING = ("fsync", "rename", "mkdir", "unlink", "open")

    def __init__(self, code: int, fatal: int, *, reading: bool = False) -> None:
        self._code = code
        self._fatal = fatal
        self._reading = reading
        self.calls = 0

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        if name not in (("open", "scandir", "lstat") if self._reading else self.CHANGING):
            return real

        def call(*args: object, **options: object) -> object:
            counts = self._reading or name != "open" or (len(args) > 1 and int(str(args[1])) & os.O_CREAT)
            if counts:
                self.calls += 1
                if self.calls >= self._fatal:
                    raise OSError(self._code, os.strerror(self._code))
            return real(*args, **options)

        return call


@contextmanager
def failing(
    monkeypatch: pytest.MonkeyPatch, code: int, fatal: int, *, reading: bool = False
) -> Iterator[Failing]:
    """Let the share fail from the `fatal`-th call on."""
    system = Failing(code, fatal, reading=reading)
    with monkeypatch.context() as patch:
        patch.setattr("sync.places.folder.os", system)
        yield system


def outbox(cli: Cli) -> int:
    return int(cli("status", "--json").json["outbox"])


@pytest.mark.parametrize(
    "trouble", ["unmounted", "emptied", "share gone", "another workspace", "no sentinel"]
)
def test_a_place_that_is_not_ours_is_left_alone_and_the_outbox_waits(
    make_team: Callable[[int], Team], tmp_path: Path, trouble: str
) -> None:
    team = make_team(2)
    a, b = team.homes
    a.ok("add", "before")
    team.agree()
    kept = tmp_path / "kept"
    shutil.copytree(team.folder, kept)
    share = team.share
    if trouble == "unmounted":
        shutil.rmtree(team.folder)
    elif trouble == "emptied":
        shutil.rmtree(share)
    elif trouble == "share gone":
        shutil.rmtree(share)
        share.write_text("a file in its place")
    elif trouble == "another workspace":
        (share / "ws.json").write_text('{"format":"1.0","workspace":"%s","enc":""}\n' % ("0" * 26))
    else:
        (share / "ws.json").unlink()
    before = sorted(path for path in team.folder.rglob("*")) if team.folder.exists() else None
    a.ok("add", "meanwhile")
    for cli in (a, b):
        told = cli("sync")
        assert told.code == 3
        assert told.err.strip(), "nobody was told"
        assert cli("status").code == 3
        assert "before" in cli.ok("list").out
    assert outbox(a) > 0
    after = sorted(path for path in team.folder.rglob("*")) if team.folder.exists() else None
    assert after == before, "something was made or removed in a place that is not ours"
    shutil.rmtree(team.folder, ignore_errors=True)
    shutil.copytree(kept, team.folder)
    assert "meanwhile" in team.agree()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_a_write_that_fails_at_any_step_loses_nothing_and_goes_on_later(
    make_team: Callable[[int], Team], monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    team = make_team(2)
    a, b = team.homes
    fatal, kept_back = 1, 0
    while True:
        a.ok("add", f"item {fatal}")
        b.ok("add", f"theirs {fatal}")
        b.ok("sync")
        with failing(monkeypatch, code, fatal) as system:
            told = a("sync", "--json")
        if system.calls < fatal:
            assert told.code == 0, told.err
            break
        # Joining small files can wait for a better day and is no trouble of anybody's.
        tidying = told.json["pushed"] and not outbox(a)
        place = told.json["places"][0]
        assert (told.code == 3 and (place["held"] or place["paused"])) or tidying, (fatal, told)
        kept_back += outbox(a) > 0
        assert f"theirs {fatal}" in a.ok("list").out, "what cannot be written keeps nobody from reading"
        leftovers = [name for name in team.files() if name.rpartition("/")[2].startswith("~")]
        assert len(leftovers) <= 1, leftovers
        fatal += 1
    # The last steps only tidy up: what was typed is there by then.
    assert 5 < kept_back < fatal
    exported = team.agree()
    assert all(f"item {n}" in exported for n in range(1, fatal))
    assert not [name for name in team.files() if name.rpartition("/")[2].startswith("~")]


def test_a_read_that_fails_at_any_step_is_made_up_later(
    make_team: Callable[[int], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team(2)
    a, b = team.homes
    fatal = 1
    while True:
        b.ok("add", f"theirs {fatal}")
        b.ok("sync")
        with failing(monkeypatch, errno.EIO, fatal, reading=True) as system:
            told = a("sync", "--json")
        if system.calls < fatal:
            break
        assert told.code in (0, 3), (fatal, told)
        assert not told.json["quarantined"], "a bad disk is nobody's fault"
        fatal += 1
    assert fatal > 5
    assert all(f"theirs {n}" in team.agree() for n in range(1, fatal))


def test_a_slow_share_keeps_nobody_from_working(
    make_team: Callable[[int], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team(2)
    a, b = team.homes
    b.ok("add", "theirs")
    b.ok("sync")
    reading, go_on = threading.Event(), threading.Event()
    read = FolderTransport.read

    def slowly(self: FolderTransport, name: str, limit: int) -> bytes:
        reading.set()
        assert go_on.wait(20)
        return read(self, name, limit)

    monkeypatch.setattr(FolderTransport, "read", slowly)

    def run() -> None:
        store = open_store(str(a.home))
        Engine(store).sync()
        store.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert reading.wait(20)
        start = time.monotonic()
        a.ok("add", "typed meanwhile")
        assert "typed meanwhile" in a.ok("list").out
        assert time.monotonic() - start < 5
    finally:
        go_on.set()
        thread.join(20)
    monkeypatch.undo()
    monkeypatch.setenv("SAMEBOAT_LANG", "en")
    assert "typed meanwhile" in team.agree()
