"""A small WebDAV server in this process that keeps files in memory, counts requests, and misbehaves when told to.

It runs in a thread, so whoever waits for it must let other threads run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

Fault = Callable[["Handler"], bool]


class FakeDav:
    """What the server holds: files and folders by path, requests as they came, and what it does wrong.

    `fault` is called with each request's handler before it is answered; True says that it has answered already.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.folders: set[str] = {"", "team"}
        self.requests: list[str] = []
        self.fault: Fault = lambda handler: False
        self.port = 0

    @property
    def url(self) -> str:
        """Return the address of the folder `team`."""
        return f"webdav://127.0.0.1:{self.port}/team"

    def count(self, method: str = "") -> int:
        """Return how many requests came, or how many of one kind."""
        return sum(1 for line in self.requests if line.startswith(method))

    def fails(
        self, status: int, *, methods: str = "", times: int = 10**9, headers: dict[str, str] | None = None
    ) -> None:
        """Answer the next requests of some methods with an error."""
        left = [times]

        def fault(handler: Handler) -> bool:
            if left[0] <= 0 or (methods and handler.command not in methods.split()):
                return False
            left[0] -= 1
            handler.answer(status, headers=headers)
            return True

        self.fault = fault

    def heals(self) -> None:
        """Misbehave no more."""
        self.fault = lambda handler: False


class Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests."""

    protocol_version = "HTTP/1.1"
    dav: FakeDav

    def handle_one(self) -> None:
        """Read the request, note it, and answer."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.where = unquote(urlsplit(self.path).path).strip("/")
        self.dav.requests.append(f"{self.command} {self.where}")
        if not self.dav.fault(self):
            getattr(self, f"on_{self.command.lower()}")()

    do_GET = do_PUT = do_DELETE = do_MOVE = do_MKCOL = do_PROPFIND = handle_one

    def on_get(self) -> None:
        """Answer with a file."""
        if self.where in self.dav.files:
            self.answer(200, self.dav.files[self.where])
        else:
            self.answer(404)

    def on_put(self) -> None:
        """Keep a file, if its folder is there."""
        if self.where.rpartition("/")[0] not in self.dav.folders:
            self.answer(409)
            return
        self.dav.files[self.where] = self.body
        self.answer(201)

    def on_delete(self) -> None:
        """Forget a file."""
        self.answer(204 if self.dav.files.pop(self.where, None) is not None else 404)

    def on_move(self) -> None:
        """Give a file another name."""
        target = unquote(urlsplit(self.headers["Destination"]).path).strip("/")
        if self.where not in self.dav.files:
            self.answer(404)
            return
        self.dav.files[target] = self.dav.files.pop(self.where)
        self.answer(201)

    def on_mkcol(self) -> None:
        """Make a folder, if the one above is there."""
        if self.where.rpartition("/")[0] not in self.dav.folders:
            self.answer(409)
            return
        self.dav.folders.add(self.where)
        self.answer(201)

    def on_propfind(self) -> None:
        """List a folder, or tell of one file."""
        found = [self.where]
        if self.where in self.dav.folders and self.headers.get("Depth") == "1":
            prefix = f"{self.where}/" if self.where else ""
            everything = {*self.dav.files, *self.dav.folders}
            found += sorted(
                p
                for p in everything
                if p.startswith(prefix) and p != self.where and "/" not in p[len(prefix) :]
            )
        if self.where not in self.dav.folders and self.where not in self.dav.files:
            self.answer(404)
            return
        rows = "".join(self._row(path) for path in found if path or self.where == "")
        self.answer(
            207, f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{rows}</D:multistatus>'.encode()
        )

    def _row(self, path: str) -> str:
        folder = path in self.dav.folders
        kind = "<D:collection/>" if folder else ""
        size = 0 if folder else len(self.dav.files[path])
        href = quote(f"/{path}/" if folder and path else f"/{path}")
        return (
            f"<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:resourcetype>{kind}</D:resourcetype>"
            f"<D:getcontentlength>{size}</D:getcontentlength>"
            "<D:getlastmodified>Mon, 23 Nov 2026 09:00:00 GMT</D:getlastmodified></D:prop>"
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        )

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that go away."""


@contextmanager
def fake_dav() -> Iterator[FakeDav]:
    """Serve on a free port of loopback for the block."""
    dav = FakeDav()
    server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"dav": dav}))
    dav.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield dav
    finally:
        server.shutdown()
        server.server_close()


def longest_pause(act: Callable[[], object]) -> float:
    """Return the longest time in seconds for which another thread did not run while `act` did."""
    worst = 0.0
    done = threading.Event()

    def tick() -> None:
        nonlocal worst
        last = time.perf_counter()
        while not done.wait(0.002):
            now = time.perf_counter()
            worst, last = max(worst, now - last), now

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        act()
    finally:
        done.set()
        thread.join()
    return worst
