"""The timeline: the plan of the whole workspace against dates, which reschedules itself at every key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import _
from tui.screens.timeline_load import TimelineLoad
from tui.timeline.outline import GROUPINGS
from tui.timeline.scale import LABELS, MONTH, ZOOMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.screens.timeline_compare import Compared
    from tui.widgets.timeline import TimelineView

ARROWS = ("all", "here", "none")


class TimelineScreen(TimelineLoad):
    """Moves the cursor over items and days, and changes what the chart shows."""

    # The cursor

    def action_timeline_down(self) -> None:
        """Go to the row below."""
        self.chart.move(1)
        self.show_facts()

    def action_timeline_up(self) -> None:
        """Go to the row above."""
        self.chart.move(-1)
        self.show_facts()

    def action_timeline_top(self) -> None:
        """Go to the first row."""
        self.chart.home()
        self.show_facts()

    def action_timeline_bottom(self) -> None:
        """Go to the last row."""
        self.chart.end()
        self.show_facts()

    def action_timeline_page_down(self) -> None:
        """Go a page down."""
        self.chart.page(1)
        self.show_facts()

    def action_timeline_page_up(self) -> None:
        """Go a page up."""
        self.chart.page(-1)
        self.show_facts()

    def action_timeline_earlier(self) -> None:
        """Go a day back."""
        self.chart.move_day(-1)
        self.show_facts()

    def action_timeline_later(self) -> None:
        """Go a day on."""
        self.chart.move_day(1)
        self.show_facts()

    def action_timeline_week_earlier(self) -> None:
        """Go a week back."""
        self.chart.move_day(-7)
        self.show_facts()

    def action_timeline_week_later(self) -> None:
        """Go a week on."""
        self.chart.move_day(7)
        self.show_facts()

    def action_timeline_back(self) -> None:
        """Scroll to earlier dates."""
        self.chart.scroll_days(-1)
        self.show_facts()

    def action_timeline_on(self) -> None:
        """Scroll to later dates."""
        self.chart.scroll_days(1)
        self.show_facts()

    def action_timeline_today(self) -> None:
        """Go to today."""
        self.chart.go_to_day(self.chart.today)

    def action_timeline_to_bar(self) -> None:
        """Go to the day on which the item begins."""
        if self.slot_here is not None:
            self.chart.go_to_day(self.slot_here.start)

    def on_timeline_view_opened(self, event: TimelineView.Opened) -> None:
        """Open what was clicked twice."""
        event.stop()
        if self._item_here():
            self.read_details()

    def on_timeline_view_toggled(self, event: TimelineView.Toggled) -> None:
        """Fold or unfold what was clicked."""
        event.stop()
        self.action_timeline_fold()

    # What is shown

    def action_zoom_in(self) -> None:
        """Show fewer days."""
        self._zoom(-1)

    def action_zoom_out(self) -> None:
        """Show more days."""
        self._zoom(1)

    def _zoom(self, by: int) -> None:
        place = min(max(ZOOMS.index(self.chart.zoom) + by, 0), len(ZOOMS) - 1)
        self.chart.set_zoom(ZOOMS[place])
        self.boat.remember("timeline_zoom", ZOOMS[place])
        self.say(_("by {zoom}").format(zoom=_(LABELS[ZOOMS[place]])))
        self.show_facts()

    def action_timeline_fold(self) -> None:
        """Fold what lies beneath the row, or the branch it lies in; unfold what is folded."""
        key = self.chart.key
        line = self.source.line_of(key)
        if line is None:
            return
        if not line.branches:
            key = self._branch_of(key)
            if not key:
                return
        self.folded.symmetric_difference_update({key})
        self.chart.go_to(key)
        self.refold()

    def _branch_of(self, key: str) -> str:
        lines = self.source.lines
        index = self.source.index_of(key) or 0
        depth = lines[index].depth
        return next((line.key for line in reversed(lines[:index]) if line.depth < depth), "")

    def action_timeline_group(self) -> None:
        """Group the rows another way."""
        if self.must_settle():
            return
        self.by = GROUPINGS[(GROUPINGS.index(self.by) + 1) % len(GROUPINGS)]
        self.boat.remember("timeline_group", self.by)
        self.rearrange()
        names = {"department": _("Department"), "owner": _("Owner"), "goal": _("Goal"), "status": _("Status")}
        self.say(_("Grouped by: {by}").format(by=names[self.by]))

    def action_timeline_goal(self) -> None:
        """Choose the goal that the item serves; typing finds it, or names a new one."""
        if self._on_item() and not self.must_settle():
            self.choose_goal(self.targets())

    def action_floats(self) -> None:
        """Show how far each item may slip, or the cursor's alone."""
        self.chart.floats = not self.chart.floats
        self.chart.redraw()

    def action_arrows(self) -> None:
        """Show all dependencies, this item's, or none."""
        self.chart.arrows = ARROWS[(ARROWS.index(self.chart.arrows) + 1) % len(ARROWS)]
        self.chart.redraw()
        names = {"all": _("all"), "here": _("of this item"), "none": _("none")}
        self.say(_("Dependencies: {which}").format(which=names[self.chart.arrows]))

    async def action_timeline_drop(self) -> None:
        """Drop what is pending, then leave the details, then clear the filter."""
        if self.drop():
            return
        if self.details_in_sight:
            self.toggle_details()
        elif self.filter_text:
            await self.action_timeline_clear_filter()

    # The filter

    def left_words(self) -> str:
        """Return how many items the filter leaves."""
        return self.items_in_sight()

    def kept_layout(self) -> dict[str, str]:
        """Return the query, what the rows are grouped by, and the zoom where it is not the usual one."""
        query = {"query": self.filter_text} if self.filter_text else {}
        zoom = {} if self.chart.zoom == MONTH else {"zoom": self.chart.zoom}
        return {"kind": "timeline", **query, "group": self.by, **zoom}

    def apply_layout(self, layout: Mapping[str, str]) -> list[str]:
        """Show the query, the groups and the zoom that a view keeps."""
        group, zoom = layout.get("group", "department"), layout.get("zoom", MONTH)
        self.by = group if group in GROUPINGS else "department"
        self.chart.set_zoom(zoom if zoom in ZOOMS else MONTH)
        wrong = self.apply_query(layout.get("query", ""))
        if group not in GROUPINGS:
            wrong.append(_("There are no groups by “{name}”.").format(name=group))
        if zoom not in ZOOMS:
            wrong.append(_("There is no zoom “{name}”.").format(name=zoom))
        return wrong

    async def action_timeline_filter(self) -> None:
        """Open the filter line, with the filter that is in force."""
        await self.action_filter()

    async def action_timeline_clear_filter(self) -> None:
        """Show every item again."""
        await self.action_clear_filter()
        self.chart.focus()

    # Keys of cards, where the details have the focus

    def action_cursor_down(self) -> None:
        """Go to the row below."""
        self.action_timeline_down()

    def action_cursor_up(self) -> None:
        """Go to the row above."""
        self.action_timeline_up()

    def action_cursor_top(self) -> None:
        """Go to the first row."""
        self.action_timeline_top()

    def action_cursor_bottom(self) -> None:
        """Go to the last row."""
        self.action_timeline_bottom()

    def action_page_down(self) -> None:
        """Go a page down."""
        self.action_timeline_page_down()

    def action_page_up(self) -> None:
        """Go a page up."""
        self.action_timeline_page_up()

    def action_select(self) -> None:
        """Say that a plan is worked on item by item."""
        self.say(_("Here one item at a time is worked on."))

    def action_select_range(self) -> None:
        """Say that a plan is worked on item by item."""
        self.action_select()

    def action_toggle_detail(self) -> None:
        """Show the details, or give their room to the chart."""
        self.toggle_details()

    def action_leave(self) -> None:
        """Go back to the chart."""
        self.leave_details()

    # What is said in between

    async def action_timeline_add(self) -> None:
        """Open the capture line for an item."""
        await self.action_add()

    async def action_timeline_conflict(self) -> None:
        """Open the capture line for a conflict."""
        await self.action_log_conflict()

    # Reviews

    def action_checkin(self) -> None:
        """Walk what is late, at risk or silent; the plan is compared with the review's from then on."""
        if self.must_settle():
            return
        from tui.screens.checkin import CheckinScreen

        def closed(held: bool | None) -> None:
            if held:
                self.compare(self._since_review())

        since_review = self.moment is not None and self.moment == self._since_review()
        before = self.baseline if since_review else None
        self.app.push_screen(CheckinScreen(self.boat, before), closed)

    def on_compared(self, event: Compared) -> None:
        """Show the plan against the one of another day."""
        event.stop()
        self.show_baseline(event)
