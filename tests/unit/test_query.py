"""A query finds what its words say in both languages, and says where it cannot be meant."""

from __future__ import annotations

import pytest

from store import choices, schema
from store.errors import StoreError
from store.names import fold
from store.query import EXPECTED, LONGEST, parse, resolve, unparse
from store.query_ast import AllOf, AnyOf, Compare, Is, Match, Node, Not, Word
from store.query_fields import FIELDS, STATES, field_called
from store.vocabulary import Vocabulary
from tests.sample_vocabulary import TODAY, VOCABULARY
from tui.i18n import _, language, set_language


def shape(node: Node) -> str:
    """Return the node as a short line, without positions."""
    match node:
        case Word():
            return f"{node.text!r}" if node.phrase else node.text
        case Match():
            return f"{node.field} {node.operator} {'|'.join(value.text for value in node.values)}"
        case Compare():
            return " ".join((node.field, node.operator, *map(str, node.values)))
        case Is():
            return f"is {node.state}"
        case Not():
            return f"not({shape(node.node)})"
        case AllOf():
            return f"all({', '.join(map(shape, node.nodes))})"
        case AnyOf():
            return f"any({', '.join(map(shape, node.nodes))})"


def meaning(text: str, me: str = "m-hm") -> str:
    return shape(resolve(parse(text), VOCABULARY, TODAY, me))


def failure(text: str) -> StoreError:
    with pytest.raises(StoreError) as raised:
        resolve(parse(text), VOCABULARY, TODAY, "m-hm")
    assert raised.value.params["text"] == text
    assert raised.value.params["expected"] in EXPECTED
    return raised.value


def test_the_query_of_the_manual() -> None:
    assert meaning("status:doing dept:市场 owner:@me due<fri label:x -kind:risk free text") == (
        "all(status in s-doing, department in d-sc, owner in m-hm, due < 2026-11-27, labels in x, "
        "not(kind in risk), free, text)"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "all()"), ("  ", "all()"), ("登录", "登录"), ("登录 fast", "all(登录, fast)"),
        ("“sign in”", "'sign in'"),
        ('"a \\"b\\" \\\\ c"', repr('a "b" \\ c')), ('""', "all()"), ('a "" b', "all(a, b)"),
        ("-x", "not(x)"), ("-登录", "not(登录)"), ('-"a b"', "not('a b')"), ("－x", "not(x)"), ("e-mail", "e-mail"),
        ("a - b", "all(a, b)"), ("--x", "--x"), ("->x", "->x"),
        ("a | b", "any(a, b)"), ("a OR b", "any(a, b)"), ("a ｜ b 或 c", "any(a, b, c)"), ("a|b", "a|b"),
        ("a b | c", "any(all(a, b), c)"), ("a (b | c)", "all(a, any(b, c))"), ("（a OR b） c", "all(any(a, b), c)"),
        ("a AND b", "all(a, b)"), ("a (b c)", "all(a, b, c)"), ("a | (b | c)", "any(a, b, c)"),
        ("-(a b)", "not(all(a, b))"), ("-(a | b)", "not(any(a, b))"),
        ("ORDER ANDROID 或者", "all(ORDER, ANDROID, 或者)"),
        ("foo(bar)", "foo(bar)"), ("(foo(bar))", "foo(bar)"), (":)", ":)"), ("《报告》x", "《报告》x"),
        ("http://x.com/a:b", "http://x.com/a:b"), ("label://x", "label://x"), ("12:30", "12:30"), ("2>1", "2>1"),
        ("a->b", "a->b"), ("C++", "C++"), ("fix: login", "all(fix:, login)"), ("注意： 这个", "all(注意：, 这个)"),
        ("x < y", "all(x, <, y)"), ("a,b", "a,b"), ("@李雷 #x", "all(@李雷, #x)"),
        ("'status:doing'", "'status:doing'"),
    ],
)  # fmt: skip
def test_words_and_how_they_are_joined(text: str, expected: str) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:doing", "status in s-doing"), ("状态：进行中", "status in s-doing"),
        ("STATUS:Doing", "status in s-doing"),
        ('status:"In review"', "status in s-review"), ("status:in", "status in s-review"),
        ("status=doing", "status in s-doing"),
        ("status:doing,待办", "status in s-doing s-todo"), ("状态：进行中，待办", "status in s-doing s-todo"),
        ("标签：a、b", "labels in a b"), ("label:a, b c", "all(labels in a b, c)"),
        ("status: doing", "status in s-doing"),
        ("status : doing", "status in s-doing"), ("status!=doing", "not(status in s-doing)"),
        ("department:yf", "department in d-yf"), ("部门：研发部", "department in d-yf"),
        ("dept:BD", "department in d-xs"),
        ("party:sc", "parties in d-sc"), ("提出部门：市场", "requested_by in d-sc"),
        ("owner:李雷", "owner in m-ll"), ("负责人：@lp", "owner in m-ll"), ("owner:hmm", "owner in m-hm"),
        ("owner:wf", "owner in m-wf m-wf2"), ("owner:李", "owner in m-ll m-lll"), ("owner:me", "owner in m-hm"),
        ("负责人:我", "owner in m-hm"), ("owner:@me,李雷", "owner in m-hm m-ll"),
        ("assignee:“Li Lei”", "owner in m-ll"),
        ("participant:me", "participants in m-hm"), ("拍板人：我", "decider in m-hm"),
        ("author:me", "created_by in m-hm"),
        ("owner:none", "not(owner set)"), ("负责人：无", "not(owner set)"),
        ("owner:me,none", "any(owner in m-hm, not(owner set))"),
        ("goal:留存", "goal in g-stay"), ("目标：付", "goal in g-pay g-pay2"),
        ("label:backend", "labels in Backend"), ("tag:#New", "labels in New"),
        ('label:"two words"', "labels in two words"),
        ("label:none", "not(labels set)"), ('label:"none"', "labels in none"),
        ("kind:bug", "kind in bug"), ("类型：缺陷，风险", "kind in bug risk"), ("type:conflict", "kind in conflict"),
        ("kind:r", "kind in requirement risk"), ("根因：资源", "root_cause in resources"),
        ("state:已关闭", "state in closed"),
        ("priority:0,P1", "priority in 0 1"), ("优先级：１", "priority in 1"), ("p<=1", "priority <= 1"),
        ("p:<=1", "priority <= 1"),
        ("severity>=3", "severity >= 3"), ("effort>8.5", "effort > 8.5"),
        ("title:login", "title contains login"), ("标题：登录", "title contains 登录"),
        ("title:a,b", "any(title contains a, title contains b)"),
    ],
)  # fmt: skip
def test_fields_and_values_in_both_languages(text: str, expected: str) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("due:fri", "due between 2026-11-27 2026-11-27"), ("截止：周五", "due between 2026-11-27 2026-11-27"),
        ("due<fri", "due < 2026-11-27"), ("截止＜周五", "due < 2026-11-27"), ("截止《周五", "due < 2026-11-27"),
        ("due < fri", "due < 2026-11-27"), ("due<=next-fri", "due <= 2026-12-04"),
        ('due>"next fri"', "due > 2026-12-04"),
        ("due:>=+3d", "due >= 2026-11-26"), ("due=2026-12-01", "due between 2026-12-01 2026-12-01"),
        ("due:下周", "due between 2026-11-30 2026-12-06"), ("due<下周", "due < 2026-11-30"),
        ("due<=下周", "due <= 2026-12-06"), ("due>下周", "due > 2026-12-06"), ("due>=下周", "due >= 2026-11-30"),
        ("due:today,tomorrow", "any(due between 2026-11-23 2026-11-23, due between 2026-11-24 2026-11-24)"),
        ("due!=today", "not(due between 2026-11-23 2026-11-23)"), ("due:none", "not(due set)"),
        ("created:2026-11", "created between 2026-11-01 2026-11-30"), ("创建>=周五", "created >= 2026-11-20"),
        ("updated>fri", "updated > 2026-11-20"), ("复查：明天", "follow_up between 2026-11-24 2026-11-24"),
        ("follow-up<eom", "follow_up < 2026-11-30"), ("start:q4", "start between 2026-10-01 2026-12-31"),
    ],
)  # fmt: skip
def test_days_and_periods(text: str, expected: str) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("has:due", "due set"), ("no:owner", "not(owner set)"), ("有：截止", "due set"),
        ("没有：负责人", "not(owner set)"),
        ("has:due,owner", "any(due set, owner set)"), ("no:label", "not(labels set)"),
        ("is:blocked", "is blocked"), ("is:overdue", "is overdue"), ("is:over", "is overdue"),
        ("是：逾期", "is overdue"),
        ("is:done", "is done"), ("is:open", "is open"), ("is:private", "is private"), ("is:diverged", "is diverged"),
        ("-is:done", "not(is done)"), ("is:done,blocked", "any(is done, is blocked)"), ("is:未完成", "is open"),
    ],
)  # fmt: skip
def test_states_and_what_is_set(text: str, expected: str) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "position", "expected", "found", "nearest"),
    [
        ("stauts:doing", 0, "field", "stauts", "status"), ("a 状太：x", 2, "field", "状太", "状态"),
        ("yf>sc", 0, "field", "yf", ""), ("status:dong", 7, "status", "dong", "doing"),
        ("a dept:市厂 b", 7, "department", "市厂", "市场"), ("owner:zz b", 6, "member", "zz", ""),
        ("kind:bgu", 5, "choice", "bgu", "bug"), ("is:overdone", 3, "choice", "overdone", "overdue"),
        ("has:deu", 4, "field", "deu", "due"), ("is:d a", 3, "choice", "d", ""),
        ("has:du a", 4, "field", "du", "due"),
        ("due<xyz", 4, "day", "xyz", ""), ("due<2026-02-30 a", 4, "day", "2026-02-30", ""),
        ("due<to a", 4, "day", "to", ""),
        ("due<a,b", 6, "day", "b", ""), ("p<x", 2, "number", "x", ""), ("p:inf", 2, "number", "inf", ""),
        ("p:nan", 2, "number", "nan", ""), ("p:1,x", 4, "number", "x", ""), ("p<1,2", 4, "number", "2", ""),
        ("status<doing", 0, "equality", "<", ""), ("is>done", 0, "equality", ">", ""),
        ("has<due", 0, "equality", "<", ""),
        ("title>a", 0, "equality", ">", ""), ("label:,a", 6, "value", "", ""), ('label:"" a', 6, "value", "", ""),
        ("()", 1, "condition", ")", ""), ("OR a", 0, "condition", "O", ""), ("a | | b", 4, "condition", "|", ""),
        ("(a | ) b", 5, "condition", ")", ""), ("due:<>fri", 5, "value", ">fri", ""),
        ("status=<x", 7, "value", "<x", ""), ("a )", 2, "fewer parentheses", ")", ""),
        ("(" * 51 + "a", 50, "fewer parentheses", "(", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(
    text: str, position: int, expected: str, found: str, nearest: str
) -> None:
    error = failure(text)
    assert error.code == "bad-query"
    assert error.params == {
        "text": text, "position": position, "expected": expected, "found": found, "nearest": nearest,
    }  # fmt: skip


def test_a_comparison_of_several_days_names_the_second() -> None:
    assert failure("due<fri,sat").params["position"] == 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:", "value"), ("status: ", "value"), ("状态：", "value"), ("due<", "value"), ("label:a,", "value"),
        ("a due:", "value"), ('"sign', "closing quote"), ('owner:"Li', "closing quote"),
        ("(a", "closing parenthesis"),
        ("(", "closing parenthesis"), ("a |", "condition"), ("a OR", "condition"), ("a OR ", "condition"),
        ("-", "condition"), ("a -", "condition"), ("due<to", "day"), ("due:下", "day"), ("due<next", "day"),
        ("is:d", "choice"), ("has:du", "field"), ("due<20261", "day"),
    ],
)  # fmt: skip
def test_an_unfinished_query_is_told_apart(text: str, expected: str) -> None:
    error = failure(text)
    assert (error.code, error.params["expected"]) == ("unfinished-query", expected)


def test_a_query_longer_than_anyone_types_is_refused() -> None:
    assert failure("x" * (LONGEST + 1)).params["expected"] == "shorter query"
    assert meaning("x" * LONGEST) == "x" * LONGEST


def test_nobody_is_me_when_nobody_asks() -> None:
    with pytest.raises(StoreError, match="bad-query"):
        resolve(parse("owner:@me"), VOCABULARY, TODAY)


def test_an_empty_vocabulary_knows_no_names_and_any_label() -> None:
    nothing = Vocabulary()
    assert shape(resolve(parse("label:x kind:bug due<fri"), nothing, TODAY)) == (
        "all(labels in x, kind in bug, due < 2026-11-27)"
    )
    with pytest.raises(StoreError, match="bad-query"):
        resolve(parse("status:doing"), nothing, TODAY)


def test_positions_speak_of_the_text() -> None:
    text = "a  状态：进行中，待办 -(b)"
    node = parse(text).node
    assert isinstance(node, AllOf)
    assert [text[part.start : part.end] for part in node.nodes] == ["a", "状态：进行中，待办", "-(b)"]
    status = node.nodes[1]
    assert isinstance(status, Match)
    assert [text[value.start : value.end] for value in status.values] == ["进行中", "待办"]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("状态：进行中，待办  部门:市场", "status:进行中,待办 department:市场"), ("a OR b c", "a | b c"),
        ("(a OR b) -(c d)", "(a | b) -(c d)"), ("due:<fri", "due<fri"), ("status!=doing", "-status:doing"),
        ("owner:“Li Lei”", 'owner:"Li Lei"'), ("title=//x", "title=//x"), ('"a \\" b"', '"a \\" b"'),
        ("(due) <fri", "(due) <fri"), ("", ""),
    ],
)  # fmt: skip
def test_a_query_as_text_again(text: str, canonical: str) -> None:
    assert unparse(parse(text).node) == canonical
    assert unparse(parse(canonical).node) == canonical


def test_a_meaning_has_no_text() -> None:
    with pytest.raises(TypeError, match="Is"):
        unparse(Is("done", 0, 0))


@pytest.mark.parametrize("kind", schema.BOARD_KINDS)
def test_every_field_with_values_people_know_can_be_asked_for(kind: str) -> None:
    reachable = {"status", "member", "department", "goal"}
    for field in schema.KINDS[kind].fields.values():
        is_asked = field.name not in ("short", "source") and field.type not in (schema.MAP, schema.PLACE)
        if field.type == schema.FLAG:
            assert field.name in STATES.values()
        elif is_asked and (not field.to or field.to in reachable):
            assert field_called(field.name) is not None, field.name


def test_no_two_fields_share_a_name() -> None:
    for name, field in FIELDS.items():
        assert field_called(name) is field


def test_every_choice_of_the_schema_is_understood() -> None:
    for field in FIELDS.values():
        for kind in schema.BOARD_KINDS:
            declared = schema.KINDS[kind].fields.get(field.name)
            if declared is not None and declared.choices:
                assert set(declared.choices) <= set(field.choices.values())


@pytest.mark.parametrize("tongue", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("declared", "understood"),
    [
        (schema.NEED_KINDS, choices.NEED_KINDS),
        (schema.NEED_KINDS, choices.OTHER_KINDS),
        (schema.NEED_SORTS, choices.NEED_SORTS),
        (schema.MEETING_KINDS, choices.OTHER_KINDS),
        (schema.ROOT_CAUSES, choices.ROOT_CAUSES),
        (schema.ORIGINS, choices.ORIGINS),
        *(
            (states, choices.STATES)
            for states in (
                schema.CONFLICT_STATES, schema.FEEDBACK_STATES, schema.COMMITMENT_STATES, schema.RETRO_STATES,
                schema.GOAL_STATES, schema.NEED_STATES, schema.REQUEST_STATES,
            )
        ),
    ],
)  # fmt: skip
def test_a_choice_is_understood_by_the_word_that_is_shown_for_it(
    declared: tuple[str, ...], understood: dict[str, str], tongue: str
) -> None:
    before = language()
    set_language(tongue)
    try:
        shown = {choice: fold(_(choice)) for choice in declared}
    finally:
        set_language(before)
    assert {choice: understood.get(word) for choice, word in shown.items()} == {one: one for one in declared}
