"""Small workbooks, written as spreadsheets write them, without a library that would have opinions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Cell = str | int | float | bool | tuple[str, object] | None  # ("date", 45000), ("error", "#N/A")

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Sequence[str] = (),
    merged: Mapping[str, str] | None = None,
    epoch_1904: bool = False,
) -> bytes:
    """An XLSX file. merged: sheet -> a range, as A1:B1."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        count = len(sheets)
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
            for n in range(1, count + 1)
        )
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{overrides}</Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(_listed(name, n, hidden=name in hidden) for n, name in enumerate(sheets, start=1))
        date = '<workbookPr date1904="1"/>' if epoch_1904 else "<workbookPr/>"
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{date}<sheets>{listed}</sheets></workbook>',
        )
        related = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, count + 1)
        )
        styles = f'<Relationship Id="rId{count + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        packed.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{related}{styles}</Relationships>'
        )
        packed.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        for n, (name, rows) in enumerate(sheets.items(), start=1):
            inner = "".join(f'<row r="{r}">{_cells(row, r)}</row>' for r, row in enumerate(rows, start=1))
            area = merged.get(name) if merged else None
            ranges = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>' if area else ""
            sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{inner}</sheetData>{ranges}</worksheet>'
            packed.writestr(f"xl/worksheets/sheet{n}.xml", sheet)
    return out.getvalue()


def _listed(name: str, number: int, *, hidden: bool) -> str:
    state = ' state="hidden"' if hidden else ""
    return f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"{state}/>'


def _cells(row: Sequence[Cell], number: int) -> str:
    return "".join(_cell(cell, number, at) for at, cell in enumerate(row))


def _cell(cell: Cell, row: int, at: int) -> str:
    place = f"{chr(65 + at)}{row}"
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        kind, value = cell
        return (
            f'<c r="{place}" s="1"><v>{value}</v></c>' if kind == "date" else f'<c r="{place}" t="e"><v>{value}</v></c>'
        )
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'
