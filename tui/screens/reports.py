"""The reports: a quarter in figures, each of which leads to what it was counted from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from store import queries
from store.date_reader import start_of_period
from store.errors import StoreError
from store.gaps import missing_ops
from store.quarter_rows import called, is_large, read_report, report_elsewhere
from tui.actions import REPORTING
from tui.celltext import clean
from tui.i18n import _
from tui.palette import KeyNames
from tui.reports.quarter import ids_behind, quarter_document
from tui.screens.place import Place
from tui.widgets.header import BOARD, REPORTS
from tui.widgets.report import BehindList, FigureList, behind_rows, figure_rows

if TYPE_CHECKING:
    from datetime import date

    from textual import events
    from textual.app import ComposeResult

    from store.analysis.quarter_shapes import Report
    from store.changes import ChangeSet
    from store.quarter_rows import Named
    from tui.app import SameboatApp
    from tui.reports.tables import Document

WIDE = 110  # columns from which what is behind a figure has room beside it
KINDS = ("conflict", "commitment", "feedback", "item", "case", "retro", "department")


class Counted(Message):
    """A report has been made in a thread; `report` is None where that failed, and `error` says why."""

    def __init__(
        self, first: date, report: Report | None, names: dict[str, Named], error: StoreError | None
    ) -> None:
        super().__init__()
        self.first = first
        self.report = report
        self.names = names
        self.error = error


class ReportsScreen(Place):
    """Shows a quarter, goes to others, and opens what is behind a figure."""

    SCOPE = "reports"
    PLACE = REPORTS
    GROUP = REPORTING
    CSS = """
    ReportsScreen { background: $background; layers: base over; }
    ReportsScreen #title { height: 1; padding: 0 1; color: $text-muted; }
    ReportsScreen #sheet { height: 1fr; }
    ReportsScreen BehindList { width: 40%; border-left: vkey $border-blurred; }
    ReportsScreen BehindList:focus { border-left: vkey $accent; }
    ReportsScreen .-narrow BehindList { display: none; width: 100%; border-left: none; }
    ReportsScreen .-narrow.-behind BehindList { display: block; }
    ReportsScreen .-narrow.-behind FigureList { display: none; }
    """

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self._first = start_of_period(boat.store.today(), "q", 0)
        self._document: Document | None = None
        self._counting = False
        self._again = False
        self._title = Static("", id="title", markup=False)
        self._figures = FigureList()
        self._behind = BehindList()
        self._sheet = Horizontal(self._figures, self._behind, id="sheet")

    def compose(self) -> ComposeResult:
        """Lay out the figures and, beside them, what is behind the one under the cursor."""
        yield self.header
        yield self.banners
        with Vertical():
            yield self._title
            yield self._sheet
        yield self.footer

    def on_mount(self) -> None:
        """Count the quarter that it is."""
        self._figures.focus()
        self.fit()
        self.count()

    # Counting

    def count(self) -> None:
        """Count the quarter: at once in a small workspace, in a thread in a large one."""
        if self._counting:
            self._again = True
            return
        store = self.boat.store
        if not is_large(store):
            report = read_report(store, self._first)
            self._show(report, called(store, ids_behind(report)))
            return
        self._counting = True
        self._show_title()
        self._figures.hint = _("Counting the quarter…")
        self.run_worker(
            partial(self._count_elsewhere, store.home, self._first),
            name="report",
            group="report",
            thread=True,
        )

    def _count_elsewhere(self, home: str, first: date) -> None:
        try:
            report, names = report_elsewhere(home, first, ids_behind)
        except StoreError as error:
            self.post_message(Counted(first, None, {}, error))
        else:
            self.post_message(Counted(first, report, names, None))

    def on_counted(self, event: Counted) -> None:
        """Show what a thread has counted; what changed meanwhile is counted anew."""
        event.stop()
        self._counting = False
        if event.error is not None:
            from tui.sentences import sentence

            self._figures.hint = sentence(event.error)
            self._show_title()
            self.say(sentence(event.error), error=True)
        elif event.report is not None and event.first == self._first:
            self._show(event.report, event.names)
        if self._again or event.first != self._first:
            self._again = False
            self.count()

    def _show(self, report: Report, names: dict[str, Named]) -> None:
        store = self.boat.store
        self._document = quarter_document(
            report, names, self.directory.department, missing=bool(missing_ops(store.conn))
        )
        self._figures.show(figure_rows(self._document))
        self._show_title()
        self._show_behind()

    def _show_title(self) -> None:
        keys = KeyNames(self.boat.keymap)
        others = _("{report_earlier} {report_later} other quarters").format_map(keys)
        parts = [(quarter_name_of(self._first), "bold $text-primary")]
        if self._counting:
            parts.append(("  … " + _("counting, one moment"), "$text-warning"))
        elif self._document is not None:
            parts.append(("  " + clean(self._document.subtitle), ""))
        self._title.update(Content.assemble(*parts, ("   " + others, "$text-muted")))

    def _show_behind(self) -> None:
        if self._document is not None:
            self._behind.show(behind_rows(self._document, self._figures.key))
            self._behind.hint = _("Nothing is behind this figure.")

    # Staying true

    def absorb(self, changes: ChangeSet) -> None:
        """Count anew what changed."""
        super().absorb(changes)
        if changes.touches(*KINDS):
            self.count()

    def relabel(self) -> None:
        """Show everything in another language."""
        super().relabel()
        self.count()

    def show_today(self) -> None:
        """Count up to another today."""
        self.count()

    def on_resize(self, event: events.Resize) -> None:
        """Put what is behind a figure beside the figures, or in their place."""
        self.fit()

    def fit(self) -> None:
        """Lay out for the width and for where the keys are."""
        self._sheet.set_class(self.app.size.width < WIDE, "-narrow")
        self._sheet.set_class(self.focused is self._behind, "-behind")

    # Keys

    @property
    def _list(self) -> FigureList | BehindList:
        return self._behind if self.focused is self._behind else self._figures

    def on_cursor_lines_highlighted(self) -> None:
        """Show what is behind the figure that the cursor has come to."""
        if self._list is self._figures:
            self._show_behind()

    def on_cursor_lines_opened(self) -> None:
        """Open what was clicked."""
        self.action_report_open()

    def action_report_down(self) -> None:
        """Go to the row below."""
        self._list.step(1)

    def action_report_up(self) -> None:
        """Go to the row above."""
        self._list.step(-1)

    def action_report_top(self) -> None:
        """Go to the first row."""
        self._list.home()

    def action_report_bottom(self) -> None:
        """Go to the last row."""
        self._list.end()

    def action_report_page_down(self) -> None:
        """Go a page down."""
        self._list.page(1)

    def action_report_page_up(self) -> None:
        """Go a page up."""
        self._list.page(-1)

    def action_report_earlier(self) -> None:
        """Go to the quarter before."""
        self._go(-1)

    def action_report_later(self) -> None:
        """Go to the next quarter."""
        self._go(1)

    def _go(self, by: int) -> None:
        first = start_of_period(self._first, "q", by)
        if first > self.boat.store.today() or first.year < 1970:
            self.say(_("There is nothing to count in that quarter yet."))
            return
        self._first = first
        self.action_report_back()
        self.count()

    def action_report_open(self) -> None:
        """Go to what is behind the figure; from there, to the thing itself."""
        if self._list is self._figures:
            if not self._behind.key:
                self.say(_("Nothing is behind this figure."))
                return
            self._sheet.add_class("-behind")
            self._behind.home()
            self._behind.focus()
        elif self._behind.key:
            self._open(self._behind.key.rpartition(":")[2])

    def _open(self, ent: str) -> None:
        kind = self._document.called[ent].kind if self._document and ent in self._document.called else ""
        if kind == "item":
            self.boat.show_board(ent)
            return
        from tui.screens.feedback.screen import FeedbackScreen

        if not any(kind in tab.SHOWS for tab in FeedbackScreen.TABS):
            card = queries.card(self.boat.store, ent)
            self.say(f"{card.short} {card.title}" if card else ent)
            return
        self.boat.show_feedback(ent)

    def action_report_back(self) -> None:
        """Go back to the figures."""
        self._figures.focus()
        self._sheet.remove_class("-behind")

    async def action_report_add(self) -> None:
        """Write an item down, on the board: a report has no room for it."""
        await self.boat.do_at(BOARD, "add")

    async def action_report_conflict(self) -> None:
        """Write a conflict down, on the board."""
        await self.boat.do_at(BOARD, "log_conflict")

    def action_report_save(self) -> None:
        """Write the report as a page beside the workspace, and say where."""
        if self._document is None:
            return
        from tui.reports.saving import save_page

        try:
            path = save_page(self._document, self.boat.store.home, quarter_name_of(self._first))
        except OSError as error:
            self.say(str(error), error=True)
        else:
            self.say(_("Written to {path}").format(path=path))


def quarter_name_of(first: date) -> str:
    """Return what the quarter that begins on a day is called."""
    return f"{first.year}Q{(first.month + 2) // 3}"
