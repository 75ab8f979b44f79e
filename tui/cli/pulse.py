"""`sameboat pulse`: say in a number and a line how one is, and see how departments are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.pulse import EVERYBODY, LEAST
from store.errors import StoreError
from store.pulses import answer, own_answer, parse_week, period_of, read_moods
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import encode, narrate, say, say_json
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.retro_words import sparkline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.analysis.pulse import Mood


def _pulse(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        text = arguments.value("week")
        period = parse_week(text) if text else period_of(store.today())
        if not period:
            raise StoreError("bad-value", field="week", value=text, expected="a week, 2026-W48")
        if arguments.operands:
            score = arguments.operands[0]
            if score not in ("1", "2", "3", "4", "5"):
                raise StoreError("bad-value", field="score", value=score, expected="a number from 1 to 5")
            answer(store, int(score), " ".join(arguments.operands[1:]), period)
            if arguments.has("json"):
                say_json({"ok": True, "period": period, "score": int(score)})
            else:
                narrate(_("Noted for {period}.").format(period=period))
            return 0
        return _table(workspace, arguments, read_moods(store, period), period)


def _table(workspace: Workspace, arguments: Arguments, found: dict[str, list[Mood]], period: str) -> int:
    if arguments.has("json"):
        for who, moods in found.items():
            name = None if who in ("", EVERYBODY) else workspace.title("department", who)
            trend = [
                {
                    "period": mood.period,
                    "answered": mood.answered,
                    "mean": mood.mean,
                    "notes": list(mood.notes),
                }
                for mood in moods
            ]
            say(encode({"department": name, "everybody": who == EVERYBODY, "trend": trend}))
        return 0
    print_rows(
        (Column(_("Department")), Column(_("Trend")), Column(period), Column(_("In a line"), flexible=True)),
        _rows(workspace, found),
    )
    if own_answer(workspace.store, period) is None:
        narrate(
            _("You have not answered for {period} yet: sameboat pulse 4 “in a line”").format(period=period)
        )
    return 0


def _rows(workspace: Workspace, found: dict[str, list[Mood]]) -> Iterator[list[Cell]]:
    for who, moods in found.items():
        last = moods[-1]
        said = f"{last.mean:.1f}" if last.mean is not None else needed(last.answered)
        line = [Cell(sparkline(mood.mean for mood in moods)), Cell(said), Cell(" / ".join(last.notes))]
        yield [Cell(_name(workspace, who)), *line]


def needed(answered: int) -> str:
    """Return how many of those needed have answered."""
    return _("{answered} of {least} needed").format(answered=answered, least=LEAST)


def _name(workspace: Workspace, who: str) -> str:
    if who == EVERYBODY:
        return _("everybody")
    return workspace.title("department", who) if who else _("no department")


COMMANDS = {
    "pulse": Command(
        _pulse,
        N_("say from 1 to 5 how you are this week, or see how departments are"),
        "[1-5 [LINE…]]",
        (Option("week", N_("another week"), metavar="2026-W48"),),
        text=True,
        examples=('sameboat pulse 4 "评审排队少了"', "sameboat pulse"),
    ),
}
