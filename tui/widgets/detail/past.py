"""The history of an item or a conflict as entries: who changed what, when, from what, superseded values included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store import schema
from tui.celltext import clean, wrap
from tui.i18n import _
from tui.theme import glyph
from tui.widgets.days import moment_words
from tui.widgets.detail.entries import MUTED, Entry, Key, Page, head_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store import history

VALUE_MOST = 3  # lines of one value; the whole of it is in the details, or in `sameboat log`


def history_entries(changes: Iterable[history.Entry], page: Page) -> list[Entry]:
    """Return one entry for each change, newest first."""
    entries = [entry for change in changes if (entry := _change(change, page))]
    return entries[::-1] or [Entry(Key("plain"), (Content.styled(_("nothing yet"), MUTED),), stop=False)]


def _change(change: history.Entry, page: Page) -> Entry | None:
    lines = [line for write in change.writes for line in _write(write, page)]
    if not lines:
        return None
    who = clean(change.name or change.by or change.device)
    if change.owner:  # what the op says of its author is not what its device proves
        who = _("{name}, on {owner}'s device").format(name=who, owner=clean(change.owner))
    head = Content.assemble((who, "bold"), (f" {moment_words(change.at, page.now)}", MUTED))
    return Entry(Key("change", change.change), (head, *lines))


def _write(write: history.Write, page: Page) -> Iterator[Content]:
    label, old, new = _said(write, page)
    if not label:
        return
    text = label
    if new:
        text = f"{label}: {old} → {new}" if old else f"{label}: {new}"
    diverging = write.standing == "diverging"
    style = "$text-warning" if diverging else "" if write.standing == "shown" else MUTED
    mark = glyph("divergence") if diverging else " "
    for index, line in enumerate(wrap(clean(text), page.width - 2, VALUE_MOST)):
        yield Content.styled(f"{mark if index == 0 else ' '} {line}", style)


def _said(write: history.Write, page: Page) -> tuple[str, str, str]:
    """Return the label, the old and the new value of a write; no label for what nobody needs to be told."""
    if write.field == schema.TRASH:
        return (_("moved to the trash") if write.new is not None else _("restored"), "", "")
    if write.kind in schema.ATTACHED_KINDS:
        return _attached(write)
    base, _slash, key = write.field.partition("/")
    field = schema.KINDS[write.kind].fields.get(base) if write.kind in schema.KINDS else None
    if field is None:
        return write.field, "", str(write.new)
    if base == "short":
        return "", "", ""
    label = _(field.label)
    if field.type == schema.SET:
        return label, "", f"{'+' if write.new else '−'} {page.words.value(field, key)}"
    if field.type == schema.MAP:
        label = f"{label} · {page.words.department(key) if base != 'custom' else key}"
    old = ", ".join(
        head_words(page.words, field, value, page.today) for value in write.old if value is not None
    )
    new = head_words(page.words, field, write.new, page.today)
    if field.type == schema.PLACE and old == new:
        return _("moved within {status}").format(status=new), "", ""
    return label, old, new


def _attached(write: history.Write) -> tuple[str, str, str]:
    if write.kind == "comment" and write.field == "text":
        return _("Comment"), "", str(write.new)
    if write.kind == "check" and write.field == "title":
        return _("Checklist"), "", str(write.new)
    if write.kind == "check" and write.field == "done":
        return _("Checklist"), "", _("done") if write.new else _("not done")
    return "", "", ""
