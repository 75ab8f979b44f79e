"""What a card says, as pieces of lines: title, whose it is and what is pressing, and what else there is to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.celltext import clean, wrap
from tui.i18n import _, ngettext
from tui.theme import MEANINGS, colour_of, glyph
from tui.widgets.board.due import Saying, done_saying, due_saying
from tui.widgets.board.line import GAP, Piece, joined, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from store.queries import Card
    from tui.widgets.board.names import Names

_DOT = Piece(" · ", "muted")
_LONGEST = 400  # characters: more than any card shows, so that a huge text costs no more than a long one
_URGENT = 1


class Row(NamedTuple):
    """One line of a card: what is cut when it is narrow, and what keeps to the right edge."""

    left: Sequence[Piece]
    right: Sequence[Piece] = ()


class Wording:
    """Puts cards into words for a language, a day and the people's names."""

    def __init__(self, names: Names, today: date) -> None:
        self._names = names
        self._today = today

    def rows(self, card: Card, room: int, lines: int, *, done: bool, selected: bool = False) -> list[Row]:
        """Return at most `lines` rows for a card that is `room` cells wide."""
        conflict = card.kind == "conflict"
        if done:
            card = card._replace(priority=None, blocked="")  # neither presses any more
        head = self._head(card, done, selected)
        if lines == 2:
            return [
                Row(head),
                self._conflict_meta(card, room, True) if conflict else self._meta_alone(card, room, done),
            ]
        if conflict:
            return [Row(head), self._conflict_meta(card, room, False), self._conflict_extra(card)]
        if width_of(head) > room and not card.blocked and not self._signs(card):
            return [*_folded(head, room, 2), self._meta_alone(card, room, done)][:lines]
        return [Row(head), self._meta(card, room, done), self._extra(card)]

    def bars(self, card: Card) -> list[str]:
        """Return the tones of the bar from top to bottom: the department's, or each party's in turn."""
        departments = card.parties if card.kind == "conflict" else (card.department,) * bool(card.department)
        return [self._hue(department) for department in departments] or ["faint"]

    def _hue(self, department: str) -> str:
        return ":" + colour_of(department, self._names.colour(department))

    @staticmethod
    def _head(card: Card, done: bool, selected: bool) -> list[Piece]:
        pieces = [Piece(clean(card.short), "accent" if selected else "muted", selected), GAP]
        if card.type in MEANINGS:
            sign = MEANINGS[card.type]
            pieces += [Piece(sign.glyph, sign.tone), GAP]
        pieces.append(Piece(clean(card.title[:_LONGEST]), "muted" if done else "text", not done))
        return pieces

    def _meta(self, card: Card, room: int, done: bool) -> Row:
        when = self._when(card, done)
        urgency = self._priority(card)
        return _fitting(
            room,
            (self._people(card), [*urgency, *_said(when, full=True)]),
            (self._people(card), [*urgency, *_said(when, full=False)]),
            (self._person(card), [*urgency, *_said(when, full=True)]),
            (self._person(card), [*urgency, *_said(when, full=False)]),
        )

    def _meta_alone(self, card: Card, room: int, done: bool) -> Row:
        """Return the line of a card that has no room for an extra one: signs stand for what is said there."""
        when = self._when(card, done)
        signs = [*self._signs(card), *([[_sign("blocked")]] if card.blocked else [])]
        urgency = self._priority(card)
        people = self._people(card) or _labels(card)
        return _fitting(
            room,
            (people, [*signs, *self._counts(card), *urgency, *_said(when, full=True)]),
            (people, [*signs, *urgency, *_said(when, full=True)]),
            (people, [*signs, *urgency, *_said(when, full=False)]),
            (self._person(card) or people, [*signs, *urgency, *_said(when, full=False)]),
        )

    def _extra(self, card: Card) -> Row:
        signs = self._signs(card)
        blocked: list[Piece] = []
        if card.blocked:
            reason = clean(card.blocked[:_LONGEST])
            blocked = [Piece(f"{glyph('blocked')} {reason}", MEANINGS["blocked"].tone)]
        left = joined([*signs, blocked, _labels(card)])
        if len(signs) == len(left) == 1:
            left = [signs[0][0]._replace(text=_in_words(card))]
        return Row(left, joined(self._counts(card)))

    def _people(self, card: Card) -> list[Piece]:
        department = []
        if card.department:
            department = [Piece(clean(self._names.department(card.department)), self._hue(card.department))]
        return joined([department, self._owner(card)], _DOT)

    def _person(self, card: Card) -> list[Piece]:
        """Return the owner alone, since the bar's colour names the department already."""
        return self._owner(card) or self._people(card)

    def _owner(self, card: Card) -> list[Piece]:
        return [Piece(clean(self._names.member(card.owner)), "muted")] if card.owner else []

    def _when(self, card: Card, done: bool) -> Saying | None:
        return done_saying(card.moved_at, self._today) if done else due_saying(card.due, self._today)

    @staticmethod
    def _priority(card: Card) -> list[list[Piece]]:
        if card.priority is None:
            return []
        text = f"P{card.priority}"
        if card.priority > _URGENT:
            return [[Piece(text, "muted")]]
        return [[Piece(glyph("urgent") + text, "warning" if card.priority else "danger", bold=True)]]

    @staticmethod
    def _signs(card: Card) -> list[list[Piece]]:
        """Return what must not be overlooked."""
        signs = []
        if card.divergences:
            signs.append([_sign("divergence", str(card.divergences))])
        if card.banner:
            signs.append([_sign("banner")])
        if card.private:
            signs.append([_sign("private")])
        return signs

    @staticmethod
    def _counts(card: Card) -> list[list[Piece]]:
        counts = []
        if card.comments:
            counts.append([_sign("comments", str(card.comments))])
        if card.checks:
            complete = card.checks_done >= card.checks
            count = f"{card.checks_done}/{card.checks}"
            counts.append([_sign("done" if complete else "checklist", count)])
        return counts

    def _conflict_meta(self, card: Card, room: int, alone: bool) -> Row:
        parties = joined(
            [[Piece(clean(self._names.department(party)), self._hue(party))] for party in card.parties],
            Piece(f" {glyph('conflict')} ", MEANINGS["conflict"].tone),
        ) or [_sign("conflict")]
        follow_up = due_saying(card.follow_up, self._today)
        again = [[Piece(glyph("follow-up") + follow_up.short, follow_up.tone)]] if follow_up else []
        severity = []
        if card.severity is not None:
            tone = "danger" if card.severity <= 2 else "warning"
            severity = [[Piece(f"{glyph('severity')}{card.severity}", tone, bold=True)]]
        signs = self._signs(card) if alone else []
        state = [[Piece(clean(_(card.state)), "muted")]] if alone and card.state else []
        return _fitting(
            room,
            (parties, [*signs, *state, *again, *severity]),
            (parties, [*signs, *again, *severity]),
            (parties, [*signs, *severity]),
        )

    def _conflict_extra(self, card: Card) -> Row:
        facts = [[Piece(clean(_(fact)), "muted")] for fact in (card.state, card.root_cause) if fact]
        left = joined([*self._signs(card), joined([*facts, self._owner(card)], _DOT)])
        return Row(left, joined(self._counts(card)))


def _folded(head: Sequence[Piece], room: int, limit: int) -> list[Row]:
    """Return a head that is too long for one line, its title folded."""
    *lead, title = head
    first, *rest = wrap(title.text, room, limit, indent=width_of(lead))
    return [Row([*lead, title._replace(text=first)]), *(Row([title._replace(text=text)]) for text in rest)]


def _sign(meaning: str, text: str = "") -> Piece:
    sign = MEANINGS[meaning]
    return Piece(sign.glyph + text, sign.tone)


def _said(saying: Saying | None, *, full: bool) -> list[list[Piece]]:
    return [[Piece(saying.full if full else saying.short, saying.tone)]] if saying else []


def _labels(card: Card) -> list[Piece]:
    return (
        [Piece(" ".join(f"#{clean(label[:_LONGEST])}" for label in card.labels), "muted")]
        if card.labels
        else []
    )


def _in_words(card: Card) -> str:
    """Return a card's only sign with what it means, where there is room for it."""
    if card.divergences:
        words = ngettext("{count} divergence", "{count} divergences", card.divergences)
        return glyph("divergence") + " " + words.format(count=card.divergences)
    if card.banner:
        return glyph("banner") + " " + _("deleted, then edited")
    return glyph("private") + " " + _("private draft")


def _fitting(room: int, *choices: tuple[list[Piece], list[list[Piece]]]) -> Row:
    """Return the first choice that fits the room uncut, else the last, whose left end will be cut."""
    for left, groups in choices:
        right = joined(groups)
        if width_of(left) + bool(left and right) + width_of(right) <= room:
            break
    return Row(left, right)
