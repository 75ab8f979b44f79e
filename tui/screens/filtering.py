"""The filter line of the board: narrows it while a query is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import ngettext
from tui.screens.capturing import CAPTURE_DRAFT
from tui.screens.card_edits import CardEdits

if TYPE_CHECKING:
    from store.changes import ChangeSet
    from tui.widgets.filter_bar import FilterBar


class Filtering(CardEdits):
    """Filters the board as a query is typed; the line stays in sight while it filters something."""

    async def action_filter(self) -> None:
        """Open the filter line, with the filter that is in force."""
        from tui.widgets.capture_bar import CaptureBar
        from tui.widgets.filter_bar import FilterBar

        for capture in self.query(CaptureBar):
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{capture.kind}", capture.line.value)
            await capture.remove()
        bars = self.query(FilterBar)
        if bars:
            bars.first(FilterBar).line.focus()
            return
        bar = FilterBar(self.filter_text)
        await self.mount(bar, before=self.footer)
        self.set_focus(bar.line)  # at once: what is typed right behind the key is meant for the line
        self._count(bar)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter with what is typed; a mistake is told beside it and the board stays as it was."""
        event.stop()
        bar = self._filter_bar()
        wrong = self.filter_by(event.text)
        if bar is None:
            return
        if wrong:
            bar.show_wrong(wrong)
        else:
            self._count(bar)

    async def on_filter_bar_kept(self) -> None:
        """Go to the cards; the line stays in sight while it filters something."""
        if not self.filter_text:
            await self.close_filter_line()
        self.board.focus()

    async def on_filter_bar_closed(self) -> None:
        """Clear the filter and close the line."""
        await self.action_clear_filter()
        self.board.focus()

    async def action_clear_filter(self) -> None:
        """Show every card again; the cursor stays on its card."""
        self.filter_by("")
        await self.close_filter_line(force=True)

    def _count(self, bar: FilterBar) -> None:
        total = self._source().total()
        bar.show_count(ngettext("{count} card", "{count} cards", total).format(count=total))

    def _filter_bar(self) -> FilterBar | None:
        from tui.widgets.filter_bar import FilterBar

        bars = self.query(FilterBar)
        return bars.first(FilterBar) if bars else None

    async def close_filter_line(self, *, force: bool = False) -> None:
        """Take the line away, unless it filters something."""
        bar = self._filter_bar()
        if bar is not None and (force or not self.filter_text):
            await bar.remove()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, and count again what the filter leaves."""
        super().absorb(changes)
        bar = self._filter_bar()
        if bar is not None and not bar.has_class("-wrong"):
            self._count(bar)

    def relabel(self) -> None:
        """Show everything in another language, the open line too."""
        super().relabel()
        bar = self._filter_bar()
        if bar is not None:
            bar.relabel()
            self._count(bar)
