"""README tells the truth: its key table is the program's, its commands and links exist."""

from __future__ import annotations

import re
from pathlib import Path

from sync.places.address import SCHEMES, parse_address
from sync.places.credentials import NAMES
from tests.pictures.__main__ import README, keys_in_readme
from tui.cli import MODULES

TEXT = README.read_text(encoding="utf-8")


def test_the_key_table_is_made_from_the_actions() -> None:
    assert keys_in_readme(TEXT) == TEXT, "run `python -m tests.pictures`"


def test_every_command_is_in_the_table_and_every_command_in_it_exists() -> None:
    section = TEXT.split("## The command line")[1].split("## ")[0]
    named = {
        word
        for cell in re.findall(r"^\| (`.+?) \|", section, re.M)
        for word in re.findall(r"`([a-z]+)", cell)
    }
    assert named - {"sameboat"} == set(MODULES)


def test_the_names_of_credentials_are_those_that_are_looked_for() -> None:
    section = TEXT.split("## Places")[1].split("## ")[0]
    rows = "".join(re.findall(r"^\|.*\|$", section, re.M))
    assert set(re.findall(r"`([A-Z_]{8,})`", rows)) == {name for names in NAMES.values() for name in names}
    addresses = re.findall(r"`([a-z0-9]+://[^`]+)`", rows)
    whole = (address.replace("…", "x") for address in addresses if "/" in address.partition("://")[2])
    assert {parse_address(address).scheme for address in whole} == {*SCHEMES} - {"webdav"}


def test_links_and_pictures_exist() -> None:
    root = Path(README).parent
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (root / target).exists(), target
    for path in re.findall(r"`((?:store|sync|tui|tests)/[\w./]+\.\w+)`", TEXT):
        assert (root / path).exists(), path


def test_the_first_two_code_blocks_are_one_command_each() -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", TEXT, re.M | re.S)
    assert [len(block.strip().splitlines()) for block in blocks[:2]] == [1, 1]
    assert blocks[0].strip().endswith("sameboat demo")
    assert blocks[1].strip().endswith("python -m tests")
