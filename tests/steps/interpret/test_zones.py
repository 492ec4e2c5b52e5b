"""Local times and UTC."""

from __future__ import annotations

import importlib.resources
import random
import struct
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from ringback.model.field import Unreadable
from ringback.steps.interpret.zones import to_utc, to_utc_one

TZDATA = importlib.resources.files("tzdata")
ZONES = sorted(TZDATA.joinpath("zones").read_text(encoding="ascii").split())
EDGES = [datetime.fromisoformat("0001-01-01T00:00"), datetime.fromisoformat("9999-12-31T23:59:59.999999")]
SOME = [*ZONES[::40], "Europe/London", "Europe/Dublin", "Africa/El_Aaiun", "Pacific/Kiritimati", "America/Nuuk", "UTC"]


def _one(local: datetime, zone: str) -> datetime | None:
    try:
        return to_utc_one(local, zone)
    except Unreadable:
        return None


def _changes(zone: str) -> list[tuple[int, int, int]]:
    """Every written change of a zone's offset: second of UTC, offset before, after (from the zone's own file)."""
    raw = TZDATA.joinpath("zoneinfo", *zone.split("/")).read_bytes()
    isut, isstd, leap, times, types, letters = struct.unpack(">6l", raw[20:44])
    start = 44 + times * 5 + types * 6 + letters + leap * 8 + isstd + isut  # the second part has 64 bits
    _, _, _, times, types, _ = struct.unpack(">6l", raw[start + 20 : start + 44])
    at = struct.unpack_from(f">{times}q", raw, start + 44)
    kinds = raw[start + 44 + times * 8 : start + 44 + times * 9]
    offsets = [struct.unpack_from(">lbb", raw, start + 44 + times * 9 + 6 * kind)[0] for kind in range(types)]
    steps = zip(at, [0, *kinds], kinds, strict=False)
    return [(when, offsets[old], offsets[new]) for when, old, new in steps if offsets[old] != offsets[new]]


def _local_times(zone: str, count: int) -> list[datetime]:
    dice, epoch = random.Random(zone), datetime.fromisoformat("1970-01-01")
    around = [
        epoch + timedelta(seconds=when + offset + near)
        for when, old, new in _changes(zone)
        for offset in (old, new)
        for near in (-3601, -1, 0, 1, 1800, 3599)
    ]
    anywhere = [epoch + timedelta(seconds=dice.randrange(-62_135_596_800, 253_402_300_800)) for _ in range(count)]
    lately = [epoch + timedelta(minutes=dice.randrange(-30_000_000, 60_000_000)) for _ in range(count * 10)]
    return [*around, *anywhere, *lately, *EDGES]


@pytest.mark.parametrize("zone", [*SOME, *(pytest.param(zone, marks=pytest.mark.slow) for zone in ZONES)])
def test_a_column_of_local_times_is_read_like_each_of_them(zone: str) -> None:
    local = _local_times(zone, 20)

    found = to_utc(pl.Series(local, dtype=pl.Datetime("us")), zone).to_list()

    expected = [_one(time, zone) for time in local]
    assert [(time, *pair) for time, *pair in zip(local, found, expected, strict=True) if pair[0] != pair[1]] == []


def test_no_zone_changes_its_clocks_twice_within_a_day() -> None:
    close = [
        (zone, first[0])
        for zone in ZONES
        for first, second in zip(_changes(zone), _changes(zone)[1:], strict=False)
        if second[0] - first[0] <= 86_400
    ]

    assert close == []


def test_nothing_is_nothing() -> None:
    nothing = pl.Series([None], dtype=pl.Datetime("us"))

    assert to_utc(nothing, "Europe/Berlin").to_list() == [None]
    assert to_utc(nothing, "Europe/Berlin").dtype == pl.Datetime("us", "UTC")


def test_a_gap_beside_a_good_time_stays_a_gap() -> None:
    local = pl.Series(["2024-03-31 02:30", None, "2024-03-31 03:30"]).str.to_datetime("%Y-%m-%d %H:%M", time_unit="us")

    found = to_utc(local, "Europe/Berlin").to_list()

    assert found == [None, None, datetime(2024, 3, 31, 1, 30, tzinfo=UTC)]
