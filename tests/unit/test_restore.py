"""A backup comes back whole, in a new incarnation, and what it replaces is kept; anything else is refused unharmed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import queries
from store.backup import REPLACED, back_up, backups, copy_database
from store.database import FORMAT, Store, database_path, open_store
from store.errors import StoreError
from store.export import state_hash
from store.notices import notices
from store.oplog import streams
from store.restore import examine, restore
from store.setup import init_workspace
from sync.engine import sync_once
from sync.places.share import create_share
from tests.conftest import Clock, add_item

Join = Callable[[str], Store]


@pytest.fixture
def home(store: Store) -> str:
    """A home with one item and a backup of it, which nobody has open, and then another item."""
    add_item(store, "kept")
    back_up(store.path, at=store.now())
    add_item(store, "made since")
    store.close()
    return store.home


@pytest.fixture
def backup(home: str) -> str:
    return backups(database_path(home))[0].path


@pytest.fixture
def reopen(clock: Clock) -> Iterator[Callable[[str], Store]]:
    opened: list[Store] = []

    def open_again(home: str) -> Store:
        opened.append(open_store(home, now=clock))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        act()
    return caught.value.code


def test_a_backup_says_what_it_holds(backup: str) -> None:
    content = examine(backup)
    assert (content.name, content.version) == ("Apollo", FORMAT)
    assert content.ops > 3
    assert content.at > 0
    assert not os.path.exists(f"{backup}-wal")


def test_the_workspace_is_as_it_was_and_what_was_there_is_kept(
    home: str, backup: str, clock: Clock, reopen: Callable[[str], Store]
) -> None:
    restored = restore(home, backup, now=clock)
    store = reopen(home)
    assert titles(store) == {"kept"}
    assert {taken.why for taken in backups(database_path(home))} == {"upgrade", REPLACED}
    conn = sqlite3.connect(restored.replaced)
    assert conn.execute("SELECT count(*) FROM p_item").fetchone() == (2,)
    conn.close()
    assert not [name for name in os.listdir(home) if name.startswith("restore-")]
    restore_again = restored.replaced
    store.close()
    restore(home, restore_again, now=clock)
    assert titles(reopen(home)) == {"kept", "made since"}


def test_the_device_goes_on_in_a_new_incarnation_and_says_so_once(
    home: str, backup: str, clock: Clock, reopen: Callable[[str], Store]
) -> None:
    before = examine(backup)
    restore(home, backup, now=clock)
    store = reopen(home)
    mine = {inc: stream.seq for (_, inc), stream in streams(store).items() if stream.mine}
    assert len(mine) == 2
    assert mine[store.incarnation] == 0
    assert [notice.code for notice in notices(store)] == ["restored"]
    add_item(store, "new")
    assert not store.displaced
    assert len([stream for stream in store.streams() if stream.mine and not stream.private]) == 2
    assert sum(stream.seq for stream in store.streams()) > before.ops


def test_what_was_synced_since_comes_back(
    store: Store, teammate: Join, tmp_path: Path, clock: Clock, reopen: Callable[[str], Store]
) -> None:
    bob = teammate("Bob")
    folder = tmp_path / "team"
    folder.mkdir()
    for each in (store, bob, store):
        create_share(str(folder), each)
        sync_once(each)
    add_item(store, "before")
    copy = back_up(store.path, at=store.now())
    add_item(store, "synced since")
    sync_once(store)
    store.close()
    restore(store.home, copy, now=clock)
    again = reopen(store.home)
    add_item(again, "written after")
    report = sync_once(again)
    assert report.exit_code == 0, report
    sync_once(again)
    sync_once(bob)
    assert titles(again) == titles(bob) == {"before", "synced since", "written after"}
    assert state_hash(again) == state_hash(bob)


def test_a_home_without_a_database_takes_one(tmp_path: Path, backup: str, clock: Clock) -> None:
    empty = tmp_path / "empty"
    restored = restore(str(empty), backup, now=clock)
    assert restored.replaced == ""
    store = open_store(str(empty), now=clock)
    assert titles(store) == {"kept"}
    store.close()


def test_a_damaged_database_is_replaced_and_kept_as_it_is(
    home: str, backup: str, clock: Clock, reopen: Callable[[str], Store]
) -> None:
    path = Path(database_path(home))
    harmed = path.read_bytes()[:2_000] + b"?" * 3_000
    path.write_bytes(harmed)
    restored = restore(home, backup, now=clock)
    assert Path(restored.replaced).read_bytes() == harmed
    assert titles(reopen(home)) == {"kept"}


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("nothing there", "no-backup"),
        ("a text", "not-a-backup"),
        ("another program's", "not-a-backup"),
        ("an empty file", "not-a-backup"),
        ("cut off", "damaged-backup"),
        ("overwritten", "damaged-backup"),
        ("a newer one", "newer-database"),
        ("another workspace", "other-backup"),
    ],
)
def test_what_cannot_be_brought_back_changes_nothing(
    home: str, backup: str, clock: Clock, tmp_path: Path, harm: str, code: str
) -> None:
    bad = tmp_path / "bad.db"
    shutil.copy(backup, bad)
    if harm == "nothing there":
        bad.unlink()
    elif harm == "a text":
        bad.write_text("dear diary, " * 500)
    elif harm == "an empty file":
        bad.write_bytes(b"")
    elif harm == "another program's":
        bad.unlink()
        sqlite3.connect(bad).execute("CREATE TABLE theirs (x)").connection.close()
    elif harm == "cut off":
        bad.write_bytes(bad.read_bytes()[:60_000])
    elif harm == "overwritten":
        data = bytearray(bad.read_bytes())
        data[20_000:90_000] = b"\xff" * 70_000
        bad.write_bytes(data)
    elif harm == "a newer one":
        sqlite3.connect(bad).execute(f"PRAGMA user_version = {FORMAT + 1}").connection.close()
    else:
        other = init_workspace(str(tmp_path / "other"), name="Gemini", member="x", code="x", now=clock)
        copy_database(other.conn, str(bad))
        other.close()
    before = {path: path.read_bytes() for path in Path(home).rglob("*") if path.is_file()}
    assert code_of(lambda: restore(home, str(bad), now=clock)) == code
    assert {path: path.read_bytes() for path in Path(home).rglob("*") if path.is_file()} == before


def test_nothing_is_replaced_while_somebody_has_it_open(
    home: str, backup: str, clock: Clock, reopen: Callable[[str], Store]
) -> None:
    store = reopen(home)
    assert code_of(lambda: restore(home, backup, now=clock)) == "in-use"
    add_item(store, "still here")
    assert titles(store) == {"kept", "made since", "still here"}


@pytest.mark.parametrize("step", range(1, 8))
def test_a_kill_leaves_the_old_database_or_the_new(
    home: str, backup: str, reopen: Callable[[str], Store], step: int
) -> None:
    code = (
        "import os, sys\n"
        "from store import restore\n"
        "step = int(sys.argv[3])\n"
        "def dying(real):\n"
        "    def act(*given, **named):\n"
        "        global step\n"
        "        step -= 1\n"
        "        if not step: os._exit(9)\n"
        "        return real(*given, **named)\n"
        "    return act\n"
        "for name in ('replace', 'link', 'makedirs'): setattr(os, name, dying(getattr(os, name)))\n"
        "restore.open_store = dying(restore.open_store)\n"
        "restore.thin = dying(restore.thin)\n"
        "restore.restore(sys.argv[1], sys.argv[2])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, home, backup, str(step)], check=False)
    assert done.returncode in (0, 9)
    store = reopen(home)
    assert titles(store) in ({"kept", "made since"}, {"kept"})
    add_item(store, "and on")
    again = reopen(home)
    assert "and on" in titles(again)


def test_the_deaths_are_where_it_matters(
    home: str, backup: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps of the test above reach past the moment of replacing."""
    steps = 0
    replaced_at = 0

    def count(name: str) -> None:
        real = getattr(os, name)

        def act(*given: object, **named: object) -> object:
            nonlocal steps, replaced_at
            steps += 1
            if name == "replace" and given[1] == database_path(home):
                replaced_at = steps
            return real(*given, **named)

        monkeypatch.setattr(os, name, act)

    for name in ("replace", "link", "makedirs"):
        count(name)
    restore(home, backup, now=clock)
    assert 1 < replaced_at < 8
