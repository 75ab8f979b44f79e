"""The kanban board: draws columns of cards by line, so that its cost follows what is visible.

How a screen uses it::

    board = BoardView(source, names=Names(departments, members), today=today, id="board")
    board.refresh_rows(changes.ids("item"))    # the data changed: the cursor stays on its card
    board.source = another                     # another filter or other swimlanes
    board.names = names; board.today = today   # another language, a renamed department, midnight
    board.density = "auto"                     # or "comfortable", "compact"

Moving and choosing are methods; which key calls them is the application's affair, so there are no bindings:

    move_cursor(dx, dy)  page(by)  home()  end()  first_column()  last_column()  go_to(card_id) -> bool
    toggle_selected()  select_range()  select_column()  clear_selection()  toggle_lane(key)  open_card()
    card -> Card | None       column -> Column | None       lane -> Lane | None
    card_at(dy) -> Card | None                              column_at(dx) -> Column | None
    selected -> tuple[str, ...]                             targets -> selected, else the cursor's card

What it says: `BoardView.CardHighlighted(card, column)`, `.CardOpened(card)`, `.SelectionChanged(ids)`,
`.ColumnClicked(column)`.
"""

from tui.widgets.board.board import BoardView
from tui.widgets.board.names import Department, Names
from tui.widgets.board.rows import BoardSource, Column, Lane

__all__ = ["BoardSource", "BoardView", "Column", "Department", "Lane", "Names"]
