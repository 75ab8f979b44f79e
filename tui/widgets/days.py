"""Days and moments as a person says them: `Fri 27 Nov`, `11月27日 周五`, `2 days late`."""

from __future__ import annotations

from datetime import datetime

from tui.days_said import day_words as day_words
from tui.days_said import distance_words as distance_words
from tui.days_said import parse_iso as parse_iso


def moment_words(at: int, now: int) -> str:
    """Return when something happened, from ms since the epoch: `5 min ago`, later its day and time."""
    from tui.widgets.header import ago

    if now - at < 86_400_000:
        return ago(now - at)
    moment = datetime.fromtimestamp(at / 1000).astimezone()
    today = datetime.fromtimestamp(now / 1000).astimezone().date()
    return f"{day_words(moment.date().isoformat(), today)} {moment:%H:%M}"
