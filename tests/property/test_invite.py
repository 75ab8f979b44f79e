"""An invitation code is read exactly, forgivingly of its journey, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import StoreError
from store.ops import ALPHABET
from sync.encryption import invite
from sync.encryption.agekeys import SECRET, AgeKey
from sync.encryption.generations import MAX_NUMBER, Generation
from sync.encryption.invite import PREFIX, Invite, read_invite, write_invite

generations = st.lists(
    st.builds(
        Generation,
        st.integers(1, MAX_NUMBER),
        st.binary(min_size=SECRET, max_size=SECRET).map(AgeKey),
    ),
    max_size=4,
).map(tuple)
invites = st.builds(
    Invite,
    st.text(ALPHABET, min_size=26, max_size=26),
    st.text(ALPHABET, min_size=4, max_size=26),
    st.binary(min_size=32, max_size=32),
    generations,
    generations,
)
ALIKE = {"0": "0oOo", "1": "1iIlL"}
NOISE = " \t\r\n\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}-_.,>“”`'|　：邀请码"


def why(text: str) -> str:
    with pytest.raises(StoreError) as caught:
        read_invite(text)
    return str(caught.value.code)


@given(invites)
def test_any_invitation_comes_out_as_it_went_in(made: Invite) -> None:
    code = write_invite(made)
    assert read_invite(code) == made
    assert code.isascii()
    assert code.isalnum()
    assert code == code.lower()


@given(invites, st.data())
def test_what_people_and_chats_do_to_a_code_does_not_matter(made: Invite, data: st.DataObject) -> None:
    def worn(letter: str) -> str:
        letter = str(data.draw(st.sampled_from(ALIKE.get(letter, letter + letter.upper()))))
        if letter.isascii() and data.draw(st.booleans()):
            letter = chr(ord(letter) + 0xFEE0)  # as an input method types it
        return letter + str(data.draw(st.sampled_from(["", "", "", *NOISE])))

    start = data.draw(st.integers(0, 40))
    code = write_invite(made)
    assert read_invite("> " + "".join(map(worn, code[: start + 40])) + code[start + 40 :] + "\n\n") == made


@given(invites)
def test_a_code_without_its_first_two_letters_is_still_one(made: Invite) -> None:
    assert read_invite(write_invite(made).removeprefix(PREFIX)) == made


@given(invites, st.data())
def test_no_code_with_a_wrong_letter_is_taken(made: Invite, data: st.DataObject) -> None:
    code = write_invite(made)
    at = data.draw(st.integers(len(PREFIX), len(code) - 1))
    wrong = data.draw(st.sampled_from([letter for letter in ALPHABET + "u" if letter != code[at]]))
    assert why(code[:at] + wrong + code[at + 1 :]).startswith("invite-")


@given(invites, st.data())
def test_no_code_with_letters_swapped_or_doubled_is_taken(made: Invite, data: st.DataObject) -> None:
    code = write_invite(made)
    at = data.draw(st.integers(len(PREFIX), len(code) - 2).filter(lambda at: code[at] != code[at + 1]))
    assert why(code[:at] + code[at + 1] + code[at] + code[at + 2 :]).startswith("invite-")
    assert why(code[:at] + code[at] + code[at:]).startswith("invite-")


@given(invites, st.data())
def test_a_code_that_was_cut_off_is_called_incomplete(made: Invite, data: st.DataObject) -> None:
    code = write_invite(made)
    kept = data.draw(st.integers(65, len(code) - 1))
    with pytest.raises(StoreError) as caught:
        read_invite(code[:kept])
    assert caught.value.code == "invite-short"
    assert caught.value.params == {"found": kept, "expected": len(code)}


@given(st.text(max_size=200))
def test_what_is_no_code_is_refused_without_an_accident(text: str) -> None:
    assert why(text).startswith("invite-")


def test_a_code_of_a_version_to_come_is_called_so() -> None:
    payload = bytes((invite.VERSION + 1,)) + b"whatever it will hold"
    assert why(PREFIX + invite._letters(payload + invite._check(payload))) == "invite-newer"


@given(st.binary(min_size=2, max_size=120))
def test_a_right_check_makes_no_sense_of_nonsense(rest: bytes) -> None:
    payload = bytes((invite.VERSION,)) + rest
    assert why(PREFIX + invite._letters(payload + invite._check(payload))) == "invite-damaged"


def test_a_novel_is_refused_unread() -> None:
    assert why("0" * 10_000_000) == "invite-damaged"


def test_no_secret_shows_in_a_message() -> None:
    keys = [AgeKey(bytes([number]) * SECRET) for number in (1, 2)]
    first, second = (
        Invite("0" * 26, "abcd", bytes(32), (Generation(1, key),), (Generation(2, key),)) for key in keys
    )
    assert first != second
    assert repr(first) == repr(second)
