"""Commands that say what waits for what: link, unlink."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.links import link, unlink
from store.schema import LINK_TYPES
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import narrate, safe, say_json
from tui.cli.workspace import Workspace
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from store.commands import Change

MOST = 10_000  # working days


def _link(arguments: Arguments) -> int:
    kind, lag = arguments.value("type", "FS"), _lag(arguments)
    with Workspace(arguments.home) as workspace:
        predecessor, successor = (workspace.entity(name, "item") for name in arguments.operands)
        change = link(workspace.store, predecessor, successor, kind, lag)
        said = link_words(workspace.short(predecessor), workspace.short(successor), kind, lag)
        pair = (predecessor, successor)
        return _report(workspace, arguments, change, pair, said, {"type": kind, "lag": lag})


def _unlink(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        predecessor, successor = (workspace.entity(name, "item") for name in arguments.operands)
        change = unlink(workspace.store, predecessor, successor)
        said = _("{successor} no longer waits for {predecessor}").format(
            successor=workspace.short(successor), predecessor=workspace.short(predecessor)
        )
        return _report(workspace, arguments, change, (predecessor, successor), said, {})


def _lag(arguments: Arguments) -> int:
    """Return the working days asked for, which may be fewer than none."""
    text = arguments.value("lag", "0")
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise UsageError("bad-number", option="--lag", value=text, low=-MOST)
    return int(text)


def link_words(predecessor: str, successor: str, kind: str, lag: int) -> str:
    """Return what a link says, as in “lp-2 waits for lp-1 (FS, 2 working days later)”."""
    words = [kind]
    if lag:
        days = abs(lag)
        later = ngettext("{count} working day later", "{count} working days later", days)
        earlier = ngettext("{count} working day earlier", "{count} working days earlier", days)
        words.append((later if lag > 0 else earlier).format(count=days))
    return _("{successor} waits for {predecessor} ({how})").format(
        successor=successor, predecessor=predecessor, how=_(", ").join(words)
    )


def _report(
    workspace: Workspace,
    arguments: Arguments,
    change: Change,
    pair: tuple[str, str],
    said: str,
    more: dict[str, object],
) -> int:
    changed = bool(change.changes)
    if arguments.has("json"):
        predecessor, successor = (workspace.short(ent) for ent in pair)
        say_json({"ok": True, "predecessor": predecessor, "successor": successor, **more, "changed": changed})
    narrate(safe(said if changed else _("Nothing to change: it is so already.")))
    return 0


COMMANDS = {
    "link": Command(
        _link,
        N_("let one item wait for another: the second waits for the first"),
        "FIRST SECOND",
        (
            Option("type", N_("what waits for what, FS if not said: start or finish"), choices=LINK_TYPES),
            Option("lag", N_("working days in between, or with a minus of overlap"), metavar="N"),
        ),
        least=2,
        most=2,
        examples=("sameboat link hm-7 lp-12", "sameboat link hm-7 lp-12 --type SS --lag 2"),
    ),
    "unlink": Command(_unlink, N_("let an item wait for another no longer"), "FIRST SECOND", least=2, most=2),
}
