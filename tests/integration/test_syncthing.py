"""Two homes over a folder that real Syncthings carry between two machines: edits on both sides, a conflict copy."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.integration.servers import answers, free_port, program, running
from tests.patience import becomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.conftest import Cli

API_KEY = "sameboat-test"
OPTIONS = {
    "globalAnnounceEnabled": "false", "localAnnounceEnabled": "false", "relaysEnabled": "false", "natEnabled": "false",
    "startBrowser": "false", "crashReportingEnabled": "false", "urAccepted": "-1", "autoUpgradeIntervalH": "0",
    "reconnectionIntervalS": "1", "setLowPriority": "false",
}  # fmt: skip


class Machine(NamedTuple):
    """One machine's Syncthing: where its folder is, and how it is told what to do."""

    folder: Path
    gui: int

    def tell(self, path: str, method: str = "POST") -> Any:
        """Make a request of its interface and return the answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gui}/rest/{path}", method=method, headers={"X-API-Key": API_KEY}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def scan(self) -> None:
        """Let it look at its folder now."""
        self.tell("db/scan?folder=team")

    def is_connected(self) -> bool:
        """Return whether it has found the other."""
        return any(one["connected"] for one in self.tell("system/connections", "GET")["connections"].values())

    @property
    def share(self) -> Path:
        """Return the share in its folder."""
        (found,) = self.folder.glob("sameboat-*")
        return found


def _write_config(home: Path, gui: int, port: int, machines: dict[str, int], folder: Path) -> None:
    devices = "".join(
        # Only the second dials, which begins and resumes last: what is dialled in vain is tried again much later.
        f'<device id="{one}" compression="never"><address>{"dynamic" if at > port else f"tcp://127.0.0.1:{at}"}</address>'
        "</device>"
        for one, at in machines.items()
    )
    options = "".join(f"<{name}>{value}</{name}>" for name, value in OPTIONS.items())
    members = "".join(f'<device id="{one}"></device>' for one in machines)
    (home / "config.xml").write_text(
        f'<configuration version="36"><folder id="team" path="{folder}" type="sendreceive" rescanIntervalS="3600" '
        f'fsWatcherEnabled="true" fsWatcherDelayS="1">{members}<maxConflicts>10</maxConflicts></folder>{devices}'
        f'<gui enabled="true" tls="false"><address>127.0.0.1:{gui}</address><apikey>{API_KEY}</apikey></gui>'
        f"<options><listenAddress>tcp://127.0.0.1:{port}</listenAddress>{options}</options></configuration>"
    )


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Machine, Machine]]:
    monkeypatch.setenv("SAMEBOAT_SYNC", "manual")
    syncthing = program("syncthing")
    homes = [tmp_path / "syncthing-a", tmp_path / "syncthing-b"]
    ids = {}
    ports = sorted((free_port(), free_port()))
    for home, port in zip(homes, ports, strict=True):
        generate = [syncthing, "generate", f"--home={home}", "--no-default-folder", "--skip-port-probing"]
        subprocess.run(generate, check=True, capture_output=True, timeout=60)
        found = subprocess.run(
            [syncthing, "serve", f"--home={home}", "--device-id"],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        ids[found.stdout.strip()] = port
    made = []
    with ExitStack() as stack:
        for home, port in zip(homes, ids.values(), strict=True):
            machine = Machine(tmp_path / f"folder of {home.name}", free_port())
            machine.folder.mkdir()
            _write_config(home, machine.gui, port, ids, machine.folder)
            command = [syncthing, "serve", f"--home={home}", "--no-browser", "--no-restart", "--no-upgrade"]
            stack.enter_context(
                running(command, ready=answers(machine.gui), log=tmp_path / f"{home.name}.log")
            )
            made.append(machine)
        first, second = made
        wait(lambda: first.is_connected() and second.is_connected(), "the two do not find each other")
        yield first, second


def wait(until: Callable[[], object], otherwise: str) -> None:
    assert becomes(lambda: bool(until())), otherwise


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {".stfolder", ".stversions"} & set(path.relative_to(folder).parts)
    }


def carry(*machines: Machine) -> None:
    """Wait until both folders hold the same files, whole."""
    for machine in machines:
        machine.scan()

    def same() -> bool:
        try:
            first, second = (_files(machine.folder) for machine in machines)
        except FileNotFoundError:  # renamed while we looked
            return False
        return first == second and not any(".syncthing." in name for name in first)

    wait(same, "the folders do not become the same")


def test_two_machines_end_the_same_through_edits_on_both_sides_and_a_conflict_copy(
    bare_cli: Cli, machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    left, right = machines
    here, there = bare_cli, bare_cli.in_home(tmp_path / "other")
    here.ok("init", str(left.folder), "--me", "林平", "--code", "lp")
    here.ok("add", "定价页")
    here.ok("sync")
    carry(*machines)
    there.ok("join", str(right.folder), "--me", "韩梅", "--code", "hm")
    carry(*machines)
    here.ok("sync")

    # While nothing is carried, both edit one field, and something else alters one file on both sides.
    for machine in machines:
        machine.tell("system/pause")
    here.ok("set", "lp-1", "title=here")
    there.ok("set", "lp-1", "title=there")
    for cli in (here, there):
        cli.ok("add", "while apart")
        cli.ok("sync")
    device = here.ok("status", "--json").json["device"]
    shared = {path.name for path in right.share.glob("h/*")} & {path.name for path in left.share.glob("h/*")}
    (altered,) = (
        name for name in shared | {path.name for path in right.share.glob(f"h/{device}.*")} if device in name
    )
    (left.share / "h" / altered).write_bytes(b"altered here\n")
    (right.share / "h" / altered).write_bytes(b"altered there\n")
    for machine in machines:
        machine.scan()
        machine.tell("system/resume")
    wait(lambda: list(left.share.rglob("*.sync-conflict-*")), "no conflict copy was made")
    carry(*machines)

    for _ in range(2):
        for cli in (here, there):
            cli("sync")
        carry(*machines)
    report = here.ok("sync", "--json").json
    assert [odd["what"] for odd in report["places"][0]["odd"]] == ["copy"]
    there.ok("sync")
    assert here.ok("export").out == there.ok("export").out
    status = [cli.ok("status", "--json").json for cli in (here, there)]
    assert status[0]["state_hash"] == status[1]["state_hash"]
    assert [one["divergences"] for one in status] == [1, 1]
    assert [one["quarantined"] for one in status] == [[], []]
    titles = [row["title"] for row in here.ok("list", "--json").json]
    assert sorted(titles)[1:] == ["while apart"] * 2
