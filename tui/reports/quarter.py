"""The quarter report in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import _, ngettext
from tui.reports.tables import Cell, Document, Line, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from store.analysis.quarter_shapes import Figure, Report, SayDo, Span
    from store.quarter_rows import Named


def quarter_name(span: Span) -> str:
    """Return what a quarter is called, as it is typed."""
    return f"{span.year}Q{span.number}"


def ids_behind(report: Report) -> set[str]:
    """Return the ids of everything that the report's figures were counted from."""
    return set(_walk(report))


def _walk(value: object) -> Iterable[str]:
    from store.analysis.quarter_shapes import Delay, Figure, Recurrence

    if isinstance(value, Figure):
        yield from value.ids
    elif isinstance(value, Delay):
        yield from (value.item, *value.conflicts)
    elif isinstance(value, Recurrence):
        yield from (*value.conflicts, *value.cases)
    elif isinstance(value, tuple):
        for part in value:
            yield from _walk(part)


def quarter_document(
    report: Report,
    called: Mapping[str, Named],
    department: Callable[[str], str],
    *,
    workspace: str = "",
    missing: bool = False,
) -> Document:
    """Return the report as tables; `department` names one by its id, `missing` tells that history is still to come."""
    span = report.span

    def pair(sides: tuple[str, str], joint: str = "⇄") -> str:
        names = [department(side) if side else "" for side in sides]
        if not any(names):
            return _("no department named")
        return f" {joint} ".join(name or "?" for name in names)

    subtitle = _("{first} to {last}").format(first=span.first, last=span.last)
    if span.today <= span.last:
        subtitle += " · " + _("as it stands on {day}").format(day=span.today)
    if missing:
        subtitle += " · " + _("older history is still to come, so that figures may be too low")
    title = _("Quarter report {quarter}").format(quarter=quarter_name(span))
    sections = (
        _conflicts(report),
        _pairs(report, pair),
        _satisfaction(report, pair, department),
        _delays(report, called),
        _promises(report, pair),
        _feedback(report),
        _actions(report),
        _recurrences(report, pair),
    )
    return Document(f"{workspace} · {title}" if workspace else title, subtitle, sections, called)


def _conflicts(report: Report) -> Section:
    days = report.decided.ids
    return Section(
        _("Conflicts"),
        (
            Line(_("Opened"), (_whole(report.opened),)),
            Line(_("Closed"), (_whole(report.closed),)),
            Line(_("Reopened"), (_whole(report.reopened),)),
            Line(_("Still open at the end"), (_whole(report.open_still),)),
            Line(_("Brought to a decision"), (_whole(report.decided),)),
            Line(_("Days to a decision, median"), (Cell(_days(report.decision_median), days),)),
            Line(_("Days to a decision, P85"), (Cell(_days(report.decision_p85), days),)),
            Line(_("Overdue checks"), (_whole(report.overdue),)),
        ),
    )


def _pairs(report: Report, pair: Callable[[tuple[str, str]], str]) -> Section:
    unknown = _("no root cause")
    lines = tuple(
        Line(
            f"{pair(row.pair)} · {_(row.cause) if row.cause else unknown}",
            (_whole(row.opened, bar=True), _whole(row.closed), _whole(row.reopened)),
        )
        for row in report.pairs
    )
    return Section(
        _("Conflicts by pair and root cause"), lines, (_("Opened"), _("Closed"), _("Reopened")),
        _("A conflict of several departments counts for each pair of them."),
    )  # fmt: skip


def _satisfaction(
    report: Report, pair: Callable[[tuple[str, str]], str], department: Callable[[str], str]
) -> Section:
    lines = []
    for row in report.satisfaction:
        cells = []
        for side, figure in zip(row.pair, row.sides, strict=True):
            name = department(side) if side else "?"
            said = "—" if figure.value is None else f"{figure.value:.1f}"
            cells.append(Cell(f"{name} {said}", figure.ids))
        lines.append(Line(pair(row.pair), tuple(cells)))
    return Section(_("Satisfaction at checks, 1 to 5"), tuple(lines), (_("One side"), _("The other side")))


def _delays(report: Report, called: Mapping[str, Named]) -> Section:
    lines = []
    for row in report.delays:
        named = called.get(row.item)
        label = f"{named.short} {named.title}" if named else row.item
        lines.append(Line(label, (Cell(_later(row.days), row.conflicts, row.days),), about=(row.item,)))
    total = report.delayed.value or 0
    if lines:
        lines.insert(0, Line(_("All together"), (Cell(_later(int(total)), report.delayed.ids),)))
    return Section(
        _("Items put off while a conflict about them was open"), tuple(lines),
        note=_("By how many days their due day, else their start, moved meanwhile."),
    )  # fmt: skip


def _promises(report: Report, pair: Callable[[tuple[str, str], str], str]) -> Section:
    def line(label: str, row: SayDo) -> Line:
        ids = row.made.ids
        ratio = Cell(_percent(row.percent), ids, row.percent)
        return Line(label, (_whole(row.made), _whole(row.kept), ratio, _whole(row.renegotiated)))

    lines = [line(pair((row.giver, row.receiver), "→"), row) for row in report.say_do]
    if lines:
        lines.insert(0, line(_("All together"), report.promises))
    return Section(
        _("Promises whose day has come"), tuple(lines),
        (_("Made"), _("Kept"), _("Say-do ratio"), _("Renegotiated")),
        _("Promises that were renegotiated count as made, and not as kept."),
    )  # fmt: skip


def _feedback(report: Report) -> Section:
    percent = Cell(_percent(report.answered_percent), report.feedback.ids)
    return Section(
        _("Feedback"),
        (
            Line(_("Came in"), (_whole(report.feedback),)),
            Line(_("Answered, of these"), (_whole(report.answered),)),
            Line(_("Answered, in per cent"), (percent,)),
            Line(
                _("Days to an answer, median"),
                (Cell(_days(report.answer_days.value), report.answer_days.ids),),
            ),
        ),
    )


def _actions(report: Report) -> Section:
    return Section(
        _("Actions of retrospectives"),
        (
            Line(_("To be verified"), (_whole(report.actions),)),
            Line(_("Verified, of these"), (_whole(report.verified),)),
        ),
    )


def _recurrences(report: Report, pair: Callable[[tuple[str, str]], str]) -> Section:
    lines = []
    for row in report.recurrences:
        count = len(row.conflicts)
        times = ngettext("{count} conflict", "{count} conflicts", count).format(count=count)
        cases = len(row.cases)
        made = ngettext("{count} case", "{count} cases", cases).format(count=cases)
        label = f"{pair(row.pair)} · {_(row.cause)}"
        lines.append(Line(label, (Cell(times, row.conflicts, count), Cell(made, row.cases))))
    return Section(
        _("The same again"), tuple(lines), (_("Conflicts"), _("Cases")),
        _("The same two departments and the same root cause, within a year."),
    )  # fmt: skip


def _whole(figure: Figure, *, bar: bool = False) -> Cell:
    value = int(figure.value or 0)
    return Cell(str(value), figure.ids, value if bar else None)


def _days(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}".removesuffix(".0")


def _later(days: int) -> str:
    return ngettext("{count} day later", "{count} days later", days).format(count=days)


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}%"
