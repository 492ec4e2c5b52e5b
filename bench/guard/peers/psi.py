"""pointblank: its scan of the delivery compared with the scan of the last accepted one, PSI a column.

PSI >= 0.1 is the usual limit of "some shift"; pointblank gives the score and leaves the limit to its user.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pointblank as pb
import polars as pl

from bench.guard.peers.side import Judge

PACKAGES = ("pointblank",)
SHIFT = 0.1


def learn(accepted: Sequence[Path], key: Sequence[str]) -> Judge:
    """The last accepted delivery is the baseline; keys make no difference."""
    del key
    baseline = _scan(accepted[-1])

    def judge(path: Path) -> set[str]:
        told = pb.DataScan(pl.read_parquet(path)).compare(baseline)
        drifted = {f"{diff.colname} psi" for diff in told.column_diffs if diff.drift_scores.get("psi", 0.0) >= SHIFT}
        schema = {*told.columns_added, *told.columns_removed, *told.columns_type_changed}
        return drifted | {f"{name} schema" for name in schema}

    return judge


@cache
def _scan(path: Path) -> pb.DataScan:
    return pb.DataScan(pl.read_parquet(path))
