"""What a person should be told once, whichever way they look next: a line of the next command, a banner in the app."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

KEPT = 20
_KEY = "notices"  # in `meta`; a second key says whether any is unseen, which every opening reads anyway
_UNSEEN = "unseen"


class Notice:
    """Something that happened to this home: a code for programs, when (ms), and the device that it is about, if any."""

    __slots__ = ("at", "code", "device", "seen")

    def __init__(self, code: str, at: int, device: str = "", seen: bool = False) -> None:
        self.code = code
        self.at = at
        self.device = device
        self.seen = seen


def notify(store: Store, code: str, device: str = "") -> None:
    """Keep a notice until somebody has seen it; the newest few stay on record after that."""
    kept = [*notices(store), Notice(code, store.now(), device)][-KEPT:]
    _write(store, kept)
    store.noticed = True


def notices(store: Store) -> list[Notice]:
    """Return what there was to be told, oldest first."""
    import json

    try:
        return [
            Notice(str(code), int(at), str(device), bool(seen))
            for code, at, device, seen in json.loads(store.meta(_KEY, "[]"))
        ]
    except (ValueError, TypeError):
        return []


def unseen(store: Store) -> list[Notice]:
    """Return what nobody has been told yet, oldest first."""
    return [notice for notice in notices(store) if not notice.seen] if has_unseen(store) else []


def has_unseen(store: Store) -> bool:
    """Return whether anything is left to be told, which costs one lookup."""
    return bool(store.meta(_UNSEEN))


def mark_seen(store: Store) -> None:
    """Note that a person has been told everything up to now."""
    with store.transaction():
        kept = notices(store)
        for notice in kept:
            notice.seen = True
        _write(store, kept)
    store.noticed = False


def _write(store: Store, kept: list[Notice]) -> None:
    from store.ops import encode_value

    rows = [[notice.code, notice.at, notice.device, notice.seen] for notice in kept]
    with store.transaction() as conn:
        conn.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (_KEY, encode_value(rows)))
        unseen = "1" if any(not notice.seen for notice in kept) else ""
        conn.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (_UNSEEN, unseen))
