"""Lines and places of the board turn into each other, however many lanes and cards there are."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.board.layout import HEADER, SHAPES, Layout, nearest

rows = st.lists(st.integers(0, 50), min_size=1, max_size=12)
layouts = st.builds(
    lambda counts, shape, headers: Layout(counts, SHAPES[shape], headers=headers),
    rows,
    st.sampled_from(sorted(SHAPES)),
    st.booleans(),
)


@given(layouts)
def test_every_line_belongs_to_one_place_and_every_place_to_its_lines(layout: Layout) -> None:
    for line in range(layout.height):
        spot = layout.spot(line)
        assert spot is not None
        assert layout.line(spot.section, spot.row) + spot.line == line
        assert spot.row == HEADER or spot.row < layout.rows[spot.section]
    assert layout.spot(-1) is None
    assert layout.spot(layout.height) is None


@given(layouts)
def test_cards_follow_each_other_without_overlap(layout: Layout) -> None:
    starts = [layout.line(section, row) for section, count in enumerate(layout.rows) for row in range(count)]
    assert all(after - before >= layout.shape.pitch for before, after in itertools.pairwise(starts))
    assert layout.height == sum(layout.rows) * layout.shape.pitch + layout.header * len(layout.rows)


@given(rows, st.integers(-3, 14), st.integers(-60, 60))
def test_the_nearest_card_exists_unless_there_is_none(counts: list[int], section: int, row: int) -> None:
    section = min(max(section, 0), len(counts) - 1)
    found = nearest(section, row, counts.__getitem__, len(counts))
    if found is None:
        assert not any(counts)
    else:
        assert 0 <= found[1] < counts[found[0]]
        if counts[section]:
            assert found[0] == section
