"""Rows as they were delivered, found again in the archive by their lines."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.contract import Source
from ringback.model.rows import LINE
from ringback.steps.read import RowChunk, read
from ringback.store.archive import Archive


def delivered_rows(sha256: str, lines: pl.Series, *, file_name: str, source: Source, archive: Archive) -> pl.DataFrame:
    """The rows that begin at these lines: LINE and the delivered columns, all text. Stops reading at the last of them.

    Raises: StoreError, when the archive does not have the bytes.
    """
    with archive.open(sha256) as stored:
        reading = read(stored, source, file_name=file_name)
        return pl.concat(_wanted(reading.chunks(), lines))


def _wanted(chunks: Iterator[RowChunk], lines: pl.Series) -> Iterator[pl.DataFrame]:
    wanted, last = lines.to_frame(LINE), lines.max()
    for chunk in chunks:
        yield chunk.rows.join(wanted, on=LINE, how="semi", maintain_order="left")
        if chunk.rows.height and last is not None and chunk.rows[LINE][-1] >= last:
            return
