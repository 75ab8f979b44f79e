"""The places one goes to with a key: each is made when it is first gone to, and kept as it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.changes import ChangeSet
from tui.commanding import Commanding
from tui.left_off import Spot, text_of
from tui.widgets.header import PLACES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from tui.screens.board import BoardScreen
    from tui.screens.place import Place


# Where things of a kind are at home: the action that leads there; what is not named here has no place of its own.
HOMES = {
    "feedback": "show_feedback", "commitment": "show_feedback", "meeting": "show_feedback",
    "decision": "show_feedback", "retro": "show_feedback", "case": "show_feedback", "playbook": "show_feedback",
    "goal": "show_goals", "need": "show_team", "request": "show_team", "department": "show_team",
    "key_date": "show_team", "member": "show_team", "absence": "show_team",
}  # fmt: skip


class Places(Commanding, inherit_bindings=False):
    """Knows where one is and goes elsewhere; the board lies beneath every other place."""

    def __init__(self) -> None:
        super().__init__()
        self._board: BoardScreen | None = None
        self._over: Place | None = None  # where one works, when that is not the board beneath
        self._kept: dict[type[Place], Place] = {}
        # What those out of sight have not shown, and the day they were last in sight.
        self._missed: dict[type[Place], ChangeSet] = {}
        self._left: dict[type[Place], datetime.date] = {}

    @property
    def starts_elsewhere(self) -> bool:
        """Whether the app opens on another place than the board."""
        return self._start != "show_board"

    @property
    def _start(self) -> str:
        """The action that leads to the place the app opens on: Today, if nobody said otherwise."""
        start = self.config.get("start")
        if start == "last":
            return self.left_off.place if self.left_off.place in PLACES else "show_today"
        return f"show_{start or 'today'}"

    def go_to_start(self) -> None:
        """Go to the place the app opens on."""
        show = getattr(self, f"action_{self._start}", None) if self.starts_elsewhere else None
        if show is not None:
            show()

    def come_back(self) -> None:
        """Take the board to where it was left, unless somebody has gone on meanwhile."""
        board = self.board_screen
        spot = self.left_off.spot(board.PLACE)
        board.come_back(spot)
        if board.board.is_mounted:
            self._show_view_again(board, spot)

    def _show_view_again(self, place: Place, spot: Spot) -> None:
        """Show the saved view that was in force when a place was left."""
        if text_of(spot, "view"):
            from tui.screens.views import show_again

            show_again(place, text_of(spot, "view"))

    def _spot_of(self, place: Place) -> Spot:
        """Return where one is in a place, and under which saved view."""
        if place is self.board_screen and not self.board_screen.board.is_mounted:
            return place.spot()  # it was not gone to, and is left where it was
        spot = {name: value for name, value in place.spot().items() if name != "view"}
        view = getattr(place, "view", None)
        return spot | {"view": view.id} if view is not None else spot

    def note_left_off(self) -> None:
        """Write down where one is in every place that was gone to."""
        for place in self.all_places():
            spot = self._spot_of(place) if place.is_mounted else {}
            if spot:
                self.left_off.note(place.PLACE, spot)
        self.left_off.place = self.place.PLACE
        self.left_off.write()

    @property
    def board_screen(self) -> BoardScreen:
        """The board, whatever lies over it."""
        assert self._board is not None
        return self._board

    @property
    def place(self) -> Place:
        """The screen one works at, whatever lies over it."""
        return self._over or self.board_screen

    def living_places(self) -> Collection[Place]:
        """Return the board and the place in sight: what is told as it comes."""
        return tuple(dict.fromkeys((self.board_screen, self.place)))

    def all_places(self) -> Collection[Place]:
        """Return every place that was made, those out of sight too."""
        return tuple(dict.fromkeys((self.board_screen, *self._kept.values())))

    def renewed_places(self) -> Collection[Place]:
        """Return the places in sight; the others, which hold words and keys of before, are made anew when gone to."""
        for kind, place in tuple(self._kept.items()):
            if place is not self._over:
                self._let_go(kind)
        return self.living_places()

    def _let_go(self, kind: type[Place]) -> None:
        place = self._kept.pop(kind)
        if place.is_mounted:
            self.left_off.note(place.PLACE, self._spot_of(place))
        self._missed.pop(kind, None)
        self._left.pop(kind, None)
        self.uninstall_screen(place)

        async def remove() -> None:
            await place.keep_everything_typed()
            await place.remove()

        self.call_later(remove)

    def note_missed(self, changes: ChangeSet) -> None:
        """Remember for places out of sight what they have to show when they are gone to."""
        for kind, place in self._kept.items():
            if place is not self._over:
                self._missed.setdefault(kind, ChangeSet()).update(changes)

    def action_show_board(self) -> None:
        """Go to the board."""
        self.show_board()

    def show_board(self, ent: str = "") -> None:
        """Go to the board, to a card of it with its details open where one is named."""
        if self._leave_place():
            self.board_screen.lay_out()
            if ent:
                self.board_screen.follow(ent)
                self.board_screen.read_details()

    def action_show_today(self) -> None:
        """Go to Today."""
        from tui.screens.today.screen import TodayScreen

        self._go_to(TodayScreen)

    def action_show_timeline(self) -> None:
        """Go to the timeline."""
        from tui.screens.timeline import TimelineScreen

        self._go_to(TimelineScreen)

    def action_show_feedback(self, ent: str = "") -> None:
        """Go to the feedback, to what is named there."""
        self.show_feedback(ent)

    def show_feedback(self, ent: str = "") -> None:
        """Go to the feedback, to what is named there, else to what is under the cursor here."""
        from tui.screens.feedback.screen import FeedbackScreen

        self._go_to(FeedbackScreen, ent)

    def action_show_goals(self, ent: str = "") -> None:
        """Go to the goals, to what is named there, else to what is under the cursor here."""
        from tui.screens.goals.screen import GoalsScreen

        self._go_to(GoalsScreen, ent)

    def action_show_team(self, ent: str = "") -> None:
        """Go to the team, to what is named there, else to what is under the cursor here."""
        from tui.screens.team.screen import TeamScreen

        self._go_to(TeamScreen, ent)

    def show_at_home(self, ent: str) -> bool:
        """Go to where a thing is at home, the cursor on it; where one is already if it shows there.

        Tells whether there is such a place.
        """
        from store import queries
        from store.lookup import kind_of

        kind = kind_of(self.store, ent)
        if kind in ("comment", "check"):
            held = queries.entity_fields(self.store, kind, ent) or {}
            return self.show_at_home(str(held.get("on") or "")) if held.get("on") else False
        if kind in ("item", "conflict"):
            seek = getattr(self.place, "seek", None)
            if seek is not None and seek(ent):
                return True
            if kind == "item" or queries.position(self.store, ent) is not None:
                self.show_board(ent)
            else:
                self.show_feedback(ent)
            return True
        action = getattr(self, f"action_{HOMES.get(kind, '')}", None)
        if action is None:
            return False
        action(ent)
        return True

    def action_show_reports(self) -> None:
        """Go to the reports."""
        from tui.screens.reports import ReportsScreen

        self._go_to(ReportsScreen)

    def action_show_changes(self) -> None:
        """Go to what teammates did."""
        from tui.screens.changes.screen import ChangesScreen

        self._go_to(ChangesScreen)

    def action_show_list(self) -> None:
        """Go to the list."""
        from tui.screens.list_screen import ListScreen

        self._go_to(ListScreen)

    def _go_to(self, screen: type[Place], ent: str = "") -> None:
        """Go to a place, with the cursor on what is named, else on what it is on here."""
        if type(self.place) is screen:
            if ent:
                self.place.begin_at(ent)
            return
        ent = ent or next((card.id for card in self.place.targets()), "")
        if not self._may_leave():
            return
        kept = self._kept.get(screen)
        place = kept or self._made(screen)
        if self._over is None:
            self._over = place
            self.push_screen(place)
        else:
            self._note_left()
            self._over = place
            self.switch_screen(place)
        if kept is not None:
            self._catch_up(place)
        if ent:
            place.begin_at(ent)
        self._show_sync()

    def _made(self, screen: type[Place]) -> Place:
        place = self._kept[screen] = screen(self)  # type: ignore[arg-type]
        spot = self.left_off.spot(screen.PLACE)
        place.come_back(spot)
        self.install_screen(place, screen.PLACE)
        self._show_view_again(place, spot)
        return place

    def _catch_up(self, place: Place) -> None:
        """Show what came while a place was out of sight."""
        kind = type(place)
        if self._left.pop(kind, self.store.today()) != self.store.today():
            place.show_today()
        missed = self._missed.pop(kind, None)
        if missed:
            place.absorb(missed)

    def _note_left(self) -> None:
        if self._over is not None:
            self._left[type(self._over)] = self.store.today()

    def _may_leave(self) -> bool:
        """Tell whether one may go elsewhere: nothing lies on top, and nothing has to be kept or dropped first."""
        return self.screen is self.place and (self._over is None or self._over.may_leave())

    def _leave_place(self) -> bool:
        """Go back to the board; tells whether one is there."""
        if not self._may_leave():
            return False
        if self._over is not None:
            self._note_left()
            self._over = None
            self.pop_screen()
            self._show_sync()
        return True

    def _show_sync(self) -> None:
        raise NotImplementedError
