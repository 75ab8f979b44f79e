"""`sameboat demo`: a launch two weeks under way, with two teammates who keep editing; gone at exit unless kept."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.launch import COMMANDS as LAUNCH
from tui.cli.launch import at_terminal
from tui.cli.output import narrate, safe, say_json
from tui.demo import people
from tui.i18n import N_, _

if TYPE_CHECKING:
    from tui.demo.run import Demo


def _demo(arguments: Arguments) -> int:
    if arguments.has("home"):
        # The demo has a home of its own: taking somebody's workspace for it would be a bad surprise.
        raise UsageError("unknown-option", option="--home", command="demo", nearest="--keep", prose=False)
    if not at_terminal():
        raise StoreError("no-terminal")
    keep = _room(arguments.value("keep"))
    from tui.demo.run import demo

    narrate(_welcome())
    with demo(keep) as running, running.held.let_through():
        code = _open(running)
        home, share = (running.home, running.share) if keep else (None, None)
    trouble = running.teammates.trouble
    if trouble:
        narrate(safe(_("The teammates had to stop early: {why}").format(why=trouble)))
    if arguments.has("json"):
        say_json({"ok": not code, "home": home, "share": share})
    if home:
        again = f"sameboat --home {shlex.quote(home)}"
        narrate(
            safe(
                _("The demo stays in {folder}; open it again with `{command}`.").format(
                    folder=keep, command=again
                )
            )
        )
    return code


def _open(running: Demo) -> int:
    """Open the app on the demo's home, as `sameboat --home` would."""
    opening = Arguments()
    opening.home = running.home
    return LAUNCH["app"].run(opening)


def _welcome() -> str:
    names = {person.code: person.name for person in people.PEOPLE}
    one, other = (names[code] for code in people.TEAMMATES)
    return _("You are {you}, product manager of a launch; {one} and {other} work on it beside you.").format(
        you=names[people.YOU], one=one, other=other
    )


def _room(folder: str) -> str:
    """Return the directory to keep the demo in as a whole path; raises when it is not empty."""
    if not folder:
        return ""
    folder = os.path.abspath(os.path.expanduser(folder))
    if os.path.lexists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise StoreError("cannot-write", path=folder, why=_("the demo needs an empty or a new directory"))
    return folder


COMMANDS = {
    "demo": Command(
        _demo,
        N_("look around in a sample workspace where two teammates keep editing"),
        options=(
            Option("keep", N_("keep the workspace and its shared folder in this directory"), metavar="DIR"),
        ),
        most=0,
        examples=("sameboat demo", "sameboat demo --keep ~/sameboat-demo"),
    )
}
