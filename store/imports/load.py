"""A plan becomes items: one transaction, one undo, and a second import that updates instead of doubling.

What a re-import writes is decided by the marks that `identity` explains: only values that changed in the file since
the last import, so an edit made in Sameboat is not overwritten by an old export. Comments and checklist entries have
derived ids and are added when they are not there yet; an import never removes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from store import commands, schema
from store.batch import CHUNK
from store.errors import StoreError
from store.imports import existing
from store.imports.drafts import SCALARS
from store.imports.identity import mark
from store.imports.linking import PlanLoader
from store.imports.naming import make_names
from store.imports.progress import STEP, counted
from store.imports.report import ImportReport
from store.imports.source import Problem
from store.imports.values import fold
from store.ops import encode_value
from store.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.commands import Change
    from store.database import Store
    from store.imports.drafts import Draft
    from store.imports.plan import Preview, Work
    from store.imports.progress import Progress

Archived = Literal["trash", "done", "skip"]
_NAMED = {"owner": "member", "department": "department", "requested_by": "department"}


def load(
    store: Store,
    preview: Preview,
    *,
    archived: Archived = "trash",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Carry out a preview and return what was done; one `undo` takes all of it back.

    `archived` says where archived cards go: the trash, the status for done work, or nowhere. `progress` is called
    with (done, total) now and then; when `cancelled` returns True nothing is written. Raises StoreError:
    cancelled, import-outdated when the workspace has gained some of these items since the preview, no-statuses.
    """
    report = ImportReport(problems=list(preview.problems), lost=len(preview.lost))
    with uncollected(), commands.change(store, "import", preview.name) as change:
        _Loader(store, change, preview, archived, report).run(progress, cancelled)
    report.changes = change.changes
    report.problems.sort(key=lambda problem: problem.row)
    return report


class _Loader:
    def __init__(
        self, store: Store, change: Change, preview: Preview, archived: Archived, report: ImportReport
    ) -> None:
        self.change = change
        self.conn = change.conn
        self.preview = preview
        self.archived = archived
        self.report = report
        self.ids = {
            "status": {match.name: match.id for match in preview.statuses},
            "member": {match.name: match.id for match in preview.people},
            "department": {match.name: match.id for match in preview.departments},
        }
        self.done = ""
        # Items for the trash, with the dot of the last op on them where this change made them.
        self.discard: dict[str, str] = {}
        self.parents: list[tuple[str, str]] = []
        self.plan = PlanLoader(change, preview, report)
        # Items that were here before, in order, and the present values of some of them.
        self.again: list[str] = []
        self.present: dict[str, dict[str, object]] = {}

    def run(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        work = [entry for entry in self.preview.work if not self._is_left_out(entry)]
        total = len(work)
        self.again = [entry.id for entry in work if entry.known is not None and entry.state != "unchanged"]
        fresh = [entry.id for entry in work if entry.known is None]
        if existing.trashed(self.conn, "item", fresh):
            raise StoreError("import-outdated")  # loaded already, or synced in since the preview was made
        self.done = make_names(
            self.change, self.preview, work, self.report, keep_done=self.archived == "done"
        )
        for number, entry in enumerate(counted(work, progress, total)):
            if cancelled is not None and number % STEP == 0 and cancelled():
                raise StoreError("cancelled")
            if entry.known is None:
                self._create(entry)
            else:
                self._update(entry)
        for item, parent in self.parents:
            dot = self.change.write("item", item, "parent", encode_value(parent))
            if dot and self.discard.get(item):
                self.discard[item] = dot
        self.plan.write()
        self._throw_away()
        if progress is not None:
            progress(total, total)

    def _is_left_out(self, entry: Work) -> bool:
        left = entry.draft.archived and self.archived == "skip" and (entry.known is None or entry.undone)
        self.report.skipped += left
        return left

    # Items

    def _create(self, entry: Work) -> None:
        draft = entry.draft
        fields: dict[str, object] = {"title": draft.title}
        for name in SCALARS:
            value = getattr(draft, name)
            if value not in ("", None):
                fields[name] = value
        for name, kind in _NAMED.items():
            if getattr(draft, name):
                fields[name] = self.ids[kind][getattr(draft, name)]
        if draft.participants:
            fields["participants"] = self._members(draft)
        if draft.labels:
            fields["labels"] = draft.labels
        if draft.custom:
            fields["custom"] = draft.custom
        status = self.ids["status"].get(draft.status, "")
        if draft.archived and self.archived == "done":
            status = self.done
        if status:
            fields["status"] = status
        self.change.create("item", fields, ent=entry.id, bottom=True)
        self._attach(entry)
        # Written last, so that its dot is all that the trash must have seen of an archived item.
        dot = self.change.write("item", entry.id, "source", encode_value(entry.source))
        if entry.parent:
            self.parents.append((entry.id, entry.parent))
        self.plan.add(entry)
        if draft.archived and self.archived == "trash":
            self.discard[entry.id] = dot
        self.report.created += 1

    def _members(self, draft: Draft) -> list[str]:
        return list(dict.fromkeys(self.ids["member"][name] for name in draft.participants))

    def _attach(self, entry: Work) -> None:
        """Add the comments and checklist entries that are not there yet."""
        for ident, remark in entry.comments:
            if ident in entry.present:
                continue
            fields: dict[str, object] = {
                "on": entry.id,
                "text": remark.text,
                # Without a name the comment would be shown as said by whoever imports it.
                "author": remark.author or self.preview.name,
            }
            if remark.at:
                fields["created"] = remark.at
            self.change.create("comment", fields, ent=ident)
            self.report.comments += 1
        for ident, check in entry.checks:
            if ident in entry.present:
                continue
            fields = {"on": entry.id, "title": check.text, "rank": self.change.placing.last_rank("check")}
            if check.done:
                fields["done"] = True
            if check.list:
                fields["list"] = check.list
            self.change.create("check", fields, ent=ident)
            self.report.checks += 1

    # Re-import

    def _update(self, entry: Work) -> None:
        draft = entry.draft
        returns = entry.in_trash and (entry.undone or (entry.was_archived and not draft.archived))
        if entry.in_trash and not returns and not entry.was_archived:
            self.report.skipped += 1
            if entry.state == "changed":
                self.report.problems.append(Problem(draft.row, "in-trash", value=draft.title[:80]))
            return
        if returns:
            self._bring_back(entry)
        elif entry.state == "unchanged":
            self.report.unchanged += 1
            return
        self._write_news(entry)
        self._attach(entry)
        self.plan.add(entry)
        if entry.undone:
            self.report.created += 1
        else:
            self.report.updated += 1

    def _bring_back(self, entry: Work) -> None:
        if not (entry.draft.archived and self.archived == "trash"):
            self.change.restore(entry.id)
        for kind, things in (("comment", entry.comments), ("check", entry.checks)):
            for ident, _ in things:
                if entry.present.get(ident) and existing.undone(self.conn, kind, ident):
                    self.change.restore(ident)
                    if kind == "comment":
                        self.report.comments += 1
                    else:
                        self.report.checks += 1

    def _write_news(self, entry: Work) -> None:
        """Write what changed in the file since the last import, and nothing else."""
        draft, base = entry.draft, entry.known or frozenset()
        current = self._present(entry)
        fields: dict[str, object] = {}
        for name in ("title", *SCALARS):
            value = getattr(draft, name)
            if value in ("", None):
                if name != "title" and name in current and mark(name, current[name]) in base:
                    fields[name] = None
            elif mark(name, value) not in base:
                fields[name] = value
        for name, kind in _NAMED.items():
            self._name_news(draft, name, kind, base, current, fields)
        if entry.parent and mark("parent", draft.parent) not in base:
            self.parents.append((entry.id, entry.parent))
        custom: dict[str, object] = {
            key: value for key, value in draft.custom.items() if mark("custom", key, value) not in base
        }
        for key, value in _dict(current.get("custom")).items():
            if key not in draft.custom and mark("custom", key, value) in base:
                custom[key] = None
        if custom:
            fields["custom"] = custom
        status = self._status_news(entry, base)
        if status:
            fields["status"] = status
        fields["source"] = entry.source
        self.change.set(entry.id, fields)
        self._set_news(entry, base, current)
        self._check_news(entry, base)

    def _present(self, entry: Work) -> dict[str, object]:
        """Return what an item holds now; the items after it are read with it, hundreds in one query."""
        if entry.id not in self.present:
            ahead = self.again[self.again.index(entry.id) :][:CHUNK]
            self.present = existing.item_fields(self.conn, ahead)
        return self.present.get(entry.id, {})

    def _name_news(
        self,
        draft: Draft,
        name: str,
        kind: str,
        base: frozenset[str],
        current: dict[str, object],
        fields: dict[str, object],
    ) -> None:
        said = getattr(draft, name)
        if said:
            if mark(name, fold(said)) not in base:
                fields[name] = self.ids[kind][said]
        elif name in current and any(
            mark(name, called) in base for called in self._called(kind, str(current[name]))
        ):
            fields[name] = None

    def _called(self, kind: str, ident: str) -> list[str]:
        """Return what an import may have called a member or department that an item holds now."""
        row = self.conn.execute(f"SELECT n, title FROM p_{kind} WHERE id = ?", (ident,)).fetchone()
        if row is None:
            return []
        query = "SELECT value FROM element WHERE ent = ? AND field = 'aliases'"
        aliases = [value for (value,) in self.conn.execute(query, (row[0],))]
        names = [name for name, known in self.ids[kind].items() if known == ident]
        return [fold(name) for name in (row[1] or "", *aliases, *names)]

    def _status_news(self, entry: Work, base: frozenset[str]) -> str:
        draft = entry.draft
        if draft.archived and not entry.was_archived:
            if self.archived == "trash":
                self.discard[entry.id] = ""
            if self.archived == "done":
                return self.done
        elif draft.archived and entry.in_trash and not entry.undone:
            self.discard[entry.id] = ""  # news about a card in the trash does not bring it back
        elif entry.undone and draft.archived and self.archived == "trash":
            self.discard[entry.id] = ""
        elif entry.was_archived and not draft.archived:
            return self.ids["status"].get(draft.status, "")
        if draft.status and mark("status", fold(draft.status)) not in base:
            return self.ids["status"][draft.status]
        return ""

    def _set_news(self, entry: Work, base: frozenset[str], current: dict[str, object]) -> None:
        draft = entry.draft
        labels = [label for label in draft.labels if mark("labels", label) not in base]
        gone = [
            label
            for label in _list(current.get("labels"))
            if label not in draft.labels and mark("labels", label) in base
        ]
        if labels:
            self.change.add_to(entry.id, "labels", labels)
        if gone:
            self.change.remove_from(entry.id, "labels", gone)
        wanted = self._members(draft)
        people = [
            self.ids["member"][name]
            for name in draft.participants
            if mark("participants", fold(name)) not in base
        ]
        left = [
            ident
            for ident in _list(current.get("participants"))
            if ident not in wanted
            and any(mark("participants", called) in base for called in self._called("member", ident))
        ]
        if people:
            self.change.add_to(entry.id, "participants", people)
        if left:
            self.change.remove_from(entry.id, "participants", left)

    def _check_news(self, entry: Work, base: frozenset[str]) -> None:
        for ident, check in entry.checks:
            if entry.present.get(ident) is False and mark("check", ident, check.done, check.text) not in base:
                self.change.set(ident, {"title": check.text, "done": check.done})

    def _throw_away(self) -> None:
        """Put archived items in the trash, last of all, so that the deletion has seen everything about them."""
        for ident, dot in self.discard.items():
            if dot:
                # Made by this change: its last op is all there is to see, without a look at every head.
                stream, _, seq = dot.rpartition(".")
                self.change.write("item", ident, schema.TRASH, encode_value({stream: int(seq)}))
            else:
                self.change.trash(ident)


def _list(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else []


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
