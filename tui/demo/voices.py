"""What customers and departments say, promise and look back on: the content of the feedback screen's tabs.

Days are working days from today, negative ones in the past; people and departments by code, items and conflicts by key.
"""

from __future__ import annotations

from typing import NamedTuple


class Customer(NamedTuple):
    """Somebody who buys, and how large they are: seats."""

    key: str
    name: str
    size: int
    aliases: tuple[str, ...] = ()


CUSTOMERS = (
    Customer("c1", "华东机电", 240, ("hdjd",)),
    Customer("c2", "Nordlicht GmbH", 85, ("Nordlicht",)),
    Customer("c3", "青禾教育", 46),
    Customer("c4", "Blue Harbor Logistics", 130, ("Blue Harbor",)),
    Customer("c5", "三江物业", 18),
)


class Said(NamedTuple):
    """One thing somebody said, in their words, and what has become of it."""

    key: str
    when: str
    by: str
    text: str
    origin: str
    channel: str = ""
    said_by: str = ""
    customer: str = ""
    department: str = ""
    importance: int | None = None
    voters: str = ""
    customers: str = ""
    state: str = "inbox"
    items: str = ""
    reply: str = ""
    reason: str = ""
    until: int | None = None
    duplicate_of: str = ""


FEEDBACK = (
    Said(
        "f1",
        "-9 10:20",
        "wf",
        "发票抬头填错了不能自己改，每次都要找你们客服，等一天。",
        "customer",
        "电话",
        "采购 张工",
        "c1",
        importance=3,
        voters="wf cc",
        customers="c1 c5",
        state="linked",
        items="pa9",
    ),
    Said(
        "f2",
        "-8 15:05",
        "cc",
        "付款失败只写“系统错误”，不知道是卡的问题还是你们的问题。",
        "customer",
        "工单",
        "",
        "c3",
        importance=3,
        voters="cc",
        customers="c3 c5",
        state="linked",
        items="ck5",
    ),
    Said(
        "f3",
        "-7 11:40",
        "hw",
        "We compared three vendors. Yours was the only pricing page where we had to ask what a seat is.",
        "interview",
        "call",
        "Jana K.",
        "c2",
        importance=2,
        voters="hw lp",
        customers="c2 c4",
        state="linked",
        items="pr2",
    ),
    Said(
        "f4",
        "-6 09:50",
        "wf",
        "能不能按季度付？我们年度预算要到三月才批。",
        "customer",
        "微信群",
        "李经理",
        "c3",
        importance=2,
        voters="wf",
        customers="c3",
    ),
    Said(
        "f5",
        "-5 16:30",
        "hw",
        "The demo video does not play behind our proxy. We watched it on a phone.",
        "customer",
        "e-mail",
        "IT desk",
        "c4",
        importance=1,
        customers="c4",
    ),
    Said(
        "f6",
        "-4 14:10",
        "cc",
        "发票抬头又填错了，怎么还是不能自己改？",
        "customer",
        "工单",
        "",
        "c5",
        importance=2,
        customers="c5",
        state="duplicate",
        duplicate_of="f1",
    ),
    Said(
        "f7",
        "-4 10:00",
        "ll",
        "评审时给的原型和最后的设计稿差太多，能不能定稿后再排期？",
        "department",
        "周会",
        department="yf",
        importance=2,
        voters="ll hm tr",
    ),
    Said(
        "f8",
        "-3 17:20",
        "cc",
        "上线那周能不能给客服一份“已知问题”清单？客户一问三不知很尴尬。",
        "department",
        "周会",
        department="kf",
        importance=3,
        voters="cc wf",
    ),
    Said(
        "f9",
        "-3 11:15",
        "wf",
        "Can we keep our old price until the contract ends? We were promised.",
        "customer",
        "call",
        "Blue Harbor, finance",
        "c4",
        importance=3,
        voters="wf",
        customers="c4 c1",
    ),
    Said(
        "f10",
        "-2 13:30",
        "hw",
        "Please add a dark mode to the admin pages.",
        "customer",
        "e-mail",
        "",
        "c2",
        importance=0,
        customers="c2",
        state="declined",
        reason="Not this quarter: the launch comes first.",
    ),
    Said(
        "f11",
        "-1 10:45",
        "lp",
        "两个部门的日历合在一起看，才知道谁什么时候没空。",
        "retro",
        "复盘",
        importance=1,
        voters="lp wf",
        state="snoozed",
        until=15,
    ),
    Said(
        "f12",
        "-90m",
        "wf",
        "刚签的客户问能不能一次给十个人发邀请，一个个点太慢了。",
        "customer",
        "微信群",
        "",
        "c1",
        importance=2,
        customers="c1",
    ),
)


class Promise(NamedTuple):
    """Who promised what to whom by when, and how it ended."""

    key: str
    when: str
    by: str
    sides: str
    title: str
    due: int
    receiver: str = ""
    state: str = "promised"
    ended: int | None = None
    first_due: int | None = None
    confirmed: bool = False
    reason: str = ""


PROMISES = (
    Promise(
        "p1", "-10 11:00", "hw", "sc yf", "发布页文案定稿，不再改动结构", -5, "ll", "kept", -6, confirmed=True
    ),
    Promise(
        "p2",
        "-9 16:20",
        "ll",
        "yf sc",
        "Staging with the new checkout for the video crew",
        -4,
        "hw",
        "broken",
        -4,
        reason="联调延期，环境没有腾出来",
    ),
    Promise("p3", "-8 10:10", "ll", "yf kf", "付款失败的错误码说明", -3, "cc", "kept", -3, confirmed=True),
    Promise(
        "p4",
        "-7 14:45",
        "wf",
        "xs pd",
        "38 家续约客户的名单和到期日",
        -2,
        "lp",
        "kept",
        -1,
        first_due=-4,
        confirmed=True,
    ),
    Promise("p5", "-6 09:40", "lp", "pd yf", "埋点字段冻结，之后的改动走编号", -1, "ll", "kept", -1),
    Promise(
        "p6",
        "-4 15:00",
        "hm",
        "yf sc",
        "压测报告，含两页给市场看的结论",
        1,
        "hw",
        "renegotiated",
        first_due=-1,
        reason="压测环境周二才腾出来",
    ),
    Promise("p7", "-3 10:30", "hw", "sc xs", "One-page answer to “why did the price change”", 0, "wf"),
    Promise("p8", "-1 17:10", "cc", "kf pd", "上线首周值班表", 3, "lp"),
    Promise("p9", "-1 11:25", "wf", "xs yf", "大客户定制发票的真实需求，按客户列出来", -1, "ll"),
)

# The weekly meeting of a week ago: what was noted, and what came of it.
WEEKLY = "周会：上线前只看卡住的"
WEEKLY_AGO = 5
NOTES = (
    ("lp", "展会日期：市场和研发都讲了一遍，周岚明天给结论。"),
    ("ll", "联调环境被占，周二周三归压测，其他时间可以演示。"),
    ("hw", "The video crew needs a date by Friday, whichever date it is."),
    ("cc", "客服培训要等帮助中心写完，先排一个占位时间。"),
)
DECIDED = ("周二、周三压测环境只归研发", "帮助中心先写付款与退款两章")

# The look back at the last release.
RETRO = "上一版发布：复盘"
RETRO_AGO = 8
CARDS = (
    ("hm", "start", "提测前先在预发跑一遍支付全流程", "hm ll tr"),
    ("hw", "start", "One list of dates that all five departments read", "hw wf cc lp"),
    ("cc", "stop", "上线当晚才告诉客服改了什么", "cc wf"),
    ("tr", "stop", "Changing the design after the sprint has begun", "tr ll"),
    ("lp", "continue", "周三站会只看卡住的", "lp"),
    ("wf", "continue", "大客户问题当天在群里有回音", "wf"),
)
RETRO_ACTION = (
    "每次上线前两天，给客服一份“改了什么、已知问题”清单",
    "cc",
    2,
    "客服在上线当天能答出三个抽查问题",
)

PULSES = (
    ("ll", 3, "两条线同时推，切换太多"),
    ("hm", 4, ""),
    ("tr", 3, "waiting for the design"),
    ("hw", 4, ""),
    ("wf", 2, "客户在等我们的答复"),
    ("lp", 4, ""),
    ("cc", 3, ""),
)
LAST_PULSES = (("ll", 4, ""), ("hm", 4, ""), ("tr", 2, "two design versions"), ("hw", 3, ""), ("cc", 3, ""))


class Case(NamedTuple):
    """What happened once and what was learned."""

    key: str
    came_from: str
    departments: str
    cause: str
    title: str
    context: str
    action: str
    result: str


CASES = (
    Case(
        "k1",
        "x12",
        "yf pd",
        "roles",
        "设计稿两个版本同时流传",
        "研发按 v7 做，产品评审按 v6，返工三天。",
        "定 v7 为准；链接只写在事项里，旧版加水印。",
        "之后两周没有再因为版本返工。",
    ),
    Case(
        "k2",
        "x11",
        "pd yf sc",
        "communication",
        "周会开在谁的忙日",
        "周一发版、周三外包会，谁都有理由不来。",
        "定在周三上午十点，三十分钟，只看卡住的。",
        "五个部门连续两周到齐。",
    ),
)
PLAYBOOK = (
    "承诺客户之前先问研发",
    "销售要答应一个还没有的功能时用",
    (
        "写一行反馈，客户和金额写清楚",
        "当天找研发负责人要一个量级",
        "给客户的答复里写日期，同时记一条承诺",
        "到期前两天确认一次",
    ),
)
