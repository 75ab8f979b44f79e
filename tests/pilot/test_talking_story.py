"""What departments say to each other, from the first line to the quarter's report, by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.events import Paste

from store import queries
from store.commitment_rows import promises
from store.database import Store
from store.feedback_rows import counts
from store.meeting_rows import meeting
from store.retro_rows import Sheet, sheet
from store.running import running_meeting
from tests.conftest import Clock, exchange
from tests.talking_by_keys import Hand, later, quarter_report, sitting, table
from tui.screens.feedback.pasting import PasteScreen

LINES = (
    "yf>sc 发布日要不要提前 !1 #资源",
    "sc>yf who writes the [bold]manual",
    "yf>xs 客户演示占着压测环境",
)


def made_since(store: Store, kind: str, before: set[str]) -> list[str]:
    """Return what is new of a kind, in the order it was made."""
    query = f"SELECT id FROM p_{kind} WHERE trashed = 0 ORDER BY created_at, id"
    return [ent for (ent,) in store.conn.execute(query) if ent not in before]


def fields(store: Store, kind: str, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, kind, ent) or {}


def has_lines(text: str, *lines: str) -> None:
    for line in lines:
        assert line in text.splitlines(), f"{line}\n{text}"


async def start_meeting(hand: Hand) -> str:
    await hand.ask("M", "weekly", "yf>sc 周会 @hm")
    await hand.pilot.pause()
    ent = running_meeting(hand.app.store)
    assert ent
    return ent


async def settle(hand: Hand, conflict: str) -> None:
    """Walk a conflict from logged to closed: what each side says, a decision, two actions, a check by each."""
    await hand.to_tab("conflicts")
    await hand.to_row(conflict)

    async def fill(text: str, keep: str = "enter") -> None:
        await hand.press("n")
        await hand.write(text)
        await hand.press(keep)

    await fill("不能提前，没有回滚")
    await fill("two weeks earlier")
    await hand.press("n")  # both have said so: confirmed
    await fill("a release that can be taken back")
    await fill("展会上有东西可看")
    await fill("shown at the fair, not rolled back")
    await hand.press("n")  # negotiating
    await fill("A 提前 / B 只做预览", "ctrl+s")
    await fill("展会只展示预览版", "ctrl+s")
    await hand.press("n", "down", "enter", "n")  # who decides, and decided
    await fill("做预览版")
    await hand.ask("A", "Tell the fair")
    for score in ("4", "3"):
        await hand.ask("m", "closed")  # asks the sides one after the other
        await hand.enter(score)
    await hand.ask("m", "closed")


async def test_a_meeting_with_its_conflicts_a_decision_and_a_promise_ends_in_minutes_and_the_report(
    store: Store,
    ids: SimpleNamespace,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    yf, sc = ids.departments["yf"], ids.departments["sc"]
    async with sitting(store) as hand:
        # Three conflicts while it runs, from the board, one key and a line each.
        held = await start_meeting(hand)
        await hand.press("2")
        before = set(made_since(store, "conflict", set()))
        costs = [await hand.capture("x", line) for line in LINES]
        figures = table(costs)
        assert [one.keys for one in costs] == [2, 2, 2], figures
        assert [one.writes for one in costs] == [1, 1, 1], figures
        logged = made_since(store, "conflict", before)
        assert len(logged) == 3
        assert {fields(store, "conflict", one)["meeting"] for one in logged} == {held}
        clock.advance(seconds=900)

        # The first of them is settled within the meeting.
        await settle(hand, logged[0])
        found = fields(store, "conflict", logged[0])
        assert (found["state"], found["check"]) == ("closed", {yf: 4, sc: 3})
        detail = queries.detail(store, logged[0])
        assert detail is not None
        assert [card.title for card in detail.derived] == ["做预览版", "Tell the fair"]

        # A promise is written down, kept, and confirmed by the other side.
        await hand.to_tab("promises")
        cost = await hand.capture("w", "sc>yf 预览版文案 ^fri")
        assert (cost.keys, cost.writes) == (2, 1), table([cost])
        await hand.press("m", "t")
        [promise] = promises(store)
        assert (promise.title, promise.state, bool(promise.confirmed)) == ("预览版文案", "kept", True)
        assert fields(store, "commitment", promise.id)["meeting"] == held

        # A decision of the meeting itself, a note, and its end.
        await hand.press("M")
        await hand.to_tab("meetings")
        await hand.ask("C", "每周三看 [bold]预览 @hm ^fri")
        await hand.ask("N", "预算要再谈 | next time")
        await hand.press("E")
        assert running_meeting(store) == ""
        row = meeting(store, held)
        assert row is not None
        await hand.to_row(held)
        await hand.press("p")
        english = hand.copied
        await hand.press("ctrl+l", "p")
        chinese = hand.copied
        await hand.press("ctrl+l")

    due = later(store, 4)
    said_in_both = (
        "发布日要不要提前", "who writes the [bold]manual", "客户演示占着压测环境", "每周三看 [bold]预览",
        "预算要再谈 | next time", "预览版文案", due,
        "展会只展示预览版 (lp-9)", "- [ ] 做预览版 (lp-12)", "- [ ] Tell the fair (lp-13)",
    )  # fmt: skip
    for text in said_in_both:
        assert text in english, text
        assert text in chinese, text
    in_each = (
        (english, ("- Departments: R&D ⇄ Marketing", "## Decisions", "## Actions", "## Conflicts logged")),
        (chinese, ("- 部门: 研发 ⇄ 市场", "## 决议", "## 行动", "## 记录的冲突")),
    )
    for number, (text, lines) in enumerate(in_each):
        assert set(lines) <= set(text.splitlines()), text
        assert not set(in_each[1 - number][1]) & set(text.splitlines()), text

    has_lines(
        quarter_report(store, "en", monkeypatch, capsys),
        "| Opened | 4 |", "| Closed | 1 |", "| Brought to a decision | 1 |",
        "| R\\&D ⇄ Marketing · resources | 2 | 1 | 0 |", "| R\\&D ⇄ Marketing | R\\&D 4.0 | Marketing 3.0 |",
        "| Marketing → R\\&D | 1 | 1 | 100% | 0 |", "- lp-9 发布日要不要提前",
        "- lp-10 who writes the \\[bold\\]manual",
    )  # fmt: skip
    has_lines(
        quarter_report(store, "zh_CN", monkeypatch, capsys),
        "| 新增 | 4 |", "| 已关闭的 | 1 |", "| 作出决议 | 1 |", "| 研发 ⇄ 市场 · 资源争夺 | 2 | 1 | 0 |",
        "| 研发 ⇄ 市场 | 研发 4.0 | 市场 3.0 |", "| 市场 → 研发 | 1 | 1 | 100% | 0 |", "- lp-9 发布日要不要提前",
        "- lp-10 who writes the \\[bold\\]manual",
    )  # fmt: skip


CHAT = """张三 2026-11-20 10:32
导出里没有发票
李四 2026-11-20 10:33
结账页太慢了
王芳 2026-11-20 10:34
[bold]价格看不懂
赵六 2026-11-20 10:35
对账单要按月分
张三 2026-11-20 10:36
支付失败没有提示
李四 2026-11-20 10:37
移动端字太小
王芳 2026-11-20 10:38
想要暗色主题
赵六 2026-11-20 10:39
发票导不出来"""


async def test_ten_pieces_of_feedback_are_written_down_and_triaged_and_the_report_counts_them(
    store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with sitting(store) as hand:
        await hand.to_tab("inbox")
        costs = [
            await hand.capture("f", "yf: 想在手机上审批 !3"),
            await hand.capture("f", "Dark mode, please"),
        ]
        figures = table(costs)
        assert [(one.keys, one.writes) for one in costs] == [(2, 1), (2, 1)], figures
        await hand.press("p")
        assert isinstance(hand.app.screen, PasteScreen)
        hand.app.screen.list.post_message(Paste(CHAT))  # the terminal's own key
        await hand.pilot.pause()
        await hand.pilot.pause()
        await hand.press("enter")
        assert "8 messages kept" in hand.said
        said = {fields(store, "feedback", ent)["title"]: ent for ent in made_since(store, "feedback", set())}
        assert counts(store, store.today())["inbox"] == len(said) == 10

        def state(title: str) -> object:
            return fields(store, "feedback", said[title])["state"]

        async def at(title: str) -> None:
            await hand.to_row(said[title])

        pressed = hand.pressed
        await at("想在手机上审批")
        await hand.press("n")
        assert state("想在手机上审批") == "linked"
        await at("支付失败没有提示")
        await hand.ask("m", "支付接口")
        assert fields(store, "feedback", said["支付失败没有提示"])["items"] == [ids.payment]
        await at("发票导不出来")
        await hand.ask("d", "没有发票")
        assert fields(store, "feedback", said["发票导不出来"])["duplicate_of"] == said["导出里没有发票"]
        await at("[bold]价格看不懂")
        await hand.ask("X", "会在新版重写")
        assert state("[bold]价格看不懂") == "declined"
        await at("移动端字太小")
        await hand.press("z", "enter")
        assert state("移动端字太小") == "snoozed"
        await at("Dark mode, please")
        await hand.press("A")
        await hand.replace("It is on the list.")
        assert state("Dark mode, please") == "answered"
        await at("想要暗色主题")
        await hand.press("t")
        assert fields(store, "feedback", said["想要暗色主题"])["voters"] == [store.member]
        # What is left becomes one item, and one key takes that back.
        await hand.press("g", *["space"] * 4, "n")
        assert counts(store, store.today())["inbox"] == 0
        await hand.press("u")
        assert counts(store, store.today())["inbox"] == 4
        await hand.press("ctrl+r")
        left = ("导出里没有发票", "结账页太慢了", "对账单要按月分", "想要暗色主题")
        assert len({str(fields(store, "feedback", said[title])["items"]) for title in left}) == 1
        assert {state(title) for title in left} == {"linked"}
        assert hand.pressed - pressed < 12 * len(said), f"{hand.pressed - pressed} keys for ten\n{figures}"

        await hand.to_tab("pool")
        assert "想在手机上审批" in hand.shown
    has_lines(
        quarter_report(store, "en", monkeypatch, capsys),
        "| Came in | 9 |", "| Answered, of these | 1 |", "| Answered, in per cent | 11% |", "- lp-9 Dark mode, please",
    )  # fmt: skip
    has_lines(
        quarter_report(store, "zh_CN", monkeypatch, capsys),
        "| 收到 | 9 |", "| 其中已答复 | 1 |", "| 答复比例 | 11% |", "- lp-12 \\[bold\\]价格看不懂",
    )  # fmt: skip


async def test_three_replicas_hold_a_retrospective_from_silent_writing_to_an_action(
    store: Store,
    clock: Clock,
    teammate: Callable[[str], Store],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mei, bo = teammate("Mei"), teammate("Bo")
    everybody = (store, mei, bo)

    async def into_retro(hand: Hand) -> None:
        await hand.to_tab("retros")
        await hand.press("enter")

    # Begun, and written unseen: nobody's screen shows a word of another's.
    async with sitting(store) as hand:
        await hand.to_tab("retros")
        await hand.ask("n", "start, stop")
        await hand.replace("Sprint 12")
        pressed = hand.pressed
        await hand.ask("plus", "每周五演示", "2: 评审排队三天", "")
        assert hand.pressed - pressed == 1 + len("每周五演示") + len("2: 评审排队三天") + 3
    exchange(*everybody)
    [retro] = made_since(store, "retro", set())
    for other, lines in (
        (mei, ("2: reviews come late [bold]", "")),
        (bo, ("1: pair on reviews", "3: 站会十分钟", "")),
    ):
        async with sitting(other) as hand:
            await into_retro(hand)
            assert "2 not shown yet" in hand.shown or "1 not shown yet" in hand.shown
            assert "评审排队" not in hand.shown
            await hand.ask("plus", *lines)
            assert "评审排队" not in hand.shown
    exchange(*everybody)

    # Revealed, grouped, and voted on by each.
    async with sitting(store) as hand:
        await into_retro(hand)
        assert "pair on reviews" not in hand.shown
        await hand.press("exclamation_mark")
        for text in ("pair on reviews", "reviews come late [bold]", "站会十分钟", "评审排队三天"):
            assert text in hand.shown
        cards = {card.title: card.id for card in _sheet(store, retro).cards}
        queue, late = cards["评审排队三天"], cards["reviews come late [bold]"]
        await hand.to_row(late)
        await hand.ask("m", "评审排队")
        await hand.press("greater_than_sign")
        await hand.to_row(queue)
        await hand.press("t")
    exchange(*everybody)
    for other in (mei, bo):
        async with sitting(other) as hand:
            await into_retro(hand)
            assert "3 votes left" in hand.shown
            await hand.to_row(queue)
            await hand.press("t")
            await hand.to_row(cards["站会十分钟"] if other is bo else late)
            await hand.press("t")
    exchange(*everybody)
    votes = {tally.head: tally.votes for tally in _sheet(bo, retro).tallies}
    assert votes[queue] == 4
    assert votes[cards["站会十分钟"]] == 1

    # One action of what has most votes, with how one will see that it worked.
    async with sitting(store) as hand:
        await into_retro(hand)
        await hand.press("greater_than_sign")
        await hand.ask("A", "两个人轮流评审 @me ^fri", "no card waits two days")
        await hand.press("greater_than_sign")
    exchange(*everybody)
    for each in everybody:
        found = _sheet(each, retro)
        [action] = found.actions
        assert (found.retro.state, action.title, action.verify) == (
            "ended",
            "两个人轮流评审",
            "no card waits two days",
        )
    # A teammate's report has it, too.
    short = action.short
    has_lines(
        quarter_report(mei, "en", monkeypatch, capsys),
        "| To be verified | 1 |", "| Verified, of these | 0 |", f"- {short} 两个人轮流评审",
    )  # fmt: skip
    has_lines(
        quarter_report(mei, "zh_CN", monkeypatch, capsys),
        "| 待验证 | 1 |", "| 其中已验证 | 0 |", f"- {short} 两个人轮流评审",
    )  # fmt: skip


def _sheet(store: Store, ent: str) -> Sheet:
    found = sheet(store, ent)
    assert found is not None
    return found
