"""Reading clean text with nothing told, beside Polars' own reader told the delimiter: in turn, in one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import polars as pl

import ringback
from bench.tools import deliveries

ROUNDS = 9
ROWS = 1_000_000


def speed_table() -> str:
    """The medians of both, and of their ratio within a round."""
    path = Path(deliveries(ROWS).delivered(0))
    ours, theirs = [], []
    for number in range(ROUNDS):
        pair = [(ours, lambda: _ringback(path)), (theirs, lambda: _polars(path))]
        for taken, read in pair if number % 2 else reversed(pair):
            taken.append(_seconds(read))
    ratio = median(their / our for our, their in zip(ours, theirs, strict=True))
    size = path.stat().st_size / 1e6
    return (
        f"{ROWS:,} rows, {size:.0f} MB, {ROUNDS} rounds: Polars {median(theirs):.2f} s, "
        f"ringback {median(ours):.2f} s, {ratio:.2f} x as fast (goal 0.7)"
    )


def _ringback(path: Path) -> int:
    return sum(frame.height for frame in ringback.read(path).frames())


def _polars(path: Path) -> int:
    first = path.open(encoding="utf-8").readline()
    delimiter = max(",;|\t", key=first.count)
    return pl.read_csv(path, separator=delimiter, infer_schema=False).height


def _seconds(read: Callable[[], int]) -> float:
    start = perf_counter()
    if read() != ROWS:
        raise RuntimeError("rows are missing")
    return perf_counter() - start
