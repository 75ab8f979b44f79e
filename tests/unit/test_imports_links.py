"""Links of a file among themselves: what closes a circle or means nothing is reported and left out, the rest stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.imports.drafts import Draft, Reading, Wait
from store.imports.links import LinkWork, resolve_waits
from store.imports.values import split_waits
from store.links import dependency_id

Pair = tuple[int, int]


def resolve(
    pairs: list[Pair] | list[tuple[int, int, str]], parents: dict[int, int] | None = None, count: int = 0
) -> tuple[dict[int, list[LinkWork]], Reading]:
    """Return what comes of links between rows 1 to `count`, each waiting (second) for another (first)."""
    count = count or max((max(pair[:2]) for pair in pairs), default=0)
    drafts = [Draft(row=row, key=f"k{row}", title=f"t{row}") for row in range(1, count + 1)]
    for first, second, *kind in pairs:
        drafts[second - 1].waits.append(Wait(f"k{first}", kind[0] if kind else "FS", 0, "Predecessors"))
    reading = Reading(drafts, [], {}, {}, "", {draft.key: draft.row for draft in drafts})
    ids = {draft.row: f"id{draft.row}" for draft in drafts}
    keys = {draft.row: draft.key for draft in drafts}
    above = {row: ids[whole] for row, whole in (parents or {}).items()}
    return resolve_waits(reading, ids, keys, above), reading


def kept(found: dict[int, list[LinkWork]]) -> set[Pair]:
    return {(int(link.predecessor[2:]), row) for row, links in found.items() for link in links}


def moved(start: int, pairs: set[Pair], parents: dict[int, int]) -> set[int]:
    """Return all that moves when a row does, told slowly."""
    todo, seen = [(start, True)], {(start, True)}
    while todo:
        row, with_parts = todo.pop()
        steps = [(second, True) for first, second in pairs if first == row]
        steps += [(part, True) for part, whole in parents.items() if whole == row and with_parts]
        steps += [(parents[row], False)] if row in parents else []
        fresh = set(steps) - seen
        seen |= fresh
        todo += fresh
    return {row for row, _ in seen}


def test_links_become_entities_with_ids_of_their_own() -> None:
    found, reading = resolve([(1, 2), (1, 3)])
    assert found[2] == [LinkWork(dependency_id("id1", "id2"), "id1", Wait("k1", "FS", 0, "Predecessors"))]
    assert kept(found) == {(1, 2), (1, 3)}
    assert reading.problems == []


@pytest.mark.parametrize(
    ("pairs", "parents", "left_out", "code"),
    [
        ([(1, 2), (2, 3), (3, 1)], {}, (2, 3), "link-circle"),  # that of the last row
        ([(2, 1), (1, 2)], {}, (1, 2), "link-circle"),
        ([(1, 1)], {}, (1, 1), "link-own-part"),
        ([(1, 2)], {2: 1}, (1, 2), "link-own-part"),
        ([(3, 1)], {2: 1, 3: 2}, (3, 1), "link-own-part"),
        ([(2, 3), (3, 1)], {2: 1}, (2, 3), "link-circle"),  # the part moves with its whole
        ([(1, 3), (3, 2)], {2: 1}, (1, 3), "link-circle"),  # and the whole with its part
        ([(3, 1, "FF")], {2: 1}, (3, 1), "link-on-parent"),
        ([(1, 2, "XX")], {}, (1, 2), "unknown-link"),
    ],
)
def test_what_cannot_be_is_left_out_and_said(
    pairs: list[Pair], parents: dict[int, int], left_out: Pair, code: str
) -> None:
    found, reading = resolve(pairs, parents)
    assert {pair[:2] for pair in pairs} - kept(found) == {left_out}
    [problem] = reading.problems
    assert (problem.row, problem.code, problem.value) == (left_out[1], code, f"t{left_out[0]}")
    drafts = {draft.row: draft for draft in reading.drafts}
    assert len(drafts[left_out[1]].waits) == sum(second == left_out[1] for _, second in kept(found))


def test_a_whole_that_a_part_moves_does_not_move_its_other_parts() -> None:
    found, reading = resolve([(3, 4), (4, 2)], {2: 1, 3: 1})
    assert kept(found) == {(3, 4), (4, 2)}
    assert reading.problems == []


def test_of_two_links_of_a_pair_the_later_counts() -> None:
    found, _ = resolve([(1, 2, "SS"), (1, 2, "FF")])
    assert [link.wait.type for link in found[2]] == ["FF"]


def test_a_link_on_nothing_is_kept_as_a_custom_field() -> None:
    drafts = [
        Draft(
            row=1, key="a", title="A", waits=[Wait("x", column="Blocked by"), Wait("y", column="Blocked by")]
        )
    ]
    reading = Reading(drafts, [], {}, {}, "", {"a": 1})
    assert resolve_waits(reading, {1: "id1"}, {1: "a"}, {}) == {}
    assert [(problem.code, problem.value) for problem in reading.problems] == [
        ("no-predecessor", "x"), ("no-predecessor", "y"),
    ]  # fmt: skip
    assert (drafts[0].custom, drafts[0].waits) == ({"Blocked by": "x; y"}, [])


def test_what_is_put_away_holds_nobody_up() -> None:
    drafts = [
        Draft(row=1, key="a", title="A", archived=True),
        Draft(row=2, key="b", title="B", waits=[Wait("a")]),
    ]
    reading = Reading(drafts, [], {}, {}, "", {"a": 1, "b": 2})
    assert resolve_waits(reading, {1: "id1", 2: "id2"}, {1: "a", 2: "b"}, {}) == {}
    assert reading.problems == []


rows = st.integers(1, 8)


@given(st.lists(st.tuples(rows, rows), max_size=25), st.dictionaries(rows, rows, max_size=6))
@settings(deadline=None)
def test_nothing_waits_for_itself_whatever_a_file_says(pairs: list[Pair], wholes: dict[int, int]) -> None:
    parents = {row: whole for row, whole in wholes.items() if whole < row}  # a tree
    found, reading = resolve(pairs, parents, count=8)
    links = kept(found)
    assert all(first not in moved(second, links, parents) for first, second in links)
    means_nothing = {
        (problem.value, problem.row) for problem in reading.problems if problem.code == "link-own-part"
    }
    sound = {(first, second) for first, second in pairs if (f"t{first}", second) not in means_nothing}
    if all(first not in moved(second, sound, parents) for first, second in sound):
        assert links == sound


def test_a_file_of_nothing_but_circles_comes_to_an_end() -> None:
    pairs = [pair for row in range(1, 601, 2) for pair in ((row, row + 1), (row + 1, row))]
    started = time.perf_counter()
    found, reading = resolve([*pairs, (601, 602)])
    assert time.perf_counter() - started < 5
    links = kept(found)
    assert (601, 602) in links
    assert all((second, first) not in links for first, second in links)
    assert len(links) + len(reading.problems) == 601


def test_twenty_thousand_links_are_resolved_at_once() -> None:
    pairs = [(row, row + 1) for row in range(1, 10_001)] + [(row, row + 2) for row in range(1, 10_001)]
    started = time.perf_counter()
    found, _ = resolve(pairs)
    assert time.perf_counter() - started < 3
    assert sum(map(len, found.values())) == 20_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SCRUM-80", [("SCRUM-80", "FS", 0)]),
        ("3", [("3", "FS", 0)]),
        ("3, 5SS；7FF", [("3", "FS", 0), ("5", "SS", 0), ("7", "FF", 0)]),
        ("3FS+2 days", [("3", "FS", 2)]),
        ("12SF-1d", [("12", "SF", -1)]),
        ("3FS+2 个工作日", [("3", "FS", 2)]),
        ("3FS+50%", [("3FS+50%", "FS", 0)]),
        ("接口联调", [("接口联调", "FS", 0)]),
        ("OFFSS", [("OFFSS", "FS", 0)]),
        ("-", []),
    ],
)
def test_a_cell_says_what_an_item_waits_for(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert split_waits(text) == expected
