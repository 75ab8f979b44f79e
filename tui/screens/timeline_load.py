"""The workload under the timeline: who has more to do than hours, in which week, and with which items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui.i18n import _
from tui.screens.timeline_whatif import TimelineWhatIf
from tui.timeline.chart import names_width
from tui.timeline.strip import Load, StripRow
from tui.widgets.workload import WorkloadView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from store.analysis.workload import Workload
    from tui.app import SameboatApp

SHOWN = ("", "member", "department")
WEEK = 7


class TimelineLoad(TimelineWhatIf):
    """Shows the workload in step with the chart, and goes from a figure to the items behind it."""

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self.loads = self.boat.config.get("workload")
        self.strip = WorkloadView()
        self._visited = ""  # the item that was gone to last
        self._load: tuple[object, Workload] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the strip between the chart and the words."""
        for widget in super().compose():
            if widget is self.facts:
                yield self.strip
            yield widget

    def on_mount(self) -> None:
        """Show the strip where it was shown the last time."""
        self.show_load()

    def action_workload(self) -> None:
        """Show the workload of members, of departments, or none."""
        self.loads = SHOWN[(SHOWN.index(self.loads) + 1) % len(SHOWN)] if self.loads in SHOWN else SHOWN[1]
        self.boat.remember("workload", self.loads)
        if not self.loads and self.focused is self.strip:
            self.chart.focus()
        self.show_load()
        names = {"": _("hidden"), "member": _("of members"), "department": _("of departments")}
        self.say(_("Workload: {whose}").format(whose=names[self.loads]))

    def action_link_type(self) -> None:
        """Make the link that is being made of another type; else go to the workload and back."""
        if self.chart.linking or not self.loads:
            super().action_link_type()
        else:
            self.strip.focus()

    def show_facts(self) -> None:
        """Keep the strip in step with the chart."""
        super().show_facts()
        self.show_load()

    def show_load(self) -> None:
        """Show the weeks that the chart shows."""
        self.strip.display = bool(self.loads) and self.whole
        if not self.strip.display or not self.is_mounted:
            return
        from store.analysis.workload import monday, workload
        from store.chart_rows import people

        by: Literal["member", "department"] = "department" if self.loads == "department" else "member"
        plan = self.shown_plan
        if self._load is None or self._load[0] != (id(plan), by):
            found = workload(
                plan.tasks, plan.slots, people(self.boat.store), plan.calendars, plan.today, by=by
            )
            self._load = ((id(plan), by), found)
        rows = self._rows(self._load[1])
        title = _("Hours a week") if rows else _("Nothing is planned on anybody")
        scale = self.chart.scale
        self.strip.show(title, rows, scale, names_width(self.chart.size.width), monday(self.chart.day))

    def _rows(self, found: Workload) -> list[StripRow]:
        weeks: dict[str, list[Load]] = {}
        for week in found.weeks:
            items = tuple(item for item, _hours in week.tasks)
            weeks.setdefault(week.who, []).append(
                Load(week.week, week.planned, week.capacity, week.overloaded, items)
            )
        directory = self.directory
        department = self.loads == "department"
        title = directory.department if department else directory.member
        known = list(directory.departments if department else directory.members)
        order = [who for who in known if who in weeks] + sorted(weeks.keys() - set(known))
        tone = self.source.naming.tone
        rows = [StripRow(title(who), tone(who) if department else "text", tuple(weeks[who])) for who in order]
        for text, unknown in ((_("no effort said"), found.no_effort), (_("no owner"), found.no_owner)):
            if unknown:
                rows.append(StripRow(text, "muted", (), tuple(unknown)))
        return rows

    # Keys on the strip

    def action_workload_down(self) -> None:
        """Go to the row below."""
        self.strip.step(1)

    def action_workload_up(self) -> None:
        """Go to the row above."""
        self.strip.step(-1)

    def action_workload_earlier(self) -> None:
        """Go a week back, the chart with it."""
        self.chart.move_day(-WEEK)

    def action_workload_later(self) -> None:
        """Go a week on, the chart with it."""
        self.chart.move_day(WEEK)

    def action_workload_open(self) -> None:
        """Go to the items behind the figure, one after the other."""
        load, row = self.strip.load, self.strip.row
        items = load.items if load else row.items if row else ()
        items = tuple(item for item in items if self.source.index_of(item) is not None)
        if not items:
            self.say(_("Nothing is planned there, or the filter hides it."))
            return
        place = items.index(self._visited) + 1 if self._visited in items else 0
        self._visited = items[place % len(items)]
        self.chart.go_to(self._visited)
        self.say(_("{place} of {count}").format(place=place % len(items) + 1, count=len(items)))

    def action_workload_leave(self) -> None:
        """Go back to the chart."""
        self.chart.focus()

    def on_workload_view_moved(self, event: WorkloadView.Moved) -> None:
        """Nothing else follows the strip's cursor."""
        event.stop()
