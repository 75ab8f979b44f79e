"""Setting one field of one or many cards by choosing from a list, each time as one undo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from store import queries, schema
from tui.i18n import N_, _, ngettext
from tui.palette import KeyNames
from tui.repeating import Repeat
from tui.screens.choices import Choice, Picked
from tui.screens.desk import Desk
from tui.widgets.detail.entries import head_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.geometry import Region

    from store.commands import Change
    from store.queries import Card

NONE = "-"  # the choice that clears a field
# What a side means by a number when it checks what was decided.
LEVELS = {
    1: N_("no better, or worse"), 2: N_("hardly better"), 3: N_("bearable"), 4: N_("good"), 5: N_("settled for us"),
}  # fmt: skip
MOST_LEVELS = 5  # a number with no more values than this is chosen, not typed


def is_chosen(field: schema.Field) -> bool:
    """Tell whether a field's value is chosen from a list; other values are typed."""
    if field.type == schema.SET:
        return field.to != "item"
    if field.type == schema.REF:
        return field.to in ("member", "department", "goal", "customer")
    return field.type in (schema.CHOICE, schema.PLACE, schema.FLAG) or bool(levels(field))


class Choosing(Desk):
    """Offers what a field may hold, and writes what was chosen to every card it is about."""

    def change(
        self, label: str, ids: Sequence[str], work: Callable[[Change], object], *, said: str = ""
    ) -> bool:
        """Do one change to the store and show it; says what was done to which cards and returns whether it was."""
        cards = self.cards_said(ids)
        said = f"{cards} {said}" if said else ""

        def steps(change: Change) -> None:
            from store.conflicts import stepping

            with stepping(change, ids):
                work(change)

        # Whoever settles a divergence chooses between steps that were taken already.
        made = self.boat.perform(label, work if label == "settle" else steps, detail=cards)
        if made is not None and said:
            self.say_done(said)
        return made is not None

    def say_done(self, said: str) -> None:
        """Say what was done, and how it is undone."""
        undoes = _("{undo} undoes").format_map(KeyNames(self.boat.keymap))
        self.say(f"✓ {said} · {undoes}")

    def ask(
        self, title: str, choices: Sequence[Choice], picked: Callable[[Picked | None], None], **asked: Any
    ) -> None:
        """Open a list to choose from; `asked` is what `Picker` takes besides."""
        from tui.screens.picker import Picker

        self.app.push_screen(Picker(title, choices, **asked), picked)

    def choose(self, cards: Sequence[Card], fields: Mapping[str, str], *, at: Region | None = None) -> None:
        """Choose the value of one field; `fields` names it by kind, and cards of other kinds are left alone."""
        cards = [card for card in cards if card.kind in fields]
        if not cards:
            self.say(_("This is nothing for a conflict."))
            return
        field = schema.KINDS[cards[0].kind].fields[fields[cards[0].kind]]
        if field.type == schema.SET:
            self._choose_several(cards, field, at)
            return
        held = {self._held(card, fields[card.kind]) for card in cards}
        choices = self._choices(field)
        if field.type not in (schema.PLACE, schema.FLAG):
            choices.append(Choice(NONE, self._nothing(field)))
        from tui.screens.day_choices import day_choices

        today = self.boat.store.today()
        find = (lambda text: day_choices(text, today)) if field.type == schema.DATE else None

        def picked(answer: Picked | None) -> None:
            if answer and answer.new:
                self._write_new(field.to, cards, fields, answer.new)
            elif answer and answer.chosen:
                self.write(cards, fields, _read(field, answer.chosen[0]))

        new = {"goal": _("new goal “{text}”"), "customer": _("new customer “{text}”")}.get(field.to)
        create = (lambda text: new.format(text=text)) if new else None
        self.ask(_(field.label), choices, picked, marked=held, find=find, create=create, at=at)

    def choose_goal(self, cards: Sequence[Card]) -> None:
        """Choose the goal that items serve, or that conflicts are about; typing finds it, or names a new one."""
        kinds = {card.kind for card in cards}
        self.choose(cards, {kind: "goal" for kind in ("item", "conflict") if kind in kinds})

    def _write_new(self, kind: str, cards: Sequence[Card], fields: Mapping[str, str], title: str) -> None:
        # What everybody gets must not come before the draft it was made for is theirs as well.
        private = all(card.private for card in cards)

        def work(change: Change) -> None:
            made.append(_new(change, kind, title, private=private))
            for card in cards:
                change.set(card.id, {fields[card.kind]: made[0]})

        made: list[str] = []
        label = _(schema.KINDS[cards[0].kind].fields[fields[cards[0].kind]].label)
        if self.change("set", [card.id for card in cards], work, said=f"{label}: {title}"):
            again = partial(_write_again, fields=fields, value=made[0])
            self.note_change(f"{label}: {title}", fields, again)

    def write(self, cards: Sequence[Card], fields: Mapping[str, str], value: object) -> None:
        """Give a field of cards a value; `fields` names it by kind."""
        name = fields[cards[0].kind]
        field = schema.KINDS[cards[0].kind].fields[name]

        def work(change: Change) -> None:
            # Each moves to the top of its status: the last one written is the first one there.
            for card in reversed(cards):
                change.set(card.id, {"status" if name == "place" else fields[card.kind]: value})

        said = f"{_(field.label)}: {head_words(self.directory, field, value, self.boat.store.today())}"
        if self.change("set", [card.id for card in cards], work, said=said):
            self.note_change(said, fields, partial(_write_again, fields=fields, value=value))

    # Once more

    def note_change(
        self, said: str, kinds: Iterable[str], again: Callable[[Any, Sequence[Card]], object]
    ) -> None:
        """Remember a change that can be done to other cards too."""
        self.boat.repeatable = Repeat(said, frozenset(kinds), again)

    def action_repeat(self) -> None:
        """Do what was changed last to the selected cards, else to the one under the cursor."""
        last = self.boat.repeatable
        if last is None:
            return
        cards = [card for card in self.targets() if card.kind in last.kinds]
        if cards:
            last.again(self, cards)
        else:
            self.say(_("“{change}” is nothing for this kind of card.").format(change=last.said))

    def _choose_several(self, cards: Sequence[Card], field: schema.Field, at: Region | None) -> None:
        held = [self._elements(card, field.name) for card in cards]
        marked = frozenset.intersection(*held)
        choices = self._choices(field)
        known = {choice.key for choice in choices}
        choices = [Choice(key, self.directory.value(field, key)) for key in sorted(marked - known)] + choices
        new = _("new label “{text}”") if not field.to else ""
        new = _("new customer “{text}”") if field.to == "customer" else new

        def picked(answer: Picked | None) -> None:
            if answer is None:
                return
            named = answer.new if field.to else ""
            added = [*answer.chosen, *([answer.new] if answer.new and not named else [])]
            if not added and not named and not answer.removed:
                return

            def work(change: Change) -> None:
                private = all(card.private for card in cards)
                made = [_new(change, field.to, named, private=private)] if named else []
                for card in cards:
                    if added or made:
                        change.add_to(card.id, field.name, [*added, *made])
                    if answer.removed:
                        change.remove_from(card.id, field.name, answer.removed)

            parts = [f"+{self.directory.value(field, key)}" for key in added] + (
                [f"+{named}"] if named else []
            )
            parts += [f"−{self.directory.value(field, key)}" for key in answer.removed]
            said = " ".join(parts)
            if self.change("set", [card.id for card in cards], work, said=said) and not named:
                again = partial(_add_again, name=field.name, added=added, removed=answer.removed, said=said)
                kinds = {kind for kind in schema.KINDS if _has_same(kind, field)}
                self.note_change(said, kinds, again)

        create = (lambda text: new.format(text=text)) if new else None
        self.ask(_(field.label), choices, picked, marked=marked, several=True, create=create, at=at)

    def choose_level(self, card: Card, field: schema.Field, side: str, *, at: Region | None = None) -> None:
        """Choose what one side says in numbers, such as how it is since a conflict was decided."""
        held = queries.entity_fields(self.boat.store, card.kind, card.id) or {}
        values = held.get(field.name)
        marked = str(values.get(side)) if isinstance(values, dict) and side in values else NONE
        choices = [Choice(str(level), str(level), _(LEVELS.get(level, ""))) for level in levels(field)]
        choices.append(Choice(NONE, _("nothing")))
        title = f"{_(field.label)} · {self.directory.department(side)}"

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                level = None if answer.chosen[0] == NONE else int(answer.chosen[0])
                said = f"{title}: {level or _('nothing')}"
                self.change(
                    "set",
                    [card.id],
                    lambda change: change.set(card.id, {field.name: {side: level}}),
                    said=said,
                )

        self.ask(title, choices, picked, marked=(marked,), at=at)

    def _choices(self, field: schema.Field) -> list[Choice]:
        named = {
            "member": self.directory.member_choices,
            "department": self.directory.department_choices,
            "status": self.directory.status_choices,
            "goal": self.directory.goal_choices,
            "customer": self.directory.customer_choices,
        }.get(field.to)
        if named:
            return named()
        if field.type == schema.DATE:
            from tui.screens.day_choices import day_choices

            return day_choices("", self.boat.store.today())
        if field.type == schema.FLAG:
            return [Choice("yes", _("yes")), Choice("no", _("no"))]
        if field.choices:
            return [Choice(choice, _(choice), search=(choice,)) for choice in field.choices]
        if field.name == "labels":
            return [Choice(label, label) for label in queries.labels(self.boat.store)]
        return [Choice(str(level), self.directory.value(field, level)) for level in levels(field)]

    def _nothing(self, field: schema.Field) -> str:
        if field.type == schema.DATE:
            return _("no day")
        return {"member": _("nobody"), "department": _("no department")}.get(field.to, _("nothing"))

    def _held(self, card: Card, name: str) -> str:
        fields = queries.entity_fields(self.boat.store, card.kind, card.id) or {}
        value = fields.get("status" if name == "place" else name)
        return NONE if value is None else str(value)

    def _elements(self, card: Card, name: str) -> frozenset[str]:
        fields = queries.entity_fields(self.boat.store, card.kind, card.id) or {}
        held = fields.get(name)
        return frozenset(str(element) for element in held) if isinstance(held, (list, tuple)) else frozenset()

    def cards_said(self, ids: Sequence[str]) -> str:
        """Return one card by its short id, many by their number."""
        if len(ids) == 1:
            found = queries.card(self.boat.store, ids[0])
            return found.short if found else ids[0]
        return ngettext("{count} card", "{count} cards", len(ids)).format(count=len(ids))


def _write_again(desk: Choosing, cards: Sequence[Card], *, fields: Mapping[str, str], value: object) -> None:
    desk.write(cards, fields, value)


def _add_again(
    desk: Choosing,
    cards: Sequence[Card],
    *,
    name: str,
    added: Sequence[str],
    removed: Sequence[str],
    said: str,
) -> None:
    def work(change: Change) -> None:
        for card in cards:
            if added:
                change.add_to(card.id, name, added)
            if removed:
                change.remove_from(card.id, name, removed)

    desk.change("set", [card.id for card in cards], work, said=said)


def _has_same(kind: str, field: schema.Field) -> bool:
    other = schema.KINDS[kind].fields.get(field.name)
    return other is not None and (other.type, other.to) == (field.type, field.to)


def _new(change: Change, kind: str, title: str, *, private: bool = False) -> str:
    if kind == "customer":
        from store.feedback import add_customer

        return add_customer(change, title, private=private)
    return change.create(kind, {"title": title}, private=private)


def levels(field: schema.Field) -> range:
    """Return the numbers a field may hold where they are few enough to choose from."""
    if field.type not in (schema.INTEGER, schema.MAP) or field.low is None or field.high is None:
        return range(0)
    levels = range(int(field.low), int(field.high) + 1)
    return levels if len(levels) <= MOST_LEVELS else range(0)


def _read(field: schema.Field, key: str) -> object:
    if key == NONE:
        return None
    if field.type == schema.INTEGER:
        return int(key)
    return key == "yes" if field.type == schema.FLAG else key
