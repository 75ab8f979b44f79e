"""The members tab: who is there, how many hours each has, and how full the weeks to come are."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import queries
from store.analysis.capacity import HOURS_A_WEEK
from store.analysis.loads import WEEKS
from store.capture_spans import read_span
from store.chart_rows import capacities
from store.own_days import set_absence
from store.plan_rows import absences
from store.roster_lines import read_member_line
from tui.bindings import bindings
from tui.celltext import pad
from tui.i18n import N_, _
from tui.load_words import bar, bar_style, hours, load_lines, planned_words, week_name
from tui.screens.team.team_tab import TeamTab
from tui.widgets.days import day_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from store.analysis.loads import Load
    from store.commands import Change
    from store.database import Store
    from store.plan_rows import Absence
    from store.rows import Card, Member

ROOMY = 100  # cells of the list from which a week says its hours too
NUMBERED, BARE = 5, 2  # cells of a week


class MembersTab(TeamTab):
    """Lists members by department with the load of eight weeks; a week opens into the items behind it."""

    SCOPE = "members"
    LABEL = N_("Members")
    KINDS = ("item", "dependency", "day", "absence", "status", "workspace")
    SHOWS = ("member", "absence")
    NO_CARD = N_("There is no member here: {member_add} adds one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._week = 0
        self._loads: dict[str, list[Load]] | None = {}
        self._capacity: dict[str, float] = {}
        self._away: dict[str, list[Absence]] = {}
        self._behind: tuple[str, int] | None = None  # the member and the week whose items are listed

    @staticmethod
    def count(store: Store) -> int:
        """Return how many there are."""
        return len(queries.members(store))

    # What is shown

    def read(self) -> Sequence[Row]:
        """Return the members under their departments, or the items behind one week of one."""
        self._loads = self.planned.loads()
        self._capacity = capacities(self.store)
        self._away = {}
        today = self.store.today().toordinal()
        for away in absences(self.store):
            if away.last >= today:
                self._away.setdefault(away.member, []).append(away)
        if self._behind is not None:
            return self._items(*self._behind)
        groups: dict[str, list[Member]] = {department: [] for department in self.directory.departments}
        for member in self.directory.members.values():
            groups.setdefault(member.department if member.department in groups else "", []).append(member)
        rows: list[Row] = []
        for department, members in groups.items():
            if members:
                name = self.directory.department(department) if department else _("no department")
                rows.append(Row("", name, facts=self._heading()))
                for member in members:
                    rows.append(self._row(member))
                    rows += self._absent(member.id)
        return rows

    @property
    def _cells(self) -> int:
        return NUMBERED if self.list_width >= ROOMY else BARE

    def _heading(self) -> tuple[Fact, ...]:
        some = next(iter((self._loads or {}).values()), [])
        cells = self._cells
        names = [week_name(load.week)[-cells:] for load in some]
        return tuple(Fact(pad(name, cells)) for name in names)

    def _row(self, member: Member) -> Row:
        known = self._capacity.get(member.id)
        capacity = (
            _("{hours} h").format(hours=hours(known))
            if known is not None
            else _("{hours} h?").format(hours=f"{HOURS_A_WEEK:.0f}")
        )
        weeks = (self._loads or {}).get(member.id, [])
        facts = [Fact(capacity, MUTED if known is not None else "$text-warning")]
        facts += [self._fact(place, load) for place, load in enumerate(weeks)]
        over = any(load.overloaded for load in weeks)
        return Row(member.id, member.title, member.code, "▲" if over else " ", "$text-error", tuple(facts))

    def _fact(self, place: int, load: Load) -> Fact:
        cells = self._cells
        text = bar(load) + (f" {hours(load.planned)}" if cells == NUMBERED and load.planned > 0 else "")
        style = bar_style(load)
        return Fact(pad(text, cells), f"{style} bold underline".strip() if place == self._week else style)

    def _absent(self, member: str) -> Iterator[Row]:
        for away in self._away.get(member, ()):
            yield Row(away.id, self._span_words(away), "", "–", MUTED, (), MUTED, 3)

    def _span_words(self, away: Absence) -> str:
        today = self.store.today()
        days = [
            day_words(datetime.date.fromordinal(day).isoformat(), today)
            for day in dict.fromkeys((away.first, away.last))
        ]
        return _("away {days}").format(days=" – ".join(days)) + (f"  {away.title}" if away.title else "")

    def _items(self, member: str, week: int) -> list[Row]:
        name = self.directory.member(member)
        row = (self._loads or {}).get(member, [])
        load = next((one for one in row if one.week == week), None)
        if load is None:
            return []
        title = _("{name}, week of {week}").format(name=name, week=week_name(week))
        rows = [Row("", title, facts=(Fact(planned_words(load)),))]
        for ent, amount in load.tasks:
            card = queries.card(self.store, ent)
            if card is not None:
                facts = (
                    Fact(_("{hours} h").format(hours=hours(amount))),
                    Fact(day_words(card.due, self.store.today()) if card.due else ""),
                    Fact(self.directory.status(card.status)),
                )
                rows.append(Row(ent, card.title, card.short, " ", "", facts))
        return rows

    def teaching(self) -> Sequence[str]:
        """Say what the bars are, or that nothing is planned."""
        if self._behind is not None:
            return (
                _("Nothing is planned on them in that week. {leave} goes back.").format_map(self.key_names),
            )
        return (
            _("Nobody is a member yet."),
            "",
            _("{member_add} adds one: name @code department.").format_map(self.key_names),
        )

    def standing(self) -> str:
        """Say which week is underlined, and where the plan is still being read."""
        if self._loads is None:
            return _("The plan is being read…")
        some = next(iter(self._loads.values()), [])
        if self._behind is not None or not some:
            return ""
        return _("week of {week}").format(week=week_name(some[min(self._week, len(some) - 1)].week))

    def said_of(self, card: Card) -> Sequence[str]:
        """Say how many hours a member has and how full the weeks are, and when they are away."""
        if card.kind != "member":
            return ()
        lines: list[str] = []
        if card.id not in self._capacity:
            names = self.key_names
            names["hours"] = f"{HOURS_A_WEEK:.0f}"
            said = _("Hours a week are not said: {hours} are counted. {member_capacity} says them.")
            lines.append(said.format_map(names))
        weeks = (self._loads or {}).get(card.id, [])
        if self._loads is None:
            lines.append(_("The plan is being read…"))
        half = WEEKS // 2
        for part in (weeks[:half], weeks[half:]):
            if part:
                lines += load_lines(
                    (
                        ("", [week_name(load.week) for load in part]),
                        ("", [planned_words(load) for load in part]),
                    ),
                    self.desk.details.text_width,
                )
        over = [week_name(load.week) for load in weeks if load.overloaded]
        if over:
            lines.append(_("too much in: {weeks}").format(weeks=", ".join(over)))
        return lines + [self._span_words(away) for away in self._away.get(card.id, ())]

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing here."""
        return ("member_week", "member_add", "absence_add", "member_capacity") if self._behind else ("open",)

    def refit(self) -> None:
        """Say the hours of weeks where they have room."""
        self.show()

    def seek(self, ent: str) -> bool:
        """Put the cursor on a member, leaving the items behind a week."""
        if not self.list.go_to(ent) and self._behind is not None and ent in self.directory.members:
            self._behind = None
            self.show()
        return self.list.go_to(ent)

    # Weeks

    def action_week_earlier(self) -> None:
        """Go to the week before."""
        self._to_week(-1)

    def action_week_later(self) -> None:
        """Go to the next week."""
        self._to_week(1)

    def _to_week(self, by: int) -> None:
        if self._behind is not None:
            member, week = self._behind
            weeks = [load.week for load in (self._loads or {}).get(member, [])]
            if week + 7 * by in weeks:
                self._behind = (member, week + 7 * by)
                self._week = weeks.index(week + 7 * by)
        else:
            self._week = (self._week + by) % WEEKS
        self.show()
        self.desk.show_details()
        self.desk.show_hints()

    def action_member_week(self) -> None:
        """List the items behind the week of the member here; there, open the details."""
        card = self.card
        weeks = (self._loads or {}).get(card.id, []) if card is not None else []
        if card is None:
            self.say_no_card()
        elif self._behind is not None or card.kind != "member":
            self.desk.action_open()
        elif self._loads is None:
            self.say(_("The plan is being read…"))
        elif weeks:
            week = weeks[min(self._week, len(weeks) - 1)]
            if not week.tasks:
                self.say(
                    _("Nothing is planned on {name} in the week of {week}.").format(
                        name=card.title, week=week_name(week.week)
                    )
                )
                return
            self._behind = (card.id, week.week)
            self.to_top()

    def leave(self) -> bool:
        """Go back from the items behind a week to the members."""
        if self._behind is None:
            return False
        member, _week = self._behind
        self._behind = None
        self.to_top()
        self.list.go_to(member)
        return True

    # What its keys do

    def action_member_add(self) -> None:
        """Add a member of the name, code and department that are typed."""

        def answered(line: str) -> None:
            said = read_member_line(line, self.directory.vocabulary)
            if not said.name:
                return
            same = [
                row for row in self.directory.members.values() if row.title.casefold() == said.name.casefold()
            ]
            if same:
                self.say(_("{name} is a member already.").format(name=said.name), error=True)
                return
            if said.code and said.code in {row.code for row in self.directory.members.values()}:
                self.say(_("The code “{code}” is another member's.").format(code=said.code), error=True)
                return
            fields = {"title": said.name, "code": said.code, "department": said.department}
            given = {name: value for name, value in fields.items() if value}
            self.make(lambda change: change.create("member", given), said=said.name)

        self.ask_line(_("Who is it? Name @code department, such as: 韩梅 @hm yf"), answered)

    def action_member_capacity(self) -> None:
        """Say how many hours a week the members chosen have."""
        cards = self.of_kind("member")
        if not cards:
            return

        def answered(text: str) -> None:
            try:
                capacity = float(text.removesuffix("h")) if text else None
            except ValueError:
                self.say(_("“{text}” is no number.").format(text=text), error=True)
                return

            def work(change: Change) -> None:
                for card in cards:
                    change.set(card.id, {"capacity": capacity})

            said = _("nothing") if capacity is None else _("{hours} h").format(hours=hours(capacity))
            self.change("set", [card.id for card in cards], work, said=said)

        held = self._capacity.get(cards[0].id)
        self.ask_line(
            _("Hours a week of {who}; empty where nobody knows").format(
                who=", ".join(card.title for card in cards)
            ),
            answered,
            value="" if held is None else f"{held:g}",
        )

    def action_absence_add(self) -> None:
        """Write down when the member here is away."""
        card = self.card
        if card is None:
            return
        member = card.id if card.kind == "member" else card.owner

        def answered(line: str) -> None:
            said = read_span(line, self.store.today())
            if said is None:
                self.say(
                    _("“{text}” names no days. Try fri, or 12-24..12-31 holiday.").format(text=line),
                    error=True,
                )
                return
            first, last, why = said
            words = f"{self.directory.member(member)} · {_days(first, last, self.store.today())}"
            self.make(lambda change: set_absence(change, member, first, last, title=why), said=words)

        if member in self.directory.members:
            self.ask_line(
                _("When is {name} away? First day..last day, and why").format(
                    name=self.directory.member(member)
                ),
                answered,
            )


def _days(first: datetime.date, last: datetime.date, today: datetime.date) -> str:
    return " – ".join(day_words(day.isoformat(), today) for day in dict.fromkeys((first, last)))
