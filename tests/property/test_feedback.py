"""Whatever two people do to feedback at once: they come to agree, and nothing that was said or voted is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store import commands, feedback, queries
from store.database import Store
from store.errors import StoreError
from store.export import state_hash
from store.feedback_rows import counts, in_state, inbox, ready, snoozed, support_of_items
from store.integrity import check_derived
from store.setup import enter_workspace, init_workspace, join_workspace
from tests.conftest import TODAY, Clock, deliver, exchange
from tests.depth import deep

PIECES = 4
SAID = st.integers(0, PIECES - 1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "vote",
                "unvote",
                "link",
                "duplicate",
                "decline",
                "snooze",
                "answer",
                "reopen",
                "comment",
                "customer",
            ]
        ),
        st.integers(0, 1),
        SAID,
        SAID,
        st.booleans(),
    ),
    max_size=14,
)


def step(store: Store, what: str, ent: str, other: str, item: str, buyer: str) -> None:
    with commands.change(store, what) as change:
        if what == "vote":
            feedback.vote(change, [ent], store.member)
        elif what == "unvote":
            feedback.unvote(change, [ent], store.member)
        elif what == "link":
            feedback.link(change, [ent], [item])
        elif what == "duplicate":
            feedback.mark_duplicate(change, [ent], other)
        elif what == "decline":
            feedback.decline(change, [ent], "no")
        elif what == "snooze":
            feedback.snooze(change, [ent], "2026-12-01")
        elif what == "answer":
            feedback.answer(change, [ent], "done")
        elif what == "reopen":
            feedback.reopen(change, [ent])
        elif what == "comment":
            change.comment(ent, "seen")
        else:
            change.add_to(ent, "customers", [buyer])


@settings(max_examples=deep(10))
@given(STEPS)
def test_replicas_agree_and_nothing_is_lost(steps: list[tuple[str, int, int, int, bool]]) -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        first = init_workspace(
            str(Path(folder) / "a"), name="A", member="林平", code="lp", now=clock, today=lambda: TODAY
        )
        second = join_workspace(str(Path(folder) / "b"), first.workspace, now=clock, today=lambda: TODAY)
        deliver(first, second)
        enter_workspace(second, member="Mei", code="me")
        stores = (first, second)
        try:
            with commands.change(first, "add") as change:
                said = [
                    change.create("feedback", {"title": f"t{n}", "verbatim": f"v{n}"}) for n in range(PIECES)
                ]
                item = change.create("item", {"title": "x"})
                buyer = change.create("customer", {"title": "华宇", "size": 5})
            exchange(*stores)
            comments = 0
            wanted: set[str] = set()
            for what, who, one, other, meet in steps:
                store = stores[who]
                try:
                    step(store, what, said[one], said[other], item, buyer)
                except StoreError as refused:
                    assert refused.code == "duplicate-self"
                    continue
                comments += what == "comment"
                wanted |= {buyer} if what == "customer" else set()
                if meet:
                    exchange(*stores)
            exchange(*stores)
            assert state_hash(first) == state_hash(second)
            for store in stores:
                assert not check_derived(store)
                fields = [queries.entity_fields(store, "feedback", ent) or {} for ent in said]
                assert [(field["title"], field["verbatim"]) for field in fields] == [
                    (f"t{n}", f"v{n}") for n in range(PIECES)
                ]
                assert sum(len(queries.comments(store, ent)) for ent in said) == comments
                _each_stands_in_one_section(store, said)
                with commands.change(store, "link") as change:
                    change.add_to(said[0], "items", [item])
                    for ent in said[1:]:
                        change.add_to(ent, "items", [item])
                assert support_of_items(store, [item])[item].customers == wanted
        finally:
            for store in stores:
                store.close()


def _each_stands_in_one_section(store: Store, said: list[str]) -> None:
    sections = {
        "inbox": inbox(store, TODAY),
        "ready": ready(store),
        "snoozed": snoozed(store, TODAY),
        **{state: in_state(store, state) for state in ("linked", "answered", "declined", "duplicate")},
    }
    shown = [row.id for rows in sections.values() for row in rows]
    assert sorted(shown) == sorted(said)
    assert {name: len(rows) for name, rows in sections.items()} == counts(store, TODAY)
