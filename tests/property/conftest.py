"""Property tests judge answers, not the machine: a stall of it is no failure, and time has tests of its own."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("sameboat", deadline=None)
settings.load_profile("sameboat")
