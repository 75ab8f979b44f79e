"""What this machine knows of the places its workspace travels through: cursors out, waiting streams,
quarantine.

All of it is local: none of these rows is an op, none is ever sent. `sync` decides, this module remembers.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from store.merge import SEQ_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.database import Store

# Evidence is kept, but a hostile or broken peer must not fill the disk with it.
EVIDENCE_EACH = 1024 * 1024
EVIDENCE_ALL = 64 * 1024 * 1024
EVIDENCE_FILES = 1_000
# Of one device, whose name may stand on files that others have put there.
DEVICE_FILES = 64
DEVICE_ALL = 16 * 1024 * 1024
# Of all devices together of which there are no ops: anybody can make up any number of them.
STRANGERS_FILES = 500

_STATUS = "sync"  # the key in `meta`
# Older programs pinned a device to whatever an approval named.
_IS_KEY = "length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*'"


class Place(NamedTuple):
    """A folder or object store through which the workspace travels."""

    n: int
    url: str
    readonly: bool
    added_at: int


class Pushed(NamedTuple):
    """How far one of this device's streams has been written to a place, and the chain's link there."""

    seq: int
    tail: str


class Waiting(NamedTuple):
    """A stream whose op `seq` a place has promised and not yet delivered whole."""

    place: int
    dev: str
    inc: str
    seq: int
    reason: str
    since: int


class Quarantined(NamedTuple):
    """A file that was refused; its bytes, up to a limit, are kept as evidence."""

    place: int
    name: str
    reason: str
    at: int
    size: int

    @property
    def device(self) -> str:
        """Return the device whose name the file bears."""
        return device_of(self.name)


class Pin(NamedTuple):
    """The key a device was first seen with, and where to encrypt for it, both as identity files write them."""

    key: str
    seal: str
    at: int


class StreamRow(NamedTuple):
    """The newest op we hold of another device's stream: when it was made, by which member, called what."""

    dev: str
    inc: str
    seq: int
    at: int
    member: str
    name: str


def places(store: Store) -> list[Place]:
    """Return the places of this workspace in the order they were added."""
    rows = store.conn.execute("SELECT n, url, readonly, added_at FROM place ORDER BY n")
    return [Place(n, url, bool(readonly), added_at or 0) for n, url, readonly, added_at in rows]


def add_place(store: Store, url: str, *, readonly: bool = False) -> Place:
    """Remember a place, or return it as it is known when it was added before."""
    with store.transaction() as conn:
        conn.execute(
            "INSERT INTO place (url, readonly, added_at) VALUES (?,?,?) ON CONFLICT (url) DO NOTHING",
            (url, int(readonly), store.now()),
        )
    return next(place for place in places(store) if place.url == url)


def remove_place(store: Store, place: int) -> None:
    """Forget a place and what was known of it: how far it was written, what it was waited for, what it had wrong."""
    status = sync_status(store)
    status.get("places", {}).pop(str(place), None)
    with store.transaction() as conn:
        for table in ("pushed", "waiting", "quarantine"):
            conn.execute(f"DELETE FROM {table} WHERE place = ?", (place,))
        conn.execute("DELETE FROM place WHERE n = ?", (place,))
    set_sync_status(store, status)


def pushed(store: Store, place: int) -> dict[int, Pushed]:
    """Return how far each own stream has been written to a place, by the stream's local number."""
    rows = store.conn.execute("SELECT stream, seq, tail FROM pushed WHERE place = ?", (place,))
    return {stream: Pushed(seq, tail) for stream, seq, tail in rows}


def set_pushed(store: Store, place: int, stream: int, cursor: Pushed) -> None:
    """Move the cursor of an own stream in a place, after what it covers was read back."""
    with store.transaction() as conn:
        conn.execute("INSERT OR REPLACE INTO pushed VALUES (?,?,?,?)", (place, stream, *cursor))


def outbox(store: Store, place: int | None = None) -> int:
    """Return how many own ops the furthest-behind writable place, or this one, still lacks; 0 where there is none."""
    row = store.conn.execute(
        "SELECT max(behind) FROM (SELECT sum(s.seq - coalesce(p.seq, 0)) AS behind FROM place "
        "JOIN stream s ON s.mine AND NOT s.private "
        "LEFT JOIN pushed p ON p.place = place.n AND p.stream = s.n "
        "WHERE NOT place.readonly AND (?1 IS NULL OR place.n = ?1) GROUP BY place.n)",
        (place,),
    ).fetchone()
    return row[0] or 0


def waiting(store: Store, place: int | None = None) -> list[Waiting]:
    """Return the streams that are waited for, longest first."""
    rows = store.conn.execute(
        "SELECT place, dev, inc, seq, reason, since FROM waiting WHERE ? IS NULL OR place = ? "
        "ORDER BY since, dev",
        (place, place),
    )
    return [Waiting(*row) for row in rows]


def set_waiting(store: Store, place: int, streams: Mapping[tuple[str, str], tuple[int, str]]) -> None:
    """Record which streams a place keeps us waiting for: the next op and why, by (device, incarnation).

    The time a stream has waited for one op goes on counting when only the reason changes. Writes nothing
    when nothing changed, so that an idle look at a place costs no transaction.
    """
    before = {(row.dev, row.inc): row for row in waiting(store, place)}
    if {key: (row.seq, row.reason) for key, row in before.items()} == dict(streams):
        return
    now = store.now()
    rows = []
    for (dev, inc), (seq, reason) in streams.items():
        known = before.get((dev, inc))
        since = known.since if known is not None and known.seq == seq else now
        rows.append((place, dev, inc, seq, reason, since))
    with store.transaction() as conn:
        conn.execute("DELETE FROM waiting WHERE place = ?", (place,))
        conn.executemany("INSERT INTO waiting VALUES (?,?,?,?,?,?)", rows)


def quarantined(store: Store) -> list[Quarantined]:
    """Return the files that were refused, newest first."""
    rows = store.conn.execute(
        "SELECT place, name, reason, at, coalesce(length(bytes), 0) FROM quarantine ORDER BY at DESC, name"
    )
    return [Quarantined(*row) for row in rows]


def evidence(store: Store, place: int, name: str) -> bytes:
    """Return the kept bytes of a refused file."""
    query = "SELECT bytes FROM quarantine WHERE place = ? AND name = ?"
    row = store.conn.execute(query, (place, name)).fetchone()
    return b"" if row is None or row[0] is None else bytes(row[0])


def is_quarantined(store: Store, place: int, name: str) -> bool:
    """Return whether a file was refused and is kept aside."""
    query = "SELECT 1 FROM quarantine WHERE place = ? AND name = ?"
    return store.conn.execute(query, (place, name)).fetchone() is not None


def quarantine(store: Store, place: int, name: str, reason: str, data: bytes) -> None:
    """Keep a refused file's bytes and the reason; the same refusal again writes nothing.

    Each device has room of its own, so that what is refused of one crowds out nothing of another.
    """
    kept = data[:EVIDENCE_EACH]
    known = store.conn.execute(
        "SELECT reason, bytes FROM quarantine WHERE place = ? AND name = ?", (place, name)
    ).fetchone()
    if known is not None and known[0] == reason and (known[1] or b"") == kept:
        return
    sizes: dict[str, list[int]] = {}
    for other, size in store.conn.execute("SELECT name, coalesce(length(bytes), 0) FROM quarantine"):
        sizes.setdefault(device_of(other), []).append(size)
    own = sizes.get(device_of(name), [])
    if known is None and not _has_room(
        store, device_of(name), {dev: len(files) for dev, files in sizes.items()}
    ):
        return
    if sum(own) + len(kept) > DEVICE_ALL or sum(map(sum, sizes.values())) + len(kept) > EVIDENCE_ALL:
        kept = b""
    with store.transaction() as conn:
        conn.execute(
            "INSERT OR REPLACE INTO quarantine (place, name, reason, at, bytes) VALUES (?,?,?,?,?)",
            (place, name, reason, store.now(), kept),
        )


def device_of(name: str) -> str:
    """Return the device whose name a file of the share bears: in every folder it begins that of the file or its own."""
    _, _, rest = name.partition("/")
    return rest.partition(".")[0]


def _has_room(store: Store, dev: str, counts: Mapping[str, int]) -> bool:
    if counts.get(dev, 0) >= DEVICE_FILES or sum(counts.values()) >= EVIDENCE_FILES:
        return False
    known = {
        other for (other,) in store.conn.execute("SELECT DISTINCT dev FROM stream WHERE seq > 0 OR mine")
    }
    return dev in known or sum(n for other, n in counts.items() if other not in known) < STRANGERS_FILES


def release(store: Store, place: int, name: str) -> None:
    """Forget a refusal: the file turned out to be good in the end."""
    if is_quarantined(store, place, name):
        with store.transaction() as conn:
            conn.execute("DELETE FROM quarantine WHERE place = ? AND name = ?", (place, name))


def pins(store: Store) -> dict[str, Pin]:
    """Return the devices whose keys are known, this one's own included, by device."""
    return {
        dev: Pin(key, seal, at)
        for dev, key, seal, at in store.conn.execute(f"SELECT dev, key, seal, at FROM pin WHERE {_IS_KEY}")
    }


def pin(store: Store, dev: str, key: str, seal: str, *, anew: bool = False) -> None:
    """Remember the key a device is met with, for good: one that is pinned keeps it, and gets a `seal` it had not.

    `anew` replaces what is known: somebody who is trusted has named another key.
    """
    query = f"SELECT key, seal FROM pin WHERE dev = ? AND {_IS_KEY}"
    known = store.conn.execute(query, (dev,)).fetchone()
    if known is not None and not anew and (known[0] != key or known[1] or not seal):
        return
    with store.transaction() as conn:
        conn.execute("INSERT OR REPLACE INTO pin VALUES (?,?,?,?)", (dev, key, seal, store.now()))


def other_streams(store: Store) -> list[StreamRow]:
    """Return other devices' streams that we hold ops of, with the newest op's time and author.

    What a copy of this home wrote is this device's.
    """
    rows = store.conn.execute(
        "SELECT s.dev, s.inc, s.seq, coalesce(o.wt, 0), coalesce(o.by, ''), coalesce(m.title, '') FROM stream s "
        f"LEFT JOIN op o ON o.dot = (s.n << {SEQ_BITS} | s.seq) "
        "LEFT JOIN entity e ON e.id = o.by AND e.kind = 'member' LEFT JOIN p_member m ON m.n = e.n "
        "WHERE NOT s.mine AND NOT s.private AND s.seq > 0 "
        "AND s.dev <> (SELECT value FROM meta WHERE key = 'device') ORDER BY s.dev, s.inc"
    )
    return [StreamRow(*row) for row in rows]


def data_version(store: Store) -> int:
    """Return a number that differs once another connection, in any process, has committed."""
    return int(store.conn.execute("PRAGMA data_version").fetchone()[0])


def sync_status(store: Store) -> dict[str, Any]:
    """Return what the last sync of any process of this home left written: `last` and `places`."""
    try:
        status = json.loads(store.meta(_STATUS) or "{}")
    except ValueError:
        return {}
    return status if isinstance(status, dict) else {}


def set_sync_status(store: Store, status: dict[str, Any]) -> None:
    """Write what the next process should know of the last sync."""
    store.set_meta(_STATUS, json.dumps(status, separators=(",", ":"), sort_keys=True))


@contextmanager
def bulk(store: Store) -> Iterator[None]:
    """Let commits return before the disk has them: what is merged from a place can be read from it again."""
    store.conn.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        store.conn.execute("PRAGMA synchronous = FULL")
