"""An encrypted workspace at the command line: who has the code is in, others read nothing, the folder says nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import zstandard

from store.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli, Result

TITLE = "定价页 quarterly-secret"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder that everybody can reach."""
    folder = tmp_path / "team"
    folder.mkdir()
    return folder


@pytest.fixture
def here(bare_cli: Cli, folder: Path) -> Cli:
    """Return the home in which an encrypted workspace was made."""
    bare_cli.ok("init", str(folder), "--name", "Apollo", "--me", "林平", "--code", "lp", "--encrypt")
    return bare_cli


@pytest.fixture
def there(here: Cli, folder: Path, tmp_path: Path) -> Cli:
    """Return the home of a teammate who was invited."""
    return join(here, folder, tmp_path / "there", "韩梅")


def code_of(cli: Cli) -> str:
    return cli.ok("invite").out.strip()


def join(inviter: Cli, folder: Path, home: Path, name: str, code: str = "") -> Cli:
    made = inviter.in_home(home)
    made.ok("join", str(folder), "--me", name, "--invite", code or code_of(inviter))
    return made


def titles(cli: Cli) -> set[str]:
    return {row["title"] for row in cli.ok("list", "--json").json}


def settle(*homes: Cli) -> None:
    for _ in range(2):
        for home in homes:
            home("sync")


def refused(result: Result, code: str, sentence: str) -> None:
    """Check that a request failed with one sentence that says what to do, and tells nothing that is secret."""
    assert result.code in (1, 2), result
    assert re.search(sentence, result.err), result.err
    assert len(result.err.strip().splitlines()) == 1
    assert code not in result.out + result.err
    assert "Traceback" not in result.err


def told(folder: Path) -> bytes:
    """Return everything in a folder that whoever stores it can make out: names, bytes, and whatever unpacks."""
    found = b""
    for path in sorted(folder.rglob("*")):
        found += str(path.relative_to(folder)).encode() + b"\n"
        if path.is_file():
            data = path.read_bytes()
            found += data + b"\n"
            for match in re.finditer(re.escape(zstandard.FRAME_HEADER), data):
                try:
                    found += zstandard.ZstdDecompressor().decompressobj().decompress(data[match.start() :])
                except zstandard.ZstdError:
                    continue
    return found


def test_two_homes_share_everything_and_the_folder_tells_no_word_of_it(
    here: Cli, there: Cli, folder: Path
) -> None:
    here.ok("add", TITLE, "#launch", "^fri")
    there.ok("conflict", "yf>sc 发布日提前两周 !2 #资源")
    settle(here, there, here)
    assert titles(here) == titles(there) == {TITLE, "发布日提前两周"}
    assert here.ok("export").out == there.ok("export").out
    hashes = {cli.ok("status", "--json").json["state_hash"] for cli in (here, there)}
    assert len(hashes) == 1
    found = told(folder)
    for word in (
        TITLE,
        "定价页",
        "quarterly",
        "发布日",
        "launch",
        "Apollo",
        "林平",
        "韩梅",
        "产品",
        "Backlog",
    ):
        assert word.encode() not in found, word


def test_who_has_no_code_is_told_how_to_get_one_and_nothing_is_left(
    here: Cli, folder: Path, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    outsider = here.in_home(tmp_path / "outsider")
    refused(outsider("join", str(folder), "--me", "Eve"), "sb0", "is encrypted.*`sameboat invite`")
    assert json.loads(outsider("join", str(folder), "--json").out)["error"]["code"] == "invite-needed"
    assert not outsider.home.exists()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_code_that_is_not_right_is_told_apart(here: Cli, folder: Path, tmp_path: Path) -> None:
    code = code_of(here)
    second = here.in_home(tmp_path / "second")
    second.ok("init", "--encrypt", "--me", "Zoe")
    foreign = code_of(second)
    outsider = here.in_home(tmp_path / "outsider")
    other = "1" if code[40] != "1" else "2"
    for given, sentence in (
        (code[:40] + other + code[41:], "no whole invitation code"),
        (code[:-9], f"has {len(code) - 9} of {len(code)} letters"),
        ("hello", "no whole invitation code"),
        ("\t", "no invitation code"),
        (foreign, "another workspace"),
    ):
        refused(outsider("join", str(folder), "--invite", given), given[:30], sentence)
        assert not (outsider.home / "sameboat.db").exists()
        assert not (outsider.home / "keys.json").exists()


def test_a_code_may_come_on_stdin_or_in_the_environment(
    here: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(here)
    wrapped = f"> {code[:70].upper()}\n> {code[70:]}\n"
    piped = here.in_home(tmp_path / "piped")
    piped.ok("join", str(folder), "--me", "Bob", "--invite", "-", stdin=wrapped)
    monkeypatch.setenv("SAMEBOAT_INVITE", code)
    quiet = here.in_home(tmp_path / "quiet")
    quiet.ok("join", str(folder), "--me", "Cai")
    here.ok("add", TITLE)
    settle(here, piped, quiet)
    assert titles(piped) == titles(quiet) == {TITLE}
    empty = here.in_home(tmp_path / "empty")
    refused(empty("join", str(folder), "--invite", "-"), "sb0", "no invitation code")


def test_a_code_typed_where_none_belongs_is_not_repeated(here: Cli, folder: Path, tmp_path: Path) -> None:
    code = code_of(here)
    result = here.in_home(tmp_path / "outsider")("join", str(folder), code)
    refused(result, code[:40], "one word too many")


def test_a_folder_of_several_shares_is_no_riddle_for_who_has_a_code(
    here: Cli, folder: Path, tmp_path: Path
) -> None:
    here.in_home(tmp_path / "second").ok("init", str(folder), "--me", "Zoe")
    joined = join(here, folder, tmp_path / "there", "Bob")
    assert joined.ok("status", "--json").json["workspace"] == here.ok("status", "--json").json["workspace"]


def test_after_a_revocation_who_is_out_reads_nothing_new_and_the_others_everything(
    here: Cli, there: Cli, folder: Path, tmp_path: Path
) -> None:
    eve = join(here, folder, tmp_path / "eve", "Eve")
    old = code_of(eve)
    here.ok("add", "before")
    settle(here, there, eve)
    assert titles(eve) == {"before"}
    here.ok("devices", "revoke", eve.ok("status", "--json").json["device"])
    here.ok("add", "after")
    settle(here, there)
    there.ok("add", "after, too")
    settle(there, here)
    assert titles(here) == titles(there) == {"before", "after", "after, too"}
    result = eve("sync")
    assert result.code == 3
    assert "`sameboat invite`" in result.err
    assert titles(eve) == {"before"}
    status = eve("status")
    assert status.code == 3
    assert "the key to read" in status.err
    assert {row["reason"] for row in eve("status", "--json").json["waiting"]} == {"no-key"}
    # Not even under another name, with the code she still has.
    again = here.in_home(tmp_path / "again")
    refused(again("join", str(folder), "--me", "Eva", "--invite", old), old, "older than the workspace's")
    assert not (again.home / "sameboat.db").exists()
    assert not (again.home / "keys.json").exists()
    new = join(there, folder, tmp_path / "new", "Fay")
    assert titles(new) == {"before", "after", "after, too"}


def test_inviting_after_a_revocation_hands_out_the_new_key_at_once(
    here: Cli, folder: Path, tmp_path: Path
) -> None:
    eve = join(here, folder, tmp_path / "eve", "Eve")
    settle(here)
    here.ok("devices", "revoke", eve.ok("status", "--json").json["device"])
    code = code_of(here)
    here.ok("add", TITLE)
    settle(here)
    joined = join(here, folder, tmp_path / "there", "Bob", code)
    assert titles(joined) == {TITLE}


def test_a_home_that_lost_the_key_says_so_and_a_new_code_mends_it(
    here: Cli, there: Cli, folder: Path
) -> None:
    here.ok("add", TITLE)
    settle(here)
    path = there.home / "keys.json"
    fields = json.loads(path.read_text())
    del fields["workspace_keys"]
    path.write_text(json.dumps(fields))
    result = there("sync")
    assert result.code == 3
    assert "`sameboat join FOLDER --invite CODE`" in result.err
    assert there("status", "--json").json["places"][0]["paused"] == "no-key"
    there.ok("add", "typed meanwhile")
    refused(there("invite"), "sb0", "key is not here")
    there.ok("join", str(folder), "--invite", code_of(here))
    settle(there, here)
    assert titles(there) == titles(here) == {TITLE, "typed meanwhile"}


def test_a_home_takes_no_code_of_another_workspace(
    here: Cli, there: Cli, folder: Path, tmp_path: Path
) -> None:
    other = here.in_home(tmp_path / "other")
    other.ok("init", "--encrypt", "--me", "Zoe")
    code = code_of(other)
    before = (there.home / "keys.json").read_bytes()
    refused(there("join", str(folder), "--invite", code), code, "another workspace")
    assert (there.home / "keys.json").read_bytes() == before


def test_a_home_that_holds_another_workspace_than_the_folder_and_the_code_is_named(
    here: Cli, folder: Path, tmp_path: Path
) -> None:
    other = here.in_home(tmp_path / "other")
    other.ok("init", "--me", "Zoe")
    result = other("join", str(folder), "--invite", code_of(here), "--json")
    assert (result.code, result.json["error"]["code"]) == (1, "home-other")
    assert f"This home, {other.home}, holds another workspace" in result.err
    assert "SAMEBOAT_HOME=" in result.err


def test_a_folder_that_claims_not_to_be_encrypted_gets_nothing(
    here: Cli, there: Cli, folder: Path, tmp_path: Path
) -> None:
    code = code_of(here)
    sentinel = next(folder.glob("sameboat-*/ws.json"))
    sentinel.write_text(sentinel.read_text().replace('"enc":"age"', '"enc":""'))
    here.ok("add", TITLE)
    assert here("sync").code == 3
    assert "not encrypted, but it is" in here("status").out
    outsider = here.in_home(tmp_path / "outsider")
    refused(outsider("join", str(folder), "--invite", code), code, "may have tampered")
    assert TITLE.encode() not in told(folder)


@pytest.mark.parametrize("encrypt", [(), ("--encrypt",)])
def test_a_folder_begun_by_somebody_else_is_not_joined(
    bare_cli: Cli, folder: Path, tmp_path: Path, encrypt: tuple[str, ...]
) -> None:
    bare_cli.ok("init", str(folder), "--me", "林平", *encrypt)
    code = code_of(bare_cli)
    sentinel = next(folder.glob("sameboat-*/ws.json"))
    ours = json.loads(sentinel.read_text())
    sentinel.write_text(json.dumps({**ours, "root": "e" * 12}))
    victim = bare_cli.in_home(tmp_path / "victim")
    refused(victim("join", str(folder), "--invite", code), code, "not begun by the device")
    assert not (victim.home / "sameboat.db").exists()


def test_a_first_device_with_another_key_is_not_joined(bare_cli: Cli, folder: Path, tmp_path: Path) -> None:
    """Somebody offers a whole workspace of his own under the names of ours."""
    bare_cli.ok("init", "--me", "林平")
    code = code_of(bare_cli)
    forger = bare_cli.in_home(tmp_path / "forger")
    shutil.copytree(bare_cli.home, forger.home)
    keys = json.loads((forger.home / "keys.json").read_text())
    (forger.home / "keys.json").write_text(json.dumps({**keys, "sign": "5e" * 32}))
    with closing(sqlite3.connect(forger.home / "sameboat.db")) as conn, conn:
        conn.execute("DELETE FROM pin")
    forger.ok("place", "add", str(folder))
    unwary = bare_cli.in_home(tmp_path / "unwary")
    unwary.ok("join", str(folder), "--me", "Bob")
    victim = bare_cli.in_home(tmp_path / "victim")
    refused(victim("join", str(folder), "--me", "Cai", "--invite", code), code, "not begun by the device")
    assert not (victim.home / "sameboat.db").exists()


def test_nothing_that_is_kept_or_shown_holds_a_key(
    here: Cli, there: Cli, folder: Path, tmp_path: Path
) -> None:
    eve = join(here, folder, tmp_path / "eve", "Eve")
    settle(here, there, eve)
    here.ok("devices", "revoke", eve.ok("status", "--json").json["device"])
    here.ok("add", TITLE)
    settle(here, there)
    secrets = set()
    for cli in (here, there, eve):
        fields = json.loads((cli.home / "keys.json").read_text())
        secrets |= {fields["sign"], fields["seal"], *(row["secret"] for row in fields["workspace_keys"])}
    assert len(secrets) == 3 + 3 + 2
    code = code_of(here)
    shown = ""
    for cli in (here, there, eve):
        for words in (
            ("export",), ("export", "--private"), ("status",), ("status", "--json"), ("sync", "--json"), ("log",),
            ("log", "--json"), ("devices",), ("devices", "--json"), ("doctor",), ("doctor", "--json"),
            ("list", "--json"), ("join", str(folder), "--json"),
        ):  # fmt: skip
            result = cli(*words)
            shown += result.out + result.err
    kept = b""
    for cli in (here, there, eve):
        for path in cli.home.rglob("*"):
            if path.is_file() and path.name != "keys.json":
                kept += path.read_bytes()
    found = told(folder)
    for secret in secrets:
        assert secret not in shown
        assert secret.encode() not in kept + found
        assert bytes.fromhex(secret) not in kept + found
    for part in (code, code[60:120]):
        assert part not in shown
        assert part.encode() not in kept + found


def test_the_keys_are_their_owners_alone(here: Cli) -> None:
    if os.name != "nt":
        assert stat.S_IMODE((here.home / "keys.json").stat().st_mode) == 0o600


def test_a_workspace_that_is_not_encrypted_has_an_invitation_too(
    bare_cli: Cli, folder: Path, tmp_path: Path
) -> None:
    bare_cli.ok("init", str(folder), "--me", "林平")
    result = bare_cli.ok("invite", "--json").json
    assert (result["ok"], result["encrypted"]) == (True, False)
    bare_cli.ok("add", TITLE)
    bare_cli.ok("sync")
    joined = join(bare_cli, folder, tmp_path / "there", "Bob", result["invite"])
    assert titles(joined) == {TITLE}
    assert joined.ok("status", "--json").json["encrypted"] is False


@pytest.mark.parametrize("words", [("init", "--encrypt"), ("join", "FOLDER", "--invite", "CODE")])
def test_a_home_that_cannot_be_made_leaves_no_key(
    here: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    given = {"FOLDER": str(folder), "CODE": code_of(here)}

    def full(*_args: object, **_more: object) -> None:
        raise StoreError("disk-full", path="somewhere")

    monkeypatch.setattr("store.setup.create_store", full)
    poor = here.in_home(tmp_path / "poor")
    refused(poor(*(given.get(word, word) for word in words)), given["CODE"], "disk is full")
    assert list(poor.home.iterdir()) == []


def test_making_one_where_one_is_changes_nothing(here: Cli) -> None:
    before = (here.home / "keys.json").read_bytes()
    result = here("init", "--encrypt")
    assert (result.code, "workspace" in result.err) == (1, True)
    assert (here.home / "keys.json").read_bytes() == before


def test_the_state_says_that_it_is_encrypted(here: Cli, there: Cli) -> None:
    for cli in (here, there):
        assert cli.ok("status", "--json").json["encrypted"] is True
        assert "encrypted" in cli.ok("status").out
