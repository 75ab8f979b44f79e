"""A count before a key, as readline takes it: alt and a digit begin it, for digits alone are places."""

from __future__ import annotations

MOST = 999


class Counts:
    """The count that is being typed."""

    def __init__(self) -> None:
        self.text = ""

    def takes(self, key: str) -> bool:
        """Take a key that begins the count or goes on with it; tells whether it does."""
        modifier, plus, digit = key.rpartition("+")
        if not (len(digit) == 1 and digit.isascii() and digit.isdigit()):
            return False
        if plus and modifier != "alt":
            return False
        if not plus and not self.text:
            return False
        if self.text or digit != "0":
            self.text = str(min(int(self.text + digit), MOST))
        return True

    def take(self) -> int:
        """Return the count, 0 for none, and begin anew."""
        count = int(self.text or 0)
        self.text = ""
        return count
