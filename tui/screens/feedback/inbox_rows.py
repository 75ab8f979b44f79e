"""How the inbox draws its lines: where feedback came from, who wants it, and what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import feedback_rows, queries
from store.feedback_rows import INBOX, READY, SNOOZED, TRIAGED, FeedbackRow
from store.lookup import short_of
from tui.announcing import Shipped
from tui.i18n import N_, _, ngettext
from tui.score_words import customer_words, people_words
from tui.widgets.days import day_words, distance_words, moment_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.database import Store
    from store.feedback_rows import Customer
    from tui.screens.directory import Directory

MOST = 200  # lines of a section; what is triaged makes room for more
REST_MOST = 100  # and of each that nobody has to do anything about
HEADINGS = {INBOX: N_("To triage"), READY: N_("Ready to answer"), SNOOZED: N_("Put off")}


class Section(NamedTuple):
    """A part of the inbox: what it is called, how much there is of it, and what of that is shown."""

    name: str
    total: int
    rows: Sequence[FeedbackRow]


def sections(store: Store, *, unfolded: bool) -> list[Section]:
    """Return what is to be triaged, what is ready to be answered and what is put off; the rest where it is unfolded."""
    today = store.today()
    counts = feedback_rows.counts(store, today)
    found = [
        Section(INBOX, counts[INBOX], feedback_rows.inbox(store, today, limit=MOST)),
        Section(READY, counts[READY], feedback_rows.ready(store, limit=MOST)),
        Section(SNOOZED, counts[SNOOZED], feedback_rows.snoozed(store, today, limit=MOST)),
    ]
    for state in TRIAGED:
        rows = feedback_rows.in_state(store, state, limit=REST_MOST) if unfolded and counts[state] else []
        found.append(Section(state, counts[state], rows))
    return [section for section in found if section.total]


def listed(store: Store, directory: Directory, found: Iterable[Section], *, unfolded: bool) -> list[Row]:
    """Return the lines: each section beneath its heading, what is folded on one line."""
    found = list(found)
    everything = [row for section in found for row in section.rows]
    named = feedback_rows.customers_named(store, {row.customer for row in everything if row.customer})
    lines: list[Row] = []
    for section in found:
        if section.name not in HEADINGS:
            continue
        lines.append(_heading(section))
        lines += [line(store, directory, row, named) for row in section.rows]
    rest = [section for section in found if section.name not in HEADINGS]
    if rest and not unfolded:
        said = " · ".join(f"{_(section.name)} {section.total}" for section in rest)
        lines.append(Row("", f"▸ {said}"))
    elif unfolded:
        for section in rest:
            lines.append(_heading(section))
            lines += [line(store, directory, row, named) for row in section.rows]
    return lines


def _heading(section: Section) -> Row:
    hidden = section.total - len(section.rows)
    more = ngettext("{count} more", "{count} more", hidden).format(count=hidden) if hidden > 0 else ""
    name = _(HEADINGS.get(section.name, section.name))
    return Row("", f"{name} {section.total}", facts=(Fact(more),) if more else ())


def line(store: Store, directory: Directory, row: FeedbackRow, customers: Mapping[str, Customer]) -> Row:
    """Return one line of the list."""
    facts = (
        _source(directory, row, customers), _standing(store, row), Fact(customer_words(row.support)),
        Fact(people_words(row.support)),
    )  # fmt: skip
    mark = f"!{row.importance}" if row.importance else "  "
    return Row(row.id, row.title, row.short, mark, "$text-warning" if row.importance == 3 else MUTED, facts)


def _source(directory: Directory, row: FeedbackRow, customers: Mapping[str, Customer]) -> Fact:
    if row.customer in customers:
        return Fact(customers[row.customer].title)
    if row.department:
        style = directory.hue(row.department) if row.department in directory.departments else MUTED
        return Fact(directory.department(row.department), style or MUTED)
    return Fact(row.said_by or (_(row.origin) if row.origin else ""))


def _standing(store: Store, row: FeedbackRow) -> Fact:
    today = store.today()
    if row.state == READY:
        return Fact("✓ " + " ".join(short_of(store, item) for item in row.items), "$text-success")
    if row.state == SNOOZED:
        return Fact(distance_words(row.until, today))
    if row.state == "linked":
        return Fact("→ " + " ".join(short_of(store, item) for item in row.items))
    if row.state == "duplicate":
        return Fact(f"= {short_of(store, row.duplicate_of)}" if row.duplicate_of else "")
    if row.state == "declined":
        return Fact(row.reason)
    if row.state == "answered":
        return Fact(day_words(row.answered, today) if row.answered else "")
    said = row.created[:10] if row.created else ""
    return Fact(day_words(said, today) if said else moment_words(row.created_at, store.now()))


def shipped(store: Store, row: FeedbackRow) -> Shipped:
    """Return what an answer to feedback tells: the items that are done, and the names of whoever wants it."""
    customers = feedback_rows.customers_named(store, row.support.customers)
    who = sorted(customer.title for customer in customers.values())
    if not who and row.said_by:
        who = [row.said_by]
    done = {status.id for status in queries.statuses(store) if status.category == "done"}
    cards = [card for item in row.items if (card := queries.card(store, item)) and card.status in done]
    return Shipped(row.title, who, [f"{card.short} {card.title}" for card in cards if not card.trashed])
