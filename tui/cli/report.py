"""`sameboat report`: a quarter in figures, for the terminal, as Markdown, as a page, or as data."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from store import queries
from store.errors import StoreError
from store.gaps import missing_ops
from store.quarter_rows import called, parse_quarter, read_report
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import is_terminal, narrate, say, say_json
from tui.cli.shapes import Shapes
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.analysis.quarter_shapes import Figure, Report, SayDo
    from store.quarter_rows import Named
    from tui.reports.tables import Document

QUARTER = ("quarter", "季度")


def _report(arguments: Arguments) -> int:
    which, *rest = arguments.operands
    if which not in QUARTER:
        raise UsageError("unknown-report", report=which)
    formats = [name for name in ("html", "markdown", "json") if arguments.has(name)]
    if len(formats) > 1:
        raise UsageError("one-format", first=f"--{formats[0]}", second=f"--{formats[1]}")
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        text = rest[0] if rest else ""
        first = parse_quarter(text, store.today())
        if first is None:
            raise StoreError("bad-value", field="quarter", value=text, expected="a quarter, 2026Q4")
        report = read_report(store, first)
        from tui.reports.quarter import ids_behind, quarter_document

        names = called(store, ids_behind(report))
        if formats == ["json"]:
            say_json(report_shape(workspace, report, names))
            return 0
        document = quarter_document(
            report,
            names,
            lambda ent: workspace.title("department", ent),
            workspace=queries.workspace_title(store),
            missing=bool(missing_ops(store.conn)),
        )
    _write(arguments, document)
    return 0


def _write(arguments: Arguments, document: Document) -> None:
    if arguments.has("html"):
        from tui.reports.page import page

        path = arguments.value("html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(page(document))
        narrate(_("Written to {path}").format(path=path))
    elif arguments.has("markdown"):
        from tui.reports.markdown import markdown

        say(markdown(document).removesuffix("\n"))
    else:
        from tui.cli.report_text import text_lines

        for line in text_lines(document, shutil.get_terminal_size().columns if is_terminal() else None):
            say(line)


def report_shape(workspace: Workspace, report: Report, names: Mapping[str, Named]) -> dict[str, object]:
    """Return a report as `report --json` shows it."""
    span = report.span
    shapes = Shapes(workspace.store)

    def short(ent: str) -> str:
        return names[ent].short if ent in names else ent

    def figure(one: Figure) -> dict[str, object]:
        return {"value": one.value, "ids": [short(ent) for ent in one.ids]}

    def side(ent: str) -> str | None:
        return shapes.department(ent) if ent else None

    def promised(row: SayDo) -> dict[str, object]:
        return {
            "made": figure(row.made),
            "kept": figure(row.kept),
            "renegotiated": figure(row.renegotiated),
            "percent": row.percent,
        }

    return {
        "quarter": f"{span.year}Q{span.number}",
        "first": span.first,
        "last": span.last,
        "opened": figure(report.opened),
        "closed": figure(report.closed),
        "reopened": figure(report.reopened),
        "open": figure(report.open_still),
        "pairs": [
            {
                "pair": [side(ent) for ent in row.pair],
                "root_cause": row.cause or None,
                "opened": figure(row.opened),
                "closed": figure(row.closed),
                "reopened": figure(row.reopened),
            }
            for row in report.pairs
        ],
        "decided": figure(report.decided),
        "days_to_decision": {"median": report.decision_median, "p85": report.decision_p85},
        "overdue": figure(report.overdue),
        "satisfaction": [
            {"pair": [side(ent) for ent in row.pair], "sides": [figure(one) for one in row.sides]}
            for row in report.satisfaction
        ],
        "delayed": figure(report.delayed),
        "delays": [
            {"item": short(row.item), "days": row.days, "conflicts": [short(ent) for ent in row.conflicts]}
            for row in report.delays
        ],
        "promises": promised(report.promises),
        "say_do": [
            {"from": side(row.giver), "to": side(row.receiver)} | promised(row) for row in report.say_do
        ],
        "feedback": figure(report.feedback),
        "answered": figure(report.answered),
        "answered_percent": report.answered_percent,
        "answer_days": figure(report.answer_days),
        "actions": figure(report.actions),
        "verified": figure(report.verified),
        "recurrences": [
            {
                "pair": [side(ent) for ent in row.pair],
                "root_cause": row.cause,
                "conflicts": [short(ent) for ent in row.conflicts],
                "cases": [short(ent) for ent in row.cases],
            }
            for row in report.recurrences
        ],
        "missing": missing_ops(workspace.store.conn),
    }


COMMANDS = {
    "report": Command(
        _report,
        N_("a quarter in figures: conflicts, delays, promises, feedback, and what is behind each"),
        "quarter [2026Q4]",
        (
            Option("markdown", N_("print it as Markdown")),
            Option("html", N_("write it as a page with charts"), metavar="FILE"),
        ),
        least=1,
        most=2,
        examples=(
            "sameboat report quarter",
            "sameboat report quarter 2026Q3 --html q3.html",
            "sameboat report quarter last --markdown",
        ),
    ),
}
