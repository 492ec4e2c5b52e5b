"""What is published, held and refused: decisions in which no database has a part."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

import pytest

from ringback.model.finding import Severity
from ringback.model.run import Outcome, Rows

from .office import FIELDS, HEADER, Office, codes, values

ANN, BOB, EVE = "0001;Ann;03/04/1980;12,50", "0002;Bob;31/12/1999;-1.234,00", "0003;Eve;;0,00"
THREE = {"0001": "Ann 1980-04-03 12.50", "0002": "Bob 1999-12-31 -1234.00", "0003": "Eve - 0.00"}
RICH_ANN = "0001;Ann;03/04/1980;99.000,00"
UNREADABLE_BOB = "0002;Bob;31/02/1999;-1.234,00"
KEYLESS = "oops;Bob;31/12/1999;-1.234,00"
NO_LIMIT = {"hold_above": "100 %"}


@pytest.fixture
def target(sqlite: str) -> str:
    """One kind of database is enough."""
    return sqlite


def test_without_an_approval_nothing_is_taken_in(bare_office: Office) -> None:
    bare_office.write_contract()

    run = bare_office.take_in(ANN)

    assert run.outcome is Outcome.REFUSED
    assert codes(run) == ["gate.not_approved"]
    assert "no release of this feed was ever approved" in run.findings[0].why
    assert bare_office.live() == {}


def test_a_contract_changed_since_its_approval_is_refused_until_it_is_approved(office: Office) -> None:
    office.take_in(ANN)
    fields = {**FIELDS, "born_on": {**FIELDS["born_on"], "format": "%m/%d/%Y"}}
    office.write_contract(fields=fields)

    refused = office.take_in(ANN, BOB)
    office.approve()
    allowed = office.take_in(ANN)

    assert codes(refused) == ["gate.not_approved"]
    assert "it was changed since release 1" in refused.findings[0].why
    assert allowed.outcome is not Outcome.REFUSED


def test_a_contract_set_back_to_an_older_release_is_refused(office: Office) -> None:
    office.agree(title="same meaning", missing="delete")
    office.write_contract()

    run = office.take_in(ANN)

    assert codes(run) == ["gate.not_approved"]
    assert "it is release 1; release 2 was approved after it" in run.findings[0].why


def test_a_contract_whose_title_changed_still_means_the_same(office: Office) -> None:
    office.write_contract(title="Another title")

    assert office.take_in(ANN).outcome is Outcome.PUBLISHED


def test_other_software_is_refused_as_another_contract_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["ringback.contracts.fingerprint"]  # the package has a function of the same name
    monkeypatch.setattr(module, "version", lambda name: "9.0" if name == "polars" else version(name))

    run = office.take_in(ANN)

    assert codes(run) == ["gate.not_approved"]
    assert "the software that reads it changed" in run.findings[0].why
    assert f"polars {version('polars')} -> 9.0" in run.findings[0].why
    assert office.live() == {}


def test_the_same_content_twice_is_nothing_to_do_under_any_name(office: Office) -> None:
    office.take_in(ANN, BOB)

    run = office.take_in(ANN, BOB, name="again.csv")

    assert run.outcome is Outcome.UNCHANGED
    assert run.rows == Rows(read=2, unchanged=2)
    assert codes(run) == ["delivery.same"]


def test_content_that_was_published_before_others_is_held(office: Office) -> None:
    office.take_in(ANN)
    office.take_in(RICH_ANN)

    run = office.take_in(ANN)

    assert run.outcome is Outcome.HELD
    assert codes(run) == ["delivery.stale"]
    assert office.live() == values({"0001": "Ann 1980-04-03 99000.00"})


def test_content_that_was_taken_back_is_held(office: Office) -> None:
    first = office.take_in(ANN)
    office.undo(first)

    run = office.take_in(ANN)

    assert run.outcome is Outcome.HELD
    assert codes(run) == ["delivery.undone"]


def test_old_content_that_changes_nothing_holds_nobody_up(office: Office) -> None:
    first = office.take_in(ANN)
    office.undo(office.undo(first).run)

    run = office.take_in(ANN)

    assert run.outcome is Outcome.PUBLISHED
    assert (run.rows.added, run.rows.changed, run.rows.unchanged) == (0, 0, run.rows.read)


def test_an_issue_older_than_the_newest_is_held(office: Office) -> None:
    office.agree(source={"delimiter": ";", "issued": "clients_%Y-%m-%d.csv"})
    office.take_in(ANN, name="clients_2024-08-10.csv")

    older = office.take_in(RICH_ANN, name="clients_2024-08-09.csv")
    newer = office.take_in(RICH_ANN, name="clients_2024-08-11.csv")

    assert older.outcome is Outcome.HELD
    assert codes(older) == ["delivery.older"]
    assert newer.outcome is Outcome.PUBLISHED


def test_a_client_missing_from_a_snapshot_is_kept_by_default(office: Office) -> None:
    office.take_in(ANN, BOB)

    run = office.take_in(ANN, EVE)

    assert (run.missing, run.removed, run.closed) == (1, 0, 0)
    assert set(office.live()) == {"0001", "0002", "0003"}


def test_a_client_whose_row_cannot_be_read_is_not_missing(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB)

    run = office.take_in(ANN, UNREADABLE_BOB)

    assert run.outcome is Outcome.PUBLISHED
    assert run.rows == Rows(read=2, unchanged=1, quarantined=1)
    assert (run.missing, run.removed) == (0, 0)
    assert set(office.live()) == {"0001", "0002"}


def test_a_client_delivered_twice_is_not_missing(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB)

    run = office.take_in(ANN, BOB, "0002;Bobby;31/12/1999;0,00")

    assert run.rows == Rows(read=3, unchanged=1, duplicate=2)
    assert run.removed == 0
    assert office.live() == values({"0001": THREE["0001"], "0002": THREE["0002"]})


def test_rows_that_tell_no_client_hold_a_delivery_that_would_remove_some(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN, BOB)

    run = office.take_in(ANN, KEYLESS)

    assert run.outcome is Outcome.HELD
    assert "rows.removal_doubtful" in codes(run)
    assert set(office.live()) == {"0001", "0002"}


def test_rows_that_tell_no_client_hold_nothing_where_nobody_is_removed(office: Office) -> None:
    office.take_in(ANN, BOB)

    assert office.take_in(ANN, KEYLESS).outcome is Outcome.PUBLISHED


@pytest.mark.parametrize(
    ("policy", "rows", "bob"),
    [
        ("reject", Rows(read=4, added=1, duplicate=3), None),
        ("first", Rows(read=4, added=2, duplicate=2), "Bob"),
        ("last", Rows(read=4, added=2, duplicate=2), "Third"),
    ],
)
def test_rows_that_share_a_key_follow_the_policy(office: Office, policy: str, rows: Rows, bob: str | None) -> None:
    office.agree(policy={"duplicates": policy, "duplicated": NO_LIMIT, "quarantined": NO_LIMIT})

    run = office.take_in(BOB, ANN, "0002;Second;31/12/1999;0,00", "0002;Third;31/12/1999;0,00")

    assert run.rows == rows
    assert office.live(("name",)).get("0002") == ((bob,) if bob else None)
    assert [codes_of.get("code") for codes_of in _rejects(office)] == ["key.duplicate"] * rows.duplicate


def test_a_row_with_two_faults_is_quarantined_once_with_both(office: Office) -> None:
    run = office.take_in(ANN, "0002;Bob;31/02/1999;1,234.00", "0003;only two")

    assert run.rows == Rows(read=3, added=1, quarantined=2)
    assert [(row["line"], row["code"], row["raw"]) for row in _rejects(office)] == [
        (3, "date.unreadable", "31/02/1999"),
        (3, "decimal.unreadable", "1,234.00"),
        (4, "row.ragged", "0003;only two"),
    ]


def test_too_many_unreadable_rows_hold_the_run(office: Office) -> None:
    office.agree(policy={"quarantined": {"hold_above": "1 row"}})

    one = office.take_in(ANN, UNREADABLE_BOB)
    two = office.take_in(ANN, UNREADABLE_BOB, "0003;Eve;x;0,00")

    assert one.outcome is Outcome.PUBLISHED
    assert two.outcome is Outcome.HELD
    assert codes(two)[0] == "rows.quarantined"


def test_by_default_half_a_percent_unreadable_is_taken_and_more_is_held(office: Office) -> None:
    office.agree(policy={})
    good = [f"{number:04};Name;01/01/2000;1,00" for number in range(1, 200)]

    taken = office.take_in(*good, "0200;Name;x;1,00")
    held = office.take_in(*good[:198], "0199;Name;y;1,00", "0200;Name;x;1,00")

    assert taken.outcome is Outcome.PUBLISHED
    assert held.outcome is Outcome.HELD


def test_by_default_twenty_may_leave_a_small_table_and_twenty_one_are_held(office: Office) -> None:
    office.agree(missing="delete", policy={"shrunk": NO_LIMIT})
    rows = [f"{number:04};Name;01/01/2000;1,00" for number in range(100)]
    office.take_in(*rows)

    held = office.take_in(*rows[21:])
    taken = office.take_in(*rows[20:])

    assert codes(held) == ["rows.removed"]
    assert held.outcome is Outcome.HELD
    assert (taken.outcome, taken.removed) == (Outcome.PUBLISHED, 20)


def test_a_file_cut_short_is_held(office: Office) -> None:
    office.agree(policy={})
    rows = [f"{number:04};Name;01/01/2000;1,00" for number in range(10)]
    office.take_in(*rows)

    taken = office.take_in(*rows[:8])
    held = office.take_in(*rows[:6])

    assert taken.outcome is Outcome.PUBLISHED
    assert (held.outcome, codes(held)) == (Outcome.HELD, ["rows.shrunk"])


def test_a_file_with_a_header_and_no_row_is_held(office: Office) -> None:
    office.agree(missing="delete")
    office.take_in(ANN)

    run = office.take_in()

    assert run.outcome is Outcome.HELD
    assert "rows.none" in codes(run)
    assert set(office.live()) == {"0001"}


def test_a_column_that_nobody_mapped_or_ignored_holds_the_run(office: Office) -> None:
    run = office.take_in(f"{ANN};?", header=f"{HEADER};Internal Ref")

    assert (run.outcome, codes(run)) == (Outcome.HELD, ["header.unmapped", "contract.proposal"])
    assert run.rows == Rows(read=1, added=1)


def test_a_column_that_is_ignored_is_no_matter(office: Office) -> None:
    office.agree(ignored=["Internal Ref"])

    assert office.take_in(f"{ANN};?", header=f"{HEADER};Internal Ref").outcome is Outcome.PUBLISHED


@pytest.mark.parametrize(
    ("header", "code"),
    [("Client No;Name;Born", "header.absent"), ("Client No;Name;Born;Balance;Born", "header.duplicate")],
)
def test_a_mapped_column_that_is_absent_or_there_twice_refuses_the_file(office: Office, header: str, code: str) -> None:
    run = office.take_in("0001;Ann;03/04/1980;12,50;x"[: 100 if code == "header.duplicate" else 19], header=header)

    assert (run.outcome, codes(run)[0]) == (Outcome.REFUSED, code)
    assert run.findings[0].severity is Severity.REFUSE
    assert office.live() == {}


def test_a_value_that_should_be_there_once_holds_the_run(office: Office) -> None:
    office.agree(fields={**FIELDS, "name": {**FIELDS["name"], "constraints": {"unique": True}}})

    run = office.take_in(ANN, BOB, "0004;Ann;03/04/1980;1,00")

    assert (run.outcome, codes(run)) == (Outcome.HELD, ["constraint.unique"])
    assert run.findings[0].row_count == 2


def test_changes_say_nothing_about_the_clients_that_they_leave_out(office: Office) -> None:
    office.agree(delivers="changes", policy={})
    office.take_in(ANN, BOB, EVE)

    run = office.take_in(RICH_ANN)

    assert run.rows == Rows(read=1, changed=1)
    assert run.missing == 0
    assert set(office.live()) == {"0001", "0002", "0003"}


def test_a_file_without_a_header_is_read_by_the_numbers_of_its_columns(office: Office) -> None:
    fields = {name: {**spec, "from": str(number)} for number, (name, spec) in enumerate(FIELDS.items(), 1)}
    office.agree(source={"delimiter": ";", "header": False}, fields=fields)

    run = office.take_in(ANN, BOB, EVE, header=None)

    assert run.rows == Rows(read=3, added=3)
    assert office.live() == values(THREE)


def _rejects(office: Office) -> list[dict[str, Any]]:
    return [row for frame in office.place.store.rejects("clients") for row in frame.rows(named=True)]
