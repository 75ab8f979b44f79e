"""The work of the launch, one line an item, and what its details say.

A line has: key, kind, department, owner, priority, due, path, goal, labels, title; `-` stands for none. `due` counts
working days from today; one that slipped reads `-2>+1@6`: at first -2, moved to +1 six days ago. `path` says how many
working days ago the item came to each status: b backlog, d doing, r in review, x done.
"""

from __future__ import annotations

ITEMS = """
pr1  requirement pd lp 1 -8          b11d10r9x8  g1 定价 新定价方案：免费版、团队版、企业版三档
pr2  requirement pd lp 1 +2          b11d4       g1 定价 Annual plans get two months free; monthly stays available
pr3  task        sc hw 1 -1>+1@2     b11d6r2     g1 定价,copy 定价页文案
pr4  task        yf tr 1 +3          b11d5       g1 定价 定价页改版：三档对比表与常见问题
pr5  task        sc hw 2 -3          b11d8r5x4   g1 定价,copy Pricing FAQ: the 12 questions sales hears every week
pr6  task        pd lp 1 -2          b11d7       g5 定价,老客户 老客户过渡方案：保留原价到下个续费日
pr7  action      xs wf 1 -7          b11d9x7     g5 老客户 列出续约期在 30 天内的客户名单
pr8  task        xs wf 2 +1          b10d5r1     g5 定价 Talk track for price objections
pr9  bug         yf tr 2 +5          b3          g1 定价,mobile 定价页在 iPad 竖屏下第三列被截断
pr10 task        yf ll 2 -4          b11d8r6x5   g1 定价 价格配置改到后台，不再写死在代码里
pr11 risk        pd lp 1 +4          b9          g5 老客户 Existing customers read the new price as a price rise
pr12 task        pd zl 1 -4>-1@5     b11d6       g1 定价,合规 价格调整审批：财务与法务会签
pr13 task        sc hw 3 +8          b11         g3 copy Comparison table against three competitors
pr14 task        yf hm 2 -5          b11d9r7x6   g1 定价,数据 定价页 A/B 实验开关
pr15 requirement pd lp 3 -           b8          -  定价 学校与公益组织申请折扣的入口
ck1  requirement pd lp 0 -9          b11d11r10x9 g2 checkout 结账流程从六步减到三步
ck2  task        yf tr 1 +2>+4@3     b11d7       g2 checkout 结账页改版
ck3  task        yf tr 1 -5          b11d9r7x6   g2 checkout Checkout form: inline validation instead of one error page
ck4  task        yf ll 2 0           b11d4r1     g2 checkout 地址与税号自动补全
ck5  bug         yf tr 0 -1          b4d3        g6 checkout,mobile 移动端结账页偶发白屏（iOS 16 Safari）
ck6  bug         yf hm 1 +1          b5d3r1      g2 checkout Coupon is applied twice when people go back one step
ck7  task        yf hm 2 +6          b11d2       g2 checkout,测试 结账流程端到端自动化测试
ck8  task        pd lp 2 -7          b11d9x7     g2 checkout,调研 可用性测试：五位新用户完成一次结账
ck9  action      pd lp 2 -6          b7d7x6      g2 checkout,调研 把可用性测试的三条结论写成需求
ck10 requirement pd lp 2 -           b6          g2 checkout Guest checkout: pay first, create the account afterwards
ck11 task        yf tr 3 +9          b9          g2 checkout 结账页无障碍检查：键盘与读屏
ck12 bug         yf tr 2 -5          b8d7x6      g2 checkout 返回上一步后发票抬头丢失
ck13 task        yf ll 3 -           b9          g2 checkout Save the cart for seven days
ck14 task        sc hw 3 +7          b6          g2 copy 结账成功页：下一步做什么的三句话
ck15 bug         yf tr 3 -3          b5d4x4      g2 checkout Button still says 提交 in the English interface
ck16 task        yf hm 1 -4          b11d7r6x5   g2 checkout,性能 结账接口限流与重试
pa1  task        yf ll 0 -3>0@5>+3@2 b11d8       g2 支付 支付接口联调：微信支付与支付宝
pa2  task        yf ll 1 +1          b11d6r1     g2 支付 Stripe: cards, Apple Pay, 3-D Secure
pa3  task        yf hm 1 +2          b11d4       g2 支付 支付回调幂等与逐笔对账
pa4  bug         yf ll 0 -3          b6d6r5x4    g2 支付 重复回调导致订单状态回退
pa5  task        yf hm 1 +5          b11         g2 支付 Refund flow: full and partial
pa6  task        yf hm 2 +7          b11         g2 支付,数据 每日对账报表
pa7  action      yf ll 1 -8          b11d10x8    g2 支付 向支付渠道申请生产环境证书
pa8  risk        yf ll 1 +4          b11         g2 支付 渠道审核可能超过 10 个工作日
pa9  requirement xs wf 1 +4          b7          g5 支付,大客户 大客户定制发票：抬头、税号、备注可改
pa10 task        yf hm 2 -1          b10d5       g2 支付 电子发票接口对接
pa11 task        pd lp 3 -           b5          -  支付 对公转账的线下核销流程
pa12 bug         yf ll 2 -6          b8d7x7      g2 支付 Amount shows three decimals for yen
pa13 task        yf hm 2 -2          b10d6r4x3   g2 支付 Payment failure codes turned into words people understand
pa14 milestone   yf ll 0 +6          b11         g2 支付 支付通道上线
la1  milestone   pd lp 0 +10>+14@6   b11         g1 launch 阿波罗正式上线 Apollo goes live
la2  milestone   yf ll 0 +7>+9@6     b11         g1 launch 代码冻结 Code freeze
la3  milestone   sc hw 1 +13         b11         g3 launch Launch webinar
la4  task        sc hw 1 +4          b11d3       g3 launch,copy Launch page: headline, demo video, sign-up
la5  task        sc hw 1 -5          b11d10r7x6  g3 launch,video 发布视频脚本与分镜
la6  task        sc hw 1 -2>-1@3     b11d5       g3 launch,video 发布视频拍摄与剪辑
la7  task        sc hw 2 +6          b11         g3 launch Press kit: logos, screenshots, two customer quotes
la8  task        sc hw 2 +2          b11d4r2     g3 launch,copy 上线邮件三封，新老客户分开写
la9  task        sc hw 2 +8          b11         g3 launch Webinar invitation to 4,000 trial users
la10 action      sc hw 1 -9          b11d10x9    g3 launch,trade-fair 确认展会展位与物料截止日
la11 task        sc hw 3 +10         b11         g3 launch Social posts for launch week, in both languages
la12 task        sc hw 2 -4          b11d8r5x5   g3 launch,copy 案例访谈：两家内测客户
la13 task        yf tr 2 +7          b10         g1 引导 Product tour inside the app: five steps
la14 risk        sc hw 1 +2          b7          g3 launch,trade-fair 展会日期早于代码冻结
la15 action      pd lp 1 +1          b3d2        g1 launch 发布日评审：提前两周要砍掉哪些范围
la16 task        xs wf 2 +3          b11d5r2     g5 launch Sales deck: the Apollo story in ten slides
la17 task        xs wf 1 +5          b10d4       g5 老客户 老客户一对一沟通：前 20 家
la18 task        sc hw 2 -6          b11d9x7     g3 launch SEO: redirects from the old pricing addresses
la19 action      pd zl 1 +11         b8          g1 launch Go / no-go checklist agreed by all five departments
la20 task        sc hw 3 -3          b10d6r5x4   g3 launch,copy 官网横幅与弹窗排期
da1  requirement pd lp 1 -7          b11d10r9x8  g1 数据 埋点方案：结账漏斗的七个事件
da2  task        yf tr 2 -1          b11d5r2     g1 数据 埋点补齐：结账漏斗
da3  task        yf hm 2 +6          b11         g1 数据 Funnel dashboard: visit, plan, pay
da4  action      pd lp 2 -8          b11d10x9    g1 数据 定义“付费转化”的统一口径
da5  bug         yf tr 2 -1          b3d2x1      g1 数据 plan_selected arrives without its currency
da6  action      pd lp 3 +5          b8          g1 数据 每周一发转化周报
da7  task        yf hm 3 -6          b11d9r8x7   -  数据 历史订单迁移后的数据核对
in1  task        yf hm 1 +3          b9          g2 性能,测试 压测：结账峰值 300 TPS
in2  task        yf hm 1 -2          b11d8r4x3   g1 launch 灰度发布开关与回滚脚本
in3  task        yf ll 1 -7          b11d11r9x8  g2 性能 订单库索引优化与历史归档
in4  task        yf ll 2 -1          b9d4r2x1    g4 监控 Alert when payment failures exceed 2%
in5  risk        yf ll 2 -           b7          -  launch Only one person knows the deployment scripts
in6  task        yf ll 2 +8          b8          g1 launch 发布手册：谁、何时、怎么回滚
in7  bug         yf ll 1 -4          b7d6r5x5    g2 性能 结账接口 P99 超过 1.2 秒
in8  task        yf tr 2 -8          b11d10r9x9  g2 性能 图片与脚本走 CDN，首屏 2 秒以内
in9  task        yf hm 2 -7          b10d9x8     -  测试 预发布环境与生产配置对齐
in10 bug         yf hm 1 -5          b6d6x6      -  测试 Staging sends e-mail to real customers
in11 task        yf ll 1 +7          b9          g2 支付,安全 Security review of the payment callback
in12 action      yf ll 2 -2          b5d4x3      g2 测试 把压测环境从演示环境里分出来
co1  requirement pd lp 1 -1          b11d4       -  合规 隐私政策更新：支付信息的用途与保存期
co2  task        pd zl 1 +6          b9          -  合规 Terms of service: renewal and cancellation wording
co3  action      sc hw 2 -2          b8d5x3      g3 合规,copy 广告文案合规自查（“最低价”之类的用语）
co4  task        pd lp 2 -5          b11d8r7x6   -  合规 数据出境评估问卷
co5  risk        pd zl 2 -           b6          -  合规 Auto-renewal rules differ from region to region
co6  task        yf hm 2 +8          b10         -  合规 用户数据导出与注销入口
su1  task        kf cc 1 +2          b10d3       g4 launch 上线首周值班表
su2  task        kf cc 2 +5          b11d6       g4 帮助中心 帮助中心：结账与退款共 18 篇
su3  task        kf cc 2 +1          b9d5r1      g4 帮助中心 Macros for the ten most likely tickets
su4  action      kf cc 1 +4          b8          g4 培训 客服培训两场：产品演示与演练
su5  requirement kf cc 2 -6          b11d8r7x6   g4 后台 后台按订单号查支付状态
su6  task        kf cc 3 -           b7          g4 定价 Chat widget on the pricing page
su7  bug         yf tr 2 -4          b6d5x5      g4 后台 工单里的订单链接打开是 404
su8  risk        kf cc 2 +9          b5          g4 launch 上线首日工单量可能翻三倍
su9  action      kf cc 2 -8          b11d10x8    g2 调研 整理内测客户的 31 条反馈
su10 task        kf cc 2 -2          b10d6r3x2   g4 帮助中心 退款话术与升级路径
su11 task        kf cc 2 +7          b6          g4 launch Status page wording for payment incidents
sa1  task        xs wf 1 -2>+4@3     b11d6       g5 大客户 内测客户转正：6 家签约
sa2  task        xs wf 2 -5          b11d8r7x6   g5 定价 报价单模板换成新价格
sa3  action      xs wf 2 -3          b8d5x4      g5 定价 CRM 价格手册更新
sa4  requirement xs wf 3 -           b9          -  定价 Quotes that expire after 30 days
sa5  task        xs wf 3 -           b8          -  定价 Partner price list
sa6  action      xs wf 1 -1          b5d3x1      g5 大客户 对华东三家大客户的承诺逐条核对
sa7  bug         yf hm 2 -4          b7d6x5      g5 数据 CRM 同步后折扣显示为负数
sa8  task        xs wf 2 -7          b11d9x8     g1 launch 试用到期前 7 天的跟进名单
sa9  task        xs wf 2 +6          b7          g5 培训 销售团队过一遍新结账流程
pm1  action      pd lp 2 -9          b11d11x10   -  协作 每周三跨部门站会：只看卡住的
pm2  action      pd lp 2 -10         b11x10      -  协作 项目章程与五部门联系人
pm3  milestone   pd lp 1 -8          b11x8       g1 launch 需求评审
pm4  milestone   pd lp 1 -6          b11x6       g1 launch Design review
pm5  action      pd lp 2 +19         b4          -  协作 预定上线复盘会：上线后第 5 天
pm6  risk        pd lp 2 +8          b4          g1 launch 三位关键同事在测试周同时休假
pm7  task        pd lp 3 -7          b10d9x7     -  copy 中英文术语统一
pm8  task        pd lp 2 +9          b9          g1 引导 Onboarding checklist for new paying teams
pm9  requirement pd lp 3 -           b8          g1 引导 团队版成员邀请链接
pm10 task        yf tr 3 -2          b9d4x3      g1 引导 邀请邮件模板中英文
pm11 requirement pd lp 3 -           b7          -  定价 按席位增减时按天计费
pm12 bug         yf tr 3 +4          b2          g1 引导 Expired invitation links show a blank page
"""

# Why, and when it is good enough.
DESCRIPTIONS = {
    "pr1": "三档：免费版 3 席；团队版 ¥39/席/月；企业版面议。旧的五档全部下架。\n"
    "原因：47% 的试用团队说“看不懂该买哪一档”。",
    "pr2": "Two months free on annual plans, shown as a monthly price with the yearly total beside it.\n"
    "Open: do we show the monthly price first, or the annual one?",
    "pr3": "三档各一句话说清楚“适合谁”，不写功能清单。\n语气：像同事推荐，不像广告。",
    "pr6": "方案 A：原价保留到下个续费日，之后按新价 9 折一年。\n"
    "方案 B：原价再保留 12 个月。\n方案 C：直接切换，逐户沟通。",
    "pa1": "联调范围：下单、支付成功回调、支付失败、超时关单、退款。\n两家渠道都要在沙箱与生产小额各走一遍。",
    "pa9": "华东三家大客户在续约谈判里得到口头承诺：发票抬头、税号、备注可在付款后 30 天内自行修改。\n研发没有排期。",
    "ck2": "三步：选档位、填信息、付款。移动端一屏一步，桌面端左右两栏。\n设计稿 v7 为准。",
    "ck5": "iOS 16 Safari，从微信内打开，约 3% 的访问白屏。刷新后正常。\n怀疑支付 SDK 与脚本拆包的加载顺序。",
    "ck10": "Five of five people in the usability test asked why they need an account before they have paid.",
    "la1": "五个部门都能说“可以”的那一天。\n原定 +10 个工作日，因渠道审核顺延；市场希望提前到展会之前。",
    "la4": "One page, one promise, one form. The video sits above the fold; sign-up asks for the e-mail only.",
    "la15": "如果要赶展会，就要砍范围。候选：电子发票、A/B 实验、按天计费、邀请链接。\n每砍一项都写清楚谁受影响。",
    "in1": "目标：300 TPS 持续 10 分钟，P99 < 800 ms，错误率 < 0.1%。\n需要独占压测环境至少两个整天。",
    "co1": "新增：支付渠道、银行卡后四位、发票信息的用途与保存期（5 年）。中英文同时更新。",
    "su1": "上线首周 8:00–24:00 有人回复，付款失败的工单 30 分钟内首次响应。\n研发需要一位值班同事能查日志。",
    "su4": "两场各 90 分钟：第一场产品演示，第二场用预发布环境演练十个最可能的工单。",
}
ACCEPTANCE = {
    "pr3": "三位没用过产品的人读 20 秒后，能说出自己该选哪一档。",
    "ck2": "Median time from plan to paid under 90 s in the usability test; no step needs scrolling on a phone.",
    "ck5": "连续 7 天白屏率 < 0.1%，覆盖微信内置浏览器。",
    "pa1": "两家渠道在生产环境各完成 3 笔 1 元支付与退款，对账无差异。",
    "in1": "压测报告评审通过，瓶颈都有编号的任务。",
    "la4": "Loads in 2 s on a phone; every claim on the page is one that support can repeat.",
}

# Entries separated by |; ✓ marks the ones that are done.
CHECKLISTS = {
    "pr3": "✓三档各一句话 | ✓英文版 | ✓法务过目 | 客服过目 | 移动端断行检查",
    "pr4": "✓对比表 | ✓价格切换（月付、年付） | 常见问题折叠 | 移动端 | 深色模式",
    "pr6": "✓列出受影响客户 | ✓测算三个方案的收入影响 | 周岚拍板 | 通知话术",
    "pr12": "✓财务 | 法务 | 周岚签字",
    "ck2": "✓选档位 | ✓填信息 | 付款 | 错误提示 | 移动端 | 埋点",
    "ck5": "✓复现 | ✓抓到崩溃日志 | 修复 | 回归 20 次",
    "ck7": "✓选档位到付款 | 优惠码 | 3-D Secure | 退款",
    "pa1": "✓沙箱下单 | ✓成功回调 | ✓失败与超时 | 生产证书安装 | 生产小额支付 | 退款验证",
    "pa2": "✓Cards | ✓3-D Secure | ✓Apple Pay | Disputes webhook",
    "pa3": "✓幂等键 | 重放测试 | 逐笔对账脚本",
    "pa10": "✓接口文档 | 沙箱账号 | 开票 | 红冲",
    "la4": "✓Headline | Demo video | Sign-up form | German legal note | Support read-through",
    "la6": "✓脚本 | ✓拍摄 | 粗剪 | 双语字幕 | 成片",
    "la8": "✓新客户 | ✓老客户 | 续约 30 天内的客户 | 退订链接",
    "la16": "✓Story | ✓Pricing slide | Two customer quotes",
    "la17": "✓名单 | ✓前 5 家 | 6–12 家 | 13–20 家",
    "su1": "✓收集空闲时间 | 研发值班人 | 升级电话",
    "su2": "✓目录 | ✓结账 9 篇 | 退款 6 篇 | 发票 3 篇",
    "su3": "✓Payment failed | ✓Where is my invoice | Old price",
    "sa1": "✓两家已签 | ✓一家法务审核中 | 另外三家",
    "la19": "Product | R&D | Marketing | Sales | Support",
    "in2": "✓开关 | ✓回滚脚本 | ✓演练一次",
    "da2": "✓plan_viewed | ✓plan_selected | ✓checkout_started | ✓paid | refund_requested",
}
