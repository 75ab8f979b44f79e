"""Errors as sentences: what a person reads when the core refuses, and what they can do next."""

from __future__ import annotations

from store import schema
from tui.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.errors import StoreError

SENTENCES: dict[str, str] = {
    # The command line
    "unknown-command": N_("There is no command “{command}”; `sameboat --help` lists them all."),
    "unknown-option": N_("`sameboat {command}` has no option “{option}”."),
    "option-needs-value": N_("“{option}” needs a value after it: {metavar}."),
    "option-takes-no-value": N_("“{option}” takes no value."),
    "bad-choice": N_("“{value}” is nothing for “{option}”; it takes {choices}."),
    "bad-number": N_("“{value}” is nothing for “{option}”; it takes a whole number from {low}."),
    "missing-operand": N_("Something is missing; it is used like this: {usage}"),
    "extra-operand": N_("“{operand}” is one word too many; it is used like this: {usage}"),
    "not-text": N_(
        "Character {position} of an argument is not valid UTF-8; nothing was done. Type it again."
    ),
    "not-utf8": N_(
        "Line {line} of the input is not valid UTF-8, so nothing was added. "
        "Convert it and try again: iconv -f GB18030 -t UTF-8 FILE | sameboat {command} -"
    ),
    "nul": N_("Line {line} of the input has a NUL character, so nothing was added. Remove it and try again."),
    "nothing-to-add": N_("There is nothing to add: the line is empty."),
    "too-much-input": N_(
        "The input is larger than {limit} characters, so nothing was added. Add it in parts."
    ),
    "bad-assignment": N_("“{what}” is not FIELD=VALUE, like owner=李雷 or due=fri."),
    "not-a-list": N_("“{field}” holds one value: write {field}=…, without + or -."),
    "bad-mapping": N_("“{what}” is not COLUMN=FIELD, like 截止日=due."),
    "no-done-status": N_("This workflow has no status of the category done; choose one: {statuses}."),
    "no-terminal": N_("The app needs a terminal; `sameboat --help` lists the commands that do not."),
    "not-installed": N_("Sameboat is not installed here, so its version is unknown."),
    # Requests to apply
    "bad-json": N_("This line is not a JSON object: {why}."),
    "missing-key": N_("“{do}” needs “{key}”."),
    "unknown-key": N_("“{do}” takes no “{key}”."),
    "wrong-type": N_("“{key}” must be {expected}."),
    "unknown-request": N_("There is no request “{do}”."),
    "ref-taken": N_("The ref “{ref}” already names another entity of this input."),
    # What was asked for
    "not-found": N_("There is no “{what}”; `sameboat list` shows what there is."),
    "ambiguous": N_("“{what}” may be any of {matches}; type more of it."),
    "unknown-kind": N_("There is no kind “{kind}”."),
    "unknown-field": N_("“{kind}” has no field “{field}”."),
    "unknown-status": N_("There is no status “{status}”."),
    "bad-value": N_("“{value}” is nothing for “{field}”; it takes {expected}."),
    "too-long": N_("“{field}” takes at most {limit} characters, and this has {size}; nothing was saved."),
    "bad-query": N_("The query stops making sense at character {position}: {expected}."),
    "nothing-to-undo": N_("There is nothing of yours to undo."),
    "nothing-to-redo": N_("There is nothing to redo."),
    # The database
    "no-workspace": N_(
        "There is no workspace in {home}; `sameboat init` makes one, "
        "`sameboat join FOLDER` joins your team's."
    ),
    "exists": N_("There is a workspace in {home} already; `--home DIR` chooses another directory."),
    "newer-database": N_(
        "A newer Sameboat made this workspace (format {found}, this one reads {known}); update Sameboat. "
        "Nothing was changed."
    ),
    "corrupt": N_(
        "The database {path} is damaged; nothing was written. "
        "Run `sameboat doctor`, which says what can be saved."
    ),
    "read-only": N_("{path} cannot be written: permission refused or a read-only disk. Nothing was saved."),
    "disk-full": N_("The disk is full; nothing was saved. Make room, then try again. ({path})"),
    "busy": N_("Another program has kept the database busy for too long; try again in a moment. ({path})"),
    "cannot-open": N_("{path} cannot be opened: {why}."),
    "database": N_("The database {path} refused: {why}."),
    "system": N_("The system refused: {why} {path}"),
    "unforeseen": N_(
        "Something unforeseen happened ({what}). What was saved before is safe; the details are in {log}."
    ),
}
FALLBACK = N_("This cannot be done: {code}.")
NEAREST = N_("Did you mean “{nearest}”?")
DASHES = N_("Put -- before words that begin with dashes.")
NOWHERE = N_("no log, for no directory takes one")


class _Params(dict[str, str]):
    """Parameters of a sentence; one that an error does not carry reads as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence(error: StoreError) -> str:
    """Return what happened and what to do next, in the language in use, as one line of plain text.

    The text may quote somebody's words: who shows it neutralises control characters.
    """
    template = SENTENCES.get(error.code, FALLBACK)
    words = _Params(code=error.code)
    for name, value in error.params.items():
        words[name] = _shown(name, value)
    said = _(template).format_map(words).strip()
    if error.params.get("nearest"):
        said += " " + _(NEAREST).format_map(words)
    elif error.params.get("text"):
        said += " " + _(DASHES)
    return said


def _shown(name: str, value: object) -> str:
    if name == "field":
        return field_label(str(value))
    if name == "kind" and str(value) in schema.KINDS:
        return _(schema.KINDS[str(value)].label)
    if name == "log" and not value:
        return _(NOWHERE)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(part) for part in value)
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"


def field_label(name: str) -> str:
    """Return a field's label in the language in use, or its name when no kind has such a field."""
    for kind in schema.KINDS.values():
        if name in kind.fields:
            return _(kind.fields[name].label)
    return name
