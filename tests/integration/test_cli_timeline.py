"""The plan at the command line: made, linked, slipped, compared, forecast and printed without a screen."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tui.celltext import cell_width

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli


def workday(offset: int) -> str:
    """Return a Monday some weeks from this week's, as ISO."""
    today = date.today()
    return (today - timedelta(days=today.weekday()) + timedelta(weeks=offset)).isoformat()


@pytest.fixture
def planned(cli: Cli) -> Cli:
    """Three items: lp-1 takes five days from next Monday, lp-2 waits for it, lp-3 is a milestone at the end."""
    cli.ok("add", "支付接口联调")
    cli.ok("add", "Landing page")
    cli.ok("add", "Launch")
    cli.ok("set", "lp-1", f"start={workday(1)}", "duration=5")
    cli.ok("set", "lp-2", "duration=3")
    cli.ok("set", "lp-3", "kind=milestone")
    cli.ok("link", "lp-1", "lp-2")
    cli.ok("link", "lp-2", "lp-3")
    return cli


def dates(cli: Cli) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["start"], row["finish"]) for row in cli.ok("timeline", "--json").lines}


def test_what_waits_lies_after_what_it_waits_for(planned: Cli) -> None:
    monday = date.fromisoformat(workday(2))
    assert dates(planned)["lp-2"] == (monday.isoformat(), (monday + timedelta(days=2)).isoformat())
    assert dates(planned)["lp-3"][0] == (monday + timedelta(days=2)).isoformat()
    rows = {row["id"]: row for row in planned.ok("timeline", "--json").lines}
    assert all(row["critical"] for row in rows.values())


def test_a_slip_pushes_what_waits_and_nothing_else_is_written(planned: Cli) -> None:
    before = planned.ok("show", "lp-2", "--json").json["fields"]
    planned.ok("set", "lp-1", "duration=7")
    assert dates(planned)["lp-2"][0] == (date.fromisoformat(workday(2)) + timedelta(days=2)).isoformat()
    assert planned.ok("show", "lp-2", "--json").json["fields"] == before


def test_days_off_count_as_soon_as_they_are_said(planned: Cli) -> None:
    planned.ok("calendar", "free", workday(2), "--title", "party")
    assert dates(planned)["lp-2"][0] == (date.fromisoformat(workday(2)) + timedelta(days=1)).isoformat()
    [row] = planned.ok("calendar", "--json").lines
    assert (row["what"], row["first"], row["title"]) == ("free", workday(2), "party")
    planned.ok("calendar", "remove", row["id"])
    assert dates(planned)["lp-2"][0] == workday(2)
    planned.ok("calendar", "free", workday(2))
    planned.ok("calendar", "work", workday(2))
    assert dates(planned)["lp-2"][0] == workday(2)


def test_absences_move_the_work_of_who_is_away(planned: Cli) -> None:
    planned.ok("set", "lp-2", "owner=林平")
    planned.ok("calendar", "away", "林平", workday(2), "--to", workday(3))
    assert dates(planned)["lp-2"][0] == (date.fromisoformat(workday(3)) + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("calendar", "country", "XX"), 2, "a country's code"),
        (("calendar", "free", "someday"), 2, "a date"),
        (("calendar", "free", "2026-12-24", "--to", "2026-12-01"), 2, "2026-12-01"),
        (("calendar", "away", "nobody-here", "2026-12-24"), 1, "nobody-here"),
        (("calendar", "freee", "2026-12-24"), 2, "free"),
        (("calendar", "away", "林平"), 2, "sameboat calendar away"),
        (("timeline", "--zoom", "decade"), 2, "quarter"),
        (("timeline", "--from", "someday"), 2, "a date"),
        (("checkin", "lp-1"), 2, "--ok"),
        (("checkin", "lp-1", "--due", "someday"), 2, "a date"),
        (("checkin", "lp-1", "--due", "fri", "--reason", "weather"), 2, "scope changed"),
        (("forecast",), 1, "a forecast wants 14"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    planned: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    result = planned(*words)
    assert result.code == code, result.err
    assert said in result.err
    assert "Traceback" not in result.err


def test_text_and_picture_show_the_same_plan(planned: Cli, tmp_path: Path) -> None:
    text = planned.ok("timeline", "--width", "100").out
    assert "支付接口联调" in text
    assert re.search(r"━{5}", text)
    assert "◆" in text
    assert max(cell_width(line) for line in text.splitlines()) <= 100
    path = tmp_path / "plan.svg"
    planned.ok("timeline", "--svg", str(path))
    picture = ET.parse(path).getroot()
    words = "".join(picture.itertext())
    assert "支付接口联调" in words
    assert "http" not in path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")


def test_a_title_of_markup_and_escapes_stays_text_in_both(planned: Cli, tmp_path: Path) -> None:
    planned.ok("set", "lp-1", "title=</text><script>x</script> \x1b[31mred & more")
    path = tmp_path / "plan.svg"
    planned.ok("timeline", "--svg", str(path), "--width", "200")
    ET.parse(path)
    assert "<script>" not in path.read_text(encoding="utf-8")
    assert "\x1b" not in planned.ok("timeline").out


def test_a_query_narrows_and_since_compares(planned: Cli) -> None:
    assert [row["id"] for row in planned.ok("timeline", "kind:milestone", "--json").lines] == ["lp-3"]
    planned.ok("timeline", "--since", date.today().isoformat())
    assert "not been reviewed" in planned.ok("timeline", "--since", "review").err


def test_a_check_in_walks_answers_and_ends_with_a_summary(planned: Cli) -> None:
    planned.ok("set", "lp-2", f"due={workday(2)}", "owner=林平")
    [asked] = planned.ok("checkin", "--json").lines
    assert (asked["id"], asked["why"], asked["answer"]) == ("lp-2", "late", None)
    planned.ok("checkin", "lp-2", "--due", workday(3), "--reason", "waited for others", "--note", "legal")
    assert planned.ok("show", "lp-2", "--json").json["fields"]["due"] == workday(3)
    summary = planned.ok("checkin", "--end", "--json").json
    assert summary["answered"] == 1
    assert "Landing page (林平): moved to" in summary["summary"]
    assert "waited for others · legal" in summary["summary"]
    assert planned.ok("checkin", "--json").out == ""
    planned.ok("set", "lp-1", "duration=9")
    since = planned.ok("timeline", "--since", "review")
    assert "+4 d" in since.out
    assert "no department: 3 later" in since.err
    rows = {row["id"]: row for row in planned.ok("timeline", "--since", "review", "--json").lines}
    assert (rows["lp-1"]["slipped"], rows["lp-2"]["slipped"]) == (4, 1)


def test_bad_plans_are_told_and_never_stop_the_program(planned: Cli) -> None:
    circle = planned("link", "lp-3", "lp-1")
    assert circle.code == 1
    assert "lp-1 → lp-2 → lp-3 → lp-1" in circle.err
    assert planned("link", "lp-1", "lp-1").code == 1
    planned.ok("set", "lp-1", f"due={workday(-8)}")
    planned.ok("set", "lp-2", "duration=100000")
    planned.ok("add", "Out of range")
    planned.ok("set", "lp-4", "start=9999-12-31")
    planned.ok("delete", "lp-1")
    assert "things to look at" in planned.ok("timeline").err
    assert len(dates(planned)) >= 2


def test_a_plan_with_a_name_is_compared_with(planned: Cli) -> None:
    assert "No plan has a name yet" in planned.ok("baseline").err
    given = planned.ok("baseline", "Kick-off", "--json").json
    assert given["name"] == "Kick-off"
    planned.ok("set", "lp-1", "duration=7")
    rows = {row["id"]: row for row in planned.ok("timeline", "--baseline", "kick-OFF", "--json").lines}
    assert rows["lp-1"]["slipped"] == 2
    assert "+2 d" in planned.ok("timeline", "--baseline", "kick-off").out
    assert planned.ok("baseline", "list", "--json").lines == [given]
    assert "Kick-off" in planned.ok("baseline", "list").out


def test_a_baseline_that_nobody_named_is_refused_with_the_names_there_are(planned: Cli) -> None:
    planned.ok("baseline", "\x1b[31mred [bold]")
    failed = planned("timeline", "--baseline", "blue")
    assert failed.code == 1
    assert "[bold]" in failed.err
    assert "\x1b" not in failed.err
    assert "\x1b" not in planned.ok("baseline", "list").out


def test_the_plan_of_a_past_day_gets_a_name(planned: Cli) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    assert planned.ok("baseline", "before", "--at", yesterday, "--json").json["at"].startswith(yesterday)
    assert planned("baseline", "never", "--at", "someday").code == 2
