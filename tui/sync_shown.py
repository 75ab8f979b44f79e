"""Sync while the app is open: started, shown in every place, told of, and given time to end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.i18n import _
from tui.live import Progressed, Reported, current_line, notice_line, start_watcher
from tui.palette import KeyNames
from tui.places import Places
from tui.widgets.header import FAILED, OFFLINE, PAUSED, SYNCING, SyncLine

if TYPE_CHECKING:
    from sync.watcher import Watcher
    from tui.notifying import Notifier
    from tui.screens.place import Place

SEND_SECONDS = 1.5
NOTICE_SECONDS = 120.0


class SyncShown(Places, inherit_bindings=False):
    """Shows how sync stands and what it brought, wherever one is."""

    def __init__(self) -> None:
        super().__init__()
        self._watcher: Watcher | None = None
        self._sync_error = ""
        self._percent: int | None = None  # of a sync that runs; -1 where nobody knows
        self._notifier: Notifier | None = None

    def _poll(self) -> None:
        """Show what other processes, sync among them, have committed."""
        raise NotImplementedError

    def _start_sync(self) -> None:
        """Start in a thread: what sync needs takes longer to load than a key may wait."""

        def start() -> None:
            self._watcher = start_watcher(self, self.store.home)

        self.run_worker(start, name="sync", group="sync", exclusive=True, thread=True)

    def on_progressed(self, event: Progressed) -> None:
        """Show how far a long sync is."""
        if not self.is_running:
            return  # it went on while the app closed
        self._percent = event.percent
        self._show_line(self.sync_line())

    def on_reported(self, event: Reported) -> None:
        """Show what a sync brought and how sync stands."""
        self._sync_error = event.report.error
        self._percent = None
        if not self.is_running:
            return  # it ended while the app closed
        self._poll()
        self._tell_elsewhere()
        self._show_sync()

    def _tell_elsewhere(self) -> None:
        """Tell of what came for oneself outside this window, where the person has asked for that."""
        if self.config.get("notify") in ("on", "full"):
            from tui.notifying import Notifier

            if self._notifier is None:
                self._notifier = Notifier(self.config.settings, self._write_out)
            self._notifier.settings = self.config.settings  # the config file may have been read again
            self._notifier.look(self.store)

    def _write_out(self, text: str) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(text)

    def sync_line(self) -> SyncLine:
        """Return how sync stands."""
        line = current_line(self.store, error=self._sync_error)
        return line if self._percent is None else line._replace(phase=SYNCING, progress=self._percent)

    def _show_sync(self) -> None:
        self._show_line(self.sync_line())
        self._show_notice()

    def _show_notice(self) -> None:
        """Tell what happened to this home, for as long as reading it may take; then nobody is told again."""
        from store.notices import mark_seen

        text = notice_line(self.store)
        screens = list(self.living_places())
        if text and not any("notice" in screen.banners.standing for screen in screens):
            for screen in screens:
                screen.banners.raise_banner("notice", text, error=False)

            def told() -> None:
                if not self.is_running:
                    return  # it is told once more at the next start
                for screen in screens:
                    screen.banners.solve("notice")
                with suppress(StoreError):  # busy or full: it is told once more
                    mark_seen(self.store)

            self.set_timer(NOTICE_SECONDS, told)

    def _show_line(self, line: SyncLine) -> None:
        for screen in self.living_places():
            self._show_line_on(screen, line)
        if self.screen is not self.place and hasattr(self.screen, "show_line"):
            self.screen.show_line(line)

    def _show_line_on(self, screen: Place, line: SyncLine) -> None:
        screen.header.show_sync(line, self.store.now())
        for about, text in (("sync", line.message), ("refused", line.refused)):
            if text:
                screen.banners.raise_banner(about, text, error=line.phase == FAILED)
            else:
                screen.banners.solve(about)

    def action_sync(self) -> None:
        """Sync now."""
        if self._watcher is not None:
            self._percent = -1
            self._show_line(self.sync_line())
            self._watcher.nudge()
        else:
            self.say(_("Sync is switched off in this session."))

    def stop_sync(self) -> None:
        """Stop the sync that is running; the next edit, or a key, begins another."""
        if self._watcher is None:
            self.say(_("Sync is switched off in this session."))
        elif self._watcher.interrupt():
            self.say(_("Stopped. {sync} goes on.").format_map(KeyNames(self.keymap)))
        else:
            self.say(_("No sync is running."))

    async def _send_the_rest(self) -> None:
        """Let the last edits reach the teammates before the app is gone, unless that takes long."""
        end = monotonic() + SEND_SECONDS
        while monotonic() < end:
            line = current_line(self.store)
            if not line.outbox or line.phase in (OFFLINE, PAUSED, FAILED):
                return
            self.say(_("Sending the last changes…"))
            await asyncio.sleep(0.05)
