"""What a person sees and does on the board's columns, with cards in memory."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import MagicMock, patch

import pytest
from textual.events import MouseScrollDown
from textual.strip import Strip

from tests.sample_board import TODAY, BoardApp, Cards, card, conflict, drawn
from tui.celltext import cell_width
from tui.i18n import set_language
from tui.theme import LIGHT
from tui.widgets.board import BoardView, Department, Names
from tui.widgets.board.column import ColumnView
from tui.widgets.board.painter import Painter

WIDE = (160, 45)
SMALL = (80, 24)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def cards() -> Cards:
    source = Cards(wip={"doing": 3, "review": 2})
    source.fill("backlog", 40)
    source.fill("doing", 3)
    source.fill("review", 4)
    source.fill("done", 6)
    source.stacks["conflicts"] = [
        conflict("wf-1", "发布日提前两周", parties=("dep-yf", "dep-sc"), severity=2)
    ]
    return source


def at(app: BoardApp) -> str:
    return app.board.card.id if app.board.card else ""


def lines_of(refreshed: MagicMock) -> int:
    """Return how many lines columns had painted anew, one that had all of them as many as it has."""
    return sum(
        sum(region.height for region in call.args[1:]) if call.args[1:] else call.args[0].size.height
        for call in refreshed.call_args_list
    )


# What it costs


async def test_a_column_of_100000_cards_asks_for_no_more_than_what_is_in_sight() -> None:
    cards = Cards()
    cards.fill("backlog", 100_000)
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert cards.fetched <= 64
        app.board.end()
        await pilot.pause()
        assert at(app) == "backlog-99999"
        assert any("backlog-99999" in line for line in drawn(app, 0))
        assert cards.fetched <= 160


async def test_moving_the_cursor_paints_two_cards(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        with (
            patch.object(Painter, "_card", autospec=True, side_effect=Painter._card) as painted,
            patch.object(ColumnView, "refresh", autospec=True, side_effect=ColumnView.refresh) as refreshed,
        ):
            app.board.move_cursor(dy=1)
            await pilot.pause()
        assert painted.call_count == 2
        assert lines_of(refreshed) == 2 * app.board.grid.shape.lines


async def test_a_changed_card_is_the_only_one_drawn_anew(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        cards.stacks["doing"][1] = card("doing-1", "Another title")
        with patch.object(Painter, "_card", autospec=True, side_effect=Painter._card) as painted:
            app.board.refresh_rows(["doing-1"])
            await pilot.pause()
        assert painted.call_count == 1
        assert any("Another title" in line for line in drawn(app, 1))


# What it shows


async def test_a_card_says_whose_it_is_what_presses_and_what_else_there_is(cards: Cards) -> None:
    cards.stacks["doing"][0] = card(
        "lp-12",
        "定价页文案",
        department="dep-sc",
        owner="mem-ll",
        priority=1,
        due="2026-11-27",
        divergences=1,
        comments=3,
        checks=5,
        checks_done=2,
        blocked="等合同",
    )
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        lines = drawn(app, 1)
    assert lines[2].startswith("▌lp-12 定价页文案")
    assert lines[3].startswith("▌市场 · 李雷")
    assert lines[3].rstrip().endswith("▲P1 due Fri")
    assert lines[4].startswith("▌≠1 ⊘ 等合同")
    assert lines[4].rstrip().endswith("❝3 ☐2/5")


@pytest.mark.parametrize(
    ("due", "english_words", "chinese_words"),
    [
        ("2026-11-22", "3d late", "逾期3天"),
        ("2026-11-25", "today", "今天"),
        ("2026-11-26", "due tomorrow", "明天到期"),
        ("2026-11-27", "due Fri", "周五到期"),
        ("2026-12-24", "due 24 Dec", "12月24日到期"),
        ("2027-01-05", "due 5 Jan 2027", "2027年1月5日到期"),
        ("whenever", "whenever", "whenever"),
    ],
)
async def test_a_due_day_is_said_in_words(
    cards: Cards, due: str, english_words: str, chinese_words: str
) -> None:
    cards.stacks["doing"][0] = card("lp-1", due=due)
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert drawn(app, 1)[3].rstrip().endswith(english_words)
        set_language("zh_CN")
        app.board.names = Names()
        await pilot.pause()
        assert drawn(app, 1)[3].rstrip().endswith(chinese_words)


async def test_finished_cards_no_longer_press(cards: Cards) -> None:
    cards.stacks["done"][0] = card("lp-1", due="2026-11-01", priority=0, blocked="by nobody")
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        text = "".join(drawn(app, 3))
    assert "late" not in text
    assert "P0" not in text
    assert "by nobody" not in text


async def test_a_conflict_shows_both_sides_and_how_it_stands(cards: Cards) -> None:
    cards.stacks["conflicts"] = [
        conflict(
            "wf-3", "发布日提前两周", parties=("dep-yf", "dep-sc"), severity=2, state="negotiating",
            root_cause="resources", owner="mem-ll", follow_up="2026-11-27",
        )
    ]  # fmt: skip
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        lines = drawn(app, 4)
    assert lines[2].startswith("▌wf-3 发布日提前两周")
    assert lines[3].startswith("▌研发 ⇄ 市场")
    assert lines[3].rstrip().endswith("↻Fri ▲2")
    assert lines[4].startswith("▌negotiating · resources · 李")


async def test_the_title_shows_the_count_and_whether_the_limit_is_passed(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        titles = [drawn(app, slot)[0].strip() for slot in range(4)]
    assert titles == ["Backlog 40", "Doing 3/3", "Review 4/2 ▲", "Done 6"]


async def test_an_empty_column_says_what_it_is_for(cards: Cards) -> None:
    cards.stacks["conflicts"].clear()
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        text = " ".join(line.strip() for line in drawn(app, 4)[2:6])
    assert "No open conflict. Log one while people still talk." in text


HOSTILE = [
    "\x1b[31mred\x1b[0m \x9b2J \x07",
    "[bold]not markup[/] [@click=app.quit]x[/]",
    "👨\u200d👩\u200d👧 ❤\ufe0f 🇨🇳 👍🏽 한글 עברית",
    "z" + "\u0301" * 300,
    "\u202eoverride \u2066isolate",
    "two\nlines\tand\rmore",
    "宽" * 200,
    "\ud800 half a pair",
    "",
]


@pytest.mark.parametrize("size", [SMALL, WIDE, (31, 10)])
async def test_whatever_a_text_holds_columns_line_up_and_nothing_steers(
    cards: Cards, size: tuple[int, int]
) -> None:
    cards.stacks["backlog"] = [
        card(f"b{n}", text, owner=text, blocked=text, labels=(text,), due=text)._replace(short=text or "b")
        for n, text in enumerate(HOSTILE)
    ]
    app = BoardApp(cards)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        view = app.board.query(ColumnView)[0]
        lines = drawn(app, 0)
        assert {cell_width(line) for line in lines} == {view.size.width}
        text = "".join(lines)
        assert not {char for char in text if ord(char) < 32 or 127 <= ord(char) < 160}
        assert not set(text) & set("\u200d\ufe0f\u202e\u2066\ud800")
        for strip in view.render_lines(view.size.region):
            assert Strip(list(strip)).cell_length == view.size.width
        if size == WIDE:
            assert any("[bold]not markup[/] [@cl" in line for line in lines)


async def test_the_colours_follow_the_theme(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        view = app.board.query(ColumnView)[1]
        before = view.render_lines(view.size.region)[2]
        app.theme = LIGHT
        await pilot.pause()
        after = view.render_lines(view.size.region)[2]
    assert before.text == after.text
    assert [segment.style for segment in before] != [segment.style for segment in after]


async def test_names_and_the_day_can_change_while_the_board_is_open(cards: Cards) -> None:
    cards.stacks["doing"][0] = card("lp-1", department="dep-yf", due="2026-11-26")
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.names = Names({"dep-yf": Department("Engineering")})
        app.board.today = TODAY.replace(day=29)
        await pilot.pause()
        assert drawn(app, 1)[3].startswith("▌Engineering")
        assert drawn(app, 1)[3].rstrip().endswith("3d late")


async def test_a_small_terminal_shows_more_cards_in_fewer_lines(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert sum("Title of" in line for line in drawn(app, 0)) == 11
        app.board.density = "comfortable"
        await pilot.pause()
        assert sum("Title of" in line for line in drawn(app, 0)) == 6


async def test_without_the_focus_the_cursor_stays_visible_but_quieter(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        view = app.board.query(ColumnView)[0]
        focused = view.render_lines(view.size.region)[2]
        app.set_focus(None)
        await pilot.pause()
        blurred = view.render_lines(view.size.region)[2]
        resting = view.render_lines(view.size.region)[6]
    grounds = {
        segment.style.bgcolor
        for strip in (focused, blurred, resting)
        for segment in [*strip][1:2]
        if segment.style
    }
    assert len(grounds) == 3
    assert blurred.text.startswith("█")


# Moving about


async def test_the_cursor_moves_by_cards_columns_pages_and_to_the_ends(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert at(app) == "backlog-0"
        app.board.move_cursor(dy=2)
        assert at(app) == "backlog-2"
        app.board.move_cursor(dx=1)
        assert at(app) == "doing-2"
        app.board.move_cursor(dy=5)
        assert at(app) == "doing-2"
        app.board.home()
        assert at(app) == "doing-0"
        app.board.last_column()
        assert at(app) == "wf-1"
        app.board.first_column()
        app.board.end()
        assert at(app) == "backlog-39"
        app.board.page(-1)
        assert at(app) == "backlog-30"
        app.board.move_cursor(dy=-100)
        assert at(app) == "backlog-0"


async def test_moving_to_the_side_stays_level_even_past_a_short_column(cards: Cards) -> None:
    cards.stacks["doing"] = cards.stacks["doing"][:1]
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=3)
        app.board.move_cursor(dx=1)
        assert at(app) == "doing-0"
        app.board.move_cursor(dx=1)
        assert at(app) == "review-3"
        app.board.move_cursor(dx=-2)
        assert at(app) == "backlog-3"


async def test_an_empty_column_can_be_entered_and_left(cards: Cards) -> None:
    cards.stacks["doing"].clear()
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dx=1)
        assert app.board.card is None
        assert app.board.column is not None
        assert app.board.column.id == "doing"
        assert app.board.targets == ()
        app.board.move_cursor(dy=1)
        app.board.move_cursor(dx=1)
        assert at(app).startswith("review")


async def test_columns_that_do_not_fit_are_counted_and_come_when_the_cursor_does(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert [drawn(app, slot)[0].split()[0] for slot in range(3)] == ["Backlog", "Doing", "Review"]
        assert drawn(app, 2)[1].rstrip().endswith("2›")
        app.board.last_column()
        await pilot.pause()
        assert [drawn(app, slot)[0].split()[0] for slot in range(3)] == ["Review", "Done", "Conflicts"]
        assert drawn(app, 0)[1].startswith("‹2")
        app.board.first_column()
        await pilot.pause()
        assert drawn(app, 0)[0].split()[0] == "Backlog"


async def test_a_column_remembers_how_far_it_was_scrolled_while_out_of_sight(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        app.board.end()
        app.board.last_column()
        await pilot.pause()
        app.board.first_column()
        await pilot.pause()
        assert any("backlog-39" in line for line in drawn(app, 0))


async def test_the_cursor_is_on_screen_after_the_terminal_changed_its_size(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.last_column()
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert any("wf-1" in line for line in drawn(app, 1))
        app.board.first_column()
        app.board.end()
        await pilot.resize_terminal(200, 50)
        await pilot.pause()
        assert any("backlog-39" in line for line in drawn(app, 0))
        assert drawn(app, 4)[0].split()[0] == "Conflicts"


async def test_going_to_a_card_brings_it_into_sight(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert app.board.go_to("done-5")
        await pilot.pause()
        assert at(app) == "done-5"
        assert any("done-5" in line for line in drawn(app, 2))
        assert not app.board.go_to("nowhere")
        assert at(app) == "done-5"


async def test_neighbours_are_named_for_those_who_move_cards(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=1)
        above, below = app.board.card_at(-1), app.board.card_at(1)
        assert above is not None
        assert below is not None
        assert (above.id, below.id) == ("backlog-0", "backlog-2")
        right = app.board.column_at(1)
        assert right is not None
        assert right.id == "doing"
        assert app.board.column_at(-1) is None


async def test_the_board_says_where_the_cursor_is_once_a_move(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.said.clear()
        app.board.move_cursor(dy=1)
        await pilot.pause()
        app.board.move_cursor(dy=-1)
        app.board.move_cursor(dy=-1)
        await pilot.pause()
        heard = [m.card.id for m in app.said if isinstance(m, BoardView.CardHighlighted) and m.card]
        assert heard == ["backlog-1", "backlog-0"]


# Data that changes


async def test_the_cursor_stays_on_its_card_and_its_card_on_its_line(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=20)
        await pilot.pause()
        line = next(n for n, text in enumerate(drawn(app, 0)) if "backlog-20" in text)
        cards.stacks["backlog"][:0] = [card("new-1"), card("new-2")]
        app.board.refresh_rows(["new-1", "new-2"])
        await pilot.pause()
        assert at(app) == "backlog-20"
        assert "backlog-20" in drawn(app, 0)[line]
        assert drawn(app, 0)[0].strip() == "Backlog 42"


async def test_the_cursor_follows_its_card_to_another_column(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        cards.stacks["done"].insert(0, cards.stacks["backlog"].pop(0))
        app.board.refresh_rows(["backlog-0"])
        await pilot.pause()
        assert at(app) == "backlog-0"
        assert app.board.column is not None
        assert app.board.column.id == "done"
        assert any("backlog-0" in line for line in drawn(app, 2))


async def test_when_its_card_is_gone_the_cursor_is_on_the_next(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=4)
        del cards.stacks["backlog"][4]
        app.board.refresh_rows()
        await pilot.pause()
        assert at(app) == "backlog-5"
        cards.stacks["backlog"].clear()
        app.board.refresh_rows()
        await pilot.pause()
        assert app.board.card is None
        assert app.said[-1].card is None  # type: ignore[attr-defined]


async def test_columns_may_come_and_go(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.last_column()
        del cards.stacks["conflicts"]
        app.board.refresh_rows()
        await pilot.pause()
        assert app.board.column is not None
        assert app.board.column.id == "done"
        assert app.board.query(ColumnView)[3].size.width == 40
        cards.stacks["next"] = [card("n-1")]
        cards.stacks["later"] = [card("l-1")]
        app.board.refresh_rows()
        await pilot.pause()
        assert drawn(app, 5)[0].strip() == "Later 1"


async def test_another_source_keeps_the_cursor_on_its_card(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=7)
        filtered = Cards()
        filtered.stacks["backlog"] = cards.stacks["backlog"][5:9]
        app.board.source = filtered
        await pilot.pause()
        assert at(app) == "backlog-7"
        assert drawn(app, 0)[0].strip() == "Backlog 4"


async def test_a_board_without_columns_is_quietly_empty() -> None:
    cards = Cards()
    cards.stacks.clear()
    app = BoardApp(cards)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        for move in (app.board.home, app.board.end, app.board.last_column, app.board.toggle_selected):
            move()
        app.board.move_cursor(1, 1)
        app.board.page(1)
        app.board.select_column()
        assert app.board.card is None
        assert app.board.column is None


# Choosing


async def test_selected_cards_are_marked_by_a_glyph_and_named_in_order(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert list(app.board.targets) == ["backlog-0"]
        app.board.move_cursor(dy=1)
        app.board.toggle_selected()
        app.board.move_cursor(dx=1)
        app.board.toggle_selected()
        await pilot.pause()
        assert list(app.board.targets) == ["backlog-1", "doing-1"]
        assert drawn(app, 0)[6].startswith("◉backlog-1")
        app.board.toggle_selected()
        app.board.clear_selection()
        await pilot.pause()
        assert drawn(app, 0)[6].startswith("▌backlog-1")
        said = [m.ids for m in app.said if isinstance(m, BoardView.SelectionChanged)]
        assert said == [("backlog-1",), ("backlog-1", "doing-1"), ("backlog-1",), ()]


async def test_a_range_reaches_from_the_last_selected_card_to_the_cursor(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=3)
        app.board.toggle_selected()
        app.board.move_cursor(dy=-2)
        app.board.select_range()
        assert set(app.board.selected) == {"backlog-1", "backlog-2", "backlog-3"}
        app.board.move_cursor(dx=1)
        app.board.select_range()
        assert app.board.selected[-1] == "doing-1"


async def test_a_whole_column_is_selected_and_deselected(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.select_column()
        assert len(app.board.selected) == 40
        app.board.select_column()
        assert app.board.selected == ()


async def test_a_selected_card_that_is_gone_is_no_longer_selected(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.toggle_selected()
        del cards.stacks["backlog"][0]
        app.board.refresh_rows(["backlog-0"])
        assert app.board.selected == ()


async def test_a_bulk_change_lets_go_of_more_cards_than_can_be_looked_up(cards: Cards) -> None:
    cards.fill("backlog", 60)
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.select_column()
        app.board.move_cursor(dx=1)
        app.board.toggle_selected()
        app.board.refresh_rows([card.id for card in cards.stacks["backlog"]])
        assert app.board.selected == ("doing-0",)


# Swimlanes


@pytest.fixture
def laned() -> Cards:
    source = Cards(lanes=True)
    for column, department, count in (
        ("backlog", "dep-fw", 3),
        ("backlog", "dep-yf", 12),
        ("backlog", "", 1),
        ("doing", "dep-sc", 2),
        ("doing", "dep-yf", 1),
        ("done", "dep-fw", 1),
        ("done", "", 1),
    ):
        source.fill(column, count, department=department)
    return source


def lane_lines(app: BoardApp, slot: int) -> dict[str, int]:
    found = {}
    for number, line in enumerate(drawn(app, slot)):
        if line.startswith(("▾", "▸")):
            found[line.split()[1]] = number
    return found


async def test_when_its_lane_is_gone_the_cursor_is_in_the_one_above(laned: Cards) -> None:
    app = BoardApp(laned)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.end()
        for cards in laned.stacks.values():
            cards[:] = [found for found in cards if found.department]
        app.board.refresh_rows()
        await pilot.pause()
        assert app.board.lane is not None
        assert app.board.lane.key == "dep-yf"
        assert app.board.card is not None


async def test_lanes_are_level_across_columns_and_scroll_together(laned: Cards) -> None:
    app = BoardApp(laned)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        first = lane_lines(app, 0)
        assert list(first) == ["Legal", "市场", "研发"]
        assert all(lane_lines(app, slot) == first for slot in range(5))
        app.board.end()
        await pilot.pause()
        after = lane_lines(app, 0)
        assert "None" in after
        assert all(lane_lines(app, slot) == after for slot in range(5))


async def test_the_lane_in_sight_is_named_on_top(laned: Cards) -> None:
    app = BoardApp(laned, density="compact")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert app.board.go_to("backlog-14")
        await pilot.pause()
        assert "研发" in drawn(app, 1)[2]
        assert any("backlog-14" in line for line in drawn(app, 0)[3:])


async def test_the_cursor_goes_on_in_the_next_lane_and_stays_in_its_lane_sideways(laned: Cards) -> None:
    app = BoardApp(laned)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.move_cursor(dy=3)
        assert at(app) == "backlog-3"
        assert app.board.lane is not None
        assert app.board.lane.key == "dep-yf"
        app.board.move_cursor(dx=1)
        assert at(app) == "doing-2"
        app.board.move_cursor(dy=-1)
        assert at(app) == "doing-1"
        app.board.end()
        assert at(app) == "doing-2"
        app.board.move_cursor(dx=2)
        assert at(app) == "done-1"
        app.board.move_cursor(dy=-1)
        assert at(app) == "done-0"


async def test_a_folded_lane_is_one_line_and_opens_for_a_card_that_is_looked_for(laned: Cards) -> None:
    app = BoardApp(laned)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.board.toggle_lane()
        await pilot.pause()
        lines = drawn(app, 0)
        assert lines[2].startswith("▸ Legal")
        assert lines[2].rstrip(" ▌").endswith("3")
        assert lines[3].startswith("▾ 市场")
        assert at(app) == "backlog-3"
        assert app.board.go_to("backlog-1")
        await pilot.pause()
        assert drawn(app, 0)[2].startswith("▾ Legal")
        assert at(app) == "backlog-1"


# The mouse


async def test_clicks_move_select_open_and_fold(laned: Cards) -> None:
    app = BoardApp(laned)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        column = app.board.query(ColumnView)[0]
        await pilot.click(column, offset=(5, 8))
        await pilot.pause()
        assert at(app) == "backlog-1"
        await pilot.click(column, offset=(5, 12), control=True)
        await pilot.pause()
        assert app.board.selected == ("backlog-2",)
        await pilot.click(column, offset=(5, 4), shift=True)
        await pilot.pause()
        assert set(app.board.selected) == {"backlog-0", "backlog-1", "backlog-2"}
        await pilot.click(app.board.query(ColumnView)[1], offset=(5, 0))
        await pilot.pause()
        assert app.board.column is not None
        assert app.board.column.id == "doing"
        assert any(isinstance(m, BoardView.ColumnClicked) and m.column.id == "doing" for m in app.said)
        await pilot.click(column, offset=(2, 2))
        await pilot.pause()
        assert drawn(app, 0)[2].startswith("▸ Legal")


async def test_a_double_click_opens_the_card(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.click(app.board.query(ColumnView)[1], offset=(5, 3), times=2)
        await pilot.pause()
        opened = [m.card.id for m in app.said if isinstance(m, BoardView.CardOpened)]
        assert opened == ["doing-0"]


async def test_the_wheel_scrolls_a_column_and_leaves_the_cursor(cards: Cards) -> None:
    app = BoardApp(cards)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        column = app.board.query(ColumnView)[0]
        before = drawn(app, 0)
        await pilot._post_mouse_events([MouseScrollDown], column, (5, 5))
        await pilot.pause()
        assert drawn(app, 0) != before
        assert drawn(app, 0)[:2] == before[:2]
        assert at(app) == "backlog-0"
        app.board.move_cursor(dy=1)
        await pilot.pause()
        assert any(line.startswith("█backlog-1") for line in drawn(app, 0))
