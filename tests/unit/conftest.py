"""Homes that share a folder, as most tests of sync begin with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.database import Store
from sync.engine import sync_once
from sync.places.share import create_share


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "team drive"
    made.mkdir()
    return made


@pytest.fixture
def opened() -> Iterator[list[Store]]:
    """Stores that a test opens, closed at its end."""
    made: list[Store] = []
    yield made
    for each in made:
        each.close()


@pytest.fixture
def ann(store: Store, folder: Path) -> Store:
    """The workspace's first device, whose ops are in the folder."""
    create_share(str(folder), store)
    sync_once(store)
    return store


@pytest.fixture
def pair(store: Store, teammate: Callable[[str], Store], folder: Path) -> tuple[Store, Store]:
    """Ann and Bob, whose every op is in one folder."""
    other = teammate("Bob")
    for each in (store, other):
        create_share(str(folder), each)
    for each in (store, other, store):
        sync_once(each)
    return store, other
