"""Deequ's way of watching columns (its `BatchNormalStrategy`) without Spark: three sigma of what was accepted.

Watched: the size of the table; of each column completeness and distinctness; of numbers mean and standard deviation
too. These are Deequ's names and definitions; the code is not Deequ's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isfinite
from pathlib import Path
from statistics import fmean, stdev

import polars as pl
import polars.selectors as cs

from bench.guard.peers.side import Judge

PACKAGES = ("polars",)
SIGMAS = 3  # its lowerDeviationFactor and upperDeviationFactor by default


def learn(accepted: Sequence[Path], key: Sequence[str]) -> Judge:
    """Each metric's mean and standard deviation; keys make no difference."""
    del key
    known = [_metrics(path) for path in accepted]
    limits = {name: _limits([metrics[name] for metrics in known if name in metrics]) for name in known[-1]}

    def judge(path: Path) -> set[str]:
        seen = _metrics(path)
        return {name for name, (low, high) in limits.items() if not low <= seen.get(name, low) <= high}

    return judge


def _limits(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return float("-inf"), float("inf")
    mean, reach = fmean(values), SIGMAS * stdev(values)
    return mean - reach, mean + reach


@cache
def _metrics(path: Path) -> dict[str, float]:
    frame = pl.read_parquet(path)
    found = frame.select(
        pl.len().cast(pl.Float64).alias("size"),
        cs.all().is_not_null().mean().name.suffix(" completeness"),
        (cs.all().drop_nulls().n_unique() / cs.all().count()).name.suffix(" distinctness"),
        cs.numeric().mean().name.suffix(" mean"),
        cs.numeric().std(ddof=0).name.suffix(" standard deviation"),
    )
    return {
        name: float(value) for name, value in found.row(0, named=True).items() if value is not None and isfinite(value)
    }
