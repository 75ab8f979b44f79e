"""Quick capture: one line typed while people talk → the fields of what it says. Never an error.

    yf>sc 发布日提前两周 !2 #资源 @李雷 ^周五
    bug: 结账页白屏 @Li Lei @hm #"two words" !1 ^tomorrow *doing g:付费

| written | item | conflict | feedback | commitment |
|---|---|---|---|---|
| `研发>市场`, `yf⇄sc⇄xs`, `yf<>sc` | (text) | parties: two or more departments | (text) | who promises > whom |
| `研发：…`, `yf: …` at the start | department | (text) | department that says it | (text) |
| `bug: …`, `风险：…` at the start | kind | (text) | (text) | (text) |
| `@李雷`, `@"Li Lei"`, `@me` | owner, then participants | decider | voters | owner, then receiver |
| `#label`, `#"two words"` | label | root cause if it is one and the first, else label | label | label |
| `!1` … `!4` | priority, `!0` too | severity | importance, `!0` … `!3` | (text) |
| `^周五`, `^"next fri"`, `……周五` | due | follow-up | (text) | due |
| `~every mon`, `～每周一` | how often it comes again, its day if `^` names none | (text) | (text) | (text) |
| `*doing` | status | (text) | (text) | (text) |
| `&华宇集团`, `&"Acme Corp"` | (text) | (text) | the customer who said it, then others who want it | (text) |
| `g:付费` | goal, by a name or the unmistakable start of one | the same | (text) | (text) |

A goal has an owner, a due day, labels and a department at its start, and its key result: see `goal_line`.

Feedback that names a customer is from a customer, else with a department at its start from a department: its source.

Two more kinds have forms of their own. A need or challenge: `yf 缺测试机 !2 #工具`, `挑战：sc 文案总是最后才定`,
with the department and the word at its start, a severity, and what it is about as its first label. A request for hours:
`yf>sc 24h 设计 12-01..12-12 @who`, from whom to whom, the skill as its one word or its first label.

Full-width forms count as their half-width ones; 》 is what an input method types for `>`, and …… for `^`. People,
departments, customers and statuses are those of the vocabulary, by name, code, alias or pinyin initials, the longest
that fits, so `@李雷看一下` is 李雷 and leaves 看一下. What is unknown, ambiguous or said twice stays in the title as it
was typed, and so do addresses, URLs, `C#`, `#123`, `2>1`, `a->b`, `!important`, `*bold*`, `^_^`, `R&D`, `3~5`, `~/x`,
and whatever stands in brackets. A backslash before something that would be understood keeps it in the title.

On the path of every command: no regular expressions, no pinyin, one pass over the line.
"""

from __future__ import annotations

from store.capture_forms import CONFLICT, GOAL, ITEM
from store.capture_reading import Reading, Understood
from store.schema import LIMITS, TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from store.vocabulary import Vocabulary

# Nobody types a line this long: what was pasted is kept whole, and the title's own limit is for the store to name.
_LONGEST = 2 * LIMITS[TEXT]
_SPACES = str.maketrans(dict.fromkeys("\t\r\n\u00a0\u2028\u2029\u3000", " "))


class Capture:
    """What a line says: a kind, its fields as `commands.create` takes them, and the parts that said so."""

    __slots__ = ("fields", "kind", "title", "understood")

    def __init__(self, kind: str, fields: dict[str, object], understood: list[Understood]) -> None:
        self.kind = kind
        self.title = str(fields["title"])
        self.fields = fields
        self.understood = understood

    def __repr__(self) -> str:
        return f"Capture({self.kind!r}, {self.fields!r}, {self.understood!r})"


def parse(line: str, vocabulary: Vocabulary, today: date, *, kind: str = "", me: str = "") -> Capture:
    """Return what the line says, whatever it is; without a `kind` it is a conflict if it names its parties.

    `me` is the id of the member who types, whom `@me` and `@我` mean.
    """
    text, origin = _tidy(line)
    if len(text) > _LONGEST:
        return Capture(kind or ITEM, {"title": text}, [])
    reading = Reading(text, vocabulary, today, kind, me)
    reading.read()
    if not kind and reading.kind == CONFLICT and "parties" not in reading.fields:
        reading = Reading(text, vocabulary, today, ITEM, me)
        reading.read()
    title: dict[str, object] = {"title": reading.title.strip(" ") or text}
    if reading.kind == GOAL:
        title = _with_figures(reading, str(title["title"]))
    for part in reading.understood:
        part.start, part.end = origin[part.start], origin[part.end - 1] + 1
    return Capture(reading.kind, {**title, **reading.fields}, reading.understood)


def _with_figures(reading: Reading, title: str) -> dict[str, object]:
    """Return what a goal's title says besides: what is measured, from which number to which."""
    from store.goal_line import read_figures, read_goal

    fields = read_goal(title)
    found = read_figures(reading.text) if "target" in fields else None
    if found is not None:
        written = reading.text[found.start : found.end]
        reading.understood.append(Understood(found.start, found.end, "target", fields["target"], written))
    return fields


def _tidy(line: str) -> tuple[str, Sequence[int]]:
    """Return the line with its whitespace tidied, and where each character of that stood."""
    spaced = line.translate(_SPACES)
    text = " ".join(word for word in spaced.split(" ") if word)
    if len(text) == len(line) or len(text) > _LONGEST:
        return text, range(len(text))
    origin: list[int] = []
    for position, character in enumerate(spaced):
        if character != " " or (origin and spaced[position - 1] != " "):
            origin.append(position)
    return text, origin
