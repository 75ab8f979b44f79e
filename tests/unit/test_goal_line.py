"""A goal in one line: the key result is read in every usual form, and nothing typed is lost."""

from __future__ import annotations

import pytest

from store.capture import parse
from store.goal_line import read_goal, unit_of
from tests.conftest import TODAY
from tests.sample_vocabulary import VOCABULARY


@pytest.mark.parametrize(
    ("line", "title", "metric", "baseline", "current", "target"),
    [
        ("付费转化率 20→60%", "付费转化率", "%", 20, None, 60),
        ("Q4 增长：付费转化率 4.2% → 7.2%", "Q4 增长", "付费转化率 %", 4.2, None, 7.2),
        ("试用转付费 ２０％ －＞ ６０％", "试用转付费", "％", 20, None, 60),
        ("响应时间 5.5h 》 2h", "响应时间", "h", 5.5, None, 2),
        ("Checkout: median 214 s -> 90 s", "Checkout", "median s", 214, None, 90),
        ("Trial 20 -> 35 -> 60 pt", "Trial", "pt", 20, 35, 60),
        ("Trials from 20 to 60 %", "Trials", "%", 20, None, 60),
        ("响应从20到60分钟", "响应", "分钟", 20, None, 60),
        ("leads -> 500", "leads", None, None, None, 500),
        ("MRR $1,200 => $3,400", "MRR", "$", 1200, None, 3400),
        ("Revenue; ARR 1.2 -> 2.5 万元 本季度", "Revenue 本季度", "ARR 万元", 1.2, None, 2.5),
        ("Churn 3%→1% by spring", "Churn by spring", "%", 3, None, 1),
        ("亏损 -30 -> 5 万元", "亏损", "万元", -30, None, 5),
        ("[bold]x[/bold]: 1 -> 2 [red]", "[bold]x[/bold] [red]", None, 1, None, 2),
    ],
)
def test_a_key_result_is_read(
    line: str, title: str, metric: str | None, baseline: float | None, current: float | None, target: float
) -> None:
    given = {"title": title, "metric": metric, "baseline": baseline, "current": current, "target": target}
    assert read_goal(line) == {key: value for key, value in given.items() if value is not None}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "->",
        "a->5",
        "5>3 things",
        "v1.2 -> v1.3",
        "2024-11 -> 2025-12",
        "1.2.3 -> 4",
        "from a to b",
        "20",
        "x" * 9_000,
    ],
)
def test_what_is_no_key_result_stays_title(line: str) -> None:
    assert read_goal(line) == {"title": line}


def test_a_line_that_is_figures_alone_is_its_own_title() -> None:
    assert read_goal("20 -> 60 %")["title"] == "20 -> 60 %"


def test_the_capture_line_reads_owner_day_department_and_figures() -> None:
    found = parse("研发： 转化 20→60 % @李雷 ^周五 #q4", VOCABULARY, TODAY, kind="goal")
    assert found.title == "转化"
    assert found.fields["target"] == 60
    assert found.fields["department"] == "d-yf"
    assert {"owner", "due", "labels", "baseline", "metric"} <= found.fields.keys()
    spans = ["研发： 转化 20→60 % @李雷 ^周五 #q4"[part.start : part.end] for part in found.understood]
    assert "20→60 %" in spans


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("付费转化率 %", "%"),
        ("%", "%"),
        ("pt", "pt"),
        ("月活跃用户", ""),
        ("", ""),
        ("median s", "s"),
        ("42", ""),
        ("家", "家"),
    ],
)
def test_a_metric_may_end_with_its_unit(metric: str, unit: str) -> None:
    assert unit_of(metric) == unit
