"""Who and what the ids mean, in the language of the moment: departments, members, statuses."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from store import queries, schema
from store.lookup import kind_of, short_of
from tui.i18n import _, language
from tui.origin import origin_words
from tui.screens.choices import Choice
from tui.theme import Look, colour_of
from tui.widgets.board import Department, Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from store.vocabulary import Term, Vocabulary


class Directory:
    """The names of a workspace, read once and again when one of them changes."""

    def __init__(self, store: Store) -> None:
        self.departments = {row.id: row for row in queries.departments(store)}
        self.members = {row.id: row for row in queries.members(store)}
        self.statuses = {row.id: row for row in queries.statuses(store)}
        self.me = store.member
        self._store = store
        self._vocabulary: Vocabulary | None = None
        self._others: dict[str, str] = {}

    def names(self) -> Names:
        """Return the names as the board takes them."""
        return Names(
            {key: Department(self.department(key), row.colour) for key, row in self.departments.items()},
            {key: row.title for key, row in self.members.items()},
        )

    def department(self, department_id: str) -> str:
        """Return a department's name, the English one where that language is shown and it has one."""
        row = self.departments.get(department_id)
        return _titled(row.title, row.title_en) if row else self._other(department_id)

    def in_order(self, department_ids: Iterable[str]) -> list[str]:
        """Return departments in the workspace's order; a set of them has none of its own."""
        places = {key: place for place, key in enumerate(self.departments)}
        return sorted(department_ids, key=lambda key: (places.get(key, len(places)), key))

    def member(self, member_id: str) -> str:
        """Return a member's name."""
        row = self.members.get(member_id)
        return row.title if row else self._other(member_id)

    def status(self, status_id: str) -> str:
        """Return a status's name, the English one where that language is shown and it has one."""
        row = self.statuses.get(status_id)
        return _titled(row.title, row.title_en) if row else self._other(status_id)

    def goal(self, goal_id: str) -> str:
        """Return a goal's short id and title."""
        return self._other(goal_id)

    def category(self, status_id: str) -> str:
        """Return whether a status means todo, doing or done."""
        row = self.statuses.get(status_id)
        return row.category if row else ""

    def value(self, field: schema.Field, value: object) -> str:
        """Return the words for one value of a field."""
        if value is None or value == "":
            return "—"
        text = str(value)
        if field.to:
            named = {"member": self.member, "department": self.department, "status": self.status}
            return named.get(field.to, self._other)(text)
        if field.name in ("format", "column"):
            from tui.retro_words import coded_name

            return coded_name(text)
        if field.name == "recurrence":
            from tui.rule_words import rule_words

            return rule_words(text)
        if field.type == schema.CHOICE or field.name == "answer":
            return _(text)
        if field.type == schema.FLAG:
            return _("yes") if value else _("no")
        if field.type == schema.DATETIME:
            return _minute(text)
        return _written(field, value)

    def style(self, field: schema.Field, value: object) -> str:
        """Return the style that says what a value means: a department's colour, an urgent priority."""
        if field.to == "department" and isinstance(value, str) and value in self.departments:
            return self.hue(value)
        if field.name == "priority" and value in (0, 1):
            return "$text-error"
        if field.name in ("blocked",) and value:
            return "$text-error"
        return ""

    def hue(self, department_id: str) -> str:
        """Return the colour of a department in the theme of the moment, as a style."""
        from textual._context import active_app

        look = Look(active_app.get().current_theme)
        if look.plain:
            return ""
        hue = look.hue(f":{colour_of(department_id, self.departments[department_id].colour)}")
        return f"ansi_{hue}" if look.sixteen else hue

    def forget_titles(self, *, vocabulary: bool = False) -> None:
        """Read the titles of linked items again, for one of them may have changed; what people type where asked."""
        self._others.clear()
        if vocabulary:
            self._vocabulary = None

    @property
    def vocabulary(self) -> Vocabulary:
        """The names people type, read when something is first typed."""
        if self._vocabulary is None:
            from store.vocabulary import load_vocabulary

            self._vocabulary = load_vocabulary(self._store)
        return self._vocabulary

    def member_choices(self) -> list[Choice]:
        """Return the members to choose from, oneself first."""
        terms = sorted(self.vocabulary.members, key=lambda term: term.id != self.me)
        return [Choice(term.id, term.title, self._member_detail(term.id), _search(term)) for term in terms]

    def department_choices(self) -> list[Choice]:
        """Return the departments to choose from."""
        return [
            Choice(term.id, self.department(term.id), term.code, _search(term), self.hue(term.id))
            for term in self.vocabulary.departments
        ]

    def status_choices(self) -> list[Choice]:
        """Return the statuses to choose from, in the order of the workflow."""
        return [
            Choice(term.id, self.status(term.id), _(self.category(term.id)), _search(term))
            for term in self.vocabulary.statuses
        ]

    def goal_choices(self) -> list[Choice]:
        """Return the goals to choose from."""
        return [Choice(term.id, term.title, term.code, _search(term)) for term in self.vocabulary.goals]

    def customer_choices(self) -> list[Choice]:
        """Return the customers to choose from."""
        return [Choice(term.id, term.title, "", _search(term)) for term in self.vocabulary.customers]

    def _member_detail(self, member_id: str) -> str:
        row = self.members.get(member_id)
        if member_id == self.me:
            return _("me")
        return self.department(row.department) if row and row.department else ""

    def _other(self, entity_id: str) -> str:
        """Return an item by its short id and title, anything else by its title; read when it is first shown."""
        if entity_id not in self._others:
            kind = kind_of(self._store, entity_id)
            fields = queries.entity_fields(self._store, kind, entity_id) if kind in schema.KINDS else None
            title = str((fields or {}).get("title") or "")
            short = short_of(self._store, entity_id) if kind in schema.BOARD_KINDS or not title else ""
            self._others[entity_id] = f"{short} {title}".strip()
        return self._others[entity_id]


def _written(field: schema.Field, value: object) -> str:
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    if field.name == "source":
        return origin_words(text)
    if field.name == "priority":
        return f"P{text}"
    if field.name == "severity":
        return f"▲{text}"
    return text


def _minute(instant: str) -> str:
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return instant
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _titled(title: str, title_en: str) -> str:
    return title_en if title_en and language() == "en" else title or title_en


def _search(term: Term) -> tuple[str, ...]:
    names = (term.title, term.title_en, term.code, *term.aliases, *term.initials)
    return tuple(dict.fromkeys(name for name in names if name))
