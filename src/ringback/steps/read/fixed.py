"""Fixed-width rows: each column has its place. Offsets are counted in characters or in bytes, as the contract says.

Rows are lines; or, with `lineEnds: false`, they follow each other without anything between them, as mainframes write
them: then a row's number stands for its line. A row of another length than the layout's is rejected: where one
character is too many every column behind it would read another column's text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, cast

import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE, cells_of
from ringback.steps.read.chunk import BLANK
from ringback.steps.read.csv import PRODUCTION
from ringback.steps.read.dialect import Limits
from ringback.steps.read.layout import Layout, cut, layout_of, lengths
from ringback.steps.read.lines import TEXT, read_lines
from ringback.steps.read.reading import HeaderProblem, Reading, RowChunk
from ringback.steps.read.records import RecordReading
from ringback.steps.read.rejects import row_rejects
from ringback.steps.read.text import shown

_BREAKS = r"[\r\n\x85]"


class FixedReading:
    """A fixed-width delivery being read: a `Reading`."""

    def __init__(self, content: BinaryIO, source: Source, *, file_name: str, limits: Limits = PRODUCTION) -> None:
        self._source, self._layout = source, layout_of(source)
        self._whole: Reading
        if source.line_ends:
            self._whole = read_lines(content, source, file_name=file_name, limits=limits)
        else:
            self._whole = RecordReading(content, source, length=self._layout.length, limits=limits)
        self._skipped: Counter[str] = Counter()

    @property
    def header(self) -> tuple[str, ...]:
        return self._layout.names

    @property
    def columns(self) -> tuple[str, ...]:
        return self._layout.names

    @property
    def header_problems(self) -> tuple[HeaderProblem, ...]:
        return ()

    @property
    def row_count(self) -> int:
        return self._whole.row_count

    @property
    def skipped(self) -> dict[str, int]:
        return dict(self._skipped)

    @property
    def byte_count(self) -> int:
        return self._whole.byte_count

    @property
    def parts(self) -> dict[str, int]:
        return self._whole.parts

    def chunks(self) -> Iterator[RowChunk]:
        for chunk in self._whole.chunks():
            cut_up = _cut_up(chunk, self._layout, has_line_ends=self._source.line_ends)
            self._skipped.update(cut_up.skipped)
            yield cut_up


def _cut_up(chunk: RowChunk, layout: Layout, *, has_line_ends: bool) -> RowChunk:
    texts = chunk.rows[TEXT] if TEXT in chunk.rows.columns else pl.Series(TEXT, [], dtype=pl.String)
    rows = chunk.rows.select(LINE).with_row_index("position").hstack([texts.rename("text")])
    length = lengths(texts, layout)
    blank = (length == 0) & has_line_ends
    fitting = rows.filter(length == layout.length)
    cells = cut(fitting["text"], layout)
    faults = fitting.select(_fault(cells, layout, has_line_ends=has_line_ends))["fault"]
    good = faults.is_null()
    positions = fitting["position"].filter(good).to_list()
    wrong_length = rows.with_columns(length.alias("length")).filter((length != layout.length) & ~blank)
    rejects = [chunk.rejects, _of_wrong_length(wrong_length, layout), _faulty(fitting.filter(~good), faults)]
    skipped = dict(chunk.skipped) | ({BLANK: int(blank.sum())} if blank.any() else {})
    return RowChunk(
        rows=cells.filter(good).insert_column(0, fitting[LINE].filter(good)),
        rejects=pl.concat(rejects).sort("line", maintain_order=True),
        skipped=skipped,
        row_count=chunk.row_count,
        texts=lambda wanted: chunk.texts([positions[place] for place in wanted]),
    )


def _fault(cells: pl.DataFrame, layout: Layout, *, has_line_ends: bool) -> pl.Series:
    """What is wrong with a row of the right length: the code of its fault, or null."""
    texts = [slot.name for slot in layout.slots if not slot.packed]
    faults = [
        pl.when(pl.any_horizontal(cells_of(*texts).is_null())).then(pl.lit("row.cut")),
        pl.when(pl.any_horizontal(cells_of(*texts).str.contains("\0", literal=True))).then(pl.lit("row.nul")),
    ]
    if not has_line_ends:
        broken = pl.any_horizontal(cells_of(*texts).str.contains(_BREAKS))
        faults.append(pl.when(broken).then(pl.lit("row.line_end")))
    return (
        cells.select(pl.coalesce(faults).alias("fault"))["fault"]
        if texts
        else pl.Series("fault", [None] * cells.height, dtype=pl.String)
    )


_REASONS = {
    "row.cut": "has a character of several bytes where a column begins or ends",
    "row.nul": "has a NUL byte",
    "row.line_end": "has a line end inside, and the contract says that there are none (lineEnds)",
}


def _faulty(rows: pl.DataFrame, faults: pl.Series) -> pl.DataFrame:
    codes = cast("list[str]", faults.drop_nulls().to_list())
    texts = [shown(text.encode()) for text in rows["text"]]
    return row_rejects(rows[LINE].to_list(), codes, texts=texts, reasons=[_REASONS[code] for code in codes])


def _of_wrong_length(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    unit = "characters" if layout.unit == "characters" else "bytes"
    return row_rejects(
        rows[LINE].to_list(),
        ["row.ragged"] * rows.height,
        texts=rows["text"].to_list(),
        reasons=[f"has {length:,} {unit} where the layout has {layout.length:,}" for length in rows["length"]],
    )
