"""A change while it is being made: intents become ops, in one transaction and as one undo.

A change is one transaction and one undo. Its ops share a change number; each names the heads it replaces.
"""

from __future__ import annotations

from store import schema
from store.changes import ChangeSet
from store.clock import MAX_WALL, next_lamport
from store.errors import StoreError
from store.layouts import place_value
from store.merge import SEQ_BITS, SEQ_MASK
from store.oplog import StreamTable, append
from store.ops import MAX_PARENTS, Op, encode_value, new_id
from store.placing import Placing
from store.validation import checked, checked_elements, checked_map_value, known_field, known_kind
from store.visibility import other_heads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Any

    from store.database import Store

FLUSH_OPS = 20_000  # ops buffered before they are written: bounds an import's memory


class Change:
    """One user action while it is being made. Leave the block to commit; an exception leaves no trace.

    Afterwards `changes` says what was touched, `ids` what was created and `shorts` the short ids given.
    """

    def __init__(
        self, store: Store, label: str, detail: str = "", *, undoes: int | None = None, final: bool = False
    ) -> None:
        self.store = store
        self.label = label
        self.detail = detail
        self.changes = ChangeSet()
        self.ids: list[str] = []
        self.shorts: dict[str, str] = {}
        self.skipped = 0  # cells that an undo left alone because somebody changed them since
        self.final = final  # undo passes it over: what has been sent cannot be taken back
        self._undoes = undoes
        self._restored: list[tuple[int, int]] = []

    def __enter__(self) -> Change:
        self._transaction = self.store.transaction()
        self.conn = self._transaction.__enter__()
        try:
            self._begin()
        except BaseException as error:
            self._transaction.__exit__(type(error), error, None)
            raise
        return self

    def _begin(self) -> None:
        store = self.store
        self.table = StreamTable(self.conn)
        self._lamport = int(store.meta("lamport", "0"))
        self._wall = min(max(store.now(), 0), MAX_WALL)  # no peer takes an op from outside these years
        public = self.table.number(store.device, store.incarnation)
        private = self.table.number(store.device, store.incarnation + "p")
        self.streams = (public, private)
        self._next = {n: self.table.seqs[n] + 1 for n in self.streams}
        self._first = dict(self._next)
        self._ops: list[Op] = []
        # Cells written in this change and not yet flushed: their dot and value.
        self._written: dict[tuple[str, str], tuple[str, str]] = {}
        self._fresh: dict[str, str] = {}
        self._private: dict[str, bool] = {}
        self._kinds: dict[str, str] = {}
        self._existing: set[tuple[str, str]] = set()
        self.placing = Placing(self.conn)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self.flush()
                self._record()
            except BaseException as failure:
                self._transaction.__exit__(type(failure), failure, None)
                raise
        self._transaction.__exit__(kind, error, trace)

    # Writing cells

    def flush(self) -> None:
        """Write the buffered ops, so that queries inside the block see them."""
        if self._ops:
            self.changes.update(append(self.conn, self.table, self._ops))
            self._ops = []
            self._written.clear()

    def write(
        self,
        kind: str,
        ent: str,
        field: str,
        value: str,
        *,
        parents: Iterable[str] | None = None,
        force: bool = False,
    ) -> str:
        """Buffer one op and return its dot, or '' when the cell already holds exactly this value.

        `parents` overrides the heads it replaces; `force` writes even an unchanged value.
        """
        replaced: list[str]
        if parents is None:
            heads = self.heads(kind, ent, field)
            if not force and (
                (len(heads) == 1 and heads[0][1] == value) or (not heads and value in ("null", "false"))
            ):
                return ""
            replaced = [dot for dot, _ in heads]
        else:
            replaced = list(parents)
        private = self.is_private(kind, ent)
        stream = self.streams[private]
        if not private:
            # A draft's ops mean nothing to others, who never receive them, and yield to any shared op anyway.
            draft = ".".join(self.table.names[self.streams[1]]) + "."
            replaced = [dot for dot in replaced if not dot.startswith(draft)]
        seq = self._next[stream]
        self._next[stream] = seq + 1
        self._lamport = next_lamport(self._lamport)
        store = self.store
        dev, inc = self.table.names[stream]
        self._ops.append(
            Op(
                dev, inc, seq, self._lamport, self._wall, store.member, kind, ent, field, value,
                tuple(replaced[:MAX_PARENTS]), self._first[stream],
            )
        )  # fmt: skip
        dot = f"{dev}.{inc}.{seq}"
        self._written[ent, field] = (dot, value)
        if len(self._ops) >= FLUSH_OPS:
            self.flush()
        return dot

    def heads(self, kind: str, ent: str, field: str) -> list[tuple[str, str]]:
        """Return (dot, value) of each head of a cell, this change's own writes included."""
        written = self._written.get((ent, field))
        if written is not None:
            return [written]
        if ent in self._fresh and not self.changes.entities.get(kind):
            return []
        query = (
            "SELECT h.dot, o.value FROM entity e JOIN head h ON h.ent = e.n JOIN op o ON o.dot = h.dot "
            "WHERE e.id = ? AND e.kind = ? AND h.field = ?"
        )
        return [(self.table.text(dot), value) for dot, value in self.conn.execute(query, (ent, kind, field))]

    def is_private(self, kind: str, ent: str) -> bool:
        """Return whether the entity is a private draft, whose ops are not sent to anyone."""
        known = self._private.get(ent)
        if known is None:
            row = self.conn.execute(
                f"SELECT private FROM p_{kind} WHERE n = ?", (self._number(kind, ent),)
            ).fetchone()
            known = self._private[ent] = bool(row and row[0])
        return known

    def kind_of(self, ent: str) -> str:
        """Return the kind of an entity, the first heard of where a peer used its id again; raises not-found."""
        kind = self._kinds.get(ent)
        if kind is None:
            rows = self.conn.execute("SELECT kind FROM entity WHERE id = ? ORDER BY n", (ent,))
            kind = next((str(found) for (found,) in rows if found in schema.KINDS), None)
            if kind is None:
                raise StoreError("not-found", what=ent)
            self._kinds[ent] = kind
        return kind

    def _number(self, kind: str, ent: str) -> int:
        row = self.conn.execute("SELECT n FROM entity WHERE id = ? AND kind = ?", (ent, kind)).fetchone()
        return int(row[0]) if row else 0

    def _check_reference(self, field: schema.Field, value: object) -> None:
        """Raise not-found or bad-value unless `value`, where the field refers to something, is of the right kind."""
        if value is None or not field.to:
            return
        ent, kind = str(value), field.to
        if kind == "*":
            self.kind_of(ent)
        elif self._kinds.get(ent) != kind and (kind, ent) not in self._existing:
            if not self._number(kind, ent):
                self.kind_of(ent)
                raise StoreError("bad-value", field=field.name, value=ent, expected=kind)
            self._existing.add((kind, ent))

    def _check_status(self, kind: schema.Kind, status: object) -> None:
        field = kind.fields["place"]
        if not isinstance(status, str):
            raise StoreError("bad-value", field="status", value=str(status)[:200], expected=field.to)
        self._check_reference(field, status)

    # Intents

    def create(
        self,
        kind: str,
        fields: Mapping[str, object],
        *,
        private: bool = False,
        ent: str | None = None,
        bottom: bool = False,
    ) -> str:
        """Create an entity and return its id. `bottom` puts an item last in its status instead of first.

        Raises unknown-kind, unknown-field, bad-value, too-long, not-found, all before anything is written.
        """
        declared = known_kind(kind)
        # An id that is in use already: what it holds is replaced, not contradicted.
        fresh = ent is None or not self._number(kind, ent)
        ent = ent or new_id()
        if kind in schema.ATTACHED_KINDS and isinstance(fields.get("on"), str):
            target = str(fields["on"])
            private = private or self.is_private(self.kind_of(target), target)
        for field in declared.fields.values():
            if field.required and fields.get(field.name) is None:
                raise StoreError("bad-value", field=field.name, value="", expected="text")
        fields = dict(fields)
        status: object = None
        if "place" in declared.fields:
            status = fields.pop("status", None) or fields.pop("place", None) or self.placing.first_status()
            self._check_status(declared, status)
        checked_fields = self._checked(declared, ent, fields)
        self._kinds[ent] = kind
        if fresh:
            self._fresh[ent] = kind
            self._private[ent] = private
        if declared.short and not fields.get("short"):
            self.shorts[ent] = self._next_short()
            self.write(kind, ent, "short", encode_value(self.shorts[ent]))
        if status is not None:
            self._place(kind, ent, str(status), bottom=bottom)
        self._write_fields(kind, ent, checked_fields, new=fresh)
        self.ids.append(ent)
        return ent

    def set(self, ent: str, fields: Mapping[str, object]) -> None:
        """Write several fields of an entity; None clears one, `status` moves to the top of that status.

        What cannot be written is refused before anything is.
        """
        declared = known_kind(self.kind_of(ent))
        fields = dict(fields)
        moves = "place" in declared.fields and ("status" in fields or "place" in fields)
        status = fields.pop("status", None) or fields.pop("place", None) if moves else None
        if moves:
            self._check_status(declared, status)
        checked_fields = self._checked(declared, ent, fields)
        if moves:
            self._place(declared.name, ent, str(status))
        self._write_fields(declared.name, ent, checked_fields)

    def _checked(
        self, kind: schema.Kind, ent: str, fields: Mapping[str, object]
    ) -> list[tuple[schema.Field, Any]]:
        """Return the fields with their values as they are stored: a list for a set, a dict for a map."""
        found: list[tuple[schema.Field, Any]] = []
        for name, value in fields.items():
            field = known_field(kind, name)
            stored: object
            if field.type == schema.SET:
                stored = self._checked_elements(field, value or [])
            elif field.type == schema.MAP:
                if not isinstance(value, dict):
                    raise StoreError(
                        "bad-value", field=name, value=str(value)[:200], expected="names and values"
                    )
                stored = {key: checked_map_value(field, key, entry) for key, entry in value.items()}
            else:
                stored = checked(field, value)
                self._check_reference(field, stored)
                if field.type == schema.PARENT and stored == ent:
                    raise StoreError("bad-value", field=name, value=ent, expected="another one than itself")
            found.append((field, stored))
        return found

    def _checked_elements(self, field: schema.Field, values: object) -> list[str]:
        elements = checked_elements(field, values)
        for element in elements:
            self._check_reference(field, element)
        return elements

    def _write_fields(
        self, kind: str, ent: str, fields: list[tuple[schema.Field, Any]], *, new: bool = False
    ) -> None:
        for field, value in fields:
            if field.type == schema.SET:
                current = [] if new else self._elements(kind, ent, field.name)
                self._change_set(kind, ent, field, value, [e for e in current if e not in value])
            elif field.type == schema.MAP:
                for key, entry in value.items():
                    self.write(kind, ent, f"{field.name}/{key}", encode_value(entry))
            else:
                self.write(kind, ent, field.name, encode_value(value))

    def add_to(self, ent: str, name: str, values: Iterable[str]) -> None:
        """Add elements to a set field."""
        kind = known_kind(self.kind_of(ent))
        field = self._set_field(kind, name)
        self._change_set(kind.name, ent, field, self._checked_elements(field, list(values)), ())

    def remove_from(self, ent: str, name: str, values: Iterable[str]) -> None:
        """Remove elements from a set field; ones a teammate adds meanwhile stay."""
        kind = known_kind(self.kind_of(ent))
        field = self._set_field(kind, name)
        written = list(values)
        # As given too: a teammate's program may have written what this one would write otherwise.
        self._change_set(kind.name, ent, field, (), dict.fromkeys(written + checked_elements(field, written)))

    @staticmethod
    def _set_field(kind: schema.Kind, name: str) -> schema.Field:
        field = known_field(kind, name)
        if field.type != schema.SET:
            raise StoreError("bad-value", field=name, value="", expected="a field that holds several values")
        return field

    def _change_set(
        self, kind: str, ent: str, field: schema.Field, add: Iterable[str], remove: Iterable[str]
    ) -> None:
        for element in add:
            self.write(kind, ent, f"{field.name}/{element}", "true")
        for element in remove:
            self.write(kind, ent, f"{field.name}/{element}", "false")

    def _elements(self, kind: str, ent: str, name: str) -> list[str]:
        self.flush()
        query = "SELECT value FROM element WHERE ent = ? AND field = ?"
        return [value for (value,) in self.conn.execute(query, (self._number(kind, ent), name))]

    def move(self, ent: str, status: str, *, before: str | None = None, after: str | None = None) -> None:
        """Move an item to a status: before or after another item, else to the top."""
        declared = known_kind(self.kind_of(ent))
        if "place" not in declared.fields:
            raise StoreError("unknown-field", field="status", kind=declared.name, nearest="")
        self._check_status(declared, status)
        self._place(declared.name, ent, status, before=before, after=after)

    def _place(
        self,
        kind: str,
        ent: str,
        status: str,
        *,
        before: str | None = None,
        after: str | None = None,
        bottom: bool = False,
    ) -> None:
        if before or after or ent not in self._fresh:
            self.flush()
        keys = self.placing.key(ent, status, before=before, after=after, bottom=bottom)
        for neighbour, key in keys.items():
            self.write(kind, neighbour, "place", encode_value({"rank": key, "status": status}))

    def comment(self, ent: str, text: str, *, author: str | None = None, created: str | None = None) -> str:
        """Append a comment and return its id. `author` names somebody who is not a member."""
        fields: dict[str, object] = {"on": ent, "text": text}
        if author:
            fields["author"] = author
        if created:
            fields["created"] = created
        return self.create("comment", fields)

    def check(self, ent: str, title: str, *, done: bool = False, list: str = "") -> str:  # noqa: A002
        """Append a checklist entry and return its id."""
        fields: dict[str, object] = {
            "on": ent,
            "title": title,
            "rank": self.placing.last_rank("check", on=ent),
        }
        if done:
            fields["done"] = True
        if list:
            fields["list"] = list
        return self.create("check", fields)

    def trash(self, ent: str) -> None:
        """Put an entity in the trash, recording what its deleter had seen of it."""
        kind = self.kind_of(ent)
        self.flush()
        seen: dict[str, int] = {}
        for dot in other_heads(self.conn, self._number(kind, ent)):
            stream = ".".join(self.table.names[dot >> SEQ_BITS])
            seen[stream] = max(seen.get(stream, 0), dot & SEQ_MASK)
        self.write(kind, ent, schema.TRASH, encode_value(seen))

    def restore(self, ent: str) -> None:
        """Take an entity out of the trash."""
        self.write(self.kind_of(ent), ent, schema.TRASH, "null")

    def share(self, ent: str) -> None:
        """Send a private draft's current state, with its comments and checklist, to everybody."""
        kind = self.kind_of(ent)
        self.flush()
        self._publish(kind, ent)
        for attached in schema.ATTACHED_KINDS:
            query = f'SELECT id FROM p_{attached} WHERE "on" = ? AND private = 1'
            for (child,) in self.conn.execute(query, (ent,)).fetchall():
                self._publish(attached, child)

    def _publish(self, kind: str, ent: str) -> None:
        if not self.is_private(kind, ent):
            return
        self._private[ent] = False
        query = (
            "SELECT h.field, o.value FROM head h JOIN op o ON o.dot = h.dot WHERE h.ent = ? AND o.value <> 'null' "
            "ORDER BY h.field, h.dot DESC"
        )
        published: set[str] = set()
        for field, value in self.conn.execute(query, (self._number(kind, ent),)).fetchall():
            if field not in published:
                published.add(field)
                self.write(kind, ent, field, value, parents=())

    def settle(self, ent: str, field: str, value: object) -> None:
        """Settle a divergence: one op that replaces every head. For `place` the value is a status id."""
        kind = known_kind(self.kind_of(ent))
        base, _, key = field.partition("/")
        declared = known_field(kind, base)
        heads = self.heads(kind.name, ent, field)
        if bool(key) != (declared.type == schema.MAP) or declared.type == schema.SET:
            raise StoreError("unknown-field", field=field, kind=kind.name, nearest="")
        if declared.type == schema.PLACE:
            self._check_status(kind, value)
            kept = [text for _, text in heads if place_value(text)[0] == value]
            if not kept:
                self._place(kind.name, ent, str(value))
                return
            text = kept[0]
        elif key:
            text = encode_value(checked_map_value(declared, key, value))
        else:
            [(_, stored)] = self._checked(kind, ent, {field: value})
            text = encode_value(stored)
        self.write(kind.name, ent, field, text, force=len(heads) > 1)

    def stands_for(self, dot: str, original: int) -> None:
        """Note that an undo's op brings back what `original` had written, so that earlier undos still find it."""
        self._restored.append((self.table.parse(dot), original))

    # Bookkeeping

    def _next_short(self) -> str:
        store = self.store
        number = int(store.meta("next_short", "1"))
        store.set_meta("next_short", str(number + 1))
        return f"{store.code or 'x'}-{number}"

    def _record(self) -> None:
        ranges = [
            (stream << SEQ_BITS | self._first[stream], stream << SEQ_BITS | (self._next[stream] - 1))
            for stream in self.streams
            if self._next[stream] > self._first[stream]
        ]
        if not ranges:
            return
        conn = self.conn
        if self._undoes is None:
            # A new edit ends what could be redone.
            conn.execute("UPDATE change SET state = 'dropped' WHERE state = 'undone'")
            conn.execute("UPDATE change SET state = 'spent' WHERE state = 'undo'")
        state = "undo" if self._undoes is not None else "final" if self.final else "done"
        row = (self.label, self.detail, self._wall, state, self._undoes)
        number = conn.execute(
            "INSERT INTO change (label, detail, at, state, undoes) VALUES (?,?,?,?,?)", row
        ).lastrowid
        conn.executemany("INSERT INTO change_range VALUES (?,?,?)", [(number, *span) for span in ranges])
        conn.executemany("INSERT OR REPLACE INTO restored VALUES (?,?)", self._restored)
