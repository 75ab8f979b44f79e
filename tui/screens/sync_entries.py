"""What the sync screen says: places, teammates' devices, what is waited for, what was refused, and the diary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store.journal import FAILED, HELD, PAUSED, RECEIVED, REFUSED, RESUMED, SENT
from tui.celltext import clean, pad, truncate, wrap
from tui.i18n import N_, _, ngettext
from tui.reason_words import counted_words, place_words, readonly_sentence, reason_words
from tui.widgets.days import moment_words
from tui.widgets.detail.entries import Entry, Key
from tui.widgets.header import ago

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.journal import Note
    from sync.state import Peer, PlaceState, SyncState
    from sync.trust.roster import Device

MUTED = "$text-muted"
GOOD, WARNING = "$text-success", "$text-warning"
DIARY_MOST = 200

_DIARY = {
    SENT: N_("sent {amount}"),
    RECEIVED: N_("received {amount}"),
    PAUSED: N_("paused: {why}"),
    RESUMED: N_("goes on"),
    HELD: N_("cannot be written: {why}"),
    REFUSED: N_("a file was refused: {why}"),
    FAILED: N_("failed: {why}"),
}
_TROUBLE = frozenset({PAUSED, HELD, REFUSED, FAILED})


def sync_entries(
    state: SyncState,
    diary: Sequence[Note],
    devices: Mapping[str, str],
    width: int,
    now: int,
    strangers: Sequence[Device] = (),
) -> list[Entry]:
    """Return the screen's entries; every line can be stopped at, so that a long diary is scrolled by the cursor."""
    return list(_entries(state, diary, devices, width, now, strangers))


def _entries(
    state: SyncState,
    diary: Sequence[Note],
    devices: Mapping[str, str],
    width: int,
    now: int,
    strangers: Sequence[Device],
) -> Iterator[Entry]:
    yield _heading(_("Places"))
    if not state.places:
        yield _said(
            _("Not shared yet: `sameboat place add FOLDER` with a folder that you all can reach."), width
        )
    for place in state.places:
        yield Entry(Key("place", place.url), tuple(_place(place, state, width, now)))
    if state.is_readonly:
        yield Entry(Key("plain"), _lines(f"  {readonly_sentence()}", width, WARNING), stop=False)
    if strangers:
        yield _blank()
        yield _heading(_("Waiting for approval"))
    for stranger in strangers:
        yield Entry(Key("stranger", stranger.id), _stranger(stranger, width))
    yield _blank()
    yield _heading(_("Devices of teammates"))
    if not state.peers:
        yield _said(_("Nobody else's changes have arrived yet."), width)
    for peer in state.peers:
        yield Entry(Key("peer", peer.device), tuple(_peer(peer, devices, width, now)))
    names = {peer.device: _device(peer.device, peer.name, devices) for peer in state.peers}
    if state.waiting:
        yield _blank()
        yield _heading(_("Waited for"))
        for row in state.waiting:
            who = names.get(row.dev) or devices.get(row.dev) or row.dev
            text = _("{who}: change {seq}, {ago}: {why}").format(
                who=who, seq=row.seq, ago=_since(row.since, now), why=reason_words(row.reason)
            )
            yield Entry(Key("waiting", row.dev, row.inc), _lines(f"… {text}", width, WARNING))
    if state.quarantined:
        yield _blank()
        yield _heading(_("Refused and kept aside"))
        for file in state.quarantined:
            text = f"{reason_words(file.reason)} · {_since(file.at, now)}"
            lines = _lines(f"! {file.name}", width, WARNING) + _lines(f"  {text}", width, MUTED)
            yield Entry(Key("refused", file.name), lines)
    yield _blank()
    yield _heading(_("Diary"))
    if not diary:
        yield _said(_("Nothing has been sent or received yet."), width)
    for number, note in enumerate(diary[:DIARY_MOST]):
        yield Entry(Key("diary", str(number)), (_note(note, len(state.places) > 1, width, now),))


def _place(place: PlaceState, state: SyncState, width: int, now: int) -> Iterator[Content]:
    trouble = place.paused or place.held
    counted = counted_words(place.next_at, place.requests, place.allowed)
    mark, style = ("‖", WARNING) if trouble else ("⇅", GOOD)
    name = " · ".join([place.url, _("read-only")] if place.readonly else [place.url])
    yield Content.assemble((f"  {mark} ", style), truncate(clean(name), width - 4))
    if trouble:
        since = f" · {_since(place.since, now)}" if place.since else ""
        yield from _lines(f"    {place_words(trouble)}{since}", width, WARNING)
        if counted:
            yield from _lines(f"    {' · '.join(counted)}", width, MUTED)
        return
    parts = [_("synced {ago}").format(ago=ago(now - state.last_sync))] if state.last_sync else []
    if state.outbox:
        parts.append(
            ngettext("{count} change to send", "{count} changes to send", state.outbox).format(
                count=state.outbox
            )
        )
    parts += counted
    if parts:
        yield from _lines(f"    {' · '.join(parts)}", width, MUTED)


def _stranger(stranger: Device, width: int) -> tuple[Content, ...]:
    """Say who waits, and what to compare and to run; what a stranger says of itself is in quotes."""
    if stranger.own:
        who = _("this device")
        what = _("read its fingerprint to somebody who can approve it")
    else:
        said = " · ".join(part for part in (stranger.person, stranger.name) if part)
        who = _("“{name}”?").format(name=said) if said else stranger.id
        what = _("compare its fingerprint, then `sameboat devices approve {device}`").format(
            device=stranger.id
        )
    mark = stranger.fingerprint or _("its key has not arrived yet")
    return _lines(f"  {who}  {mark}", width, WARNING) + _lines(f"    {what}", width, MUTED)


def _peer(peer: Peer, devices: Mapping[str, str], width: int, now: int) -> Iterator[Content]:
    name = truncate(clean(_device(peer.device, peer.name, devices)), max(width // 2, 12))
    seen = moment_words(peer.last_at, now) if peer.last_at else ""
    count = ngettext("{count} change", "{count} changes", peer.ops).format(count=peer.ops)
    about = " · ".join(part for part in (seen, count) if part)
    yield Content.assemble("  ", pad(name, max(min(width // 2, 32), 12)), ("  " + about, MUTED)).truncate(
        width
    )
    if peer.waiting:
        why = _("waited for: {why}").format(why=reason_words(peer.waiting))
        yield from _lines(f"    {why}", width, WARNING)


def _device(device: str, member: str, devices: Mapping[str, str]) -> str:
    return " · ".join(part for part in (member, devices.get(device, "")) if part) or device


def _note(note: Note, named: bool, width: int, now: int) -> Content:
    words = ngettext("{count} change", "{count} changes", note.amount).format(count=note.amount)
    reason, _space, name = note.detail.partition(" ")
    said = place_words(reason) if note.what in (PAUSED, HELD) else reason_words(reason)
    why = " ".join(part for part in (said, name) if part)
    text = _(_DIARY.get(note.what, note.what)).format(amount=words, why=why)
    if named:
        text += f"  {note.place}"
    moment = pad(moment_words(note.at, now), 14)
    style = WARNING if note.what in _TROUBLE else ""
    return Content.assemble((f"  {moment}", MUTED), "  ", (truncate(clean(text), max(width - 18, 10)), style))


def _since(at: int, now: int) -> str:
    return _("since {moment}").format(moment=moment_words(at, now))


def _heading(text: str) -> Entry:
    return Entry(Key("plain"), (Content.styled(text, "bold $text-primary"),), stop=False)


def _said(text: str, width: int) -> Entry:
    return Entry(Key("plain"), _lines(f"  {text}", width, MUTED), stop=False)


def _blank() -> Entry:
    return Entry(Key("plain"), (Content(""),), stop=False)


def _lines(text: str, width: int, style: str) -> tuple[Content, ...]:
    indent = " " * (len(text) - len(text.lstrip()))
    rows: Iterable[str] = wrap(clean(text.strip()), max(width - len(indent), 10))
    return tuple(Content.assemble(indent, (row, style)) for row in rows)
