"""Which keys do what: the defaults of every action, what a person's config changes, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.actions import ACTIONS, GROUPS, SCOPES
from tui.i18n import _, language
from tui.signs import is_ascii

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Never sent by a terminal: an action without keys is bound to it, for Textual takes no empty key.
NO_KEY = "unbound"

# Names people write for a key, where it is not the name the terminal library has for it.
_SPOKEN = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "page_up": "pageup",
    "pgdn": "pagedown", "pgdown": "pagedown", "page_down": "pagedown", "spacebar": "space", "bs": "backspace",
}  # fmt: skip
_SHOWN = {
    "enter": "⏎", "escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "left": "←", "right": "→", "up": "↑",
    "down": "↓", "delete": "del", "question_mark": "?", "colon": ":", "slash": "/", "backslash": "\\",
    "number_sign": "#", "plus": "+", "minus": "-", "comma": ",", "full_stop": ".", "semicolon": ";",
    "apostrophe": "'", "quotation_mark": '"', "equals_sign": "=", "exclamation_mark": "!", "at": "@",
    "dollar_sign": "$", "percent_sign": "%", "circumflex_accent": "^", "ampersand": "&", "asterisk": "*",
    "left_parenthesis": "(", "right_parenthesis": ")", "underscore": "_", "less_than_sign": "<",
    "greater_than_sign": ">", "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{",
    "right_curly_bracket": "}", "vertical_line": "|", "tilde": "~", "grave_accent": "`",
}  # fmt: skip
_TYPED = {shown: name for name, shown in _SHOWN.items() if len(shown) == 1 and shown.isascii()} | {
    " ": "space"
}
_NAMED = (
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end"}
    | {"pageup", "pagedown", "left", "right", "up", "down"}
    | {f"f{number}" for number in range(1, 25)}
    | set(_TYPED.values())
)
_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")


class Problem(NamedTuple):
    """Something in the config that was not done as written; `sentence` says it in the language of the moment."""

    code: str
    params: dict[str, str]
    line: int = 0  # of the config file, 0 where it is about none

    def sentence(self) -> str:
        """Return what was wrong and what was done instead."""
        said = self._said()
        return _("line {line}: {problem}").format(line=self.line, problem=said) if self.line else said

    def _said(self) -> str:
        texts = {
            "unknown-action": _("There is no action “{name}”."),
            "unknown-key": _("“{key}” for “{name}” is not a key."),
            "taken": _("Two actions ask for “{key}”: “{name}” does not get it, “{other}” has it."),
            "lost": _("“{key}” is now “{other}”, and “{name}” has no key left."),
            "unknown-setting": _("There is no setting “{name}”."),
            "bad-setting": _("“{name}” cannot be “{value}”: it is one of {choices}."),
            "unreadable": _("It cannot be read, so the defaults hold: {why}."),
            "unreadable-line": _("This is no setting, so it is left out: {why}."),
            "not-a-table": _("“{name}” needs key = value lines beneath it."),
        }
        sentence = texts[self.code].format(**self.params)
        if self.code == "bad-setting":
            used = self.params.get("used", "")
            sentence += " " + (
                _("“{used}” holds instead.").format(used=used) if used else _("The default holds instead.")
            )
        if self.params.get("nearest"):
            sentence += " " + _("Did you mean “{nearest}”?").format(nearest=self.params["nearest"])
        return sentence


def key_name(text: str) -> str:
    """Return the terminal library's name of a key as people write it (`L`, `?`, `ctrl+r`), empty for no such key."""
    text = text.strip() or text
    if text == "+":
        return "plus"
    *modifiers, key = text.split("+") if len(text) > 1 and not text.endswith("++") else [text]
    if text.endswith("++"):
        modifiers, key = [part for part in text[:-2].split("+") if part], "+"
    modifiers = [modifier.strip().lower() for modifier in modifiers]
    modifiers = ["ctrl" if modifier in ("control", "c") else modifier for modifier in modifiers]
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return ""
    if len(key) == 1:
        key = _TYPED.get(key, key)
        if modifiers == ["shift"] and key.isalpha() and len(key) == 1:
            return key.upper()
    else:
        key = _SPOKEN.get(key.lower(), key.lower())
        if key not in _NAMED:
            return ""
    order = sorted(set(modifiers), key=_MODIFIERS.index)
    return "+".join([*order, key.lower() if "ctrl" in order and len(key) == 1 else key])


def key_label(name: str) -> str:
    """Return how a key is shown: `pageup` as `pgup`, `question_mark` as `?`."""
    *modifiers, key = name.split("+")
    shown = _SHOWN.get(key, key)
    return "+".join([*modifiers, key if is_ascii() and not shown.isascii() else shown])


def written_name(name: str) -> str:
    """Return how a key is written in the config file, as `key_name` reads it."""
    *modifiers, key = name.split("+")
    shown = _SHOWN.get(key, "")
    return "+".join([*modifiers, shown if len(shown) == 1 and shown.isascii() else key])


class Keymap:
    """The keys of every action after a person's overrides, and the problems found in those."""

    def __init__(self, overrides: Mapping[str, object] | None = None) -> None:
        self.problems: list[Problem] = []
        self._usual = {name: tuple(key_name(key) for key in action.keys) for name, action in ACTIONS.items()}
        self._keys = dict(self._usual)
        if overrides:
            self._override(overrides)

    def keys(self, action: str) -> tuple[str, ...]:
        """Return the names of the keys that do an action, the one to show first."""
        return self._keys[action]

    def shown(self, action: str) -> str:
        """Return the key of an action as the footer shows it, empty when it has none."""
        keys = self._keys[action]
        return key_label(keys[0]) if keys else ""

    def usual(self, action: str) -> tuple[str, ...]:
        """Return the keys that an action has before anybody changes them."""
        return self._usual[action]

    def holders(self, action: str, key: str) -> list[str]:
        """Return the other actions that have a key where this one would need it."""
        return [
            other
            for other, held in self._keys.items()
            if other != action and key in held and _meet(action, other)
        ]

    def changed(self) -> dict[str, str]:
        """Return the keys that differ from the defaults, as Textual's keymap takes them."""
        return {
            name: ",".join(keys) or NO_KEY for name, keys in self._keys.items() if keys != self.usual(name)
        }

    def _override(self, overrides: Mapping[str, object]) -> None:
        wanted: dict[str, tuple[str, ...]] = {}
        for name, value in overrides.items():
            if name not in ACTIONS:
                self._report("unknown-action", name=name, nearest=_nearest(name, ACTIONS))
                continue
            keys = tuple(self._read(name, value))
            if keys or not str(value if not isinstance(value, list) else "".join(map(str, value))).strip():
                wanted[name] = keys  # where nothing written is a key, the action keeps those it had
        for name, keys in wanted.items():
            self._keys[name] = tuple(key for key in keys if not self._claimed(name, key, wanted))
        for name, keys in wanted.items():
            self._take(name, keys, wanted)

    def _read(self, name: str, value: object) -> Iterable[str]:
        # A list gives each key whole; a string separates them by spaces, so that "," needs no quoting of its own.
        texts = (
            [str(part) for part in value] if isinstance(value, list) else str(value).split() or [str(value)]
        )
        for text in texts:
            key = key_name(text)
            if key:
                yield key
            elif text.strip():
                self._report("unknown-key", key=text, name=name, nearest=_nearest(text, _NAMED))

    def _claimed(self, name: str, key: str, wanted: Mapping[str, tuple[str, ...]]) -> bool:
        for other, keys in wanted.items():
            if other == name:
                return False
            if key in keys and _meet(name, other):
                self._report("taken", key=key_label(key), name=name, other=other)
                return True
        return False

    def _take(self, name: str, keys: tuple[str, ...], wanted: Mapping[str, tuple[str, ...]]) -> None:
        for other, held in self._keys.items():
            if other in wanted or not _meet(name, other) or not set(keys) & set(held):
                continue
            self._keys[other] = tuple(key for key in held if key not in keys)
            if not self._keys[other]:
                lost = next(key for key in held if key in keys)
                self._report("lost", key=key_label(lost), name=other, other=name)

    def _report(self, code: str, **params: str) -> None:
        self.problems.append(Problem(code, params))


def _meet(one: str, other: str) -> bool:
    """Tell whether two actions cannot share a key; the details are meant to give the keys of cards a meaning."""
    first, second = ACTIONS[one].scope, ACTIONS[other].scope
    if {first, second} == {"desk", "detail"}:
        return False
    return first == second or second in SCOPES[first] or first in SCOPES[second]


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # only a mistake pays for it

    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""


def key_table(name: str) -> str:
    """Return the Markdown table of all default keys in a language, for the README."""
    from tui.i18n import set_language

    before = language()
    set_language(name)
    try:
        keymap = Keymap()
        heads = (_("Key"), _("Does"), _("Name in the config"))
        lines = ["| " + " | ".join(heads) + " |", "|---|---|---|"]
        for group in GROUPS:
            lines.append(f"| **{_(group)}** | | |")
            for action in ACTIONS.values():
                if action.group == group:
                    keys = " ".join(_code(key_label(key)) for key in keymap.keys(action.id))
                    lines.append(f"| {keys} | {_(action.label)} | `{action.id}` |")
        return "\n".join(lines) + "\n"
    finally:
        set_language(before)


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")
