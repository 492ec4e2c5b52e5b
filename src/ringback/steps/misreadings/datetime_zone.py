"""07:00 in Berlin is not 07:00 in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ringback.model.contract import Contract
from ringback.model.field import FieldSpec
from ringback.steps.interpret.datetime import DatetimeField
from ringback.steps.misreadings.days import read_local, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_OTHERS = ("UTC", "America/New_York", "Asia/Kolkata", "Europe/Berlin")
_QUARTER_US, _MOST_US = 900_000_000, 26 * 3_600_000_000  # zones differ by quarters of an hour, at most by 26 hours
_CLOCKS = 2  # two zones that change their clocks differ by two offsets over the year, and for some weeks by a third


class Zone(Misreading):
    """Moments moved by the difference of two zones."""

    code = "datetime.zone"
    sentence = "its time zone taken for another"
    specificity = Specificity.FEW
    types = ("datetime", "time")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        moved = _moved(spec)
        counts = pairs.select(moved.alias("moved"))["moved"].drop_nulls().value_counts(sort=True)
        often = counts.filter(_is_of_zones(pl.col("moved")))["moved"].head(_CLOCKS + 1)
        return moved.is_in(often.implode())

    def respecified(self, spec: FieldSpec, contract: Contract) -> Iterator[Mapping[str, object]]:
        if isinstance(spec, DatetimeField) and spec.zone is not None:
            yield from ({"zone": zone} for zone in _OTHERS if zone != spec.zone)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if not isinstance(spec, DatetimeField):
            return
        for hours in (-5, 1, 2):
            yield (
                f"{abs(hours)} hours {'later' if hours > 0 else 'earlier'}",
                written(read_local(text, spec).dt.offset_by(f"{hours}h"), spec),
            )


def _moved(spec: FieldSpec) -> pl.Expr:
    """Microseconds from before to after; of two times of day, around the clock."""
    if spec.type == "time":
        return (AFTER.to_physical() - BEFORE.to_physical()) // 1_000
    return (AFTER - BEFORE).dt.total_microseconds()


def _is_of_zones(moved: pl.Expr) -> pl.Expr:
    return (moved % _QUARTER_US == 0) & (moved.abs() <= _MOST_US)
