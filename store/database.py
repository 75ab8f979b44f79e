"""The open workspace on this machine: connection, identity, transactions, and what other processes committed.

One SQLite file a workspace, in a directory that is never the shared folder. Several processes and threads open it at
once, each with a `Store` of its own.
"""

from __future__ import annotations

import datetime
import errno
import os
import sqlite3

from store import incarnation
from store.batch import describe
from store.clock import wall_ms
from store.cuts import look_behind
from store.errors import StoreError
from store.layouts import fingerprint
from store.merge import SEQ_BITS
from store.ops import new_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from store.analysis.alignment import Work
    from store.changes import ChangeSet
    from store.hits import Hits

FILE_NAME = "sameboat.db"
LOCK_NAME = "sync.lock"  # held by whoever syncs this home; here, so that no edit loads `sync` to look for it
FORMAT = 5  # PRAGMA user_version: raised with each migration, so that an older program refuses the file
PAGES_KIB = 4 * 1024  # of the file kept in memory by a connection
BUSY_SECONDS = 10.0
UPGRADE_SECONDS = 600.0  # how long to wait for another process that is making the projections anew
APPLICATION_ID = 0x53414D45  # "SAME"

# Which streams are more than a name that some op has mentioned: those that have ops, and one's own.
HELD = "(seq > 0 OR mine OR private)"


class Stream:
    """One incarnation's sequence of ops as known here: applied up to `seq`, last segment's hash in `tail`."""

    __slots__ = ("dev", "inc", "mine", "n", "private", "seq", "tail")

    def __init__(self, n: int, dev: str, inc: str, seq: int, tail: str, mine: int, private: int) -> None:
        self.n = n
        self.dev = dev
        self.inc = inc
        self.seq = seq
        self.tail = tail
        self.mine = bool(mine)
        self.private = bool(private)


class Transaction:
    """A write transaction as a context manager: committed when the block ends, rolled back when it raises."""

    __slots__ = ("_depth", "_store")

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> sqlite3.Connection:
        store = self._store
        if store.depth == 0:
            try:
                store.conn.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise translate(error, store.path) from error
            if store.file != _file(store.path) and store.file is not None:
                _roll_back(store.conn)
                raise StoreError(
                    "cannot-open", path=store.path, why="the file was moved or replaced meanwhile"
                )
            store.written.clear()
            store.reached = None
            store.depth = 1
            try:
                store.follow_incarnation()
            except BaseException:
                store.depth = 0
                _roll_back(store.conn)
                raise
            return store.conn
        store.depth += 1
        return store.conn

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store = self._store
        store.depth -= 1
        if store.depth:
            return
        try:
            if error is None:
                store.conn.execute("COMMIT")
                store.pass_over_own()
                if store.reached is not None and store.file is not None:
                    incarnation.write_highwater(store.home, *store.reached)
                return
        except sqlite3.Error as failure:
            _roll_back(store.conn)
            raise translate(failure, store.path) from failure
        _roll_back(store.conn)
        if isinstance(error, sqlite3.Error):
            raise translate(error, store.path) from error


def _roll_back(conn: sqlite3.Connection) -> None:
    if conn.in_transaction:
        conn.execute("ROLLBACK")


class Store:
    """An open workspace: who I am here, and the connection that the rest of `store` reads and writes through."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        home: str,
        now: Callable[[], int],
        today: Callable[[], datetime.date] | None,
    ) -> None:
        self.conn = conn
        self.home = home
        self.path = os.path.join(home, FILE_NAME)
        self.depth = 0
        # Kept between questions, each with what it answers: the last counts of `store.queries`, the last hits and the
        # items by status of `store.hits`.
        self.counted: tuple[object, dict[str, int]] | None = None
        self.hits: tuple[object, Hits] | None = None
        self.stands: tuple[object, dict[str, int]] | None = None
        self.shipped: tuple[object, str] | None = None  # the same of `store.feedback_rows`
        self.unseen: tuple[object, int] | None = None  # the same of `store.news`
        self.aligned: tuple[object, list[Work]] | None = None  # and of `store.goal_rows`
        self.file = _file(self.path)
        # By stream, the last op before and after what the open transaction has appended.
        self.written: dict[int, tuple[int, int]] = {}
        # Where the own stream stands once the open transaction is committed, when that moves it.
        self.reached: tuple[str, int] | None = None
        self._now = now
        self._today = today
        self._find_out_who()
        self._data_version: int = conn.execute("PRAGMA data_version").fetchone()[0]
        self._cuts_seen = self.cuts
        self._seen: dict[int, int] = dict(conn.execute("SELECT n, seq FROM stream"))

    def reload_identity(self) -> None:
        """Read again who this home is: workspace, member, device and incarnation."""
        meta = dict(self.conn.execute("SELECT key, value FROM meta"))
        self.workspace: str = meta.get("workspace", "")
        self.device: str = meta.get("device", "")
        self.incarnation: str = meta.get("incarnation", "")
        self.member: str = meta.get("member", "")
        self.code: str = meta.get("code", "")
        self.anchor: str = meta.get("anchor", "")
        self.cuts: str = meta.get("cuts", "")  # streams that were cut, see `store.cuts`
        self.noticed = bool(meta.get("unseen"))  # something waits to be told, see `store.notices`

    def _find_out_who(self) -> None:
        # Before the database is read: another process may write both in between.
        highwater = incarnation.read_highwater(self.home)
        self.reload_identity()
        # Why the next write begins a new incarnation, or "".
        self.displaced = incarnation.why_displaced(self, highwater)

    def follow_incarnation(self) -> None:
        """Write from now on as who this home is: another process may have begun a new incarnation, or this one must.

        The caller holds the write transaction.
        """
        if self.file is None:
            return
        if _meta(self.conn, "incarnation") != self.incarnation:
            self._find_out_who()
        if self.displaced or not self.anchor:
            incarnation.settle(self)

    def now(self) -> int:
        """Return the wall clock in ms since the epoch."""
        return self._now()

    def today(self) -> datetime.date:
        """Return today's date where the person is."""
        if self._today is not None:
            return self._today()
        return datetime.datetime.fromtimestamp(self._now() / 1000).astimezone().date()

    def transaction(self) -> Transaction:
        """Return a write transaction; a nested one joins the outer."""
        return Transaction(self)

    def meta(self, key: str, default: str = "") -> str:
        """Return a local setting of this home."""
        row = self.conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Write a local setting of this home."""
        with self.transaction() as conn:
            conn.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))

    def streams(self, *, held: bool = False) -> Iterator[Stream]:
        """Yield every stream known here, own and private ones included; or only those that are `held`."""
        where = f" WHERE {HELD}" if held else ""
        for row in self.conn.execute(f"SELECT n, dev, inc, seq, tail, mine, private FROM stream{where}"):
            yield Stream(*row)

    def poll(self) -> ChangeSet | None:
        """Return what other connections committed since the last call, or None; costs one PRAGMA when nothing did."""
        version = self.conn.execute("PRAGMA data_version").fetchone()[0]
        if version == self._data_version:
            return None
        self._data_version = version
        before, self._seen = self._seen, dict(self.conn.execute("SELECT n, seq FROM stream"))
        cuts = _meta(self.conn, "cuts")
        gone = look_behind(cuts.removeprefix(self._cuts_seen), before)
        self._cuts_seen = cuts
        return self.changed_since(before) | gone or None

    def moment(self) -> tuple[int, int] | None:
        """Return what is another after every write, here or by another process, and None while one can be taken back.

        An answer that was read after this is good until it changes.
        """
        if self.conn.in_transaction:
            return None
        return self.conn.total_changes, self.conn.execute("PRAGMA data_version").fetchone()[0]

    def pass_over_own(self) -> None:
        """Let `poll` pass over what this connection has just committed: whoever did it knows."""
        for stream, (before, after) in self.written.items():
            if self._seen.get(stream, 0) == before:
                self._seen[stream] = after

    def changed_since(self, before: dict[int, int]) -> ChangeSet:
        """Return the entities touched by ops after `before`, a map of stream number to sequence number."""
        numbers: set[int] = set()
        for n, seq in self.conn.execute("SELECT n, seq FROM stream").fetchall():
            start = before.get(n, 0)
            if seq > start:
                base = n << SEQ_BITS
                query = "SELECT DISTINCT ent FROM op WHERE dot > ? AND dot <= ?"
                numbers.update(ent for (ent,) in self.conn.execute(query, (base + start, base + seq)))
        return describe(self.conn, numbers)

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        self.conn.close()


def _file(path: str) -> tuple[int, int] | None:
    """Return what tells the file at `path` from one that takes its place, None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def database_path(home: str) -> str:
    """Return where the workspace's database lies in a home directory."""
    return os.path.join(home, FILE_NAME)


def open_store(
    home: str, *, now: Callable[[], int] = wall_ms, today: Callable[[], datetime.date] | None = None
) -> Store:
    """Return the workspace of `home`, its tables brought up to date.

    Raises StoreError: no-workspace, newer-database, corrupt, read-only, disk-full, busy, cannot-open.
    """
    path = database_path(home)
    if not os.path.exists(path):
        raise StoreError("no-workspace", home=home)
    conn = _connect(path)
    try:
        if not _current(conn, path):
            upgrade(conn, path)
        store = Store(conn, home, now, today)
        if not store.workspace:
            raise StoreError("no-workspace", home=home)
        return store
    except (sqlite3.Error, OSError, StoreError) as error:
        conn.close()
        raise told(error, path) from error


def create_store(
    home: str,
    *,
    workspace: str | None = None,
    settings: Mapping[str, str] | None = None,
    now: Callable[[], int] = wall_ms,
    today: Callable[[], datetime.date] | None = None,
) -> Store:
    """Make the database of a new or joined workspace in `home` with a fresh device, and return it open.

    `workspace` is the id of the workspace joined, None for a new one; `settings` are in it from the first moment on.
    Members and statuses are made by `store.setup`.
    Raises StoreError: exists, read-only, disk-full, cannot-open.
    """
    path = database_path(home)
    if os.path.exists(path):
        raise StoreError("exists", home=home)
    # Made under another name: whatever interrupts this, a database that is there is whole.
    part = f"{path}.{new_id()}.part"
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)
        _make(part, workspace, settings or {})
        incarnation.remove_highwater(home)  # of a database that lay here before
        _give_name(part, path)
    except FileExistsError as error:
        raise StoreError("exists", home=home) from error
    except (sqlite3.Error, OSError, StoreError) as error:
        raise told(error, path) from error
    finally:
        remove_files(part)
    try:
        return open_store(home, now=now, today=today)
    except StoreError:
        remove_files(path)  # whole, but nobody is in it yet, and it would stand in the way of the next try
        raise


def _make(path: str, workspace: str | None, settings: Mapping[str, str]) -> None:
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        conn.execute("PRAGMA synchronous = FULL")
        # A part that is not finished is thrown away whole. In a log beside it every page would take its room twice, and
        # closing says nothing of what a full disk did not let out of the log.
        conn.execute("PRAGMA journal_mode = MEMORY")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        upgrade(conn, path)
        identity = {
            "workspace": workspace or new_id() + new_id()[:10],
            "device": new_id()[:12],
            "incarnation": new_id()[:8],
            "lamport": "0",
            **settings,
        }
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT INTO meta VALUES (?,?)", identity.items())
        add_own_streams(conn, identity["device"], identity["incarnation"])
        conn.execute("COMMIT")
        conn.execute("PRAGMA journal_mode = WAL")
    finally:
        conn.close()


def _give_name(part: str, path: str) -> None:
    """Give a finished file its name, unless another process was first."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.exists(path):
            raise FileExistsError(path) from None
        os.rename(part, path)


def remove_files(path: str) -> None:
    """Remove a database that nobody is to find, with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.unlink(path + suffix)


def add_own_streams(conn: sqlite3.Connection, device: str, incarnation: str) -> None:
    """Record this device's two streams: the one it shares and the one for private drafts."""
    add = "INSERT INTO stream (dev, inc, mine, private) VALUES (?,?,1,?)"
    conn.execute(add, (device, incarnation, 0))
    conn.execute(add, (device, incarnation + "p", 1))


def upgrade(conn: sqlite3.Connection, path: str) -> None:
    """Apply pending migrations and, where the declaration changed, make the projections anew from the log.

    All in one transaction, so that a crash leaves the old file and of two processes one waits and finds it done.
    A database that holds something is backed up first.
    """
    from store import migrations
    from store.oplog import replay

    conn.execute(f"PRAGMA busy_timeout = {round(UPGRADE_SECONDS * 1000)}")
    conn.execute("BEGIN IMMEDIATE")
    try:
        if _current(conn, path):
            conn.execute("ROLLBACK")
            return
        if conn.execute("PRAGMA user_version").fetchone()[0]:
            from store.backup import back_up

            back_up(path)
        migrations.migrate(conn)
        migrations.make_projections(conn)
        replay(conn)
        conn.execute("INSERT OR REPLACE INTO meta VALUES ('projections', ?)", (fingerprint(),))
        conn.execute(f"PRAGMA user_version = {FORMAT}")
        conn.execute("COMMIT")
    except BaseException:
        _roll_back(conn)
        raise
    finally:
        conn.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")


def _current(conn: sqlite3.Connection, path: str) -> bool:
    """Return whether the file needs no upgrade; raises newer-database, or corrupt where the tables are not ours."""
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise StoreError("newer-database", found=version, known=FORMAT, path=path)
    if version:
        return version == FORMAT and _meta(conn, "projections") == fingerprint()
    if conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
        raise StoreError("corrupt", path=path, why="not a database of Sameboat")
    return False


def _connect(path: str) -> sqlite3.Connection:
    # mode=rw: a file that vanishes just now must not come back empty.
    name = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    # SQLite keeps files beside a database that may be written; in a folder that takes none it would not even read.
    sealed = not os.access(os.path.dirname(path), os.W_OK) and not os.path.exists(f"{path}-wal")
    try:
        conn = sqlite3.connect(
            f"file:{name}?mode=rw{'&immutable=1' if sealed else ''}",
            timeout=BUSY_SECONDS,
            isolation_level=None,
            cached_statements=256,
            uri=True,
        )
    except sqlite3.Error as error:
        raise translate(error, path) from error
    try:
        conn.execute("PRAGMA synchronous = FULL")
        # A search in a large workspace goes over more pages than SQLite keeps by itself.
        conn.execute(f"PRAGMA cache_size = {-PAGES_KIB}")
        # Some builds of SQLite write over whatever is deleted; what is deleted here stands in the log all the same.
        conn.execute("PRAGMA secure_delete = OFF")
    except sqlite3.Error as error:
        conn.close()
        raise translate(error, path) from error
    return conn


def _meta(conn: sqlite3.Connection, key: str) -> str:
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return "" if row is None else str(row[0])


def told(error: sqlite3.Error | OSError | StoreError, path: str) -> StoreError:
    """Return any error of opening a database as a StoreError."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, sqlite3.Error):
        return translate(error, path)
    code = "disk-full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "cannot-open"
    return StoreError(code, path=path, why=error.strerror or str(error))


def translate(error: sqlite3.Error, path: str) -> StoreError:
    """Return the StoreError that says what an SQLite error means for a person."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreError("corrupt", path=path, why=text)
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")):
        return StoreError("disk-full", path=path, why=text)
    if name.startswith("SQLITE_READONLY"):
        return StoreError("read-only", path=path, why=text)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError("busy", path=path, why=text)
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
        return StoreError("cannot-open", path=path, why=text)
    return StoreError("database", path=path, why=text)
