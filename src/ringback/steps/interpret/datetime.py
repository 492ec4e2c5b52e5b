"""datetime: a moment, stored in UTC to the microsecond, written exactly as `format` says.

The contract names the zone of the texts, or the texts carry their offset (%z). Local times that the zone skips or has
twice (the hours around a change of the clocks) are not readable: nobody can say which moment they mean.
"""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal, Self

import polars as pl
from pydantic import AfterValidator, Field, model_validator

from ringback.model.field import FieldSpec, Unreadable
from ringback.steps.interpret import date, time
from ringback.steps.interpret.letters import columns, fitting, format_words, numbers, parse_format, write
from ringback.steps.interpret.zones import in_utc, to_utc, to_utc_one, zone_named


def _a_moment(written: str) -> str:
    lacking = parse_format(written).requires(*date.PARTS, "hour")
    if lacking is not None:
        raise ValueError(f"a datetime needs its {lacking}: write %Y-%m-%d %H:%M:%S, or letters like them")
    return written


def _a_zone(written: str) -> str:
    zone_named(written)
    return written


class DatetimeField(FieldSpec):
    """A moment. Parts of the time that the format does not have are zero."""

    type: Literal["datetime"] = "datetime"
    format: Annotated[str, AfterValidator(_a_moment)] = Field(description="strptime letters: %Y-%m-%dT%H:%M:%S.")
    zone: Annotated[str, AfterValidator(_a_zone)] | None = Field(
        default=None, description="Zone of the texts, as Europe/Berlin; only where they carry no offset (%z)."
    )
    pivot: date.Pivot = None

    code: ClassVar[str] = "datetime"

    @model_validator(mode="after")
    def _zone_known(self) -> Self:
        date.check_pivot(self.format, self.pivot)
        carries_offset = "offset" in parse_format(self.format).parts
        if carries_offset and self.zone is not None:
            raise ValueError("the text carries its offset (%z); leave `zone` out")
        if not carries_offset and self.zone is None:
            raise ValueError("whose time is it? write `zone`, as Europe/Berlin or UTC")
        return self

    @property
    def dtype(self) -> pl.DataType:
        return pl.Datetime("us", "UTC")

    def read(self, text: pl.Expr) -> pl.Expr:
        if self.zone is None:
            parts = columns(text, self.format, pivot=self.pivot)
            return in_utc(_micros(parts) - parts["offset"].cast(pl.Int64) * 1_000_000)
        zone = self.zone
        return self._local(text).map_batches(lambda times: to_utc(times, zone), return_dtype=self.dtype)

    def _local(self, text: pl.Expr) -> pl.Expr:
        if parse_format(self.format).as_polars:
            return fitting(text, self.format).str.to_datetime(self.format, time_unit="us", strict=False)
        return _micros(columns(text, self.format, pivot=self.pivot)).cast(pl.Datetime("us"))

    def read_one(self, text: str) -> datetime.datetime:
        parts = numbers(text, self.format, pivot=self.pivot)
        local = datetime.datetime.combine(date.day_of(parts), time.clock(parts))
        if self.zone is not None:
            return to_utc_one(local, self.zone)
        try:
            return local.replace(tzinfo=datetime.UTC) - datetime.timedelta(seconds=parts["offset"])
        except OverflowError:  # in UTC it is outside of the years 1 to 9999
            raise Unreadable from None

    def expects(self) -> str:
        where = "with its offset" if self.zone is None else f"in the zone {self.zone}"
        return f"a moment written as {self.format}, {where}"

    def in_words(self) -> tuple[str, ...]:
        (sample,) = self.invented()
        clock = "The text carries its offset from UTC."
        if self.zone is not None:
            clock = (
                f"The clock is that of {self.zone}; local times that it skips or has twice are rejected: "
                "nobody can say which moment they mean."
            )
        return (
            f"A moment, written as {format_words(self.format)}.",
            f"{clock} Held in UTC: {sample} is {self.read_one(sample):%Y-%m-%d %H:%M:%S} UTC.",
            *date.pivot_words(self.pivot),
        )

    def invented(self) -> tuple[str, ...]:
        return (write(self.format, date.SAMPLE),)


def _micros(parts: dict[str, pl.Expr]) -> pl.Expr:
    """Microseconds since 1970, by the clock on the wall (Int64)."""
    return date.days(parts).cast(pl.Datetime("us")).cast(pl.Int64) + time.micros(parts)
