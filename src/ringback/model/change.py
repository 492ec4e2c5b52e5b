"""A change set: what an import would write."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What an import would write, for one partition of the keys (small feeds have one partition).

    added     records (LINE + fields): keys that the store does not hold.
    before    held records (fields) that would change, row by row beside `after`.
    after     records (LINE + fields) that they would become; LINE is null where absence from the file closes a client.
    removed   held records (fields) that would be deleted.
    """

    key: tuple[str, ...]
    added: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame
    removed: pl.DataFrame
    unchanged_count: int
    missing_count: int  # held only, whatever the policy makes of them

    def changed_cells(self, field: str) -> pl.Series:
        """A mask over `before`/`after`: where the field's value changes."""
        return self.before[field].ne_missing(self.after[field])
