"""Shares that lie here for ever, as teammates with an old program left them: they are always read to the same end.

`python -m tests.golden` makes those that are not there yet; none is ever made over. What a format adds is a new share.
"""

from pathlib import Path

HERE = Path(__file__).parent
PLAIN = HERE / "plain"
ENCRYPTED = HERE / "encrypted"
FORKED = HERE / "forked"
EXPECTED = "expected.json"
INVITATION = "invitation.txt"
SEAL = "seal.txt"  # a member's device, and what opens the key files that others write for it
