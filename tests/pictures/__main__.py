"""`python -m tests.pictures` makes README's pictures from the demo workspace, and its key table from the actions."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from store.clock import wall_ms
from store.database import open_store
from sync.engine import create_share, sync_once
from tui import i18n
from tui.keymap import key_table

HERE = Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
_START = "<!-- keys: made by `python -m tests.pictures` -->\n"
_END = "<!-- /keys -->\n"


def _keys(text: str) -> list[str]:
    return ["space" if letter == " " else letter for letter in text]


# file, language, size, keys pressed before the picture is taken
PICTURES = (
    ("board.svg", "en", (160, 42), ("2",)),
    ("timeline.svg", "en", (160, 42), ("3", "g", *["j"] * 9)),
    ("conflicts.svg", "en", (160, 42), ("4", "l", "l", "j", "j")),
    ("conflict.svg", "zh_CN", (120, 36), ("2", "x", *_keys("yf>sc 发布日提前两周 !2 #资源 ^周五"))),
)  # fmt: skip


def keys_in_readme(readme: str) -> str:
    """Return README's text with the key table as the actions make it now."""
    before, _, rest = readme.partition(_START)
    _, _, after = rest.partition(_END)
    return f"{before}{_START}{key_table('en')}{_END}{after}"


def clean(svg: str) -> str:
    """Return a screenshot that asks no other host for its font, and has no identifiers that change every time."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", "Fira Code, Noto Sans Mono CJK SC, monospace")
    return re.sub(r"terminal-\d+", "terminal", svg)


async def _take(home: str, language: str, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    from tui.app import SameboatApp

    i18n.set_language(language)
    store = open_store(home)
    try:
        app = SameboatApp(store, sync=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.3)
            await pilot.press(*keys)
            await pilot.pause(2.0 if "3" in keys else 0.3)  # the plan of the last review is read in a thread
            return clean(app.export_screenshot(title="同舟 Sameboat"))
    finally:
        store.close()


def _share(home: str, folder: str) -> None:
    """Put the workspace into a shared folder, so that the header shows what it shows to most people."""
    os.mkdir(folder)
    store = open_store(home)
    create_share(folder, store)
    sync_once(store)
    store.close()


def main() -> None:
    """Make everything anew."""
    from tui.demo import people
    from tui.demo.history import write_history

    os.environ["TERM"], os.environ["COLORTERM"] = "xterm-256color", "truecolor"
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        for person in people.PEOPLE:
            os.mkdir(os.path.join(folder, person.code))
        write_history(lambda code: os.path.join(folder, code), wall_ms())
        _share(os.path.join(folder, people.YOU), os.path.join(folder, "share"))
        for name, language, size, keys in PICTURES:
            svg = asyncio.run(_take(os.path.join(folder, people.YOU), language, size, keys))
            (HERE / name).write_text(svg, encoding="utf-8")
    README.write_text(keys_in_readme(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
