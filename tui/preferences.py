"""What a person chooses while the app is open: language, theme, and what the config file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.config import load_config, remember
from tui.dressed import THEME_NAMES, Dressed
from tui.i18n import LANGUAGES, _, language, set_language

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.database import Store
    from tui.actions import Situation
    from tui.keymap import Keymap
    from tui.screens.choices import Picked
    from tui.screens.place import Place

WRITE_SECONDS = 0.5  # after a key: writing a file takes longer than a key may


class Preferences(Dressed[None], inherit_bindings=False):
    """The choices of the open app; what it shows and does is its subclass's."""

    store: Store
    keymap: Keymap

    def __init__(self) -> None:
        super().__init__()
        self._chosen: dict[str, str] = {}  # with keys, and not written down yet

    @property
    def place(self) -> Place:
        """The screen one works at, whatever lies over it."""
        raise NotImplementedError

    def living_places(self) -> Collection[Place]:
        """Return the screens that are told what comes as it comes."""
        raise NotImplementedError

    def renewed_places(self) -> Collection[Place]:
        """Return the screens that lie open, after those that can be made anew are let go."""
        raise NotImplementedError

    @property
    def situation(self) -> Situation:
        """What actions look at to say why they cannot be done now."""
        raise NotImplementedError

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something for a few seconds."""
        raise NotImplementedError

    async def do(self, name: str) -> None:
        """Carry out an action by its name."""
        raise NotImplementedError

    def _tick(self) -> None:
        raise NotImplementedError

    def remember(self, name: str, value: str) -> None:
        """Keep a choice for the next start: at once for the app, in the file a little later, several together."""
        self.config.settings[name] = value
        if not self._chosen and self.is_running:
            self.set_timer(WRITE_SECONDS, self.keep_choices)
        self._chosen[name] = value

    def keep_choices(self) -> None:
        """Write down what was chosen since the last time."""
        chosen, self._chosen = self._chosen, {}
        if chosen:
            remember(self.config.home, chosen)

    def on_unmount(self) -> None:
        """Lose no choice that was made just before the app closes."""
        self.keep_choices()

    def action_language(self) -> None:
        """Go on in the other language."""
        names = list(LANGUAGES)
        chosen = set_language(names[(names.index(language()) + 1) % len(names)])
        self.remember("language", chosen)
        for screen in self.renewed_places():
            screen.relabel()
        self._tick()
        self._show_problems()
        self.say(LANGUAGES[chosen])

    def action_theme(self) -> None:
        """Choose a theme, seeing each while it is chosen."""
        if self.no_color:
            self.say(_("NO_COLOR is set: without colours there is one theme."))
            return
        from tui.screens.choices import Choice
        from tui.screens.picker import Picker
        from tui.theme import LABELS

        current = self.theme
        choices = [Choice(name, _(LABELS[theme]), name) for name, theme in THEME_NAMES.items()]
        marked = [name for name, theme in THEME_NAMES.items() if theme == current]

        def seen(name: str) -> None:
            self.theme = THEME_NAMES.get(name, current)

        def picked(answer: Picked | None) -> None:
            chosen = answer.chosen if answer else ()
            if chosen:
                self.remember("theme", chosen[0])
            else:
                self.theme = current

        self.push_screen(Picker(_("Choose a theme"), choices, marked=marked, seen=seen), picked)

    def action_help(self) -> None:
        """Show all keys."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.keymap, self.config.path, first=self.place.GROUP))

    def action_reload_config(self) -> None:
        """Read the config file again."""
        self.keep_choices()
        self.config = load_config(self.store.home)
        self.keymap = self.config.keymap
        self.set_keymap(self.keymap.changed())
        self.theme = self.theme_name()
        self.choose_glyphs()
        if self.config.get("language"):
            set_language(self.config.get("language"))
        for screen in self.renewed_places():
            screen.banners.solve("config")
            screen.relabel()
        self._show_problems()

    def _show_problems(self) -> None:
        sentences = [problem.sentence() for problem in self.config.problems]
        if sentences:
            text = f"{self.config.path}: " + " ".join(sentences)
            for screen in self.living_places():
                screen.banners.raise_banner("config", text, error=False)
