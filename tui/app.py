"""The app: opens the board, carries out actions, and stays true to what others do meanwhile."""

from __future__ import annotations

import gc
import os
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from store.day_plan_clock import clock_words, running_clock
from store.errors import StoreError
from tui.actions import ACTIONS, WHILE_TYPING
from tui.bindings import bindings
from tui.config import Config, load_config
from tui.drafts import Drafts
from tui.i18n import _
from tui.keys_ahead import KeysAhead
from tui.left_off import LeftOff
from tui.live import POLL_SECONDS, TICK_SECONDS, has_places
from tui.palette import KeyNames
from tui.screens.board import BoardScreen
from tui.screens.place import Place
from tui.sync_shown import SyncShown
from tui.terminal_kind import CAPABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from textual.dom import DOMNode
    from textual.screen import Screen

    from store.changes import ChangeSet
    from store.checkpoint import Checkpoints
    from store.commands import Change
    from store.database import Store
    from tui.actions import Situation
    from tui.repeating import Repeat
    from tui.screens.choices import Picked
    from tui.terminal_kind import TerminalKind
    from tui.widgets.footer import Footer
    from tui.widgets.header import Header

YOUNG = 5_000  # objects made between two looks for garbage: a few keys' worth, so that few keys wait for one

# Errors that stand until somebody does something about them: a banner, not a passing word.
_STANDING = frozenset(
    {"disk-full", "read-only", "corrupt", "busy", "cannot-open", "database", "newer-database"}
)


class SameboatApp(KeysAhead, SyncShown, inherit_bindings=False):
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
        self._checkpoints: Checkpoints | None = None
        self.repeatable: Repeat | None = None
        self._today = store.today()
        self.dress()

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
        for screen in self.all_places():
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
            if changes.touches("time_entry") and self.screen is self.place:
                self.place.show_hints()  # and with them the clock that runs

    def _poll(self) -> None:
        if not self.is_running:
            return  # the timer went off while the app closed: there is no screen to show anything
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
        if not self.is_running:
            return
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

    def action_sync_details(self) -> None:
        """Show how sync stands."""
        from tui.screens.sync import SyncScreen

        if self.screen is self.place:
            self.push_screen(SyncScreen(self))
            self.call_after_refresh(self._show_sync)

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
