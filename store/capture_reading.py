"""One pass over a captured line that takes out what it understands; `capture` says what each form means.

On the path of every command: no regular expressions, and a look from one place never reads the whole line.
"""

from __future__ import annotations

from store.capture_forms import CONFLICT, FEEDBACK, FORMS, ITEM, NEED, REQUEST, SETS, TWO_ENDS
from store.choices import ITEM_KINDS, NEED_SORTS
from store.dates import day_at, parse_day
from store.names import Names, fold, given_names, is_spaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from store.vocabulary import Term, Vocabulary

_LONGEST_VALUE = 100  # of a label and of anything in quotes
_LONGEST_HEADING = 60
# Whether a part may start here: no; right after Chinese text; as a word of its own.
_NOT, _GLUED, _FREE = range(3)
_ARROWS = ("<>", ">", "⇄", "↔")
_ME_WORDS = ("me", "我")
_ABOUT = ("月底", "工作日")  # after a ~ these say about when, not how often
_SEPARATORS = ",;:、，；："
_STOPS = ".!?。！？"
_CLOSED = "》”"  # folded to what also opens: > and "
_OPENING = "「『【〔〈〖‘"
_LABEL_ENDS = frozenset(" @#!^*,;:?)\\\"'<>。、…—」』】〕〉〗’·")
_LABEL_BREAKS = frozenset("([{}]=|~`$%「『【〔〈〖‘")
_AFTER_ADDRESS = frozenset(" \u3000，。；、！？）】》”")
_SYMBOLS = "\u2190"  # from here on signs and pictures make a label, below they are punctuation
_ORIGINS = ("customer", "department")  # what feedback may be from, the first that it names


class Understood:
    """A part of the line that became a field: where it stands, what it sets, and how to show that."""

    __slots__ = ("end", "field", "label", "start", "value")

    def __init__(self, start: int, end: int, field: str, value: object, label: str) -> None:
        self.start = start
        self.end = end
        self.field = field
        self.value = value
        self.label = label

    def __repr__(self) -> str:
        return f"Understood({self.start}, {self.end}, {self.field!r}, {self.value!r}, {self.label!r})"


class Reading:
    """One pass over a tidy line, as one kind; without a kind, as the item or conflict it might be."""

    def __init__(self, text: str, vocabulary: Vocabulary, today: date, kind: str, me: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.vocabulary = vocabulary
        self.today = today
        self._has_arrow = any(arrow in self.folded for arrow in _ARROWS)
        self.kind = kind or (CONFLICT if self._has_arrow else ITEM)
        self.form = FORMS[self.kind]
        self.me = me
        self.title = ""
        self.fields: dict[str, object] = {}
        self.understood: list[Understood] = []
        self._names: dict[str, Names] = {}
        self._heading_at = 0  # where `研发：` or `bug:` may still stand
        self._bound = 0  # the end of what was last understood, where the next may start
        self._lone_until = 0  # the end of a chain that named only one department, as its every part does
        self._last: tuple[str, int] | None = None  # the second day of a span, and where it ends
        self._is_cut = False  # whether something was taken out at the title's end

    def read(self) -> None:
        """Take every part that is understood out of the line; what remains is the title."""
        at = kept = 0
        while at < len(self.text):
            is_escaped = self.folded[at] == "\\"
            part = self._part(at + is_escaped, at)
            if part is None:
                at = self._address_end(at) if self.folded.startswith("://", at) else at + 1
                continue
            self._keep(self.text[kept:at])
            if is_escaped:
                kept = at + 1
            else:
                self._take(part)
                kept = part.end
            at = part.end
        self._keep(self.text[kept:])
        if "recurrence" in self.fields and self.form.day not in self.fields:
            from store.analysis.rules import first_day

            first = first_day(str(self.fields["recurrence"]), self.today)
            if first is not None:
                self.fields[self.form.day] = first.isoformat()
        if self.kind == REQUEST:
            self._name_skill()
        if self.kind == FEEDBACK and not self.fields.keys().isdisjoint(_ORIGINS):
            self.fields["origin"] = next(name for name in _ORIGINS if name in self.fields)

    def _name_skill(self) -> None:
        """Let a request that says one word say its skill by it, and one that says a skill alone be called so."""
        words = self.title.split(" ")
        said = [word for word in words if word]
        if len(said) == 1 and "skill" not in self.fields:
            self.fields["skill"] = said[0][:_LONGEST_VALUE]
        elif not said and "skill" in self.fields:
            self.title = str(self.fields["skill"])

    def _keep(self, piece: str) -> None:
        """Add to the title, closing the gap that a part taken out has left."""
        if self._is_cut and self.title[-1:] in ("", " "):
            piece = piece.removeprefix(" ")
        if self._is_cut and piece:
            is_stop = piece[0] in _STOPS and piece[1:2] in ("", " ")
            if is_stop or piece[0] in _SEPARATORS:
                self.title = self.title.rstrip(" ")
                piece = piece if self.title else piece.lstrip(_SEPARATORS + " ")
            self._is_cut = False
        self.title += piece

    def _take(self, part: Understood) -> None:
        self.understood.append(part)
        self._bound = part.end
        self._is_cut = True
        if part.start == self._heading_at and part.field in ("kind", "department", "sort"):
            self._heading_at = part.end + self.folded.startswith(" ", part.end)
        if part.field in SETS:
            values = self.fields.setdefault(part.field, [])
            if isinstance(values, list) and part.value not in values:
                values.append(part.value)
        else:
            self.fields[part.field] = part.value

    def _part(self, at: int, before: int) -> Understood | None:
        """Return what is understood here; `before` is where it would start if it had no backslash."""
        here = self.folded[at : at + 1]
        if self.kind in TWO_ENDS and before == at and (part := self._receiver(at)):
            return part
        if self.form.span and (part := self._span(at, before)):
            return part
        if before == self._heading_at and (part := self._heading(at)):
            return part
        read = _SIGILS.get(here)
        if read:
            return read(self, at, self._freedom(before, here))
        if self._freedom(before, "") != _FREE:
            return self._escaped_arrow(at) if before != at else None
        if here == "g" and self.folded.startswith(":", at + 1):
            return self._goal(at)
        if here == "…":
            return self._day_after_ellipsis(at, before)
        return self._parties(at, is_escaped=before != at)

    def _freedom(self, at: int, sigil: str) -> int:
        """Tell how free-standing a part that starts here is, from the character before it."""
        if at in (0, self._bound):
            return _FREE
        last = self.folded[at - 1]
        if last in "!?":
            return _NOT if sigil == "!" else _FREE
        if last == ":":
            return _FREE if at > 1 and _is_chinese(self.folded[at - 2]) else _NOT
        if last.isascii():
            return _FREE if last in " ,;)" or self.text[at - 1] in _CLOSED else _NOT
        if _is_chinese(last):
            return _GLUED
        return _FREE if last.isprintable() and last not in _OPENING and not is_spaced(last) else _NOT

    def _heading(self, at: int) -> Understood | None:
        """Read `bug:` or `研发：`, at the start of an item only: elsewhere a colon is a colon."""
        if self.kind == NEED and (part := self._need_heading(at)):
            return part
        colon = self.folded.find(":", at, at + _LONGEST_HEADING)
        if not self.form.heading or colon <= at or self.folded.startswith("://", colon):
            return None
        word = self.folded[at:colon]
        kind = ITEM_KINDS.get(word) if self.kind == ITEM else None
        if kind and "kind" not in self.fields:
            return Understood(at, colon + 1, "kind", kind, kind)
        named = self._departments().get(word)
        if named and "department" not in self.fields:
            return Understood(at, colon + 1, "department", named.id, named.title)
        return None

    def _need_heading(self, at: int) -> Understood | None:
        """Read `yf 缺测试机`, `挑战：…`: whose it is and which it is, without a colon where a space follows."""
        end = at
        while end < len(self.folded) and end - at < _LONGEST_HEADING and self.folded[end] not in " :":
            end += 1
        sort = NEED_SORTS.get(self.folded[at:end])
        if sort and "sort" not in self.fields and self.folded.startswith(":", end):
            return Understood(at, end + 1, "sort", sort, sort)
        found = None if "department" in self.fields else self._departments().at(self.folded, at)
        if found is None or not self.folded.startswith(" ", found[1]):
            return None
        return Understood(at, found[1], "department", found[0].id, found[0].title)

    def _span(self, at: int, before: int) -> Understood | None:
        """Read `24h`, and `12-01..12-12` as two parts, the first day and right behind it the last."""
        held = self._last if "last" not in self.fields else None
        if held is not None and before == at == self._bound:
            day, end = held
            return Understood(at, end, "last", day, day)
        if self._freedom(before, "") == _NOT:
            return None
        from store.capture_spans import hours_at, span_at

        hours = hours_at(self.folded, at) if "hours" not in self.fields else None
        if hours is not None:
            return Understood(at, hours[1], "hours", hours[0], f"{hours[0]:g} h")
        start = at + self.folded.startswith("^", at)
        span = None if {"first", "last"} & self.fields.keys() else span_at(self.folded, start, self.today)
        if span is None:
            return None
        first, middle, last, end = span
        self._last = (last.isoformat(), end)
        return Understood(at, middle, "first", first.isoformat(), first.isoformat())

    def _parties(self, at: int, *, is_escaped: bool) -> Understood | None:
        """Read `研发>市场`: two or more departments, in a conflict; in an item only to honour a backslash."""
        if not self._has_arrow or "parties" in self.fields or not (is_escaped or self.form.sides):
            return None
        if self.kind in TWO_ENDS:
            return self._giver(at)
        if at < self._lone_until:
            return None
        parties: dict[str, str] = {}
        end = start = at
        while found := self._departments().at(self.folded, start):
            party, end = found
            parties.setdefault(party.id, party.title)
            start = self._after_arrow(end)
            if start == end:
                break
        if len(parties) < 2:
            self._lone_until = end
            return None
        return Understood(at, end, "parties", list(parties), " ⇄ ".join(parties.values()))

    def _giver(self, at: int) -> Understood | None:
        """Read the first department of `市场>研发`, who promises; `_receiver` reads the other."""
        found = self._departments().at(self.folded, at) if "from_department" not in self.fields else None
        if found is None or (target := self._after_arrow(found[1])) == found[1]:
            return None
        if self._departments().at(self.folded, target) is None:
            return None
        return Understood(at, found[1], "from_department", found[0].id, found[0].title)

    def _receiver(self, at: int) -> Understood | None:
        """Read `>研发` right behind the department that promises."""
        if at != self._bound or "from_department" not in self.fields or "to_department" in self.fields:
            return None
        found = self._departments().at(self.folded, self._after_arrow(at))
        return Understood(at, found[1], "to_department", found[0].id, found[0].title) if found else None

    def _after_arrow(self, at: int) -> int:
        """Return where what an arrow points to starts, or `at` if there is no arrow."""
        arrow = at + self.folded.startswith(" ", at)
        for sign in _ARROWS:
            if self.folded.startswith(sign, arrow):
                end = arrow + len(sign)
                return end + self.folded.startswith(" ", end)
        return at

    def _escaped_arrow(self, at: int) -> Understood | None:
        """Find `>` between two departments, which a backslash before it keeps from being parties."""
        departments = self._departments() if self._has_arrow else None
        target = self._after_arrow(at)
        if departments is None or target == at or not departments.ends_at(self.folded, at - 1):
            return None
        found = departments.at(self.folded, target)
        return Understood(at, found[1], "parties", [], "") if found else None

    def _person(self, at: int, freedom: int) -> Understood | None:
        found = self._member_at(at + 1) if freedom else None
        if found is None:
            return None
        ident, title, end = found
        first, others = self.form.person, self.form.others
        field = first if first in SETS or self.fields.get(first, ident) == ident else others
        return Understood(at, end, field, ident, title) if field else None

    def _member_at(self, at: int) -> tuple[str, str, int] | None:
        members = self._known("members", self.vocabulary.members)
        if found := self._term(at, members):
            term, end = found
            return term.id, term.title, end
        for word in _ME_WORDS if self.me else ():
            end = at + len(word)
            if self.folded.startswith(word, at) and not self.folded[end : end + 1].isalnum():
                titles = (member.title for member in self.vocabulary.members if member.id == self.me)
                return self.me, next(titles, word), end
        return None

    def _label(self, at: int, freedom: int) -> Understood | None:
        quoted = self._quoted(at + 1)
        label, end = quoted or self._label_word(at + 1)
        if not freedom or not label or len(label) > _LONGEST_VALUE:
            return None
        word = fold(label)
        cause = self.form.causes.get(word)
        if cause and self.form.cause and self.form.cause not in self.fields:
            return Understood(at, end, self.form.cause, cause, cause)
        sort = NEED_SORTS.get(word) if self.kind == NEED and "sort" not in self.fields else None
        if sort:
            return Understood(at, end, "sort", sort, sort)
        if self.form.tag and self.form.tag not in self.fields:
            return Understood(at, end, self.form.tag, label, label)
        known = (name for name in self.vocabulary.labels if len(name) == len(word) and fold(name) == word)
        label = next(known, label)
        return Understood(at, end, "labels", label, label)

    def _label_word(self, at: int) -> tuple[str, int]:
        """Return the word that stands here if it can be a label: `#123` and `#include(…)` are something else."""
        end = at
        while end < len(self.folded) and self.folded[end] not in _LABEL_ENDS:
            if self.folded[end] in _LABEL_BREAKS or not self.folded[end].isprintable():
                return "", at
            end += 1
        word = self.text[at:end].rstrip(".-/&．－／＆")
        if not any(character.isalpha() or character >= _SYMBOLS for character in word):
            return "", at
        return word, at + len(word)

    def _level(self, at: int, freedom: int) -> Understood | None:
        field, levels = self.form.level, self.form.levels
        digit = at + 1 + (self.kind == ITEM and self.folded.startswith("p", at + 1))
        level, following, after = self.folded[digit : digit + 1], *self.folded[digit + 1 : digit + 3].ljust(2)
        if not freedom or not level or level not in levels:
            return None
        # 太多了!3个 counts, and so do !2.5 and !3%; a level that stands free may have text right after it.
        is_number = following in "%=" or (following in ".,-/:" and after.isdecimal())
        if (
            is_number
            or is_spaced(following)
            or (following.isalnum() and freedom != _FREE)
            or field in self.fields
        ):
            return None
        label = f"P{level}" if self.kind == ITEM else level
        return Understood(at, digit + 1, field, int(level), label)

    def _day(self, at: int, freedom: int) -> Understood | None:
        return self._day_at(at, at + 1) if freedom else None

    def _day_at(self, at: int, start: int) -> Understood | None:
        field = self.form.day
        if not field or field in self.fields:
            return None
        quoted = self._quoted(start)
        if quoted:
            day, end = parse_day(quoted[0], self.today), quoted[1]
        else:
            day, end = day_at(self.folded, start, self.today) or (None, start)
        return Understood(at, end, field, day.isoformat(), day.isoformat()) if day else None

    def _day_after_ellipsis(self, at: int, before: int) -> Understood | None:
        """Read ……周五, which an input method types for ^周五, where it cannot be a pause in a sentence."""
        is_free = before in (0, self._bound) or self.folded[before - 1] == " "
        part = self._day_at(at, at + 2) if is_free and self.folded.startswith("……", at) else None
        return part if part and self.folded[part.end : part.end + 1] in ("", *" @#!*") else None

    def _rule(self, at: int, freedom: int) -> Understood | None:
        """Read `~every mon`, a word of its own: 好的~ is a tone, 3~5 a range, and ~月底 about the month's end."""
        if freedom != _FREE or not self.form.rule or "recurrence" in self.fields:
            return None
        if self.folded.startswith(_ABOUT, at + 1):
            return None
        from store.analysis.rule_reader import parse_rule, rule_at

        quoted = self._quoted(at + 1)
        if quoted:
            rule, end = parse_rule(quoted[0], self.today), quoted[1]
        else:
            rule, end = rule_at(self.folded, at + 1, self.today) or (None, at)
        return Understood(at, end, "recurrence", rule, self.text[at + 1 : end]) if rule else None

    def _status(self, at: int, freedom: int) -> Understood | None:
        if not freedom or not self.form.status or "status" in self.fields:
            return None
        found = self._term(at + 1, self._known("statuses", self.vocabulary.statuses))
        if found is None or self.folded.startswith("*", found[1]):  # *done* is emphasis
            return None
        return Understood(at, found[1], "status", found[0].id, found[0].title)

    def _customer(self, at: int, freedom: int) -> Understood | None:
        if not freedom or not self.form.customer:
            return None
        found = self._term(at + 1, self._known("customers", self.vocabulary.customers))
        if found is None:
            return None
        term, end = found
        field = "customer" if self.fields.get("customer", term.id) == term.id else "customers"
        return Understood(at, end, field, term.id, term.title)

    def _goal(self, at: int) -> Understood | None:
        if not self.form.goal or "goal" in self.fields:
            return None
        found = self._term(at + 2, self._known("goals", self.vocabulary.goals)) or self._goal_beginning(
            at + 2
        )
        return Understood(at, found[1], "goal", found[0].id, found[0].title) if found else None

    def _goal_beginning(self, at: int) -> tuple[Term, int] | None:
        """Return the one goal whose name begins with the word that stands here: goals have long names."""
        quoted = self._quoted(at)
        end = quoted[1] if quoted else at
        while not quoted and end < len(self.folded) and self.folded[end] not in _LABEL_ENDS:
            end += 1
        word = fold(quoted[0]) if quoted else self.folded[at:end]
        goals = [
            goal
            for goal in self.vocabulary.goals
            if any(fold(name).startswith(word) for name in given_names(goal))
        ]
        return (goals[0], end) if word and len(goals) == 1 else None

    def _term(self, at: int, names: Names) -> tuple[Term, int] | None:
        quoted = self._quoted(at)
        if quoted is None:
            return names.at(self.folded, at)
        term = names.get(quoted[0])
        return (term, quoted[1]) if term else None

    def _quoted(self, at: int) -> tuple[str, int] | None:
        """Return what stands in quotes here, and where they end."""
        if not self.folded.startswith('"', at):
            return None
        close = self.folded.find('"', at + 1, at + _LONGEST_VALUE + 2)
        value = self.text[at + 1 : close].strip()
        return (value, close + 1) if close > at and value else None

    def _departments(self) -> Names:
        return self._known("departments", self.vocabulary.departments)

    def _known(self, what: str, terms: list[Term]) -> Names:
        names = self._names.get(what)
        if names is None:
            names = self._names[what] = Names(terms, departments=what == "departments")
        return names

    def _address_end(self, at: int) -> int:
        """Return the end of the URL whose `://` is here: nothing in it is a sigil."""
        while at < len(self.text) and self.text[at] not in _AFTER_ADDRESS:
            at += 1
        return at


def _is_chinese(character: str) -> bool:
    return character.isalnum() and not is_spaced(character)


_SIGILS: dict[str, Callable[[Reading, int, int], Understood | None]] = {
    "@": Reading._person, "#": Reading._label, "!": Reading._level, "^": Reading._day, "*": Reading._status,
    "&": Reading._customer, "~": Reading._rule,
}  # fmt: skip
