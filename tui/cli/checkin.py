"""`sameboat checkin`: what is late, at risk or silent; answers to it; and the review that ends with a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from store.checkins import BLOCKED, FINISHED, MOVED, ON_TRACK, answer_within, answers, end_review, to_ask
from store.dates import parse_day
from store.errors import StoreError
from store.plan import read_plan
from store.plan_past import last_review, past_plan
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.edit import done_status
from tui.cli.output import encode, narrate, say, say_json
from tui.cli.shapes import Shapes
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.timeline.checkin_words import summary_text, why_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.attention import Attention
    from store.analysis.plan import Slot
    from store.database import Store
    from store.plan import Plan
    from store.rows import Card


def _checkin(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        plan = read_plan(store)
        if arguments.operands:
            return _answer(workspace, arguments, plan)
        since = last_review(store)
        before = _before(store, since)
        asked = to_ask(store, plan, before)
        said = answers(store, since)
        if arguments.has("end"):
            return _end(workspace, arguments, plan, asked, before)
        known: dict[str, Card] = {}
        for one in asked:
            card = queries.card(store, one.id)
            if card is not None:
                known[one.id] = card
            answer = said.get(one.id)
            if arguments.has("json"):
                row = {
                    "id": card.short if card else one.id, "entity": one.id, "title": card.title if card else "",
                    "why": one.code, "days": one.days, "answer": answer.answer if answer else None,
                }  # fmt: skip
                say(encode(row))
            else:
                sign = "✓" if answer else "·"
                say(f"{sign} {card.short if card else one.id}  {card.title if card else ''}")
                say(f"    {why_words(one, plan, card)}")
        if not asked and not arguments.has("json"):
            narrate(_("Nothing is late, at risk or silent."))
    return 0


def _before(store: Store, since: int | None) -> Mapping[str, Slot] | None:
    if since is None:
        return None
    try:
        return past_plan(store, since).slots
    except StoreError:  # the past is not whole yet: what slipped is not known, everything else is
        return None


def _answer(workspace: Workspace, arguments: Arguments, plan: Plan) -> int:
    name, *rest = arguments.operands
    ent = workspace.entity(name, "item")
    given = [option for option in ("ok", "due", "blocked", "done") if arguments.has(option)]
    if len(given) != 1 or rest:
        raise UsageError("one-answer")
    slot = plan.slots.get(ent)
    with workspace.change("checkin", [ent]) as change:
        if given == ["ok"]:
            answer_within(change, ent, ON_TRACK, slot=slot, note=arguments.value("note"))
        elif given == ["blocked"]:
            answer_within(change, ent, BLOCKED, slot=slot, note=arguments.value("blocked"))
        elif given == ["done"]:
            answer_within(change, ent, FINISHED, slot=slot, done=done_status(workspace))
        else:
            text = arguments.value("due")
            day = parse_day(text, workspace.store.today())
            if day is None:
                raise StoreError("bad-value", field="due", value=text, expected="a date, YYYY-MM-DD")
            reason = _reason(arguments.value("reason"))
            note = arguments.value("note")
            answer_within(change, ent, MOVED, slot=slot, due=day.isoformat(), reason=reason, note=note)
    if arguments.has("json"):
        say_json({"ok": True, "ids": [workspace.short(ent)]})
    else:
        narrate(_("{id}: noted").format(id=workspace.short(ent)))
    return 0


def _reason(text: str) -> str:
    choices = schema.KINDS["checkin"].fields["reason"].choices
    if not text:
        return ""
    found = [choice for choice in choices if text.casefold() in (choice.casefold(), _(choice).casefold())]
    if not found:
        expected = ", ".join(choices)
        raise StoreError("bad-value", field="reason", value=text, expected=expected)
    return found[0]


def _end(
    workspace: Workspace,
    arguments: Arguments,
    plan: Plan,
    asked: list[Attention],
    before: Mapping[str, Slot] | None,
) -> int:
    store = workspace.store
    shapes = Shapes(store)
    said = answers(store, last_review(store))

    def cards(ids: Iterable[str]) -> Mapping[str, Card]:
        return {ent: card for ent in ids if (card := queries.card(store, ent))}

    text = summary_text(
        asked, said, plan, cards, lambda ent: shapes.member(ent) or ent,
        workspace=queries.workspace_title(store), before=before,
    )  # fmt: skip
    end_review(store, text, list(said.values()))
    if arguments.has("json"):
        say_json({"ok": True, "summary": text, "answered": len(said), "asked": len(asked)})
    else:
        say(text)
    return 0


COMMANDS = {
    "checkin": Command(
        _checkin,
        N_("what is late, at risk or silent; answer for one item, or end the review with a summary"),
        "[ID]",
        (
            Option("ok", N_("it is on track")),
            Option("due", N_("it will be done on another day"), metavar="DAY"),
            Option("reason", N_("why it moved"), metavar="WHY"),
            Option("blocked", N_("what it is blocked by"), metavar="TEXT"),
            Option("done", N_("it is finished")),
            Option("note", N_("a few words"), metavar="TEXT"),
            Option("end", N_("hold the review: keep and print the summary")),
        ),
        most=1,
        examples=(
            "sameboat checkin",
            'sameboat checkin lp-12 --due fri --reason "waited for others"',
            "sameboat checkin --end",
        ),
    ),
}
