"""Writing cells: each write is an op that names the heads it replaces, and all of a block are one transaction."""

from __future__ import annotations

from store import schema
from store.changes import ChangeSet
from store.clock import MAX_WALL, next_lamport
from store.errors import StoreError
from store.merge import SEQ_BITS
from store.oplog import StreamTable, append
from store.ops import MAX_PARENTS, Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from store.database import Store

FLUSH_OPS = 20_000  # ops buffered before they are written: bounds an import's memory


class Writing:
    """A transaction whose cell writes become ops with one change number, and one entry for undo.

    Leave the block to commit; an exception leaves no trace. Afterwards `changes` says what was touched.
    """

    def __init__(
        self,
        store: Store,
        label: str,
        detail: str = "",
        *,
        undoes: int | None = None,
        final: bool = False,
        aside: bool = False,
    ) -> None:
        self.store = store
        self.label = label
        self.detail = detail
        self.changes = ChangeSet()
        self.skipped = 0  # cells that an undo left alone because somebody changed them since
        # By (entity, field), the heads somebody had before them who writes there: what came meanwhile is not replaced.
        self.seen: dict[tuple[str, str], tuple[str, ...]] = {}
        self.final = final  # undo passes it over: what has been sent cannot be taken back
        self._undoes = undoes
        self._aside = aside  # nobody did it by hand: what could be redone before can be redone after it

    def __enter__(self) -> Self:
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
        self._drafts = tuple(".".join(self.table.names[n]) + "." for n in self.table.private)
        self._next = {n: self.table.seqs[n] + 1 for n in self.streams}
        self._first = dict(self._next)
        self._ops: list[Op] = []
        # Cells written in this change and not yet flushed: their dot and value.
        self._written: dict[tuple[str, str], tuple[str, str]] = {}
        self.fresh: dict[str, str] = {}
        self.private: dict[str, bool] = {}
        self.kinds: dict[str, str] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._finish()
                self.flush()
                self._record()
            except BaseException as failure:
                self._transaction.__exit__(type(failure), failure, None)
                raise
        self._transaction.__exit__(kind, error, trace)

    def _finish(self) -> None:
        """Write what follows from the rest of the change."""

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
            replaced = list(self.seen.pop((ent, field), [dot for dot, _ in heads]))
        else:
            replaced = list(parents)
        private = self.is_private(kind, ent)
        stream = self.streams[private]
        if not private:
            # A draft's ops mean nothing to others, who never receive them, and yield to any shared op anyway.
            replaced = [dot for dot in replaced if not dot.startswith(self._drafts)]
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
        if ent in self.fresh and not self.changes.entities.get(kind):
            return []
        query = (
            "SELECT h.dot, o.value FROM entity e JOIN head h ON h.ent = e.n JOIN op o ON o.dot = h.dot "
            "WHERE e.id = ? AND e.kind = ? AND h.field = ?"
        )
        return [(self.table.text(dot), value) for dot, value in self.conn.execute(query, (ent, kind, field))]

    def is_private(self, kind: str, ent: str) -> bool:
        """Return whether the entity is a private draft, whose ops are not sent to anyone."""
        known = self.private.get(ent)
        if known is None:
            number = self.number(kind, ent)
            if kind in schema.KINDS:
                row = self.conn.execute(f"SELECT private FROM p_{kind} WHERE n = ?", (number,)).fetchone()
                known = bool(row and row[0])
            else:  # a newer program's kind
                dots = self.conn.execute("SELECT dot FROM head WHERE ent = ?", (number,)).fetchall()
                known = bool(dots) and all(dot >> SEQ_BITS in self.table.private for (dot,) in dots)
            self.private[ent] = known
        return known

    def kind_of(self, ent: str) -> str:
        """Return the kind of an entity, the first heard of where a peer used its id again; raises not-found."""
        kind = self.kinds.get(ent)
        if kind is None:
            rows = self.conn.execute("SELECT kind FROM entity WHERE id = ? ORDER BY n", (ent,))
            kind = next((str(found) for (found,) in rows if found in schema.KINDS), None)
            if kind is None:
                raise StoreError("not-found", what=ent)
            self.kinds[ent] = kind
        return kind

    def require(self, ent: str, kind: str) -> None:
        """Refuse what is of another kind. Raises not-found, wrong-kind."""
        found = self.kind_of(ent)
        if found != kind:
            from store.lookup import short_of

            raise StoreError("wrong-kind", what=short_of(self.store, ent), kind=found, wanted=[kind])

    def number(self, kind: str, ent: str) -> int:
        row = self.conn.execute("SELECT n FROM entity WHERE id = ? AND kind = ?", (ent, kind)).fetchone()
        return int(row[0]) if row else 0

    def stands_for(self, dot: str, original: int) -> None:
        """Note that an undo's op brings back what `original` had written, so that earlier undos still find it.

        0 stands for a cell that nobody had written.
        """
        self.conn.execute("INSERT OR REPLACE INTO restored VALUES (?,?)", (self.table.parse(dot), original))

    def _record(self) -> None:
        ranges = [
            (stream << SEQ_BITS | self._first[stream], stream << SEQ_BITS | (self._next[stream] - 1))
            for stream in self.streams
            if self._next[stream] > self._first[stream]
        ]
        if not ranges:
            return
        conn = self.conn
        if self._undoes is None and not self._aside:
            # A new edit ends what could be redone.
            conn.execute("UPDATE change SET state = 'dropped' WHERE state = 'undone'")
            conn.execute("UPDATE change SET state = 'spent' WHERE state = 'undo'")
        state = "undo" if self._undoes is not None else "final" if self.final else "done"
        row = (self.label, self.detail, self._wall, state, self._undoes)
        number = conn.execute(
            "INSERT INTO change (label, detail, at, state, undoes) VALUES (?,?,?,?,?)", row
        ).lastrowid
        conn.executemany("INSERT INTO change_range VALUES (?,?,?)", [(number, *span) for span in ranges])
        self.store.written.update((n, (self._first[n] - 1, self._next[n] - 1)) for n in self.streams)
        public = self.streams[0]
        if self._next[public] > self._first[public]:
            self.store.reached = (self.store.incarnation, self._next[public] - 1)
