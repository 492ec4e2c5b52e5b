"""Profile: records of one chunk in short, whole columns at once.

What is cheap is exact (counts, totals); values are counted apart by their lowest hashes; all else is taken from a
sample of rows that depends on nothing but their lines, so that chunks and the whole draw the same rows.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.model.profile import DRAWN, KEPT_HASHES, SAMPLE_ROWS, FieldProfile, Hashes, Profile, lowest
from ringback.model.rows import LINE

_SPARE = 4  # times as many hashes are looked at as are kept: a column of different values then fits in one look
_SEED = 29


def profile(records: pl.DataFrame, contract: Contract, *, rejects: pl.DataFrame | None = None) -> Profile:
    """The profile of some records, and of the rejects (REJECT_SCHEMA) beside them.

    Shapes:
        records: LINE (each once in a delivery) and the contract's fields, typed.
    """
    names = list(contract.fields)
    counted = records.lazy().select(*_missing(names), *_totals(contract)).collect().row(0, named=True)
    hashes = records.lazy().select(_low_hashes(name, records.height) for name in names).collect()
    unreadable = _unreadable(rejects)
    return Profile(
        row_count=records.height,
        fields={
            name: FieldProfile(
                missing_count=counted[f"missing.{name}"],
                unreadable_count=unreadable.get(name, 0),
                hashes=_kept(hashes[name][0], records[name]),
                total=_decimal(counted.get(f"total.{name}"), contract.fields[name]),
            )
            for name in names
        },
        sample=_sample(records, names),
    )


def is_number(spec: FieldSpec) -> bool:
    """Whether a field's values can be summed up."""
    return isinstance(spec.dtype, pl.Decimal | pl.Int64)


def _missing(names: list[str]) -> list[pl.Expr]:
    return [pl.col(name).null_count().alias(f"missing.{name}") for name in names]


def _totals(contract: Contract) -> list[pl.Expr]:
    """Exact: whole numbers as 128 bits, decimals at their own scale."""
    return [
        (pl.col(name).cast(pl.Int128) if isinstance(spec.dtype, pl.Int64) else pl.col(name))
        .sum()
        .alias(f"total.{name}")
        for name, spec in contract.fields.items()
        if is_number(spec)
    ]


def _decimal(total: object, spec: FieldSpec) -> Decimal | None:
    return Decimal(str(total)) if is_number(spec) and total is not None else None


def _low_hashes(name: str, row_count: int) -> pl.Expr:
    """Hashes below the place where, of all different values, more than enough would lie; as one list."""
    hashed = pl.col(name).hash(seed=_SEED)
    below = min(2**64 - 1, 2**64 * _SPARE * KEPT_HASHES // max(row_count, 1))
    return hashed.filter(pl.col(name).is_not_null() & (hashed <= below)).unique().implode()


def _kept(low: pl.Series, values: pl.Series) -> Hashes:
    """The lowest hashes; a column of few different values is looked at whole."""
    found = low
    if len(found) < KEPT_HASHES and len(values) > _SPARE * KEPT_HASHES:
        found = values.drop_nulls().hash(seed=_SEED).unique()
    return np.sort(found.to_numpy())[:KEPT_HASHES]


def _unreadable(rejects: pl.DataFrame | None) -> dict[str, int]:
    """Rejected values by field; a constraint that is broken is counted as well."""
    if rejects is None or rejects.is_empty():
        return {}
    counts = rejects.drop_nulls("field").group_by("field").agg(pl.col("line").n_unique())
    return dict(counts.iter_rows())


def _sample(records: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    lots = records[LINE].hash(seed=_SEED).alias(DRAWN)
    below = min(2**64 - 1, 2**64 * _SPARE * SAMPLE_ROWS // max(records.height, 1))
    near = lots <= below
    return lowest(records.select(names).filter(near).with_columns(lots.filter(near)).select(DRAWN, *names))
