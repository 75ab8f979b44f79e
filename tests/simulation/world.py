"""One run: a few replicas, a clumsy courier, some minutes of everybody's work, and then they must agree."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

from store.export import export_lines, state_hash
from store.oplog import rebuild, streams
from sync import compaction
from sync.report import SyncReport
from tests.simulation.courier import Courier
from tests.simulation.edits import edit
from tests.simulation.replica import Replica, gather, make_team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store


class Outcome(NamedTuple):
    """What a run amounted to."""

    replicas: int
    ops: int
    waits: int
    crashes: int
    oddities: int
    joined: int


class Disagreement(AssertionError):
    """A run whose replicas did not behave: names the seed and what led to it."""

    def __init__(self, seed: int, log: list[str], cause: BaseException) -> None:
        steps = "\n".join(f"  {step}" for step in log)
        # The order in which sets of text are walked is a coin that Python tosses when it starts.
        hashing = os.environ.get("PYTHONHASHSEED", "random")
        repeat = f"PYTHONHASHSEED={hashing} python -m tests.simulation --seed {seed}"
        super().__init__(f"seed {seed}: {cause!r}\n{steps}\nrepeat: {repeat}")


@contextmanager
def team() -> Iterator[str]:
    """Make the homes that every run starts from, in memory where the system has such a folder."""
    memory = "/dev/shm"
    folder = tempfile.mkdtemp(prefix="sameboat-", dir=memory if os.path.isdir(memory) else None)
    try:
        os.mkdir(os.path.join(folder, "team"))
        make_team(os.path.join(folder, "team"), Random("team"))
        yield folder
    finally:
        shutil.rmtree(folder)


def run(seed: int, folder: str) -> Outcome:
    """Play the run that belongs to a seed, always the same; raises Disagreement."""
    random = Random(f"run {seed}")
    here = os.path.join(folder, f"run-{seed}")
    os.mkdir(here)
    replicas: list[Replica] = []
    log: list[str] = []
    try:
        with mock.patch("os.urandom", random.randbytes), mock.patch.object(compaction, "FAN", 2):
            replicas = gather(os.path.join(folder, "team"), here, random.randint(3, 5))
            return _play(replicas, random, log)
    except Exception as error:
        raise Disagreement(seed, log, error) from error
    finally:
        for replica in replicas:
            replica.store.close()
        shutil.rmtree(here)


def _play(replicas: list[Replica], random: Random, log: list[str]) -> Outcome:
    courier = Courier(replicas, random)
    waits = crashes = 0
    for _ in range(random.randint(60, 140)):
        number = random.randrange(len(replicas))
        replica = replicas[number]
        step = random.choices(("edit", "sync", "trip", "crash", "clock", "restart"), (50, 20, 26, 6, 2, 2))[0]
        log.append(f"{number} {step}")
        if step == "edit":
            log[-1] += f" {edit(replica.store, random)}"
        elif step == "sync":
            report = replica.sync()
            _check_report(report)
            waits += bool(report.waiting)
            log[-1] += f" pushed {report.pushed} pulled {report.pulled} waiting {len(report.waiting)}"
        elif step == "trip":
            courier.trip()
        elif step == "crash":
            crashes += replica.crash(random)
        elif step == "clock":
            replica.at += random.choice((-400, -1, 1, 400)) * 86_400_000
        else:
            replica.restart()
    log.append("everything arrives")
    for _ in range(2):
        for replica in replicas:
            _check_report(replica.sync())
        courier.finish()
    for replica in replicas:
        report = replica.sync()
        _check_report(report)
        assert not report.waiting, report.waiting
    _check_agreement([replica.store for replica in replicas])
    joined = sum(replica.joined + replica.transport.joined for replica in replicas)
    return Outcome(len(replicas), _public_ops(replicas[0].store), waits, crashes, courier.oddities, joined)


def _check_report(report: SyncReport) -> None:
    """Nothing that is merely late, cut off or oddly named may be called wrong, or stop anything else."""
    assert not report.quarantined, report.quarantined
    assert not report.paused_reason, report.paused_reason
    assert not report.error, report.error
    assert not report.busy, "another process has this home"


def _check_agreement(stores: list[Store]) -> None:
    first, *others = stores
    written = {key: stream.seq for store in stores for key, stream in streams(store).items() if stream.mine}
    exported = list(export_lines(first))
    for store in stores:
        held = {key: stream.seq for key, stream in streams(store).items() if stream.seq}
        assert {key: held.get(key, 0) for key in written} == written, "ops are missing"
        assert set(held) - set(written) <= _absent(held, written), "ops from nowhere"
    for other in others:
        assert _op_ids(other) == _op_ids(first), "the logs differ"
        for line, expected in zip(export_lines(other), exported, strict=True):
            assert line == expected, f"{line}\n    is elsewhere\n    {expected}"
        assert state_hash(other) == state_hash(first), "the states differ"
    before = state_hash(first)
    rebuild(first)
    for line, expected in zip(export_lines(first), exported, strict=True):
        assert line == expected, f"{line}\n    replayed from the log, but was\n    {expected}"
    assert state_hash(first) == before, "the log and the heads differ"


def _absent(held: dict[tuple[str, str], int], written: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
    """Return the streams of team members who have a home but take no part in this run."""
    playing = {dev for dev, _ in written}
    return {key for key in held if key[0] not in playing}


def _op_ids(store: Store) -> set[bytes]:
    query = "SELECT o.id FROM op o JOIN stream s ON s.n = o.dot >> 32 WHERE NOT s.private"
    return {row[0] for row in store.conn.execute(query)}


def _public_ops(store: Store) -> int:
    return len(_op_ids(store))
