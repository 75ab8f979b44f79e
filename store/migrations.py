"""The database's tables, made and upgraded by sqlite-utils migrations.

The log tables are migrated by name and never rebuilt. The projections are derived: their columns come from
`store.schema`, and when the declaration changes they are dropped, made anew and replayed from the log. Loaded only when
a database is new or older than the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlite_utils
from sqlite_utils import Migrations

from store import schema
from store.layouts import fingerprint, table_columns
from store.projections import PROJECTION_TABLES

if TYPE_CHECKING:
    import sqlite3

RETIRED_TABLES = ("tally",)  # derived by older programs

migrations = Migrations("sameboat")


@migrations()
def m001_log(db: sqlite_utils.Database) -> None:
    """Make the op log and everything that is local to this machine."""
    db.table("meta").create({"key": str, "value": str}, pk="key", strict=True)
    db.table("stream").create(
        {"n": int, "dev": str, "inc": str, "seq": int, "tail": str, "mine": int, "private": int},
        pk="n", not_null={"dev", "inc", "seq", "mine", "private"},
        defaults={"seq": 0, "tail": "", "mine": 0, "private": 0}, strict=True,
    )  # fmt: skip
    db.table("stream").create_index(["dev", "inc"], unique=True)
    db.table("entity").create(
        {"n": int, "kind": str, "id": str}, pk="n", not_null={"kind", "id"}, strict=True
    )
    db.table("entity").create_index(["id", "kind"], unique=True)
    db.table("op").create(
        {
            "dot": int, "id": bytes, "lam": int, "wt": int, "by": str, "ent": int, "field": str, "value": str,
            "parents": str, "change": int, "extra": str,
        },
        pk="dot", strict=True,
    )  # fmt: skip
    db.table("op").create_index(["ent"])
    # This device's changes, for undo. `restored` says which earlier op an undo's op stands for.
    db.table("change").create(
        {"n": int, "label": str, "detail": str, "at": int, "state": str, "undoes": int}, pk="n", strict=True
    )
    db.table("change").create_index(["state"])
    db.table("change_range").create(
        {"change": int, "first": int, "last": int}, pk=("change", "first"), strict=True
    )
    db.table("restored").create({"dot": int, "original": int}, pk="dot", strict=True)
    db.table("place").create({"n": int, "url": str, "readonly": int, "added_at": int}, pk="n", strict=True)
    db.table("place").create_index(["url"], unique=True)
    db.table("pushed").create(
        {"place": int, "stream": int, "seq": int, "tail": str}, pk=("place", "stream"), strict=True
    )
    db.table("waiting").create(
        {"place": int, "dev": str, "inc": str, "seq": int, "reason": str, "since": int},
        pk=("place", "dev", "inc"), strict=True,
    )  # fmt: skip
    db.table("quarantine").create(
        {"place": int, "name": str, "reason": str, "at": int, "bytes": bytes},
        pk=("place", "name"),
        strict=True,
    )


@migrations()
def m002_pins(db: sqlite_utils.Database) -> None:
    """Remember the key each device was first seen with."""
    db.table("pin").create(
        {"dev": str, "key": str, "seal": str, "at": int},
        pk="dev",
        not_null={"key", "seal", "at"},
        strict=True,
    )


@migrations()
def m003_journal(db: sqlite_utils.Database) -> None:
    """Keep what sync did lately, for people who ask why something has not come."""
    db.table("journal").create(
        {"n": int, "at": int, "place": str, "what": str, "amount": int, "detail": str},
        pk="n",
        not_null={"at", "place", "what", "amount", "detail"},
        strict=True,
    )


@migrations()
def m004_branches(db: sqlite_utils.Database) -> None:
    """Remember which streams are branches of a history that forked, and some links of every chain."""
    db.table("branch").create(
        {"stream": int, "trunk": int, "parent": int, "base": int},
        pk="stream",
        not_null={"trunk", "parent", "base"},
        strict=True,
    )
    db.table("mark").create(
        {"stream": int, "block": int, "seq": int, "link": str},
        pk=("stream", "block"),
        not_null={"seq", "link"},
        strict=True,
    )


@migrations()
def m005_gaps(db: sqlite_utils.Database) -> None:
    """Remember of which streams older ops are still to come, and which of the ops here are replaced by such."""
    db.table("gap").create(
        {"stream": int, "floor": int, "link": str, "filled": int, "tail": str},
        pk="stream",
        not_null={"floor", "link", "filled", "tail"},
        strict=True,
    )
    db.table("buried").create({"dot": int}, pk="dot", strict=True)


def migrate(conn: sqlite3.Connection) -> None:
    """Bring the log tables up to date. The caller holds no transaction: each migration is one."""
    migrations.apply(sqlite_utils.Database(conn))


def make_projections(conn: sqlite3.Connection) -> None:
    """Drop and make the derived tables from the declaration. Runs inside the caller's transaction."""
    db = sqlite_utils.Database(conn)
    gone = (*PROJECTION_TABLES, *RETIRED_TABLES)
    stale = [name for name in db.table_names() if name in gone or name.startswith("p_")]
    for name in stale:
        conn.execute(f'DROP TABLE "{name}"')
    declared = fingerprint()
    if declared in _written:
        for statement in _written[declared]:
            conn.execute(statement)
    else:
        _written[declared] = _made(db)


# By the declaration, the statements that make its tables: sqlite-utils takes longer to write them than SQLite takes
# to carry them out, and every look at a past moment makes tables.
_written: dict[str, tuple[str, ...]] = {}


def _made(db: sqlite_utils.Database) -> tuple[str, ...]:
    """Make the derived tables; returns the statements that did."""
    conn = db.conn
    told: list[str] = []
    conn.set_trace_callback(told.append)
    try:
        _make(db)
    finally:
        conn.set_trace_callback(None)
    return tuple(statement for statement in told if statement.startswith("CREATE "))


def _make(db: sqlite_utils.Database) -> None:
    conn = db.conn
    for kind in schema.KINDS.values():
        table = db.table(f"p_{kind.name}")
        table.create(table_columns(kind), pk="n", strict=True)
    db.table("p_item").create_index(["trashed", "status", "rank", "id"], index_name="board")
    for column in ("owner", "department", "due", "parent"):
        db.table("p_item").create_index([column, "trashed"])
    for kind in schema.KINDS.values():
        for field in kind.fields.values():
            if field.type == schema.PARENT:
                conn.execute(f"CREATE INDEX {kind.name}_cut ON p_{kind.name} (n) WHERE {field.name}_cut = 1")
    db.table("p_conflict").create_index(["trashed", "state"])
    db.table("p_feedback").create_index(["trashed", "state"])
    conn.execute("CREATE INDEX duplicates ON p_feedback (duplicate_of) WHERE duplicate_of IS NOT NULL")
    conn.execute("CREATE INDEX pool ON p_item (status) WHERE trashed = 0 AND kind = 'requirement'")
    db.table("p_retro_card").create_index(["retro", "trashed"])
    for column in ("predecessor", "successor"):
        db.table("p_dependency").create_index([column])
    for kind_name in schema.ATTACHED_KINDS:
        db.table(f"p_{kind_name}").create_index(["on", "trashed"])
    db.table("p_point").create_index(["meeting"])
    db.table("p_pick").create_index(["member", "date"])
    db.table("p_pick").create_index(["date"])
    db.table("p_time_entry").create_index(["member", "date"])
    for column in ("owner", "receiver"):
        db.table("p_commitment").create_index([column, "trashed"])
    for statement in DERIVED:
        conn.execute(statement)


# Tables whose shape sqlite-utils cannot express: clustered keys and full text.
DERIVED = (
    "CREATE TABLE head (ent INTEGER, field TEXT, dot INTEGER, PRIMARY KEY (ent, field, dot)) STRICT, WITHOUT ROWID",
    # Ops named as a parent before they arrived, and the Lamport time of who named them.
    "CREATE TABLE early (ent INTEGER, field TEXT, dot INTEGER, lam INTEGER, PRIMARY KEY (ent, field, dot)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE element (ent INTEGER, field TEXT, value TEXT, PRIMARY KEY (ent, field, value)) STRICT, WITHOUT ROWID",
    # The plan is a part of a workspace: its items are found without reading the others, a department's by day.
    "CREATE INDEX planned ON p_item (department, coalesce(start, due), id) "
    "WHERE trashed = 0 AND (start IS NOT NULL OR due IS NOT NULL OR duration IS NOT NULL)",
    # What came of something else, such as a retrospective's actions: few items say so.
    "CREATE INDEX derived ON p_item (came_from) WHERE came_from IS NOT NULL",
    # Work that serves a goal, counted by goal and department without reading the items themselves.
    "CREATE INDEX aimed ON p_item (goal, department, owner, status, effort, remaining, trashed) "
    "WHERE goal IS NOT NULL AND trashed = 0",
    "CREATE INDEX element_value ON element (field, value)",
    # Asked whenever something is written down: the meetings that nobody has ended; and what came of a meeting.
    "CREATE INDEX running ON p_meeting (begun) WHERE ended IS NULL AND trashed = 0",
    "CREATE INDEX in_meeting ON p_item (meeting) WHERE meeting IS NOT NULL",
    # Asked every morning: what is blocked, what is due to whom, and which meetings a day has.
    "CREATE INDEX blocked ON p_item (owner, status, blocked) WHERE trashed = 0 AND blocked IS NOT NULL",
    "CREATE INDEX owed ON p_item (owner, due, status) WHERE trashed = 0 AND due IS NOT NULL",
    "CREATE INDEX planned_meeting ON p_meeting (planned) WHERE trashed = 0 AND planned IS NOT NULL",
    # The clock that runs, which the bottom line shows.
    "CREATE INDEX timed ON p_time_entry (member) WHERE trashed = 0 AND minutes IS NULL",
    # What recurs is a small part of a workspace, and so is what somebody wants to be reminded of.
    "CREATE INDEX recurring ON p_item (due) WHERE recurrence IS NOT NULL AND trashed = 0",
    "CREATE INDEX series ON p_item (series, occurrence) WHERE series IS NOT NULL",
    "CREATE INDEX reminding ON p_item (remind) WHERE remind IS NOT NULL AND trashed = 0",
    "CREATE INDEX promised ON p_commitment (due) WHERE due IS NOT NULL AND trashed = 0",
    # In what order teammates' ops came here: by stream, from which to which. Known from when it was first kept.
    "CREATE TABLE IF NOT EXISTS arrival (n INTEGER PRIMARY KEY, stream INTEGER, first INTEGER, last INTEGER) STRICT",
    # How often a conflict was reopened is counted from the log; the log itself stays when the derived tables go.
    "CREATE INDEX IF NOT EXISTS reopened ON op (ent) WHERE field = 'state' AND value = '\"reopened\"'",
    # What things once said is found among the edits of their texts, the latest first.
    "CREATE INDEX IF NOT EXISTS reworded ON op (wt) WHERE parents IS NOT NULL AND parents <> '' "
    "AND field IN ('title', 'description', 'decision', 'verbatim', 'reply')",
    "CREATE TABLE entry (ent INTEGER, field TEXT, key TEXT, value TEXT, PRIMARY KEY (ent, field, key)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE handle (ent INTEGER PRIMARY KEY, raw TEXT, short TEXT) STRICT",
    "CREATE INDEX handle_raw ON handle (raw)",
    "CREATE INDEX handle_short ON handle (short)",
    # Which items show in each status, see `store.stands`: a board of 100,000 cards must not count them at every key.
    "CREATE TABLE stand (status TEXT, block INTEGER, count INTEGER, bits BLOB, PRIMARY KEY (status, block)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE divergence (ent INTEGER, field TEXT, PRIMARY KEY (ent, field)) STRICT, WITHOUT ROWID",
    "CREATE VIRTUAL TABLE fts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2', columnsize = 0)",
)
