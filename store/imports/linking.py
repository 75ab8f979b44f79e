"""What an import says of time beyond its items: what waits for what, days of one's own, who is away.

Links are written last, when both their ends are there. The file's own circles are gone already; where items of it were
here before, a link may close one with the workspace's own links, so each is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from store.imports import existing
from store.imports.circles import Graph
from store.imports.drafts import Wait
from store.imports.identity import parse_origin, wait_mark
from store.imports.source import Problem
from store.links import FINISH_TYPES, link_within

if TYPE_CHECKING:
    from store.commands import Change
    from store.imports.links import LinkWork
    from store.imports.plan import Preview, Work
    from store.imports.report import ImportReport


class PlanLoader:
    """Gathers what is new about the links of items, and writes it with the days and absences of the file."""

    def __init__(self, change: Change, preview: Preview, report: ImportReport) -> None:
        self.change = change
        self.conn = change.conn
        self.preview = preview
        self.report = report
        self.links: list[tuple[Work, LinkWork]] = []
        self.back: list[str] = []
        self.gone: list[str] = []
        self.is_known = any(entry.known is not None for entry in preview.work)

    def add(self, entry: Work) -> None:
        """Take in an item that is new, or that the file has news about."""
        if entry.known is None:
            self.links += [(entry, link) for link in entry.links]
            return
        for link in entry.links:
            if wait_mark(link.wait) not in entry.known:
                self.links.append((entry, link))
            elif entry.present.get(link.id) and entry.undone:
                self.back.append(link.id)
        self._find_gone(entry, entry.known)

    def _find_gone(self, entry: Work, base: frozenset[str]) -> None:
        """Note the links that the last import brought, are still as it brought them, and are no longer in the file."""
        if entry.undone:
            return
        still = {link.id for link in entry.links}
        for ident, source, kind, lag in existing.imported_links(self.conn, entry.id):
            origin = parse_origin(source)
            if ident not in still and origin and wait_mark(Wait(origin.key, kind, lag)) in base:
                self.gone.append(ident)

    def write(self) -> None:
        """Write all of it; what would close a circle here is reported and left out."""
        change = self.change
        for ident in self.gone:
            change.trash(ident)
        for ident in self.back:
            if existing.undone(self.conn, "dependency", ident):
                change.restore(ident)
                self.report.links += 1
        certain = self._certain()
        for entry, link in self.links:
            self._link(entry, link, is_certain=link.id in certain)
        self.report.links += len(self.gone)
        self._write_days()
        self._write_absences()

    def _certain(self) -> set[str]:
        """Return the ids of the links that nothing here speaks against: one look at the whole plan for all of them."""
        if not self.is_known:
            return {link.id for _, link in self.links}
        self.change.flush()
        alive, links, wholes = existing.plan_graph(self.conn)
        numbers: dict[str, int] = {}

        def number(ent: str) -> int:
            return numbers.setdefault(ent, len(numbers))

        added = [(link.predecessor, entry.id) for entry, link in self.links]
        edges = [(number(first), number(second)) for first, second in (*links, *added)]
        if Graph(edges, {number(part): number(whole) for part, whole in wholes.items()}).circle(set()):
            return set()
        with_parts = set(wholes.values())
        return {
            link.id
            for entry, link in self.links
            if {link.predecessor, entry.id} <= alive
            and not (link.wait.type in FINISH_TYPES and entry.id in with_parts)
        }

    def _link(self, entry: Work, link: LinkWork, *, is_certain: bool) -> None:
        kind, lag = link.wait.type, link.wait.lag
        if is_certain:
            fields = {"predecessor": link.predecessor, "successor": entry.id, "type": kind, "lag": lag}
            self.change.create("dependency", fields, ent=link.id)
            if entry.present.get(link.id):
                self.change.restore(link.id)
            self.report.links += 1
            return
        try:
            link_within(self.change, link.predecessor, entry.id, kind, lag)
            self.report.links += 1
        except StoreError as error:
            if not error.code.startswith("link-"):
                raise
            code = "trashed-predecessor" if error.code == "link-in-trash" else error.code
            self.report.problems.append(Problem(entry.draft.row, code, link.wait.column, link.wait.key))

    def _write_days(self) -> None:
        for ident, day, hidden in self.preview.days:
            fields: dict[str, object] = {"date": day.date, "working": day.working}
            if day.title:
                fields["title"] = day.title[:200]
            self.report.days += self._make("day", ident, fields, hidden)

    def _write_absences(self) -> None:
        for ident, away, member, hidden in self.preview.absences:
            fields: dict[str, object] = {"member": member, "first": away.first, "last": away.last}
            if away.title:
                fields["title"] = away.title[:200]
            self.report.absences += self._make("absence", ident, fields, hidden)

    def _make(self, kind: str, ident: str, fields: dict[str, object], hidden: bool | None) -> bool:
        """Create an entity of a derived id, or bring it back where an import of it was undone; what is there stays."""
        if hidden is None:
            self.change.create(kind, fields, ent=ident)
            return True
        if hidden and existing.undone(self.conn, kind, ident):
            self.change.restore(ident)
            return True
        return False
