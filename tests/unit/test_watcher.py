"""Sync by itself: soon after news, quietly when there is none, and again after every trouble."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import commands
from store.changes import ChangeSet
from store.database import Store
from store.errors import StoreError
from sync import watcher as watcher_module
from sync.engine import Engine, sync_once
from sync.places.share import create_share
from sync.report import SyncReport
from sync.watcher import Watcher
from tests.conftest import add_item
from tests.patience import PATIENCE, becomes

Join = Callable[[str], Store]


class Reports:
    """What a watcher reported, to be waited for."""

    def __init__(self) -> None:
        self.seen: list[SyncReport] = []
        self._fresh: queue.Queue[SyncReport] = queue.Queue()

    def __call__(self, report: SyncReport) -> None:
        self.seen.append(report)
        self._fresh.put(report)

    def wait(self, wanted: Callable[[SyncReport], object]) -> SyncReport:
        """Return the next report that fits."""
        deadline = time.monotonic() + PATIENCE
        while True:
            report = self._fresh.get(timeout=max(0.0, deadline - time.monotonic()))
            if wanted(report):
                return report


@pytest.fixture
def pair(store: Store, teammate: Join, folder: Path) -> tuple[Store, Store]:
    other = teammate("Bob")
    for each in (store, other, store):
        create_share(str(folder), each)
        sync_once(each)
    return store, other


@pytest.fixture
def watching() -> Iterator[Callable[..., tuple[Watcher, Reports]]]:
    """A function that watches a store's home; everything is stopped at the end."""
    begun: list[Watcher] = []

    def watch(store: Store, **options: float) -> tuple[Watcher, Reports]:
        reports = Reports()
        watcher = Watcher(store.home, reports, **options)  # type: ignore[arg-type]
        begun.append(watcher)
        watcher.start()
        reports.wait(lambda report: True)
        return watcher, reports

    yield watch
    for watcher in begun:
        watcher.stop()
        assert watcher.state == "stopped"


def test_a_teammates_file_arrives_long_before_the_next_look(
    pair: tuple[Store, Store], watching: Callable[..., tuple[Watcher, Reports]]
) -> None:
    ann, bob = pair
    watcher, reports = watching(ann, fast=3600.0, slow=3600.0)
    assert becomes(lambda: watcher.state == "listening")
    time.sleep(0.3)  # until the operating system listens
    item = add_item(bob, "news")
    sync_once(bob)
    assert item in reports.wait(lambda report: report.pulled).changes.ids("item")


def test_an_edit_by_another_process_is_sent_long_before_the_next_look(
    pair: tuple[Store, Store], watching: Callable[..., tuple[Watcher, Reports]]
) -> None:
    ann, _ = pair
    watcher, reports = watching(ann, fast=3600.0, slow=3600.0)
    assert becomes(lambda: watcher.state == "listening")
    time.sleep(0.3)
    add_item(ann, "typed elsewhere")
    reports.wait(lambda report: report.pushed)


def test_looking_is_enough_where_nothing_tells(
    pair: tuple[Store, Store],
    watching: Callable[..., tuple[Watcher, Reports]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def deaf(*paths: str, **options: object) -> Iterator[object]:
        raise OSError("no events here")

    monkeypatch.setattr("watchfiles.watch", deaf)
    ann, bob = pair
    watcher, reports = watching(ann, fast=0.05, slow=0.05)
    add_item(bob, "news")
    sync_once(bob)
    reports.wait(lambda report: report.pulled)
    assert watcher.state == "polling"


def test_a_nudge_is_enough_too(
    pair: tuple[Store, Store],
    watching: Callable[..., tuple[Watcher, Reports]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher_module.Watcher, "_targets", lambda self, store: ())
    ann, _ = pair
    watcher, reports = watching(ann, fast=3600.0, slow=3600.0)
    add_item(ann)
    watcher.nudge()
    reports.wait(lambda report: report.pushed)


def test_looks_become_rare_when_nothing_happens(
    pair: tuple[Store, Store],
    watching: Callable[..., tuple[Watcher, Reports]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher_module.Watcher, "_targets", lambda self, store: ())
    ann, _ = pair
    _, reports = watching(ann, fast=0.02, slow=10.0)
    assert becomes(lambda: len(reports.seen) > 3)
    time.sleep(1.0)
    assert len(reports.seen) < 12


def test_a_place_that_comes_back_is_listened_to_again(
    pair: tuple[Store, Store], folder: Path, watching: Callable[..., tuple[Watcher, Reports]]
) -> None:
    ann, bob = pair
    watcher, reports = watching(ann, fast=0.1, slow=0.1)
    away = folder.with_name("away")
    folder.rename(away)
    assert reports.wait(lambda report: report.paused_reason).paused_reason == "unmounted"
    add_item(ann, "meanwhile")
    assert not folder.exists()
    away.rename(folder)
    reports.wait(lambda report: report.pushed)
    add_item(bob, "back")
    sync_once(bob)
    reports.wait(lambda report: report.pulled)
    assert watcher.state == "listening"


def test_trouble_is_told_and_outlived(
    pair: tuple[Store, Store],
    watching: Callable[..., tuple[Watcher, Reports]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann, bob = pair
    watcher, reports = watching(ann, fast=0.05, slow=0.05)
    trouble = threading.Event()
    trouble.set()
    sync = Engine.sync

    def fail(self: Engine, **options: object) -> SyncReport:
        if trouble.is_set() and threading.current_thread().name == "sameboat-sync":
            raise StoreError("disk-full", path="x")
        return sync(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "sync", fail)
    report = reports.wait(lambda report: report.error)
    assert (report.error, report.exit_code, watcher.state) == ("disk-full", 3, "failing")
    trouble.clear()
    add_item(bob, "after all")
    sync_once(bob)
    reports.wait(lambda report: report.pulled)
    assert watcher.error == ""


def test_a_listener_that_breaks_does_not_end_the_watch(pair: tuple[Store, Store]) -> None:
    ann, _ = pair
    calls: list[SyncReport] = []
    second_failure = threading.Event()

    def broken(report: SyncReport) -> None:
        calls.append(report)
        if len(calls) == 4:  # each sync's report, and that it failed
            second_failure.set()
        raise RuntimeError("the screen is gone")

    watcher = Watcher(ann.home, broken, fast=0.05, slow=0.05)
    watcher.start()
    assert second_failure.wait(PATIENCE)
    assert "the screen is gone" in watcher.error
    watcher.stop()
    assert watcher.state == "stopped"


def test_stopping_is_prompt_even_while_waiting(
    pair: tuple[Store, Store], watching: Callable[..., tuple[Watcher, Reports]]
) -> None:
    ann, _ = pair
    watcher, _ = watching(ann, fast=3600.0, slow=3600.0)
    started = time.monotonic()
    watcher.stop()
    assert time.monotonic() - started < 1.0
    assert not any(thread.name.startswith("sameboat-") for thread in threading.enumerate())


def test_two_watchers_of_one_home_take_turns(
    pair: tuple[Store, Store], watching: Callable[..., tuple[Watcher, Reports]]
) -> None:
    ann, bob = pair
    _, first = watching(ann, fast=0.05, slow=0.05)
    _, second = watching(ann, fast=0.05, slow=0.05)
    for number in range(5):
        commands.create(ann, "item", {"title": f"mine {number}"})
        add_item(bob, f"theirs {number}")
        sync_once(bob)

    def seen() -> list[SyncReport]:
        return first.seen + second.seen

    assert becomes(lambda: sum(report.pushed for report in seen()) >= 5 * 3)
    assert becomes(lambda: sum(report.pulled for report in seen()) >= 5 * 3)
    assert not any(report.error or report.quarantined for report in seen())


def test_a_sync_that_was_stopped_waits_for_a_wish(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = pair
    entered, calls = threading.Event(), []

    def until_cancelled(self: Engine, *, cancelled: Callable[[], bool], **_rest: object) -> SyncReport:
        calls.append(time.monotonic())
        entered.set()
        deadline = time.monotonic() + PATIENCE
        while len(calls) == 1 and not cancelled() and time.monotonic() < deadline:
            time.sleep(0.005)
        return SyncReport(0, ChangeSet(), cancelled=cancelled())

    monkeypatch.setattr(Engine, "sync", until_cancelled)
    reports = Reports()
    with Watcher(home.home, reports, fast=0.01, slow=0.01) as watcher:
        assert entered.wait(PATIENCE)
        assert watcher.interrupt()
        assert reports.wait(lambda report: report.cancelled)
        add_item(other, "a file arrives meanwhile")
        time.sleep(0.3)
        assert len(calls) == 1
        watcher.nudge()
        assert reports.wait(lambda report: not report.cancelled)
