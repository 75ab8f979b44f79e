"""Whatever is typed, piped in or lies on the disk: one sentence, an exit code, nothing lost, no traceback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from store.schema import LIMITS, TEXT
from tests.catalogs import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.conftest import Cli, Result

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _one_sentence(result: Result, code: int, *parts: str) -> None:
    """Assert that a command failed as it should: a line that a person can read, and nothing on stdout."""
    assert result.code == code, result.err
    assert result.err.startswith("sameboat: ")
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err
    assert not FORBIDDEN.search(result.err.rstrip("\n"))
    assert result.out == ""
    for part in parts:
        assert part in result.err


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("adn", "x"), ("“adn”", "Did you mean “add”?")),
        (("lst",), ("“lst”", "“list”")),
        (("zzzzzz",), ("“zzzzzz”", "--help")),
        (("list", "--limt", "3"), ("--limt", "“--limit”")),
        (("--hom", "x", "list"), ("--hom", "“--home”")),
        (("list", "--limit", "few"), ("“few”", "--limit")),
        (("list", "--limit"), ("--limit", "N")),
        (("add",), ("sameboat add LINE…",)),
        (("add", " "), ("empty",)),
        (("show",), ("sameboat show ID",)),
        (("show", "lp-1", "lp-2"), ("“lp-2”", "sameboat show ID")),
        (("set", "lp-1", "title"), ("FIELD=VALUE",)),
        (("set", "lp-1", "titel=x"), ("“titel”", "“title”")),
        (("set", "lp-1", "due=2026-02-30"), ("2026-02-30", "Due")),
        (("set", "lp-1", "due=31 February"), ("Due",)),
        (("set", "lp-1", "priority=9"), ("Priority", "0 to 4")),
        (("set", "lp-1", "effort=much"), ("Effort", "a number")),
        (("set", "lp-1", "title+=x"), ("one value",)),
        (("set", "lp-1", "kind=bgu"), ("bgu", "bug")),
        (("set", "lp-1", "title="), ("Title", "text")),
        (("move", "lp-1", "Doign"), ("“Doign”", "“Doing”")),
        (("list", "stauts:doing"), ("“stauts”", "“status”")),
        (("list", "status:"), ("value",)),
        (("import", "x.csv", "--map", "title"), ("COLUMN=FIELD",)),
        (("import", "x.csv", "--archived", "away"), ("“away”", "trash")),
        (("add", "--private=yes", "x"), ("--private",)),
        (("add", "a\udcffb"), ("UTF-8",)),
        (("add", "a\0b"), ("NUL",)),
        (("init", "--code", "12"), ("“12”",)),
    ],
)
def test_wrong_usage_is_named(cli: Cli, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    cli.ok("add", "定价页")
    before = cli.ok("status", "--json").json["state_hash"]
    _one_sentence(cli(*words), 2, *parts)
    assert cli.ok("status", "--json").json["state_hash"] == before


@pytest.mark.parametrize("words", [("show", "lp-99"), ("done", "lp-1", "lp-99"), ("comment", "lp-99", "x")])
def test_what_is_not_there_is_said_and_nothing_is_half_done(cli: Cli, words: tuple[str, ...]) -> None:
    cli.ok("add", "定价页")
    _one_sentence(cli(*words), 1, "“lp-99”")
    assert cli.ok("show", "lp-1", "--json").json["category"] == "todo"


@pytest.mark.parametrize("command", ["add", "conflict"])
@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"fine\n\xff\xfe\n", ("Line 2", "iconv")),
        ("标题".encode("gb18030"), ("Line 1", "UTF-8")),
        (b"fine\nalso fine\nbad\0bad\n", ("Line 3", "NUL")),
        (b"", ("empty",)),
        (b"\n \n", ("empty",)),
    ],
)
def test_bytes_that_cannot_be_kept_are_refused_whole(
    cli: Cli, command: str, data: bytes, parts: tuple[str, ...]
) -> None:
    _one_sentence(cli(command, "-", stdin=data), 2, *parts)
    assert cli.ok("list", "--json").json == []


def test_a_megabyte_of_title_is_refused_with_the_limit(cli: Cli) -> None:
    _one_sentence(cli("add", "-", stdin="x" * 1_000_000), 2, str(LIMITS[TEXT]), "1000000")
    assert cli.ok("list", "--json").json == []


NASTY = [
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J",
    "[bold]loud[/bold] [@click=app.quit]quit[/]",
    "a\tb\u2028c \x08\x7f",
    "abc \u202etxt.exe",
    "👩‍👩‍👧‍👦 e\u0301 \u0627\u0644\u0639 ｗｉｄｅ 🇨🇳",
    "{title} %s $HOME `id`",
]


@pytest.mark.parametrize("title", NASTY)
def test_any_text_is_kept_as_typed_and_shown_harmless(cli: Cli, title: str) -> None:
    request = cli.ok(
        "apply", stdin=f'{{"do":"add","kind":"item","fields":{{"title":{_json(title)}}},"ref":"r"}}\n'
    )
    assert request.lines[0]["ok"]
    shown = cli.ok("show", "lp-1", "--json")
    assert shown.json["title"] == title
    assert not FORBIDDEN.search(shown.out.rstrip("\n"))
    for words in (("list",), ("show", "lp-1"), ("log",), ("list", "--json"), ("log", "--json")):
        result = cli.ok(*words)
        assert not FORBIDDEN.search(result.out.replace("\t", "").replace("\n", "")), words
    assert len(cli.ok("list").out.splitlines()) == 1
    narrated = cli.ok("add", f"again {title}").err
    assert not FORBIDDEN.search(narrated.rstrip("\n"))


def _json(text: str) -> str:
    import json

    return json.dumps(text)


def test_markup_in_a_title_is_shown_as_it_is(cli: Cli) -> None:
    cli.ok("add", "[bold]loud[/bold] [@click=app.quit]quit[/]")
    assert "[bold]loud[/bold] [@click=app.quit]quit[/]" in cli.ok("list").out


def test_a_title_with_an_escape_in_an_error_is_harmless(cli: Cli) -> None:
    _one_sentence(cli("show", "\x1b[31mx"), 1)
    _one_sentence(cli("\x1b[31mx"), 2)


# The data directory


@pytest.mark.parametrize("words", [("list",), ("add", "x"), ("sync",), ("apply",), ("doctor",), ()])
def test_a_home_without_a_workspace_says_how_to_make_one(bare_cli: Cli, words: tuple[str, ...]) -> None:
    result = bare_cli(*words)
    assert result.code == 1
    assert "sameboat init" in result.err + result.out


def test_a_corrupt_database_is_named_and_left_alone(cli: Cli) -> None:
    database = cli.home / "sameboat.db"
    for suffix in ("-wal", "-shm"):
        (cli.home / f"sameboat.db{suffix}").unlink(missing_ok=True)
    database.write_bytes(b"this is no database " * 1000)
    before = database.read_bytes()
    for words in (("list",), ("add", "x"), ("export",)):
        _one_sentence(cli(*words), 4, "damaged", "sameboat doctor")
    assert database.read_bytes() == before
    told = cli("doctor")
    assert told.code == 4
    assert "sameboat join" in told.out


def test_a_database_that_is_damaged_inside_is_told_too(cli: Cli) -> None:
    cli.ok("add", "-", stdin="\n".join(f"item {number} {'x' * 500}" for number in range(300)))
    database = cli.home / "sameboat.db"
    with sqlite3.connect(database) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    data = bytearray(database.read_bytes())
    data[8192 : len(data) - 8192] = b"\xa5" * (len(data) - 16384)
    database.write_bytes(data)
    for words in (("list",), ("add", "x"), ("log",)):
        result = cli(*words)
        assert (result.code, "damaged" in result.err) == (4, True)
        assert "Traceback" not in result.err
    assert cli("doctor").code == 4


def test_a_newer_database_is_refused_untouched(cli: Cli) -> None:
    with sqlite3.connect(cli.home / "sameboat.db") as conn:
        conn.execute("PRAGMA user_version = 999")
    conn.close()
    _one_sentence(cli("list"), 4, "999", "update Sameboat")


def test_a_database_kept_busy_is_told_after_a_while(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(cli.home / "sameboat.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        _one_sentence(cli("add", "x"), 1, "busy")
    finally:
        other.close()
    cli.ok("add", "x")


def test_a_file_where_the_home_should_be_is_told(bare_cli: Cli) -> None:
    bare_cli.home.write_text("a file", encoding="utf-8")
    result = bare_cli("init")
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert bare_cli.home.read_text(encoding="utf-8") == "a file"


def test_a_missing_import_file_is_told(cli: Cli) -> None:
    _one_sentence(cli("import", "no/such/file.csv"), 1, "no/such/file.csv")


# Processes of their own, where a signal, a limit or another user is what is tested

SAMEBOAT = [sys.executable, "-m", "tui.cli"]


def _environ(home: Path) -> dict[str, str]:
    return {**os.environ, "SAMEBOAT_HOME": str(home), "SAMEBOAT_LANG": "en", "PYTHONPATH": str(ROOT)}


def test_a_database_that_cannot_grow_loses_nothing_and_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.ok("add", "before")
    connect = sqlite3.connect

    def bounded(*arguments: Any, **options: Any) -> sqlite3.Connection:
        conn: sqlite3.Connection = connect(*arguments, **options)
        (pages,) = conn.execute("PRAGMA page_count").fetchone()
        conn.execute(f"PRAGMA max_page_count = {pages + 2}")
        return conn

    with monkeypatch.context() as patch:
        patch.setattr("sqlite3.connect", bounded)
        many = "\n".join(f"item {number} {'长' * 300}" for number in range(200))
        _one_sentence(cli("add", "-", stdin=many), 1, "disk is full; nothing was saved")
    assert [row["title"] for row in cli.ok("list", "--json").json] == ["before"]
    cli.ok("add", "after")
    cli.ok("doctor")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the folder of a disk of one megabyte, where this user may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_keeps_all_that_was_acknowledged(bare_cli: Cli, small_disk: Path) -> None:
    cli = bare_cli.in_home(small_disk / "home")
    cli.ok("init")
    kept = []
    for number in range(400):
        title = f"item {number} {'长' * 600}"
        result = cli("add", title)
        if result.code:
            break
        kept.append(title)
    _one_sentence(result, 1, "disk is full; nothing was saved")
    assert [row["title"] for row in cli.ok("list", "--json").json] == kept[::-1]


@pytest.mark.parametrize("kibibytes", [64, 384, 480, 512, 528, 560])
def test_a_disk_too_small_for_a_workspace_is_told_and_left_empty(
    bare_cli: Cli, small_disk: Path, kibibytes: int
) -> None:
    cli = bare_cli.in_home(small_disk / "home")
    subprocess.run(["mount", "-o", f"remount,size={kibibytes}k", str(small_disk)], check=True)
    _one_sentence(cli("init"), 1, "disk is full; nothing was saved")
    assert not list(cli.home.glob("sameboat.db*"))
    subprocess.run(["mount", "-o", "remount,size=1m", str(small_disk)], check=True)
    cli.ok("init")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root"
)
def test_a_home_that_cannot_be_written_is_told(cli: Cli, tmp_path: Path) -> None:
    cli.ok("add", "定价页")
    tmp_path.chmod(0o755)
    for path in (*tmp_path.parents,):
        if path != path.parent and path.stat().st_uid == 0 and path.name.startswith(("pytest-", "popen-")):
            path.chmod(0o755)
    cli.home.chmod(0o555)
    for path in cli.home.iterdir():
        path.chmod(0o444)
    command = ["setpriv", "--reuid=65534", "--clear-groups", *SAMEBOAT, "add", "x"]
    result = subprocess.run(
        command, capture_output=True, text=True, env=_environ(cli.home), cwd=ROOT, check=False
    )
    if "No module named" in result.stderr or "Permission denied" in result.stderr:
        pytest.skip("another user cannot run this interpreter")
    assert result.returncode == 1
    assert result.stderr.startswith("sameboat: ")
    assert result.stderr.count("\n") == 1
    assert "cannot be written" in result.stderr


def test_a_reader_that_has_seen_enough_is_no_error(cli: Cli) -> None:
    cli.ok("add", "-", stdin="\n".join(f"item {number} {'x' * 200}" for number in range(2000)))
    command = f"'{sys.executable}' -m tui.cli list | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=_environ(cli.home), cwd=ROOT, check=False
    )
    assert (result.stdout.count("\n"), result.stderr) == (1, "")


def test_an_interrupt_ends_quietly(cli: Cli) -> None:
    process = subprocess.Popen(
        [*SAMEBOAT, "apply"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=_environ(cli.home), cwd=ROOT,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    process.stdin.write('{"do":"add","kind":"item","fields":{"title":"kept"}}\n')
    process.stdin.flush()
    assert process.stdout.readline() == '{"ok":true,"id":"lp-1"}\n'
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")
    assert cli.ok("list", "--json").json[0]["title"] == "kept"


def test_closed_streams_are_empty_streams(cli: Cli) -> None:
    for words in ("add -", "apply", "list", "add kept"):
        command = f"'{sys.executable}' -m tui.cli {words} <&- >&- 2>&-"
        result = subprocess.run(
            ["bash", "-c", command], capture_output=True, env=_environ(cli.home), cwd=ROOT, check=False
        )
        assert result.returncode == (2 if words == "add -" else 0), words
    assert not (cli.home / "sameboat.log").exists()
    assert [row["title"] for row in cli.ok("list", "--json").json] == ["kept"]


@pytest.mark.parametrize("module", ["tui", "tui.cli"])
def test_the_module_runs_like_the_command(cli: Cli, module: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", module, "add", "定价页 !1"], capture_output=True, text=True, env=_environ(cli.home),
        cwd=ROOT, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (0, "lp-1\n")


def test_output_is_utf8_whatever_the_locale(cli: Cli) -> None:
    cli.ok("add", "定价页 👩‍👩‍👧")
    environ = {**_environ(cli.home), "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = subprocess.run([*SAMEBOAT, "list"], capture_output=True, env=environ, cwd=ROOT, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    assert "定价页 👩‍👩‍👧" in result.stdout.decode("utf-8")


def test_what_nobody_foresaw_is_a_sentence_and_a_log(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the inner secret")

    monkeypatch.setattr("store.queries.matching", broken)
    result = cli("list")
    _one_sentence(result, 1, "RuntimeError", str(cli.home / "sameboat.log"))
    assert "the inner secret" not in result.err
    assert "the inner secret" in (cli.home / "sameboat.log").read_text(encoding="utf-8")
