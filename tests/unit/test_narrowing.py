"""A query narrows things of any kind by their words and by the fields that the kind has."""

from __future__ import annotations

import pytest

from store import commands, queries
from store.database import Store
from store.narrowing import matching_among
from store.search import meaning
from store.vocabulary import load_vocabulary


@pytest.fixture
def talk(store: Store) -> dict[str, str]:
    departments = {row.code: row.id for row in queries.departments(store)}
    yf, sc = departments["yf"], departments["sc"]
    found: dict[str, str] = {}
    with commands.change(store, "add") as change:
        customer = change.create("customer", {"title": "华宇集团"})
        found["goal"] = change.create(
            "goal",
            {"title": "付费转化", "owner": store.member, "department": sc, "due": "2026-11-20", "target": 3},
        )
        found["feedback"] = change.create(
            "feedback",
            {"title": "发票太慢", "verbatim": "开票要三天", "customer": customer, "origin": "customer", "importance": 2,
             "until": "2026-11-20", "state": "snoozed"},
        )  # fmt: skip
        found["promise"] = change.create(
            "commitment",
            {"title": "周五给文案", "from_department": sc, "to_department": yf, "owner": store.member,
             "due": "2026-11-20"},
        )  # fmt: skip
        found["meeting"] = change.create(
            "meeting", {"title": "周会", "kind": "weekly", "departments": [yf, sc]}
        )
        found["case"] = change.create(
            "case", {"title": "发布日之争", "departments": [yf], "root_cause": "resources"}
        )
        found["need"] = change.create(
            "need",
            {"title": "测试环境不够", "kind": "tools", "department": yf, "severity": 2, "labels": ["环境"]},
        )
        found["request"] = change.create(
            "request", {"title": "借一位测试", "skill": "压测", "to_department": yf}
        )
        found["conflict"] = change.create(
            "conflict",
            {"title": "[bold]谁先测", "parties": [yf, sc], "severity": 1, "follow_up": "2026-11-20"},
        )
        found["retro"] = change.create(
            "retro", {"title": "十一月复盘", "format": "kiss", "departments": [sc]}
        )
        found["member"] = store.member
    return found


def left(store: Store, talk: dict[str, str], text: str) -> set[str]:
    node = meaning(text, load_vocabulary(store), store.today(), store.member)
    found, unknown = matching_among(store, node, [*talk.values(), "nothing", "*部门"], store.today())
    assert unknown == {"nothing", "*部门"}
    return {name for name, ent in talk.items() if ent in found}


EVERY = {"goal", "feedback", "promise", "meeting", "case", "need", "request", "conflict", "retro", "member"}
YF = {"promise", "meeting", "case", "need", "conflict", "request"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", EVERY),
        ("发票", {"feedback"}), ("开票", {"feedback"}),
        ("测", {"need", "request", "conflict"}), ('"谁先"', {"conflict"}),
        ("林平", {"member"}), ("[bold]", {"conflict"}),
        ("dept:yf", YF),
        ("dept:sc", {"goal", "promise", "meeting", "conflict", "retro"}),
        ("to:yf", {"promise", "request"}), ("from:sc", {"promise"}),
        ("owner:@me", {"goal", "promise"}), ("due<today", {"goal", "feedback", "promise", "conflict"}),
        ("state:snoozed", {"feedback"}), ("state:推进中", {"goal"}), ("state:raised", {"need"}),
        ("is:open", {"goal", "feedback", "promise", "meeting", "need", "request", "conflict", "retro"}),
        ("is:overdue", {"goal", "feedback", "promise", "conflict"}),
        ("kind:weekly", {"meeting"}), ("kind:周会", {"meeting"}), ("kind:tools", {"need"}), ("kind:case", {"case"}),
        ("kind:需求", set()), ("kind:need", {"need"}),
        ("customer:华宇", {"feedback"}), ("origin:客户", {"feedback"}), ("importance>=2", {"feedback"}),
        ("root_cause:资源", {"case"}), ("severity<=1", {"conflict"}),
        ("label:环境", {"need"}), ("format:kiss", {"retro"}),
        ("target>2", {"goal"}), ("skill:压", {"request"}), ("effort>0", set()), ("status:doing", set()),
        ("no:owner", EVERY - {"goal", "promise"}), ("-dept:yf", EVERY - YF),
        ("发票 | 测试", {"feedback", "need", "request"}), ("created:today", EVERY),
    ],
)  # fmt: skip
def test_queries_leave_what_they_say(store: Store, talk: dict[str, str], text: str, names: set[str]) -> None:
    assert left(store, talk, text) == names


def test_what_is_in_the_trash_is_asked_for_by_its_state(store: Store, talk: dict[str, str]) -> None:
    commands.trash(store, [talk["need"]])
    assert left(store, talk, "is:trashed") == {"need"}
