"""Local times and UTC, by the tz database of the `tzdata` package: the machine's zone and database never matter.

A local time that a zone skips, or has twice, is no time: both readers leave it unread.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from ringback.model.field import Unreadable

Ints = npt.NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000  # in microseconds, as all numbers here
_DAY = 86_400 * _SECOND
_FIRST, _LAST = (
    (edge - _EPOCH) // timedelta(microseconds=1)
    for edge in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """A zone of the tz database. Raises: ValueError, for a name that is not in it."""
    tzdata = importlib.resources.files("tzdata")
    if name not in tzdata.joinpath("zones").read_text(encoding="ascii").split():
        raise ValueError("this is no zone of the tz database; write one as Europe/Berlin or UTC")
    with tzdata.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def to_utc_one(local: datetime, zone: str) -> datetime:
    """A local time (without a zone) in UTC. Raises: Unreadable."""
    there = local.replace(tzinfo=zone_named(zone))
    if there.utcoffset() != there.replace(fold=1).utcoffset():  # PEP 495: skipped, or there twice
        raise Unreadable
    try:
        return there.astimezone(UTC)
    except OverflowError:  # before year 1 or after 9999
        raise Unreadable from None


def to_utc(local: pl.Series, zone: str) -> pl.Series:
    """Local times (Datetime("us"), nulls stay) in UTC; null where the zone skips them or has them twice."""
    years = local.dt.year().unique().drop_nulls().sort().to_list()
    if not years:
        return local.dt.replace_time_zone("UTC")
    starts, ends, offsets = np.concatenate([_spans(zone, year) for year in years], axis=1)
    at = local.to_physical().fill_null(0).to_numpy()
    span = np.searchsorted(starts, at, side="right") - 1
    ended = np.searchsorted(np.sort(ends), at, side="right")
    utc = at - offsets[span]
    fine = (ended == span) & (utc >= _FIRST) & (utc <= _LAST)  # of all spans begun, 0 to `span`, just one is open
    frame = pl.DataFrame({"utc": utc, "fine": pl.Series(fine) & local.is_not_null()})
    return frame.select(in_utc(pl.when("fine").then("utc")).alias(local.name)).to_series()


def in_utc(micros: pl.Expr) -> pl.Expr:
    """Microseconds since 1970 (Int64) as a moment; null outside of the years 1 to 9999."""
    moment = pl.when(micros.is_between(_FIRST, _LAST)).then(micros)
    return moment.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


@lru_cache(maxsize=4096)
def _spans(zone: str, year: int) -> Ints:
    """The spans of one offset in a local year, as three rows: local start, local end (not in it), offset."""
    opens = _micros(datetime(year, 1, 1, tzinfo=UTC))
    closes = _micros(datetime(year + 1, 1, 1, tzinfo=UTC)) if year < 9999 else _LAST + 1
    there = zone_named(zone)
    spans, start, offset = [], opens, _offset(there, opens - 2 * _DAY)
    for moment, before, after in _transitions(there, opens - 2 * _DAY, closes + 2 * _DAY):
        spans.append((start, min(moment + before, closes), before))
        start, offset = max(moment + after, opens), after
    spans.append((start, closes, offset))
    return np.array([span for span in spans if span[0] < span[1]], dtype=np.int64).T


def _transitions(zone: ZoneInfo, since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """Moments (UTC) at which the offset changes, with the offsets before and after.

    Looks once a day: tests hold that no zone changes twice within one.
    """
    seen, before = since, _offset(zone, since)
    for moment in range(since, until + _DAY, _DAY):
        after = _offset(zone, moment)
        if after != before:
            yield _change(zone, seen, moment), before, after
        seen, before = moment, after


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second with the offset of `after`."""
    new = _offset(zone, after)
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        before, after = (before, middle) if _offset(zone, middle) == new else (middle, after)
    return after


def _offset(zone: ZoneInfo, moment: int) -> int:
    within = min(max(moment, _FIRST + _DAY), _LAST - _DAY)  # its local time must be between the years 1 and 9999 too
    offset = (_EPOCH + timedelta(microseconds=within)).astimezone(zone).utcoffset()
    return (offset or timedelta()) // timedelta(microseconds=1)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
