"""A Trello board: what the export scatters comes together on the card."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from store.errors import StoreError
from store.imports.detect import read_bytes
from store.imports.drafts import Draft, Entry, Remark
from store.imports.mapping import map_columns
from store.imports.rows import read_rows
from store.imports.source import Source

CARD = "59d5778cfd17b8bbb24cce52"


def board(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": "b", "name": "Apollo", "idOrganization": None,
        "lists": [
            {"id": "l2", "name": "Doing", "closed": False, "pos": 2},
            {"id": "l1", "name": "To Do", "closed": False, "pos": 1},
            {"id": "l3", "name": "Old", "closed": True, "pos": 3},
        ],
        "members": [
            {"id": "m1", "fullName": "Eric Medlock", "username": "ericm"},
            {"id": "m2", "fullName": "李雷", "username": "lilei"},
        ],
        "labels": [{"id": "x1", "name": "", "color": "red"}, {"id": "x2", "name": "bug, urgent", "color": "blue"}],
        "checklists": [], "actions": [], "cards": [],
    }  # fmt: skip
    return {**whole, **changes}


def card(**changes: Any) -> dict[str, Any]:
    return {"id": CARD, "name": "RabbitMQ", "idList": "l1", "closed": False, "pos": 1, **changes}


def read_board(whole: dict[str, Any]) -> Source:
    return read_bytes(json.dumps(whole).encode(), "board.json")


def drafts(whole: dict[str, Any]) -> list[Draft]:
    source = read_board(whole)
    return read_rows(source, map_columns(source), datetime.UTC).drafts


def one(**changes: Any) -> Draft:
    [draft] = drafts(board(cards=[card(**changes)]))
    return draft


def test_a_board_is_recognised_and_its_open_lists_are_the_workflow_in_order() -> None:
    source = read_board(board(cards=[card()]))
    assert (source.format, source.tool) == ("trello", "trello")
    assert source.statuses == ["To Do", "Doing"]


def test_the_first_member_owns_and_the_others_take_part() -> None:
    draft = one(idMembers=["m2", "m1", "gone"])
    assert draft.owner == "李雷"
    assert draft.participants == ["Eric Medlock"]


def test_a_label_without_a_name_is_called_by_its_colour_and_commas_stay() -> None:
    assert one(labels=[{"name": "", "color": "red"}, {"name": "bug, urgent"}]).labels == [
        "red",
        "bug, urgent",
    ]
    assert one(idLabels=["x1", "x2", "nowhere"]).labels == ["red", "bug, urgent"]


def test_created_comes_from_the_action_or_else_from_the_id() -> None:
    action = {"type": "createCard", "date": "2017-10-05T00:06:37.000Z", "data": {"card": {"id": CARD}}}
    [dated] = drafts(board(cards=[card()], actions=[action]))
    assert dated.created == "2017-10-05T00:06:37+00:00"
    assert one().created == "2017-10-05T00:06:36+00:00"
    assert one(id="short").created == ""


def test_comments_keep_author_time_and_order() -> None:
    def said(text: str, at: str, by: str) -> dict[str, Any]:
        return {
            "id": at, "type": "commentCard", "date": at, "idMemberCreator": by,
            "memberCreator": {"id": by, "fullName": "Left Long Ago"}, "data": {"text": text, "card": {"id": CARD}},
        }  # fmt: skip

    later = said("second\nline", "2017-12-18T05:52:20.757Z", "m1")
    first = said("first", "2017-12-01T05:52:20.757Z", "m9")
    [draft] = drafts(board(cards=[card()], actions=[later, first]))
    assert draft.comments == [
        Remark("Left Long Ago", "2017-12-01T05:52:20+00:00", "first", "2017-12-01T05:52:20.757Z"),
        Remark("Eric Medlock", "2017-12-18T05:52:20+00:00", "second\nline", "2017-12-18T05:52:20.757Z"),
    ]


def test_checklists_are_in_order_with_their_names() -> None:
    lists = [
        {"id": "c2", "idCard": CARD, "name": "Later", "pos": 2, "checkItems": [{"id": "i3", "name": "ship"}]},
        {
            "id": "c1", "idCard": CARD, "name": "Now", "pos": 1,
            "checkItems": [
                {"id": "i2", "name": "test", "state": "complete", "pos": 2},
                {"id": "i1", "name": "write", "state": "incomplete", "pos": 1},
            ],
        },
    ]  # fmt: skip
    [draft] = drafts(board(cards=[card()], checklists=lists))
    assert draft.checks == [
        Entry("Now", "write", False, "i1"), Entry("Now", "test", True, "i2"), Entry("Later", "ship", False, "i3"),
    ]  # fmt: skip


@pytest.mark.parametrize(("closed", "home"), [(True, "l1"), (False, "l3"), (True, "l3")])
def test_a_closed_card_or_list_is_archived(closed: bool, home: str) -> None:
    assert one(closed=closed, idList=home).archived
    assert not one().archived


def test_deleted_cards_are_not_cards() -> None:
    gone = {
        "type": "deleteCard",
        "date": "2017-10-06T00:00:00Z",
        "data": {"card": {"id": "dead", "idShort": 3}},
    }
    assert len(drafts(board(cards=[card()], actions=[gone]))) == 1


def test_cards_come_list_by_list_from_the_top() -> None:
    cards = [
        card(id="a", name="third", idList="l2", pos=1), card(id="b", name="second", pos=9), card(id="c", name="first"),
    ]  # fmt: skip
    assert [draft.title for draft in drafts(board(cards=cards))] == ["first", "second", "third"]


def test_due_links_attachments_and_custom_fields_are_kept() -> None:
    fields = [
        {"id": "f1", "name": "Points", "type": "number"},
        {"id": "f2", "name": "Size", "type": "list", "options": [{"id": "o1", "value": {"text": "XL"}}]},
    ]
    values = [
        {"idCustomField": "f1", "value": {"number": "5"}},
        {"idCustomField": "f2", "value": None, "idValue": "o1"},
    ]
    attached = [{"name": "spec.pdf", "url": "https://x/spec.pdf"}, {"name": "https://y", "url": "https://y"}]
    whole = board(
        customFields=fields,
        cards=[
            card(
                due="2017-11-01T12:00:00.000Z", dueComplete=True, shortUrl="https://trello.com/c/1",
                attachments=attached, customFieldItems=values,
            )
        ],
    )  # fmt: skip
    [draft] = drafts(whole)
    assert draft.due == "2017-11-01"
    assert draft.custom == {
        "due complete": "yes", "url": "https://trello.com/c/1",
        "attachments": "spec.pdf https://x/spec.pdf; https://y", "Points": "5", "Size": "XL",
    }  # fmt: skip


def test_what_is_not_a_card_is_reported_and_the_rest_read() -> None:
    source = read_board(board(cards=[card(), "nonsense", None, card(id="b")]))
    assert len(source.rows) == 2
    assert [(problem.row, problem.code) for problem in source.problems] == [
        (2, "not-a-record"),
        (3, "not-a-record"),
    ]


def test_a_card_without_a_name_is_named_by_what_it_says() -> None:
    assert one(name="", desc="First line\nsecond").title == "First line"
    assert one(name="", desc="").title == CARD


def test_an_export_that_stopped_at_a_thousand_actions_says_so() -> None:
    action = {"type": "updateCard", "data": {}}
    source = read_board(board(cards=[card()], actions=[action] * 1_000))
    assert [problem.code for problem in source.problems] == ["cut-off"]
    assert source.problems[0].row == 0


def test_parts_of_the_wrong_type_are_taken_as_absent() -> None:
    whole = board(
        members="x", labels=None, checklists={"a": 1}, actions=[1, {"type": "commentCard", "data": 3}], customFields=7,
        cards=[
            card(
                name=5, desc=["x"], idMembers={"a": 1}, labels=[1, None], attachments="no", due=["?"], pos="top",
                customFieldItems=[{"idCustomField": []}], checklists=[{"checkItems": 3}],
            )
        ],
    )  # fmt: skip
    [draft] = drafts(whole)
    assert draft.title == "5"


def test_a_broken_board_is_one_error() -> None:
    with pytest.raises(StoreError, match="file-not-json"):
        read_bytes(json.dumps(board(cards=[card()])).encode()[:-5], "board.json")
