"""The command line's own argument reader: small, translated; a mistake is named with the nearest right word.

argparse would cost `sameboat add` a fifth of its time, speak English only, and cannot say what was meant.
"""

from __future__ import annotations

from store.errors import StoreError, nearest
from tui.i18n import N_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_REPEATED = 30  # letters of a mistaken word that are said again


class UsageError(StoreError):
    """The command line cannot be understood; nothing was done."""

    @property
    def exit_code(self) -> int:
        """Return the exit code for wrong usage."""
        return 2


class Option:
    """One `--name` of a command: a flag, or with a `metavar` something that takes a value."""

    __slots__ = ("choices", "help", "many", "metavar", "name", "short")

    def __init__(
        self,
        name: str,
        help: str,  # noqa: A002 - the word people know
        *,
        metavar: str = "",
        short: str = "",
        many: bool = False,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.help = help
        self.metavar = metavar or "|".join(choices)
        self.short = short
        self.many = many
        self.choices = choices


COMMON = (
    Option("json", N_("print data for programs")),
    Option("home", N_("the directory that holds the workspace"), metavar="DIR"),
    Option("lang", N_("the language to speak"), choices=("en", "zh_CN")),
    Option("help", N_("show this help"), short="h"),
)


class Arguments:
    """What one invocation asks for: operands in order, and the options that were given."""

    __slots__ = ("ends", "given", "home", "operands")

    def __init__(self) -> None:
        self.home = ""
        self.ends = False  # the process ends with the command, without the interpreter's tidying up
        self.operands: list[str] = []
        self.given: dict[str, list[str]] = {}

    def has(self, name: str) -> bool:
        """Return whether the option was given."""
        return name in self.given

    def value(self, name: str, default: str = "") -> str:
        """Return what was given for the option, the last time it was given."""
        return self.given[name][-1] if name in self.given else default

    def values(self, name: str) -> list[str]:
        """Return everything given for an option that may be repeated."""
        return self.given.get(name, [])

    def number(self, name: str, default: int, *, low: int = 1) -> int:
        """Return the whole number given for the option; raises when it is none, or less than `low`."""
        if name not in self.given:
            return default
        text = self.value(name)
        if not (text.isascii() and text.isdigit() and int(text) >= low):
            raise UsageError("bad-number", option=f"--{name}", value=text, low=low)
        return int(text)


class Command:
    """One command: how it is used, and the function that does it."""

    __slots__ = ("examples", "least", "most", "operands", "options", "run", "summary", "text")

    def __init__(
        self,
        run: Callable[[Arguments], int],
        summary: str,
        operands: str = "",
        options: tuple[Option, ...] = (),
        *,
        least: int = 0,
        most: int | None = None,
        text: bool = False,
        examples: tuple[str, ...] = (),
    ) -> None:
        self.run = run
        self.summary = summary
        self.operands = operands
        self.options = options
        self.least = least
        self.most = most
        self.text = text  # operands are prose or a query: one dash does not make a word an option
        self.examples = examples


def parse(name: str, command: Command, words: list[str]) -> Arguments:
    """Return what the words ask of the command; raises `UsageError` naming the first that is wrong."""
    arguments = Arguments()
    rest = iter(words)
    for word in rest:
        _refuse_bytes(word)
        if word == "--":
            remaining = list(rest)
            for operand in remaining:
                _refuse_bytes(operand)
            arguments.operands += remaining
        elif option := _option(name, command, word):
            if option.metavar:
                _, given, value = word.partition("=")
                if not given or not word.startswith("--"):
                    following = next(rest, None)
                    if following is None:
                        raise UsageError(
                            "option-needs-value", option=f"--{option.name}", metavar=option.metavar
                        )
                    value = following
                _refuse_bytes(value)
                _accept(arguments, option, value)
            elif "=" in word:
                raise UsageError("option-takes-no-value", option=f"--{option.name}")
            else:
                arguments.given[option.name] = [""]
        else:
            arguments.operands.append(word)
    return arguments


def check_count(name: str, command: Command, arguments: Arguments) -> None:
    """Raise when the command got too few operands or too many."""
    count = len(arguments.operands)
    if count < command.least:
        raise UsageError("missing-operand", command=name, usage=usage_line(name, command))
    if command.most is not None and count > command.most:
        extra = arguments.operands[command.most]
        if len(extra) > _REPEATED:  # what was pasted here may be an invitation's code, which is a secret
            extra = f"{extra[:_REPEATED]}…"
        raise UsageError("extra-operand", operand=extra, usage=usage_line(name, command))


def usage_line(name: str, command: Command) -> str:
    """Return the one line that shows how the command is called."""
    words = ["sameboat", name] if name else ["sameboat"]
    if command.operands:
        words.append(command.operands)
    words += [f"[{_spelling(option)}]" for option in command.options]
    return " ".join(words)


def usage_help(name: str, command: Command) -> str:
    """Return the command's whole help in the language in use."""
    from tui.i18n import _

    lines = [_("Usage: {line}").format(line=usage_line(name, command)), "", _(command.summary)]
    rows = []
    for option in (*command.options, *COMMON):
        short = f"-{option.short}, " if option.short else "    "
        rows.append((f"  {short}{_spelling(option)}", _(option.help)))
    width = max(len(left) for left, _right in rows)
    lines += ["", _("Options:"), *(f"{left:<{width}}  {right}" for left, right in rows)]
    if command.examples:
        lines += ["", _("Examples:"), *(f"  {example}" for example in command.examples)]
    return "\n".join(lines)


def _spelling(option: Option) -> str:
    return f"--{option.name} {option.metavar}" if option.metavar else f"--{option.name}"


def _option(name: str, command: Command, word: str) -> Option | None:
    """Return the option a word names, None for an operand; raises for an option the command does not have."""
    if len(word) < 2 or not word.startswith("-"):
        return None
    options = (*command.options, *COMMON)
    wanted = word[2:].partition("=")[0]
    if word.startswith("--") and _is_name(wanted):
        for option in options:
            if option.name == wanted:
                return option
        raise UsageError(
            "unknown-option",
            option=f"--{wanted}",
            command=name,
            nearest=_dashed(nearest(wanted, [option.name for option in options])),
            prose=command.text,
        )
    for option in options:
        if option.short and word == f"-{option.short}":
            return option
    if command.text or word.startswith("--"):
        return None
    raise UsageError("unknown-option", option=word, command=name, nearest="", prose=False)


def _is_name(text: str) -> bool:
    """Return whether the text after two dashes can name an option: a letter, then letters, digits, - and _.

    Not a pattern: `re` would be all that loads it and `enum` into `sameboat add`.
    """
    first = text[:1]
    return first.isascii() and first.isalpha() and text.replace("-", "").replace("_", "").isalnum()


def _dashed(name: str) -> str:
    return f"--{name}" if name else ""


def _accept(arguments: Arguments, option: Option, value: str) -> None:
    if option.choices and value not in option.choices:
        raise UsageError(
            "bad-choice",
            option=f"--{option.name}",
            value=value,
            choices=", ".join(option.choices),
            nearest=nearest(value, list(option.choices)),
        )
    if option.name in arguments.given and option.many:
        arguments.given[option.name].append(value)
    else:
        arguments.given[option.name] = [value]


def _refuse_bytes(word: str) -> None:
    """Refuse a word that is not text: the operating system hands over stray bytes as lone surrogates."""
    try:
        word.encode()
    except UnicodeEncodeError as error:
        raise UsageError("not-text", position=error.start + 1) from None
