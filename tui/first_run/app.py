"""The set-up as an app: one question at a time, each with an answer already, and nothing written before the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from store.errors import StoreError
from tui.bindings import bindings
from tui.celltext import clean
from tui.config import load_config, remember
from tui.dressed import Dressed
from tui.first_run.answers import (
    DEMO,
    DEPARTMENTS,
    FOLDER,
    INVITE,
    JOIN,
    LANGUAGE,
    NEW,
    QUESTIONS,
    READERS,
    READY,
    SHARE,
    WAY,
    Answers,
    completed,
)
from tui.i18n import LANGUAGES, _, language, set_language
from tui.screens.hints import hints
from tui.screens.terminal_size import FitsTerminal
from tui.signs import is_ascii
from tui.terminal_kind import CAPABLE
from tui.widgets.footer import Footer
from tui.widgets.header import ASCII_BRAND, BRAND
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import Input

    from tui.config import Config
    from tui.terminal_kind import TerminalKind

LISTED = frozenset({LANGUAGE, WAY, DEPARTMENTS, READERS, READY})
FOLDERS_SHOWN = 8


class Outcome(NamedTuple):
    """How the set-up ended: a workspace stands in the home, or the demo is to be opened."""

    demo: bool = False


class SetupLine(LineInput):
    """The line in which a question is answered."""


class SetupScreen(FitsTerminal, Screen[None]):
    """Asks one step after the other."""

    SCOPE = "setup"
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = """
    SetupScreen { background: $background; align: center middle; }
    SetupScreen #brand {
        dock: top; height: 1; width: 100%; background: $panel; color: $text-primary; text-style: bold;
    }
    SetupScreen Footer { dock: bottom; }
    SetupScreen #panel {
        width: 72; max-width: 100%; height: auto; background: $surface; border: round $accent; padding: 1 2;
    }
    SetupScreen Static { height: auto; }
    SetupScreen #question { text-style: bold; }
    SetupScreen #known, SetupScreen #folders { color: $text-muted; }
    SetupScreen #wrong { color: $text-error; }
    SetupScreen OptionList {
        background: $surface; border: none; padding: 0; margin: 1 0; height: auto; max-height: 12;
    }
    SetupScreen SetupLine { margin: 1 0; background: $background; }
    """

    def __init__(self, boat: SetupApp) -> None:
        super().__init__()
        self._boat = boat
        self.answers = Answers()
        self.place = 0
        self.wrong = ""
        self.working = False
        self._found: list[str] = []

    @property
    def step(self) -> str:
        """The step that is asked now."""
        return self.answers.steps[self.place]

    def compose(self) -> ComposeResult:
        """Lay out the question, a list or a line for its answer, and the keys."""
        yield Static(markup=False, id="brand")
        with Vertical(id="panel"):
            yield Static(markup=False, id="question")
            yield Static(markup=False, id="known")
            yield OptionList(markup=False, compact=True)
            yield SetupLine()
            yield Static(markup=False, id="folders")
            yield Static(markup=False, id="wrong")
        yield Footer()

    def on_mount(self) -> None:
        """Ask the first question."""
        self.ask()

    # Showing

    def ask(self) -> None:
        """Show the step one is at, with its answer as it stands."""
        self._found = []
        step = self.step
        options, line = self.query_one(OptionList), self.query_one(SetupLine)
        options.display, line.display = step in LISTED, step not in LISTED
        if step in LISTED:
            self.fill(highlighted=self._begin_at())
            options.focus()
        else:
            with self.prevent(SetupLine.Changed):
                line.value = self.answers.said(step)
            line.cursor_position = len(line.value)
            line.placeholder = _("none yet") if step == FOLDER else _("none") if step == INVITE else ""
            line.focus()
        self.label()

    def label(self) -> None:
        """Show the words of the step in the language of the moment."""
        question, known = QUESTIONS[self.step]
        steps = len(self.answers.steps)
        heading = _("set-up")
        brand = f"{ASCII_BRAND if is_ascii() else BRAND} ─ {heading}   {self.place + 1}/{steps}"
        self.query_one("#brand", Static).update(Content(brand))
        self.query_one("#question", Static).update(Content(_(question)))
        self.query_one("#known", Static).update(Content(_("Making it…") if self.working else _(known)))
        self.query_one("#wrong", Static).update(Content(clean(self.wrong)))
        self.query_one("#wrong").display = bool(self.wrong)
        folders = "  ".join(clean(name) for name in self._found[:FOLDERS_SHOWN])
        if len(self._found) > FOLDERS_SHOWN:
            folders += " …"
        self.query_one("#folders", Static).update(Content(folders))
        self.query_one("#folders").display = bool(folders)
        without = {"setup_toggle", "setup_rename", "setup_add"} if self.step != DEPARTMENTS else set()
        if self.step not in (FOLDER, SHARE):
            without.add("setup_complete")
        if not self.place:
            without.add("setup_back")
        if self.step == READY:
            without.add("setup_skip")
        self.query_one(Footer).show_hints(hints(self._boat.config.keymap, self.SCOPE, without=without))

    def fill(self, *, highlighted: int = 0) -> None:
        """Show the choices of a step that has a list."""
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Content(clean(row))) for row in self.rows()])
        options.highlighted = highlighted

    def rows(self) -> list[str]:
        """Return the choices of the step."""
        if self.step == LANGUAGE:
            return list(LANGUAGES.values())
        if self.step == WAY:
            return [
                _("A new workspace"),
                _("Join the one that teammates have"),
                _("Look around in a demo first"),
            ]
        if self.step == DEPARTMENTS:
            return [f"{'☑' if one.taken else '☐'} {one.shown()}" for one in self.answers.departments]
        if self.step == READERS:
            return [_("Whoever can open it"), _("Only who is invited: everything in it is encrypted")]
        return self._summary()

    def _summary(self) -> list[str]:
        answers = self.answers
        who = _("{person}, whose short ids begin with {letters}").format(
            person=answers.person, letters=answers.said("letters")
        )
        if answers.way == JOIN:
            return [_("Join what is in {folder}").format(folder=answers.share), who]
        departments = ", ".join(one.shown() for one in answers.departments if one.taken)
        if not answers.folder:
            shared = _("only on this machine until a folder is added")
        elif answers.encrypted:
            shared = _("shared, encrypted, through {folder}").format(folder=answers.folder)
        else:
            shared = _("shared through {folder}").format(folder=answers.folder)
        return [
            _("Make “{name}”").format(name=answers.said("name")),
            who,
            departments or _("no departments yet"),
            shared,
        ]

    def _begin_at(self) -> int:
        if self.step == LANGUAGE:
            return list(LANGUAGES).index(language())
        if self.step == READERS:
            return int(self.answers.encrypted)
        return (NEW, JOIN, DEMO).index(self.answers.way) if self.step == WAY else 0

    # Answering

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked, or entered."""
        event.stop()
        self.action_setup_next()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Speak the language that is highlighted."""
        event.stop()
        if self.step == LANGUAGE:
            set_language(list(LANGUAGES)[event.option_index])
            self.label()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the line."""
        event.stop()
        self.action_setup_next()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Forget what was wrong with the line before."""
        event.stop()
        if (self.wrong or self._found) and not self.working:
            self.wrong, self._found = "", []
            self.label()

    def action_setup_next(self) -> None:
        """Keep the answer and go on."""
        if self.working:
            return
        step = self.step
        index = self.query_one(OptionList).highlighted or 0
        if step == READY:
            self._begin()
            return
        if step == LANGUAGE:
            self._boat.chosen_language = set_language(list(LANGUAGES)[index])
        elif step == WAY:
            self.answers.way = (NEW, JOIN, DEMO)[index]
            if self.answers.way == DEMO:
                self._boat.exit(Outcome(demo=True))
                return
        elif step == READERS:
            self.answers.encrypted = index == 1
        elif step != DEPARTMENTS:
            text = self.query_one(SetupLine).value.strip()
            self.wrong = self.answers.keep(step, "" if text == self.answers.usual(step) else text)
            if self.wrong:
                self.label()
                return
        self._go(self.place + 1)

    def action_setup_skip(self) -> None:
        """Go on with what holds by itself."""
        if self.working or self.step == READY:
            return
        if self.step not in LISTED:
            self.wrong = self.answers.keep(self.step, "")
            if self.wrong:
                self.label()
                return
        self._go(self.place + 1)

    def action_setup_back(self) -> None:
        """Go back to the step before."""
        if self.place and not self.working:
            self._go(self.place - 1)

    def _go(self, place: int) -> None:
        self.place = min(max(place, 0), len(self.answers.steps) - 1)
        self.wrong = ""
        self.ask()

    def action_setup_down(self) -> None:
        """Highlight the choice below."""
        self.query_one(OptionList).action_cursor_down()

    def action_setup_up(self) -> None:
        """Highlight the choice above."""
        self.query_one(OptionList).action_cursor_up()

    def action_setup_quit(self) -> None:
        """Leave; nothing was written."""
        if not self.working:
            self._boat.exit(None)

    # Departments

    def action_setup_toggle(self) -> None:
        """Take the department, or leave it out."""
        index = self.query_one(OptionList).highlighted
        if self.step == DEPARTMENTS and index is not None:
            self.answers.toggle(index)
            self.fill(highlighted=index)

    def action_setup_rename(self) -> None:
        """Call the department otherwise."""
        index = self.query_one(OptionList).highlighted
        if self.step != DEPARTMENTS or index is None:
            return
        from tui.screens.asking import Ask

        def named(name: str | None) -> None:
            if name:
                self.answers.rename(index, name)
                self.fill(highlighted=index)

        self.app.push_screen(Ask(_("What is it called?"), self.answers.departments[index].shown()), named)

    def action_setup_add(self) -> None:
        """Add a department."""
        if self.step != DEPARTMENTS:
            return
        from tui.screens.asking import Ask

        def named(name: str | None) -> None:
            if name:
                self.answers.add(name)
                self.fill(highlighted=len(self.answers.departments) - 1)

        self.app.push_screen(Ask(_("Which department?")), named)

    # Folders

    def action_setup_complete(self) -> None:
        """Complete the folder that is being typed."""
        if self.step not in (FOLDER, SHARE):
            return
        line = self.query_one(SetupLine)
        whole, found = completed(line.value)
        with self.prevent(SetupLine.Changed):
            line.value = whole
            line.cursor_position = len(whole)
        self._found = found if len(found) > 1 else []
        self.wrong = "" if found else _("No folder begins so.")
        self.label()

    # The end

    def _begin(self) -> None:
        self.working = True
        self.wrong = ""
        self.label()
        self.run_worker(self._make, name="set-up", group="set-up", exclusive=True, thread=True)

    def _make(self) -> None:
        """Make or join the workspace, in a thread: a folder may be slow."""
        from tui.beginning import join_workspace, make_workspace

        answers, home = self.answers, self._boat.home
        try:
            if answers.way == JOIN:
                from sync.encryption.invite import read_invite

                invite = read_invite(answers.invite) if answers.invite else None
                begun = join_workspace(
                    home, answers.share, me=answers.person, code=answers.said("letters"), invite=invite
                )
            else:
                begun = make_workspace(
                    home,
                    me=answers.person,
                    code=answers.said("letters"),
                    name=answers.said("name"),
                    departments=answers.chosen_departments(),
                    folder=answers.folder,
                    encrypted=bool(answers.folder) and answers.encrypted,
                )
            begun.store.close()
        except StoreError as error:
            self.app.call_from_thread(self._failed, error)
        else:
            self.app.call_from_thread(self._done)

    def _done(self) -> None:
        if self._boat.chosen_language:
            remember(self._boat.home, {"language": self._boat.chosen_language})
        self._boat.exit(Outcome())

    def _failed(self, error: StoreError) -> None:
        """Say what went wrong where it can be answered otherwise; nothing was left behind."""
        from tui.sentences import sentence

        self.working = False
        step = READY
        if error.code.startswith("invite") and INVITE in self.answers.steps:
            step = INVITE
        elif self.answers.share or self.answers.folder:
            step = SHARE if self.answers.way == JOIN else FOLDER
        self._go(self.answers.steps.index(step))
        self.wrong = sentence(error)
        self.label()


class SetupApp(Dressed[Outcome], inherit_bindings=False):
    """Asks what a workspace needs, and makes it; its answer is None where it was left."""

    TITLE = "Sameboat"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    DEFAULT_CSS = "Header, Footer { height: 1; width: 100%; background: $panel; }"

    def __init__(self, home: str, config: Config | None = None, *, terminal: TerminalKind = CAPABLE) -> None:
        self.home = home
        self.config = config or load_config(home)
        self.terminal = terminal
        self.chosen_language = ""
        super().__init__()
        self.dress()

    def get_default_screen(self) -> Screen[None]:
        """Open on the questions."""
        return SetupScreen(self)


def set_up(home: str, terminal: TerminalKind) -> Outcome | None:
    """Ask and make; returns how it ended, None where it was left and nothing written."""
    app = SetupApp(home, terminal=terminal)
    app._fatal_error = app._close_messages_no_wait  # type: ignore[method-assign]
    found = app.run()
    if app._exception is not None:
        raise app._exception
    return found
