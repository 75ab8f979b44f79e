"""Errors as sentences: what a person reads when the core refuses, and what they can do next."""

from __future__ import annotations

import re

from store import schema
from tui.i18n import N_, _, listed
from tui.reason_words import reason_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.errors import StoreError
    from store.imports import Problem

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
    "bad-moment": N_("“{value}” is no day and no instant, like 2026-11-20, 上周五 or 2026-11-20T18:00."),
    "one-answer": N_("One answer for one item: --ok, --due DAY, --blocked TEXT or --done."),
    "unknown-report": N_("There is no report “{report}”; there is: quarter."),
    "one-format": N_("One format at a time: {first} or {second}."),
    "unknown-act": N_("“{act}” is nothing one does with a retrospective; there is: {acts}."),
    "no-such-column": N_("There is no column “{column}” here; there is: {columns}."),
    "no-member": N_("This home is nobody's yet; sameboat join says who you are."),
    "no-retro": N_("No retrospective is going on; sameboat retro start “title” begins one."),
    "retro-not-voting": N_("Cards are voted for once they are revealed, and until the retrospective ends."),
    "no-votes-left": N_("All your {votes} votes are given; take one back first."),
    "unseen-card": N_(
        "It is not to be read yet: others' cards are shown when the retrospective is revealed."
    ),
    "unseen-pulse": N_("What somebody answered is not shown; sameboat pulse shows how departments are."),
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
    "bad-query": N_("“{found}” in the query, at character {position}: {expected}."),
    "unfinished-query": N_("The query is not finished: {expected}."),
    "no-view": N_("There is no view “{view}”; `sameboat views` lists them all."),
    "nothing-to-undo": N_("There is nothing of yours to undo."),
    "nothing-to-redo": N_("There is nothing to redo."),
    "bad-text": N_("“{field}” has a character that cannot be kept ({why}); nothing was saved."),
    "unknown-name": N_("“{field}” knows no “{value}”; there is {known}."),
    "wrong-kind": N_("“{what}” is of the kind {kind}, which this cannot be done to."),
    "bad-code": N_("“{value}” cannot begin short ids: letters and digits, a letter first, eight at most."),
    # Meetings
    "no-meeting": N_("No meeting was held yet: `sameboat meeting start` starts one."),
    "no-meeting-runs": N_("No meeting runs: `sameboat meeting start` starts one."),
    "no-such-point": N_("The agenda has no point “{number}”; it has {count}."),
    # The plan of a day
    "no-span": N_("“{value}” is no span of time, like 45, 1h30 or 半小时."),
    "not-picked": N_("“{what}” is not picked for today; `sameboat plan` shows what is."),
    "push-why": N_("This makes {count} times that it is carried over; say why with --why."),
    # What comes again
    "bad-rule": N_(
        "“{text}” is no rule: every mon, every 2 weeks, every 15th, monthly last fri, 每周一 or 每月底 are."
    ),
    "not-recurring": N_('{what} does not come again: `sameboat repeat {what} "every mon"` lets it.'),
    # Dependencies
    "link-self": N_("{item} cannot wait for itself."),
    "link-own-part": N_("{part} is a part of {whole}, so neither can wait for the other."),
    "link-circle": N_("That would close a circle, in which everything waits for itself: {circle}."),
    "link-on-parent": N_(
        "{item} has parts, and they decide when it finishes: link its parts, or its start with FS or SS."
    ),
    "no-own-department": N_("You are in no department: --dept says which one answers."),
    "goal-circle": N_("{goal} cannot lie beneath {parent}, which lies beneath it."),
    "link-in-trash": N_("{item} is in the trash; `sameboat restore {item}` takes it out."),
    "link-ends": N_("A dependency keeps its two items; unlink these and link others."),
    "not-linked": N_("{successor} does not wait for {predecessor}."),
    # Feedback
    "no-message": N_("There is no message {value}; there are {count}."),
    "duplicate-self": N_("{what} cannot be a duplicate of itself."),
    "draft-target": N_("{what} is a private draft, which teammates do not have; share it first."),
    # Conflicts, cases and playbooks
    "conflict-needs-decision": N_(
        "{conflict} has no decision yet: write the one sentence that ends it, then go on "
        "(`sameboat decide {conflict} TEXT`)."
    ),
    "conflict-needs-checks": N_(
        "{conflict} is not checked yet: {sides} still have to say how it is now, 1 to 5 "
        "(`sameboat check {conflict} {example}=4`); then it can be closed."
    ),
    "conflict-needs-parties": N_(
        "Nobody is named as a party of {conflict}: name them, let each check it, then close it."
    ),
    "conflict-needs-person": N_(
        "Say who takes {conflict} up: `sameboat set {conflict} state=escalated escalated_to=NAME`."
    ),
    "conflict-closed": N_("{conflict} is closed: reopen it first, then go on."),
    "conflict-not-settled": N_(
        "{conflict} was never settled, so there is nothing to reopen; go on with it as it is."
    ),
    "not-a-score": N_("“{what}” is not DEPARTMENT=1 to 5, like yf=4."),
    "case-needs-ending": N_(
        "{what} is no case yet: a conflict is one once it is decided, an action once it is verified "
        "(`sameboat set {what} verified=today`)."
    ),
    "playbook-empty": N_("{what} has no steps yet: its checklist holds them."),
    "playbook-needs-steps": N_("{what} does not say what was done, so no playbook can be made of it yet."),
    # Settling
    "nothing-diverges": N_("Nothing diverges in {what}: everybody's versions agree."),
    "several-diverge": N_("Several fields of {what} diverge; name the one to settle: {fields}."),
    "several-versions": N_(
        "There are {count} versions of it, so there is no other one: `sameboat review {what}` shows them with their "
        "numbers, and --take N takes one."
    ),
    "only-texts-merge": N_(
        "Only texts can be merged, and “{field}” is none: --keep, --flip or --take N takes one of the versions, "
        "--value writes another."
    ),
    "no-version": N_("There is no version {number}; there are {count}."),
    "clashes": N_(
        "Both sides changed the same words of {what} ({count} places); "
        "write what holds with --value TEXT, or merge it in the app."
    ),
    "exclusive-options": N_("Only one of these at a time: {options}."),
    # Sharing
    "no-place": N_("There is no place to sync with yet; `sameboat place add FOLDER` adds one."),
    "other-workspace": N_(
        "Another workspace lies in {path}, so nothing was written there; "
        "name your own workspace's folder, or an empty one."
    ),
    "nothing-there": N_(
        "This workspace does not lie in {path} yet, so there is nothing to read; add it without --readonly."
    ),
    "place-known": N_("{place} is a place of this workspace already."),
    "place-written": N_(
        "{place} is a place of this workspace already, which is written to as well; `sameboat place remove` it and add "
        "it again with --readonly."
    ),
    "place-unknown": N_("{place} is no place of this workspace; `sameboat place list` shows them."),
    "unknown-scheme": N_("“{scheme}” is no kind of place; there are folders, and {schemes}."),
    "bad-address": N_("The address that begins with {scheme} is not right: see its {part}."),
    "secret-in-address": N_(
        "An address with a password in it is not taken, for addresses are kept and shown; leave the password out and "
        "put it into the environment or the keyring, as README tells."
    ),
    "no-extra": N_(
        "Reaching servers takes more than is installed here: `pip install 'sameboat[cloud]'` adds it."
    ),
    "no-credentials": N_(
        "Nothing here says who you are to {place}; set {names} in the environment or the keyring, as README tells."
    ),
    "syncing": N_("Another process of this home is syncing; try again in a moment."),
    "no-folder": N_("There is no folder {path}; make it, or mount the drive it lies on."),
    "empty-folder": N_(
        "The name of the folder is empty, as that of a variable that is not set; nothing was done. "
        "Name a folder, or an address."
    ),
    "no-share": N_("No workspace lies in {path}; `sameboat init {path}` puts a new one there."),
    "many-shares": N_("Several workspaces lie in {path}; name the folder of one, sameboat-…"),
    "bad-share": N_("The share {path} cannot be used: {why}."),
    "home-in-share": N_(
        "The workspace itself lies in {path}, where a synchroniser would damage it; "
        "choose another home with `--home DIR`, or another folder."
    ),
    "config-mistaken": N_(
        "Line {line} of {path} is no setting ({why}): set it right first, then keys can be written there."
    ),
    "config-shape": N_("The keys in {path} are written in a way that only you can change: edit it by hand."),
    "cannot-write": N_("{path} cannot be written: {why}."),
    # Invitations and encryption
    "invite-damaged": N_(
        "This is no whole invitation code: letters of it are wrong or missing. Copy it again, all of it."
    ),
    "invite-short": N_(
        "The invitation code is cut off: it has {found} of {expected} letters. Copy it again, all of it."
    ),
    "invite-none": N_("There is no invitation code; paste the one that `sameboat invite` showed a teammate."),
    "invite-newer": N_("A newer Sameboat made this invitation code; update this one, then join again."),
    "invite-needed": N_(
        "The workspace in {path} is encrypted, so joining it takes an invitation: a teammate runs "
        "`sameboat invite`, you run `sameboat join {path} --invite CODE`."
    ),
    "invite-other": N_(
        "This invitation is to another workspace than the one in {path}; "
        "ask for the right code, or name the right folder."
    ),
    "home-other": N_(
        "This home, {home}, holds another workspace than the one of the invitation; nothing was changed. "
        "Join that one in a home of its own: `SAMEBOAT_HOME=DIR sameboat join FOLDER --invite CODE`."
    ),
    "invite-outdated": N_(
        "This invitation is older than the workspace's newest key; "
        "ask a teammate to run `sameboat invite` again. Nothing was joined."
    ),
    "invite-root": N_(
        "The workspace in {path} was not begun by the device that this invitation names, "
        "so it may be a forgery; nothing was joined."
    ),
    "invite-plain": N_(
        "This invitation is to an encrypted workspace, but the folder {path} says it is not encrypted; "
        "somebody may have tampered with it. Nothing was joined."
    ),
    "key-missing": N_(
        "The workspace's key is not here, so nobody can be invited from here; a teammate can run "
        "`sameboat invite`."
    ),
    "no-root": N_("The workspace's first ops have not arrived here yet; sync, then invite."),
    "too-many-keys": N_(
        "This workspace has had as many keys as can be kept; export it, and import that into a new one."
    ),
    # Importing
    "cancelled": N_("Cancelled; nothing was imported."),
    "file-empty": N_("There is nothing to import in the file: no rows, no records."),
    "file-not-json": N_(
        "The file is not valid JSON (line {line}, column {column}: {why}); nothing was imported."
    ),
    "file-not-xml": N_(
        "The file is not valid XML (line {line}, column {column}: {why}); nothing was imported."
    ),
    "file-has-doctype": N_(
        "The file declares a document type, which no plan needs and which could do harm; nothing was imported."
    ),
    "file-is-mpp": N_(
        "{path} is a file of Microsoft Project itself; save it there as XML (File, Save As) and import that."
    ),
    "file-not-text": N_("The file is no text ({kind}); export it as CSV, TSV or JSON and import that."),
    "file-too-large": N_("The file has {size} bytes, and at most {limit} can be imported; split it."),
    "file-too-long": N_("The file has more than {limit} rows; split it."),
    "file-too-wide": N_("The file has more than {limit} columns; is the delimiter right?"),
    "import-outdated": N_("The workspace changed after the preview; nothing was imported. Try again."),
    "no-statuses": N_("There is no status to put items in; add one first."),
    "unknown-column": N_("The file has no column “{column}”."),
    "unknown-encoding": N_("There is no encoding “{encoding}”; usual ones are utf-8 and gb18030."),
    # Devices and their keys
    "no-device": N_("There is no device “{what}”; `sameboat devices` lists them all."),
    "ambiguous-device": N_("“{what}” may be any of these devices: {devices}. Name it by its id."),
    "no-name": N_("A device's name cannot be empty; nothing was changed."),
    "no-key-yet": N_("The key of device {what} has not arrived yet; sync, then try again."),
    "not-approved": N_(
        "This device is not approved itself, so it cannot keep others out. "
        "Approve it from another device first, or do this on the workspace's first device."
    ),
    "unapproved-here": N_(
        "This device waits for approval itself, so nobody would take what it decides; nothing was changed. "
        "These can approve it: {people}."
    ),
    "revoked-here": N_(
        "This device has been revoked, so nobody takes what it decides; nothing was changed. "
        "These can approve it again: {people}."
    ),
    "own-device": N_("This is the device you are working on; revoke it from another one."),
    "bad-keys": N_(
        "This device's keys in {path} cannot be read: {why}. Put the file back from a copy of this home; "
        "without one move it away, and this home goes on as a new device."
    ),
    "older-history": N_(
        "Not everything that happened before {day} is here yet: {missing} older ops are still to come. "
        "Sync, then try again."
    ),
    # Backups
    "no-backup": N_("There is no file {path}; `sameboat restore --list` shows the backups on this machine."),
    "not-a-backup": N_("{path} is no backup of Sameboat. Nothing was changed."),
    "damaged-backup": N_(
        "The backup {path} is damaged ({why}), and nothing was changed. "
        "`sameboat restore --list` shows whether there are others."
    ),
    "other-backup": N_(
        "{path} is a backup of another workspace, “{name}”. Nothing was changed; "
        "`--home DIR` brings it back in a directory of its own."
    ),
    "in-use": N_(
        "Sameboat has this workspace open elsewhere. Close the app and end `sameboat sync --watch`, then try again."
    ),
    "file-exists": N_("{path} exists already, and nothing was written. Choose another name."),
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
    "bad-op": N_("Received data cannot be read ({why}); it was not applied."),
    "gap": N_("Received data begins at {found} where {expected} was expected; it was not applied."),
    "system": N_("The system refused: {why} {path}"),
    "unforeseen": N_(
        "Something unforeseen happened ({what}). What was saved before is safe; the details are in {log}."
    ),
}
# What a field takes, as the core says it.
EXPECTED = (
    N_("text"), N_("a list"), N_("a name"), N_("an id"), N_("a number"), N_("a whole number"), N_("a smaller number"),
    N_("true or false"), N_("a date, YYYY-MM-DD"), N_("a date and time, ISO 8601"), N_("a status"),
    N_("text or a number"), N_("names and values"), N_("another one than itself"),
    N_("a country's code such as CN, US or DE-BY"), N_("a field that holds several values"), N_("an object"),
    N_("an item"),
    N_("a quarter, 2026Q4"), N_("a week, 2026-W48"), N_("a number from 1 to 5"),
)  # fmt: skip
# What a query lacks where it cannot be understood.
QUERY_EXPECTED = {
    "field": N_("there is no such field"),
    "value": N_("a value is missing"),
    "choice": N_("that is none of the choices"),
    "member": N_("there is no such member"),
    "department": N_("there is no such department"),
    "status": N_("there is no such status"),
    "goal": N_("there is no such goal"),
    "customer": N_("there is no such customer"),
    "number": N_("a number is needed"),
    "day": N_("a day is needed, like fri or 2026-12-01"),
    "equality": N_("only : and != fit this field"),
    "condition": N_("a condition is missing"),
    "closing quote": N_("a closing quote is missing"),
    "closing parenthesis": N_("a closing parenthesis is missing"),
    "fewer parentheses": N_("a parenthesis has no partner"),
    "shorter query": N_("it is too long"),
}
# The parts of an address that have no name of their own in it.
ADDRESS_PARTS = {
    "host": N_("server's name"),
    "query": N_("part behind the question mark"),
    "fragment": N_("part behind #"),
    "path": N_("path"),
}
_RANGE = re.compile(r"(\S+) to (\S+)")
NOTHING_FOUND = N_("The query at character {position}: {expected}.")
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
    if error.code == "bad-query" and not error.params.get("found"):
        template = NOTHING_FOUND
    words = _Params(code=error.code)
    for name, value in error.params.items():
        words[name] = _shown(name, value)
    if error.code in ("bad-query", "unfinished-query"):
        _explain_query(words)
    if error.code == "bad-address" and words["part"] in ADDRESS_PARTS:
        words["part"] = _(ADDRESS_PARTS[words["part"]])
    said = _(template).format_map(words).strip()
    if error.params.get("nearest"):
        said += " " + _(NEAREST).format_map(words)
    elif error.params.get("prose"):
        said += " " + _(DASHES)
    return said


def _shown(name: str, value: object) -> str:
    if name == "field":
        return field_label(str(value))
    if name == "kind" and str(value) in schema.KINDS:
        return _(schema.KINDS[str(value)].label)
    if name == "expected":
        return _expected(str(value))
    if name == "why":
        return reason_words(str(value))
    if name == "log" and not value:
        return _(NOWHERE)
    if isinstance(value, (list, tuple, set, frozenset)):
        return listed(str(part) for part in value)
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"


def _explain_query(words: dict[str, str]) -> None:
    expected = words.get("expected", "")
    words["expected"] = _(QUERY_EXPECTED[expected]) if expected in QUERY_EXPECTED else expected
    if words.get("position", "").isdecimal():
        words["position"] = str(int(words["position"]) + 1)


def _expected(text: str) -> str:
    limits = _RANGE.fullmatch(text)
    if limits:
        return _("{low} to {high}").format(low=limits[1], high=limits[2])
    return _(text) if text in EXPECTED else text


def field_label(name: str) -> str:
    """Return a field's label in the language in use, or its name when no kind has such a field."""
    base, slash, key = name.partition("/")
    for kind in (*(schema.KINDS[kind] for kind in schema.BOARD_KINDS), *schema.KINDS.values()):
        if base in kind.fields:
            return f"{_(kind.fields[base].label)} {key}" if slash else _(kind.fields[base].label)
    return name


def problem_words(problem: Problem) -> str:
    """Return in words what an import found about a row of its file."""
    from store.imports import PROBLEMS

    said = _(PROBLEMS[problem.code]).format(column=problem.column, value=problem.value)
    return _("Row {row} {said}").format(row=problem.row, said=said) if problem.row else said
