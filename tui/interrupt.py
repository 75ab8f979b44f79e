"""Ctrl-C at any moment: what was begun is put away, the exit code is 130, and nobody sees a traceback.

Left to itself, Python raises KeyboardInterrupt between any two steps: before there is a `try`, within a clean-up, or in
a callback, where it is printed and lost. Here it is raised at most once and only within `run`; where something must not
be left half done, `Held` makes it wait. A process that was started to ignore SIGINT goes on ignoring it.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` would load `enum` into commands that start at once
import _thread
import atexit
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

INTERRUPTED = 130
_AGAIN = 0.05  # seconds


def _leave() -> None:
    """End the process at once: nothing has begun yet, or everything is done, or somebody insists."""
    os._exit(INTERRUPTED)


class _Process:
    """How this process answers Ctrl-C: `answer` now, `came` whether it ever had to, `raising` what raised last."""

    def __init__(self) -> None:
        self.answer: Callable[[], None] = _leave
        self.raising: Callable[[], None] = _leave
        self.came = False


_process = _Process()


def _take(_number: int, _frame: FrameType | None) -> None:
    _process.came = True
    _process.answer()


def listen() -> None:
    """Answer Ctrl-C from here to the process's end: it ends at once, except where `run` and `Held` say otherwise."""
    if _install():
        _process.answer = _leave
        sys.unraisablehook = _lost
        # Registered before any other, it runs after them: the few steps that are left cannot be interrupted.
        atexit.register(_signal.signal, _signal.SIGINT, _signal.SIG_IGN)


def _install() -> bool:
    if _signal.getsignal(_signal.SIGINT) is not _signal.default_int_handler:
        return False
    try:
        _signal.signal(_signal.SIGINT, _take)
    except ValueError:  # a thread other than the main one, which no signal reaches
        return False
    return True


def came() -> bool:
    """Tell whether Ctrl-C was pressed during `run`, so that an error that came of it is not told as one."""
    return _process.came


def run(work: Callable[[], int]) -> int:
    """Return the exit code of `work`, or 130 when Ctrl-C ended it; a second Ctrl-C does not wait for its clean-up."""
    try:
        try:
            _process.answer = _raise
            return work()
        finally:
            _process.answer, _process.came = _leave, False
    except KeyboardInterrupt:
        return INTERRUPTED


def _raise() -> None:
    _process.answer, _process.raising = _leave, _raise
    raise KeyboardInterrupt


def _lost(what: sys.UnraisableHookArgs) -> None:
    """Raise again, a moment later, a KeyboardInterrupt that fell into a callback, from where it cannot rise."""
    if what.exc_type is KeyboardInterrupt:
        _process.answer = _process.raising
        _thread.start_new_thread(_press, (_thread.get_ident(), _process.raising))
    else:
        sys.__unraisablehook__(what)


def _press(thread: int, raising: Callable[[], None]) -> None:
    while _process.answer is raising:
        if hasattr(_signal, "pthread_kill"):
            _signal.pthread_kill(thread, _signal.SIGINT)  # in earnest: it ends a wait, too
        else:
            _thread.interrupt_main()
        time.sleep(_AGAIN)  # a signal that comes a moment before a wait does not end it


class Held:
    """Makes Ctrl-C wait until the block's end, and raises KeyboardInterrupt there.

    What begins and what clears away may stand in the block without a gap between them; what takes long goes into
    `let_through`. Ctrl-C is raised once: the clean-up that follows is not interrupted. For the main thread.
    """

    def __init__(self) -> None:
        self.came = False
        self._installed = False
        self._before: Callable[[], None] = _leave

    def __enter__(self) -> Held:
        self._before = _process.answer
        _process.answer = self.wait
        self._installed = _install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._installed:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
            _process.came = False
        _process.answer = _leave if self.came and self._before is _raise else self._before
        if self.came and kind is not KeyboardInterrupt:
            raise KeyboardInterrupt from error

    def wait(self) -> None:
        """Take note of Ctrl-C and go on."""
        self.came = True

    def let_through(self) -> _LetThrough:
        """Return a block within the block, in which Ctrl-C is raised at once."""
        return _LetThrough(self)


class _LetThrough:
    def __init__(self, held: Held) -> None:
        self._held = held

    def __enter__(self) -> None:
        _process.answer = self._raise
        self._check()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _process.answer = self._held.wait
        if kind is None:
            self._check()

    def _check(self) -> None:
        if self._held.came:
            _process.answer = self._held.wait
            raise KeyboardInterrupt

    def _raise(self) -> None:
        self._held.came = True
        _process.answer, _process.raising = self._held.wait, self._raise
        raise KeyboardInterrupt


class Handed:
    """Hands Ctrl-C to `take` while the block lasts, in place of raising it; `came` tells whether it was pressed."""

    def __init__(self, take: Callable[[], None]) -> None:
        self.came = False
        self._hand = take
        self._before: Callable[[], None] = _leave

    def __enter__(self) -> Handed:
        self._before = _process.answer
        _process.answer = self._take
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _process.answer = self._before

    def _take(self) -> None:
        self.came = True
        self._hand()
