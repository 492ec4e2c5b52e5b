"""A sheet is rows of text that say what its cells say; what it does not say is told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ringback.errors import DeliveryRefused, UsageError
from ringback.steps.read.workbook import is_workbook, read_sheet
from ringback.workflows.read_table import TextTable, read_table

from .workbooks import Cell, workbook

HEAD: list[Cell] = ["Client No", "Name", "Born", "Balance"]
CLIENTS: list[list[Cell]] = [[f"{n:04}", f"Ada {n}", ("date", 29280 + n), n + 0.5] for n in range(1, 9)]


def table_of(tmp_path: Path, content: bytes, *, sheet: str | None = None) -> TextTable:
    path = tmp_path / "clients.xlsx"
    path.write_bytes(content)
    return read_table(path, sheet=sheet, environ={})


def test_typed_cells_become_the_text_that_says_the_same() -> None:
    rows: list[list[Cell]] = [["0042", 42, 4.5, 1e20, True, ("date", 29280), ("date", 29280.5), None]]

    read = read_sheet(io.BytesIO(workbook({"A": rows})), sheet=None, file_name="x.xlsx")

    assert read.rows == (("0042", "42", "4.5", "1e+20", "TRUE", "1980-02-29", "1980-02-29 12:00:00"),)


def test_dates_are_counted_from_the_workbooks_own_epoch() -> None:
    read = read_sheet(io.BytesIO(workbook({"A": [[("date", 27818)]]}, epoch_1904=True)), sheet=None, file_name="x.xlsx")

    assert read.rows == (("1980-02-29",),)


def test_a_sheet_is_a_table_with_the_rows_that_its_records_stand_on(tmp_path: Path) -> None:
    title: list[list[Cell]] = [["Export of clients"], []]
    table = table_of(tmp_path, workbook({"Clients": [*title, HEAD, *CLIENTS]}))

    assert table.header == ["Client No", "Name", "Born", "Balance"]
    assert next(table.rows()) == ["0001", "Ada 1", "1980-03-01", "1.5"]
    assert table.origins == list(range(4, 12))
    assert table.doubts == []


def test_a_formula_that_failed_is_told_and_its_error_stands_in_the_cell(tmp_path: Path) -> None:
    broken: list[Cell] = ["0099", "Ada 99", ("date", 29280), ("error", "#N/A")]
    table = table_of(tmp_path, workbook({"A": [HEAD, *CLIENTS, broken]}))

    assert list(table.rows())[-1][-1] == "#N/A"
    (doubt,) = table.doubts
    assert (doubt.line, doubt.why) == (10, "the formula of a cell failed: #N/A stands in it")


def test_a_totals_row_is_no_client(tmp_path: Path) -> None:
    table = table_of(tmp_path, workbook({"A": [HEAD, *CLIENTS, ["Total", None, None, 40]]}))

    assert len(list(table.rows())) == 8
    assert [doubt.line for doubt in table.doubts] == [10]


def test_other_sheets_with_cells_are_a_doubt_until_one_is_named(tmp_path: Path) -> None:
    content = workbook({"Clients": [HEAD, *CLIENTS], "Old": [HEAD, *CLIENTS[:2]], "Secret": [["x"]]}, hidden=["Secret"])

    first, named = table_of(tmp_path, content), table_of(tmp_path, content, sheet="Old")

    assert [doubt.why for doubt in first.doubts] == ["only the sheet 'Clients' is read; others have cells too: 'Old'"]
    assert "hidden sheets: 'Secret'" in [note.why for note in first.notes]
    assert (len(list(named.rows())), named.doubts) == (2, [])


def test_merged_cells_are_noted(tmp_path: Path) -> None:
    table = table_of(tmp_path, workbook({"A": [HEAD, *CLIENTS]}, merged={"A": "A2:B2"}))

    assert any("merged" in note.why and note.line == 2 for note in table.notes)


def test_a_sheet_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such sheet") as told:
        table_of(tmp_path, workbook({"Clients": [HEAD]}), sheet="Client")

    assert "Clients" in told.value.mend


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    content = workbook({"A": [HEAD, *CLIENTS]}).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet9.xml")

    with pytest.raises(DeliveryRefused):
        list(table_of(tmp_path, content).rows())


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringback.steps.read.workbook.MOST_BYTES", 1000)

    with pytest.raises(DeliveryRefused, match="too large"):
        table_of(tmp_path, workbook({"A": [HEAD, *CLIENTS]}))


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_workbook_is_not_taken_for_one(content: bytes) -> None:
    assert not is_workbook(io.BytesIO(content))


def test_delimited_text_has_no_sheets(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no workbook"):
        table_of(tmp_path, b"a,b\n1,2\n", sheet="A")
