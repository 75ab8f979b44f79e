"""What devices are called where a person reads of them: whose each is, its name, its id where those do not tell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sync.trust.roster import devices
from tui.celltext import clean, truncate
from tui.i18n import _

if TYPE_CHECKING:
    from store.database import Store

LONGEST = 40  # cells of a name, which may have hundreds of characters


def device_labels(store: Store) -> dict[str, str]:
    """Return by id what every device of which anything is known is called, no two of them alike."""
    labels = {
        one.id: device_label(one.id, one.person, one.name, claimed=one.claimed) for one in devices(store)
    }
    many = Counter(labels.values())
    return {
        dev: label if many[label] == 1 or label == dev else f"{label} · {dev}"
        for dev, label in labels.items()
    }


def device_label(dev: str, person: str, name: str, *, claimed: bool = False) -> str:
    """Return “person · device”, or what is known of that, else the id; marked where it is only what it says itself."""
    parts = [short_name(part) for part in (person, name) if part]
    if claimed:
        parts = [_("“{name}”?").format(name=part) for part in parts]
    return " · ".join(parts) or dev


def short_name(name: str) -> str:
    """Return a name as one line that leaves room for others."""
    return truncate(clean(name), LONGEST)
