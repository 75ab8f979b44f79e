"""Shares that lie here for ever, as teammates with an old program left them: they are always read to the same end.

`python -m tests.golden` makes those that are not there yet; none is ever made over. What a format adds is a new share.
"""

from pathlib import Path

HERE = Path(__file__).parent
PLAIN = HERE / "plain"
ENCRYPTED = HERE / "encrypted"
EXPECTED = "expected.json"
INVITATION = "invitation.txt"
