"""Undo and redo among people who delete: nothing wakes that a teammate has deleted, and a way there and back is none.

Invariant 11 of store/DESIGN.md.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from store import commands
from store.change import Change
from store.database import Store
from store.errors import StoreError
from store.merge import SEQ_BITS, visibility
from store.oplog import merge, ops_after, streams
from store.setup import enter_workspace, init_workspace, join_workspace
from store.undo import redo, undo
from store.visibility import deletions_of, other_heads
from tests.conftest import Clock, deliver, exchange
from tests.depth import deep
from tests.property.test_merge import shown


def hidden(store: Store) -> set[str]:
    return {ent for (ent,) in store.conn.execute("SELECT id FROM p_item WHERE trashed = 1")}


def hidden_by_others(store: Store) -> set[str]:
    """Every card that would be in the trash if this home had put nothing there, and nobody has taken out."""
    names = {n: (dev, inc) for n, dev, inc in store.conn.execute("SELECT n, dev, inc FROM stream")}
    own = {n for (n,) in store.conn.execute("SELECT n FROM stream WHERE mine = 1")}
    stands_for = dict(store.conn.execute("SELECT dot, original FROM restored"))
    restored = {
        ent
        for ent, dot in store.conn.execute(
            "SELECT ent, dot FROM op WHERE field = 'trash' AND value = 'null'"
        ).fetchall()
        if stands_for.get(dot, dot)  # 0 is a card's state before anybody deleted it
    }
    replaced = {
        int(parent)
        for dot, parents in store.conn.execute("SELECT dot, parents FROM op WHERE field = 'trash'").fetchall()
        if dot >> SEQ_BITS not in own
        for parent in (parents or "").split()
    }
    found = set()
    for number, ent in store.conn.execute("SELECT n, id FROM p_item WHERE trashed = 1").fetchall():
        theirs = [
            seen
            for dot, seen in deletions_of(store.conn, number)
            if (meant := stands_for.get(dot, dot)) >> SEQ_BITS not in own
            and (meant == dot or meant not in replaced)  # whoever made it has not taken it back since
        ]
        if (
            theirs
            and number not in restored
            and visibility(theirs, other_heads(store.conn, number), names)[0]
        ):
            found.add(ent)
    return found


class Deleters(RuleBasedStateMachine):
    """Three people edit, delete and restore two cards, undo and redo, and hear of each other in parts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = Clock()
        first = init_workspace(str(Path(self.folder, "0")), name="W", member="A", code="a", now=self.clock)
        self.stores = [first]
        for number, name in ((1, "B"), (2, "C")):
            other = join_workspace(str(Path(self.folder, str(number))), first.workspace, now=self.clock)
            deliver(first, other)
            enter_workspace(other, member=name, code=name.lower())
            self.stores.append(other)
        exchange(*self.stores)
        self.items = [commands.create(self.stores[n], "item", {"title": str(n)}).ids[0] for n in range(2)]
        self.entries = [commands.check(self.stores[n], self.items[n], "do").ids[0] for n in range(2)]
        exchange(*self.stores)

    def teardown(self) -> None:
        exchange(*self.stores)
        for store in self.stores[1:]:
            assert shown(store) == shown(self.stores[0])
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    who = st.integers(0, 2)
    what = st.integers(0, 1)

    @rule(who=who, what=what, text=st.sampled_from("abc"))
    def retitle(self, who: int, what: int, text: str) -> None:
        commands.set_fields(self.stores[who], [self.items[what]], {"title": text})

    @rule(who=who, what=what, priority=st.sampled_from([1, 2, None]))
    def prioritise(self, who: int, what: int, priority: int | None) -> None:
        commands.set_fields(self.stores[who], [self.items[what]], {"priority": priority})

    @rule(who=who, what=what, add=st.booleans())
    def label(self, who: int, what: int, add: bool) -> None:
        act = commands.add_to if add else commands.remove_from
        act(self.stores[who], [self.items[what]], "labels", ["x"])

    @rule(who=who, what=what, done=st.booleans())
    def tick(self, who: int, what: int, done: bool) -> None:
        commands.set_fields(self.stores[who], [self.entries[what]], {"done": done})

    @rule(who=who, what=what)
    def comment(self, who: int, what: int) -> None:
        commands.comment(self.stores[who], self.items[what], "hm")

    @rule(who=who, what=what)
    def trash(self, who: int, what: int) -> None:
        commands.trash(self.stores[who], [self.items[what]])

    @rule(who=who, what=what)
    def trash_again(self, who: int, what: int) -> None:
        """More deletions than restorations, so that there is something to wake."""
        commands.trash(self.stores[who], [self.items[what]])

    @rule(who=who, what=what)
    def restore(self, who: int, what: int) -> None:
        commands.restore(self.stores[who], [self.items[what]])

    @rule(who=who)
    def take_back(self, who: int) -> None:
        self._reverse(who, undo)

    @rule(who=who)
    def take_back_the_taking_back(self, who: int) -> None:
        self._reverse(who, redo)

    @rule(who=who, steps=st.integers(1, 4))
    def there_and_back(self, who: int, steps: int) -> None:
        before = shown(self.stores[who])
        done = [self._reverse(who, undo) for _ in range(steps)]
        done = [change for change in done if change is not None]
        done += [self._reverse(who, redo) for _ in done]
        if not any(change is None or change.skipped for change in done):
            assert shown(self.stores[who]) == before

    def _reverse(self, who: int, act: Callable[[Store], Change]) -> Change | None:
        store = self.stores[who]
        asleep = hidden_by_others(store)
        try:
            change = act(store)
        except StoreError as nothing:
            assert nothing.code in ("nothing-to-undo", "nothing-to-redo")
            return None
        if act is undo:
            assert asleep <= hidden(store)
        return change

    @rule(source=who, to=who, part=st.integers(1, 9))
    def deliver_part(self, source: int, to: int, part: int) -> None:
        if source != to:
            have = {name: stream.seq for name, stream in streams(self.stores[to]).items()}
            for (dev, inc), stream in streams(self.stores[source]).items():
                known = have.get((dev, inc), 0)
                if stream.seq > known:
                    merge(self.stores[to], ops_after(self.stores[source], dev, inc, known, part))

    @rule()
    def everybody_syncs(self) -> None:
        exchange(*self.stores)

    @rule(days=st.sampled_from([-400, -1, 1, 365]))
    def clock_jumps(self, days: int) -> None:
        self.clock.advance(days=days)


Deleters.TestCase.settings = settings(
    max_examples=deep(15), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDeleters = Deleters.TestCase
