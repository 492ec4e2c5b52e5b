"""A change set: what an import would write."""

from __future__ import annotations

from collections.abc import Mapping
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
    missing   key columns of held records that a snapshot does not have, whatever the contract makes of them.
    """

    key: tuple[str, ...]
    added: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame
    removed: pl.DataFrame
    missing: pl.DataFrame
    unchanged_count: int

    @property
    def missing_count(self) -> int:
        """How many held records a snapshot does not have."""
        return self.missing.height

    def changed_cells(self, name: str) -> pl.Series:
        """A mask over `before`/`after`: where the field's value changes."""
        return self.before[name].ne_missing(self.after[name])


@dataclass(frozen=True, slots=True)
class Digest:
    """How many records, and one 64-bit digest a field."""

    row_count: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Digest) -> Digest:
        return Digest(self.row_count + other.row_count, _xor(self.fields, other.fields))

    def __sub__(self, other: Digest) -> Digest:
        return Digest(self.row_count - other.row_count, _xor(self.fields, other.fields))

    def differing(self, other: Digest) -> tuple[str, ...]:
        """Fields whose digests differ."""
        names = dict.fromkeys([*self.fields, *other.fields])
        return tuple(name for name in names if self.fields.get(name, 0) != other.fields.get(name, 0))


def _xor(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) ^ other.get(name, 0) for name in {**one, **other}}


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
    leaves: Digest = field(default_factory=Digest)  # what leaves the table
    enters: Digest = field(default_factory=Digest)  # what enters it
    digest: str = ""  # of both, hexadecimal; equal when the change sets are equal

    @property
    def changes_anything(self) -> bool:
        """Whether an import would write any record."""
        return bool(self.added or self.changed or self.removed or self.closed)
