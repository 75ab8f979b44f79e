"""Which items show in which status, as bits: they say what a plain dictionary says, and nothing is left behind."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from store.hits import Hits
from store.migrations import DERIVED
from store.stands import BLOCK_BITS, read_bits, read_counts, shift

if TYPE_CHECKING:
    from store.stands import Move

EDGE = 1 << BLOCK_BITS
NUMBERS = st.sampled_from([1, 2, 7, 8, EDGE - 1, EDGE, EDGE + 1, 3 * EDGE + 3])
STATUSES = st.sampled_from([None, "", "todo", "done", "a status' “name”"])
BATCHES = st.lists(st.dictionaries(NUMBERS, STATUSES, max_size=6), max_size=8)


def table() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute(next(statement for statement in DERIVED if "TABLE stand " in statement))
    return conn


def members(bits: int) -> set[int]:
    return {number for number, digit in enumerate(reversed(f"{bits:b}")) if digit == "1"}


@settings(deadline=None)
@given(BATCHES)
def test_bits_and_counts_are_those_of_a_dictionary(batches: list[dict[int, str | None]]) -> None:
    conn = table()
    stands: dict[int, str | None] = {}
    for batch in batches:
        moves: list[Move] = [(n, stands.get(n), status) for n, status in batch.items()]
        shift(conn, moves)
        stands.update(batch)
        wanted: dict[str, set[int]] = {}
        for n, status in stands.items():
            if status is not None:
                wanted.setdefault(status, set()).add(n)
        assert {status: members(bits) for status, bits in read_bits(conn).items()} == wanted
        assert read_counts(conn) == {status: len(numbers) for status, numbers in wanted.items()}
    shift(conn, [(n, status, None) for n, status in stands.items()])
    assert conn.execute("SELECT * FROM stand").fetchall() == []


@settings(deadline=None)
@given(BATCHES)
def test_what_is_written_does_not_depend_on_the_way_there(batches: list[dict[int, str | None]]) -> None:
    conn, at_once = table(), table()
    stands: dict[int, str | None] = {}
    for batch in batches:
        shift(conn, [(n, stands.get(n), status) for n, status in batch.items()])
        stands.update(batch)
    shift(at_once, [(n, None, status) for n, status in stands.items()])
    assert conn.execute("SELECT * FROM stand").fetchall() == at_once.execute("SELECT * FROM stand").fetchall()


def test_an_entity_that_moves_twice_in_a_batch_ends_where_it_went_last() -> None:
    conn = table()
    shift(conn, [(5, None, "todo"), (6, None, "todo")])
    shift(conn, [(5, "todo", "done")])
    shift(conn, [(5, "done", None), (6, "todo", "todo")])
    assert read_counts(conn) == {"todo": 1}


@settings(deadline=None)
@given(st.sets(st.integers(0, 3_000), max_size=60), st.sets(st.integers(0, 9_000), max_size=60))
def test_hits_are_counted_in_the_groups_they_are_in(found: set[int], group: set[int]) -> None:
    hits = Hits(str(sorted(found)), 3_001)
    bits = sum(1 << number for number in group)
    assert hits.count({"there": bits, "empty": 0}) == ({"there": len(found & group)} if found & group else {})
    assert [number for number, mark in enumerate(hits.marks) if mark == ord("1")] == sorted(found)


def test_a_long_list_is_read_as_a_short_one() -> None:
    numbers = list(range(0, 9_000, 3))
    hits = Hits(str(numbers), 9_000)
    assert not hits.few
    assert hits.count({"all": (1 << 9_000) - 1}) == {"all": 3_000}
    assert Hits(str(numbers[:3]), 9_000).few
