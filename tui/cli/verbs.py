"""Commands of several verbs, such as `calendar add`: which of them is meant, and whether it got its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import nearest
from tui.cli.arguments import UsageError
from tui.cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.cli.arguments import Arguments

    # How it is used, how many words it takes at least and at most, if there is a most, and what runs it.
    Verb = tuple[str, int, int | None, Callable[[Arguments, Workspace, list[str]], int]]


def run_verb(arguments: Arguments, command: str, verbs: Mapping[str, Verb], usual: str = "") -> int:
    """Run the verb that the first word names, `usual` where there is no word. Raises UsageError."""
    verb, *words = arguments.operands or [usual]
    if verb not in verbs:
        choices, likely = ", ".join(verbs), nearest(verb, list(verbs))
        raise UsageError("bad-choice", option=command, value=verb, choices=choices, nearest=likely)
    usage, least, most, run = verbs[verb]
    if len(words) < least:
        raise UsageError("missing-operand", command=command, usage=usage)
    if most is not None and len(words) > most:
        raise UsageError("extra-operand", operand=words[most], usage=usage)
    with Workspace(arguments.home) as workspace:
        return run(arguments, workspace, words)
