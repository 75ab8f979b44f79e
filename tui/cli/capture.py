"""Writing a line down: `add`, `conflict`, `promise`, `feedback`. On the way of every meeting, this imports nothing
that `sameboat add` can do without.
"""

from __future__ import annotations

from store import schema
from store.capture import parse
from store.change import Change
from store.database import open_store
from store.running import in_meeting
from store.vocabulary import load_vocabulary
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.background import put_away
from tui.cli.input import lines_of
from tui.cli.output import narrate, safe, say, say_json
from tui.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.capture import Capture
    from store.database import Store


def _add(arguments: Arguments) -> int:
    return write_down(arguments, "add", "item")


def _conflict(arguments: Arguments) -> int:
    return write_down(arguments, "conflict", "conflict")


def _promise(arguments: Arguments) -> int:
    return write_down(arguments, "promise", "commitment")


def _need(arguments: Arguments) -> int:
    return write_down(arguments, "need", "need")


def _feedback(arguments: Arguments) -> int:
    if arguments.has("paste"):
        from tui.cli.pasting import paste

        return paste(arguments)
    if not arguments.operands:
        from tui.cli.arguments import UsageError, usage_line

        raise UsageError(
            "missing-operand", command="feedback", usage=usage_line("feedback", COMMANDS["feedback"])
        )
    return write_down(arguments, "feedback", "feedback")


def write_down(arguments: Arguments, command: str, kind: str) -> int:
    """Write down each line as one of a kind, all in one change, and say what was understood."""
    lines = lines_of(command, arguments.operands)
    store = open_store(arguments.home)
    try:
        named = kind == "feedback" and any("&" in line or "＆" in line for line in lines)
        vocabulary = load_vocabulary(store, labels=False, customers=named)
        today = store.today()
        captures = [parse(line, vocabulary, today, kind=kind, me=store.member) for line in lines]
        for capture in captures:
            capture.fields = in_meeting(store, capture.kind, capture.fields)
        private = arguments.has("private")
        with Change(store, "add") as made:
            ids = [made.create(capture.kind, capture.fields, private=private) for capture in captures]
            made.detail = ", ".join(made.shorts[ent] for ent in ids[:6])
        for ent, capture in zip(ids, captures, strict=True):
            _say(store, arguments, made.shorts[ent], ent, capture)
            if capture.kind == "conflict":
                _say_similar(store, ent, capture)
        if store.noticed:
            from tui.cli.notices import tell_notices

            tell_notices(store)
    except BaseException:
        store.close()
        raise
    put_away(store, ends=arguments.ends)
    return 0


def _say(store: Store, arguments: Arguments, short: str, ent: str, capture: Capture) -> None:
    if arguments.has("json"):
        say_json({"ok": True, "id": short, "entity": ent, "kind": capture.kind, "fields": capture.fields})
    else:
        say(short)
    fields = schema.KINDS[capture.kind].fields
    said = [safe(f"{short}  {capture.title}")]
    for part in capture.understood:
        field = fields["place" if part.field == "status" else part.field]
        value = _(part.label) if field.choices else part.label
        if part.field == "recurrence":
            from tui.rule_words import rule_words

            value = rule_words(str(part.value))
        said.append(f"{_(field.label)} {safe(value)}")
    if meeting := capture.fields.get("meeting"):
        from store.lookup import short_of

        said.append(f"{_('Meeting')} {safe(short_of(store, str(meeting)))}")
    narrate("  ".join(said))


def _say_similar(store: Store, ent: str, capture: Capture) -> None:
    """Say how its like was settled between the same departments: a look at all words would keep a meeting waiting."""
    from store.similar import similar

    parties = capture.fields.get("parties")
    if not isinstance(parties, list):
        return
    cause = str(capture.fields.get("root_cause") or "")
    for one in similar(store, capture.title, parties=parties, root_cause=cause, but=ent, quick=True):
        from tui.similar_words import similar_words

        narrate(safe(similar_words(one.short, one.settled)))


_PRIVATE = Option("private", N_("keep it a draft that nobody else gets until you share it"))

COMMANDS = {
    "add": Command(
        _add,
        N_("add an item from one line; - reads lines from stdin, one item each"),
        "LINE…",
        (_PRIVATE,),
        least=1,
        text=True,
        examples=(
            'sameboat add "定价页文案 @李雷 #launch !1 ^周五"',
            'sameboat add "bug: checkout shows a blank page !0 ^tomorrow"',
        ),
    ),
    "conflict": Command(
        _conflict,
        N_("log a conflict from one line; - reads lines from stdin, one conflict each"),
        "LINE…",
        (_PRIVATE,),
        least=1,
        text=True,
        examples=('sameboat conflict "yf>sc 发布日提前两周 !2 #资源 @李雷 ^周五"',),
    ),
    "promise": Command(
        _promise,
        N_("write down in one line what one department promised another; - reads lines from stdin, one each"),
        "LINE…",
        (_PRIVATE,),
        least=1,
        text=True,
        examples=(
            'sameboat promise "sc>yf 周五前给文案 @王芳 ^周五"',
            'sameboat promise "rd>marketing the release notes @lp ^fri"',
        ),
    ),
    "need": Command(
        _need,
        N_("log what a department needs, or what stands in its way, from one line; - reads lines from stdin"),
        "LINE…",
        (_PRIVATE,),
        least=1,
        text=True,
        examples=(
            'sameboat need "yf 缺测试机 !2 #tools"',
            'sameboat need "挑战：sc 文案总是最后一天才定 !1 #信息"',
        ),
    ),
    "feedback": Command(
        _feedback,
        N_("write down what somebody said, from one line; - reads lines from stdin, one piece each"),
        "[LINE…]",
        (
            _PRIVATE,
            Option("paste", N_("read a chat from a file, or from stdin, and show its messages")),
            Option("keep", N_("of the chat keep these messages, as in 1,3,5-8, or all"), metavar="NUMBERS"),
            Option("channel", N_("how the chat arrived, such as the name of a group"), metavar="NAME"),
        ),
        text=True,
        examples=(
            'sameboat feedback "&华宇集团 导出里没有发票 !3"',
            'sameboat feedback "销售：对账单要按月分 @me"',
            "sameboat feedback --paste chat.txt",
            "sameboat feedback --paste chat.txt --keep 1,3-5 --channel 微信群",
        ),
    ),
}
