"""The detail pane: what it says, as entries, and the view that draws them."""

from tui.widgets.detail.entries import Entry, Key, Page, Words, detail_entries, plain_entries
from tui.widgets.detail.view import DetailView

__all__ = ["DetailView", "Entry", "Key", "Page", "Words", "detail_entries", "plain_entries"]
