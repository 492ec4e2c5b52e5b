"""Copybooks and tables of columns as layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringback.contracts.draft.copybook import columns_of
from ringback.contracts.draft.layout_file import read_layout
from ringback.errors import UsageError

COPYBOOK = """\
000100* CLIENT RECORD OF THE BILLING SYSTEM
000200 01  CLIENT-RECORD.
000300     05  CLIENT-NO            PIC 9(8).
000400     05  CLIENT-NAME.
000500         10  FIRST-NAME       PIC X(10).
000600         10  LAST-NAME        PIC X(15).
000700     05  BORN-ON              PIC 9(8).
000800     05  BORN-PARTS REDEFINES BORN-ON.
000900         10  BORN-YEAR        PIC 9(4).
001000         10  FILLER           PIC 9(4).
001100     05  BALANCE              PIC S9(7)V99.
001200     05  CREDIT               PIC S9(5)V99 USAGE COMP-3.
001300     05  FEE       PIC S9(3)V9 SIGN IS TRAILING SEPARATE.
001400     05  PHONE OCCURS 2 TIMES PIC X(12).
001500     05  STATUS-CODE          PIC X.
001600         88  IS-ACTIVE        VALUE 'A'.
001700     05  FILLER               PIC X(3).
"""


def test_a_copybook_gives_each_entry_its_place() -> None:
    columns = columns_of(COPYBOOK, file_name="client.cpy")

    assert [(column.name, column.start, column.length) for column in columns] == [
        ("CLIENT-NO", 1, 8),
        ("FIRST-NAME", 9, 10),
        ("LAST-NAME", 19, 15),
        ("BORN-ON", 34, 8),
        ("BORN-YEAR", 34, 4),
        ("BALANCE", 42, 9),
        ("CREDIT", 51, 4),
        ("FEE", 55, 5),
        ("PHONE-1", 60, 12),
        ("PHONE-2", 72, 12),
        ("STATUS-CODE", 84, 1),
    ]


def test_a_picture_says_what_its_digits_mean() -> None:
    columns = {column.name: column for column in columns_of(COPYBOOK, file_name="client.cpy")}

    def said(name: str) -> tuple[str | None, dict[str, object], bool]:
        column = columns[name]
        return column.type, {setting.key: setting.value for setting in column.settings}, column.packed

    assert said("BALANCE") == ("decimal", {"impliedDecimals": 2, "scale": 2, "sign": "overpunched"}, False)
    assert said("CREDIT") == ("decimal", {"impliedDecimals": 2, "scale": 2, "sign": "trailing"}, True)
    assert said("FEE") == ("decimal", {"impliedDecimals": 1, "scale": 1, "sign": "trailing"}, False)
    assert said("CLIENT-NO") == (None, {}, False)


def test_a_copybook_without_numbers_in_its_margins_is_read_too() -> None:
    columns = columns_of("01 A.\n  02 B PIC XX.  *> remark\n  02 C PIC S9(3)\n     COMP-3.\n", file_name="a.cpy")

    assert [(column.name, column.start, column.length, column.packed) for column in columns] == [
        ("B", 1, 2, False),
        ("C", 3, 2, True),
    ]


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("05 B PIC S9(4) COMP.", "binary"),
        ("05 B PIC S9(4) USAGE BINARY.", "binary"),
        ("05 B PIC 9(4)PP.", "scaled"),
        ("05 B PIC S9(4) SIGN LEADING.", "leading"),
        ("05 B PIC X OCCURS 1 TO 5 TIMES DEPENDING ON A.", "changing length"),
        ("05 B REDEFINES NOWHERE PIC X.", "redefines"),
        ("B PIC X.", "no entry"),
    ],
)
def test_what_has_no_fixed_place_or_reading_is_refused_by_its_line(entry: str, word: str) -> None:
    with pytest.raises(UsageError, match=word) as refused:
        columns_of(f"01 R.\n   05 A PIC X.\n   {entry}\n", file_name="client.cpy")

    assert refused.value.where == "client.cpy, line 3"


def test_a_table_of_columns_is_a_layout(tmp_path: Path) -> None:
    path = tmp_path / "layout.csv"
    path.write_text("Name;Start;End\nno;1;4\nname;5;10\n", encoding="utf-8")

    columns = read_layout(path)

    assert [(column.name, column.start, column.length) for column in columns] == [("no", 1, 4), ("name", 5, 6)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("hello\n", "neither a copybook"),
        ("name,start,length\nno,0,4\n", "line 2"),
        ("name,start,length\nno,1,4\nno,5,1\n", "two columns"),
    ],
)
def test_a_layout_that_cannot_be_used_is_refused(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "layout.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=word):
        read_layout(path)
