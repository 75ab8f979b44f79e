"""An imported item names its key, not the marks that the next import compares with."""

from __future__ import annotations

import pytest

from store.imports.identity import origin_text
from tui.origin import origin_words


@pytest.mark.parametrize("key", ["SCRUM-80", "a key of two words", "第 12 行"])
def test_the_key_is_told_without_its_marks(key: str) -> None:
    assert origin_words(origin_text("jira", key, ["0f81c2", "a1b2c3"])) == f"jira:{key}"


@pytest.mark.parametrize("written", ["a talk with Mei", "", "https://example.org/cards/12"])
def test_what_no_import_wrote_is_told_as_it_is(written: str) -> None:
    assert origin_words(written) == written
