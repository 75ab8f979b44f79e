"""`sameboat feedback --paste`: the messages of a chat as drafts to look at, and those asked for kept as feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import feedback, queries
from store.change import Change
from store.database import open_store
from store.transcript import read_transcript
from tui.cli.arguments import UsageError
from tui.cli.background import put_away
from tui.cli.input import LIMIT, stdin
from tui.cli.output import is_terminal, narrate, safe, say, say_json
from tui.cli.table import Cell, Column, print_rows
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from store.database import Store
    from store.transcript import Draft, Transcript
    from tui.cli.arguments import Arguments

ALL = "all"


def paste(arguments: Arguments) -> int:
    """Show the messages of a chat with their numbers; with --keep make feedback of those that are named."""
    text, more = _read(arguments)
    store = open_store(arguments.home)
    try:
        found = read_transcript(text, store.today(), channel=arguments.value("channel"))
        if not found.drafts:
            raise UsageError("nothing-to-add")
        if arguments.has("keep"):
            chosen = _chosen(arguments.value("keep"), len(found.drafts))
            _keep(arguments, store, [found.drafts[number - 1] for number in chosen])
        else:
            _show(arguments, found)
        _tell_rest(found, more=more)
    except BaseException:
        store.close()
        raise
    put_away(store, ends=arguments.ends)
    return 0


def _read(arguments: Arguments) -> tuple[str, bool]:
    """Return the text and whether there is more of it than is read; a chat saved in GB18030 is read as well."""
    if len(arguments.operands) > 1:
        raise UsageError(
            "extra-operand", operand=arguments.operands[1], usage="sameboat feedback --paste [FILE]"
        )
    path = arguments.operands[0] if arguments.operands else "-"
    if path == "-":
        data = stdin().read(LIMIT + 1)
    else:
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    more = len(data) > LIMIT
    if more:
        data = data[: data.rfind(b"\n", 0, LIMIT) + 1] or data[:LIMIT]
    try:
        return data.decode("utf-8-sig"), more
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace"), more


def _chosen(text: str, count: int) -> list[int]:
    """Return the numbers that `1,3,5-8` names, each once, in order."""
    if text == ALL:
        return list(range(1, count + 1))
    numbers: set[int] = set()
    for part in text.replace("，", ",").split(","):
        first, dash, last = part.strip().partition("-")
        ends = (first, last if dash else first)
        if not all(end.strip().isascii() and end.strip().isdigit() and len(end) < 9 for end in ends):
            raise UsageError("bad-number", option="--keep", value=text[:60], low=1)
        low, high = (int(end) for end in ends)
        if not 1 <= low <= high <= count:
            raise UsageError("no-message", value=part.strip(), count=count)
        numbers.update(range(low, high + 1))
    return sorted(numbers)


def _show(arguments: Arguments, found: Transcript) -> None:
    if arguments.has("json"):
        for number, draft in enumerate(found.drafts, 1):
            say_json(
                {
                    "number": number, "said_by": draft.said_by or None, "when": draft.when or None,
                    "at": draft.at or None, "channel": draft.channel or None, "text": draft.text,
                }
            )  # fmt: skip
        return
    columns = [
        Column(_("Number")),
        Column(_("Said by"), flexible=True),
        Column(_("When")),
        Column(_("Text"), flexible=True),
    ]
    print_rows(
        columns,
        (
            [
                Cell(str(number)),
                Cell(draft.said_by),
                Cell(draft.at.replace("T", " ") or draft.when),
                Cell(_line(draft)),
            ]
            for number, draft in enumerate(found.drafts, 1)
        ),
    )
    narrate(_("Nothing is kept yet: --keep all, or --keep 1,3-5, keeps messages as feedback."))


def _line(draft: Draft) -> str:
    return " ".join(draft.text.split()) if is_terminal() else draft.text


def _keep(arguments: Arguments, store: Store, drafts: list[Draft]) -> None:
    with Change(store, "add") as made:
        ids = feedback.keep_drafts(made, drafts, private=arguments.has("private"))
        made.detail = ", ".join(made.shorts[ent] for ent in ids[:6])
    for ent, draft in zip(ids, drafts, strict=True):
        short = made.shorts[ent]
        if arguments.has("json"):
            fields = queries.entity_fields(store, "feedback", ent) or {}
            say_json({"ok": True, "id": short, "entity": ent, "kind": "feedback", "fields": fields})
        else:
            say(short)
        narrate(safe(f"{short}  {feedback.title_of(draft.text)}"))


def _tell_rest(found: Transcript, *, more: bool) -> None:
    if found.rest or more:
        lines = found.rest.count("\n") + 1
        said = ngettext(
            "{count} line behind the last message was not read; paste it by itself.",
            "{count} lines behind the last message were not read; paste them by themselves.",
            lines,
        ).format(count=lines)
        narrate(said if not more else _("The rest of the file was not read: it is too long for one paste."))
