"""Rows become drafts: each cell is read as its column's field asks, and what cannot be read is kept as it stands.

No row is dropped for a bad cell. A date that is not a date, a priority nobody knows or a number out of range becomes a
custom field of the column's name and is reported; only a row with nothing in it to name an item by is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from store import schema
from store.imports import values
from store.imports.days import day_order, is_nothing, parse_moment
from store.imports.drafts import Draft, Entry, Reading, Remark, Wait
from store.imports.mapping import ARCHIVED, CHECKS, COMMENTS, CUSTOM, IGNORE, KEY, STATUS, WAITS, normalise
from store.imports.pairs import accounts, categories
from store.imports.progress import counted
from store.imports.source import Column, Problem, Row, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from store.imports.mapping import Mapped
    from store.imports.progress import Progress

_ITEM = schema.KINDS["item"]
_TITLE_LIMIT = schema.LIMITS[schema.TEXT]
_CUSTOM_LIMIT = schema.LIMITS[schema.MAP]
_LABEL_LIMIT = schema.LIMITS[schema.SET]
_NAME_LIMIT = 200
_DATES = ("due", "start", "created")
_OTHER_IDS = frozenset({"issueid", "id", "number"})
_SINGLE = frozenset(
    {
        "title", STATUS, "priority", "due", "start", "created", "effort", "remaining", "duration", "pinned", "kind",
        "parent", "department", "requested_by", KEY, ARCHIVED,
    }
)  # fmt: skip
_NOBODY = frozenset({"unassigned", "nobody", "no assignee", "未分配", "未指派", "待分配"})
_JIRA_COMMENT = re.compile(r"(?P<at>[^;\n]{6,40});(?P<by>[^;\n]*);(?P<text>.*)", re.DOTALL)
_TEXT_KEYS = ("text", "body", "content", "comment", "description", "name", "title")
_AUTHOR_KEYS = ("author", "creator", "user", "by", "createdBy", "created_by", "memberCreator")
_AT_KEYS = ("at", "created", "createdAt", "created_at", "date", "entry", "time", "timestamp")
_DONE_KEYS = ("done", "completed", "checked", "complete", "state", "status")


def read_rows(
    source: Source, mapping: Sequence[Mapped], zone: tzinfo | None = None, progress: Progress | None = None
) -> Reading:
    """Return the drafts of a source under a mapping.

    `zone` decides the day of an instant and completes a time without a zone; None means this machine's. `progress` is
    told of every row twice over, since the caller does as much with each draft.
    """
    reader = _Reader(source, mapping, zone)
    return reader.read(counted(source.rows, progress, 2 * len(source.rows)))


class _Reader:
    def __init__(self, source: Source, mapping: Sequence[Mapped], zone: tzinfo | None) -> None:
        self.source = source
        self.zone = zone
        self.problems: list[Problem] = []
        fields = {mapped.column: mapped.field for mapped in mapping}
        self.columns = [
            (column, fields[column.name]) for column in source.columns if fields[column.name] != IGNORE
        ]
        self.orders = {
            column.name: day_order(value for row in source.rows for value in row.values(column))
            for column, field in self.columns
            if field in _DATES
        }
        # Jira repeats the column instead of separating labels inside a cell; its labels may hold commas.
        self.split_labels = source.tool != "jira"
        self.accounts = accounts(source)
        # ZenTao assigns what is closed to "Closed".
        self.nobody = _NOBODY | {"closed"} if source.tool == "zentao" else _NOBODY
        self.readers: dict[str, Callable[[Draft, Column, list[object]], None]] = {
            "title": self._title, STATUS: self._status, "owner": self._owner, "participants": self._participants,
            "department": self._department, "requested_by": self._department, "labels": self._labels,
            "priority": self._priority, "due": self._date, "start": self._date, "created": self._date,
            "effort": self._number, "remaining": self._number, "duration": self._number, "kind": self._kind,
            "pinned": self._pinned, "parent": self._parent, WAITS: self._waits, COMMENTS: self._comments,
            CHECKS: self._checks, ARCHIVED: self._archived,
            KEY: self._key, CUSTOM: self._custom,
        }  # fmt: skip

    def read(self, rows: Iterable[Row]) -> Reading:
        drafts = [draft for row in rows if (draft := self._draft(row)) is not None]
        return Reading(
            drafts=drafts,
            problems=self.problems,
            aliases={person.name: person.aliases for person in self.source.people if person.aliases},
            categories=categories(self.source),
            key_column=next((column.name for column, field in self.columns if field == KEY), ""),
            called=self._called(drafts),
        )

    def _draft(self, row: Row) -> Draft | None:
        draft = Draft(row=row.number)
        for column, field in self.columns:
            found = row.values(column)
            if found:
                self.field = field
                self.readers.get(field, self._text)(draft, column, found)
                if len(found) > 1 and field in _SINGLE:
                    self._custom(
                        draft, column, found[1:]
                    )  # a repeated column for a field that holds one value
        if not draft.title:
            self._name(draft)
            if not draft.title:
                self.problems.append(Problem(row.number, "no-content"))
                return None
            self._note(draft, "no-title", value=draft.title[:80])
        if len(draft.title) > _TITLE_LIMIT:
            # The whole title stays readable at the head of the description.
            draft.description = f"{draft.title}\n\n{draft.description}".strip()
            draft.title = draft.title[: _TITLE_LIMIT - 1] + "…"
            self._note(draft, "too-long", "title", f"{_TITLE_LIMIT:,}")
        for name in ("description", "acceptance", "blocked"):
            setattr(
                draft,
                name,
                self._cut(draft, name, getattr(draft, name), schema.LIMITS[_ITEM.fields[name].type]),
            )
        return draft

    @staticmethod
    def _name(draft: Draft) -> None:
        """Name an item without a title by the first thing it says."""
        candidates = (draft.description, draft.key, *draft.labels, *draft.custom.values(), draft.acceptance)
        said = next((text for text in candidates if text.strip()), "")
        lines = said.strip().splitlines()
        draft.title = " ".join(lines[0].split()) if lines else ""

    def _called(self, drafts: list[Draft]) -> dict[str, int]:
        """Return rows by what others may call them: a title used once, another id column, and above all the key."""
        called = {draft.title: draft.row for draft in drafts}
        for title, uses in Counter(draft.title for draft in drafts).items():
            if uses > 1:
                del called[title]
        kept = {draft.row for draft in drafts}
        for column, field in self.columns:
            if field == CUSTOM and normalise(column.name) in _OTHER_IDS:
                for row in self.source.rows:
                    if row.number in kept:
                        called.update(
                            (values.plain(value).strip(), row.number) for value in row.values(column)[:1]
                        )
        called.update((draft.key, draft.row) for draft in reversed(drafts) if draft.key)
        return called

    def _note(self, draft: Draft, code: str, column: str = "", value: str = "") -> None:
        self.problems.append(Problem(draft.row, code, column, value))

    def _keep(self, draft: Draft, column: Column, text: str, code: str) -> None:
        """Keep a cell that could not be read as a custom field, and say so."""
        self._note(draft, code, column.name, text[:80])
        draft.custom[column.name] = self._cut(draft, column.name, text, _CUSTOM_LIMIT)

    def _cut(self, draft: Draft, column: str, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._note(draft, "too-long", column, f"{limit:,}")
        return text[: limit - 1] + "…"

    # One reader a field

    def _title(self, draft: Draft, column: Column, found: list[object]) -> None:
        draft.title = " ".join(values.plain(found[0]).split())

    def _text(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = values.plain(found[0]) if len(found) == 1 else "\n\n".join(map(values.plain, found))
        setattr(draft, self.field, text.strip())

    def _key(self, draft: Draft, column: Column, found: list[object]) -> None:
        draft.key = " ".join(values.plain(found[0]).split())[:_NAME_LIMIT]

    def _status(self, draft: Draft, column: Column, found: list[object]) -> None:
        draft.status = " ".join(values.plain(found[0]).split())[:_NAME_LIMIT]

    def _people(self, found: list[object]) -> list[str]:
        names: list[str] = []
        for value in found:
            for part in value if isinstance(value, list) else [value]:
                # A name that the file lists by itself is whole; only text that a person typed holds several.
                names += (
                    [values.plain(part)]
                    if isinstance(part, dict)
                    else values.split_people(values.plain(part))
                )
        known = (" ".join(name.split())[:_NAME_LIMIT] for name in names)
        return list(dict.fromkeys(name for name in known if name and values.fold(name) not in self.nobody))

    def _owner(self, draft: Draft, column: Column, found: list[object]) -> None:
        names = self._people(found)
        draft.owner = names[0] if names else ""
        draft.participants = [
            *draft.participants,
            *(name for name in names[1:] if name not in draft.participants),
        ]

    def _participants(self, draft: Draft, column: Column, found: list[object]) -> None:
        names = self._people(found)
        draft.participants = [
            *draft.participants,
            *(name for name in names if name not in draft.participants),
        ]

    def _department(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = " ".join(values.plain(found[0]).split())
        if not is_nothing(text):
            setattr(draft, self.field, text[:_NAME_LIMIT])

    def _labels(self, draft: Draft, column: Column, found: list[object]) -> None:
        labels: list[str] = []
        for value in found:
            if isinstance(value, list):
                labels += [values.plain(part) for part in value]
            elif self.split_labels and len(column.places) == 1:
                labels += values.split_labels(values.plain(value))
            else:
                labels.append(values.plain(value))
        clean = (" ".join(label.split()) for label in labels)
        added = [self._cut(draft, column.name, label, _LABEL_LIMIT) for label in clean if label]
        draft.labels = list(dict.fromkeys([*draft.labels, *added]))

    def _priority(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = values.plain(found[0])
        if values.says_no_priority(text):
            return
        draft.priority = values.parse_priority(text)
        if draft.priority is None:
            self._keep(draft, column, text, "unknown-word")

    def _date(self, draft: Draft, column: Column, found: list[object]) -> None:
        value = found[0]
        if isinstance(value, str) and is_nothing(value):
            return
        moment = parse_moment(value, self.orders[column.name])
        if moment is None:
            self._keep(draft, column, values.plain(value), "not-a-date")
        elif self.field == "created":
            draft.created = moment.iso_instant(self.zone)
        else:
            setattr(draft, self.field, moment.iso_day(self.zone))

    def _number(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = values.plain(found[0])
        if is_nothing(text):
            return
        in_days = self.field == "duration" or any(
            mark in column.name.casefold() for mark in ("天", "人日", "day")
        )
        number = values.parse_hours(text, seconds=self.source.tool == "jira", days=in_days)
        if number is not None and self.field == "duration":
            number = round(number / 8, 4)
        declared = _ITEM.fields[self.field]
        if number is None or not (declared.low or 0) <= number <= (declared.high or number):
            self._keep(draft, column, text, "not-a-number")
        else:
            setattr(draft, self.field, number)

    def _kind(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = values.plain(found[0])
        kind = values.parse_kind(text)
        if kind is None:
            self._keep(draft, column, text, "unknown-word")
            return
        draft.kind = kind
        if values.fold(text) in values.FINER_KINDS:
            draft.custom[column.name] = text

    def _parent(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = " ".join(values.plain(found[0]).split())
        # A sheet says so that there is none; a reference is to what it says, even if that is called 0.
        if isinstance(found[0], dict) or (not is_nothing(text) and text != "0"):
            draft.parent, draft.parent_column = text[:_NAME_LIMIT], column.name

    def _pinned(self, draft: Draft, column: Column, found: list[object]) -> None:
        said = values.parse_flag(values.plain(found[0]))
        if said is None:
            self._keep(draft, column, values.plain(found[0]), "unknown-word")
        draft.pinned = said or None

    def _waits(self, draft: Draft, column: Column, found: list[object]) -> None:
        for value in found:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict) and isinstance(part.get("lag"), int):
                    key, kind, lag = (
                        values.plain(part.get("key")),
                        values.plain(part.get("type")),
                        part["lag"],
                    )
                    draft.waits.append(Wait(key, kind, lag, column.name))
                else:
                    waits = values.split_waits(values.plain(part))
                    draft.waits += [Wait(key, kind, lag, column.name) for key, kind, lag in waits]

    def _archived(self, draft: Draft, column: Column, found: list[object]) -> None:
        text = values.plain(found[0])
        said = values.parse_flag(text)
        if said is None and parse_moment(found[0]) is not None:
            said = True  # the moment it was archived
        if said is None:
            self._keep(draft, column, text, "unknown-word")
        draft.archived = bool(said)

    def _custom(self, draft: Draft, column: Column, found: list[object]) -> None:
        kept = [draft.custom[column.name]] if column.name in draft.custom else []
        parts = [*kept, *map(values.plain, found)]
        text = parts[0] if len(parts) == 1 else values.joined(parts)
        if text.strip():
            draft.custom[column.name] = self._cut(draft, column.name, text, _CUSTOM_LIMIT)

    def _comments(self, draft: Draft, column: Column, found: list[object]) -> None:
        limit = schema.LIMITS[schema.LONGTEXT]
        remarks = []
        for value in found:
            for part in value if isinstance(value, list) else [value]:
                remark = self._remark(part)
                if remark.text.strip():
                    remarks.append(remark._replace(text=self._cut(draft, column.name, remark.text, limit)))
        draft.comments = [*draft.comments, *remarks]

    def _remark(self, value: object) -> Remark:
        if isinstance(value, dict):
            said, by, at = (_first(value, keys) for keys in (_TEXT_KEYS, _AUTHOR_KEYS, _AT_KEYS))
            moment = parse_moment(at)
            return Remark(
                values.plain(by).strip()[:_NAME_LIMIT],
                moment.iso_instant(self.zone) if moment else "",
                values.plain(said),
                values.plain(value.get("id")),
            )
        text = values.plain(value)
        match = _JIRA_COMMENT.match(text)
        moment = parse_moment(match["at"]) if match else None
        if match and moment:
            author = match["by"].strip()
            name = self.accounts.get(author, author)[:_NAME_LIMIT]
            return Remark(name, moment.iso_instant(self.zone), match["text"].strip())
        return Remark("", "", text.strip())

    def _checks(self, draft: Draft, column: Column, found: list[object]) -> None:
        entries: list[Entry] = []
        for value in found:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict):
                    done = values.parse_flag(values.plain(_first(part, _DONE_KEYS)))
                    text = " ".join(values.plain(_first(part, ("text", "name", "title"))).split())
                    entries.append(
                        Entry(values.plain(part.get("list")), text, bool(done), values.plain(part.get("id")))
                    )
                else:
                    entries += [
                        Entry("", text, done) for text, done in values.split_checks(values.plain(part))
                    ]
        draft.checks = [
            *draft.checks,
            *(
                entry._replace(
                    text=self._cut(draft, column.name, entry.text, _TITLE_LIMIT),
                    list=entry.list[:_NAME_LIMIT],
                )
                for entry in entries
                if entry.text
            ),
        ]


def _first(record: dict[str, object], keys: tuple[str, ...]) -> object:
    return next((record[key] for key in keys if record.get(key) not in (None, "")), "")
