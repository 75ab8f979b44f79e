"""Errors of the core: a code and its parameters; the sentence a person reads is made at the edge."""

from __future__ import annotations

# Exit codes of the command line, in one place because errors carry them.
FAILED = 1
USAGE = 2
WAITING = 3
NEEDS_PERSON = 4

_EXIT_CODES = {
    "bad-query": USAGE,
    "unfinished-query": USAGE,
    "unknown-kind": USAGE,
    "unknown-field": USAGE,
    "unknown-status": USAGE,
    "bad-value": USAGE,
    "bad-rule": USAGE,
    "too-long": USAGE,
    "ambiguous": USAGE,
    "ambiguous-device": USAGE,
    "no-span": USAGE,
    "only-texts-merge": USAGE,
    "empty-folder": USAGE,
    "paused": WAITING,
    "older-history": WAITING,
    "bad-keys": NEEDS_PERSON,
    "corrupt": NEEDS_PERSON,
    "newer-database": NEEDS_PERSON,
}


class StoreError(Exception):
    """A request the core refuses: `code` names why, `params` hold what a sentence about it needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def exit_code(self) -> int:
        """Return the process exit code this error asks for."""
        return _EXIT_CODES.get(self.code, FAILED)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}: {details}" if details else self.code


def nearest(word: str, known: list[str]) -> str:
    """Return the known word most like `word`, or an empty string: errors offer it as the likely meaning."""
    import difflib

    found = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return found[0] if found else ""
