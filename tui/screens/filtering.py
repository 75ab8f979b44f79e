"""The filter line of every screen with cards: narrows what is shown while a query is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.celltext import clean
from tui.i18n import _, language
from tui.palette import KeyNames
from tui.screens.capturing import CAPTURE_DRAFT, Capturing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.changes import ChangeSet
    from store.filters import Filter
    from store.query_ast import Node
    from store.views import View
    from tui.widgets.filter_bar import FilterBar


class Filtering(Capturing):
    """Filters as a query is typed; the line stays in sight while it filters something.

    A subclass has `narrow`, which shows what a query leaves, and `left_words`, which counts it; `filter_text` is what
    stands in the line, of which only a part may hold.
    """

    _wrong = ""  # what is wrong with the query as it was typed last
    view: View | None = None  # the saved view in force

    # What a subclass has

    def narrow(self, text: str) -> None:
        """Show what a query leaves, everything for an empty one. Raises StoreError: bad-query, unfinished-query."""
        raise NotImplementedError

    def left_words(self) -> str:
        """Return how many the filter leaves."""
        raise NotImplementedError

    @property
    def nothing_left(self) -> str:
        """What is said where the filter leaves nothing."""
        keys = KeyNames(self.boat.keymap)
        return _("Nothing here matches the filter.\n{clear_filter} clears it.").format_map(keys)

    # Saved views

    def kept_layout(self) -> dict[str, str]:
        """Return what is shown, as a view keeps it: its kind and what is not as usual; nothing where none is kept."""
        return {}

    def apply_layout(self, layout: Mapping[str, str]) -> list[str]:
        """Show what a view keeps; returns sentences about what of it cannot be shown."""
        return []

    def apply_query(self, query: str) -> list[str]:
        """Filter by a view's query; one that means nothing any more stays in the line, explained, and leaves all."""
        self._wrong = self.filter_by(query)
        if self._wrong:
            self.narrow("")
        return [self._wrong] if self._wrong else []

    def view_words(self) -> str:
        """Return the name of the view in force, marked where something was changed since; '' where there is none."""
        if self.view is None:
            return ""
        name = _("view {view}").format(view=clean(self.view.title))
        return name if self.kept_layout() == self.view.layout else _("{view} (changed)").format(view=name)

    def show_hints(self) -> None:
        """Show the keys that work now, and which view is in force."""
        super().show_hints()
        self.header.show_view(self.view_words())

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something; what it is about may have changed the view."""
        super().say(text, error=error)
        self.header.show_view(self.view_words())

    # What a query means

    def meaning(self, text: str) -> Node:
        """Return what a query asks. Raises StoreError: bad-query, unfinished-query."""
        from store.search import meaning

        store = self.boat.store
        return meaning(text, self.directory.vocabulary, store.today(), store.member)

    def attempt(self, text: str) -> Filter:
        """Return the filter a query means, everything for an empty one. Raises StoreError as `narrow` does."""
        from store.search import compile_filter

        store = self.boat.store
        return compile_filter(text, self.directory.vocabulary, store.today(), store.member)

    def filter_by(self, text: str) -> str:
        """Show only what a query matches; returns what is wrong with it, or an empty string.

        Of a query that is wrong or not finished, the words before the last hold: while `due:fri` is being typed the
        screen is not empty.
        """
        wrong = ""
        self.filter_text = text = text.strip()
        wanted = text[:LONGEST_TRIED]
        while True:
            try:
                self.narrow(wanted)
                break
            except StoreError as error:
                from tui.sentences import sentence

                if not wanted:
                    raise
                if wanted == text[:LONGEST_TRIED] and error.code != "unfinished-query":
                    wrong = sentence(error)
                wanted = "".join(wanted.rsplit(None, 1)[:-1])
        self.header.show_view(self.view_words())
        return wrong

    # The line

    async def action_filter(self) -> None:
        """Open the filter line, with the filter that is in force."""
        from tui.widgets.capture_bar import CaptureBar
        from tui.widgets.filter_bar import FilterBar

        for capture in self.query(CaptureBar):
            self.boat.drafts.put(f"{CAPTURE_DRAFT}/{capture.kind}", capture.line.value)
            await capture.remove()
        bar = self._filter_bar()
        if bar is not None:
            bar.line.focus()
            return
        bar = FilterBar(self.filter_text)
        await self.mount(bar, before=self.footer)
        self.set_focus(bar.line)  # at once: what is typed right behind the key is meant for the line
        self._tell(bar, self.filter_text, len(self.filter_text), "")

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter with what is typed; a mistake is told beside it and the rest of it holds."""
        event.stop()
        bar = self._filter_bar()
        if event.text.strip() != self.filter_text:
            self._wrong = self.filter_by(event.text)
        if bar is not None:
            self._tell(bar, event.text, event.cursor, self._wrong)
            bar.release()

    def _tell(self, bar: FilterBar, text: str, cursor: int, wrong: str) -> None:
        from store.completion import complete
        from tui.query_words import query_words

        chinese = language() == "zh_CN"
        bar.show_choices(complete(text, cursor, self.directory.vocabulary, chinese=chinese))
        if wrong:
            bar.show_wrong(wrong)
            return
        try:
            said = query_words(self.meaning(text), self.directory, self.boat.store.today())
        except StoreError:
            said = _("goes on …")
        bar.show_meaning(said)
        bar.show_count(self.left_words())

    async def on_filter_bar_kept(self) -> None:
        """Go to the cards; the line stays in sight while it filters something."""
        if not self.filter_text:
            await self.close_filter_line()
        self.cards_view.focus()

    async def on_filter_bar_closed(self) -> None:
        """Clear the filter and close the line."""
        await self.action_clear_filter()
        self.cards_view.focus()

    async def action_clear_filter(self) -> None:
        """Show everything again; the cursor stays where it is."""
        self._wrong = self.filter_by("")
        await self.close_filter_line(force=True)

    async def close_filter_line(self, *, force: bool = False) -> None:
        """Take the line away, unless it filters something."""
        bar = self._filter_bar()
        if bar is not None and (force or not self.filter_text):
            await bar.remove()

    async def show_filter_line(self) -> None:
        """Show the filter in force in its line without going there, or take the line away where there is none."""
        from tui.widgets.filter_bar import FilterBar

        bar = self._filter_bar()
        if not self.filter_text:
            await self.close_filter_line(force=True)
        elif bar is not None:
            bar.line.value = self.filter_text
        else:
            bar = FilterBar(self.filter_text)
            bar.quiet = True
            await self.mount(bar, before=self.footer)
            self._tell(bar, self.filter_text, len(self.filter_text), self._wrong)

    def _filter_bar(self) -> FilterBar | None:
        from tui.widgets.filter_bar import FilterBar

        bars = self.query(FilterBar)
        return bars.first(FilterBar) if bars else None

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, and count again what the filter leaves."""
        super().absorb(changes)
        if not self.filter_text:
            return
        bar = self._filter_bar()
        if bar is not None and not bar.has_class("-wrong"):
            bar.show_count(self.left_words())

    def relabel(self) -> None:
        """Show everything in another language, the open line too."""
        super().relabel()
        bar = self._filter_bar()
        if bar is not None:
            bar.relabel()
            self._tell(bar, self.filter_text, len(self.filter_text), "")


LONGEST_TRIED = 4_000  # characters of a query; a longer one is refused by its length alone
