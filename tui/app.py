"""The app: opens the board, carries out actions, and stays true to what others do meanwhile."""

from __future__ import annotations

import asyncio
import gc
import os
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.events import Key

from store.day_plan_clock import clock_words, running_clock
from store.errors import StoreError
from tui.actions import ACTIONS, COUNTED, WHILE_TYPING, in_scope, is_repeated
from tui.bindings import bindings
from tui.config import Config, load_config
from tui.counts import Counts
from tui.drafts import Drafts
from tui.i18n import _
from tui.left_off import LeftOff
from tui.live import (
    POLL_SECONDS,
    TICK_SECONDS,
    Progressed,
    Reported,
    current_line,
    has_places,
    notice_line,
    start_watcher,
)  # fmt: skip
from tui.palette import KeyNames, refusal
from tui.places import Places
from tui.screens.board import BoardScreen
from tui.screens.place import Place
from tui.signs import is_ascii
from tui.terminal_kind import CAPABLE
from tui.theme import PLAIN, THEMES, AsciiSigns, Colourless
from tui.widgets.header import FAILED, OFFLINE, PAUSED, SYNCING, Header, SyncLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.events import Event
    from textual.filter import LineFilter
    from textual.screen import Screen

    from store.changes import ChangeSet
    from store.checkpoint import Checkpoints
    from store.commands import Change
    from store.database import Store
    from sync.watcher import Watcher
    from tui.actions import Action, Situation
    from tui.notifying import Notifier
    from tui.repeating import Repeat
    from tui.screens.choices import Picked
    from tui.terminal_kind import TerminalKind
    from tui.widgets.footer import Footer

SEND_SECONDS = 1.5
YOUNG = 5_000  # objects made between two looks for garbage: a few keys' worth, so that few keys wait for one
NOTICE_SECONDS = 120.0
_COLOURLESS = (Colourless(),)
_ASCII_SIGNS = AsciiSigns()

# Errors that stand until somebody does something about them: a banner, not a passing word.
_STANDING = frozenset(
    {"disk-full", "read-only", "corrupt", "busy", "cannot-open", "database", "newer-database"}
)


class SameboatApp(Places, inherit_bindings=False):
    """The open workspace: one board, one store, one set of keys."""

    CSS_PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "theme.tcss")
    TITLE = "同舟 Sameboat"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS = bindings("app", target="app")

    def __init__(
        self,
        store: Store,
        config: Config | None = None,
        *,
        sync: bool = True,
        terminal: TerminalKind = CAPABLE,
    ) -> None:
        """Show a store; `sync` keeps it in step with its places while the app is open."""
        self.store = store
        self.terminal = terminal
        self.config = config or load_config(store.home)
        self.keymap = self.config.keymap
        self.drafts = Drafts(store.home)
        self.left_off = LeftOff(store.home)
        super().__init__()
        self._sync = sync
        self._watcher: Watcher | None = None
        self._sync_error = ""
        self._checkpoints: Checkpoints | None = None
        self._aims: WeakKeyDictionary[Key, DOMNode] = WeakKeyDictionary()
        self._key_ahead: Key | None = None
        self._counts = Counts()
        self._counted: WeakKeyDictionary[Key, int] = WeakKeyDictionary()  # keys that came after a count
        self._count_given = 0  # to the key that is being done
        self.count = 1  # for an action that takes one
        self.hurrying = False  # through a count: what follows the cursor need not be shown at every step
        self.repeatable: Repeat | None = None
        self._keys_behind: list[Key] = []
        self._today = store.today()
        self._notifier: Notifier | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.set_reactive(App.theme, self._theme_name())
        self.choose_glyphs()
        # Set by assignment, the theme would have the CSS read twice before the first frame: for Textual's and for ours.
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(self.keymap.changed())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every drawn line goes through: without colours, it loses them and nothing else."""
        filters = _COLOURLESS if self.theme == PLAIN else super().get_line_filters()
        return (*filters, _ASCII_SIGNS) if is_ascii() else filters

    def get_default_screen(self) -> Screen[None]:
        """Open on the board."""
        self._board = BoardScreen(self)
        return self._board

    def clear_selection(self) -> None:
        """Do nothing: Textual calls this when a line is typed into, and no text is selected here, but cards are."""

    def on_mount(self) -> None:
        """Begin everything that the first frame need not wait for."""
        self.store.poll()
        self.go_to_start()
        self.call_after_refresh(self._begin)

    def run(self, **options: Any) -> Any:
        """Open the app; garbage is not looked for until the first frame stands."""
        gc.disable()
        return super().run(**options)

    def _begin(self) -> None:
        # What the start made stays to the end: never looking at it again keeps collections, and so keys, short.
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.enable()
        from store.checkpoint import Checkpoints

        self._checkpoints = Checkpoints(self.store)
        self.come_back()
        self._show_problems()
        self._make_due()
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_interval(TICK_SECONDS, self._tick)
        self._tick()
        if self._sync:
            self._start_sync()

    # What an action may look at

    @property
    def situation(self) -> Situation:
        """The app itself: its properties below are what actions ask."""
        return self

    @property
    def target_ids(self) -> Collection[str]:
        """The selected cards, else the card under the cursor."""
        return self.place.target_ids

    @property
    def no_card(self) -> str:
        """What to say where there is no card."""
        return self.place.no_card

    @property
    def has_private(self) -> bool:
        """Whether a target is a private draft."""
        return any(card.private for card in self.place.targets())

    @property
    def has_trashed(self) -> bool:
        """Whether a target is in the trash, or was edited after somebody deleted it."""
        return any(card.banner or card.trashed for card in self.place.targets())

    @property
    def filter_text(self) -> str:
        """The filter in force, or an empty string."""
        return self.place.filter_text

    @property
    def can_repeat(self) -> bool:
        """Whether something was changed that can be done to other cards too."""
        return self.repeatable is not None

    @property
    def has_sync(self) -> bool:
        """Whether the workspace has a place to sync with."""
        return has_places(self.store)

    # Keys typed ahead: each is delivered to what has the focus when it comes, and does what it is bound to later

    async def on_event(self, event: Event) -> None:
        """Note at what a key is aimed; let keys wait behind one that keeps or closes a line."""
        if isinstance(event, Key) and not event.is_forwarded:
            if self._is_of_count(event):
                return
            if self._key_ahead is not None:
                self._keys_behind.append(event)
                return
            self._aims[event] = self.focused or self.screen
            if self._keeps_a_line(event):
                self._key_ahead = event
        await super().on_event(event)

    def _is_of_count(self, event: Key) -> bool:
        """Take keys that belong to a count; give the one behind it the count."""
        if self.screen.is_modal or (self.focused is not None and _takes_text(self.focused)):
            self._counts.take()
            return False
        before = self._counts.text
        taken = self._counts.takes(event.key)
        if not taken:
            count = self._counts.take()
            if event.key == "escape":
                taken = bool(before)
            elif count:
                self._counted[event] = count
        if self._counts.text != before:
            self.place.footer.show_count(self._counts.text)
        return taken

    def _keeps_a_line(self, event: Key) -> bool:
        line = self.focused
        if line is None or getattr(line, "SCOPE", "") != "capture":
            return False
        # What the line takes for text never comes back from it.
        is_text = line.check_consume_key(event.key, event.character)
        return not is_text and any(event.key in self.keymap.keys(action.id) for action in in_scope("capture"))

    async def _on_key(self, event: Key) -> None:
        """Hand a key to the line that a key before it has opened meanwhile, in place of doing what it is bound to."""
        aim, now = self._aims.get(event), self.focused
        if event is self._key_ahead:
            event.prevent_default()
            try:
                await self._check_bindings(event.key)
            finally:
                behind, self._keys_behind = self._keys_behind, []
                self._key_ahead = None
                for key in behind:
                    await self.on_event(key)
        elif aim is not None and now is not None and now is not aim and _takes_text(now):
            later = event.copy()
            self._aims[later] = now
            later._set_forwarded()
            now.post_message(later)
            event.prevent_default()  # and the library's own handler, which looks for bindings, is passed over
        elif event in self._counted:
            event.prevent_default()
            self._count_given = self._counted.pop(event)
            try:
                await self._check_bindings(event.key)
            finally:
                self._count_given = 0

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Perform an action, or say why it cannot be done now."""
        name = action.rpartition(".")[2] if isinstance(action, str) else action[1]
        known = ACTIONS.get(name)
        if known is not None:
            reason = refusal(known, self, self.keymap)
            if reason:
                self.say(reason)
                return True
        count, self._count_given = self._count_given, 0
        if known is None or count < 2:
            return await super().run_action(action, default_namespace, namespaces)
        step = partial(super().run_action, action, default_namespace, namespaces)
        return await self._counted_action(known, count, step)

    async def _counted_action(self, action: Action, count: int, step: Callable[[], Awaitable[bool]]) -> bool:
        """Do an action so many times, or with the count it takes; say why where neither makes sense."""
        if action.id in COUNTED:
            self.count = count
            try:
                return await step()
            finally:
                self.count = 1
        if not is_repeated(action.id):
            self.say(
                _("“{action}” is done once: only steps and moves take a count.").format(
                    action=_(action.label)
                )
            )
            return True
        done = True
        with self.batch_update():
            for left in reversed(range(count)):
                self.hurrying = left > 0
                done = await step()
        return done

    # Doing things to the store

    def perform(self, label: str, work: Callable[[Change], object], *, detail: str = "") -> Change | None:
        """Do one change and show it; a failure is told and leaves everything as it was.

        `detail` says what it was done to, for the one who undoes it.
        """
        from store.commands import change

        def write() -> Change:
            with change(self.store, label, detail) as made:
                work(made)
            return made

        return self.write(write)

    def write(self, write: Callable[[], Change]) -> Change | None:
        """Do a change that the store makes by itself and show it; a failure is told and leaves everything as it was."""
        try:
            made = write()
        except StoreError as error:
            self._tell(error)
            return None
        for screen in self.living_places():
            for code in _STANDING:
                screen.banners.solve(code)
        self.show_changes(made.changes)
        if self.store.noticed:
            self._show_notice()
        return made

    def _tell(self, error: StoreError) -> None:
        from tui.sentences import sentence

        if error.code in _STANDING:
            for screen in self.living_places():
                screen.banners.raise_banner(error.code, sentence(error))
        else:
            self.say(sentence(error), error=True)

    def action_undo(self) -> None:
        """Undo what was done last on this machine."""
        from store.undo import undo

        self._reverse(lambda: undo(self.store), _("Undone"))

    def action_redo(self) -> None:
        """Redo what was undone last."""
        from store.undo import redo

        self._reverse(lambda: redo(self.store), _("Redone"))

    def _reverse(self, write: Callable[[], Change], said: str) -> None:
        from tui.change_words import change_words

        made = self.write(write)
        if made is None:
            return
        what = change_words(made.detail)
        if made.skipped:
            what += " · " + _("what somebody changed since stays")
        self.say(f"{said}: {what}" if what else said)
        self.place.show_reversed(made.changes)
        gone_to = next((ent for ent in made.changes.ids("item", "conflict")), "")
        if gone_to and len(made.changes.ids("item", "conflict")) == 1:
            self.board_screen.follow(gone_to)

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something for a few seconds, on the screen that lies on top where that has a line for it."""
        screen: Any = self.screen if hasattr(self.screen, "say") else self.place
        screen.say(text, error=error)

    # Staying true

    def show_changes(self, changes: ChangeSet) -> None:
        """Show what changed, whoever did it."""
        if changes:
            self.note_missed(changes)
            for screen in dict.fromkeys((self.board_screen, self.place, self.screen)):
                if hasattr(screen, "absorb"):
                    screen.absorb(changes)

    def _poll(self) -> None:
        if self._checkpoints is not None and self._checkpoints.due(monotonic()):
            self._carry_over()
        try:
            changes = self.store.poll()
        except StoreError as error:
            self._tell(error)
            return
        if changes:
            self.show_changes(changes)
            if changes.touches("item"):
                self._make_due()
            self._show_sync()

    def _make_due(self) -> None:
        """Make what is to come again: its day has come, or somebody's program did not make it."""
        from store.recurrence import catch_up

        try:
            changes = catch_up(self.store)
        except StoreError:
            return  # busy, full or read-only: the next look makes it
        if changes:
            self.show_changes(changes)

    def _carry_over(self) -> None:
        """Move what was committed from the log into the file while nobody edits: no key is to wait for it."""
        from store.checkpoint import checkpoint

        self.run_worker(
            partial(checkpoint, self.store.path), name="checkpoint", group="checkpoint", thread=True
        )

    def _tick(self) -> None:
        today = self.store.today()
        if today != self._today:
            self._today = today
            self._make_due()
            for screen in self.living_places():
                screen.show_today()
        if self.clock_line() and self.screen is self.place:
            self.place.show_hints()
        self._show_sync()
        self.note_left_off()

    def clock_line(self) -> str:
        """Return for what the clock of the day plan runs and how long it has, '' where none does."""
        clock = running_clock(self.store)
        if clock is None:
            return ""
        from tui.today_words import clock_line

        return clock_line(clock_words(self.store, clock), self.store.now() - clock.begun)

    def _start_sync(self) -> None:
        """Start in a thread: what sync needs takes longer to load than a key may wait."""

        def start() -> None:
            self._watcher = start_watcher(self, self.store.home)

        self.run_worker(start, name="sync", group="sync", exclusive=True, thread=True)

    def on_progressed(self, event: Progressed) -> None:
        """Show how far a long sync is."""
        self._show_line(current_line(self.store)._replace(phase=SYNCING, progress=event.percent))

    def on_reported(self, event: Reported) -> None:
        """Show what a sync brought and how sync stands."""
        self._sync_error = event.report.error
        self._poll()
        self._tell_elsewhere()
        self._show_sync()

    def _tell_elsewhere(self) -> None:
        """Tell of what came for oneself outside this window, where the person has asked for that."""
        if self.config.get("notify") in ("on", "full"):
            from tui.notifying import Notifier

            if self._notifier is None:
                self._notifier = Notifier(self.config.settings, self._write_out)
            self._notifier.look(self.store)

    def _write_out(self, text: str) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(text)

    def sync_line(self) -> SyncLine:
        """Return how sync stands."""
        return current_line(self.store, error=self._sync_error)

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
            self._show_line(current_line(self.store)._replace(phase=SYNCING))
            self._watcher.nudge()
        else:
            self.say(_("Sync is switched off in this session."))

    def action_sync_details(self) -> None:
        """Show how sync stands."""
        from tui.screens.sync import SyncScreen

        if self.screen is self.place:
            self.push_screen(SyncScreen(self))
            self.call_after_refresh(self._show_sync)

    def stop_sync(self) -> None:
        """Stop the sync that is running; the next edit, or a key, begins another."""
        if self._watcher is None:
            self.say(_("Sync is switched off in this session."))
        elif self._watcher.interrupt():
            self.say(_("Stopped. {sync} goes on.").format_map(KeyNames(self.keymap)))
        else:
            self.say(_("No sync is running."))

    def action_review(self) -> None:
        """Show what replicas disagree on; from there, a card may be gone to."""
        from tui.screens.review import ReviewScreen

        def gone_to(ent: str | None) -> None:
            if ent:
                self.show_board(ent)

        if self.screen is self.place:
            self.push_screen(ReviewScreen(self), gone_to)

    def action_find_anything(self) -> None:
        """Find anything, and go to it."""
        from tui.screens.find import FindScreen

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen and not self.show_at_home(answer.chosen[0]):
                self.say(_("This has no screen of its own."))

        if self.screen is self.place:
            self.push_screen(FindScreen(self.store), picked)

    def action_views(self) -> None:
        """Go to a saved view."""
        if self.screen is self.place:
            from tui.screens.views import choose_view

            choose_view(self)

    def action_save_view(self) -> None:
        """Save what is shown as a view."""
        if self.screen is self.place:
            from tui.screens.views import save_view

            save_view(self)

    async def do(self, name: str) -> None:
        """Carry out an action by its name, wherever its method is."""
        scope = ACTIONS[name].scope
        owner: DOMNode = self if scope == "app" else self.screen
        if isinstance(owner, Place):
            owner = owner.owner_of(scope)
        await self.run_action(name, owner)

    async def on_header_pressed(self, event: Header.Pressed) -> None:
        """Go to the place that was clicked."""
        await self.do(event.action)

    async def on_footer_pressed(self, event: Footer.Pressed) -> None:
        """Do what a clicked hint says."""
        action = ACTIONS[event.action]
        if action.scope in WHILE_TYPING:
            if self.focused is not None:
                has = hasattr(self.focused, f"action_{event.action}")
                await self.run_action(event.action, self.focused if has else self.screen)
        else:
            await self.do(event.action)

    def action_interrupt(self) -> None:
        """Say how to quit: this key copies in an editor, where a quit would be a nasty surprise."""
        self.say(_("{quit} quits").format_map(KeyNames(self.keymap)))

    async def action_quit(self) -> None:
        """Leave; whatever was typed and not saved is there again the next time."""
        for screen in self.all_places():
            await screen.keep_everything_typed()
        self.note_left_off()
        if self._watcher is not None:
            await self._send_the_rest()
            self._watcher.stop(timeout=1.0)
        self.exit()

    async def _send_the_rest(self) -> None:
        """Let the last edits reach the teammates before the app is gone, unless that takes long."""
        end = monotonic() + SEND_SECONDS
        while monotonic() < end:
            line = current_line(self.store)
            if not line.outbox or line.phase in (OFFLINE, PAUSED, FAILED):
                return
            self.say(_("Sending the last changes…"))
            await asyncio.sleep(0.05)


def _takes_text(node: DOMNode) -> bool:
    return getattr(node, "SCOPE", "") in WHILE_TYPING


def run(store: Store, config: Config | None = None, *, sync: bool = True) -> int:
    """Open the app on a store and return its exit code when it is closed."""
    app = SameboatApp(store, config, sync=sync)
    app.run()
    return app.return_code or 0
