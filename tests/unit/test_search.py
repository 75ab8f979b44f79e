"""Search: two Chinese characters find what one would expect, and each field means what it says."""

from __future__ import annotations

import pytest

from store import commands, queries
from store.database import Store
from store.errors import StoreError
from store.search import compile_filter
from store.tokens import index_text, match_expression
from store.vocabulary import load_vocabulary
from tests.conftest import Clock, add_item


@pytest.fixture
def board(store: Store, clock: Clock) -> Store:
    todo, doing, _, done = (status.id for status in queries.statuses(store))
    departments = {department.title: department.id for department in queries.departments(store)}
    with commands.change(store, "import") as change:
        li = change.create("member", {"title": "李雷", "code": "ll"})
    add_item(
        store,
        "结账页改版",
        status=todo,
        department=departments["研发"],
        owner=li,
        due="2026-11-27",
        labels=["ux"],
    )
    add_item(store, "结算对账", status=doing, department=departments["市场"], owner=store.member, priority=1)
    add_item(store, "Checkout redesign", status=done, due="2026-11-01", blocked="waits for 法务")
    add_item(
        store, "支付接口 v2.0 联调", status=doing, kind="bug", due="2026-11-20", description="见 结账 页 说明"
    )
    commands.comment(store, queries.matching(store, "item")[0].id, "客户提到了退款")
    commands.create(
        store, "conflict",
        {"title": "发布日提前", "parties": [departments["研发"], departments["市场"]], "severity": 2,
         "root_cause": "resources", "decider": li, "follow_up": "2026-11-27"},
    )  # fmt: skip
    return store


def found(store: Store, text: str) -> set[str]:
    where = compile_filter(text, load_vocabulary(store), store.today(), store.member)
    titles = {card.title for kind in ("item", "conflict") for card in queries.matching(store, kind, where)}
    assert sum(column.count for column in queries.columns(store, where)) == len(
        queries.matching(store, "item", where)
    )
    return titles


PAY, CHECK, ENGLISH, BUG, CONFLICT = (
    "结账页改版",
    "结算对账",
    "Checkout redesign",
    "支付接口 v2.0 联调",
    "发布日提前",
)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", {PAY, CHECK, ENGLISH, BUG, CONFLICT}),
        ("结账", {PAY, BUG}),
        ("账页", {PAY}),
        ("结", {PAY, CHECK, BUG}),
        ("账", {PAY, CHECK, BUG}),
        ("结账页改版", {PAY}),
        ("页改 结账", {PAY}),
        ("退款", {PAY}),
        ("check", {ENGLISH}),
        ("CHECKOUT re", {ENGLISH}),
        ("v2.0", {BUG}),
        ("提前", {CONFLICT}),
        ("没有的", set()),
        ("status:doing", {CHECK, BUG}),
        ("状态：进行中", {CHECK, BUG}),
        ("dept:yf", {PAY, CONFLICT}),
        ("部门:研发 结账", {PAY}),
        ("owner:@me", {CHECK}),
        ("owner:李雷", {PAY, CONFLICT}),
        ("no:owner", {ENGLISH, BUG}),
        ("due<today", {ENGLISH, BUG}),
        ("due<=fri kind:task", {PAY, ENGLISH}),
        ("is:overdue", {BUG}),
        ("is:done", {ENGLISH}),
        ("is:blocked", {ENGLISH}),
        ("label:ux", {PAY}),
        ("-label:ux -kind:conflict", {CHECK, ENGLISH, BUG}),
        ("kind:bug", {BUG}),
        ("kind:conflict", {CONFLICT}),
        ("kind:bug | kind:conflict", {BUG, CONFLICT}),
        ("cause:resources", {CONFLICT}),
        ("priority<=1", {CHECK}),
        ("created:today", {PAY, CHECK, ENGLISH, BUG, CONFLICT}),
        ("created<today", set()),
        ("lp-1", {PAY}),
        ("100%", set()),
        ("x'; DROP TABLE p_item; --", set()),
    ],
)  # fmt: skip
def test_queries_find_what_they_say(board: Store, text: str, titles: set[str]) -> None:
    assert found(board, text) == titles


@pytest.mark.parametrize("text", ["owner:nobody", "statsu:doing", "due<someday", "(a"])
def test_a_wrong_query_is_an_error_that_says_where(board: Store, text: str) -> None:
    with pytest.raises(StoreError) as refused:
        found(board, text)
    assert refused.value.code in ("bad-query", "unfinished-query")
    assert isinstance(refused.value.params["position"], int)


def test_search_follows_edits_deletions_and_comments(board: Store) -> None:
    ent = next(card.id for card in queries.matching(board, "item") if card.title == PAY)
    commands.set_fields(board, [ent], {"title": "购物车"})
    assert found(board, "账页") == set()
    assert found(board, "物车") == {"购物车"}
    commands.comment(board, ent, "改名了")
    assert found(board, "改名") == {"购物车"}
    commands.trash(board, [ent])
    assert found(board, "购物") == set()


def test_pairs_and_prefixes_are_what_the_index_holds() -> None:
    assert index_text("结账页 ok").split() == ["结账", "账页", "页", "ok"]
    assert match_expression("结账页") == '"结账 账页"'
    assert match_expression("页") == '"页"*'
    assert match_expression("v2页") == '"v2"* AND "页"*'
    assert match_expression("!!") == ""
    assert match_expression("e-mail@x") == '"e"* AND "mail"* AND "x"*'
    assert index_text("好。〇二、😀 é").split() == ["好", "〇二", "二", "😀", "é"]


def test_the_trash_is_a_query_of_its_own(board: Store) -> None:
    gone = [card.id for card in queries.matching(board, "item") if card.title in (PAY, BUG)]
    gone += [card.id for card in queries.matching(board, "conflict")]
    commands.trash(board, gone)
    assert found(board, "is:trashed") == {PAY, BUG, CONFLICT}
    assert found(board, "是:回收站 结账") == {PAY, BUG}
    assert found(board, "结账") == set()
    assert found(board, "-is:trashed") == {CHECK, ENGLISH}
    where = compile_filter("is:trashed", load_vocabulary(board), board.today())
    for column in queries.columns(board, where):
        cards = queries.cards(board, column.id, where=where)
        assert len(cards) == column.count
        assert all(card.trashed for card in cards)
        assert [queries.position(board, card.id, where=where) for card in cards] == [
            (column.id, index, "") for index in range(len(cards))
        ]
    assert queries.conflict_count(board, where) == 1
    commands.restore(board, gone)
    assert found(board, "is:trashed") == set()
