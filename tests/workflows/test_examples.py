"""Contract examples as people use them: written by hand, taken from a delivery, and in the way of an approval."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.contracts.examples import parse_examples
from ringback.errors import ApprovalRefused, ContractError, UsageError
from ringback.model.example import ExamplesReport
from ringback.workflows.accept_examples import Taken, accept_examples
from ringback.workflows.check import check_project
from ringback.workflows.examples import try_examples

from .office import FIELDS, Office

BY_HAND = """# what the billing system sends
feed: clients
examples:
  - name: a client
    row: {Client No: "0001", Name: Ada, Born: 03/04/1980, Balance: "1.234,50"}
    record: {client_no: "0001", born_on: "1980-04-03", balance: "1234.50"}
  # nobody was born on it
  - name: 31 February
    row:
      Client No: "0002"
      Born: 31/02/1980
    reject:
      born_on: date.unreadable
  - row: {Client No: "0003"}
    record: {name: null}
"""
AMERICAN = {**FIELDS, "born_on": {"from": "Born", "type": "date", "format": "%m/%d/%Y"}}


def write(office: Office, text: str) -> Path:
    """Write the feed's examples."""
    path = office.folder / "feeds" / "clients.examples.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def tried(office: Office) -> ExamplesReport:
    """Try them."""
    report = try_examples(office.place.project, office.place.contract("clients"))
    assert report is not None
    return report


def told(office: Office, text: str) -> tuple[str, ...]:
    """The faults that a text of examples has."""
    with pytest.raises(ContractError) as refused:
        parse_examples(text, office.place.contract("clients").contract, name="e.yaml")
    return refused.value.faults


def test_examples_that_become_what_they_must_are_no_fault(office: Office) -> None:
    office.write_contract()
    write(office, BY_HAND)

    report = check_project(office.folder, (), {})

    assert report.exit_code == 0
    assert [str(each) for each in report.examples] == ["clients: 3 examples, all pass (feeds/clients.examples.yaml)"]
    assert [feed.feed for feed in report.feeds] == ["clients"]


def test_a_failing_example_is_told_with_line_field_what_was_expected_and_what_came(office: Office) -> None:
    office.write_contract(fields=AMERICAN)
    write(office, BY_HAND.replace("31/02", "02/13"))

    report = check_project(office.folder, (), {})

    assert report.exit_code == 2
    assert [str(fault) for fault in report.examples[0].faults] == [
        'feeds/clients.examples.yaml, line 6: example 1 (a client), born_on: expected "1980-04-03", got "1980-03-04"',
        "feeds/clients.examples.yaml, line 13: example 2 (31 February), born_on: "
        'expected date.unreadable, got "1980-02-13"',
    ]


def test_a_row_that_is_rejected_instead_of_taken_is_told(office: Office) -> None:
    office.write_contract()
    write(office, BY_HAND.replace('"0003"', "none"))

    (fault,) = tried(office).faults

    assert (fault.line, fault.field, fault.expected) == (15, "client_no", "no fault")
    assert fault.got == "a reject, constraint.pattern"


def test_a_file_of_examples_has_its_faults_told_with_their_places(office: Office) -> None:
    office.write_contract()
    wrong = BY_HAND.replace('Client No: "0001"', 'Cleint No: "0001"').replace("date.unreadable", "date.unreadible")
    wrong = wrong.replace("{name: null}", "{nmae: null}")

    faults = told(office, wrong)

    assert [fault.split(": ", 1)[0] for fault in faults] == [
        "e.yaml, line 5, column 11",
        "e.yaml, line 13, column 16",
        "e.yaml, line 15, column 14",
    ]
    assert 'did you mean "Client No"?' in faults[0]
    assert 'did you mean "date.unreadable"?' in faults[1]
    assert 'did you mean "name"?' in faults[2]


def test_a_value_that_is_not_written_as_ringback_keeps_it_is_told_beside_how_it_does(office: Office) -> None:
    office.write_contract()
    write(office, BY_HAND.replace('"1980-04-03"', "03.04.1980"))

    (fault,) = tried(office).faults

    assert (fault.line, fault.field, fault.expected, fault.got) == (6, "born_on", '"03.04.1980"', '"1980-04-03"')


def test_examples_of_a_field_that_has_another_type_now_can_be_accepted(office: Office) -> None:
    office.write_contract(fields={**FIELDS, "born_on": {"from": "Born", "type": "string"}})
    write(office, BY_HAND)

    failed = tried(office).failed
    report = accept_examples("clients", office.place, Taken())

    assert (failed, report.failed, report.accepted) == (2, 0, "2 of 3 rewritten")


def test_an_example_says_what_its_row_becomes_one_way_or_the_other(office: Office) -> None:
    office.write_contract()

    none = told(office, 'feed: clients\nexamples: [{row: {Client No: "1"}}]\n')
    other = told(office, 'feed: others\nexamples: [{row: {Client No: "1"}, record: {name: null}}]\n')

    assert "write one of the two" in none[0]
    assert 'examples of the feed "others", not "clients"' in other[0]


def test_examples_without_a_contract_beside_them_are_not_overlooked(office: Office) -> None:
    office.write_contract()
    write(office, BY_HAND).rename(office.folder / "feeds" / "cleints.examples.yaml")

    faults = check_project(office.folder, (), {}).faults

    assert faults == ("feeds/cleints.examples.yaml: is not read: there is no contract feeds/cleints.yaml beside it",)


def test_a_failing_example_refuses_the_approval_with_its_line_but_not_in_an_emergency(office: Office) -> None:
    office.agree()
    write(office, BY_HAND)
    office.write_contract(fields=AMERICAN)

    with pytest.raises(ApprovalRefused, match=r"clients\.examples\.yaml, line 6: example 1 \(a client\), born_on"):
        office.approve()
    emergency = office.approve_untried(emergency=True, reason="the sender has changed")

    assert emergency.release.id == 2
    assert len(office.place.store.releases("clients")) == 2


def test_accepting_rewrites_what_fails_and_leaves_remarks_rows_and_all_else_alone(office: Office) -> None:
    office.write_contract(fields=AMERICAN)
    path = write(office, BY_HAND.replace("31/02", "02/13"))

    report = accept_examples("clients", office.place, Taken())

    assert report.accepted == "2 of 3 rewritten"
    assert not report.faults
    expected = BY_HAND.replace("31/02", "02/13").replace(
        'record: {client_no: "0001", born_on: "1980-04-03", balance: "1234.50"}',
        'record:\n      client_no: "0001"\n      born_on: "1980-03-04"\n      balance: "1234.50"',
    )
    expected = expected.replace(
        "reject:\n      born_on: date.unreadable",
        'record:\n      client_no: "0002"\n      name: null\n      born_on: "1980-02-13"\n      balance: null',
    )
    assert path.read_text(encoding="utf-8") == expected


def test_accepting_what_is_right_already_writes_nothing(office: Office) -> None:
    office.write_contract()
    path = write(office, BY_HAND)
    before = path.stat().st_mtime_ns

    accept_examples("clients", office.place, Taken())

    assert path.stat().st_mtime_ns == before


def test_examples_taken_from_the_newest_import_show_each_look_and_each_reject_and_no_client(office: Office) -> None:
    office.agree()
    office.take_in_whatever(
        "0001;Adalbert;03/04/1980;1.234,50",
        "0002;Berengar;13/04/1981;",
        "x;Cunigund;01/01/1970;1,00",
        "0004;Dagobert;31/02/1980;1,00",
        "0005;Engelbert;32/02/1980;2,00",
    )

    report = accept_examples("clients", office.place, Taken(secret=b"told to nobody"))

    text = (office.folder / "feeds" / "clients.examples.yaml").read_text(encoding="utf-8")
    assert not report.faults
    assert report.accepted == "taken from clients.csv, values scrambled, so no client is in it"
    assert text.count("record:") == 2
    assert text.count("born_on: date.unreadable") == text.count("client_no: constraint.pattern") == 1
    assert not any(name in text for name in ("Adalbert", "Berengar", "Cunigund", "Dagobert", "0001", "1980-04-03"))


def test_client_values_are_taken_when_that_is_asked_for_and_from_any_file(office: Office) -> None:
    office.write_contract()
    file = office.file("0001;Adalbert;03/04/1980;1.234,50", name="one.csv")

    accept_examples("clients", office.place, Taken(file=file))

    text = (office.folder / "feeds" / "clients.examples.yaml").read_text(encoding="utf-8")
    assert "name: Adalbert" in text
    assert "client values as delivered" in text


def test_where_nothing_can_be_taken_that_is_said(office: Office) -> None:
    office.write_contract()

    with pytest.raises(UsageError, match="no published import of clients"):
        accept_examples("clients", office.place, Taken())
    with pytest.raises(UsageError, match="the delivery lacks Balance"):
        accept_examples("clients", office.place, Taken(file=office.file("1;2;3", header="Client No;Name;Born")))
