"""`sameboat` without a command: the app."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from store.database import open_store
from store.errors import StoreError
from tui.cli.arguments import Arguments, Command
from tui.i18n import N_
from tui.interrupt import INTERRUPTED, Handed

if TYPE_CHECKING:
    from store.database import Store
    from tui.app import SameboatApp


def at_terminal() -> bool:
    """Tell whether the app can be seen and typed into: it draws on stderr, so all three streams count."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _open(arguments: Arguments) -> int:
    try:
        store = open_store(arguments.home)
    except StoreError as error:
        if error.code != "no-workspace" or not at_terminal():
            raise
        return _first_run(arguments)
    return _open_on(store)


def _first_run(arguments: Arguments) -> int:
    """Ask what a workspace needs and open it; where one leaves, nothing was written."""
    from tui.first_run.app import set_up
    from tui.terminal_kind import terminal_kind

    outcome = set_up(arguments.home, terminal_kind())
    if outcome is None:
        return 0
    if outcome.demo:
        from tui.cli.demo import COMMANDS as DEMO

        return DEMO["demo"].run(Arguments())
    return _open_on(open_store(arguments.home))


SWITCH_SECONDS = 0.0005  # the tenth part of what is usual


def _open_on(store: Store) -> int:
    try:
        if not at_terminal():
            raise StoreError("no-terminal")
        # A second repaint, as when a line closes under the cards, waits for the next frame: shorter at 120 a second.
        os.environ.setdefault("TEXTUAL_FPS", "120")  # read when textual is imported
        # What a key asks of the database lets go of the interpreter a hundred times, and while a thread reckons gets it
        # back only after so long.
        sys.setswitchinterval(SWITCH_SECONDS)
        from tui.app import SameboatApp
        from tui.terminal_kind import terminal_kind

        app = SameboatApp(store, terminal=terminal_kind())
        # A crash is told like every other: a sentence, and the traceback in the log instead of on the screen.
        app._fatal_error = app._close_messages_no_wait  # type: ignore[method-assign]
        with Handed(lambda: _close(app)) as ctrl_c:
            app.run()
        if app._exception is not None:
            raise app._exception
        return INTERRUPTED if ctrl_c.came else app.return_code or 0
    finally:
        store.close()


def _close(app: SameboatApp) -> None:
    """Leave the app as its key does, however far its start has come. On the board Ctrl-C is a key like any other."""
    if app._loop is None:
        app.exit()
    else:
        app._loop.call_soon_threadsafe(app.call_later, app.action_quit)


COMMANDS = {"app": Command(_open, N_("open the workspace"), most=0)}
