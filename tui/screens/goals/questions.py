"""The open questions tab: what nobody has answered, done or decided about the goals, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.analysis.goal_questions import KINDS, LATE, OBJECTION, UNANSWERED, questions
from store.goal_rows import aimless, aimless_items, efforts
from store.lookup import kind_of
from tui.bindings import bindings
from tui.goal_words import QUESTION_LABELS, figures_words
from tui.i18n import N_, _
from tui.screens.goals.item_rows import item_row
from tui.screens.goals.reading import Goals
from tui.screens.tab import Tab
from tui.widgets.days import distance_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from store.analysis.goal_questions import Question
    from store.database import Store
    from store.rows import Card

BIGGEST = 15  # items without a goal that are listed beside the counts
LISTED = 500
SIDE = "side:"  # begins the keys of lines that count a department's items


class QuestionsTab(Tab):
    """Lists what is open, and leads to it."""

    SCOPE = "questions"
    LABEL = N_("Open questions")
    SHORT_LABEL = N_("Questions")
    KINDS = ("goal", "item", "status")
    WRITES = "add"
    NO_CARD = N_("Nothing is open about the goals")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._side: str | None = None  # the department whose items without a goal are listed
        self._open = 0  # how many questions are listed

    @staticmethod
    def count(store: Store) -> int:
        """Return how many questions are open about goals."""
        from store.analysis.alignment import alignment
        from store.goal_rows import goal_rows, work
        from store.goals import parents

        rows = goal_rows(store)
        if not rows:
            return 0
        order = [row.id for row in queries.departments(store)]
        aligned = alignment(parents(store), work(store), order)
        return len(questions(rows, aligned, order, store.today().isoformat()))

    def counted(self) -> int:
        """Return how many are listed, unless a department's items are."""
        return self._open if self._side is None else super().counted()

    # What is shown

    def read(self) -> Sequence[Row]:
        """Return the questions by kind, then work without a goal; or that of one department."""
        return list(self._questions()) if self._side is None else list(self._of_side(self._side))

    def _questions(self) -> Iterator[Row]:
        found = Goals(self.store, self.directory)
        open_ = questions(
            list(found.rows.values()), found.aligned, found.departments, self.store.today().isoformat()
        )
        self._open = len(open_)
        for kind in KINDS:
            asked = [question for question in open_ if question.kind == kind]
            if asked:
                yield Row("", _(QUESTION_LABELS[kind]), facts=(Fact(str(len(asked))),))
                for question in asked:
                    yield self._row(question, found)
        counts = aimless(self.store)
        if not counts:
            return
        yield Row("", _("open items that serve no goal"), facts=(Fact(str(sum(counts.values()))),))
        for side in (
            *self.directory.in_order(side for side in counts if side),
            *([""] if "" in counts else []),
        ):
            name = self.directory.department(side) if side else _("no department")
            yield Row(f"{SIDE}{side}", name, mark="Σ", mark_style=MUTED, facts=(Fact(str(counts[side])),))
        cards = aimless_items(self.store, limit=BIGGEST)
        yield Row("", _("the biggest of them"))
        yield from self._items(cards)

    def _row(self, question: Question, found: Goals) -> Row:
        goal = found.rows[question.goal]
        today = self.store.today()
        said, style = "", MUTED
        if question.kind == OBJECTION:
            said = "; ".join(
                ": ".join(filter(None, (self.directory.department(side), goal.objections.get(side, ""))))
                for side in question.departments
            )
            style = "$text-error"
        elif question.kind == LATE:
            said, style = f"{distance_words(goal.due, today)}  {figures_words(goal)}".strip(), "$text-error"
        elif question.kind == UNANSWERED:
            said = " ".join(self.directory.department(side) for side in question.departments)
        mark = {OBJECTION: "!", LATE: "!", UNANSWERED: "?"}.get(question.kind, "·")
        return Row(f"{question.kind}:{goal.id}", goal.title, goal.short, mark, style, (Fact(said, style),))

    def _of_side(self, side: str) -> Iterator[Row]:
        cards = aimless_items(self.store, department=side, limit=LISTED)
        name = self.directory.department(side) if side else _("no department")
        more = "+" if len(cards) == LISTED else ""
        yield Row("", f"{_('open items that serve no goal')} · {name}", facts=(Fact(f"{len(cards)}{more}"),))
        yield from self._items(cards)

    def _items(self, cards: Sequence[Card]) -> Iterator[Row]:
        hours = efforts(self.store, [card.id for card in cards])
        today = self.store.today()
        for card in cards:
            yield item_row(card, self.directory, hours.get(card.id), today)

    def teaching(self) -> Sequence[str]:
        """Say that nothing is open, or how one goes back."""
        if self._side is not None:
            return (_("None. {leave} goes back to the questions.").format_map(self.key_names),)
        return (_("Nothing is open about the goals, and all open work serves one."),)

    @property
    def key(self) -> str:
        """The id of the goal or the item under the cursor, '' where there is neither."""
        return self.ident(self.list.key)

    @staticmethod
    def ident(key: str) -> str:
        """Return the id that a line's key has in it, '' for a line that counts."""
        if key.startswith(SIDE):
            return ""
        kind, colon, goal = key.partition(":")
        return goal if colon and kind in KINDS else key

    @property
    def card(self) -> Card | None:
        """The goal or the item under the cursor."""
        return queries.card(self.store, self.key) if self.key else None

    def targets(self) -> list[Card]:
        """Return what is selected, else what is under the cursor, each once."""
        ids = (self.ident(key) for key in self.list.targets)
        return self.desk.fetch(tuple(dict.fromkeys(ent for ent in ids if ent)))

    def seek(self, ent: str) -> bool:
        """Put the cursor on an item, or on the first question about a goal."""
        if kind_of(self.store, ent) != "goal":
            return self.list.go_to(ent)
        return any(self.list.go_to(f"{kind}:{ent}") for kind in KINDS)

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing to a goal."""
        card = self.card
        return (
            ("question_go",)
            if card and card.kind == "item"
            else ("question_link", "open", "select", "comment")
        )

    # Its keys

    async def action_question_go(self) -> None:
        """Go to the goal, list a department's items, or open the details of an item."""
        if self.list.key.startswith(SIDE):
            self._side = self.list.key.removeprefix(SIDE)
            self.list.clear_selection()
            self.to_top()
            return
        card = self.card
        if card is None:
            self.say_no_card()
        elif card.kind == "goal":
            await self.desk.show_tab("goals")
            self.desk.show_made(card.id)
        else:
            self.desk.action_open()

    def action_question_link(self) -> None:
        """Let the items chosen serve a goal."""
        items = [card for card in self.targets() if card.kind == "item"]
        if items:
            self.desk.choose_goal(items)
        else:
            self.say(
                _("The cursor is on no item; {question_go} goes to the goal.").format_map(self.key_names)
            )

    def leave(self) -> bool:
        """Go back from a department's items to the questions."""
        if self._side is None:
            return False
        key = f"{SIDE}{self._side}"
        self._side = None
        self.to_top()
        self.list.go_to(key)
        self.desk.show_details()
        return True
