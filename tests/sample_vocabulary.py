"""A small bilingual vocabulary and a Monday, for tests of what people type."""

from __future__ import annotations

from datetime import date

from store.vocabulary import Term, Vocabulary

TODAY = date(2026, 11, 23)  # a Monday

VOCABULARY = Vocabulary(
    departments=[
        Term("d-yf", "研发", title_en="Engineering", code="rd", initials=("yf", "xf")),
        Term("d-sc", "市场", title_en="Marketing", code="mk", initials=("sc",)),
        Term("d-xs", "销售部", title_en="Sales", aliases=("BD",), initials=("xsb",)),
    ],
    members=[
        Term("m-ll", "李雷", code="lp", aliases=("Li Lei",), initials=("ll",)),
        Term("m-lll", "李雷雷", initials=("lll",)),
        Term("m-hm", "韩梅梅", code="hm", initials=("hmm",)),
        Term("m-wf", "王芳", initials=("wf",)),
        Term("m-wf2", "吴凡", initials=("wf",)),
    ],
    statuses=[
        Term("s-todo", "待办", title_en="Backlog"),
        Term("s-doing", "进行中", title_en="Doing"),
        Term("s-review", "评审", title_en="In review"),
    ],
    goals=[
        Term("g-pay", "付费转化 +3pt", code="lp-3"),
        Term("g-stay", "留存提升"),
        Term("g-pay2", "付出与回报"),
    ],
    labels=["Backend", "two words"],
    customers=[
        Term("c-hy", "华宇集团", aliases=("Huayu",), initials=("hyjt",)),
        Term("c-ac", "Acme Corp", initials=("ac",)),
        Term("c-at", "AT&T", initials=("a",)),
    ],
)
