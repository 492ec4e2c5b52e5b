"""What is wrong in a table of invented clients, measured value by value against the truth."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ringback.model.demo import Damage, PlainLoad, Wrong

KEY = "client_no"
_DATES = {"born_on": "Date of Birth", "client_since": "Client Since"}
_AMOUNTS = {"balance": "Balance", "credit_limit": "Credit Limit"}


def measure_plain_load(path: Path, truth: pl.DataFrame) -> PlainLoad:
    """Read a delivery as plain loaders do with the changed configuration, and compare it with the truth."""
    loaded = plain_load(path)
    readable = loaded.drop_nulls()
    return PlainLoad(
        rows=loaded.height,
        damage=damage_of(loaded, truth),
        dropped=loaded.height - readable.height,
        kept_wrong=damage_of(readable, truth).clients,
    )


def plain_load(path: Path) -> pl.DataFrame:
    """The fields that the update touched: month first in dates, and a comma groups the digits of amounts.

    As loaders do, it takes what can be read, leaves the other values empty, and reports nothing.
    """
    dates = [pl.col(column).str.to_date("%m/%d/%Y", strict=False).alias(name) for name, column in _DATES.items()]
    amounts = [
        pl.col(column).str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False).round(2).alias(name)
        for name, column in _AMOUNTS.items()
    ]
    rows = pl.read_csv(path, separator=";", infer_schema=False)
    return rows.select(pl.col("Client No").alias(KEY), *dates, *amounts)


def damage_of(held: pl.DataFrame, truth: pl.DataFrame, *, yesterday: pl.DataFrame | None = None) -> Damage:
    """Compare every field that `held` has.

    Shapes:
        held, truth, yesterday: one row per client, KEY unique; `yesterday` tells values out of date from false ones.
    """
    names = [name for name in truth.columns if name in held.columns and name != KEY]
    both = truth.select(KEY, *names).join(held.select(KEY, *names), on=KEY, suffix=".held")
    before = truth.head(0) if yesterday is None else yesterday
    both = both.join(before.select(KEY, *names), on=KEY, how="left", suffix=".before")
    wrong = {name: _differs(both, name, name + ".held") for name in names}
    return Damage(
        of=truth.height,
        clients=int(pl.DataFrame(wrong).select(pl.any_horizontal(pl.all())).to_series().sum()),
        absent=truth.height - both.height,
        strangers=held.height - both.height,
        by_field={name: _wrong(both, name, mask) for name, mask in wrong.items()},
    )


def _wrong(both: pl.DataFrame, name: str, wrong: pl.Series) -> Wrong:
    held = both[name + ".held"]
    empty = wrong & held.is_null()
    stale = wrong & ~empty & ~_differs(both, name + ".before", name + ".held")
    return Wrong(false=int((wrong & ~empty & ~stale).sum()), stale=int(stale.sum()), empty=int(empty.sum()))


def _differs(both: pl.DataFrame, name: str, held: str) -> pl.Series:
    return both[name].cast(both[held].dtype).ne_missing(both[held])
