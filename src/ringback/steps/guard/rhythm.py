"""Days: what a delivery's date tells of how much it may change.

Some feeds rewrite a field each Sunday, or at the end of a month. Where all deliveries of such a day changed clearly
more than all others, both are judged by their own kind. And a delivery that comes after a long pause stands for all
that did not come.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from ringback.model.baseline import Measures
from ringback.model.limits import Limits

Dated = tuple[date | None, tuple[int, int]]  # (part, whole) of a delivery of that day

ENOUGH = 4  # deliveries of a day that make it a habit
CLEARLY = 2.0  # times as much as the most on any other day
LEAST = 0.005  # share below which nobody needs a calendar
KNOWN_PAUSES = 7  # before, nobody knows what is long
USUAL_PAUSES = 0.9  # of the pauses: longer ones are unusual
LONGEST = 10.0  # usual pauses that one may be taken for

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache(maxsize=1024)
def days_of(issued: date | None) -> tuple[str, ...]:
    """What a date is one of: its weekday, and the last or first day of a month."""
    if issued is None:
        return ()
    ends = ("month_end",) if (issued + timedelta(days=1)).day == 1 else ()
    starts = ("month_start",) if issued.day == 1 else ()
    return (_WEEKDAYS[issued.weekday()], *ends, *starts)


def busy_day(seen: Sequence[Dated]) -> str | None:
    """The day that all changed clearly more than all other ones; null where there is none."""
    if max(_rates([counted for _, counted in seen]), default=0.0) <= LEAST:
        return None
    names = dict.fromkeys(name for issued, _ in seen for name in days_of(issued))
    return next((name for name in names if _is_busy(*apart(seen, name))), None)


def apart(seen: Sequence[Dated], day: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Those of the day, and the others."""
    on = [counted for issued, counted in seen if day in days_of(issued)]
    return on, [counted for issued, counted in seen if day not in days_of(issued)]


def _is_busy(on: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    rates, usual = _rates(on), _rates(others)
    return min(len(rates), len(usual)) >= ENOUGH and min(rates) > max(CLEARLY * max(usual), LEAST)


def _rates(counts: list[tuple[int, int]]) -> list[float]:
    return [part / whole for part, whole in counts if whole]


def usual_pause(baseline: Sequence[Measures]) -> int | None:
    """The days that nine in ten deliveries come after, at most; null where too little is known."""
    known = sorted(measures.issued for measures in baseline if measures.issued is not None)
    if len(known) <= KNOWN_PAUSES:
        return None
    pauses = sorted((later - earlier).days for earlier, later in pairwise(known))
    return max(1, pauses[int(USUAL_PAUSES * (len(pauses) - 1))])


def pauses(measures: Measures, limits: Limits) -> float:
    """How many usual pauses lie between the newest accepted delivery and this one; 1 where it is not known."""
    newest = limits.recent[-1].issued if limits.recent else None
    if measures.issued is None or newest is None or limits.usual_pause is None:
        return 1.0
    return min(max(1.0, (measures.issued - newest).days / limits.usual_pause), LONGEST)
