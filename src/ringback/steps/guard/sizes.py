"""How far a size or share may lie from what is usual: a robust predictive interval.

What comes next is expected near the newest accepted value, or near the median where values go to and fro. How far off
it may be follows from the steps that earlier ones made, of which the widest do not count, and never from less than
`floor`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

RECENT = 30  # deliveries that tell how a size moves: what was before them ages
BELIEF = 4  # deliveries' worth of belief in the floor
LEAST_VALUES = 50  # that a delivery must have for what it is like as a whole to tell anything
TO_SIGMA = 1.4826  # a median of absolute deviations -> a standard deviation, were they normal


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the next value is expected, on the scale it was given in."""

    expected: float
    low: float
    high: float


def interval(values: Sequence[float], *, floor: float, chance: float) -> Interval:
    """Where the next value will be, but for this chance on either side. At least one value.

    floor: the standard deviation of a step below which no history makes us believe.
    """
    recent = np.asarray(values[-RECENT:], dtype=np.float64)
    steps, middle = np.abs(np.diff(recent)), float(np.median(recent))
    about_median, about_newest = np.abs(recent - middle), steps
    goes_to_and_fro = len(steps) > BELIEF and np.median(about_median) < np.median(about_newest)
    centre, off = (middle, about_median) if goes_to_and_fro else (float(recent[-1]), about_newest)
    seen = TO_SIGMA * float(np.median(off)) if len(off) else 0.0
    wide = TO_SIGMA * float(np.quantile(off, 0.9)) / 2.0 if len(off) else 0.0  # 0.9: where one in ten goes further
    sigma = math.hypot(floor, max(seen, wide))
    reach = sigma * _student(chance, BELIEF + len(off))
    return Interval(expected=centre, low=centre - reach, high=centre + reach)


@cache
def _student(chance: float, freedom: int) -> float:
    """The value that Student's t exceeds with this chance."""
    at = np.sinh(np.linspace(0.0, 8.0, 4001))  # 0 to 1490, dense near 0
    height = (1 + at**2 / freedom) ** (-(freedom + 1) / 2)
    area = np.concatenate([[0.0], np.cumsum(np.diff(at) * (height[1:] + height[:-1]) / 2)])
    beyond = (1 - area / area[-1]) / 2
    return float(at[int(np.searchsorted(-beyond, -chance))])
