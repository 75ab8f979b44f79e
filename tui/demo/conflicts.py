"""What the departments disagree about: who wants what and why, and how far they have come.

Days are working days from today. `steps` are the states a conflict has passed: day, state, by whom.
"""

from __future__ import annotations

from typing import NamedTuple


class Conflict(NamedTuple):
    """A disagreement: positions and interests by department code, affected items by key."""

    key: str
    day: int
    by: str
    parties: str
    severity: int
    cause: str
    title: str
    positions: dict[str, str]
    interests: dict[str, str]
    items: str
    steps: tuple[tuple[int, str, str], ...] = ()
    decider: str = ""
    follow_up: int | None = None
    shared_goal: str = ""
    description: str = ""
    options: str = ""
    decision: str = ""
    checks: tuple[tuple[str, int], ...] = ()
    labels: str = ""


CONFLICTS = (
    Conflict(
        "x1", -7, "hw", "yf sc", 1, "resources", "发布日提前两周，赶上展会",
        {
            "sc": "Launch on the first day of the trade fair, two weeks earlier. The booth is paid for.",
            "yf": "原定日期不能再提前：渠道审核和压测都压缩不了。",
        },
        {
            "sc": "Once a year 4,000 buyers stand in one hall; a launch after that is a footnote.",
            "yf": "不想再经历一次上线当晚回滚；团队已经连续两个周末加班。",
        },
        "la1 la2 la14",
        ((-7, "confirmed", "ll"), (-5, "negotiating", "lp"), (-3, "escalated", "lp")),
        decider="zl", follow_up=1, shared_goal="展会上能演示、上线后不回滚",
        description="周三站会没有谈拢，两边都要求周岚来定。范围清单见受影响事项。",
        options="A. 按原日期上线，展会只演示预览版\nB. 砍掉电子发票与 A/B 实验，提前一周\nC. 展会期间只对受邀客户开放",
        labels="launch trade-fair",
    ),
    Conflict(
        "x2", -6, "wf", "xs pd", 1, "goals", "老客户要不要跟着涨价",
        {
            "xs": "老客户一律保留原价，至少一年。",
            "pd": "下个续费日统一切到新价，可以给一年折扣。",
        },
        {
            "xs": "下个月有 38 家续约，丢一家大客户等于白签十家小的。",
            "pd": "两套价格并行，开票、客服、统计都要做两遍，半年后没人说得清。",
        },
        "pr6 pr11 la17 pr2",
        ((-5, "confirmed", "lp"), (-4, "negotiating", "lp")),
        decider="zl", follow_up=2, shared_goal="续约客户零流失",
        options="A. 原价到续费日，之后 9 折一年\nB. 原价再保留 12 个月\nC. 按客户大小分开谈",
        labels="定价 老客户",
    ),
    Conflict(
        "x3", -5, "wf", "xs yf", 2, "trust", "答应大客户的定制发票没有排期",
        {
            "xs": "合同里写了，月底前必须能改抬头和税号。",
            "yf": "没有人来问过我们；现在插进来，支付联调就得停。",
        },
        {
            "xs": "三家华东客户的采购只认“说到做到”。",
            "yf": "希望承诺之前先问一句，而不是签完再通知。",
        },
        "pa9 pa10 sa6",
        ((-5, "confirmed", "ll"), (-4, "decided", "lp"), (-1, "reopened", "wf")),
        decider="lp", follow_up=0,
        decision="客服先手工改抬头，单数超过每周 10 单再排研发。",
        description="手工改了两天，客户要求自己改，王芳昨天重新提出。",
        checks=(("xs", 2), ("yf", 4)), labels="支付 大客户",
    ),
    Conflict(
        "x4", -4, "cc", "kf yf xs", 2, "roles", "上线首周的付款工单谁来回",
        {
            "kf": "付款失败要查日志，研发必须有人在班上。",
            "yf": "研发值班可以，但只接客服确认过的问题。",
            "xs": "大客户的工单由销售先接，别让客户重复讲一遍。",
        },
        {
            "kf": "没有人能查日志时，我们只能对客户说“请稍等”。",
            "yf": "上次值班一晚上 40 个电话，37 个是忘记密码。",
            "xs": "客户只认识我们。",
        },
        "su1 su3 su8",
        ((-3, "confirmed", "lp"),),
        decider="lp", follow_up=1, shared_goal="首次响应 < 2 小时", labels="launch",
    ),
    Conflict(
        "x5", -4, "wf", "xs sc", 2, "priority", "Pricing page: show the monthly price or the annual one first",
        {
            "xs": "Monthly first. Nobody signs a year before the first month.",
            "sc": "Annual first. It is the number that looks better next to the competitors.",
        },
        {
            "xs": "Every demo begins with “why is this not the price on your page?”",
            "sc": "The page has eight seconds; the lowest number keeps people reading.",
        },
        "pr2 pr3 pr4",
        ((-4, "confirmed", "hw"), (-3, "negotiating", "lp")),
        decider="lp", follow_up=0, shared_goal="付费转化 +3pt",
        options="A. A/B test for one week after launch\nB. A switch, monthly preselected\nC. Both prices in one line",
        labels="定价",
    ),
    Conflict(
        "x6", -8, "ll", "yf pd", 3, "communication", "埋点字段改了三次，没人通知研发",
        {"yf": "字段以评审那天的文档为准，之后改动要有编号。", "pd": "分析口径变了，字段就得跟着变。"},
        {"yf": "同一段代码改了三遍，测试也跟着重来。", "pd": "口径不对，上线后的转化率谁都不信。"},
        "da1 da2",
        ((-8, "confirmed", "lp"), (-7, "negotiating", "lp"), (-5, "decided", "lp")),
        decider="lp", follow_up=3,
        decision="埋点文档进仓库，改动走评审；每次改动在周三站会上念一遍。", labels="数据",
    ),
    Conflict(
        "x7", -6, "hm", "yf sc", 3, "resources", "压测环境被市场演示占着",
        {"yf": "压测需要独占两整天。", "sc": "The demo for the two reference customers runs there all week."},
        {"yf": "没有压测报告，谁也不敢说能扛住上线日。", "sc": "A demo that stutters costs us the reference."},
        "in1 la12",
        ((-6, "confirmed", "hw"), (-5, "decided", "lp"), (-2, "checking", "lp")),
        decider="lp", follow_up=-1, shared_goal="压测和演示互不打扰",
        decision="演示环境单独拆出来，周二、周三归压测。", checks=(("yf", 4), ("sc", 3)), labels="测试",
    ),
    Conflict(
        "x8", -2, "hw", "yf sc", 3, "priority", "先修移动端白屏，还是先做发布页的视频加载",
        {
            "sc": "The launch page needs the lazy-loading player this week, or the video cannot be tested.",
            "yf": "白屏影响真实付款，视频可以晚两天。",
        },
        {"sc": "The agency charges for every day of waiting.", "yf": "只有托马斯一个人能做，他不能同时修两个。"},
        "ck5 la4 la6",
        labels="mobile video",
    ),
    Conflict(
        "x9", -3, "cc", "kf pd", 3, "communication", "客服培训排期没人认领",
        {"kf": "上线前一周必须培训完，请产品定时间和讲的人。", "pd": "培训内容要等帮助中心写完才能定。"},
        {"kf": "客户打来时，我们不能是最后一个知道的。", "pd": "讲早了又改，等于白讲。"},
        "su4 su2",
        labels="培训",
    ),
    Conflict(
        "x10", -1, "wf", "xs pd", 4, "other", "渠道手续费 0.6% 由谁承担",
        {"xs": "报价是含税到手价，手续费不能让客户出。", "pd": "手续费应计入成本，由折扣额度里扣。"},
        {"xs": "折扣额度已经用掉七成。", "pd": "毛利模型里没有这一项。"},
        "pa1 sa2",
        decider="zl", follow_up=4, labels="支付 定价",
    ),
    Conflict(
        "x11", -11, "lp", "pd yf sc", 4, "communication", "周会开在周一还是周三",
        {"yf": "周一要发版。", "sc": "Wednesdays are for the agency.", "pd": "只要五个部门都能来。"},
        {"yf": "发版当天被打断，出错的就是线上。"},
        "pm1",
        ((-11, "decided", "lp"), (-10, "closed", "lp")),
        decider="lp", decision="周三上午十点，三十分钟，只看卡住的。", checks=(("yf", 5), ("sc", 4), ("pd", 5)),
    ),
    Conflict(
        "x12", -9, "tr", "yf pd", 3, "roles", "Two versions of the checkout design are in circulation",
        {"yf": "We build from v7.", "pd": "产品评审用的是 v6，改动没有同步。"},
        {"yf": "Rebuilding the form twice cost three days.", "pd": "评审结论不能丢。"},
        "ck1 ck2",
        ((-9, "confirmed", "lp"), (-8, "decided", "lp"), (-6, "closed", "lp")),
        decider="lp", decision="v7 为准；设计稿的链接写在事项里，旧版加水印。", checks=(("yf", 4), ("pd", 5)),
    ),
)  # fmt: skip

# What is logged while the demo is open.
LATER = (
    Conflict(
        "x13", 0, "hw", "sc yf", 2, "communication", "联调延期没有人告诉拍摄组",
        {"sc": "Tell us the day it moves, not the day before the crew arrives.", "yf": "日期改了，事项里都看得到。"},
        {"sc": "The crew is paid whether there is a page to film or not.", "yf": "不想同一件事写三个地方。"},
        "pa1 la6",
        follow_up=2, labels="video",
    ),
    Conflict(
        "x14", 0, "ll", "yf kf", 3, "priority", "退款先做全额，还是等部分退款一起上",
        {"yf": "先上全额退款，部分退款下一版。", "kf": "九成的退款是部分退款，只有全额等于没有。"},
        {"yf": "部分退款要改对账，至少多一周。", "kf": "手工退款一单要二十分钟。"},
        "pa5",
        decider="lp", follow_up=3, labels="支付",
    ),
    Conflict(
        "x15", 0, "hw", "sc pd", 3, "goals", "Launch mail: invite everybody, or only teams that fit the new plans",
        {"sc": "Everybody. Half of the list opened nothing this year; this they will.", "pd": "只发给合适的。"},
        {"sc": "Five hundred leads is the number I am measured by.", "pd": "不合适的团队来了也留不住，工单倒是会来。"},
        "la9 la8",
        follow_up=4, labels="launch copy",
    ),
)  # fmt: skip
