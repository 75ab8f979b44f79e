"""`sameboat export`: everything the workspace shares, the same bytes on every replica that has the same ops."""

from __future__ import annotations

from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import say
from tui.cli.workspace import Workspace
from tui.i18n import N_


def _export(arguments: Arguments) -> int:
    from store.export import export_lines

    with Workspace(arguments.home) as workspace:
        for line in export_lines(workspace.store, private=arguments.has("private")):
            say(line)
    return 0


COMMANDS = {
    "export": Command(
        _export,
        N_("print the whole workspace as JSON lines, sorted"),
        options=(Option("private", N_("with your private drafts")),),
        most=0,
        examples=("sameboat export --json > backup.jsonl",),
    ),
}
