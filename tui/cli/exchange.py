"""Commands about sync: `sync` and `status`."""

from __future__ import annotations

import datetime
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from store import queries
from store.database import open_store
from store.errors import WAITING, StoreError
from store.export import op_count, state_hash
from store.gaps import missing_ops
from store.notices import notices
from store.places import places
from store.review import device_names
from sync.encryption.setting import is_encrypted
from sync.report import needs_person
from sync.state import sync_state
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import CONTRACT, narrate, safe, say, say_json
from tui.cli.place import counted_shape, place_shape
from tui.cli.shapes import instant
from tui.cli.workspace import Workspace
from tui.device_words import device_labels
from tui.i18n import N_, _, ngettext
from tui.reason_words import (
    counted_words,
    place_words,
    readonly_sentence,
    reason_words,
    unapproved_sentence,
    undecided_sentence,
)
from tui.sync_words import moved_words, snapshot_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.database import Store
    from store.places import Quarantined, Waiting
    from sync.report import SyncReport, Taken
    from sync.state import SyncState


def _sync(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        known = {place.n: place.url for place in places(workspace.store)}
        if not known and not arguments.has("watch"):
            raise StoreError("no-place")
        if not arguments.has("watch"):
            from store.recurrence import catch_up
            from sync.engine import Engine

            catch_up(workspace.store)
            report = Engine(workspace.store).sync(snapshots=arguments.has("snapshot"))
            if report.pulled:
                catch_up(workspace.store)
            _tell(arguments, report, known)
            wanting = arguments.has("snapshot") and not any(taken.ops for taken in report.snapshots)
            return report.exit_code or (WAITING if wanting else 0)
    return _watch(arguments)


def _watch(arguments: Arguments) -> int:
    """Sync until interrupted, with a line whenever something arrived, left or went wrong."""
    from sync.watcher import watch_forever

    last = ""

    def on_report(report: SyncReport) -> None:
        nonlocal last
        troubles = repr(
            (report.error, [(place.paused, place.held) for place in report.places], len(report.waiting))
        )
        if report.pushed or report.pulled or troubles != last:
            last = troubles
            _tell(arguments, report, {place.place.n: place.place.url for place in report.places})
            sys.stdout.flush()

    narrate(_("Watching; ctrl+c ends it."))
    with suppress(KeyboardInterrupt):  # which is how it is meant to end
        watch_forever(arguments.home, on_report)
    return 0


def _tell(arguments: Arguments, report: SyncReport, known: dict[int, str]) -> None:
    if arguments.has("json"):
        say_json(report_shape(report, known))
        return
    if report.error:
        narrate(safe(_("Sync failed and will be tried again: {reason}").format(reason=report.error)))
    if report.busy:
        narrate(_("Another process of this home is syncing; it has taken this over."))
        return
    narrate(moved_words(report.pushed, report.pulled))
    for place in report.places:
        url = safe(place.place.url)
        if place.paused:
            reason = place_words(place.paused)
            narrate(_("{folder} is paused: {reason}").format(folder=url, reason=reason))
        if place.held:
            narrate(
                _("{folder} gets nothing from here: {reason}").format(
                    folder=url, reason=place_words(place.held)
                )
            )
        if place.relayed:
            narrate(
                ngettext(
                    "{count} file of teammates carried to {folder}",
                    "{count} files of teammates carried to {folder}",
                    place.relayed,
                ).format(count=place.relayed, folder=url)
            )
        for odd in place.odd:
            narrate(_("Not part of the share, left alone: {name}").format(name=safe(odd.name)))
    for taken in report.snapshots:
        _narrate_snapshot(taken)
    if report.missing:
        narrate(missing_words(report.missing))
    if report.waiting or report.quarantined:
        with closing(open_store(arguments.home)) as store:
            _narrate_troubles(store, report.waiting, report.quarantined)


def _narrate_snapshot(taken: Taken) -> None:
    url = safe(taken.place.url)
    if taken.why:
        said = _("No snapshot was put into {folder}: {reason}")
        narrate(said.format(folder=url, reason=reason_words(taken.why)))
    else:
        narrate(snapshot_words(url, taken.ops, taken.size))


def missing_words(count: int) -> str:
    """Return what a newcomer should know who began with a snapshot: how much of the past is still to come."""
    return ngettext(
        "{count} older op is still to come: history is not whole yet, everything else is.",
        "{count} older ops are still to come: history is not whole yet, everything else is.",
        count,
    ).format(count=count)


def _narrate_troubles(store: Store, waiting: Sequence[Waiting], quarantined: Sequence[Quarantined]) -> None:
    if not waiting and not quarantined:
        return
    labels = device_labels(store)
    for row in waiting:
        narrate(
            safe(
                _("Waiting for {device}, op {seq}, since {since}: {reason}").format(
                    device=labels.get(row.dev, row.dev),
                    seq=row.seq,
                    since=_when(row.since),
                    reason=reason_words(row.reason),
                )
            )
        )
    for file in quarantined:
        author = labels.get(file.device, "")
        said = _("Kept aside since {since}: {name} of {author} ({reason})")
        if not author:
            said = _("Kept aside since {since}: {name} ({reason})")
        narrate(
            safe(
                said.format(
                    since=_when(file.at), name=file.name, author=author, reason=reason_words(file.reason)
                )
            )
        )
    if needs_person(quarantined):
        narrate(
            _(
                "Ask the author of a file that is kept aside to run `sameboat doctor`, or to sync again; a damaged "
                "one may be removed from the folder, for its author's program writes it anew. A file of a revoked "
                "or unknown device needs nothing."
            )
        )
    elif quarantined:
        narrate(_("A file of a revoked device needs nothing."))


def report_shape(report: SyncReport, known: dict[int, str]) -> dict[str, object]:
    """Return a sync's report as `sync --json` shows it; `known` are the places' folders by number."""
    return {
        "ok": report.exit_code == 0,
        "at": instant(report.at),
        "pushed": report.pushed,
        "pulled": report.pulled,
        "busy": report.busy,
        "error": report.error or None,
        "places": [
            {
                "url": place.place.url,
                "readonly": place.place.readonly,
                "paused": place.paused or None,
                "held": place.held or None,
                "pushed": place.pushed,
                "pulled": place.pulled,
                "relayed": place.relayed,
                "odd": [odd._asdict() for odd in place.odd],
                **counted_shape(place),
            }
            for place in report.places
        ],
        "snapshots": [
            {"place": taken.place.url, "ops": taken.ops, "size": taken.size, "why": taken.why or None}
            for taken in report.snapshots
        ],
        "missing": report.missing,
        "waiting": [waiting_shape(row, known) for row in report.waiting],
        "quarantined": [quarantined_shape(file, known) for file in report.quarantined],
    }


def waiting_shape(row: Waiting, known: dict[int, str]) -> dict[str, object]:
    """Return a stream that is waited for: whose, which op, why and since when."""
    return {
        "place": known.get(row.place),
        "device": row.dev,
        "incarnation": row.inc,
        "seq": row.seq,
        "reason": row.reason,
        "since": instant(row.since),
    }


def quarantined_shape(file: Quarantined, known: dict[int, str]) -> dict[str, object]:
    """Return a refused file: where, which, why and since when."""
    return {
        "place": known.get(file.place),
        "name": file.name,
        "reason": file.reason,
        "since": instant(file.at),
        "size": file.size,
    }


def _status(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        state = sync_state(workspace.store)
        if arguments.has("json"):
            say_json(status_shape(workspace, state))
        else:
            _print_status(workspace, state)
        return state.exit_code


def status_shape(workspace: Workspace, state: SyncState) -> dict[str, object]:
    """Return what `status --json` shows."""
    store = workspace.store
    known = {place.n: place.url for place in state.places}
    names = device_names(store)
    return {
        "contract": CONTRACT,
        "workspace": store.workspace,
        "name": queries.workspace_title(store),
        "home": store.home,
        "member": workspace.title("member", store.member) if store.member else None,
        "device": store.device,
        "incarnation": store.incarnation,
        "encrypted": is_encrypted(store),
        "ops": op_count(store),
        "missing": missing_ops(store.conn),
        "outbox": state.outbox,
        "divergences": queries.divergence_count(store),
        "waiting": [waiting_shape(row, known) for row in state.waiting],
        "quarantined": [quarantined_shape(file, known) for file in state.quarantined],
        "peers": [
            {
                "device": peer.device,
                "member": peer.name or None,
                "name": names.get(peer.device),
                "ops": peer.ops,
                "last_at": instant(peer.last_at) if peer.last_at else None,
                "waiting": peer.waiting or None,
            }
            for peer in state.peers
        ],
        "places": [place_shape(place) for place in state.places],
        "standing": state.standing,
        "unapproved": list(state.unapproved),
        "last_sync": instant(state.last_sync) if state.last_sync else None,
        "notices": [
            {"code": notice.code, "at": instant(notice.at), "device": notice.device or None}
            for notice in notices(store)
        ],
        "state_hash": state_hash(store),
    }


def _print_status(workspace: Workspace, state: SyncState) -> None:
    store = workspace.store
    say(safe(f"{queries.workspace_title(store)}  {store.home}"))
    items = queries.item_count(store)
    conflicts = queries.conflict_count(store)
    say(
        "  ".join(
            (
                ngettext("{count} item", "{count} items", items).format(count=items),
                ngettext("{count} open conflict", "{count} open conflicts", conflicts).format(
                    count=conflicts
                ),
            )
        )
    )
    if is_encrypted(store):
        say(_("Everything that is shared is encrypted."))
    if not state.places:
        say(_("Not shared: `sameboat place add FOLDER` with a folder that you all can reach."))
    for place in state.places:
        counted = counted_words(place.next_at, place.requests, place.allowed)
        said = "  ".join((safe(place.url), *counted))
        trouble = place.paused or place.held
        if trouble:
            said = f"{said}  {_('paused: {reason}').format(reason=place_words(trouble))}"
        say(said)
    if state.is_readonly:
        say(readonly_sentence())
    if state.undecided:
        say(undecided_sentence())
    elif state.standing == "revoked":
        say(_("This device has been revoked: it receives, and sends nothing."))
    if state.unapproved:
        say(unapproved_sentence(len(state.unapproved)))
    if state.last_sync:
        say(_("Last sync {when}").format(when=_when(state.last_sync)))
    if state.outbox:
        say(ngettext("{count} op to send", "{count} ops to send", state.outbox).format(count=state.outbox))
    if missing := missing_ops(store.conn):
        say(missing_words(missing))
    labels = device_labels(store) if state.peers else {}
    for peer in state.peers:
        last = _when(peer.last_at) if peer.last_at else ""
        say(safe(f"{labels.get(peer.device) or peer.name or peer.device}  {last}".rstrip()))
    divergences = queries.divergence_count(store)
    if divergences:
        say(ngettext("{count} divergence", "{count} divergences", divergences).format(count=divergences))
    _narrate_troubles(store, state.waiting, state.quarantined)


def _when(milliseconds: int) -> str:
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000).astimezone()
    return f"{moment:%Y-%m-%d %H:%M}"


COMMANDS = {
    "sync": Command(
        _sync,
        N_("send what is new here and receive what is new elsewhere"),
        options=(
            Option("watch", N_("go on until interrupted")),
            Option("snapshot", N_("put a snapshot into every place, with which newcomers begin")),
        ),
        most=0,
    ),
    "status": Command(_status, N_("show how the workspace and its sync stand"), most=0),
}
