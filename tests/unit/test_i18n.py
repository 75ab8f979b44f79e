"""The interface speaks both languages completely, switches while it runs, and costs nothing to load."""

from __future__ import annotations

import ast
import gettext
import string
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import catalogs
from tui import i18n

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _keep_language() -> Iterator[None]:
    before = i18n.language()
    yield
    i18n.set_language(before)


def test_catalog_files_are_what_the_code_and_the_translations_make_of_them() -> None:
    assert catalogs.stale() == []


def test_the_catalogs_have_every_message_that_the_code_asks_for() -> None:
    """What collects messages does not look inside f-strings before Python 3.12."""
    known = {text for texts in catalogs.extract() for text in texts}
    asked = {
        (str(source.relative_to(catalogs.ROOT)), text)
        for room in catalogs.ROOMS
        for source in (catalogs.ROOT / room).rglob("*.py")
        for text in messages(ast.parse(source.read_text(encoding="utf-8")))
    }
    assert sorted((source, text) for source, text in asked if text not in known) == []


def messages(tree: ast.AST) -> Iterator[str]:
    """Yield what is looked up in the catalogs, where it is written out."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in catalogs.KEYWORDS
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_every_message_is_translated_and_none_is_fuzzy(language: str) -> None:
    assert catalogs.missing(catalogs.read(language).values()) == []


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _names(file: str) -> set[str]:
    """Return every name that a file of the program could fill into a message: its keywords and dictionary keys."""
    tree = ast.parse((catalogs.ROOT / file).read_text(encoding="utf-8"))
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}
    return names | {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and str(node.value)
    }


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_a_translation_fills_in_what_the_code_gives(language: str) -> None:
    shown = catalogs.extract()
    for texts, message in catalogs.read(language).items():
        forms = [message.string] if isinstance(message.string, str) else message.string
        wanted = set().union(*map(_placeholders, texts))
        for form in forms:
            used = _placeholders(form)
            assert used <= wanted or used <= set().union(*map(_names, shown[texts])), texts
            # "One item" may leave the count out; no other word of the message may be lost.
            assert len(used) == len(wanted) or len(texts) > 1, texts


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_a_message_is_found_where_the_standard_reader_finds_it(language: str) -> None:
    with catalogs.path(language, "mo").open("rb") as file:
        standard = gettext.GNUTranslations(file)
    i18n.set_language(language)
    for texts in catalogs.extract():
        if len(texts) == 1:
            assert i18n._(texts[0]) == standard.gettext(texts[0])
        else:
            for count in (0, 1, 2, 5, 21):
                assert i18n.ngettext(*texts, count) == standard.ngettext(*texts, count)


def test_switching_the_language_changes_the_next_word() -> None:
    i18n.set_language("en")
    assert i18n._("Owner") == "Owner"
    i18n.set_language("zh_CN")
    assert i18n._("Owner") == "负责人"
    i18n.set_language("en")
    assert i18n._("Owner") == "Owner"


def test_what_no_catalog_has_is_shown_as_it_is() -> None:
    i18n.set_language("zh_CN")
    assert i18n._("") == ""
    assert i18n._("no such message 没有") == "no such message 没有"
    assert i18n.ngettext("{count} zebra", "{count} zebras", 1) == "{count} zebra"


@pytest.mark.parametrize(
    ("environ", "configured", "expected"),
    [
        ({}, "", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "", "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "", "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "", "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_SG"}, "", "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "", "en"),
        ({"LANG": "de_DE.UTF-8"}, "", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LANG": "en_US.UTF-8"}, "zh_CN", "zh_CN"),
        ({"SAMEBOAT_LANG": "en"}, "zh_CN", "en"),
        ({"SAMEBOAT_LANG": "ZH-Hans"}, "en", "zh_CN"),
    ],
)
def test_the_language_is_the_one_asked_for_nearest(
    environ: dict[str, str], configured: str, expected: str
) -> None:
    assert i18n.detect(configured, environ) == expected


def test_a_lost_catalog_leaves_the_messages_themselves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    i18n.set_language("en")
    monkeypatch.setattr(i18n, "_LOCALE", str(tmp_path))
    i18n.set_language("zh_CN")
    assert i18n._("Owner") == "Owner"


def test_loading_the_languages_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import tui.i18n; print(sorted(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "['__future__', 'tui', 'tui.i18n']"
