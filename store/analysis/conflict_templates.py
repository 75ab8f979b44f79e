"""What usually helps two departments that disagree: a checklist by the pair, recognised by what they are called.

The words are message ids: who writes them into a conflict says them in the language of the moment.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from store.schema import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RD, MARKETING, SALES = "rd", "marketing", "sales"
# A department is of the first sort that one of its names speaks of. Latin words count whole, Chinese ones anywhere.
_WORDS: dict[str, tuple[str, ...]] = {
    RD: (
        "r&d", "rd", "rnd", "dev", "development", "engineering", "engineers", "research", "tech", "technology",
        "yf", "yfb", "js", "研发", "开发", "工程", "技术",
    ),
    MARKETING: ("marketing", "mkt", "mktg", "brand", "growth", "sc", "scb", "市场", "营销", "品牌", "推广"),
    SALES: ("sales", "bd", "selling", "business development", "xs", "xsb", "销售", "商务", "渠道"),
}  # fmt: skip
_UNSPACED = "\u2e80"  # from here on come scripts without spaces between words


class Template(NamedTuple):
    """A checklist: its name and its lines."""

    name: str
    lines: tuple[str, ...]


TEMPLATES: dict[tuple[str, str], Template] = {
    (MARKETING, RD): Template(
        N_("R&D and marketing"),
        (
            N_("Call a meeting of both departments, with those who can decide"),
            N_("Name the root cause together, in one sentence that both would sign"),
            N_("Write down one shared goal that both accept"),
        ),
    ),
    (MARKETING, SALES): Template(
        N_("Marketing and sales"),
        (
            N_("Hold a joint meeting: what customers say, with examples"),
            N_("Make one joint plan: who does what by when"),
            N_("Agree on a feedback mechanism: how what customers say comes back, and how often"),
        ),
    ),
    (RD, SALES): Template(
        N_("Sales and R&D"),
        (
            N_("Set up a standing joint team, one name from each side"),
            N_("Agree on its cadence: when it meets, and for how long"),
            N_("Ask the joint team before a date is promised to a customer"),
        ),
    ),
}
GENERIC = Template(
    N_("Two departments"),
    (
        N_("Let each side say its position and why, without being interrupted"),
        N_("Name the root cause together"),
        N_("Find one goal that both sides accept"),
        N_("Write down at least two options before choosing"),
        N_("Say who decides, and by when"),
        N_("Set a follow-up day on which each side says how it is"),
    ),
)


def sort_of(names: Iterable[str]) -> str:
    """Return what a department is (rd, marketing, sales) by its code, titles and aliases; '' for another one."""
    folded = [" ".join(name.casefold().split()) for name in names if name]
    for sort, words in _WORDS.items():
        for name in folded:
            spaced = f" {name.replace('-', ' ').replace('_', ' ').replace('/', ' ')} "
            if any(word in name if word >= _UNSPACED else f" {word} " in spaced for word in words):
                return sort
    return ""


def templates_for(sorts: Sequence[str]) -> list[Template]:
    """Return the checklists for the sorts of a conflict's sides: one a known pair, else the one for any pair."""
    pairs = (tuple(sorted(pair)) for pair in combinations(dict.fromkeys(sorts), 2))
    found = [TEMPLATES[first, second] for first, second in pairs if (first, second) in TEMPLATES]
    return found or [GENERIC]
