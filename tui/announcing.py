"""Closing the loop: the text to paste into a chat group once what people asked for is there."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAID_MOST = 80  # characters of what was said that are repeated


class Shipped(NamedTuple):
    """Feedback whose items are done: what was said, who wants it by name, and those items."""

    said: str
    who: Sequence[str] = ()
    items: Sequence[str] = ()


def reply(shipped: Shipped) -> str:
    """Return the answer to one piece of feedback, on one line, in the language of the moment."""
    words = {"said": _shortened(shipped.said), "items": _listed(shipped.items), "who": _listed(shipped.who)}
    if shipped.who and shipped.items:
        text = _("{who}: you asked for “{said}”. It is ready: {items}. Tell us how it works for you.")
    elif shipped.items:
        text = _("You asked for “{said}”. It is ready: {items}. Tell us how it works for you.")
    elif shipped.who:
        text = _("{who}: about “{said}” — ")
    else:
        text = _("About “{said}” — ")
    return text.format_map(words)


def announcement(shipped: Sequence[Shipped]) -> str:
    """Return one text for several pieces of feedback, a line each; for one it is the reply."""
    if len(shipped) == 1:
        return reply(shipped[0])
    lines = [_("What you asked for is ready:")]
    for one in shipped:
        parts = [f"“{_shortened(one.said)}”", _listed(one.items), _listed(one.who)]
        lines.append("• " + " — ".join(part for part in parts if part))
    return "\n".join([*lines, _("Tell us how it works for you.")])


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SAID_MOST else line[: _SAID_MOST - 1].rstrip() + "…"


def _listed(names: Sequence[str]) -> str:
    tidy = [" ".join(name.split()) for name in names]
    return reduce(lambda one, two: _("{one}, {two}").format(one=one, two=two), tidy) if tidy else ""
