"""`sameboat review`: what diverged is listed with all versions, and settled once for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.test_cli_sync import folder, pair

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli

__all__ = ["folder", "pair"]


@pytest.fixture
def torn(pair: tuple[Cli, Cli]) -> tuple[Cli, Cli]:
    """Return two homes that both renamed lp-1 and both edited its description, and know of it."""
    here, there = pair
    here.ok("add", "定价页")
    here.ok("set", "lp-1", "description=目标：付费\n\n价格页\n")
    for cli in (here, there):
        cli.ok("sync")
    here.ok("set", "lp-1", "title=here", "description=目标：付费转化\n\n价格页\n")
    there.ok("set", "lp-1", "title=there", "description=目标：付费\n\n价格页上线\n")
    for cli in (here, there, here):
        cli.ok("sync")
    return here, there


def settled(pair: tuple[Cli, Cli]) -> list[dict[str, object]]:
    """Carry the settlement over and return what both have."""
    here, there = pair
    for cli in (there, here, there):
        cli.ok("sync")
    assert here.ok("export").out == there.ok("export").out
    return [cli.ok("show", "lp-1", "--json").json["fields"] for cli in pair]


def test_both_versions_are_listed_with_author_device_and_what_came_before(torn: tuple[Cli, Cli]) -> None:
    for cli in torn:
        listed = {one["field"]: one for one in cli.ok("review", "--json").lines}
        assert set(listed) == {"title", "description"}
        title = listed["title"]
        assert (title["id"], title["base"]) == ("lp-1", "定价页")
        assert {(version["value"], version["by"]) for version in title["versions"]} == {
            ("here", "林平"),
            ("there", "韩梅"),
        }
        shown = cli.ok("review").out
        assert "here" in shown
        assert "there" in shown


def test_of_a_long_text_it_is_shown_where_the_versions_differ(torn: tuple[Cli, Cli]) -> None:
    here, there = torn
    here.ok("review", "lp-1", "title", "--keep")
    long = "".join(f"line {number}\n" for number in range(60))
    here.ok("review", "lp-1", "description", "--value", f"{long}agreed")
    for cli in (here, there):
        cli.ok("sync")
    here.ok("set", "lp-1", f"description={long}agreed on Friday")
    there.ok("set", "lp-1", f"description={long}agreed on Monday")
    for cli in (here, there, here):
        cli.ok("sync")
    shown = here.ok("review", "lp-1", "description").out
    assert "{+ on Friday+}" in shown
    assert "{+ on Monday+}" in shown
    assert "line 59" in shown
    assert "line 9\n" not in shown


def test_kept_here_is_settled_everywhere(torn: tuple[Cli, Cli]) -> None:
    here, _there = torn
    shown = here.ok("show", "lp-1", "--json").json["title"]
    here.ok("review", "lp-1", "title", "--keep")
    assert [fields["title"] for fields in settled(torn)] == [shown, shown]
    assert [one["field"] for one in torn[1].ok("review", "--json").lines] == ["description"]


def test_the_other_version_can_be_taken(torn: tuple[Cli, Cli]) -> None:
    here, _there = torn
    versions = [version["value"] for version in here.ok("review", "lp-1", "title", "--json").json["versions"]]
    here.ok("review", "lp-1", "title", "--flip")
    assert [fields["title"] for fields in settled(torn)] == [versions[1]] * 2


def test_the_value_that_holds_now_is_told(torn: tuple[Cli, Cli]) -> None:
    here, _there = torn
    first, second = [one["value"] for one in here.ok("review", "lp-1", "title", "--json").json["versions"]]
    assert here.ok("review", "lp-1", "title", "--flip").err.rstrip().endswith(f": {second}")
    assert first != second
    said = here.ok("review", "lp-1", "description", "--value", "one\ntwo").err
    assert said.rstrip().endswith(": one …")


def test_of_three_versions_one_is_taken_by_its_number(
    torn: tuple[Cli, Cli], folder: Path, tmp_path: Path
) -> None:
    here, there = torn
    third = here.in_home(tmp_path / "third")
    third.ok("join", str(folder), "--me", "王芳")
    for cli in (here, there, third):
        cli.ok("sync")
    for cli, due in ((here, "2026-12-01"), (there, "2026-12-02"), (third, "2026-12-03")):
        cli.ok("set", "lp-1", f"due={due}")
    for cli in (here, there, third, here):
        cli.ok("sync")
    versions = [one["value"] for one in here.ok("review", "lp-1", "due", "--json").json["versions"]]
    assert len(versions) == 3
    refused = here("review", "lp-1", "due", "--flip")
    assert (refused.code, "--take N" in refused.err, "3 versions" in refused.err) == (2, True, True)
    merged = here("review", "lp-1", "due", "--merge")
    assert (merged.code, "Only texts can be merged" in merged.err) == (2, True)
    assert here.ok("review", "lp-1", "due", "--take", "3").err.rstrip().endswith(versions[2])


def test_a_status_that_was_settled_is_told_by_its_name(torn: tuple[Cli, Cli]) -> None:
    here, there = torn
    here.ok("move", "lp-1", "进行中")
    there.ok("move", "lp-1", "评审中")
    for cli in (here, there, here):
        cli.ok("sync")
    said = here.ok("review", "lp-1", "status", "--flip").err
    assert "Doing" in said or "In review" in said


def test_texts_changed_in_different_places_are_merged(torn: tuple[Cli, Cli]) -> None:
    torn[1].ok("review", "lp-1", "description", "--merge")
    assert [fields["description"] for fields in settled(torn)] == ["目标：付费转化\n\n价格页上线\n"] * 2


def test_texts_that_clash_are_not_merged_by_themselves_but_written(torn: tuple[Cli, Cli]) -> None:
    here, there = torn
    here.ok("review", "lp-1", "description", "--keep")
    for cli in (here, there):
        cli.ok("sync")
    here.ok("set", "lp-1", "description=周四")
    there.ok("set", "lp-1", "description=周五")
    for cli in (here, there, here):
        cli.ok("sync")
    refused = here("review", "lp-1", "description", "--merge")
    assert refused.code == 1
    assert "--value" in refused.err
    here.ok("review", "lp-1", "description", "--value", "周六")
    assert [fields["description"] for fields in settled(torn)] == ["周六"] * 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["lp-1", "title", "--take", "3"], 1),
        (["lp-1", "--keep"], 1),
        (["lp-1", "due", "--keep"], 1),
        (["lp-1", "nonsense", "--keep"], 2),
        (["--keep"], 2),
        (["lp-1", "title", "--keep", "--flip"], 2),
    ],
)
def test_a_mistake_is_told_and_settles_nothing(torn: tuple[Cli, Cli], words: list[str], code: int) -> None:
    here, _there = torn
    said = here("review", *words)
    assert said.code == code
    assert said.err.strip()
    assert here.ok("status", "--json").json["divergences"] == 2


def test_nothing_to_review_is_said(pair: tuple[Cli, Cli]) -> None:
    assert pair[0].ok("review").out.strip()
    assert pair[0].ok("review", "--json").out == ""
