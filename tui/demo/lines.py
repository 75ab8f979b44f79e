"""What the two teammates do and say while the demo is open: a planned first minute, then whatever comes to hand.

Seconds count from the moment the teammates are there.
"""

from __future__ import annotations

from typing import NamedTuple

MOVE, TICK, SAY, DUE, LOG, BOTH = "move", "tick", "say", "due", "log", "both"


class Scene(NamedTuple):
    """One planned edit. `BOTH` is an edit by two people who have not heard of each other's: a divergence."""

    at: float
    who: str
    does: str
    on: str
    value: str | int = ""


class New(NamedTuple):
    """An item that turns up."""

    who: str
    kind: str
    priority: int
    due: int
    labels: str
    title: str


# The days the two give the same item, in working days from today.
DISPUTED_DUE = {"ll": 5, "hw": 2}

OPENING = (
    Scene(3, "ll", MOVE, "ck4", "x"),
    Scene(7, "hw", TICK, "la4"),
    Scene(11, "ll", TICK, "pa1"),
    Scene(15, "hw", SAY, "pa1", "The crew is free in two days. I put that date here, so that nobody is surprised."),
    Scene(20, "hw", BOTH, "pa1"),
    Scene(25, "ll", SAY, "pa1", "我刚把日期写成五天后：退款验证要单独两天。和 Hannah 的撞上了，谁来定？"),
    Scene(30, "hw", LOG, "x13"),
    Scene(35, "ll", MOVE, "pa2", "x"),
    Scene(39, "hw", MOVE, "pr3", "x"),
    Scene(43, "ll", MOVE, "in11", "d"),
    Scene(47, "hw", DUE, "la6", 1),
    Scene(52, "ll", SAY, "x1", "清单列好了：砍掉电子发票和按天计费能省六天，压测不能砍。"),
    Scene(57, "hw", MOVE, "la7", "d"),
)  # fmt: skip

# What each says when moving a card to a status, sending one back, putting a day off, asking, and answering.
LINES: dict[str, dict[str, tuple[str, ...]]] = {
    "ll": {
        "d": ("今天开始，先把接口理一遍。", "开始做了，有疑问在这里问。", "排上了，预计两天。"),
        "r": ("可以评审了，重点看异常分支。", "自测通过，请评审。", "代码已合到预发布，请看。"),
        "x": ("已上线到预发布，监控正常。", "评审通过，合并了。", "回归通过，关掉。"),
        "back": ("评审时发现重复点击会提交两次，退回来改。", "弱网下超时没有提示，改完再提。"),
        "due": ("前面的联调多占了一天，往后挪。", "等依赖的接口，日期顺延。"),
        "ask": ("这个会影响代码冻结吗？", "需要研发一起看的话，明天上午有空。", "字段定了吗？定了我就开始改。"),
        "answer": ("收到，我下午看一下。", "看到了，要研发做什么请写在验收里。", "可以，先排进待办，站会上说。"),
        "dispute": ("收到。研发这边的想法我写一下，周三一起谈。", "先记着，别在群里吵。我今天补上我们的理由。"),
    },
    "hw": {
        "d": ("Starting on this now.", "On it. First draft tonight.", "Picked up; the agency is in the loop."),
        "r": ("Ready for a second pair of eyes.", "Draft is up in both languages.", "Please read it aloud once."),
        "x": ("Published to staging, links checked.", "Signed off, thank you all.", "Done and scheduled."),
        "back": ("Legal crossed out “always”, so I rewrite it.", "One Chinese line breaks badly on a phone."),
        "due": ("The agency needs one more day.", "Moved: waiting for the product shots."),
        "ask": (
            "Can I quote this on the launch page?", "Is there a screenshot of this that I may use?",
            "Which date should I tell the agency?",
        ),
        "answer": ("Thanks, I will look at it today.", "Saw it. Does it need copy?", "Noted for Wednesday."),
        "dispute": ("Good that this is written down. I add our side today.", "Fair. Ten minutes on Wednesday?"),
    },
}  # fmt: skip

TURNS_UP = (
    New("ll", "bug", 1, 2, "支付", "超时关单后仍能继续付款"),
    New("hw", "task", 2, 4, "launch,copy", "Thank-you page after sign-up, with the webinar date"),
    New("ll", "task", 2, 5, "监控", "给支付回调加一条延迟告警"),
    New("hw", "action", 2, 3, "launch,video", "Book a second day for the product shots"),
    New("ll", "bug", 2, 3, "checkout,mobile", "横屏时付款按钮被键盘挡住"),
    New("hw", "task", 3, 7, "copy", "Alt texts for all pictures of the launch page"),
    New("ll", "action", 2, 4, "launch", "回滚演练：把上次的步骤写成脚本"),
    New("hw", "risk", 2, 6, "launch,trade-fair", "The booth has no wired network"),
    New("ll", "bug", 3, 6, "定价", "切换年付后小数点后出现三位"),
    New("hw", "task", 2, 5, "launch", "Short version of the webinar for those who missed it"),
)
