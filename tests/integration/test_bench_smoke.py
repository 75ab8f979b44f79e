"""The benchmark goes on working: every family measures, and both ways of printing hold what was measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.measure import Row, against, in_turns, paired, quantile
from tests.bench.report import as_json, as_table

# Sizes at which nothing is meant by the figures: what is tested is that they are taken.
TINY = """
import json, sys
from tests.bench import memory
from tests.bench.__main__ import FAMILIES, measure
from tests.bench.lab import Sizes
from tests.bench.report import as_json, as_table
memory.KEYS = 5
once = dict.fromkeys(("frames", "commands", "merges", "keys", "searches", "idles", "schedules"), 1)
sizes = Sizes((120,), (1_500,), arrivals=2, idle=0.3, rest=0.3, **once)
rows, about = measure(sizes, [family.NAME for family in FAMILIES])
print(json.dumps({"table": as_table(rows, about), "json": json.loads(as_json(rows, about))}))
"""
NAMES = {
    "open-120", "key-j-median", "key-j-p99", "key-l-median", "key-page-p99", "key-move-median", "key-shift-p99",
    "key-ends-median", "add", "conflict", "add-manual", "merge", "merge-share", "join", "join-past",
    "search", "search-common", "schedule", "reschedule", "timeline", "timeline-move-median", "timeline-zoom-p99",
    "report", "similar", "conflicts", "memory", "memory-keys", "idle",
    "bytes", "bytes-demo", "arrival-p95", "push-files", "idle-look",
}  # fmt: skip


def test_every_family_measures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TINY],
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    rows = {row["name"]: row for row in printed["json"]["rows"]}
    assert rows.keys() >= NAMES
    for row in rows.values():
        assert row["value"] > 0 or row["name"] == "idle"
        assert row["what"] in printed["table"]
        assert row["ok"] or f"{row['ratio']:.2f}×" in printed["table"]
    assert {"python", "sqlite", "loop", "fsync"} <= printed["json"]["machine"].keys()
    assert not list(tmp_path.iterdir()), "something was left behind"


def test_a_ratio_over_its_bar_is_shown_and_told() -> None:
    slow = paired("slow", "a slow thing", "ms", [(1.0, 4.0), (1.0, 5.0), (2.0, 6.0)], bar=2.0)
    fast = against("fast", "a fast thing", "ms", 5.0, 10.0, values=[4.0, 5.0, 6.0], bar=1.0)
    assert (slow.ratio, slow.low, slow.high, slow.ok) == (4.0, 3.0, 5.0, False)
    assert (fast.ratio, fast.low, fast.high, fast.ok) == (0.5, 0.4, 0.6, True)
    table = as_table([slow, fast], {})
    assert "4.00×" in table
    assert "3.00–5.00" in table
    assert table.endswith("over the bar: slow")
    assert json.loads(as_json([slow, fast], {}))["ok"] is False


def test_a_row_without_a_bar_only_informs() -> None:
    assert Row("bytes", "bytes an op", "B", 17.0, 175.0, 0.1).ok
    assert as_table([Row("bytes", "bytes an op", "B", 17.0)], {}).endswith("every bar holds")


def test_floor_and_program_take_turns_at_going_first() -> None:
    order: list[str] = []

    def note(name: str, value: float) -> float:
        order.append(name)
        return value

    assert in_turns(lambda: note("floor", 1.0), lambda: note("value", 2.0), 3) == [(1.0, 2.0)] * 3
    assert order == ["floor", "value", "value", "floor", "floor", "value"]


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert quantile(values, 0.99) == 99.0
    assert quantile(values, 0.5) == 50.0
    assert quantile([7.0], 0.99) == 7.0
