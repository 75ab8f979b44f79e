"""Retrospectives: cards written unseen, revealed at once, grouped and voted on; what comes of them is followed up.

Revealing is a write of the state, so two who reveal at once have revealed it once. A vote is a member in a card's
set. An action is an item with how it will be verified, and comes back at the next retrospective until it is.
"""

from __future__ import annotations

from store import schema
from store.change import Change
from store.errors import StoreError
from store.retro_rows import ENDED, WRITING, known_retro, latest, sheet
from store.schema import N_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.database import Store
    from store.retro_rows import Sheet

# The columns of each format, by the code that a card keeps, with what a person calls them.
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "ssc": (("start", N_("Start doing")), ("stop", N_("Stop doing")), ("continue", N_("Continue doing"))),
    "4ls": (
        ("liked", N_("Liked")), ("learned", N_("Learned")), ("lacked", N_("Lacked")), ("longed", N_("Longed for")),
    ),
    "kiss": (
        ("keep", N_("Keep doing")), ("improve", N_("Improve")), ("start", N_("Start doing")),
        ("stop", N_("Stop doing")),
    ),
    "grai": (("goal", N_("Goal")), ("result", N_("Outcome")), ("analysis", N_("Analysis")), ("insight", N_("Insight"))),
    "sailboat": (
        ("wind", N_("Wind: what drives us")), ("anchor", N_("Anchor: what holds us")),
        ("rocks", N_("Rocks: what may sink us")), ("island", N_("Island: where we want to be")),
    ),
}  # fmt: skip
FORMAT_NAMES: dict[str, str] = {
    "ssc": N_("Start, Stop, Continue"),
    "4ls": N_("4Ls"),
    "kiss": N_("KISS: keep, improve, start, stop"),
    "grai": N_("GRAI: goal, result, analysis, insight"),
    "sailboat": N_("Sailboat"),
}


def columns(form: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of a format, code and label; those of the usual one where a newer program named another."""
    return COLUMNS.get(form, COLUMNS[schema.RETRO_FORMATS[0]])


def start(
    store: Store,
    title: str,
    form: str = schema.RETRO_FORMATS[0],
    *,
    departments: Iterable[str] = (),
    votes: int = 3,
) -> Change:
    """Begin a retrospective, which takes over the unverified actions of the one before. Its id is `ids[0]`."""
    chosen = tuple(departments)
    before = latest(store, chosen)
    fields: dict[str, object] = {"title": title, "format": form, "votes": votes, "state": WRITING}
    if chosen:
        fields["departments"] = list(chosen)
    if before is not None:
        fields["previous"] = before.id
    with Change(store, "add") as made:
        made.detail = made.shorts.get(made.create("retro", fields), "")
    return made


def write_card(store: Store, ent: str, column: str, text: str) -> Change:
    """Write a card into a column of a retrospective. Raises no-such-column, not-found."""
    found = known_retro(store, ent)
    codes = [code for code, _label in columns(found.format)]
    if column not in codes:
        raise StoreError("no-such-column", column=column, columns=", ".join(codes))
    with Change(store, "add", found.short) as made:
        made.create("retro_card", {"retro": ent, "column": column, "title": text})
    return made


def reveal(store: Store, ent: str) -> Change:
    """Show everybody's cards to everybody; one that is revealed stays as it is."""
    found = known_retro(store, ent)
    with Change(store, "set", found.short) as made:
        if found.state == WRITING:
            made.set(ent, {"state": schema.RETRO_STATES[1]})
    return made


def step(store: Store, ent: str, by: int = 1) -> Change:
    """Go on to the next part of a retrospective, or back; at either end it stays."""
    found = known_retro(store, ent)
    states = schema.RETRO_STATES
    here = states.index(found.state) if found.state in states else 0
    with Change(store, "set", found.short) as made:
        made.set(ent, {"state": states[max(min(here + by, len(states) - 1), 0)]})
    return made


def group(store: Store, cards: Iterable[str], head: str | None) -> Change:
    """Put cards under another one, or on their own for None; the head's own group is left, so no circle is made."""
    with Change(store, "set", "group") as made:
        if head is not None:
            made.set(head, {"group": None})
        for card in cards:
            if card != head:
                made.set(card, {"group": head})
    return made


def vote(store: Store, ent: str, card: str) -> Change:
    """Vote for a card of a retrospective, or take the vote back.

    Raises retro-not-voting, no-votes-left, not-found.
    """
    found = _sheet(store, ent)
    held = next((one for one in found.cards if one.id == card), None)
    if held is None:
        raise StoreError("not-found", what=card)
    if found.retro.state in (WRITING, ENDED):
        raise StoreError("retro-not-voting")
    given = store.member in held.voters
    if not given and found.votes_left(store.member) <= 0:
        raise StoreError("no-votes-left", votes=found.retro.votes)
    with Change(store, "set", found.retro.short) as made:
        if given:
            made.remove_from(card, "voters", [store.member])
        else:
            made.add_to(card, "voters", [store.member])
    return made


def _sheet(store: Store, ent: str) -> Sheet:
    found = sheet(store, ent)
    if found is None:
        raise StoreError("not-found", what=ent)
    return found


def make_action(store: Store, ent: str, fields: Mapping[str, object], verify: str = "") -> Change:
    """Make an item of what a retrospective wants done; `fields` are what was typed, an owner and a day among them."""
    known_retro(store, ent)
    given = {**fields, "kind": "action", "came_from": ent}
    if verify:
        given["verify"] = verify
    with Change(store, "add") as made:
        made.detail = made.shorts.get(made.create("item", given), "")
    return made


def verify(store: Store, item: str, *, verified: bool = True) -> Change:
    """Say that an action worked, today, or that it has not yet: until then it comes back."""
    with Change(store, "set", "verified") as made:
        made.set(item, {"verified": store.today().isoformat() if verified else None})
    return made
