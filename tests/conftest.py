"""What every test may use: a workspace on disk with a clock the test moves."""

from __future__ import annotations

import datetime
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import commands, database
from store.database import Store, database_path
from store.incarnation import HIGHWATER
from store.memory import copy_empty
from store.oplog import merge, ops_after, streams
from store.setup import enter_workspace, init_workspace, join_workspace

TODAY = datetime.date(2026, 11, 23)
START = int(datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC).timestamp() * 1000)


class Clock:
    """A wall clock that moves one millisecond a look, and further when told."""

    def __init__(self, at: int = START) -> None:
        self.at = at

    def __call__(self) -> int:
        self.at += 1
        return self.at

    def advance(self, *, days: float = 0, seconds: float = 0) -> None:
        self.at += round(days * 86_400_000 + seconds * 1000)


@pytest.fixture(scope="session", autouse=True)
def _tables_made_once() -> Iterator[None]:
    """Copy the tables of every new database from one that the migrations made: thousands of tests begin with one."""
    upgrade = database.upgrade

    def copied(conn: sqlite3.Connection, path: str) -> None:
        used = conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        if used or version:
            upgrade(conn, path)
            return
        whose = conn.execute("PRAGMA application_id").fetchone()[0]
        copy_empty(conn)
        conn.execute(f"PRAGMA application_id = {whose}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "upgrade", copied)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A new workspace: default workflow and departments, one member 林平."""
    made = init_workspace(
        str(tmp_path / "home"), name="Apollo", member="林平", code="lp", now=clock, today=lambda: TODAY
    )
    yield made
    made.close()


@pytest.fixture
def teammate(tmp_path: Path, clock: Clock, store: Store) -> Iterator[Callable[[str], Store]]:
    """A function that makes another replica of the workspace, up to date, with a member of its own."""
    made: list[Store] = []

    def join(name: str) -> Store:
        other = join_workspace(
            str(tmp_path / f"home-{name}"), store.workspace, now=clock, today=lambda: TODAY
        )
        made.append(other)
        deliver(store, other)
        enter_workspace(other, member=name, code=name.lower()[:2])
        deliver(other, store)
        return other

    yield join
    for other in made:
        other.close()


def deliver(source: Store, target: Store) -> None:
    """Give `target` every op that `source` has and `target` has not, as sync does but without files."""
    have = {name: stream.seq for name, stream in streams(target).items()}
    for (dev, inc), stream in streams(source).items():
        known = have.get((dev, inc), 0)
        if stream.seq > known:
            merge(target, ops_after(source, dev, inc, known, 1_000_000))


def exchange(*stores: Store) -> None:
    """Bring all replicas to the same ops."""
    for source in stores:
        for target in stores:
            if source is not target:
                deliver(source, target)
    for source in stores:
        for target in stores:
            if source is not target:
                deliver(source, target)


def roll_back(home: str) -> None:
    """Make a copied home look as if it had always lain there, as a machine does that was rolled back as a whole."""
    (Path(home) / HIGHWATER).unlink(missing_ok=True)
    path = database_path(home)
    conn = sqlite3.connect(path)
    conn.execute("UPDATE meta SET value = ? WHERE key = 'anchor'", (str(os.stat(path).st_ino),))
    conn.commit()
    conn.close()


def add_item(store: Store, title: str = "结账页改版", **fields: object) -> str:
    """Create an item and return its id."""
    return commands.create(store, "item", {"title": title, **fields}).ids[0]
