"""What a teammate finds to do: a planned scene, an answer to what you wrote, or the next believable edit.

Everything is chosen from the board as the teammate has it, so it fits whatever has been done to it meanwhile.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from store import queries
from store.change import Change
from store.database import open_store
from store.errors import StoreError
from sync.engine import Engine
from tui.demo import lines, people
from tui.demo.conflicts import LATER
from tui.demo.content import BACKLOG, DOING, DONE, REVIEW, conflict_fields, names_in, workday
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from store.changes import ChangeSet
    from store.queries import Card
    from tui.demo.lines import Scene

WINDOW = 60  # cards of a column that anybody looks at
REWORK = 0.25  # of what is reviewed goes back
TALKATIVE = 0.4  # of moves come with a word
ANSWERING = 0.5  # of edits are an answer while something of yours waits for one
MOST_DIVERGENCES = 3  # that lie open at once: more would be noise
MOST_REPEATS = 3  # of one sentence: people do not talk like machines for long
# Kinds that nobody works on: a point on the plan, and something that may never happen.
_NO_WORK = ("milestone", "risk")


class Teammate:
    """A simulated member: a database of their own, and the engine that syncs it."""

    def __init__(self, code: str, home: str) -> None:
        self.code = code
        self.department = next(person.department for person in people.PEOPLE if person.code == code)
        self.store = open_store(home)
        self._engine = Engine(self.store)

    def sync(self) -> ChangeSet:
        """Exchange edits with the folder and return what others did."""
        return self._engine.sync().changes

    def edit(self, work: Callable[[Change], object]) -> bool:
        """Make one change; False when what it was about is gone, since anybody may delete it meanwhile."""
        try:
            with Change(self.store, "set") as made:
                work(made)
        except StoreError as error:
            if error.code != "not-found":
                raise
            return False
        return True

    def day(self, days: int) -> str:
        """Return the day so many working days from today, as fields hold it."""
        return workday(self.store.today(), days).isoformat()

    def close(self) -> None:
        """Close the database."""
        self.store.close()


class Office:
    """The teammates at work; `chance` decides, the same way every time for the same seed."""

    def __init__(self, team: dict[str, Teammate], chance: Random) -> None:
        self.chance = chance
        self._team = team
        first = next(iter(team.values())).store
        self._names = names_in(first)
        self._begun = first.now()
        self._turns_up = {code: [new for new in lines.TURNS_UP if new.who == code] for code in team}
        self._later = {conflict.key: conflict for conflict in LATER}
        self._said = Counter[str]()
        self._unanswered: list[str] = []
        self._heard: set[str] = set()

    def play(self, scene: Scene) -> None:
        """Play a planned scene, unless what it is about has left the board."""
        actor = self._team[scene.who]
        self._receive(actor)
        card = self._card(actor, ident(scene.on))
        if scene.does == lines.LOG:
            self._log(actor, scene.on)
        elif card is not None:
            if scene.does == lines.BOTH:
                self._disagree(card, lines.DISPUTED_DUE)
            elif scene.does == lines.MOVE:
                actor.edit(lambda made: made.move(card.id, self._names.statuses[str(scene.value)]))
            elif scene.does == lines.DUE:
                actor.edit(lambda made: made.set(card.id, {"due": actor.day(int(scene.value))}))
            elif scene.does == lines.SAY:
                actor.edit(lambda made: made.comment(card.id, str(scene.value)))
            elif scene.does == lines.TICK:
                self._tick(actor, card)
        if self._unanswered:
            self._answer(actor)
        actor.sync()

    def improvise(self) -> None:
        """Do the next thing that comes to hand."""
        actor = self.chance.choice(list(self._team.values()))
        self._receive(actor)
        acts: list[Callable[[Teammate], bool]] = [
            *[self._work_on] * 6, *[self._tick_one] * 4, self._ask,
            self._put_off, self._turn_up, self._log_next, self._disagree_on_one,
        ]  # fmt: skip
        self.chance.shuffle(acts)
        if self._unanswered and self.chance.random() < ANSWERING:
            acts.insert(0, self._answer)
        any(act(actor) for act in (*acts, self._reopen))
        actor.sync()

    # Listening to you

    def _receive(self, actor: Teammate) -> None:
        """Read what others did; what you began while the demo is open deserves an answer."""
        you = self._names.members[people.YOU]
        for ent in sorted(actor.sync().ids("item", "conflict") - self._heard):
            self._heard.add(ent)
            found = queries.detail(actor.store, ent)
            if found is not None and found.created_by == you and found.created_at >= self._begun:
                self._unanswered.append(ent)

    def _answer(self, actor: Teammate) -> bool:
        card = self._card(actor, self._unanswered.pop(0))
        return card is not None and self._say(actor, card, "dispute" if card.kind == "conflict" else "answer")

    # Things to do; each returns whether there was something to do

    def _work_on(self, actor: Teammate) -> bool:
        """Take up, hand in or finish something of one's own department, or send it back."""
        choices: list[tuple[Card, str, str]] = []
        if reviewed := self._own(actor, REVIEW):
            back = self.chance.random() < REWORK
            choices.append((self.chance.choice(reviewed), *((DOING, "back") if back else (DONE, DONE))))
        if begun := [card for card in self._own(actor, DOING) if not card.blocked]:
            choices.append((self.chance.choice(begun), REVIEW, REVIEW))
        if self._has_room(actor) and (waiting := self._own(actor, BACKLOG)):
            choices.append((waiting[0], DOING, DOING))
        if not choices:
            return False
        card, status, occasion = self.chance.choice(choices)
        moved = actor.edit(lambda made: made.move(card.id, self._names.statuses[status]))
        if moved and self.chance.random() < TALKATIVE:
            self._say(actor, card, occasion)
        return moved

    def _reopen(self, actor: Teammate) -> bool:
        """Take something back that was thought to be done: what is left when nothing else is."""
        finished = self._own(actor, DONE)
        if not finished or not self._has_room(actor):
            return False
        card = self.chance.choice(finished)
        return actor.edit(lambda made: made.move(card.id, self._names.statuses[DOING]))

    def _tick_one(self, actor: Teammate) -> bool:
        listed = [card for card in self._own(actor, DOING) if card.checks > card.checks_done]
        return bool(listed) and self._tick(actor, self.chance.choice(listed))

    def _tick(self, actor: Teammate, card: Card) -> bool:
        undone = [check.id for check in queries.checks(actor.store, card.id) if not check.done]
        return bool(undone) and actor.edit(lambda made: made.set(undone[0], {"done": True}))

    def _ask(self, actor: Teammate) -> bool:
        """Ask about something that another department is working on."""
        mine = self._names.departments[actor.department]
        others = [card for card in self._column(actor, DOING) if card.department != mine]
        return bool(others) and self._say(actor, self.chance.choice(others), "ask")

    def _put_off(self, actor: Teammate) -> bool:
        today = actor.store.today().isoformat()
        late = [card for card in self._own(actor, DOING) if card.due and card.due <= today]
        if not late:
            return False
        card = self.chance.choice(late)
        due = actor.day(self.chance.randint(1, 4))
        return actor.edit(lambda made: made.set(card.id, {"due": due})) and self._say(actor, card, "due")

    def _turn_up(self, actor: Teammate) -> bool:
        """Write down something that nobody had thought of."""
        if not self._turns_up[actor.code]:
            return False
        new = self._turns_up[actor.code].pop(0)
        fields: dict[str, object] = {
            "title": new.title, "kind": new.kind, "priority": new.priority, "due": actor.day(new.due),
            "labels": new.labels.split(","), "owner": self._names.members[actor.code],
            "department": self._names.departments[actor.department],
        }  # fmt: skip
        return actor.edit(lambda made: made.create("item", fields))

    def _log_next(self, actor: Teammate) -> bool:
        return any(self._log(actor, key) for key, row in list(self._later.items()) if row.by == actor.code)

    def _log(self, actor: Teammate, key: str) -> bool:
        row = self._later.pop(key, None)
        if row is None:
            return False
        fields = conflict_fields(row, self._names, actor.store.today(), sides=row.positions)
        return actor.edit(lambda made: made.create("conflict", fields, ent=ident(key)))

    def _disagree_on_one(self, actor: Teammate) -> bool:
        """Give something in progress two due days at once, unless enough divergences wait for somebody already."""
        cards = [card for card in self._column(actor, DOING) if not card.divergences]
        if not cards or queries.divergence_count(actor.store) >= MOST_DIVERGENCES:
            return False
        days = self.chance.sample(range(1, 10), len(self._team))
        return self._disagree(self.chance.choice(cards), dict(zip(self._team, days, strict=True)))

    def _disagree(self, card: Card, days: dict[str, int]) -> bool:
        """Let both set the due day before either has heard of the other's."""
        for teammate in self._team.values():
            teammate.sync()
        for code, teammate in self._team.items():
            teammate.edit(partial(_put, card.id, teammate.day(days[code])))
        for teammate in self._team.values():
            teammate.sync()
        return True

    # Looking at the board

    def _card(self, actor: Teammate, ent: str) -> Card | None:
        """Return a card that stands on the actor's board."""
        return queries.card(actor.store, ent) if queries.position(actor.store, ent) else None

    def _column(self, actor: Teammate, status: str) -> list[Card]:
        cards = queries.cards(actor.store, self._names.statuses[status], limit=WINDOW)
        return [card for card in cards if card.type not in _NO_WORK]

    def _own(self, actor: Teammate, status: str) -> list[Card]:
        """Return what a status holds for the actor's department."""
        mine = self._names.departments[actor.department]
        return [card for card in self._column(actor, status) if card.department == mine]

    def _has_room(self, actor: Teammate) -> bool:
        doing = next(row for row in queries.columns(actor.store) if row.id == self._names.statuses[DOING])
        return doing.wip is None or doing.count < doing.wip

    def _say(self, actor: Teammate, card: Card, occasion: str) -> bool:
        """Say something fitting that has not been said there yet, and not too often elsewhere."""
        here = {comment.text for comment in queries.comments(actor.store, card.id)}
        fresh = [
            text
            for text in lines.LINES[actor.code][occasion]
            if text not in here and self._said[text] < MOST_REPEATS
        ]
        if not fresh:
            return False
        text = min(fresh, key=lambda text: self._said[text])
        self._said[text] += 1
        return actor.edit(lambda made: made.comment(card.id, text))


def _put(ent: str, due: str, made: Change) -> None:
    made.set(ent, {"due": due})
