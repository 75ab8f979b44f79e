"""Ops that no program of ours writes: whatever a peer sends, replicas agree, a replay agrees, and nothing breaks.

Invariants 1, 2, 6 and 8 of store/DESIGN.md.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store import commands, queries
from store.clock import MAX_LAMPORT
from store.database import Store, create_store
from store.export import export_lines, state_hash
from store.integrity import check_derived
from store.oplog import merge
from store.ops import Op
from tests.conftest import START, Clock
from tests.depth import deep

ENTITIES = ["e1", "e2", "e3", "e4", "e5"]
KINDS = ["item", "item", "item", "comment", "check", "conflict", "goal", "status", "member", "portfolio"]
CELLS = {
    "title": ['"a"', '"b"', "null", "7"],
    "short": ['"aa-1"', '"aa-2"', '"odd one"', "null"],
    "place": [
        '{"rank":"a1","status":"e4"}',
        '{"rank":"a1","status":"e5"}',
        '{"rank":"","status":"e4"}',
        "[]",
    ],
    "parent": [f'"{ent}"' for ent in ENTITIES] + ["null"],
    "on": [f'"{ent}"' for ent in ENTITIES] + ["null", '"nowhere"'],
    "text": ['"hm"', '"发布"'],
    "labels/x": ["true", "false", "7"],
    "labels/": ["true"],
    "custom/k": ["1", "null", '{"a":[]}'],
    "trash": ["null", "{}", '{"aa.1":3,"bb.1":3,"cc.1":3}', '{"aa.1":99,"bb.1":99,"cc.1":99}', "7"],
    "due": ['"2026-12-01"', '"someday"'],
    "unheard/of": ["1"],
}
DEVICES = ["aa", "bb", "cc"]


@st.composite
def streams(draw: st.DrawFn) -> list[list[Op]]:
    """Return three devices' ops with any parents: later ones, their own, those of other cells."""
    dots = st.builds(lambda dev, seq: f"{dev}.1.{seq}", st.sampled_from(DEVICES), st.integers(1, 9))
    found = []
    for dev in DEVICES:
        ops = []
        for seq in range(1, draw(st.integers(0, 8)) + 1):
            field = draw(st.sampled_from(sorted(CELLS)))
            ops.append(
                Op(
                    dev, "1", seq, draw(st.sampled_from([1, 2, 3, 4, MAX_LAMPORT])),
                    START + draw(st.integers(0, 3)), draw(st.sampled_from(["", "e1"])), draw(st.sampled_from(KINDS)),
                    draw(st.sampled_from(ENTITIES)), field, draw(st.sampled_from(CELLS[field])),
                    tuple(draw(st.lists(dots, max_size=3))), draw(st.integers(1, seq)),
                )
            )  # fmt: skip
        found.append(ops)
    return found


def delivered(folder: str, name: str, found: list[list[Op]], chance: random.Random) -> Store:
    """Return a replica that got every stream in order, in batches and turns of its own."""
    store = create_store(str(Path(folder, name)), workspace="w" * 26, now=Clock())
    left = [list(ops) for ops in found]
    while any(left):
        batch: list[Op] = []
        for ops in chance.sample(left, len(left)):
            count = chance.randint(0, len(ops))
            batch += ops[:count]
            del ops[:count]
        merge(store, batch)
    return store


@settings(max_examples=deep(10))
@given(streams(), st.randoms(use_true_random=False))
def test_replicas_agree_on_whatever_a_peer_sends(found: list[list[Op]], chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stores = [delivered(folder, name, found, chance) for name in ("one", "two")]
        for store in stores:
            assert check_derived(store) == []
            for ent in ENTITIES:
                queries.detail(store, ent)
            for column in queries.columns(store):
                assert len(queries.cards(store, column.id)) == column.count
        assert list(export_lines(stores[0])) == list(export_lines(stores[1]))
        assert state_hash(stores[0]) == state_hash(stores[1])
        shown = next(
            (ent for ent in ENTITIES if (card := queries.card(stores[0], ent)) and card.kind == "item"), None
        )
        if shown is not None:
            with commands.change(stores[0], "set") as change:
                change.write("item", shown, "title", '"mine"')
            title = queries.card(stores[0], shown)
            assert title is not None
            assert title.title == "mine", "a person's edit counts, whatever a peer has sent"
        for store in stores:
            store.close()
