"""Syncing by itself: within a moment of a teammate's file, of an own edit, and now and then where nothing tells.

Local file systems report events; network drives mostly do not, and a synchroniser may replace a folder under us. So
events only hasten what a slow, adaptive look at the places does anyway. Every look costs one listing a place;
places that count requests have their own turns.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from store.changes import ChangeSet
from store.clock import wall_ms
from store.database import open_store
from store.errors import StoreError
from store.places import data_version, places
from sync.engine import Engine
from sync.places.grounds import place_transport
from sync.report import SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from store.database import Store
    from sync.report import Progress

FAST = 2.0  # seconds between two looks while something is going on
SLOW = 15.0  # and when nothing has for a while
DEAF = 5.0  # the slowest look where events cannot be had
GROWTH = 1.5
BACK_OFF = 60.0  # the longest pause after failures
GLANCE = 0.2  # between two looks at the home's own database, each some microseconds
PATIENCE = 1.0  # for another process of this home that is syncing
BATCH_OPS = 4_000  # merged in a tenth of a second: a person's own edit does not wait longer
SETTLE = 0.03  # seconds for the rest of a burst to arrive

# How watchfiles groups events, in ms: it looks every STEP and reports when a step was quiet. A step of 40 costs a
# fifth of a percent of a core and reports within about 60.
_STEP = 40
_GROUP = 80
_RETRY_EARS = 60.0

STARTING, LISTENING, POLLING, FAILING, STOPPED = "starting", "listening", "polling", "failing", "stopped"


class Watcher:
    """Keeps the home in `home` in sync from a thread of its own, until `stop`.

    `on_report` gets every sync's report, in the watcher's thread; merges by other processes of the home are not in it,
    `Store.poll` tells of those. `state` is one of "starting", "listening" (events and looks), "polling" (looks only),
    "failing" (`error` says why; tried again with growing pauses) and "stopped".
    """

    def __init__(
        self,
        home: str,
        on_report: Callable[[SyncReport], None],
        *,
        on_progress: Progress | None = None,
        fast: float = FAST,
        slow: float = SLOW,
        now: Callable[[], int] = wall_ms,
    ) -> None:
        self.state = STARTING
        self.error = ""
        self._home = home
        self._on_report = on_report
        self._on_progress = on_progress
        self._fast = fast
        self._slow = slow
        self._now = now
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._wish = threading.Event()
        self._halt = threading.Event()
        self.syncing = False
        self._ears: _Ears | None = None
        self._thread: threading.Thread | None = None
        self._failures = 0

    def __enter__(self) -> Watcher:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin watching in a thread."""
        self._thread = threading.Thread(target=self.run, name="sameboat-sync", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """End promptly: a sync under way stops at the next file."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def nudge(self) -> None:
        """Sync soon: something was edited here, or someone asked. Any thread may call it."""
        self._wish.set()
        self._wake.set()

    def interrupt(self) -> bool:
        """Stop the sync under way at its next file; tells whether there is one. A nudge or an edit begins another."""
        self._halt.set()
        return self.syncing

    def _unwanted(self) -> bool:
        return self._stop.is_set() or self._halt.is_set()

    def run(self) -> None:
        """Watch in the calling thread until `stop`."""
        try:
            while not self._stop.is_set():
                try:
                    self._serve()
                except Exception as error:  # whatever it is, the next edit must still travel
                    self._fail(error)
                    self._stop.wait(min(BACK_OFF, 2.0 ** min(self._failures, 10)))
                    self._failures += 1
        finally:
            self._listen(())
            self.state = STOPPED

    def _serve(self) -> None:
        """Sync and wait in turn on one open store."""
        store = open_store(self._home, now=self._now)
        try:
            engine = Engine(store, batch_ops=BATCH_OPS)
            pause = self._fast
            while not self._stop.is_set():
                self._wake.clear()
                asked = self._wish.is_set()
                self._wish.clear()
                self._halt.clear()
                version = data_version(store)
                self._listen(self._targets(store))
                self.syncing = True
                try:
                    report = engine.sync(
                        progress=self._on_progress, cancelled=self._unwanted, patience=PATIENCE, asked=asked
                    )
                finally:
                    self.syncing = False
                hearing = self._ears is not None and self._ears.alive
                self.state, self.error = (LISTENING if hearing else POLLING), ""
                self._on_report(report)
                self._failures = 0
                slowest = self._slow if hearing else min(self._slow, DEAF)
                eventful = report.pushed or report.pulled or report.busy or report.missing
                pause = self._fast if eventful else min(slowest, pause * GROWTH)
                if report.cancelled and self._halt.is_set():
                    self._lie_low(store)
                elif self._rest(store, version, min(pause, _next_turn(report))):
                    pause = self._fast
                    self._stop.wait(SETTLE)
        finally:
            store.close()

    def _rest(self, store: Store, version: int, pause: float) -> bool:
        """Wait for the next look; returns early, and True, when there is news here or there.

        `version` is the database's before the sync, so that an edit made meanwhile is not overlooked.
        """
        until = time.monotonic() + pause
        while (left := until - time.monotonic()) > 0:
            if self._wake.wait(min(GLANCE, left)) or data_version(store) != version:
                return True
        return False

    def _lie_low(self, store: Store) -> None:
        """Wait for a wish or an edit: whoever stopped a sync has a reason, and files may go on arriving meanwhile."""
        version = data_version(store)
        until = time.monotonic() + BACK_OFF
        while time.monotonic() < until and not self._stop.is_set():
            if self._wish.wait(GLANCE) or data_version(store) != version:
                return

    def _fail(self, error: Exception) -> None:
        self.state = FAILING
        self.error = error.code if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"
        with suppress(Exception):  # the listener may be what failed; `state` and `error` tell all the same
            self._on_report(SyncReport(self._now(), ChangeSet(), error=self.error))

    def _targets(self, store: Store) -> tuple[tuple[str, int, int], ...]:
        """Return the folders to listen to and which folders they are, so that a remount is noticed."""
        found = []
        for place in places(store):
            path = place_transport(place.url, store).watch_path()
            try:
                status = os.stat(path)
            except OSError:  # unmounted or gone, or no folder at all: looks must do
                continue
            found.append((path, status.st_dev, status.st_ino))
        return tuple(found)

    def _listen(self, targets: tuple[tuple[str, int, int], ...]) -> None:
        """Listen to these folders from now on."""
        if self._ears is not None:
            if self._ears.targets == targets and not self._ears.expired:
                return
            self._ears.close()
            self._ears = None
        if targets:
            self._ears = _Ears(targets, self._wake)


class _Ears:
    """A thread that turns file events into wake-ups for as long as the system delivers them."""

    def __init__(self, targets: tuple[tuple[str, int, int], ...], wake: threading.Event) -> None:
        self.targets = targets
        self.alive = True
        self._wake = wake
        self._stop = threading.Event()
        self._retry = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sameboat-ears", daemon=True)
        self._thread.start()

    @property
    def expired(self) -> bool:
        """Return whether listening failed long enough ago to try it again."""
        return self._retry.is_set()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        try:
            from watchfiles import watch

            paths = [path for path, _, _ in self.targets]
            for _ in watch(
                *paths, watch_filter=_matters, debounce=_GROUP, step=_STEP, stop_event=self._stop,
                rust_timeout=0, raise_interrupt=False,
            ):  # fmt: skip
                self._wake.set()
        except Exception:  # out of watches, a file system that cannot, no watchfiles: looking must do
            self.alive = False
            self._stop.wait(_RETRY_EARS)
            self._retry.set()
        self.alive = False


def _next_turn(report: SyncReport) -> float:
    """Return in how many seconds the first of the places that count requests is due; they need not come to anything."""
    turns = [place.next_at / 1000 - time.time() for place in report.places if place.next_at]
    return max(FAST / 4, min(turns, default=BACK_OFF))


def _matters(change: object, path: str) -> bool:
    """Return whether an event in a share may mean news; files still being written will get another name."""
    return not path.endswith(".tmp")


def watch_forever(
    home: str, on_report: Callable[[SyncReport], None], *, on_progress: Progress | None = None
) -> None:
    """Keep a home in sync in the calling thread until interrupted: what `sync --watch` does."""
    watcher = Watcher(home, on_report, on_progress=on_progress)
    try:
        watcher.run()
    finally:
        watcher.stop()
