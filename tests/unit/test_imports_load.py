"""An import is one change: previewed before, undone after, and repeated without doubling anything."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from store import commands, queries, undo
from store.database import Store
from store.errors import StoreError
from store.export import export_lines
from store.imports import ImportReport, Preview, Source, load, preview, read_bytes
from tests.conftest import exchange

UTC = datetime.UTC
HEADER = [
    "编号",
    "标题",
    "状态",
    "负责人",
    "参与人",
    "优先级",
    "截止时间",
    "标签",
    "描述",
    "来源",
    "归档",
    "评论",
    "清单",
]
FIRST = [
    "T-1",
    "结账页改版",
    "进行中",
    "李雷",
    "韩梅",
    "高",
    "2026-12-01",
    "支付、ux",
    "旧",
    "客户",
    "",
    "先看",
    "- [ ] 写",
]
SECOND = ["T-2", "支付接口联调", "待办", "韩梅", "", "2", "", "", "", "", "", "", ""]


def sheet(*rows: list[str], header: list[str] = HEADER) -> Source:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return read_bytes(text.getvalue().encode(), "任务.csv")


def changed(row: list[str], **cells: str) -> list[str]:
    return [cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True)]


def bring_in(store: Store, source: Source, **options: Any) -> ImportReport:
    return load(store, preview(store, source, zone=UTC), **options)


def items(store: Store) -> dict[str, queries.Card]:
    return {card.title: card for card in queries.matching(store, "item")}


def fields(store: Store, title: str) -> dict[str, Any]:
    found = queries.entity_fields(store, "item", items(store)[title].id)
    assert found is not None
    return found


def status_of(store: Store, title: str) -> str:
    names = {status.id: status.title for status in queries.statuses(store)}
    return names[items(store)[title].status]


def member_names(store: Store) -> dict[str, str]:
    return {member.id: member.title for member in queries.members(store)}


# What is previewed


def test_a_preview_says_what_would_happen_and_writes_nothing(store: Store) -> None:
    before = list(export_lines(store))
    seen = preview(store, sheet(FIRST, changed(SECOND, 状态="Garden")), zone=UTC)
    assert (seen.rows, seen.items, seen.creates, seen.updates, seen.unchanged) == (2, 2, 2, 0, 0)
    assert (seen.comments, seen.checks, seen.archived) == (1, 1, 0)
    assert (seen.format, seen.encoding, seen.delimiter, seen.name) == ("csv", "utf-8", ",", "任务.csv")
    columns = {column.column: column for column in seen.columns}
    assert (columns["标题"].field, columns["标题"].filled) == ("title", 2)
    assert columns["标题"].samples == ("结账页改版", "支付接口联调")
    assert (columns["来源"].field, columns["来源"].how, columns["来源"].filled) == ("custom", "default", 1)
    assert [(match.name, match.title, match.created, match.category) for match in seen.statuses] == [
        ("Garden", "Garden", True, "todo"), ("进行中", "进行中", False, "doing"),
    ]  # fmt: skip
    assert [(match.name, match.created, match.code, match.uses) for match in seen.people] == [
        ("韩梅", True, "hm", 2), ("李雷", True, "ll", 1),
    ]  # fmt: skip
    assert seen.labels == [("支付", 1), ("ux", 1)]
    assert list(export_lines(store)) == before


def test_broken_rows_are_listed_with_their_numbers(store: Store) -> None:
    source = read_bytes(b'title,due\na,2026-01-01\n"b\n,2026-01-02\nc,2026-02-31\n', "x.csv")
    seen = preview(store, source)
    assert (seen.rows, seen.items) == (4, 2)
    assert [problem.row for problem in seen.lost] == [3, 4]
    report = load(store, seen)
    assert (report.created, report.lost) == (2, 2)
    assert [(problem.row, problem.code) for problem in report.problems] == [
        (3, "unclosed-quote"), (4, "no-content"), (5, "not-a-date"),
    ]  # fmt: skip
    assert str(report.problems[0]) == "row 3: opens a quote that is never closed"
    assert set(items(store)) == {"a", "c"}


# What is written


def test_a_sheet_becomes_items_with_everything_it_says(store: Store) -> None:
    report = bring_in(store, sheet(FIRST, SECOND))
    assert (report.created, report.comments, report.checks, report.people, report.statuses) == (2, 1, 1, 2, 0)
    first = fields(store, "结账页改版")
    names = member_names(store)
    assert status_of(store, "结账页改版") == "进行中"
    assert names[first["owner"]] == "李雷"
    assert [names[ident] for ident in first["participants"]] == ["韩梅"]
    assert (first["priority"], first["due"], first["description"]) == (1, "2026-12-01", "旧")
    assert sorted(first["labels"]) == ["ux", "支付"]
    assert first["custom"] == {"来源": "客户"}
    assert first["source"].startswith("table:T-1 ")
    card = items(store)["结账页改版"]
    assert [(comment.text, comment.name) for comment in queries.comments(store, card.id)] == [
        ("先看", "任务.csv")
    ]
    assert [(check.title, check.done) for check in queries.checks(store, card.id)] == [("写", False)]


def test_items_keep_the_order_of_the_file_below_what_is_there(store: Store) -> None:
    todo = queries.statuses(store)[0].id
    commands.create(store, "item", {"title": "here first", "status": todo})
    bring_in(store, sheet(*(changed(SECOND, 编号=f"T-{n}", 标题=f"row {n}") for n in range(30))))
    assert [card.title for card in queries.cards(store, todo)] == [
        "here first",
        *(f"row {n}" for n in range(30)),
    ]


def test_a_missing_status_is_created_where_it_stands_in_the_file(store: Store) -> None:
    names = ["Ideas", "To Do", "Design", "Doing", "Done", "Meeting Time"]
    board = {
        "cards": [{"id": f"{n:024x}", "name": name, "idList": name} for n, name in enumerate(names)],
        "lists": [{"id": name, "name": name, "pos": n} for n, name in enumerate([*names, "Empty"])],
        "actions": [],
    }
    report = bring_in(store, read_bytes(json.dumps(board).encode(), "board.json"))
    assert report.statuses == 4
    assert [(status.title, status.category) for status in queries.statuses(store)] == [
        ("Ideas", "todo"), ("待办", "todo"), ("Design", "todo"), ("进行中", "doing"), ("评审中", "doing"),
        ("已完成", "done"), ("Meeting Time", "todo"), ("Empty", "todo"),
    ]  # fmt: skip


def test_departments_are_matched_by_alias_or_created(store: Store) -> None:
    report = bring_in(store, sheet(["a", "R&D"], ["b", "技术"], ["c", "法务"], header=["标题", "部门"]))
    assert report.departments == 1
    names = {department.id: department.title for department in queries.departments(store)}
    assert [names[items(store)[title].department] for title in "abc"] == ["研发", "研发", "法务"]


def test_parents_are_linked_by_key_by_id_or_by_title(store: Store) -> None:
    header = ["key", "id", "title", "parent"]
    rows = [["A-1", "101", "Epic", ""], ["A-2", "102", "by key", "A-1"], ["A-3", "103", "by id", "101"]]
    rows += [
        ["A-4", "104", "by title", "Epic"],
        ["A-5", "105", "lost", "A-99"],
        ["A-6", "106", "self", "A-6"],
    ]
    report = bring_in(store, sheet(*rows, header=header))
    epic = items(store)["Epic"].id
    assert [fields(store, title).get("parent") for title in ("by key", "by id", "by title")] == [epic] * 3
    assert fields(store, "lost")["custom"]["parent"] == "A-99"
    assert [(problem.row, problem.code) for problem in report.problems] == [
        (6, "no-parent"),
        (7, "own-parent"),
    ]


def test_parents_in_a_circle_lose_one_edge_and_no_row(store: Store) -> None:
    report = bring_in(
        store,
        sheet(
            ["A-1", "x", "A-2"], ["A-2", "y", "A-3"], ["A-3", "z", "A-1"], header=["key", "title", "parent"]
        ),
    )
    assert report.created == 3
    assert [problem.code for problem in report.problems] == ["own-parent"]


def test_a_parent_may_come_from_an_earlier_file(store: Store) -> None:
    bring_in(store, sheet(["A-1", "Epic", ""], header=["key", "title", "parent"]))
    bring_in(store, sheet(["A-2", "child", "A-1"], header=["key", "title", "parent"]))
    assert fields(store, "child")["parent"] == items(store)["Epic"].id


def test_original_dates_and_authors_are_kept(store: Store) -> None:
    data = [
        {
            "id": "A-1", "title": "a", "created": "2024-05-06T07:08:09+08:00",
            "comments": [
                {"author": "Left Long Ago", "at": "2024-06-01T00:00:00Z", "text": "second"},
                {"author": "林平", "at": "2024-05-07T00:00:00Z", "text": "first"},
            ],
        }
    ]  # fmt: skip
    bring_in(store, read_bytes(json.dumps(data).encode(), "x.json"))
    card = items(store)["a"]
    assert fields(store, "a")["created"] == "2024-05-06T07:08:09+08:00"
    assert [(said.name, said.text) for said in queries.comments(store, card.id)] == [
        ("林平", "first"), ("Left Long Ago", "second"),
    ]  # fmt: skip


# Archived


@pytest.mark.parametrize("comment", ["", "words"])
def test_archived_rows_go_to_the_trash(store: Store, comment: str) -> None:
    report = bring_in(store, sheet(changed(FIRST, 归档="是", 评论=comment), SECOND))
    assert report.created == 2
    assert set(items(store)) == {"支付接口联调"}
    trashed = store.conn.execute("SELECT title, banner FROM p_item WHERE trashed = 1").fetchall()
    assert trashed == [("结账页改版", 0)]


def test_archived_rows_count_as_done_when_chosen(store: Store) -> None:
    bring_in(store, sheet(changed(FIRST, 归档="是"), SECOND), archived="done")
    assert status_of(store, "结账页改版") == "已完成"


def test_archived_rows_are_left_out_when_chosen(store: Store) -> None:
    report = bring_in(store, sheet(changed(FIRST, 归档="是"), SECOND), archived="skip")
    assert (report.created, report.skipped) == (1, 1)
    assert set(items(store)) == {"支付接口联调"}
    assert "李雷" not in member_names(store).values()


def test_archived_later_follows_and_so_does_coming_back(store: Store) -> None:
    bring_in(store, sheet(FIRST))
    report = bring_in(store, sheet(changed(FIRST, 归档="是")))
    assert (report.updated, set(items(store))) == (1, set())
    assert bring_in(store, sheet(changed(FIRST, 归档="是"))).unchanged == 1
    news = bring_in(store, sheet(changed(FIRST, 归档="是", 描述="new words in the trash")))
    assert (news.updated, set(items(store))) == (1, set())
    bring_in(store, sheet(changed(FIRST, 描述="back")))
    assert fields(store, "结账页改版")["description"] == "back"


# Importing again


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    bring_in(store, sheet(FIRST, SECOND))
    before = store.conn.execute("SELECT count(*) FROM op").fetchone()
    seen = preview(store, sheet(FIRST, SECOND), zone=UTC)
    assert (seen.creates, seen.updates, seen.unchanged) == (0, 0, 2)
    report = load(store, seen)
    assert (report.unchanged, report.created, report.updated) == (2, 0, 0)
    assert store.conn.execute("SELECT count(*) FROM op").fetchone() == before


def test_news_of_the_file_is_written_and_nothing_else(store: Store) -> None:
    bring_in(store, sheet(FIRST, SECOND))
    card = items(store)["结账页改版"]
    commands.set_fields(store, [card.id], {"description": "my own words", "priority": 4})
    commands.add_to(store, [card.id], "labels", ["mine"])
    report = bring_in(
        store, sheet(changed(FIRST, 截止时间="2026-12-24", 标签="支付、新", 来源="老板"), SECOND)
    )
    assert (report.updated, report.unchanged) == (1, 1)
    now = fields(store, "结账页改版")
    assert (now["description"], now["priority"]) == ("my own words", 4)
    assert now["due"] == "2026-12-24"
    assert sorted(now["labels"]) == ["mine", "支付", "新"]
    assert now["custom"] == {"来源": "老板"}


def test_moving_there_and_back_in_the_file_moves_here(store: Store) -> None:
    for status in ("待办", "进行中", "待办", "已完成", "待办"):
        bring_in(store, sheet(changed(FIRST, 状态=status)))
        assert status_of(store, "结账页改版") == status


def test_a_move_made_here_survives_an_export_that_did_not_move(store: Store) -> None:
    bring_in(store, sheet(FIRST))
    done = queries.statuses(store)[-1].id
    commands.move(store, [items(store)["结账页改版"].id], done)
    bring_in(store, sheet(changed(FIRST, 描述="new")))
    assert status_of(store, "结账页改版") == "已完成"
    assert fields(store, "结账页改版")["description"] == "new"


def test_what_the_file_no_longer_says_is_cleared_only_where_it_was_not_edited(store: Store) -> None:
    bring_in(store, sheet(FIRST))
    card = items(store)["结账页改版"]
    commands.set_fields(store, [card.id], {"due": "2027-01-01", "custom": {"来源": "edited"}})
    emptied = changed(FIRST, 负责人="", 参与人="", 优先级="", 截止时间="", 标签="", 描述="", 来源="")
    bring_in(store, sheet(emptied))
    now = fields(store, "结账页改版")
    assert set(now) & {"owner", "participants", "priority", "labels", "description"} == set()
    assert now["due"] == "2027-01-01"
    assert now["custom"] == {"来源": "edited"}


def test_people_change_with_the_file(store: Store) -> None:
    bring_in(store, sheet(FIRST))
    bring_in(store, sheet(changed(FIRST, 负责人="韩梅", 参与人="李雷、王芳")))
    names = member_names(store)
    now = fields(store, "结账页改版")
    assert names[now["owner"]] == "韩梅"
    assert sorted(names[ident] for ident in now["participants"]) == sorted(["李雷", "王芳"])
    assert len(names) == 4


def test_comments_and_checks_are_added_never_doubled_and_ticked_off(store: Store) -> None:
    def board(texts: list[str], done: bool) -> Source:
        data = [
            {
                "id": "A-1", "title": "a", "comments": [{"text": text, "id": text} for text in texts],
                "checklist": [{"text": "write", "done": done}, {"text": "test"}],
            }
        ]  # fmt: skip
        return read_bytes(json.dumps(data).encode(), "x.json")

    bring_in(store, board(["one"], done=False))
    report = bring_in(store, board(["one", "two"], done=True))
    assert (report.updated, report.comments, report.checks) == (1, 1, 0)
    card = items(store)["a"]
    assert [said.text for said in queries.comments(store, card.id)] == ["one", "two"]
    assert [(check.title, check.done) for check in queries.checks(store, card.id)] == [
        ("write", True),
        ("test", False),
    ]
    commands.set_fields(store, [queries.checks(store, card.id)[1].id], {"done": True})
    bring_in(store, board(["one", "two", "three"], done=True))
    assert all(check.done for check in queries.checks(store, card.id))


def test_an_item_in_the_trash_stays_there(store: Store) -> None:
    bring_in(store, sheet(FIRST, SECOND))
    commands.trash(store, [items(store)["结账页改版"].id])
    assert bring_in(store, sheet(FIRST, SECOND)).skipped == 1
    report = bring_in(store, sheet(changed(FIRST, 描述="new"), SECOND))
    assert (report.skipped, report.unchanged) == (1, 1)
    assert [(problem.row, problem.code) for problem in report.problems] == [(2, "in-trash")]
    assert set(items(store)) == {"支付接口联调"}


def test_a_renamed_status_and_member_are_still_the_ones(store: Store) -> None:
    bring_in(store, sheet(changed(FIRST, 状态="Garden")))
    [garden] = [status for status in queries.statuses(store) if status.title == "Garden"]
    [person] = [member for member in queries.members(store) if member.title == "李雷"]
    commands.set_fields(store, [garden.id], {"title": "Orchard"})
    commands.set_fields(store, [person.id], {"title": "李磊"})
    report = bring_in(
        store, sheet(changed(FIRST, 状态="Garden"), changed(SECOND, 状态="Garden", 负责人="李雷"))
    )
    assert (report.statuses, report.people) == (0, 0)
    assert status_of(store, "支付接口联调") == "Orchard"
    assert member_names(store)[fields(store, "支付接口联调")["owner"]] == "李磊"


def test_rows_without_a_key_are_known_by_title_time_and_count(store: Store) -> None:
    header = ["标题", "描述", "创建时间"]
    rows = [["周会", "a", ""], ["周会", "b", ""], ["复盘", "c", "2026-01-01"], ["复盘", "d", "2026-02-01"]]
    assert bring_in(store, sheet(*rows, header=header)).created == 4
    again = bring_in(store, sheet(*rows, ["周会", "e", ""], header=header))
    assert (again.created, again.unchanged) == (1, 4)


def test_numbers_of_another_file_are_not_these_rows(store: Store) -> None:
    header = ["ID", "Title", "Status"]
    bring_in(store, sheet(["1", "apples", "Todo"], ["2", "pears", "Todo"], header=header))
    other = bring_in(store, sheet(["1", "bolts", "Todo"], ["2", "nuts", "Todo"], header=header))
    assert (other.created, other.updated) == (2, 0)
    for rows in (["1", "apples", "Done"], ["1", "bolts", "Done"]):
        report = bring_in(store, sheet(rows, header=header))
        assert (report.created, report.updated) == (0, 1)
    assert len(items(store)) == 4


def test_a_longer_export_with_another_column_is_still_the_same_file(store: Store) -> None:
    rows = [[str(n), f"title {n}"] for n in range(10)]
    bring_in(store, sheet(*rows, header=["ID", "Title"]))
    again = bring_in(
        store, sheet(*([*row, "new"] for row in rows), ["10", "more", "x"], header=["ID", "Title", "Note"])
    )
    assert (again.created, again.updated) == (1, 10)


def test_a_key_that_stands_twice_makes_two_items_and_a_report(store: Store) -> None:
    report = bring_in(store, sheet(["A-1", "a"], ["A-1", "b"], header=["ID", "Title"]))
    assert report.created == 2
    assert [(problem.row, problem.code, problem.value) for problem in report.problems] == [
        (3, "repeated-key", "A-1")
    ]
    assert bring_in(store, sheet(["A-1", "a"], ["A-1", "b"], header=["ID", "Title"])).unchanged == 2


def test_an_item_with_hundreds_of_custom_fields_is_remembered(store: Store) -> None:
    header = ["ID", "Title", *(f"c{n}" for n in range(600))]
    row = ["A-1", "wide", *(f"v{n}" for n in range(600))]
    bring_in(store, sheet(row, header=header))
    assert bring_in(store, sheet(row, header=header)).unchanged == 1
    assert bring_in(store, sheet([*row[:-1], "new"], header=header)).updated == 1
    assert fields(store, "wide")["custom"]["c599"] == "new"


# Undo


def test_one_undo_takes_the_whole_import_back(store: Store) -> None:
    before = [line for line in export_lines(store)]
    bring_in(
        store, sheet(changed(FIRST, 状态="Garden", 评论="x"), SECOND, changed(SECOND, 编号="T-3", 归档="是"))
    )
    undone = undo.undo(store)
    assert undone.detail == "import 任务.csv"
    assert items(store) == {}
    assert [status.title for status in queries.statuses(store)] == ["待办", "进行中", "评审中", "已完成"]
    assert len(queries.members(store)) == 1
    assert len(before) > 0
    undo.redo(store)
    assert set(items(store)) == {"结账页改版", "支付接口联调"}


def test_an_undone_import_can_be_made_again(store: Store) -> None:
    source = sheet(changed(FIRST, 状态="Garden"), changed(SECOND, 归档="是"))
    bring_in(store, source)
    undo.undo(store)
    assert preview(store, source, zone=UTC).creates == 2
    report = bring_in(store, source)
    assert (report.created, report.comments, report.checks) == (2, 1, 1)
    assert status_of(store, "结账页改版") == "Garden"
    assert len(queries.comments(store, items(store)["结账页改版"].id)) == 1
    assert set(items(store)) == {"结账页改版"}
    undo.undo(store)
    assert items(store) == {}


def test_an_undone_update_can_be_made_again(store: Store) -> None:
    bring_in(store, sheet(FIRST))
    bring_in(store, sheet(changed(FIRST, 描述="new", 标签="新")))
    undo.undo(store)
    assert fields(store, "结账页改版")["description"] == "旧"
    assert bring_in(store, sheet(changed(FIRST, 描述="new", 标签="新"))).updated == 1
    assert fields(store, "结账页改版")["description"] == "new"
    assert fields(store, "结账页改版")["labels"] == ["新"]


# Long files, interruptions, races


def test_progress_is_told_to_the_end_and_cancelling_leaves_nothing(store: Store) -> None:
    source = sheet(*(changed(SECOND, 编号=f"T-{n}") for n in range(200)))
    told: list[tuple[int, int]] = []
    seen = preview(store, source, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 400)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    before = list(export_lines(store))
    told.clear()
    with pytest.raises(StoreError, match="cancelled"):
        load(
            store,
            seen,
            progress=lambda done, total: told.append((done, total)),
            cancelled=lambda: len(told) > 2,
        )
    assert list(export_lines(store)) == before
    told.clear()
    load(store, seen, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (200, 200)


def test_a_preview_cannot_be_loaded_twice(store: Store) -> None:
    seen: Preview = preview(store, sheet(FIRST))
    load(store, seen)
    with pytest.raises(StoreError, match="import-outdated"):
        load(store, seen)
    assert len(items(store)) == 1


def test_a_file_without_rows_imports_nothing(store: Store) -> None:
    report = bring_in(store, sheet())
    assert (report.created, report.problems) == (0, [])
    assert not report.changes


def test_a_workspace_without_a_done_status_says_so_before_anything_is_written(store: Store) -> None:
    for status in queries.statuses(store):
        if status.category == "done":
            commands.trash(store, [status.id])
    with pytest.raises(StoreError, match="no-statuses"):
        bring_in(store, sheet(changed(FIRST, 归档="是")), archived="done")
    assert items(store) == {}


# Teammates


def test_two_replicas_that_import_the_same_file_have_it_once(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("韩梅")
    rows = [changed(FIRST, 状态="Garden"), SECOND, ["", "无编号", *SECOND[2:]]]
    bring_in(store, sheet(*rows))
    bring_in(other, sheet(*rows))
    exchange(store, other)
    for replica in (store, other):
        assert set(items(replica)) == {"结账页改版", "支付接口联调", "无编号"}
        assert replica.conn.execute("SELECT count(*) FROM p_item").fetchone() == (3,)
        assert [status.title for status in queries.statuses(replica)].count("Garden") == 1
        assert sorted(member_names(replica).values()) == sorted(["林平", "韩梅", "李雷"])
        card = items(replica)["结账页改版"]
        assert [said.text for said in queries.comments(replica, card.id)] == ["先看"]
        assert len(queries.checks(replica, card.id)) == 1


def test_a_teammate_may_import_the_next_export(store: Store, teammate: Callable[[str], Store]) -> None:
    bring_in(store, sheet(FIRST, SECOND))
    other = teammate("韩梅")
    commands.set_fields(other, [items(other)["结账页改版"].id], {"description": "mine"})
    report = bring_in(other, sheet(changed(FIRST, 截止时间="2026-12-31"), SECOND))
    assert (report.updated, report.unchanged, report.created) == (1, 1, 0)
    assert fields(other, "结账页改版")["description"] == "mine"
    exchange(store, other)
    assert fields(store, "结账页改版")["due"] == "2026-12-31"
