"""The rows of a chart: every item once, in its group and beneath what it is part of, however the outline came about."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.plan import Slot, Task
from tui.timeline.outline import TRAY_KEY, Line, Outline, group_key
from tui.timeline.rows import GROUP, ITEM, TRAY

IDS = [f"t{number}" for number in range(9)]
GROUPS = ["a", "b", "c", ""]
ORDER = ["b", "a"]


class Row(NamedTuple):
    """An item of a plan as far as its place goes; without a start it has no slot."""

    group: str
    parent: str
    start: int | None
    length: int


rows = st.builds(
    Row,
    st.sampled_from(GROUPS),
    st.sampled_from(["", "gone", *IDS]),
    st.one_of(st.none(), st.integers(100, 104)),
    st.integers(1, 2),
)
plans = st.dictionaries(st.sampled_from(IDS), rows, max_size=9)
folds = st.sets(st.sampled_from([TRAY_KEY, *map(group_key, GROUPS), *IDS]), max_size=4)
filters = st.one_of(st.none(), st.sets(st.sampled_from(IDS)))
waiting = st.lists(st.sampled_from(["w1", "w2"]), unique=True)


def tasks_of(plan: dict[str, Row]) -> dict[str, Task]:
    return {
        ident: Task(ident, None, None, parent=row.parent, department=row.group) for ident, row in plan.items()
    }


def slots_of(plan: dict[str, Row]) -> dict[str, Slot]:
    return {
        ident: Slot(
            row.start,
            row.start + row.length,
            row.start,
            row.start,
            0,
            0,
            critical=False,
            driver="own",
            duration=1,
        )
        for ident, row in plan.items()
        if row.start is not None
    }


def outlined(
    plan: dict[str, Row], folded: set[str], shown: set[str] | None = None, more: list[str] | None = None
) -> Outline:
    return Outline(
        tasks_of(plan), slots_of(plan), group_of, ORDER, folded=folded, shown=shown, waiting=more or []
    )


def group_of(task: Task) -> str:
    return task.department


def start_of(plan: dict[str, Row], ident: str) -> tuple[int, int, str]:
    row = plan[ident]
    assert row.start is not None
    return (row.start, row.start + row.length, ident)


@given(plans, filters, waiting)
def test_every_item_has_one_line_in_its_group_beneath_its_parent_by_its_start(
    plan: dict[str, Row], shown: set[str] | None, more: list[str]
) -> None:
    found = outlined(plan, set(), shown, more)
    kept = {ident: row for ident, row in plan.items() if shown is None or ident in shown}
    items = [line.key for line in found.lines if line.kind == ITEM]
    assert sorted(items) == sorted([*kept, *more])
    above: list[str] = []  # the item of each depth that the line lies beneath
    group = ""
    last: dict[str, tuple[int, int, str]] = {}  # of each parent or group, the item that came before
    for line in found.lines:
        if line.kind != ITEM:
            group, above, last = line.key, [], {}
            continue
        if group == TRAY_KEY:
            assert line.depth == 1
            continue
        row = kept[line.key]
        assert group == group_key(row.group)
        del above[line.depth - 1 :]
        assert len(above) == line.depth - 1
        beneath = above[-1] if above else group
        if above:
            assert row.parent == above[-1]
            assert start_of(kept, line.key) > last.get(beneath, (0, 0, ""))
            last[beneath] = start_of(kept, line.key)
        above.append(line.key)
    groups = [line.key for line in found.lines if line.kind == GROUP]
    known = {row.group for row in kept.values() if row.start is not None}
    assert groups == [group_key(group) for group in ("b", "a", "c", "") if group in known]
    assert [found.index_of(line.key) for line in found.lines] == list(range(len(found.lines)))
    assert all(line.size for line in found.lines if line.kind in (GROUP, TRAY))


@given(plans, folds, filters)
def test_a_fold_takes_away_what_lies_beneath_and_nothing_else(
    plan: dict[str, Row], folded: set[str], shown: set[str] | None
) -> None:
    whole = outlined(plan, set(), shown)
    wanted: list[Line] = []
    hidden = 99  # lines deeper than this lie beneath a folded one
    for line in whole.lines:
        if line.depth > hidden:
            continue
        hidden = line.depth if line.key in folded else 99
        wanted.append(line)
    assert list(whole.refolded(tasks_of(plan), folded).lines) == wanted
    assert list(outlined(plan, folded, shown).lines) == wanted


@given(plans, plans, folds, filters, waiting)
def test_an_edit_gives_the_outline_that_is_made_anew(
    plan: dict[str, Row], edit: dict[str, Row], folded: set[str], shown: set[str] | None, more: list[str]
) -> None:
    before = outlined(plan, folded, shown)
    kept = list(before.lines)
    # What the edit names is as it says, or gone where both plans have it alike.
    after = {
        ident: row for ident, row in {**plan, **edit}.items() if ident not in edit or plan.get(ident) != row
    }
    changed = before.changed(tasks_of(after), slots_of(after), edit, more)
    made = outlined(after, folded, shown, more)
    assert list(changed.lines) == list(made.lines)
    assert [changed.index_of(line.key) for line in made.lines] == list(range(len(made.lines)))
    assert list(before.lines) == kept
