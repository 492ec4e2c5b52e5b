"""The guard in an import: a well-formed lie is held and explained; it teaches only when a person releases it."""

from __future__ import annotations

from functools import partial

import pytest

from ringback.engine.local import Workspace
from ringback.model.finding import Finding, Severity
from ringback.model.run import Outcome, Run

from .office import FIELDS, Office

COUNT = 300


def _row(number: int, *, day: int, month: int, name: str = "Client", balance: int = 0) -> str:
    return f"{number:04};{name} {number};{day:02}/{month:02}/{1940 + number % 60};{number + balance},00"


def _born(number: int) -> tuple[int, int]:
    """(day, month): different ones, both of them a month."""
    month = 1 + number % 12
    return 1 + (month + number % 11) % 12, month


def _night(*, balance: int = 0) -> list[str]:
    """All clients; with `balance`, a few have another one."""
    rows = []
    for number in range(COUNT):
        day, month = _born(number)
        rows.append(_row(number, day=day, month=month, balance=balance if number % 50 == 0 else 0))
    return rows


def _exchanged(share: float) -> list[str]:
    """The sender's spreadsheet took days for months in the first rows."""
    rows = []
    for number in range(COUNT):
        first, second = _born(number)
        day, month = (second, first) if number < share * COUNT else (first, second)
        rows.append(_row(number, day=day, month=month))
    return rows


def _holding(run: Run) -> list[Finding]:
    return [finding for finding in run.findings if finding.severity is not Severity.NOTE]


def test_days_and_months_exchanged_by_the_sender_are_held_and_named(office: Office) -> None:
    office.agree()
    office.take_in(*_night(), name="clients_05.csv")
    before = office.live()

    run = office.take_in(*_exchanged(0.3), name="clients_06.csv")
    (finding,) = _holding(run)

    assert run.outcome is Outcome.HELD
    assert office.live() == before
    assert (finding.field, finding.misreading, finding.share_explained) == ("born_on", "date.day_month", 1.0)
    assert finding.row_count == run.changed_by_field["born_on"]
    assert "% of held clients would change born_on" in finding.why
    assert finding.because == (
        f"{finding.row_count} of these {finding.row_count} new dates are the old date with day and month exchanged",
    )
    assert finding.line == office.place.contract("clients").line("fields", "born_on")
    assert finding.since == ()


def test_an_example_has_its_line_and_the_text_as_it_was_delivered(office: Office) -> None:
    office.agree()
    office.take_in(*_night())

    (finding,) = _holding(office.take_in(*_exchanged(0.3)))
    example = finding.examples[0]

    assert example.line is not None
    delivered = _exchanged(0.3)[example.line - 2].split(";")
    assert (example.key[0], example.raw) == (delivered[0], delivered[2])


def test_the_change_of_the_contract_that_made_it_is_told_with_its_line(office: Office) -> None:
    office.agree()
    office.take_in(*_night())
    office.agree(fields={**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}})

    (finding,) = _holding(office.take_in(*_night(balance=5)))

    line = office.place.contract("clients").line("fields", "born_on", "format")
    assert (finding.field, finding.line, finding.mend) == ("born_on", line, f"mend line {line}")
    assert finding.since == (
        f'line {line}: format is "%m/%d/%Y"; it was "%d/%m/%Y" in the approved release 1 (2024-08-10)',
    )


def test_fields_that_one_change_of_the_contract_exchanged_are_one_finding(office: Office) -> None:
    fields = {**FIELDS, "second": {"from": "Second", "type": "string"}}
    rows = [f"{row};Street {number}" for number, row in enumerate(_night())]
    header = "Client No;Name;Born;Balance;Second"
    exchanged = {
        **fields,
        "name": {**fields["name"], "from": "Second"},
        "second": {**fields["second"], "from": "Name"},
    }
    office.agree(fields=fields)
    office.take_in(*rows, header=header)
    office.agree(fields=exchanged)

    (finding,) = _holding(office.take_in(*rows, "9999;Ann;03/04/1980;1,00;Lane", header=header))

    assert set(finding.fields) == {"name", "second"}
    assert finding.misreading == "columns.exchanged"
    assert len(finding.since) == 2


def test_what_a_person_releases_is_usual_from_then_on_and_what_is_dropped_is_not(office: Office) -> None:
    office.agree()
    office.take_in(*_night())
    held = office.take_in(*_exchanged(0.3))
    office.drop(held)
    again = office.take_in(*_exchanged(0.3), name="again.csv")
    learned = len(office.place.baseline("clients"))

    office.release(again)

    assert again.outcome is Outcome.HELD
    assert (learned, len(office.place.baseline("clients"))) == (1, 2)
    assert office.place.baseline("clients")[-1].fields["born_on"].changed == again.changed_by_field["born_on"]


def test_other_columns_and_another_name_of_the_file_are_told_where_the_contract_is_the_same(office: Office) -> None:
    office.agree(ignored=["Note"])
    office.take_in(*_night(), name="clients_05.csv")

    header = "Client No;Name;Born;Balance;Note"
    (finding,) = _holding(office.take_in(*(f"{row};" for row in _exchanged(0.3)), header=header, name="copy.csv"))

    assert finding.since == (
        'the columns of the file changed since the last good run (new: "Note")',
        "the name of the file is of another form than clients_05.csv",
    )


def test_a_run_that_was_taken_back_teaches_nothing(office: Office) -> None:
    office.agree()
    office.take_in(*_night())
    second = office.take_in(*_night(balance=7))

    office.undo(second)

    assert len(office.place.baseline("clients")) == 1


def test_keys_without_their_leading_zeros_are_held_and_named(office: Office) -> None:
    fields = {**FIELDS, "client_no": {**FIELDS["client_no"], "constraints": {}}}
    office.agree(fields=fields)
    office.take_in(*_night())

    run = office.take_in(*(row.lstrip("0") for row in _night()[1:]))
    (finding,) = _holding(run)

    assert run.outcome is Outcome.HELD
    assert finding.misreading == "key.leading_zeros"


def test_an_adopted_table_is_guarded_at_its_first_delivery(office: Office) -> None:
    office.agree()
    office.take_in(*_night())
    office.agree(target={"table": office.feed, "closed": "gone"})
    for measured in office.ledger():
        office.edit(f"delete from ringback_baseline where run = {measured.id}")

    (finding,) = _holding(office.take_in(*_exchanged(0.3)))

    assert (finding.field, finding.misreading) == ("born_on", "date.day_month")


def test_a_field_that_its_owner_watches_is_held_beyond_the_share_that_he_allows(office: Office) -> None:
    office.agree(policy={"changed": {"balance": {"hold_above": "1 %"}}})
    office.take_in(*_night())

    few = office.take_in(*_night()[:-2], _row(298, day=1, month=11, balance=3), _night()[-1])
    (finding,) = _holding(office.take_in(*_night(balance=9)))

    assert few.outcome is Outcome.PUBLISHED
    assert (finding.code, finding.field, finding.row_count) == ("field.changed", "balance", 7)
    assert finding.line == office.place.contract("clients").line("policy", "changed", "balance", "hold_above")


def test_what_is_found_does_not_depend_on_how_many_partitions_there_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.agree()
    office.take_in(*_night())
    whole = office.plan(*_exchanged(0.8))
    monkeypatch.setattr("ringback.workflows.import_file.Workspace", partial(Workspace, memory_bytes=1))

    parts = office.plan(*_exchanged(0.8))

    assert [(finding.code, finding.why, finding.because) for finding in parts.findings] == [
        (finding.code, finding.why, finding.because) for finding in whole.findings
    ]


def test_corrected_rows_are_no_usual_delivery(office: Office) -> None:
    office.agree()
    run = office.take_in(*_night(), "9999;Wrong;31/02/2000;1,00")
    path = office.export(run)
    path.write_text(path.read_text().replace("31/02/2000", "28/02/2000"))

    back = office.take_back(path, run)

    assert back.outcome is Outcome.PUBLISHED
    assert len(office.place.baseline("clients")) == 1
