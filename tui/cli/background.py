"""What was typed reaches teammates by itself: after an edit a sync is started, and nobody waits for it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

# Commands that change the workspace. `apply` is not among them: its stream says itself when to sync.
EDITS = (
    "add", "conflict", "feedback", "promise", "comment", "set", "move", "done", "delete", "restore", "share", "undo",
    "redo", "import", "review", "link", "unlink", "checkin", "calendar", "promises", "meeting",
    "retro", "pulse", "plan", "time", "goal", "need", "needs", "request", "repeat", "changes", "decide", "check",
    "case", "playbook", "baseline",
)  # fmt: skip


_left_open: list[Store] = []


def sends(home: str) -> bool:
    """Return whether an edit in this home starts a sync: it is shared, and `SAMEBOAT_SYNC` is not `manual`."""
    from store.database import LOCK_NAME

    return os.environ.get("SAMEBOAT_SYNC") != "manual" and os.path.exists(os.path.join(home, LOCK_NAME))


def put_away(store: Store, *, ends: bool) -> None:
    """Close a database that was written, or leave that to the sync which follows where the process `ends` at once.

    What was committed is on the disk, in the log beside the database. Whoever closes last copies it into the database,
    which waits for the disk twice more, and removes the log: the sync does so as well, while nobody waits for it. Where
    it does not come to that, the next to open the database finds the log, as after a crash, and loses nothing.
    """
    if ends and sends(store.home):
        _left_open.append(store)  # a store that nobody refers to would be closed
    else:
        store.close()


def send_soon(home: str) -> None:
    """Start a sync of a home that sends by itself, detached from this process.

    How it went is what `status` tells. A home in which the app or `sync --watch` runs takes turns with it.
    """
    if not sends(home):
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
