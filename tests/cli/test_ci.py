"""`ringback ci`, `archive export` and `check --examples` as people and pipelines call them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import ringback.api
from ringback.cli import app

from .conftest import CONTRACT, Call

ROWS = [f"{number:04};{1 + number % 12:02}/{1 + number % 5:02}/{1940 + number % 60}" for number in range(60)]
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def feed(folder: Path, call: Call, deliver: Callable[..., str]) -> Path:
    """An approved feed with one delivery."""
    call("approve", "clients")
    assert call("import", "clients", deliver("a.csv", *ROWS)).code == 0
    return folder


def _write(feed: Path, old: str, new: str) -> None:
    assert old in CONTRACT
    (feed / "feeds" / "clients.yaml").write_text(CONTRACT.replace(old, new), encoding="utf-8")


def test_exit_codes_tell_a_pipeline_what_becomes_of_a_change(feed: Path, call: Call) -> None:
    well = call("ci", "--no-drill")
    _write(feed, "%d/%m/%Y", "%m/%d/%Y")
    meant = call("ci", "--no-drill")
    _write(feed, 'delimiter: ";"', 'delimiter: ","')
    unreadable = call("ci", "--no-drill")
    _write(feed, "type: date", "type: dat")

    faulty = call("ci", "--no-drill")

    assert (well.code, meant.code, unreadable.code, faulty.code) == (0, 3, 4, 2)
    assert meant.out.splitlines()[0] == "ringback: 1 of 1 feed would change; a person must look and approve"
    assert "feeds/clients.yaml, line 7" in faulty.out


def test_summary_junit_file_and_one_object_are_written_together(feed: Path, call: Call) -> None:
    _write(feed, "%d/%m/%Y", "%m/%d/%Y")

    told = call("ci", "--no-drill", "--markdown", "r.md", "--junit", "r.xml", "--json")

    assert told.code == told.json["exit_code"] == 3
    assert told.json["feeds"][0]["trial"]["fields"]["born_on"]["misreading"] == "date.day_month"
    page = (feed / "r.md").read_text(encoding="utf-8")
    assert page.startswith("# ringback: 1 of 1 feed would change")
    assert "| clients | changed in 1 place | none |" in page
    assert ElementTree.parse(feed / "r.xml").getroot().get("skipped") == "1"
    assert told.err.splitlines()[-2:] == ["written: r.md", "written: r.xml"]


def test_a_sample_stands_in_for_the_database(feed: Path, call: Call) -> None:
    told = call("archive", "export", "clients", "samples", "--rows", "40", "--scramble", "--json")
    (feed / "clients.db").unlink()
    (feed / "ringback.yaml").write_text("target: postgresql://loader:${NOBODYS_PASSWORD}@db/crm\n", encoding="utf-8")
    _write(feed, "%d/%m/%Y", "%m/%d/%Y")

    piped = call("ci", "--sample", "samples", "--no-drill")
    tried = call("trial", "clients", "--from", "samples")
    both = call("trial", "clients", "--from", "samples", "--sample", "10")

    assert (told.code, told.json["scrambled"], told.json["deliveries"][0]["row_count"]) == (0, True, 40)
    assert (piped.code, tried.code, both.code) == (3, 3, 2)
    assert "day and month exchanged" in piped.out
    assert tried.out.rstrip().endswith("an approval rests on a trial that is made where the archive is.")


def test_an_export_as_delivered_says_so_and_a_short_secret_is_none(
    feed: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = call("archive", "export", "clients", "plain")
    monkeypatch.setenv("RINGBACK_SCRAMBLE_SECRET", "short")
    refused = call("archive", "export", "clients", "samples", "--scramble")
    monkeypatch.setenv("RINGBACK_SCRAMBLE_SECRET", "long enough to be one")
    call("archive", "export", "clients", "one", "--scramble")
    call("archive", "export", "clients", "two", "--scramble")

    assert "AS DELIVERED: client values are in it" in plain.out
    assert (refused.code, (feed / "samples").exists()) == (2, False)
    assert "RINGBACK_SCRAMBLE_SECRET is too short" in refused.err
    one, two = ((feed / name / "clients" / "1" / "a.csv").read_text(encoding="utf-8") for name in ("one", "two"))
    assert one == two


def test_examples_are_accepted_by_name_only(feed: Path, call: Call) -> None:
    unnamed = call("check", "--examples", "--accept")
    accepted = call("check", "--examples", "--accept", "clients")
    _write(feed, 'type: date, format: "%d/%m/%Y"', "type: integer")

    told = call("check", "--json")

    assert (unnamed.code, accepted.code, told.code) == (2, 0, 2)
    assert accepted.out.splitlines()[0].endswith("all pass (feeds/clients.examples.yaml)")
    (examples,) = told.json["examples"]
    assert {"file_name", "line", "field", "expected", "got"} <= set(examples["faults"][0])


def test_offline_no_variable_is_asked_for(feed: Path, call: Call) -> None:
    (feed / "ringback.yaml").write_text("target: postgresql://loader:${NOBODYS_PASSWORD}@db/crm\n", encoding="utf-8")

    here, there = call("check"), call("check", "--offline")

    assert (here.code, there.code) == (2, 0)


def test_python_gives_what_the_command_prints(feed: Path, call: Call) -> None:
    ringback.api.export_sample("clients", feed / "samples", by="ana", secret=b"told to nobody", project=feed)
    _write(feed, 'type: date, format: "%d/%m/%Y"', "type: string")

    report = ringback.api.ci(by="ana", sample=feed / "samples", project=feed)

    told = call("ci", "--sample", "samples", "--json")
    assert ringback.as_json(report)["feeds"][0]["differences"] == told.json["feeds"][0]["differences"]
    assert int(report.answer) == told.code == 3


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml", "../../.pre-commit-hooks.yaml"])
def test_the_templates_are_yaml_and_call_what_there_is(name: str) -> None:
    text = (REPOSITORY / "docs" / "ci" / name).read_text(encoding="utf-8")
    commands = re.findall(r"^[^#\n]*?\bringback ((?:ci|check|archive|trial|approve)\b[^\n|]*)", text, re.MULTILINE)

    assert YAML(typ="safe", pure=True).load(text)
    assert commands
    for command in commands:
        words = command.split()
        options = {word for word in words if word.startswith("--")}
        shown = CliRunner().invoke(app, [words[0], "--help"], env={"COLUMNS": "200"}).output
        assert {option for option in options if option not in shown} == set()


def test_the_hook_for_commits_runs_on_contracts_and_examples() -> None:
    (hook,) = YAML(typ="safe", pure=True).load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    config = YAML(typ="safe", pure=True).load(
        (REPOSITORY / "docs" / "ci" / "pre-commit-config.yaml").read_text(encoding="utf-8")
    )

    paths = ("ringback.yaml", "feeds/clients.yaml", "crm/feeds/a.examples.yaml", "README.md", "my-ringback.yaml")
    fitting = [bool(re.search(hook["files"], path)) for path in paths]

    assert fitting == [True, True, True, False, False]
    assert config["repos"][0]["hooks"] == [{"id": hook["id"]}]
