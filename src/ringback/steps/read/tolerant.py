"""Delimited text that nothing is known of but what was found in it: every row is read, and doubts are told.

Rows that the strict reader takes come from it in whole columns. Those that it rejects, and those whose cells are of the
wrong kinds, are mended one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source
from ringback.model.rows import LINE, cells_of
from ringback.model.table import Remark
from ringback.steps.read.csv import CsvReading
from ringback.steps.read.fit import ColumnFit
from ringback.steps.read.kinds import misfit, unlike
from ringback.steps.read.lenient import Marks
from ringback.steps.read.mend import Mended, Mender
from ringback.steps.read.reading import RowChunk
from ringback.steps.read.spans import Fault
from ringback.steps.read.stop import Stop, find_stop

_MOST_DOUBTS = 100  # that are told one by one
_FEW_CELLS = 200_000  # of a chunk: then all columns of one kind are looked at
_PIVOTS = 3  # columns of one kind that are looked at in every row


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a sample said about a file."""

    source: Source  # without a header: the rows follow the preamble
    names: tuple[str, ...]  # as delivered; empty where there are none
    fits: tuple[ColumnFit, ...]  # one for each column
    escape: str | None = None  # before quotes inside values, and nothing else
    has_pairs: bool = False  # of double quotes, where one is meant

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that frames have."""
        return tuple(str(number + 1) for number in range(len(self.fits)))

    @property
    def marks(self) -> Marks:
        """The source's marks."""
        return Marks(delimiter=self.source.delimiter, quote=self.source.quote, escape=self.escape)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChunk:
    """Some rows, LINE in front; and what is doubtful about them."""

    rows: pl.DataFrame
    doubts: tuple[Remark, ...]
    empty_count: int = 0  # rows without a text in any cell, left out


def read_tolerantly(content: BinaryIO, found: Found, *, file_name: str) -> Iterator[TextChunk]:
    """Read on from the first record. Raises: DeliveryRefused, where a row is too long, or text cannot be had."""
    reading = CsvReading(content, found.source, file_name=file_name, names=found.columns)
    mender = Mender(found.marks, found.fits)
    told = 0
    for chunk in reading.chunks():
        rejected = _rejected(chunk, file_name)
        stop = find_stop(chunk.rows, rejected, found.names, mender)
        read = _chunk(chunk, rejected, stop, found, mender)
        yield _with_few_doubts(read, told)
        told += len(read.doubts)
        if stop is not None:
            return


def _rejected(chunk: RowChunk, file_name: str) -> list[tuple[int, bytes, Fault]]:
    if chunk.rejects.is_empty():
        return []
    lines = chunk.rejects["line"].to_list()
    rejected = [(line, *row) for line, row in zip(lines, chunk.rejected(), strict=True)]
    for line, _, fault in rejected:
        if fault is Fault.TOO_LONG:
            raise DeliveryRefused(
                "a row is too long to be one", where=f"{file_name}, line {line}", why="A quote may be open."
            )
    return rejected


def _chunk(
    chunk: RowChunk, rejected: Sequence[tuple[int, bytes, Fault]], stop: Stop | None, found: Found, mender: Mender
) -> TextChunk:
    rows = chunk.rows if stop is None else chunk.rows.filter(pl.col(LINE) < stop.line)
    mended = [mender.mend(*row) for row in rejected if stop is None or row[0] < stop.line]
    mended += _reread(rows, chunk, found.fits, mender)
    if mended:
        rows = _put_in(rows, mended)
    if found.has_pairs:
        rows = rows.with_columns(cells_of(*found.columns).str.replace_all('""', '"', literal=True))
    full = _without_empty(rows)
    doubts = [one.doubt for one in mended if one.doubt is not None]
    doubts += [stop.doubt] if stop is not None else []
    doubts.sort(key=lambda doubt: doubt.line or 0)
    return TextChunk(rows=full, doubts=tuple(doubts), empty_count=rows.height - full.height)


def _reread(rows: pl.DataFrame, chunk: RowChunk, fits: Sequence[ColumnFit], mender: Mender) -> list[Mended]:
    """Rows with the right number of cells, some of them of the wrong kind."""
    places = _of_other_kinds(rows, fits)
    if not places:
        return []
    lines, texts = rows[LINE].gather(places).to_list(), chunk.texts(places)
    again = (mender.mend_whole(line, text) for line, text in zip(lines, texts, strict=True))
    return [one for one in again if one is not None]


def _of_other_kinds(rows: pl.DataFrame, fits: Sequence[ColumnFit]) -> list[int]:
    """Places of rows that have two cells or more of other kinds than their columns (of many rows: of a few columns)."""
    typed = [(str(number + 1), fit) for number, fit in enumerate(fits) if fit.kind]
    typed.sort(key=lambda one: one[1].empty_share)
    looked = typed if rows.height * len(typed) <= _FEW_CELLS else typed[:_PIVOTS]
    if len(looked) < 2 or rows.is_empty():
        return []
    maybe = rows.select(_two_of(unlike, looked)).to_series().arg_true()
    if maybe.is_empty():
        return []
    sure = rows[maybe].select(_two_of(misfit, looked)).to_series()
    found: list[int] = maybe.filter(sure).to_list()
    return found


def _two_of(test: Callable[[str, ColumnFit], pl.Expr], typed: Sequence[tuple[str, ColumnFit]]) -> pl.Expr:
    return pl.sum_horizontal(test(column, fit).cast(pl.Int32) for column, fit in typed) >= 2


def _put_in(rows: pl.DataFrame, mended: Sequence[Mended]) -> pl.DataFrame:
    lines = [one.line for one in mended]
    frame = pl.DataFrame([(one.line, *one.cells) for one in mended], schema=rows.schema, orient="row")
    return pl.concat([rows.filter(~pl.col(LINE).is_in(lines)), frame]).sort(LINE, maintain_order=True)


def _without_empty(rows: pl.DataFrame) -> pl.DataFrame:
    columns = rows.columns[1:]
    if len(columns) < 2 or not (rows[columns[0]] == "").any():
        return rows
    return rows.filter(pl.any_horizontal(cells_of(*columns).str.strip_chars() != ""))


def _with_few_doubts(chunk: TextChunk, told: int) -> TextChunk:
    left = max(0, _MOST_DOUBTS - told)
    if len(chunk.doubts) <= left:
        return chunk
    rest = chunk.doubts[left:]
    more = Remark(why=f"{len(rest):,} more rows from here on are guesses or left out", line=rest[0].line)
    return TextChunk(rows=chunk.rows, doubts=(*chunk.doubts[:left], more), empty_count=chunk.empty_count)
