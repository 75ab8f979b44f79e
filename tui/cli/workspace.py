"""An open workspace as commands and requests speak of it: ids by their start, people and statuses by name."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import schema
from store.commands import Change
from store.database import open_store
from store.dates import parse_day
from store.errors import StoreError, nearest
from store.lookup import kind_of, resolve, short_of
from store.names import Names, fold
from store.validation import known_field, known_kind
from store.vocabulary import load_vocabulary
from tui.cli.arguments import Option, UsageError
from tui.i18n import N_, _, language, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from store.database import Store
    from store.vocabulary import Term, Vocabulary

ME = ("me", "@me", "我")
AS_OF = Option("as-of", N_("as it stood at the end of a day, or at an instant"), metavar="DAY")
NAMED_AT_MOST = 6
YES = ("yes", "true", "1", "是", "对")
NO = ("no", "false", "0", "否", "不")
# Kinds whose entities people call by name: where `Vocabulary` keeps them.
NAMED = {
    "department": "departments", "member": "members", "status": "statuses", "goal": "goals",
    "customer": "customers",
}  # fmt: skip


class Workspace:
    """A workspace opened for one command, closed when its block ends.

    `refs` are names that a stream of requests gave to entities it made.
    """

    def __init__(self, home: str) -> None:
        self.store: Store = open_store(home)
        self.refs: dict[str, str] = {}
        self._vocabulary: Vocabulary | None = None
        self._names: dict[str, Names] = {}

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store = self.store
        if store.noticed and kind is None and store.file is not None:
            from tui.cli.notices import tell_notices

            tell_notices(store)
        store.close()

    def go_back(self, when: str) -> None:
        """Look from now on at the workspace as it stood at the end of a day, or at an ISO instant."""
        from store.asof import as_of

        store, self.store = self.store, as_of(self.store, moment(when, self.store.today()))
        store.close()

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the names in use; `forget` makes the next reader load them again."""
        if self._vocabulary is None:
            self._vocabulary = load_vocabulary(self.store)
        return self._vocabulary

    def forget(self) -> None:
        """Load names again when next asked: they may have changed."""
        self._vocabulary = None
        self._names.clear()

    def entity(self, text: object, *kinds: str) -> str:
        """Return the id of the entity that `text` names; of one of these kinds when any is named.

        Raises not-found, ambiguous, wrong-type.
        """
        if not isinstance(text, str):
            raise StoreError("wrong-type", key="id", expected="text")
        ent = self.refs.get(text) or resolve(self.store, text)
        if kinds and self.kind(ent) not in kinds:
            raise StoreError("wrong-kind", what=text, kind=self.kind(ent), wanted=list(kinds))
        return ent

    def kind(self, ent: str) -> str:
        """Return an entity's kind."""
        return kind_of(self.store, ent)

    def short(self, ent: str) -> str:
        """Return what people call the entity: its short id, else its full one."""
        return short_of(self.store, ent)

    def shorts(self, ents: Sequence[str]) -> str:
        """Return what people call the entities, or how many they are when there are too many to name."""
        if len(ents) > NAMED_AT_MOST:
            return ngettext("{count} entity", "{count} entities", len(ents)).format(count=len(ents))
        return ", ".join(self.short(ent) for ent in ents)

    def change(self, label: str, ents: Sequence[str]) -> Change:
        """Return a change to be used as a context manager, which undo will call by these entities' short ids."""
        return Change(self.store, label, self.shorts(ents))

    def title(self, kind: str, ent: str) -> str:
        """Return the title of a named thing in the language in use, else the id."""
        for term in self.terms(kind):
            if term.id == ent:
                return shown_title(term)
        return self.short(ent)

    def terms(self, kind: str) -> list[Term]:
        """Return the things of a kind that people call by name, in order."""
        found: list[Term] = getattr(self.vocabulary, NAMED[kind])
        return found

    def status(self, name: object) -> str:
        """Return the id of the status called `name`; raises unknown-status with the nearest right one."""
        return self.named("status", "status", name)

    def named(self, field: str, kind: str, value: object) -> str:
        """Return the id of the department, member, status or goal that a name, code or id means."""
        text = value.strip() if isinstance(value, str) else str(value)
        if kind == "member" and text in ME:
            return self.store.member
        text = text.removeprefix("@") if kind == "member" else text
        if text in self.refs:
            return self.refs[text]
        if kind not in self._names:
            self._names[kind] = Names(self.terms(kind))
        term = self._names[kind].get(text)
        if term is not None:
            return term.id
        beginning = set()
        for known in self.terms(kind):
            if known.id == text:
                return text
            names = (known.title, known.title_en, *known.aliases)
            if text and any(fold(name).startswith(fold(text)) for name in names):
                beginning.add(known.id)
        if len(beginning) == 1:
            return beginning.pop()
        likely = nearest(text, [name for known in self.terms(kind) for name in (known.title, known.title_en)])
        known_titles = ", ".join(shown_title(known) for known in self.terms(kind))
        if kind == "status":
            raise StoreError("unknown-status", status=text, nearest=likely, statuses=known_titles)
        raise StoreError("unknown-name", field=field, value=text, nearest=likely, known=known_titles)

    def fields(self, kind: str, given: Mapping[str, object]) -> dict[str, object]:
        """Return fields as the store takes them, from fields as people and programs write them.

        Raises unknown-kind, unknown-field, unknown-status, unknown-name, not-found, ambiguous, bad-value.
        """
        declared = known_kind(kind)
        return dict(self.field(declared, name, value) for name, value in given.items())

    def field(self, kind: schema.Kind, name: str, value: object) -> tuple[str, object]:
        """Return one field's name and value as the store takes them."""
        if name in ("status", "place") and "place" in kind.fields:
            if isinstance(value, dict):
                value = value.get("status")
            return "status", self.status(value)
        declared = known_field(kind, name)
        if value is None or value == "":
            return name, [] if declared.type == schema.SET else None
        if declared.type == schema.SET:
            return name, self.elements(declared, value)
        if declared.type == schema.MAP:
            return name, self._entries(declared, value)
        return name, self._scalar(declared, value)

    def elements(self, field: schema.Field, value: object) -> list[object]:
        """Return a set field's elements from a list, or from text separated by commas."""
        if isinstance(value, str):
            parts: list[object] = [part.strip() for part in value.replace("，", ",").split(",")]
            value = [part for part in parts if part]
        if not isinstance(value, list):
            raise StoreError("bad-value", field=field.name, value=str(value)[:200], expected="a list")
        if field.to:
            return [self._reference(field, element) for element in value]
        return value

    def _entries(self, field: schema.Field, value: object) -> object:
        if not isinstance(value, dict) or field.name == "custom":
            return value
        # What each side of a conflict says is kept under its department's id.
        entries = {}
        for key, entry in value.items():
            try:
                entries[self.named(field.name, "department", key)] = entry
            except StoreError:
                entries[str(key)] = entry
        return entries

    def _scalar(self, field: schema.Field, value: object) -> object:
        if field.type in (schema.REF, schema.PARENT):
            return self._reference(field, value)
        return _from_text(field, value, self.store) if isinstance(value, str) else value

    def _reference(self, field: schema.Field, value: object) -> str:
        if field.to in NAMED:
            try:
                return self.named(field.name, field.to, value)
            except StoreError:
                if field.to != "goal":
                    raise
        return self.entity(value, *(() if field.to == "*" else (field.to,)))


def moment(when: str, today: datetime.date) -> int:
    """Return the end of the day, or the instant, in ms since the epoch; raises bad-moment."""
    day = parse_day(when, today, past=True)
    try:
        if day is not None:
            moment = datetime.datetime.combine(day, datetime.time.max)
        else:
            moment = datetime.datetime.fromisoformat(when)
        return int(moment.timestamp() * 1000)  # without an offset it is this machine's time
    except (ValueError, OverflowError, OSError):
        raise UsageError("bad-moment", value=when) from None


def shown_title(term: Term) -> str:
    """Return a term's title in the language in use: some have an English one beside their own."""
    return term.title_en if language() == "en" and term.title_en else term.title


def _from_text(field: schema.Field, text: str, store: Store) -> object:
    """Return what text means for a field that is no text: a number, a day, a choice in either language."""
    value = text.strip()
    lowered = value.lower()
    if field.type == schema.DATE:
        day = parse_day(value, store.today())
        return day.isoformat() if day else value
    if field.name == "recurrence":
        from store.analysis.rule_reader import parse_rule

        rule = parse_rule(value, store.today())
        if rule is None:
            raise StoreError("bad-rule", text=text[:200])
        return rule
    if field.type == schema.INTEGER:
        digits = lowered.removeprefix("p").removeprefix("!")
        return int(digits) if digits.removeprefix("-").isdecimal() and len(digits) < 18 else value
    if field.type == schema.NUMBER:
        try:
            return float(value)
        except ValueError:
            return value
    if field.type == schema.FLAG and lowered in YES + NO:
        return lowered in YES
    if field.type == schema.CHOICE:
        for choice in field.choices:
            if lowered in (choice, _(choice).lower()):
                return choice
    return text
