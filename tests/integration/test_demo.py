"""The demo as it is run: a past that can be looked into, teammates in a real process, and nothing left behind."""

from __future__ import annotations

import datetime
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from store import commands, queries
from store.analysis.schedule import schedule
from store.asof import as_of
from store.database import open_store
from store.errors import StoreError
from store.export import export_lines
from store.history import history
from store.notices import unseen
from store.plan_rows import plan_links, plan_tasks, working_calendars
from store.setup import join_workspace
from store.undo import undo
from sync.engine import Engine, create_share, open_share
from tests.catalogs import ROOT
from tests.patience import becomes
from tui.demo import people
from tui.demo.content import STATUSES
from tui.demo.history import arrive, write_history
from tui.demo.people import ident
from tui.demo.run import demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.analysis.schedule import Schedule
    from store.database import Store
    from tests.integration.conftest import Cli

NOW = int(datetime.datetime(2026, 11, 23, 10, 0).astimezone().timestamp() * 1000)
DAY = 86_400_000
WAITING = """
import time
from tui.demo.run import demo
with demo(pace=0.02):
    print("up", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory with the homes of all members, the past written."""
    folder = tmp_path_factory.mktemp("homes")
    write_history(lambda code: str(folder / code), NOW)
    return folder


@pytest.fixture(scope="module")
def written(homes: Path) -> Iterator[Store]:
    """Return the workspace that the demo shows."""
    store = open_store(str(homes / people.YOU), now=lambda: NOW)
    yield store
    store.close()


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory in which temporary files are made, so that a test sees what is left of them."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def _columns(store: Store) -> dict[str, queries.Status]:
    return dict(zip(STATUSES, queries.columns(store), strict=True))


def test_the_board_is_as_full_as_promised(written: Store) -> None:
    columns = queries.columns(written)
    assert 115 <= sum(column.count for column in columns) <= 130
    assert [column.title_en for column in columns if column.wip and column.count > column.wip] == [
        "In review"
    ]
    assert queries.conflict_count(written) == 10
    assert queries.divergence_count(written) == 0
    assert len(queries.departments(written)) == 5
    assert queries.workspace_title(written) == people.WORKSPACE
    doing = queries.cards(written, _columns(written)["d"].id)
    assert any(card.blocked for card in doing)
    assert any(card.due < "2026-11-23" for card in doing if card.due)
    assert any(card.checks_done for card in doing)
    everything = [card for column in columns for card in queries.cards(written, column.id, limit=200)]
    assert len({card.short for card in everything}) == len(everything)


def test_nothing_is_told_of_a_home_that_nobody_copied_or_brought_back(written: Store) -> None:
    assert (written.displaced, unseen(written)) == ("", [])


def test_two_weeks_of_history_have_many_authors_each_on_a_device_of_their_own(written: Store) -> None:
    entries = list(history(written))
    assert entries[-1].at - entries[0].at > 13 * DAY
    assert entries[-1].at < NOW
    assert all(one.at <= other.at for one, other in pairwise(entries))
    devices: dict[str, set[str]] = {}
    for entry in entries[1:]:  # the first made the workspace, when it had no members yet
        devices.setdefault(entry.name, set()).add(entry.device)
    assert devices.keys() == {person.name for person in people.PEOPLE}
    assert [len(used) for used in devices.values()] == [1] * len(people.PEOPLE)
    assert len(set().union(*devices.values())) == len(people.PEOPLE)


def test_history_says_what_slipped_and_what_moved(written: Store) -> None:
    writes = [write for entry in history(written, ident("pa1")) for write in entry.writes]
    assert [write.new for write in writes if write.field == "due"] == [
        "2026-11-18",
        "2026-11-23",
        "2026-11-26",
    ]
    assert len([write for write in writes if write.field == "place"]) >= 2
    assert {write.standing for write in writes if write.field == "due"} == {"superseded", "shown"}


def test_the_plan_can_be_seen_as_it_stood_a_week_ago(written: Store) -> None:
    past = as_of(written, NOW - 7 * DAY)
    try:
        assert 0 < _columns(past)["x"].count < _columns(written)["x"].count
        found = queries.card(past, ident("pa1"))
        assert found is not None
        assert found.due == "2026-11-23"
    finally:
        past.close()


def _schedule(store: Store) -> Schedule:
    tasks = plan_tasks(store)
    today = datetime.datetime.fromtimestamp(NOW / 1000).date().toordinal()
    return schedule(tasks, plan_links(store), working_calendars(store, tasks), today)


def test_the_plan_hangs_together_and_has_slipped_since_the_review(written: Store) -> None:
    """The launch is planned for the day it is promised for, with nothing to spare."""
    made = _schedule(written)
    assert made.cut == []
    launch = made.slots[ident("la1")]
    assert (launch.critical, datetime.date.fromordinal(launch.start)) == (True, datetime.date(2026, 12, 11))
    assert {problem.code for problem in made.problems} == {"late"}
    [(at, summary)] = written.conn.execute("SELECT at, summary FROM p_review").fetchall()
    held = datetime.datetime.fromisoformat(at)
    assert (datetime.datetime.fromtimestamp(NOW / 1000, datetime.UTC) - held).days == 7
    assert summary
    past = as_of(written, int(held.timestamp() * 1000))
    try:
        then = {task.id: task for task in plan_tasks(past)}
        now = {task.id: task for task in plan_tasks(written)}
        assert then[ident("pa1")].duration != now[ident("pa1")].duration
        assert then[ident("la6")].due != now[ident("la6")].due
        assert {link.id for link in plan_links(past)} < {link.id for link in plan_links(written)}
    finally:
        past.close()


def test_nothing_that_was_written_before_can_be_undone_by_accident(written: Store) -> None:
    with pytest.raises(StoreError, match="nothing-to-undo"):
        undo(written)


def test_a_teammate_who_arrives_has_the_same_and_goes_on_counting(homes: Path, written: Store) -> None:
    arrive(str(homes / "ll"), str(homes / people.YOU))
    teammate = open_store(str(homes / "ll"), now=lambda: NOW)
    try:
        assert list(export_lines(teammate)) == list(export_lines(written))
        (ent,) = commands.create(teammate, "item", {"title": "回滚演练"}).ids
        made = queries.card(teammate, ent)
        assert made is not None
        taken = [
            row.short
            for column in queries.columns(written)
            for row in queries.cards(written, column.id, limit=200)
        ]
        assert made.short.startswith("ll-")
        assert made.short not in taken
    finally:
        teammate.close()


def test_teammates_move_cards_talk_disagree_and_answer_and_nothing_is_left(scratch: Path) -> None:
    with demo(pace=0.02) as running:
        store = open_store(running.home)
        engine = Engine(store)
        finished, conflicts = _columns(store)["x"].count, queries.conflict_count(store)
        assert becomes(lambda: engine.sync().changes.touches("item"))
        (mine,) = commands.create(store, "item", {"title": "退款页英文翻译"}).ids

        def done() -> bool:
            report = engine.sync()
            assert report.exit_code in (0, 3), report
            return bool(
                queries.divergence_count(store)
                and _columns(store)["x"].count > finished
                and queries.conflict_count(store) > conflicts
                and queries.comments(store, mine)
            )

        assert becomes(done, 240.0)  # a whole day of the office
        assert engine.sync().quarantined == ()
        disputed = [row for row in queries.divergences(store, ident("pa1")) if row.field == "due"]
        assert {head.by for head in disputed[0].heads} == {
            member.id for member in queries.members(store) if member.code in people.TEAMMATES
        }
        assert {comment.name for comment in queries.comments(store, mine)} <= {"李雷", "Hannah Weber"}
        store.close()
        assert running.teammates.process.poll() is None
    assert running.teammates.process.returncode == 0
    assert running.teammates.trouble == ""
    assert list(scratch.iterdir()) == []


def test_a_demo_that_is_kept_can_be_opened_and_joined_later(scratch: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with demo(str(kept), pace=10):
        pass
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in kept.iterdir()) == ["home", "share"]
    store = open_store(str(kept / "home"))
    newcomer = join_workspace(str(tmp_path / "newcomer"), open_share(str(kept / "share")).workspace)
    try:
        assert Engine(store).sync().exit_code == 0
        create_share(str(kept / "share"), newcomer)
        report = Engine(newcomer).sync()
        assert (report.exit_code, report.waiting) == (0, ())
        assert list(export_lines(newcomer)) == list(export_lines(store))
    finally:
        store.close()
        newcomer.close()


def test_a_kept_demo_is_never_written_over(scratch: Path, tmp_path: Path) -> None:
    (tmp_path / "kept" / "home").mkdir(parents=True)
    (tmp_path / "kept" / "home" / "sameboat.db").write_bytes(b"precious")
    with pytest.raises(FileExistsError), demo(str(tmp_path / "kept")):
        pass
    assert (tmp_path / "kept" / "home" / "sameboat.db").read_bytes() == b"precious"
    assert list(scratch.iterdir()) == []


def test_what_fails_inside_leaves_nothing(scratch: Path) -> None:
    with pytest.raises(KeyboardInterrupt), demo():
        raise KeyboardInterrupt
    assert list(scratch.iterdir()) == []


def test_teammates_who_stop_early_are_told_of(scratch: Path) -> None:
    with demo() as running:
        running.teammates.process.kill()
        running.teammates.process.wait()
    assert running.teammates.trouble
    assert list(scratch.iterdir()) == []


def test_teammates_notice_that_they_are_alone_and_clean_up(scratch: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    assert list(scratch.iterdir()) != []
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert becomes(lambda: not list(scratch.iterdir()))


def test_the_command_says_in_a_sentence_what_it_cannot_do(
    bare_cli: Cli, tmp_path: Path, scratch: Path
) -> None:
    assert bare_cli("demo").code == 1
    assert "needs a terminal" in bare_cli("demo").err
    refused = bare_cli("demo", "--home", str(tmp_path))
    assert refused.code == 2
    assert "--keep" in refused.err
    assert bare_cli("demo", "now").code == 2
    assert list(scratch.iterdir()) == []
    assert not bare_cli.home.exists()


class Terminal:
    """`sameboat demo` at a terminal of its own."""

    def __init__(self, *words: str, home: Path) -> None:
        environ = {**os.environ, "SAMEBOAT_HOME": str(home), "LANG": "en_US.UTF-8", "TERM": "xterm-256color"}
        environ.pop("SAMEBOAT_LANG", None)
        environ.pop("LC_ALL", None)
        self.seen = b""
        child, self._screen = pty.fork()
        if child == 0:
            os.chdir(ROOT)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a job in the background would ignore
            os.execve(sys.executable, [sys.executable, "-m", "tui", "demo", *words], environ)
        self._child = child

    def until(self, text: str, seconds: float = 60.0) -> bool:
        """Read the screen until it has shown a text."""
        deadline = time.monotonic() + seconds
        while text.encode() not in self.seen and time.monotonic() < deadline:
            if select.select([self._screen], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._screen, 65_536)
                except OSError:  # the terminal is closed
                    break
        return text.encode() in self.seen

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._screen, keys)

    def interrupt(self) -> None:
        """Send the signal that a Ctrl-C sends where it is no key."""
        os.kill(self._child, signal.SIGINT)

    def exit_code(self) -> int:
        """Return the exit code once the program has ended."""
        self.until("\0 nothing says this")
        code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        os.close(self._screen)
        return code


def test_the_demo_opens_and_is_gone_when_it_is_left(scratch: Path, tmp_path: Path) -> None:
    terminal = Terminal(home=tmp_path / "mine")
    assert terminal.until("promised")
    assert terminal.until("synced")
    terminal.type(b"q")
    assert terminal.exit_code() == 0
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "mine").exists()
    assert b"Traceback" not in terminal.seen


def test_a_signal_closes_the_open_board_as_its_key_does(scratch: Path, tmp_path: Path) -> None:
    terminal = Terminal(home=tmp_path / "mine")
    assert terminal.until("synced")
    terminal.interrupt()
    assert terminal.exit_code() == 130
    assert list(scratch.iterdir()) == []
    assert b"\x1b[?1049l" in terminal.seen  # the terminal shows again what it showed before
    assert b"Traceback" not in terminal.seen


def test_ctrl_c_while_the_demo_is_made_leaves_nothing(scratch: Path, tmp_path: Path) -> None:
    terminal = Terminal("--keep", str(tmp_path / "kept"), home=tmp_path / "mine")
    assert becomes(lambda: any(path.name.startswith("sameboat-demo-") for path in scratch.iterdir()))
    terminal.type(b"\x03")
    assert terminal.exit_code() == 130
    assert list(scratch.iterdir()) == []
    assert b"Traceback" not in terminal.seen
    assert not (tmp_path / "kept").exists()
