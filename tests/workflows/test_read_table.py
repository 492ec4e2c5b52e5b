"""A file read with nothing told: its table, and a word wherever it may be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.reading.invented import KINDS, invented_files

from ringback.errors import DeliveryRefused
from ringback.model.table import Remark
from ringback.workflows.read_table import TextTable, read_table, report_of

HEADER = "client,name,born,balance,note\r\n"
ROWS = [f"C-{number:03},Ada {number},{number % 28 + 1:02}/03/1980,{number}.50,n{number % 3}" for number in range(1, 21)]


def table_of(tmp_path: Path, content: str | bytes) -> TextTable:
    path = tmp_path / "clients.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, environ={})


def lines(*rows: str) -> str:
    return "".join(f"{row}\r\n" for row in rows)


def test_a_clean_file_is_read_without_a_doubt(tmp_path: Path) -> None:
    table = table_of(tmp_path, HEADER + lines(*ROWS))

    assert table.header == ["client", "name", "born", "balance", "note"]
    assert next(table.rows()) == ["C-001", "Ada 1", "02/03/1980", "1.50", "n1"]
    assert table.origins == list(range(2, 22))
    assert table.doubts == []


def test_a_row_with_a_value_too_many_shifts_no_column_and_is_told_with_its_line(tmp_path: Path) -> None:
    broken = "C-099,Ada 99,,05/03/1980,9.50,n1"
    table = table_of(tmp_path, HEADER + lines(*ROWS[:10], broken, *ROWS[10:]))

    rows = list(table.rows())

    assert rows[10] == ["C-099", "Ada 99", "05/03/1980", "9.50", "n1"]
    (doubt,) = table.doubts
    assert (doubt.line, "too many" in doubt.why) == (12, True)
    assert doubt.readings[0] == f"written: {broken}"
    assert rows[9][0] == "C-010"
    assert rows[11][0] == "C-011"


def test_a_stray_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    table = table_of(tmp_path, HEADER + lines(*ROWS[:5], 'C-099,"Ada 99,05/03/1980,9.50,n1', *ROWS[5:]))

    assert len(list(table.rows())) == 21
    assert [doubt.line for doubt in table.doubts] == [7]


def test_two_faults_in_one_file_are_both_told(tmp_path: Path) -> None:
    short, odd = "C-098,Ada 98,05/03/1980,9.50", "C-099,Ada 99;05/03/1980,9.50,n1"
    table = table_of(tmp_path, HEADER + lines(*ROWS[:3], short, *ROWS[3:9], odd, *ROWS[9:]))

    assert [doubt.line for doubt in table.doubts] == [5, 12]


def test_what_stands_before_the_names_and_after_the_records_is_left_out(tmp_path: Path) -> None:
    text = "Export of clients,,,,\r\n,,,,\r\n" + HEADER + lines(*ROWS) + "\r\n20 records exported\r\n"
    table = table_of(tmp_path, text)

    assert table.header == ["client", "name", "born", "balance", "note"]
    assert len(list(table.rows())) == 20
    (doubt,) = table.doubts
    assert doubt == Remark(
        why="the last 2 lines are no records, and left out", line=25, readings=("20 records exported",)
    )


def test_a_totals_row_is_no_client_and_is_told(tmp_path: Path) -> None:
    table = table_of(tmp_path, HEADER + lines(*ROWS, "Total,,,210.50,"))

    assert len(list(table.rows())) == 20
    assert [doubt.why for doubt in table.doubts] == ["the last line is no records, and left out"]


def test_the_header_again_ends_the_table_with_a_word(tmp_path: Path) -> None:
    table = table_of(tmp_path, HEADER + lines(*ROWS[:9]) + HEADER + lines(*ROWS[9:]))

    assert len(list(table.rows())) == 9
    (doubt,) = table.doubts
    assert (doubt.line, "another table" in doubt.why) == (11, True)


def test_names_on_two_rows_are_joined(tmp_path: Path) -> None:
    text = "plan,,fact,\r\nX,Y,X,Y\r\n" + lines(*(f"{n}.5,-{n}.25,{n},{n}.75" for n in range(1, 9)))
    table = table_of(tmp_path, text)

    assert table.header == ["plan X", "plan Y", "fact X", "fact Y"]
    assert table.doubts == []


def test_one_row_in_another_encoding_is_read_and_told(tmp_path: Path) -> None:
    rows = [row.replace("Ada", "Zoë") for row in ROWS]
    text = (HEADER + lines(*rows)).encode() + "C-099,Jürgen,05/03/1980,9.50,n1\r\n".encode("cp1252")
    table = table_of(tmp_path, text)

    assert list(table.rows())[-1][1] == "Jürgen"
    (doubt,) = table.doubts
    assert (doubt.line, "cp1252" in doubt.why) == (22, True)


def test_text_that_was_decoded_wrongly_before_is_told(tmp_path: Path) -> None:
    garbled = [row.replace("Ada", "Zoë".encode().decode("cp1252")) for row in ROWS]

    (doubt,) = table_of(tmp_path, HEADER + lines(*garbled)).doubts

    assert "taken for cp1252" in doubt.why


def test_a_file_whose_first_line_may_be_either_says_so_with_both_readings(tmp_path: Path) -> None:
    (doubt,) = table_of(tmp_path, "Ada,London\nBob,Paris\nCyd,London\n").doubts

    assert doubt.line == 1
    assert len(doubt.readings) == 2


def test_an_empty_file_is_an_empty_table(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"")

    assert (table.header, list(table.rows()), table.doubts) == (None, [], [])
    assert [str(note) for note in table.notes] == ["the file is empty"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="is no file"):
        read_table(tmp_path / "nowhere.csv", environ={})


def test_rows_can_be_read_again_and_in_whole_columns(tmp_path: Path) -> None:
    table = table_of(tmp_path, HEADER + lines(*ROWS))

    assert list(table.rows()) == list(table.rows())
    assert sum(frame.height for frame in table.frames()) == 20


def test_rows_without_any_text_are_left_out_and_noted(tmp_path: Path) -> None:
    table = table_of(tmp_path, HEADER + lines(*ROWS[:5], ",,,,", *ROWS[5:]))

    assert len(list(table.rows())) == 20
    assert "1 rows without any text are left out" in [note.why for note in table.notes]


def test_under_a_contract_nothing_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "ringback.yaml").write_text("target: sqlite:///clients.db\n", encoding="utf-8")
    (tmp_path / "feeds").mkdir()
    contract = "feed: clients\nkey: [no]\nsource: {delimiter: ';'}\ntarget: {table: clients}\n"
    contract += "fields:\n  no: {from: no, type: string}\n"
    (tmp_path / "feeds" / "clients.yaml").write_text(contract, encoding="utf-8")
    path = tmp_path / "clients.csv"
    path.write_text("no;name\n1;Ada\n2;Bob;x\n", encoding="utf-8")

    table = read_table(path, feed="clients", project=tmp_path, environ={})

    assert (table.header, list(table.rows())) == (["no", "name"], [["1", "Ada"]])
    assert [str(doubt) for doubt in table.doubts] == [
        "line 3: this row has 3 values where the header has 2, and is left out"
    ]


def test_the_report_has_the_first_rows_and_counts_all(tmp_path: Path) -> None:
    report = report_of(table_of(tmp_path, HEADER + lines(*ROWS)), head=2)

    assert (report.row_count, report.lines, len(report.rows)) == (20, (2, 3), 2)


CLEAN = [kind for kind, (_, note_due) in KINDS.items() if not note_due and kind != "cp1252"]  # that may be open


@pytest.mark.parametrize("kind", KINDS)
def test_no_invented_file_is_read_wrong_without_a_word_and_no_clean_one_is_doubted(tmp_path: Path, kind: str) -> None:
    for file in invented_files([301, 302, 303, 304], kinds=[kind]):
        table = table_of(tmp_path, file.content)
        read = [*([table.header] if table.header is not None else []), *table.rows()]
        wrong = [_tidy(row) for row in read if any(row)] != [_tidy(row) for row in file.clean if any(row)]

        assert not (wrong and not table.doubts), file.name
        assert not (kind in CLEAN and (wrong or table.doubts)), (file.name, table.doubts)


def _tidy(row: list[str]) -> list[str]:
    """A row without empty cells at its end."""
    while row and not row[-1]:
        row = row[:-1]
    return row
