"""The first start, by keys alone: every step can be skipped, and nothing is written before the last."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import OptionList
from textual.worker import WorkerCancelled

from store import queries
from store.database import open_store
from store.queries import workspace_title
from store.setup import init_workspace
from sync.encryption.invite import write_invite
from sync.encryption.inviting import make_invite
from sync.encryption.setting import is_encrypted
from sync.engine import sync_once
from sync.places.share import create_share
from tests.catalogs import ROOT
from tests.pilot.conftest import NARROW, WIDE, screen_text, write
from tui import i18n
from tui.first_run import answers as asked
from tui.first_run.answers import (
    DEPARTMENTS,
    FOLDER,
    LETTERS,
    READERS,
    READY,
    SHARE,
    STEPS,
    Answers,
    completed,
)
from tui.first_run.app import Outcome, SetupApp, SetupLine, SetupScreen
from tui.signs import UNICODE, draw_in


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(asked, "user_name", lambda: "李雷")
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(tmp_path / "config.toml"))
    i18n.set_language("en")
    yield
    i18n.set_language("en")
    draw_in(UNICODE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def at(pilot: Pilot[Outcome]) -> SetupScreen:
    screen = pilot.app.screen
    assert isinstance(screen, SetupScreen)
    return screen


async def enter(pilot: Pilot[Outcome], text: str = "") -> None:
    """Answer a question with a line in place of what stands there, or take what stands there."""
    if text:
        await pilot.press("ctrl+u", *(["backspace"] * 80))
        await write(pilot, text)  # type: ignore[arg-type]
    await pilot.press("enter")
    await pilot.pause()


async def finish(pilot: Pilot[Outcome]) -> None:
    await pilot.press("enter")
    with suppress(WorkerCancelled):  # the app is closed by what the worker tells it last
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_skipping_every_step_makes_a_workspace_of_the_usual(home: Path) -> None:
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        for _step in range(7):
            assert not home.exists()
            await pilot.press("escape")
            await pilot.pause()
        assert at(pilot).step == READY
        assert "Make “李雷's workspace”" in screen_text(pilot)  # type: ignore[arg-type]
        await pilot.press("escape")
        await pilot.pause()
        assert not home.exists()
        await finish(pilot)
    assert app.return_value == Outcome()
    store = open_store(str(home))
    assert workspace_title(store) == "李雷's workspace"
    assert store.code == "ll"
    assert len(queries.departments(store)) == 5
    store.close()


async def test_everything_can_be_said(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "team folder"
    folder.mkdir()
    app = SetupApp(str(home))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "enter")  # 简体中文
        await pilot.pause()
        assert "怎样开始？" in screen_text(pilot)  # type: ignore[arg-type]
        await enter(pilot)
        await enter(pilot, "Apollo")
        await enter(pilot, "Han Mei")
        assert at(pilot).query_one("SetupLine").value == "hm"  # type: ignore[attr-defined]
        await enter(pilot, "hmm")
        assert at(pilot).step == DEPARTMENTS
        await pilot.press("space", "j", "e")
        await pilot.pause()
        await enter(pilot, "Lab")
        await pilot.press("a")
        await pilot.pause()
        await enter(pilot, "Legal")
        await enter(pilot)
        assert at(pilot).step == FOLDER
        await write(pilot, str(tmp_path / "team"))  # type: ignore[arg-type]
        await pilot.press("tab")
        await pilot.pause()
        assert at(pilot).query_one("SetupLine").value == f"{folder}/"  # type: ignore[attr-defined]
        await enter(pilot)
        assert at(pilot).step == READERS
        await enter(pilot)
        assert "Apollo" in screen_text(pilot)  # type: ignore[arg-type]
        assert not home.exists()
        await finish(pilot)
    assert app.return_value == Outcome()
    store = open_store(str(home))
    assert (workspace_title(store), store.code) == ("Apollo", "hmm")
    titles = {row.title for row in queries.departments(store)}
    assert titles == {"Lab", "市场", "销售", "客服", "Legal"}
    assert os.listdir(folder)
    store.close()
    assert '"zh_CN"' in (home / "choices.json").read_text(encoding="utf-8")


async def test_a_folder_that_is_not_there_is_told_where_it_is_asked(home: Path, tmp_path: Path) -> None:
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*["escape"] * 6)
        await pilot.pause()
        await enter(pilot, str(tmp_path / "nowhere"))
        assert at(pilot).step == FOLDER
        assert "make it first" in screen_text(pilot).replace("\n", " ")  # type: ignore[arg-type]
        await pilot.press("escape")
        await pilot.pause()
        assert at(pilot).step == READY


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
async def test_a_folder_that_cannot_be_written_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    await failing(home, folder)


async def test_a_folder_with_another_team_in_it_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    # The home itself lies within: what is shared would contain what is private.
    await failing(home, tmp_path)


async def failing(home: Path, folder: Path) -> None:
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*["escape"] * 6)
        await pilot.pause()
        await enter(pilot, str(folder))
        await enter(pilot)
        assert at(pilot).step == READY
        await finish(pilot)
        assert at(pilot).step == FOLDER
        assert at(pilot).wrong
        assert not (home / "sameboat.db").exists()
        await pilot.press("escape")
        await pilot.pause()
        assert at(pilot).step == READY
        await finish(pilot)
    assert app.return_value == Outcome()


async def test_a_team_is_joined_through_its_folder(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    other = init_workspace(str(tmp_path / "other"), name="Apollo", member="Ann", code="an")
    create_share(str(folder), other)
    sync_once(other)
    other.close()
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("escape", "j", "enter", "escape")
        await pilot.pause()
        assert at(pilot).step == SHARE
        assert "nothing can be joined" in screen_text(pilot)  # type: ignore[arg-type]
        await enter(pilot, str(folder))
        await enter(pilot, "no code at all")
        await enter(pilot, "Bo")
        await enter(pilot)
        await finish(pilot)
        assert at(pilot).step == "invite"
        assert at(pilot).wrong
        await pilot.press("escape", "escape", "escape")
        await pilot.pause()
        await finish(pilot)
    assert app.return_value == Outcome()
    store = open_store(str(home))
    assert workspace_title(store) == "Apollo"
    store.close()


async def test_an_encrypted_team_begins_here_and_is_joined_with_its_code(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*["escape"] * 6)
        await pilot.pause()
        await enter(pilot, str(folder))
        assert "sameboat invite" in screen_text(pilot).replace("\n", " ")  # type: ignore[arg-type]
        await pilot.press("j", "enter")
        await pilot.pause()
        assert "shared, encrypted, through" in screen_text(pilot)  # type: ignore[arg-type]
        await pilot.press("shift+tab")
        await pilot.pause()
        assert at(pilot).query_one(OptionList).highlighted == 1
        await pilot.press("enter")
        await pilot.pause()
        assert not home.exists()
        await finish(pilot)
    assert app.return_value == Outcome()
    store = open_store(str(home))
    assert is_encrypted(store)
    code = write_invite(make_invite(store))
    store.close()
    app = SetupApp(str(tmp_path / "other"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("escape", "j", "enter")
        await pilot.pause()
        await enter(pilot, str(folder))
        at(pilot).query_one(SetupLine).value = code
        await enter(pilot)
        await enter(pilot, "Bo")
        await enter(pilot)
        await finish(pilot)
    assert app.return_value == Outcome()
    store = open_store(str(tmp_path / "other"))
    assert is_encrypted(store)
    assert workspace_title(store) == "李雷's workspace"
    store.close()


async def test_without_a_folder_nobody_is_asked_who_reads_it(home: Path, tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*["escape"] * 6)
        await pilot.pause()
        await enter(pilot, str(tmp_path / "team"))
        await pilot.press("j", "enter", "shift+tab", "shift+tab")
        await pilot.pause()
        assert at(pilot).step == FOLDER
        await pilot.press("escape")
        await pilot.pause()
        assert at(pilot).step == READY
        await finish(pilot)
    store = open_store(str(home))
    assert not is_encrypted(store)
    store.close()
    assert os.listdir(tmp_path / "team") == []


async def test_leaving_writes_nothing_and_the_demo_is_an_answer(home: Path) -> None:
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter", "enter", "ctrl+q")
        await pilot.pause()
    assert app.return_value is None
    app = SetupApp(str(home))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter", "j", "j", "enter")
        await pilot.pause()
    assert app.return_value == Outcome(demo=True)
    assert not home.exists()


async def test_one_can_go_back_and_answers_stay(home: Path) -> None:
    async with SetupApp(str(home)).run_test(size=NARROW) as pilot:
        await pilot.press("enter", "enter")
        await enter(pilot, "Apollo")
        await pilot.press("shift+tab")
        await pilot.pause()
        assert at(pilot).query_one("SetupLine").value == "Apollo"  # type: ignore[attr-defined]


async def test_hostile_names_are_shown_as_they_are(home: Path) -> None:
    async with SetupApp(str(home)).run_test(size=WIDE) as pilot:
        screen = at(pilot)
        screen.answers.name = "[bold]x[/] \x1b[31m"
        screen.answers.add("[red]y")
        screen._go(STEPS["new"].index(READY))
        await pilot.pause()
        text = screen_text(pilot)  # type: ignore[arg-type]
        assert "[bold]x[/]" in text
        assert "[red]y" in text
        assert "\x1b" not in text


@given(st.text(max_size=20))
def test_letters_are_kept_only_where_ids_can_begin_with_them(text: str) -> None:
    answers = Answers()
    wrong = answers.keep(LETTERS, text)
    assert bool(wrong) == (not (not text.strip() or asked.CODE.fullmatch(text.strip().lower())))
    assert asked.CODE.fullmatch(answers.said(LETTERS))


def test_a_folder_is_completed_as_far_as_it_is_clear(tmp_path: Path) -> None:
    for name in ("team-a", "team-b", "other", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "team.txt").write_text("no folder")
    assert completed(f"{tmp_path}/te") == (f"{tmp_path}/team-", ["team-a", "team-b"])
    assert completed(f"{tmp_path}/o") == (f"{tmp_path}/other/", ["other"])
    assert completed(f"{tmp_path}/.h") == (f"{tmp_path}/.hidden/", [".hidden"])
    assert completed(f"{tmp_path}/") == (f"{tmp_path}/", ["other", "team-a", "team-b"])
    assert completed(f"{tmp_path}/none/x") == (f"{tmp_path}/none/x", [])


def test_sameboat_without_a_workspace_sets_one_up_and_opens_it(tmp_path: Path) -> None:
    environ = {
        **os.environ, "SAMEBOAT_HOME": str(tmp_path / "home"), "SAMEBOAT_LANG": "en", "TERM": "xterm-256color",
        "COLUMNS": "90", "LINES": "30",
    }  # fmt: skip
    screen, terminal = pty.openpty()
    ended = subprocess.Popen(
        [sys.executable, "-m", "tui"], cwd=ROOT, env=environ, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    seen = b""

    def until(words: bytes, keys: bytes) -> None:
        nonlocal seen
        deadline = time.monotonic() + 60
        while words not in seen:
            assert time.monotonic() < deadline, seen[-2000:]
            if select.select([screen], [], [], 1)[0]:
                seen += os.read(screen, 65_536)
        seen = b""
        os.write(screen, keys)

    try:
        until(b"Which language?", b"\r")
        until(b"How do you begin?", b"\r")
        until(b"What is the workspace called?", b"\r")
        until(b"What is your name?", b"\r")
        until(b"Which letters begin", b"\r")
        until(b"Which departments work on it?", b"\r")
        until(b"Which folder do your teammates", b"\r")
        until(b"Nothing has been written yet.", b"\r")
        until(b"Backlog", b"q")
        deadline = time.monotonic() + 60
        while ended.poll() is None and time.monotonic() < deadline:  # what nobody reads would hold it back
            with suppress(OSError):  # it has gone
                if select.select([screen], [], [], 0.2)[0]:
                    os.read(screen, 65_536)
        assert ended.poll() == 0
    finally:
        ended.kill()
        os.close(screen)
    assert (tmp_path / "home" / "sameboat.db").exists()
