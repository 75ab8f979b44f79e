"""Opening: every way a database can be unusable is one clear error, and none of them harms it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from store import commands, queries
from store.backup import KEPT, backups
from store.database import Store, create_store, database_path, open_store
from store.errors import StoreError
from store.setup import init_workspace
from tests.conftest import add_item


def code_of(home: Path | str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(str(home))
    return refused.value.code


def test_a_home_without_a_workspace(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "no-workspace"
    assert code_of(tmp_path / "missing") == "no-workspace"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "sameboat.db").write_bytes(b"not a database at all" * 100)
    assert code_of(tmp_path) == "corrupt"
    assert (tmp_path / "sameboat.db").read_bytes().startswith(b"not a database")


def test_a_damaged_database(store: Store, tmp_path: Path) -> None:
    add_item(store)
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    path = Path(database_path(store.home))
    damaged = bytearray(path.read_bytes())
    damaged[100:4000] = os.urandom(3900)
    path.write_bytes(damaged)
    assert code_of(store.home) == "corrupt"


def test_a_database_of_a_newer_program_is_refused(store: Store) -> None:
    store.conn.execute("PRAGMA user_version = 99")
    assert code_of(store.home) == "newer-database"


def test_a_home_that_already_has_a_workspace_is_not_overwritten(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        create_store(store.home)
    assert refused.value.code == "exists"


def test_the_home_is_for_its_owner_alone(store: Store) -> None:
    assert stat.S_IMODE(os.stat(store.home).st_mode) == 0o700


def test_a_changed_declaration_replays_the_log(store: Store) -> None:
    ent = add_item(store, "kept")
    store.conn.execute("DELETE FROM p_item")
    store.set_meta("projections", "of an older program")
    reopened = open_store(store.home)
    assert queries.card(reopened, ent).title == "kept"  # type: ignore[union-attr]
    reopened.close()


def test_a_table_that_older_programs_derived_goes_away(store: Store) -> None:
    add_item(store, "kept")
    store.conn.execute("CREATE TABLE tally (status TEXT PRIMARY KEY, count INTEGER) STRICT, WITHOUT ROWID")
    store.conn.execute("DELETE FROM stand")
    store.set_meta("projections", "of an older program")
    reopened = open_store(store.home)
    names = {name for (name,) in reopened.conn.execute("SELECT name FROM sqlite_schema")}
    assert "tally" not in names
    assert queries.item_count(reopened) == 1
    reopened.close()


def test_an_upgrade_is_preceded_by_a_backup_and_few_are_kept(store: Store) -> None:
    ent = add_item(store, "kept")
    for version in range(KEPT + 2):
        store.set_meta("projections", f"of program {version}")
        open_store(store.home).close()
    taken = backups(store.path)
    copies = [backup.path for backup in taken]
    assert len(copies) == KEPT
    assert sorted(os.listdir(os.path.dirname(copies[0]))) == sorted(map(os.path.basename, copies))
    copy = sqlite3.connect(copies[0])
    assert copy.execute("SELECT value FROM meta WHERE key = 'projections'").fetchone() == (
        f"of program {KEPT + 1}",
    )
    assert copy.execute("SELECT title FROM p_item WHERE id = ?", (ent,)).fetchone() == ("kept",)
    copy.close()
    open_store(store.home).close()
    assert backups(store.path) == taken, "an opening that changes nothing makes no backup"


def test_a_new_workspace_needs_no_backup(store: Store) -> None:
    assert sorted(os.listdir(store.home)) == [
        "highwater",
        "sameboat.db",
        "sameboat.db-shm",
        "sameboat.db-wal",
    ]


def test_an_interrupted_upgrade_leaves_the_old_tables(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ent = add_item(store, "kept")
    store.set_meta("projections", "of an older program")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("store.oplog.replay", crash)
        with pytest.raises(KeyboardInterrupt):
            open_store(store.home)
    assert queries.card(store, ent).title == "kept"  # type: ignore[union-attr]
    assert store.meta("projections") == "of an older program"
    reopened = open_store(store.home)
    assert queries.card(reopened, ent).title == "kept"  # type: ignore[union-attr]
    reopened.close()


def test_of_two_processes_that_find_an_older_file_one_upgrades_it(store: Store) -> None:
    ent = add_item(store, "kept")
    store.set_meta("projections", "of an older program")
    code = (
        "import sys; from store.database import open_store; from store import queries\n"
        "print(queries.card(open_store(sys.argv[1]), sys.argv[2]).title)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, store.home, ent], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0] for process in both] == ["kept\n", "kept\n"]
    assert len(backups(store.path)) == 1


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sameboat.db"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE theirs (x)")
    conn.close()
    before = path.read_bytes()
    assert code_of(tmp_path) == "corrupt"
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["x" * 3_000, "", "a\0b"])
def test_a_workspace_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError):
        init_workspace(str(tmp_path), name=name, member="林平", code="lp")
    assert list(tmp_path.iterdir()) == []
    init_workspace(str(tmp_path), name="Apollo", member="林平", code="lp").close()


def test_a_workspace_half_made_is_never_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("store.database.add_own_streams", crash)
    with pytest.raises(KeyboardInterrupt):
        create_store(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_home_with_odd_characters(tmp_path: Path) -> None:
    home = str(tmp_path / "50%25 a?b#c 中文")
    made = init_workspace(home, name="Apollo", member="林平", code="lp")
    made.close()
    reopened = open_store(home)
    assert os.listdir(tmp_path) == ["50%25 a?b#c 中文"]
    reopened.close()


@pytest.mark.parametrize("becomes", ["deleted", "replaced"])
def test_nothing_is_written_into_a_file_that_is_gone(store: Store, tmp_path: Path, becomes: str) -> None:
    os.rename(store.path, tmp_path / "elsewhere")
    if becomes == "replaced":
        Path(store.path).write_bytes(b"")
    with pytest.raises(StoreError) as refused:
        add_item(store, "lost?")
    assert refused.value.code == "cannot-open"
    assert not store.conn.in_transaction
    os.replace(tmp_path / "elsewhere", store.path)
    add_item(store, "kept")


def test_two_processes_write_in_turn(store: Store) -> None:
    second = open_store(store.home, now=store.now)
    with commands.change(store, "add") as change:
        change.create("item", {"title": "first"})
    add_item(second, "second")
    add_item(store, "third")
    shorts = {card.short for card in queries.matching(store, "item")}
    assert shorts == {"lp-1", "lp-2", "lp-3"}
    second.close()


def test_a_full_disk_is_said_and_loses_nothing_older(store: Store) -> None:
    add_item(store, "older")
    pages = store.conn.execute("PRAGMA page_count").fetchone()[0]
    store.conn.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for number in range(2_000):
            add_item(store, f"{number} " + "x" * 1_500)

    with pytest.raises(StoreError) as refused:
        fill()
    assert refused.value.code == "disk-full"
    assert not store.conn.in_transaction
    assert queries.matching(store, "item", limit=5_000)[-1].title == "older"


def test_synchronous_is_full_and_the_log_is_a_wal(store: Store) -> None:
    assert store.conn.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_read_only_file_is_said(store: Store) -> None:
    reader = sqlite3.connect(f"file:{database_path(store.home)}?mode=ro", uri=True, isolation_level=None)
    limited = Store(reader, store.home, store.now, store.today)
    with pytest.raises(StoreError) as refused:
        add_item(limited, "x")
    assert refused.value.code == "read-only"
