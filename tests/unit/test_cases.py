"""Cases, playbooks and what is similar: kept once, found again, applied in one undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.case_rows import cases, playbooks
from store.cases import apply_playbook, case_id, keep_as_case, playbook_of_case_within
from store.conflicts import check, decide
from store.database import Store
from store.errors import StoreError
from store.meetings import start_meeting
from store.similar import similar, words_of
from store.undo import undo
from tests.conflict_commands import add_action, new_playbook
from tests.conftest import add_item, exchange


@pytest.fixture
def sides(store: Store) -> dict[str, str]:
    return {row.code: row.id for row in queries.departments(store)}


def settled(
    store: Store, sides: dict[str, str], title: str = "压测环境被演示占着", decision: str = "周二归压测",
    codes: tuple[str, ...] = ("yf", "sc"), **fields: object,
) -> str:  # fmt: skip
    given = {"title": title, "parties": [sides[code] for code in codes], **fields}
    ent = commands.create(store, "conflict", given).ids[0]
    decide(store, ent, decision)
    return ent


def case_fields(store: Store, source: str) -> dict[str, object]:
    return queries.entity_fields(store, "case", case_id(source)) or {}


def test_a_case_says_what_happened_what_was_done_and_what_came_of_it(
    store: Store, sides: dict[str, str]
) -> None:
    ent = settled(
        store, sides, root_cause="resources", description="周三站会没有谈拢", shared_goal="互不打扰",
        position={sides["yf"]: "独占两天"}, interest={sides["yf"]: "没有报告谁也不敢说"},
    )  # fmt: skip
    add_action(store, ent, "拆出演示环境")
    check(store, ent, {sides["yf"]: 4, sides["sc"]: 3})
    keep_as_case(store, ent)
    found = case_fields(store, ent)
    assert found["came_from"] == ent
    assert found["departments"] == sorted([sides["yf"], sides["sc"]])
    assert found["root_cause"] == "resources"
    assert found["context"] == "周三站会没有谈拢\n研发: 独占两天 — 没有报告谁也不敢说"
    assert found["action"] == "周二归压测\n拆出演示环境"
    assert found["result"] == "互不打扰\n研发 4/5, 市场 3/5"


def test_a_case_in_the_trash_comes_back_when_it_is_kept_again(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    keep_as_case(store, ent)
    commands.set_fields(store, [case_id(ent)], {"result": "better"})
    commands.trash(store, [case_id(ent)])
    assert not cases(store)
    keep_as_case(store, ent)
    assert [row.result for row in cases(store)] == ["better"]


def test_two_who_keep_one_conflict_make_one_case(
    store: Store, teammate: Callable[[str], Store], sides: dict[str, str]
) -> None:
    ent = settled(store, sides)
    other = teammate("Mei")
    keep_as_case(store, ent)
    keep_as_case(other, ent)
    exchange(store, other)
    assert len(cases(store)) == len(cases(other)) == 1
    assert cases(store) == cases(other)
    assert not queries.divergences(store, case_id(ent))


@pytest.mark.parametrize("verified", [None, "2026-11-20"])
def test_an_item_is_a_case_once_it_is_verified(store: Store, verified: str | None) -> None:
    retro = commands.create(store, "retro", {"title": "Sprint 7"}).ids[0]
    item = add_item(store, "先问再承诺", came_from=retro, verify="投诉减半", verified=verified)
    if verified is None:
        with pytest.raises(StoreError) as refused:
            keep_as_case(store, item)
        assert refused.value.code == "case-needs-ending"
        return
    keep_as_case(store, item)
    found = case_fields(store, item)
    assert (found["context"], found["action"], found["result"]) == (
        "Sprint 7",
        "先问再承诺",
        "投诉减半 ✓ 2026-11-20",
    )


def test_an_undecided_conflict_and_other_kinds_are_no_cases(store: Store, sides: dict[str, str]) -> None:
    fresh = commands.create(store, "conflict", {"title": "x", "decision": "typed but not taken"}).ids[0]
    goal = commands.create(store, "goal", {"title": "g"}).ids[0]
    for ent in (fresh, goal):
        with pytest.raises(StoreError) as refused:
            keep_as_case(store, ent)
        assert refused.value.code == "case-needs-ending"
    assert not cases(store)


def test_what_a_private_conflict_becomes_is_private(store: Store, sides: dict[str, str]) -> None:
    given = {"title": "x", "parties": [sides["yf"]], "decision": "a\nb", "state": "decided"}
    ent = commands.create(store, "conflict", given, private=True).ids[0]
    keep_as_case(store, ent)
    with commands.change(store, "add") as made:
        playbook = playbook_of_case_within(made, case_id(ent))
    items = apply_playbook(store, playbook).ids
    assert all(row.private for row in (*cases(store), *playbooks(store)))
    assert all(queries.card(store, item).private for item in items)  # type: ignore[union-attr]
    public = new_playbook(store, "p", ["step"]).ids[0]
    assert queries.card(store, apply_playbook(store, public, ent).ids[0]).private  # type: ignore[union-attr]


def test_a_playbook_of_a_case_has_a_step_a_line(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides, decision="先拆环境\n\n 再约压测 ")
    keep_as_case(store, ent)
    with commands.change(store, "add") as made:
        playbook = playbook_of_case_within(made, case_id(ent))
    assert [step.title for step in queries.checks(store, playbook)] == ["先拆环境", "再约压测"]
    assert [book.steps for book in playbooks(store)] == [2]
    commands.set_fields(store, [case_id(ent)], {"action": None})
    with pytest.raises(StoreError) as refused, commands.change(store, "add") as made:
        playbook_of_case_within(made, case_id(ent))
    assert refused.value.code == "playbook-needs-steps"


def test_applying_makes_items_in_order_and_undo_takes_them_all(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    playbook = new_playbook(store, "发布前", ["一", "二", "三"], when="争日期").ids[0]
    apply_playbook(store, playbook, ent)
    items = queries.derived_items(store, ent)
    assert [(card.title, card.type) for card in items] == [
        ("一", "action"),
        ("二", "action"),
        ("三", "action"),
    ]
    undo(store)
    assert not queries.derived_items(store, ent)
    empty = new_playbook(store, "empty").ids[0]
    with pytest.raises(StoreError) as refused:
        apply_playbook(store, empty)
    assert refused.value.code == "playbook-empty"


def test_the_steps_of_a_playbook_applied_in_a_meeting_belong_to_it(store: Store) -> None:
    playbook = new_playbook(store, "发布前", ["一", "二"]).ids[0]
    with commands.change(store, "meeting") as change:
        meeting = start_meeting(change, "周会")
    made = apply_playbook(store, playbook).ids
    assert [(queries.entity_fields(store, "item", ent) or {})["meeting"] for ent in made] == [meeting] * 2


@pytest.mark.parametrize(
    ("words", "found"),
    [("", 2), ("压测", 1), ("压测 演示", 1), ("压测 发票", 0), ("invoice", 1), ("！", 0), ('"*', 0)],
)
def test_cases_are_found_by_words_in_both_languages(
    store: Store, sides: dict[str, str], words: str, found: int
) -> None:
    keep_as_case(store, settled(store, sides))
    keep_as_case(store, settled(store, sides, "Invoices by hand", "先手工改发票抬头"))
    assert len(cases(store, words)) == found


# What is similar


def test_the_words_of_a_text_are_latin_words_and_pairs_of_characters() -> None:
    assert words_of("Pricing-page: 压测环境, a!") == {"pricing", "page", "压测", "测环", "环境"}
    assert words_of("") == frozenset()


def likest(store: Store, text: str, sides: tuple[str, ...] = (), **asked: object) -> list[str]:
    return [one.id for one in similar(store, text, parties=sides, **asked)]  # type: ignore[arg-type]


def test_the_likest_is_of_the_same_pair_in_the_same_words(store: Store, sides: dict[str, str]) -> None:
    pair = (sides["yf"], sides["sc"])
    same = settled(store, sides)
    settled(store, sides, "周会开在周一还是周三", "周三")
    settled(store, sides, codes=("xs", "kf") if "kf" in sides else ("xs", "yf"))
    assert likest(store, "压测环境又被占了", pair) == [same]
    assert likest(store, "压测环境又被占了", pair, quick=True) == [same]
    assert likest(store, "压测环境又被占了", pair, but=same) != [same]


def test_the_words_alone_find_it_and_the_pair_alone_does_not(store: Store, sides: dict[str, str]) -> None:
    same = settled(store, sides)
    assert likest(store, "压测环境被占") == [same]
    assert likest(store, "食堂", (sides["yf"], sides["sc"])) == []
    assert likest(store, "") == []


def test_the_same_cause_decides_between_two(store: Store, sides: dict[str, str]) -> None:
    pair = (sides["yf"], sides["sc"])
    settled(store, sides, "压测环境被占", root_cause="roles")
    meant = settled(store, sides, "压测环境被占", root_cause="resources")
    settled(store, sides, "压测环境被占", root_cause="goals")
    assert likest(store, "压测环境被占", pair, root_cause="resources") == [meant]


def test_only_what_was_settled_and_is_there_is_similar(store: Store, sides: dict[str, str]) -> None:
    pair = (sides["yf"], sides["sc"])
    commands.create(store, "conflict", {"title": "压测环境被占", "parties": list(pair)})
    gone = settled(store, sides)
    commands.trash(store, [gone])
    assert likest(store, "压测环境被占", pair) == []


def test_a_case_goes_before_the_conflict_it_came_from(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    keep_as_case(store, ent)
    [found] = similar(store, "压测环境被演示占着", parties=[sides["yf"], sides["sc"]])
    assert (found.kind, found.settled) == ("case", "周二归压测")


@pytest.mark.parametrize(
    "text", ['"; DROP TABLE', "NEAR(a b)", "a\x00b c", "＂引号＂ AND OR", "💥💥", "x" * 5000]
)
def test_whatever_is_typed_can_be_compared(store: Store, sides: dict[str, str], text: str) -> None:
    settled(store, sides)
    assert likest(store, text, (sides["yf"],)) == []
    crowd = tuple(f"d{number}" for number in range(11))
    assert likest(store, text, crowd) == []
