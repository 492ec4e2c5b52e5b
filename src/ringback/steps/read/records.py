"""Rows of one length without line ends: found by counting bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE
from ringback.steps.read.dialect import Limits
from ringback.steps.read.lines import TEXT
from ringback.steps.read.reading import HeaderProblem, RowChunk
from ringback.steps.read.rejects import row_rejects

_ENDS = (
    b"",
    b"\n",
    b"\r\n",
    b"\x1a",
    b"\x15",
    b"\x25",
)  # what may follow the last row: a line end, the end mark of DOS


class RecordReading:
    """The rows, each as text in one column, numbered from 1: a `Reading`."""

    def __init__(self, content: BinaryIO, source: Source, *, length: int, limits: Limits) -> None:
        self._content, self._source, self._length = content, source, length
        self._block_bytes = max(1, limits.block_bytes // length) * length
        self._skipped: Counter[str] = Counter()
        self.row_count = 0
        self.byte_count = 0
        self.header: tuple[str, ...] = (TEXT,)
        self.columns: tuple[str, ...] = (TEXT,)
        self.header_problems: tuple[HeaderProblem, ...] = ()

    @property
    def skipped(self) -> dict[str, int]:
        return dict(self._skipped)

    @property
    def parts(self) -> dict[str, int]:
        return {"rows": self.byte_count}

    def chunks(self) -> Iterator[RowChunk]:
        while block := self._block():
            self.byte_count += len(block)
            rest = block[len(block) // self._length * self._length :]
            rows = [block[start : start + self._length] for start in range(0, len(block) - len(rest), self._length)]
            rows += [rest] if rest not in _ENDS else []
            chunk = self._chunk(rows)
            self.row_count += len(rows)
            self._skipped.update(chunk.skipped)
            yield chunk

    def _block(self) -> bytes:
        parts, have = [], 0
        while have < self._block_bytes and (part := self._content.read(self._block_bytes - have)):
            parts.append(part)
            have += len(part)
        return b"".join(parts)

    def _chunk(self, rows: list[bytes]) -> RowChunk:
        lines = np.arange(self.row_count + 1, self.row_count + 1 + len(rows))
        texts = [self._decoded(row) for row in rows]
        frame = pl.DataFrame({LINE: lines, TEXT: texts}, schema={LINE: pl.Int64(), TEXT: pl.String()})
        bad = frame[TEXT].is_null()
        skips = frame.select(_rule(self._source))["rule"]
        good = frame.filter(~bad & skips.is_null())
        kept = good[TEXT]
        return RowChunk(
            rows=good,
            rejects=self._undecoded(frame.filter(bad)[LINE].to_list(), rows),
            skipped=dict(Counter(skips.drop_nulls().to_list())),
            row_count=len(rows),
            texts=lambda positions: [kept[position] for position in positions],
        )

    def _decoded(self, row: bytes) -> str | None:
        try:
            return row.decode(self._source.encoding)
        except UnicodeDecodeError:
            return None

    def _undecoded(self, lines: list[int], rows: list[bytes]) -> pl.DataFrame:
        return row_rejects(
            lines,
            ["row.encoding"] * len(lines),
            texts=[repr(rows[line - 1 - self.row_count])[2:-1] for line in lines],
            reasons=[f"has bytes that are not {self._source.encoding}"] * len(lines),
        )


def _rule(source: Source) -> pl.Expr:
    """The name of the rule that leaves a row out, or null."""
    rules = [pl.when(pl.col(TEXT).str.contains(skip.pattern)).then(pl.lit(skip.name)) for skip in source.skip]
    return pl.coalesce([*rules, pl.lit(None, dtype=pl.String)]).alias("rule")
