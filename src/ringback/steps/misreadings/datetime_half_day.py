"""07:30 in the evening is 19:30, or 07:30 where "PM" is not looked at."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.interpret.datetime import DatetimeField
from ringback.steps.interpret.time import TimeField
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_HALF_DAY_US = 12 * 3_600_000_000


class HalfDay(Misreading):
    """Evening taken for morning, or morning for evening."""

    code = "datetime.half_day"
    sentence = "morning and evening exchanged"
    specificity = Specificity.ONE
    types = ("datetime", "time")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        unit = 1_000 if spec.type == "time" else 1
        return (AFTER.to_physical() - BEFORE.to_physical()).abs() == _HALF_DAY_US * unit

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if not isinstance(spec, DatetimeField | TimeField):
            return
        if "%I" in spec.format or "%-I" in spec.format:
            yield "PM written as AM", text.str.replace("PM", "AM", literal=True).str.replace("pm", "am", literal=True)
        elif spec.format.startswith(("%H", "%-H")) or " %H" in spec.format or "T%H" in spec.format:
            yield "hours of the evening written as of the morning", _in_the_morning(text)


def _in_the_morning(text: pl.Expr) -> pl.Expr:
    """19:30 as 07:30: the hour is in front, or behind a space or a T."""
    hour = text.str.extract(r"(?:^|[ T])(1[3-9]|2[0-3]):").cast(pl.Int32)
    earlier = (hour - 12).cast(pl.String).str.zfill(2)
    before = text.str.extract(r"^(.*?(?:^|[ T]))(?:1[3-9]|2[0-3]):")
    behind = text.str.extract(r"(?:^|[ T])(?:1[3-9]|2[0-3])(:.*)$")
    return pl.when(hour.is_not_null()).then(before + earlier + behind)
