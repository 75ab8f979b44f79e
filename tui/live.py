"""Keeps an open app true: what other processes commit, what teammates send, and how sync stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from store.errors import StoreError
from tui.i18n import _, ngettext
from tui.widgets.header import FAILED, OFFLINE, PAUSED, SYNCED, SYNCING, WAITING, SyncLine

if TYPE_CHECKING:
    from textual.app import App

    from store.database import Store
    from sync.report import SyncReport
    from sync.state import SyncState
    from sync.trust.roster import Device
    from sync.watcher import Watcher

POLL_SECONDS = 0.25
TICK_SECONDS = 5.0
LONG = 2_000  # ops from which a sync shows how far it is


class Reported(Message):
    """A sync in the worker's thread ended."""

    def __init__(self, report: SyncReport) -> None:
        super().__init__()
        self.report = report

    def can_replace(self, message: Message) -> bool:
        """Let only the last of several reports be shown: what they merged is read from the store."""
        return isinstance(message, Reported)


class Progressed(Message):
    """A long sync in the worker's thread has come so far."""

    def __init__(self, percent: int) -> None:
        super().__init__()
        self.percent = percent

    def can_replace(self, message: Message) -> bool:
        """Let only the last one be shown."""
        return isinstance(message, Progressed)


def start_watcher(app: App[None], home: str) -> Watcher:
    """Return a running watcher that posts a `Reported` to the app after every sync."""
    from sync.watcher import Watcher

    def report(done: SyncReport) -> None:
        app.post_message(Reported(done))

    def progress(_what: str, done: int, total: int) -> None:
        if total > LONG:
            app.post_message(Progressed(done * 100 // total))

    watcher = Watcher(home, report, on_progress=progress)
    watcher.start()
    return watcher


def has_places(store: Store) -> bool:
    """Tell whether the workspace has a place to sync with."""
    from store.places import places

    return bool(places(store))


def sync_state_of(store: Store) -> SyncState:
    """Return how sync stands, as far as it is known here; no place is touched for it."""
    from sync.state import sync_state

    return sync_state(store)


def strangers(store: Store, state: SyncState) -> list[Device]:
    """Return the devices that wait for approval, this one first."""
    if not state.undecided and not state.unapproved:
        return []
    from sync.trust.roster import devices
    from sync.trust.standing import WAITING as UNDECIDED

    return [one for one in devices(store) if one.standing == UNDECIDED]


def current_line(store: Store, *, error: str = "") -> SyncLine:
    """Return how sync stands, for the header; no place is touched for it."""
    try:
        return line_of(sync_state_of(store), error) if has_places(store) else SyncLine(OFFLINE)
    except StoreError:
        return SyncLine(FAILED)


def line_of(state: SyncState, error: str = "") -> SyncLine:
    """Return what the header says about a state of sync."""
    if not state.places:
        return SyncLine(OFFLINE)
    waiting = len({(row.dev, row.inc) for row in state.waiting})
    if state.paused_reason:
        phase, message = PAUSED, paused_sentence(state.paused_reason, _troubled(state))
    elif error:
        phase, message = FAILED, _("Sync fails: {why}. It is tried again by itself.").format(why=error)
    else:
        phase = WAITING if waiting or state.undecided else SYNCED if state.last_sync else SYNCING
        message = _waiting_sentence(state)
    refused = len(state.quarantined)
    words = ngettext(
        "{count} file of a teammate was refused and kept aside: sameboat status says why.",
        "{count} files of teammates were refused and kept aside: sameboat status says why.",
        refused,
    )
    return SyncLine(
        phase,
        len(state.peers),
        state.last_sync,
        waiting,
        state.outbox,
        message,
        words.format(count=refused) if refused else "",
        undecided=state.undecided,
        readonly=state.is_readonly,
    )


def _waiting_sentence(state: SyncState) -> str:
    """Return what a person can do about what is waited for, "" where nothing needs anybody."""
    from tui.reason_words import unapproved_sentence, undecided_sentence

    if state.undecided:
        return undecided_sentence()
    if any(row.reason == "no-key" for row in state.waiting):
        return keyless_sentence()
    return unapproved_sentence(len(state.unapproved)) if state.unapproved else ""


def paused_sentence(reason: str, url: str) -> str:
    """Return why sync is paused in a place, and what to do."""
    from tui.reason_words import place_words

    return _("Sync with {place} is paused: {why}").format(place=url, why=place_words(reason))


def keyless_sentence() -> str:
    """Return that teammates' changes are encrypted with a key that is not here, and how to get it."""
    from tui.reason_words import reason_words

    return _("What teammates write cannot be read here: {why}").format(why=reason_words("no-key"))


def _troubled(state: SyncState) -> str:
    return next((place.url for place in state.places if place.paused or place.held), "")


def notice_line(store: Store) -> str:
    """Return what happened to this home and has not been told yet, or ""."""
    from store.notices import unseen

    found = unseen(store)
    if not found:
        return ""
    from tui.notice_words import notice_words

    return " ".join(notice_words(notice, store) for notice in found)
