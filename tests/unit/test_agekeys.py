"""Encrypting to a key: only its holder reads it, as it was written, and nobody else's file costs much."""

from __future__ import annotations

import time

import pyrage
import pytest

from sync.encryption.agekeys import AgeKey, Unreadable, decrypt, encrypt, is_recipient, make_age_key


def test_a_key_is_spelled_as_age_spells_it() -> None:
    """From the test vectors of age (c2sp.org/age): this identity belongs to this recipient."""
    key = AgeKey(bytes.fromhex("4184a8f55d1b1f0d12fb7a3bb7ff0d2bd4f23a8c52bd1d6a2c3a9dcd9c1d2d8e"))
    again = pyrage.x25519.Identity.from_str(str(key.identity))
    assert str(again.to_public()) == key.recipient
    assert key.recipient.startswith("age1")
    assert len(key.recipient) == 62
    assert is_recipient(key.recipient)


def test_what_is_encrypted_by_the_library_alone_is_read_and_the_other_way_round() -> None:
    key = make_age_key()
    theirs = pyrage.encrypt("定价页".encode(), [key.identity.to_public()])
    assert decrypt(theirs, key).decode() == "定价页"
    assert pyrage.decrypt(encrypt(b"ours", [key.recipient]), [key.identity]) == b"ours"


def test_everyone_it_was_encrypted_to_reads_it_and_nobody_else() -> None:
    keys = [make_age_key() for _ in range(5)]
    sealed = encrypt(b"hello", [key.recipient for key in keys[:4]])
    assert [decrypt(sealed, key, recipients=4) for key in keys[:4]] == [b"hello"] * 4
    with pytest.raises(Unreadable):
        decrypt(sealed, keys[4], recipients=4)
    for key in keys:
        assert key.recipient.encode() not in sealed


def test_a_header_that_names_a_crowd_is_refused_before_any_is_tried() -> None:
    """Each name costs a multiplication on the curve: a small file must not cost minutes."""
    key = make_age_key()
    stanza = encrypt(b"", [make_age_key().recipient]).split(b"\n-> ")[1] + b"\n"
    crowd = b"age-encryption.org/v1\n" + (b"-> " + stanza) * 100_000 + b"--- " + b"A" * 43 + b"\n" + bytes(64)
    started = time.process_time()
    with pytest.raises(Unreadable, match="no header"):
        decrypt(crowd, key)
    assert time.process_time() - started < 1


def test_a_passphrase_is_never_tried() -> None:
    with pytest.raises(Unreadable):
        decrypt(pyrage.passphrase.encrypt(b"slow", "secret"), make_age_key())


@pytest.mark.parametrize("text", ["", "age1", "age1" + "q" * 58, "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"])
def test_what_is_no_recipient_is_told_before_it_is_used(text: str) -> None:
    assert not is_recipient(text)
    with pytest.raises(ValueError, match=r"."):
        encrypt(b"", [text])


def test_keys_are_new_each_time_and_silent() -> None:
    one, other = make_age_key(), make_age_key()
    assert one != other
    assert one == AgeKey(one.secret)
    assert repr(one) == repr(other) == "<AgeKey>"
    with pytest.raises(ValueError, match="32 bytes"):
        AgeKey(b"short")
