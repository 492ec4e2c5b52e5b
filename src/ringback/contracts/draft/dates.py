"""Dates, times of day and datetimes: every format of a wide list whose skeleton fits the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

import polars as pl

from ringback.contracts.draft.candidates import Candidate
from ringback.contracts.draft.columns import ColumnTexts
from ringback.contracts.draft.evidence import Setting

_SEPARATORS = ("-", "/", ".", " ", "_")
# Year first means month second (ISO 8601): nobody writes year, day, month.
_ORDERS = ("{y}{s}{m}{s}{d}", "{d}{s}{m}{s}{y}", "{m}{s}{d}{s}{y}")
_NAMED = (
    *("%d {b} %Y", "%-d {b} %Y", "{b} %d, %Y", "{b} %-d, %Y", "%d-{b}-%Y", "%-d-{b}-%Y", "%d/{b}/%Y", "%d. {b} %Y"),
    *("%-d. {b} %Y", "%d {b} %y", "%d-{b}-%y", "%-d-{b}-%y", "%d{b}%Y", "{b} %Y", "%Y-{b}-%d", "%Y {b} %d"),
)
_COMPACT = ("%Y%m%d", "%d%m%Y", "%m%d%Y")
_TIMES = (
    *("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%H:%M:%S,%f", "%-H:%M:%S", "%-H:%M"),
    *("%I:%M %p", "%I:%M:%S %p", "%-I:%M %p", "%-I:%M:%S %p", "%I:%M%p", "%-I:%M%p"),
)
_COMPACT_TIMES = ("%H%M%S", "%H%M")
_OFFSETS = ("%z", " %z")
_JOINTS = (" ", "T", ", ")
_CLOCK = frozenset("HIMSfp")
_CALENDAR = frozenset("Ymdyb B".replace(" ", ""))


def date_candidates(column: ColumnTexts) -> Iterator[Candidate]:
    """Candidates whose skeleton is that of the most frequent kind of text; strict formats before lenient ones."""
    for written in formats_like(column):
        yield candidate_of(written)


def candidate_of(written: str) -> Candidate:
    """A format as a candidate; its letters tell date, time and datetime apart."""
    letters = set(re.findall(r"%-?([A-Za-z])", written))
    clock, calendar = bool(letters & _CLOCK), bool(letters & _CALENDAR)
    kind = "datetime" if clock and calendar else "time" if clock else "date"
    pivot = ("pivot",) if "y" in letters else ()
    zone = ("zone",) if kind == "datetime" and "z" not in letters else ()
    return Candidate(
        type=kind, settings=(Setting(key="format", value=written),), decide=written, open_keys=pivot + zone
    )


def formats_like(column: ColumnTexts) -> tuple[str, ...]:
    """Formats with the skeleton that most of the texts looked at have."""
    skeletons = column.peek().select(
        skeleton=pl.col("text").str.replace_all(r"[0-9]+", "0").str.replace_all(r"[A-Za-z]+", "a")
    )["skeleton"]
    if skeletons.is_empty():
        return ()
    counted = skeletons.value_counts(sort=True).head(3)["skeleton"].to_list()
    return tuple(dict.fromkeys(written for skeleton in counted for written in _by_skeleton().get(skeleton, ())))


@cache
def _by_skeleton() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for written in _all_formats():
        found.setdefault(_skeleton(written), []).append(written)
        if "%z" in written:  # an offset is +01:00, +0100 or Z
            for offset in ("+0", "-0", "-0:0", "a"):
                found.setdefault(_skeleton(written).replace("+0:0", offset), []).append(written)
    return {skeleton: tuple(formats) for skeleton, formats in found.items()}


def _skeleton(written: str) -> str:
    plain = written.replace("%z", "+0:0")
    for letters in ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%H%M%S", "%H%M"):
        plain = plain.replace(letters, "0")
    plain = re.sub(r"%-?[bBp]", "a", plain)
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"%-?[A-Za-z]", "0", plain))


def _all_formats() -> Iterator[str]:
    dates = [*_numeric_dates(), *_named_dates()]
    yield from dates
    yield from _COMPACT
    yield from _TIMES
    for day, joint, clock in product(dates, _JOINTS, _TIMES):
        yield f"{day}{joint}{clock}"
        if "%p" not in clock:
            yield from (f"{day}{joint}{clock}{offset}" for offset in _OFFSETS)
    for day, joint, clock in product(_COMPACT[:1], ("T", " ", "_", "-"), (*_COMPACT_TIMES, *_TIMES[:2])):
        yield f"{day}{joint}{clock}"
        yield f"{day}{joint}{clock}%z"


def _numeric_dates() -> Iterator[str]:
    for (day, month), year, order, mark in product((("%d", "%m"), ("%-d", "%-m")), ("%Y", "%y"), _ORDERS, _SEPARATORS):
        yield order.format(y=year, m=month, d=day, s=mark)


def _named_dates() -> Iterator[str]:
    for written, month in product(_NAMED, ("%b", "%B")):
        yield written.format(b=month)
