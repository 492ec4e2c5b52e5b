"""The table in a sheet: what is found in its cells, with the finder for delimited text."""

from __future__ import annotations

from dataclasses import dataclass

from ringback.contracts.draft.dialect import Table
from ringback.contracts.draft.ends import find_end
from ringback.contracts.draft.evidence import Doubt
from ringback.contracts.draft.layout import find_layout
from ringback.model.table import Remark
from ringback.steps.read.fit import column_fits
from ringback.steps.read.lenient import Marks, Record
from ringback.steps.read.workbook import SheetText

_MARKS = Marks(delimiter="\x1f", quote=None)
_MOST = 2000  # rows at the start, and at the end, that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """A sheet's names and records, each record with its row in the sheet."""

    names: tuple[str, ...] | None
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    doubts: tuple[Remark, ...]
    notes: tuple[Remark, ...]


def find_in_sheet(sheet: SheetText) -> SheetTable:
    """Find names and records among a sheet's rows; rows without a text are no records."""
    lines = [number for number, row in enumerate(sheet.rows, sheet.first_row) if any(cell.strip() for cell in row)]
    table = _table(sheet, lines[:_MOST])
    layout = find_layout(table)
    body = [line for line in lines if line >= layout.body_line]
    looked = _table(sheet, body[:_MOST])
    fits = column_fits([one.cells for one in looked.records], max(1, table.width))
    tail = _table(sheet, body[-_MOST:])
    end = find_end("", tail, fits, line=0)
    doubts = [*sheet.doubts, *(_told(doubt, layout.body_line - 1) for doubt in layout.doubts)]
    if end.first_line:
        body = [line for line in body if line < end.first_line]
        doubts.append(Remark(why="from here on there are no records: left out", line=end.first_line))
    return SheetTable(
        names=layout.names.texts if layout.header and layout.names else None,
        lines=tuple(body),
        rows=tuple(sheet.rows[line - sheet.first_row] for line in body),
        doubts=tuple(doubts),
        notes=(*sheet.notes, *(Remark(why=remark) for remark in layout.remarks if remark)),
    )


def _table(sheet: SheetText, lines: list[int]) -> Table:
    records = []
    for line in lines:
        cells = sheet.rows[line - sheet.first_row]
        text = _MARKS.delimiter.join(cells).replace("\r", " ").replace("\n", " ")
        quoted = (False,) * len(cells)
        records.append(Record(line=line, text=text, cells=cells, quoted=quoted, clean=True, certain=True))
    return Table(_MARKS, tuple(records))


def _told(doubt: Doubt, line: int) -> Remark:
    return Remark(why=doubt.why, line=max(1, line), readings=doubt.choices)
