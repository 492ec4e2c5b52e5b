"""The size of a delivery: its records, and the bytes that each of them takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ringback.model.baseline import Measures
from ringback.model.contract import Contract, Delivers
from ringback.model.limits import Exceeded, Limit, Measure
from ringback.steps.guard.sizes import LEAST_VALUES, interval

FALL, RISE = 0.015, 0.06  # floors on the log scale: records that are lost are worse than records that come
BYTES = 0.02
LEAST = {Measure.ROWS: 0.1, Measure.ROW_BYTES: 0.5}  # share by which a size must differ
LEAST_ROWS = 20
SIZES = (Measure.ROWS, Measure.ROW_BYTES)


def size_limits(baseline: Sequence[Measures], contract: Contract, *, chance: float) -> list[Limit]:
    """The limits of a snapshot's sizes; changes are as many as they are."""
    if contract.delivers is Delivers.CHANGES:
        return []
    rows = _limit(Measure.ROWS, _rows, baseline, floors=(FALL, RISE), chance=chance)
    width = _limit(Measure.ROW_BYTES, _row_bytes, baseline, floors=(BYTES, BYTES), chance=chance)
    return [limit for limit in (rows, width) if limit is not None]


def beyond_size(measures: Measures, limit: Limit) -> Exceeded | None:
    """A size beyond its limit."""
    seen = _rows(measures) if limit.measure is Measure.ROWS else _row_bytes(measures)
    if seen is None or limit.low is None or limit.high is None or limit.low <= seen <= limit.high:
        return None
    off = abs(seen - limit.expected)
    if off < LEAST[limit.measure] * limit.expected or (limit.measure is Measure.ROWS and round(off) <= LEAST_ROWS):
        return None
    passed = limit.low if seen < limit.low else limit.high
    return Exceeded(measure=limit.measure, field=None, expected=limit.expected, seen=seen, limit=passed)


def _limit(
    measure: Measure,
    value: Callable[[Measures], float | None],
    baseline: Sequence[Measures],
    *,
    floors: tuple[float, float],
    chance: float,
) -> Limit | None:
    seen = [math.log(found) for measures in baseline if (found := value(measures))]
    if not seen:
        return None
    fall, rise = (interval(seen, floor=floor, chance=chance) for floor in floors)
    return Limit(
        measure=measure,
        field=None,
        expected=math.exp(fall.expected),
        low=math.exp(fall.low),
        high=math.exp(rise.high),
    )


def _rows(measures: Measures) -> float | None:
    return float(measures.rows)


def _row_bytes(measures: Measures) -> float | None:
    return measures.size_bytes / measures.rows if measures.size_bytes and measures.rows >= LEAST_VALUES else None
