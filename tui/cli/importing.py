"""`sameboat import`: what another tool exported comes in, as one change, after or instead of a preview."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from store import schema
from store.imports import IGNORE, WAITS, load, preview, read
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import is_terminal, narrate, safe, say, say_json
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _, ngettext
from tui.sentences import problem_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.imports import ImportReport, Match, Preview, Problem

ARCHIVED = ("trash", "done", "skip")
SHOWN = 20  # problems narrated; `--json` has them all


def _import(arguments: Arguments) -> int:
    mapping = dict(_mapping(text) for text in arguments.values("map"))
    source = read(arguments.operands[0], encoding=arguments.value("encoding") or None)
    with Workspace(arguments.home) as workspace:
        seen = preview(workspace.store, source, mapping=mapping)
        if arguments.has("dry-run"):
            if arguments.has("json"):
                say_json(preview_shape(seen))
            else:
                _print_preview(seen)
            return 0
        report = load(
            workspace.store,
            seen,
            archived=arguments.value("archived", "trash"),  # type: ignore[arg-type]
            progress=_progress(),
        )
    if arguments.has("json"):
        say_json(report_shape(report))
    _narrate_report(report)
    return 1 if report.lost else 0


def _mapping(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise UsageError("bad-mapping", what=text)
    return column.strip(), field.strip()


def _progress() -> Callable[[int, int], None] | None:
    """Return what shows progress on a terminal: one line that is written over."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done}/{total}" if done < total else "\r\x1b[K")
        sys.stderr.flush()

    return show


def preview_shape(seen: Preview) -> dict[str, object]:
    """Return a preview as `import --dry-run --json` shows it."""
    return {
        "ok": True,
        "name": seen.name,
        "format": seen.format,
        "tool": seen.tool,
        "encoding": seen.encoding,
        "delimiter": seen.delimiter,
        "columns": [column._asdict() for column in seen.columns],
        "rows": seen.rows,
        "items": seen.items,
        "creates": seen.creates,
        "updates": seen.updates,
        "unchanged": seen.unchanged,
        "archived": seen.archived,
        "comments": seen.comments,
        "checks": seen.checks,
        "links": seen.links,
        "days": len(seen.days),
        "absences": len(seen.absences),
        "statuses": [match_shape(match) for match in seen.statuses],
        "people": [match_shape(match) for match in seen.people],
        "departments": [match_shape(match) for match in seen.departments],
        "labels": dict(seen.labels),
        "problems": [problem_shape(problem) for problem in seen.problems],
    }


def match_shape(match: Match) -> dict[str, object]:
    """Return a name of the file and what it means here."""
    return {"name": match.name, "title": match.title, "created": match.created, "uses": match.uses}


def problem_shape(problem: Problem) -> dict[str, object]:
    """Return one thing to know about a row; row 0 is the whole file."""
    return {**problem._asdict(), "lost": problem.lost}


def report_shape(report: ImportReport) -> dict[str, object]:
    """Return what an import did as `import --json` shows it."""
    counts = (
        "created", "updated", "unchanged", "skipped", "lost", "comments", "checks", "statuses", "people",
        "departments", "links", "days", "absences",
    )  # fmt: skip
    return {
        "ok": not report.lost,
        **{name: getattr(report, name) for name in counts},
        "problems": [problem_shape(problem) for problem in report.problems],
    }


def _print_preview(seen: Preview) -> None:
    columns = [
        Column(_("Column"), flexible=True),
        Column(_("Becomes")),
        Column(_("Filled")),
        Column(_("Examples"), True),
    ]
    print_rows(
        columns,
        (
            [
                Cell(column.column),
                Cell(field_words(column.field)),
                Cell(str(column.filled)),
                Cell(" | ".join(column.samples)),
            ]
            for column in seen.columns
        ),
    )
    if is_terminal():
        say("")
    narrate(
        safe(
            _(
                "{name}: {rows} rows; {creates} new, {updates} changed, {unchanged} as before, {archived} archived"
            ).format(
                name=seen.name,
                rows=seen.rows,
                creates=seen.creates,
                updates=seen.updates,
                unchanged=seen.unchanged,
                archived=seen.archived,
            )
        )
    )
    for label, matches in (
        (_("Statuses"), seen.statuses),
        (_("Members"), seen.people),
        (_("Departments"), seen.departments),
    ):
        if matches:
            narrate(safe(f"{label}: {', '.join(map(_match_words, matches))}"))
    said = _count_words(seen.links, len(seen.days), len(seen.absences))
    if said:
        narrate(_(", ").join(said))
    _narrate_problems(seen.problems)
    narrate(_("Nothing was imported: this was a preview. --map COLUMN=FIELD changes what a column becomes."))


def _count_words(links: int, days: int, absences: int) -> list[str]:
    """Return how much a file says of time beyond its items, what there is none of left out."""
    counted = [
        (links, ngettext("{count} link", "{count} links", links)),
        (days, ngettext("{count} day of our own", "{count} days of our own", days)),
        (absences, ngettext("{count} absence", "{count} absences", absences)),
    ]
    return [words.format(count=count) for count, words in counted if count]


def _match_words(match: Match) -> str:
    if match.created:
        return _("{name} (new)").format(name=match.name)
    return match.name if match.name == match.title else f"{match.name} → {match.title}"


def field_words(field: str) -> str:
    """Return what a column becomes, in words."""
    if field == IGNORE:
        return _("left out")
    if field == WAITS:
        return _("Waits for")
    declared = schema.KINDS["item"].fields.get("place" if field == "status" else field)
    return _(declared.label) if declared else field


def _narrate_report(report: ImportReport) -> None:
    narrate(
        _(
            "{created} created, {updated} updated, {unchanged} unchanged, {skipped} skipped, {lost} lost"
        ).format(
            created=report.created,
            updated=report.updated,
            unchanged=report.unchanged,
            skipped=report.skipped,
            lost=report.lost,
        )
    )
    made = [
        (report.comments, ngettext("{count} comment", "{count} comments", report.comments)),
        (report.checks, ngettext("{count} checklist entry", "{count} checklist entries", report.checks)),
        (report.statuses, ngettext("{count} new status", "{count} new statuses", report.statuses)),
        (report.people, ngettext("{count} new member", "{count} new members", report.people)),
        (
            report.departments,
            ngettext("{count} new department", "{count} new departments", report.departments),
        ),
    ]
    said = [words.format(count=count) for count, words in made if count]
    said += _count_words(report.links, report.days, report.absences)
    if said:
        narrate(_(", ").join(said))
    _narrate_problems(report.problems)
    if report.changes:
        narrate(_("`sameboat undo` takes all of it back."))


def _narrate_problems(problems: list[Problem]) -> None:
    """Say what is worth knowing about rows, the lost ones first."""
    ordered = sorted(problems, key=lambda problem: (not problem.lost, problem.row))
    for problem in ordered[:SHOWN]:
        narrate(safe(problem_words(problem)))
    if len(ordered) > SHOWN:
        rest = len(ordered) - SHOWN
        narrate(
            ngettext("… and {count} more; --json has all", "… and {count} more; --json has all", rest).format(
                count=rest
            )
        )


COMMANDS = {
    "import": Command(
        _import,
        N_(
            "import a plan of Microsoft Project (XML) or GanttProject, a Trello board, a CSV, TSV or JSON file"
        ),
        "FILE",
        (
            Option("dry-run", N_("only show what would come in and how")),
            Option("map", N_("what a column becomes, may be repeated"), metavar="COLUMN=FIELD", many=True),
            Option("encoding", N_("the file's encoding, told from the file if not given"), metavar="NAME"),
            Option("archived", N_("where archived cards go, the trash if not said"), choices=ARCHIVED),
        ),
        least=1,
        most=1,
        examples=(
            "sameboat import board.json --dry-run",
            "sameboat import plan.gan",
            "sameboat import tasks.csv --map 预计完成=due --archived done",
        ),
    ),
}
