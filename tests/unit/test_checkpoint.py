"""What was committed is carried over from the log into the file when nobody waits for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store import commands, queries
from store.checkpoint import QUIET_SECONDS, Checkpoints, checkpoint
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


def test_it_is_due_once_when_nothing_was_written_for_a_moment(store: Store) -> None:
    checkpoints = Checkpoints(store)
    assert not checkpoints.due(0.0)
    assert not checkpoints.due(10 * QUIET_SECONDS)
    edit(store)
    assert not checkpoints.due(20.0)
    edit(store)
    assert not checkpoints.due(20.0 + QUIET_SECONDS)
    assert checkpoints.due(20.0 + 2 * QUIET_SECONDS)
    assert not checkpoints.due(20.0 + 9 * QUIET_SECONDS)


@pytest.mark.parametrize("name", ["home", "家 #1 100% ?x"])
def test_a_file_that_is_gone_does_not_come_back_empty(tmp_path: Path, name: str) -> None:
    path = database_path(str(tmp_path / name))
    (tmp_path / name).mkdir()
    assert not checkpoint(path)
    assert not Path(path).exists()
