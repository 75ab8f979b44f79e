"""What must be true of machines once everything has arrived everywhere."""

from __future__ import annotations

from collections.abc import Sequence, Set

from store import queries
from store.database import Store
from store.export import export_lines, state_hash
from store.integrity import check_derived
from store.oplog import rebuild, streams
from sync.encryption.keyring import Held, Keyring
from sync.trust.standing import read_trust
from tests.simulation.machine import Machine, Typed

_PUBLIC_IDS = "SELECT o.id FROM op o JOIN stream s ON s.n = o.dot >> 32 WHERE NOT s.private"
_PUBLIC_WRITES = (
    "SELECT e.id, o.field, o.value FROM op o JOIN entity e ON e.n = o.ent JOIN stream s ON s.n = o.dot >> 32 "
    "WHERE NOT s.private"
)


def check_agreement(stores: Sequence[Store]) -> None:
    """See that all hold the same ops and show the same, and that the first one's log gives what it shows."""
    first, *others = stores
    exported = list(export_lines(first))
    expected = op_ids(first)
    for other in others:
        assert op_ids(other) == expected, f"the logs differ: {_held(first)} and {_held(other)}"
        for line, wanted in zip(export_lines(other), exported, strict=True):
            assert line == wanted, f"{line}\n    is elsewhere\n    {wanted}"
        assert state_hash(other) == state_hash(first), "the states differ"
    for store in stores:
        assert check_derived(store) == [], "something is shown that the log does not give"
    before = state_hash(first)
    rebuild(first)
    for line, wanted in zip(export_lines(first), exported, strict=True):
        assert line == wanted, f"{line}\n    replayed from the log, but was\n    {wanted}"
    assert state_hash(first) == before, "the log and the heads differ"


def check_nothing_lost(machines: Sequence[Machine]) -> None:
    """See that whatever a person wrote for others on one of these machines is on the first."""
    held = {_said(Typed(*row)) for row in machines[0].store.conn.execute(_PUBLIC_WRITES)}
    for machine in machines:
        lost = [typed for typed in machine.typed if _said(typed) not in held]
        assert not lost, f"typed and lost: {lost}"


def _said(typed: Typed) -> Typed:
    """Return what a person wrote, without what a deletion has seen: that is told in dots, and these may be renamed."""
    return typed._replace(value="") if typed.field == "trash" and typed.value != "null" else typed


def check_trust(trusted: Sequence[Machine], revoked: Sequence[Machine]) -> None:
    """See that all who are trusted judge alike, and hold of the others what they may, and no more."""
    judge = trusted[0].store
    trust = read_trust(judge)
    for machine in trusted:
        assert read_trust(machine.store)._replace(own="") == trust._replace(own=""), "they judge differently"
    held = {key: stream.seq for key, stream in streams(judge).items()}
    for machine in revoked:
        for key, stream in streams(machine.store).items():
            if stream.mine and not stream.private:
                assert held.get(key, 0) == trust.limit(*key), f"of {key} not what everybody is to hold"
                assert stream.seq >= held.get(key, 0), "an edit of one's own is lost"


def check_shut_out(trusted: Sequence[Machine], revoked: Sequence[Machine], news: Set[str]) -> None:
    """See that `news`, items written when all had heard of every decision, reached who is in and nobody else."""
    for machine in trusted:
        assert news <= _items(machine.store), "somebody who is in lacks news"
    used = {held.generation.label for held in map(_writing, trusted) if held is not None}
    for machine in revoked:
        assert not news & _items(machine.store), "somebody who is out has read news"
        assert not used & Keyring(machine.home).labels, "somebody who is out holds a key in use"


def _writing(machine: Machine) -> Held | None:
    return Keyring(machine.home).writing


def _items(store: Store) -> set[str]:
    return {card.id for card in queries.matching(store, "item")}


def op_ids(store: Store) -> set[bytes]:
    """Return the identities of all ops that others may see."""
    return {row[0] for row in store.conn.execute(_PUBLIC_IDS)}


def witnesses(judge: Machine, revoked: Machine) -> int:
    """Return how many devices said how much they had taken of a revoked one's ops."""
    query = (
        "SELECT count(DISTINCT o.dot >> 32) FROM p_device d JOIN op o ON o.ent = d.n "
        "WHERE d.id = ? AND o.field LIKE 'accepted/%'"
    )
    return int(judge.store.conn.execute(query, (revoked.store.device,)).fetchone()[0])


def _held(store: Store) -> dict[str, int]:
    return {".".join(key): stream.seq for key, stream in sorted(streams(store).items()) if stream.seq}
