"""A meeting in one line, what comes of it in one line, and the clock of a point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.database import Store
from store.meeting_line import MeetingLine, meeting_line, read_meeting_line
from store.outcome_line import read_outcome
from store.point_clock import Clock as Running
from store.point_clock import clock as running
from store.point_clock import minutes_on, start_clock
from tests.conftest import Clock
from tests.sample_vocabulary import TODAY, VOCABULARY


def read(line: str) -> MeetingLine:
    return read_meeting_line(line, VOCABULARY, TODAY, me="m-ll")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("yf⇄sc 周会 @李雷 @hm", MeetingLine("周会", ("d-yf", "d-sc"), ("m-ll", "m-hm"))),
        ("研发＞市场 周会 ＠李雷", MeetingLine("周会", ("d-yf", "d-sc"), ("m-ll",))),
        ("周会 yf>sc>xs", MeetingLine("周会", ("d-yf", "d-sc", "d-xs"))),
        ("研发：站会", MeetingLine("站会", ("d-yf",))),
        ("站会 @me @李雷", MeetingLine("站会", (), ("m-ll",))),
        ("周会 @nobody !2 #资源 ^周五 [bold]", MeetingLine("周会 @nobody !2 #资源 ^周五 [bold]")),
        ("yf>sc", MeetingLine("", ("d-yf", "d-sc"))),
        ("", MeetingLine("")),
        ("  \t ", MeetingLine("")),
    ],
)
def test_what_a_line_says_of_a_meeting(line: str, said: MeetingLine) -> None:
    assert read(line) == said


@pytest.mark.parametrize(
    ("line", "names"),
    [("yf>sc 周会 @hm", ["研发", "市场"]), ("研发：站会", ["研发"]), ("周会 @li lei", [])],
)
def test_the_line_of_the_next_time_says_the_same(line: str, names: list[str]) -> None:
    said = read(line)
    titles = {term.id: term.title for term in VOCABULARY.members}
    again = meeting_line(said.title, names, [titles[member] for member in said.attendees])
    assert read(again) == said


@given(st.text(max_size=60))
def test_any_text_is_a_meeting(text: str) -> None:
    said = read(text)
    assert len(said.departments) == len(set(said.departments))
    if not said.departments and not said.attendees:
        assert said.title == " ".join(text.split()).strip(" ：:，,")


@pytest.mark.parametrize(
    ("line", "kind", "fields"),
    [
        ("问法务 @李雷 ^周五 !1", "item", {"title": "问法务", "owner": "m-ll", "due": "2026-11-27", "priority": 1}),
        ("bug: 白屏", "item", {"title": "白屏", "kind": "bug"}),
        ("12 月发布 @李雷 ^周五", "decision", {"title": "12 月发布", "decider": "m-ll", "follow_up": "2026-11-27"}),
        ("发布 #launch", "decision", {"title": "发布", "labels": ["launch"]}),
        # What a decision has no room for stays in its words.
        ("yf>sc 让步 !2", "decision", {"title": "yf>sc 让步 !2"}),
        ("加人 #资源 @李雷", "decision", {"title": "加人 #资源 @李雷"}),
        ("sc>yf 文案 ^周五", "commitment",
         {"title": "文案", "from_department": "d-sc", "to_department": "d-yf", "due": "2026-11-27"}),
    ],
)  # fmt: skip
def test_what_a_line_says_of_an_outcome(line: str, kind: str, fields: dict[str, object]) -> None:
    assert read_outcome(line, kind, VOCABULARY, TODAY) == fields


def test_the_clock_of_a_point_outlives_the_app_and_is_forgotten_after_half_a_day(
    store: Store, clock: Clock
) -> None:
    assert running(store) is None
    start_clock(store, "p1")
    clock.advance(seconds=90)
    assert isinstance(running(store), Running)
    assert minutes_on(store, "p1") == 1.5
    assert minutes_on(store, "p2") == 0
    start_clock(store, "p2")
    assert minutes_on(store, "p1") == 0
    clock.advance(days=1)
    assert running(store) is None
    start_clock(store, "")
    assert running(store) is None


@pytest.mark.parametrize("text", ["p1", "p1 soon", " 5", "p1 99999999999999"])
def test_a_clock_that_cannot_be_read_does_not_run(store: Store, text: str) -> None:
    store.set_meta("meeting_point", text)
    assert running(store) is None
