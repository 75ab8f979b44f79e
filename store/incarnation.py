"""Which life of this device writes: a home that was copied, cloned or brought back gets an incarnation of its own.

Two homes that go on numbering the same stream would give different ops one name. So the database remembers where it
was (`anchor`), a small file beside it how far it had come (`highwater`), and whoever opens it compares: the database of
a copy is another file, a clone runs on another machine, and what was brought back is behind its file. The first write
then begins a new incarnation in the same transaction. What this cannot see, such as a virtual machine that was rolled
back with everything in it, `sync` notices by what the share already holds.

On the path of `sameboat add`: 0.1 ms in all, and nothing is loaded that was not already.
"""

from __future__ import annotations

import os
from _blake2 import blake2b

from store.ops import new_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

HIGHWATER = "highwater"
MACHINE_ID = "/etc/machine-id"  # a test may name another file here
HOSTS_KEPT = 8  # a home on a drive that several computers use in turn is no copy at each of them

COPIED, CLONED, RESTORED, ROLLED_BACK = "copied", "cloned", "restored", "rolled-back"
_SHORTS_APART = 100


def this_host() -> str:
    """Return what tells this machine from others, hashed; "" where nothing reliable does.

    The host's name counts only beside a machine id: containers get a new one at each start, a Mac in each network.
    """
    try:
        with open(MACHINE_ID, "rb") as file:
            machine = file.read(64).strip()
        name = os.uname().nodename
    except (OSError, AttributeError):
        return ""
    return blake2b(machine + b"\n" + name.encode(), digest_size=8).hexdigest() if machine else ""


def displacement(
    anchor: str, inode: int, host: str, highwater: tuple[str, int] | None, held: int | None
) -> str:
    """Return why whoever wrote the anchor may still be writing elsewhere, or "" when this is the home it always was.

    `anchor` is "inode host host…", `held` how many ops the database has of the incarnation that `highwater` names,
    None where it need not have any. The answer is "copied", "cloned" or "restored".
    """
    if highwater is not None and held is not None and held < highwater[1]:
        return RESTORED
    known, *hosts = anchor.split() or [""]
    if known and known != str(inode):
        return COPIED
    return CLONED if host and hosts and host not in hosts else ""


def anchor_here(anchor: str, inode: int, host: str, why: str = "") -> str:
    """Return the anchor of a database in this place; hosts known to have used this very file are kept."""
    hosts = [] if why == COPIED else anchor.split()[1:]
    if host and host not in hosts:
        hosts.append(host)
    return " ".join((str(inode), *hosts[-HOSTS_KEPT:]))


def read_highwater(home: str) -> tuple[str, int] | None:
    """Return the incarnation and sequence number that this home had reached, None where that is not known."""
    try:
        with open(os.path.join(home, HIGHWATER), "rb") as file:
            inc, seq = file.read(64).split()
        return inc.decode(), int(seq)
    except (OSError, ValueError):
        return None


def write_highwater(home: str, inc: str, seq: int) -> None:
    """Note how far this home has come. Only a hint: where it cannot be written, or is lost, nothing else is."""
    try:
        path = os.path.join(home, HIGHWATER)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            # Of one length always, so that a reader sees the old one or the new one and nothing has to be cut.
            os.write(descriptor, f"{inc} {seq:>10}\n".encode())
        finally:
            os.close(descriptor)
    except OSError:
        pass


def remove_highwater(home: str) -> None:
    """Forget how far another database in this home had come."""
    try:
        os.unlink(os.path.join(home, HIGHWATER))
    except OSError:
        pass


def why_displaced(store: Store, highwater: tuple[str, int] | None) -> str:
    """Return why the next write must begin a new incarnation, or "".

    `highwater` was read before the database was: otherwise another process could have come further in between.
    """
    held: int | None = None
    if highwater is not None:
        query = "SELECT inc, seq FROM stream WHERE inc = ? AND mine = 1 AND private = 0"
        inc, seq = store.conn.execute(query, (highwater[0],)).fetchone() or ("", -1)
        # A closed incarnation may be cut: who began the next one had all of it.
        held = seq if inc == store.incarnation or not inc else None
    return displacement(store.anchor, store.file[1] if store.file else 0, this_host(), highwater, held)


def settle(store: Store) -> None:
    """Begin the new incarnation that `store.displaced` asks for, or note where the database is.

    The caller holds the write transaction.
    """
    if store.displaced:
        renew(store, store.displaced)
    else:
        _anchor(store, "")


def renew(store: Store, why: str, *, device: str = "") -> str:
    """Begin a new incarnation, of a new device where one is given, and return it; a person is told why.

    What was written before stays as it is, to be sent and undone like ever. The caller holds the write transaction.
    """
    from store.database import add_own_streams
    from store.notices import notify

    conn = store.conn
    fresh = new_id()[:8]
    meta = {"incarnation": fresh, "next_short": str(_first_short(int(store.meta("next_short", "1")), fresh))}
    if device:
        meta["device"] = device
    conn.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", meta.items())
    add_own_streams(conn, device or store.device, fresh)
    _anchor(store, why)
    notify(store, why)
    store.reached = (fresh, 0)
    store.reload_identity()
    return fresh


def _anchor(store: Store, why: str) -> None:
    if store.file is not None:
        anchor = anchor_here(store.anchor, store.file[1], this_host(), why)
        store.conn.execute("INSERT OR REPLACE INTO meta VALUES ('anchor', ?)", (anchor,))
        store.anchor = anchor
    store.displaced = ""


def _first_short(number: int, inc: str) -> int:
    """Return where a new incarnation's short ids begin: some hundreds on, since the other copy counts on as well."""
    return (number // _SHORTS_APART + 1 + sum(inc.encode()) % 9) * _SHORTS_APART + 1
