"""A profile: a delivery's records in short. Profiles of chunks add up to the profile of the whole, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import polars as pl

KEPT_HASHES = 1024  # of a field's values: the count of distinct ones is then right to about 3 %
SAMPLE_ROWS = 4096  # of all records: a share is then right to about 1 %
DRAWN = "ringback.drawn"  # a row's lot: the rows with the lowest ones are the sample

Hashes = npt.NDArray[np.uint64]


def no_hashes() -> Hashes:
    """None."""
    return np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProfile:
    """One field of some records.

    hashes      the lowest distinct hashes of its values, ascending, at most KEPT_HASHES.
    total       the sum of a number's values; null where the field is no number.
    """

    missing_count: int = 0
    unreadable_count: int = 0
    hashes: Hashes = field(default_factory=no_hashes)
    total: Decimal | None = None

    def __add__(self, other: FieldProfile) -> FieldProfile:
        totals = [total for total in (self.total, other.total) if total is not None]
        return FieldProfile(
            missing_count=self.missing_count + other.missing_count,
            unreadable_count=self.unreadable_count + other.unreadable_count,
            hashes=np.union1d(self.hashes, other.hashes)[:KEPT_HASHES],
            total=sum(totals, Decimal(0)) if totals else None,
        )

    @property
    def distinct_count(self) -> float:
        """How many different values: exact below KEPT_HASHES, else estimated.

        Source: Bar-Yossef et al. 2002, "Counting distinct elements in a data stream": (k - 1) / k-th lowest hash.
        """
        if len(self.hashes) < KEPT_HASHES:
            return float(len(self.hashes))
        return (KEPT_HASHES - 1) / (float(self.hashes[-1]) / 2.0**64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Some records of one delivery. `sample` holds records: it never leaves the run; measures of it do.

    sample   DRAWN and the contract's fields, typed; sorted by DRAWN; at most SAMPLE_ROWS.
    """

    row_count: int
    fields: Mapping[str, FieldProfile]
    sample: pl.DataFrame

    def __add__(self, other: Profile) -> Profile:
        none = FieldProfile()
        names = dict.fromkeys([*self.fields, *other.fields])
        return Profile(
            row_count=self.row_count + other.row_count,
            fields={name: self.fields.get(name, none) + other.fields.get(name, none) for name in names},
            sample=lowest(pl.concat([self.sample, other.sample])),
        )


def lowest(drawn: pl.DataFrame) -> pl.DataFrame:
    """The rows with the lowest lots."""
    return drawn.sort(DRAWN).head(SAMPLE_ROWS)
