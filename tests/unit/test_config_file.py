"""A config file keeps what it says rightly whatever is wrong beside it, and keys are written into it line by line."""

from __future__ import annotations

import os
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import StoreError
from tui import i18n
from tui.actions import ACTIONS
from tui.config import CHOICES, load_config
from tui.config_text import line_of, parse_leniently
from tui.config_writing import write_keys
from tui.keymap import key_name, written_name


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


def load(path: Path, text: str) -> tuple[dict[str, str], list[tuple[int, str]], dict[str, str]]:
    """Return the settings, the problems with their lines, and the changed keys of a config."""
    path.write_text(text, encoding="utf-8")
    found = load_config(str(path.parent), {"SAMEBOAT_CONFIG": str(path)})
    return (
        found.settings,
        [(problem.line, problem.code) for problem in found.problems],
        found.keymap.changed(),
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('language = "en"\ntheme = "drak"\n', [(2, "bad-setting")]),
        ('# mine\n\nlangauge = "en"\n', [(3, "unknown-setting")]),
        ('theme = "light"\n[keys]\n# none\nfly = "x"\n', [(4, "unknown-action")]),
        ('[keys]\nadd = "spce"\n', [(2, "unknown-key")]),
        ('[keys]\nadd = "Q"\nlog_conflict = "Q"\n', [(3, "taken")]),
        ('[keys]\nadd = "u"\n', [(2, "lost")]),
        ('theme = "light"\nkeys = 3\n', [(2, "not-a-table")]),
        ('theme = "light\nlanguage = "en"\n', [(1, "unreadable-line")]),
        ("theme = light\n", [(1, "unreadable-line")]),
        ('theme = "light"\ntheme = "dark"\n', [(2, "unreadable-line")]),
        ('[keys\nadd = "Q"\n', [(1, "unreadable-line"), (2, "unknown-setting")]),
        ('theme = "light"\n[keys]\nadd = ["Q"\ncopy = "ctrl+y"\n', [(3, "unreadable-line")]),
    ],
)  # fmt: skip
def test_each_problem_names_its_line(tmp_path: Path, text: str, problems: list[tuple[int, str]]) -> None:
    assert load(tmp_path / "config.toml", text)[1] == problems


def test_one_mistaken_line_costs_only_itself(tmp_path: Path) -> None:
    text = 'theme = "light"\nlanguage = zh\nstart = "timeline"\n[keys]\nadd = ["Q"\ncopy = "ctrl+y"\nundo = "spce"\n'
    settings, problems, keys = load(tmp_path / "config.toml", text)
    assert settings == {"theme": "light", "start": "timeline"}
    assert [line for line, _code in problems] == [2, 5, 7]
    assert keys == {"copy": "ctrl+y"}


def test_the_sentence_says_the_line_and_what_holds_instead(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    (tmp_path / "choices.json").write_text('{"theme": "light"}', encoding="utf-8")
    path.write_text('start = "moon"\ntheme = "drak"\nwhat', encoding="utf-8")
    found = load_config(str(tmp_path), {"SAMEBOAT_CONFIG": str(path)})
    first, second, third = (problem.sentence() for problem in found.problems)
    assert first.startswith("line 1: “start” cannot be “moon”")
    assert first.endswith("The default holds instead.")
    assert second.endswith("“light” holds instead.")
    assert third.startswith("line 3: This is no setting, so it is left out: ")
    i18n.set_language("zh_CN")
    assert found.problems[0].sentence().startswith("第 1 行：")


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'theme = "light"\n# \xff\nstart = "timeline"\n')
    found = load_config(str(tmp_path), {"SAMEBOAT_CONFIG": str(path)})
    assert [(problem.line, problem.code) for problem in found.problems] == [(2, "unreadable-line")]
    assert found.settings == {"theme": "light", "start": "timeline"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_leaves_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "light"', encoding="utf-8")
    path.chmod(0)
    found = load_config(str(tmp_path), {"SAMEBOAT_CONFIG": str(path)})
    assert [problem.code for problem in found.problems] == ["unreadable"]
    assert found.settings == {}


@given(
    st.lists(st.sampled_from(sorted(CHOICES)), unique=True, max_size=5),
    st.lists(st.text(max_size=30), max_size=4),
)
def test_whatever_stands_between_them_good_settings_hold(names: list[str], rubbish: list[str]) -> None:
    good = {name: next(choice for choice in CHOICES[name] if choice) for name in names}
    # What begins a table or a text of several lines takes the lines behind it along, as it is meant to.
    bad = [
        line
        for text in rubbish
        for line in text.splitlines()
        if not (set(line) & set("[]{}\"'=\\")) and line.strip() and not line.lstrip().startswith("#")
    ]
    lines = [f'{name} = "{value}"' for name, value in good.items()]
    mixed = [line for pair in zip(lines, [*bad, *[""] * len(lines)], strict=False) for line in pair]
    table, mistakes = parse_leniently("\n".join(mixed))
    assert table == good
    assert len(mistakes) == sum(line in bad for line in mixed if line)


@given(st.text(alphabet=string.printable, max_size=200))
def test_no_text_makes_reading_fail(text: str) -> None:
    table, mistakes = parse_leniently(text)
    assert isinstance(table, dict)
    assert all(0 <= mistake.line <= len(text.splitlines()) for mistake in mistakes)


# Writing

WRITTEN = """# mine, by hand
theme = "light"   # easier on the train

[keys]
# vi has it so
undo = "u"  # and only that
copy = ["y", "ctrl+y"]

"""


def test_a_key_is_written_into_its_line_and_every_other_line_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN, encoding="utf-8")
    write_keys(str(path), {"undo": ["z", "\\"], "add": ["+"]})
    assert path.read_text(encoding="utf-8") == WRITTEN.replace(
        'undo = "u"  # and only that\ncopy = ["y", "ctrl+y"]\n',
        'undo = ["z", "\\\\"]  # and only that\ncopy = ["y", "ctrl+y"]\nadd = ["+"]\n',
    )
    write_keys(str(path), {"undo": None, "copy": None})
    assert tomllib.loads(path.read_text(encoding="utf-8"))["keys"] == {"add": ["+"]}
    assert "# mine, by hand" in path.read_text(encoding="utf-8")


def test_a_config_that_is_not_there_is_made_and_one_without_the_table_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "config.toml"
    write_keys(str(path), {"add": ["ctrl+n"]})
    assert path.read_text(encoding="utf-8") == '[keys]\nadd = ["ctrl+n"]\n'
    path.write_text('theme = "dark"', encoding="utf-8")
    write_keys(str(path), {"add": []})
    assert path.read_text(encoding="utf-8") == 'theme = "dark"\n\n[keys]\nadd = []\n'


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text('theme = "dark"\n', encoding="utf-8")
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    write_keys(str(link), {"add": ["n"]})
    assert link.is_symlink()
    assert 'add = ["n"]' in real.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('theme = "light\n', "config-mistaken"),
        ('keys = { add = "n" }\n', "config-shape"),
        ('keys.add = "n"\n', "config-shape"),
        ("keys = 3\n", "config-shape"),
        ('[keys]\nadd = [\n  "n",\n  "N",\n]\n', "config-shape"),
    ],
)
def test_what_cannot_be_changed_line_by_line_is_left_as_it_is(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        write_keys(str(path), {"add": ["x"]})
    assert caught.value.code == code
    assert path.read_text(encoding="utf-8") == text


KEYS = st.sampled_from(sorted({key for action in ACTIONS.values() for key in action.keys}))


@given(st.dictionaries(st.sampled_from(sorted(ACTIONS)), st.lists(KEYS, max_size=3), max_size=6))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, wanted: dict[str, list[str]]
) -> None:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(WRITTEN, encoding="utf-8")
    for action, keys in wanted.items():
        write_keys(str(path), {action: [written_name(key_name(key)) for key in keys]})
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert found["theme"] == "light"
    for action, keys in wanted.items():
        assert [key_name(key) for key in found["keys"][action]] == [key_name(key) for key in keys]
    assert line_of(path.read_text(encoding="utf-8"), "theme") == 2


@given(KEYS)
def test_a_key_is_written_as_it_is_read(key: str) -> None:
    assert key_name(written_name(key_name(key))) == key_name(key)
