"""1723248000 seconds after 1970 are a day of 2024; as many milliseconds are the 20th of January 1970."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.days import on_the_wall, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_FACTOR = 1_000  # seconds to milliseconds, milliseconds to microseconds
_DAY_US = 86_400_000_000


class EpochUnit(Misreading):
    """Seconds since 1970 taken for milliseconds, or the reverse."""

    code = "date.epoch_unit"
    sentence = "seconds since 1970 taken for milliseconds, or the reverse"
    specificity = Specificity.FEW
    types = ("date", "datetime")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        before, after = _micros(BEFORE), _micros(AFTER)
        unit = _DAY_US if spec.type == "date" else 1_000_000  # what is below is cut off
        return _same(before, after, unit) | _same(after, before, unit)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        early = (_micros(spec.read(text)) // _FACTOR).cast(pl.Datetime("us"))
        local = early if spec.type == "date" else on_the_wall(early.dt.replace_time_zone("UTC"), spec)
        yield "seconds since 1970 taken for milliseconds", written(local, spec)


def _micros(value: pl.Expr) -> pl.Expr:
    """Microseconds since 1970, in UTC."""
    return value.cast(pl.Datetime("us")).cast(pl.Int64)


def _same(true: pl.Expr, early: pl.Expr, unit: int) -> pl.Expr:
    """Whether `early` is a thousandth of `true`, as far as its unit tells."""
    return ((true // _FACTOR) // unit == early // unit) & (true.abs() >= unit)
