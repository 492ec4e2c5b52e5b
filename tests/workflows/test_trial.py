"""A trial shows what a changed contract or changed software would do, before anybody approves it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ringback.engine.local import Workspace
from ringback.errors import ContractError, StoreError, UsageError
from ringback.model.finding import Verdict
from ringback.model.reading import ReadingDigest
from ringback.model.run import Outcome
from ringback.model.trial import Stored, TrialKind, TrialReport
from ringback.report.trial import came_to
from ringback.workflows.place import open_place
from ringback.workflows.recording import against, record
from ringback.workflows.trial import Wanted, trial

from .office import FIELDS, Office, asked

pytestmark = pytest.mark.sqlite_first

EXCHANGED = {**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}}
WITH_CUTS = {**FIELDS, "client_no": {"from": "Client No", "type": "string"}}


def _row(number: int, *, name: str = "Client", balance: int = 0) -> str:
    month = 1 + number % 12
    day = 1 + (month + number % 11) % 12  # never the same, and both of them a month
    return f"{number:04};{name} {number};{day:02}/{month:02}/{1940 + number % 60};{number + balance},00"


ROWS = [_row(number) for number in range(120)]
LATER = [*(_row(number, balance=3) for number in range(5)), *ROWS[5:], "0500;Late;31/12/1999;1,00"]


def _try(office: Office, **wanted: Any) -> TrialReport:
    return trial(office.feed, office.place, asked(), Wanted(**wanted))


def _changed(report: TrialReport) -> dict[str, int | None]:
    return {each.field: each.changed for each in report.trial.fields if each.is_other}


def _take_in_both(office: Office) -> None:
    assert office.take_in(*ROWS, name="clients_05.csv").outcome is Outcome.PUBLISHED
    assert office.take_in(*LATER, name="clients_06.csv").outcome is Outcome.PUBLISHED


def _set_digest(office: Office, run: int, **other: Any) -> None:
    """As if other software had read the delivery at its import."""
    digest = office.place.store.reading_digest(run)
    assert digest is not None
    fields = {**digest.fields, **other.pop("fields", {})}
    text = replace(digest, fields=fields, **other).to_json()
    office.edit(f"update ringback_reading set digest = '{text}' where run = {run}")


# -- a changed contract


def test_a_date_format_that_was_changed_by_mistake_is_seen_before_it_does_anything(office: Office) -> None:
    _take_in_both(office)
    live, runs = office.live(), office.ledger()
    office.write_contract(fields=EXCHANGED)

    report = _try(office)

    born = next(each for each in report.trial.fields if each.field == "born_on")
    assert _changed(report) == {"born_on": 240}
    assert (born.compared, born.misreading, born.explained) == (240, "date.day_month", 240)
    assert [each.path for each in report.differences] == [("fields", "born_on", "format")]
    assert not report.trial.changes_nothing
    assert (office.live(), office.ledger()) == (live, runs)


def test_each_delivery_is_judged_as_if_it_came_again_under_the_new_reading(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(fields=EXCHANGED)

    report = _try(office)

    second, first = report.trial.deliveries
    assert [(each.run, each.verdict) for each in (second, first)] == [(2, Verdict.HOLD), (1, Verdict.HOLD)]
    assert first.news == ("guard.replaced",)
    (finding,) = report.found.findings[first.run]
    assert finding.misreading == "date.day_month"
    assert finding.line == office.place.contract("clients").line("fields", "born_on", "format")


@pytest.mark.every_store
def test_what_it_says_of_the_live_table_is_what_an_import_then_does(office: Office) -> None:
    _take_in_both(office)
    office.edit("update clients set name = 'Edited' where client_no = '0007'")
    office.write_contract(fields=EXCHANGED)
    told = _try(office).trial.live

    office.agree(fields=EXCHANGED)
    run = office.take_in_whatever(*LATER, "0999;New;01/02/1980;1,00")

    assert told is not None
    assert (told.by_field, told.removed) == (run.changed_by_field, run.removed)
    assert (told.added, told.by_field) == (0, {"born_on": 120, "name": 1})


@pytest.mark.every_store
def test_rows_that_enter_quarantine_are_told_with_their_reason_line_and_text(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(fields=EXCHANGED)

    report = _try(office)

    (entering,) = report.found.entering
    assert (report.trial.changes.entered, report.trial.changes.left) == (1, 0)
    assert (entering.run, entering.group.reason) == (2, "is not a date written as %m/%d/%Y")
    assert entering.group.raws == ((122, "31/12/1999"),)


def test_rows_that_leave_quarantine_are_told_with_why_they_were_there(office: Office) -> None:
    office.take_in(*ROWS, "77;Short;01/02/1980;1,00")
    office.write_contract(fields={**FIELDS, "client_no": {"from": "Client No", "type": "string"}})

    report = _try(office)

    (leaving,) = report.found.leaving
    assert report.trial.changes.left == 1
    assert (leaving.group.code, leaving.group.raws) == ("constraint.pattern", ((122, "77"),))
    assert report.trial.live is not None
    assert report.trial.live.added == 1


def test_a_contract_that_only_reads_otherwise_for_people_reads_the_same(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(title="Clients", description="Nightly")

    report = _try(office)

    assert report.trial.changes_nothing
    assert report.trial.kind is TrialKind.SOFTWARE
    assert report.trial.before == report.trial.after


def test_a_change_that_no_archived_delivery_shows_changes_nothing_and_says_where_the_contract_did(
    office: Office,
) -> None:
    _take_in_both(office)
    office.write_contract(fields={**FIELDS, "name": {**FIELDS["name"], "missingValues": ["", "n/a"]}})

    report = _try(office)

    assert report.trial.changes_nothing
    assert report.trial.contract_changes == 1
    assert [each.stored for each in report.trial.deliveries] == [Stored.SAME, Stored.SAME]


@pytest.mark.parametrize(
    "told", [{"policy": {"shrunk": {"hold_above": "90 %"}}}, {"missing": "delete"}, {"delivers": "changes"}]
)
def test_what_readings_do_not_show_is_left_to_a_person(office: Office, told: dict[str, Any]) -> None:
    _take_in_both(office)
    office.write_contract(**told)

    report = _try(office)

    assert _changed(report) == {}
    assert report.trial.needs_person
    assert not report.trial.changes_nothing


def test_a_stricter_policy_that_would_have_held_a_delivery_is_news(office: Office) -> None:
    office.take_in(*ROWS, "77;Short;01/02/1980;1,00")
    office.write_contract(policy={"quarantined": {"hold_above": "0.1 %"}})

    (told,) = _try(office).trial.deliveries

    assert (told.verdict, told.news) == (Verdict.HOLD, ("rows.quarantined",))


def test_what_holds_a_delivery_anyway_is_no_news(bare_office: Office) -> None:
    office = bare_office
    office.agree(policy={"quarantined": {"hold_above": "0.1 %"}})
    office.take_in_whatever(*ROWS, "77;Short;01/02/1980;1,00")
    office.write_contract(
        policy={"quarantined": {"hold_above": "0.1 %"}},
        fields={**FIELDS, "name": {**FIELDS["name"], "missingValues": ["", "n/a"]}},
    )

    report = _try(office)

    assert [(each.verdict, each.news) for each in report.trial.deliveries] == [(Verdict.HOLD, ())]
    assert report.trial.changes_nothing


def test_keys_that_are_read_otherwise_and_merge_are_told(bare_office: Office) -> None:
    bare_office.agree(fields=WITH_CUTS)
    bare_office.take_in("10;Ann;01/02/1980;1,00", "11;Ann;01/02/1980;2,00", "12;Bob;01/02/1980;3,00")
    bare_office.write_contract(fields={**WITH_CUTS, "client_no": {"from": "Name", "type": "string"}})

    report = _try(bare_office)

    changes = report.trial.changes
    assert (changes.rekeyed, changes.merged, changes.split) == (3, 2, 0)
    assert [(seen.example.before, seen.example.after) for seen in report.found.keys] == [
        ("10", "Ann"),
        ("11", "Ann"),
        ("12", "Bob"),
    ]
    assert [(seen.example.line, seen.example.after) for seen in report.found.shared] == [(2, "Ann"), (3, "Ann")]
    assert "key.duplicate" not in report.trial.deliveries[0].news  # the policy allows any number
    assert report.found.columns.no_longer_read == ("Client No",)
    assert report.found.columns.unmapped == ("Client No",)


def test_a_field_that_the_live_table_does_not_have_is_compared_and_the_table_is_left_out(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(fields={**FIELDS, "second": {"from": "Name", "type": "string"}})

    report = _try(office)

    assert report.trial.live is None
    assert "The live table was not looked at" in report.remarks[0]
    assert [each.field for each in report.trial.fields if each.is_other] == ["second"]
    assert all(each.verdict is not None for each in report.trial.deliveries)


def test_another_encoding_is_compared_line_by_line_and_named(bare_office: Office) -> None:
    office = bare_office
    source = {"delimiter": ";", "encoding": "utf-8"}
    office.agree(source=source)
    office.take_in(*(_row(number, name="Zoë Müller") for number in range(60)))
    office.write_contract(source={**source, "encoding": "cp1252"})

    report = _try(office)

    name = next(each for each in report.trial.fields if each.field == "name")
    assert (name.compared, name.changed, name.explained) == (60, 60, 60)
    assert name.misreading is not None
    assert name.misreading.startswith("text.encoding")
    assert _changed(report) == {"name": 60}


def test_lines_that_are_rows_for_one_contract_only_are_counted(bare_office: Office) -> None:
    office = bare_office
    office.agree(source={"delimiter": ";"})
    office.take_in(*ROWS[:20])
    office.write_contract(source={"delimiter": ";", "footerLines": "2"})

    changes = _try(office).trial.changes

    assert (changes.compared, changes.vanished, changes.appeared, changes.changed) == (18, 2, 0, 0)


def test_a_delivery_that_cannot_be_read_under_the_working_copy_is_refused(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(source={"delimiter": ","})

    report = _try(office)

    assert report.trial.is_unreadable
    assert all("is not in the file" in (each.refused or "") for each in report.trial.deliveries)


@pytest.mark.every_store
def test_what_is_found_does_not_depend_on_how_many_partitions_there_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_in_both(office)
    office.write_contract(fields=EXCHANGED)
    whole = _try(office).trial
    monkeypatch.setattr("ringback.workflows.trial_contracts.Workspace", partial(Workspace, memory_bytes=1))

    parts = _try(office).trial

    assert replace(parts, id=0, digest="") == replace(whole, id=0, digest="")


def test_an_approved_contract_that_is_broken_since_is_told_with_its_faults(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(fields={**FIELDS, "born_on": {"from": "Born", "type": "dat"}})

    with pytest.raises(ContractError):
        _try(office)

    assert office.place.store.trials("clients") == ()


# -- which deliveries


def test_the_newest_three_are_read_or_as_many_as_asked_for(office: Office) -> None:
    runs = [office.take_in(*ROWS[: 100 + number], name=f"{number}.csv") for number in range(4)]
    office.undo(runs[3])
    office.take_in(*ROWS, name="last.csv")
    office.write_contract(fields=EXCHANGED)

    three, one, every = _try(office), _try(office, newest=1), _try(office, newest=None)

    files = [[each.file_name for each in report.trial.deliveries] for report in (three, one, every)]
    assert files == [["last.csv", "2.csv", "1.csv"], ["last.csv"], ["last.csv", "2.csv", "1.csv", "0.csv"]]
    assert three.trial.of_deliveries == 4


def test_a_sample_reads_the_same_clients_in_each_delivery_and_says_so(office: Office) -> None:
    _take_in_both(office)
    office.write_contract(fields=EXCHANGED)

    report = _try(office, newest=None, sample=60)

    counts = [each.rows for each in report.trial.deliveries]
    assert report.trial.share == 60 / 241
    assert 30 <= sum(counts) <= 90
    assert abs(counts[0] - counts[1]) <= 1
    assert _changed(report) == {"born_on": report.trial.changes.compared}
    assert (report.trial.live, report.trial.deliveries[0].verdict) == (None, None)


def test_a_delivery_whose_bytes_are_gone_is_left_out_and_told(office: Office) -> None:
    _take_in_both(office)
    first, second = office.ledger()
    _lose(office, first.sha256)
    office.write_contract(fields=EXCHANGED)

    report = _try(office)

    assert [each.run for each in report.trial.deliveries] == [second.id]
    assert report.remarks == ("R1 (clients_05.csv) was not read: its bytes are gone from the archive, or damaged.",)


def test_an_archive_that_has_lost_everything_is_an_error_and_no_evidence(office: Office) -> None:
    _take_in_both(office)
    for run in office.ledger():
        _damage(office, run.sha256)
    office.write_contract(fields=EXCHANGED)

    with pytest.raises(StoreError, match="none of the deliveries"):
        _try(office)

    assert office.place.store.trials("clients") == ()


def _object(office: Office, sha256: str | None) -> Path:
    assert sha256 is not None
    return office.folder / "archive" / "objects" / sha256[:2] / f"{sha256[2:]}.zst"


def _lose(office: Office, sha256: str | None) -> None:
    _object(office, sha256).unlink()


def _damage(office: Office, sha256: str | None) -> None:
    path = _object(office, sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_a_feed_that_never_imported_has_nothing_to_be_tried_on(office: Office) -> None:
    office.write_contract(fields=EXCHANGED)

    report = _try(office)

    assert not report.trial.changes_nothing
    assert report.remarks == ("There was no published delivery to read.",)


def test_a_feed_that_was_never_approved_has_nothing_to_compare_with(bare_office: Office) -> None:
    bare_office.write_contract()

    with pytest.raises(UsageError, match="no release of clients"):
        _try(bare_office)


# -- changed software


@pytest.mark.every_store
def test_software_that_reads_the_same_is_proved_by_digests_and_recorded(office: Office) -> None:
    _take_in_both(office)

    report = _try(office)

    (kept,) = office.place.store.trials("clients")
    assert kept == report.trial
    assert (kept.kind, kept.changes_nothing) == (TrialKind.SOFTWARE, True)
    assert [each.stored for each in kept.deliveries] == [Stored.SAME, Stored.SAME]
    assert kept.rows == 241


def test_software_that_reads_a_field_otherwise_is_told_with_the_field_and_what_the_table_would_show(
    office: Office,
) -> None:
    _take_in_both(office)
    _set_digest(office, 2, fields={"name": "0" * 32})
    office.edit("update clients set name = 'As it was read before' where client_no = '0007'")

    report = _try(office)

    newest, first = report.trial.deliveries
    assert (newest.stored, newest.differing, first.stored) == (Stored.OTHER, ("name",), Stored.SAME)
    assert _changed(report) == {"name": None}
    assert report.trial.live is not None
    assert report.trial.live.by_field == {"name": 1}
    assert not report.trial.changes_nothing


def test_software_that_rejects_other_rows_is_told_as_such(office: Office) -> None:
    _take_in_both(office)
    _set_digest(office, 1, rejects="0" * 32)
    _set_digest(office, 2, lines="0" * 32)

    trial = _try(office).trial

    newest, first = trial.deliveries
    assert (newest.differing, first.differing) == (("rows",), ("rejects",))
    assert came_to(trial) == (
        "2 deliveries read otherwise than before (other rows become records, other rows are rejected)"
    )


def test_an_import_from_before_digests_were_kept_proves_nothing(office: Office) -> None:
    _take_in_both(office)
    office.edit("delete from ringback_reading where run = 1")

    report = _try(office)

    assert [each.stored for each in report.trial.deliveries] == [Stored.SAME, Stored.NONE]
    assert not report.trial.changes_nothing
    assert report.remarks == ("R1 has nothing to be compared with: no digests of its reading are kept.",)


def test_software_alone_is_tried_under_the_contract_of_each_run_whatever_the_file_says(office: Office) -> None:
    office.take_in(*ROWS, name="clients_05.csv")
    office.agree(fields={**FIELDS, "name": {**FIELDS["name"], "missingValues": ["", "Client 7"]}})
    office.take_in_whatever(*LATER)
    office.write_contract(fields=EXCHANGED)

    report = _try(office, software=True)

    assert report.trial.changes_nothing
    assert (report.trial.kind, report.trial.contract_changes) == (TrialKind.SOFTWARE, 0)
    assert report.trial.after == office.place.store.releases("clients")[0].fingerprint


def test_other_software_under_a_changed_contract_is_told_besides(office: Office) -> None:
    _take_in_both(office)
    _set_digest(office, 1, fields={"name": "0" * 32})
    office.write_contract(fields={**FIELDS, "name": {**FIELDS["name"], "missingValues": ["", "n/a"]}})

    newest, first = _try(office).trial.deliveries

    assert (newest.is_same, first.is_same) == (True, False)
    assert first.differing == ("name",)


def test_a_release_that_only_an_older_ringback_could_read_is_compared_by_digests_and_left_to_a_person(
    office: Office,
) -> None:
    _take_in_both(office)
    office.edit("update ringback_release set contract_text = 'feed: clients'")
    same = _try(office)
    office.write_contract(fields=EXCHANGED)

    other = _try(office)

    assert "cannot be read by this ringback" in same.trial.needs_person[0]
    assert [each.stored for each in same.trial.deliveries] == [Stored.SAME, Stored.SAME]
    assert not same.trial.changes_nothing
    assert [each.stored for each in other.trial.deliveries] == [Stored.OTHER, Stored.OTHER]
    assert other.trial.deliveries[1].differing == ("born_on",)


def test_contract_and_software_that_changed_at_once_are_left_to_a_person_where_digests_do_not_tell(
    office: Office,
) -> None:
    _take_in_both(office)
    software = office.place.store.releases("clients")[0].software
    older = json.dumps({**software, "polars": "1.0.0"})
    office.edit(f"update ringback_release set software = '{older}'", "delete from ringback_reading where run = 1")
    office.write_contract(fields={**FIELDS, "name": {**FIELDS["name"], "missingValues": ["", "n/a"]}})

    report = _try(office)

    assert "what other software changes in R1 is not known: no digests could be compared" in report.trial.needs_person
    assert any(moved.startswith("polars 1.0.0 -> ") for moved in report.software)
    assert not report.trial.changes_nothing


def test_a_policy_of_the_project_that_was_changed_is_left_to_a_person(bare_office: Office) -> None:
    office = bare_office
    text = json.loads(_written(office))
    del text["policy"]
    path = office.folder / "feeds" / "clients.yaml"
    path.write_text(json.dumps(text), encoding="utf-8")
    office.approve()
    office.take_in(*ROWS)
    settings = office.folder / "ringback.yaml"
    settings.write_text(settings.read_text() + "policy: {shrunk: {hold_above: 50 %}}\n", encoding="utf-8")

    with open_place(office.folder, environ={}) as place:
        report = _try(replace(office, place=place))

    assert report.trial.needs_person == ("the policy in ringback.yaml is another than when release 1 was approved",)


def _written(office: Office) -> str:
    office.write_contract()
    return (office.folder / "feeds" / "clients.yaml").read_text(encoding="utf-8")


# -- two environments


def test_another_environment_that_reads_the_same_is_recorded_as_such(office: Office, tmp_path: Path) -> None:
    _take_in_both(office)
    file = tmp_path / "old.json"

    recording = record("clients", file, office.place, asked(), newest=None)
    report = against("clients", file, office.place, asked())

    assert [reading.file_name for reading in recording.readings] == ["clients_06.csv", "clients_05.csv"]
    assert (report.trial.kind, report.trial.changes_nothing) == (TrialKind.MACHINES, True)
    assert office.place.store.trials("clients") == (report.trial,)


def test_a_recording_holds_no_client_value(office: Office, tmp_path: Path) -> None:
    _take_in_both(office)
    file = tmp_path / "old.json"

    record("clients", file, office.place, asked(), newest=None)

    text = file.read_text(encoding="utf-8")
    assert not [value for row in LATER for value in row.split(";") if len(value) > 3 and f'"{value}' in text]
    assert "Late" not in text


def test_a_field_that_the_other_environment_reads_otherwise_is_told(office: Office, tmp_path: Path) -> None:
    _take_in_both(office)
    file = tmp_path / "old.json"
    record("clients", file, office.place, asked(), newest=None)
    told = json.loads(file.read_text(encoding="utf-8"))
    told["readings"][1]["digest"]["fields"]["balance"] = "0" * 32
    told["software"]["polars"] = "1.0.0"
    file.write_text(json.dumps(told), encoding="utf-8")

    report = against("clients", file, office.place, asked())

    assert _changed(report) == {"balance": None}
    assert [each.stored for each in report.trial.deliveries] == [Stored.SAME, Stored.OTHER]
    assert any(moved.startswith("polars 1.0.0 -> ") for moved in report.software)


def test_a_recording_of_deliveries_that_are_not_here_proves_nothing(office: Office, tmp_path: Path) -> None:
    _take_in_both(office)
    file = tmp_path / "old.json"
    record("clients", file, office.place, asked(), newest=None)
    told = json.loads(file.read_text(encoding="utf-8"))
    for reading in told["readings"]:
        reading["sha256"] = "ab" * 32
    file.write_text(json.dumps(told), encoding="utf-8")

    report = against("clients", file, office.place, asked())

    assert not report.trial.changes_nothing
    assert sum("is in the recording and was not read" in remark for remark in report.remarks) == 2


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\x00"])
def test_a_file_that_is_no_recording_is_told(office: Office, tmp_path: Path, text: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="no recording"):
        against("clients", file, office.place, asked())


def test_environments_with_other_contracts_are_not_compared(office: Office, tmp_path: Path) -> None:
    _take_in_both(office)
    file = tmp_path / "old.json"
    record("clients", file, office.place, asked(), newest=None)
    office.write_contract(fields=EXCHANGED)

    with pytest.raises(UsageError, match="says something else"):
        against("clients", file, office.place, asked())


@pytest.mark.every_store
def test_every_import_and_released_run_keeps_digests_of_what_it_read(bare_office: Office) -> None:
    office = bare_office
    office.agree(policy={"quarantined": {"hold_above": "0.1 %"}})

    run = office.take_in_whatever(*ROWS, "77;Short;01/02/1980;1,00")

    digest = office.place.store.reading_digest(run.id)
    assert isinstance(digest, ReadingDigest)
    assert (digest.record_count, digest.fault_count, set(digest.fields)) == (120, 1, set(FIELDS))
