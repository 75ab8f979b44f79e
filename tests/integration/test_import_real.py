"""Real exports of Trello, Jira, Linear and ZenTao come in without losing a row."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from store import queries, undo
from store.database import Store
from store.imports import ImportReport, Preview, load, preview, read

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = {
    "trello/tapmovies-course.json": 62,
    "trello/tellybox-public.json": 206,
    "jira/pdpapp-labels-sprints.csv": 71,
    "jira/planeso-comments.csv": 22,
    "linear/nordic-shortrows.csv": 28,
    "sheets/zentao-cases-gbk.csv": 352,
    "taskwarrior/dstask.json": 147,
}


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real export {name} is not beside this checkout")
    return path


def board(name: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(real(name).read_text(encoding="utf-8"))
    return whole


def rows(name: str, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(real(name).read_bytes().decode(encoding), newline="")))


def bring_in(store: Store, name: str, **options: Any) -> tuple[Preview, ImportReport]:
    seen = preview(store, read(str(real(name))), zone=datetime.UTC)
    return seen, load(store, seen, **options)


def all_items(store: Store) -> list[dict[str, Any]]:
    return [
        {**(queries.entity_fields(store, "item", ident) or {}), "id": ident, "trashed": trashed}
        for ident, trashed in store.conn.execute("SELECT id, trashed FROM p_item").fetchall()
    ]


def by_key(store: Store) -> dict[str, dict[str, Any]]:
    return {item["source"].split(" ")[0].split(":", 1)[1]: item for item in all_items(store)}


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_every_row_comes_in_once_and_only_once(store: Store, name: str, count: int) -> None:
    seen, report = bring_in(store, name)
    assert (seen.rows, seen.items, seen.creates) == (count, count, count)
    assert (report.created, report.lost) == (count, 0)
    assert len(all_items(store)) == count
    seen, report = bring_in(store, name)
    assert (seen.creates, seen.updates, seen.unchanged) == (0, 0, count)
    assert (report.created, report.updated, report.unchanged) == (0, 0, count)
    undo.undo(store)
    assert queries.matching(store, "item") == []
    assert store.conn.execute("SELECT count(*) FROM p_comment WHERE trashed = 0").fetchone() == (0,)


@pytest.mark.parametrize("name", ["trello/tapmovies-course.json", "trello/tellybox-public.json"])
def test_a_trello_board_is_the_same_board(store: Store, name: str) -> None:
    export = board(name)
    _, report = bring_in(store, name, archived="done")
    names = {status.id: status.title for status in queries.statuses(store)}
    known = {"To Do": "待办", "Doing": "进行中", "Done": "已完成"}
    lists = {part["id"]: part for part in export["lists"]}
    open_cards = [
        card for card in export["cards"] if not card["closed"] and not lists[card["idList"]]["closed"]
    ]
    wanted = Counter(
        known.get(lists[card["idList"]]["name"], lists[card["idList"]]["name"]) for card in open_cards
    )
    wanted["已完成"] += len(export["cards"]) - len(open_cards)
    found = Counter(names[item["status"]] for item in all_items(store))
    assert found == +wanted
    order = [known.get(part["name"], part["name"]) for part in sorted(export["lists"], key=lambda part: part["pos"])
             if not part["closed"]]  # fmt: skip
    assert [title for title in names.values() if title in order] == order
    keyed = by_key(store)
    for card in export["cards"]:
        item = keyed[card["id"]]
        assert item["title"] == " ".join(card["name"].split())
        assert item.get("description", "") == card["desc"].strip()
        assert datetime.datetime.fromisoformat(item["created"]).date().isoformat() >= "2016-09-01"
    comments = [action for action in export["actions"] if action["type"] == "commentCard"]
    assert report.comments == len(comments)
    for action in comments:
        said = queries.comments(store, keyed[action["data"]["card"]["id"]]["id"])
        assert (action["memberCreator"]["fullName"], action["data"]["text"].strip()) in {
            (comment.name, comment.text.strip()) for comment in said
        }


def test_trello_members_labels_and_archive(store: Store) -> None:
    export = board("trello/tapmovies-course.json")
    seen, _ = bring_in(store, "trello/tapmovies-course.json")
    assert seen.archived == 1
    keyed = by_key(store)
    people = {member.id: member.title for member in queries.members(store)}
    full = {member["id"]: member["fullName"] for member in export["members"]}
    for card in export["cards"]:
        item = keyed[card["id"]]
        assert bool(item["trashed"]) == card["closed"]
        members = [full[ident] for ident in card["idMembers"]]
        assert people.get(item.get("owner", ""), "") == (members[0] if members else "")
        assert sorted(people[ident] for ident in item.get("participants", [])) == sorted(members[1:])
        labels = {label["name"] or label["color"] for label in card["labels"]}
        assert set(item.get("labels", [])) == labels


@pytest.mark.parametrize("name", ["jira/pdpapp-labels-sprints.csv", "jira/planeso-comments.csv"])
def test_jira_keeps_labels_sprints_comments_and_parents(store: Store, name: str) -> None:
    header, *lines = rows(name, "utf-8-sig")
    _, report = bring_in(store, name)
    keyed = by_key(store)
    people = {member.id: member.title for member in queries.members(store)}
    places = {column: [at for at, other in enumerate(header) if other == column] for column in header}
    assert report.problems == []
    for line in lines:

        def cells(column: str, line: list[str] = line) -> list[str]:
            return [line[at] for at in places.get(column, []) if line[at]]

        item = keyed[cells("Issue key")[0]]
        assert item["title"] == " ".join(cells("Summary")[0].split())
        assert sorted(item.get("labels", [])) == sorted(set(cells("Labels")))
        assert item["custom"].get("Sprint", "") == "; ".join(cells("Sprint"))
        assert people.get(item.get("owner", ""), "") == "".join(cells("Assignee"))
        assert bool(item.get("due")) == bool(cells("Due date"))
        assert item.get("parent", "") == (keyed[cells("Parent key")[0]]["id"] if cells("Parent key") else "")
        said = queries.comments(store, item["id"])
        assert sorted(comment.text for comment in said) == sorted(
            cell.split(";", 2)[2].strip() for cell in cells("Comment")
        )
        assert not any(comment.name[:1].isdigit() for comment in said), "an account id is shown as a name"


def test_a_jira_label_with_commas_stays_whole(store: Store) -> None:
    bring_in(store, "jira/pdpapp-labels-sprints.csv")
    assert any("audit,logging,compliance" in item.get("labels", []) for item in all_items(store))


def test_linear_rows_that_are_short_are_padded(store: Store) -> None:
    _, *lines = rows("linear/nordic-shortrows.csv", "utf-8")
    seen, report = bring_in(store, "linear/nordic-shortrows.csv")
    assert seen.tool == "linear"
    assert report.problems == []
    keyed = by_key(store)
    words = {"Urgent": 0, "High": 1, "Medium": 2, "Low": 3}
    for line in lines:
        item = keyed[line[0]]
        assert (item["title"], item.get("description", "")) == (line[2], line[3].strip())
        assert item["priority"] == words[line[6]]
        assert item["created"] == datetime.datetime.strptime(line[16][:24], "%a %b %d %Y %H:%M:%S").replace(
            tzinfo=datetime.UTC
        ).isoformat()  # fmt: skip
    assert {len(item.get("description", "")) > 4_000 for item in keyed.values()} == {True, False}


def test_zentao_cases_in_gbk_keep_every_cell(store: Store) -> None:
    header, *lines = rows("sheets/zentao-cases-gbk.csv", "gb18030")
    seen, report = bring_in(store, "sheets/zentao-cases-gbk.csv")
    assert (seen.encoding, seen.tool) == ("gb18030", "zentao")
    assert report.problems == []
    found = Counter(
        (item["title"], item["priority"], tuple(sorted(item["custom"].items()))) for item in all_items(store)
    )
    kept = [at for at, name in enumerate(header) if name not in ("用例标题", "优先级", "关键词")]
    wanted = Counter(
        (
            " ".join(line[header.index("用例标题")].split()),
            int(line[header.index("优先级")]),
            tuple(sorted((header[at], line[at]) for at in kept if line[at].strip())),
        )
        for line in lines
    )
    assert found == wanted


def test_all_of_them_live_in_one_workspace(store: Store) -> None:
    for name in FILES:
        bring_in(store, name)
    assert len(all_items(store)) == sum(FILES.values())
    codes = [member.code for member in queries.members(store)]
    assert len(codes) == len(set(codes))
    for name in reversed(FILES):
        assert bring_in(store, name)[1].created == 0, name
