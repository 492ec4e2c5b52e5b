"""What a pipeline learns of a change: with the database, and with a scrambled sample and git alone."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ringback.errors import UsageError
from ringback.model.ci import Answer, CiReport, Standing
from ringback.report.as_json import as_json
from ringback.report.ci import ci_parts, ci_text, ci_title
from ringback.report.junit import junit_text
from ringback.report.page import markdown
from ringback.workflows.ci import Wanted, ci
from ringback.workflows.sample_export import Wanted as Exporting
from ringback.workflows.sample_export import export_sample

from .office import FIELDS, Office, asked, contract_text

pytestmark = pytest.mark.sqlite_first

AMERICAN = {**FIELDS, "born_on": {"from": "Born", "type": "date", "format": "%m/%d/%Y"}}
NARROW = {"delimiter": ","}
ROWS = [f"{number:04};Adalbert;{number % 28 + 1:02}/{number % 12 + 1:02}/1980;{number},50" for number in range(1, 120)]


@pytest.fixture
def delivered(office: Office) -> Office:
    """A feed with a release and two imports."""
    office.agree()
    office.take_in(*ROWS, name="a.csv")
    office.take_in(*ROWS, "0500;Berengar;01/02/1990;1,00", name="b.csv")
    return office


def piped(office: Office, **wanted: Any) -> CiReport:
    """What ci finds; not drilled, unless that is asked for."""
    return ci(office.folder, asked(), Wanted(**{"drill_rows": None, **wanted}), {})


def sample_of(office: Office, folder: Path, **wanted: Any) -> Path:
    """A sample of the feed."""
    export_sample(office.feed, folder, office.place, asked(), Exporting(**{"secret": b"told to nobody", **wanted}))
    return folder


def git(folder: Path, *words: str) -> None:
    """What a developer does."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def committed(office: Office) -> None:
    """The project in git, on its branch main; deliveries and database stay out."""
    (office.folder / ".gitignore").write_text("archive/\n*.csv\n*.db*\n", encoding="utf-8")
    git(office.folder, "init", "--quiet", "--initial-branch=main")
    git(office.folder, "add", "--all")
    git(office.folder, "commit", "--quiet", "--message=base")


def page(report: CiReport) -> str:
    """As a pull request shows it."""
    return markdown(ci_title(report), ci_parts(report))


@pytest.mark.every_store
def test_where_nothing_changed_all_is_well(delivered: Office) -> None:
    report = piped(delivered)

    assert report.answer is Answer.WELL
    assert [(each.standing, each.trial) for each in report.feeds] == [(Standing.SAME, None)]
    assert ci_text(report).startswith("ringback: nothing changes its meaning")


@pytest.mark.every_store
def test_a_changed_feed_is_tried_on_the_archive_and_a_person_must_look(delivered: Office) -> None:
    delivered.write_contract(fields=AMERICAN)

    report = piped(delivered)

    (feed,) = report.feeds
    assert (report.answer, int(report.answer), feed.compared_with) == (Answer.APPROVAL, 3, "release 1")
    assert feed.trial is not None
    assert feed.trial.trial.changes.changed > 20
    assert delivered.place.store.trials("clients")[0].digest == feed.trial.trial.digest
    text = ci_text(report)
    assert "1 of 1 feed would change; a person must look and approve" in text
    assert 'format is "%m/%d/%Y"; it was "%d/%m/%Y"' in text
    assert "day and month exchanged" in text
    assert "ringback approve clients" in text


def test_a_page_that_many_read_has_no_client_value_unless_that_is_asked_for(delivered: Office) -> None:
    delivered.write_contract(fields=AMERICAN)

    hidden, shown = piped(delivered), piped(delivered, shows_values=True)

    values = ("Adalbert", "/1980", "1980-")
    for told in (page(hidden), str(as_json(hidden)), junit_text(hidden), ci_text(hidden)):
        assert not any(value in told for value in values)
    assert "Values of clients are left out" in page(hidden)
    assert "1980-" in page(shown)
    assert "/1980" in page(shown)


def test_a_drill_of_a_changed_feed_says_what_would_be_caught_less(delivered: Office) -> None:
    piped_before = piped(delivered, drill_rows=60)
    delivered.write_contract(policy={"quarantined": {"hold_above": "100 %"}})

    report = piped(delivered, drill_rows=60)

    assert piped_before.feeds[0].drill is None  # nothing changed
    assert report.feeds[0].drill is not None
    assert re.search(r"\d+(\.\d)? % caught", ci_text(report))


def test_a_first_contract_needs_a_person_and_no_trial(delivered: Office) -> None:
    (delivered.folder / "feeds" / "visits.yaml").write_text(contract_text("visits"), encoding="utf-8")

    report = piped(delivered)

    assert report.answer is Answer.APPROVAL
    assert [each.standing for each in report.feeds] == [Standing.SAME, Standing.NEW]
    assert "A new feed" in ci_text(report)


def test_a_fault_or_a_failing_example_comes_before_all_else(delivered: Office) -> None:
    delivered.write_contract(fields=AMERICAN)
    row = 'row: {Client No: "0001", Born: 03/04/1980}, record: {born_on: "1980-04-03"}'
    example = f"feed: clients\nexamples: [{{name: a day, {row}}}]\n"
    (delivered.folder / "feeds" / "clients.examples.yaml").write_text(example, encoding="utf-8")
    failing = piped(delivered)
    (delivered.folder / "feeds" / "clients.yaml").write_text("feed: clients\nkye: [x]\n", encoding="utf-8")

    faulty = piped(delivered)

    assert (failing.answer, faulty.answer) == (Answer.FAULTY, Answer.FAULTY)
    assert failing.feeds[0].trial is not None  # it is told all the same
    assert 'example 1 (a day), born_on: expected "1980-04-03", got "1980-03-04"' in ci_text(failing)
    assert "feeds/clients.yaml, line 2" in ci_text(faulty)
    failures = ElementTree.fromstring(junit_text(failing)).iter("failure")
    assert ["example 1 (a day), born_on" in each.get("message", "") for each in failures] == [True]


def test_deliveries_that_cannot_be_read_any_more_are_refused(delivered: Office) -> None:
    delivered.write_contract(source=NARROW)

    report = piped(delivered)

    assert (report.answer, int(report.answer)) == (Answer.REFUSED, 4)
    assert "cannot be read any more" in ci_text(report)


def test_a_scrambled_sample_and_git_are_enough_and_tell_what_the_database_tells(
    delivered: Office, tmp_path: Path
) -> None:
    sample = sample_of(delivered, tmp_path / "samples")
    committed(delivered)
    delivered.write_contract(fields=AMERICAN)
    here = piped(delivered).feeds[0].trial
    (delivered.folder / "ringback.yaml").write_text(
        "target: postgresql://loader:${PASSWORD}@db/crm\n", encoding="utf-8"
    )

    report = piped(delivered, sample=sample, base="main")

    there = report.feeds[0].trial
    assert report.answer is Answer.APPROVAL
    assert here is not None
    assert there is not None
    assert there.trial.rows == here.trial.rows
    share = there.trial.changes.changed / there.trial.rows
    assert abs(share - here.trial.changes.changed / here.trial.rows) < 0.2  # other days, the same forms
    told = {each.field: each.misreading for each in there.trial.fields}
    assert told["born_on"] == "date.day_month"
    text = page(report)
    assert "with main, on 2 of 2 deliveries" in text
    assert "as delivered" in text  # examples, for nobody is in them
    assert "Adalbert" not in text
    assert "| `0001` |" not in text


def test_without_a_revision_a_sample_has_the_release_to_compare_with(delivered: Office, tmp_path: Path) -> None:
    sample = sample_of(delivered, tmp_path / "samples")

    same = piped(delivered, sample=sample)
    delivered.write_contract(fields=AMERICAN)
    other = piped(delivered, sample=sample)

    assert (same.answer, other.answer) == (Answer.WELL, Answer.APPROVAL)
    assert other.feeds[0].compared_with == "release 1"


def test_a_sample_as_delivered_shows_no_values_either(delivered: Office, tmp_path: Path) -> None:
    sample = sample_of(delivered, tmp_path / "samples", secret=None)
    delivered.write_contract(fields=AMERICAN)

    report = piped(delivered, sample=sample)

    assert not report.shows_values
    assert "Adalbert" not in page(report)
    assert "with client values as delivered" in page(report)


def test_a_sample_is_tried_beside_what_a_policy_of_the_project_says(delivered: Office, tmp_path: Path) -> None:
    sample = sample_of(delivered, tmp_path / "samples")
    written = json.loads(contract_text())
    del written["policy"]
    (delivered.folder / "feeds" / "clients.yaml").write_text(json.dumps(written), encoding="utf-8")
    settings = delivered.folder / "ringback.yaml"
    committed(delivered)
    settings.write_text(
        settings.read_text(encoding="utf-8") + "policy: {removed: {hold_above: 9 %}}\n", encoding="utf-8"
    )

    report = piped(delivered, sample=sample, base="main")

    assert report.answer is Answer.APPROVAL
    assert any(each.path[0] == "policy" for each in report.feeds[0].differences)


def test_a_change_without_a_sample_is_told_and_not_called_well(delivered: Office) -> None:
    committed(delivered)
    delivered.write_contract(fields=AMERICAN)

    report = piped(delivered, base="main")

    assert report.answer is Answer.APPROVAL
    assert "Not tried: there is no sample of its deliveries." in ci_text(report)
    assert "not tried" in ci_text(report)


def test_a_feed_that_nothing_is_known_of_is_not_called_well_or_new(delivered: Office, tmp_path: Path) -> None:
    sample = sample_of(delivered, tmp_path / "samples")
    (delivered.folder / "feeds" / "visits.yaml").write_text(contract_text("visits"), encoding="utf-8")

    report = piped(delivered, sample=sample)

    assert [each.standing for each in report.feeds] == [Standing.SAME, Standing.UNKNOWN]
    assert report.answer is Answer.APPROVAL
    assert "There is neither a sample of it nor --base" in ci_text(report)
    assert "A new feed" not in ci_text(report)


def test_a_contract_with_faults_at_the_base_is_nothing_to_compare_with(delivered: Office, tmp_path: Path) -> None:
    sample = sample_of(delivered, tmp_path / "samples")
    (delivered.folder / "feeds" / "clients.yaml").write_text("feed: clients\n", encoding="utf-8")
    committed(delivered)
    delivered.write_contract()

    report = piped(delivered, sample=sample, base="main")

    assert report.feeds[0].standing is Standing.UNKNOWN
    assert "The contract at main has faults" in page(report)


def test_a_release_of_an_emergency_is_due_for_a_regular_approval(delivered: Office) -> None:
    delivered.write_contract(fields=AMERICAN)
    delivered.approve_untried(emergency=True, reason="now")

    report = piped(delivered)

    assert report.answer is Answer.WELL
    assert "a regular approval is due" in ci_text(report)


def test_a_feed_that_is_gone_and_one_that_is_new_are_told(delivered: Office) -> None:
    committed(delivered)
    feeds = delivered.folder / "feeds"
    (feeds / "clients.yaml").unlink()
    (feeds / "branches.yaml").write_text(contract_text("branches"), encoding="utf-8")

    report = piped(delivered, base="main")

    assert (report.gone, report.feeds[0].standing) == (("clients",), Standing.NEW)
    assert "feeds/clients.yaml is gone" in ci_text(report)
    assert report.answer is Answer.APPROVAL


def test_a_revision_that_git_does_not_have_and_an_empty_sample_are_mistakes_of_the_call(
    delivered: Office, tmp_path: Path
) -> None:
    committed(delivered)

    with pytest.raises(UsageError, match="git knows no revision origin/main"):
        piped(delivered, base="origin/main")
    with pytest.raises(UsageError, match="git knows no revision"):
        piped(delivered, base="--output=x")
    with pytest.raises(UsageError, match="no sample in this folder"):
        piped(delivered, sample=tmp_path)


def test_the_project_itself_may_be_at_fault(delivered: Office) -> None:
    (delivered.folder / "ringback.yaml").write_text("target: nowhere\n", encoding="utf-8")

    report = piped(delivered)

    assert report.answer is Answer.FAULTY
    assert "faults in the project" in ci_title(report)
    assert '"target" must begin with' in page(report)


def test_a_file_for_pipelines_has_a_case_for_each_thing_that_was_tried(delivered: Office) -> None:
    delivered.write_contract(fields=AMERICAN)

    root = ElementTree.fromstring(junit_text(piped(delivered)))

    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "0", "1")
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert names == [
        ("ringback.project", "ringback.yaml"),
        ("ringback.clients", "feeds/clients.yaml"),
        ("ringback.clients", "what deliveries mean"),
    ]
    (skipped,) = root.iter("skipped")
    assert skipped.get("message", "").endswith("needs approval")
