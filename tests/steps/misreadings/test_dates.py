"""Days and moments that mean others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from ringback.model.field import FieldSpec

Explained = Callable[..., list[bool]]
Field = Callable[..., FieldSpec]


@pytest.fixture
def day(field: Field) -> FieldSpec:
    return field("date", format="%d/%m/%Y")


@pytest.fixture
def moment(field: Field) -> FieldSpec:
    return field("datetime", format="%Y-%m-%d %H:%M:%S", zone="Europe/Berlin")


def test_day_and_month_exchanged_is_told(explained: Explained, day: FieldSpec) -> None:
    pairs = [
        (date(1980, 4, 3), date(1980, 3, 4)),
        (date(1975, 12, 1), date(1975, 1, 12)),
        (date(1980, 3, 3), date(1980, 3, 3)),  # nothing changes
        (date(1980, 3, 3), date(1980, 3, 4)),  # a correction
        (date(1980, 4, 3), date(1981, 3, 4)),
        (date(1980, 4, 30), date(1980, 4, 3)),
        (None, date(1980, 3, 4)),
        (date(1980, 4, 3), None),
    ]

    assert explained("date.day_month", day, pairs) == [True, True, False, False, False, False, False, False]


def test_day_and_month_of_a_moment_are_told_by_the_clock_on_the_wall(explained: Explained, moment: FieldSpec) -> None:
    late_in_winter = datetime(2024, 2, 4, 23, 30, tzinfo=UTC)  # the 5th in Berlin, 00:30
    its_exchange = datetime(2024, 5, 1, 22, 30, tzinfo=UTC)  # the 2nd of May, 00:30 there
    other_hour = datetime(2024, 5, 1, 21, 30, tzinfo=UTC)

    told = explained("date.day_month", moment, [(late_in_winter, its_exchange), (late_in_winter, other_hour)])

    assert told == [True, False]


def test_a_year_of_two_digits_taken_for_the_day_is_told(explained: Explained, field: Field) -> None:
    short = field("date", format="%d.%m.%y", pivot=1930)
    pairs = [
        (date(2005, 4, 3), date(2003, 4, 5)),
        (date(2005, 4, 3), date(2004, 3, 5)),
        (date(2005, 4, 3), date(2005, 3, 4)),  # that is day and month
        (date(2005, 4, 3), date(2006, 4, 3)),
    ]

    assert explained("date.order", short, pairs) == [True, True, False, False]


def test_another_century_is_told(explained: Explained, day: FieldSpec) -> None:
    pairs = [
        (date(1945, 5, 8), date(2045, 5, 8)),
        (date(2004, 2, 29), date(1904, 2, 29)),
        (date(1945, 5, 8), date(2045, 5, 9)),
        (date(1945, 5, 8), date(1955, 5, 8)),
    ]

    assert explained("date.century", day, pairs) == [True, True, False, False]


def test_one_day_earlier_for_all_is_told_and_a_day_later_among_them_is_not(
    explained: Explained, day: FieldSpec
) -> None:
    pairs = [
        (date(2024, 3, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), date(2023, 12, 31)),
        (date(2024, 5, 5), date(2024, 5, 6)),
        (date(2024, 5, 5), date(2024, 6, 5)),
    ]

    assert explained("date.day_shift", day, pairs) == [True, True, False, False]


def test_another_zone_is_told_in_winter_and_in_summer(explained: Explained, moment: FieldSpec) -> None:
    pairs = [
        (datetime(2024, 1, 15, 6, tzinfo=UTC), datetime(2024, 1, 15, 7, tzinfo=UTC)),
        (datetime(2024, 2, 15, 6, tzinfo=UTC), datetime(2024, 2, 15, 7, tzinfo=UTC)),
        (datetime(2024, 7, 15, 5, tzinfo=UTC), datetime(2024, 7, 15, 7, tzinfo=UTC)),
        (datetime(2024, 8, 15, 5, tzinfo=UTC), datetime(2024, 8, 15, 7, tzinfo=UTC)),
        (datetime(2024, 7, 15, 5, 0, tzinfo=UTC), datetime(2024, 7, 15, 5, 7, tzinfo=UTC)),  # seven minutes: no zone
        (datetime(2024, 7, 15, tzinfo=UTC), datetime(2024, 9, 15, tzinfo=UTC)),
    ]

    assert explained("datetime.zone", moment, pairs) == [True, True, True, True, False, False]


def test_evening_taken_for_morning_is_told(explained: Explained, field: Field) -> None:
    pairs = [(time(19, 30), time(7, 30)), (time(0, 15), time(12, 15)), (time(19, 30), time(18, 30))]

    assert explained("datetime.half_day", field("time", format="%H:%M"), pairs) == [True, True, False]


def test_seconds_taken_for_milliseconds_are_told(explained: Explained, day: FieldSpec, moment: FieldSpec) -> None:
    days = [
        (date(2024, 8, 10), date(1970, 1, 20)),
        (date(1956, 2, 3), date(1969, 12, 26)),
        (date(2024, 8, 10), date(1970, 1, 22)),
        (date(2024, 8, 10), date(1970, 1, 1)),  # a word for "none", not a unit
    ]
    noon = datetime(2024, 8, 10, 12, 0, tzinfo=UTC)
    early = datetime.fromtimestamp(int(noon.timestamp() / 1000), tz=UTC)

    assert explained("date.epoch_unit", day, days) == [True, True, False, False]
    assert explained("date.epoch_unit", moment, [(noon, early), (early, noon)]) == [True, True]


def test_days_counted_from_1904_are_told(explained: Explained, day: FieldSpec) -> None:
    pairs = [
        (date(2020, 8, 9), date(2024, 8, 10)),  # 1,462 days
        (date(2024, 8, 10), date(2020, 8, 9)),
        (date(2020, 8, 9), date(2024, 8, 9)),
    ]

    assert explained("date.excel_1904", day, pairs) == [True, True, False]


def test_a_count_of_days_in_place_of_a_date_is_told(explained: Explained, field: Field) -> None:
    pairs = [
        ("2024-08-10", "45514"),
        ("10.08.2024", "45514"),
        ("10/08/2024", "45514"),
        ("2024-08-10", "45515"),
        ("Main Street", "45514"),
        ("2024-08-10", "2024-08-11"),
    ]

    assert explained("date.excel_serial", field("string"), pairs) == [True, True, True, False, False, False]
