"""Days and moments as misreadings see them: by the calendar and the clock of the contract's zone."""

from __future__ import annotations

from typing import cast

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.interpret.date import DateField
from ringback.steps.interpret.datetime import DatetimeField


def on_the_wall(value: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """A date as it is; a moment by the clock on the wall (Datetime without a zone)."""
    if isinstance(spec, DatetimeField):
        return value.dt.convert_time_zone(spec.zone or "UTC").dt.replace_time_zone(None)
    return value


def same_time(before: pl.Expr, after: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """Whether two local moments have the same time of day; true for dates."""
    if isinstance(spec, DatetimeField):
        return before.dt.time() == after.dt.time()
    return pl.lit(value=True)


def moved_to(local: pl.Expr, year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The same on another day (Date or Datetime); null where there is no such day."""
    to = real_day(year, month, day)
    return local.dt.replace(year=to.dt.year(), month=to.dt.month(), day=to.dt.day())


def real_day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A Date; null where there is no such day."""
    there_is = month.is_between(1, 12) & year.is_between(1, 9999)
    first = pl.date(pl.when(there_is).then(year), pl.when(there_is).then(month), 1)
    return pl.date(year, pl.when(there_is).then(month), pl.when(day.is_between(1, first.dt.days_in_month())).then(day))


def format_of(spec: FieldSpec) -> str:
    """How the field is written."""
    return cast("DateField | DatetimeField", spec).format


def read_local(text: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """Text -> date, or moment on the wall; null where it is not readable."""
    return on_the_wall(spec.read(text), spec)


def written(local: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """The same as the field is delivered; an offset (%z) is written as that of UTC."""
    format_ = format_of(spec).replace("%z", "+00:00").replace("%f", "%6f")
    return local.dt.to_string(format_)
