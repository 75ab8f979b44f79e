"""Networks worked out by hand and in textbooks, and the instances of PSPLIB, come out to the day."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.analysis.plan import Link, Slot, Task
from store.analysis.schedule import Schedule, schedule
from tests.sample_plans import EVERY_DAY

PSPLIB = Path(__file__).parents[2].parent / "shared" / "data" / "psplib"
ZERO = 740_000  # time 0 of a textbook: its day n is the (n+1)th

# Activity, duration, predecessors; earliest and latest start, total and free float.
RELIABLE_CONSTRUCTION = """
A  2          0  0 0 0
B  4 A        2  2 0 0
C 10 B        6  6 0 0
D  6 C       16 20 4 0
E  4 C       16 16 0 0
F  5 E       20 20 0 0
G  7 D       22 26 4 0
H  9 E,G     29 33 4 0
I  7 C       16 18 2 2
J  8 F,I     25 25 0 0
K  4 J       33 34 1 1
L  5 J       33 33 0 0
M  2 H       38 42 4 4
N  6 K,L     38 38 0 0
"""  # Hillier and Lieberman, Introduction to Operations Research: 44 weeks, A-B-C-E-F-J-L-N

MILWAUKEE_PAPER = """
A 2       0  0 0 0
B 3       0  1 1 0
C 2 A     2  2 0 0
D 4 A,B   3  4 1 1
E 4 C     4  4 0 0
F 3 C     4 10 6 6
G 5 D,E   8  8 0 0
H 2 F,G  13 13 0 0
"""  # Heizer and Render, Operations Management: 15 weeks, A-C-E-G-H

FLOAT_OF_A_CHAIN = """
A 3      0 0 0 0
B 2 A    3 7 4 0
C 1 B    5 9 4 4
D 7 A    3 3 0 0
E 1 C,D 10 10 0 0
F 4      0 7 7 7
"""  # two activities of a chain share its float; what ends the chain has it free


def network(text: str) -> tuple[Schedule, dict[str, list[int]]]:
    """Return a textbook's network scheduled, and the numbers it gives."""
    tasks, links, numbers = [], [], {}
    for line in text.split("\n"):
        words = line.split()
        if not words:
            continue
        ident, duration, *rest = words
        tasks.append(Task(ident, duration=int(duration)))
        sources = rest.pop(0).split(",") if len(rest) == 5 else []
        links += [Link(f"{source}{ident}", source, ident) for source in sources]
        numbers[ident] = [int(word) for word in rest]
    return schedule(tasks, links, {"": EVERY_DAY}, ZERO), numbers


def in_numbers(slot: Slot) -> list[int]:
    return [slot.start - ZERO, slot.late_start - ZERO, slot.total_float, slot.free_float]


@pytest.mark.parametrize(
    ("text", "length", "critical"),
    [(RELIABLE_CONSTRUCTION, 44, "ABCEFJLN"), (MILWAUKEE_PAPER, 15, "ACEGH"), (FLOAT_OF_A_CHAIN, 11, "ADE")],
)
def test_a_network_out_of_a_textbook(text: str, length: int, critical: str) -> None:
    plan, numbers = network(text)
    assert {ident: in_numbers(slot) for ident, slot in plan.slots.items()} == numbers
    assert plan.finish == ZERO + length - 1
    assert "".join(ident for ident, slot in sorted(plan.slots.items()) if slot.critical) == critical
    for slot in plan.slots.values():
        assert slot.finish - slot.start == slot.late_finish - slot.late_start == slot.duration - 1


# Activity and duration; link with lag; earliest start and finish, latest start and finish, as boundaries.
# Every number was worked out on paper from the four rules of the precedence diagramming method.
PRECEDENCE = [
    # Foundations in sections: the second gang follows two days behind and cannot be done before the first.
    ("A 10, B 6", "A B SS+2, A B FF+1", {"A": (0, 10, 0, 10), "B": (5, 11, 5, 11)}),
    ("A 4, B 10", "A B SS+2, A B FF+1", {"A": (0, 4, 0, 4), "B": (2, 12, 2, 12)}),
    # Concrete cures three days before the formwork is struck.
    ("A 2, B 1, C 2", "A B FS+3, A C", {"A": (0, 2, 0, 2), "B": (5, 6, 5, 6), "C": (2, 4, 4, 6)}),
    # A lead: the painters come in two days before the plasterers are out.
    ("A 5, B 3", "A B FS-2", {"A": (0, 5, 0, 5), "B": (3, 6, 3, 6)}),
    # The old system is switched off once the new one runs, four days after it began to.
    ("A 3, B 5, C 1", "A B, B C SF+4", {"A": (0, 3, 0, 3), "B": (3, 8, 3, 8), "C": (6, 7, 7, 8)}),
    # The finish of the longer one holds; the start has slack of its own.
    ("A 8, B 2, C 3", "A B FF, B C", {"A": (0, 8, 0, 8), "B": (6, 8, 6, 8), "C": (8, 11, 8, 11)}),
    # Only the start of A matters to B: A may not slip although it ends long before the plan does.
    ("A 2, B 9", "A B SS+1", {"A": (0, 2, 0, 2), "B": (1, 10, 1, 10)}),
    # A negative lag to a finish: B may be done three days before A is.
    ("A 9, B 2, C 6", "A B FF-3, B C", {"A": (0, 9, 0, 9), "B": (4, 6, 4, 6), "C": (6, 12, 6, 12)}),
]  # fmt: skip


@pytest.mark.parametrize(("activities", "links", "expected"), PRECEDENCE)
def test_all_four_types_of_links_with_lag_and_lead(
    activities: str, links: str, expected: dict[str, tuple[int, ...]]
) -> None:
    tasks = [
        Task(ident, duration=int(days)) for ident, days in (entry.split() for entry in activities.split(", "))
    ]
    made = []
    for number, entry in enumerate(links.split(", ")):
        source, target, *kind = entry.split()
        made.append(
            Link(str(number), source, target, kind[0][:2], int(kind[0][2:] or 0))
            if kind
            else Link(str(number), source, target)
        )
    plan = schedule(tasks, made, {"": EVERY_DAY}, ZERO)
    found = {
        ident: (
            slot.start - ZERO,
            slot.finish + 1 - ZERO,
            slot.late_start - ZERO,
            slot.late_finish + 1 - ZERO,
        )
        for ident, slot in plan.slots.items()
    }
    assert found == expected


def instance(name: str) -> tuple[list[Task], list[Link]]:
    """Return a PSPLIB instance; its first and last job take no time, so they are milestones."""
    section, tasks, links = "", [], []
    for line in (PSPLIB / name).read_text().splitlines():
        words = line.split()
        if line.startswith("****"):
            section = ""
        elif line.startswith(("PRECEDENCE", "REQUESTS")):
            section = line.split()[0]
        elif section and words and words[0].isdecimal():
            if section == "PRECEDENCE":
                links += [Link(f"{words[0]}>{target}", words[0], target) for target in words[3:]]
            else:
                days = int(words[2])
                tasks.append(Task(words[0], duration=days, milestone=not days))
    return tasks, links


@pytest.mark.skipif(not PSPLIB.is_dir(), reason="the PSPLIB instances are not at ../shared/data")
@pytest.mark.parametrize(("name", "jobs", "length"), [("j301_1.sm", 32, 38), ("j601_1.sm", 62, 77)])
def test_the_critical_path_of_a_psplib_instance(name: str, jobs: int, length: int) -> None:
    tasks, links = instance(name)
    assert len(tasks) == jobs
    plan = schedule(tasks, links, {"": EVERY_DAY}, ZERO)
    last = plan.slots[str(jobs)]
    assert plan.finish == ZERO + length - 1 == last.finish
    assert last.critical
    assert not plan.problems
