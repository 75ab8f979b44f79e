"""`sameboat` without a command: the app."""

from __future__ import annotations

import sys

from store.database import open_store
from store.errors import StoreError
from tui.cli.arguments import Arguments, Command
from tui.i18n import N_


def _open(arguments: Arguments) -> int:
    store = open_store(arguments.home)
    try:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise StoreError("no-terminal")
        from tui.app import SameboatApp

        class Quiet(SameboatApp):
            """The app, whose crash is told like every other: a sentence, and the traceback in the log."""

            def _fatal_error(self) -> None:
                self._close_messages_no_wait()

        app = Quiet(store)
        app.run()
        if app._exception is not None:
            raise app._exception
        return app.return_code or 0
    finally:
        store.close()


COMMANDS = {"app": Command(_open, N_("open the workspace"), most=0)}
