"""What the detail pane says about an item or a conflict, as entries a cursor can stop at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual.content import Content

from store import schema
from tui.celltext import cell_width, clean, clean_lines, pad, wrap
from tui.i18n import _, ngettext
from tui.theme import glyph
from tui.widgets.days import day_words, distance_words, moment_words, parse_iso

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from store.queries import Detail

MUTED = "$text-muted"
LABEL_MOST = 16

# Shown even when empty: what a plan needs to know of everything on a board.
_CORE = {
    "item": ("place", "owner", "department", "priority", "due", "kind", "labels"),
    "conflict": ("labels",),
}
ACTIONS = "actions"  # stands in a form for what came of the thing
# The order in which a kind is talked over, where its form follows a conversation: everything in it is shown, filled in
# or not. Names in a tuple are said by one side after the other. What a form leaves out comes after it, as usual.
_FORMS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "conflict": (
        "parties", "state", ("position", "interest"), "root_cause", "severity", "items", "shared_goal", "options",
        "decision", "decider", ACTIONS, "follow_up", ("check",),
    ),
}  # fmt: skip
# Told elsewhere in the pane, or nothing a person edits.
_APART = frozenset({"title", "short", "custom"})
# Where an imported thing came from: told while there is something to tell, edited by nobody.
_ORIGIN = frozenset({"source", "created"})


class Key(NamedTuple):
    """What an entry stands for: a field, one key of a map field, a comment, a checklist entry, a divergence."""

    part: str  # field, map, long, action, comment, check, divergence, banner, more, change, plain
    name: str = ""
    sub: str = ""


class Entry(NamedTuple):
    """One thing the pane says, in lines that fit its width; the cursor stops at it if there is something to do."""

    key: Key
    lines: tuple[Content, ...]
    stop: bool = True
    indent: int = 0  # cells before the value: where an editor opens


class Words(Protocol):
    """Turns what a field holds into what a person reads."""

    def value(self, field: schema.Field, value: object) -> str:
        """Return the words for one value of a field."""

    def member(self, member_id: str) -> str:
        """Return a member's name."""

    def department(self, department_id: str) -> str:
        """Return a department's name."""

    def style(self, field: schema.Field, value: object) -> str:
        """Return the style that says what a value means, such as a department's colour."""


class Page(NamedTuple):
    """Everything the entries depend on besides the detail itself."""

    words: Words
    width: int
    today: date
    now: int
    done: bool = False  # its work is over: a day in the past is not late
    expanded: bool = False  # show the empty fields too
    drafts: Collection[Key] = ()  # what was typed and not saved
    facts: Sequence[str] = ()  # said beside the short id and the kind
    marks: Sequence[str] = ()  # what is odd about it, and kept all the same


def detail_entries(detail: Detail, page: Page) -> list[Entry]:
    """Return the pane's entries for one thing, from its title to its comments."""
    return list(_entries(detail, page))


def _entries(detail: Detail, page: Page) -> Iterator[Entry]:
    kind = schema.KINDS[detail.card.kind]
    yield _title(detail, page)
    yield _facts(detail, page)
    yield from _notices(detail, page, kind)
    form = _FORMS.get(kind.name, ())
    told = frozenset(name for part in form for name in ((part,) if isinstance(part, str) else part))
    shown, hidden = _shown(detail, page, kind, told)
    labelled = [*shown, *(kind.fields[name] for name in told if name in kind.fields)]
    labels = min(max((cell_width(_(field.label)) for field in labelled), default=0) + 2, LABEL_MOST)
    yield from _form(detail, page, kind, form, labels)
    for field in shown:
        yield _field(detail, page, field, labels)
    yield from _more(page, hidden)
    yield from _maps(detail, page, [field for field in kind.fields.values() if field.name not in told])
    yield from _long_texts(detail, page, _texts(kind, told), always=not form)
    if ACTIONS not in told and detail.derived:
        yield from _actions(detail, page)
    yield from _checks(detail, page)
    yield from _comments(detail, page)


def _title(detail: Detail, page: Page) -> Entry:
    lines = wrap(clean(detail.card.title), page.width)
    mark = _draft(page, Key("field", "title"))
    return Entry(
        Key("field", "title"),
        tuple(
            Content.assemble((line, "bold"), mark if index == 0 else "") for index, line in enumerate(lines)
        ),
    )


def _facts(detail: Detail, page: Page) -> Entry:
    card = detail.card
    parts = [card.short or card.id[:8], _(schema.KINDS[card.kind].label)]
    if card.private:
        parts.append(_("private draft"))
    parts += page.facts
    if detail.updated_at:
        who = page.words.member(detail.updated_by) if detail.updated_by else ""
        parts.append(f"{clean(who)} {moment_words(detail.updated_at, page.now)}".strip())
    return Entry(Key("plain"), _muted(" · ".join(parts), page.width), stop=False)


def _notices(detail: Detail, page: Page, kind: schema.Kind) -> Iterator[Entry]:
    if detail.card.banner:
        text = f"{glyph('banner')} " + _(
            "Deleted by one, edited by another who had not seen it. Restore it, or delete it again."
        )
        yield Entry(Key("banner"), _styled(text, "bold $text-warning", page.width))
    for mark in page.marks:
        yield Entry(Key("plain"), _styled(f"! {clean(mark)}", "$text-warning", page.width), stop=False)
    for divergence in detail.divergences:
        field = kind.fields.get(divergence.field.partition("/")[0])
        label = _(field.label) if field else divergence.field
        count = len(divergence.heads)
        text = ngettext("{field}: {count} version", "{field}: {count} versions of one moment", count)
        lines = list(
            _styled(
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


def head_words(words: Words, field: schema.Field | None, value: object, today: date) -> str:
    """Return what one of several concurrent values says; a place on the board by its status."""
    if field is None:
        return str(value)
    if field.type == schema.PLACE and isinstance(value, dict):
        value = value.get("status")
    if field.type == schema.DATE and isinstance(value, str):
        return day_words(value, today)
    return words.value(field, value) if not _empty(value) else _("nothing")


def _shown(
    detail: Detail, page: Page, kind: schema.Kind, told: frozenset[str]
) -> tuple[list[schema.Field], int]:
    """Return the fields of one line that are shown outside a form, and how many are not."""
    core = _CORE.get(kind.name, ())
    order = [*core, *(name for name in kind.fields if name not in core)]
    shown = []
    hidden = 0
    for name in order:
        field = kind.fields[name]
        if name in _APART or name in told or field.type in (schema.LONGTEXT, schema.MAP):
            continue
        value = _held(detail, name)
        if name in _ORIGIN and _empty(value):
            continue
        if name in core or not _empty(value) or page.expanded or Key("field", name) in page.drafts:
            shown.append(field)
        else:
            hidden += 1
    texts = _texts(kind, told)
    hidden += sum(1 for field in texts if not page.expanded and _empty(detail.fields.get(field.name)))
    return shown, hidden


def _more(page: Page, hidden: int) -> Iterator[Entry]:
    if hidden or page.expanded:
        text = (
            _("fewer fields")
            if page.expanded
            else ngettext("{count} more field", "{count} more fields", hidden)
        )
        yield Entry(
            Key("more"), _muted(("▴ " if page.expanded else "▾ ") + text.format(count=hidden), page.width)
        )


def _form(
    detail: Detail, page: Page, kind: schema.Kind, form: Iterable[str | tuple[str, ...]], labels: int
) -> Iterator[Entry]:
    """Yield the parts of a form in their order, the empty ones too: they say what there is still to talk about."""
    for part in form:
        if isinstance(part, tuple):
            yield from _by_side(detail, page, [kind.fields[name] for name in part], labels)
        elif part == ACTIONS:
            yield from _actions(detail, page, labels)
        elif kind.fields[part].type == schema.LONGTEXT:
            yield _long_line(detail, page, kind.fields[part], labels)
        else:
            yield _field(detail, page, kind.fields[part], labels)


def _by_side(detail: Detail, page: Page, fields: Sequence[schema.Field], labels: int) -> Iterator[Entry]:
    """Yield what the parties say: each under its name, or of one field alone all of them under that."""
    sides = _sides(detail, fields)
    if len(fields) == 1 and sides:
        yield Entry(Key("plain"), _muted(_(fields[0].label), page.width), stop=False)
    for side in sides:
        name = clean(page.words.department(side)) or clean(side)
        style = page.words.style(_PARTY, side) or MUTED
        if len(fields) > 1:
            yield Entry(Key("plain"), _styled(name, f"bold {style}", page.width), stop=False)
        for field in fields:
            held = detail.fields.get(field.name)
            value = held.get(side) if isinstance(held, dict) else None
            key = Key("map", field.name, side)
            label = ("  " + _(field.label), MUTED) if len(fields) > 1 else ("  " + name, style)
            lines = wrap(clean("—" if _empty(value) else str(value)), max(page.width - labels, 8), 6)
            first = Content.assemble(
                (pad(label[0], labels), label[1]),
                (lines[0], MUTED if _empty(value) else ""),
                _draft(page, key),
            )
            rest = (Content.assemble(" " * labels, line) for line in lines[1:])
            yield Entry(key, (first, *rest), indent=labels)


_PARTY = schema.Field("party", schema.REF, "", to="department")


def _sides(detail: Detail, fields: Sequence[schema.Field]) -> list[str]:
    """Return the parties, and whoever else has said something."""
    parties = detail.fields.get("parties")
    sides = dict.fromkeys(parties if isinstance(parties, (list, tuple)) else ())
    for field in fields:
        held = detail.fields.get(field.name)
        if isinstance(held, dict):
            sides |= dict.fromkeys(side for side, value in held.items() if not _empty(value))
    return list(sides)


def _long_line(detail: Detail, page: Page, field: schema.Field, labels: int) -> Entry:
    """Return a long text in a form: beside its label, for most are a sentence."""
    value = detail.fields.get(field.name)
    key = Key("long", field.name)
    lines = ["—"] if _empty(value) else _wrapped(str(value), max(page.width - labels, 8))
    style = MUTED if _empty(value) else ""
    label = pad(_(field.label), labels)
    first = Content.assemble((label, MUTED), (lines[0], style), _draft(page, key))
    return Entry(key, (first, *(Content(" " * labels + line) for line in lines[1:])), indent=labels)


def _actions(detail: Detail, page: Page, labels: int = 0) -> Iterator[Entry]:
    """Yield the items that came of it, each with its status; the first line is where another is added."""
    key = Key("action")
    place = schema.KINDS["item"].fields["place"]
    label = pad(_("Actions"), labels) if labels else _("Actions") + "  "
    count = str(len(detail.derived)) if detail.derived else "—"
    first = Content.assemble((label, MUTED), (count, MUTED), _draft(page, key))
    yield Entry(key, (first,), indent=labels)
    for card in detail.derived:
        status = clean(page.words.value(place, card.status))
        room = max(page.width - cell_width(status) - 4, 8)
        lines = wrap(f"{card.short} {clean(card.title)}", room, 2)
        shown = Content.assemble(
            (f"{glyph('action')} ", MUTED), pad(lines[0], room), ("  ", ""), (status, MUTED)
        )
        yield Entry(Key("action", card.id), (shown, *(Content("  " + line) for line in lines[1:])), indent=2)


def _field(detail: Detail, page: Page, field: schema.Field, labels: int) -> Entry:
    value = _held(detail, field.name)
    key = Key("field", field.name)
    style = page.words.style(field, value)
    text = _value_text(page, field, value)
    if field.type == schema.DATE and isinstance(value, str) and value:
        distance = "" if page.done else distance_words(value, page.today)
        text = " · ".join(part for part in (day_words(value, page.today), distance) if part)
        day = parse_iso(value)
        style = "$text-error" if day and day < page.today and not page.done else style
    label = pad(_(field.label), labels)
    lines = wrap(clean(text), max(page.width - labels, 8), 6)
    first = Content.assemble((label, MUTED), (lines[0], style if text else MUTED), _draft(page, key))
    rest = [Content.assemble(" " * labels, (line, style)) for line in lines[1:]]
    return Entry(key, (first, *rest), stop=field.name not in _ORIGIN, indent=labels)


def _value_text(page: Page, field: schema.Field, value: object) -> str:
    if _empty(value):
        return "—"
    if isinstance(value, (list, tuple, set, frozenset)):
        words = [page.words.value(field, element) for element in value]
        return " ".join(f"#{word}" for word in words) if field.name == "labels" else ", ".join(words)
    return page.words.value(field, value)


def _maps(detail: Detail, page: Page, fields: Iterable[schema.Field]) -> Iterator[Entry]:
    for field in fields:
        if field.type != schema.MAP:
            continue
        held = detail.fields.get(field.name)
        values: Mapping[str, object] = held if isinstance(held, dict) else {}
        names = list(values)
        if not names:
            continue
        yield _heading(_(field.label), page)
        shown = {name: name if field.name == "custom" else page.words.department(name) for name in names}
        labels = min(max(cell_width(clean(name)) for name in shown.values()) + 2, LABEL_MOST)
        for name in names:
            key = Key("map", field.name, name)
            lines = wrap(clean(str(values.get(name) or "—")), max(page.width - labels, 8), 6)
            first = Content.assemble((pad(clean(shown[name]), labels), MUTED), lines[0], _draft(page, key))
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
        if _empty(value) and not shown and not page.expanded and key not in page.drafts:
            continue
        yield Entry(Key("plain"), (Content(""),), stop=False)
        lines = [Content.assemble((_(field.label), f"bold {MUTED}"), _draft(page, key))]
        if _empty(value):
            lines += [Content.styled("—", MUTED)]
        else:
            lines += [Content(line) for line in _wrapped(str(value), page.width)]
        yield Entry(key, tuple(lines))


def _checks(detail: Detail, page: Page) -> Iterator[Entry]:
    if not detail.checks:
        return
    done = sum(1 for check in detail.checks if check.done)
    yield _heading(_("Checklist") + f" {done}/{len(detail.checks)}", page)
    for check in detail.checks:
        lines = wrap(clean(check.title), page.width - 4)
        style = MUTED if check.done else ""
        mark = ("☑ ", "$text-success") if check.done else ("☐ ", "")
        first = Content.assemble(mark, (lines[0], style), _draft(page, Key("check", check.id)))
        rest = (Content.styled("  " + line, style) for line in lines[1:])
        yield Entry(Key("check", check.id), (first, *rest), indent=2)


def _comments(detail: Detail, page: Page) -> Iterator[Entry]:
    mark = _draft(page, Key("comment", ""))
    if not detail.comments and not mark:
        return
    yield _heading(_("Comments") + f" {len(detail.comments)}", page, mark)
    for comment in detail.comments:
        who = comment.name or _("somebody")
        head = Content.assemble((clean(who), "bold"), (f" {moment_words(comment.at, page.now)}", MUTED))
        lines = [Content("  " + line) for line in _wrapped(comment.text, page.width - 2)]
        yield Entry(Key("comment", comment.id), (head, *lines))


def _heading(text: str, page: Page, mark: Content | None = None) -> Entry:
    line = Content.assemble((text, f"bold {MUTED}"), mark or "")
    return Entry(Key("plain"), (Content(""), line), stop=False)


def _draft(page: Page, key: Key) -> Content:
    return Content.styled("  ✎ " + _("draft"), "$text-warning") if key in page.drafts else Content("")


def _wrapped(text: str, width: int) -> list[str]:
    return [row for line in clean_lines(text) for row in wrap(line, width)]


def _muted(text: str, width: int) -> tuple[Content, ...]:
    return _styled(text, MUTED, width)


def _styled(text: str, style: str, width: int) -> tuple[Content, ...]:
    return tuple(Content.styled(line, style) for line in wrap(text, width))


def _held(detail: Detail, name: str) -> object:
    return detail.fields.get("status" if name == "place" else name)


def _empty(value: object) -> bool:
    return (
        value is None or value == "" or (isinstance(value, (list, tuple, dict, set, frozenset)) and not value)
    )


def plain_entries(lines: Iterable[str] | Sequence[str], width: int) -> list[Entry]:
    """Return entries that only say something, such as what to press while there is nothing to show."""
    return [
        Entry(Key("plain"), _muted(line, width) if line else (Content(""),), stop=False) for line in lines
    ]
