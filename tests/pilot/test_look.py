"""What is drawn in ASCII is ASCII, whatever the place; themes and motion follow the terminal and the config."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.database import Store
from tests.catalogs import ROOT
from tests.pilot.conftest import NARROW, WIDE, app_of, screen_text
from tui.app import SameboatApp
from tui.ascii_signs import TWINS, in_ascii
from tui.celltext import cell_width, clean
from tui.config import load_config
from tui.keymap import key_label
from tui.signs import ASCII, UNICODE, draw_in, is_ascii
from tui.terminal_kind import TerminalKind, terminal_kind
from tui.theme import DARK, LIGHT, PLAIN, SIXTEEN, THEMES

# Files whose characters are data about other scripts, or go to files and shells.
_NOT_DRAWN = ("tui/celltext.py", "tui/ascii_signs.py", "tui/timeline/svg.py")
_NOT_SCREEN = ("tui/demo/", "tui/cli/", "tui/reports/")


@pytest.fixture(autouse=True)
def unicode_again() -> Iterator[None]:
    yield
    draw_in(UNICODE)


def drawn_characters() -> dict[str, set[str]]:
    """Return every character of the product's own texts that is neither ASCII nor a word's, by the files it is in."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tui").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in _NOT_DRAWN or name.startswith(_NOT_SCREEN):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documents = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                for character in node.value:
                    if not character.isascii() and cell_width(character) == 1:
                        found.setdefault(character, set()).add(name)
    return found


def test_every_sign_in_the_code_has_a_twin() -> None:
    assert not {
        character: names for character, names in drawn_characters().items() if ord(character) not in TWINS
    }


def test_a_twin_is_one_printable_character_of_the_same_width() -> None:
    for code, twin in TWINS.items():
        assert twin.isascii()
        assert twin.isprintable()
        assert len(twin) == 1
        assert cell_width(chr(code)) == cell_width(twin), hex(code)


@given(st.text())
def test_in_ascii_a_text_keeps_its_length_and_its_words(text: str) -> None:
    shown = in_ascii(clean(text))
    assert len(shown) == len(clean(text))
    assert cell_width(shown) == cell_width(clean(text))
    assert in_ascii(shown) == shown


@pytest.mark.parametrize(
    ("environ", "encoding", "platform", "kind"),
    [
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}, "utf-8", "linux", (False, False)),
        (
            {"TERM": "xterm", "COLORTERM": "truecolor", "LANG": "zh_CN.UTF-8"},
            "utf-8",
            "linux",
            (False, False),
        ),
        ({"TERM": "xterm-kitty", "LANG": "C.UTF-8"}, "utf-8", "linux", (False, False)),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, "utf-8", "linux", (True, True)),
        ({"TERM": "screen", "LANG": "en_US.UTF-8"}, "utf-8", "linux", (True, False)),
        ({"TERM": "xterm-16color", "LANG": "C"}, "utf-8", "linux", (True, True)),
        ({"TERM": "xterm-256color", "LANG": "zh_CN.GB18030"}, "gb18030", "linux", (False, True)),
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8", "LC_ALL": "C"}, "utf-8", "linux", (False, True)),
        ({}, "cp936", "win32", (False, False)),
        ({"WT_SESSION": "1"}, "utf-8", "win32", (False, False)),
        ({"TERM": "xterm-256color"}, "no such encoding", "linux", (False, True)),
    ],
)
def test_what_a_terminal_lacks_is_told_by_its_environment(
    environ: dict[str, str], encoding: str, platform: str, kind: tuple[bool, bool]
) -> None:
    assert terminal_kind(environ, encoding, platform) == kind


def test_the_theme_and_the_signs_follow_the_terminal_until_a_person_chooses(
    store: Store, tmp_path: Path
) -> None:
    poor = TerminalKind(few_colours=True, only_ascii=True)
    config = tmp_path / "config.toml"
    app = SameboatApp(store, load_config(store.home), sync=False, terminal=poor)
    assert (app.theme, is_ascii()) == (SIXTEEN, True)
    config.write_text('theme = "light"\nglyphs = "unicode"\n', encoding="utf-8")
    app = SameboatApp(store, load_config(store.home), sync=False, terminal=poor)
    assert (app.theme, is_ascii()) == (LIGHT, False)
    config.write_text('glyphs = "ascii"\nmotion = "reduced"\n', encoding="utf-8")
    app = SameboatApp(store, load_config(store.home), sync=False)
    assert (app.theme, is_ascii(), app.animation_level) == (DARK, True, "none")


def test_no_color_wins_over_every_theme(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = SameboatApp(store, load_config(store.home), sync=False, terminal=TerminalKind(few_colours=True))
    assert app.theme == PLAIN


def test_keys_are_words_where_there_are_no_arrows() -> None:
    assert [key_label(key) for key in ("enter", "ctrl+left", "up")] == ["⏎", "ctrl+←", "↑"]
    draw_in(ASCII)
    assert [key_label(key) for key in ("enter", "ctrl+left", "up")] == ["enter", "ctrl+left", "up"]


PLACES = (
    ("2",), ("2", "enter"), ("2", "s"), ("3",), ("3", "W"), ("3", "v"), ("3", "o"), ("4",), ("4", "l"),
    ("4", "l", "l"), ("4", "l", "l", "C"), ("4", "h"), ("4", "h", "h"), ("4", "h", "h", "h"), ("7",), ("S",), ("=",),
    ("question_mark",), ("colon",), ("2", "x", "y", "f"), ("2", "m"), ("T",),
)  # fmt: skip


def foreign(text: str) -> set[str]:
    """Return the characters of a screen that are neither ASCII nor of the scripts in which people write."""
    return {
        c for c in text if not c.isascii() and not "\u3000" <= c <= "\u9fff" and not "\uff00" <= c <= "\uffef"
    }


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_every_screen_is_ascii_where_that_is_chosen(
    store: Store, ids: SimpleNamespace, tmp_path: Path, size: tuple[int, int]
) -> None:
    (tmp_path / "config.toml").write_text('glyphs = "ascii"\n', encoding="utf-8")
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=size) as pilot:
        for keys in PLACES:
            await pilot.press(*keys)
            await pilot.pause()
            assert not foreign(screen_text(pilot)), keys
            await pilot.press("escape", "escape")
            await pilot.pause()
        assert "同舟" not in screen_text(pilot)


@pytest.mark.parametrize("name", [theme.name for theme in THEMES])
async def test_every_theme_draws_every_place(store: Store, ids: SimpleNamespace, name: str) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        app.theme = name
        for key in ("2", "3", "4", "7"):
            await pilot.press(key)
            await pilot.pause()
            assert screen_text(pilot).strip()
        assert app_of(pilot).theme == name


async def test_a_theme_is_chosen_among_all(store: Store, ids: SimpleNamespace) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("T", *"sixteen", "enter")
        await pilot.pause()
        assert app.theme == SIXTEEN
