"""Whoever is revoked or taken back, and whenever that is heard of: all who are trusted end with the same workspace."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from random import Random
from unittest import mock

import pytest

from store.export import export_lines, state_hash
from store.oplog import rebuild, streams
from sync import roster
from sync.report import SyncReport
from sync.trust import REVOKED, read_trust
from tests.simulation.courier import Courier
from tests.simulation.edits import edit
from tests.simulation.replica import Replica, gather
from tests.simulation.world import team

SEEDS = 12
DECIDERS = 2  # replicas that decide about the others, and are never decided about


@pytest.fixture(scope="module")
def homes() -> Iterator[str]:
    with team() as folder:
        yield folder


@pytest.mark.parametrize("seed", range(SEEDS))
def test_all_who_are_trusted_agree(seed: int, homes: str) -> None:
    play(seed, homes)


def test_the_runs_are_eventful(homes: str) -> None:
    found = [play(seed, homes) for seed in range(100, 106)]
    assert sum(kept_aside for _, kept_aside, _ in found) > 0, "nothing was ever written too late"
    assert sum(beyond for _, _, beyond in found) > 0, "nobody ever heard too late"
    assert 0 < sum(revoked for revoked, _, _ in found) < 18


def play(seed: int, folder: str) -> tuple[int, int, int]:
    """Play one run; returns how many were revoked in the end, files kept aside, and cutoffs moved by who heard late."""
    random = Random(f"revocation {seed}")
    here = os.path.join(folder, f"revocation-{seed}")
    os.mkdir(here)
    replicas: list[Replica] = []
    log: list[str] = []
    try:
        with mock.patch("os.urandom", random.randbytes):
            replicas = gather(os.path.join(folder, "team"), here, 5)
            return _play(replicas, random, log)
    except Exception as error:
        error.add_note("\n".join([f"seed {seed}", *log]))
        raise
    finally:
        for replica in replicas:
            replica.store.close()
        shutil.rmtree(here)


def _play(replicas: list[Replica], random: Random, log: list[str]) -> tuple[int, int, int]:
    courier = Courier(replicas, random)
    deciders, others = replicas[:DECIDERS], replicas[DECIDERS:]
    for replica in replicas:  # all have met before anybody is revoked
        replica.sync()
    courier.finish()
    for replica in replicas:
        replica.sync()
    for _ in range(random.randint(60, 120)):
        replica = random.choice(replicas)
        step = random.choices(("edit", "sync", "trip", "revoke", "approve", "crash"), (40, 24, 26, 3, 2, 5))[
            0
        ]
        log.append(f"{replicas.index(replica)} {step}")
        if step == "edit":
            edit(replica.store, random)
        elif step == "sync":
            _check(replica.sync())
        elif step == "trip":
            courier.trip()
        elif step == "crash":
            replica.crash(random)
        else:
            subject = random.choice(others)
            decider = random.choice(deciders).store
            log[-1] = f"{decider.device} {step} {subject.store.device}"
            (roster.revoke if step == "revoke" else roster.approve)(decider, subject.store.device)
    aside = 0
    for _ in range(6):
        courier.finish()
        for replica in replicas:
            report = replica.sync()
            _check(report)
            aside += len(report.quarantined)
    return _agree(replicas, deciders[0], aside)


def _agree(replicas: list[Replica], judge: Replica, aside: int) -> tuple[int, int, int]:
    trust = read_trust(judge.store)
    trusted = [replica for replica in replicas if trust.is_trusted(replica.store.device)]
    expected = list(export_lines(judge.store))
    for replica in trusted:
        assert list(export_lines(replica.store)) == expected
        assert state_hash(replica.store) == state_hash(judge.store)
        assert read_trust(replica.store)._replace(own="") == trust._replace(own="")
    held = {key: stream.seq for key, stream in streams(judge.store).items()}
    for replica in trusted:
        own = streams(replica.store)[replica.store.device, replica.store.incarnation]
        assert held[own.dev, own.inc] == own.seq, "an op of somebody who is trusted is missing"
    revoked = [replica for replica in replicas if replica not in trusted]
    for replica in revoked:
        key = (replica.store.device, replica.store.incarnation)
        assert held[key] == trust.limit(*key), "all hold what they may, and no more"
        assert streams(replica.store)[key].seq >= held[key], "nobody loses their own edits"
    before = state_hash(judge.store)
    rebuild(judge.store)
    assert state_hash(judge.store) == before
    return len(revoked), aside, sum(_writers(judge, replica) > 1 for replica in revoked)


def _writers(judge: Replica, replica: Replica) -> int:
    """Return how many devices said how much they had taken of a revoked one's ops."""
    query = (
        "SELECT count(DISTINCT o.dot >> 32) FROM p_device d JOIN op o ON o.ent = d.n "
        "WHERE d.id = ? AND o.field LIKE 'accepted/%'"
    )
    return int(judge.store.conn.execute(query, (replica.store.device,)).fetchone()[0])


def _check(report: SyncReport) -> None:
    assert {file.reason for file in report.quarantined} <= {REVOKED}, report.quarantined
    assert {place.held for place in report.places} <= {"", "shut-out"}, report.places
    assert not report.paused_reason or report.paused_reason == "shut-out"
    assert not report.error
