"""XML from elsewhere: nothing in it is carried out, and what is broken is said in words."""

from __future__ import annotations

import time
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import StoreError
from store.imports import read_bytes
from store.imports.mapping import map_columns
from store.imports.rows import read_rows
from store.imports.xml import declared_encoding, looks_like_xml, parse_xml, text_of

PLAN = '<project version="3.0"><tasks><task id="1" name="接口" start="2026-11-23" duration="2"/></tasks></project>'


def refusal(data: bytes, name: str = "plan.gan", **options: str) -> StoreError:
    with pytest.raises(StoreError) as refused:
        read_bytes(data, name, **options)
    return refused.value


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE project [<!ENTITY a "b">]>',
        '<!DOCTYPE project [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE project SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE project [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
        "<!DOCTYPE project ["
        + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
        + "]>",
        "<!DOCTYPE project>",
    ],
)
def test_a_document_type_is_refused_whatever_it_says(doctype: str) -> None:
    assert refusal(f"<?xml version='1.0'?>{doctype}{PLAN}".encode()).code == "file-has-doctype"


def test_an_entity_that_nobody_declared_is_an_error_of_the_file() -> None:
    assert refusal(PLAN.replace("接口", "&e11;").encode()).code == "file-not-xml"
    source = read_bytes(PLAN.replace("接口", "&lt;&amp;&#25509;&quot;").encode(), "plan.gan")
    assert source.rows[0].cells[0] == '<&接"'


@pytest.mark.parametrize("cut", [10, 40, 90, -1, -12])
def test_a_file_that_is_cut_off_brings_nothing_and_says_where(cut: int) -> None:
    data = ("<?xml version='1.0'?>" + PLAN)[:cut].encode()
    refused = refusal(data)
    assert refused.code == "file-not-xml"
    assert (refused.params["line"], isinstance(refused.params["column"], int)) == (1, True)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""), ("utf-8", "UTF-8"), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", ""), ("gb18030", "GB2312"), ("gbk", "gbk"),
    ],
)  # fmt: skip
def test_a_file_is_read_in_the_encoding_that_it_is_in(encoding: str, declared: str) -> None:
    head = f"<?xml version='1.0' encoding='{declared}'?>" if declared else "<?xml version='1.0'?>"
    data = (head + PLAN).encode(encoding)
    assert looks_like_xml(data)
    assert read_bytes(data, "plan.gan").rows[0].cells[0] == "接口"


def test_an_encoding_that_is_none_is_named() -> None:
    data = ("<?xml version='1.0' encoding='klingon'?>" + PLAN).encode()
    assert declared_encoding(data) == "klingon"
    assert refusal(data).params == {"encoding": "klingon"}
    assert read_bytes(data, "plan.gan", encoding="utf-8").rows[0].cells[0] == "接口"


def test_what_is_nested_or_repeated_without_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "<task id='1'>" * 600 + "</task>" * 600
    assert refusal(f"<project><tasks>{deep}</tasks></project>".encode()).code == "file-too-long"
    monkeypatch.setattr("store.imports.xml.MAX_ELEMENTS", 50)
    wide = "<a/>" * 60
    assert refusal(f"<project><tasks/>{wide}</project>".encode()).code == "file-too-long"
    # What is skipped is not counted: it is never built.
    read_bytes(PLAN.replace("<tasks>", f"<view>{wide}</view><tasks>").encode(), "plan.gan")


def test_skipped_elements_and_namespaces_are_gone() -> None:
    text = '<a xmlns="urn:x" xmlns:y="urn:y"><b>1</b><c><b>2</b><c/>3</c>4<y:d y:e="5"> 6 </y:d></a>'
    root = parse_xml(text, {"c"})
    assert [child.tag for child in root] == ["b", "d"]
    assert (text_of(root, "b"), text_of(root, "d"), root[1].get("e")) == ("1", "6", "5")
    assert text_of(root, "z") == text_of(None) == ""


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"<?xml version='1.0'?><Project/>", "a.xml", "file-not-text"),
        (b"<?xml version='1.0'?><html/>", "a.xml", "file-not-text"),
        (b"<project><tasks/></project>", "a.gan", "file-empty"),
        (b"<Project><Tasks><Task><UID>0</UID></Task></Tasks></Project>", "a.xml", "file-empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Launch.MPP", "file-is-mpp"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "tasks.xls", "file-not-text"),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name).code == code


odd = st.one_of(
    st.sampled_from(
        "|0|1|2|-1|99999999999999999999|1e9|NaN|PT8H0M0S|-PT1H|P9999999D|P|true|2026-11-23|2026-11-23T08:00:00|"
        "2026-11-23T08:00:00Z|0001-01-01T00:00:00|9999-12-31T23:59:59|2026-02-30|昨天|Strong|Rubber|HOLIDAY|WORKING_DAY"
        "".split("|")
    ),
    st.text(
        st.characters(min_codepoint=32, exclude_characters="\x7f\ufffe\uffff", exclude_categories=["Cs"]),
        max_size=8,
    ),
)
FIELDS = (
    "UID", "ID", "IsNull", "OutlineLevel", "Name", "Start", "Finish", "Duration", "DurationFormat", "Milestone",
    "PercentComplete", "Work", "RemainingWork", "ConstraintType", "ConstraintDate", "Manual", "Deadline", "Active",
    "Priority", "LevelingDelay",
)  # fmt: skip


def _children(name: str, fields: dict[str, str], inner: str = "") -> str:
    return f"<{name}>{''.join(f'<{key}>{escape(value)}</{key}>' for key, value in fields.items())}{inner}</{name}>"


def _attributes(name: str, fields: dict[str, str], inner: str = "") -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in fields.items())
    return f"<{name}{written}>{inner}</{name}>"


def _some(*names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), odd)


exceptions = st.builds(
    lambda fields, period: _children("Exception", fields, _children("TimePeriod", period)),
    _some("DayWorking", "Type", "Period", "Name", "Month", "MonthDay", "DaysOfWeek"),
    _some("FromDate", "ToDate"),
)
project_tasks = st.builds(
    lambda fields, link: _children("Task", fields, _children("PredecessorLink", link)),
    _some(*FIELDS),
    _some("PredecessorUID", "Type", "LinkLag", "LagFormat", "CrossProject"),
)
gantt_tasks = st.builds(
    lambda fields, depend: _attributes("task", fields, _attributes("depend", depend)),
    _some(
        "id",
        "name",
        "start",
        "duration",
        "complete",
        "meeting",
        "priority",
        "thirdDate",
        "thirdDate-constraint",
    ),
    _some("id", "type", "difference", "hardness"),
)


@given(
    st.lists(project_tasks, max_size=5), st.lists(exceptions, max_size=3), _some("StartDate", "MinutesPerDay")
)
@settings(deadline=None, max_examples=150)
def test_a_project_that_says_anything_is_read_or_refused_in_words(
    tasks: list[str], days: list[str], head: dict[str, str]
) -> None:
    calendar = f"<Calendar><UID>1</UID><Exceptions>{''.join(days)}</Exceptions></Calendar>"
    inner = f"<CalendarUID>1</CalendarUID><Calendars>{calendar}</Calendars><Tasks>{''.join(tasks)}</Tasks>"
    _read(_children("Project", head, inner), len(tasks))


@given(st.lists(gantt_tasks, max_size=5), st.lists(_some("year", "month", "date", "type"), max_size=3))
@settings(deadline=None, max_examples=150)
def test_a_gantt_that_says_anything_is_read_or_refused_in_words(
    tasks: list[str], days: list[dict[str, str]]
) -> None:
    dates = "".join(_attributes("date", day) for day in days)
    _read(f"<project><calendars>{dates}</calendars><tasks>{''.join(tasks)}</tasks></project>", len(tasks))


def _read(text: str, tasks: int) -> None:
    try:
        source = read_bytes(text.encode(), "plan")
    except StoreError as refused:
        assert refused.code in ("file-empty", "file-not-xml")
        return
    reading = read_rows(source, map_columns(source))
    lost = [problem for problem in (*source.problems, *reading.problems) if problem.lost]
    assert len(reading.drafts) + len(lost) <= tasks
    for problem in (*source.problems, *reading.problems):
        assert str(problem)


def test_calendars_without_end_come_to_an_end() -> None:
    period = "<TimePeriod><FromDate>1970-01-01T00:00:00</FromDate><ToDate>2069-01-01T00:00:00</ToDate></TimePeriod>"
    weekly = f"<Exception><Type>6</Type><DaysOfWeek>2</DaysOfWeek>{period}</Exception>"
    plain = f"<Exception>{period}</Exception>"
    calendars = (
        f"<Calendar><UID>1</UID><Exceptions>{weekly * 100}{plain * 100}</Exceptions></Calendar>"
        f"<Calendar><UID>2</UID><Exceptions>{plain * 400}</Exceptions></Calendar>"
    )
    people = "".join(
        f"<Resource><UID>{n}</UID><Name>R{n}</Name><CalendarUID>2</CalendarUID></Resource>"
        for n in range(400)
    )
    text = (
        f"<Project><CalendarUID>1</CalendarUID><Calendars>{calendars}</Calendars><Resources>{people}</Resources>"
        "<Tasks><Task><UID>1</UID><Name>A</Name></Task></Tasks></Project>"
    )
    started = time.perf_counter()
    source = read_bytes(text.encode(), "plan.xml")
    assert time.perf_counter() - started < 10
    assert len(source.days) <= 5_000
    assert len(source.absences) <= 5_000
    assert {problem.code for problem in source.problems} == {"odd-day"}
