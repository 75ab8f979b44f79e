"""What an edit costs on its way: from a teammate's file to my screen, and how much of the share is touched for it.

The app is open in a real terminal over the smaller workspace, its folder watched; a teammate's engine in this process
sends one edit of a card in sight after another. Timed is from the moment the teammate's head lies in the folder to
the end of the piece of output that shows the card's new title.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

from store import commands, queries
from store.database import Store, open_store
from store.setup import enter_workspace, join_workspace
from sync.engine import Engine
from sync.names import share_name
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import Listing
from tests.bench.children import program
from tests.bench.history import Author
from tests.bench.lab import Lab, ShareStream, Workspace
from tests.bench.measure import Row, against, median, quantile
from tests.bench.opening import FullBoard
from tests.bench.terminal import Silence, Terminal, plain

NAME = "travel"
FLOOR_MS = 200.0
DEVICES = 50
PATIENCE = 5.0


class Counting(FolderTransport):
    """A folder that says when the last head was written, and what was done."""

    def __init__(self, url: str, store: Store) -> None:
        super().__init__(url, share_name(store.workspace), store.device)
        self.head_at = 0.0
        self.written: list[str] = []
        self.looked: list[str] = []

    def list(self, folder: str) -> Listing:
        self.looked.append(folder)
        return super().list(folder)

    def read(self, name: str, limit: int) -> bytes:
        self.looked.append(name)
        return super().read(name, limit)

    def write(self, name: str, data: bytes) -> None:
        super().write(name, data)
        self.written.append(name)
        if name.startswith("h/"):
            self.head_at = time.monotonic()


def measure(lab: Lab) -> Iterator[Row]:
    """Yield how long an edit travels, how many files a push writes, and what an idle look reads."""
    yield from _arrivals(lab)
    yield _idle_look(lab)


def _arrivals(lab: Lab) -> Iterator[Row]:
    workspace = lab.workspace(min(lab.sizes.items))
    board = FullBoard(workspace)
    mate = _teammate(lab, workspace)
    transport = Counting(workspace.share, mate)
    engine = Engine(mate, transports=lambda _url, _store: transport)
    engine.sync()
    files: list[int] = []
    times: list[float] = []
    luck = random.Random(1)
    try:
        first = queries.statuses(mate)[0].id
        [card] = queries.cards(mate, first, limit=1)
        with Terminal(program(), lab.env_of(workspace)) as terminal:
            terminal.wait_for(board.begun)
            terminal.listen(time.monotonic() + lab.sizes.rest)
            for number in range(lab.sizes.arrivals):
                title = f"到达{number}号"
                commands.set_fields(mate, [card.id], {"title": title})
                transport.written.clear()
                seen = len(terminal.pieces)
                engine.sync()
                files.append(len(transport.written))
                times.append((_shown(terminal, title, seen) - transport.head_at) * 1000)
                terminal.listen(time.monotonic() + luck.uniform(0.3, 1.5))
    finally:
        mate.close()
    yield against(
        "arrival-p95",
        f"a teammate's file to my open app, p95, {workspace.items:,} items",
        "ms",
        quantile(times, 0.95),
        FLOOR_MS,
        values=times,
        bar=1.0,
        note=f"median {median(times):.0f} ms; from the head in the folder to the title on the screen",
    )
    # Joining small files is spread over many pushes: the usual push is what the bar is about.
    yield against(
        "push-files", "files written by a push after one edit", "", median(files), 2.0, values=files, bar=1.0
    )


def _shown(terminal: Terminal, title: str, seen: int) -> float:
    """Return when a title had been written to the terminal, after the pieces that were seen before."""
    end = time.monotonic() + PATIENCE
    while True:
        for index in range(seen, len(terminal.pieces)):
            text = plain(b"".join(piece.data for piece in terminal.pieces[seen : index + 1]))
            if title in text.replace(" ", ""):
                return terminal.pieces[index].at
        if time.monotonic() > end:
            raise Silence(f"“{title}” has not come within {PATIENCE:.0f} s")
        terminal.read(0.2)


def _teammate(lab: Lab, workspace: Workspace) -> Store:
    """Return the home of somebody who has joined the workspace."""
    mine = open_store(workspace.home)
    name = mine.workspace
    mine.close()
    store = join_workspace(lab.path("mate"), name)
    create_share(workspace.share, store)
    Engine(store).sync()
    enter_workspace(store, member="王芳", code="wf")
    return store


def _idle_look(lab: Lab) -> Row:
    """Count what a sync with nothing new reads of a share of many devices."""
    workspace = lab.workspace(min(lab.sizes.items))
    store = _teammate(lab, workspace)
    try:
        share = lab.path("many")
        os.mkdir(share)
        create_share(share, store)
        for number in range(DEVICES):
            author = Author(f"device {number}", f"d{number}")
            author.lines.append(_line(number))
            ShareStream(store, share, author).write_all()
        transports: dict[str, Counting] = {}

        def counting(url: str, store: Store) -> Counting:
            return transports.setdefault(url, Counting(url, store))

        engine = Engine(store, transports=counting)
        for _ in range(2):
            engine.sync()
        many = transports[share]
        many.looked.clear()
        report = engine.sync()
        assert not report.pulled
        assert not report.waiting
        looked = len(many.looked)
    finally:
        store.close()
    return against(
        "idle-look", f"reads and listings of an idle sync, {DEVICES} devices", "", looked, 2.0, bar=1.0,
        note="the sentinel and one listing",
    )  # fmt: skip


def _line(number: int) -> bytes:
    """Return an op of a kind that no program knows, so that it changes nothing else."""
    return (
        f'{{"lam":1,"wt":1,"by":"","kind":"probe","ent":"probe{number:011d}","field":"n","value":{number},'
        '"parents":[],"change":1}'
    ).encode()
