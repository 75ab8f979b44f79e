"""Backups: whole or absent, few, on different days, and none where there is nothing new to keep."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from store.backup import DAILY, KEPT, UPGRADE, WEEKS, back_up, back_up_daily, backups, copy_database
from store.database import Store
from sync.engine import Engine
from tests.conftest import Clock, add_item


def titles(path: str) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        return [title for (title,) in conn.execute("SELECT title FROM p_item ORDER BY title")]


def test_a_daily_backup_holds_what_was_committed(store: Store) -> None:
    add_item(store, "kept")
    copy = back_up_daily(store)
    assert titles(copy) == ["kept"]
    assert os.stat(copy).st_mode & 0o077 == 0, "drafts are nobody else's to read"
    [backup] = backups(store.path)
    assert (backup.path, backup.why) == (copy, DAILY)
    assert backup.size == os.path.getsize(copy)


def test_one_a_day_is_enough(store: Store, clock: Clock) -> None:
    add_item(store, "one")
    assert back_up_daily(store)
    add_item(store, "two")
    clock.advance(days=0.9)
    assert back_up_daily(store) == ""
    clock.advance(days=0.2)
    assert titles(back_up_daily(store)) == ["one", "two"]


def test_a_clock_set_back_does_not_end_them(store: Store, clock: Clock) -> None:
    add_item(store, "one")
    clock.advance(days=400)
    back_up_daily(store)
    clock.advance(days=-400)
    add_item(store, "two")
    assert back_up_daily(store)


def test_the_same_state_is_not_kept_twice(store: Store, clock: Clock) -> None:
    add_item(store, "one")
    assert back_up_daily(store)
    clock.advance(days=2)
    store.set_meta("sync", '{"last":1}')  # what an idle sync notes
    assert back_up_daily(store) == ""


def test_days_and_weeks_are_kept_and_no_more(store: Store, clock: Clock) -> None:
    for day in range(40):
        add_item(store, f"{day:02}")
        back_up_daily(store)
        clock.advance(days=1)
    held = [titles(backup.path)[-1] for backup in backups(store.path)]
    assert held[:KEPT] == ["39", "38", "37"]
    assert len(held) == KEPT + WEEKS
    ages = [39 - int(title) for title in held[KEPT:]]
    assert 4 <= ages[-1] <= 14
    before = len(backups(store.path))
    back_up(store.path, UPGRADE)
    assert len(backups(store.path)) == before + 1, "one kind does not drive out another"


def test_a_full_disk_is_not_filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_item(store, "one")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 9, 2 * os.path.getsize(store.path)))
    assert back_up_daily(store) == ""
    assert backups(store.path) == []


def test_what_is_interrupted_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        copy_database(store.conn, str(tmp_path / "copy.db"))
    assert not [name for name in os.listdir(tmp_path) if name.startswith("copy")]


def test_files_of_others_in_the_folder_are_left_alone(store: Store, clock: Clock) -> None:
    add_item(store, "one")
    back_up_daily(store)
    folder = Path(backups(store.path)[0].path).parent
    (folder / "mine.db").write_bytes(b"x")
    (folder / "sameboat-99999999T000000000000-daily.db").write_bytes(b"x")
    for day in range(20):
        clock.advance(days=1)
        add_item(store, f"{day}")
        back_up_daily(store)
    assert (folder / "mine.db").exists()
    assert (folder / "sameboat-99999999T000000000000-daily.db").exists()


def test_a_sync_takes_the_daily_backup_also_where_nothing_is_shared(store: Store, clock: Clock) -> None:
    add_item(store, "kept")
    engine = Engine(store)
    engine.sync()
    assert [backup.why for backup in backups(store.path)] == [DAILY]
    add_item(store, "more")
    clock.advance(days=1)
    Engine(store).sync()
    assert len(backups(store.path)) == 2


def test_a_disk_that_takes_no_backup_stops_no_sync(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    add_item(store, "kept")
    monkeypatch.setattr("store.backup.back_up", full)
    assert Engine(store).sync().exit_code == 0
