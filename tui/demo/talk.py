"""What people said about the work, and what they changed besides moving it along.

`when` is a working day before today and a time, or "-40m" for minutes before now.
"""

from __future__ import annotations

from typing import NamedTuple


class Say(NamedTuple):
    """A comment."""

    when: str
    who: str
    on: str
    text: str


class Edit(NamedTuple):
    """One field of an item, changed; `owner` takes a person's code, `due` working days from today."""

    when: str
    who: str
    on: str
    field: str
    value: str | int | None


SAID = (
    Say("-11 11:20", "ll", "pa1", "两家的文档我都看过了，微信这边字段多一倍，我先做微信。"),
    Say("-11 14:05", "hw", "la1",
        "The trade fair opens two weeks before this date. Can we talk about it before it is cast in stone?"),
    Say("-11 14:31", "lp", "la1", "可以谈，但先看渠道审核多久。周三站会上带着日期来。"),
    Say("-10 10:12", "cc", "su9", "31 条里 19 条是看不懂价格，7 条是付不了款，其余零散。"),
    Say("-10 15:40", "wf", "pr7", "38 家。其中 6 家是大客户，名单已发，请不要外传。"),
    Say("-9 09:50", "hm", "in1", "想排两天独占的压测环境，现在上面跑着演示数据。"),
    Say("-9 16:22", "lp", "ck8", "五个人全都在“创建账号”那一步停了十秒以上。视频在共享盘里。"),
    Say("-9 16:45", "tr", "ck8",
        "Watching them was worth more than the whole spec. Number three gave up twice."),
    Say("-8 10:30", "ll", "pa7", "证书申请已提交，渠道说 5 到 10 个工作日。"),
    Say("-8 11:02", "lp", "pa8",
        "如果真要 10 个工作日，支付上线就踩着代码冻结了。周三站会一起看上线日。"),
    Say("-8 17:18", "hw", "la10",
        "Booth confirmed, material due in nine days. After that every change costs 400 €."),
    Say("-7 10:05", "wf", "pa9", "华东三家的合同里有这一条，我当时问过前任产品经理。"),
    Say("-7 10:41", "ll", "pa9", "问过不等于排过。以后请把承诺写进来，我们好回答能不能。"),
    Say("-7 14:20", "tr", "ck2",
        "Working from design v7. v6 had the invoice fields on step two, v7 moves them after payment."),
    Say("-7 15:11", "lp", "pr6", "三个方案的测算贴在描述里。A 的首年收入影响 −1.8%，B −4.1%，C 说不准。"),
    Say("-6 09:31", "ll", "la2", "渠道审核拖了两天，冻结顺延两个工作日。上线日跟着动。"),
    Say("-6 09:48", "hw", "la1",
        "So the date moves away from the fair, not towards it. I have added that to the conflict."),
    Say("-6 11:15", "hm", "in10", "已确认：预发布的 SMTP 配了生产账号，影响 12 位客户，道歉邮件由客服发。"),
    Say("-6 11:52", "cc", "in10", "道歉邮件已发，三位回复说没关系，一位顺便问了新价格。"),
    Say("-6 16:30", "wf", "pr11", "上次涨价走了 4 家，都是看到官网才知道的。这次必须先打电话。"),
    Say("-5 10:10", "ll", "pa4", "根因：渠道会重发 8 次，我们按到达顺序处理。改成只允许状态前进。"),
    Say("-5 10:44", "hm", "pa4", "重放了 2,000 条历史回调，没有再回退。"),
    Say("-5 14:02", "hw", "la6",
        "The edit waits for a checkout that we can film. Half a page on screen would be honest, but not that honest."),
    Say("-5 15:20", "zl", "pr12", "财务已签。法务要看自动续费的那一段，请把文案先给他们。"),
    Say("-5 17:35", "hm", "in7", "加了复合索引，P99 从 1.31 s 降到 0.42 s。"),
    Say("-4 09:40", "tr", "ck5", "Reproduced: only inside WeChat on iOS 16, about one visit in thirty."),
    Say("-4 09:58", "cc", "ck5", "今天又有两单卡在白屏，客户改用电脑付的。"),
    Say("-4 11:30", "hm", "pa10", "开票服务商的沙箱账号还没给，催了两次。"),
    Say("-4 14:15", "cc", "su1", "客服排满了三个班次，缺研发的那一栏。"),
    Say("-4 14:50", "ll", "su1", "我可以排人，但请先看冲突里的约定：确认过的问题才转。"),
    Say("-4 16:05", "wf", "pr2", "给客户演示时，第一个问题永远是“按月多少钱”。"),
    Say("-4 16:22", "hw", "pr2", "And the first thing they compare is the lowest number on the page."),
    Say("-3 10:10", "lp", "la15", "周三站会没谈拢，升级给周岚。两边各写一页：提前要砍什么，不提前会失去什么。"),
    Say("-3 10:55", "ll", "la15", "能砍：电子发票、按天计费、邀请链接。不能砍：压测、回滚演练。"),
    Say("-3 13:20", "hw", "la15",
        "What we lose: 60 booked booth demos and the morning slot on the main stage."),
    Say("-3 15:45", "tr", "ck5",
        "The payment SDK is loaded before the split bundle is ready. Fix is small, testing it is not."),
    Say("-3 16:30", "wf", "sa1", "四家口头同意，两家等新价格的正式文件，日期往后挪了。"),
    Say("-2 09:45", "ll", "pa1", "生产证书今天才到，联调完成日改到三天后。沙箱全部通过。"),
    Say("-2 10:20", "hw", "pa1",
        "I need one working payment on film by then. Which day can I book the crew for?"),
    Say("-2 10:38", "ll", "pa1", "下单到支付成功这条路明天就能拍，退款别拍。"),
    Say("-2 11:50", "cc", "su4", "培训日期空着，帮助中心写完 9 篇了，可以先讲结账。"),
    Say("-2 15:05", "lp", "pr3", "“适合谁”这句很好。企业版那句请王芳看看像不像人话。"),
    Say("-2 15:32", "wf", "pr3", "“需要合同和发票的团队”——客户就是这么说的，可以。"),
    Say("-2 17:10", "hm", "in2", "灰度演练一次：5% 流量，12 秒内回滚完成。"),
    Say("-1 09:35", "tr", "da2", "Five of seven events are in. refund_requested waits for the refund flow."),
    Say("-1 10:05", "hm", "ck6", "回退一步时优惠码会重新计算，已改成按订单去重，请评审。"),
    Say("-1 10:40", "wf", "sa6", "三家共 11 条承诺，9 条已兑现，两条是定制发票。"),
    Say("-1 11:15", "cc", "su3", "“Old price” 那条宏请销售看一眼措辞，不要读起来像涨价通知。"),
    Say("-1 14:25", "hw", "la8",
        "Three mails, two languages. The one to existing customers must not go out before sales have called."),
    Say("-1 15:10", "ll", "pa2", "3-D Secure 在测试卡上全部通过，争议通知的回调还差一个。"),
    Say("-1 16:48", "lp", "co1", "法务说今天给意见，没有等到。明早再催一次。"),
    Say("-110m", "hm", "pa3", "重放测试抓到一笔重复入账，是对账脚本的时区问题，不是接口。"),
    Say("-85m", "lp", "la17", "王芳，前 5 家的反馈方便贴几句原话吗？方案选 A 还是 B 就看这个。"),
    Say("-70m", "wf", "la17", "“提前告诉我们就行，别让我从官网上知道。”——五家里四家是这个意思。"),
    Say("-32m", "ll", "ck4", "税号校验接的是公开接口，超时 800 ms 就跳过，不会卡住付款。@lp 可以验收了。"),
    Say("-18m", "hw", "la4",
        "Headline is in: “Know the price. Pay. Start.” @lp please shoot holes into it today, not next week."),
    # Conflicts are argued where they are logged.
    Say("-7 16:40", "ll", "x1", "提前两周等于把压测和回滚演练都砍掉。要我签字我签不了。"),
    Say("-6 10:02", "hw", "x1",
        "Nobody asks for a launch without tests. Which part of the scope would make ten days enough?"),
    Say("-6 10:37", "ll", "x1", "这个问题问得对。我和韩梅梅列个清单。"),
    Say("-3 11:20", "zl", "x1", "明天下班前我要看到两页纸。我倾向 C：展会只对受邀客户开放。"),
    Say("-4 10:15", "wf", "x2", "A 方案可以接受，前提是每一家都先打电话，不群发。"),
    Say("-4 10:50", "lp", "x2", "同意先打电话。财务想看 A 和 B 的两年现金流，今天补上。"),
    Say("-1 16:20", "wf", "x3", "手工改到第三单，客户问为什么不能自己改。重新打开这个冲突。"),
    Say("-1 17:02", "ll", "x3", "数量没到十单，但方式确实不行。能不能只放开“备注”这一栏？半天能做。"),
    Say("-3 14:30", "ll", "x4", "研发每天一位值班，接单条件：订单号、时间、截图，缺一样退回。"),
    Say("-3 14:52", "cc", "x4", "可以，客服的工单模板按这三样改。"),
    Say("-3 09:55", "hw", "x5",
        "A switch with monthly preselected, if the annual price is visible without a click. That I can live with."),
    Say("-3 10:20", "wf", "x5", "B 我能接受。年付价写在同一行，不要藏起来。"),
    Say("-2 10:48", "hm", "x7", "两天独占已经兑现，压测脚本跑通了。给 4 分，因为周二早上还占了一小时。"),
    Say("-2 18:05", "tr", "x8", "I can do one of them well, or both badly."),
    Say("-95m", "lp", "x9", "我来认领：本周四先讲结账，退款等帮助中心写完。今天定时间。"),
)  # fmt: skip

EDITED = (
    Edit("-10 09:30", "ll", "pa1", "effort", 40),
    Edit("-9 10:00", "hm", "in1", "blocked", "压测环境被演示占用"),
    Edit("-8 09:40", "tr", "ck2", "effort", 32),
    Edit("-3 09:20", "lp", "ck5", "priority", 0),
    Edit("-10 14:10", "lp", "in3", "priority", 1),
    Edit("-5 11:20", "lp", "pr6", "blocked", "等周岚在三个方案里选一个"),
    Edit("-5 15:30", "hw", "la6", "blocked", "没有能拍的支付页"),
    Edit("-4 11:35", "hm", "pa10", "blocked", "服务商沙箱账号未开通"),
    Edit("-3 16:35", "hm", "in1", "blocked", None),
    Edit("-3 17:00", "lp", "co1", "blocked", "等法务意见"),
    Edit("-2 12:00", "cc", "su4", "blocked", "讲的人和时间都没定"),
    Edit("-2 16:00", "hm", "pa13", "title", "Payment failure codes turned into words people understand"),
    Edit("-1 09:20", "lp", "pa3", "priority", 1),
    Edit("-3 10:10", "lp", "ck7", "owner", "hm"),
    Edit("-1 10:05", "hm", "pa6", "recurrence", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    Edit("-1 15:40", "lp", "pr12", "blocked", "法务要先看自动续费条款"),
)
# What an item was called or whose it was, and how urgent, before it was edited above.
BEFORE: dict[tuple[str, str], str | int] = {
    ("ck5", "priority"): 2,
    ("in3", "priority"): 2,
    ("pa3", "priority"): 2,
    ("pa13", "title"): "支付失败码整理",
    ("ck7", "owner"): "ll",
}
