"""Judge a training: what is left wrong in the copy, value by value, and how many points that is."""

from __future__ import annotations

import polars as pl

from ringback.model.contract import Contract
from ringback.model.training import HINTS, POSSIBLE, Left, Points

SOON, LATE = 600.0, 3600.0  # seconds to the taking back: all points for time until the one, none after the other


def left(held: pl.DataFrame, *, before: pl.DataFrame, true: pl.DataFrame, contract: Contract) -> Left:
    """Compare every field of every client with what it may be: what the delivery truly says, or what was before it.

    Shapes:
        held, before, true: one row a client, the contract's fields, typed; the key unique: the live table as it is, as
        it was before the night, and as it had been after a night without an accident.
    """
    key, names = list(contract.key), [name for name in contract.fields if name not in contract.key]
    may_be = pl.concat([before.select(key), true.select(key)]).unique()
    wanted = true.select(key).join(held.select(key), on=key, how="anti").join(before.select(key), on=key, how="semi")
    there = held.select(*key, *names).join(may_be, on=key)
    beside = there.join(_known(before, key, names, "before"), on=key, how="left")
    beside = beside.join(_known(true, key, names, "true"), on=key, how="left")
    as_true = {name: _is(name, "true") for name in names}
    is_false = {name: ~as_true[name] & ~_is(name, "before") for name in names}
    is_new = pl.col("there.before").is_null()
    false = [is_false[name].sum().alias(name) for name in names]
    new = [(is_false[name] & is_new).sum().alias(name) for name in names]
    stale = [(~as_true[name] & _is(name, "before")).sum().alias(name) for name in names]
    return Left(
        false=_total(beside.select(false)),
        new=_total(beside.select(new)),
        stale=_total(beside.select(stale)),
        absent=wanted.height,
        strangers=held.height - there.height,
    )


def points(
    *, is_field: bool, is_misreading: bool, is_exact: bool, taken_back_seconds: float | None, hints: int
) -> Points:
    """Of 100. Time counts only where all is taken back."""
    time = 0.0
    if is_exact and taken_back_seconds is not None:
        time = POSSIBLE.time * min(1.0, max(0.0, (LATE - taken_back_seconds) / (LATE - SOON)))
    return Points(
        field=POSSIBLE.field if is_field else 0,
        misreading=POSSIBLE.misreading if is_field and is_misreading else 0,
        exact=POSSIBLE.exact if is_exact else 0,
        time=round(time),
        hints=-sum(HINTS[:hints]),
    )


def _known(frame: pl.DataFrame, key: list[str], names: list[str], suffix: str) -> pl.DataFrame:
    there = pl.lit(value=True).alias(f"there.{suffix}")
    return frame.select(*key, *(pl.col(name).alias(f"{name}.{suffix}") for name in names), there)


def _is(name: str, suffix: str) -> pl.Expr:
    same = pl.col(name).eq_missing(pl.col(f"{name}.{suffix}"))
    return pl.col(f"there.{suffix}").fill_null(value=False) & same


def _total(counts: pl.DataFrame) -> int:
    return int(sum(counts.row(0)))
