"""The tabs of the inbox of changes: a line a change, marked while it is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from store import queries
from store.news import MOST, mark_all, mark_read, news, unseen_count
from tui.bindings import bindings
from tui.i18n import N_, _
from tui.news_words import done_words, why_words
from tui.screens.tab import Tab
from tui.widgets.days import distance_words, moment_words
from tui.widgets.detail.parts import head_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store import schema
    from store.analysis.news import Line
    from store.changes import ChangeSet
    from store.database import Store
    from store.rows import Card

NEW = "●"
COUNTED = 99
_BETWEEN = "#"  # in the key of a row: the thing, and which line about it


class NewsTab(Tab):
    """Shows what is new; a line that was read stays in sight until all of it was marked as seen."""

    SCOPE = "news"
    EVERYTHING: ClassVar[bool] = False
    NO_CARD = N_("There is no change here")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, Line] = {}
        self._new = 0  # how many of them are
        self._visited: list[Line] = []  # read since all was marked as seen
        self._old = False  # what was read before is shown too

    def read(self) -> Sequence[Row]:
        """Return the lines, what came last first."""
        found = news(self.store, everything=self.EVERYTHING, read=self._old)
        self._new = sum(line.new for line in found)
        if not self._old:
            known = {line.keys for line in found}
            visited = [line for line in self._visited if line.keys not in known]
            found = sorted([*found, *visited], key=lambda line: (line.day, line.order), reverse=True)
        self._lines = {}
        counts: dict[str, int] = {}
        for line in found[:MOST]:
            count = counts[line.ent] = counts.get(line.ent, 0) + 1
            self._lines[line.ent if count == 1 else f"{line.ent}{_BETWEEN}{count}"] = line
        return [self._row(key, line) for key, line in self._lines.items()]

    def _row(self, key: str, line: Line) -> Row:
        today, now = self.store.today(), self.store.now()
        when = distance_words(line.day, today) if line.day else moment_words(line.at, now)
        facts = (Fact(when), Fact(line.title if line.text else ""))
        return Row(
            key, self._words(line), line.short, NEW if line.new else " ", "$text-accent", facts,
            "" if line.new else MUTED,
        )  # fmt: skip

    def _words(self, line: Line) -> str:
        who = self.directory.member(line.by) if line.by else ""
        what = why_words(line) or done_words(line, self._value)
        about = line.text or line.title
        said = " ".join(filter(None, (who, what)))
        return _("{what}: {about}").format(what=said, about=about) if said else about

    def _value(self, field: schema.Field, value: object) -> str:
        return head_words(self.directory, field, value, self.store.today())

    def told(self) -> str:
        """Return what the line under the cursor says, in full."""
        line = self._lines.get(self.list.key)
        if line is None:
            return ""
        done = done_words(line, self._value) if line.fields else ""
        said = self._words(line)
        return f"{said} ({done})" if done and why_words(line) and not line.text else said

    def teaching(self) -> Sequence[str]:
        """Say that one is up to date, and how to see what was read."""
        return (
            _("Nothing new: you have seen what your teammates did."),
            "",
            _("{news_old} shows what was read before.").format_map(self.key_names),
        )

    @property
    def card(self) -> Card | None:
        """What the line under the cursor is about."""
        line = self._lines.get(self.list.key)
        return queries.card(self.store, line.ent) if line else None

    def targets(self) -> list[Card]:
        """Return what the selected lines are about, else the one under the cursor; each thing once."""
        ents = dict.fromkeys(key.partition(_BETWEEN)[0] for key in self.list.targets)
        return self.desk.fetch(tuple(ents))

    def absorb(self, changes: ChangeSet) -> None:
        """Show what came."""
        self.show()

    # What its keys do

    def action_news_open(self) -> None:
        """Go into the details of what the line is about; the line is read."""
        line = self._lines.get(self.list.key)
        if line is None:
            self.say_no_card()
            return
        if line.new and self.noted(lambda: mark_read(self.store, line)):
            self._visited.append(line._replace(new=False))
            self._show_read()
        self.desk.read_details()

    def action_news_go(self) -> None:
        """Go to what the line is about, where it has its place."""
        card = self.card
        if card is None:
            self.say_no_card()
        else:
            self.desk.boat.show_at_home(card.id)

    def action_news_all(self) -> None:
        """Mark everything as seen, on all of one's devices."""
        if not self.noted(lambda: mark_all(self.store)):
            return
        self._visited.clear()
        self._show_read()
        self.say(_("Everything is marked as seen."))

    def action_news_old(self) -> None:
        """Show what was read before too, or only what is new."""
        self._old = not self._old
        self._visited.clear()
        self.show()
        self.desk.show_details()

    def _show_read(self) -> None:
        self.show()
        self.desk.show_counts()
        self.desk.show_tab_counts()
        self.desk.show_details()

    def idle(self) -> Collection[str]:
        """Return what reading the line does as well."""
        return ("open",)

    def standing(self) -> str:
        """Say that what was read is shown too."""
        return _("read ones too") if self._old else ""


class ForMeTab(NewsTab):
    """What is for oneself: mentions, assignments, objections, answers, and what comes due."""

    NAME = "for_me"
    LABEL = N_("For me")

    @staticmethod
    def count(store: Store) -> int:
        """Return how many lines are new."""
        return unseen_count(store)


class EverythingTab(NewsTab):
    """All that teammates did."""

    NAME = "everything"
    LABEL = N_("Everything")
    EVERYTHING = True

    @staticmethod
    def count(store: Store) -> int:
        """Return how many lines are new, as far as anybody counts."""
        return len(news(store, everything=True, limit=COUNTED))

    def counted(self) -> int:
        """Return how many of the lines read are new; among those that were read before, not all may be."""
        return super().counted() if self._old else min(self._new, COUNTED)
