"""Reading a file alone: with nothing told, or as a feed's contract says. No store is opened, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from ringback.contracts import load_feed, load_project
from ringback.contracts.draft.finding import Findings, find_out
from ringback.contracts.draft.sample import look_at
from ringback.contracts.draft.sheet import SheetTable, find_in_sheet
from ringback.errors import UsageError
from ringback.model.contract import Source
from ringback.model.rows import LINE
from ringback.model.table import Remark, TableReport, Written
from ringback.steps.read import read
from ringback.steps.read.tolerant import TextChunk, read_tolerantly
from ringback.steps.read.unpack import unpack
from ringback.steps.read.workbook import is_workbook, read_sheet

_PIECE_BYTES = 2**20  # of the start, the middle and the end of a large file


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of a file before its rows are read."""

    header: tuple[str, ...] | None = None
    written: Written | None = None
    doubts: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()


class Way(Protocol):
    """A way to read one file, as often as it is asked for."""

    @property
    def told(self) -> Told:
        """What is known before the rows are read."""

    def chunks(self) -> Iterator[TextChunk]:
        """The rows from the first one on. Raises: DeliveryRefused."""


class TextTable:
    """A file as a table of text.

    Rows are read from the file when they are asked for, and again when they are asked for again, in bounded memory.
    `doubts`, `notes` and `origins` speak of all rows: asking for them reads those that were not read yet.
    """

    def __init__(self, path: Path, way: Way) -> None:
        self.path = path
        self._way, self._told = way, way.told
        self._seen: tuple[tuple[Remark, ...], int] | None = None  # doubts about rows; rows without any text

    @property
    def header(self) -> list[str] | None:
        """The names of the columns; None, where the file has none."""
        return None if self._told.header is None else list(self._told.header)

    @property
    def written(self) -> Written | None:
        """How the file is written; None, where it is empty."""
        return self._told.written

    def rows(self) -> Iterator[list[str]]:
        """The rows, in the file's order; each has one text for each column. Raises: DeliveryRefused."""
        for frame in self.frames():
            yield from map(list, frame.drop(LINE).iter_rows())

    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows in whole columns: LINE, then one String column for each of the file's. Raises: DeliveryRefused."""
        doubts, empty_count = list[Remark](), 0
        for chunk in self._way.chunks():
            doubts += chunk.doubts
            empty_count += chunk.empty_count
            yield chunk.rows
        self._seen = tuple(doubts), empty_count

    @property
    def origins(self) -> list[int]:
        """The line on which each row starts, counted as an editor counts. Raises: DeliveryRefused."""
        return [line for frame in self.frames() for line in frame[LINE].to_list()]

    @property
    def doubts(self) -> list[Remark]:
        """What may be wrong in this table. Raises: DeliveryRefused."""
        return sorted((*self._told.doubts, *self._all_seen()[0]), key=lambda doubt: doubt.line or 0)

    @property
    def notes(self) -> list[Remark]:
        """What is odd, and was read for sure all the same. Raises: DeliveryRefused."""
        empty_count = self._all_seen()[1]
        left = [Remark(why=f"{empty_count:,} rows without any text are left out")] if empty_count else []
        return [*self._told.notes, *left]

    def _all_seen(self) -> tuple[tuple[Remark, ...], int]:
        while self._seen is None:
            for _ in self.frames():
                pass
        return self._seen


def read_table(
    path: Path,
    *,
    feed: str | None = None,
    sheet: str | None = None,
    project: Path | None = None,
    environ: Mapping[str, str],
) -> TextTable:
    """A file as a table; with a feed, as the working copy of its contract says. sheet: of a workbook.

    Raises: DeliveryRefused, when it cannot be read as a whole; ContractError, UsageError.
    """
    if feed is not None:
        source = load_feed(load_project(project, environ=environ), feed).contract.source
        return TextTable(path, _AsTold(path, source))
    if path.is_file() and (told := _sheet(path, sheet)) is not None:
        return TextTable(path, _InSheet(told))
    looked = look_at(path, piece_bytes=_PIECE_BYTES, empty_too=True)
    return TextTable(path, _AsFound(path, find_out(looked)) if looked.pieces else _Empty())


def report_of(table: TextTable, *, head: int) -> TableReport:
    """What `ringback read` shows. Raises: DeliveryRefused."""
    rows, lines, count = list[tuple[str, ...]](), list[int](), 0
    for frame in table.frames():
        first = frame.head(max(0, head - len(rows)))
        rows += first.drop(LINE).rows()
        lines += first[LINE].to_list()
        count += frame.height
    return TableReport(
        file_name=table.path.name,
        written=table.written,
        header=None if table.header is None else tuple(table.header),
        row_count=count,
        lines=tuple(lines),
        rows=tuple(rows),
        doubts=tuple(table.doubts),
        notes=tuple(table.notes),
    )


class _Empty:
    """A file without a byte."""

    told = Told(notes=(Remark(why="the file is empty"),))

    def chunks(self) -> Iterator[TextChunk]:
        return iter(())


def _sheet(path: Path, sheet: str | None) -> SheetTable | None:
    """The table in a sheet; None, where the file is no workbook."""
    with path.open("rb") as content:
        if is_workbook(content):
            return find_in_sheet(read_sheet(content, sheet=sheet, file_name=path.name))
    if sheet is not None:
        raise UsageError("the file is no workbook, and has no sheets", where=path.name, mend="Leave out the sheet.")
    return None


class _InSheet:
    """A sheet of a workbook, which is in memory as a whole."""

    def __init__(self, table: SheetTable) -> None:
        self._table = table
        self.told = Told(header=table.names, doubts=table.doubts, notes=table.notes)

    def chunks(self) -> Iterator[TextChunk]:
        width = max(map(len, self._table.rows), default=0)
        schema = {LINE: pl.Int64()} | {str(number + 1): pl.String() for number in range(width)}
        rows = [(line, *row) for line, row in zip(self._table.lines, self._table.rows, strict=True)]
        yield TextChunk(rows=pl.DataFrame(rows, schema=schema, orient="row"), doubts=())


class _AsFound:
    """With nothing told."""

    def __init__(self, path: Path, findings: Findings) -> None:
        self._path, self._found = path, findings.found
        self.told = Told(
            header=findings.found.names if findings.has_header else None,
            written=_written(findings.found.source, escape=findings.found.escape),
            doubts=findings.doubts,
            notes=findings.notes,
        )

    def chunks(self) -> Iterator[TextChunk]:
        with self._path.open("rb") as content:
            text = unpack(content, self._found.source, file_name=self._path.name)
            yield from read_tolerantly(text, self._found, file_name=self._path.name)


class _AsTold:
    """As a contract says: what the strict reader rejects is left out, and a doubt."""

    def __init__(self, path: Path, source: Source) -> None:
        self._path, self._source = path, source
        with path.open("rb") as content:
            reading = read(content, source, file_name=path.name)
        header = reading.header if source.header else None
        self.told = Told(header=header, written=_written(source, escape=source.escape))

    def chunks(self) -> Iterator[TextChunk]:
        with self._path.open("rb") as content:
            for chunk in read(content, self._source, file_name=self._path.name).chunks():
                rejects = chunk.rejects.select("line", "reason").iter_rows()
                left = (Remark(why=f"this row {reason}, and is left out", line=line) for line, reason in rejects)
                yield TextChunk(rows=chunk.rows, doubts=tuple(left))


def _written(source: Source, *, escape: str | None) -> Written:
    return Written(
        encoding=source.encoding,
        delimiter=source.delimiter,
        quote=source.quote,
        escape=escape,
        first_line=source.preamble_lines + 1 + source.header,
    )
