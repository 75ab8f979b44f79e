"""The top line: whose workspace this is, and how it stands with the teammates' copies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from tui.celltext import clean, truncate
from tui.i18n import N_, _, ngettext
from tui.signs import is_ascii
from tui.theme import glyph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import RenderResult

# How it stands with the teammates' copies.
OFFLINE = "offline"  # the workspace has no place to sync with
SYNCED = "synced"
SYNCING = "syncing"
WAITING = "waiting"  # some files of a teammate are not whole yet
PAUSED = "paused"  # the folder is away or wrong: nothing is read or written until it is back
FAILED = "failed"

# The screens one goes to with a key, in the order of their keys.
BOARD, TIMELINE, FEEDBACK = "show_board", "show_timeline", "show_feedback"
GOALS = "show_goals"
TEAM = "show_team"
REPORTS = "show_reports"
TODAY = "show_today"
CHANGES = "show_changes"
LIST = "show_list"
PLACES = {
    TODAY: N_("Today"),
    BOARD: N_("Board"),
    TIMELINE: N_("Timeline"),
    FEEDBACK: N_("Feedback"),
    GOALS: N_("Goals"),
    TEAM: N_("Team"),
    REPORTS: N_("Reports"),
    LIST: N_("List"),
    CHANGES: N_("Changes"),
}
TABS_FROM = 100  # columns from which all places are named, where they have room; else the one that one is at
LEAST_NAME = 8  # cells of a workspace's name, less of which says nothing
BRAND = " 同舟 Sameboat"
SHORT_BRAND = " 同舟"  # where the places have no room beside the whole name
ASCII_BRAND = " Sameboat"
MEETING_MOST = 16  # cells of a running meeting's title

_GLYPHS = {OFFLINE: "○", SYNCED: "⇅", SYNCING: "⇅", WAITING: "…", PAUSED: "‖", FAILED: "!"}
_STYLES = {WAITING: "$text-warning", PAUSED: "$text-warning", FAILED: "$text-error"}


class SyncLine(NamedTuple):
    """How sync stands, as the header shows it."""

    phase: str = OFFLINE
    peers: int = 0
    synced_at: int = 0  # ms since the epoch, 0 before the first time
    waiting: int = 0  # teammates' devices whose files are not whole yet
    outbox: int = 0  # own changes not yet in the folder
    message: str = ""  # why it is paused or failed, already in the language of the moment
    refused: str = ""  # what was refused and needs a person, likewise
    progress: int = -1  # percent of a long sync
    undecided: bool = False  # whether this device waits until somebody approves it
    readonly: bool = False  # whether no place may be written to

    def sentence(self, now: int) -> str:
        """Return the header's words for this state."""
        if self.phase == OFFLINE:
            return _("only on this machine")
        troubled = self.phase in (PAUSED, FAILED)
        if troubled:
            parts = [_("sync paused") if self.phase == PAUSED else _("sync failed")]
        else:
            parts = self._parts(now)
        if self.outbox:
            parts.append(_("{count} to send").format(count=self.outbox))
        if self.readonly and not troubled:
            parts.append(_("read-only"))
        return " · ".join(parts)

    def _parts(self, now: int) -> list[str]:
        parts = [ngettext("{count} peer", "{count} peers", self.peers).format(count=self.peers)]
        if self.waiting:
            parts.append(_("waiting for {count}").format(count=self.waiting))
        if self.undecided:
            parts.append(_("waits for approval"))
        if self.phase == SYNCING:
            parts.append(_("syncing") + (f" {self.progress}%" if self.progress >= 0 else ""))
        elif self.synced_at:
            parts.append(_("synced {ago}").format(ago=ago(now - self.synced_at)))
        return parts


def ago(elapsed: int) -> str:
    """Return a span of milliseconds as people say it: seconds coarsely, so that an idle line rarely changes."""
    seconds = max(elapsed, 0) // 1000
    if seconds < 5:
        return _("just now")
    if seconds < 60:
        return _("{count} s ago").format(count=seconds // 5 * 5)
    if seconds < 3600:
        return _("{count} min ago").format(count=seconds // 60)
    if seconds < 86_400:
        return _("{count} h ago").format(count=seconds // 3600)
    days = seconds // 86_400
    return ngettext("{count} day ago", "{count} days ago", days).format(count=days)


class Header(Widget):
    """One line: the program and the workspace on the left, sync on the right."""

    class Pressed(Message):
        """A place was clicked, or jumped to."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, workspace: str, *, place: str = BOARD) -> None:
        """Name a workspace; `place` is the screen the line stands on."""
        super().__init__()
        self._workspace = workspace
        self._place = place
        self._keys: dict[str, str] = {}
        self._conflicts = 0
        self._divergences = 0
        self._meeting: str | None = None
        self._news = 0
        self._spots: list[tuple[int, int, str]] = []  # where each place is named
        self._view = ""
        self._state = SyncLine()
        self._sentence = self._state.sentence(0)

    def show_workspace(self, name: str) -> None:
        """Show this workspace's name."""
        if name != self._workspace:
            self._workspace = name
            self.refresh()

    def show_conflicts(self, count: int) -> None:
        """Show how many conflicts are open, wherever the board stands."""
        if count != self._conflicts:
            self._conflicts = count
            self.refresh()

    def show_divergences(self, count: int) -> None:
        """Show how many cells have several versions for somebody to choose from."""
        if count != self._divergences:
            self._divergences = count
            self.refresh()

    def show_view(self, words: str) -> None:
        """Show which saved view is in force, '' where none is."""
        if words != self._view:
            self._view = words
            self.refresh()

    def show_meeting(self, title: str | None) -> None:
        """Show that a meeting runs, by its title; None where none does."""
        if title != self._meeting:
            self._meeting = title
            self.refresh()

    def show_news(self, count: int) -> None:
        """Show how many changes are for oneself and not seen yet."""
        if count != self._news:
            self._news = count
            self.refresh()

    def show_sync(self, state: SyncLine, now: int) -> None:
        """Show how sync stands; repaints only when a word of it changed."""
        sentence = state.sentence(now)
        if sentence != self._sentence or state.phase != self._state.phase:
            self._sentence = sentence
            self.refresh()
        self._state = state

    def render(self) -> RenderResult:
        """Draw the line, the workspace's name giving way first."""
        width = self.size.width
        sync = Content.styled(
            f"{_GLYPHS[self._state.phase]} {self._sentence} ", _STYLES.get(self._state.phase, "$text-muted")
        )
        if self._conflicts:
            words = ngettext("{count} conflict", "{count} conflicts", self._conflicts).format(
                count=self._conflicts
            )
            open_conflicts = Content.styled(f"{glyph('conflict')} {words}", "$text-warning")
            sync = Content.assemble(open_conflicts, "   ", sync)
        if self._divergences:
            mark = f"{glyph('divergence')} {self._divergences}"
            sync = Content.assemble((mark, "bold $text-warning"), "   ", sync)
        if self._news:
            words = ngettext("{count} for you", "{count} for you", self._news).format(count=self._news)
            sync = Content.assemble((words, "$text-muted"), "   ", sync)
        if self._meeting is not None:
            title = truncate(clean(self._meeting), MEETING_MOST)
            sync = Content.assemble((f"{glyph('meeting')} {title}", "bold $text-success"), "   ", sync)
        brand = Content.assemble((ASCII_BRAND if is_ascii() else BRAND, "bold $text-primary"))
        name = Content.assemble((" ─ ", "$text-muted"), (clean(self._workspace), ""))
        if self._view:
            name = Content.assemble((f" ─ {self._view}", "$text-accent"), name)
        brand, places = self._fitting(brand, name, width - sync.cell_length, alone=width < TABS_FROM)
        if places:
            sync = Content.assemble(Content("  ").join(part for _place, part in places), "   ", sync)
        self._note_spots(places, width - sync.cell_length)
        room = width - brand.cell_length - sync.cell_length - 1
        name = name.truncate(room, ellipsis=True) if room >= LEAST_NAME or not places else Content("")
        gap = max(width - brand.cell_length - name.cell_length - sync.cell_length, 1)
        return Content.assemble(brand, name, " " * gap, sync).truncate(width)

    def _fitting(
        self, brand: Content, name: Content, room: int, *, alone: bool
    ) -> tuple[Content, Sequence[tuple[str, Content]]]:
        """Return the program's name and the places that fit: all of them, else (or `alone`) the one that one is at."""
        short = Content.assemble(("" if is_ascii() else SHORT_BRAND, "bold $text-primary"))
        # A view's name comes before the program's.
        named = brand.cell_length + (name.cell_length if self._view else 0)
        every = [(place, self._named(place)) for place in PLACES]
        here = [(place, part) for place, part in every if place == self._place]
        for places in (here,) if alone else (every, here):
            cells = sum(part.cell_length + 2 for _place, part in places) + 1
            if named + cells < room:
                return brand, places
            if short.cell_length + cells < room:
                return short, places
        return brand, ()

    def _named(self, place: str) -> Content:
        """Return a place with the key that a keymap gives it, marked where one is there."""
        key = self._keys.get(place, "")
        style = "bold $text-primary" if place == self._place else "$text-muted"
        return Content.assemble((key, "bold $text-accent"), (" " if key else ""), (_(PLACES[place]), style))

    def _note_spots(self, places: Sequence[tuple[str, Content]], x: int) -> None:
        self._spots.clear()
        for place, part in places:
            self._spots.append((x, x + part.cell_length, place))
            x += part.cell_length + 2

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where each place is named, and what goes there."""
        x, y, _width, _height = self.region
        return [
            (Region(x + start, y, end - start, 1), partial(self.post_message, self.Pressed(place)))
            for start, end, place in self._spots
        ]

    def on_click(self, event: events.Click) -> None:
        """Go to the place that was clicked."""
        for start, end, place in self._spots:
            if start <= event.x < end:
                self.post_message(self.Pressed(place))

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys before the places they lead to."""
        if keys != self._keys:
            self._keys = dict(keys)
            self.refresh()
