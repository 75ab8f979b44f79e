"""What the detail pane says about an item or a conflict, as entries a cursor can stop at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store import schema
from tui.celltext import cell_width, clean, pad, wrap
from tui.i18n import _, ngettext
from tui.theme import glyph
from tui.widgets.days import moment_words
from tui.widgets.detail.form import ACTIONS, FORMS, action_entries, form_entries
from tui.widgets.detail.parts import (
    LABEL_MOST,
    ORIGIN,
    draft_mark,
    field_entry,
    heading,
    held_value,
    is_empty,
    muted,
    styled,
    wrapped,
)
from tui.widgets.detail.parts import MUTED as MUTED
from tui.widgets.detail.parts import Entry as Entry
from tui.widgets.detail.parts import Key as Key
from tui.widgets.detail.parts import Page as Page
from tui.widgets.detail.parts import Words as Words
from tui.widgets.detail.parts import head_words as head_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.queries import Detail

# Shown even when empty: what a plan needs to know of everything on a board.
_CORE = {
    "item": ("place", "owner", "department", "priority", "due", "kind", "labels"),
    "conflict": ("labels",),
    "feedback": ("state", "origin", "department", "customer", "importance", "items"),
    "goal": (
        "state",
        "metric",
        "baseline",
        "current",
        "target",
        "period",
        "due",
        "owner",
        "department",
        "parent",
    ),
    "department": ("code", "aliases", "contact", "colour"),
    "member": ("department", "capacity", "code", "aliases"),
    "key_date": ("date", "department"),
    "absence": ("member", "first", "last"),
    "need": ("state", "sort", "kind", "department", "severity", "items"),
    "request": (
        "state", "from_department", "to_department", "skill", "hours", "first", "last", "member", "item", "reason",
    ),
}  # fmt: skip
# Told elsewhere in the pane, or nothing a person edits.
_APART = frozenset({"title", "short", "custom"})
_APART_IN = {
    "goal": frozenset({"answer", "objection", "rank"}),
    "workspace": frozenset({"approval", "country", "cadence", "labels", "source", "created"}),
}
# Of these kinds the place in an order is moved by keys.
_ORDERED = frozenset({"department"})


def detail_entries(detail: Detail, page: Page) -> list[Entry]:
    """Return the pane's entries for one thing, from its title to its comments."""
    return list(_entries(detail, page))


def _entries(detail: Detail, page: Page) -> Iterator[Entry]:
    kind = schema.KINDS[detail.card.kind]
    yield _title(detail, page)
    yield _facts(detail, page)
    yield from _notices(detail, page, kind)
    form = FORMS.get(kind.name, ())
    told = frozenset(name for part in form for name in ((part,) if isinstance(part, str) else part))
    shown, hidden = _shown(detail, page, kind, told)
    labelled = [*shown, *(kind.fields[name] for name in told if name in kind.fields)]
    labels = min(max((cell_width(_(field.label)) for field in labelled), default=0) + 2, LABEL_MOST)
    yield from form_entries(detail, page, kind, form, labels)
    for field in shown:
        yield field_entry(detail, page, field, labels)
    yield from _more(page, hidden)
    yield from page.besides
    apart = told | _APART_IN.get(kind.name, frozenset())
    yield from _maps(detail, page, [field for field in kind.fields.values() if field.name not in apart])
    yield from _long_texts(detail, page, _texts(kind, told), always=not form)
    if ACTIONS not in told and detail.derived:
        yield from action_entries(detail, page)
    yield from _checks(detail, page)
    yield from _comments(detail, page)


def _title(detail: Detail, page: Page) -> Entry:
    lines = wrap(clean(detail.card.title), page.width)
    mark = draft_mark(page, Key("field", "title"))
    return Entry(
        Key("field", "title"),
        tuple(
            Content.assemble((line, "bold"), mark if index == 0 else "") for index, line in enumerate(lines)
        ),
    )


def _facts(detail: Detail, page: Page) -> Entry:
    card = detail.card
    kind = schema.KINDS[card.kind]
    parts = [card.short or card.id[:8]] if kind.short else []  # what has none is spoken of by its text
    parts.append(_(kind.label))
    if card.private:
        parts.append(_("private draft"))
    if card.trashed:
        parts.append(_("lies in the trash"))
    parts += page.facts
    if detail.updated_at:
        who = page.words.member(detail.updated_by) if detail.updated_by else ""
        parts.append(f"{clean(who)} {moment_words(detail.updated_at, page.now)}".strip())
    return Entry(Key("plain"), muted(" · ".join(parts), page.width), stop=False)


def _notices(detail: Detail, page: Page, kind: schema.Kind) -> Iterator[Entry]:
    if detail.card.banner:
        text = f"{glyph('banner')} " + _(
            "Deleted by one, edited by another who had not seen it. Restore it, or delete it again."
        )
        yield Entry(Key("banner"), styled(text, "bold $text-warning", page.width))
    for mark in page.marks:
        yield Entry(Key("plain"), styled(f"! {clean(mark)}", "$text-warning", page.width), stop=False)
    for divergence in detail.divergences:
        field = kind.fields.get(divergence.field.partition("/")[0])
        label = _(field.label) if field else divergence.field
        if field and field.type == schema.MAP and field.name != "custom":
            label += f" · {clean(page.words.department(divergence.field.partition('/')[2]))}"
        count = len(divergence.heads)
        text = ngettext("{field}: {count} version", "{field}: {count} versions of one moment", count)
        lines = list(
            styled(
                f"{glyph('divergence')} " + text.format(field=label, count=count),
                "bold $text-warning",
                page.width,
            )
        )
        for index, head in enumerate(divergence.heads):
            shown = head_words(page.words, field, head.value, page.today)
            who = f"{page.words.member(head.by)} {moment_words(head.at, page.now)}"
            mark = "●" if index == 0 else "○"
            lines += [
                Content.assemble((f"  {mark} " if row == 0 else "    ", MUTED), line)
                for row, line in enumerate(wrap(f"{clean(shown)} — {clean(who)}", page.width - 4, 3))
            ]
        yield Entry(Key("divergence", divergence.field), tuple(lines))


def _shown(
    detail: Detail, page: Page, kind: schema.Kind, told: frozenset[str]
) -> tuple[list[schema.Field], int]:
    """Return the fields of one line that are shown outside a form, and how many are not."""
    core = _CORE.get(kind.name, ())
    order = [*core, *(name for name in kind.fields if name not in core)]
    apart = _APART | told | _APART_IN.get(kind.name, frozenset())
    shown = []
    hidden = 0
    for name in order:
        field = kind.fields[name]
        if name in apart or field.type in (schema.LONGTEXT, schema.MAP):
            continue
        value = held_value(detail, name)
        if (name in ORIGIN and is_empty(value)) or (name == "rank" and kind.name in _ORDERED):
            continue
        if name in core or not is_empty(value) or page.expanded or Key("field", name) in page.drafts:
            shown.append(field)
        else:
            hidden += 1
    texts = _texts(kind, told)
    hidden += sum(1 for field in texts if not page.expanded and is_empty(detail.fields.get(field.name)))
    return shown, hidden


def _more(page: Page, hidden: int) -> Iterator[Entry]:
    if hidden or page.expanded:
        text = (
            _("fewer fields")
            if page.expanded
            else ngettext("{count} more field", "{count} more fields", hidden)
        )
        yield Entry(
            Key("more"), muted(("▴ " if page.expanded else "▾ ") + text.format(count=hidden), page.width)
        )


def _maps(detail: Detail, page: Page, fields: Iterable[schema.Field]) -> Iterator[Entry]:
    for field in fields:
        if field.type != schema.MAP:
            continue
        held = detail.fields.get(field.name)
        values: Mapping[str, object] = held if isinstance(held, dict) else {}
        names = list(values)
        if not names:
            continue
        yield heading(_(field.label), page)
        shown = {name: name if field.name == "custom" else page.words.department(name) for name in names}
        labels = min(max(cell_width(clean(name)) for name in shown.values()) + 2, LABEL_MOST)
        for name in names:
            key = Key("map", field.name, name)
            lines = wrap(clean(str(values.get(name) or "—")), max(page.width - labels, 8), 6)
            first = Content.assemble(
                (pad(clean(shown[name]), labels), MUTED), lines[0], draft_mark(page, key)
            )
            yield Entry(key, (first, *(Content(" " * labels + line) for line in lines[1:])), indent=labels)


def _texts(kind: schema.Kind, told: frozenset[str]) -> list[schema.Field]:
    return [
        field for field in kind.fields.values() if field.type == schema.LONGTEXT and field.name not in told
    ]


def _long_texts(
    detail: Detail, page: Page, fields: Sequence[schema.Field], *, always: bool
) -> Iterator[Entry]:
    """Yield the long texts that say something; `always` shows the first one also while it is empty."""
    for index, field in enumerate(fields):
        value = detail.fields.get(field.name)
        key = Key("long", field.name)
        shown = always and index == 0
        if is_empty(value) and not shown and not page.expanded and key not in page.drafts:
            continue
        yield Entry(Key("plain"), (Content(""),), stop=False)
        lines = [Content.assemble((_(field.label), f"bold {MUTED}"), draft_mark(page, key))]
        if is_empty(value):
            lines += [Content.styled("—", MUTED)]
        else:
            lines += [Content(line) for line in wrapped(str(value), page.width)]
        yield Entry(key, tuple(lines))


def _checks(detail: Detail, page: Page) -> Iterator[Entry]:
    if not detail.checks:
        return
    done = sum(1 for check in detail.checks if check.done)
    yield heading(_("Checklist") + f" {done}/{len(detail.checks)}", page)
    for check in detail.checks:
        lines = wrap(clean(check.title), page.width - 4)
        style = MUTED if check.done else ""
        mark = ("☑ ", "$text-success") if check.done else ("☐ ", "")
        first = Content.assemble(mark, (lines[0], style), draft_mark(page, Key("check", check.id)))
        rest = (Content.styled("  " + line, style) for line in lines[1:])
        yield Entry(Key("check", check.id), (first, *rest), indent=2)


def _comments(detail: Detail, page: Page) -> Iterator[Entry]:
    mark = draft_mark(page, Key("comment", ""))
    if not detail.comments and not mark:
        return
    yield heading(_("Comments") + f" {len(detail.comments)}", page, mark)
    for comment in detail.comments:
        who = comment.name or _("somebody")
        head = Content.assemble((clean(who), "bold"), (f" {moment_words(comment.at, page.now)}", MUTED))
        lines = [Content("  " + line) for line in wrapped(comment.text, page.width - 2)]
        yield Entry(Key("comment", comment.id), (head, *lines))


def plain_entries(lines: Iterable[str] | Sequence[str], width: int) -> list[Entry]:
    """Return entries that only say something, such as what to press while there is nothing to show."""
    return [Entry(Key("plain"), muted(line, width) if line else (Content(""),), stop=False) for line in lines]
