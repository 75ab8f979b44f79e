"""The tree tab: the vision, the goals beneath it, how far each has come, and what the departments answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import finding, goals, schema
from store.analysis.goal_tree import beneath, branches
from store.goal_rows import goal_count, goal_history, goal_items, vision
from store.lookup import kind_of, short_of
from tui.bindings import bindings
from tui.celltext import clean_lines, wrap
from tui.goal_words import (
    STATE_MARKS,
    answers_words,
    bar_words,
    figures_words,
    number_words,
    spark_words,
)
from tui.i18n import N_, _, ngettext
from tui.screens.choices import Choice
from tui.screens.goals.answering import acknowledge, ask_answer, object_to
from tui.screens.goals.reading import Goals
from tui.screens.tab import Tab
from tui.screens.typed_values import read_value, written_value
from tui.theme import glyph
from tui.widgets.days import distance_words
from tui.widgets.detail import Key
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.analysis.goal_progress import Point
    from store.analysis.goal_tree import Branch
    from store.commands import Change
    from store.database import Store
    from store.goal_rows import GoalRow
    from store.rows import Card
    from tui.screens.choices import Picked

VISION = Key("long", "vision")
VISION_LINES = 3
SPARK = 8  # cells
TOP = "-"  # the choice that puts a goal beneath nothing


class GoalsTab(Tab):
    """Shows the tree of goals; each key works on the goals chosen, as one undo."""

    SCOPE = "goals"
    LABEL = N_("Goals")
    KINDS = ("goal", "item", "workspace", "status", "conflict")
    SHOWS = ("goal",)
    WRITES = "goal_add"
    NO_CARD = N_("There is no goal here: {goal_add} adds one")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._folded: set[str] = set()
        self._goals: Goals | None = None

    @staticmethod
    def count(store: Store) -> int:
        """Return how many are pursued."""
        return goal_count(store)

    @property
    def goals(self) -> Goals:
        """The goals as they were read last."""
        if self._goals is None:
            self._goals = Goals(self.store, self.directory)
        return self._goals

    # What is shown

    def read(self) -> Sequence[Row]:
        """Return the vision, and the goals as a tree."""
        self._goals = None
        rows = self._vision_rows()
        found = self.goals
        history = goal_history(self.store) if found.rows else {}
        tree = branches(found.parents, folded=self._folded)
        if not tree:
            lines = ("", _("No goal is set yet."), *self.teaching())
            return rows + [Row("", line, style=MUTED) for line in lines]
        rows.append(Row("", _("Goals"), facts=(Fact(str(len(found.rows))),)))
        rows += [self._row(branch, found, history.get(branch.id, ())) for branch in tree]
        return rows

    def _vision_rows(self) -> list[Row]:
        text = vision(self.store)
        width = max(self.list.size.width - 5, 20)
        lines = [part for line in clean_lines(text) for part in wrap(line, width) if part.strip()]
        if not lines:
            empty = _("Nobody has written it yet: {goal_open} does.").format_map(self.key_names)
            lines = [empty]
        style = "" if text.strip() else MUTED
        more = len(lines) > VISION_LINES
        shown = lines[:VISION_LINES]
        if more:
            shown[-1] = shown[-1][: max(len(shown[-1]) - 1, 0)] + "…"
        rows = [Row("", _("Vision")), Row(self.store.workspace, shown[0], mark="", style=style)]
        return rows + [Row("", f" {line}", style=style or "$foreground") for line in shown[1:]]

    def _row(self, branch: Branch, found: Goals, points: Sequence[Point]) -> Row:
        goal = found.rows[branch.id]
        mark, mark_style = STATE_MARKS.get(goal.state, ("·", MUTED))
        fold = " "
        if branch.has_parts:
            fold = glyph("folded") if branch.id in self._folded else glyph("lane")
        late = goal.open and "" < goal.due < self.store.today().isoformat() and not goal.progress.done
        day = distance_words(goal.due, self.store.today()) if goal.open and goal.due else ""
        answers = answers_words(goal, found.expected(goal.id) if goal.open else (), found.names)
        bar = bar_words(goal)
        facts = (
            Fact(bar, "$text-accent" if goal.progress.fraction is not None else MUTED),
            Fact(answers, "$text-error" if "objected" in goal.answers.values() else MUTED),
            Fact(figures_words(goal)),
            Fact(spark_words(points, SPARK), "$text-accent"),
            Fact(goal.period or day, "$text-error" if late else MUTED),
            Fact(self.directory.member(goal.owner) if goal.owner else ""),
        )
        sign = f"{glyph('divergence')}" if goal.divergences else glyph("private") if goal.private else mark
        style = "" if goal.open else MUTED
        return Row(
            goal.id,
            goal.title,
            goal.short,
            fold + sign,
            mark_style,
            facts,
            style,
            indent=2 * min(branch.depth, 8),
        )

    def teaching(self) -> Sequence[str]:
        """Say how a goal is set."""
        return (_("{goal_add} sets one in a line: what, 20 → 60 %, @who, ^when.").format_map(self.key_names),)

    def show(self) -> None:
        """Show the tree; the cursor begins on the first goal."""
        began = bool(self.list.rows)
        super().show()
        if not began and (
            first := next((row.key for row in self.list.rows[1:] if row.key in self.goals.rows), "")
        ):
            self.list.go_to(first)

    def refit(self) -> None:
        """Wrap the vision anew."""
        self.show()

    def seek(self, ent: str) -> bool:
        """Put the cursor on a goal, unfolding what hides it."""
        if not self.list.go_to(ent) and kind_of(self.store, ent) == "goal" and self._folded:
            self._folded.clear()
            self.show()
        return self.list.go_to(ent)

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing to the vision."""
        if self.list.key != self.store.workspace:
            return ()
        return (
            "goal_value", "goal_acknowledge", "goal_object", "goal_state", "goal_link", "goal_item", "goal_sub",
            "select", "comment",
        )  # fmt: skip

    def rename(self) -> bool:
        """Edit the vision where the cursor is on it."""
        if self.list.key != self.store.workspace:
            return False
        self._edit_vision()
        return True

    def trash(self) -> bool:
        """Say that the vision stays."""
        on_vision = self.list.key == self.store.workspace
        if on_vision:
            self.say(_("The vision is not deleted: {goal_open} writes it anew.").format_map(self.key_names))
        return on_vision

    def chosen(self) -> list[Card]:
        """Return the goals that a key is about."""
        return [card for card in self.targets() if card.kind == "goal"]

    def _one(self) -> GoalRow | None:
        """Return the goal under the cursor; says where there is none."""
        row = self.goals.rows.get(self.list.key)
        if row is None:
            self.say_no_card()
        return row

    # The tree

    def action_goal_open(self) -> None:
        """Write the vision, or go into the details of the goal."""
        if self.list.key == self.store.workspace:
            self._edit_vision()
        elif self.card is None:
            self.say_no_card()
        else:
            self.desk.action_open()

    def _edit_vision(self) -> None:
        card = self.card
        if card is None:
            return
        self.desk.read_details()

        def opened() -> None:
            self.desk.show_details()
            self.details.go_to(VISION)
            self.desk.edit(card, VISION)

        self.call_after_refresh(opened)

    async def action_goal_add(self) -> None:
        """Open the capture line for a goal."""
        self._write_beneath("")
        await self.desk.open_capture("goal")

    async def action_goal_sub(self) -> None:
        """Open the capture line for a goal beneath the one under the cursor."""
        row = self._one()
        if row is not None:
            self._write_beneath(row.id)
            await self.desk.open_capture("goal")

    def _write_beneath(self, goal: str) -> None:
        from tui.screens.goals.screen import GoalsScreen

        if isinstance(self.desk, GoalsScreen):
            self.desk.beneath = goal

    def action_goal_fold(self) -> None:
        """Fold or unfold what lies beneath; where nothing does, the goal above."""
        row = self._one()
        if row is None:
            return
        key = row.id if row.id in self.goals.parents.values() else row.parent
        if key in self.goals.rows:
            self._folded ^= {key}
            self.show()
            self.list.go_to(key)
            self.desk.follow_cursor()

    def action_goal_down(self) -> None:
        """Move below the next of its siblings."""
        self._move(1)

    def action_goal_up(self) -> None:
        """Move above the one before."""
        self._move(-1)

    def _move(self, by: int) -> None:
        row = self._one()
        if row is not None:
            self.change("move", [row.id], lambda change: goals.move(change, row.id, by))

    def action_goal_indent(self) -> None:
        """Put it beneath the sibling before it."""
        row = self._one()
        if row is None:
            return
        siblings = [
            goal for goal, parent in self.goals.parents.items() if parent == self.goals.parents[row.id]
        ]
        at = siblings.index(row.id)
        if at:
            self._put([row.id], siblings[at - 1])
        else:
            self.say(_("There is no goal before it to put it beneath."))

    def action_goal_outdent(self) -> None:
        """Put it beside what it lies beneath."""
        row = self._one()
        if row is None:
            return
        parent = self.goals.parents[row.id]
        if parent in self.goals.parents:
            self._put([row.id], self.goals.parents[parent] or None)
        else:
            self.say(_("It lies beneath no other goal."))

    def action_goal_under(self) -> None:
        """Choose what it is to lie beneath."""
        self.ask_parent(self.chosen())

    def ask_parent(self, cards: Sequence[Card]) -> None:
        """Choose what goals are to lie beneath, any but what lies beneath them."""
        if not cards:
            self.say_no_card()
            return
        parents = self.goals.parents
        below = {card.id for card in cards}.union(*(beneath(parents, card.id) for card in cards))
        choices = [choice for choice in self.directory.goal_choices() if choice.key not in below]
        choices.append(Choice(TOP, _("no goal: at the top")))

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self._put([card.id for card in cards], None if answer.chosen[0] == TOP else answer.chosen[0])

        self.ask(_("Beneath which goal?"), choices, picked, marked={parents.get(cards[0].id) or TOP})

    def _put(self, ids: Sequence[str], parent: str | None) -> None:
        def work(change: Change) -> None:
            for ent in ids:
                goals.put_under(change, ent, parent)

        self._folded.discard(parent or "")
        said = _("at the top") if parent is None else f"↳ {short_of(self.store, parent)}"
        if self.change("move", ids, work, said=said):
            self.list.go_to(ids[0])

    # What its keys say

    def action_goal_value(self) -> None:
        """Type what the number is now."""
        row = self._one()
        if row is None:
            return
        field = schema.KINDS["goal"].fields["current"]

        def answered(text: str) -> None:
            try:
                value = read_value(self.store, field, text.replace(",", "").replace("，", "").rstrip("%％ "))
            except ValueError as error:
                self.say(str(error), error=True)
                return
            said = number_words(float(value)) if isinstance(value, (int, float)) else _("nothing")
            self.change("set", [row.id], lambda change: change.set(row.id, {"current": value}), said=said)

        title = _("What is it now? {metric}").format(metric=row.metric or row.title)
        self.ask_line(title, answered, value=written_value(self.store, field, row.current))

    def action_goal_acknowledge(self) -> None:
        """Acknowledge the goals for one's own department."""
        acknowledge(self, self.chosen())

    def action_goal_object(self) -> None:
        """Object for one's own department, and say why."""
        object_to(self, self.chosen())

    def action_goal_answer(self) -> None:
        """Answer for any department, or take an answer back."""
        ask_answer(self, self.chosen())

    def action_goal_state(self) -> None:
        """Say whether the goals are pursued, reached, missed or dropped."""
        cards = self.chosen()
        if cards:
            self.desk.choose(cards, {"goal": "state"})
        else:
            self.say_no_card()

    def action_goal_link(self) -> None:
        """Let items found by typing serve the goal under the cursor."""
        row = self._one()
        if row is None:
            return
        serving = {card.id for card in goal_items(self.store, [row.id])}

        def choices(text: str) -> list[Choice]:
            cards = finding.find(self.store, "item", text, limit=finding.MOST + len(serving))
            return [self.card_choice(card) for card in cards if card.id not in serving]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                ids = list(answer.chosen)
                said = f"→ {row.short} {row.title}"
                self.change("link", ids, lambda change: goals.link(change, ids, row.id), said=said)

        self.ask(_("Which item serves {goal}?").format(goal=row.title), choices(""), picked, find=choices)

    def action_goal_item(self) -> None:
        """Go to an item that serves it, or anything beneath it."""
        row = self._one()
        if row is None:
            return
        items = goal_items(self.store, [row.id, *beneath(self.goals.parents, row.id)])
        if not items:
            self.say(
                _("Nothing serves it yet: {goal_link} links an item, {add} adds one.").format_map(
                    self.key_names
                )
            )
            return
        choices = [self.card_choice(card) for card in items]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.desk.boat.show_board(answer.chosen[0])

        title = ngettext("{count} item", "{count} items", len(items)).format(count=len(items))
        self.ask(title, choices, picked)
