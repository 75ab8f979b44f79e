"""The keys that a workspace has been encrypted with, one after another, and what files call them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sync.encryption.agekeys import AgeKey

MAX_NUMBER = 2**15 - 1
MAX_HELD = 255  # as many as an invitation can hold
# From the key used until then to a new one: with all that can be held, no number is beyond the last.
MAX_STEP = 128

_LABEL = re.compile(r"age:([1-9][0-9]{0,4}):[0-9a-f]{8}", re.ASCII)


class Generation(NamedTuple):
    """One of a workspace's keys. They are numbered from 1; two devices may make the same number at once."""

    number: int
    key: AgeKey

    @property
    def label(self) -> str:
        """Return what names the key in headers, as in age:2:0d45e2a1."""
        return f"age:{self.number}:{self.key.hash8}"


def number_in(label: object) -> int:
    """Return the number of the generation that a header's text names, or 0 when it names none."""
    match = _LABEL.fullmatch(label) if isinstance(label, str) else None
    return 0 if match is None or int(match[1]) > MAX_NUMBER else int(match[1])
