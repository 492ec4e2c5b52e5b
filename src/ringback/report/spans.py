"""Moments and lengths of time as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def clock(moment: datetime) -> str:
    """2026-08-10 09:00:12, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def length(took: timedelta) -> str:
    """9 h 30 min, 2 days 4 h, 12 s; at most two units, the rest is cut off."""
    left = int(took.total_seconds())
    parts = []
    for unit, seconds in _UNITS:
        number, left = divmod(left, seconds)
        if number:
            parts.append(f"{number:,} {unit}{'s' if unit == 'day' and number > 1 else ''}")
        elif parts:
            break
    return " ".join(parts[:2]) or "under 1 s"
