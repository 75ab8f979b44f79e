"""How often a server may be asked: a budget of requests in a sliding window, and patience when it says "too many".

Both are kept in a small file in the home, for the app, `sync --watch` and the syncs that an edit starts are different
processes, and the server counts them as one.
"""

from __future__ import annotations

import json
import os
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_NAME = "requests.json"
RESERVE = 0.25  # of the budget, for a person's own edits
LOOK = 2  # requests of a look that finds nothing: the sentinel and one listing
SEND = 12  # and of sending one edit
SLOTS = 60  # in which a window's requests are counted
SAVE_EVERY = 20  # requests, so that a process that is killed forgets few

BACK_OFF = 30.0  # seconds after the first "too many requests" without a word on how long
MOST = 1800.0  # and at most after many, or when a server asks for more


class Budget:
    """The requests of one account: `limit` in `window` seconds, any number when it is 0.

    `urgent` lets the reserve be used; `planned` is when the next look is to be. Times are seconds since the epoch.
    """

    def __init__(
        self,
        home: str,
        account: str,
        limit: int = 0,
        window: float = MOST,
        *,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.limit = limit
        self.window = window
        self.urgent = False
        self.planned = 0.0
        self._path = os.path.join(home, FILE_NAME) if home else ""
        self._account = account
        self.now = now
        self._chance = chance
        self._spent: list[list[float]] = []
        self._until = 0.0
        self._failures = 0
        self._unsaved = 0
        self._loaded: object = None
        self.load()

    def refusal(self, count: int = 1) -> str:
        """Return why `count` requests cannot be made now: "throttled", "budget", or "" when they can."""
        if self.now() < self.back_off_until:
            return "throttled"
        if self.limit and self.used + count > self._available:
            return "budget"
        return ""

    def spend(self, count: int = 1) -> None:
        """Count requests that are being made."""
        slot = self.window / SLOTS
        start = self.now() // slot * slot
        if self._spent and self._spent[-1][0] == start:
            self._spent[-1][1] += count
        else:
            self._spent.append([start, count])
        self._unsaved += count
        if self._unsaved >= SAVE_EVERY:
            self.save()

    def throttled(self, retry_after: float | None = None) -> None:
        """Ask for nothing until the time the server named, or for twice as long as the last time."""
        now = self.now()
        pause = retry_after
        if pause is None:
            pause = BACK_OFF * 2.0 ** min(self._failures, 10)
            pause *= 0.5 + self._chance() / 2  # so that those it sent away do not all come back at once
        else:
            pause *= 1.0 + self._chance() / 10
        self._failures += 1
        self._until = now + min(pause, MOST)
        self.save()

    def answered(self) -> None:
        """Note that the server answered as it should."""
        if self._failures:
            self._failures = 0
            self._until = 0.0
            self.save()

    @property
    def used(self) -> int:
        """Return how many requests the window holds."""
        self._forget()
        return int(sum(count for _, count in self._spent))

    @property
    def back_off_until(self) -> float:
        """Return until when the server wants to be left alone, a time that may be over."""
        # Later than any server is given: the clock was set back. It is asked, and will say so again.
        return self._until if self._until <= self.now() + MOST else 0.0

    @property
    def next_at(self) -> float:
        """Return the earliest time at which a look can be made."""
        at = max(self.now(), self.back_off_until)
        if not self.limit:
            return at
        over = self.used + LOOK - self._available
        for start, count in self._spent:
            if over <= 0:
                break
            over -= int(count)
            at = max(at, start + self.window + self.window / SLOTS)
        return at

    def spacing(self) -> float:
        """Return the seconds between two looks that spread what is left over the window."""
        if not self.limit:
            return 0.0
        left = self.limit * (1 - RESERVE) - self.used
        return min(self.window, self.window * LOOK / left) if left > LOOK else self.window

    def bundling(self) -> float:
        """Return the seconds that edits wait for others to be sent along: none while there is plenty left."""
        if not self.limit or self.used * 2 < self.limit:
            return 0.0
        left = self.limit - self.used
        return min(self.window, self.window * SEND / left / 2) if left > SEND else self.window

    @property
    def _available(self) -> float:
        return self.limit if self.urgent else self.limit * (1 - RESERVE)

    def _forget(self) -> None:
        """Drop what is older than the window."""
        now = self.now()
        oldest = now - self.window - self.window / SLOTS
        # Later than now: the clock was set back. They count from now on, and so for one window at most.
        self._spent = [[min(start, now), count] for start, count in self._spent if start > oldest]

    def load(self) -> None:
        """Take in what other processes of the home have asked since."""
        if not self._path:
            return
        try:
            status = os.stat(self._path)
            stamp = status.st_mtime_ns, status.st_ino, status.st_size
        except OSError:
            return
        if stamp == self._loaded or self._unsaved:
            return
        self._loaded = stamp
        mine = _accounts(self._path).get(self._account, {})
        with suppress(KeyError, TypeError, ValueError):
            self._spent = sorted([float(start), int(count)] for start, count in mine["spent"])
            self._until = float(mine["until"])
            self._failures = int(mine["failures"])
            self.planned = float(mine["planned"])

    def save(self) -> None:
        """Let other processes of the home know; what cannot be written is only not known to them."""
        if not self._path:
            return
        self._unsaved = 0
        accounts = _accounts(self._path)
        self._forget()
        accounts[self._account] = {
            "spent": self._spent, "until": self._until, "failures": self._failures, "planned": self.planned,
        }  # fmt: skip
        fresh = f"{self._path}.{os.getpid()}"
        with suppress(OSError):
            with open(fresh, "w", encoding="ascii") as file:
                json.dump({"accounts": accounts}, file, separators=(",", ":"))
            os.replace(fresh, self._path)
            status = os.stat(self._path)
            self._loaded = status.st_mtime_ns, status.st_ino, status.st_size

    def flush(self) -> None:
        """Save when there is anything that is not saved."""
        if self._unsaved:
            self.save()


def _accounts(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="ascii") as file:
            found = json.load(file)["accounts"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
