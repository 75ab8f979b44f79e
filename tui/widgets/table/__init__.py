"""A table of any length: what is in sight is asked for and drawn, a row a line, a column a field."""

from tui.widgets.table.lines import Cell as Cell
from tui.widgets.table.lines import Column as Column
from tui.widgets.table.lines import Line as Line
from tui.widgets.table.lines import TableSource as TableSource
from tui.widgets.table.view import TableView as TableView
