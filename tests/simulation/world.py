"""One run: some machines, a clumsy drive, some days of everybody's work and bad luck; in the end they must agree."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from random import Random
from typing import NamedTuple
from unittest import mock

from store import sparse
from store.database import Store
from store.gaps import is_whole
from sync import compaction, names, reading, relay, releasing, upkeep
from sync.branches import alarms, vouching
from sync.encryption.keyring import Keyring
from sync.names import share_name
from sync.places.share import create_share
from sync.report import SyncReport
from sync.snapshots import backfill, shelf, snapshot
from sync.trust import roster, signed
from sync.trust.keys import verify
from sync.trust.standing import REVOKED, read_trust
from tests.conftest import add_item
from tests.simulation.agreement import (
    check_agreement,
    check_nothing_lost,
    check_shut_out,
    check_trust,
    op_ids,
    witnesses,
)  # fmt: skip
from tests.simulation.chests import chests, first_key
from tests.simulation.drive import FAULTS, Courier, Crash, Record
from tests.simulation.edits import edit
from tests.simulation.machine import Machine, clone, gather, make_team, newcomer
from tests.simulation.schedule import MOST, Schedule, Step, schedule, shrink
from tests.simulation.versions import running

MOST_ROUNDS = 30
SHRINK_SECONDS = 60.0
DECIDERS = 2  # machines that decide about the others, and are never decided about
DAY = 86_400_000


class Outcome(NamedTuple):
    """What a run amounted to."""

    machines: int = 0
    ops: int = 0
    waits: int = 0
    crashes: int = 0
    faults: int = 0
    oddities: int = 0
    joined: int = 0
    copies: int = 0
    returns: int = 0
    newcomers: int = 0
    outages: int = 0
    snapshots: int = 0
    sparse: int = 0
    upgrades: int = 0
    decisions: int = 0
    revoked: int = 0
    aside: int = 0
    beyond: int = 0
    keys: int = 0
    keyless: int = 0

    def __add__(self, other: object) -> Outcome:
        assert isinstance(other, Outcome)
        return Outcome(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Disagreement(AssertionError):
    """A run whose machines did not behave: the least of its steps that does it, and how to play them again."""

    def __init__(self, found: Schedule, cause: BaseException) -> None:
        numbers = ",".join(str(step.number) for step in found.steps)
        # The order in which sets of text are walked is a coin that Python tosses when it starts.
        hashing = os.environ.get("PYTHONHASHSEED", "random")
        lines = [
            f"seed {found.seed}: {cause!r}",
            f"{found.machines} machines, a second place of {found.shared}, read-only for {found.readonly}, "
            f"newer {found.newer}, later {found.later}{', encrypted' if found.encrypted else ''}",
            *(f"  {step.number} {step.what}" for step in found.steps),
            f"repeat: PYTHONHASHSEED={hashing} python -m tests.simulation --seed {found.seed} --steps {numbers}",
        ]
        super().__init__("\n".join(lines))


@contextmanager
def team() -> Iterator[str]:
    """Return a folder for runs and for the homes they start from, in memory where the system has such a folder."""
    memory = "/dev/shm"
    folder = tempfile.mkdtemp(prefix="sameboat-", dir=memory if os.path.isdir(memory) else None)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def template(folder: str, count: int) -> str:
    """Return where the homes of a team of so many lie, made when first asked for."""
    path = os.path.join(folder, f"team-{count}")
    if not os.path.isdir(path):
        os.mkdir(path)
        make_team(path, count, Random(f"team of {count}"))
    return path


def run(seed: int, folder: str) -> Outcome:
    """Play the run that belongs to a seed, always the same; raises Disagreement with the least that fails."""
    found = schedule(seed)
    try:
        return play(found, folder)
    except Exception:
        least = shrink(found, lambda fewer: _fails(fewer, folder), SHRINK_SECONDS)
        try:
            play(least, folder)
        except Exception as error:
            raise Disagreement(least, error) from error
        raise


def play(found: Schedule, folder: str) -> Outcome:
    """Play a schedule, step by step, and see that all agree in the end."""
    here = tempfile.mkdtemp(prefix="run-", dir=folder)
    world: World | None = None
    try:
        with ExitStack() as patches:
            # Files are joined as soon as there are two, and nothing waits for a clock that does not move here.
            patches.enter_context(mock.patch.object(compaction, "FAN", 2))
            patches.enter_context(mock.patch.object(reading, "RETRY_SECONDS", 0.0))
            patches.enter_context(mock.patch.object(alarms, "RETRY_SECONDS", 0.0))
            patches.enter_context(mock.patch.object(relay, "SOON_SECONDS", 0.0))
            patches.enter_context(mock.patch.object(relay, "LATER_SECONDS", 0.0))
            patches.enter_context(mock.patch.object(backfill, "RETRY_SECONDS", 0.0))
            patches.enter_context(mock.patch.object(shelf, "RETRY_SECONDS", 0.0))
            patches.enter_context(mock.patch.object(vouching, "RETRY_SECONDS", 0.0))
            if found.seed % 2:  # in the others nobody's program runs on for long enough
                patches.enter_context(mock.patch.object(vouching, "LOOK_SECONDS", 0.0))
                patches.enter_context(mock.patch.object(releasing, "LOOK_SECONDS", 0.0))
            # A newcomer's past comes in several steps, and a snapshot in several blocks.
            patches.enter_context(mock.patch.object(backfill, "STEP_OPS", 40))
            patches.enter_context(mock.patch.object(backfill, "STEP_ENTITIES", 60))
            patches.enter_context(mock.patch.object(sparse, "CHECK_STEP", 30))
            patches.enter_context(mock.patch.object(snapshot, "_BLOCK_OPS", 25))
            patches.enter_context(mock.patch.object(upkeep, "back_up_daily"))
            patches.enter_context(mock.patch.object(signed, "verify", verified))
            patches.enter_context(chests())
            world = World(found, template(folder, found.machines), here)
            with world.luck(None):
                world.gather()
            for step in found.steps:
                with world.luck(step) as random:
                    world.take(step, random)
            with world.luck(None):
                return world.finish()
    finally:
        if world is not None:
            for machine in world.machines:
                machine.store.close()
        shutil.rmtree(here)


verified = lru_cache(maxsize=4096)(verify)  # everybody reads the same files


def _fails(found: Schedule, folder: str) -> bool:
    try:
        play(found, folder)
    except Exception:
        return True
    return False


class World:
    """The machines of a run, what connects them, and what has happened so far."""

    def __init__(self, found: Schedule, template: str, here: str) -> None:
        self._schedule = found
        self._template = template
        self._here = here
        self._common = os.path.join(here, "common")
        contents: dict[str, bytes] = {}
        self._records = {"drive": Record(contents), self._common: Record(contents)}
        self._courier = Courier(self._records["drive"])
        self.machines: list[Machine] = []
        self._sentinel = b""
        self._counts = dict.fromkeys(Outcome._fields, 0)

    @contextmanager
    def luck(self, step: Step | None) -> Iterator[Random]:
        """Let everything random in the block come from a step's own luck, identities included."""
        random = self._schedule.luck(step)
        with mock.patch("os.urandom", random.randbytes):
            yield random

    def gather(self) -> None:
        """Set the machines up."""
        found = self._schedule
        keys = [first_key()] if found.encrypted else []
        for number in range(found.machines):
            home, drive = self._paths()
            template = os.path.join(self._template, str(number))
            machine = gather(
                template, home, drive, self._records, newer=number in found.newer, later=number in (found.later or ()),
                keys=keys,
            )  # fmt: skip
            if number in found.shared:
                os.makedirs(self._common, exist_ok=True)
                # Whoever may only read it comes after somebody who has put the share there.
                readonly = number in found.readonly and number != found.shared[0]
                create_share(self._common, machine.store, readonly=readonly)
            self.machines.append(machine)
        with open(os.path.join(self.machines[0].base, "ws.json"), "rb") as file:
            self._sentinel = file.read()
        if found.deciding:  # all have met before anybody is revoked
            self._settle()

    def take(self, step: Step, random: Random) -> None:
        """Let one thing happen to one machine."""
        machine = random.choice(self.machines)
        getattr(self, f"_{step.what}")(machine, random)

    # What happens

    def _edit(self, machine: Machine, random: Random) -> None:
        with machine.writing():
            edit(machine.store, random)

    def _sync(self, machine: Machine, random: Random) -> None:
        report = machine.sync()
        self._check(report, machine)
        self._counts["waits"] += bool(report.waiting)
        self._counts["keyless"] += any(row.reason == "no-key" for row in report.waiting)

    def _trip(self, machine: Machine, random: Random) -> None:
        if not machine.away:
            self._courier.trip(machine.base, random)

    def _crash(self, machine: Machine, random: Random) -> None:
        machine.peril.arm(random)
        try:
            machine.sync()
        except Crash:
            self._counts["crashes"] += 1
            machine.restart()
        machine.peril.disarm()

    def _faulty(self, machine: Machine, random: Random) -> None:
        machine.peril.arm(random, fault=random.choice(FAULTS))
        report = machine.sync()
        self._check_files(report)
        self._counts["faults"] += machine.peril.fatal == 0 or machine.peril.lasting
        machine.peril.disarm()

    def _clock(self, machine: Machine, random: Random) -> None:
        machine.at = max(machine.at + random.choice((-400, -1, 1, 400)) * DAY, 0)

    def _restart(self, machine: Machine, random: Random) -> None:
        machine.restart()

    def _away(self, machine: Machine, random: Random) -> None:
        machine.unmount()

    def _outage(self, machine: Machine, random: Random) -> None:
        """Let one of a machine's places fail for a time, or be mended."""
        outages = machine.peril.outages
        if outages:
            outages.clear()
        else:
            outages[random.choice(machine.urls)] = random.choice(FAULTS)
            self._counts["outages"] += 1

    def _snapshot(self, machine: Machine, random: Random) -> None:
        report = machine.sync(snapshots=True)
        self._check(report, machine)
        self._counts["snapshots"] += sum(not taken.why for taken in report.snapshots)

    def _upgrade(self, machine: Machine, random: Random) -> None:
        self._counts["upgrades"] += not machine.upgrade()

    def _join(self, machine: Machine, random: Random) -> None:
        if len(self.machines) >= MOST:
            return
        home, drive = self._paths()
        base = os.path.join(drive, share_name(machine.store.workspace))
        os.makedirs(base)
        with open(os.path.join(base, "ws.json"), "wb") as file:
            file.write(self._sentinel)
        if random.random() < 0.6:
            self._courier.finish(base)
        else:
            self._courier.trip(base, random)
        self._counts["newcomers"] += 1
        number = self._counts["newcomers"]
        later = self._schedule.later is not None and random.random() < 0.5
        joined = newcomer(machine, home, drive, self._records, number, later=later)
        self._counts["sparse"] += not is_whole(joined.store.conn)
        self.machines.append(joined)

    def _revoke(self, machine: Machine, random: Random) -> None:
        self._decide(roster.revoke, random)

    def _approve(self, machine: Machine, random: Random) -> None:
        self._decide(roster.approve, random)

    def _decide(self, decision: Callable[[Store, str], bool], random: Random) -> None:
        """Let one of the first two decide about one of the others."""
        decider = random.choice(self.machines[:DECIDERS])
        subject = random.choice(self.machines[DECIDERS:])
        with decider.writing():
            self._counts["decisions"] += decision(decider.store, subject.store.device)

    def _copy(self, machine: Machine, random: Random) -> None:
        if not machine.away and len(self.machines) < MOST:
            self._counts["copies"] += 1
            self.machines.append(clone(machine, *self._paths(), self._records))

    def _restore(self, machine: Machine, random: Random) -> None:
        self._save_or_return(machine, noticed=True)

    def _rewind(self, machine: Machine, random: Random) -> None:
        self._save_or_return(machine, noticed=False)

    def _save_or_return(self, machine: Machine, *, noticed: bool) -> None:
        if machine.go_back(noticed=noticed):
            self._counts["returns"] += 1
        else:
            machine.save()

    def _paths(self) -> tuple[str, str]:
        number = len(self.machines)
        return os.path.join(self._here, f"home-{number}"), os.path.join(self._here, f"drive-{number}")

    # The end

    def finish(self) -> Outcome:
        """Let everything arrive everywhere, and see that all agree; returns what the run amounted to."""
        for machine in self.machines:
            if machine.away:
                machine.unmount()
            machine.peril.outages.clear()
            if self._schedule.later is not None:
                machine.upgrade()
        self._settle()
        trusted, revoked = self._judged()
        with running(later=self._schedule.later is not None):
            check_agreement([machine.store for machine in trusted])
            check_nothing_lost(trusted)
            check_trust(trusted, revoked)
            if self._schedule.encrypted:
                self._check_shut_out(trusted, revoked)
        counts = self._counts | {
            "machines": len(self.machines),
            "ops": len(op_ids(self.machines[0].store)),
            "oddities": self._courier.oddities,
            "joined": sum(record.joined for record in self._records.values()),
            "revoked": len(revoked),
            "beyond": sum(witnesses(trusted[0], machine) > 1 for machine in revoked),
        }
        return Outcome(**counts)

    def _check_shut_out(self, trusted: list[Machine], revoked: list[Machine]) -> None:
        """By now all have heard who is out: see who can read what is written from now on."""
        news = {add_item(machine.store, "news") for machine in trusted}
        self._settle()
        check_shut_out(trusted, revoked, news)
        self._counts["keys"] += len(Keyring(trusted[0].home).labels)

    def _settle(self) -> None:
        """Let everything arrive everywhere and be read."""
        for _ in range(MOST_ROUNDS):
            moved = 0
            for machine in self.machines:
                self._courier.finish(machine.base)
                report = machine.sync()
                self._check(report, machine, settled=True)
                # Who is out waits for a key that nobody gives him.
                waiting = [row for row in report.waiting if row.reason != "no-key"]
                relayed = sum(place.relayed for place in report.places)
                moved += (
                    report.pushed
                    + report.pulled
                    + relayed
                    + len(waiting)
                    + (not is_whole(machine.store.conn))
                )
                self._counts["aside"] += len(report.quarantined)
            if not moved:
                return
        raise AssertionError("they do not come to rest")

    def _judged(self) -> tuple[list[Machine], list[Machine]]:
        """Return the machines that the first one trusts, and the others."""
        trust = read_trust(self.machines[0].store)
        trusted = [machine for machine in self.machines if trust.is_trusted(machine.store.device)]
        return trusted, [machine for machine in self.machines if machine not in trusted]

    def _check(self, report: SyncReport, machine: Machine, *, settled: bool = False) -> None:
        """See that nothing that is merely late, cut off or oddly named is called wrong, or stops anything else."""
        self._check_files(report)
        troubles = {place.paused or place.held for place in report.places} - {""}
        troubles -= set(machine.peril.outages.values())
        if self._schedule.deciding:
            troubles -= {"shut-out"}
        if not settled:
            # A file of one's own that was carried elsewhere comes back cut off: its place is kept until it is whole.
            # So may the past that a copy of a home handed on before the home was rolled back: it is waited for.
            troubles -= {"taken", "restored"}
        assert not troubles or (machine.away and troubles == {"unmounted"}), troubles
        assert not report.error or report.error == "shut-out", report.error
        assert not report.busy, "another process has this home"

    def _check_files(self, report: SyncReport) -> None:
        expected = {REVOKED} if self._schedule.deciding else set()
        # A snapshot may be right for one branch of a history and not for another.
        refused = [
            file
            for file in report.quarantined
            if not (file.reason == "vector" and names.snapshot_at(file.name))
        ]
        assert {file.reason for file in refused} <= expected, refused
