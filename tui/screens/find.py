"""Finding anything: one line over whatever is open, and what it finds in all that the workspace holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import get_current_worker

from store import schema
from store.finding_anything import BY_COMMENT, BY_HISTORY, Hit, find_anything, may_be_initials
from tui.i18n import _
from tui.screens.choices import Choice
from tui.screens.picker import Picker, PickerLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.database import Store

WAIT = 0.25  # seconds without a key after which the history is looked through as well
WIDTH = 100


class InitialsRead(Message):
    """The initials of names that no column holds have been made, in a thread."""

    def __init__(self, initials: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.initials = initials


class HistoryFound(Message):
    """What once said a text has been found, in a thread."""

    def __init__(self, text: str, hits: Sequence[Hit]) -> None:
        super().__init__()
        self.text = text
        self.hits = hits


class FindScreen(Picker):
    """Shows what is found while one types; what things said before comes a moment later."""

    def __init__(self, store: Store) -> None:
        self._initials: dict[str, Sequence[str]] = {}
        self._past: dict[str, Sequence[Hit]] = {}
        self._store = store
        super().__init__(_("Find anything: words, a short id, pinyin initials"), (), find=self._hits)

    def on_mount(self) -> None:
        """Make the initials of names meanwhile."""
        super().on_mount()
        home = self._store.home
        self.run_worker(partial(self._read_initials, home), group="initials", thread=True)

    def _read_initials(self, home: str) -> None:
        from store.finding_beside import initials_of

        worker = get_current_worker()
        for found in initials_of(home):
            if worker.is_cancelled:
                return
            self.post_message(InitialsRead(found))

    def on_initials_read(self, event: InitialsRead) -> None:
        """Find by them from now on."""
        event.stop()
        self._initials |= event.initials
        if may_be_initials(self.query_one(PickerLine).value.strip()):
            self._again()

    def _hits(self, text: str) -> Sequence[Choice]:
        text = text.strip()
        hits = find_anything(self._store, text, initials=self._initials)
        known = {hit.id for hit in hits}
        hits += [hit for hit in self._past.get(text, ()) if hit.id not in known]
        if text not in self._past:
            self.set_timer(WAIT, partial(self._look_back, text))
        return [choice_of(hit) for hit in hits] or [Choice("-", _("Nothing has this."), disabled=True)]

    def _look_back(self, text: str) -> None:
        if self.is_attached and self.query_one(PickerLine).value.strip() == text and text not in self._past:
            self._past[text] = ()
            work = partial(self._search_history, self._store.home, text)
            self.run_worker(work, group="history", exclusive=True, thread=True)

    def _search_history(self, home: str, text: str) -> None:
        from store.finding_beside import history_of

        self.post_message(HistoryFound(text, history_of(home, text)))

    def on_history_found(self, event: HistoryFound) -> None:
        """Show what was found, if it is still asked for."""
        event.stop()
        self._past[event.text] = event.hits
        if event.hits and self.query_one(PickerLine).value.strip() == event.text:
            self._again()

    def _again(self) -> None:
        line = self.query_one(PickerLine)
        if line.value.strip():
            before = self._highlighted()
            self._narrow(line.value)
            self.highlight(before.key if before else "")

    def _width(self) -> int:
        return min(WIDTH, self.app.size.width - 4)


def choice_of(hit: Hit) -> Choice:
    """Return a hit as a line to choose: its kind, short id and title, and where the words stand."""
    kind = _(schema.KINDS[hit.kind].label)
    detail = hit.bit
    if hit.where == BY_COMMENT:
        detail = _("comment: {text}").format(text=hit.bit)
    elif hit.where == BY_HISTORY:
        detail = _("before: {text}").format(text=hit.bit)
    label = "  ".join(part for part in (kind, hit.short, hit.title) if part)
    return Choice(hit.id, label, detail, colour="$text-muted" if hit.over else "")
