"""A file that was read with nothing told, as text: its first rows, how it is written, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringback.model.table import Remark, TableReport, Written
from ringback.report.words import count, shown, table

_LONGEST = 24  # characters of a cell
_WIDEST = 8  # columns side by side
_MOST = 20  # doubts
_NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    " ": "space",
    ", ": "comma and space",
    "|": "bar",
    '"': '"',
    "'": "'",
}


def read_text(report: TableReport) -> str:
    """The table's head, its dialect, its doubts."""
    return "\n".join(_lines(report))


def _lines(report: TableReport) -> Iterator[str]:
    columns = len(report.header or (report.rows[0] if report.rows else ()))
    yield f"{report.file_name}: {count(report.row_count, 'row')}, {count(columns, 'column')}"
    if report.written is not None:
        yield f"  {_written(report.written, named=report.header is not None)}"
    if report.rows:
        yield ""
        yield from _rows(report, columns)
    yield ""
    yield from _remarks("doubt", report.doubts, none="no doubts")
    if report.notes:
        yield from _remarks("note", report.notes, none="")


def _written(written: Written, *, named: bool) -> str:
    told = [f"encoding {written.encoding}", f"delimiter {_mark(written.delimiter)}"]
    told.append(f"quote {_mark(written.quote)}" if written.quote else "nothing quoted")
    if written.escape:
        told.append(f"escape {_mark(written.escape)}")
    told.append(f"{'' if named else 'no header, '}records from line {written.first_line}")
    return ", ".join(told)


def _mark(mark: str) -> str:
    return _NAMES.get(mark, shown(mark))


def _rows(report: TableReport, columns: int) -> Iterator[str]:
    wide = columns > _WIDEST
    names = report.header or tuple(str(number + 1) for number in range(columns))
    head = ("line", *(_cell(name) for name in names[:_WIDEST]), *(["..."] if wide else []))
    body = [
        (f"{line:,}", *(_cell(cell) for cell in row[:_WIDEST]), *(["..."] if wide else []))
        for line, row in zip(report.lines, report.rows, strict=True)
    ]
    yield from (f"  {line}" for line in table(head, body, right=(0,)))
    if report.row_count > len(report.rows):
        yield f"  ... {count(report.row_count - len(report.rows), 'more row')}"


def _cell(text: str) -> str:
    seen = shown(text)
    return seen if len(seen) <= _LONGEST else seen[: _LONGEST - 1] + "…"


def _remarks(noun: str, remarks: Sequence[Remark], *, none: str) -> Iterator[str]:
    if not remarks:
        yield none
        return
    yield f"{count(len(remarks), noun)}:"
    for remark in remarks[:_MOST]:
        first, *rest = str(remark).split("\n")
        yield f"  {shown(first)}"
        yield from (f"  {shown(line)}" for line in rest)
    if len(remarks) > _MOST:
        yield f"  ... {count(len(remarks) - _MOST, f'more {noun}')}; all of them: --json"
