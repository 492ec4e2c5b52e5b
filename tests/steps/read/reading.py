"""Short ways to read a text, for tests."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE
from ringback.steps.read import RowChunk
from ringback.steps.read.csv import CsvReading
from ringback.steps.read.dialect import Limits


@dataclass
class AllRead:
    """A delivery read to its end."""

    reading: CsvReading
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    chunks: list[RowChunk] = field(default_factory=list)

    @property
    def cells(self) -> list[tuple[str, ...]]:
        return [cells for _line, cells in self.rows]


def read_all(content: bytes, source: Source, *, limits: Limits | None = None) -> AllRead:
    """Read everything, and check what must hold for every delivery."""
    reading = CsvReading(io.BytesIO(content), source, file_name="clients.csv", limits=limits or Limits())
    result = AllRead(reading)
    for chunk in reading.chunks():
        _add(chunk, result)
    good, rejected = len(result.rows), len({line for line, _code in result.rejects})
    assert reading.row_count == good + rejected + sum(reading.skipped.values())
    assert reading.byte_count == len(content)
    assert source.encoding != "utf-8" or sum(reading.parts.values()) == len(content)
    return result


def _add(chunk: RowChunk, result: AllRead) -> None:
    assert chunk.rows.schema == pl.Schema({LINE: pl.Int64()} | dict.fromkeys(result.reading.columns, pl.String()))
    assert chunk.rows.null_count().sum_horizontal().item() == 0
    assert chunk.row_count == chunk.rows.height + chunk.rejects.height + sum(chunk.skipped.values())
    result.chunks.append(chunk)
    result.rows += [(row[0], row[1:]) for row in chunk.rows.rows()]
    result.rejects += list(chunk.rejects.select("line", "code").iter_rows())
    result.raws += chunk.rejects["raw"].to_list()
    result.reasons += chunk.rejects["reason"].to_list()
    result.texts += chunk.texts(list(range(chunk.rows.height)))
