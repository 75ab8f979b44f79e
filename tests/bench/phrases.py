"""The words of the sample team. Their number decides how many items a two-character word finds."""

from __future__ import annotations

TEAM = (("韩梅", "hm"), ("王芳", "wf"), ("张强", "zq"), ("陈晓", "cx"), ("赵敏", "zm"))
OWNER = ("李雷", "lp")  # whose home is measured

# A title is scope, object, action. A word of an object is in one title of forty, one of a scope in one of twenty.
SCOPES = (
    "移动端", "桌面端", "小程序", "华东区", "华南区", "海外站", "企业版", "个人版", "教育版", "后台",
    "网关", "首页", "会员", "商家", "门店", "合作方", "新用户", "老用户", "内部", "年度",
)  # fmt: skip
OBJECTS = (
    "支付接口", "结账页", "埋点数据", "定价方案", "注册流程", "搜索排序", "消息推送", "优惠券", "物流跟踪",
    "发票系统", "客服话术", "销售物料", "邮件模板", "帮助文档", "权限模型", "数据看板", "缓存策略",
    "日志采集", "灰度方案", "压测环境", "合同审批", "退款规则", "库存同步", "推荐算法", "风控规则",
    "登录页面", "短信通道", "报表导出", "接口文档", "监控告警", "积分商城", "直播活动", "渠道投放",
    "竞品分析", "用户访谈", "满意度调查", "培训课程", "招聘计划", "预算复核", "供应链",
)  # fmt: skip
ACTIONS = (
    "改版", "联调", "补齐", "评审", "上线", "验收", "迁移", "重构", "调研", "排期", "优化", "修复", "下线",
    "对接", "走查", "复盘", "压测", "翻译", "归档", "试点",
)  # fmt: skip
LABELS = ("上线", "资源", "体验", "合规", "增长", "技术债", "客户", "launch", "ux", "q4")
REASONS = ("等支付网关的证书", "等法务确认", "测试环境不可用", "waiting for the vendor")
COMMENTS = (
    "先做 A/B，两周后看数据。", "接口文档已更新，请再看一遍。", "和客服确认过，话术周五前给。", "Agreed, two variants.",
    "这个要等发布之后再说。", "王芳那边的物料还没到，先把文案定下来，设计稿我明天补上。",
)  # fmt: skip
SENTENCES = (
    "背景：转化率连续三周下降。", "目标是两周内上线第一版，指标回到上季度水平。", "依赖研发先完成接口改造。",
    "验收：所有终端都能走完整个流程，失败时有提示。", "风险是排期与大促重叠，需要提前锁定测试资源。",
    "The legacy path stays until the last partner has moved.",
)  # fmt: skip
