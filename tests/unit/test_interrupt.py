"""Ctrl-C at every step: raised once, never in what puts things away, and never lost."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import tempfile
import time
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tui import interrupt
from tui.demo import run
from tui.interrupt import INTERRUPTED, Handed, Held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

TRACED = ("tui/demo/run.py", "tui/interrupt.py", "contextlib.py")


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Answer Ctrl-C as a process of the command line does; the codes with which it would have ended at once."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr(atexit, "register", lambda *_: None)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(interrupt._process, "came", False)
    interrupt.listen()
    yield ended
    signal.signal(signal.SIGINT, signal.default_int_handler)


def ctrl_c() -> None:
    """Press it."""
    signal.raise_signal(signal.SIGINT)


def pressed_at(step: int, work: Callable[[], int]) -> tuple[bool, int]:
    """Press Ctrl-C at this step of some work, each instruction being one.

    Returns whether the work was interrupted, and how many steps it made.
    """
    made = 0

    def trace(frame: FrameType, event: str, _what: Any) -> Any:
        if not frame.f_code.co_filename.endswith(TRACED):
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode":
            nonlocal made
            made += 1
            if made == step:
                ctrl_c()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        code = work()
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        sys.settrace(before)
    return code == INTERRUPTED, made


class Colleagues:
    """Stands for the teammates' process: tells whether it was begun and whether it was left."""

    at_work = 0

    def __init__(self, *_what: object) -> None:
        Colleagues.at_work += 1

    def go(self) -> None:
        """Begin."""

    def leave(self) -> None:
        """End, while somebody presses Ctrl-C impatiently."""
        ctrl_c()
        Colleagues.at_work -= 1


@pytest.mark.parametrize("in_command", [True, False])
def test_ctrl_c_at_any_step_of_the_demo_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, in_command: bool
) -> None:
    def write(scratch: str, home: str, share: str) -> None:
        for folder in (scratch, home, share):
            with open(f"{folder}/begun", "w", encoding="utf-8") as file:
                file.write("begun")
        written.append(home)

    def demonstrate() -> int:
        with run.demo(str(kept)) as running, running.held.let_through():
            shown.append(running.home)
        return 0

    def work() -> int:
        return interrupt.run(demonstrate) if in_command else demonstrate()

    kept, scratch = tmp_path / "kept", tmp_path / "tmp"
    scratch.mkdir()
    written: list[str] = []
    shown: list[str] = []
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr(run, "Teammates", Colleagues)
    monkeypatch.setattr(run, "_write", write)
    ended = request.getfixturevalue("listening") if in_command else []
    gc.disable()  # what it runs in between would count as steps
    try:
        for step in count(1):
            written.clear()
            shown.clear()
            interrupted, made = pressed_at(step, work)
            assert interrupted, step
            assert Colleagues.at_work == 0, step
            assert list(scratch.iterdir()) == [], step
            # Half a demo is not kept, a whole one is.
            assert bool(shown) <= kept.exists() <= bool(written), step
            if kept.exists():
                assert sorted(path.name for path in kept.iterdir()) == ["home", "share"], step
                run._remove(str(kept))
            if made < step:
                break
    finally:
        gc.enable()
    assert step > 200
    assert set(ended) <= {INTERRUPTED}


def test_an_error_that_comes_of_ctrl_c_is_known_for_one(listening: list[int]) -> None:
    def work() -> int:
        assert not interrupt.came()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
        return 4 if interrupt.came() else 0

    assert interrupt.run(work) == 4
    assert not interrupt.came()


def test_a_second_ctrl_c_does_not_wait_for_what_the_first_began(listening: list[int]) -> None:
    def work() -> int:
        try:
            ctrl_c()
        finally:
            ctrl_c()
            assert listening == [INTERRUPTED]
        return 0

    assert interrupt.run(work) == INTERRUPTED


def test_ctrl_c_before_and_after_the_command_ends_the_process_at_once(listening: list[int]) -> None:
    ctrl_c()
    assert listening == [INTERRUPTED]
    assert interrupt.run(lambda: 3) == 3
    ctrl_c()
    assert listening == [INTERRUPTED, INTERRUPTED]


def test_ctrl_c_that_falls_into_a_callback_is_raised_all_the_same(
    listening: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    class Callback:
        def __del__(self) -> None:
            ctrl_c()

    def work() -> int:
        Callback()
        time.sleep(5)
        return 0

    began = time.monotonic()
    assert interrupt.run(work) == INTERRUPTED
    assert time.monotonic() - began < 4
    assert (listening, capsys.readouterr().err) == ([], "")


def test_other_errors_in_callbacks_are_told_as_ever(
    listening: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "__unraisablehook__", lambda what: told.append(what.exc_type))

    class Callback:
        def __del__(self) -> None:
            raise ValueError

    Callback()
    assert told == [ValueError]


def test_what_is_held_is_finished_first() -> None:
    done = []

    def work() -> None:
        with Held():
            ctrl_c()
            done.append("finished")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["finished"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_that_waited_is_raised_where_it_is_let_through() -> None:
    done = []

    def work() -> None:
        with Held() as held:
            ctrl_c()
            done.append("held")
            with held.let_through():
                done.append("never")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["held"]


def test_an_error_that_ctrl_c_caused_gives_way_to_it() -> None:
    def work() -> None:
        with Held():
            ctrl_c()
            raise OSError

    with pytest.raises(KeyboardInterrupt):
        work()


def test_an_app_is_handed_ctrl_c_as_often_as_it_is_pressed(listening: list[int]) -> None:
    taken = []

    def work() -> int:
        with Handed(lambda: taken.append("pressed")) as handed:
            ctrl_c()
            ctrl_c()
        assert handed.came
        return 0

    assert interrupt.run(work) == 0
    assert (taken, listening) == (["pressed", "pressed"], [])


def test_who_ignores_the_signal_goes_on_ignoring_it() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupt.listen()
        with Held() as held:
            ctrl_c()
        assert not held.came
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
