"""What a person says while they set up, and the steps that ask for it; nothing here is written before the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from store.setup import DEFAULT_DEPARTMENTS
from tui.beginning import CODE, proposed_code, user_name
from tui.i18n import N_, _, language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.beginning import Departments

NEW, JOIN, DEMO = "new", "join", "demo"

LANGUAGE, WAY, NAME, ME, LETTERS, DEPARTMENTS, FOLDER = (
    "language", "way", "name", "me", "letters", "departments", "folder",
)  # fmt: skip
SHARE, INVITE, READERS, READY = "share", "invite", "readers", "ready"
STEPS = {
    NEW: (LANGUAGE, WAY, NAME, ME, LETTERS, DEPARTMENTS, FOLDER, READERS, READY),
    JOIN: (LANGUAGE, WAY, SHARE, INVITE, ME, LETTERS, READY),
    DEMO: (LANGUAGE, WAY),
}
# What a step asks, and what there is to know.
QUESTIONS: dict[str, tuple[str, str]] = {
    LANGUAGE: (N_("Which language?"), N_("It can be switched at any time.")),
    WAY: (N_("How do you begin?"), N_("A workspace is what a group of teammates shares.")),
    NAME: (N_("What is the workspace called?"), N_("The name of the product or of the team will do.")),
    ME: (N_("What is your name?"), N_("As your teammates know you.")),
    LETTERS: (N_("Which letters begin your short ids?"), N_("What you add is then called lp-1, lp-2 and so on.")),
    DEPARTMENTS: (N_("Which departments work on it?"), N_("More can be added, and each renamed, later.")),
    FOLDER: (
        N_("Which folder do your teammates reach too?"),
        N_("One that Nextcloud, Dropbox, Syncthing or a drive keeps the same for all. Leave it empty to work alone."),
    ),
    READERS: (
        N_("Who may read what is in the folder?"),
        N_("Encryption is chosen here, for good; teammates then join with the code that `sameboat invite` prints."),
    ),
    SHARE: (N_("Which folder is the workspace in?"), N_("The one that your teammates share with you.")),
    INVITE: (
        N_("Were you given an invitation code?"),
        N_("An encrypted workspace needs the one that a teammate's `sameboat invite` printed; leave it empty else."),
    ),
    READY: (N_("Ready"), N_("Nothing has been written yet.")),
}  # fmt: skip


class Department(NamedTuple):
    """A department on offer: what `init_workspace` needs, and whether it is taken."""

    title: str
    title_en: str
    code: str
    colour: str
    aliases: tuple[str, ...]
    taken: bool = True

    def shown(self) -> str:
        """Return its name in the language of the moment."""
        return self.title_en if language() == "en" and self.title_en else self.title


class Answers:
    """What was said so far; what was skipped is asked of the system or left to the usual."""

    def __init__(self) -> None:
        self.way = NEW
        self.name = ""
        self.me = ""
        self.letters = ""
        self.departments = [Department(*usual) for usual in DEFAULT_DEPARTMENTS]
        self.folder = ""
        self.encrypted = False
        self.share = ""
        self.invite = ""

    @property
    def steps(self) -> Sequence[str]:
        """The steps of the way that was chosen; who may read a folder is asked where there is one."""
        return tuple(step for step in STEPS[self.way] if step != READERS or self.folder)

    def usual(self, step: str) -> str:
        """Return what holds where a step is skipped."""
        if step == NAME:
            return _("{name}'s workspace").format(name=self.person)
        if step == ME:
            return user_name()
        return proposed_code(self.person) if step == LETTERS else ""

    def said(self, step: str) -> str:
        """Return what was said at a step that asks for a line, else what holds where it is skipped."""
        return str(getattr(self, step)) or self.usual(step)

    def keep(self, step: str, text: str) -> str:
        """Keep the line of a step; returns what is wrong with it, empty where nothing is."""
        text = text.strip()
        if step == LETTERS and text and not CODE.fullmatch(text.lower()):
            return _("One to eight letters and digits, a letter first.")
        if step == SHARE and not text:
            return _("Without its folder nothing can be joined: shift+tab goes back, to begin another way.")
        if step in (FOLDER, SHARE) and text and "://" not in text:
            text = os.path.abspath(os.path.expanduser(text))
            if not os.path.isdir(text):
                return _("There is no folder {path}: make it first, or choose another.").format(path=text)
        setattr(self, step, text.lower() if step == LETTERS else text)
        return ""

    @property
    def person(self) -> str:
        """The name to enter under."""
        return self.me or user_name()

    def chosen_departments(self) -> Departments:
        """Return the departments that were taken, as a workspace is made with them."""
        return tuple(department[:5] for department in self.departments if department.taken)

    def rename(self, index: int, name: str) -> None:
        """Call a department otherwise: it is then another one, without the aliases of the usual one."""
        held = self.departments[index]
        if name and name != held.shown():
            self.departments[index] = Department(name, "", "", held.colour, (), held.taken)

    def add(self, name: str) -> None:
        """Offer one more department, taken at once."""
        if name and all(name not in (held.title, held.title_en) for held in self.departments):
            colours = [usual[3] for usual in DEFAULT_DEPARTMENTS]
            colour = colours[len(self.departments) % len(colours)]
            self.departments.append(Department(name, "", "", colour, ()))

    def toggle(self, index: int) -> None:
        """Take a department, or leave it out."""
        held = self.departments[index]
        self.departments[index] = held._replace(taken=not held.taken)


def completed(text: str) -> tuple[str, list[str]]:
    """Return a path completed as far as its folders agree, and the folders it may become."""
    typed = os.path.expanduser(text)
    parent, begun = os.path.split(typed)
    try:
        with os.scandir(parent or ".") as entries:
            found = sorted(
                entry.name
                for entry in entries
                if entry.name.startswith(begun)
                and (begun or not entry.name.startswith("."))
                and entry.is_dir()
            )
    except OSError:
        return text, []
    if not found:
        return text, []
    first, last = found[0], found[-1]  # sorted: what these two share, all share
    shared = next(
        (i for i, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    common = first[: min(shared, len(last))]
    whole = os.path.join(parent, common) + (os.sep if len(found) == 1 else "")
    return whole, found
