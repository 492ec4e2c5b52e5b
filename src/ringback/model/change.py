"""A change set: what an import would write."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from ringback.model.finding import Example


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
    missing_count: int  # held only, whatever the contract makes of them

    def changed_cells(self, name: str) -> pl.Series:
        """A mask over `before`/`after`: where the field's value changes."""
        return self.before[name].ne_missing(self.after[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A change set in numbers; sums of partitions are the summary of the whole."""

    held: int = 0
    added: int = 0
    changed: int = 0  # delivered records that differ from the held one
    unchanged: int = 0
    removed: int = 0
    closed: int = 0
    missing: int = 0
    changed_by_field: dict[str, int] = field(default_factory=dict)
    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)  # per field, a few changed records
    gone: tuple[Example, ...] = ()  # a few of the missing that would be removed or closed
    digest: str = ""  # hexadecimal; equal when the change sets are equal

    @property
    def changes_anything(self) -> bool:
        """Whether an import would write any record."""
        return bool(self.added or self.changed or self.removed or self.closed)
