"""`sameboat doctor`: whether everything is as it should be, and what to do about what is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from typing import TYPE_CHECKING, NamedTuple

from store.database import database_path, open_store
from store.errors import NEEDS_PERSON, WAITING, StoreError
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import CONTRACT, safe, say, say_json
from tui.cli.table import BOLD, RED, paint
from tui.device_words import device_labels
from tui.i18n import N_, _, language
from tui.reason_words import place_words, reason_words
from tui.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store

LABELS = {
    "program": N_("program"), "home": N_("home"), "database": N_("database"), "rescue": N_("rescue"),
    "log": N_("log"), "tables": N_("tables"), "device": N_("device"), "sync": N_("sync"), "place": N_("place"),
    "config": N_("config"), "terminal": N_("terminal"), "language": N_("language"),
}  # fmt: skip
ROOM = 100 * 1024 * 1024  # bytes free below which a big sync or import may fail
SMALLEST = (80, 24)


class Check(NamedTuple):
    """One thing looked at: its name for programs, what was found, and the exit code a failure asks for."""

    name: str
    said: str
    exit_code: int = 0
    mended: bool = False


def _doctor(arguments: Arguments) -> int:
    checks: list[Check] = []
    for check in _checks(arguments):
        checks.append(check)
        if not arguments.has("json"):
            mark = paint("✗", RED) if check.exit_code else "✓"
            say(f"{mark} {paint(_(LABELS[check.name]), BOLD)}  {safe(check.said)}")
    worst = max((check.exit_code for check in checks), default=0)
    if arguments.has("json"):
        shapes = [
            {"check": check.name, "ok": not check.exit_code, "mended": check.mended, "message": check.said}
            for check in checks
        ]
        say_json({"contract": CONTRACT, "ok": not worst, "home": arguments.home, "checks": shapes})
    return worst


def _checks(arguments: Arguments) -> Iterator[Check]:
    yield Check("program", _program())
    yield _home(arguments.home)
    try:
        store = open_store(arguments.home)
    except StoreError as error:
        yield Check("database", sentence(error), error.exit_code)
        if error.code == "corrupt":
            yield Check("rescue", _rescue(arguments.home), NEEDS_PERSON)
    else:
        with_store = _database(store, mend=arguments.has("mend"))
        try:
            yield from with_store
            yield _device(store)
            yield from _sync(store)
        finally:
            store.close()
    yield from _config(arguments.home)
    yield _terminal()
    yield _language()


def _program() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("sameboat")
    except PackageNotFoundError:
        found = "?"
    return f"Sameboat {found}, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"


def _home(home: str) -> Check:
    if not os.path.isdir(home):
        return Check("home", _("There is no directory {home}.").format(home=home), 1)
    if not os.access(home, os.W_OK | os.X_OK):
        return Check("home", sentence(StoreError("read-only", path=home)), 1)
    free = shutil.disk_usage(home).free
    said = _("{home}, {free} MB free").format(home=home, free=free // 1024 // 1024)
    if free < ROOM:
        return Check("home", _("{found}: too little room to work safely").format(found=said), 1)
    return Check("home", said)


def _database(store: Store, *, mend: bool) -> Iterator[Check]:
    from store.gaps import missing_ops
    from store.integrity import check_derived, check_log, check_pages
    from tui.cli.exchange import missing_words

    pages = check_pages(store)
    if pages:
        yield Check("database", f"{pages[0].detail}. {_rescue(store.home)}", NEEDS_PERSON)
        return
    yield Check("database", _("sound"))
    log = check_log(store)
    missing = missing_ops(store.conn)
    told = missing_words(missing) if missing else _("complete")
    yield Check("log", "; ".join(finding.detail for finding in log) or told, NEEDS_PERSON if log else 0)
    derived = check_derived(store)
    tables = ", ".join(finding.detail for finding in derived)
    if derived and mend:
        from store.oplog import rebuild

        rebuild(store)
        yield Check("tables", _("made anew from the log: {tables}").format(tables=tables), mended=True)
    elif derived:
        said = _("{tables} differ from the log; `sameboat doctor --mend` makes them anew").format(
            tables=tables
        )
        yield Check("tables", said, NEEDS_PERSON)
    else:
        yield Check("tables", _("the same as the log gives"))


def _rescue(home: str) -> str:
    return _(
        "Move {path} elsewhere, then `sameboat join FOLDER` brings back everything that was ever synced. "
        "Keep the moved file: what was not synced may still be in it."
    ).format(path=database_path(home))


def _device(store: Store) -> Check:
    """Return whether this device's keys are here, its own, and nobody else's to read."""
    from store.places import pins
    from sync.trust.keys import fingerprint, has_keys, keys_path, load_keys

    known = pins(store).get(store.device)
    if not has_keys(store.home):
        if known is None:
            return Check("device", _("no keys yet; the first sync makes them"))
        return Check("device", _("its keys are gone; the next sync goes on as a new device"), NEEDS_PERSON)
    try:
        keys = load_keys(store.home)
    except StoreError as error:
        return Check("device", sentence(error), error.exit_code)
    path = keys_path(store.home)
    if os.name == "posix" and os.stat(path).st_mode & 0o077:
        said = _("others on this computer can read its keys; run `chmod 600 {path}`").format(path=path)
        return Check("device", said, NEEDS_PERSON)
    if known is not None and known.key != keys.public.hex():
        said = _("the keys here are another device's; the next sync goes on as a new device")
        return Check("device", said, NEEDS_PERSON)
    return Check(
        "device",
        _("{device}, fingerprint {fingerprint}").format(
            device=store.device, fingerprint=fingerprint(keys.public)
        ),
    )


def _sync(store: Store) -> Iterator[Check]:
    from sync.places.share import place_trouble
    from sync.state import sync_state

    state = sync_state(store)
    if not state.places:
        yield Check("sync", _("not shared"))
    for place in state.places:
        reason = place_trouble(place.url, store) or place.held
        said = _("paused: {reason}").format(reason=place_words(reason)) if reason else _("reachable")
        yield Check("place", f"{place.url}: {said}", WAITING if reason else 0)
    labels = device_labels(store) if state.waiting else {}
    for row in state.waiting:
        said = _("waiting for {device}: {reason}").format(
            device=labels.get(row.dev, row.dev), reason=reason_words(row.reason)
        )
        yield Check("sync", said, WAITING)
    for file in state.quarantined:
        yield Check("sync", f"{file.name}: {reason_words(file.reason)}", NEEDS_PERSON)


def _config(home: str) -> Iterator[Check]:
    from tui.config import load_config

    config = load_config(home)
    for problem in config.problems:
        yield Check("config", f"{config.path}: {problem.sentence()}", 1)
    if not config.problems:
        yield Check("config", config.path if os.path.exists(config.path) else _("none, the defaults hold"))


def _terminal() -> Check:
    encoding = (sys.stdout.encoding or "").lower()
    columns, rows = shutil.get_terminal_size()
    said = f"{os.environ.get('TERM', '?')}, {columns}×{rows}, {encoding}"
    if sys.stdout.isatty() and "utf" not in encoding:
        return Check(
            "terminal", _("{found}: not UTF-8, so Chinese and signs show as ?").format(found=said), 1
        )
    if sys.stdout.isatty() and (columns < SMALLEST[0] or rows < SMALLEST[1]):
        return Check("terminal", _("{found}: smaller than 80×24, so cards are cut").format(found=said), 1)
    return Check("terminal", said)


def _language() -> Check:
    names = ("SAMEBOAT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((f"{name}={os.environ[name]}" for name in names if os.environ.get(name)), "")
    return Check("language", f"{language()}  {chosen}".rstrip())


COMMANDS = {
    "doctor": Command(
        _doctor,
        N_("look whether database, sync, config and terminal are in order"),
        options=(Option("mend", N_("make damaged tables anew from the log")),),
        most=0,
    ),
}
