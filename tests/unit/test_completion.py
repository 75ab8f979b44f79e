"""What is suggested while a query is typed begins with what stands there, and fits where it is put."""

from __future__ import annotations

import pytest

from store.completion import complete
from store.query import parse, resolve
from tests.sample_vocabulary import TODAY, VOCABULARY


def suggested(text: str, cursor: int | None = None, *, chinese: bool = False) -> list[str]:
    found = complete(text, len(text) if cursor is None else cursor, VOCABULARY, chinese=chinese)
    return [suggestion.text for suggestion in found.suggestions]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "status:"), ("sta", "status:"), ("de", "department:"), ("状", "状态:"), ("-ow", "owner:"),
        ("(la", "labels:"),
        ("status:", "Backlog"), ("status:d", "Doing"), ("状态：进", "进行中"), ("owner:", "@me"), ("owner:@m", "@me"),
        ("owner:lx", ""), ("owner:wf", "王芳"), ("dept:yf", "Engineering"), ("dept:研", "研发"), ("dept:BD", "BD"),
        ("label:tw", '"two words"'), ("label:Backend,tw", '"two words"'), ("is:ov", "overdue"), ("has:du", "due"),
        ("goal:留", "留存提升"), ("goal:付费", '"付费转化 +3pt"'), ("due<f", "fri"), ("due:下", "下周"),
        ("kind:b", "bug"),
        ("kind:ret", "retrospective"), ("state:kep", "kept"), ("priority:", "0"), ("customer:acme", '"Acme Corp"'),
        ("zzz:", ""), ('"status:', ""), ("http://x", ""), ('owner:"li', '"Li Lei"'),
    ],
)  # fmt: skip
def test_the_first_suggestion(text: str, first: str) -> None:
    found = suggested(text)
    assert (found[0] if found else "") == first


def test_the_language_says_which_of_two_names_comes_first() -> None:
    assert suggested("status:", chinese=True)[0] == "待办"
    assert suggested("", chinese=True)[0] == "状态:"
    assert suggested("is:", chinese=True)[0] == "阻塞"
    assert suggested("due:", chinese=True)[0] == "今天"


@pytest.mark.parametrize(
    ("text", "cursor", "taken"),
    [
        ("sta", 3, "status:"), ("status:do", 9, "status:Doing "),
        ("定价 status:do label:x", 12, "定价 status:Doing label:x"),
        ("label:Backend,tw", 16, 'label:Backend,"two words" '), ("-own", 4, "-owner:"),
    ],
)  # fmt: skip
def test_a_suggestion_takes_the_place_of_what_was_begun(text: str, cursor: int, taken: str) -> None:
    found = complete(text, cursor, VOCABULARY)
    written, at = found.taken(text, 0)
    assert written == taken
    assert written[:at].rstrip().endswith(found.suggestions[0].text)


def test_what_is_suggested_for_a_value_is_understood() -> None:
    for field in (
        "status",
        "owner",
        "dept",
        "goal",
        "label",
        "kind",
        "is",
        "due",
        "priority",
        "state",
        "customer",
    ):
        for text in suggested(f"{field}:"):
            resolve(parse(f"{field}:{text}"), VOCABULARY, TODAY, "m-hm")


@pytest.mark.parametrize("text", ["x" * 4_000, "status:\x00", "[bold]:", "\ud800", "status:[bold]"])
def test_nonsense_gets_no_suggestion_and_no_error(text: str) -> None:
    assert suggested(text) == []
