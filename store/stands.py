"""Which items show in which status, as bits: the board counts its columns, and the hits of a search, in them.

Of every status `stand` has a row for each block of entity numbers in which it has an item, with one bit a number and
how many are set. A column's count adds a few rows up; how many of 20,000 hits lie in it is one `&` of two integers,
where looking each of them up would take a person's patience. An item in the trash stands nowhere.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    # An entity's number, the status it showed in, and the one it shows in now; None where it does not show.
    Move = tuple[int, str | None, str | None]

BLOCK_BITS = 12  # of an entity's number within its block
_BYTES = 1 << BLOCK_BITS - 3
_WITHIN = (1 << BLOCK_BITS) - 1


def stood(trashed: object, status: object) -> str | None:
    """Return the status in which an item with these columns shows, "" for none, or None for one in the trash."""
    return None if trashed else str(status or "")


def shift(conn: sqlite3.Connection, moves: Iterable[Move]) -> None:
    """Bring `stand` up to date with items that came, moved or left, a block at a time."""
    blocks: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
    for n, before, after in moves:
        if before == after:
            continue
        for arrived, status in enumerate((before, after)):
            if status is not None:
                key = (status, n >> BLOCK_BITS)
                if key not in blocks:
                    blocks[key] = ([], [])
                blocks[key][arrived].append(n & _WITHIN)
    for (status, block), (left, arrived_here) in blocks.items():
        query = "SELECT bits FROM stand WHERE status = ? AND block = ?"
        row = conn.execute(query, (status, block)).fetchone()
        bits = bytearray(row[0] if row else _BYTES)
        for at in left:
            bits[at >> 3] &= ~(1 << (at & 7))
        for at in arrived_here:
            bits[at >> 3] |= 1 << (at & 7)
        count = int.from_bytes(bits, "little").bit_count()
        if count:
            conn.execute("INSERT OR REPLACE INTO stand VALUES (?,?,?,?)", (status, block, count, bits))
        else:
            conn.execute("DELETE FROM stand WHERE status = ? AND block = ?", (status, block))


def read_counts(conn: sqlite3.Connection) -> dict[str, int]:
    """Return how many items show in each status that has any."""
    return dict(conn.execute("SELECT status, sum(count) FROM stand GROUP BY status"))


def read_bits(conn: sqlite3.Connection) -> dict[str, int]:
    """Return by status the numbers of the items that show in it, as the bits of an integer."""
    parts: dict[str, list[bytes]] = {}
    for status, block, bits in conn.execute("SELECT status, block, bits FROM stand ORDER BY status, block"):
        part = parts.setdefault(status, [])
        part += [bytes(_BYTES)] * (block - len(part))
        part.append(bits)
    return {status: int.from_bytes(b"".join(part), "little") for status, part in parts.items()}
