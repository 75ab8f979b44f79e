"""Convergence: any delivery order of the same ops gives the same state, and nothing written is lost.

Invariants 1 to 5 of store/DESIGN.md.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from store import commands
from store.database import Store
from store.errors import StoreError
from store.export import export_lines, state_hash
from store.oplog import merge, ops_after, rebuild, streams
from store.setup import enter_workspace, init_workspace, join_workspace
from store.undo import redo, undo
from tests.conftest import Clock, deliver, exchange

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'p!_%' ESCAPE '!' "
    "OR name IN ('head', 'element', 'entry', 'handle', 'divergence', 'early', 'tally'))"
)


def tables(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every derived table's rows, in a stable order."""
    return {
        name: sorted(store.conn.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
        for (name,) in store.conn.execute(TABLES).fetchall()
    }


class Replicas(RuleBasedStateMachine):
    """Three people edit the same few items and conflicts, undo, delete, restore, and sync in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = Clock()
        first = init_workspace(str(Path(self.folder, "0")), name="W", member="A", code="a", now=self.clock)
        self.stores = [first]
        for number, name in ((1, "B"), (2, "C")):
            other = join_workspace(str(Path(self.folder, str(number))), first.workspace, now=self.clock)
            deliver(first, other)
            enter_workspace(other, member=name, code="a")  # the same code on purpose: short ids clash
            self.stores.append(other)
        exchange(*self.stores)
        self.statuses = [row[0] for row in first.conn.execute("SELECT id FROM p_status ORDER BY rank")]
        self.items = [commands.create(first, "item", {"title": f"item {n}"}).ids[0] for n in range(3)]
        exchange(*self.stores)
        self.written: set[str] = set()

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    who = st.integers(0, 2)
    what = st.integers(0, 2)

    @rule(who=who, what=what, text=st.text('ab字\x1b"\\', min_size=1, max_size=4))
    def retitle(self, who: int, what: int, text: str) -> None:
        if text.strip():
            commands.set_fields(self.stores[who], [self.items[what]], {"title": text})
            self.written.add(text)

    @rule(who=who, what=what, status=st.integers(0, 3), other=what)
    def move(self, who: int, what: int, status: int, other: int) -> None:
        store, target = self.stores[who], self.statuses[status]
        row = store.conn.execute(
            "SELECT status, trashed FROM p_item WHERE id = ?", (self.items[other],)
        ).fetchone()
        anchor = self.items[other] if other != what and row == (target, 0) else None
        commands.move(store, [self.items[what]], target, before=anchor)

    @rule(who=who, what=what, label=st.sampled_from("xyz"), add=st.booleans())
    def label(self, who: int, what: int, label: str, add: bool) -> None:
        act = commands.add_to if add else commands.remove_from
        act(self.stores[who], [self.items[what]], "labels", [label])

    @rule(who=who, what=what, key=st.sampled_from("kl"), value=st.sampled_from(["1", "2", None]))
    def customise(self, who: int, what: int, key: str, value: str | None) -> None:
        commands.set_fields(self.stores[who], [self.items[what]], {"custom": {key: value}})

    @rule(who=who, what=what, under=what)
    def nest(self, who: int, what: int, under: int) -> None:
        if what != under:
            commands.set_fields(self.stores[who], [self.items[what]], {"parent": self.items[under]})

    @rule(who=who, what=what, text=st.sampled_from(["嗯", "ok"]))
    def comment(self, who: int, what: int, text: str) -> None:
        commands.comment(self.stores[who], self.items[what], text)

    @rule(who=who, what=what, gone=st.booleans())
    def trash(self, who: int, what: int, gone: bool) -> None:
        (commands.trash if gone else commands.restore)(self.stores[who], [self.items[what]])

    @rule(who=who, private=st.booleans())
    def create(self, who: int, private: bool) -> None:
        made = commands.create(self.stores[who], "conflict", {"title": "发布日提前"}, private=private)
        if private:
            self.share_later = (who, made.ids[0])

    @precondition(lambda self: hasattr(self, "share_later"))
    @rule()
    def share(self) -> None:
        who, ent = self.share_later
        del self.share_later
        commands.share(self.stores[who], [ent])

    @rule(who=who, again=st.booleans())
    def take_back(self, who: int, again: bool) -> None:
        try:
            (redo if again else undo)(self.stores[who])
        except StoreError as nothing:
            assert nothing.code in ("nothing-to-undo", "nothing-to-redo")

    @rule(source=who, to=who, part=st.integers(1, 20))
    def deliver_part(self, source: int, to: int, part: int) -> None:
        """Deliver only the first ops of each stream, as a half-copied folder does."""
        if source == to:
            return
        have = {name: stream.seq for name, stream in streams(self.stores[to]).items()}
        for (dev, inc), stream in streams(self.stores[source]).items():
            known = have.get((dev, inc), 0)
            if stream.seq > known:
                ops = ops_after(self.stores[source], dev, inc, known, part)
                merge(self.stores[to], ops)
                merge(self.stores[to], ops)  # the same file twice changes nothing

    @rule(days=st.sampled_from([-400, -1, 1, 365]))
    def clock_jumps(self, days: int) -> None:
        self.clock.advance(days=days)

    @invariant()
    def projections_are_derivable(self) -> None:
        store = self.stores[0]
        before = tables(store)
        rebuild(store)
        assert tables(store) == before

    @rule()
    def everybody_syncs(self) -> None:
        exchange(*self.stores)
        exports = [list(export_lines(store)) for store in self.stores]
        assert exports[0] == exports[1] == exports[2]
        assert len({state_hash(store) for store in self.stores}) == 1
        titles = {
            value for (value,) in self.stores[1].conn.execute("SELECT value FROM op WHERE field = 'title'")
        }
        from store.ops import encode_value

        assert {encode_value(text) for text in self.written} <= titles, "a title somebody typed is gone"


Replicas.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestReplicas = Replicas.TestCase
