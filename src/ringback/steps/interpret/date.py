"""date: a day of the calendar (Gregorian throughout), years 1 to 9999, written exactly as `format` says."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal, Self

import polars as pl
from pydantic import AfterValidator, Field, model_validator

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret.letters import columns, fitting, format_words, numbers, parse_format, write

PARTS = ("year", "month", "day")
SAMPLE = datetime.datetime(1980, 4, 3, 16, 5, 9, tzinfo=datetime.UTC)  # day and month can be taken for each other


def _a_date(written: str) -> str:
    form = parse_format(written)
    lacking = form.requires(*PARTS)
    if lacking is not None:
        raise ValueError(f"a date needs its {lacking}: write %d, %m and %Y, or letters like them")
    if set(form.parts) - set(PARTS):
        raise ValueError("a date has no time of day; use `type: datetime`, or leave the letters out")
    return written


Pivot = Annotated[
    int | None,
    Field(ge=1, le=9900, description="First of the 100 years that %y can mean: with 1930, 30 is 1930 and 29 is 2029."),
]


def check_pivot(written: str, pivot: int | None) -> None:
    """Raises: ValueError, where %y has no century or a pivot has nothing to say."""
    short = parse_format(written).parts.get("year") == "short_year"
    if short and pivot is None:
        raise ValueError("%y leaves the century open; write `pivot`: the first of the 100 years it can mean, as 1930")
    if pivot is not None and not short:
        raise ValueError("`pivot` belongs to %y; leave it out")


def pivot_words(pivot: int | None) -> tuple[str, ...]:
    """Which century two digits of a year mean."""
    return () if pivot is None else (f"Years in two digits are those from {pivot} to {pivot + 99}.",)


def days(parts: dict[str, pl.Expr]) -> pl.Expr:
    """Year, month and day (Int32) -> Date; null where there is no such day."""
    year, month, day = (parts[part] for part in PARTS)
    there_is = day <= pl.date(year, month, 1).dt.days_in_month()
    return pl.date(year, month, pl.when(there_is).then(day))


def day_of(parts: dict[str, int]) -> datetime.date:
    """The same for one. Raises: Unreadable, where there is no such day: 31.02.1984."""
    try:
        return datetime.date(*(parts[part] for part in PARTS))
    except ValueError:
        raise Unreadable from None


class DateField(FieldSpec):
    """A day."""

    type: Literal["date"] = "date"
    format: Annotated[str, AfterValidator(_a_date)] = Field(description="strptime letters: %d/%m/%Y.")
    pivot: Pivot = None

    code: ClassVar[str] = "date"

    @model_validator(mode="after")
    def _century_known(self) -> Self:
        check_pivot(self.format, self.pivot)
        return self

    @property
    def dtype(self) -> pl.DataType:
        return pl.Date()

    def read(self, text: pl.Expr) -> pl.Expr:
        if parse_format(self.format).as_polars:
            return fitting(text, self.format).str.to_date(self.format, strict=False)
        return days(columns(text, self.format, pivot=self.pivot))

    def read_one(self, text: str) -> datetime.date:
        return day_of(numbers(text, self.format, pivot=self.pivot))

    def expects(self) -> str:
        return f"a date written as {self.format}"

    def in_words(self) -> tuple[str, ...]:
        sample = write(self.format, SAMPLE)
        return (
            f"A day, written as {format_words(self.format)}.",
            f"So {sample} is {SAMPLE.day} {SAMPLE:%B} {SAMPLE.year}, and no other order is tried.",
            *pivot_words(self.pivot),
        )

    def invented(self) -> tuple[str, ...]:
        return tuple(write(self.format, moment) for moment in (SAMPLE, SAMPLE.replace(year=1999, month=12, day=31)))
