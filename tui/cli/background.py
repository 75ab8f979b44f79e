"""What was typed reaches teammates by itself: after an edit a sync is started, and nobody waits for it."""

from __future__ import annotations

import os
import sys

# Commands that change the workspace. `apply` is not among them: its stream says itself when to sync.
EDITS = (
    "add", "conflict", "comment", "set", "move", "done", "delete", "restore", "share", "undo", "redo", "import",
    "review", "link", "unlink", "checkin", "calendar",
)  # fmt: skip


def send_soon(home: str) -> None:
    """Start a sync of a home that is shared, detached from this process; `SAMEBOAT_SYNC=manual` turns this off.

    How it went is what `status` tells. A home in which the app or `sync --watch` runs takes turns with it.
    """
    from sync.lock import FILE_NAME

    if os.environ.get("SAMEBOAT_SYNC") == "manual" or not os.path.exists(os.path.join(home, FILE_NAME)):
        return
    # -P: a folder called `tui` in the current directory must not be taken for this program.
    command = [sys.executable, "-P", "-m", "tui.cli", "--home", home, "sync"]
    try:
        if sys.platform == "win32":
            import subprocess

            quiet = subprocess.DEVNULL
            flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
            subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, creationflags=flags)
        else:
            silence = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
            # A process group of its own: a Ctrl-C in this terminal is meant for something else.
            os.posix_spawn(sys.executable, command, os.environ, file_actions=silence, setpgroup=0)
    except OSError:
        pass  # what was typed is safe here, and the next sync takes it along
