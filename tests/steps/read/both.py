"""Any delivery read to its end, each of its rows by both readers."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE, REJECT_SCHEMA
from ringback.steps.read import Reading, read
from ringback.steps.read.row_reference import row_of


@dataclass
class Told:
    """What came of a delivery."""

    reading: Reading
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(line, code) for line, code, _reason in self.rejects]


def read_both(content: bytes, source: Source, *, file_name: str = "clients") -> Told:
    """Read it, and hold what must hold for every format: rows add up, and the reference reader reads each row alike."""
    reading = read(io.BytesIO(content), source, file_name=file_name)
    told = Told(reading)
    counted = 0
    for chunk in reading.chunks():
        _take(chunk.rows, chunk.texts(list(range(chunk.rows.height))), source, told)
        assert chunk.rejects.schema == REJECT_SCHEMA
        told.rejects += chunk.rejects.select("line", "code", "reason").rows()
        told.raws += chunk.rejects["raw"].to_list()
        assert chunk.row_count == chunk.rows.height + chunk.rejects.height + sum(chunk.skipped.values())
        counted += chunk.row_count
    assert counted == reading.row_count
    assert len(set(told.lines)) == len(told.lines)
    return told


def _take(rows: pl.DataFrame, texts: list[str], source: Source, told: Told) -> None:
    columns = told.reading.columns
    assert rows.schema == pl.Schema({LINE: pl.Int64(), **dict.fromkeys(columns, pl.String())})
    assert rows.null_count().sum_horizontal().item() == 0
    cells = rows.drop(LINE).to_dicts() if columns else [{} for _ in range(rows.height)]
    assert [row_of(text, source, columns) for text in texts] == cells
    told.rows += cells
    told.lines += rows[LINE].to_list()
