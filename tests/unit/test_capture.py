"""A captured line becomes the fields it names, and keeps everything else as its title."""

from __future__ import annotations

import pytest

from store.capture import Capture, parse
from store.names import Names, fold, terms_called
from store.pinyin import initials, variants
from store.vocabulary import Term, Vocabulary
from tests.sample_vocabulary import TODAY, VOCABULARY


def capture(line: str, *, kind: str = "", me: str = "") -> Capture:
    return parse(line, VOCABULARY, TODAY, kind=kind, me=me)


def parts(line: str, captured: Capture) -> list[tuple[str, str]]:
    return [(line[part.start : part.end], part.field) for part in captured.understood]


MEETING = {
    "title": "发布日提前两周",
    "parties": ["d-yf", "d-sc"],
    "severity": 2,
    "root_cause": "resources",
    "decider": "m-ll",
    "follow_up": "2026-11-27",
}


@pytest.mark.parametrize(
    "line",
    [
        "yf>sc 发布日提前两周 !2 #资源 @李雷 ^周五",
        "研发>市场 发布日提前两周 !2 #resources @lp ^fri",
        "rd > Marketing 发布日提前两周 #资源争夺 ^friday @ll !2",
        "研发⇄市场 发布日提前两周 !2 #资源 @李雷 ^周五",
        "研发<>市场 发布日提前两周 !2 #资源 @李雷 ^周五",
        "研发部>市场部 发布日提前两周 !2 #资源 @李雷 ^周五",
        "研发＞市场　发布日提前两周　！２　＃资源　＠李雷　＾周五",
        "研发》市场：发布日提前两周！2＃资源＠李雷＾周五",
        "研发《》市场发布日提前两周!2#资源@李雷^周五",
        "发布日提前两周 yf>sc !2 #资源 @“李雷” ^“周五”",
        "!2 @李雷 yf>sc, 发布日提前两周 #资源 ……周五",
        "  yf>sc \t发布日提前两周\n!2 #资源 @Li Lei ^周五  ",
    ],
)
def test_the_same_conflict_typed_in_many_ways(line: str) -> None:
    captured = capture(line)
    assert captured.kind == "conflict"
    assert captured.fields == MEETING


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("定价页文案", {"title": "定价页文案"}),
        (
            "结账页@李雷#资源^周五",
            {"title": "结账页", "owner": "m-ll", "labels": ["资源"], "due": "2026-11-27"},
        ),
        ("@李雷看一下", {"title": "看一下", "owner": "m-ll"}),
        ("@李雷雷看一下", {"title": "看一下", "owner": "m-lll"}),
        ("fix @li lei please", {"title": "fix please", "owner": "m-ll"}),
        ('fix @"Li Lei" now', {"title": "fix now", "owner": "m-ll"}),
        ("fix @LP, please", {"title": "fix, please", "owner": "m-ll"}),
        ("@hm: 看一下", {"title": "看一下", "owner": "m-hm"}),
        ("评审 @hm @ll @hm", {"title": "评审", "owner": "m-hm", "participants": ["m-ll"]}),
        ("🚀@李雷 上线", {"title": "🚀 上线", "owner": "m-ll"}),
        ("负责人：@李雷 上线", {"title": "负责人： 上线", "owner": "m-ll"}),
        ("a #backend #新 #New", {"title": "a", "labels": ["Backend", "新", "New"]}),
        ('a #"two words" #“Two Words”', {"title": "a", "labels": ["two words"]}),
        ("fix @lp.", {"title": "fix.", "owner": "m-ll"}),
        ("fix @lp .env", {"title": "fix .env", "owner": "m-ll"}),
        ("修好#bug，上线", {"title": "修好，上线", "labels": ["bug"]}),
        ("a #v2.0. #C++ #🔥 #R&D", {"title": "a.", "labels": ["v2.0", "C++", "🔥", "R&D"]}),
        ("a #资源", {"title": "a", "labels": ["资源"]}),
        ("a !0", {"title": "a", "priority": 0}),
        ("a !4", {"title": "a", "priority": 4}),
        ("a !P1", {"title": "a", "priority": 1}),
        ("上线太慢!1", {"title": "上线太慢", "priority": 1}),
        ("!1上线", {"title": "上线", "priority": 1}),
        ("a ^tomorrow", {"title": "a", "due": "2026-11-24"}),
        ("a ^下周三", {"title": "a", "due": "2026-12-02"}),
        ("a ^12-01", {"title": "a", "due": "2026-12-01"}),
        ("a ^+3d", {"title": "a", "due": "2026-11-26"}),
        ("a ^月底", {"title": "a", "due": "2026-11-30"}),
        ("a ^eom", {"title": "a", "due": "2026-11-30"}),
        ("a ^next fri b", {"title": "a b", "due": "2026-12-04"}),
        ('a ^"next fri"', {"title": "a", "due": "2026-12-04"}),
        ("开会^周五17:00", {"title": "开会17:00", "due": "2026-11-27"}),
        ("上线 ……周五", {"title": "上线", "due": "2026-11-27"}),
        ("a *doing", {"title": "a", "status": "s-doing"}),
        ("a *in review", {"title": "a", "status": "s-review"}),
        ("结账页*进行中@李雷", {"title": "结账页", "status": "s-doing", "owner": "m-ll"}),
        ("a g:lp-3", {"title": "a", "goal": "g-pay"}),
        ("a g:付费 b", {"title": "a b", "goal": "g-pay"}),
        ("a G：留存", {"title": "a", "goal": "g-stay"}),
        ('a g:"付费转化 +3pt"', {"title": "a", "goal": "g-pay"}),
        ("研发：登录页", {"title": "登录页", "department": "d-yf"}),
        ("yf: login", {"title": "login", "department": "d-yf"}),
        ("bd:合同", {"title": "合同", "department": "d-xs"}),
        ("xs: 合同", {"title": "合同", "department": "d-xs"}),
        ("bug: 白屏", {"title": "白屏", "kind": "bug"}),
        ("风险：延期", {"title": "延期", "kind": "risk"}),
        ("Action item: call", {"title": "call", "kind": "action"}),
        ("bug: yf: 白屏", {"title": "白屏", "kind": "bug", "department": "d-yf"}),
        ("研发：需求：白屏", {"title": "白屏", "kind": "requirement", "department": "d-yf"}),
    ],
)
def test_an_item(line: str, fields: dict[str, object]) -> None:
    captured = capture(line)
    assert captured.kind == "item"
    assert captured.fields == fields


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("yf>sc>xs 定价", {"title": "定价", "parties": ["d-yf", "d-sc", "d-xs"]}),
        ("yf⇄sc⇄xs⇄yf 定价", {"title": "定价", "parties": ["d-yf", "d-sc", "d-xs"]}),
        ("a yf>sc #资源 #trust #x", {"title": "a", "parties": ["d-yf", "d-sc"], "root_cause": "resources",
                                    "labels": ["trust", "x"]}),
        ("a yf>sc #x #信任", {"title": "a", "parties": ["d-yf", "d-sc"], "labels": ["x"], "root_cause": "trust"}),
        ("yf>sc a @ll @hm", {"title": "a @hm", "parties": ["d-yf", "d-sc"], "decider": "m-ll"}),
        ("yf>sc a !0 *doing", {"title": "a !0 *doing", "parties": ["d-yf", "d-sc"]}),
        ("yf>sc a g:留存", {"title": "a", "parties": ["d-yf", "d-sc"], "goal": "g-stay"}),
        ("yf>sc>zz 定价", {"title": ">zz 定价", "parties": ["d-yf", "d-sc"]}),
        ("yf>sc xs>yf", {"title": "xs>yf", "parties": ["d-yf", "d-sc"]}),
    ],
)  # fmt: skip
def test_a_conflict(line: str, fields: dict[str, object]) -> None:
    captured = capture(line)
    assert captured.kind == "conflict"
    assert captured.fields == fields


@pytest.mark.parametrize(
    "line",
    [
        "a@b.com", "李雷@hm.com", "mail lei@lp", "@nobody", "@lpx", "@types/node", "@lp.com", "@", "@ ll", "(@李雷)",
        '"@李雷"', "`@lp`", "/@lp", "@wf",
        "C# dev", "# heading", "#123 and #4/5", "##x", "#!/bin/sh", "#", "color:#fff", "a#b", "#include(x)", "#x=1",
        "x #\ud800", "x #\x1b[31m",
        "!important", "!", "!5", "!!1", "!2.5", "!3%", "!12", "!1st", "x!1", "!=1", "太多了!3个", "！！2", "!p", "!p5",
        "^_^", "x^2", "^", "^soon", "^2026-02-30", "^3.2", "^^周五x^", "发布……周五再说", "……周五的会",
        "*bold*", "**doing**", "*doing*", "* doing", "2*3", "*nowhere", "*",
        "g:", "g: 留存", "g:nothing", "eg:留存", "g:付", "prog:留存", 'g:""', "msg:x",
        "2>1", "a->b", "yf->sc", "yf>zz 定价", "yf>yf", "yf >", "> sc", "yf>=sc", "x.yf>sc", "《研发》市场",
        "前端研发>市场", "<yf>sc", "yf>sc.com", "研发 → 市场", "yf vs sc",
        "12:30 standup", "http: x", "zz: 标题", "a yf: b", "https://x.com/研发#历史?a=*doing", "http://u:@lp",
        "yf://x", "研发", "研发 标题", "标题：研发：x", ": x", "foo:", "\\", "\\\\", "a\\b", "C:\\@home", "\\n",
        "a\\>b",         "\x00\x1b]8;;x", "[bold]x[/bold]", "e\u0301 ‮x", "👩‍👩‍👧 x",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays_in_the_title(line: str) -> None:
    captured = capture(line)
    assert captured.kind == "item"
    assert captured.fields == {"title": line}
    assert captured.understood == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (r"\@李雷 看", "@李雷 看"), (r"看\@李雷", "看@李雷"), (r"a \#x \!1", "a #x !1"), (r"a \^fri", "a ^fri"),
        (r"a \*doing", "a *doing"), (r"a \g:留存", "a g:留存"), (r"\yf>sc 定价", "yf>sc 定价"),
        (r"yf\>sc 定价", "yf>sc 定价"), (r"研发\>市场 定价", "研发>市场 定价"), (r"\bug: x", "bug: x"),
        (r"\研发：x", "研发：x"), (r"a \@nobody", r"a \@nobody"), (r"x \#123", r"x \#123"),
    ],
)  # fmt: skip
def test_a_backslash_keeps_what_would_be_understood(line: str, title: str) -> None:
    captured = capture(line)
    assert captured.kind == "item"
    assert captured.fields == {"title": title}


def test_an_escaped_heading_may_be_followed_by_a_real_part() -> None:
    assert capture(r"\bug: yf: x @ll").fields == {"title": "bug: yf: x", "owner": "m-ll"}


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("  a   b  ", "a b"),
        ("a\tb\r\nc", "a b c"),
        ("　a　b　", "a b"),
        ("a\u00a0b", "a b"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_whitespace_is_tidied(line: str, title: str) -> None:
    assert capture(line).title == title


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("@李雷  #x", {"title": "@李雷 #x", "owner": "m-ll", "labels": ["x"]}),
        ("yf>sc !2", {"title": "yf>sc !2", "parties": ["d-yf", "d-sc"], "severity": 2}),
        ("bug:", {"title": "bug:", "kind": "bug"}),
    ],
)
def test_a_line_of_parts_alone_is_its_own_title(line: str, fields: dict[str, object]) -> None:
    assert capture(line).fields == fields


def test_what_is_said_twice_is_kept_as_text() -> None:
    line = "a !1 !2 ^fri ^sat *doing *评审 g:留存 g:lp-3"
    assert capture(line).fields == {
        "title": "a !2 ^sat *评审 g:lp-3", "priority": 1, "due": "2026-11-27", "status": "s-doing", "goal": "g-stay",
    }  # fmt: skip


def test_a_forced_item_keeps_parties_as_text() -> None:
    captured = capture("yf>sc 定价 !0 @ll", kind="item")
    assert (captured.kind, captured.fields) == (
        "item",
        {"title": "yf>sc 定价", "priority": 0, "owner": "m-ll"},
    )


def test_a_forced_conflict_needs_no_parties() -> None:
    captured = capture("yf: 定价 !2 @ll", kind="conflict")
    assert (captured.kind, captured.fields) == (
        "conflict", {"title": "yf: 定价", "severity": 2, "decider": "m-ll"},
    )  # fmt: skip


def test_me_is_the_member_who_types() -> None:
    assert capture("a @me", me="m-hm").fields == {"title": "a", "owner": "m-hm"}
    assert capture("a @我 b", me="m-hm").fields == {"title": "a b", "owner": "m-hm"}
    assert capture("a @我们", me="m-hm").fields == {"title": "a @我们"}
    assert capture("a @me").fields == {"title": "a @me"}


def test_understood_parts_say_where_they_stand_and_what_they_mean() -> None:
    line = "  yf>sc   发布日 ！2 #资源  @李雷 ^周五"
    captured = capture(line)
    assert parts(line, captured) == [
        ("yf>sc", "parties"), ("！2", "severity"), ("#资源", "root_cause"), ("@李雷", "decider"),
        ("^周五", "follow_up"),
    ]  # fmt: skip
    assert [part.label for part in captured.understood] == [
        "研发 ⇄ 市场",
        "2",
        "resources",
        "李雷",
        "2026-11-27",
    ]
    assert [part.value for part in captured.understood] == [
        ["d-yf", "d-sc"],
        2,
        "resources",
        "m-ll",
        "2026-11-27",
    ]


def test_a_part_with_a_run_of_spaces_inside_is_marked_whole() -> None:
    line = "a @Li \t Lei b"
    assert parts(line, capture(line)) == [("@Li \t Lei", "owner")]


def test_a_pasted_page_is_a_title_and_nothing_else() -> None:
    page = "yf>sc @李雷 #x\n" * 1_000
    captured = capture(page)
    assert captured.understood == []
    assert captured.fields == {"title": " ".join(page.split())}


def test_an_empty_vocabulary_understands_labels_levels_and_days() -> None:
    captured = parse("yf>sc a @李雷 #x !1 ^fri *doing", Vocabulary(), TODAY)
    assert captured.fields == {
        "title": "yf>sc a @李雷 *doing",
        "labels": ["x"],
        "priority": 1,
        "due": "2026-11-27",
    }


def test_names_beat_initials_and_shared_names_mean_nobody() -> None:
    terms = [Term("1", "李雷", initials=("ll",)), Term("2", "LL"), Term("3", "王芳"), Term("4", "王芳")]
    assert Names(terms).get("ll") is terms[1]
    assert Names(terms).get("王芳") is None
    assert terms_called("王芳", terms) == terms[2:]
    assert terms_called("李", terms) == terms[:1]


def test_the_usual_initials_beat_the_rare_ones() -> None:
    terms = [Term("1", "曾乐", initials=("cl", "zl")), Term("2", "周磊", initials=("zl",))]
    assert Names(terms).get("zl") is terms[1]


def test_folding_keeps_every_position() -> None:
    assert fold("ＡＢ：！＃＠＾＞＊０９　“x”《》") == 'ab:!#@^>*09 "x"<>'
    assert len(fold("İSTANBUL ẞ")) == len("İSTANBUL ẞ")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("研发", "yf"), ("市场", "sc"), ("重庆", "cq"), ("银行", "yh"), ("Growth 团队", "gtd"), ("研发2部", "yf2b"),
        ("Li Lei", "ll"), ("ＱＡ 组", "qz"), ("", ""), ("?!", ""),
    ],
)  # fmt: skip
def test_pinyin_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_every_plausible_reading_has_initials_and_there_are_few() -> None:
    assert variants("曾乐") == ("cl", "cy", "zl", "zy")
    assert variants("研发")[0] == "yf"
    assert len(variants("行长" * 1_000)) <= 6


def test_a_first_name_is_enough_where_only_one_is_called_so() -> None:
    people = [Term("hw", "Hannah Weber"), Term("hl", "Harry Li"), Term("hk", "Harry Kane")]
    vocabulary = Vocabulary(members=people)
    assert parse("copy @Hannah", vocabulary, TODAY).fields["owner"] == "hw"
    assert parse("copy @hannah weber", vocabulary, TODAY).fields["owner"] == "hw"
    ambiguous = parse("copy @Harry", vocabulary, TODAY)
    assert "owner" not in ambiguous.fields
    assert ambiguous.title == "copy @Harry"


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("&华宇集团 导出没有发票", {"title": "导出没有发票", "customer": "c-hy", "origin": "customer"}),
        (
            "导出没有发票＆hyjt！3",
            {"title": "导出没有发票", "customer": "c-hy", "importance": 3, "origin": "customer"},
        ),
        ('no invoices &"acme corp"', {"title": "no invoices", "customer": "c-ac", "origin": "customer"}),
        ("slow &huayu, really", {"title": "slow, really", "customer": "c-hy", "origin": "customer"}),
        (
            "slow &华宇集团 &AT&T &ac",
            {"title": "slow", "customer": "c-hy", "customers": ["c-at", "c-ac"], "origin": "customer"},
        ),
        ("销售：太慢", {"title": "太慢", "department": "d-xs", "origin": "department"}),
        ("xs: slow &ac", {"title": "slow", "department": "d-xs", "customer": "c-ac", "origin": "customer"}),
        ("太慢 &无名公司 @hm", {"title": "太慢 &无名公司", "voters": ["m-hm"]}),
        ("R&D wants A & B, \\&ac", {"title": "R&D wants A & B, &ac"}),
        ("AT&T #R&D", {"title": "AT&T", "labels": ["R&D"]}),
    ],
)
def test_feedback_names_its_customers(line: str, fields: dict[str, object]) -> None:
    assert capture(line, kind="feedback").fields == fields


@pytest.mark.parametrize("kind", ["item", "conflict", "commitment"])
def test_only_feedback_names_customers(kind: str) -> None:
    assert capture("太慢 &ac", kind=kind).title == "太慢 &ac"
