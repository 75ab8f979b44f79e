"""The two teammates' process: it edits databases of its own and shares them through a real folder.

`python -m tui.demo.teammates SCRATCH SHARE HOME PACE` waits for the line "go" on stdin, then works until it reads
"bye". When stdin ends without it, whoever began the demo is gone: then SCRATCH, its temporary directory, is removed.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import threading
import time

from sync.places.share import create_share
from tui.demo import people
from tui.demo.history import arrive
from tui.demo.lines import OPENING
from tui.demo.office import Office, Teammate

GO, BYE = "go", "bye"
_SEED = 12
# Seconds between two edits. They grow, since a demo left open overnight should not fill the disk.
SHORTEST, LONGEST = 2.5, 6.5
GROWTH = 1.005
SLOWEST = 4.0  # times as long


class Orders:
    """What the parent process says on stdin; `over` is set as soon as it says goodbye or is gone."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.orphaned = False

    def begun(self) -> bool:
        """Wait for the word to begin; False when it will not come."""
        return self._next() == GO

    def listen(self) -> None:
        """Listen for the end in a thread."""
        threading.Thread(target=self._until_over, name="sameboat-demo-orders", daemon=True).start()

    def _until_over(self) -> None:
        while self._next() not in (BYE, ""):
            pass
        self.over.set()

    def _next(self) -> str:
        """Return the next word, '' when there will be none. Unbuffered: a lock held at exit would abort Python."""
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(0, 1)
            if not byte:
                self.orphaned = True
                return ""
            line += byte
        return line.decode().strip()


def team_home(scratch: str, code: str) -> str:
    """Return where a teammate's home lies in the demo's temporary directory."""
    return os.path.join(scratch, "team", code)


def gather(scratch: str, share: str, first: str) -> dict[str, Teammate]:
    """Bring everybody's home up to date and into the shared folder; returns those who stay and keep editing."""
    staying = {}
    for person in sorted(people.PEOPLE[1:], key=lambda person: person.code not in people.TEAMMATES):
        home = team_home(scratch, person.code)
        arrive(home, first)
        teammate = Teammate(person.code, home)
        create_share(share, teammate.store)
        teammate.sync()
        if person.code in people.TEAMMATES:
            staying[person.code] = teammate
        else:
            teammate.close()
    return staying


def work(team: dict[str, Teammate], over: threading.Event, pace: float) -> None:
    """Play the planned minute, then whatever comes to hand, until it is over; `pace` 0.1 is ten times as fast."""
    chance = random.Random(_SEED)
    office = Office(team, chance)
    begun = time.monotonic()
    for scene in OPENING:
        if over.wait(max(0.0, begun + scene.at * pace - time.monotonic())):
            return
        office.play(scene)
    slowness = 1.0
    while not over.wait(chance.uniform(SHORTEST, LONGEST) * slowness * pace):
        office.improvise()
        slowness = min(slowness * GROWTH, SLOWEST)


def main(words: list[str]) -> int:
    """Run the teammates until the parent process ends them."""
    scratch, share, first, pace = words
    orders = Orders()
    try:
        if orders.begun():
            orders.listen()
            team = gather(scratch, share, first)
            try:
                work(team, orders.over, float(pace))
            finally:
                for teammate in team.values():
                    teammate.close()
    finally:
        if orders.orphaned:
            shutil.rmtree(scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
