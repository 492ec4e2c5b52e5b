"""time: a time of day."""

from __future__ import annotations

from datetime import time

import pytest

from ringback.steps.interpret.time import TimeField

SPECS = {
    form: TimeField(column="n", format=form)
    for form in ("%H:%M:%S", "%H%M", "%-I:%M %p", "%H:%M:%S.%f", "%-H h", "%I%p", "%f %H")
}
TIMES = [time(0), time(23, 59, 59, 999_999), time(12, 30), time(7, 5, 9, 120_000), time(11, 59, 59), time(13)]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_both_readers_read_every_text_alike(spec: TimeField, readers_agree) -> None:
    samples = [one.strftime(spec.format) for one in TIMES]

    readers_agree(spec, [*samples, *samples, "24:00:00", "23:59:60", "00:00 AM", "13:00 PM", "07:00:00.1234567"])


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("%H:%M", "07:05", time(7, 5)),
        ("%-I:%M %p", "12:30 am", time(0, 30)),
        ("%-I:%M %p", "12:30 PM", time(12, 30)),
        ("%H:%M:%S.%f", "07:00:00.5", time(7, 0, 0, 500_000)),
        ("%H:%M:%S.%f", "07:00:00.1234569", time(7, 0, 0, 123_456)),
        ("%H:%M:%S", "23:59:60", None),
        ("%H:%M", "24:00", None),
        ("%H:%M", "7:05", None),
        ("%H:%M:%S.%f", "07:00:00.", None),
        ("%H:%M:%S.%f", "07:00:00.1234567890", None),
    ],
)
def test_a_time_is_read_as_the_format_says(form: str, text: str, value: time | None, read) -> None:
    assert read(TimeField(column="n", format=form), text) == value


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("%M:%S", "needs its hour"),
        ("%I:%M", "go together"),
        ("%H:%M %p", "go together"),
        ("%H %d", "no day"),
        ("%H%z", "no zone"),
    ],
)
def test_a_format_that_leaves_something_open_is_a_fault(form: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        TimeField(column="n", format=form)
