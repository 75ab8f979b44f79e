"""`sameboat retro`: begin one, write cards unseen, reveal, vote, and see what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.capture import parse
from store.errors import StoreError, nearest
from store.retro_rows import ENDED, Retro, Sheet, latest, retros, sheet
from store.retros import (
    FORMAT_NAMES,
    columns,
    group,
    make_action,
    reveal,
    start,
    step,
    verify,
    vote,
    write_card,
)
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import encode, narrate, safe, say, say_json
from tui.cli.shapes import Shapes, instant
from tui.cli.table import BOLD, DIM, Cell, Column, paint, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _, ngettext
from tui.retro_words import column_name, state_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.retro_rows import ActionItem, RetroCard

SHOWN = 6  # letters of a card's id


def _retro(arguments: Arguments) -> int:
    what, *rest = arguments.operands or ["show"]
    run = ACTS.get(what)
    if run is None:
        raise UsageError("unknown-act", act=what, nearest=nearest(what, list(ACTS)), acts=", ".join(ACTS))
    with Workspace(arguments.home) as workspace:
        return run(workspace, arguments, rest)


def _chosen(workspace: Workspace, arguments: Arguments, *, ended: bool = False) -> Retro:
    """Return the retrospective that is meant: the one named, else the latest that goes on."""
    if arguments.has("retro"):
        ent = workspace.entity(arguments.value("retro"), "retro")
        found = next((one for one in retros(workspace.store) if one.id == ent), None)
    else:
        found = next((one for one in retros(workspace.store) if one.state != ENDED), None)
        found = found or (latest(workspace.store) if ended else None)
    if found is None:
        raise StoreError("no-retro")
    return found


def _list(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    found = retros(workspace.store)
    if arguments.has("json"):
        for one in found:
            say(encode(_shape(workspace, one)))
        return 0
    names = (_("Short id"), _("State"), _("Format"), _("Cards"))
    rows = (
        (
            one.short,
            state_name(one.state),
            _(FORMAT_NAMES.get(one.format, one.format)),
            str(one.cards),
            one.title,
        )
        for one in found
    )
    heads = [*(Column(name) for name in names), Column(_("Title"), flexible=True)]
    print_rows(heads, ([Cell(text) for text in row] for row in rows))
    return 0


def _start(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    store = workspace.store
    form = arguments.value("format", schema.RETRO_FORMATS[0])
    title = " ".join(rest) or _("Retrospective {day}").format(day=store.today().isoformat())
    departments = [workspace.named("departments", "department", name) for name in arguments.values("dept")]
    votes = arguments.number("votes", 3)
    made = start(store, title, form, departments=departments, votes=votes)
    return _done(workspace, arguments, made.ids[0])


def _card(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    if len(rest) < 2:
        raise UsageError("missing-operand", command="retro", usage="sameboat retro card COLUMN TEXT…")
    found = _chosen(workspace, arguments)
    made = write_card(workspace.store, found.id, _column(found, rest[0]), " ".join(rest[1:]))
    card = made.ids[0]
    if arguments.has("json"):
        say_json({"ok": True, "id": card[:SHOWN], "entity": card, "retro": found.short})
    else:
        say(card[:SHOWN])
    return 0


def _column(found: Retro, text: str) -> str:
    """Return the column that a number, a code or a name means, or the text itself, which is refused then."""
    known = columns(found.format)
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(known):
        return known[int(text) - 1][0]
    folded = text.casefold()
    names = [code for code, label in known if folded in (code, label.casefold(), _(label).casefold())]
    beginning = [
        code
        for code, label in known
        if folded and any(n.casefold().startswith(folded) for n in (code, _(label)))
    ]
    return (names or (beginning if len(beginning) == 1 else []) or [text])[0]


def _reveal(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    found = _chosen(workspace, arguments)
    reveal(workspace.store, found.id)
    return _done(workspace, arguments, found.id)


def _next(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    found = _chosen(workspace, arguments)
    step(workspace.store, found.id)
    return _done(workspace, arguments, found.id)


def _group(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    if len(rest) < 2:
        raise UsageError("missing-operand", command="retro", usage="sameboat retro group CARD UNDER…")
    found = _chosen(workspace, arguments)
    cards = [workspace.entity(text, "retro_card") for text in rest]
    group(workspace.store, cards[1:], cards[0])
    return _done(workspace, arguments, found.id)


def _vote(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    if not rest:
        raise UsageError("missing-operand", command="retro", usage="sameboat retro vote CARD…")
    found = _chosen(workspace, arguments)
    cards = [workspace.entity(text, "retro_card") for text in rest]
    for card in cards:
        vote(workspace.store, found.id, card)
    after = _sheet(workspace, found)
    mine = {card.id for card in after.cards if workspace.store.member in card.voters}
    left = max(after.votes_left(workspace.store.member), 0)
    if arguments.has("json"):
        say_json(
            {"ok": True, "ids": [c[:SHOWN] for c in cards], "given": [c in mine for c in cards], "left": left}
        )
    else:
        narrate(ngettext("{count} vote left", "{count} votes left", left).format(count=left))
    return 0


def _action(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    if not rest:
        raise UsageError("missing-operand", command="retro", usage="sameboat retro action LINE…")
    store = workspace.store
    found = _chosen(workspace, arguments, ended=True)
    line = parse(" ".join(rest), workspace.vocabulary, store.today(), kind="item", me=store.member)
    made = make_action(store, found.id, line.fields, arguments.value("verify"))
    return _done(workspace, arguments, made.ids[0])


def _verify(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    if not rest:
        raise UsageError("missing-operand", command="retro", usage="sameboat retro verify ID…")
    items = [workspace.entity(text, "item") for text in rest]
    for item in items:
        verify(workspace.store, item)
    return _done(workspace, arguments, *items)


def _done(workspace: Workspace, arguments: Arguments, *ents: str) -> int:
    if arguments.has("json"):
        say_json({"ok": True, "ids": [workspace.short(ent) for ent in ents]})
    else:
        for ent in ents:
            say(workspace.short(ent))
    return 0


def _show(workspace: Workspace, arguments: Arguments, rest: list[str]) -> int:
    found = _sheet(workspace, _chosen(workspace, arguments, ended=True))
    if arguments.has("json"):
        say_json(_sheet_shape(workspace, found))
    else:
        for line in _sheet_lines(workspace, found):
            say(line)
    return 0


def _sheet(workspace: Workspace, found: Retro) -> Sheet:
    whole = sheet(workspace.store, found.id)
    if whole is None:
        raise StoreError("not-found", what=found.short)
    return whole


def _sheet_lines(workspace: Workspace, found: Sheet) -> Iterator[str]:
    retro, me = found.retro, workspace.store.member
    yield paint(f"{retro.short}  {safe(retro.title)}  ·  {state_name(retro.state)}", BOLD)
    if found.carried:
        yield from ("", paint(_("From last time, until it is verified"), BOLD))
        yield from (_action_line(workspace, action) for action in found.carried)
    votes = {tally.head: tally for tally in found.tallies}
    cards = {card.id: card for card in found.cards}
    known = columns(retro.format)
    extra = dict.fromkeys(card.column for card in found.cards if card.column not in dict(known))
    for number, (code, label) in enumerate((*known, *((code, code) for code in extra)), 1):
        hidden = found.unseen.get(code, 0)
        note = (
            ngettext("{count} not shown yet", "{count} not shown yet", hidden).format(count=hidden)
            if hidden
            else ""
        )
        yield from ("", f"{paint(f'{number} {column_name(label)}', BOLD)}  {paint(note, DIM)}".rstrip())
        for card in found.cards:
            if card.column == code and card.id in votes:
                tally = votes[card.id]
                yield _card_line(card, tally.votes, me)
                yield from (f"    └ {_card_line(cards[ent], None, me).strip()}" for ent in tally.cards[1:])
    if found.actions:
        yield from ("", paint(_("Actions"), BOLD))
        yield from (_action_line(workspace, action) for action in found.actions)
    for member, count in found.over.items():
        who = workspace.title("member", member)
        text = ngettext("{who} gave {count} vote too many", "{who} gave {count} votes too many", count)
        yield from ("", text.format(who=safe(who), count=count))


def _card_line(card: RetroCard, votes: int | None, me: str) -> str:
    mark = "★" if me in card.voters else " "
    count = f"{votes:>2}" if votes else "  "
    return f"  {paint(card.id[:SHOWN], DIM)} {count}{mark} {safe(card.title)}"


def _action_line(workspace: Workspace, action: ActionItem) -> str:
    facts = [workspace.title("member", action.owner) if action.owner else "", action.due, action.verify]
    mark = "✓" if action.verified else " "
    said = paint(safe(" · ".join(filter(None, facts))), DIM)
    return f"  {mark} {action.short}  {safe(action.title)}  {said}".rstrip()


def _shape(workspace: Workspace, one: Retro) -> dict[str, object]:
    shapes = Shapes(workspace.store)
    return {
        "id": one.short,
        "entity": one.id,
        "title": one.title,
        "format": one.format,
        "state": one.state,
        "votes": one.votes,
        "departments": [shapes.department(ent) for ent in one.departments],
        "previous": workspace.short(one.previous) if one.previous else None,
        "cards": one.cards,
        "created_at": instant(one.made),
    }


def _sheet_shape(workspace: Workspace, found: Sheet) -> dict[str, object]:
    shapes = Shapes(workspace.store)

    def action(one: ActionItem) -> dict[str, object]:
        return {
            "id": one.short,
            "entity": one.id,
            "title": one.title,
            "owner": shapes.member(one.owner),
            "due": one.due or None,
            "verify": one.verify or None,
            "verified": one.verified or None,
        }

    return _shape(workspace, found.retro) | {
        "columns": [code for code, _label in columns(found.retro.format)],
        "wall": [
            {
                "id": card.id[:SHOWN],
                "entity": card.id,
                "column": card.column,
                "title": card.title,
                "author": shapes.member(card.author),
                "group": card.group or None,
                "voters": [shapes.member(voter) for voter in card.voters],
            }
            for card in found.cards
        ],
        "unseen": found.unseen,
        "tallies": [
            {"head": one.head, "cards": list(one.cards), "votes": one.votes} for one in found.tallies
        ],
        "over": {shapes.member(member) or member: count for member, count in found.over.items()},
        "actions": [action(one) for one in found.actions],
        "carried": [action(one) for one in found.carried],
    }


ACTS: dict[str, Callable[[Workspace, Arguments, list[str]], int]] = {
    "start": _start,
    "card": _card,
    "reveal": _reveal,
    "group": _group,
    "vote": _vote,
    "next": _next,
    "action": _action,
    "verify": _verify,
    "show": _show,
    "list": _list,
}

COMMANDS = {
    "retro": Command(
        _retro,
        N_("look back together: write cards unseen, reveal them at once, group, vote, and follow up"),
        "[start|card|reveal|group|vote|next|action|verify|show|list] …",
        (
            Option("retro", N_("another retrospective than the one going on"), metavar="ID"),
            Option("format", N_("the columns it has"), choices=schema.RETRO_FORMATS),
            Option("dept", N_("a department that holds it; may be repeated"), metavar="NAME", many=True),
            Option("votes", N_("votes each has, 3 by itself"), metavar="N"),
            Option("verify", N_("how one will see that the action worked"), metavar="TEXT"),
        ),
        text=True,
        examples=(
            'sameboat retro start --format sailboat "Sprint 12"',
            'sameboat retro card anchor "评审排队三天"',
            "sameboat retro reveal",
            'sameboat retro action "每周三评审 @李雷 ^周五" --verify "两周内排队不超过一天"',
        ),
    ),
}
