"""A share on a server: as safe as in a folder, never asked more often than it allows, and silent about secrets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from store import places, queries
from store.database import Store
from sync import watcher as watcher_module
from sync.encryption.keyring import Keyring
from sync.encryption.setting import set_encrypted
from sync.engine import Engine, sync_once
from sync.places import server as server_module
from sync.places import turns as turns_module
from sync.places.address import parse_address
from sync.places.budget import Budget
from sync.places.cloud import PACKET, CloudTransport
from sync.places.share import create_share
from sync.places.transport import Listing, TransportError
from sync.relay import Stop
from sync.report import SyncReport
from sync.state import sync_state
from sync.upkeep import Upkeep
from sync.watcher import Watcher
from tests.conftest import add_item
from tests.fake_dav import FakeDav, Handler, fake_dav, longest_pause
from tests.integration.servers import need_extra
from tests.patience import becomes

need_extra()

Join = Callable[[str], Store]
SHARE = "sameboat-64pw8q1x"


@pytest.fixture
def dav(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDav]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("SAMEBOAT_WEBDAV_USER", "lin")
    monkeypatch.setenv("SAMEBOAT_WEBDAV_PASSWORD", "hunter2-hunter2")
    with fake_dav() as dav:
        yield dav


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1_795_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


def make(
    dav: FakeDav, home: str = "", *, limit: int = 0, now: Callable[[], float] = time.time
) -> CloudTransport:
    address = parse_address(dav.url)
    budget = Budget(home, address.account, limit, 1800.0, now=now, chance=lambda: 0.0)
    budget.urgent = True
    return CloudTransport(address, SHARE, "h48hhdd1ayfd", budget)


@pytest.fixture
def share(dav: FakeDav) -> CloudTransport:
    transport = make(dav)
    transport.create()
    dav.files[f"team/{SHARE}/ws.json"] = b"{}"
    return transport


def code(act: Callable[[], object]) -> str:
    with pytest.raises(TransportError) as caught:
        act()
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    return caught.value.code


def test_what_is_written_is_listed_and_read_and_removed(share: CloudTransport, dav: FakeDav) -> None:
    assert share.list("h") == Listing([], [])
    share.write("d/a.b/1-2.x.seg", b"ops")
    share.write("h/a.b.2.x", b"head")
    share.write("h/a.b.3.x", b"x" * PACKET * 3)
    dav.folders.add(f"team/{SHARE}/h/folder")
    assert sorted(share.list("h").files) == ["a.b.2.x", "a.b.3.x"]
    assert share.list("h").odd == ["folder"]
    assert share.read("h/a.b.3.x", 10**6) == b"x" * PACKET * 3
    share.remove("h/a.b.2.x")
    share.remove("h/a.b.2.x")
    assert share.list("h").files == ["a.b.3.x"]
    assert code(lambda: share.read("h/a.b.2.x", 10)) == "missing"
    assert not [path for path in dav.files if path.endswith(".tmp")]


def test_nothing_is_written_over_and_the_same_again_is_fine(share: CloudTransport, dav: FakeDav) -> None:
    share.write("h/x", b"mine")
    before = dav.count("PUT")
    share.write("h/x", b"mine")
    assert dav.count("PUT") == before
    for other in (b"yours", b"mine and more, but longer"[::-1], b"min"):
        assert code(lambda data=other: share.write("h/x", data)) == "taken"
    assert dav.files[f"team/{SHARE}/h/x"] == b"mine"


def test_a_share_that_was_taken_away_is_not_made_again_by_writing(
    share: CloudTransport, dav: FakeDav
) -> None:
    share.write("h/x", b"x")
    dav.files.clear()
    dav.folders = {""}
    assert code(lambda: share.write("d/a.b/x", b"ops")) == "missing"
    assert (dav.files, dav.folders) == ({}, {""})


def test_a_file_that_is_larger_than_asked_for_is_hardly_fetched(share: CloudTransport, dav: FakeDav) -> None:
    sent = 0

    def endless(handler: Handler) -> bool:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**10))
        handler.end_headers()
        with suppress(OSError):
            while sent < 10**9:
                handler.wfile.write(bytes(65536))
                sent += 65536
        return True

    dav.fault = endless
    assert code(lambda: share.read("h/x", 100_000)) == "too-large"
    assert sent < 50 * 10**6


def test_a_put_that_is_cut_off_is_completed_the_next_time(share: CloudTransport, dav: FakeDav) -> None:
    share.write("h/other", b"x")
    data = b"0123456789" * 100

    def cut(handler: Handler) -> bool:
        if handler.command != "PUT":
            return False
        dav.files[handler.where] = handler.body[:300]
        handler.close_connection = True
        handler.connection.close()
        return True

    dav.fault = cut
    assert code(lambda: share.write("h/x", data)) == "unreachable"
    assert dav.files[f"team/{SHARE}/h/x"] == data[:300]
    dav.heals()
    share.write("h/x", data)
    assert share.read("h/x", 10**6) == data


def test_a_large_file_that_is_cut_off_never_shows_under_its_name(share: CloudTransport, dav: FakeDav) -> None:
    share.write("d/a.b/small", b"x")
    data = bytes(range(256)) * 256

    def cut(handler: Handler) -> bool:
        if handler.command != "PUT":
            return False
        dav.files[handler.where] = handler.body[:300]
        handler.close_connection = True
        handler.connection.close()
        return True

    dav.fault = cut
    assert code(lambda: share.write("d/a.b/x", data)) == "unreachable"
    dav.heals()
    left = [path for path in dav.files if path.endswith(".tmp")]
    assert len(left) == 1
    assert f"team/{SHARE}/d/a.b/x" not in dav.files
    stranger = left[0].replace("h48hhdd1ayfd", "somebodyelse")
    dav.files[stranger] = b"not mine"
    make(dav).sweep("d/a.b")
    assert [path for path in dav.files if path.endswith(".tmp")] == [stranger]
    share.write("d/a.b/x", data)
    assert share.read("d/a.b/x", 10**6) == data


def test_what_does_not_read_back_is_told_and_taken_away(share: CloudTransport, dav: FakeDav) -> None:
    share.write("h/other", b"x")

    def garble(handler: Handler) -> bool:
        if handler.command == "PUT":
            handler.body = handler.body[::-1]
        return False

    dav.fault = garble
    assert code(lambda: share.write("h/x", b"a head")) == "damaged"
    assert f"team/{SHARE}/h/x" not in dav.files


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, "denied"), (403, "denied"), (404, "missing"), (429, "throttled"), (500, "unreachable"),
        (503, "throttled"), (507, "full"),
    ],
)  # fmt: skip
def test_each_answer_has_its_code(share: CloudTransport, dav: FakeDav, status: int, expected: str) -> None:
    dav.fails(status, headers={"X-Echo": "hunter2"})
    assert code(lambda: share.read("h/x", 10)) == expected


def test_a_server_that_says_nothing_is_unreachable_in_time(
    dav: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "PATIENCE", 0.3)
    share = make(dav)

    def hang(handler: Handler) -> bool:
        time.sleep(3.0)
        return False

    dav.fault = hang
    started = time.monotonic()
    assert code(lambda: share.list("h")) == "unreachable"
    assert code(lambda: share.read("h/x", 10)) == "unreachable"
    assert time.monotonic() - started < 2.5


def test_other_threads_run_while_a_server_thinks(share: CloudTransport, dav: FakeDav) -> None:
    def slow(handler: Handler) -> bool:
        time.sleep(1.5)
        return False

    share.write("h/x", b"x")
    dav.fault = slow
    acts = (lambda: share.list("h"), lambda: share.read("h/x", 10), lambda: share.remove("h/x"))
    assert max(longest_pause(act) for act in acts) < 1.2


def test_every_request_is_counted(share: CloudTransport, dav: FakeDav) -> None:
    def spent(act: Callable[[], object]) -> tuple[int, int]:
        before = share.meter.used, dav.count()
        act()
        return share.meter.used - before[0], dav.count() - before[1]

    share.write("d/a.b/first", b"x")
    acts = {
        "list": lambda: share.list("h"), "read": lambda: share.read("d/a.b/first", 10),
        "small": lambda: share.write("d/a.b/second", b"x"),
        "large": lambda: share.write("d/a.b/third", bytes(PACKET * 2)),
        "after a listing": lambda: (share.list("d/a.b"), share.write("d/a.b/fourth", b"x")),
        "new folder": lambda: share.write("d/c.d/first", b"x"), "remove": lambda: share.remove("d/a.b/first"),
    }  # fmt: skip
    counts = {name: spent(act) for name, act in acts.items()}
    assert all(counted >= made for counted, made in counts.values()), counts
    assert counts["small"] == (3, 3)
    assert counts["after a listing"] == (3, 3)
    assert counts["large"] == (6, 6)


def test_after_too_many_requests_none_is_made_before_the_time_the_server_named(
    dav: FakeDav, hands: Hands
) -> None:
    share = make(dav, now=hands)
    dav.fails(429, times=1, headers={"Retry-After": "120"})
    assert code(lambda: share.list("h")) == "throttled"
    made = dav.count()
    hands.at += 119
    assert code(lambda: share.list("h")) == "throttled"
    assert code(lambda: share.write("h/x", b"x")) == "throttled"
    assert dav.count() == made
    hands.at += 2
    assert share.list("h") == Listing([], [])


def test_a_503_without_a_word_on_when_is_met_with_growing_pauses(dav: FakeDav, hands: Hands) -> None:
    share = make(dav, now=hands)
    dav.fails(503)
    gaps = []
    for _ in range(4):
        assert code(lambda: share.list("h")) == "throttled"
        gaps.append(share.meter.back_off_until - hands.at)
        hands.at = share.meter.back_off_until
    assert gaps == [15.0, 30.0, 60.0, 120.0]
    dav.heals()
    share.list("h")
    dav.fails(503)
    assert code(lambda: share.list("h")) == "throttled"
    assert share.meter.back_off_until - hands.at == 15.0


def test_a_used_up_budget_makes_no_request(dav: FakeDav, hands: Hands) -> None:
    share = make(dav, limit=10, now=hands)
    for _ in range(10):
        share.list("h")
    assert dav.count() == 10
    assert code(lambda: share.list("h")) == "budget"
    assert dav.count() == 10
    hands.at += 2000
    share.list("h")


def test_without_the_extra_or_credentials_it_says_so(dav: FakeDav, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMEBOAT_WEBDAV_PASSWORD")
    monkeypatch.setattr("sync.places.credentials._from_keyring", lambda service: lambda name: "")
    assert code(lambda: make(dav).list("h")) == "no-credentials"
    monkeypatch.setitem(__import__("sys").modules, "opendal", None)
    assert code(lambda: make(dav).list("h")) == "no-extra"
    assert dav.requests == []


# The whole engine over such a server.


@pytest.fixture
def pair(store: Store, teammate: Join, dav: FakeDav) -> tuple[Store, Store]:
    other = teammate("Bob")
    for each in (store, other, store):
        create_share(dav.url, each)
        sync_once(each)
    sync_once(other)
    return store, other


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def test_an_edit_travels_and_an_idle_look_costs_two_requests(pair: tuple[Store, Store], dav: FakeDav) -> None:
    ann, bob = pair
    add_item(ann, "定价页")
    assert sync_once(ann).pushed
    assert sync_once(bob).pulled
    assert titles(bob) == {"定价页"}
    engine = Engine(bob)
    engine.sync()
    before = dav.count()
    report = engine.sync()
    assert dav.count() - before == 2
    assert report.exit_code == 0
    assert report.places[0].allowed == 600
    assert report.places[0].next_at > 0


def test_one_edit_costs_few_requests(pair: tuple[Store, Store], dav: FakeDav) -> None:
    ann, _ = pair
    engine = Engine(ann)
    engine.sync()
    add_item(ann, "one")
    before = dav.count()
    engine.sync()
    assert dav.count() - before <= 9


def test_nobody_asks_before_its_turn_except_for_an_edit(pair: tuple[Store, Store], dav: FakeDav) -> None:
    ann, _ = pair
    engine = Engine(ann)
    engine.sync()
    before = dav.count()
    reports = [engine.sync(asked=False) for _ in range(5)]
    assert dav.count() == before
    assert all(report.exit_code == 0 and report.places[0].next_at for report in reports)
    add_item(ann, "now")
    assert engine.sync(asked=False).pushed
    assert dav.count() > before


def test_a_throttled_place_is_paused_with_its_next_try_and_keeps_the_outbox(
    pair: tuple[Store, Store], dav: FakeDav
) -> None:
    ann, bob = pair
    add_item(ann, "later")
    dav.fails(429, times=1, headers={"Retry-After": "900"})
    report = sync_once(ann)
    assert (report.places[0].paused, report.exit_code) == ("throttled", 3)
    state = sync_state(ann)
    assert state.places[0].paused == "throttled"
    assert state.places[0].next_at / 1000 > time.time() + 800
    made = dav.count()
    engine = Engine(ann)
    assert [engine.sync().places[0].paused, engine.sync(asked=False).places[0].paused] == ["throttled"] * 2
    assert dav.count() == made
    assert places.outbox(ann) > 0
    Path(ann.home, "requests.json").unlink()
    assert sync_once(ann).pushed
    assert sync_once(bob).pulled


@pytest.mark.parametrize("encrypted", [False, True])
def test_reading_stops_at_the_reserve_and_edits_are_sent_all_the_same(
    store: Store, teammate: Join, dav: FakeDav, encrypted: bool
) -> None:
    bob = teammate("Bob")
    if encrypted:
        set_encrypted(store)
        Keyring(store.home).start()
        set_encrypted(bob)
        Keyring(bob.home).enter(Keyring(store.home).generations)
    create_share(dav.url, store)
    sync_once(store)
    create_share(f"{dav.url}?requests=200", bob)
    for each in (bob, store, bob):
        sync_once(each)
    meter = Budget(bob.home, parse_address(dav.url).account, 200, 1800.0)
    meter.spend(150 - meter.used)
    meter.save()
    add_item(store, "theirs")
    sync_once(store)
    add_item(bob, "mine")
    report = sync_once(bob)
    assert report.pushed > 0
    assert [row.reason for row in report.waiting] == ["budget"]
    assert report.exit_code == 3
    assert report.places[0].requests < 200


def test_requests_are_known_to_the_next_process_whatever_they_were_for(
    pair: tuple[Store, Store], dav: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    account = parse_address(dav.url).account
    before = Budget(ann.home, account).used

    def keep_in_order(self: Upkeep, stops: list[Stop], *rest: object, **options: object) -> tuple[()]:
        for _ in range(3):
            stops[0].transport.list("s")
        return ()

    monkeypatch.setattr(Upkeep, "run", keep_in_order)
    made = dav.count()
    sync_once(ann)
    assert Budget(ann.home, account).used - before == dav.count() - made > 3


def test_what_another_process_was_told_keeps_this_one_quiet(pair: tuple[Store, Store], dav: FakeDav) -> None:
    ann, _ = pair
    engine = Engine(ann)
    engine.sync()
    Budget(ann.home, parse_address(dav.url).account).throttled(600.0)
    made = dav.count()
    assert engine.sync().places[0].paused == "throttled"
    assert dav.count() == made


def test_a_folder_and_a_server_are_joined_by_whoever_has_both(
    store: Store, teammate: Join, dav: FakeDav, tmp_path: Path
) -> None:
    bob, cat = teammate("Bob"), teammate("Cat")
    folder = tmp_path / "team"
    folder.mkdir()
    for where, each in ((str(folder), store), (str(folder), bob), (dav.url, bob), (dav.url, cat)):
        create_share(where, each)
    for each in (store, bob, cat, bob, store):
        sync_once(each)
    add_item(store, "by folder")
    add_item(cat, "by server")
    for each in (store, cat, bob, store, cat):
        sync_once(each)
    assert titles(store) == titles(cat) == {"by folder", "by server"}
    engine = Engine(bob)
    engine.sync()
    for title in ("while the server rests", "and again"):
        add_item(store, title)
        sync_once(store)
        engine.sync(asked=False)  # which reads the folder, and carries without looking at the server
    assert len([path for path in dav.files if f"/h/{store.device}." in path]) == 1
    sync_once(cat)
    assert {"while the server rests", "and again"} <= titles(cat)
    before = dav.count()
    engine.sync(asked=False)
    assert dav.count() == before


def test_a_watcher_sends_edits_at_once_and_finds_a_teammates_in_its_turn(
    pair: tuple[Store, Store], dav: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(turns_module, "FAST", 0.2)
    monkeypatch.setattr(watcher_module, "DEAF", 60.0)
    monkeypatch.setattr(Budget, "spacing", lambda self: 0.0)
    seen: list[SyncReport] = []
    with Watcher(ann.home, seen.append, fast=60.0, slow=60.0) as watcher:
        add_item(ann, "from here")
        wait(lambda: any(report.pushed for report in seen))
        sync_once(bob)
        add_item(bob, "from there")
        sync_once(bob)
        wait(lambda: titles(ann) == {"from here", "from there"})
        assert watcher.state == "polling"
    assert titles(bob) == {"from here", "from there"}
    assert not any(report.error or report.paused_reason for report in seen)


def test_a_watcher_asks_out_of_turn_only_when_somebody_wants_it(
    pair: tuple[Store, Store], dav: FakeDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Budget, "spacing", lambda self: 600.0)
    ann, _ = pair
    seen: list[SyncReport] = []
    with Watcher(ann.home, seen.append, fast=0.02, slow=0.02) as watcher:
        wait(lambda: len(seen) > 2)
        made, reports = dav.count(), len(seen)
        wait(lambda: len(seen) > reports + 10)
        assert dav.count() == made
        watcher.nudge()
        wait(lambda: dav.count() > made)


def wait(until: Callable[[], bool]) -> None:
    assert becomes(until)
