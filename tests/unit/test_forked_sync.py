"""Homes that wrote under one name without knowing of each other: nothing is lost, and everybody ends with the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from store import commands, incarnation, places, queries, undo
from store.branches import forked, tree_of
from store.database import Store, open_store
from store.export import export_lines, state_hash
from store.integrity import check_derived, check_log
from store.notices import notices
from store.oplog import streams
from store.renaming import branch_inc
from store.setup import enter_workspace, join_workspace
from sync import names as names_in_share
from sync import segment
from sync.branches import vouching
from sync.branches.grafting import MAX_BRANCHES
from sync.branches.vouching import doubtful
from sync.engine import Engine, sync_once
from sync.links import link_from_log
from sync.names import share_name
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import TransportError
from sync.segment import StreamId
from sync.trust.keys import Keys, load_keys
from sync.trust.statements import head_line
from tests.conftest import add_item, roll_back
from tests.integration.villain import Villain

Join = Callable[[str], Store]


@pytest.fixture
def twin_of(tmp_path: Path, opened: list[Store]) -> Callable[..., Store]:
    """Copy a home so that nothing local tells: what a virtual machine does that is rolled back or cloned."""

    def copy(store: Store, folder: Path | None = None) -> Store:
        store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        home = tmp_path / f"twin-{len(opened)}"
        shutil.copytree(store.home, home)
        roll_back(str(home))
        twin = open_store(str(home), now=store.now, today=store.today)
        if folder is not None:
            twin.conn.execute("UPDATE place SET url = ?", (str(folder),))
        opened.append(twin)
        return twin

    return copy


@pytest.fixture
def newcomer(tmp_path: Path, opened: list[Store]) -> Callable[[Store, Path], Store]:
    """Join somebody who knows nothing but the folder."""

    def join(store: Store, folder: Path) -> Store:
        home = str(tmp_path / f"new-{len(opened)}")
        made = join_workspace(home, store.workspace, now=store.now, today=store.today)
        opened.append(made)
        create_share(str(folder), made)
        sync_once(made)
        enter_workspace(made, member="Cai", code="ca")
        return made

    return join


def base(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def settle(*stores: Store) -> None:
    """Sync until nothing moves any more."""
    for _ in range(8):
        reports = [sync_once(store) for store in stores]
        if not any(report.pushed or report.pulled for report in reports):
            for report in reports:
                assert (report.exit_code, report.waiting, report.quarantined) == (0, (), ())
            return
    raise AssertionError("it never ends")


def names(store: Store) -> dict[tuple[str, str], int]:
    """Return every public stream that holds something, with its length."""
    return {key: stream.seq for key, stream in streams(store).items() if stream.seq}


def ids(store: Store) -> set[bytes]:
    query = "SELECT o.id FROM op o JOIN stream s ON s.n = o.dot >> 32 WHERE NOT s.private"
    return {row[0] for row in store.conn.execute(query)}


def assert_same(*stores: Store) -> None:
    first, *others = stores
    for store in stores:
        assert check_log(store) == []
        assert check_derived(store) == []
    for other in others:
        assert names(other) == names(first)
        assert ids(other) == ids(first)
        assert list(export_lines(other)) == list(export_lines(first))
        assert state_hash(other) == state_hash(first)


def codes(store: Store) -> list[str]:
    return [notice.code for notice in notices(store)]


def test_a_draft_that_a_copy_has_shared_shows_everybody_the_same(
    pair: tuple[Store, Store], twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    draft = commands.create(bob, "item", {"title": "draft"}, private=True).ids[0]
    sync_once(bob)
    twin = twin_of(bob)
    commands.share(twin, [draft])
    commands.trash(twin, [draft])
    commands.set_fields(bob, [draft], {"title": "mine alone", "description": "written without having heard"})
    commands.comment(bob, draft, "to myself")
    settle(ann, twin, bob)
    assert_same(ann, twin, bob)
    assert not queries.card(bob, draft).banner  # type: ignore[union-attr]
    written = {row[0] for row in bob.conn.execute("SELECT value FROM op WHERE field = 'description'")}
    assert written == {'"written without having heard"'}, "it is in the history"


# This home alone finds out


def test_a_home_that_was_rolled_back_gets_its_future_back(
    pair: tuple[Store, Store], folder: Path, twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    ent = add_item(bob, "before")
    sync_once(bob)
    older = twin_of(bob)
    commands.set_fields(bob, [ent], {"title": "lost"})
    add_item(bob, "also lost")
    sync_once(bob)
    before = files(folder)

    commands.set_fields(older, [ent], {"title": "written since"})
    add_item(older, "new")
    report = sync_once(older)
    assert (report.exit_code, report.places[0].held) == (0, "")
    assert {path: files(folder)[path] for path in before if not path.split("/")[1].startswith("h")} == {
        path: data for path, data in before.items() if not path.split("/")[1].startswith("h")
    }
    assert titles(older) == {"written since", "also lost", "new"}
    assert codes(older) == ["rolled-back"]
    assert older.incarnation != bob.incarnation
    assert names(older)[bob.device, bob.incarnation] == names(bob)[bob.device, bob.incarnation]
    settle(ann, older, bob)
    assert_same(ann, older, bob)
    assert [code for store in (ann, bob) for code in codes(store)] == []


def test_a_copy_that_went_unnoticed_moves_what_nobody_has(
    pair: tuple[Store, Store], twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    ent = add_item(bob, "before")
    sync_once(bob)
    twin = twin_of(bob)
    draft = commands.create(twin, "item", {"title": "draft"}, private=True).ids[0]
    commands.set_fields(twin, [ent, draft], {"title": "by the twin"})
    gone = add_item(twin, "gone")
    commands.trash(twin, [gone])
    commands.set_fields(twin, [ent], {"priority": 1})
    undo.undo(twin)
    commands.set_fields(bob, [ent], {"title": "by bob"})
    sync_once(bob)
    sync_once(twin)
    assert codes(twin) == ["rolled-back"]
    assert queries.card(twin, draft).title == "by the twin"  # type: ignore[union-attr]
    assert not queries.card(twin, gone).banner  # type: ignore[union-attr]
    undo.redo(twin)
    assert queries.card(twin, ent).priority == 1  # type: ignore[union-attr]
    for _ in range(2):
        undo.undo(twin)
    assert queries.card(twin, gone).trashed == 0  # type: ignore[union-attr]
    commands.trash(twin, [gone])
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)
    assert {head.value for head in queries.divergences(ann, ent)[0].heads} == {"by bob", "by the twin"}


def test_a_home_without_anything_new_goes_on_under_another_name_all_the_same(
    pair: tuple[Store, Store], twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    twin = twin_of(bob)
    add_item(bob, "later")
    sync_once(bob)
    assert sync_once(twin).exit_code == 0
    assert titles(twin) == {"later"}
    assert twin.incarnation != bob.incarnation
    for store, title in ((bob, "by bob"), (twin, "by the twin")):
        add_item(store, title)
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)


def test_a_place_that_is_only_read_tells_it_too(
    pair: tuple[Store, Store], twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    twin = twin_of(bob)
    twin.conn.execute("UPDATE place SET readonly = 1")
    add_item(bob, "later")
    add_item(twin, "of the twin")
    sync_once(bob)
    sync_once(twin)
    assert titles(twin) == {"later", "of the twin"}
    twin.conn.execute("UPDATE place SET readonly = 0")
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)


def test_nothing_is_sent_until_what_the_share_knows_can_be_read(
    pair: tuple[Store, Store], folder: Path, twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    twin = twin_of(bob)
    add_item(bob, "later")
    add_item(twin, "of the twin")
    sync_once(bob)
    late = max(base(folder).glob(f"d/{bob.device}.*/*.seg"), key=lambda path: path.stat().st_mtime_ns)
    away = folder.parent / "away"
    late.rename(away)
    before = files(folder)
    for _ in range(2):
        report = sync_once(twin)
        assert (report.places[0].held, report.exit_code) == ("fork", 3)
    assert files(folder) == before
    assert twin.incarnation == bob.incarnation
    away.rename(late)
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)


def test_a_strangers_head_in_our_name_changes_nothing(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    inc = bob.incarnation
    (base(folder) / "h" / f"{bob.device}.{inc}.99999.{'0' * 32}").write_bytes(b'{"seq":99999}\n')
    add_item(bob, "still sent")
    report = sync_once(bob)
    assert report.places[0].held == ""
    assert bob.incarnation == inc
    sync_once(ann)
    assert titles(ann) == {"still sent"}


# Both were published before anybody knew


@pytest.fixture
def parted(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, twin_of: Callable[..., Store]
) -> tuple[Store, Store, Store, str]:
    """Ann, Bob and Bob's twin, and an item: the two wrote on, each into a folder that the other did not see."""
    ann, bob = pair
    ent = add_item(bob, "before")
    settle(ann, bob)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    twin = twin_of(bob, elsewhere)
    commands.set_fields(bob, [ent], {"title": "by bob"})
    for each, name in ((bob, "bob"), (twin, "the twin")):
        add_item(each, f"of {name}")
    commands.set_fields(twin, [ent], {"title": "by the twin"})
    for each in (bob, twin):
        sync_once(each)
    return ann, bob, twin, ent


def bring_together(folder: Path, tmp_path: Path, *stores: Store) -> None:
    """Let the synchroniser unite the two folders, which all use from now on."""
    shutil.copytree(tmp_path / "elsewhere", folder, dirs_exist_ok=True)
    for store in stores:
        store.conn.execute("UPDATE place SET url = ?", (str(folder),))


@pytest.mark.parametrize("order", ["bob first", "twin first", "reader first"])
@pytest.mark.parametrize("knows", ["neither", "bob's", "the twin's"])
def test_both_branches_survive_everywhere(
    parted: tuple[Store, Store, Store, str],
    newcomer: Callable[[Store, Path], Store],
    folder: Path,
    tmp_path: Path,
    order: str,
    knows: str,
) -> None:
    ann, bob, twin, ent = parted
    if knows != "neither":
        where = folder if knows == "bob's" else tmp_path / "elsewhere"
        ann.conn.execute("UPDATE place SET url = ?", (str(where),))
        sync_once(ann)
        commands.set_fields(ann, [ent], {"title": "by ann, who knew one"})
        own = next(card.id for card in queries.matching(ann, "item") if card.title.startswith("of "))
        commands.trash(ann, [own])
    bring_together(folder, tmp_path, ann, bob, twin)
    first = {"bob first": bob, "twin first": twin, "reader first": ann}[order]
    sync_once(first)
    settle(ann, bob, twin)
    cai = newcomer(ann, folder)
    settle(cai, ann, bob, twin)
    assert_same(ann, bob, twin, cai)
    tree = tree_of(ann.conn, bob.device, min(inc for _, inc in forked(ann.conn)))
    assert tree is not None
    assert len(tree.nodes) == 3
    if knows == "neither":
        assert titles(ann) >= {"of bob", "of the twin"}
        assert {head.value for head in queries.divergences(ann, ent)[0].heads} == {"by bob", "by the twin"}
    else:
        # What Ann had seen stays replaced and deleted; what she had not is there.
        other = "the twin" if knows == "bob's" else "bob"
        assert titles(ann) >= {f"of {other}"}
        assert len(titles(ann)) == 2
        values = {head.value for head in queries.divergences(ann, ent)[0].heads}
        assert values == {f"by {other}", "by ann, who knew one"}
    for store in (ann, cai):
        assert codes(store).count("forked") == 1
    for store in (bob, twin):
        assert len(codes(store)) == 1
    for store in (bob, twin, ann):
        add_item(store, f"life goes on for {store.incarnation}")
    settle(ann, bob, twin, cai)
    assert_same(ann, bob, twin, cai)


def test_a_closed_stream_of_which_nobody_knew_the_end_is_a_branch_too(
    pair: tuple[Store, Store], twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    older = twin_of(bob)
    for number in range(3):
        add_item(bob, f"later {number}")
    sync_once(bob)
    add_item(older, "never sent")
    with older.transaction():
        incarnation.renew(older, incarnation.COPIED)
    add_item(older, "of the copy")
    settle(older, ann, bob)
    assert_same(older, ann, bob)
    assert titles(ann) == {"later 0", "later 1", "later 2", "never sent", "of the copy"}


def test_a_name_that_fits_both_branches_strikes_out_neither(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, twin_of: Callable[..., Store]
) -> None:
    ann, bob = pair
    ent = add_item(bob, "before")
    settle(ann, bob)
    shutil.copytree(folder, tmp_path / "elsewhere")
    twin = twin_of(bob, tmp_path / "elsewhere")
    for each, name in ((bob, "bob"), (twin, "the twin")):
        commands.set_fields(each, [ent], {"title": f"by {name}"})
        sync_once(each)
    sync_once(ann)
    commands.set_fields(ann, [ent], {"title": "by ann, who knew one"})
    sync_once(ann)
    assert queries.divergences(ann, ent) == []
    bring_together(folder, tmp_path, twin)
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)
    values = {head.value for head in queries.divergences(bob, ent)[0].heads}
    assert values == {"by bob", "by the twin", "by ann, who knew one"}
    commands.settle(bob, ent, "title", "settled")
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)
    assert queries.divergences(ann, ent) == []


def test_branches_that_fork_again_are_cut_again(
    parted: tuple[Store, Store, Store, str],
    newcomer: Callable[[Store, Path], Store],
    folder: Path,
    tmp_path: Path,
    twin_of: Callable[..., Store],
) -> None:
    ann, bob, twin, ent = parted
    sync_once(ann)
    shutil.copytree(folder, tmp_path / "third place")
    third = twin_of(bob, tmp_path / "third place")
    for each, name in ((bob, "bob"), (third, "the third")):
        commands.set_fields(each, [ent], {"title": f"once more by {name}"})
        add_item(each, f"another of {name}")
        sync_once(each)
    bring_together(folder, tmp_path, twin)
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)
    shutil.copytree(tmp_path / "third place", folder, dirs_exist_ok=True)
    third.conn.execute("UPDATE place SET url = ?", (str(folder),))
    settle(ann, bob, third, twin)
    new = newcomer(ann, folder)
    settle(ann, bob, third, twin, new)
    assert_same(ann, bob, third, twin, new)
    (key,) = forked(ann.conn)
    tree = tree_of(ann.conn, *key)
    assert tree is not None
    assert len(tree.nodes) == 5
    assert len(tree.leaves()) == 3
    assert titles(new) == {
        "once more by the third", "of bob", "of the twin", "another of bob", "another of the third",
    }  # fmt: skip


def test_a_place_that_lost_its_files_gets_every_branch_again(
    parted: tuple[Store, Store, Store, str],
    newcomer: Callable[[Store, Path], Store],
    folder: Path,
    tmp_path: Path,
) -> None:
    ann, bob, twin, _ = parted
    bring_together(folder, tmp_path, twin)
    settle(ann, bob, twin)
    for part in ("d", "h"):
        shutil.rmtree(base(folder) / part)
    settle(bob, ann)
    new = newcomer(ann, folder)
    settle(bob, ann, twin, new)
    assert_same(bob, ann, twin, new)


def put(
    folder: Path,
    author: Store,
    at: int,
    prev: str,
    lines: list[bytes],
    *,
    keys: Keys | None = None,
    head: bool = True,
) -> names_in_share.SegmentName:
    """Put a segment that the author signed, and a head for it, after an op of his stream."""
    keys = keys or load_keys(author.home)
    origin = StreamId(author.workspace, author.device, author.incarnation)
    name, header, data = segment.encode(origin, at + 1, prev, lines, keys=keys)
    (base(folder) / name.path).write_bytes(data)
    told = names_in_share.HeadName.of(author.device, author.incarnation, header.last, header.tail)
    if head:
        (base(folder) / told.path).write_bytes(head_line(origin, header.last, header.tail, keys))
    return name


LINE = (
    b'{"lam":99,"wt":1795000000000,"by":"0000000000000000","kind":"item","ent":"0123456789abcdef","field":"title",'
    b'"value":"version %d","parents":[],"change":1}'
)


def test_a_history_that_is_not_the_one_we_hold_is_never_taken_for_it(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, bob = pair
    before = names(ann)
    put(folder, bob, before[bob.device, bob.incarnation], "ab" * 32, [LINE % 1])
    report = sync_once(ann)
    assert names(ann) == before
    assert [(row.dev, row.reason) for row in report.waiting] == [(bob.device, "missing")]
    assert report.quarantined == ()


def test_more_branches_than_any_accident_makes_are_refused(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    key = bob.device, bob.incarnation
    at = names(ann)[key]
    link = link_from_log(ann, *key, at)
    for version in range(MAX_BRANCHES + 4):
        put(folder, bob, at, link, [LINE % version])
    add_item(ann, "still working")
    report = sync_once(ann)
    tree = tree_of(ann.conn, *key)
    assert tree is not None
    assert len(tree.nodes) == 1 + MAX_BRANCHES
    assert report.exit_code == 4
    assert {file.reason for file in report.quarantined} == {"branches"}
    assert [(row.dev, row.reason) for row in report.waiting] == [(bob.device, "branches")]
    assert report.pushed > 0
    assert check_derived(ann) == []
    assert sync_once(ann).pulled == 0


@pytest.mark.parametrize("batch_ops", [1, 3, 100])
def test_the_size_of_batches_makes_no_difference(
    parted: tuple[Store, Store, Store, str], folder: Path, tmp_path: Path, batch_ops: int
) -> None:
    ann, bob, twin, _ = parted
    bring_together(folder, tmp_path, twin)
    for _ in range(2):
        Engine(ann, batch_ops=batch_ops).sync()
    settle(ann, bob, twin)
    assert_same(ann, bob, twin)


def test_who_has_the_database_open_sees_what_took_the_place_of_moved_ops(
    pair: tuple[Store, Store], twin_of: Callable[..., Store], opened: list[Store]
) -> None:
    _, bob = pair
    twin = twin_of(bob)
    first, second = add_item(bob, "of bob"), add_item(twin, "of the twin")
    looking = open_store(twin.home)
    opened.append(looking)
    sync_once(bob)
    sync_once(twin)
    changes = looking.poll()
    assert changes is not None
    assert changes.ids("item") >= {first, second}
    add_item(looking, "written by the one that looks")
    assert looking.incarnation == twin.incarnation != bob.incarnation


# A crash came between a segment and its head


class Crash(BaseException):
    """The machine went down."""


class Dying(FolderTransport):
    """A folder that takes segments, and no head after them."""

    def write(self, name: str, data: bytes) -> None:
        if name.startswith("h/"):
            raise Crash
        super().write(name, data)


def die_before_the_head(store: Store) -> Path:
    """Sync until the first segment is written, and return it."""
    (place,) = places.places(store)
    own = base(Path(place.url)) / names_in_share.stream_folder(store.device, store.incarnation)
    before = set(own.glob("*.seg"))
    engine = Engine(
        store,
        transports=lambda url, store: Dying(url, share_name(store.workspace), store.device, fsync=False),
    )
    with pytest.raises(Crash):
        engine.sync()
    (left,) = set(own.glob("*.seg")) - before
    return left


@pytest.fixture
def halved(pair: tuple[Store, Store], twin_of: Callable[..., Store]) -> tuple[Store, Path]:
    """Bob as his machine was before he sent a segment and died before its head, and where that segment lies."""
    _, bob = pair
    add_item(bob, "before")
    sync_once(bob)
    older = twin_of(bob)
    add_item(bob, "sent by halves")
    return older, die_before_the_head(bob)


def heads_of(folder: Path, store: Store) -> list[names_in_share.HeadName]:
    found = (names_in_share.parse_head(path.name) for path in (base(folder) / "h").glob(f"{store.device}.*"))
    return sorted(head for head in found if head is not None)


def test_a_crash_before_the_head_is_made_good_by_the_head_alone(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, bob = pair
    add_item(bob, "sent by halves")
    left = die_before_the_head(bob)
    add_item(bob, "next")
    settle(bob, ann)
    assert_same(bob, ann)
    assert titles(ann) == {"sent by halves", "next"}
    found = (
        names_in_share.parse_segment(bob.device, bob.incarnation, path.name)
        for path in left.parent.glob("*.seg")
    )
    spans = sorted((name.first, name.last) for name in found if name is not None)
    assert [first for first, _ in spans] == [1, *(last + 1 for _, last in spans[:-1])], (
        "no op lies there twice"
    )
    assert len(heads_of(folder, bob)) == 1


@pytest.mark.parametrize("since", ["nothing", "one op", "many ops"])
@pytest.mark.parametrize("noticed", [False, True], ids=["unnoticed", "noticed"])
@pytest.mark.parametrize("joins", ["before", "between", "after"])
def test_what_has_lost_its_head_comes_back_after_a_rollback_for_everybody(
    pair: tuple[Store, Store],
    newcomer: Callable[[Store, Path], Store],
    halved: tuple[Store, Path],
    folder: Path,
    since: str,
    noticed: bool,
    joins: str,
) -> None:
    ann, _ = pair
    older, left = halved
    cai = newcomer(ann, folder) if joins == "before" else None
    if noticed:
        with older.transaction():
            incarnation.renew(older, incarnation.RESTORED)
    for number in range({"nothing": 0, "one op": 1, "many ops": 3}[since]):
        add_item(older, f"later {number}")
    sync_once(older)
    if joins == "between":
        cai = newcomer(ann, folder)
    settle(ann, older)
    cai = cai or newcomer(ann, folder)
    settle(cai, ann, older)
    assert_same(ann, older, cai)
    assert {"before", "sent by halves"} <= titles(cai)
    assert len(titles(cai)) == 2 + {"nothing": 0, "one op": 1, "many ops": 3}[since]
    assert left.exists()
    assert forked(ann.conn) == set(), "nobody had been given what was written since"


def test_what_comes_late_without_its_head_is_found_before_the_next_run_writes(
    pair: tuple[Store, Store],
    newcomer: Callable[[Store, Path], Store],
    halved: tuple[Store, Path],
    folder: Path,
) -> None:
    """The synchroniser brings back what the machine that was rolled back had written before."""
    ann, _ = pair
    older, left = halved
    away = left.rename(folder.parent / left.name)
    for number in range(3):
        add_item(older, f"later {number}")
        sync_once(older)
    away.rename(left)
    cai = newcomer(ann, folder)
    settle(older, ann, cai)
    assert_same(older, ann, cai)
    assert titles(ann) == {"before", "sent by halves", "later 0", "later 1", "later 2"}


def test_what_comes_late_without_its_head_is_found_by_a_program_that_runs_on(
    pair: tuple[Store, Store],
    newcomer: Callable[[Store, Path], Store],
    halved: tuple[Store, Path],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vouching, "LOOK_SECONDS", 0.0)
    ann, _ = pair
    older, left = halved
    away = left.rename(folder.parent / left.name)
    engine = Engine(older)
    add_item(older, "later")
    engine.sync()
    away.rename(left)
    engine.sync()
    assert titles(older) == {"before", "later"}, "where nothing is sent, one listing is all that is read"
    add_item(older, "last")
    engine.sync()
    assert "sent by halves" in titles(older)
    cai = newcomer(ann, folder)
    settle(older, ann, cai)
    assert_same(older, ann, cai)
    assert titles(ann) == {"before", "sent by halves", "later", "last"}


def test_what_is_not_whole_yet_is_looked_at_again_before_more_is_written(
    pair: tuple[Store, Store],
    newcomer: Callable[[Store, Path], Store],
    halved: tuple[Store, Path],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vouching, "RETRY_SECONDS", 0.0)
    ann, bob = pair
    older, left = halved
    whole = left.read_bytes()
    left.write_bytes(whole[:-9])
    engine = Engine(older)
    assert engine.sync().quarantined == ()
    left.write_bytes(whole)
    add_item(older, "later")
    engine.sync()
    cai = newcomer(ann, folder)
    settle(older, ann, cai)
    assert_same(older, ann, cai)
    assert titles(ann) == {"before", "sent by halves", "later"}
    assert older.incarnation != bob.incarnation


def test_nothing_is_written_as_long_as_the_missing_head_cannot_be(
    halved: tuple[Store, Path], folder: Path
) -> None:
    older, _ = halved
    before = files(folder)
    add_item(older, "later")

    class Full(FolderTransport):
        def write(self, name: str, data: bytes) -> None:
            if name.startswith("h/"):
                raise TransportError("full", name)
            super().write(name, data)

    engine = Engine(older, transports=lambda url, store: Full(url, share_name(store.workspace), store.device))
    for _ in range(2):
        assert engine.sync().places[0].held == "full"
    assert files(folder) == before


def test_a_strangers_segment_in_our_folder_gets_no_head(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    before = heads_of(folder, bob)
    name = put(folder, bob, 40, "ab" * 32, [LINE % 1], keys=load_keys(ann.home), head=False)
    add_item(bob, "still sent")
    report = sync_once(bob)
    assert (report.places[0].held, report.quarantined, report.pushed > 0) == ("", (), True)
    assert len(heads_of(folder, bob)) == len(before) == 1
    assert (base(folder) / name.path).exists()


def named(*ranges: tuple[int, int]) -> list[names_in_share.SegmentName]:
    return [names_in_share.SegmentName("dev", "inc", *span, f"{at:016x}") for at, span in enumerate(ranges)]


@pytest.mark.parametrize(
    ("ranges", "reach", "told"),
    [
        ([(1, 5), (6, 9)], 9, []),
        ([(1, 5), (6, 9)], 5, [(6, 9)]),
        ([(1, 5), (1, 6)], 5, [(1, 6), (1, 5)]),
        ([(1, 5), (1, 6), (6, 8)], 8, [(6, 8), (1, 6), (1, 5)]),
        ([(1, 5), (6, 7), (6, 8)], 8, [(6, 8), (6, 7)]),
        ([(1, 9), (2, 3), (5, 6), (10, 11)], 11, [(1, 9), (5, 6), (2, 3)]),
        ([(7, 8)], 0, [(7, 8)]),
    ],
)
def test_only_what_overlaps_or_goes_further_is_doubtful(
    ranges: list[tuple[int, int]], reach: int, told: list[tuple[int, int]]
) -> None:
    found = named(*ranges)
    assert [(name.first, name.last) for name in doubtful(found, reach, forked=False)] == told
    assert [name for name in doubtful(found, reach, forked=True) if name.last <= reach] == []


@pytest.mark.parametrize("lie", ["a parent", "what a deleter had seen"])
def test_an_op_that_foretells_a_branchs_name_is_refused_whenever_the_fork_is_heard_of(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, lie: str
) -> None:
    ann, bob = pair
    villain = Villain(folder / share_name(ann.workspace), tmp_path / "villain").enter()
    villain.send([villain.op(value='"one"')])
    fork = villain.link
    plain = villain.op(value='"left"', ent='"evaa000000000000"')
    name = (
        f"{villain.dev}.{branch_inc(villain.dev, villain.inc, segment.chain(villain.stream, fork, [plain]))}"
    )
    if lie == "a parent":
        foretelling = villain.op(
            value='"foretold"', ent='"evaa000000000000"', parents=f'["{name}.1"]', lam=2_000
        )
    else:
        seen = json.dumps({name: 1}, separators=(",", ":"))
        foretelling = villain.op("trash", seen, ent='"evaa000000000000"', lam=2_000)
    for each in pair:
        sync_once(each)
    left = villain.send(
        [plain, foretelling, villain.op(value='"after"', ent='"evaa000000000000"', lam=2_001)]
    )
    (promise,) = (villain.share / "h").glob(f"{villain.dev}.*.4.*")
    sync_once(ann)
    assert "after" in titles(ann) or lie != "a parent"
    away = [path.rename(tmp_path / path.name) for path in (left, promise)]
    villain.seq, villain.link = 1, fork
    villain.send([villain.op(value='"right"', ent='"evbb000000000000"', lam=1_500)])
    sync_once(bob)
    for path, back in zip(away, (left, promise), strict=True):
        path.rename(back)
    for each in (ann, bob, ann, bob):
        sync_once(each)
    assert titles(ann) == titles(bob) == {"one", "left", "right"}
    assert_same(ann, bob)
    assert (
        [row.reason for row in places.waiting(ann)]
        == [row.reason for row in places.waiting(bob)]
        == ["quarantined"]
    )


def test_two_histories_made_to_look_alike_are_told_apart(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path
) -> None:
    """Eight digits in common are found in a second, by trying titles."""
    ann, bob = pair
    villain = Villain(folder / share_name(ann.workspace), tmp_path / "villain").enter()
    villain.send([villain.op(value='"one"')])
    fork, known = villain.link, dict[str, bytes]()
    for number in count():
        line = villain.op(value=f'"title {number}"', ent='"ev22000000000000"')
        twin = known.setdefault(segment.chain(villain.stream, fork, [line])[:8], line)
        if twin != line:
            break
    for each in pair:
        sync_once(each)
    left = villain.send([twin])
    sync_once(ann)
    away = left.rename(tmp_path / left.name)
    villain.seq, villain.link = 1, fork
    villain.send([line])
    sync_once(bob)
    away.rename(left)
    settle(ann, bob)
    assert_same(ann, bob)
    assert villain.dev in {dev for dev, _ in forked(ann.conn)}
