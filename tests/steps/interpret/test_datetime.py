"""datetime: a moment, whatever zone the machine is in."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ringback.steps.interpret.datetime import DatetimeField

ISO = "%Y-%m-%dT%H:%M:%S.%f%z"
SPECS = {
    zone: DatetimeField(column="n", format="%Y-%m-%d %H:%M:%S", zone=zone)
    for zone in (
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Casablanca",
        "UTC",
        "Australia/Lord_Howe",
    )
}
SPECS["offset"] = DatetimeField(column="n", format=ISO)
SPECS["american"] = DatetimeField(column="n", format="%-m/%-d/%y %-I:%M %p", zone="America/Chicago", pivot=1970)
MOMENTS = [
    datetime.fromisoformat(text)
    for text in (
        *("2024-03-31T02:30", "2024-10-27T02:30", "2024-10-27T03:00", "2024-03-10T02:59:59", "2024-07-01T12:00"),
        *("0001-01-01T00:00", "9999-12-31T23:59:59", "1893-04-01T00:03", "1940-07-04T12:00:01", "2500-07-01T01:30"),
        *("2011-12-30T12:00", "2011-12-31T00:00", "2021-05-05T09:11:12.710998", "1970-01-01T00:00"),
    )
]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_both_readers_read_every_text_alike(spec: DatetimeField, readers_agree) -> None:
    form = spec.format.replace("%Y", "{year}").replace("%z", "{offset}")
    samples = [
        moment.strftime(form).format(year=f"{moment.year:04}", offset=offset)
        for moment in MOMENTS
        for offset in ("Z", "-03:00", "+0545", "+23:59")
    ]

    readers_agree(spec, samples)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2021-05-05T09:11:12.7109988-03:00", datetime(2021, 5, 5, 12, 11, 12, 710_998, tzinfo=UTC)),
        ("2023-07-22T23:17:11.6286584+00:00", datetime(2023, 7, 22, 23, 17, 11, 628_658, tzinfo=UTC)),
        ("2024-08-10T07:00:00.0Z", datetime(2024, 8, 10, 7, tzinfo=UTC)),
        ("2024-08-10T07:00:00.0+0530", datetime(2024, 8, 10, 1, 30, tzinfo=UTC)),
        ("2024-08-10T07:00:00.0", None),
        ("2024-08-10T07:00:00.0z", None),
        ("2024-08-10T07:00:00.0+24:00", None),
        ("0001-01-01T00:00:00.0+00:01", None),
        ("9999-12-31T23:59:59.9-00:01", None),
    ],
)
def test_a_text_with_its_offset_is_one_moment(text: str, value: datetime | None, read) -> None:
    assert read(SPECS["offset"], text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-08-10 09:00:00", datetime(2024, 8, 10, 7, tzinfo=UTC)),
        ("2024-01-10 09:00:00", datetime(2024, 1, 10, 8, tzinfo=UTC)),
        ("2024-03-31 01:59:59", datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC)),
        ("2024-03-31 02:00:00", None),
        ("2024-03-31 02:59:59", None),
        ("2024-03-31 03:00:00", datetime(2024, 3, 31, 1, tzinfo=UTC)),
        ("2024-10-27 01:59:59", datetime(2024, 10, 26, 23, 59, 59, tzinfo=UTC)),
        ("2024-10-27 02:00:00", None),
        ("2024-10-27 03:00:00", datetime(2024, 10, 27, 2, tzinfo=UTC)),
        ("2400-07-01 12:00:00", datetime(2400, 7, 1, 10, tzinfo=UTC)),
        ("0001-01-01 00:00:00", None),
        ("2024-02-30 00:00:00", None),
    ],
)
def test_a_local_time_is_read_in_the_contracts_zone_unless_the_clocks_made_it_unclear(
    text: str, value: datetime | None, read
) -> None:
    assert read(SPECS["Europe/Berlin"], text) == value


def test_a_day_that_a_zone_left_out_is_not_readable(read) -> None:
    assert read(SPECS["Pacific/Apia"], "2011-12-30 12:00:00") is None
    assert read(SPECS["Pacific/Apia"], "2011-12-31 00:00:00") == datetime(2011, 12, 30, 10, tzinfo=UTC)


@pytest.fixture
def machine_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("PYTHONTZPATH", "/nowhere")
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.usefixtures("machine_in_tokyo")
def test_the_machines_zone_does_not_matter(read) -> None:
    assert read(SPECS["Europe/Berlin"], "2024-08-10 09:00:00") == datetime(2024, 8, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "zone", "fault"),
    [
        ("%Y-%m-%d %H:%M", None, "whose time is it"),
        ("%Y-%m-%d %H:%M%z", "UTC", "leave `zone` out"),
        ("%Y-%m-%d", "UTC", "needs its hour"),
        ("%Y-%m-%d %H", "Europe/Berlyn", "no zone"),
        ("%Y-%m-%d %H", "../zones", "no zone"),
        ("%y-%m-%d %H", "UTC", "pivot"),
    ],
)
def test_a_contract_that_leaves_the_moment_open_is_a_fault(form: str, zone: str | None, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        DatetimeField(column="n", format=form, zone=zone)


def test_every_hour_around_every_change_of_the_clocks_is_read_alike(readers_agree) -> None:
    start = datetime.fromisoformat("2024-10-26")
    samples = [str(start + timedelta(minutes=15 * quarter)) for quarter in range(200)]

    readers_agree(SPECS["Europe/Berlin"], samples)
