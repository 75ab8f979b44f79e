"""Who works on the launch, and what they want to reach."""

from __future__ import annotations

from typing import NamedTuple

from store.ops import derived_id

WORKSPACE = "阿波罗上线 Apollo launch"
VISION = (
    "任何团队都能在 90 秒内看懂价格、付完款、开始用。五个部门在同一条船上：本季度上线，老客户一个不丢。\n\n"
    "Any team understands the price, pays and starts working within 90 seconds. "
    "Five departments, one boat: we go live this quarter and lose no customer on the way."
)


class Person(NamedTuple):
    """A member: the code that short ids begin with, the department's code, the name, other names in both scripts."""

    code: str
    department: str
    name: str
    aliases: tuple[str, ...]
    device: str
    hours: int


# The first one is played by whoever runs the demo.
PEOPLE = (
    Person("lp", "pd", "林平", ("Lin Ping",), "林平的 ThinkPad", 40),
    Person("ll", "yf", "李雷", ("Li Lei",), "lilei-dev", 40),
    Person("hw", "sc", "Hannah Weber", ("韩娜", "Hannah"), "Hannah's MacBook", 32),
    Person("hm", "yf", "韩梅梅", ("Han Meimei",), "hanmeimei-dev", 40),
    Person("tr", "yf", "Tomás Rivera", ("托马斯", "Tomás", "Tomas"), "tomas-laptop", 40),
    Person("wf", "xs", "王芳", ("Wang Fang",), "销售部-07", 40),
    Person("cc", "kf", "陈晨", ("Chen Chen",), "客服台-2", 40),
    Person("zl", "pd", "周岚", ("Zhou Lan",), "周岚的 MacBook", 20),
)
YOU = PEOPLE[0].code
# Those who keep editing while the demo is open.
TEAMMATES = ("ll", "hw")
# Whom to ask in each department.
CONTACTS = {"pd": "lp", "yf": "ll", "sc": "hw", "xs": "wf", "kf": "cc"}


class Goal(NamedTuple):
    """A goal, and the number that shows whether it is reached; `due` counts working days from today."""

    key: str
    department: str
    parent: str
    title: str
    metric: str
    why: str
    baseline: float | None
    target: float | None
    due: int
    owner: str


GOALS = (
    Goal(
        "g1", "pd", "", "Q4 付费转化 +3pt", "试用转付费 %",
        "看过定价页的团队里只有一半走进结账，走进结账的只有三分之一付了款。", 4.2, 7.2, 24, "lp",
    ),
    Goal(
        "g2", "yf", "g1", "Checkout in under 90 seconds", "median s",
        "Every extra step costs us about 8% of the people who had already decided to buy.", 214, 90, 14, "ll",
    ),
    Goal(
        "g3", "sc", "g1", "Launch week brings 500 qualified leads", "sign-ups",
        "The trade fair is the one moment of the year when our buyers listen to all vendors at once.", 0, 500, 18, "hw",
    ),
    Goal("g4", "kf", "", "上线首月首次响应 < 2 小时", "首次响应中位数 h", "付款失败的人等不了一天。", 5.5, 2, -2, "cc"),
    Goal(
        "g5", "xs", "", "续约客户零流失", "已续约 家", "一次没讲清楚的涨价，要一年才能补回来。首月到期的有 38 家。",
        0, 38, 30, "wf",
    ),
    Goal("g6", "yf", "g2", "移动端结账不再白屏", "白屏率 %", "一半的人在手机上付款。", 1.8, 0.1, 9, "tr"),
    Goal("g7", "pd", "", "Say in one sentence what Apollo is", "", "Nobody agrees on it.", None, None, 0, ""),
)  # fmt: skip


def ident(key: str) -> str:
    """Return the id of what the demo calls `key`: the same in every process, so that nobody has to pass it on."""
    return derived_id("sameboat demo", key)
