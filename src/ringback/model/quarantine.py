"""Quarantined rows of a feed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Rows that could not be taken: one row of `faults` per fault (REJECT_SCHEMA and `run`)."""

    feed: str
    faults: pl.DataFrame

    @property
    def rows(self) -> list[pl.DataFrame]:
        """The faults of each row, in the order of the file."""
        return [] if self.faults.is_empty() else self.faults.partition_by("run", "line", maintain_order=True)
