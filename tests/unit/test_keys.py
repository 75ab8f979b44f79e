"""A device's keys lie in one file that only its owner reads, and prove what the device wrote."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from unittest import mock

import pytest

from store.errors import StoreError
from sync.trust import signed
from sync.trust.keys import Keys, fingerprint, keys_path, load_keys, save_keys, verify

KEYS = Keys({"sign": "5a" * 32})


def test_keys_are_made_once_and_read_again(tmp_path: Path) -> None:
    home = str(tmp_path)
    made = load_keys(home)
    assert load_keys(home).public == made.public
    assert stat.S_IMODE(os.stat(keys_path(home)).st_mode) == 0o600
    assert os.listdir(home) == ["keys.json"]
    assert load_keys(str(tmp_path)).sign(b"x") == made.sign(b"x")


def test_who_comes_second_takes_the_keys_of_who_was_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(tmp_path)
    real = os.link
    other: list[Keys] = []

    def slow(source: str, target: str) -> None:
        if not other:
            other.append(KEYS)
            save_keys(home, Keys({"format": "1.0", "sign": "5a" * 32}))
        real(source, target)

    monkeypatch.setattr(os, "link", slow)
    assert load_keys(home).public == KEYS.public
    assert os.listdir(home) == ["keys.json"]


def test_chance_decides_the_key_so_a_run_can_be_repeated(tmp_path: Path) -> None:
    found = []
    for number in range(2):
        home = tmp_path / str(number)
        home.mkdir()
        with mock.patch("os.urandom", lambda size: b"7" * size):
            found.append(load_keys(str(home)).public)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format":"1.0"}', '{"format":"1.0","sign":"zz"}', '{"format":"1.0","sign":"5a5a"}',
     '{"format":"2.0","sign":"' + "5a" * 32 + '"}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_is_neither_read_nor_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(StoreError) as caught:
        load_keys(str(tmp_path))
    assert caught.value.code == "bad-keys"
    assert path.read_text() == content


def test_what_a_newer_program_keeps_there_stays(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"format":"1.7","sign":"' + "5a" * 32 + '","later":{"x":1}}')
    save_keys(str(tmp_path), load_keys(str(tmp_path)))
    assert json.loads((tmp_path / "keys.json").read_text())["later"] == {"x": 1}


def test_the_private_key_is_not_shown_by_accident() -> None:
    assert "5a5a" not in f"{KEYS!r} {KEYS}"


def test_a_fingerprint_can_be_read_aloud() -> None:
    assert fingerprint(KEYS.public) == "peeq-dobk-rh7f-aw27"


def test_a_signature_is_the_keys_and_the_datas() -> None:
    sig = KEYS.sign(b"data")
    assert verify(KEYS.public, sig, b"data")
    assert not verify(KEYS.public, sig, b"date")
    assert not verify(Keys({"sign": "5b" * 32}).public, sig, b"data")
    assert not verify(b"short", sig, b"data")
    assert not verify(KEYS.public, b"", b"data")


def test_a_signature_for_one_kind_of_object_is_none_for_another() -> None:
    fields: dict[str, object] = {"seq": 1}
    fields["sig"] = signed.signature(signed.HEAD, fields, KEYS)
    assert signed.is_proven(signed.HEAD, fields, KEYS.public)
    assert not signed.is_proven(signed.SEGMENT, fields, KEYS.public)


def test_a_signature_can_be_written_in_one_way_only() -> None:
    fields: dict[str, object] = {"seq": 1}
    sig = signed.signature(signed.HEAD, fields, KEYS)
    # The last letter carries two bits, so fifteen others would decode to the same bytes.
    loose = sig[:-1] + chr(ord(sig[-1]) + 1)
    for bad in (
        "",
        "\n",
        sig[:-1],
        f"{sig}=",
        f"{sig}==",
        f"{sig}\n",
        f" {sig[1:]}",
        f"同{sig[1:]}",
        loose,
        None,
        7,
    ):
        assert not signed.is_proven(signed.HEAD, {**fields, "sig": bad}, KEYS.public), bad
    assert signed.is_proven(signed.HEAD, {**fields, "sig": sig}, KEYS.public)


def test_a_signature_does_not_depend_on_how_the_object_was_written_down() -> None:
    fields = {"b": '同\u007f\n"', "a": [1, {"z": None, "y": True}]}
    line = signed.signed_line(signed.HEAD, fields, KEYS)
    read = signed.parse_object(line.removesuffix(b"\n"))
    rewritten = json.dumps(dict(reversed(read.items())), separators=(" , ", " : ")).replace(
        "\\u540c", "\\u540C"
    )
    other = signed.parse_object(rewritten.encode())
    assert signed.is_proven(signed.HEAD, other, KEYS.public)
    assert signed.message(signed.HEAD, fields) == (
        b'sameboat head\n{"a":[1,{"y":true,"z":null}],"b":"\\u540c\\u007f\\n\\""}'
    )


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', '{"a":1.0}', '{"a":1e3}', '{"a":NaN}', '{"a":Infinity}',
     '{"a":9007199254740992}', '{"a":' + "9" * 5000 + "}", "[]", "1", "", "[" * 100_000, '{"a":1} x', "\xff"],
)  # fmt: skip
def test_what_two_programs_could_read_differently_is_malformed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the whole contract
        signed.parse_object(text.encode("latin-1"))
