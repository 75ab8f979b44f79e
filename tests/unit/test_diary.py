"""The diary of sync: what came and went, and each trouble's beginning and end, told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from store.database import Store
from store.journal import KEPT, Note, read_notes, write_notes
from sync.engine import Engine
from sync.places.share import create_share
from tests.conftest import add_item


def lines(store: Store) -> list[tuple[str, str]]:
    """Return what happened, the oldest first."""
    return [(note.what, note.detail) for note in reversed(read_notes(store))]


def test_what_came_and_went_is_written_once(
    store: Store, teammate: Callable[[str], Store], tmp_path: Path
) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    other = teammate("Hm")
    for each in (store, other):
        create_share(str(folder), each)
    engines = [Engine(store), Engine(other)]
    for _ in range(3):
        for engine in engines:
            engine.sync()
    before = len(read_notes(store))
    for _ in range(3):
        for engine in engines:
            engine.sync()
    assert len(read_notes(store)) == before, "a sync that found nothing wrote something"
    add_item(other, "x")
    for engine in reversed(engines):
        engine.sync()
    assert read_notes(store)[0].what == "received"
    assert read_notes(other)[0].what == "sent"
    assert read_notes(store)[0].amount == read_notes(other)[0].amount > 0


def test_a_trouble_is_told_when_it_begins_and_when_it_ends(store: Store, tmp_path: Path) -> None:
    folder, away = tmp_path / "team", tmp_path / "away"
    folder.mkdir()
    create_share(str(folder), store)
    engine = Engine(store)
    engine.sync()
    folder.rename(away)
    for _ in range(3):
        engine.sync()
    away.rename(folder)
    for _ in range(3):
        engine.sync()
    assert lines(store)[1:] == [("paused", "unmounted"), ("resumed", "unmounted")]


def test_a_refused_file_is_told_with_its_reason(
    store: Store, teammate: Callable[[str], Store], tmp_path: Path
) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    other = teammate("Hm")
    for each in (store, other):
        create_share(str(folder), each)
    add_item(other, "x")
    Engine(other).sync()
    for segment in folder.rglob("*.seg"):
        data = bytearray(segment.read_bytes())
        data[len(data) // 2] ^= 1
        segment.write_bytes(data)
    engine = Engine(store)
    for _ in range(2):
        engine.sync()
    refused = [detail for what, detail in lines(store) if what == "refused"]
    assert len(refused) == 1
    assert refused[0].endswith(".seg")


def test_the_diary_stays_short(store: Store) -> None:
    write_notes(store, [Note(n, "/team", "sent", n) for n in range(KEPT)])
    write_notes(store, [Note(n, "/team", "received", n) for n in range(7)])
    kept = read_notes(store)
    assert len(kept) == KEPT
    assert kept[0].amount == 6
    assert kept[-1].amount == 7
