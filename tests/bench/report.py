"""The table for people and the same rows for programs."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Sequence

from tests.bench.measure import Row, median, seconds

CONTRACT = 1  # of the JSON: raised when a key changes its meaning
HEADINGS = ("what", "floor", "value", "ratio", "spread", "n", "bar", "")


def machine(folder: str) -> dict[str, str]:
    """Return what the figures were taken on, with two of its own: a loop of Python, and a durable write."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "loop": f"{median([seconds(_loop) for _ in range(5)]) * 1000:.0f} ms",
        "fsync": f"{median([seconds(lambda: _durable(folder)) for _ in range(11)]) * 1000:.1f} ms",
    }


def _loop() -> None:
    for _ in range(1_000_000):
        pass


def _durable(folder: str) -> None:
    path = os.path.join(folder, "durable")
    with open(path, "wb") as file:
        file.write(bytes(4096))
        file.flush()
        os.fsync(file.fileno())
    os.unlink(path)


def as_json(rows: Sequence[Row], about: dict[str, str]) -> str:
    """Return the rows as one JSON object."""
    shown = [row._asdict() | {"ok": row.ok} for row in rows]
    return json.dumps(
        {"contract": CONTRACT, "machine": about, "ok": all(row.ok for row in rows), "rows": shown},
        ensure_ascii=False,
        indent=1,
    )


def as_table(rows: Sequence[Row], about: dict[str, str]) -> str:
    """Return the rows as a table, notes below it."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = ["  ".join(f"{key} {value}" for key, value in about.items()), ""]
    for line in cells:
        first, *rest = (
            text.ljust(width) if column in (0, 7) else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        lines.append("  ".join([first, *rest]).rstrip())
        if line is HEADINGS:
            lines.append("─" * (sum(widths) + 2 * len(widths) - 2))
    notes = [f"{row.what}: {row.note}" for row in rows if row.note]
    over = [row.name for row in rows if not row.ok]
    lines += ["", *notes] if notes else []
    lines += ["", f"over the bar: {', '.join(over)}" if over else "every bar holds"]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        "" if row.floor is None else f"{_number(row.floor)} {row.unit}",
        f"{_number(row.value)} {row.unit}",
        "" if row.ratio is None else f"{row.ratio:.2f}×",
        "" if row.low is None or row.high is None or row.runs < 2 else f"{row.low:.2f}–{row.high:.2f}",
        str(row.runs) if row.runs > 1 else "",
        "" if row.bar is None else f"{row.bar:g}×",
        "" if row.bar is None else "ok" if row.ok else "OVER",
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def narrate(text: str) -> None:
    """Say on stderr what is being done, so that a long run is not a silent one."""
    print(text, file=sys.stderr, flush=True)
