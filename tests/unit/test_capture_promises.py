"""A promise captured in one line: who to whom, what, until when; what is not understood stays in the title."""

from __future__ import annotations

import pytest

from store.capture import parse
from tests.sample_vocabulary import TODAY, VOCABULARY

PROMISE = {
    "title": "周五前给文案",
    "from_department": "d-sc",
    "to_department": "d-yf",
    "owner": "m-ll",
    "due": "2026-11-27",
}


@pytest.mark.parametrize(
    "line",
    [
        "sc>yf 周五前给文案 @李雷 ^周五",
        "市场>研发 周五前给文案 @ll ^fri",
        "Marketing > rd 周五前给文案 ^周五 @李雷",
        "市场＞研发　周五前给文案　＠李雷　＾周五",
        "市场》研发：周五前给文案 @李雷 ……周五",
        "市场⇄研发 周五前给文案 @李雷 ^2026-11-27",
        "周五前给文案 sc>yf @李雷 ^周五",
    ],
)
def test_the_same_promise_typed_in_many_ways(line: str) -> None:
    captured = parse(line, VOCABULARY, TODAY, kind="commitment")
    assert (captured.kind, captured.fields) == ("commitment", PROMISE)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        # One side missing, or unknown: nothing is guessed, and nothing lost.
        ("sc> 文案", {"title": "sc> 文案"}),
        ("sc>nobody 文案 ^周五", {"title": "sc>nobody 文案", "due": "2026-11-27"}),
        (">yf 文案", {"title": ">yf 文案"}),
        ("文案 给 yf", {"title": "文案 给 yf"}),
        ("sc > yf > xs 文案", {"title": "> xs 文案", "from_department": "d-sc", "to_department": "d-yf"}),
        ("sc>yf", {"title": "sc>yf", "from_department": "d-sc", "to_department": "d-yf"}),
        ("sc>sc 自己", {"title": "自己", "from_department": "d-sc", "to_department": "d-sc"}),
        ("\\sc>yf 文案", {"title": "sc>yf 文案"}),
        # The one who promises, then the one it is promised to.
        ("文案 @李雷 @hm", {"title": "文案", "owner": "m-ll", "receiver": "m-hm"}),
        ("@me 给文案", {"title": "给文案", "owner": "m-ll"}),
        # Days that are over are kept as they were said; a second one stays where it stands.
        ("文案 ^2026-01-02", {"title": "文案", "due": "2026-01-02"}),
        ("文案 ^yesterday", {"title": "文案", "due": "2026-11-22"}),
        ("文案 ^周五 ^周一", {"title": "文案 ^周一", "due": "2026-11-27"}),
        ("文案 ^2026-02-30", {"title": "文案 ^2026-02-30"}),
        # Signs that mean nothing of a promise.
        ("文案 !2 *doing [bold]", {"title": "文案 !2 *doing [bold]"}),
    ],
)
def test_what_a_promise_says(line: str, fields: dict[str, object]) -> None:
    captured = parse(line, VOCABULARY, TODAY, kind="commitment", me="m-ll")
    assert captured.fields == fields
    for part in captured.understood:
        assert line[part.start : part.end].strip()
