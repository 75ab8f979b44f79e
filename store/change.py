"""A change while it is being made: intents, checked before anything is written, become cell writes."""

from __future__ import annotations

from store import schema
from store.batch import in_chunks
from store.errors import StoreError
from store.layouts import place_value
from store.merge import SEQ_BITS, SEQ_MASK
from store.ops import encode_value, new_id
from store.placing import Placing
from store.validation import checked, checked_elements, checked_map_value, known_field, known_kind
from store.writing import Writing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class Change(Writing):
    """One user action while it is being made. Leave the block to commit; an exception leaves no trace.

    Afterwards `changes` says what was touched, `ids` what was created and `shorts` the short ids given.
    """

    def _begin(self) -> None:
        super()._begin()
        self.ids: list[str] = []
        self.shorts: dict[str, str] = {}
        self.placing = Placing(self.conn)
        self._existing: set[tuple[str, str]] = set()
        self._moved: dict[str, str] = {}  # the status that an item was in before it was given another place
        self._ruled: list[str] = []  # items whose rule of recurring was written

    def _finish(self) -> None:
        if self._ruled:
            from store.recurrence import anchor

            anchor(self, self._ruled)
        if self._moved:
            from store.recurrence import follow, is_used

            if is_used(self) and (done := self._now_done()):
                follow(self, done)

    def _now_done(self) -> list[str]:
        """Return the items that this change has taken to a done status from one that is not."""
        self.flush()
        done = {ent for (ent,) in self.conn.execute("SELECT id FROM p_status WHERE category = 'done'")}
        query = "SELECT e.id, i.status FROM entity e JOIN p_item i ON i.n = e.n WHERE e.kind = 'item' AND e.id IN ({})"
        now = dict(in_chunks(self.conn, query, list(self._moved)))
        return [ent for ent, status in now.items() if status in done and self._moved[ent] not in done]

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
        if kind == "dependency" and ent is None:
            from store.links import dependency_id

            ent = dependency_id(str(fields.get("predecessor")), str(fields.get("successor")))
        # An id that is in use already: what it holds is replaced, not contradicted.
        fresh = ent is None or not self.number(kind, ent)
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
        self.kinds[ent] = kind
        if fresh:
            self.fresh[ent] = kind
            self.private[ent] = private
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
        if declared.name == "dependency" and not fields.keys().isdisjoint(("predecessor", "successor")):
            raise StoreError("link-ends")  # its id is derived from them
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
            if field.name == "recurrence" and value:
                self._ruled.append(ent)
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
        return [value for (value,) in self.conn.execute(query, (self.number(kind, ent), name))]

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
        if before or after or ent not in self.fresh:
            self.flush()
        if ent not in self.fresh and ent not in self._moved:
            row = self.conn.execute(
                "SELECT status FROM p_item WHERE n = ?", (self.number("item", ent),)
            ).fetchone()
            self._moved[ent] = str(row[0] or "") if row else ""
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
        from store.visibility import other_heads

        kind = self.kind_of(ent)
        self.flush()
        seen: dict[str, int] = {}
        for dot in other_heads(self.conn, self.number(kind, ent)):
            stream = ".".join(self.table.names[dot >> SEQ_BITS])
            seen[stream] = max(seen.get(stream, 0), dot & SEQ_MASK)
        self.write(kind, ent, schema.TRASH, encode_value(seen))

    def restore(self, ent: str) -> None:
        """Take an entity out of the trash."""
        self.write(self.kind_of(ent), ent, schema.TRASH, "null")

    def share(self, ent: str) -> None:
        """Send a private draft's current state, with its comments, checklist and links, to everybody."""
        kind = self.kind_of(ent)
        self.flush()
        self._publish(kind, ent)
        self._publish_named(kind, ent)
        for attached in schema.ATTACHED_KINDS:
            query = f'SELECT id FROM p_{attached} WHERE "on" = ? AND private = 1'
            for (child,) in self.conn.execute(query, (ent,)).fetchall():
                self._publish(attached, child)
        if kind == "item":
            self._publish_links(ent)

    def _publish_named(self, kind: str, ent: str) -> None:
        """Send the goals and customers that were made for the draft: without them others would see an id."""
        number = self.number(kind, ent)
        for field in schema.KINDS[kind].fields.values():
            if field.to not in ("goal", "customer"):
                continue
            query = (
                "SELECT value FROM element WHERE ent = ? AND field = ?"
                if field.type == schema.SET
                else f"SELECT {field.name} FROM p_{kind} WHERE n = ? AND ? <> ''"
            )
            for (named,) in self.conn.execute(query, (number, field.name)).fetchall():
                if named and self.number(field.to, named):
                    self._publish(field.to, named)

    def _publish_links(self, item: str) -> None:
        """Send what links an item to others that everybody has; the rest goes with the other end."""
        for own, other in (("predecessor", "successor"), ("successor", "predecessor")):
            query = f"SELECT id, {other} FROM p_dependency WHERE {own} = ? AND private = 1"
            for ent, end in self.conn.execute(query, (item,)).fetchall():
                if not self.is_private("item", end):
                    self._publish("dependency", ent)

    def _publish(self, kind: str, ent: str) -> None:
        if not self.is_private(kind, ent):
            return
        self.private[ent] = False
        query = (
            "SELECT h.field, o.value FROM head h JOIN op o ON o.dot = h.dot WHERE h.ent = ? AND o.value <> 'null' "
            "ORDER BY h.field, h.dot DESC"
        )
        fields = schema.KINDS[kind].fields
        hidden = False
        published: set[str] = set()
        for name, value in self.conn.execute(query, (self.number(kind, ent),)).fetchall():
            field = fields.get(name.partition("/")[0])
            removed = value == "false" and field is not None and field.type == schema.SET
            if name == schema.TRASH:
                hidden = True
            elif name not in published and not removed:
                published.add(name)
                self.write(kind, ent, name, value, parents=())
        if hidden:
            self.trash(ent)  # anew: its deleter had seen the draft, not what is shared in its place

    def settle(self, ent: str, field: str, value: object, *, seen: Iterable[str] | None = None) -> None:
        """Settle a divergence: one op that replaces every head. For `place` the value is a status id.

        `seen` are the dots of the versions that were looked at; one that came since goes on diverging.
        """
        kind = known_kind(self.kind_of(ent))
        base, _, key = field.partition("/")
        declared = known_field(kind, base)
        heads = self.heads(kind.name, ent, field)
        if seen is not None:
            self.seen[ent, field] = tuple(seen)
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

    # Checks

    def _check_reference(self, field: schema.Field, value: object) -> None:
        """Raise not-found or bad-value unless `value`, where the field refers to something, is of the right kind."""
        if value is None or not field.to:
            return
        ent, kind = str(value), field.to
        if kind == "*":
            self.kind_of(ent)
        elif self.kinds.get(ent) != kind and (kind, ent) not in self._existing:
            if not self.number(kind, ent):
                self.kind_of(ent)
                raise StoreError("bad-value", field=field.name, value=ent, expected=kind)
            self._existing.add((kind, ent))

    def _check_status(self, kind: schema.Kind, status: object) -> None:
        field = kind.fields["place"]
        if not isinstance(status, str):
            raise StoreError("bad-value", field="status", value=str(status)[:200], expected=field.to)
        self._check_reference(field, status)

    def _next_short(self) -> str:
        store = self.store
        number = int(store.meta("next_short", "1"))
        # After a copy was made, or an old state brought back, others of this device may have been given out already.
        while self.conn.execute(
            "SELECT 1 FROM handle WHERE raw = ?", (short := f"{store.code or 'x'}-{number}",)
        ).fetchone():
            number += 1
        store.set_meta("next_short", str(number + 1))
        return short
