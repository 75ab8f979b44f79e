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

from store import commands, queries
from store.database import Store, open_store
from store.errors import StoreError
from store.export import export_lines, state_hash
from store.integrity import check_derived
from store.links import dependency_id, link, unlink
from store.moving import take_out
from store.oplog import merge, ops_after, rebuild, streams
from store.plan_rows import calendars, plan_links, plan_tasks
from store.setup import enter_workspace, init_workspace, join_workspace
from store.undo import redo, undo
from tests.conftest import Clock, deliver, exchange
from tests.depth import deep

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'p!_%' ESCAPE '!' "
    "OR name IN ('head', 'element', 'entry', 'handle', 'divergence', 'early', 'stand'))"
)


def tables(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every derived table's rows, in a stable order."""
    return {
        name: sorted(store.conn.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
        for (name,) in store.conn.execute(TABLES).fetchall()
    }


def shown(store: Store) -> dict[str, object]:
    """What the board shows of every item and conflict, without the time of the last move."""
    found: dict[str, object] = {}
    for kind in ("item", "conflict"):
        for (ent,) in store.conn.execute(f"SELECT id FROM p_{kind}").fetchall():
            detail = queries.detail(store, ent)
            assert detail is not None
            parts = (detail.card._replace(moved_at=0), detail.trashed, len(detail.comments))
            found[ent] = parts
    return found


def moved(store: Store, start: str) -> set[str]:
    """Every item that moves when one does, told slowly: what waits for it, its parts, and what it is a part of."""
    alive = {ent for (ent,) in store.conn.execute("SELECT id FROM p_item WHERE trashed = 0")}
    query = "SELECT id, parent FROM p_item WHERE parent_cut = 0"
    whole = {part: parent for part, parent in store.conn.execute(query) if {part, parent} <= alive}
    waits = [(link.predecessor, link.successor) for link in plan_links(store) if link.successor in alive]
    todo, seen = [(start, True)], {(start, True)}
    while todo:
        ent, with_parts = todo.pop()
        steps = {(second, True) for first, second in waits if first == ent}
        steps |= {(part, True) for part, parent in whole.items() if parent == ent and with_parts}
        steps |= {(whole[ent], False)} if ent in whole else set()
        todo += steps - seen
        seen |= steps
    return {ent for ent, _ in seen}


class Replicas(RuleBasedStateMachine):
    """Three people edit and link the same few items and conflicts, undo, delete, restore, and sync in any order."""

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
        self.items = [commands.create(first, "item", {"title": f"item {n}"}).ids[0] for n in range(5)]
        exchange(*self.stores)
        self.people = [row[0] for row in first.conn.execute("SELECT id FROM p_member ORDER BY id")]
        self.watchers = [open_store(store.home, now=self.clock) for store in self.stores]
        self.shown = [shown(watcher) for watcher in self.watchers]
        self.written: set[str] = set()

    def teardown(self) -> None:
        for store in self.stores + self.watchers:
            store.close()
        shutil.rmtree(self.folder)

    who = st.integers(0, 2)
    what = st.integers(0, 4)

    @rule(who=who, what=what, text=st.text('ab字\x1b"\\', min_size=1, max_size=4))
    def retitle(self, who: int, what: int, text: str) -> None:
        if text.strip():
            commands.set_fields(self.stores[who], [self.items[what]], {"title": text})
            self.written.add(text)

    @rule(who=who, what=what, status=st.integers(0, 3), other=what, side=st.sampled_from(["before", "after"]))
    def move(self, who: int, what: int, status: int, other: int, side: str) -> None:
        store, target = self.stores[who], self.statuses[status]
        row = store.conn.execute(
            "SELECT status, trashed FROM p_item WHERE id = ?", (self.items[other],)
        ).fetchone()
        if other == what or row != (target, 0):
            commands.move(store, [self.items[what]], target)
            return
        ent, anchor = self.items[what], self.items[other]
        with commands.change(store, "move") as change:
            change.move(
                ent,
                target,
                before=anchor if side == "before" else None,
                after=anchor if side == "after" else None,
            )
        order = [card.id for card in queries.cards(store, target)]
        if ent in order:  # not when it lies in the trash
            assert order.index(ent) - order.index(anchor) == (-1 if side == "before" else 1)

    @rule(who=who, whats=st.lists(what, min_size=1, max_size=5, unique=True), status=st.integers(0, 3))
    def move_several(self, who: int, whats: list[int], status: int) -> None:
        store, target = self.stores[who], self.statuses[status]
        ents = [self.items[what] for what in whats]
        commands.move(store, ents, target)
        order = [card.id for card in queries.cards(store, target)]
        moved = [ent for ent in ents if ent in order]
        assert order[: len(moved)] == moved

    @rule(who=who, what=what, people=st.sets(st.integers(0, 2)))
    def invite(self, who: int, what: int, people: set[int]) -> None:
        store, ent = self.stores[who], self.items[what]
        wanted = sorted(self.people[index] for index in people)
        commands.set_fields(store, [ent], {"participants": wanted})
        fields = queries.entity_fields(store, "item", ent)
        assert fields is not None
        assert fields.get("participants", []) == wanted

    @rule(who=who, mine=st.booleans())
    def settle(self, who: int, mine: bool) -> None:
        """Settle whatever somebody sees to be settled, one way or the other."""
        store = self.stores[who]
        row = store.conn.execute(
            "SELECT e.id, d.field FROM divergence d JOIN entity e ON e.n = d.ent ORDER BY e.id, d.field LIMIT 1"
        ).fetchone()
        if row is None or row[1] == "trash":
            return
        ent, field = row
        heads = next(found.heads for found in queries.divergences(store, ent) if found.field == field)
        value: object = heads[0 if mine else -1].value
        if field == "place":
            assert isinstance(value, dict)
            value = value["status"]
        if field == "title" and not value:
            return
        commands.settle(store, ent, field, value)
        assert field not in [found.field for found in queries.divergences(store, ent)]

    @rule(who=who)
    def come_back(self, who: int) -> None:
        """Close the program and open it again."""
        home = self.stores[who].home
        self.stores[who].close()
        self.stores[who] = open_store(home, now=self.clock)

    @rule(who=who)
    def look(self, who: int) -> None:
        """Every card that shows something else than at the last look is told, and told once."""
        watcher = self.watchers[who]
        told = watcher.poll()
        before, now = self.shown[who], shown(watcher)
        self.shown[who] = now
        different = {ent for ent in before.keys() | now.keys() if before.get(ent) != now.get(ent)}
        assert different <= (told.ids() if told else set())
        assert watcher.poll() is None

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

    @rule(who=who, what=what, other=what, kind=st.sampled_from(["FS", "SS"]), lag=st.integers(-1, 1))
    def link(self, who: int, what: int, other: int, kind: str, lag: int) -> None:
        """A link is refused exactly when it would close a circle, or an end of it is in the trash."""
        store, pair = self.stores[who], (self.items[what], self.items[other])
        hidden = {ent for (ent,) in store.conn.execute("SELECT id FROM p_item WHERE trashed = 1")}
        closes = pair[0] in moved(store, pair[1])
        try:
            link(store, *pair, kind, lag)
        except StoreError as refused:
            assert refused.code in ("link-self", "link-own-part", "link-circle", "link-in-trash")
            assert closes or not hidden.isdisjoint(pair)
        else:
            assert not closes
            assert hidden.isdisjoint(pair)
            [found] = [row for row in plan_links(store) if (row.predecessor, row.successor) == pair]
            assert (found.id, found.type, found.lag) == (dependency_id(*pair), kind, lag)

    @rule(who=who, what=what, other=what)
    def unlink(self, who: int, what: int, other: int) -> None:
        store, pair = self.stores[who], (self.items[what], self.items[other])
        there = pair in {(row.predecessor, row.successor) for row in plan_links(store)}
        try:
            unlink(store, *pair)
        except StoreError as refused:
            assert (refused.code, there) == ("not-linked", False)
        else:
            assert there
        assert pair not in {(row.predecessor, row.successor) for row in plan_links(store)}

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

    @rule(who=who, steps=st.lists(st.booleans(), min_size=1, max_size=4))
    def take_back(self, who: int, steps: list[bool]) -> None:
        for again in steps:
            try:
                (redo if again else undo)(self.stores[who])
            except StoreError as nothing:
                assert nothing.code in ("nothing-to-undo", "nothing-to-redo")

    @rule(who=who, steps=st.integers(1, 3))
    def there_and_back(self, who: int, steps: int) -> None:
        """As many undos as redos leave every card as it was, but for when it was moved."""
        store = self.stores[who]
        before = shown(store)
        done = 0
        try:
            for _ in range(steps):
                if undo(store).skipped:
                    return
                done += 1
        except StoreError as nothing:
            assert nothing.code == "nothing-to-undo"
        for _ in range(done):
            if redo(store).skipped:
                return
        assert shown(store) == before

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

    @rule(source=who, to=who, part=st.integers(1, 20), kept=st.integers(0, 19))
    def hear_in_vain(self, source: int, to: int, part: int, kept: int) -> None:
        """Take in what somebody wrote, and then some of it out again, or all: what is left is what is shown."""
        store, before = self.stores[to], tables(self.stores[to])
        known = streams(store)
        key, stream = next(item for item in streams(self.stores[source]).items() if item[1].mine)
        cursor = known[key].seq if key in known else 0
        if source == to or stream.seq == cursor:
            return
        merge(store, ops_after(self.stores[source], *key, cursor, part))
        take_out(store, *key, cursor + min(kept, part))
        assert check_derived(store) == []
        take_out(store, *key, cursor)
        assert check_derived(store) == []
        assert tables(store) == before

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
        plans = [(plan_tasks(store), plan_links(store), calendars(store)) for store in self.stores]
        assert plans[0] == plans[1] == plans[2]
        assert len({state_hash(store) for store in self.stores}) == 1
        titles = {
            value for (value,) in self.stores[1].conn.execute("SELECT value FROM op WHERE field = 'title'")
        }
        from store.ops import encode_value

        assert {encode_value(text) for text in self.written} <= titles, "a title somebody typed is gone"


Replicas.TestCase.settings = settings(
    max_examples=deep(7), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestReplicas = Replicas.TestCase
