"""`sameboat place`: the folders and servers through which the workspace travels; removing one deletes nothing in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from store.errors import StoreError, nearest
from store.places import places, remove_place
from sync.state import sync_state
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import encode, narrate, safe, say, say_json
from tui.cli.shapes import instant
from tui.cli.table import DIM, RED, Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.reason_words import counted_words, place_words
from tui.sync_words import moved_words

if TYPE_CHECKING:
    from store.database import Store
    from store.places import Place
    from sync.report import PlaceReport
    from sync.state import PlaceState


def _place(arguments: Arguments) -> int:
    verb, *rest = arguments.operands or ["list"]
    if verb not in _VERBS:
        raise UsageError(
            "bad-choice",
            option="place",
            value=verb,
            choices=", ".join(_VERBS),
            nearest=nearest(verb, list(_VERBS)),
        )
    if verb == "list" and rest:
        raise UsageError("extra-operand", operand=rest[0], usage="sameboat place list")
    if verb != "list" and not rest:
        raise UsageError("missing-operand", command="place", usage=f"sameboat place {verb} PATH|URL")
    with Workspace(arguments.home) as workspace:
        return _VERBS[verb](arguments, workspace.store)


def _add(arguments: Arguments, store: Store) -> int:
    from sync.lock import home_lock
    from sync.places.share import create_share, refuse_other

    folder = arguments.operands[1]
    readonly = arguments.has("readonly")
    known = _find(store, folder)
    if known is not None:
        raise StoreError("place-known", place=known.url)
    refuse_other(folder, store)
    with home_lock(store.home, _PATIENCE) as held:
        if not held:
            raise StoreError("syncing")
        try:
            place = create_share(folder, store, readonly=readonly)
        except StoreError as error:
            if readonly and error.code == "bad-share" and error.params.get("why") == "missing":
                raise StoreError("nothing-there", path=folder) from error
            raise
    return _first_sync(arguments, store, place)


def _first_sync(arguments: Arguments, store: Store, place: Place) -> int:
    """Bring the new place up to date, and say how that went."""
    from sync.engine import sync_once

    report = sync_once(store)
    found = next((one for one in report.places if one.place.url == place.url), None)
    pushed, pulled = (found.pushed, found.pulled) if found else (0, 0)
    trouble = (found.paused or found.held) if found else ""
    if arguments.has("json"):
        say_json(
            {
                "ok": True,
                "place": place.url,
                "readonly": place.readonly,
                "pushed": pushed,
                "pulled": pulled,
                "paused": trouble or None,
            }
        )
    if place.readonly:
        said = _("{folder} is a place now: the workspace is read from it, and never written to it.")
    else:
        said = _("{folder} is a place now: the workspace travels through it.")
    narrate(safe(said.format(folder=place.url)))
    narrate(moved_words(pushed, pulled))
    if trouble:
        narrate(_("Sync is paused: {reason}").format(reason=place_words(trouble)))
    return report.exit_code


def _remove(arguments: Arguments, store: Store) -> int:
    from sync.lock import home_lock

    wanted = arguments.operands[1]
    known = _find(store, wanted)
    if known is None:
        raise StoreError(
            "place-unknown", place=wanted, nearest=nearest(wanted, [place.url for place in places(store)])
        )
    with home_lock(store.home, _PATIENCE) as held:
        if not held:
            raise StoreError("syncing")
        remove_place(store, known.n)
    if arguments.has("json"):
        say_json({"ok": True, "place": known.url})
    narrate(
        safe(_("{folder} is no place any more; everything in it stays as it is.").format(folder=known.url))
    )
    if not places(store):
        narrate(_("What you add now stays on this machine until there is a place again."))
    return 0


def _list(arguments: Arguments, store: Store) -> int:
    state = sync_state(store)
    if arguments.has("json"):
        shapes = [encode(place_shape(place)) for place in state.places]
        say("[" + ",\n ".join(shapes) + "]")
    elif not state.places:
        narrate(_("There is no place yet; `sameboat place add PATH` makes a folder one."))
    else:
        print_rows(
            (Column(_("place"), flexible=True), Column(_("use")), Column(_("state"), flexible=True)),
            (_row(place) for place in state.places),
        )
    return state.exit_code if any(place.paused or place.held for place in state.places) else 0


def _row(place: PlaceState) -> tuple[Cell, Cell, Cell]:
    trouble = place.paused or place.held
    said = [
        place_words(trouble) if trouble else _("reachable"),
        *counted_words(place.next_at, place.requests, place.allowed),
    ]
    return (
        Cell(place.url),
        Cell(_("read only") if place.readonly else _("read and write"), DIM),
        Cell("; ".join(said), RED if trouble else ""),
    )


def place_shape(place: PlaceState) -> dict[str, object]:
    """Return a place as `--json` shows it: where, how it is used, what is the matter since when, what is counted."""
    return {
        "url": place.url,
        "readonly": place.readonly,
        "paused": place.paused or None,
        "held": place.held or None,
        "since": instant(place.since) if place.since else None,
        **counted_shape(place),
    }


def counted_shape(place: PlaceState | PlaceReport) -> dict[str, object]:
    """Return what `--json` shows of a place that counts requests; null for one that does not."""
    return {
        "next_try": instant(place.next_at) if place.next_at else None,
        "requests": place.requests if place.allowed else None,
        "allowed": place.allowed or None,
    }


def _find(store: Store, wanted: str) -> Place | None:
    """Return the place that was named, by whatever path leads to it, or an address however it is written."""
    from sync.places.grounds import ground_of

    url = ground_of(wanted).url
    path = os.path.realpath(url)
    found = (place for place in places(store) if place.url == url or os.path.realpath(place.url) == path)
    return next(found, None)


_PATIENCE = 5.0  # seconds for another process of this home that is syncing
_VERBS = {"add": _add, "list": _list, "remove": _remove}
COMMANDS = {
    "place": Command(
        _place,
        N_("add, list or remove the folders and servers through which the workspace travels"),
        "[add PATH|URL | remove PATH|URL | list]",
        (Option("readonly", N_("read from this place, never write to it")),),
        most=2,
        examples=(
            "sameboat place add ~/Nextcloud/team",
            "sameboat place add webdavs://dav.example.org/team",
            "sameboat place remove ~/Nextcloud/team",
        ),
    ),
}
