"""Reading a file alone, with nothing told: no contract, no store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ringback.contracts.draft.finding import Findings, find_out
from ringback.contracts.draft.sample import look_at
from ringback.model.rows import LINE
from ringback.model.table import Remark
from ringback.steps.read.tolerant import TextChunk, read_tolerantly
from ringback.steps.read.unpack import unpack


@dataclass
class TextTable:
    """A file as a table of text.

    Rows are read from the file as they are asked for, and again when they are asked for again; memory is bounded.
    `doubts` and `origins` are complete only when all rows were read: asking for them reads what was not.
    """

    path: Path
    findings: Findings | None  # None: the file is empty
    _doubts: tuple[Remark, ...] | None = field(default=None, repr=False)
    _empty_count: int = 0

    @property
    def header(self) -> list[str] | None:
        """The names of the columns; None, where the file has none."""
        return list(self.findings.found.names) if self.findings is not None and self.findings.has_header else None

    def rows(self) -> Iterator[list[str]]:
        """The rows, in the file's order; each has one text for each column. Raises: DeliveryRefused."""
        for frame in self.frames():
            yield from map(list, frame.drop(LINE).rows())

    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows in whole columns "1", "2", ..., LINE in front. Raises: DeliveryRefused."""
        for chunk in self._chunks():
            yield chunk.rows

    @property
    def origins(self) -> list[int]:
        """The line on which each row starts, counted as an editor counts."""
        return [line for frame in self.frames() for line in frame[LINE].to_list()]

    @property
    def doubts(self) -> list[Remark]:
        """What may be wrong in this table. Raises: DeliveryRefused."""
        if self._doubts is None:
            for _ in self._chunks():
                pass
        return list(self._doubts or ())

    @property
    def notes(self) -> list[Remark]:
        """What is odd, and read for sure all the same."""
        if self.findings is None:
            return [Remark(why="the file is empty")]
        self.doubts  # noqa: B018 - counts the rows
        left = [Remark(why=f"{self._empty_count:,} rows without any text are left out")] if self._empty_count else []
        return [*self.findings.notes, *left]

    def _chunks(self) -> Iterator[TextChunk]:
        if self.findings is None:
            self._doubts = ()
            return
        doubts, empty = list(self.findings.doubts), 0
        source = self.findings.found.source
        with self.path.open("rb") as content:
            text = unpack(content, source, file_name=self.path.name)
            for chunk in read_tolerantly(text, self.findings.found, file_name=self.path.name):
                doubts += chunk.doubts
                empty += chunk.empty_count
                yield chunk
        self._doubts, self._empty_count = tuple(doubts), empty


def read_table(path: Path) -> TextTable:
    """Find out how a file is written, and read it. Raises: DeliveryRefused."""
    if path.is_file() and path.stat().st_size == 0:
        return TextTable(path, None)
    return TextTable(path, find_out(look_at(path)))
