"""Where one left off: the last place, cursor and scroll of each, the commands used last; for the next start."""

from __future__ import annotations

import json
import os
from typing import Any

FILE = "left_off.json"
MOST_PLACES = 30
MOST_COMMANDS = 12
MOST_BYTES = 64 * 1024  # of the file: more was not written by this program

# What a place says of itself, as JSON: ids, numbers, lists of ids.
Spot = dict[str, Any]


class LeftOff:
    """What one file in the home says; a file that is damaged, or not there, says nothing."""

    def __init__(self, home: str) -> None:
        self._path = os.path.join(home, FILE) if home else ""
        found = _read(self._path)
        self._written = found
        self.place = found["place"] if isinstance(found.get("place"), str) else ""
        self.commands = [name for name in _list(found.get("commands")) if isinstance(name, str)][
            :MOST_COMMANDS
        ]
        places = found.get("places")
        self._spots: dict[str, Spot] = {
            name: spot
            for name, spot in (places if isinstance(places, dict) else {}).items()
            if isinstance(spot, dict)
        }

    def spot(self, place: str) -> Spot:
        """Return where one was in a place, empty where nothing is known."""
        return self._spots.get(place, {})

    def note(self, place: str, spot: Spot) -> None:
        """Remember where one is in a place."""
        self._spots.pop(place, None)
        self._spots[place] = spot  # at the end: those longest unvisited are forgotten first
        while len(self._spots) > MOST_PLACES:
            del self._spots[next(iter(self._spots))]

    def used(self, command: str) -> None:
        """Remember that a command was chosen in the palette."""
        self.commands = [command, *(name for name in self.commands if name != command)][:MOST_COMMANDS]

    def write(self) -> None:
        """Write it down where it differs from what is written; losing it is not worth an interruption."""
        state = {"place": self.place, "commands": self.commands, "places": self._spots}
        if not self._path or state == self._written:
            return
        text = json.dumps(state, ensure_ascii=False)
        if len(text.encode("utf-8", "replace")) > MOST_BYTES:
            return
        try:
            with open(self._path + ".new", "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
            os.replace(self._path + ".new", self._path)
        except OSError:
            return
        self._written = json.loads(text)


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            found = json.loads(file.read(MOST_BYTES + 1))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of(spot: Spot, name: str) -> str:
    """Return a text of a spot, empty where it is none."""
    value = spot.get(name)
    return value if isinstance(value, str) else ""


def number_of(spot: Spot, name: str) -> int:
    """Return a number of a spot from 0, 0 where it is none."""
    value = spot.get(name)
    return min(value, 10**9) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def texts_of(spot: Spot, name: str) -> list[str]:
    """Return the texts of a list in a spot."""
    return [one for one in _list(spot.get(name)) if isinstance(one, str)]
