"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): one sheet as rows of text.

Cells are typed there, and become the text that says the same: numbers without a spare ".0", dates as ISO 8601 writes
them. What stands in cells are values that a spreadsheet has computed and kept; the formulas are not looked at. A
workbook is no stream: what it takes is bounded by its size when unpacked and by its cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import unescape

from ringback.errors import DeliveryRefused, RingbackError, UsageError
from ringback.model.table import Remark

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_BYTES = 512 * 2**20  # unpacked
MOST_CELLS = 20_000_000
_FAULTS = ("CalamineError", "XmlError", "ZipError", "WorksheetNotFound")  # the library's
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS
_SHOWN = 20  # doubts about cells
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>.*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)

Value = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetText:
    """One sheet. `rows[n]` stands on row `first_row + n` of it."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    doubts: tuple[Remark, ...]
    notes: tuple[Remark, ...]


def is_workbook(content: BinaryIO) -> bool:
    """Whether a file is a workbook, whatever its name. The content is at its beginning before and after."""
    start = content.read(8)
    content.seek(0)
    if start == _OLE:
        return True
    if not start.startswith(b"PK\x03\x04"):
        return False
    try:
        names = set(zipfile.ZipFile(content).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = set()
    content.seek(0)
    return bool(names & {"[Content_Types].xml", "content.xml"})


def read_sheet(content: BinaryIO, *, sheet: str | None, file_name: str) -> SheetText:
    """Read a sheet, or where none is named, the first visible one with a table in it, or else with a cell.

    Raises: DeliveryRefused, when it is damaged, protected or too large; UsageError, when there is no such sheet.
    """
    _require_bounded(content, file_name)
    with _refusing_damage(file_name):
        return _read(content, sheet, file_name)


def _read(content: BinaryIO, sheet: str | None, file_name: str) -> SheetText:
    workbook = _opened(content, file_name)
    chosen = _chosen(workbook, sheet, file_name)
    if chosen.total_height * chosen.total_width > MOST_CELLS:
        raise _refused("the sheet is too large", file_name, f"It has more than {MOST_CELLS:,} cells.")
    rows = [[_text(value) for value in row] for row in chosen.to_python(skip_empty_area=True)]
    first_row, first_column = chosen.start or (0, 0)
    errors, told = _errors(content, chosen.name)
    doubts = []
    for row, column, text in errors:
        if 0 <= row - first_row < len(rows) and 0 <= column - first_column < len(rows[row - first_row]):
            rows[row - first_row][column - first_column] = text
            doubts.append(Remark(why=f"the formula of a cell failed: {text} stands in it", line=row + 1))
    return SheetText(
        name=chosen.name,
        rows=tuple(map(tuple, rows)),
        first_row=first_row + 1,
        doubts=(*_about_sheets(workbook, chosen.name, named=sheet is not None), *doubts[:_SHOWN], *_more(doubts)),
        notes=(*_notes(workbook, chosen), *told),
    )


@contextmanager
def _refusing_damage(file_name: str) -> Iterator[None]:
    """What the library says of a damaged file, as a refusal. It may panic, which Python does not count as an error."""
    try:
        yield
    except RingbackError:
        raise
    except BaseException as fault:
        if isinstance(fault, OSError | ValueError) or type(fault).__name__ in ("PanicException", *_FAULTS):
            raise _refused("the workbook is damaged", file_name, "It cannot be read to its end.") from None
        raise


def _require_bounded(content: BinaryIO, file_name: str) -> None:
    try:
        size = sum(member.file_size for member in zipfile.ZipFile(content).infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        size = content.seek(0, 2)
    content.seek(0)
    if size > MOST_BYTES:
        raise _refused("the workbook is too large", file_name, f"Unpacked it has more than {MOST_BYTES:,} bytes.")


def _opened(content: BinaryIO, file_name: str) -> CalamineWorkbook:
    try:
        import python_calamine as calamine  # an extra
    except ImportError:
        raise UsageError(
            "workbooks are read by python-calamine, which is not installed",
            where=file_name,
            mend="pip install 'ringback[excel]'",
        ) from None
    try:
        return calamine.CalamineWorkbook.from_filelike(content)
    except calamine.PasswordError:
        raise _refused("the workbook is protected by a password", file_name, "Passwords are not kept.") from None


def _chosen(workbook: CalamineWorkbook, sheet: str | None, file_name: str) -> CalamineSheet:
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise UsageError("there is no such sheet", where=file_name, mend=f"The sheets are: {', '.join(names)}.")
    wanted = [sheet] if sheet is not None else _visible(workbook) or names
    found = [workbook.get_sheet_by_name(name) for name in wanted]
    if not found:
        raise _refused("the workbook has no sheet", file_name, "There is nothing to read.")
    tables = (one for one in found if one.height >= 3 and one.width >= 2)
    return next(tables, next((one for one in found if one.height), found[0]))


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [one.name for one in workbook.sheets_metadata if str(one.visible).endswith("Visible")]


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return text if text.isascii() else text.encode(errors="replace").decode()  # a damaged file may have half letters


def _errors(content: BinaryIO, name: str) -> tuple[list[tuple[int, int, str]], tuple[Remark, ...]]:
    """Cells with an error, by row and column from 0: the library reads them as empty. Only XLSX tells them."""
    unknown = (Remark(why="cells whose formula failed, if there are any, are read as empty in this format"),)
    try:
        with zipfile.ZipFile(content) as packed:
            part = _part_of(packed, name)
            if part is None:
                return [], unknown
            sheet = packed.read(part)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError):
        return [], unknown
    finally:
        content.seek(0)
    found = (match.groups() for match in _ERROR.finditer(sheet))
    return [
        (int(row) - 1, _column(letters.decode()), text.decode("utf-8", "replace")) for letters, row, text in found
    ], ()


def _part_of(packed: zipfile.ZipFile, name: str) -> str | None:
    """The member of an XLSX file that has a sheet; None, in another format."""
    if "xl/workbook.xml" not in packed.namelist():
        return None
    listed = packed.read("xl/workbook.xml").decode("utf-8", "replace")
    related = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", listed):
        if unescape(_attribute(tag, "name"), {"&quot;": '"', "&apos;": "'"}) == name:
            number = _attribute(tag, r"\w+:id")
            targets = [
                _attribute(one, "Target")
                for one in re.findall(r"<Relationship\b[^>]*>", related)
                if _attribute(one, "Id") == number
            ]
            return next((one.lstrip("/") if one.startswith("/") else f"xl/{one}" for one in targets), None)
    return None


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _about_sheets(workbook: CalamineWorkbook, name: str, *, named: bool) -> tuple[Remark, ...]:
    others = [one for one in _visible(workbook) if one != name and workbook.get_sheet_by_name(one).height]
    if named or not others:
        return ()
    return (Remark(why=f"only the sheet {name!r} is read; others have cells too: {', '.join(map(repr, others))}"),)


def _more(doubts: Sequence[Remark]) -> tuple[Remark, ...]:
    left = len(doubts) - _SHOWN
    return (Remark(why=f"the formulas of {left:,} more cells failed"),) if left > 0 else ()


def _notes(workbook: CalamineWorkbook, chosen: CalamineSheet) -> tuple[Remark, ...]:
    told = [Remark(why=f"sheet {chosen.name!r}")]
    hidden = [one for one in workbook.sheet_names if one not in _visible(workbook)]
    if hidden:
        told.append(Remark(why=f"hidden sheets: {', '.join(map(repr, hidden))}"))
    merged = chosen.merged_cell_ranges or ()
    if merged:
        row = min(start[0] for start, _ in merged) + 1
        told.append(Remark(why=f"{len(merged):,} merged cells: their value stands in the first one only", line=row))
    return tuple(told)


def _refused(what: str, file_name: str, why: str) -> DeliveryRefused:
    return DeliveryRefused(what, where=file_name, why=why, mend="Ask for the file again, or for delimited text.")
