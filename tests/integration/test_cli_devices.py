"""Devices at the command line: who writes here, who is let in, kept out, or lost its keys."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from store import commands
from store.database import open_store
from tests.integration.conftest import Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "team"
    made.mkdir()
    return made


@pytest.fixture
def there(cli: Cli, folder: Path, tmp_path: Path) -> Cli:
    """A teammate's command line; both homes are up to date."""
    cli.ok("join", str(folder))
    other = cli.in_home(tmp_path / "other")
    other.ok("join", str(folder), "--me", "韩梅")
    cli.ok("sync")
    return other


def device(cli: Cli) -> str:
    return str(cli("status", "--json").json["device"])


def titles(cli: Cli) -> set[str]:
    return {card["title"] for card in cli.ok("list", "--json").json}


def test_a_home_without_teammates_lists_itself(cli: Cli) -> None:
    [one] = cli.ok("devices", "--json").json
    assert (one["device"], one["standing"], one["this"], one["first"]) == (device(cli), "seen", True, True)
    assert one["member"] == "林平"
    assert len(one["key"]) == 64
    assert len(one["fingerprint"]) == 19
    assert cli.ok("devices", "--json").json == cli.ok("devices", "list", "--json").json


def test_both_see_the_same_devices_and_fingerprints(cli: Cli, there: Cli) -> None:
    def seen(cli: Cli) -> set[tuple[str, str, str]]:
        return {
            (one["device"], one["member"], one["fingerprint"]) for one in cli.ok("devices", "--json").json
        }

    assert seen(cli) == seen(there)
    assert {member for _, member, _ in seen(cli)} == {"林平", "韩梅"}
    assert cli.ok("devices", "--json").json[0]["this"]
    lines = there.ok("devices").out.splitlines()
    assert len(lines) == 2
    assert "this device" in lines[0]
    assert "first device" in lines[1]


def test_a_revoked_device_is_taken_no_further(cli: Cli, there: Cli) -> None:
    there.ok("add", "before")
    there.ok("sync")
    cli.ok("sync")
    told = cli.ok("devices", "revoke", device(there), "--json").json
    assert told == {"ok": True, "device": device(there), "changed": True}
    assert not cli.ok("devices", "revoke", device(there), "--json").json["changed"]
    there.ok("add", "after")
    result = there("sync", "--json")
    assert (result.code, result.json["places"][0]["held"]) in ((0, None), (4, "shut-out"))
    result = there("sync", "--json")
    assert (result.code, result.json["places"][0]["held"]) == (4, "shut-out")
    assert there("status", "--json").json["standing"] == "revoked"
    assert "has been revoked" in there("status").out
    report = cli.ok("sync", "--json").json
    assert {file["reason"] for file in report["quarantined"]} <= {"revoked"}
    assert titles(cli) == {"before"}
    assert titles(there) == {"before", "after"}
    # And let in again, with everything.
    cli.ok("devices", "approve", device(there))
    there("sync")  # which hears of it
    there.ok("sync")
    cli.ok("sync")
    assert titles(cli) == {"before", "after"}
    assert cli.ok("export").out == there.ok("export").out


def test_a_device_that_waits_is_shown_with_what_it_says_of_itself(
    cli: Cli, there: Cli, folder: Path, tmp_path: Path
) -> None:
    told = cli.ok("devices", "require-approval", "on", "--json").json
    assert told == {"ok": True, "approval": True, "approved": [device(there)]}
    late = cli.in_home(tmp_path / "late")
    assert "waits until somebody approves" in late.ok("join", str(folder), "--me", "李雷").err
    late.ok("add", "let me in")
    late("sync")
    assert "waits until somebody approves" in late("status").out
    assert (late("status").code, late("status", "--json").json["standing"]) == (3, "waiting")
    result = cli("sync", "--json")
    assert result.code == 3
    assert {row["reason"] for row in result.json["waiting"]} == {"unapproved"}
    assert titles(cli) == set()
    status = cli("status", "--json").json
    assert status["unapproved"] == [device(late)]
    assert "1 device waits for approval" in cli("status").out
    waiting = cli.ok("devices", "--json").json[1]
    assert (waiting["member"], waiting["claimed"], waiting["standing"]) == ("李雷", True, "waiting")
    assert waiting["fingerprint"] == late.ok("devices", "--json").json[0]["fingerprint"]
    shown = cli.ok("devices")
    assert "“李雷”?" in shown.out
    assert "compare its fingerprint" in shown.err
    assert "read its fingerprint" in late.ok("devices").err
    there("sync")
    there.ok("devices", "approve", device(late)[:6])
    for each in (cli, late, there, cli):
        each.ok("sync")
    assert titles(cli) == titles(there) == {"let me in"}
    assert cli.ok("export").out == there.ok("export").out == late.ok("export").out
    assert late.ok("status", "--json").json["standing"] == "approved"
    assert "trusted on first sight" in cli.ok("devices", "require-approval", "off").err


def test_a_device_can_be_renamed_by_anybody(cli: Cli, there: Cli) -> None:
    cli.ok("devices", "rename", device(there), "韩梅的 旧电脑")
    there.ok("sync")
    assert there.ok("devices", "--json").json[0]["name"] == "韩梅的 旧电脑"
    cli.ok("devices", "revoke", "韩梅的 旧电脑")


def test_devices_are_shown_without_their_escape_sequences(cli: Cli, there: Cli) -> None:
    cli.ok("devices", "rename", device(there), "\x1b[31mred\x1b[0m")
    assert "\x1b" not in cli.ok("devices").out
    assert cli.ok("devices", "--json").json[1]["name"] == "\x1b[31mred\x1b[0m"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("revok", "x"), 2, "bad-choice"),
        (("approve",), 2, "missing-operand"),
        (("approve", "a", "b"), 2, "extra-operand"),
        (("list", "x"), 2, "extra-operand"),
        (("rename", "x"), 2, "missing-operand"),
        (("require-approval", "maybe"), 2, "bad-choice"),
        (("revoke", "nobody"), 1, "no-device"),
        (("revoke", "me"), 1, "own-device"),
        (("approve", ""), 1, "no-device"),
    ],
)
def test_what_cannot_be_done_is_said(cli: Cli, words: tuple[str, ...], code: int, error: str) -> None:
    words = tuple(device(cli) if word == "me" else word for word in words)
    result = cli("devices", *words, "--json")
    assert (result.code, result.json["error"]["code"]) == (code, error)
    said = cli("devices", *words).err
    assert "Traceback" not in said
    assert said.strip()


def test_the_nearest_name_is_offered(cli: Cli, there: Cli) -> None:
    cli.ok("devices", "rename", device(there), "laptop")
    assert "laptop" in cli("devices", "revoke", "labtop").err
    assert "revoke" in cli("devices", "revok", "laptop").err


def test_a_home_without_its_keys_goes_on_as_a_new_device_and_says_so(cli: Cli, there: Cli) -> None:
    there.ok("add", "sent")
    there.ok("sync")
    there.ok("add", "not sent")
    before = device(there)
    (there.home / "keys.json").unlink()
    result = there.ok("sync")
    assert "new device" in result.err + there("status").err
    assert [notice["code"] for notice in there.ok("status", "--json").json["notices"]] == ["keys-lost"]
    assert device(there) != before
    cli.ok("sync")
    assert titles(cli) == {"sent", "not sent"}
    assert {one["member"] for one in cli.ok("devices", "--json").json} == {"林平", "韩梅"}
    assert len(cli.ok("devices", "--json").json) == 3
    there.ok("sync")
    assert cli.ok("export").out == there.ok("export").out


def test_a_forged_author_is_shown_with_the_device_that_wrote(cli: Cli, there: Cli) -> None:
    with closing(open_store(str(there.home))) as store:
        member = store.conn.execute("SELECT id FROM p_member WHERE title = '林平'").fetchone()[0]
        store.member = member
        commands.create(store, "item", {"title": "林平 says"})
    there.ok("sync")
    cli.ok("sync")
    entry = cli.ok("log", "--json").lines[-1]
    assert (entry["by"], entry["device"], entry["device_member"]) == ("林平", device(there), "韩梅")
    assert f"林平  {device(there)} of 韩梅" in cli.ok("log").out


def test_the_doctor_looks_at_the_keys(cli: Cli, there: Cli) -> None:
    def said() -> tuple[int, str]:
        result = cli("doctor", "--json")
        [check] = [check for check in result.json["checks"] if check["check"] == "device"]
        return result.code, check["message"]

    path = cli.home / "keys.json"
    own = cli.ok("devices", "--json").json[0]
    assert said() == (0, f"{own['device']}, fingerprint {own['fingerprint']}")
    path.chmod(0o644)
    assert said() == (4, f"others on this computer can read its keys; run `chmod 600 {path}`")
    path.write_bytes((there.home / "keys.json").read_bytes())
    path.chmod(0o600)
    assert "another device's" in said()[1]
    path.write_text("{}")
    assert said()[0] == 4
    path.unlink()
    assert said() == (4, "its keys are gone; the next sync goes on as a new device")


def test_damaged_keys_are_named_and_left_alone(cli: Cli, there: Cli) -> None:
    path = cli.home / "keys.json"
    path.write_text("{")
    for words in (("sync",), ("devices",)):
        result = cli(*words)
        assert (result.code, str(path) in result.err, "Traceback" in result.err) == (4, True, False)
    assert path.read_text() == "{"
    cli.ok("add", "goes on offline")


def test_no_private_key_is_printed_exported_or_logged(cli: Cli, there: Cli, tmp_path: Path) -> None:
    secret = json.loads((cli.home / "keys.json").read_text())["sign"]
    for words in (
        ("devices", "--json"), ("status", "--json"), ("export",), ("export", "--private"), ("log", "--json"),
        ("doctor", "--json"),
    ):  # fmt: skip
        result = cli(*words)
        assert secret not in result.out + result.err, words
    for path in tmp_path.rglob("*"):
        if path.is_file() and path != cli.home / "keys.json":
            data = path.read_bytes()
            assert secret.encode() not in data, path
            assert bytes.fromhex(secret) not in data, path


@pytest.fixture
def late(cli: Cli, there: Cli, folder: Path, tmp_path: Path) -> Cli:
    """A third home, 李雷's, that waits for approval; the others have heard of it, and it of the others."""
    cli.ok("devices", "require-approval", "on")
    other = cli.in_home(tmp_path / "late")
    other.ok("join", str(folder), "--me", "李雷")
    for each in (other, there, cli):
        each("sync")
    return other


def test_a_waiting_device_decides_nothing_and_is_told_who_can(cli: Cli, there: Cli, late: Cli) -> None:
    for words in (
        ("require-approval", "off"), ("require-approval", "on"), ("approve", device(late)), ("approve", device(cli)),
        ("revoke", device(there)),
    ):  # fmt: skip
        result = late("devices", *words, "--json")
        assert (result.code, result.json["error"]["code"]) == (1, "unapproved-here"), words
        assert "林平, 韩梅" in result.err
    assert late.ok("devices", "--json").json[0]["standing"] == "waiting"


def test_a_revoked_device_decides_nothing_and_is_told_who_can(cli: Cli, there: Cli) -> None:
    cli.ok("devices", "revoke", device(there))
    there("sync")
    for words in (("approve", device(there)), ("revoke", device(cli)), ("require-approval", "on")):
        result = there("devices", *words, "--json")
        assert (result.code, result.json["error"]["code"]) == (1, "revoked-here"), words
        assert "林平." in result.err


def test_devices_say_whether_approval_is_asked_for(cli: Cli, there: Cli) -> None:
    assert {one["approval"] for one in cli.ok("devices", "--json").json} == {False}
    assert "trusted on first sight" in cli.ok("devices").err
    cli.ok("devices", "require-approval", "on")
    assert {one["approval"] for one in cli.ok("devices", "--json").json} == {True}
    assert "wait until somebody approves" in cli.ok("devices").err


def test_a_waiting_device_is_approved_by_the_name_that_it_claims(cli: Cli, there: Cli, late: Cli) -> None:
    said = cli.ok("devices", "approve", "李雷").err
    assert late.ok("devices", "--json").json[0]["fingerprint"] in said
    assert f"sameboat devices revoke {device(late)}" in said
    late("sync")
    assert late.ok("devices", "--json").json[0]["standing"] == "approved"


def test_of_devices_of_one_name_those_that_are_meant_are_found_or_listed(
    cli: Cli, there: Cli, late: Cli
) -> None:
    for each in (cli, there):  # all three are called as this machine is
        assert len({one["name"] for one in each.ok("devices", "--json").json}) == 1
    name = cli.ok("devices", "--json").json[0]["name"]
    several = cli("devices", "rename", name, "x", "--json")
    assert (several.code, several.json["error"]["code"]) == (2, "ambiguous-device")
    assert device(there) in several.err
    assert "韩梅" in several.err
    assert cli.ok("devices", "revoke", "韩梅", "--json").json["device"] == device(there)
    assert cli.ok("devices", "approve", "韩梅", "--json").json["device"] == device(there)
    assert cli.ok("devices", "approve", name, "--json").json["device"] == device(late)


def test_the_devices_approved_with_asking_for_approval_are_named(cli: Cli, there: Cli) -> None:
    cli.ok("devices", "rename", device(there), "laptop")
    said = cli.ok("devices", "require-approval", "on").err
    assert "1 device known so far is approved with that: 韩梅 · laptop." in said
    assert "known so far" not in cli.ok("devices", "require-approval", "off").err


def test_an_empty_name_is_refused_and_a_long_one_leaves_room_in_the_list(cli: Cli) -> None:
    refused = cli("devices", "rename", device(cli), " ")
    assert refused.code == 2
    assert "name" in refused.err
    cli.ok("devices", "rename", device(cli), "x" * 190)
    assert "x" * 50 not in cli.ok("devices").out
    assert cli.ok("devices", "--json").json[0]["name"] == "x" * 190


def test_in_chinese_lists_are_written_as_chinese_lists_and_checks_have_chinese_names(
    cli: Cli, there: Cli
) -> None:
    assert "本设备、第一台设备" in cli("--lang", "zh_CN", "devices").out
    said = cli("--lang", "zh_CN", "doctor").out
    assert {"程序", "主目录", "数据库", "设备", "位置", "语言"} <= {
        line.split()[1] for line in said.splitlines()
    }
    refused = cli("--lang", "zh_CN", "place", "add", "s3://a b").err
    assert "请检查其中的服务器名" in refused
