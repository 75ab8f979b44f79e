"""Telling outside the window that something came for oneself: by the terminal, or by the system where that is chosen.

Off unless a person sets `notify`. What is told is how many lines came; with `notify = "full"` also what the first says,
in the terminal with everything taken out that a terminal would obey.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from store.news import news
from tui.celltext import clean, truncate
from tui.i18n import ngettext
from tui.news_words import why_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from store.analysis.news import Line
    from store.database import Store

LONGEST = 80  # cells of what is told
TITLE = "Sameboat"


class Notifier:
    """Looks after each sync, and tells once of each line that came since the app opened."""

    def __init__(
        self,
        settings: Mapping[str, str],
        write: Callable[[str], None],
        run: Callable[[Sequence[str]], None] | None = None,
    ) -> None:
        """`write` reaches the terminal, `run` starts a program of the system."""
        self.settings = settings
        self._write = write
        self._run = run or _start
        self._known: set[tuple[str, str]] | None = None

    def look(self, store: Store) -> None:
        """Tell of lines that were not there at the last look; the first look only learns what is there."""
        found = [line for line in news(store) if line.new]
        now = {(line.ent, key) for line in found for key in line.keys}
        known, self._known = self._known, now
        if known is None:
            return
        fresh = [line for line in found if not any((line.ent, key) in known for key in line.keys)]
        if fresh:
            self.tell(self.words(fresh))

    def words(self, fresh: Sequence[Line]) -> str:
        """Return what is told of lines: no more than how many they are, unless the person wants it in full."""
        count = len(fresh)
        said = ngettext("{count} new change for you", "{count} new changes for you", count).format(
            count=count
        )
        if self.settings.get("notify") == "full":
            said = f"{said}: {why_words(fresh[0])} {fresh[0].text or fresh[0].title}"
        return truncate(clean(said), LONGEST)

    def tell(self, text: str) -> None:
        """Tell by what the person has chosen."""
        if self.settings.get("notify_command") == "system":
            command = system_command(text)
            if command:
                self._run(command)
        else:
            self._write(terminal_notice(text))


def terminal_notice(text: str) -> str:
    """Return what terminals show as a notification (OSC 9, and OSC 777 with a title); others pass it over."""
    plain = "".join(character for character in clean(text) if character.isprintable() and character != ";")
    return f"\x1b]9;{TITLE}: {plain}\x1b\\\x1b]777;notify;{TITLE};{plain}\x1b\\"


def system_command(text: str, platform: str = sys.platform) -> list[str]:
    """Return the program that shows a notification here, text handed over as data; empty where there is none."""
    if platform == "darwin":
        script = "on run argv\ndisplay notification (item 1 of argv) with title (item 2 of argv)\nend run"
        return ["osascript", "-e", script, text, TITLE]
    if platform == "win32":
        return ["powershell", "-NoProfile", "-Command",
                "& { param($text) Add-Type -AssemblyName System.Windows.Forms; "
                "$n = New-Object System.Windows.Forms.NotifyIcon; $n.Icon = [System.Drawing.SystemIcons]::Information; "
                "$n.Visible = $true; $n.ShowBalloonTip(5000, 'Sameboat', $text, 'None'); Start-Sleep 6 }",
                _quoted(text)]  # fmt: skip
    found = shutil.which("notify-send")
    return [found, "--app-name", TITLE, "--", TITLE, text] if found else []


def _quoted(text: str) -> str:
    """Return a PowerShell literal: what follows -Command is read as script, and quotes of every kind end one."""
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote + quote)
    return f"'{text}'"


def _start(command: Sequence[str]) -> None:
    try:
        subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ),
            start_new_session=True,
        )
    except OSError:
        pass  # nothing depends on it
