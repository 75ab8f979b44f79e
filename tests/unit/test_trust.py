"""Who is trusted follows from ops alone, the same on every replica, and nobody can speak for themselves."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from store.change import Change
from store.database import Store
from store.errors import StoreError
from store.oplog import merge, ops_after, streams
from store.ops import encode_value
from store.places import pin
from store.setup import join_workspace
from sync.trust import roster
from sync.trust.roster import approve, devices, find_device, rename, require_approval, revoke
from sync.trust.standing import decides_on_trust, read_trust, root_device
from tests.conftest import add_item, deliver, exchange

Join = Callable[[str], Store]
KEY = {"Bob": "b" * 64, "Cai": "c" * 64, "lp": "a" * 64}


@pytest.fixture
def team(store: Store, teammate: Join) -> tuple[Store, Store, Store]:
    """Three replicas with the same ops, each of which knows the others' keys."""
    made = (store, teammate("Bob"), teammate("Cai"))
    exchange(*made)
    for each in made:
        for other, key in zip(made, "abc", strict=True):
            pin(each, other.device, key * 64, "")
    return made


def write(store: Store, ent: str, field: str, value: object, kind: str = "device") -> None:
    """Write a cell as nothing of ours would."""
    with Change(store, "set") as made:
        made.write(kind, ent, field, encode_value(value), force=True)


def standings(store: Store, *others: Store) -> list[str]:
    trust = read_trust(store)
    return [trust.standing(other.device) for other in others]


def stream(store: Store) -> tuple[str, str]:
    return store.device, store.incarnation


def test_everybody_is_trusted_on_first_sight(team: tuple[Store, Store, Store]) -> None:
    ann, bob, _ = team
    assert standings(ann, *team) == ["seen", "seen", "seen"]
    assert read_trust(ann).limit(*stream(bob)) is None
    assert read_trust(ann).standing("nobody123456") == "seen"


def test_a_revoked_device_counts_as_far_as_others_had_taken_it(team: tuple[Store, Store, Store]) -> None:
    ann, bob, cai = team
    add_item(bob, "early")
    deliver(bob, ann)
    taken = streams(ann)[stream(bob)].seq
    assert revoke(ann, bob.device)
    assert standings(ann, bob) == ["revoked"]
    assert read_trust(ann).limit(*stream(bob)) == taken
    assert not revoke(ann, bob.device)
    add_item(bob, "later")
    deliver(bob, cai)  # who had not heard of it
    deliver(ann, cai)
    more = streams(cai)[stream(bob)].seq
    assert more > taken
    assert read_trust(cai).limit(*stream(bob)) == taken
    roster.note_own(cai, b"\xcc" * 32)
    deliver(cai, ann)
    assert read_trust(ann).limit(*stream(bob)) == read_trust(cai).limit(*stream(bob)) == more


def test_what_is_noted_is_noted_once(team: tuple[Store, Store, Store]) -> None:
    ann, _, _ = team
    roster.note_own(ann, b"\xaa" * 32)
    before = ann.conn.total_changes
    roster.note_own(ann, b"\xaa" * 32)
    assert ann.conn.total_changes == before
    assert ann.conn.execute("SELECT key FROM p_device WHERE id = ?", (ann.device,)).fetchone() == ("aa" * 32,)


def test_a_revoked_device_may_be_taken_back(team: tuple[Store, Store, Store]) -> None:
    ann, bob, _ = team
    revoke(ann, bob.device)
    assert approve(ann, bob.device)
    assert standings(ann, bob) == ["approved"]
    assert read_trust(ann).limit(*stream(bob)) is None
    assert not approve(ann, bob.device)


def test_with_approval_only_the_first_device_and_the_approved_are_trusted(
    team: tuple[Store, Store, Store], teammate: Join
) -> None:
    ann, bob, cai = team
    assert set(require_approval(ann, True)) == {bob.device, cai.device}
    assert standings(ann, *team) == ["seen", "approved", "approved"]
    late = teammate("Dan")
    assert standings(ann, late) == ["waiting"]
    # Ops that came before anybody asked for approval stay, and are known to everybody in the end.
    taken = streams(ann)[stream(late)].seq
    assert read_trust(ann).limit(*stream(late)) == 0
    roster.note_own(ann, b"\xaa" * 32)
    assert read_trust(ann).limit(*stream(late)) == taken
    pin(ann, late.device, "d" * 64, "")
    assert approve(ann, late.device)
    assert standings(ann, late) == ["approved"]
    assert require_approval(ann, True) == []
    require_approval(ann, False)
    assert read_trust(ann).standing("nobody123456") == "seen"


def test_who_is_not_approved_cannot_shut_out_others(team: tuple[Store, Store, Store]) -> None:
    _, bob, cai = team
    with pytest.raises(StoreError) as caught:
        require_approval(bob, True)
    assert caught.value.code == "not-approved"
    approve(cai, bob.device)
    exchange(bob, cai)
    require_approval(bob, True)
    exchange(*team)
    for each in team:
        assert standings(each, *team) == ["approved", "approved", "approved"]


def test_who_is_not_trusted_decides_nothing_about_devices(
    team: tuple[Store, Store, Store], teammate: Join
) -> None:
    ann, bob, _ = team
    require_approval(ann, True)
    revoke(ann, bob.device)
    late = teammate("Dan")
    exchange(ann, bob, late)
    assert standings(late, late) == ["waiting"]
    for each, code in ((bob, "revoked-here"), (late, "unapproved-here")):
        before = streams(each)[stream(each)].seq
        for decide in (
            lambda one: require_approval(one, False),
            lambda one: require_approval(one, True),
            lambda one: approve(one, one.device),
            lambda one: approve(one, ann.device),
            lambda one: revoke(one, ann.device),
        ):
            with pytest.raises(StoreError) as caught:
                decide(each)
            assert caught.value.code == code
            assert "林平" in str(caught.value.params["people"])
        assert streams(each)[stream(each)].seq == before, "it was written all the same"


def test_a_member_s_name_means_the_device_that_the_decision_is_about(
    team: tuple[Store, Store, Store], teammate: Join
) -> None:
    ann, bob, cai = team
    for device in (bob, cai):
        rename(ann, device.device, "vm")
    person = next(one.person for one in devices(ann) if one.id == bob.device)
    assert find_device(ann, person).id == bob.device
    require_approval(ann, True)
    late = teammate(person.lower())  # the same member, for names are the same whatever their case
    with pytest.raises(StoreError) as caught:
        find_device(ann, person)
    assert caught.value.code == "ambiguous"
    assert find_device(ann, person, lambda one: one.standing == "waiting").id == late.device
    assert find_device(ann, "vm", lambda one: one.id == cai.device).id == cai.device


def test_nobody_who_is_revoked_is_approved_with_the_others(team: tuple[Store, Store, Store]) -> None:
    ann, bob, cai = team
    revoke(ann, bob.device)
    assert set(require_approval(ann, True)) == {cai.device}
    assert standings(ann, bob) == ["revoked"]


def test_the_first_device_needs_no_approval_and_can_be_revoked(team: tuple[Store, Store, Store]) -> None:
    ann, bob, _ = team
    write(bob, bob.workspace, "approval", True, "workspace")
    assert standings(bob, ann, bob) == ["seen", "waiting"]
    write(bob, ann.device, "trust", "revoked")
    assert standings(bob, ann) == ["revoked"]


def test_a_device_cannot_decide_about_itself(team: tuple[Store, Store, Store]) -> None:
    ann, bob, cai = team
    require_approval(ann, True)
    revoke(ann, bob.device)
    taken = read_trust(ann).limit(*stream(bob))
    deliver(ann, bob)
    write(bob, bob.device, "trust", "approved")
    write(bob, bob.device, f"accepted/{bob.device}.{bob.incarnation}", 10**6)
    write(bob, bob.device, f"accepted/{ann.device}.{bob.incarnation}", 10**6)  # in another's name
    deliver(bob, ann)
    assert standings(ann, bob) == ["revoked"]
    assert read_trust(ann).limit(*stream(bob)) == taken
    write(bob, cai.device, f"accepted/{bob.device}.{cai.incarnation}", 10**6)
    deliver(bob, ann)
    revoke(ann, cai.device)
    assert read_trust(ann).limit(*stream(cai)) == streams(ann)[stream(cai)].seq, "a revoked device vouches"


def test_who_is_revoked_cannot_strike_out_the_revocation_beforehand(
    team: tuple[Store, Store, Store],
) -> None:
    ann, bob, _ = team
    # Bob guesses the names of the ops with which Ann will revoke him, and replaces them before they are made.
    coming = [f"{ann.device}.{ann.incarnation}.{streams(ann)[stream(ann)].seq + n}" for n in range(1, 6)]
    with Change(bob, "set") as made:
        made._lamport = 10**6
        made.write("device", bob.device, "trust", encode_value("approved"), parents=coming)
    deliver(bob, ann)
    revoke(ann, bob.device)
    assert standings(ann, bob) == ["revoked"]


@pytest.mark.parametrize("first", ["approve", "revoke"])
def test_of_two_decisions_made_at_once_the_cautious_one_holds(
    team: tuple[Store, Store, Store], first: str
) -> None:
    ann, bob, cai = team
    one, other = (approve, revoke) if first == "approve" else (revoke, approve)
    one(ann, cai.device)
    other(bob, cai.device)
    exchange(ann, bob)
    assert standings(ann, cai) == standings(bob, cai) == ["revoked"]


def test_an_approval_names_the_key(team: tuple[Store, Store, Store]) -> None:
    ann, bob, cai = team
    approve(ann, bob.device)
    assert read_trust(ann).key(bob.device) == "b" * 64
    write(bob, bob.device, "key", "e" * 64)  # says Bob, or who poses as him
    write(cai, bob.device, "key", "not a key")
    exchange(ann, bob, cai)
    assert {read_trust(each).key(bob.device) for each in team} == {"b" * 64}


def test_only_a_device_itself_says_what_is_encrypted_to_it(team: tuple[Store, Store, Store]) -> None:
    ann, bob, cai = team
    write(bob, bob.device, "seal", "age1bob")
    exchange(ann, bob)
    write(ann, bob.device, "seal", "age1ann")
    exchange(ann, bob, cai)
    assert {read_trust(each).seal(bob.device) for each in team} == {"age1bob"}


@pytest.mark.parametrize("value", [None, "banned", 7, ["approved"], {"approved": True}, True])
def test_what_is_no_decision_decides_nothing(team: tuple[Store, Store, Store], value: object) -> None:
    ann, bob, _ = team
    write(ann, bob.device, "trust", value)
    write(ann, bob.device, "key", value)
    write(ann, bob.device, f"accepted/{ann.device}.x", value)
    write(ann, ann.workspace, "approval", value, "workspace")
    assert standings(ann, bob) == (["seen"] if value is not True else ["waiting"])


def test_a_draft_decides_nothing(team: tuple[Store, Store, Store]) -> None:
    ann, bob, _ = team
    with Change(ann, "set") as made:
        made.private[bob.device] = True
        made.write("device", bob.device, "trust", encode_value("revoked"))
    assert standings(ann, bob) == ["seen"]


def test_the_order_in_which_decisions_arrive_makes_no_difference(
    team: tuple[Store, Store, Store], tmp_path: Path
) -> None:
    ann, bob, cai = team
    require_approval(ann, True)
    revoke(ann, cai.device)
    approve(bob, cai.device)
    revoke(cai, bob.device)
    roster.note_own(bob, b"\xbb" * 32)
    parts = [(key, ops_after(each, *key, 0)) for each in team for key in [stream(each)]]
    found = set()
    for number, order in enumerate(itertools.permutations(parts)):
        reader = join_workspace(str(tmp_path / f"reader-{number}"), ann.workspace)
        for (_dev, _inc), ops in order:
            merge(reader, ops)
        trust = read_trust(reader)._replace(own="")
        found.add(
            repr((sorted(trust.decided.items()), sorted(trust.accepted.items()), trust.root, trust.approval))
        )
        reader.close()
    assert len(found) == 1


def test_the_first_device_is_the_one_that_made_the_workspace(team: tuple[Store, Store, Store]) -> None:
    ann, bob, _ = team
    assert {root_device(each) for each in team} == {ann.device}
    bob.set_meta("root", "pinned123456")
    assert root_device(bob) == "pinned123456"


def test_a_body_that_decides_is_told_from_one_that_does_not() -> None:
    def line(kind: str, field: str, value: str = "1") -> bytes:
        return b'{"lam":1,"by":"x","kind":"%s","ent":"x","field":"%s","value":"%s"}\n' % (
            kind.encode(), field.encode(), value.encode()
        )  # fmt: skip

    for kind, field in (
        ("device", "trust"), ("device", "accepted/a.b"), ("workspace", "approval"),
    ):  # fmt: skip
        assert decides_on_trust(line("device", "title") + line(kind, field))
    for kind, field in (("device", "title"), ("item", "trust"), ("workspace", "title"), ("device", "key")):
        assert not decides_on_trust(line(kind, field, '\\"kind\\":\\"device\\"') * 3)


def test_devices_are_listed_with_who_waits_first(team: tuple[Store, Store, Store], teammate: Join) -> None:
    ann, bob, _ = team
    require_approval(ann, True)
    late = teammate("Dan")
    revoke(ann, bob.device)
    found = devices(ann)
    assert [one.id for one in found][:2] == [ann.device, late.device]
    assert (found[0].own, found[0].root, found[0].standing, found[0].person) == (True, True, "seen", "林平")
    assert (found[1].standing, found[1].key, found[1].person) == ("waiting", "", "Dan")
    assert {one.standing for one in found if one.id == bob.device} == {"revoked"}
    with pytest.raises(StoreError) as caught:
        approve(ann, late.device)
    assert caught.value.code == "no-key-yet"


def test_a_device_is_found_by_what_people_call_it(team: tuple[Store, Store, Store]) -> None:
    ann, bob, cai = team
    rename(ann, bob.device, "Bob's laptop")
    rename(ann, cai.device, "Bob's tablet")
    for text in (bob.device, bob.device[:6], "bob's LAPTOP", "bob's l", "bo"):
        assert find_device(ann, text).id == bob.device
    for text, code in (("bob's", "ambiguous"), ("nobody", "no-device"), ("", "no-device")):
        with pytest.raises(StoreError) as caught:
            find_device(ann, text)
        assert caught.value.code == code
    exchange(ann, bob)
    assert {one.name for one in devices(bob) if one.own} == {"Bob's laptop"}


def test_nobody_revokes_the_device_they_sit_at(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        revoke(store, store.device)
    assert caught.value.code == "own-device"
