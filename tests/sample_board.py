"""A board in memory, for tests of the widgets that draw one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from textual.app import App

from store.queries import CONFLICTS, Card, Position
from tui.theme import DARK, THEMES
from tui.widgets.board import BoardView, Column, Department, Lane, Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.message import Message

TODAY = date(2026, 11, 25)  # a Wednesday
NAMES = Names(
    {
        "dep-yf": Department("研发", "blue"),
        "dep-sc": Department("市场", "orange"),
        "dep-fw": Department("Legal"),
    },
    {"mem-ll": "李雷", "mem-hm": "Meimei Han"},
)
STATUSES = ("backlog", "doing", "review", "done", CONFLICTS)


def card(card_id: str, title: str = "", **facts: object) -> Card:
    """Return an item's card with a short id made of its id."""
    return Card(card_id, card_id, "item", title or f"Title of {card_id}", **facts)  # type: ignore[arg-type]


def conflict(card_id: str, title: str, **facts: object) -> Card:
    """Return a conflict's card."""
    return Card(card_id, card_id, "conflict", title, **facts)  # type: ignore[arg-type]


class Cards:
    """A source whose cards a test may change, and that counts what the board asks for."""

    def __init__(self, *, lanes: bool = False, wip: dict[str, int] | None = None) -> None:
        self.stacks: dict[str, list[Card]] = {status: [] for status in STATUSES}
        self.by_lane = lanes
        self.wip = wip or {}
        self.fetched = 0

    def fill(self, column: str, count: int, department: str = "") -> None:
        """Put so many cards into a column: `backlog-0`, `backlog-1` and so on."""
        start = len(self.stacks[column])
        self.stacks[column] += [card(f"{column}-{start + n}", department=department) for n in range(count)]

    def columns(self) -> Sequence[Column]:
        """Return the statuses and the conflicts."""
        categories = {"backlog": "todo", "doing": "doing", "review": "doing", "done": "done"}
        return [
            Column(name, name.capitalize(), len(cards), self.wip.get(name), categories.get(name, ""))
            for name, cards in self.stacks.items()
        ]

    def lanes(self) -> Sequence[Lane]:
        """Return a lane for each department, the ones without last."""
        if not self.by_lane:
            return ()
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for column, cards in self.stacks.items():
            for found in cards:
                counts[found.department][column] = counts[found.department].get(column, 0) + 1
        order = sorted(counts, key=lambda key: (not key, key))
        return [Lane(key, NAMES.department(key) or "None", counts[key], NAMES.colour(key)) for key in order]

    def window(self, column: str, offset: int, limit: int, lane: str | None = None) -> Sequence[Card]:
        """Return a few cards, counting them."""
        cards = [found for found in self.stacks[column] if lane is None or found.department == lane]
        window = cards[offset : offset + limit]
        self.fetched += len(window)
        return window

    def position(self, card_id: str) -> Position | None:
        """Return where a card stands."""
        for column, cards in self.stacks.items():
            for found in cards:
                if found.id == card_id:
                    lane = found.department if self.by_lane else ""
                    peers = [peer.id for peer in cards if not self.by_lane or peer.department == lane]
                    return Position(column, peers.index(card_id), lane)
        return None


class BoardApp(App[None]):
    """Nothing but a board, that keeps what it said."""

    def __init__(self, source: Cards, *, theme: str = DARK, density: str = "auto") -> None:
        super().__init__()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self.board = BoardView(source, names=NAMES, today=TODAY, density=density)
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        """Yield the board."""
        yield self.board

    def on_mount(self) -> None:
        """Let the keys act on the board."""
        self.board.focus()

    def on_board_view_card_highlighted(self, event: Message) -> None:
        """Keep what was said."""
        self.said.append(event)

    on_board_view_card_opened = on_board_view_card_highlighted
    on_board_view_selection_changed = on_board_view_card_highlighted
    on_board_view_column_clicked = on_board_view_card_highlighted


def drawn(app: BoardApp, slot: int) -> list[str]:
    """Return the lines of a column as they are on the screen."""
    view = app.board.query("ColumnView")[slot]
    return [strip.text for strip in view.render_lines(view.size.region)]
