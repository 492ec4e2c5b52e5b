"""Quarantine: the rows that could not be read, under the run that delivered them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.rows import REJECT_SCHEMA
from ringback.store.link import Link
from ringback.store.own import QUARANTINE, QUARANTINE_SHAPE

_EVERY_ROW = 2**62  # a LIMIT keeps the order of a query inside a query


def store(link: Link, run_id: int, rejects: pl.DataFrame) -> None:
    """Write rejects (REJECT_SCHEMA).

    A NUL, which no database keeps in a text, is stored as U+2400 in `raw`; in `row` it is escaped, as JSON has it.
    """
    shown = rejects.with_columns(
        pl.lit(run_id, dtype=pl.Int64).alias("run"),
        pl.col("fault").cast(pl.Int64),
        pl.col(pl.String).str.replace_all("\0", "\u2400", literal=True),
    )
    link.ingest(QUARANTINE, shown, QUARANTINE_SHAPE)


def clear(link: Link, run_id: int) -> None:
    """Take a run's rejects out."""
    link.run(f"delete from {QUARANTINE.sql} where run = $1", run_id)


def rejects(link: Link, run_id: int) -> Iterator[pl.DataFrame]:
    """A run's rejects in the order of the file: REJECT_SCHEMA and `run`."""
    selected = [link.dialect.selected(column) for column in QUARANTINE_SHAPE]
    tail = f"from {QUARANTINE.sql} where run = $1 order by line, fault limit {_EVERY_ROW}"
    for frame in link.stream(QUARANTINE_SHAPE, selected, tail, run_id):
        yield frame.cast({"fault": pl.Int32}).select(*REJECT_SCHEMA.names(), "run")
