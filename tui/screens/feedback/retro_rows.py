"""Retrospectives as rows of a list: all of them, or one with its columns, cards, votes and actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.retro_rows import ENDED, WRITING
from store.retros import FORMAT_NAMES, columns
from tui.i18n import _, ngettext
from tui.retro_words import column_name, state_name
from tui.widgets.days import day_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from store.retro_rows import ActionItem, Retro, RetroCard, Sheet
    from tui.screens.directory import Directory

_NUMBERED = re.compile(r"([1-9])\s*[:：.、]\s*(.*)", re.DOTALL)


def typed_card(text: str, codes: Sequence[str], here: str) -> tuple[str, str]:
    """Return the column and the text of a card as it was typed: a number before a colon names another column."""
    found = _NUMBERED.fullmatch(text.strip())
    if found and int(found[1]) <= len(codes):
        return codes[int(found[1]) - 1], found[2].strip()
    return here, text.strip()


def list_rows(found: Sequence[Retro], directory: Directory) -> list[Row]:
    """Return the retrospectives: those that go on, then those that ended."""
    rows: list[Row] = []
    for one in found:
        if one.state == ENDED and all(row.key for row in rows):
            rows.append(Row("", _("ended")))
        count = ngettext("{count} card", "{count} cards", one.cards).format(count=one.cards)
        who = ", ".join(directory.department(ent) for ent in directory.in_order(one.departments))
        form = _(FORMAT_NAMES[one.format]) if one.format in FORMAT_NAMES else one.format
        style = MUTED if one.state == ENDED else "$text-accent"
        facts = (Fact(state_name(one.state), style), Fact(count), Fact(form), Fact(who))
        rows.append(Row(one.id, one.title, one.short, facts=facts))
    return rows


def sheet_rows(found: Sheet, directory: Directory, me: str, today: date) -> list[Row]:
    """Return one retrospective: actions to be verified from before, its columns, and what is to be done."""
    retro = found.retro
    said = state_name(retro.state)
    if retro.state not in (WRITING, ENDED):
        left = max(found.votes_left(me), 0)
        said += " · " + ngettext("{count} vote left", "{count} votes left", left).format(count=left)
    rows = [Row("", f"{retro.short} {retro.title}", facts=(Fact(said),), style="bold $text-primary")]
    for member, count in found.over.items():
        text = ngettext("{who} gave {count} vote too many", "{who} gave {count} votes too many", count)
        rows.append(Row("", text.format(who=directory.member(member), count=count), style="$text-warning"))
    if found.carried:
        rows.append(Row("", _("From last time, until it is verified")))
        rows += [_action(action, directory, today) for action in found.carried]
    known = dict(columns(retro.format))
    extra = {card.column: card.column for card in found.cards if card.column not in known}
    for number, (code, label) in enumerate((known | extra).items(), 1):
        hidden = found.unseen.get(code, 0)
        note = ngettext("{count} not shown yet", "{count} not shown yet", hidden).format(count=hidden)
        facts = (Fact(note),) if hidden else ()
        rows += [Row("", ""), Row("", f"{number} {column_name(label)}", facts=facts)]
        cards = _cards(found, code, directory, me)
        rows += cards or [Row(f"+{code}", _("nothing yet"), style=MUTED)]
    if found.actions:
        rows += [Row("", ""), Row("", _("Actions"))]
        rows += [_action(action, directory, today) for action in found.actions]
    return rows


def _cards(found: Sheet, column: str, directory: Directory, me: str) -> list[Row]:
    """Return a column's cards and groups, those with most votes first once they are voted on."""
    cards = {card.id: card for card in found.cards}
    places = {card.id: place for place, card in enumerate(found.cards)}
    voted = found.retro.state in ("acting", ENDED)
    tallies = [tally for tally in found.tallies if cards[tally.head].column == column]
    if not voted:
        tallies.sort(key=lambda tally: places[tally.head])
    rows: list[Row] = []
    for tally in tallies:
        head, *others = (cards[ent] for ent in tally.cards)
        rows.append(_card(head, directory, me, votes=tally.votes))
        rows += [_card(card, directory, me, indent=2) for card in others]
    return rows


def _card(card: RetroCard, directory: Directory, me: str, *, votes: int = 0, indent: int = 0) -> Row:
    mark = "★" if me in card.voters else "└" if indent else " "
    facts = (Fact(f"{votes}" if votes else "", "$text-accent"), Fact(directory.member(card.author)))
    return Row(card.id, card.title, "", mark, "$text-accent", facts, indent=indent)


def _action(action: ActionItem, directory: Directory, today: date) -> Row:
    late = bool(action.due) and action.due < today.isoformat() and not action.verified
    facts = (
        Fact(""),
        Fact(directory.member(action.owner) if action.owner else ""),
        Fact(day_words(action.due, today) if action.due else "", "$text-error" if late else MUTED),
        Fact(action.verify),
    )
    mark = "✓" if action.verified else "○" if action.category != "done" else "●"
    return Row(action.id, f"{action.short} {action.title}", "", mark, "$text-success", facts)
