"""What the details tell of a goal besides its fields: its way, its past, the answers, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store.analysis.goal_tree import above
from store.goal_rows import conflicts_about, goal_history, goal_items, goal_row, workers
from tui.celltext import cell_width, clean, pad, wrap
from tui.goal_words import (
    ANSWER_STYLES,
    answer_mark,
    answers_words,
    bar_words,
    figures_words,
    number_words,
    short_name,
    spark_words,
)
from tui.i18n import _, ngettext
from tui.theme import glyph
from tui.widgets.days import day_words
from tui.widgets.detail.parts import MUTED, Entry, Key, Page, heading, styled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from store.database import Store
    from store.goal_rows import GoalRow
    from store.rows import Card
    from tui.screens.directory import Directory

ANSWER, CONFLICT = "answer", "conflict"  # parts of the pane: a department's answer, a conflict about the goal
LISTED = 30  # items
_SPARK = 32  # cells
_ANSWERS = 28


def short_names(directory: Directory) -> dict[str, str]:
    """Return the departments in their order, each in one or two letters."""
    return {
        key: short_name(directory.department(key), row.code) for key, row in directory.departments.items()
    }


def goal_notes(store: Store, directory: Directory, goal: str) -> dict[str, str]:
    """Return what stands behind a goal's name where something serves it: what each department answered."""
    row = goal_row(store, goal)
    if row is None:
        return {}
    return {"goal": answers_words(row, workers(store, goal), short_names(directory), _ANSWERS)}


def goal_entries(
    store: Store,
    directory: Directory,
    row: GoalRow,
    parents: Mapping[str, str],
    page: Page,
    expected: Collection[str],
) -> Iterator[Entry]:
    """Yield what the pane tells of a goal after its fields; `expected` are waited for."""
    yield from _figures(store, row, page)
    way = above(parents, row.id)
    if way:
        yield heading(_("Beneath"), page)
        for depth, goal in enumerate(way):
            text = "  " * depth + ("↳ " if depth else "") + directory.goal(goal)
            yield Entry(Key("plain"), styled(clean(text), "", page.width), stop=False)
    yield from _answers(row, directory, page, expected)
    items = goal_items(store, [row.id], limit=LISTED + 1)
    if items:
        yield heading(_("Items that serve it"), page)
        for card in items[:LISTED]:
            done = directory.category(card.status) == "done"
            mark = glyph("done") if done else "·"
            yield _card(card, mark, directory.status(card.status), "action", page, MUTED if done else "")
        if len(items) > LISTED:
            yield Entry(
                Key("plain"),
                styled(_("and more, in the alignment"), MUTED, page.width),
                stop=False,
            )
    conflicts = conflicts_about(store, row.id)
    if conflicts:
        yield heading(_("Conflicts about it"), page)
        for card in conflicts:
            over = card.state == "closed"
            yield _card(card, glyph("conflict"), _(card.state), CONFLICT, page, MUTED if over else "")


def cut_words(row: GoalRow, directory: Directory) -> str:
    """Return why a goal does not lie where somebody put it."""
    return _("It was put beneath “{goal}” while that was put beneath it: the later move was skipped.").format(
        goal=directory.goal(row.cut)
    )


def _figures(store: Store, row: GoalRow, page: Page) -> Iterator[Entry]:
    figures = figures_words(row)
    if not figures:
        return
    yield heading(_("Progress"), page)
    style = "$text-accent" if row.progress.fraction is not None else MUTED
    yield Entry(Key("plain"), styled(bar_words(row, 16), style, page.width), stop=False)
    yield Entry(Key("plain"), styled(clean(figures), "", page.width), stop=False)
    points = goal_history(store, [row.id]).get(row.id, [])
    if len(points) > 1:
        drawn = spark_words(points, min(_SPARK, page.width))
        first, last = points[0], points[-1]
        words = _("{first} on {day}, {last} on {now}").format(
            first=number_words(first.value),
            day=day_words(first.day.isoformat(), page.today),
            last=number_words(last.value),
            now=day_words(last.day.isoformat(), page.today),
        )
        yield Entry(Key("plain"), styled(drawn, "$text-accent", page.width), stop=False)
        yield Entry(Key("plain"), styled(words, MUTED, page.width), stop=False)


def _answers(row: GoalRow, directory: Directory, page: Page, expected: Collection[str]) -> Iterator[Entry]:
    sides = [*directory.departments, *(side for side in row.answers if side not in directory.departments)]
    shown = [side for side in sides if side in row.answers or side in expected]
    if not shown:
        return
    silent = sum(side not in row.answers for side in shown)
    waiting = ngettext("{count} has not answered", "{count} have not answered", silent).format(count=silent)
    yield heading(_("Answers") + (f" · {waiting}" if silent else ""), page)
    names = {side: clean(directory.department(side)) for side in shown}
    labels = min(max(cell_width(name) for name in names.values()) + 4, 16)
    for side in shown:
        said = row.answers.get(side, "")
        mark = answer_mark(said)
        text = _(said) if said else _("no answer yet")
        if reason := row.objections.get(side):
            text = f"{text}: {reason}"
        lines = wrap(clean(text), max(page.width - labels, 8), 6)
        first = Content.assemble(
            (f"{mark} ", ANSWER_STYLES[mark]),
            (pad(names[side], labels - 2), MUTED),
            (lines[0], "" if said else MUTED),
        )
        rest = (Content(" " * labels + line) for line in lines[1:])
        yield Entry(Key(ANSWER, side), (first, *rest), indent=labels)


def _card(card: Card, mark: str, said: str, part: str, page: Page, style: str) -> Entry:
    said = clean(said)
    room = max(page.width - cell_width(said) - 4, 8)
    lines = wrap(f"{card.short} {clean(card.title)}", room, 2)
    first = Content.assemble((f"{mark} ", MUTED), (pad(lines[0], room), style), ("  ", ""), (said, MUTED))
    return Entry(
        Key(part, card.id), (first, *(Content.styled("  " + line, style) for line in lines[1:])), indent=2
    )
