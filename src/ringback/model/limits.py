"""Limits that follow from a baseline, and what exceeds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ringback.model.baseline import Measures


class Measure(StrEnum):
    """What is compared. Those in CHURN are shares of the held records that a delivery has too."""

    REPLACED = "replaced"  # would get another value
    FAR = "far"  # would get a number or date that is far off
    WILD = "wild"  # would get a number twenty times as large or small, or of the other sign
    LOWER = "lower"  # would get a lower number, an earlier day
    REPUNCTUATED = "repunctuated"  # would get the same text with other punctuation or spaces
    RECASED = "recased"  # would get the same text with other capitals
    RESPELLED = "respelled"  # would get text that means the same: http and https
    BLANKED = "blanked"  # would lose their value
    FILLED_ALIKE = "filled_alike"  # had no value and would all get the same one
    EXPLAINED = "explained"  # would come to mean something else, as a misreading explains
    MISSING = "missing"  # share of records without a value
    UNREADABLE = "unreadable"  # share of records that could not be read
    DISTINCT = "distinct"  # different values as a share of all
    SHAPES = "shapes"  # share of the values whose shape is another than before
    LENGTH = "length"  # mean length of text
    MIDDLE = "middle"  # median of numbers
    TOP = "top"  # number below which 95 of 100 are
    MEAN = "mean"  # of numbers, over the width of the middle nine tenths of them
    MIDDLE_DAY = "middle_day"  # median of dates, in days since 1970
    TOP_DAY = "top_day"  # day before which 95 of 100 are
    CODES = "codes"  # share of the values that are other codes than before
    ROWS = "rows"
    ADDED = "added"  # share of the delivered records that are new
    GONE = "gone"  # share of the held records that are no longer delivered
    DUPLICATES = "duplicates"  # share of the rows that share their key
    ROW_BYTES = "row_bytes"  # size of the file over its records


CHURN = (
    Measure.REPLACED,
    Measure.FAR,
    Measure.WILD,
    Measure.LOWER,
    Measure.REPUNCTUATED,
    Measure.RECASED,
    Measure.RESPELLED,
    Measure.BLANKED,
    Measure.FILLED_ALIKE,
    Measure.EXPLAINED,
)
RATES = (*CHURN, Measure.ADDED, Measure.GONE, Measure.DUPLICATES)  # counted: so many of so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Where a measure may be. None: there is no limit on that side."""

    measure: Measure
    field: str | None  # None: of the whole delivery
    expected: float  # the median of what is believed of the next delivery
    low: float | None
    high: float | None
    busy_day: str | None = None  # "sunday", "month_end": a day that has its own limit, as others change far less
    busy_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """All limits of a feed. `chance` is each one's share of the feed's false alarms."""

    limits: tuple[Limit, ...]
    deliveries: int  # that they were learned from
    chance: float
    recent: tuple[Measures, ...] = ()  # the newest of them, the oldest first: what shapes and codes are compared with
    usual_pause: int | None = None  # days between deliveries, at most; null where it is not known

    def of(self, field: str | None, measure: Measure) -> Limit | None:
        """One limit."""
        return next((each for each in self.limits if (each.field, each.measure) == (field, measure)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceeded:
    """A measure beyond its limit. `part` of `whole` are counted measures in records: 31,204 of 100,000."""

    measure: Measure
    field: str | None
    expected: float
    seen: float
    limit: float  # the one that it is beyond; of counted measures with what luck allows at this size
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a feed."""

    feed: str
    false_alarms: str  # "1 in 200"
    limits: Limits
    types: Mapping[str, str]  # field -> its type
    field: str | None = None  # the one that was asked for
