"""Rows that could not be taken are handed out, corrected by hand, and taken back in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ringback.errors import UsageError
from ringback.model.run import Outcome, Rows, Run

from .office import Office, codes, values

ROWS = (
    "0001;Ann;03/04/1980;12,50",
    '0002;"Bob; the ""second""";31/02/1999;1,234.00',
    "0003;too short",
    "0004;Twin;01/01/2000;1,00",
    "0004;Twin;01/01/2000;2,00",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def target(request: pytest.FixtureRequest) -> str:
    """On a server, `test_truth` does the like in the quick tier."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def first(office: Office) -> Run:
    """A run with one row that has two faults, one that has no columns, and two that share their key."""
    return office.take_in(*ROWS)


def test_rows_are_handed_out_with_where_they_come_from_and_why(office: Office, first: Run) -> None:
    handed_out = _read(office.export())

    assert [(row["ringback_run"], row["ringback_line"], row["Client No"]) for row in handed_out] == [
        ("R1", "3", "0002"),
        ("R1", "4", ""),
        ("R1", "5", "0004"),
        ("R1", "6", "0004"),
    ]
    assert handed_out[0]["Name"] == 'Bob; the "second"'
    assert handed_out[0]["ringback_reason"].count(";") == 1
    assert handed_out[1]["ringback_row"] == "0003;too short"
    assert "shares its key" in handed_out[2]["ringback_reason"]


def test_corrected_rows_come_back_in_tied_to_the_run_that_could_not_take_them(office: Office, first: Run) -> None:
    path = _corrected(office.export(first))

    run = office.take_back(path, first)

    assert (run.outcome, run.corrects) == (Outcome.PUBLISHED, first.id)
    assert run.rows == Rows(read=3, added=3)
    assert office.live(("balance",)) == values({"0001": "12.50", "0002": "1234.00", "0003": "0.00", "0004": "2.00"})
    assert office.live(("name",))["0002"] == ('Bob; the "second"',)


def test_corrected_rows_that_were_held_are_released_like_any_others(office: Office, first: Run) -> None:
    path = _corrected(office.export(first))
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",Remark", *(line + ",by hand" for line in lines[1:])]), encoding="utf-8")

    held = office.take_back(path, first)
    run = office.release(held)

    assert (held.outcome, codes(held)) == (Outcome.HELD, ["header.unmapped"])
    assert (run.outcome, run.corrects) == (Outcome.PUBLISHED, first.id)
    assert "0002" in office.live()


def test_corrected_rows_say_nothing_about_clients_that_are_not_among_them(office: Office) -> None:
    office.agree(missing="delete")
    first = office.take_in(*ROWS)

    office.take_back(_corrected(office.export()), first)

    assert "0001" in office.live()


def test_corrected_rows_that_come_again_are_nothing_to_do(office: Office, first: Run) -> None:
    path = _corrected(office.export())
    office.take_back(path, first)

    again = office.take_back(path, first)

    assert again.outcome is Outcome.UNCHANGED


def test_corrected_rows_that_come_again_after_other_deliveries_are_held(office: Office, first: Run) -> None:
    path = _corrected(office.export())
    office.take_back(path, first)
    office.take_in("0002;Newer;01/01/2000;5,00")

    again = office.take_back(path, first)

    assert (again.outcome, codes(again)) == (Outcome.HELD, ["delivery.stale"])
    assert office.live(("name",))["0002"] == ("Newer",)


def test_rows_that_are_still_wrong_go_to_quarantine_again(office: Office, first: Run) -> None:
    run = office.take_back(office.export(), first)

    assert run.rows == Rows(read=4, quarantined=2, duplicate=2)


def test_the_feed_still_shows_the_delivery_after_its_corrections_came_in(office: Office, first: Run) -> None:
    office.take_back(_corrected(office.export()), first)

    assert office.take_in(*ROWS).outcome is Outcome.UNCHANGED


def test_corrections_can_be_taken_back(office: Office, first: Run) -> None:
    office.undo(office.take_back(_corrected(office.export()), first))

    assert set(office.live()) == {"0001"}


def test_corrections_that_change_held_clients_can_be_taken_back(office: Office) -> None:
    office.take_in("0002;Bob;01/01/1990;1,00")
    second = office.take_in(*ROWS)
    before = office.live()

    office.undo(office.take_back(_corrected(office.export()), second))

    assert office.live() == before


def test_a_client_that_was_closed_is_opened_by_its_corrected_row(office: Office) -> None:
    office.agree(missing="close")
    office.take_in("0002;Bob;01/01/1990;1,00", "0001;Ann;03/04/1980;12,50")
    office.take_in("0001;Ann;03/04/1980;12,50")
    third = office.take_in(*ROWS)

    office.take_back(_corrected(office.export()), third)

    assert office.live(("closed",))["0002"] == ("false",)


def test_rows_without_a_header_are_handed_out_by_their_numbers_and_come_back(office: Office) -> None:
    fields = {"client_no": {"from": "1", "type": "string"}, "balance": {"from": "2", "type": "integer"}}
    office.agree(source={"delimiter": ";", "header": False}, fields=fields)
    first = office.take_in("0001;1", "0002;x", header=None)
    path = office.export()
    path.write_text(path.read_text().replace("0002,x", "0002,2"), encoding="utf-8")

    run = office.take_back(path, first)

    assert run.rows == Rows(read=1, added=1)
    assert office.live(("balance",)) == values({"0001": "1", "0002": "2"})


def test_a_run_without_quarantined_rows_has_none_to_correct(office: Office) -> None:
    run = office.take_in(ROWS[0])

    with pytest.raises(UsageError, match="R1 has no quarantined rows of clients"):
        office.take_back(office.folder / "clients.csv", run)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _corrected(path: Path) -> Path:
    """What a person makes of the rows: a true date, a true number, the columns of the short row, one of the twins."""
    rows = _read(path)
    rows[0] |= {"Born": "28/02/1999", "Balance": "1.234,00"}
    rows[1] |= {"Client No": "0003", "Name": "Short", "Balance": "0,00"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([rows[0], rows[1], rows[3]])
    return path
