"""Every error the program can raise has a sentence, in both languages, that never fails to be made."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from store import query
from store.errors import StoreError
from sync import pull, push, segment
from sync.places import share
from tests.catalogs import ROOMS, ROOT
from tui.change_words import CHANGES
from tui.i18n import set_language
from tui.reason_words import REASONS, reason_words
from tui.sentences import EXPECTED, QUERY_EXPECTED, SENTENCES, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

RAISED = {"StoreError", "UsageError"}


def _raised() -> Iterator[tuple[str, str, dict[str, ast.expr]]]:
    """Yield where an error is made in the code, its code and the parameters given to it."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in RAISED:
                    continue
                if node.args and isinstance(node.args[0], ast.Constant):
                    params = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", str(node.args[0].value), params


def test_every_error_raised_has_a_sentence() -> None:
    lacking = {f"{code} ({where})" for where, code, _params in _raised() if code not in SENTENCES}
    assert lacking == set()


def test_every_parameter_a_sentence_shows_is_given() -> None:
    for where, code, params in _raised():
        wanted = set(re.findall(r"{(\w+)}", SENTENCES[code]))
        assert wanted <= params.keys(), f"{code} at {where}"


def test_every_expectation_is_translated() -> None:
    said = {
        str(params["expected"].value)
        for _where, _code, params in _raised()
        if isinstance(params.get("expected"), ast.Constant)
    }
    validation = (ROOT / "store" / "validation.py").read_text(encoding="utf-8")
    said |= set(re.findall(r'_bad\(field, value, "([^"]+)"\)', validation))
    assert said <= set(EXPECTED)


def test_everything_a_query_can_lack_has_words() -> None:
    assert set(query.EXPECTED) == set(QUERY_EXPECTED)


@pytest.mark.parametrize("module", [pull, push, segment, share])
def test_every_reason_of_sync_has_words(module: object) -> None:
    source = (ROOT / f"{module.__name__.replace('.', '/')}.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'(?:_Stuck|Held|SegmentWrong|SegmentWaiting)\("([a-z-]+)"', source))
    assert reasons <= set(REASONS)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("code", [*SENTENCES, "a-code-of-the-future"])
def test_a_sentence_is_one_line_whatever_it_is_given(code: str, language: str) -> None:
    set_language(language)
    try:
        bare = sentence(StoreError(code))
        full = sentence(
            StoreError(code, what="{x}\n[bold]", nearest="y", path="p", why="short", matches=["a", "b"])
        )
    finally:
        set_language("en")
    assert bare
    assert "y" in full
    assert "Traceback" not in full


def test_long_values_are_shortened() -> None:
    assert len(sentence(StoreError("not-found", what="x" * 100_000))) < 400


def test_a_reason_of_the_future_is_shown_as_it_is() -> None:
    assert reason_words("quantum") == "quantum"


def _labels() -> dict[str, str]:
    """Return the label of every change that the code makes and that can be undone, with a file that makes it."""
    found = {}
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or any(word.arg == "final" for word in call.keywords):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            texts = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant)]
            if name in {"Change", "change", "perform"} and texts and isinstance(texts[0], str):
                found[texts[0]] = str(path)
    return found


def test_every_change_that_can_be_undone_has_words() -> None:
    found = _labels()
    assert {"set", "trash", "view"} <= found.keys()
    assert {label: path for label, path in found.items() if label not in CHANGES} == {}
