"""Whatever a workspace holds is found, the likeliest first, and nothing that is typed makes finding fail."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import commands, queries
from store.chart_rows import matching_ids
from store.database import Store
from store.finding_anything import (
    BY_BEGINNING,
    BY_COMMENT,
    BY_HISTORY,
    BY_ID,
    BY_INITIALS,
    BY_TEXT,
    BY_TITLE,
    find_anything,
    find_in_history,
)
from store.search import compile_filter
from store.vocabulary import Vocabulary


@pytest.fixture
def full(store: Store) -> dict[str, str]:
    done = queries.statuses(store)[3].id
    found: dict[str, str] = {}
    with commands.change(store, "add") as change:
        found["page"] = change.create("item", {"title": "定价页文案"})
        found["done"] = change.create("item", {"title": "定价页上线", "status": done})
        found["middle"] = change.create("item", {"title": "改定价页", "description": "x"})
        found["body"] = change.create("item", {"title": "别的", "description": "说到 定价页 的一行 [bold]"})
        found["said"] = change.create("feedback", {"title": "太贵", "verbatim": "定价页看不懂"})
        found["spoken"] = change.create("conflict", {"title": "谁先上"})
        change.comment(found["spoken"], "客户看了定价页")
        found["goal"] = change.create("goal", {"title": "付费转化"})
        found["view"] = change.create("view", {"title": "我的周报", "kind": "list"})
        found["gone"] = change.create("item", {"title": "定价页旧版"})
        change.trash(found["gone"])
    return found


def named(full: dict[str, str], hits: list[tuple[str, int]]) -> list[tuple[str, int]]:
    names = {ent: name for name, ent in full.items()}
    return [(names.get(ent, ent), where) for ent, where in hits]


def found(store: Store, full: dict[str, str], text: str) -> list[tuple[str, int]]:
    return named(full, [(hit.id, hit.where) for hit in find_anything(store, text)])


def test_titles_come_before_texts_and_these_before_comments(store: Store, full: dict[str, str]) -> None:
    hits = found(store, full, "定价页")
    assert hits[:3] == [("page", BY_BEGINNING), ("done", BY_BEGINNING), ("middle", BY_TITLE)]
    assert set(hits[3:5]) == {("said", BY_TEXT), ("body", BY_TEXT)}
    assert hits[5:] == [("spoken", BY_COMMENT)]


def test_the_matching_bit_is_told(store: Store, full: dict[str, str]) -> None:
    hits = {hit.id: hit for hit in find_anything(store, "定价")}
    assert hits[full["body"]].bit == "说到 定价页 的一行 [bold]"
    assert hits[full["spoken"]].bit == "客户看了定价页"
    assert hits[full["said"]].kind == "feedback"


@pytest.mark.parametrize("text", ["\ud800", "label:\ud800", "a\udfff b", '"\ud800"'])
def test_half_a_character_is_asked_for_like_any_other(store: Store, full: dict[str, str], text: str) -> None:
    assert find_anything(store, text) == []
    assert find_in_history(store, text) == []
    assert matching_ids(store, compile_filter(text, Vocabulary(), store.today())) == set()


def test_a_short_id_is_first(store: Store, full: dict[str, str]) -> None:
    short = queries.card(store, full["middle"]).short  # type: ignore[union-attr]
    assert found(store, full, short.upper())[0] == ("middle", BY_ID)


def test_people_departments_and_views_are_found_by_their_initials(store: Store, full: dict[str, str]) -> None:
    assert (store.member, BY_INITIALS) in found(store, full, "lp")[:2] or found(store, full, "lp")[0][
        0
    ] == store.member
    assert find_anything(store, "yf")[0].kind == "department"
    initials = {full["goal"]: ("ffzh",), full["view"]: ("wdzb",)}
    assert [hit.id for hit in find_anything(store, "ffz", initials=initials)] == [full["goal"]]
    assert [hit.id for hit in find_anything(store, "wdzb", initials=initials)] == [full["view"]]
    assert [hit.id for hit in find_anything(store, "周报")] == [full["view"]]


def test_what_a_title_once_said_is_found_in_its_history(store: Store, full: dict[str, str]) -> None:
    commands.set_fields(store, [full["goal"]], {"title": "收入翻番"})
    assert find_anything(store, "付费转化") == []
    hits = find_in_history(store, "付费")
    assert [(hit.id, hit.title, hit.bit, hit.where) for hit in hits] == [
        (full["goal"], "收入翻番", "付费转化", BY_HISTORY)
    ]
    assert find_in_history(store, "100%_") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(st.characters(codec=None), max_size=30),
        st.sampled_from(["x" * 4_000, '"', "\x00", "lp-", "*", "定" * 99]),
    )
)
def test_finding_never_fails(store: Store, full: dict[str, str], text: str) -> None:
    for hit in (*find_anything(store, text), *find_in_history(store, text)):
        assert hit.id
