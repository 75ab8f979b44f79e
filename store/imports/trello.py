"""A Trello board export becomes columns and rows, one card a row.

The export spreads a card over the board: its list, members and labels are ids, its checklists lie beside the cards, and
its comments and its birthday are only in `actions` (which stop at 1,000). Cards that were deleted live on in actions
alone and are not cards. Archived is what is closed, or lies in a list that is.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from store.imports.objects import MAX_DEPTH, excerpt, fits_depth
from store.imports.source import TRELLO, Column, Person, Problem, Row, Source, clean

ACTION_LIMIT = 1_000
COLUMNS = {
    "name": "title",
    "desc": "description",
    "list": "status",
    "first member": "owner",
    "other members": "participants",
    "labels": "labels",
    "due": "due",
    "start": "start",
    "comments": "comments",
    "checklists": "checks",
    "created": "created",
    "closed": "archived",
    "id": "key",
    "due complete": "custom",
    "attachments": "custom",
    "url": "custom",
}
_COMMENTS = ("commentCard", "copyCommentCard")
_BIRTHS = ("createCard", "copyCard", "emailCard", "convertToCardFromCheckItem", "moveCardToBoard")

JsonObject = dict[str, Any]


def is_board(value: object) -> bool:
    """Return whether a JSON value is a Trello board export."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("cards"), list)
        and isinstance(value.get("lists"), list)
        and ("idOrganization" in value or "actions" in value or "shortLink" in value or "checklists" in value)
    )


def read_board(board: JsonObject, name: str, encoding: str) -> Source:
    """Return the board as columns and rows; a card that is no card is reported by its place in the file."""
    lists = _by_id(board.get("lists"))
    ordered = sorted(lists.values(), key=_position)
    people = _people(board)
    labels = _by_id(board.get("labels"))
    custom = _by_id(board.get("customFields"))
    comments, births = _from_actions(board, people)
    checklists = _checklists(board)
    extra = [_text(part.get("name")) for part in custom.values() if _text(part.get("name"))]
    header = [*COLUMNS, *dict.fromkeys(field for field in extra if field not in COLUMNS)]
    source = Source(
        name=name,
        format=TRELLO,
        encoding=encoding,
        delimiter="",
        columns=[Column(column, (place,)) for place, column in enumerate(header)],
        rows=[],
        problems=[],
        known=dict(COLUMNS),
        tool=TRELLO,
        statuses=[
            _text(part.get("name")) for part in ordered if not part.get("closed") and _text(part.get("name"))
        ],
        people=list(people.values()),
    )
    if len(_objects(board.get("actions"))) >= ACTION_LIMIT:
        source.problems.append(Problem(0, "cut-off", value=f"{ACTION_LIMIT:,}"))
    numbered: list[tuple[int, JsonObject]] = []
    for number, card in enumerate(board["cards"], 1):
        if not isinstance(card, dict):
            source.problems.append(Problem(number, "not-a-record", value=excerpt(card)))
        elif not fits_depth(card):
            source.problems.append(Problem(number, "bad-json", value=f"nested deeper than {MAX_DEPTH}"))
        else:
            numbered.append((number, card))
    order = {_text(part.get("id")): place for place, part in enumerate(ordered)}
    # As the board shows them: list by list, each from the top.
    numbered.sort(
        key=lambda entry: (order.get(_text(entry[1].get("idList")), len(order)), _position(entry[1]))
    )
    for number, card in numbered:
        ident = _text(card.get("id"))
        home = lists.get(_text(card.get("idList")), {})
        members = [people[member].name for member in _texts(card.get("idMembers")) if member in people]
        cells: dict[str, object] = {
            "name": _text(card.get("name")),
            "desc": _text(card.get("desc")),
            "list": _text(home.get("name")),
            "first member": members[:1],
            "other members": members[1:],
            "labels": _labels(card, labels),
            "due": card.get("due"),
            "start": card.get("start"),
            "comments": comments.get(ident, []),
            "checklists": checklists.get(ident) or _entries(_objects(card.get("checklists"))),
            "created": births.get(ident) or _birth_in_id(ident),
            "closed": bool(card.get("closed") or home.get("closed")),
            "id": ident,
            "due complete": "yes" if card.get("dueComplete") else "",
            "attachments": _attachments(card),
            "url": _text(card.get("shortUrl") or card.get("url")),
            **_custom_values(card, custom),
        }
        source.rows.append(Row(number, [cells.get(column) for column in header]))
    return source


def _people(board: JsonObject) -> dict[str, Person]:
    """Return everyone the board names, by id: members, and those who left and only appear in actions."""
    found: dict[str, Person] = {}
    written = [action.get("memberCreator") for action in _objects(board.get("actions"))]
    for member in [*_objects(board.get("members")), *_objects(written)]:
        ident = _text(member.get("id"))
        user = _text(member.get("username"))
        name = _text(member.get("fullName")) or user
        if ident and name and ident not in found:
            found[ident] = Person(name, (user,) if user and user != name else ())
    return found


def _from_actions(
    board: JsonObject, people: dict[str, Person]
) -> tuple[dict[str, list[JsonObject]], dict[str, str]]:
    comments: dict[str, list[JsonObject]] = defaultdict(list)
    births: dict[str, str] = {}
    for action in _objects(board.get("actions")):
        data = action.get("data")
        card = data.get("card") if isinstance(data, dict) else None
        ident = _text(card.get("id")) if isinstance(card, dict) else ""
        if not ident or not isinstance(data, dict):
            continue
        if action.get("type") in _COMMENTS and _text(data.get("text")).strip():
            author = people.get(_text(action.get("idMemberCreator")))
            comments[ident].append(
                {
                    "id": _text(action.get("id")),
                    "author": author.name if author else "",
                    "at": _text(action.get("date")),
                    "text": _text(data.get("text")),
                }
            )
        elif action.get("type") in _BIRTHS:
            at = _text(action.get("date"))
            births[ident] = min(births.get(ident, at), at)
    for said in comments.values():
        said.sort(key=lambda comment: comment["at"])
    return comments, births


def _checklists(board: JsonObject) -> dict[str, list[JsonObject]]:
    by_card: dict[str, list[JsonObject]] = defaultdict(list)
    for checklist in _objects(board.get("checklists")):
        by_card[_text(checklist.get("idCard"))].append(checklist)
    return {card: _entries(checklists) for card, checklists in by_card.items()}


def _entries(checklists: list[JsonObject]) -> list[JsonObject]:
    return [
        {
            "id": _text(entry.get("id")),
            "list": _text(checklist.get("name")),
            "text": _text(entry.get("name")),
            "done": entry.get("state") == "complete",
        }
        for checklist in sorted(checklists, key=_position)
        for entry in sorted(_objects(checklist.get("checkItems")), key=_position)
        if _text(entry.get("name")).strip()
    ]


def _labels(card: JsonObject, board: dict[str, JsonObject]) -> list[str]:
    """Return the card's labels; one without a name is called by its colour."""
    carried = _objects(card.get("labels")) or [
        board[ident] for ident in _texts(card.get("idLabels")) if ident in board
    ]
    names = (_text(label.get("name")).strip() or _text(label.get("color")) for label in carried)
    return list(dict.fromkeys(name for name in names if name))


def _attachments(card: JsonObject) -> list[str]:
    lines = []
    for attachment in _objects(card.get("attachments")):
        name, url = _text(attachment.get("name")), _text(attachment.get("url"))
        lines.append(url if name in ("", url) else f"{name} {url}".strip())
    return lines


def _custom_values(card: JsonObject, fields: dict[str, JsonObject]) -> dict[str, str]:
    values: dict[str, str] = {}
    for item in _objects(card.get("customFieldItems")):
        field = fields.get(_text(item.get("idCustomField")))
        name = _text(field.get("name")) if field else ""
        if not field or not name or name in COLUMNS:
            continue
        value = item.get("value")
        if isinstance(value, dict) and value:
            values[name] = _text(next(iter(value.values())))
        elif item.get("idValue"):
            options = {
                _text(option.get("id")): option.get("value") for option in _objects(field.get("options"))
            }
            chosen = options.get(_text(item["idValue"]))
            values[name] = _text(chosen.get("text")) if isinstance(chosen, dict) else ""
    return values


def _birth_in_id(ident: str) -> str:
    """Return the time that the first eight hex digits of a card's id count since 1970."""
    try:
        seconds = int(ident[:8], 16) if len(ident) == 24 else 0
    except ValueError:
        seconds = 0
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds > 10**9 else ""


def _position(part: JsonObject) -> float:
    at = part.get("pos")
    return float(at) if isinstance(at, int | float) and abs(at) < 1e300 else 0.0


def _objects(value: object) -> list[JsonObject]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _by_id(value: object) -> dict[str, JsonObject]:
    return {_text(part.get("id")): part for part in _objects(value)}


def _texts(value: object) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _text(value: object) -> str:
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
