"""The page that programs rely on names every key that is printed, every request and every command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.catalogs import ROOT
from tui.cli import MODULES
from tui.cli.apply import REQUESTS
from tui.cli.output import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.integration.conftest import Cli

PAGE = (ROOT / "tui" / "cli" / "CONTRACT.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))


def _keys(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("fields", "labels", "old", "new"):
                yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_the_page_names_the_version() -> None:
    assert f"it is **{CONTRACT}**" in PAGE


def test_every_command_that_prints_data_and_every_request_is_on_the_page() -> None:
    assert set(MODULES) - {"demo"} <= NAMED
    assert set(REQUESTS) <= NAMED
    for request in REQUESTS.values():
        assert {*request.required, *request.optional} <= NAMED


@pytest.mark.parametrize(
    "words",
    [
        ("status",), ("list",), ("show", "lp-1"), ("show", "lp-2"), ("log",), ("doctor",), ("add", "x"),
        ("set", "lp-1", "due=fri"), ("undo",), ("export",), ("--version",),
    ],
)  # fmt: skip
def test_every_key_that_is_printed_is_on_the_page(cli: Cli, words: tuple[str, ...]) -> None:
    cli.ok("add", "定价页 #launch")
    cli.ok("comment", "lp-1", "等法务")
    cli.ok("conflict", "yf>sc 发布日")
    for line in _values(cli.ok(*words, "--json").out):
        assert set(_keys(line)) <= NAMED


def _values(text: str) -> list[object]:
    import json

    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]
