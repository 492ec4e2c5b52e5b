"""date: a day, written exactly as the format says."""

from __future__ import annotations

from datetime import date

import pytest

from ringback.steps.interpret.date import DateField

SPECS = {
    form: DateField(column="n", format=form, pivot=1930 if "%y" in form else None)
    for form in (
        "%d/%m/%Y",
        "%Y-%m-%d",
        "%Y%m%d",
        "%-d/%-m/%Y",
        "%d.%m.%y",
        "%d-%b-%Y",
        "%B %-d, %Y",
        "%y%m%d",
        "%m/%d/%Y",
    )
}
SPECS["%% \n%d\\%m[%Y]"] = DateField(column="n", format="%% \n%d\\%m[%Y]")
SPECS["century"] = DateField(column="n", format="%d%m%y", pivot=1850)
DAYS = [
    *(date(1984, 2, 29), date(2000, 2, 29), date(1900, 2, 28), date(1999, 12, 31), date(2024, 1, 5), date(2024, 5, 1)),
    *(date(1, 1, 1), date(9999, 12, 31), date(1929, 6, 30), date(1930, 10, 11), date(2026, 3, 4), date(1582, 10, 10)),
]


def _written(day: date, form: str) -> str:
    return day.strftime(form.replace("%Y", f"{day.year:04}"))


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_both_readers_read_every_text_alike(spec: DateField, readers_agree) -> None:
    samples = [_written(day, spec.format) for day in DAYS]
    wrong = [
        _written(date(2023, 1, 31), spec.format).replace("31", "32"),
        "31/02/1984",
        "2024-02-30",
        "29.02.23",
        "0000",
    ]

    readers_agree(spec, [*samples, *samples, *wrong])


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("%d/%m/%Y", "03/04/1980", date(1980, 4, 3)),
        ("%m/%d/%Y", "03/04/1980", date(1980, 3, 4)),
        ("%Y-%m-%d", "0001-01-01", date(1, 1, 1)),
        ("%-d/%-m/%Y", "3/4/1980", date(1980, 4, 3)),
        ("%-d/%-m/%Y", "03/04/1980", date(1980, 4, 3)),
        ("%d-%b-%Y", "05-JAN-2024", date(2024, 1, 5)),
        ("%B %-d, %Y", "may 1, 2024", date(2024, 5, 1)),
    ],
)
def test_a_day_is_read_as_the_format_says(form: str, text: str, value: date, read) -> None:
    assert read(DateField(column="n", format=form), text) == value


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d.%m.%Y", "31.02.1984"),
        ("%d.%m.%Y", "29.02.1900"),
        ("%Y-%m-%d", "2024-1-5"),
        ("%Y-%m-%d", "0000-01-01"),
        ("%Y-%m-%d", "+2024-01-05"),
        ("%Y-%m-%d", "2024-01-05 "),
        ("%Y-%m-%d", "2024-01-05T00:00:00"),
        ("%Y-%m-%d", "２０２４-01-05"),
        ("%Y-%m-%d", "24-01-05"),
        ("%-d/%-m/%Y", "003/4/1980"),
        ("%d-%b-%Y", "05-January-2024"),
        ("%d-%b-%Y", "05-ſep-2024"),
        ("%d-%b-%Y", "05-Mai-2024"),
    ],
)
def test_anything_else_is_not_readable(form: str, text: str, read) -> None:
    assert read(DateField(column="n", format=form), text) is None


@pytest.mark.parametrize(
    ("pivot", "text", "year"), [(1930, "010130", 1930), (1930, "010129", 2029), (1850, "010149", 1949)]
)
def test_the_pivot_says_which_century(pivot: int, text: str, year: int, read) -> None:
    assert read(DateField(column="n", format="%d%m%y", pivot=pivot), text) == date(year, 1, 1)


def test_a_leap_day_is_judged_in_the_pivots_century(read) -> None:
    assert read(DateField(column="n", format="%d%m%y", pivot=1850), "290200") is None
    assert read(DateField(column="n", format="%d%m%y", pivot=1930), "290200") == date(2000, 2, 29)


@pytest.mark.parametrize(
    ("form", "pivot", "fault"),
    [
        ("%d/%m", None, "needs its year"),
        ("%d/%m/%y", None, "write `pivot`"),
        ("%d/%m/%Y", 1930, "leave it out"),
        ("%d/%m/%Y %H", None, "no time of day"),
        ("%d/%d/%m/%Y", None, "say the same"),
        ("%d/%b/%m/%Y", None, "say the same"),
        ("%d/%m/%Y %", None, "write %%"),
        ("%q", None, "no letter"),
        ("%-d%m%Y", None, "needs something else than a digit"),
        ("%-d1%m%Y", None, "needs something else than a digit"),
        ("%x", None, "no letter"),
    ],
)
def test_a_format_that_leaves_something_open_is_a_fault(form: str, pivot: int | None, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        DateField(column="n", format=form, pivot=pivot)
