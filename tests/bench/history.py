"""The history of a team as five devices would have written it: what every measurement works on.

Made as canonical op lines and not through the store, because a million ops must exist within seconds and
because merging is itself measured. The mix is that of a team which plans in Chinese: items with eight fields
or so, of which later ones are edited more; moves to the top of a status; comments, labels, checklists; and
now and then two devices that write the same cell without having seen each other. The same seed writes the
same history.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from typing import NamedTuple

from store.ops import Op, derived_id, encode_line, encode_value
from store.rank import DIGITS, between
from store.schema import ROOT_CAUSES
from tests.bench.phrases import ACTIONS, COMMENTS, LABELS, OBJECTS, REASONS, SCOPES, SENTENCES, TEAM

SPAN_MS = 180 * 86_400_000  # the time the history covers
RECENT = 2_000  # items among which most edits happen
CONFLICTS = 12


class Ground(NamedTuple):
    """What the history refers to and does not write itself: the statuses and departments of a workspace."""

    statuses: Sequence[str]  # in the order of the workflow, the last one is done
    departments: Sequence[str]


class Author:
    """One device: its stream so far, not yet taken lines of it, and the numbers it gave to items."""

    def __init__(self, name: str, code: str) -> None:
        self.name = name
        self.code = code
        self.dev = derived_id("device", code)[:12]
        self.inc = derived_id("incarnation", code)[:8]
        self.member = derived_id("member", code)
        self.seq = 0
        self.given = 0
        self.lines: list[bytes] = []


class _Item(NamedTuple):
    """Where an item's cells were first written: field by field from `first` on, in its author's stream."""

    ent: str
    author: int
    first: int
    fields: tuple[str, ...]


class History:
    """Writes on until told to stop; `authors` hold the lines, `items` counts what is not in the trash."""

    def __init__(self, ground: Ground, *, seed: int = 1, now: int, expected: int) -> None:
        """`now` is the moment (ms) of the last of about `expected` ops."""
        self.authors = [Author(name, code) for name, code in TEAM]
        self.ops = 0
        self.items = 0
        self._ground = ground
        self._random = random.Random(seed)
        self._now = now
        self._at = now - SPAN_MS
        self._step = SPAN_MS / expected
        self._today = datetime.datetime.fromtimestamp(now / 1000).date()
        self._made: list[_Item] = []
        self._heads: dict[tuple[str, str], tuple[str, ...]] = {}
        self._trashed: set[str] = set()
        self._tops: dict[str, str] = {}
        self._ends: dict[str, str] = {}
        self._weights = [0.0] * len(ground.statuses)
        for index, share in enumerate((0.22, 0.1, 0.08)):
            self._weights[min(index, len(self._weights) - 1)] += share
        self._weights[-1] += 0.6
        self._introduce()

    def act(self) -> None:
        """Let somebody do one thing: a change, of one op or several."""
        self._at = self._now - max(0, int(SPAN_MS - self.ops * self._step))
        kind = self._random.random()
        if kind < 0.5 or not self._made:
            self._add()
        elif kind < 0.82:
            self._edit()
        elif kind < 0.91:
            self._attach("comment", {"text": self._random.choice(COMMENTS)})
        elif kind < 0.97:
            item, author = self._somewhere()
            value = "true" if self._random.random() < 0.8 else "false"
            self._write(author, item, f"labels/{self._random.choice(LABELS)}", value)
        elif kind < 0.995:
            self._attach(
                "check", {"title": self._random.choice(ACTIONS), "rank": between(None, None, self._jitter())}
            )
        else:
            self._delete()

    # What people do

    def _introduce(self) -> None:
        for index, author in enumerate(self.authors):
            department = self._ground.departments[index % len(self._ground.departments)]
            first = author.seq + 1
            for field, value in (("title", author.name), ("code", author.code), ("department", department)):
                self._put(author, first, "member", author.member, field, encode_value(value))
            for field, value in (("member", author.member), ("code", author.code)):
                self._put(author, first, "device", author.dev, field, encode_value(value))
        for number in range(CONFLICTS):
            self._disagree(number)

    def _disagree(self, number: int) -> None:
        author = self._random.choice(self.authors)
        ent = derived_id("conflict", str(number))
        author.given += 1
        first = author.seq + 1
        for field, value in (
            ("short", f"{author.code}-{author.given}"),
            ("title", self._title()),
            ("severity", self._random.randint(1, 4)),
            ("root_cause", self._random.choice(ROOT_CAUSES)),
            ("follow_up", self._day(-5, 20)),
            *((f"parties/{one}", True) for one in self._random.sample(list(self._ground.departments), 2)),
        ):
            self._put(author, first, "conflict", ent, field, encode_value(value))

    def _add(self) -> None:
        chance = self._random.random
        number = self._random.randrange(len(self.authors))
        author = self.authors[number]
        author.given += 1
        status = self._random.choices(self._ground.statuses, self._weights)[0]
        fields: dict[str, object] = {
            "short": f"{author.code}-{author.given}",
            "place": {"rank": self._bottom(status), "status": status},
            "title": self._title(),
            "department": self._random.choice(self._ground.departments),
        }
        if chance() < 0.3:
            fields["kind"] = self._random.choice(("requirement", "bug", "risk", "action"))
        if chance() < 0.9:
            fields["owner"] = self._random.choice(self.authors).member
        if chance() < 0.7:
            fields["priority"] = self._random.randrange(5)
        if chance() < 0.6:
            fields["due"] = self._day(-120, 40)
        if chance() < 0.3:
            fields["effort"] = self._random.choice((2, 4, 8, 16, 40))
        if chance() < 0.2:
            fields["description"] = "".join(self._random.choices(SENTENCES, k=self._random.randint(2, 6)))
        if chance() < 0.05:
            fields["blocked"] = self._random.choice(REASONS)
        for label in self._random.sample(LABELS, self._random.choice((0, 0, 0, 1, 1, 2))):
            fields[f"labels/{label}"] = True
        ent = derived_id("item", author.code, str(author.given))
        first = author.seq + 1
        for field, value in fields.items():
            self._put(author, first, "item", ent, field, encode_value(value))
        self._made.append(_Item(ent, number, first, tuple(fields)))
        self.items += 1

    def _edit(self) -> None:
        item, author = self._somewhere()
        field = self._random.choices(
            ("place", "title", "owner", "due", "priority", "blocked", "description"),
            (40, 8, 17, 17, 10, 4, 4),
        )[0]
        if self._random.random() < 0.02:
            # Another device writes the same cell before this one's op has reached it.
            before = self._parents(item, field)
            other = self._random.choice([one for one in self.authors if one is not author])
            dots = [
                self._put(one, one.seq + 1, "item", item.ent, field, self._value(field), before)
                for one in (author, other)
            ]
            self._heads[item.ent, field] = tuple(dots)
        else:
            self._write(author, item, field, self._value(field))

    def _value(self, field: str) -> str:
        value: object
        if field == "place":
            status = self._random.choices(self._ground.statuses, self._weights)[0]
            rank = between(None, self._tops.get(status), self._jitter())
            self._tops[status] = rank
            self._ends.setdefault(status, rank)
            value = {"rank": rank, "status": status}
        elif field == "title":
            value = self._title()
        elif field == "owner":
            value = self._random.choice(self.authors).member
        elif field == "due":
            value = self._day(-30, 60)
        elif field == "priority":
            value = self._random.randrange(5)
        elif field == "blocked":
            value = self._random.choice((None, *REASONS))
        else:
            value = "".join(self._random.choices(SENTENCES, k=3))
        return encode_value(value)

    def _attach(self, kind: str, fields: dict[str, object]) -> None:
        item, author = self._somewhere()
        ent = derived_id(kind, str(self.ops))
        first = author.seq + 1
        for field, value in ({"on": item.ent} | fields).items():
            self._put(author, first, kind, ent, field, encode_value(value))

    def _delete(self) -> None:
        item, author = self._somewhere()
        self._write(
            author, item, "trash", encode_value({f"{one.dev}.{one.inc}": one.seq for one in self.authors})
        )
        self._trashed.add(item.ent)
        self.items -= 1

    # How it is written down

    def _write(self, author: Author, item: _Item, field: str, value: str) -> None:
        parents = self._parents(item, field)
        self._heads[item.ent, field] = (
            self._put(author, author.seq + 1, "item", item.ent, field, value, parents),
        )

    def _parents(self, item: _Item, field: str) -> tuple[str, ...]:
        known = self._heads.get((item.ent, field))
        if known is not None:
            return known
        if field not in item.fields:
            return ()
        author = self.authors[item.author]
        return (f"{author.dev}.{author.inc}.{item.first + item.fields.index(field)}",)

    def _put(
        self,
        author: Author,
        change: int,
        kind: str,
        ent: str,
        field: str,
        value: str,
        parents: tuple[str, ...] = (),
    ) -> str:
        self.ops += 1
        author.seq += 1
        op = Op(
            author.dev, author.inc, author.seq, 1_000 + self.ops, self._at, author.member, kind, ent, field, value,
            parents, change,
        )  # fmt: skip
        author.lines.append(encode_line(op))
        return op.dot

    def _somewhere(self) -> tuple[_Item, Author]:
        recent = self._random.random() < 0.7
        start = max(0, len(self._made) - RECENT) if recent else 0
        while (item := self._made[self._random.randrange(start, len(self._made))]).ent in self._trashed:
            pass  # who deletes something has seen it last: nobody edits what is gone
        return item, self._random.choice(self.authors)

    def _title(self) -> str:
        pick = self._random.choice
        title = f"{pick(SCOPES)}{pick(OBJECTS)}{pick(ACTIONS)}"
        chance = self._random.random()
        return (
            f"{title}，发布前完成"
            if chance < 0.2
            else f"{title} v{int(chance * 40)}"
            if chance < 0.4
            else title
        )

    def _day(self, earliest: int, latest: int) -> str:
        return (self._today + datetime.timedelta(days=self._random.randint(earliest, latest))).isoformat()

    def _bottom(self, status: str) -> str:
        self._ends[status] = rank = between(self._ends.get(status), None, self._jitter())
        self._tops.setdefault(status, rank)
        return rank

    def _jitter(self) -> str:
        return "".join(self._random.choices(DIGITS, k=2)) + self._random.choice(DIGITS[1:])
