"""A chat is cut into one draft a message, whoever said it where; what is no chat, into its lines."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.transcript import LONGEST, MOST, read_transcript

TODAY = date(2026, 11, 23)  # a Monday

WECHAT = """群聊的聊天记录

张三 2026/11/20 10:32:15
结账页太慢了
尤其是 Safari

李四  2026/11/20 10:33:01
[图片]
"""
WECOM = "张三(市场) 11/20 10:32\n登录失败，\n要重试三次\n\n李四@微信 11/20 10:40:02\n同样"
DINGTALK = "—— 2026年11月20日 ——\n张三 上午10:32\n导出没有发票\n李四 下午2:05\n我们也要"
SLACK = "Hannah Weber  10:32 AM\nThe export: no invoices\nplease\n\nLi Lei  2:05 PM\n+1"
SLACK_TWO_LINES = "Hannah Weber\n  10:32 AM\nThe export\nLi Lei\n  2:05 PM\n+1"
TEAMS = "[10:32] Hannah Weber\nThe export\n[Yesterday 2:05 PM] Li Lei: +1"
BRACKETS = "【2026-11-20 10:32】张三：太慢了：真的\n【昨天 10:33】李四:同意\n第二行"
WHATSAPP = "11/20/26, 10:32 - Hannah Weber: The export\nsecond line\n20.11.2026, 14:05 - Li Lei: +1"
NAMED = "张三：太慢了\n李四: http://x.com 打不开\n王芳：第一行\n还有一行"
LINES = "- 太慢了\n\n注意：导出没有发票\n会议改到 10:30\n* fine\n"


@pytest.mark.parametrize(
    ("pasted", "wanted"),
    [
        (WECHAT, [
            ("张三", "2026-11-20T10:32:15", "结账页太慢了\n尤其是 Safari"), ("李四", "2026-11-20T10:33:01", "[图片]"),
        ]),
        (WECOM, [
            ("张三(市场)", "2026-11-20T10:32:00", "登录失败，\n要重试三次"),
            ("李四@微信", "2026-11-20T10:40:02", "同样"),
        ]),
        (DINGTALK, [
            ("张三", "2026-11-20T10:32:00", "导出没有发票"), ("李四", "2026-11-20T14:05:00", "我们也要"),
        ]),
        (SLACK, [("Hannah Weber", "", "The export: no invoices\nplease"), ("Li Lei", "", "+1")]),
        (SLACK_TWO_LINES, [("Hannah Weber", "", "The export"), ("Li Lei", "", "+1")]),
        (TEAMS, [("Hannah Weber", "", "The export"), ("Li Lei", "2026-11-22T14:05:00", "+1")]),
        (BRACKETS, [
            ("张三", "2026-11-20T10:32:00", "太慢了：真的"), ("李四", "2026-11-22T10:33:00", "同意\n第二行"),
        ]),
        (WHATSAPP, [
            ("Hannah Weber", "2026-11-20T10:32:00", "The export\nsecond line"), ("Li Lei", "2026-11-20T14:05:00", "+1"),
        ]),
        (NAMED, [("张三", "", "太慢了"), ("李四", "", "http://x.com 打不开"), ("王芳", "", "第一行\n还有一行")]),
        (LINES, [
            ("", "", "- 太慢了"), ("", "", "注意：导出没有发票"), ("", "", "会议改到 10:30"), ("", "", "* fine"),
        ]),
        ("张三：太慢了", [("张三", "", "太慢了")]),
        ("", []),
        (" \n\n", []),
        ("张三 2026-11-20 10:32\r\n一\r\n二", [("张三", "2026-11-20T10:32:00", "一\n二")]),
    ],
)  # fmt: skip
def test_a_paste_is_cut_into_messages(pasted: str, wanted: list[tuple[str, str, str]]) -> None:
    found = read_transcript(pasted, TODAY)
    assert [(draft.said_by, draft.at, draft.text) for draft in found.drafts] == wanted
    assert found.rest == ""


def test_full_width_colons_make_a_time_and_a_name() -> None:
    found = read_transcript("［昨天　10：32］张三：太慢", TODAY)
    assert [(draft.said_by, draft.at, draft.text) for draft in found.drafts] == [
        ("张三", "2026-11-22T10:32:00", "太慢")
    ]


def test_the_channel_is_what_the_paste_or_the_person_says() -> None:
    assert {draft.channel for draft in read_transcript(WECHAT, TODAY).drafts} == {"群聊的聊天记录"}
    assert {draft.channel for draft in read_transcript(SLACK, TODAY, channel="Slack").drafts} == {"Slack"}


def test_a_time_that_is_none_is_kept_as_it_was_written() -> None:
    [draft] = read_transcript("[29:75] 张三：太慢", TODAY).drafts
    assert (draft.when, draft.at) == ("29:75", "")


def test_a_name_without_a_message_is_not_lost() -> None:
    found = read_transcript("张三 2026-11-20 10:32\n\n李四 2026-11-20 10:33\n好", TODAY)
    assert [draft.text for draft in found.drafts] == ["张三 2026-11-20 10:32", "好"]


def test_beyond_the_limit_the_rest_is_given_back() -> None:
    pasted = "".join(f"line {number}\n" for number in range(MOST + 7))
    found = read_transcript(pasted, TODAY)
    assert len(found.drafts) == MOST
    assert found.rest.split("\n")[:2] == [f"line {MOST}", f"line {MOST + 1}"]
    again = read_transcript(found.rest, TODAY)
    assert [draft.text for draft in again.drafts] == [f"line {MOST + number}" for number in range(7)]


def test_a_long_message_becomes_several_of_the_same_person() -> None:
    found = read_transcript("张三 2026-11-20 10:32\n" + "长" * (LONGEST * 2 + 5), TODAY)
    assert [len(draft.text) for draft in found.drafts] == [LONGEST, LONGEST, 5]
    assert {draft.said_by for draft in found.drafts} == {"张三"}


PIECES = [
    "张三", "Hannah Weber", " ", "\n", "\r\n", "\n\n", "：", ":", "10:32", "10：32:15", "2026-11-20", "11/20",
    "昨天", "下午", "AM", "[", "]", "【", "】", "——", "—— 2026年11月20日 ——", "群聊的聊天记录", "太慢了", "- ", "http://x.com/a:1",
    "\x1b", "\0", "\ud800", "[bold]", "，", "。", "\u2028", "\ufeff", "29:75", "99999999/99/99",
]  # fmt: skip
PASTES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec=None), max_size=4)), max_size=20
    ).map("".join),
)


def solid(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


@given(PASTES, st.integers(1, 5))
def test_no_character_of_a_message_is_lost(pasted: str, most: int) -> None:
    found = read_transcript(pasted, TODAY, most=most)
    assert len(found.drafts) <= most
    kept = "".join(draft.head + draft.text for draft in found.drafts) + found.rest
    assert solid(kept) == solid(pasted.removeprefix("\ufeff"))  # a byte order mark is no character of it
    for draft in found.drafts:
        assert draft.text.strip()
        assert len(draft.text) <= LONGEST + 200
        # What the head says besides who and when is punctuation, a day, or the channel.
        assert draft.said_by in draft.head or draft.said_by in draft.text or not draft.head


@pytest.mark.parametrize(
    "piece",
    ["a", "\n", "a\n", "张三 2026-11-20 10:32\n太慢了\n", "张三：太慢\n", ":", "[10:32] a", " ", "—", "10:32 ", "1/1/1",
     "聊天记录", "[", "a:b\n", "昨天\n"],
)  # fmt: skip
def test_five_megabytes_take_bounded_time(piece: str) -> None:
    pasted = piece * (5_000_000 // len(piece))
    started = time.perf_counter()
    found = read_transcript(pasted, TODAY)
    assert time.perf_counter() - started < 10
    assert len(found.drafts) <= MOST
    assert len(solid("".join(draft.head + draft.text for draft in found.drafts) + found.rest)) == len(
        solid(pasted)
    )
