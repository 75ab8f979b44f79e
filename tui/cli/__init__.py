"""The command line: `main` finds the command, loads only that one, and turns every failure into one sentence.

Data goes to stdout, narration to stderr. Exit codes: 0 done, 1 the request failed, 2 wrong usage, 3 sync is
waiting or paused, 4 data needs a person. `tui/cli/CONTRACT.md` has what `--json` prints.
"""

from __future__ import annotations

import gc
import os
import sys

from store.errors import StoreError, nearest
from tui import interrupt
from tui.cli.arguments import COMMON, Arguments, Command, Option, UsageError, check_count, parse
from tui.cli.background import EDITS, send_soon
from tui.cli.home import configured_language, data_home
from tui.i18n import N_, detect, set_language

GROUPS = (
    (N_("Start"), {"init": "setup", "join": "setup", "demo": "demo"}),
    (N_("Write down"), {
        "add": "capture", "conflict": "capture", "feedback": "capture", "promise": "capture", "comment": "edit",
        "import": "importing", "need": "capture", "request": "requests",
    }),
    (N_("Your day"), {"today": "today", "plan": "day_plan", "time": "day_plan"}),
    (N_("Aim"), {"goal": "goals", "goals": "goals"}),
    (N_("Talk"), {"promises": "promises", "meeting": "meeting"}),
    (N_("Look"), {
        "list": "listing", "find": "finding", "views": "views",
        "show": "showing", "timeline": "timeline", "checkin": "checkin", "forecast": "forecast",
        "baseline": "baseline", "pool": "pool", "conflicts": "conflicts", "case": "cases", "playbook": "cases",
        "log": "history", "report": "report", "changes": "changes", "trash": "trash",
        "status": "exchange", "needs": "needs", "team": "needs", "requests": "requests",
    }),
    (N_("Change"), {
        "set": "edit", "move": "edit", "done": "edit", "delete": "edit", "restore": "edit",
        "decide": "conflicts", "check": "conflicts",
        "repeat": "repeat",
        "link": "linking", "unlink": "linking", "undo": "history", "redo": "history",
    }),
    (N_("Look back"), {"retro": "retro", "pulse": "pulse"}),
    (N_("Together"), {
        "sync": "exchange", "review": "review", "share": "edit", "calendar": "calendar", "place": "place",
        "invite": "invite", "devices": "devices",
    }),
    (N_("For programs and care"), {
        "apply": "apply", "export": "export", "backup": "backup", "doctor": "doctor", "keys": "keys",
    }),
)  # fmt: skip
MODULES = {name: module for _heading, names in GROUPS for name, module in names.items()}
# Typed in meetings, many times an hour: their process ends without the interpreter's tidying up.
QUICK = ("add", "conflict", "feedback", "promise", "need")
BROKEN_PIPE = 141


def main(argv: list[str] | None = None) -> int:
    """Run one command line, the process's own when none is given, and return the exit code."""
    from tui.cli.output import prepare_streams

    session = _Session(ends=argv is None)
    if argv is not None:
        prepare_streams()
        return session.guard(list(argv))
    interrupt.listen()
    prepare_streams()
    code = interrupt.run(lambda: session.guard(sys.argv[1:]))
    if not code and session.name in EDITS:
        send_soon(session.home)
    # Interrupted, too: where Ctrl-C fell into code made from text, such as a named tuple's, the interpreter would
    # end `python -m` by the signal, although the exception was caught.
    if code == interrupt.INTERRUPTED or session.name in QUICK:
        _end(code)
    return code


def _end(code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass  # nobody reads it any more, and the exit code is known
    os._exit(code)


class _Session:
    """One run: what is known so far about the command line, so that a failure is told in the right words."""

    def __init__(self, *, ends: bool) -> None:
        self.ends = ends
        self.name = ""
        self.json = False
        self.home = ""

    def guard(self, words: list[str]) -> int:
        """Run the command line; every failure becomes one sentence and an exit code."""
        try:
            code = self.run(words)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read stdout has seen enough; the interpreter must not try again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return BROKEN_PIPE
        except KeyboardInterrupt:
            return interrupt.INTERRUPTED
        except Exception as error:  # the last resort: a person gets a sentence, the log gets the traceback
            if interrupt.came():
                return interrupt.INTERRUPTED
            from tui.cli.failure import tell

            if not self.home:
                self.speak(data_home(), "")
            return tell(error, self.home, as_json=self.json)
        return code

    def run(self, words: list[str]) -> int:
        """Find the command and run it."""
        self.json = "--json" in words
        before, rest = _split(words)
        if not rest or before.has("help"):
            self.speak(data_home(before.value("home")), before.value("lang"))
            if before.has("help"):
                return _help([])
            if before.has("version"):
                return _version(as_json=before.has("json"))
            rest = ["app"]
        self.name, rest = rest[0], rest[1:]
        if self.name == "help":
            self.speak(data_home(before.value("home")), before.value("lang"))
            return _help(rest)
        ends = self.ends and self.name in QUICK
        if ends:
            gc.disable()  # nothing would be found to collect before the process ends: what it makes stays in use
        command = load(self.name)
        arguments = parse(self.name, command, rest)
        arguments.given = {**before.given, **arguments.given}
        arguments.home = data_home(arguments.value("home"))
        arguments.ends = ends
        self.speak(arguments.home, arguments.value("lang"))
        self.json = arguments.has("json")
        if arguments.has("help"):
            return _help([self.name])
        check_count(self.name, command, arguments)
        return command.run(arguments)

    def speak(self, home: str, asked: str) -> None:
        """Choose the language: asked for here, else the configured one, else the system's."""
        self.home = home
        set_language(asked or detect(configured_language(home)))


def load(name: str) -> Command:
    """Return the command of this name, importing its module; raises naming the nearest when there is none."""
    module = "launch" if name == "app" else MODULES.get(name)
    if module is None:
        raise UsageError("unknown-command", command=name, nearest=nearest(name, list(MODULES)))
    commands: dict[str, Command] = __import__(f"tui.cli.{module}", fromlist=["COMMANDS"]).COMMANDS
    return commands[name]


ROOT = Command(
    lambda _arguments: 0,
    N_("Sameboat, the workspace of people who ship one thing together. Without a command it opens."),
    "COMMAND …",
    (Option("version", N_("show the version")),),
)


def _split(words: list[str]) -> tuple[Arguments, list[str]]:
    """Return the options before the command, and the command with everything after it."""
    end = 0
    takes_value = {f"--{option.name}" for option in COMMON if option.metavar}
    while end < len(words) and words[end].startswith("-") and words[end] != "-":
        end += 2 if words[end] in takes_value else 1
    return parse("", ROOT, words[:end]), words[end:]


def _help(names: list[str]) -> int:
    from tui.cli.arguments import usage_help
    from tui.cli.output import say
    from tui.i18n import _

    if names:
        say(usage_help(names[0], load(names[0])))
        return 0
    lines = [_(ROOT.summary), "", _("Usage: {line}").format(line="sameboat [COMMAND …]")]
    for heading, commands in GROUPS:
        lines += ["", _(heading)]
        lines += [f"  {name:<10}{_(load(name).summary)}" for name in commands]
    lines += ["", _("`sameboat COMMAND --help` shows how a command is used.")]
    say("\n".join(lines))
    return 0


def _version(*, as_json: bool) -> int:
    from importlib.metadata import PackageNotFoundError, version

    from tui.cli.output import CONTRACT, say, say_json

    try:
        found = version("sameboat")
    except PackageNotFoundError as error:
        raise StoreError("not-installed") from error
    if as_json:
        say_json({"version": found, "contract": CONTRACT})
    else:
        say(f"sameboat {found}")
    return 0
