"""Bindings resolve to actions, actions have words in both languages, and a person's own keys hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui import i18n
from tui.actions import ACTIONS, FOOTER, GROUPS, SCOPES
from tui.app import SameboatApp
from tui.config import config_path, load_config, remember
from tui.first_run.app import SetupScreen
from tui.keymap import Keymap, key_label, key_name, key_table
from tui.screens.board import BoardScreen
from tui.screens.board_frame import BoardBench
from tui.screens.card_choices import CardBench
from tui.screens.changes.tabs import NewsTab
from tui.screens.changes.trash import TrashTab
from tui.screens.checkin import CheckinList, CheckinScreen
from tui.screens.desk import Workbench
from tui.screens.feedback.cases import CasesTab
from tui.screens.feedback.conflicts import ConflictsTab
from tui.screens.feedback.inbox import InboxTab
from tui.screens.feedback.meetings import MeetingsTab
from tui.screens.feedback.pasting import PasteList, PasteScreen
from tui.screens.feedback.pool import PoolTab
from tui.screens.feedback.promises import PromisesTab
from tui.screens.feedback.pulse import PulseTab
from tui.screens.feedback.retros import RetrosTab
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.goals.alignment import AlignmentTab
from tui.screens.goals.questions import QuestionsTab
from tui.screens.goals.tree import GoalsTab
from tui.screens.help import HelpScreen
from tui.screens.list_frame import ListTable
from tui.screens.list_screen import ListScreen
from tui.screens.picker import Picker, PickerLine
from tui.screens.reports import ReportsScreen
from tui.screens.review import ReviewList, ReviewScreen
from tui.screens.sync import SyncList, SyncScreen
from tui.screens.tabbed import TabbedScreen
from tui.screens.team.departments import DepartmentsTab
from tui.screens.team.granting import GrantPanel, GrantScreen
from tui.screens.team.handoffs import HandoffsTab
from tui.screens.team.members import MembersTab
from tui.screens.team.needs import NeedsTab
from tui.screens.team.requests import RequestsTab
from tui.screens.team.screen import TeamScreen
from tui.screens.team.team_tab import TeamTab
from tui.screens.timeline import TimelineScreen
from tui.screens.today.day_plan import DayPlanTab
from tui.screens.today.evening import EveningList, EveningScreen
from tui.screens.today.morning import MorningTab
from tui.screens.today.standup import StandupTab
from tui.widgets.capture_bar import CaptureLine
from tui.widgets.detail import DetailView
from tui.widgets.detail.text_editor import CommentText, LongText
from tui.widgets.filter_bar import FilterLine
from tui.widgets.line_input import FieldInput
from tui.widgets.report import FigureList
from tui.widgets.timeline import TimelineView
from tui.widgets.workload import WorkloadView

# Who has a scope's bindings, and who has the methods they call.
HOLDERS = {
    "app": (SameboatApp, SameboatApp), "board": (BoardBench, BoardScreen), "detail": (DetailView, BoardScreen),
    "capture": (CaptureLine, BoardScreen), "filter": (FilterLine, FilterLine), "line": (FieldInput, FieldInput),
    "text": (LongText, LongText), "comment": (CommentText, CommentText), "picker": (PickerLine, Picker),
    "timeline": (TimelineView, TimelineScreen),
    "cards": (CardBench, BoardScreen), "list": (ListTable, ListScreen),
    "desk": (Workbench, BoardScreen), "tabs": (TabbedScreen, FeedbackScreen),
    "conflicts": (ConflictsTab, ConflictsTab),
    "news": (NewsTab, NewsTab), "trash": (TrashTab, TrashTab),
    "promises": (PromisesTab, PromisesTab), "meetings": (MeetingsTab, MeetingsTab),
    "inbox": (InboxTab, InboxTab), "pool": (PoolTab, PoolTab), "paste": (PasteList, PasteScreen),
    "cases": (CasesTab, CasesTab),
    "workload": (WorkloadView, TimelineScreen),
    "checkin": (CheckinList, CheckinScreen),
    "team": (TeamTab, TeamScreen), "departments": (DepartmentsTab, DepartmentsTab), "needs": (NeedsTab, NeedsTab),
    "members": (MembersTab, MembersTab), "handoffs": (HandoffsTab, HandoffsTab),
    "requests": (RequestsTab, RequestsTab), "granting": (GrantPanel, GrantScreen),
    "reports": (FigureList, ReportsScreen),
    "goals": (GoalsTab, GoalsTab), "alignment": (AlignmentTab, AlignmentTab), "questions": (QuestionsTab, QuestionsTab),
    "retros": (RetrosTab, RetrosTab), "pulse": (PulseTab, PulseTab),
    "today": (MorningTab, MorningTab), "dayplan": (DayPlanTab, DayPlanTab), "standup": (StandupTab, StandupTab),
    "evening": (EveningList, EveningScreen),
    "setup": (SetupScreen, SetupScreen),
    "help": (HelpScreen, HelpScreen), "review": (ReviewList, ReviewScreen), "exchange": (SyncList, SyncScreen),
}  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_has_a_method_where_its_keys_work(name: str) -> None:
    action = ACTIONS[name]
    _holder, target = HOLDERS[action.scope]
    assert callable(getattr(target, f"action_{name}", None))


@pytest.mark.parametrize("scope", HOLDERS)
def test_every_binding_resolves_to_an_action(scope: str) -> None:
    holder, _target = HOLDERS[scope]
    names = {binding.action.rpartition(".")[2] for binding in holder.BINDINGS}
    assert names
    assert names <= set(ACTIONS)
    assert names == {action.id for action in ACTIONS.values() if action.scope == scope}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_action_has_words_in_both_languages(language: str) -> None:
    i18n.set_language(language)
    words = (
        {action.label for action in ACTIONS.values()}
        | {short for _rank, short in FOOTER.values()}
        | set(GROUPS)
    )
    shown = {word: i18n._(word) for word in words}
    if language == "zh_CN":
        assert not [word for word, text in shown.items() if word == text]
    assert all(shown.values())


def test_the_defaults_are_keys_and_do_not_meet() -> None:
    keymap = Keymap()
    for action in ACTIONS.values():
        assert "" not in keymap.keys(action.id), action.id
    taken: dict[tuple[str, str], str] = {}
    for action in ACTIONS.values():
        for key in keymap.keys(action.id):
            for scope in (action.scope, *(inner for inner, outer in SCOPES.items() if action.scope in outer)):
                # The details give keys of the board a meaning of their own; a line's letters are its text.
                if scope != action.scope and (scope != "board" or action.scope != "app"):
                    continue
                assert taken.setdefault((scope, key), action.id) == action.id, (scope, key)


def test_footer_ranks_name_actions_and_scopes_have_no_unknown() -> None:
    assert set(FOOTER) <= set(ACTIONS)
    assert {action.scope for action in ACTIONS.values()} == set(SCOPES) == set(HOLDERS)
    assert {action.group for action in ACTIONS.values()} == set(GROUPS)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("L", "L"), ("?", "question_mark"), (":", "colon"), ("#", "number_sign"), ("\\", "backslash"), ("+", "plus"),
        ("ctrl++", "ctrl+plus"), ("shift+l", "L"), ("Ctrl+R", "ctrl+r"), ("control+x", "ctrl+x"), ("space", "space"),
        ("PgUp", "pageup"), ("esc", "escape"), ("return", "enter"), ("shift+right", "shift+right"), ("F5", "f5"),
        ("alt+enter", "alt+enter"), ("shift+ctrl+up", "ctrl+shift+up"), ("é", "é"),
        ("ctrll+x", ""), ("banana", ""), ("hyper+", ""),
    ],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(written: str, name: str) -> None:
    assert key_name(written) == name


def test_keys_are_shown_as_they_are_typed() -> None:
    assert [key_label(key_name(key)) for key in ("?", "ctrl+r", "pgup", "enter", "\\")] == [
        "?",
        "ctrl+r",
        "pgup",
        "⏎",
        "\\",
    ]


def test_an_action_may_have_several_keys_or_none() -> None:
    keymap = Keymap({"move_right": "ctrl+right >", "move_left": ["<", "ctrl+left"], "trash": ""})
    assert keymap.keys("move_right") == ("ctrl+right", "greater_than_sign")
    assert keymap.keys("move_left") == ("less_than_sign", "ctrl+left")
    assert keymap.keys("trash") == ()
    assert keymap.problems == []
    assert keymap.changed() == {
        "move_right": "ctrl+right,greater_than_sign",
        "move_left": "less_than_sign,ctrl+left",
        "trash": "unbound",
    }


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"moveright": "L"}, "There is no action “moveright”. Did you mean “move_right”?"),
        ({"add": "spce"}, "“spce” for “add” is not a key. Did you mean “space”?"),
        (
            {"add": "Q", "log_conflict": "Q"},
            "Two actions ask for “Q”: “log_conflict” does not get it, “add” has it.",
        ),
        ({"add": "u"}, "“u” is now “add”, and “undo” has no key left."),
    ],
)
def test_mistakes_are_told_and_the_rest_holds(overrides: dict[str, object], sentence: str) -> None:
    keymap = Keymap({**overrides, "copy": "ctrl+y"})
    assert [problem.sentence() for problem in keymap.problems] == [sentence]
    assert keymap.keys("copy") == ("ctrl+y",)


def test_two_actions_may_swap_their_keys() -> None:
    keymap = Keymap({"move_left": "L", "move_right": "H"})
    assert keymap.problems == []
    assert keymap.keys("move_left") == ("L",)


def test_a_default_gives_way_to_a_persons_key_and_keeps_its_others() -> None:
    keymap = Keymap({"comment": "U"})
    assert keymap.keys("redo") == ("ctrl+r",)
    assert keymap.problems == []


@pytest.mark.parametrize(("language", "words"), [("en", "Move to the trash"), ("zh_CN", "移到回收站")])
def test_the_key_table_names_every_action(language: str, words: str) -> None:
    table = key_table(language)
    assert f"| `D` `del` | {words} | `trash` |" in table
    assert all(f"| `{name}` |" in table for name in ACTIONS)
    assert i18n.language() == "en"


def test_the_config_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    environ = {"SAMEBOAT_CONFIG": str(path)}
    path.write_text('theme = "drak"\nlangauge = "en"\nkeys = 3\n', encoding="utf-8")
    found = load_config(str(tmp_path), environ)
    sentences = [problem.sentence() for problem in found.problems]
    assert sentences == [
        "line 1: “theme” cannot be “drak”: it is one of dark, light, contrast, colour-blind, sixteen, plain. "
        "The default holds instead.",
        "line 2: There is no setting “langauge”. Did you mean “language”?",
        "line 3: “keys” needs key = value lines beneath it.",
    ]
    path.write_bytes(b"theme = \xff\n[")
    assert [problem.line for problem in load_config(str(tmp_path), environ).problems] == [1, 2]


def test_choices_are_remembered_but_the_config_file_wins(tmp_path: Path) -> None:
    environ = {"SAMEBOAT_CONFIG": str(tmp_path / "config.toml")}
    remember(str(tmp_path), {"theme": "light", "swimlanes": ""})
    remember(str(tmp_path), {"density": "compact"})
    found = load_config(str(tmp_path), environ)
    assert (found.get("theme"), found.get("density"), found.get("swimlanes")) == ("light", "compact", "")
    (tmp_path / "config.toml").write_text('theme = "dark"\n', encoding="utf-8")
    assert load_config(str(tmp_path), environ).get("theme") == "dark"


def test_a_damaged_memory_of_choices_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "choices.json").write_text("[", encoding="utf-8")
    assert load_config(str(tmp_path), {"SAMEBOAT_CONFIG": "/nowhere"}).settings == {}


def test_the_config_file_has_one_place(tmp_path: Path) -> None:
    assert config_path("/data", {"SAMEBOAT_CONFIG": "/etc/boat.toml"}) == "/etc/boat.toml"
    assert config_path("/data", {"SAMEBOAT_HOME": "/data"}) == "/data/config.toml"
    (tmp_path / "config.toml").touch()
    assert config_path(str(tmp_path), {}) == str(tmp_path / "config.toml")
    assert config_path("/data", {}).endswith("config.toml")
