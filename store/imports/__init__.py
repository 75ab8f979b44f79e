"""Bring in what other tools export: plans of Microsoft Project and GanttProject, boards, and tables of any tool.

    source = read("board.json")                    # what kind of file, its columns and rows
    seen = preview(store, source)                  # what maps to what, what would be created or updated
    report = load(store, seen, archived="done")    # one transaction, one undo

Nothing is written before `load`. A row is never dropped for a bad cell; broken rows are in `Preview.lost`.
"""

from store.imports.detect import read, read_bytes
from store.imports.load import load
from store.imports.mapping import CUSTOM, FIELDS, IGNORE, WAITS
from store.imports.plan import ColumnPreview, Match, Preview, preview
from store.imports.report import ImportReport
from store.imports.source import PROBLEMS, Problem, Source

__all__ = [
    "CUSTOM", "FIELDS", "IGNORE", "PROBLEMS", "WAITS", "ColumnPreview", "ImportReport", "Match", "Preview", "Problem",
    "Source", "load", "preview", "read", "read_bytes",
]  # fmt: skip
