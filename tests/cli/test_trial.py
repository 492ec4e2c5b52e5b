"""`ringback trial` as people and pipelines call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ..report.reader import faults_of, read_page
from .conftest import CONTRACT, Call

ROWS = [f"{number:04};{1 + number % 12:02}/{1 + number % 5:02}/{1940 + number % 60}" for number in range(60)]


@pytest.fixture
def feed(folder: Path, call: Call, deliver: Callable[..., str]) -> Path:
    """An approved feed with one delivery."""
    call("approve", "clients")
    assert call("import", "clients", deliver("a.csv", *ROWS)).code == 0
    return folder


def _write(feed: Path, old: str, new: str) -> None:
    assert old in CONTRACT
    (feed / "feeds" / "clients.yaml").write_text(CONTRACT.replace(old, new), encoding="utf-8")


def test_nothing_to_see_is_exit_code_0_and_says_what_was_read(feed: Path, call: Call) -> None:
    told = call("trial", "clients")

    assert told.code == 0
    assert told.out.startswith("clients: reads the same\n")
    assert "on 1 of 1 delivery, whole (R1): 60 rows, 2 fields" in told.out


def test_a_difference_is_exit_code_3_with_the_line_the_cause_and_examples(feed: Path, call: Call) -> None:
    _write(feed, "%d/%m/%Y", "%m/%d/%Y")

    told = call("trial", "clients", "--examples", "1")

    assert told.code == 3
    assert 'feeds/clients.yaml line 7: format is "%m/%d/%Y"; it was "%d/%m/%Y"' in told.out
    assert "are the old date with day and month exchanged" in told.out
    assert told.out.count("1941-02-02 ->") + told.out.count("  R1  ") == 1
    assert told.out.rstrip().endswith("If all of this is meant: ringback approve clients")


def test_a_delivery_that_cannot_be_read_any_more_is_exit_code_4(feed: Path, call: Call) -> None:
    _write(feed, 'delimiter: ";"', 'delimiter: ","')

    told = call("trial", "clients")

    assert told.code == 4
    assert told.out.startswith("clients: 1 delivery cannot be read any more\n")
    assert "ringback approve" not in told.out


def test_a_broken_contract_and_a_strange_feed_are_exit_code_2(feed: Path, call: Call) -> None:
    strange = call("trial", "others")
    _write(feed, "type: date", "type: dat")

    broken = call("trial", "clients")

    assert (strange.code, broken.code) == (2, 2)
    assert "feeds/clients.yaml, line 7" in broken.err


def test_machines_get_one_object(feed: Path, call: Call) -> None:
    _write(feed, "%d/%m/%Y", "%m/%d/%Y")

    told = call("trial", "clients", "--json")

    assert told.code == 3
    born = told.json["fields"]["born_on"]
    assert (told.json["changes_nothing"], born["misreading"]) == (False, "date.day_month")
    assert born["changed"] == told.json["live"]["changed"] == told.json["rows"]["changed"]
    assert {"run", "key", "line", "before", "after", "raw"} <= set(born["examples"][0])


def test_a_report_is_written_as_markdown_and_as_a_page_beside_what_is_printed(feed: Path, call: Call) -> None:
    _write(feed, "%d/%m/%Y", "%m/%d/%Y")

    told = call("trial", "clients", "--markdown", "t.md", "--html", "t.html", "--json")

    page, text = (feed / "t.html").read_text(encoding="utf-8"), (feed / "t.md").read_text(encoding="utf-8")
    assert told.json["digest"] in page
    assert told.json["digest"] in text
    assert "| R1 | 7 | `0005` |" in text
    assert "0005" in read_page(page).text("td")
    assert faults_of(read_page(page)) == []


def test_a_report_that_cannot_be_written_is_told(feed: Path, call: Call) -> None:
    told = call("trial", "clients", "--html", "nowhere/t.html")

    assert told.code == 2
    assert "the report cannot be written" in told.err


def test_a_sample_of_the_approved_contract_is_refused_with_a_way_out(feed: Path, call: Call) -> None:
    told = call("trial", "clients", "--sample", "10")

    assert told.code == 2
    assert "--newest N" in told.err


def test_options_that_say_two_things_are_refused(feed: Path, call: Call) -> None:
    both = call("trial", "clients", "--newest", "1", "--all")
    files = call("trial", "clients", "--record", "a.json", "--against", "b.json")

    assert (both.code, files.code) == (2, 2)
    assert not (feed / "a.json").exists()


def test_two_environments_are_compared_through_a_file(feed: Path, call: Call) -> None:
    recorded = call("trial", "clients", "--record", "r.json", "--json")
    same = call("trial", "clients", "--against", "r.json")
    told = json.loads((feed / "r.json").read_text(encoding="utf-8"))
    told["readings"][0]["digest"]["fields"]["born_on"] = "0" * 32
    (feed / "r.json").write_text(json.dumps(told), encoding="utf-8")

    other = call("trial", "clients", "--against", "r.json")

    assert (recorded.code, same.code, other.code) == (0, 0, 3)
    assert [reading["file"] for reading in recorded.json["readings"]] == ["a.csv"]
    assert "1 delivery reads otherwise than before (born_on is another)" in other.out
