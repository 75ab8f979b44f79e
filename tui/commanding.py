"""Actions chosen by name, by letters on the screen, and given other keys: what reaches everything the app can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.actions import ACTIONS, SCOPES, WHILE_TYPING
from tui.i18n import _
from tui.palette import HOMES
from tui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.left_off import LeftOff
    from tui.screens.choices import Picked
    from tui.screens.jump import Target

TRIES = 100  # refreshes that a place may take until it stands and can be told what to do

BESIDE, INSTEAD, USUAL, NONE = "beside", "instead", "usual", "none"


class Commanding(Preferences, inherit_bindings=False):
    """The palette, the jump overlay and the changing of keys."""

    left_off: LeftOff

    # By name

    def action_palette(self) -> None:
        """Choose any action by name."""
        from tui.palette import commands, finder
        from tui.screens.picker import Picker

        scope = self.place.scope
        if scope in WHILE_TYPING:
            scope = self.place.SCOPE
        place = self.place.SCOPE

        async def picked(answer: Picked | None) -> None:
            chosen = answer.chosen if answer else ()
            if chosen:
                self.left_off.used(chosen[0])
                await self.do_anywhere(chosen[0])

        choices = commands(scope, place, self.situation, self.keymap, self.left_off.commands)
        self.push_screen(Picker(_("All commands"), choices, find=finder(choices)), picked)

    async def do_anywhere(self, name: str) -> None:
        """Carry out an action, going to the place it is at home in first."""
        scope = ACTIONS[name].scope
        here = {self.place.scope, self.place.SCOPE, *SCOPES[self.place.SCOPE]}
        if scope not in HOMES or scope in here:
            await self.do(name)
            return
        await self.do_at(HOMES[scope], name)

    async def do_at(self, place: str, name: str) -> None:
        """Go to a place, by the action that does, and carry out an action there."""
        await self.run_action(place)
        if self.place.PLACE == place:  # nothing held one back, such as a pending change
            self.call_after_refresh(self._do_there, name, TRIES)

    async def _do_there(self, name: str, tries: int) -> None:
        place = self.place
        if not place.is_mounted or self.screen is not place:
            if tries:
                self.call_after_refresh(self._do_there, name, tries - 1)
            return
        scope = ACTIONS[name].scope
        if hasattr(place, "show_tab") and "tabs" in SCOPES[scope]:
            await place.show_tab(scope)
        await self.do(name)

    # By letters

    def action_jump(self) -> None:
        """Label what can be gone to on the screen, and go to what is typed."""
        from tui.screens.jump import JumpScreen, targets_of

        screen = self.screen
        targets = targets_of(screen, self.focused)
        if not targets:
            self.say(_("There is nothing here to go to."))
            return

        def picked(target: Target | None) -> None:
            if target is not None:
                screen.call_later(target.go)

        self.push_screen(JumpScreen(screen._compositor.render_strips(), targets), picked)

    # Keys

    def action_change_key(self) -> None:
        """Choose an action, then press the key it is to have."""
        from tui.screens.choices import Choice
        from tui.screens.picker import Picker

        choices = [
            Choice(
                action.id,
                _(action.label),
                " ".join([self.keymap.shown(action.id), _(action.group)]).strip(),
                search=(action.label, action.id.replace("_", " ")),
            )
            for action in ACTIONS.values()
        ]

        def picked(answer: Picked | None) -> None:
            chosen = answer.chosen if answer else ()
            if chosen:
                self._ask_how(chosen[0])

        self.push_screen(Picker(_("Change the key of what?"), choices), picked)

    def _ask_how(self, name: str) -> None:
        from tui.keymap import key_label
        from tui.screens.choices import Choice
        from tui.screens.picker import Picker

        now = " ".join(key_label(key) for key in self.keymap.keys(name))
        usual = " ".join(key_label(key) for key in self.keymap.usual(name))
        choices = [
            Choice(INSTEAD, _("Press another key"), _("in place of {keys}").format(keys=now) if now else "")
        ]
        if now:
            choices.append(Choice(BESIDE, _("Press one more key"), _("beside {keys}").format(keys=now)))
        choices.append(
            Choice(USUAL, _("Back to the default"), usual, disabled=name not in self.keymap.changed())
        )
        if now:
            choices.append(Choice(NONE, _("No key")))

        def picked(answer: Picked | None) -> None:
            chosen = answer.chosen if answer else ()
            if not chosen:
                return
            if chosen[0] == USUAL:
                self._write_keys(name, None)
            elif chosen[0] == NONE:
                self._write_keys(name, ())
            else:
                self._ask_key(name, self.keymap.keys(name) if chosen[0] == BESIDE else ())

        self.push_screen(Picker(_(ACTIONS[name].label), choices), picked)

    def _ask_key(self, name: str, held: Sequence[str]) -> None:
        from tui.screens.key_press import KeyPress

        def pressed(key: str | None) -> None:
            if key:
                self._write_keys(name, [*held, *([key] if key not in held else [])], taking=key)

        self.push_screen(KeyPress(name, self.keymap), pressed)

    def _write_keys(self, name: str, keys: Sequence[str] | None, *, taking: str = "") -> None:
        """Write keys into the config file and read it; an action that was given the key there gives it up."""
        from tui.config_writing import write_keys
        from tui.keymap import key_label, written_name
        from tui.sentences import sentence

        wanted: dict[str, Sequence[str] | None] = {
            name: None if keys is None else [written_name(key) for key in keys]
        }
        changed = self.keymap.changed()
        for other in self.keymap.holders(name, taking) if taking else ():
            if other in changed:
                wanted[other] = [written_name(key) for key in self.keymap.keys(other) if key != taking]
        try:
            write_keys(self.config.path, wanted)
        except StoreError as error:
            self.say(sentence(error), error=True)
            return
        self.action_reload_config()
        now = " ".join(key_label(key) for key in self.keymap.keys(name)) or _("no key")
        self.say(
            _("✓ {action}: {keys} · written in {path}").format(
                action=_(ACTIONS[name].label), keys=now, path=self.config.path
            )
        )
