"""Keys on their way: those typed ahead, the count before one, and why one does nothing now.

Each is delivered to what has the focus when it comes, and does what it is bound to later.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual.events import Key

from tui.actions import ACTIONS, COUNTED, WHILE_TYPING, in_scope, is_repeated
from tui.counts import Counts
from tui.i18n import _
from tui.palette import refusal
from tui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.events import Event

    from tui.actions import Action


class KeysAhead(Preferences, inherit_bindings=False):
    """Sees every key before what it is for, and every action before it is done."""

    def __init__(self) -> None:
        super().__init__()
        self._aims: WeakKeyDictionary[Key, DOMNode] = WeakKeyDictionary()
        self._key_ahead: Key | None = None
        self._counts = Counts()
        self._counted: WeakKeyDictionary[Key, int] = WeakKeyDictionary()  # keys that came after a count
        self._count_given = 0  # to the key that is being done
        self.count = 1  # for an action that takes one
        self.hurrying = False  # through a count: what follows the cursor need not be shown at every step
        self._keys_behind: list[Key] = []

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
            reason = refusal(known, self.situation, self.keymap)
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


def _takes_text(node: DOMNode) -> bool:
    return getattr(node, "SCOPE", "") in WHILE_TYPING
