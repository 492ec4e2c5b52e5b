"""time: a time of day without a zone, to the microsecond, written exactly as `format` says."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import AfterValidator, Field

from ringback.model.field import FieldSpec
from ringback.steps.interpret import date
from ringback.steps.interpret.letters import columns, format_words, numbers, parse_format, write

PARTS = ("hour", "minute", "second", "microsecond")


def _a_time(written: str) -> str:
    form = parse_format(written)
    if form.requires("hour") is not None:
        raise ValueError("a time needs its hour: write %H:%M:%S, or letters like them")
    if set(form.parts) - {*PARTS, "half"}:
        raise ValueError("a time has no day and no zone; use `type: datetime`, or leave the letters out")
    return written


class TimeField(FieldSpec):
    """A time of day. Parts that the format does not have are zero."""

    type: Literal["time"] = "time"
    format: Annotated[str, AfterValidator(_a_time)] = Field(description="strptime letters: %H:%M:%S.")

    code: ClassVar[str] = "time"

    @property
    def dtype(self) -> pl.DataType:
        return pl.Time()

    def read(self, text: pl.Expr) -> pl.Expr:
        parts = columns(text, self.format, pivot=None)
        return (micros(parts) * 1_000).cast(pl.Time)

    def read_one(self, text: str) -> datetime.time:
        return clock(numbers(text, self.format, pivot=None))

    def expects(self) -> str:
        return f"a time written as {self.format}"

    def in_words(self) -> tuple[str, ...]:
        return (f"A time of day without a zone, written as {format_words(self.format)}.",)

    def invented(self) -> tuple[str, ...]:
        return tuple(write(self.format, date.SAMPLE.replace(hour=hour)) for hour in (7, 16))


def clock(parts: dict[str, int]) -> datetime.time:
    """Hour, minute, second, microsecond as a time of day."""
    hour, minute, second, micro = (parts.get(part, 0) for part in PARTS)
    return datetime.time(hour, minute, second, micro)


def micros(parts: dict[str, pl.Expr]) -> pl.Expr:
    """The same for columns, in microseconds since midnight (Int64)."""
    hour, minute, second, micro = (parts.get(part, pl.lit(0)).cast(pl.Int64) for part in PARTS)
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro
