"""What was committed is carried over from the log into the file when nobody waits for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store import checkpoint as module
from store import commands, queries
from store.checkpoint import Checkpoints, checkpoint
from store.database import Store, database_path, open_store


def edit(store: Store, times: int = 1) -> str:
    """Write titles, the last of which is returned."""
    title = ""
    made = commands.create(store, "item", {"title": "before"})
    for number in range(times):
        title = f"第 {number} 次"
        commands.set_fields(store, made.ids, {"title": title})
    return title


def test_commits_leave_the_file_alone_until_it_is_carried_over(store: Store) -> None:
    checkpoint(store.path)
    Checkpoints(store)
    before = Path(store.path).read_bytes()
    title = edit(store, 300)
    assert os.path.getsize(f"{store.path}-wal") > 1_000 * 4_096
    assert Path(store.path).read_bytes() == before
    assert checkpoint(store.path)
    assert title.encode() in Path(store.path).read_bytes()


def test_what_somebody_reads_waits_for_the_next_time(store: Store) -> None:
    reader = open_store(store.home)
    reader.conn.execute("BEGIN")
    cards = queries.item_count(reader)
    edit(store)
    assert not checkpoint(store.path)
    assert queries.item_count(reader) == cards
    reader.conn.execute("COMMIT")
    assert checkpoint(store.path)
    reader.close()


def test_it_is_due_once_when_much_was_written_and_for_a_moment_nothing_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUIET_SECONDS", 2.0)
    monkeypatch.setattr(module, "ROWS", 40)
    checkpoints = Checkpoints(store)
    assert not checkpoints.due(0.0)
    edit(store)
    assert not checkpoints.due(20.0)
    assert not checkpoints.due(29.0), "too little"
    edit(store, 20)
    assert not checkpoints.due(30.0)
    edit(store)
    assert not checkpoints.due(31.0)
    assert not checkpoints.due(32.9), "not quiet for long enough"
    assert checkpoints.due(33.0)
    assert not checkpoints.due(99.0)


@pytest.mark.parametrize("name", ["home", "家 #1 100% ?x"])
def test_a_file_that_is_gone_does_not_come_back_empty(tmp_path: Path, name: str) -> None:
    path = database_path(str(tmp_path / name))
    (tmp_path / name).mkdir()
    assert not checkpoint(path)
    assert not Path(path).exists()
