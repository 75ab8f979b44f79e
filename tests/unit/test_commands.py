"""Edits: what each intent writes, what is refused, and that a refusal leaves no trace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.database import Store, open_store
from store.errors import StoreError
from store.export import state_hash
from store.integrity import check_derived, check_log
from store.oplog import merge, ops_after
from store.ops import Op, encode_line
from store.wire import decode_lines
from tests.conftest import add_item, deliver, exchange


def order(store: Store, status: str) -> list[str]:
    return [card.title for card in queries.cards(store, status)]


def test_a_new_item_stands_at_the_top_of_the_first_status(store: Store) -> None:
    add_item(store, "older")
    add_item(store, "newer")
    assert order(store, queries.statuses(store)[0].id) == ["newer", "older"]


def test_short_ids_count_up_on_this_device(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    shorts = [queries.card(store, ent).short for ent in (first, second)]  # type: ignore[union-attr]
    assert shorts == ["lp-1", "lp-2"]


def test_moving_keeps_the_order_given_before_after_and_on_top(store: Store) -> None:
    doing = queries.statuses(store)[1].id
    a, b, c, d = (add_item(store, title, status=doing) for title in "abcd")
    commands.move(store, [a, b], doing)
    assert order(store, doing) == ["a", "b", "d", "c"]
    commands.move(store, [d, c], doing, before=a)
    assert order(store, doing) == ["d", "c", "a", "b"]
    commands.move(store, [d], doing, after=b)
    assert order(store, doing) == ["c", "a", "b", "d"]


def test_cards_with_one_key_are_parted_when_a_card_goes_between(store: Store) -> None:
    doing = queries.statuses(store)[1].id
    made = sorted(add_item(store, title, status=doing) for title in "abc")
    with commands.change(store, "move") as change:
        for ent in made:
            change.write("item", ent, "place", f'{{"rank":"a5","status":"{doing}"}}')
    moved = add_item(store, "moved")
    commands.move(store, [moved], doing, before=made[1])
    ids = [card.id for card in queries.cards(store, doing)]
    assert ids == [made[0], moved, made[1], made[2]]


def test_a_move_beside_a_card_of_another_status_is_refused(store: Store) -> None:
    todo, doing = (status.id for status in queries.statuses(store)[:2])
    there, here = add_item(store, status=todo), add_item(store, status=doing)
    with pytest.raises(StoreError) as refused:
        commands.move(store, [here], doing, before=there)
    assert refused.value.code == "not-found"


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("item", {"title": "x" * 1_000_000}, "too-long"),
        ("item", {"title": "  "}, "bad-value"),
        ("item", {}, "bad-value"),
        ("item", {"title": "a\0b"}, "bad-text"),
        ("item", {"title": "a\udc80"}, "bad-text"),
        ("item", {"title": "x", "due": "2026-02-30"}, "bad-value"),
        ("item", {"title": "x", "due": "tomorrow"}, "bad-value"),
        ("item", {"title": "x", "due": 7}, "bad-value"),
        ("item", {"title": "x", "priority": 9}, "bad-value"),
        ("item", {"title": "x", "priority": True}, "bad-value"),
        ("item", {"title": "x", "effort": float("nan")}, "bad-value"),
        ("item", {"title": "x", "kind": "saga"}, "bad-value"),
        ("item", {"title": "x", "owner": "nobody"}, "not-found"),
        ("item", {"title": "x", "status": "nowhere"}, "not-found"),
        ("item", {"title": "x", "labels": "one"}, "bad-value"),
        ("item", {"title": "x", "labels": ["a" * 501]}, "too-long"),
        ("item", {"title": "x", "custom": ["a"]}, "bad-value"),
        ("item", {"title": "x", "custom": {"": "a"}}, "bad-value"),
        ("item", {"titel": "x", "title": "x"}, "unknown-field"),
        ("epic", {"title": "x"}, "unknown-kind"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_leaves_no_trace(
    store: Store, kind: str, fields: dict[str, object], code: str
) -> None:
    before = store.conn.execute("SELECT count(*) FROM op").fetchone()
    with pytest.raises(StoreError) as refused:
        commands.create(store, kind, fields)
    assert refused.value.code == code
    assert store.conn.execute("SELECT count(*) FROM op").fetchone() == before
    assert not store.conn.in_transaction
    assert queries.card(store, add_item(store)).short == "lp-1"  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [10**400, -(2**53), float("inf"), [1], {"a": 1}])
def test_a_custom_value_that_peers_would_refuse_is_refused_here(store: Store, value: object) -> None:
    with pytest.raises(StoreError) as refused:
        add_item(store, custom={"k": value})
    assert refused.value.code == "bad-value"
    with pytest.raises(StoreError):
        add_item(store, effort=value)


def test_what_is_refused_inside_a_change_leaves_no_half_of_itself(store: Store) -> None:
    ent = add_item(store, "x")
    with commands.change(store, "import") as change:
        for fields in (
            {"title": "row", "due": "never"},
            {"title": "row", "labels": ["ok", 7]},
            {"title": "row", "parent": "?"},
        ):
            with pytest.raises(StoreError):
                change.create("item", fields)
            with pytest.raises(StoreError):
                change.set(ent, fields)
    assert not change.changes
    assert [card.title for card in queries.matching(store, "item")] == ["x"]


def test_only_items_are_moved_between_statuses(store: Store) -> None:
    conflict = commands.create(store, "conflict", {"title": "发布日提前"}).ids[0]
    for act in (
        lambda: commands.move(store, [conflict], queries.statuses(store)[1].id),
        lambda: commands.settle(store, conflict, "place", queries.statuses(store)[1].id),
    ):
        with pytest.raises(StoreError) as refused:
            act()
        assert refused.value.code == "unknown-field"
    assert queries.card(store, conflict).kind == "conflict"  # type: ignore[union-attr]


@pytest.mark.parametrize("fields", [{"status": None}, {"status": ""}, {"place": None}, {"status": 7}])
def test_an_item_cannot_be_without_a_status(store: Store, fields: dict[str, object]) -> None:
    ent = add_item(store)
    with pytest.raises(StoreError) as refused:
        commands.set_fields(store, [ent], fields)
    assert refused.value.code == "bad-value"


def test_an_id_that_a_peer_used_for_another_kind_still_means_what_it_meant(store: Store) -> None:
    ent, member = add_item(store, "x"), store.member
    ops = [
        Op("aa", "1", 1, 1, 0, "", "status", ent, "title", '"trap"', (), 1),
        Op("aa", "1", 2, 2, 0, "", "item", member, "title", '"trap"', (), 2),
    ]
    merge(store, ops)
    commands.set_fields(store, [ent], {"title": "y", "owner": member})
    commands.trash(store, [ent])
    commands.restore(store, [ent])
    card = queries.card(store, ent)
    assert card is not None
    assert (card.title, card.owner) == ("y", member)


def test_an_id_that_is_in_use_is_not_contradicted_by_creating_it_again(store: Store) -> None:
    ent = add_item(store, "x", labels=["a"])
    with commands.change(store, "import") as change:
        change.create("item", {"title": "y", "labels": ["b"]}, ent=ent)
    card = queries.card(store, ent)
    assert card is not None
    assert (card.title, card.labels, card.divergences) == ("y", ("b",), 0)


def test_a_cell_with_more_heads_than_an_op_names_is_settled_by_several(store: Store) -> None:
    ent = add_item(store, "x")
    merge(store, [Op("aa", "1", n, n, 0, "", "item", ent, "title", f'"{n}"', (), n) for n in range(1, 1_500)])
    commands.settle(store, ent, "title", "one")
    commands.settle(store, ent, "title", "one")
    card = queries.card(store, ent)
    assert card is not None
    assert (card.title, card.divergences) == ("one", 0)
    assert acceptable(store)


def test_a_clock_before_its_time_writes_what_peers_accept(store: Store) -> None:
    early = Store(store.conn, store.home, lambda: -5, store.today)
    add_item(early, "x")
    assert acceptable(early)


def acceptable(store: Store) -> bool:
    """Whether other devices read back every op of this one."""
    ops = ops_after(store, store.device, store.incarnation, 0)
    body = b"".join(encode_line(op) + b"\n" for op in ops)
    return decode_lines(store.device, store.incarnation, 1, body) == ops


def test_the_longest_text_is_accepted_by_peers(store: Store) -> None:
    add_item(store, "x", description="\x01" * 200_000)
    assert acceptable(store)


def test_a_move_beside_a_trashed_card_is_refused(store: Store) -> None:
    doing = queries.statuses(store)[1].id
    gone, tied, moved = (add_item(store, title, status=doing) for title in "abc")
    with commands.change(store, "move") as change:
        for ent in (gone, tied):
            change.write("item", ent, "place", f'{{"rank":"a5","status":"{doing}"}}')
    commands.trash(store, [gone])
    for side in ({"before": gone}, {"after": gone}):
        with pytest.raises(StoreError) as refused:
            commands.move(store, [moved], doing, **side)
        assert refused.value.code == "not-found"


def test_keys_that_have_grown_long_are_made_short_again(store: Store) -> None:
    doing = queries.statuses(store)[1].id
    low, high = "a0" + "0" * 390 + "1", "a0" + "0" * 390 + "3"
    ids = [add_item(store, title, status=doing) for title in "abc"]
    with commands.change(store, "move") as change:
        for ent, key in zip(ids, (low, high, "A" + "0" * 26 + "0" * 370 + "1"), strict=True):
            change.write("item", ent, "place", f'{{"rank":"{key}","status":"{doing}"}}')
    assert order(store, doing) == ["c", "a", "b"]
    moved, top = add_item(store, "moved"), add_item(store, "top")
    commands.move(store, [moved], doing, after=ids[0])
    commands.move(store, [top], doing)
    assert order(store, doing) == ["top", "c", "a", "moved", "b"]
    assert all(card.rank == "" or len(card.rank) < 400 for card in queries.cards(store, doing))


@pytest.mark.parametrize("rank", ["zzz", "", "中文", "a0" + "0" * 900])
def test_a_checklist_goes_on_behind_whatever_a_peer_calls_a_key(store: Store, rank: str) -> None:
    ent, other = add_item(store), add_item(store)
    commands.check(store, ent, "first")
    cells = (("on", ent), ("title", "odd"), ("rank", rank))
    merge(
        store,
        [Op("aa", "1", n, n, 0, "", "check", "k1", f, f'"{v}"', (), n) for n, (f, v) in enumerate(cells, 1)],
    )
    commands.check(store, ent, "last")
    commands.check(store, other, "alone")
    titles = [check.title for check in queries.checks(store, ent) if check.title != "odd"]
    assert titles == ["first", "last"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("labels/x", "y", "unknown-field"), ("labels", ["y"], "unknown-field"), ("custom", "y", "unknown-field"),
        ("title/x", "y", "unknown-field"), ("owner", "nobody", "not-found"), ("place", "nowhere", "not-found"),
        ("titel", "x", "unknown-field"), ("due", "never", "bad-value"), ("custom/k", ["x"], "bad-value"),
    ],
)  # fmt: skip
def test_a_divergence_is_settled_with_nothing_unusable(
    store: Store, field: str, value: object, code: str
) -> None:
    with pytest.raises(StoreError) as refused:
        commands.settle(store, add_item(store), field, value)
    assert refused.value.code == code


def test_labels_are_removed_however_their_spaces_are_typed(store: Store) -> None:
    ent = add_item(store, labels=["two words"])
    merge(store, [Op("aa", "1", 1, 1, 0, "", "item", ent, "labels/odd  one", "true", (), 1)])
    commands.remove_from(store, [ent], "labels", ["  two   words ", "odd  one"])
    assert queries.card(store, ent).labels == ()  # type: ignore[union-attr]


def test_a_reference_must_be_of_the_right_kind(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        add_item(store, owner=queries.departments(store)[0].id)
    assert refused.value.params["expected"] == "member"


def test_unknown_field_names_the_nearest_right_one(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        add_item(store, titel="x")
    assert refused.value.params["nearest"] == "title"


def test_control_characters_are_stored_as_typed(store: Store) -> None:
    ent = add_item(store, "\x1b[31mred\x07 [bold]")
    assert queries.card(store, ent).title == "\x1b[31mred\x07 [bold]"  # type: ignore[union-attr]


def test_a_title_is_one_line(store: Store) -> None:
    ent = add_item(store, "first\r\nsecond")
    assert queries.card(store, ent).title == "first second"  # type: ignore[union-attr]


def test_writing_the_same_value_again_writes_nothing(store: Store) -> None:
    ent = add_item(store, "x", labels=["a"], custom={"k": "v"})
    change = commands.set_fields(store, [ent], {"title": "x", "labels": ["a"], "custom": {"k": "v"}})
    assert not change.changes


def test_setting_a_set_adds_and_removes(store: Store) -> None:
    ent = add_item(store, labels=["a", "b"])
    commands.set_fields(store, [ent], {"labels": ["b", "c"]})
    assert queries.card(store, ent).labels == ("b", "c")  # type: ignore[union-attr]


def test_clearing_a_field_brings_its_default_back(store: Store) -> None:
    ent = add_item(store, kind="bug", due="2026-12-01")
    commands.set_fields(store, [ent], {"kind": None, "due": None})
    card = queries.card(store, ent)
    assert card is not None
    assert (card.type, card.due) == ("task", "")


def test_one_change_is_one_transaction(store: Store) -> None:
    def half() -> None:
        with commands.change(store, "import") as change:
            change.create("item", {"title": "kept?"})
            change.create("item", {"title": ""})

    with pytest.raises(StoreError):
        half()
    assert queries.item_count(store) == 0


def test_what_one_change_wrote_is_visible_to_itself(store: Store) -> None:
    doing, review = (status.id for status in queries.statuses(store)[1:3])
    with commands.change(store, "import") as change:
        a = change.create("item", {"title": "a", "status": doing, "labels": ["x"]})
        b = change.create("item", {"title": "b", "status": doing})
        change.move(b, doing, after=a)
        change.set(a, {"title": "a2"})
        change.set(a, {"labels": ["y"]})
        change.comment(a, "hm")
        change.move(a, review)
        change.trash(b)
    card = queries.card(store, a)
    assert card is not None
    assert (card.title, card.labels, card.status, card.comments) == ("a2", ("y",), review, 1)
    assert queries.item_count(store) == 1


def test_bulk_creation_keeps_the_order_of_a_file(store: Store) -> None:
    status = queries.statuses(store)[0].id
    with commands.change(store, "import") as change:
        for number in range(50):
            change.create("item", {"title": f"{number:02}"}, bottom=True)
    assert order(store, status) == [f"{number:02}" for number in range(50)]


def test_a_private_draft_stays_here_until_it_is_shared(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = commands.create(store, "conflict", {"title": "发布日提前", "labels": ["x"]}, private=True).ids[0]
    commands.comment(store, ent, "between us")
    deliver(store, other)
    assert queries.card(other, ent) is None
    assert queries.card(store, ent).private  # type: ignore[union-attr]
    commands.share(store, [ent])
    deliver(store, other)
    assert queries.detail(other, ent) == queries.detail(store, ent)
    assert queries.card(other, ent).comments == 1  # type: ignore[union-attr]
    commands.set_fields(store, [ent], {"title": "发布日不变"})
    deliver(store, other)
    assert queries.card(other, ent).title == "发布日不变"  # type: ignore[union-attr]


def test_a_shared_op_never_names_a_draft_as_parent(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = commands.create(store, "item", {"title": "x", "priority": 1}, private=True).ids[0]
    commands.set_fields(store, [ent], {"priority": None})
    commands.share(store, [ent])
    commands.set_fields(store, [ent], {"priority": 2})
    deliver(store, other)
    assert state_hash(store) == state_hash(other)
    assert check_log(store) == []


def test_sharing_tells_nothing_of_what_the_draft_was_before(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = commands.create(
        store, "item", {"title": "secret", "labels": ["secret"], "custom": {"secret": 1}}, private=True
    ).ids[0]
    gone = commands.comment(store, ent, "secret").ids[0]
    commands.trash(store, [gone])
    commands.set_fields(store, [ent], {"title": "open", "labels": ["open"], "custom": {"secret": None}})
    commands.share(store, [ent])
    deliver(store, other)
    told = {field for (field,) in other.conn.execute("SELECT field FROM op")}
    assert not {"labels/secret", "custom/secret"} & told
    titles = other.conn.execute(
        "SELECT value FROM op WHERE field = 'title' AND ent = (SELECT max(n) FROM entity WHERE id = ?)",
        (ent,),
    )
    assert titles.fetchall() == [('"open"',)]
    assert queries.comments(other, ent) == []
    assert queries.card(other, ent).labels == ("open",)  # type: ignore[union-attr]
    assert check_derived(store) == []


def test_a_draft_in_the_trash_is_still_there_when_shared(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = commands.create(store, "item", {"title": "x"}, private=True).ids[0]
    commands.trash(store, [ent])
    commands.share(store, [ent])
    deliver(store, other)
    for replica in (store, other):
        assert queries.detail(replica, ent).trashed  # type: ignore[union-attr]


def test_nobody_writes_into_the_stream_of_my_drafts(store: Store) -> None:
    [private] = [stream for stream in store.streams() if stream.private]
    forged = Op(private.dev, private.inc, 1, 900, 1, "", "item", "e1", "title", '"x"', (), 1)
    with pytest.raises(StoreError) as refused:
        merge(store, [forged])
    assert refused.value.code == "bad-op"
    commands.create(store, "item", {"title": "draft"}, private=True)
    assert ops_after(store, "nobody", "1", 0) == []
    assert check_log(store) == []


def test_a_divergence_is_seen_and_settled_once_for_all(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "x")
    deliver(store, other)
    commands.set_fields(store, [ent], {"title": "mine"})
    commands.set_fields(other, [ent], {"title": "theirs"})
    deliver(other, store)
    deliver(store, other)
    for replica in (store, other):
        [divergence] = queries.divergences(replica, ent)
        assert [head.value for head in divergence.heads] == ["theirs", "mine"]
        assert queries.card(replica, ent).divergences == 1  # type: ignore[union-attr]
    commands.settle(store, ent, "title", "mine")
    deliver(store, other)
    for replica in (store, other):
        card = queries.card(replica, ent)
        assert card is not None
        assert (card.title, card.divergences) == ("mine", 0)


def test_two_moves_within_one_status_are_no_divergence(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    doing, review = (status.id for status in queries.statuses(store)[1:3])
    ent = add_item(store, "x")
    deliver(store, other)
    for replica in (store, other):
        commands.move(replica, [ent], doing)
    deliver(other, store)
    assert queries.card(store, ent).divergences == 0  # type: ignore[union-attr]
    deliver(store, other)
    commands.move(store, [ent], doing)
    commands.move(other, [ent], review)
    deliver(other, store)
    assert queries.card(store, ent).divergences == 1  # type: ignore[union-attr]
    commands.settle(store, ent, "place", doing)
    card = queries.card(store, ent)
    assert card is not None
    assert (card.status, card.divergences) == (doing, 0)


def test_an_edit_the_deleter_had_not_seen_keeps_the_item_with_a_banner(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    edited, untouched, discussed = (add_item(store, title) for title in "abc")
    deliver(store, other)
    commands.set_fields(other, [edited], {"priority": 0})
    commands.comment(other, discussed, "wait")
    commands.trash(store, [edited, untouched, discussed])
    deliver(other, store)
    deliver(store, other)
    for replica in (store, other):
        assert queries.card(replica, edited).banner  # type: ignore[union-attr]
        assert queries.card(replica, discussed).banner  # type: ignore[union-attr]
        assert {card.title for card in queries.matching(replica, "item")} == {"a", "c"}
    commands.restore(other, [untouched])
    assert queries.item_count(other) == 3


def test_two_devices_with_one_code_still_have_different_short_ids(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    store.code = other.code = "zz"
    store.set_meta("next_short", "7")
    other.set_meta("next_short", "7")
    first, second = add_item(store, "first"), add_item(other, "second")
    deliver(other, store)
    deliver(store, other)
    for replica in (store, other):
        assert queries.card(replica, first).short == "zz-7"  # type: ignore[union-attr]
        assert queries.card(replica, second).short == "zz-7b"  # type: ignore[union-attr]


def test_several_processes_see_each_other(store: Store) -> None:
    second = open_store(store.home, now=store.now)
    assert store.poll() is None
    ent = add_item(second, "from elsewhere")
    said = commands.comment(second, ent, "hm").ids[0]
    changes = store.poll()
    assert changes is not None
    assert changes.entities == {"item": {ent}, "comment": {said}}
    assert store.poll() is None
    second.close()


def test_poll_passes_over_what_this_connection_did(store: Store) -> None:
    second = open_store(store.home, now=store.now)
    second.poll()
    mine = add_item(store, "mine")
    theirs = add_item(second, "theirs")
    assert store.poll().ids() == {theirs}  # type: ignore[union-attr]
    assert second.poll().ids() >= {mine}  # type: ignore[union-attr]
    both = [add_item(second, "first"), add_item(store, "second")]
    assert store.poll().ids() >= {both[0]}, "written before mine and not yet told"  # type: ignore[union-attr]
    with pytest.raises(StoreError):
        add_item(store, "")
    store.set_meta("note", "1")
    second.set_meta("note", "2")
    assert store.poll() is None
    second.close()


def test_a_short_id_that_gets_its_letter_from_another_item_is_told(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    for replica in (other, store):
        replica.code = "zz"
        replica.set_meta("next_short", "7")
    first, second = add_item(other, "first"), add_item(store, "second")
    watcher = open_store(store.home, now=store.now)
    assert queries.card(store, second).short == "zz-7"  # type: ignore[union-attr]
    deliver(other, store)
    assert queries.card(store, second).short == "zz-7b"  # type: ignore[union-attr]
    assert watcher.poll().ids("item") == {first, second}  # type: ignore[union-attr]
    watcher.close()


def test_where_a_draft_lies_changes_nothing_that_teammates_have(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    shared, other = add_item(store, "shared"), teammate("Mei")
    draft = commands.create(store, "item", {"title": "draft", "parent": shared}, private=True).ids[0]
    commands.set_fields(store, [shared], {"parent": draft})
    exchange(store, other)
    assert state_hash(store) == state_hash(other)
    assert cuts(store) == {draft}
    commands.share(store, [draft])  # now all can see the cycle
    exchange(store, other)
    assert state_hash(store) == state_hash(other)
    assert cuts(store) == cuts(other) != set()
    assert check_derived(store) == []


def cuts(store: Store) -> set[str]:
    return {ent for (ent,) in store.conn.execute("SELECT id FROM p_item WHERE parent_cut = 1")}
