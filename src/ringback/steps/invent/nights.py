"""What a night changes about clients."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from ringback.steps.invent.clients import MONEY, SCHEMA, invent

NEXT_STATUS = {"active": "suspended", "suspended": "active", "closed": "active"}


def next_night(
    clients: pl.DataFrame, *, seed: int, changed_share: float = 0.005, joined: int = 20, left: int = 10
) -> pl.DataFrame:
    """The clients one night later, in the same order; those who joined at the end.

    Exactly `changed_share` of the clients change: every balance of theirs, with it for 20 of 100 the phone, for 15
    address and postcode, for 5 the status. Names, dates and numbers stay. `left` others are gone.
    """
    rng = np.random.default_rng([seed, 1])
    changed = round(changed_share * len(clients))
    touched = rng.permutation(max(len(clients) - 1, 0))  # the last one stays: its number says where the next begin
    moved, gone = np.sort(touched[:changed]), touched[changed : changed + left]
    place = np.arange(len(clients))
    place[moved] = len(clients) + np.arange(len(moved))
    tonight = pl.concat([clients, _moved(clients[moved], seed=seed)])[np.delete(place, gone)]
    return pl.concat([tonight, _joined(clients, joined, seed=seed)])


def _moved(before: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng([seed, 2])
    donor = invent(len(before), seed=seed).select(pl.all().name.suffix(".new"))
    kind = pl.Series("kind", rng.integers(0, 100, size=len(before)))
    cents = rng.integers(1, 50_000, size=len(before)) * rng.choice(np.array([-1, 1]), size=len(before))
    movement = pl.Series("movement", cents).cast(MONEY) / 100
    return (
        pl.concat([before, donor], how="horizontal")
        .with_columns(kind, movement)
        .with_columns(
            (pl.col("balance") + pl.col("movement")).cast(MONEY),
            _replaced("phone", pl.col("kind") < 20),
            _replaced("address", pl.col("kind").is_between(20, 34)),
            _replaced("postcode", pl.col("kind").is_between(20, 34)),
            pl.when(pl.col("kind") >= 95)
            .then(pl.col("status").replace_strict(NEXT_STATUS, return_dtype=pl.String))
            .otherwise("status")
            .alias("status"),
        )
        .select(SCHEMA.names())
    )


def _replaced(field: str, where: pl.Expr) -> pl.Expr:
    return pl.when(where).then(f"{field}.new").otherwise(field).alias(field)


def _joined(clients: pl.DataFrame, count: int, *, seed: int) -> pl.DataFrame:
    """New clients; they joined on the day after the newest client did."""
    last_no, last_day = clients.select(
        pl.col("client_no").cast(pl.Int64).max().alias("no"), pl.col("client_since").max().alias("day")
    ).row(0)
    new = invent(count, seed=seed + 1, after=last_no)
    return new.with_columns(pl.lit(last_day + timedelta(days=1)).alias("client_since"))
