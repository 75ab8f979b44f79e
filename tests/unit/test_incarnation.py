"""A home that was copied, cloned or brought back writes under its own incarnation; one that was moved goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from store import commands, incarnation, queries, undo
from store.database import Store, create_store, open_store
from store.errors import StoreError
from store.export import state_hash
from store.memory import memory_store
from store.notices import has_unseen, mark_seen, notices, unseen
from store.oplog import rebuild, streams
from tests.conftest import add_item


def copy(store: Store, to: Path) -> Path:
    """Copy a home as `cp -r` does."""
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(store.home, to)
    return to


def back_up(store: Store, to: Path) -> Path:
    """Copy the database alone, as a backup does."""
    target = sqlite3.connect(to)
    store.conn.backup(target)
    target.close()
    return to


def shorts(store: Store) -> list[str]:
    return [short for (short,) in store.conn.execute("SELECT short FROM handle ORDER BY short")]


def codes(store: Store) -> list[str]:
    return [notice.code for notice in notices(store)]


# The pure part


@pytest.mark.parametrize(
    ("anchor", "inode", "host", "highwater", "held", "why"),
    [
        ("7 aa", 7, "aa", ("x", 5), 5, ""),
        ("7 aa", 7, "aa", ("x", 5), 9, ""),  # the file was not written any more
        ("7 aa", 7, "aa", None, None, ""),
        ("7 aa", 7, "aa", ("x", 5), None, ""),  # of an incarnation that was closed
        ("", 7, "aa", ("x", 5), 5, ""),  # it was never noted where the database was
        ("7", 7, "aa", None, None, ""),
        ("7 aa", 7, "", None, None, ""),  # this system does not tell machines apart
        ("7 aa bb", 7, "bb", None, None, ""),  # a drive that two computers use in turn
        ("7 aa", 8, "aa", ("x", 5), 5, "copied"),
        ("7 aa", 8, "bb", None, None, "copied"),
        ("7 aa", 7, "bb", ("x", 5), 5, "cloned"),
        ("7 aa", 7, "aa", ("x", 5), 4, "restored"),
        ("7 aa", 8, "aa", ("x", 5), -1, "restored"),
    ],
)
def test_what_differs_tells_what_happened(
    anchor: str, inode: int, host: str, highwater: tuple[str, int] | None, held: int | None, why: str
) -> None:
    assert incarnation.displacement(anchor, inode, host, highwater, held) == why


def test_hosts_that_used_this_very_file_are_remembered_and_those_of_another_are_not() -> None:
    assert incarnation.anchor_here("", 7, "aa") == "7 aa"
    assert incarnation.anchor_here("7 aa", 7, "bb", incarnation.CLONED) == "7 aa bb"
    assert incarnation.anchor_here("7 aa", 8, "bb", incarnation.COPIED) == "8 bb"
    assert incarnation.anchor_here("7 aa", 7, "") == "7 aa"
    many = " ".join(str(number) for number in range(100))
    assert len(incarnation.anchor_here(many, 0, "new").split()) == 1 + incarnation.HOSTS_KEPT


def test_a_machine_without_an_id_is_not_told_from_others_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incarnation, "MACHINE_ID", str(tmp_path / "none"))
    assert incarnation.this_host() == ""
    (tmp_path / "none").write_text("\n")
    assert incarnation.this_host() == ""
    (tmp_path / "none").write_text("0123456789abcdef\n")
    known = incarnation.this_host()
    assert known
    assert "0123456789abcdef" not in known
    (tmp_path / "none").write_text("0123456789abcdee\n")
    assert incarnation.this_host() != known


@pytest.mark.parametrize("text", ["", "x", "x y", "x 1 2", "\0" * 20, "x 5"])
def test_a_highwater_file_with_anything_in_it_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / incarnation.HIGHWATER).write_text(text)
    assert incarnation.read_highwater(str(tmp_path)) in (None, ("x", 5))


# What people do to homes


def test_an_untouched_home_keeps_its_incarnation(store: Store, opened: list[Store]) -> None:
    before = store.incarnation
    for _ in range(3):
        add_item(store)
        again = open_store(store.home)
        opened.append(again)
        add_item(again)
        assert again.displaced == ""
        assert (again.incarnation, codes(again)) == (before, [])
    public = streams(store)[store.device, before]
    assert incarnation.read_highwater(store.home) == (before, public.seq)


def test_what_is_written_in_memory_alone_says_nothing_of_the_home(store: Store, opened: list[Store]) -> None:
    add_item(store)
    before = incarnation.read_highwater(store.home)
    scratch = memory_store(store)
    for _ in range(3):
        commands.create(scratch, "goal", {"title": "Conversion"})
    scratch.close()
    assert incarnation.read_highwater(store.home) == before
    again = open_store(store.home)
    opened.append(again)
    assert again.displaced == ""


def test_a_home_that_is_moved_keeps_its_incarnation(
    store: Store, tmp_path: Path, opened: list[Store]
) -> None:
    add_item(store)
    store.close()
    os.rename(store.home, tmp_path / "moved")
    moved = open_store(str(tmp_path / "moved"))
    opened.append(moved)
    add_item(moved)
    assert (moved.incarnation, codes(moved)) == (store.incarnation, [])


def test_a_copied_home_begins_an_incarnation_with_its_first_write_and_not_before(
    store: Store, tmp_path: Path, opened: list[Store]
) -> None:
    add_item(store, "before")
    home = copy(store, tmp_path / "copied")
    twin = open_store(str(home))
    opened.append(twin)
    assert twin.displaced == "copied"
    queries.cards(twin, queries.statuses(twin)[0].id)
    assert (twin.incarnation, codes(twin)) == (store.incarnation, [])
    old = streams(twin)[twin.device, store.incarnation].seq
    add_item(twin, "in the copy")
    add_item(twin, "and more")
    add_item(store, "in the original")
    assert twin.incarnation != store.incarnation
    assert twin.device == store.device
    assert streams(twin)[twin.device, store.incarnation].seq == old
    assert streams(twin)[twin.device, twin.incarnation].seq > 0
    assert codes(twin) == ["copied"]
    assert codes(store) == []
    once = twin.incarnation
    again = open_store(str(home))
    opened.append(again)
    add_item(again)
    assert again.incarnation == once


def test_of_two_processes_that_open_a_copy_one_begins_the_incarnation(
    store: Store, tmp_path: Path, opened: list[Store]
) -> None:
    home = copy(store, tmp_path / "copied")
    opened += [open_store(str(home)), open_store(str(home))]
    first, second = opened
    add_item(first)
    add_item(second)
    assert second.incarnation == first.incarnation
    assert codes(second) == ["copied"]


def test_what_fails_in_a_copys_first_write_leaves_no_trace(
    store: Store, tmp_path: Path, opened: list[Store]
) -> None:
    twin = open_store(str(copy(store, tmp_path / "copied")))
    opened.append(twin)
    with pytest.raises(StoreError):
        commands.create(twin, "item", {"title": "x", "owner": "nobody"})
    assert twin.meta("incarnation") == store.incarnation
    assert codes(twin) == []
    add_item(twin)
    assert twin.incarnation == twin.meta("incarnation") != store.incarnation
    assert codes(twin) == ["copied"]


def test_a_copy_that_cannot_be_written_can_be_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[Store]
) -> None:
    add_item(store)
    home = copy(store, tmp_path / "copied")

    def refuse(store: Store) -> None:
        raise AssertionError("reading must not write")

    monkeypatch.setattr(incarnation, "settle", refuse)
    twin = open_store(str(home))
    opened.append(twin)
    assert state_hash(twin) == state_hash(store)
    assert unseen(twin) == []


def test_a_clone_of_the_machine_is_told_by_its_host(
    store: Store, monkeypatch: pytest.MonkeyPatch, opened: list[Store]
) -> None:
    monkeypatch.setattr(incarnation, "this_host", lambda: "aaaa")
    inode = os.stat(store.path).st_ino
    store.conn.execute("UPDATE meta SET value = ? WHERE key = 'anchor'", (f"{inode} aaaa",))
    for host, begins in (("aaaa", False), ("bbbb", True), ("aaaa", False), ("bbbb", False), ("cccc", True)):
        monkeypatch.setattr(incarnation, "this_host", lambda host=host: host)
        here = open_store(store.home)
        opened.append(here)
        before = here.incarnation
        add_item(here)
        assert (here.incarnation != before) is begins, host
    assert codes(here) == ["cloned", "cloned"]


@pytest.mark.parametrize("way", ["over the file", "in its place", "elsewhere"])
def test_a_backup_that_is_brought_back_does_not_reuse_numbers(
    store: Store, tmp_path: Path, way: str, opened: list[Store]
) -> None:
    add_item(store, "in the backup")
    backup = back_up(store, tmp_path / "backup.db")
    add_item(store, "after the backup")
    used = streams(store)[store.device, store.incarnation].seq
    store.close()
    home = Path(store.home)
    if way == "elsewhere":
        home = tmp_path / "elsewhere"
        home.mkdir()
        shutil.copyfile(backup, home / "sameboat.db")
    elif way == "in its place":
        shutil.copyfile(backup, home / "new")
        os.replace(home / "new", home / "sameboat.db")
    else:
        with open(home / "sameboat.db", "r+b") as file:
            file.write(backup.read_bytes())
            file.truncate()
    restored = open_store(str(home))
    opened.append(restored)
    add_item(restored, "after it was brought back")
    assert codes(restored) == ["copied" if way == "elsewhere" else "restored"]
    assert restored.incarnation != store.incarnation
    assert streams(restored)[restored.device, store.incarnation].seq < used


def test_the_highwater_of_another_database_means_nothing(
    store: Store, tmp_path: Path, opened: list[Store]
) -> None:
    add_item(store)
    store.close()
    os.unlink(store.path)
    made = create_store(store.home)
    opened.append(made)
    made.set_meta("anything", "x")
    assert codes(made) == []


def test_a_stream_that_was_cut_after_it_was_closed_is_not_taken_for_an_old_backup(
    store: Store, opened: list[Store]
) -> None:
    add_item(store)
    with store.transaction():
        incarnation.renew(store, incarnation.ROLLED_BACK)
    closed = next(inc for dev, inc in streams(store) if dev == store.device and inc != store.incarnation)
    incarnation.write_highwater(store.home, closed, 10_000)  # as a crash right after the commit leaves it
    opened.append(open_store(store.home))
    assert opened[0].displaced == ""


# Life goes on


def test_undo_and_redo_reach_back_before_the_copy(store: Store, tmp_path: Path, opened: list[Store]) -> None:
    ent = add_item(store, "first")
    commands.set_fields(store, [ent], {"title": "second"})
    twin = open_store(str(copy(store, tmp_path / "copied")), now=store.now, today=store.today)
    opened.append(twin)

    def title() -> str:
        return str(twin.conn.execute("SELECT title FROM p_item WHERE id = ?", (ent,)).fetchone()[0])

    undo.undo(twin)
    assert title() == "first"
    undo.redo(twin)
    assert title() == "second"
    undo.undo(twin)
    undo.undo(twin)
    assert twin.conn.execute("SELECT trashed, banner FROM p_item WHERE id = ?", (ent,)).fetchone() == (1, 0)
    undo.redo(twin)
    assert twin.conn.execute("SELECT trashed FROM p_item WHERE id = ?", (ent,)).fetchone() == (0,)
    before = state_hash(twin)
    rebuild(twin)
    assert state_hash(twin) == before


def test_drafts_of_before_the_copy_stay_private_until_they_are_shared(
    store: Store, tmp_path: Path, opened: list[Store]
) -> None:
    draft = commands.create(store, "item", {"title": "draft"}, private=True).ids[0]
    twin = open_store(str(copy(store, tmp_path / "copied")), now=store.now, today=store.today)
    opened.append(twin)
    commands.set_fields(twin, [draft], {"title": "draft, edited in the copy"})
    public = sum(stream.seq for stream in streams(twin).values())
    assert public == sum(stream.seq for stream in streams(store).values())
    commands.share(twin, [draft])
    row = twin.conn.execute("SELECT title, private FROM p_item WHERE id = ?", (draft,)).fetchone()
    assert row == ("draft, edited in the copy", 0)
    assert streams(twin)[twin.device, twin.incarnation].seq > 0


def test_copies_do_not_give_out_the_same_short_ids(store: Store, tmp_path: Path, opened: list[Store]) -> None:
    add_item(store)
    homes = [copy(store, tmp_path / f"copy-{number}") for number in range(3)]
    for home in homes:
        opened.append(open_store(str(home)))
    for each in (store, *opened):
        for _ in range(20):
            add_item(each)
    # Two copies may come upon the same hundred; a copy and its original never do.
    originals = set(shorts(store))
    assert all(originals & set(shorts(each)) == {"lp-1"} for each in opened)


def test_a_short_id_that_came_back_is_not_given_out_again(store: Store) -> None:
    add_item(store)
    store.set_meta("next_short", "1")
    add_item(store)
    assert shorts(store) == ["lp-1", "lp-2"]


def test_a_notice_is_unseen_until_somebody_has_seen_it(store: Store, opened: list[Store]) -> None:
    assert not has_unseen(store)
    with store.transaction():
        incarnation.renew(store, incarnation.COPIED)
    assert store.noticed
    assert has_unseen(store)
    assert [notice.code for notice in unseen(store)] == ["copied"]
    mark_seen(store)
    assert (store.noticed, has_unseen(store), unseen(store)) == (False, False, [])
    assert codes(store) == ["copied"]
    opened.append(open_store(store.home))
    assert not opened[0].noticed
