"""What people do to a workspace, at random: every command that writes, on whatever the replica shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import commands, queries, undo
from store.errors import StoreError
from tests.simulation.versions import LATER_KIND, is_later

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from store.database import Store

WORDS = ("发布", "定价", "pricing", "[bold]x[/]", "埋点", "\x1b[31m", "👩‍👩‍👧", "מחיר", "login", "e\u0301")
LABELS = ("red", "蓝", "urgent", "q4")
# What a command may answer when there is nothing it could do, or when what it names went to the trash meanwhile.
EXPECTED = ("nothing-to-undo", "nothing-to-redo", "not-found", "in-trash", "no-statuses")


def edit(store: Store, random: Random) -> str:
    """Do one thing that a person could do now; returns what, for the log of a failing run."""
    action = random.choices([act for act, _ in ACTIONS], [weight for _, weight in ACTIONS])[0]
    try:
        action(store, random)
    except StoreError as error:
        if error.code not in EXPECTED:
            raise
        return f"{action.__name__}: {error.code}"
    return action.__name__


def _text(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(1, 4)))


def _any(store: Store, random: Random, *kinds: str) -> str:
    kinds = tuple(kind for kind in kinds if kind != LATER_KIND or is_later())
    marks = ",".join("?" * len(kinds))
    query = f"SELECT id FROM entity WHERE kind IN ({marks}) ORDER BY id"
    found = [row[0] for row in store.conn.execute(query, kinds)]
    if not found:
        raise StoreError("not-found", what=kinds)
    # Few of them most of the time, so that people meet on the same ones.
    return str(random.choice(found[:3] if random.random() < 0.6 else found))


def add(store: Store, random: Random) -> None:
    fields: dict[str, object] = {"title": _text(random), "priority": random.randint(0, 4)}
    if random.random() < 0.5:
        fields["labels"] = random.sample(LABELS, 2)
    commands.create(store, "item", fields, private=random.random() < 0.15)


def log_conflict(store: Store, random: Random) -> None:
    parties = [row.id for row in queries.departments(store)][:2]
    commands.create(
        store, "conflict", {"title": _text(random), "parties": parties, "severity": random.randint(1, 4)}
    )


def rename(store: Store, random: Random) -> None:
    commands.set_fields(store, [_any(store, random, "item", "conflict")], {"title": _text(random)})


def describe(store: Store, random: Random) -> None:
    fields = {"description": _text(random), "custom": {random.choice(LABELS): _text(random), "gone": None}}
    commands.set_fields(store, [_any(store, random, "item")], fields)


def assign(store: Store, random: Random) -> None:
    owner = random.choice([*[row.id for row in queries.members(store)], None])
    ents = {_any(store, random, "item") for _ in range(random.randint(1, 3))}
    commands.set_fields(store, sorted(ents), {"owner": owner, "due": random.choice(("2026-12-01", None))})


def nest(store: Store, random: Random) -> None:
    child, parent = _any(store, random, "item"), _any(store, random, "item")
    if child != parent:
        commands.set_fields(store, [child], {"parent": parent})


def move(store: Store, random: Random) -> None:
    ent = _any(store, random, "item")
    statuses = queries.statuses(store)
    if not statuses:  # they have not come yet
        raise StoreError("no-statuses")
    status = random.choice(statuses).id
    others = [card.id for card in queries.cards(store, status, limit=5) if card.id != ent]
    neighbour = random.choice(others) if others and random.random() < 0.7 else None
    if random.random() < 0.5:
        commands.move(store, [ent], status, before=neighbour)
    else:
        commands.move(store, [ent], status, after=neighbour)


def label(store: Store, random: Random) -> None:
    commands.add_to(store, [_any(store, random, "item", "conflict")], "labels", [random.choice(LABELS)])


def unlabel(store: Store, random: Random) -> None:
    commands.remove_from(store, [_any(store, random, "item", "conflict")], "labels", [random.choice(LABELS)])


def comment(store: Store, random: Random) -> None:
    commands.comment(store, _any(store, random, "item", "conflict", LATER_KIND), _text(random))


def check(store: Store, random: Random) -> None:
    commands.check(store, _any(store, random, "item"), _text(random))


def tick(store: Store, random: Random) -> None:
    commands.set_fields(store, [_any(store, random, "check")], {"done": random.random() < 0.7})


def trash(store: Store, random: Random) -> None:
    commands.trash(store, [_any(store, random, "item", "conflict", "comment", LATER_KIND)])


def restore(store: Store, random: Random) -> None:
    commands.restore(store, [_any(store, random, "item", "conflict", "comment", LATER_KIND)])


def publish(store: Store, random: Random) -> None:
    commands.share(store, [_any(store, random, "item")])


def settle(store: Store, random: Random) -> None:
    for divergence in queries.divergences(store, _any(store, random, "item")):
        if divergence.field in ("title", "description", "priority"):
            value = random.choice(divergence.heads).value
            commands.settle(store, _any(store, random, "item"), divergence.field, value)


def project(store: Store, random: Random) -> None:
    if not is_later():
        raise StoreError("not-found", what=LATER_KIND)
    fields: dict[str, object] = {"title": _text(random), "sides": {random.choice(LABELS): _text(random)}}
    if random.random() < 0.5:
        commands.create(store, LATER_KIND, fields, private=random.random() < 0.15)
    else:
        commands.set_fields(store, [_any(store, random, LATER_KIND)], fields | {"depth": _text(random)})


def sparkle(store: Store, random: Random) -> None:
    if not is_later():
        raise StoreError("not-found", what="sparkle")
    item, mood = _any(store, random, "item"), random.choice(LABELS)
    luck = random.random()
    if luck < 0.6:
        commands.set_fields(store, [item], {"sparkle": _text(random)})
    elif luck < 0.8:
        commands.add_to(store, [item], "moods", [mood])
    else:
        commands.remove_from(store, [item], "moods", [mood])


def take_back(store: Store, random: Random) -> None:
    undo.undo(store)


def take_back_the_taking_back(store: Store, random: Random) -> None:
    undo.redo(store)


ACTIONS: tuple[tuple[Callable[[Store, Random], None], int], ...] = (
    (add, 8), (log_conflict, 3), (rename, 8), (describe, 4), (assign, 4), (nest, 3), (move, 8), (label, 4),
    (unlabel, 4), (comment, 4), (check, 2), (tick, 2), (trash, 4), (restore, 3), (publish, 3), (settle, 3),
    (take_back, 4), (take_back_the_taking_back, 3), (project, 4), (sparkle, 5),
)  # fmt: skip
